"""Where the parts of a chart stand: from the side at which its language begins to read.

Parts give their places as if that were the left; in Arabic they are mirrored, letters excepted.
"""

from __future__ import annotations

from typing import NamedTuple

from scheduler.cards.errors import DoesNotFit
from scheduler.cards.marks import Arc, Disc, Mark, Slab
from scheduler.cards.setting import Box, Copy, copy
from scheduler.cards.shaping import from_right
from scheduler.cards.typefaces import Typefaces

#: Between the baselines of a label, in em.
LEADING = 1.25


class Look(NamedTuple):
    """Where a chart stands and how it looks; sizes in pixels."""

    left: float
    top: float
    width: float
    height: float
    text: int
    lit: str
    rest: str
    ink: str
    language: str
    fonts: Typefaces
    #: The card's large figure.
    figure: str = ""

    @property
    def from_right(self) -> bool:
        """Whether the chart is mirrored."""
        return from_right(self.language)

    def start(self, left: float, width: float) -> float:
        """The true left of what is `width` wide."""
        return 2 * self.left + self.width - left - width if self.from_right else left


def slab(look: Look, shape: Slab) -> Slab:
    start = look.start(shape.left, shape.right - shape.left)
    return shape._replace(left=start, right=start + shape.right - shape.left)


def disc(look: Look, shape: Disc) -> Disc:
    return shape._replace(x=look.start(shape.x, 0))


def arc(look: Look, shape: Arc) -> Arc:
    """Mirrored, an arc runs against the clock."""
    if not look.from_right:
        return shape
    return shape._replace(x=look.start(shape.x, 0), start=1 - shape.end, end=1 - shape.start)


def label(text: str, look: Look, weight: int, *, lines: int = 1, family: str = "text") -> Copy:
    return copy(
        "chart",
        text,
        fonts=look.fonts,
        family=family,
        weight=weight,
        language=look.language,
        lines=lines,
        leading=LEADING,
    )


def width(written: Copy) -> float:
    """Of the whole text on one line, in em."""
    return written.length


def widest(texts: list[str], look: Look, weight: int, family: str = "text") -> float:
    """The width of the widest of these labels on one line, in em."""
    return max(width(label(text, look, weight, family=family)) for text in texts)


def line(text: str, weight: int, look: Look, left: float, top: float) -> list[Mark]:
    """A label on one line; `top` is the top of its capitals."""
    return sized(label(text, look, weight), look, look.text, left, top)


def sized(written: Copy, look: Look, size: int, left: float, top: float) -> list[Mark]:
    """A measured label on one line, in a size of its own."""
    if not written.fits(size, look.width):
        raise DoesNotFit(
            f"the label “{written.text}” is too long for the chart; shorten it", "chart"
        )
    wide = width(written) * size
    return [
        *written.set(Box(size, look.start(left, wide), top, look.width, look.ink, _left(written)))
    ]


def block(
    written: Copy, look: Look, size: int, place: tuple[float, float], wide: float
) -> list[Mark]:
    """A label on as many lines as it needs within `wide`; `place` is its logical left and top."""
    left, top = place
    side = _right(written) if look.from_right else _left(written)
    return [*written.set(Box(size, look.start(left, wide), top, wide, look.ink, side))]


def _left(written: Copy) -> str:
    """The alignment that stands at the left, whatever direction the letters have."""
    return "end" if written.rightward else "start"


def _right(written: Copy) -> str:
    return "start" if written.rightward else "end"
