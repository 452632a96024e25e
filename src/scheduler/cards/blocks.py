"""Blocks with their contents: how high each is at a given ease, and what it draws.

`ease` is a number from 0 to 1 that all blocks of an area share: it moves every size between its
least and its most, so that a long card is set smaller as a whole and keeps its proportions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from scheduler.cards import charting
from scheduler.cards.charting import Look
from scheduler.cards.colours import READABLE_LARGE, mixed
from scheduler.cards.errors import BadText
from scheduler.cards.frame import Frame
from scheduler.cards.marks import Disc, Mark, Slab
from scheduler.cards.quoting import marks
from scheduler.cards.setting import Box, Copy, copy, loosened
from scheduler.cards.templates import (
    Area,
    Block,
    ChartArea,
    Lights,
    Points,
    Rule,
    Shape,
    Spring,
    Text,
)
from scheduler.model import DAYS, Card, Chart, ChartKind

#: Gaps shrink less than letters do.
_LEAST_GAP = 0.6
_HALF = 0.5
#: What of letters above their capitals and below their line every gap has room for.
_RISE, _HANG = 4, 10
_NOWHERE = (0.0, 0.0)
#: From this size on a text's letters are asked how far they reach.
_LARGE = 150
#: From a point's bar to its text.
_POINT = 44
#: Between a figure and the signs beside it, in em of the figure; and the least size of the two.
_BESIDE = 0.3
_LEAST_PAIR = 180
_LEAST_PAIR_WIDE = 76


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
        return min(self.limit, self.frame.letters(_eased(self.block, ease)))

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
        return min(self.limit, self.frame.letters(_eased(self.block, ease)))

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
                edge = left + self.width + self.frame.px(_POINT) - thick
            else:
                edge, indent = left, left + self.frame.px(_POINT)
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
        wanted = self.frame.px(_eased(self.block, ease))
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
        gaps = sum(item.gap(ease) for item in self.items[1:])
        return gaps + sum(item.height(ease) for item in self.items) - self.lift


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


def is_used(card: Card, area: Area) -> bool:
    """Whether the card has anything to show in the area, and the area is meant for such a card."""
    labelled = card.chart is not None and _is_labelled(card.chart)
    if area.when in {"never", "unlabelled" if labelled else "labelled"}:
        return False
    return any(
        (isinstance(block, Text) and said(card.texts, block.slot))
        or (isinstance(block, Points) and card.points)
        or (isinstance(block, ChartArea) and card.chart)
        or isinstance(block, Lights)
        for block in area.blocks
    )


def _is_labelled(chart: Chart) -> bool:
    """Whether words stand in the chart, which need width."""
    named = any(value.shown or value.label for value in chart.values)
    return chart.kind is not ChartKind.PICTOGRAM and named


def items_of(card: Card, area: Area, frame: Frame, width: float) -> list[Item]:
    """The blocks that have something to show."""
    items: list[Item] = []
    joined = {block.also for block in area.blocks if isinstance(block, Text)}
    for block in area.blocks:
        if isinstance(block, Text) and block.slot in joined:
            continue  # it stands in the paragraph of another
        item = _item(card, block, frame, width)
        if item is not None:
            items.append(item)
    kept = [
        item
        for number, item in enumerate(items)
        if not isinstance(item, RuleItem) or _shows(items[number + 1 : number + 2])
    ]
    return _paired(kept)


def _paired(items: Sequence[Item]) -> list[Item]:
    """A small chart stands beside its figure, where both stay large."""
    paired: list[Item] = []
    for item in items:
        before = paired[-1] if paired else None
        if (
            isinstance(item, ChartItem)
            and isinstance(before, TextItem)
            and charting.beside(item.chart, 1.0)
        ):
            pair = PairItem(figure=before, chart=item)
            least = _LEAST_PAIR_WIDE if before.frame.shape is Shape.WIDE else _LEAST_PAIR
            if pair.limit() >= before.frame.px(least) and len(before.copy.parts) == 1:
                paired[-1] = pair
                continue
        paired.append(item)
    return paired


def _shows(items: Sequence[Item]) -> bool:
    return any(not isinstance(item, SpringItem) for item in items)


def _item(card: Card, block: Block, frame: Frame, width: float) -> Item | None:
    match block:
        case Text():
            text = _paragraph(card, block)
            return text_item(block, text, frame, width, _keep(block, card)) if text else None
        case Points():
            points = tuple(point for point in card.points if point.strip())
            return _points(block, points, frame, width) if points else None
        case ChartArea():
            return _chart(block, card, frame, width)
        case Lights():
            return LightsItem(block=block, day=day_of(card), frame=frame, width=width)
        case Rule():
            return RuleItem(block=block, frame=frame, width=width)
        case Spring():
            return SpringItem(weight=block.weight, least=frame.px(block.least))


def _paragraph(card: Card, block: Text) -> str:
    """The block's text, and the one that goes on in the same paragraph, as sentences."""
    first, also = said(card.texts, block.slot), said(card.texts, block.also)
    if not first or not also:
        return first or also
    return f"{first}{'' if first[-1] in _ENDS else '.'} {also}"


