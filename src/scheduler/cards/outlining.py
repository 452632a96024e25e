"""A card with its construction drawn over it: areas, boxes with their names, baselines, safe zones.

Only what is asked for is outlined; `composed` knows nothing of it, and a plain card stays what it
is to the byte.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from PIL.Image import Image

from scheduler.cards.composing import Placed, composed, laid
from scheduler.cards.encoding import Format
from scheduler.cards.frame import Frame
from scheduler.cards.items import ChartItem, Item, PairItem, PointsItem, SpringItem, TextItem
from scheduler.cards.legibility import gathered
from scheduler.cards.marks import PHASES, Mark, Slab, Words
from scheduler.cards.painting import overlaid, picture
from scheduler.cards.setting import Box, copy
from scheduler.cards.templates import Shape
from scheduler.model import Card

_AREA, _TEXT, _CHART, _WHITE, _BASELINE, _SAFE, _MARGIN = (
    "#7a1fa2",
    "#0b57d0",
    "#00796b",
    "#8a8a8a",
    "#00acc1",
    "#d81b60",
    "#f57c00",
)
_PLATE = "#ffffff"
#: On a card 1080 wide.
_LINE = 2
_LETTERS = 17


class Outline(NamedTuple):
    """A box in pixels with what stands on its label."""

    name: str
    left: float
    top: float
    right: float
    bottom: float
    colour: str


def draw_outlined(card: Card, format: Format = "jpeg") -> bytes:  # noqa: A002 as in `draw`
    """The bytes of the card with its construction. Raises what `draw` raises."""
    stream = io.BytesIO()
    show_outlined(card).save(stream, format)
    return stream.getvalue()


def show_outlined(card: Card) -> Image:
    """The card, and its construction over it. Raises a `CardError`."""
    return overlaid(picture(composed(card)), outlined(card))


def outlined(card: Card) -> tuple[Mark, ...]:
    """The marks to be laid over the card's own. Raises a `CardError`."""
    plain, frame = composed(card), laid(card).frame
    over = [mark for one in outlines(card) for mark in _drawn(one, frame)]
    lines = _baselines((*plain.base, *plain.fresh), frame)
    return (*lines, *over)


def outlines(card: Card) -> tuple[Outline, ...]:
    """The margin, the safe zone, each area of the body, and each thing in it."""
    _, frame, body, _ = laid(card)
    items = body.placed
    return (
        _margin(frame),
        *_safe(frame),
        *_head(body.head.marks),
        *_areas(items),
        *(box for one in items for box in _boxes(one)),
    )


def _margin(frame: Frame) -> Outline:
    edge, size = frame.margin, frame.size
    return Outline(f"margin {edge}", edge, edge, size.width - edge, size.height - edge, _MARGIN)


def _safe(frame: Frame) -> Iterator[Outline]:
    """What is surely seen: between a story's ends, or in the square that previews crop to."""
    width, height = frame.size.width, frame.size.height
    if frame.shape is Shape.STORY:
        yield Outline("safe: story", 0, frame.top, width, frame.bottom, _SAFE)
    elif width != height:
        side = min(width, height)
        left, top = (width - side) / 2, (height - side) / 2
        yield Outline("safe: square", left, top, left + side, top + side, _SAFE)


def _head(marks: Iterable[Mark]) -> Iterator[Outline]:
    """What stands above the body: the kicker, and the number of a slide."""
    for lines in gathered(mark for mark in marks if isinstance(mark, Words)):
        yield Outline(f"{lines.slot} {lines.size} px", *lines.exactly().box, _TEXT)


def _areas(items: Sequence[Placed]) -> Iterator[Outline]:
    for number, group in groupby(items, key=lambda one: one.area):
        boxes = [box for one in group for box in _boxes(one)]
        if boxes:
            yield Outline(
                f"area {number + 1}",
                min(box.left for box in boxes),
                min(box.top for box in boxes),
                max(box.right for box in boxes),
                max(box.bottom for box in boxes),
                _AREA,
            )


def _boxes(one: Placed) -> Iterator[Outline]:
    item, tall = one.item, one.item.height(one.ease)
    match item:
        case SpringItem() if not tall:
            return
        case PairItem():
            name = f"{_called(item.figure, one.ease, item.size(one.ease))}, chart beside it"
            wide, colour = item.figure.width, _TEXT
        case TextItem():
            name, wide, colour = _called(item, one.ease, item.size(one.ease)), item.width, _TEXT
        case PointsItem():
            name = f"points {item.size(one.ease)} px"
            wide, colour = item.width, _TEXT
        case ChartItem():
            name, wide, colour = f"chart {item.chart.kind}", item.width, _CHART
        case SpringItem():
            name, wide, colour = f"white {tall:.0f}", 0.0, _WHITE
        case _:
            name, wide, colour = _kind(item), 0.0, _WHITE
    yield Outline(name, one.left, one.top, one.left + wide, one.top + tall, colour)


def _called(item: TextItem, ease: float, size: int) -> str:
    lines = item.lines(ease)
    return f"{item.block.slot} {size} px" + (f", {lines} lines" if lines > 1 else "")


def _kind(item: Item) -> str:
    return type(item).__name__.removesuffix("Item").lower()


def _drawn(box: Outline, frame: Frame) -> list[Mark]:
    """Four thin lines and a small label on a plate, at the box's upper left."""
    thick = max(1, frame.px(_LINE))
    left, top, right, bottom = (round(edge) for edge in box[1:5])
    right, bottom = max(right, left + thick), max(bottom, top + thick)
    sides = [
        Slab(left, top, right, top + thick, box.colour),
        Slab(left, bottom - thick, right, bottom, box.colour),
        Slab(left, top, left + thick, bottom, box.colour),
        Slab(right - thick, top, right, bottom, box.colour),
    ]
    return [*sides, *_label(box, frame, thick)]


def _label(box: Outline, frame: Frame, thick: int) -> list[Mark]:
    """At the end of the box's upper edge for what lies around it, at the start for the rest."""
    size = max(10, frame.px(_LETTERS))
    written = copy("debug", box.name, fonts=frame.fonts, family="text", weight=600, language="en")
    wide = written.length * size + size * 0.7
    around = box.colour in (_AREA, _SAFE, _MARGIN)
    left = min(box.left, frame.size.width - wide) if not around else box.right - wide
    top = box.top if around or box.colour == _WHITE else box.top - size * 1.2
    plate = Slab(left, top, left + wide, top + size * 1.2, _PLATE)
    start, capitals = left + size * 0.35, top + size * 0.24
    return [plate, *written.set(Box(size, start, capitals + thick / 2, wide, box.colour))]


def _baselines(marks: Iterable[Mark], frame: Frame) -> Iterator[Slab]:
    """Below every line of letters, as long as the line."""
    thick = max(1, frame.px(_LINE) // 2)
    for mark in marks:
        if isinstance(mark, Words):
            left, right, y = mark.xs[0] / PHASES, mark.xs[-1] / PHASES, mark.ys[0]
            yield Slab(left, y, right + mark.size / 2, y + thick, _BASELINE)
