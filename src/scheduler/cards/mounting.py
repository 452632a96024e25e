"""Pictures on a sheet: the second hand of `painting`, for what people look at and nobody posts."""

from __future__ import annotations

import io
from typing import NamedTuple

from PIL import Image

from scheduler.cards.encoding import Format
from scheduler.cards.marks import Composition
from scheduler.cards.painting import picture

Picture = Image.Image


class Print(NamedTuple):
    """A painted card, and where it is laid on the sheet, in pixels."""

    image: Picture
    left: int
    top: int
    width: int
    height: int


def mounted(sheet: Composition, prints: list[Print], kind: Format) -> bytes:
    """The sheet with its prints, each as large as its place."""
    page = picture(sheet)
    for each in prints:
        size = (each.width, each.height)
        page.paste(each.image.resize(size, Image.Resampling.LANCZOS), (each.left, each.top))
    stream = io.BytesIO()
    if kind == "png":
        page.save(stream, "PNG", compress_level=6)
    else:
        page.save(stream, "JPEG", quality=90, subsampling=0)
    return stream.getvalue()
