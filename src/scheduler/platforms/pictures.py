"""A draft's pictures on their way out."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from scheduler.errors import ContentRejected, NotSent
from scheduler.model import DraftPicture, Size

#: As a form sends it: name, bytes and media type.
File = tuple[str, bytes, str]

_SUFFIXES = {"image/jpeg": ".jpg", "image/png": ".png"}


def file_name(number: int, picture: DraftPicture) -> str:
    """The name that the picture is sent under: "picture-1.jpg"."""
    return f"picture-{number}{_SUFFIXES[media_type(number, picture)]}"


def media_type(number: int, picture: DraftPicture) -> str:
    """The picture's type, which must be one that is sent."""
    if picture.media_type not in _SUFFIXES:
        raise ContentRejected(
            f"picture {number} is {picture.media_type}; only JPEG and PNG are sent"
        )
    return picture.media_type


def content(number: int, picture: DraftPicture) -> bytes:
    """The bytes that were drafted, or `NotSent` when the file holds others by now.

    The shelf may be emptied at any time: the next try draws the card again.
    """
    try:
        read = picture.file.read_bytes()
    except OSError as error:
        raise NotSent(
            f"picture {number} cannot be read: {picture.file}: {error.strerror}"
        ) from error
    if sha256(read).hexdigest() != picture.digest:
        raise NotSent(f"picture {number} has changed since it was drafted: {picture.file}")
    return read


def frozen(draft_picture: DraftPicture) -> dict[str, Any]:
    """What finds the very same picture again, where it leaves with the post itself: JSON values."""
    return {
        "file": str(draft_picture.file),
        "media_type": draft_picture.media_type,
        "digest": draft_picture.digest,
        "bytes": draft_picture.bytes,
        "alt": draft_picture.alt,
    }


def thawed(number: int, kept: Mapping[str, Any]) -> File:
    """What a frozen picture is sent as; `NotSent` when the file holds other bytes by now."""
    picture = DraftPicture(
        file=Path(kept["file"]),
        media_type=kept["media_type"],
        size=Size(width=0, height=0),
        bytes=kept["bytes"],
        digest=kept["digest"],
        alt=kept["alt"],
    )
    return file_name(number, picture), content(number, picture), media_type(number, picture)
