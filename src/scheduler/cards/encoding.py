"""Pictures → files: sRGB, no metadata, small enough for every platform.

A JPEG is written in bands that stand on their own: a restart marker after every row of blocks. So
what a card shares with others is encoded once, and only the bands in which it differs are encoded
anew. The bytes are those that Pillow gives for the whole picture.
"""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from isal import isal_zlib
from PIL import Image

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


class Bands:
    """A picture's bands for each quality and chroma, encoded when a second card wants them."""

    def __init__(self, canvas: Canvas) -> None:
        self._image = canvas.image
        self._encoded: dict[tuple[int, Chroma], _Banded | None] = {}

    def of(self, quality: int, chroma: Chroma) -> _Banded | None:
        """None for the first card: who draws no other would wait for both."""
        if (quality, chroma) not in self._encoded:
            self._encoded[quality, chroma] = None
            return None
        found = self._encoded[quality, chroma]
        if found is None:
            found = _banded(_saved(self._image, quality, chroma))
            self._encoded[quality, chroma] = found
        return found


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
    changed = _whole(rows, _BAND[chroma], canvas.height)
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
    found = None if changed == [range(-(-canvas.height // band))] else shared.of(quality, chroma)
    if found is None:
        return _saved(canvas.image, quality, chroma)
    bands = list(found.bands)
    for part in changed:
        strip = canvas.strip(part.start * band, min(part.stop * band, canvas.height))
        bands[part.start : part.stop] = _banded(_saved(strip, quality, chroma)).bands
    return _joined(found.head, bands)


def _whole(rows: Iterable[range], band: int, height: int) -> list[range]:
    """The bands that the rows touch, from the top; those that nearly meet are one range."""
    found: list[range] = []
    for each in rows:
        part = range(max(each.start, 0) // band, -(-min(each.stop, height) // band))
        if found and part.start <= found[-1].stop + _NEAR:
            found[-1] = range(found[-1].start, max(part.stop, found[-1].stop))
        elif part:
            found.append(part)
    return found


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


#: Rows that are handed on at once: few enough to stay in the processor's cache meanwhile.
_STRIP = 256


def png(canvas: Canvas) -> bytes:
    """Many times as fast as Pillow's and no larger: rows are not filtered, since flat grounds and
    their dither repeat exactly, and ISA-L deflates them."""
    deflate = isal_zlib.compressobj(2)
    parts = [deflate.compress(rows) for rows in _unfiltered(canvas)]
    header = struct.pack(">IIBBBBB", canvas.width, canvas.height, 8, 2, 0, 0, 0)
    chunks = (
        *_chunk(b"IHDR", header),
        *_chunk(b"IDAT", *parts, deflate.flush()),
        *_chunk(b"IEND"),
    )
    return b"".join((b"\x89PNG\r\n\x1a\n", *chunks))


def _unfiltered(canvas: Canvas) -> Iterator[bytes | memoryview]:
    """Rows as a PNG has them, each behind its filter: 0, none."""
    yield b"\0"
    for top in range(0, canvas.height, _STRIP):
        strip = canvas.strip(top, min(top + _STRIP, canvas.height))
        # Pillow ends each row with a 0 where rows are that long: the filter of the next.
        rows = strip.tobytes("raw", "RGB", 3 * canvas.width + 1, 1)
        yield rows if top + _STRIP < canvas.height else memoryview(rows)[:-1]


def _chunk(kind: bytes, *parts: bytes) -> Iterator[bytes]:
    """In pieces: its data is never copied, and ISA-L's checksum takes a tenth of zlib's time."""
    yield struct.pack(">I", sum(map(len, parts)))
    checksum = 0
    for part in (kind, *parts):
        checksum = isal_zlib.crc32(part, checksum)
        yield part
    yield struct.pack(">I", checksum)
