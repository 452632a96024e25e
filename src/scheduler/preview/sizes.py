"""How large a picture is, read from the first bytes of its file."""

from __future__ import annotations

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8"
#: Start of frame, of every way to code one; the three others are tables.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_MARKER = 0xFF
#: A marker and the length of its segment.
_HEAD = 4


def size_of(data: bytes) -> tuple[int, int]:
    """Width and height in pixels of a JPEG or a PNG; (0, 0) of anything else."""
    if data.startswith(_PNG):
        return _number(data[16:20]), _number(data[20:24])
    return _of_jpeg(data) if data.startswith(_JPEG) else (0, 0)


def _of_jpeg(data: bytes) -> tuple[int, int]:
    """https://www.w3.org/Graphics/JPEG/itu-t81.pdf, B.2.2: height comes before width."""
    at = len(_JPEG)
    while at + _HEAD <= len(data) and data[at] == _MARKER:
        length = _number(data[at + 2 : at + _HEAD])
        if data[at + 1] in _FRAMES:
            return _number(data[at + 7 : at + 9]), _number(data[at + 5 : at + 7])
        at += 2 + length
    return 0, 0


def _number(octets: bytes) -> int:
    return int.from_bytes(octets, "big")
