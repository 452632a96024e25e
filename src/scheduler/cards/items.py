"""Blocks with their contents: how high each is at a given ease, and what it draws.

`ease` is a number from 0 to 1 that all blocks of an area share: it moves every size between its
least and its most, so that a long card is set smaller as a whole and keeps its proportions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from scheduler.cards import charting
from scheduler.cards.charting import Look
from scheduler.cards.colours import READABLE_LARGE, mixed
from scheduler.cards.frame import Frame
from scheduler.cards.marks import Disc, Mark, Slab
from scheduler.cards.setting import Box, Copy
from scheduler.cards.templates import ChartArea, Lights, Points, Rule, Text
from scheduler.model import DAYS, Chart

#: Gaps shrink less than letters do.
_LEAST_GAP = 0.6
_HALF = 0.5
#: Pixels of letters above their capitals and below their line that every gap has room for.
_RISE, _HANG = 4, 10
_NOWHERE = (0.0, 0.0)
#: From a point's bar to its text.
POINT = 44
#: Between a figure and the signs beside it, in em of the figure.
_BESIDE = 0.3


class Item(Protocol):
    """A block with its contents. `ease` is the shared number from 0 to 1."""

    def gap(self, ease: float) -> float: ...
    def height(self, ease: float) -> float: ...
    def marks(self, ease: float, left: float, top: float, ground: str) -> list[Mark]: ...


class TextItem(NamedTuple):
    block: Text
    copy: Copy
    frame: Frame
    width: float
    limit: int

    def size(self, ease: float) -> int:
        return min(self.limit, self.frame.letters(eased(self.block, ease)))

    def gap(self, ease: float) -> float:
        return _gap(self.block.before, ease, self.frame)

    def lines(self, ease: float) -> int:
        return self.copy.count(self.size(ease), self.width)

    def height(self, ease: float) -> float:
        size = self.size(ease)
        return self.copy.height(size, self.copy.count(size, self.width))

    def reach(self, ease: float) -> tuple[float, float]:
        """The white that its letters need besides, above and below; pixels."""
        return _reach(self, self.size(ease)) if self.copy.reach != _NOWHERE else _NOWHERE

    def box(self, size: int, left: float, top: float, ground: str) -> Box:
        frame, block = self.frame, self.block
        return Box(
            size=size,
            left=left,
            top=top,
            width=self.width,
            colour=frame.ink(block.colour, ground, block.strength),
            align=block.align,
            marks=frame.ink("accent", ground),
        )

    def marks(self, ease: float, left: float, top: float, ground: str) -> list[Mark]:
        return [*self.copy.set(self.box(self.size(ease), left, top, ground))]


class PointsItem(NamedTuple):
    block: Points
    copies: tuple[Copy, ...]
    frame: Frame
    width: float
    limit: int

    def size(self, ease: float) -> int:
        return min(self.limit, self.frame.letters(eased(self.block, ease)))

    def gap(self, ease: float) -> float:
        return _gap(self.block.before, ease, self.frame)

    def between(self, ease: float) -> float:
        return _gap(self.block.gap, ease, self.frame)

    def tall(self, written: Copy, ease: float) -> float:
        size = self.size(ease)
        return written.height(size, written.count(size, self.width))

    def height(self, ease: float) -> float:
        tall = sum(self.tall(written, ease) for written in self.copies)
        return tall + self.between(ease) * (len(self.copies) - 1)

    def marks(self, ease: float, left: float, top: float, ground: str) -> list[Mark]:
        drawn: list[Mark] = []
        colour = self.frame.ink(self.block.colour, ground)
        bar = self.frame.ink(self.block.bar, ground, least=READABLE_LARGE)
        for written in self.copies:
            tall, thick, indent = self.tall(written, ease), self.frame.px(10), left
            if self.frame.from_right:
                edge = left + self.width + self.frame.px(POINT) - thick
            else:
                edge, indent = left, left + self.frame.px(POINT)
            drawn.append(Slab(edge, top, edge + thick, top + tall, bar))
            drawn += written.set(Box(self.size(ease), indent, top, self.width, colour))
            top += tall + self.between(ease)
        return drawn


class ChartItem(NamedTuple):
    block: ChartArea
    chart: Chart
    figure: str
    frame: Frame
    width: float

    def gap(self, ease: float) -> float:
        return _gap(self.block.before, ease, self.frame)

    def height(self, ease: float) -> float:
        wanted = self.frame.px(eased(self.block, ease))
        # Colours do not matter to the height.
        return charting.height(self.chart, self.look(0, 0, self.width, wanted, "#ffffff"))

    def look(self, left: float, top: float, width: float, height: float, ground: str) -> Look:
        frame = self.frame
        return Look(
            left=left,
            top=top,
            width=width,
            height=height,
            text=frame.letters(self.block.labels),
            lit=frame.ink(self.block.colour, ground, least=READABLE_LARGE),
            rest=frame.ink(self.block.rest, ground, self.block.strength, least=1.0),
            ink=frame.ink("ink", ground),
            language=frame.language,
            fonts=frame.fonts,
            figure=self.figure,
        )

    def marks(self, ease: float, left: float, top: float, ground: str) -> list[Mark]:
        look = self.look(left, top, self.width, self.height(ease), ground)
        return charting.marks(self.chart, look)


class PairItem(NamedTuple):
    """A short figure and a small chart beside it, as high as its capitals."""

    figure: TextItem
    chart: ChartItem

    def limit(self) -> float:
        """The size at which the two of them fill the width."""
        written = self.figure.copy
        signs = charting.beside(self.chart.chart, written.capitals)
        return self.figure.width / (written.widest + _BESIDE + signs)

    def size(self, ease: float) -> int:
        return min(int(self.limit()), self.figure.size(ease))

    def gap(self, ease: float) -> float:
        return self.figure.gap(ease)

    def reach(self, ease: float) -> tuple[float, float]:
        return _reach(self.figure, self.size(ease))

    def height(self, ease: float) -> float:
        return self.figure.copy.height(self.size(ease), 1)

    def marks(self, ease: float, left: float, top: float, ground: str) -> list[Mark]:
        size, tall = self.size(ease), self.height(ease)
        box = self.figure.box(size, left, top, ground)
        row = charting.beside(self.chart.chart, tall)
        start = left + (self.figure.copy.widest + _BESIDE) * size
        if self.figure.copy.rightward:
            start = left + left + self.figure.width - start - row
        return [
            *self.figure.copy.set(box),
            *charting.marks(self.chart.chart, self.chart.look(start, top, row, tall, ground)),
        ]


class RuleItem(NamedTuple):
    block: Rule
    frame: Frame
    width: float

    def gap(self, ease: float) -> float:
        return _gap(self.block.before, ease, self.frame)

    def height(self, ease: float) -> float:  # noqa: ARG002
        return self.frame.px(self.block.thickness)

    def marks(self, ease: float, left: float, top: float, ground: str) -> list[Mark]:
        colour = self.frame.ink(self.block.colour, ground)
        long = self.frame.px(self.block.width)
        left += self.width - long if self.frame.from_right else 0.0
        return [Slab(left, round(top), left + long, round(top) + self.height(ease), colour)]


class SpringItem(NamedTuple):
    """White: `weight` of what is left over, and never less than `least` pixels at full ease."""

    weight: float
    least: float
    #: The area ends in the middle of this one.
    seam: bool = False

    def gap(self, ease: float) -> float:  # noqa: ARG002
        return 0.0

    def height(self, ease: float) -> float:
        return self.least * (_LEAST_GAP + (1 - _LEAST_GAP) * ease)

    def marks(self, ease: float, left: float, top: float, ground: str) -> list[Mark]:  # noqa: ARG002
        return []


class LightsItem(NamedTuple):
    """The sixteen marks as lights; today's is larger, and has a ring of light around it."""

    block: Lights
    day: int
    frame: Frame
    width: float

    def _step(self) -> float:
        return self.width / (DAYS / self.block.rows)

    def gap(self, ease: float) -> float:
        return _gap(self.block.before, ease, self.frame)

    def height(self, ease: float) -> float:  # noqa: ARG002
        return self._step() * self.block.rows

    def marks(self, ease: float, left: float, top: float, ground: str) -> list[Mark]:  # noqa: ARG002
        lit = self.frame.ink(self.block.lit, ground)
        past = self.frame.ink(self.block.colour, ground)
        coming = mixed(past, ground, self.block.strength)
        step, across = self._step(), DAYS // self.block.rows
        # Shifted, so that the first light stands at the margin and the last at the other.
        radius = step * _LIGHT
        drawn: list[Mark] = []
        for number in range(1, DAYS + 1):
            row, column = divmod(number - 1, across)
            x = radius + column * (self.width - 2 * radius) / max(across - 1, 1)
            x = left + (self.width - x if self.frame.from_right else x)
            y = top + step * (row + _HALF)
            if number == self.day:
                drawn.append(Disc(x, y, step * _HALO, mixed(lit, ground, 0.32)))
                drawn.append(Disc(x, y, step * _TODAY, lit))
            else:
                drawn.append(Disc(x, y, radius, past if number < self.day else coming))
        return drawn


