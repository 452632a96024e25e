"""What every part of a card needs to know: its scale, margins, colours, fonts and language."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

from scheduler.cards.colours import READABLE, READABLE_LARGE, contrast, legible, mixed, rgb
from scheduler.cards.errors import BadText, DoesNotFit
from scheduler.cards.shaping import from_right
from scheduler.cards.templates import LEAST_ON_A_PHONE, PHONE, Shape, shape_of
from scheduler.cards.typefaces import Typefaces, typefaces
from scheduler.model import Card, Colours, Size

#: The width of the card that the templates' pixels are meant for.
_WIDTH = 1080
_SMALLEST_SIDE = 500
#: The margin above and below, in parts of the one at the sides: a line of capitals looks lower.
_ABOVE = 0.8
#: What of a story's height its apps cover with controls of their own, at its head and its foot.
STORY_HEAD = 0.14
STORY_FOOT = 0.20


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What every block needs to know: the card's scale, margins, colours, fonts and language."""

    size: Size
    scale: float
    margin: int
    colours: Colours
    fonts: Typefaces
    language: str
    #: The smallest size of letters that a phone shows large enough.
    least: int
    #: The largest size of a slot's letters, where a carousel's slides agreed on one.
    largest: tuple[tuple[str, int], ...] = ()

    @property
    def shape(self) -> Shape:
        return shape_of(self.size)

    @property
    def from_right(self) -> bool:
        """Whether the card is read from the right."""
        return from_right(self.language)

    @property
    def width(self) -> int:
        return self.size.width - 2 * self.margin

    @property
    def top(self) -> int:
        """Above this no word stands."""
        story = math.ceil(self.size.height * STORY_HEAD) if self.shape is Shape.STORY else 0
        return max(round(self.margin * _ABOVE), story)

    @property
    def bottom(self) -> int:
        """Below this no word stands."""
        height = self.size.height
        story = math.ceil(height * STORY_FOOT) if self.shape is Shape.STORY else 0
        return height - max(round(self.margin * _ABOVE), story)

    def mirrored(self, left: float, width: float) -> float:
        """Where something so wide starts on a card that is read from the right."""
        return self.size.width - left - width if self.from_right else left

    def px(self, length: float) -> int:
        return round(length * self.scale)

    def letters(self, length: float) -> int:
        """A size of letters: never one that a phone would show too small."""
        return max(round(length * self.scale), self.least)

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


def frame_of(card: Card, margin: int) -> Frame:
    """Raises a `CardError` for a size, a colour or a font that cannot be used."""
    size, colours = card.size, card.brand.colours
    if min(size.width, size.height) < _SMALLEST_SIDE:
        raise DoesNotFit(
            f"a card of {size.width} × {size.height} pixels is too small to be read; "
            f"both sides need at least {_SMALLEST_SIDE}",
            "size",
        )
    for role in fields(colours):
        try:
            rgb(getattr(colours, role.name))
        except ValueError as error:
            raise BadText(f"the brand's colour {role.name}: {error}", role.name) from error
    scale = size.width / _WIDTH
    return Frame(
        size=size,
        scale=scale,
        margin=round(margin * scale),
        colours=colours,
        fonts=typefaces(card.brand.fonts),
        language=card.language,
        least=math.ceil(size.width * LEAST_ON_A_PHONE / PHONE),
        largest=card.largest,
    )
