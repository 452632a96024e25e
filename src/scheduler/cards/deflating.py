"""Pictures → PNG: many times as fast as Pillow's and no larger.

Rows are not filtered, since flat grounds and their dither repeat exactly, and ISA-L deflates them,
in bands that stand on their own: each ends with a full flush, so none looks back into another.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from functools import reduce
from typing import NamedTuple

from isal import isal_zlib

from scheduler.cards.bands import Bands, touched
from scheduler.cards.canvas import Canvas

#: Rows of a band: few enough to stay in the processor's cache. To begin one takes as long as 5.
_BAND = 128
_LEVEL = 2
#: Without zlib's head and checksum, which only the whole stream has.
_RAW = -15
_HEAD, _LAST_BLOCK = b"\x78\x01", b"\x03\x00"
#: The greatest prime below 65,536: what Adler-32 counts by (RFC 1950).
_PRIME = 65_521


class _Deflated(NamedTuple):
    data: bytes
    #: Adler-32 of what was deflated, and how many bytes that was.
    checksum: int
    length: int


def png(canvas: Canvas, shared: Bands, rows: Iterable[range]) -> bytes:
    """The file of a canvas that differs from what is `shared` in `rows` only, from the top."""
    found = shared.encoded("png", _whole)
    bands = list(found or _whole(canvas))
    for part in touched(rows, _BAND, canvas.height) if found else ():
        bands[part.start : part.stop] = [_deflated(canvas, band) for band in part]
    checksum = reduce(_followed, bands).checksum
    stream = (_HEAD, *(band.data for band in bands), _LAST_BLOCK, struct.pack(">I", checksum))
    header = struct.pack(">IIBBBBB", canvas.width, canvas.height, 8, 2, 0, 0, 0)
    chunks = (*_chunk(b"IHDR", header), *_chunk(b"IDAT", *stream), *_chunk(b"IEND"))
    return b"".join((b"\x89PNG\r\n\x1a\n", *chunks))


def _whole(canvas: Canvas) -> list[_Deflated]:
    return [_deflated(canvas, band) for band in range(-(-canvas.height // _BAND))]


def _deflated(canvas: Canvas, band: int) -> _Deflated:
    """Each row stands behind its filter: 0, none."""
    strip = canvas.strip(band * _BAND, min((band + 1) * _BAND, canvas.height))
    # Pillow ends each row with a 0 where rows are that long: the filter of the next one.
    rows = memoryview(strip.tobytes("raw", "RGB", 3 * canvas.width + 1, 1))[:-1]
    deflate = isal_zlib.compressobj(_LEVEL, isal_zlib.DEFLATED, _RAW)
    parts = deflate.compress(b"\0"), deflate.compress(rows), deflate.flush(isal_zlib.Z_FULL_FLUSH)
    checksum = isal_zlib.adler32(rows, isal_zlib.adler32(b"\0"))
    return _Deflated(b"".join(parts), checksum, 1 + len(rows))


def _followed(one: _Deflated, other: _Deflated) -> _Deflated:
    """The checksum of both, one after the other; zlib calls this `adler32_combine`."""
    low, high = one.checksum & 0xFFFF, one.checksum >> 16
    after, above = other.checksum & 0xFFFF, other.checksum >> 16
    sums = (low + after - 1) % _PRIME, (high + above + other.length * (low - 1)) % _PRIME
    return _Deflated(b"", sums[1] << 16 | sums[0], one.length + other.length)


def _chunk(kind: bytes, *parts: bytes) -> Iterator[bytes]:
    """In pieces: its data is never copied, and ISA-L's checksum takes a tenth of zlib's time."""
    yield struct.pack(">I", sum(map(len, parts)))
    checksum = 0
    for part in (kind, *parts):
        checksum = isal_zlib.crc32(part, checksum)
        yield part
    yield struct.pack(">I", checksum)