#: Radii of a light, of today's, and of the light around it, in steps from one to the next.
_LIGHT = 0.2
_TODAY = 0.31
_HALO = 0.48


class Column(NamedTuple):
    """An area in a row: its blocks, its place, and how much higher than the row it may start."""

    #: The area's number.
    area: int
    items: list[Item]
    left: float
    width: float
    lift: float
    ground: str

    def tall(self, ease: float) -> float:
        return tall(self.items, ease) - self.lift


class RowItem(NamedTuple):
    """Areas side by side; the composition sets each of them in the height of the row."""

    columns: tuple[Column, ...]

    def gap(self, ease: float) -> float:  # noqa: ARG002
        return 0.0

    def height(self, ease: float) -> float:
        return max(column.tall(ease) for column in self.columns)

    def tallest(self) -> Column:
        """The column that needs most room at its smallest."""
        return max(self.columns, key=lambda column: column.tall(0.0))

    def marks(self, ease: float, left: float, top: float, ground: str) -> list[Mark]:  # noqa: ARG002
        return []


def tall(items: Sequence[Item], ease: float) -> float:
    """How high the items are below one another."""
    gaps = sum([item.gap(ease) for item in items[1:]])
    reached = sum([sum(reach(item, ease)) for item in items])
    return gaps + reached + sum([item.height(ease) for item in items])


def reach(item: Item, ease: float) -> tuple[float, float]:
    """White above and below what has letters that reach far from their lines."""
    return item.reach(ease) if isinstance(item, TextItem | PairItem) else _NOWHERE


def eased(block: Text | Points | ChartArea, ease: float) -> float:
    """From `least` to `usual` in the lower half, from there to `most` in the upper half."""
    usual = block.usual or (block.least + block.most) / 2
    if isinstance(block, Text) and block.overflow == "refuse":
        return usual
    if ease < _HALF:
        return block.least + (usual - block.least) * ease / _HALF
    return usual + (block.most - usual) * (ease - _HALF) / _HALF


def _gap(before: int, ease: float, frame: Frame) -> float:
    return before * frame.scale * (_LEAST_GAP + (1 - _LEAST_GAP) * ease)


def _reach(text: TextItem, size: int) -> tuple[float, float]:
    rise, hang = text.copy.reach
    scale = text.frame.scale
    return max(0.0, rise * size - _RISE * scale), max(0.0, hang * size - _HANG * scale)
