"""What every part of a card needs to know: its scale, margins, colours, fonts and language."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

from scheduler.cards.colours import READABLE, READABLE_LARGE, contrast, legible, mixed, rgb
from scheduler.cards.errors import BadText, DoesNotFit
from scheduler.cards.typefaces import Typefaces, typefaces
from scheduler.model import Brand, Colours, Size

#: The card that the templates' pixels are meant for.
_WIDTH, _HEIGHT = 1080, 1350
_SMALLEST_SIDE = 500
#: From this shape on areas stand side by side.
_WIDE = 1.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What every block needs to know: the card's scale, margins, colours, fonts and language."""

    size: Size
    scale: float
    margin: int
    colours: Colours
    fonts: Typefaces
    language: str

    @property
    def wide(self) -> bool:
        return self.size.width / self.size.height >= _WIDE

    @property
    def width(self) -> int:
        return self.size.width - 2 * self.margin

    def px(self, length: float) -> int:
        return round(length * self.scale)

    def colour(self, role: str) -> str:
        value: str = getattr(self.colours, role)
        return value

    def ink(self, role: str, ground: str, strength: float = 1.0, least: float = READABLE) -> str:
        """The colour of `role` as it can be read on `ground`, both as they are drawn."""
        colour = self.colour(role)
        if contrast(colour, ground) < READABLE_LARGE and role in ("ink", "on_dark"):
            other = self.colour("on_dark" if role == "ink" else "ink")
            colour = max(colour, other, key=lambda one: contrast(one, ground))
        return legible(mixed(colour, ground, strength), ground, least)


def frame_of(size: Size, margin: int, brand: Brand, language: str) -> Frame:
    """Raises a `CardError` for a size, a colour or a font that cannot be used."""
    colours = brand.colours
    scale = max(
        min(size.width, size.height) / _WIDTH,
        math.sqrt(size.width * size.height / (_WIDTH * _HEIGHT)),
    )
    if min(size.width, size.height) < _SMALLEST_SIDE:
        raise DoesNotFit(
            f"a card of {size.width} × {size.height} pixels is too small to be read; "
            f"both sides need at least {_SMALLEST_SIDE}",
            "size",
        )
    for field in fields(colours):
        try:
            rgb(getattr(colours, field.name))
        except ValueError as error:
            raise BadText(f"the brand's colour {field.name}: {error}", field.name) from error
    return Frame(
        size=size,
        scale=scale,
        margin=round(margin * scale),
        colours=colours,
        fonts=typefaces(brand.fonts),
        language=language,
    )
