"""A picture as Meta's fetcher gets it, and what its header says; no library decodes it here."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

#: Seconds.
_PATIENCE = 10.0
_OK = 200
_MOST = 64_000_000

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"
#: Markers of a JPEG that begin a frame, which says how large the picture is.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


class Unfetched(Exception):
    """There is no picture at the address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """`kind` is JPEG, PNG or "" for anything else; then there is no size."""

    data: bytes
    kind: str
    width: int = 0
    height: int = 0

    @property
    def ratio(self) -> float:
        """Width by height."""
        return self.width / self.height if self.height else 0.0


def fetched(address: str) -> Fetched:
    """The picture: answered with 200 and as an image, without a way round over another address."""
    parts = urlsplit(address)
    if parts.scheme != "http" or not parts.hostname:
        raise Unfetched(f"{address} is no address on this machine")
    connection = HTTPConnection(parts.hostname, parts.port, timeout=_PATIENCE)
    try:
        connection.request("GET", parts.path, headers={"User-Agent": "facebookexternalhit/1.1"})
        answer = connection.getresponse()
        data = answer.read(_MOST)
    except (OSError, HTTPException) as error:
        raise Unfetched(f"{address}: {type(error).__name__}") from error
    finally:
        connection.close()
    if answer.status != _OK:
        raise Unfetched(f"{address} answered {answer.status}")
    if not answer.headers.get_content_type().startswith("image/"):
        raise Unfetched(f"{address} is {answer.headers.get_content_type()}, and no image")
    return measured(data)


def measured(data: bytes) -> Fetched:
    """What its first bytes say."""
    if data.startswith(_PNG) and len(data) > len(_PNG) + 16:
        width, height = struct.unpack(">II", data[16:24])
        return Fetched(data=data, kind="PNG", width=width, height=height)
    if data.startswith(_JPEG):
        width, height = _frame(data)
        return Fetched(data=data, kind="JPEG", width=width, height=height)
    return Fetched(data=data, kind="")


def _frame(data: bytes) -> tuple[int, int]:
    """Width and height: segments until one that begins a frame; (0, 0) where there is none."""
    place = 2
    while place + 9 <= len(data) and data[place] == 0xFF:  # noqa: PLR2004
        marker, length = data[place + 1], struct.unpack(">H", data[place + 2 : place + 4])[0]
        if marker in _FRAMES:
            height, width = struct.unpack(">HH", data[place + 5 : place + 9])
            return width, height
        place += 2 + length
    return 0, 0
