"""What a finished composition is made of: plain shapes with places in pixels and final colours.

Everything that decides pixels stands in these values, so that equal marks may share a painting.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from scheduler.cards.typefaces import Face

#: Places in a pixel at which a glyph may stand.
PHASES = 4


class Words(NamedTuple):
    """Glyphs of one face, size and colour: columns of equal length.

    `slot` is the text's name; signs that are part of a drawing have none.

    A glyph's pen stands at its x, in quarters of a pixel, and its y, in pixels: the baseline of the
    line, but for raised accents.
    """

    slot: str
    face: Face
    size: int
    colour: str
    ids: tuple[int, ...]
    xs: tuple[int, ...]
    ys: tuple[int, ...]


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
    """An arrow in its box: a shaft and a head of two strokes."""

    left: float
    top: float
    width: float
    height: float
    thickness: float
    colour: str
    leftward: bool = False


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


Shape = Slab | Disc | Arc | Arrow | Wash | Photograph | Scrim | Emblem
Mark = Words | Shape


@dataclass(frozen=True, slots=True, kw_only=True)
class Composition:
    """`base` is the same on many cards and may be painted once; `fresh` is this card's own."""

    width: int
    height: int
    base: tuple[Mark, ...]
    fresh: tuple[Mark, ...]
