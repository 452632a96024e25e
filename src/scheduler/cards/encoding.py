"""Pictures → JPEG: sRGB, no metadata, small enough for every platform.

It is written in bands that stand on their own: a restart marker after every row of blocks. The
bytes are those that Pillow gives for the whole picture.
"""

from __future__ import annotations

import io
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
_END = b"\xff\xd9"
#: Markers between bands, in turn. Nothing else in a scan looks like one: there 0 follows a 255.
_RESTARTS = tuple(bytes((0xFF, 0xD0 + number)) for number in range(8))
_RESTART = re.compile(rb"\xff[\xd0-\xd7]")


class _Banded(NamedTuple):
    head: bytes
    bands: list[bytes]


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
    bands = list(found.bands)
    for part in changed:
        strip = canvas.strip(part.start * band, min(part.stop * band, canvas.height))
        bands[part.start : part.stop] = _banded(_saved(strip, quality, chroma)).bands
    return _joined(found.head, bands)


def _whole(quality: int, chroma: Chroma, canvas: Canvas) -> _Banded:
    return _banded(_saved(canvas.image, quality, chroma))


def _banded(data: bytes) -> _Banded:
    scan = data.index(_SCAN)
    start = scan + 2 + int.from_bytes(data[scan + 2 : scan + 4], "big")
    return _Banded(data[:start], _RESTART.split(data[start : -len(_END)]))


def _joined(head: bytes, bands: Sequence[bytes]) -> bytes:
    parts = [head, bands[0]]
    for number, band in enumerate(bands[1:]):
        parts += (_RESTARTS[number % 8], band)
    return b"".join((*parts, _END))


def _saved(image: Image.Image, quality: int, chroma: Chroma) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=quality, subsampling=chroma, restart_marker_rows=1)
    return stream.getvalue()
