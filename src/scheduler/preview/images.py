"""Pictures as pages show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from scheduler.model import Draft, DraftPicture


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A picture on a page; `source` is empty when its file cannot be shown."""

    source: str
    name: str
    alt: str
    #: Pixels, or 0 where nobody has looked.
    width: int = 0
    height: int = 0
    bytes: int = 0


def image(picture: DraftPicture, number: int, addresses: Mapping[str, str]) -> Image:
    """The picture of that number; `addresses` are those of the copies, by digest."""
    address = addresses.get(picture.digest, "")
    return Image(
        source=address,
        name=f"picture-{number}{Path(address).suffix or '.jpg'}",
        alt=picture.alt,
        width=picture.size.width,
        height=picture.size.height,
        bytes=picture.bytes,
    )


def images(draft: Draft, addresses: Mapping[str, str]) -> tuple[Image, ...]:
    return tuple(
        image(picture, number, addresses) for number, picture in enumerate(draft.pictures, 1)
    )
