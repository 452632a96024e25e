"""What a finished composition is made of: plain shapes with places in pixels and final colours.

Everything that decides pixels stands in these values, so that equal marks may share a painting.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from scheduler.cards.typefaces import Face


class PlacedGlyph(NamedTuple):
    face: Face
    id: int
    x: float
    y: float


class Words(NamedTuple):
    """Glyphs of one size and colour; each `y` is a baseline."""

    glyphs: tuple[PlacedGlyph, ...]
    size: int
    colour: str


class Slab(NamedTuple):
    """A rectangle whose upper and lower corners may be round."""

    left: float
    top: float
    right: float
    bottom: float
    colour: str
    upper: float = 0.0
    lower: float = 0.0


class Disc(NamedTuple):
    x: float
    y: float
    radius: float
    colour: str


class Arc(NamedTuple):
    """A part of a ring, clockwise from twelve; `start` and `end` are shares of it."""

    x: float
    y: float
    radius: float
    thickness: float
    start: float
    end: float
    colour: str


class Arrow(NamedTuple):
    """An arrow to the right in its box: a shaft and a head of two strokes."""

    left: float
    top: float
    width: float
    height: float
    thickness: float
    colour: str


class Wash(NamedTuple):
    """The whole card, from one colour at the top to another at the foot."""

    top: str
    bottom: str


class Photograph(NamedTuple):
    """A picture that covers the card; `digest` is its bytes' SHA-256."""

    file: str
    digest: str
    focus_x: float
    focus_y: float


class Scrim(NamedTuple):
    """A veil of one colour: `stops` are heights in pixels with opacities from 0 to 1.

    Above `full` a picture that is dark anyway is veiled less, as long as it is nowhere brighter
    than white behind a veil of `dense`.
    """

    colour: str
    stops: tuple[tuple[float, float], ...]
    dense: float
    full: float


class Emblem(NamedTuple):
    """A logo, as large as its box allows."""

    file: str
    digest: str
    left: float
    top: float
    width: float
    height: float


Mark = Words | Slab | Disc | Arc | Arrow | Wash | Photograph | Scrim | Emblem


@dataclass(frozen=True, slots=True, kw_only=True)
class Composition:
    """`base` is the same on many cards and may be painted once; `fresh` is this card's own."""

    width: int
    height: int
    base: tuple[Mark, ...]
    fresh: tuple[Mark, ...]
