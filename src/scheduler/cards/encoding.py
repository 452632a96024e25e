"""Pictures → JPEG: sRGB, no metadata, small enough for every platform.

It is written in bands that stand on their own: a restart marker after every row of blocks. The
bytes are those that Pillow gives for the whole picture.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Literal, NamedTuple

from PIL import Image

from scheduler.cards.bands import Bands, touched
from scheduler.cards.canvas import Canvas

Format = Literal["jpeg", "png"]
#: 4:4:4 keeps the edges of coloured letters; 4:2:0 halves what colour knows of them.
Chroma = Literal["4:4:4", "4:2:0"]

#: Every platform takes a picture below this.
LARGEST_FILE = 1_000_000
_QUALITIES = (90, 86, 82, 78, 74, 70, 60, 50)
#: To begin a strip takes as long as to encode so many bands.
_NEAR = 2
_BAND: dict[Chroma, int] = {"4:4:4": 8, "4:2:0": 16}

#: The header ends with the start of the only scan: its marker, length, and what the length counts.
_SCAN = b"\xff\xda"
#: Stands between bands, its number in turn. Nothing else in a scan looks like it: there 0 follows a
#: 255.
_RESTART = re.compile(rb"\xff[\xd0-\xd7]")
#: The first number, and how many there are.
_FIRST, _TURN = 0xD0, 8
#: Bytes of a marker; the file ends with one too.
_MARKER = 2


class _Banded(NamedTuple):
    """A file, and where each of its bands begins; the last number is the end of the file."""

    data: bytes
    starts: list[int]


def jpeg(
    canvas: Canvas,
    shared: Bands,
    rows: Iterable[range],
    *,
    chroma: Chroma = "4:4:4",
    limit: int = LARGEST_FILE,
) -> bytes:
    """The file of a canvas that differs from what is `shared` in `rows` only, from the top.

    It has fewer than `limit` bytes if any quality gives so few; else it is the smallest.
    """
    changed = touched(rows, _BAND[chroma], canvas.height, near=_NEAR)
    data = b""
    for quality in _QUALITIES:
        data = _file(canvas, shared, changed, quality, chroma)
        if len(data) < limit:
            break
    return data


def _file(
    canvas: Canvas, shared: Bands, changed: Sequence[range], quality: int, chroma: Chroma
) -> bytes:
    band = _BAND[chroma]
    everything = changed == [range(-(-canvas.height // band))]
    way = partial(_whole, quality, chroma)
    found = None if everything else shared.encoded(("jpeg", quality, chroma), way)
    if found is None:
        return _saved(canvas.image, quality, chroma)
    data, starts = found
    parts: list[bytes | bytearray] = []
    done = 0
    for part in changed:
        strip = canvas.strip(part.start * band, min(part.stop * band, canvas.height))
        encoded = _saved(strip, quality, chroma)
        parts += (data[done : starts[part.start]], _scan(encoded, starts[0], part.start))
        done = starts[part.stop] - _MARKER
    return b"".join((*parts, data[done:]))


def _whole(quality: int, chroma: Chroma, canvas: Canvas) -> _Banded:
    data = _saved(canvas.image, quality, chroma)
    scan = data.index(_SCAN) + len(_SCAN)
    start = scan + int.from_bytes(data[scan : scan + 2], "big")
    ends = (found.end() for found in _RESTART.finditer(data, start))
    return _Banded(data, [start, *ends, len(data)])


def _scan(data: bytes, start: int, number: int) -> bytearray:
    """The bands of a strip that begins with that number of its picture's bands."""
    scan = bytearray(memoryview(data)[start:-_MARKER])
    for count, found in enumerate(_RESTART.finditer(scan), number):
        scan[found.end() - 1] = _FIRST + count % _TURN
    return scan


def _saved(image: Image.Image, quality: int, chroma: Chroma) -> bytes:
    """Asks Pillow's encoder as its plugin does, which would copy the file twice."""
    return image.tobytes("jpeg", "RGB", *_Asked(quality=quality, subsampling=_SUBSAMPLING[chroma]))


_SUBSAMPLING: dict[Chroma, int] = {"4:4:4": 0, "4:2:0": 2}


class _Asked(NamedTuple):
    """What Pillow's encoder is told, in its order (`JpegImagePlugin.encoderconfig`)."""

    quality: int
    progressive: bool = False
    smooth: int = 0
    optimize: bool = False
    keep_rgb: bool = False
    streamtype: int = 0
    dpi: tuple[int, int] = (0, 0)
    subsampling: int = 0
    restart_marker_blocks: int = 0
    restart_marker_rows: int = 1
    qtables: None = None
    comment: None = None
    extra: bytes = b""
    exif: bytes = b""