#: What ends a sentence, in Latin, Greek, Cyrillic and Arabic.
_ENDS = ".!?…;:؟"


def _keep(block: Text, card: Card) -> int:
    return block.keep_charted if card.chart else block.keep


def text_item(block: Text, said: str, frame: Frame, width: float, keep: int = 0) -> TextItem:
    written = copy(
        block.slot,
        said,
        fonts=frame.fonts,
        family=block.face,
        weight=block.weight,
        language=frame.language,
        leading=block.leading,
        lines=block.lines,
        tracking=block.tracking,
        keep=keep,
        quotation=marks(frame.language) if block.quoted else ("", ""),
        large=block.most >= _LARGE,
    )
    least, most = _sizes(block, frame, block.slot)
    written, limit = loosened(written, least, most, width)
    return TextItem(block=block, copy=written, frame=frame, width=width, limit=limit)


def _points(block: Points, said: Sequence[str], frame: Frame, width: float) -> PointsItem:
    inner = width - frame.px(_POINT)
    copies = tuple(
        copy(
            "points",
            point,
            fonts=frame.fonts,
            family=block.face,
            weight=block.weight,
            language=frame.language,
            leading=block.leading,
            lines=block.lines,
        )
        for point in said
    )
    least, most = _sizes(block, frame, "points")
    copies, limits = zip(*[loosened(each, least, most, inner) for each in copies], strict=True)
    return PointsItem(block=block, copies=copies, frame=frame, width=inner, limit=min(limits))


def _sizes(block: Text | Points, frame: Frame, slot: str) -> tuple[int, int]:
    """The least and the greatest size of letters that the block may have."""
    least, most = frame.letters(_eased(block, 0.0)), frame.letters(_eased(block, 1.0))
    return least, max(least, min(most, dict(frame.largest).get(slot, most)))


def _chart(block: ChartArea, card: Card, frame: Frame, width: float) -> ChartItem | None:
    if card.chart is None:
        return None
    charting.check(card.chart)
    figure = said(card.texts, "figure")
    return ChartItem(block=block, chart=card.chart, figure=figure, frame=frame, width=width)


def _eased(block: Text | Points | ChartArea, ease: float) -> float:
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


def day_of(card: Card) -> int:
    """The card's day; 0 where it has none."""
    day = said(card.texts, "day")
    if not day:
        return 0
    if not day.isdecimal() or not 1 <= int(day) <= DAYS:
        raise BadText(f"the day is a number from 1 to {DAYS}, not “{day}”", "day")
    return int(day)


def said(texts: Mapping[str, str], slot: str) -> str:
    return texts.get(slot, "").strip()
