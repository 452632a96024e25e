"""A picture in memory of our own, so that its rows can be seen as pictures without a copy.

To get four megabytes anew from the system, page by page, takes as long as to write all letters of a
card; so a finished card's memory serves the next one.
"""

from __future__ import annotations

import mmap
import sys
from contextlib import suppress
from typing import Any

from PIL import Image

_PIXEL = 4


class Canvas:
    """Red, green, blue and a byte that says nothing, as Pillow keeps them."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self._pixels = _memory(_PIXEL * width * height)
        self.image = self._seen(0, height)

    def strip(self, top: int, bottom: int) -> Image.Image:
        """The rows from `top` to before `bottom`: the same memory."""
        return self._seen(top, bottom)

    def show(self, other: Canvas, rows: range) -> None:
        """Take these rows from another canvas of the same size."""
        part = slice(self._start(max(0, rows.start)), self._start(min(rows.stop, self.height)))
        self._pixels[part] = other._pixels[part]

    def _start(self, row: int) -> int:
        return _PIXEL * self.width * row

    def _seen(self, top: int, bottom: int) -> Image.Image:
        rows = self._pixels[self._start(top) : self._start(bottom)]
        seen: Any = rows  # Pillow takes whatever gives its memory, and says only some of it
        image = Image.frombuffer("RGBX", (self.width, bottom - top), seen, "raw", "RGBX", 0, 1)
        image.readonly = 0  # the memory is ours: Pillow need not copy it before it paints
        return image


def _memory(size: int) -> memoryview:
    """On Linux in pages of two megabytes: of small ones the system gives 1,424, one by one."""
    if sys.platform != "linux":
        return memoryview(bytearray(size))
    memory = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    with suppress(OSError):  # a system may have none
        memory.madvise(mmap.MADV_HUGEPAGE)
    return memoryview(memory)
