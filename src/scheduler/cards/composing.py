"""A card becomes marks: what stands where, how large, in which colour.

All blocks of an area share one number from 0 to 1 that moves every size between its least and its
most, so that a long card is set smaller as a whole and keeps its proportions. What white is left
goes to the springs.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from scheduler.cards import charting, fitting
from scheduler.cards.charting import Look
from scheduler.cards.colours import READABLE, READABLE_LARGE, contrast, legible, mixed, rgb
from scheduler.cards.errors import BadPicture, BadText, CardError
from scheduler.cards.marks import (
    Composition,
    Emblem,
    Mark,
    Photograph,
    Scrim,
    Slab,
    Wash,
)
from scheduler.cards.quoting import marks
from scheduler.cards.setting import Box, Copy, copy, too_many_lines
from scheduler.cards.templates import (
    Area,
    ChartArea,
    Points,
    Rule,
    Spring,
    Template,
    Text,
    footer,
    template,
)
from scheduler.cards.typefaces import cap_height
from scheduler.model import DAYS, Brand, Card, Chart, ChartKind, Colours, Size

#: The card that the templates' pixels are meant for.
_WIDTH, _HEIGHT = 1080, 1350
#: From this shape on areas stand side by side.
_WIDE = 1.25
#: Steps between an area's smallest and largest setting.
_STEPS = 64
#: Gaps shrink less than letters do.
_LEAST_GAP = 0.6
_HALF = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What every block needs to know: the card's scale, margins, colours and language."""

    size: Size
    scale: float
    margin: int
    colours: Mapping[str, str]
    language: str

    @property
    def wide(self) -> bool:
        return self.size.width / self.size.height >= _WIDE

    @property
    def width(self) -> int:
        return self.size.width - 2 * self.margin

    def px(self, length: float) -> int:
        return round(length * self.scale)

    def ink(self, role: str, ground: str, strength: float = 1.0, least: float = READABLE) -> str:
        """The colour of `role` as it can be read on `ground`, both as they are drawn."""
        colour = self.colours[role]
        if contrast(colour, ground) < READABLE_LARGE and role in ("ink", "on_dark"):
            other = self.colours["on_dark" if role == "ink" else "ink"]
            colour = max(colour, other, key=lambda one: contrast(one, ground))
        return legible(mixed(colour, ground, strength), ground, least)


class Item(Protocol):
    """A block with its contents. `ease` is the shared number from 0 to 1."""

    def gap(self, ease: float) -> float: ...
    def height(self, ease: float) -> float: ...
    def marks(self, ease: float, left: float, top: float, ground: str) -> list[Mark]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class TextItem:
    block: Text
    copy: Copy
    frame: Frame
    width: float
    limit: int

    def size(self, ease: float) -> int:
        return min(self.limit, _eased(self.block, ease, self.frame))

    def gap(self, ease: float) -> float:
        return _gap(self.block.before, ease, self.frame)

    def lines(self, ease: float) -> int:
        return len(self.copy.wrapped(self.size(ease), self.width) or ())

    def height(self, ease: float) -> float:
        return self.copy.height(self.size(ease), self.lines(ease))

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


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsItem:
    block: Points
    copies: tuple[Copy, ...]
    frame: Frame
    width: float
    limit: int

    def size(self, ease: float) -> int:
        return min(self.limit, _eased(self.block, ease, self.frame))

    def gap(self, ease: float) -> float:
        return _gap(self.block.before, ease, self.frame)

    def between(self, ease: float) -> float:
        return _gap(self.block.gap, ease, self.frame)

    def tall(self, written: Copy, ease: float) -> float:
        size = self.size(ease)
        return written.height(size, len(written.wrapped(size, self.width) or ()))

    def height(self, ease: float) -> float:
        tall = sum(self.tall(written, ease) for written in self.copies)
        return tall + self.between(ease) * (len(self.copies) - 1)

    def marks(self, ease: float, left: float, top: float, ground: str) -> list[Mark]:
        drawn: list[Mark] = []
        colour = self.frame.ink(self.block.colour, ground)
        bar = self.frame.ink(self.block.bar, ground, least=READABLE_LARGE)
        for written in self.copies:
            tall = self.tall(written, ease)
            drawn.append(Slab(left, top, left + self.frame.px(10), top + tall, bar))
            indent = left + self.frame.px(_POINT)
            drawn += written.set(Box(self.size(ease), indent, top, self.width, colour))
            top += tall + self.between(ease)
        return drawn


#: From a point's bar to its text.
_POINT = 44


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartItem:
    block: ChartArea
    chart: Chart
    frame: Frame
    width: float

    def gap(self, ease: float) -> float:
        return _gap(self.block.before, ease, self.frame)

    def height(self, ease: float) -> float:
        wanted = _eased(self.block, ease, self.frame)
        return charting.height(self.chart, self.width, wanted, self.frame.px(_LABEL))

    def look(self, left: float, top: float, width: float, height: float, ground: str) -> Look:
        frame = self.frame
        return Look(
            left=left,
            top=top,
            width=width,
            height=height,
            text=frame.px(_LABEL),
            lit=frame.ink(self.block.colour, ground, least=READABLE_LARGE),
            rest=frame.ink(self.block.rest, ground, self.block.strength, least=1.0),
            ink=frame.ink("ink", ground),
            language=frame.language,
        )

    def marks(self, ease: float, left: float, top: float, ground: str) -> list[Mark]:
        look = self.look(left, top, self.width, self.height(ease), ground)
        return charting.marks(self.chart, look)


#: The size of a chart's labels.
_LABEL = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class PairItem:
    """A short figure and a short row of signs beside it, as high as its capitals."""

    figure: TextItem
    chart: ChartItem

    def limit(self) -> float:
        """The size at which the two of them fill the width."""
        written = self.figure.copy
        cap = cap_height(written.style.faces[0])
        signs = charting.row_width(self.chart.chart.of, cap)
        return self.figure.width / (fitting.widest(written.parts) + _BESIDE + signs)

    def size(self, ease: float) -> int:
        return min(int(self.limit()), self.figure.size(ease))

    def gap(self, ease: float) -> float:
        return self.figure.gap(ease)

    def height(self, ease: float) -> float:
        return self.figure.copy.height(self.size(ease), 1)

    def marks(self, ease: float, left: float, top: float, ground: str) -> list[Mark]:
        size, tall = self.size(ease), self.height(ease)
        box = self.figure.box(size, left, top, ground)
        row = charting.row_width(self.chart.chart.of, tall)
        start = left + self.figure.width - row
        return [
            *self.figure.copy.set(box),
            *charting.marks(self.chart.chart, self.chart.look(start, top, row, tall, ground)),
        ]


#: Between a figure and the signs beside it, in em of the figure; and the least size of the two.
_BESIDE = 0.3
_LEAST_PAIR = 180


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleItem:
    block: Rule
    frame: Frame

    def gap(self, ease: float) -> float:
        return _gap(self.block.before, ease, self.frame)

    def height(self, ease: float) -> float:  # noqa: ARG002
        return self.frame.px(self.block.thickness)

    def marks(self, ease: float, left: float, top: float, ground: str) -> list[Mark]:
        colour = self.frame.ink(self.block.colour, ground)
        right = left + self.frame.px(self.block.width)
        return [Slab(left, round(top), right, round(top) + self.height(ease), colour)]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpringItem:
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


def composed(card: Card) -> Composition:
    """Raises a `CardError` that names the slot at fault."""
    look = template(card.template)
    _check(card, look)
    frame = _frame(card.size, look.margin, card.brand.colours, card.language)
    ground = _ground(look, frame)
    if look.photo:
        # The veil is denser at the foot of the card.
        ground = mixed(frame.colours[look.fill.colour], "#ffffff", _VEIL_AT_FOOT)
    foot, floor = _foot(card.brand, card.size, card.language, look.margin, ground, look.footer)
    base: list[Mark] = []
    fresh: list[Mark] = []
    if look.photo is None:
        base.append(_wash(look, frame))
    body = _body(card, look, frame, floor)
    if look.photo is not None:
        fresh += _photo(card, look, frame, body.top, floor)
    (fresh if _is_own(body, look) else base).extend(
        [*body.panels, *_sixteen(card, look, frame, body)]
    )
    (fresh if _is_own(body, look) else base).extend(foot)
    return Composition(
        width=card.size.width,
        height=card.size.height,
        base=tuple(base),
        fresh=tuple([*fresh, *body.marks]),
    )


def _is_own(body: Body, look: Template) -> bool:
    """Whether the head and the ground of this card depend on its words."""
    steps = look.sixteen is not None and look.sixteen.shape == "steps"
    return bool(body.panels or look.photo or steps)


def _frame(size: Size, margin: int, colours: Colours, language: str) -> Frame:
    scale = max(
        min(size.width, size.height) / _WIDTH,
        math.sqrt(size.width * size.height / (_WIDTH * _HEIGHT)),
    )
    roles = {field.name: getattr(colours, field.name) for field in fields(colours)}
    for role, colour in roles.items():
        try:
            rgb(colour)
        except ValueError as error:
            raise BadText(f"the brand's colour {role}: {error}", role) from error
    return Frame(
        size=size,
        scale=scale,
        margin=round(margin * scale),
        colours=roles,
        language=language,
    )


def _check(card: Card, look: Template) -> None:
    for slot, text in card.texts.items():
        if text.strip() and slot not in look.slots:
            known = ", ".join(sorted(look.slots))
            raise BadText(f"a {card.template} card has no place for {slot!r}; it has {known}", slot)
    kinds = {type(block) for area in look.areas for block in area.blocks}
    if card.points and Points not in kinds:
        raise BadText(f"a {card.template} card has no place for points", "points")
    if card.chart and ChartArea not in kinds:
        raise BadText(f"a {card.template} card has no place for a chart", "chart")
    if card.picture and not look.photo:
        raise BadText(f"a {card.template} card has no place for a picture", "picture")
    if look.photo and not card.picture:
        raise BadPicture(f"a {card.template} card needs a picture", "picture")
    for area in look.areas:
        for block in area.blocks:
            if isinstance(block, Text) and block.required and not _said(card.texts, block.slot):
                raise BadText(f"a {card.template} card needs a text for {block.slot!r}", block.slot)


def _said(texts: Mapping[str, str], slot: str) -> str:
    return texts.get(slot, "").strip()


def _ground(look: Template, frame: Frame) -> str:
    """The ground that letters must be read on: behind a veil, as if the picture were white."""
    colour = frame.colours[look.fill.colour]
    return mixed(colour, "#ffffff", look.photo.dense) if look.photo else colour


def _wash(look: Template, frame: Frame) -> Wash:
    fill = look.fill
    ground = frame.colours[fill.colour]
    other = frame.colours[fill.towards or fill.colour]
    return Wash(mixed(other, ground, fill.top), mixed(other, ground, fill.bottom))


# The body: areas in a tall card's one flow, or in a wide card's columns.


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    panels: tuple[Mark, ...]
    marks: tuple[Mark, ...]
    #: The ground behind the head of the card.
    head: str
    #: Where the first words start, and where the last ones end.
    top: float
    bottom: float


def _body(card: Card, look: Template, frame: Frame, floor: float) -> Body:
    page = _ground(look, frame)
    top = frame.margin * 0.8 + frame.px(92 if look.sixteen and look.sixteen.shape == "row" else 24)
    areas = [area for area in look.areas if _items(card, area, frame, frame.width)]
    if frame.wide:
        return _columns(card, areas, frame, page, top, floor)
    return _stack(card, areas, frame, page, top, floor)


def _stack(
    card: Card, areas: Sequence[Area], frame: Frame, page: str, top: float, floor: float
) -> Body:
    flow: list[Item] = []
    owners: list[int] = []
    for number, area in enumerate(areas):
        if number:
            flow.append(SpringItem(weight=0, least=frame.px(120), seam=True))
            owners.append(number)
        items = _items(card, area, frame, frame.width)
        flow += items
        owners += [number] * len(items)
    filled = areas[-1].fill != ""
    ease, tops = _flowed(flow, top, floor - (frame.px(56) if filled else 0))
    grounds = [frame.colours[area.fill] if area.fill else page for area in areas]
    seams = [
        y + item.height(ease) / 2
        for item, y in zip(flow, tops, strict=True)
        if isinstance(item, SpringItem) and item.seam
    ]
    edges = [0.0, *seams, floor]
    panels = [
        Slab(0, round(edges[n]), frame.size.width, round(edges[n + 1]), grounds[n])
        for n, area in enumerate(areas)
        if area.fill
    ]
    drawn = [
        mark
        for item, y, owner in zip(flow, tops, owners, strict=True)
        for mark in item.marks(ease, frame.margin, y, grounds[owner])
    ]
    return Body(
        panels=tuple(panels),
        marks=tuple(drawn),
        head=grounds[0],
        top=_first(flow, tops),
        bottom=_last(flow, tops, ease),
    )


def _columns(
    card: Card, areas: Sequence[Area], frame: Frame, page: str, top: float, floor: float
) -> Body:
    gutter = frame.px(72)
    room = frame.width - gutter * (len(areas) - 1)
    total = sum(area.share for area in areas)
    left: float = frame.margin
    panels: list[Mark] = []
    drawn: list[Mark] = []
    first, last = floor, top
    for number, area in enumerate(areas):
        width = room * area.share / total
        flow = _items(card, area, frame, width)
        ground = frame.colours[area.fill] if area.fill else page
        start = top if number == 0 or not areas[0].fill else float(frame.margin)
        ease, tops = _flowed(flow, start, floor - (frame.px(56) if area.fill else 0))
        if area.fill:
            edge = frame.size.width if number == len(areas) - 1 else left + width + gutter / 2
            panels.append(
                Slab(0 if number == 0 else left - gutter / 2, 0, round(edge), round(floor), ground)
            )
        for item, y in zip(flow, tops, strict=True):
            drawn += item.marks(ease, left, y, ground)
        first = min(first, _first(flow, tops))
        last = max(last, _last(flow, tops, ease))
        left += width + gutter
    head = frame.colours[areas[0].fill] if areas[0].fill else page
    return Body(panels=tuple(panels), marks=tuple(drawn), head=head, top=first, bottom=last)


def _first(flow: Sequence[Item], tops: Sequence[float]) -> float:
    return min(
        (y for item, y in zip(flow, tops, strict=True) if not isinstance(item, SpringItem)),
        default=0.0,
    )


def _last(flow: Sequence[Item], tops: Sequence[float], ease: float) -> float:
    return max(
        (
            y + item.height(ease)
            for item, y in zip(flow, tops, strict=True)
            if not isinstance(item, SpringItem)
        ),
        default=0.0,
    )


def _flowed(flow: Sequence[Item], top: float, floor: float) -> tuple[float, list[float]]:
    """The ease at which everything fits, and where each item starts."""
    room = floor - top
    low, high = -1, _STEPS
    if _tall(flow, 1.0) <= room:
        low = _STEPS
    while high - low > 1:
        middle = (low + high) // 2
        if _tall(flow, middle / _STEPS) <= room:
            low = middle
        else:
            high = middle
    if low < 0:
        raise _too_full(flow, room)
    ease = low / _STEPS
    spare = room - _tall(flow, ease)
    weights = sum(item.weight for item in flow if isinstance(item, SpringItem))
    tops = []
    for number, item in enumerate(flow):
        top += item.gap(ease) if number else 0.0
        tops.append(top)
        top += item.height(ease)
        if isinstance(item, SpringItem) and item.weight:
            top += spare * item.weight / weights
    return ease, tops


def _tall(flow: Sequence[Item], ease: float) -> float:
    gaps = sum(item.gap(ease) for item in flow[1:])
    return gaps + sum(item.height(ease) for item in flow)


def _too_full(flow: Sequence[Item], room: float) -> CardError:
    """Blames the text that takes most of the lines that its template has in mind for it."""
    excess = _tall(flow, 0.0) - room
    texts = [item for item in flow if isinstance(item, TextItem)]
    lists = [item for item in flow if isinstance(item, PointsItem)]
    if lists and (not texts or lists[0].height(0.0) > max(item.height(0.0) for item in texts)):
        return _too_many_points(lists[0], excess)
    worst = max(texts, key=lambda item: item.height(0.0))
    size = worst.size(0.0)
    lost = math.ceil(excess / (size * worst.block.leading))
    lines = worst.lines(0.0)
    return too_many_lines(worst.block.slot, worst.copy.text, lines, lines - lost, size)


def _too_many_points(points: PointsItem, excess: float) -> CardError:
    size = points.size(0.0)
    lines = sum(len(one.wrapped(size, points.width) or ()) for one in points.copies)
    lost = math.ceil(excess / (size * points.block.leading))
    text = "\n".join(one.text for one in points.copies)
    return too_many_lines("points", text, lines, lines - lost, size)


# Blocks with their contents.


def _items(card: Card, area: Area, frame: Frame, width: float) -> list[Item]:
    """The blocks that have something to show."""
    items: list[Item] = []
    for block in area.blocks:
        item = _item(card, block, frame, width)
        if item is not None:
            items.append(item)
    kept = [
        item
        for number, item in enumerate(items)
        if not isinstance(item, RuleItem) or _shows(items[number + 1 : number + 2])
    ]
    return _paired(kept) if _shows(kept) else []


def _paired(items: Sequence[Item]) -> list[Item]:
    """A figure that a short pictogram follows stands beside it, where both stay large."""
    paired: list[Item] = []
    for item in items:
        before = paired[-1] if paired else None
        if isinstance(item, ChartItem) and isinstance(before, TextItem) and _is_row(item):
            pair = PairItem(figure=before, chart=item)
            if pair.limit() >= before.frame.px(_LEAST_PAIR) and len(before.copy.parts) == 1:
                paired[-1] = pair
                continue
        paired.append(item)
    return paired


def _is_row(item: ChartItem) -> bool:
    return item.chart.kind is ChartKind.PICTOGRAM and item.chart.of <= _ROW


#: More signs than this are too small beside a figure.
_ROW = 5


def _shows(items: Sequence[Item]) -> bool:
    return any(not isinstance(item, SpringItem) for item in items)


def _item(
    card: Card, block: Text | Points | ChartArea | Rule | Spring, frame: Frame, width: float
) -> Item | None:
    match block:
        case Text():
            said = _said(card.texts, block.slot)
            keep = block.keep_charted if card.chart else block.keep
            return _text(block, said, frame, width, keep) if said else None
        case Points():
            said_points = tuple(point for point in card.points if point.strip())
            return _points(block, said_points, frame, width) if said_points else None
        case ChartArea():
            return _chart(block, card.chart, frame, width) if card.chart else None
        case Rule():
            return RuleItem(block=block, frame=frame)
        case Spring():
            return SpringItem(weight=block.weight, least=frame.px(block.least))


def _text(block: Text, said: str, frame: Frame, width: float, keep: int = 0) -> TextItem:
    written = copy(
        block.slot,
        said,
        family=block.face,
        weight=block.weight,
        language=frame.language,
        leading=block.leading,
        lines=block.lines,
        tracking=block.tracking,
        keep=keep,
        quotation=marks(frame.language) if block.quoted else ("", ""),
    )
    limit = written.largest(frame.px(block.least), frame.px(block.most), width)
    return TextItem(block=block, copy=written, frame=frame, width=width, limit=limit)


def _points(block: Points, said: Sequence[str], frame: Frame, width: float) -> PointsItem:
    inner = width - frame.px(_POINT)
    copies = tuple(
        copy(
            "points",
            point,
            family=block.face,
            weight=block.weight,
            language=frame.language,
            leading=block.leading,
            lines=block.lines,
        )
        for point in said
    )
    limit = min(
        written.largest(frame.px(block.least), frame.px(block.most), inner) for written in copies
    )
    return PointsItem(block=block, copies=copies, frame=frame, width=inner, limit=limit)


def _chart(block: ChartArea, chart: Chart, frame: Frame, width: float) -> ChartItem:
    charting.check(chart)
    return ChartItem(block=block, chart=chart, frame=frame, width=width)


def _eased(block: Text | Points | ChartArea, ease: float, frame: Frame) -> int:
    """From `least` to `usual` in the lower half, from there to `most` in the upper half."""
    usual = block.usual or (block.least + block.most) / 2
    if ease < _HALF:
        return frame.px(block.least + (usual - block.least) * ease / _HALF)
    return frame.px(usual + (block.most - usual) * (ease - _HALF) / _HALF)


def _gap(before: int, ease: float, frame: Frame) -> float:
    return before * frame.scale * (_LEAST_GAP + (1 - _LEAST_GAP) * ease)


# What every card shares: the foot, the sixteen marks, and the photograph's veil.


@lru_cache(maxsize=64)
def _foot(
    brand: Brand, size: Size, language: str, margin: int, ground: str, role: str
) -> tuple[tuple[Mark, ...], float]:
    """The marks at the foot of the card, and how far down other things may reach."""
    frame = _frame(size, margin, brand.colours, language)
    texts = {
        "hashtag": brand.hashtag,
        "name": brand.name,
        "help": brand.help,
        "funder": brand.funder,
    }
    rows = _foot_rows(texts, frame, frame.width - (_emblem_width(frame) if brand.logo else 0))
    gap = frame.px(24)
    tall = sum(max(_tall(flow, 1.0) for flow, _ in row) for row in rows) + gap * (len(rows) - 1)
    tall = max(tall, frame.px(88) if brand.logo else 0)
    top = size.height - frame.margin * 0.8 - tall
    left = frame.margin + (_emblem_width(frame) if brand.logo else 0)
    line = frame.ink(role, ground, 0.28, least=1.0)
    rule = top - frame.px(36)
    drawn: list[Mark] = [
        Slab(frame.margin, round(rule), size.width - frame.margin, round(rule) + 2, line)
    ]
    drawn += _emblem(brand.logo, frame, top, ground)
    for row in rows:
        for flow, offset in row:
            _, tops = _flowed(flow, top, size.height)
            for item, y in zip(flow, tops, strict=True):
                drawn += item.marks(1.0, left + offset, y, ground)
        top += max(_tall(flow, 1.0) for flow, _ in row) + gap
    return tuple(drawn), rule - frame.px(46)


def _foot_rows(
    texts: Mapping[str, str], frame: Frame, width: float
) -> list[list[tuple[list[Item], float]]]:
    """Columns side by side until their shares fill the width, then a new row."""
    rows: list[list[tuple[list[Item], float]]] = []
    used = 1.0
    for area in footer():
        offset = 0.0 if used + area.share > 1.001 else used * width  # noqa: PLR2004
        flow = [
            _text(block, _said(texts, block.slot), frame, width * area.share)
            for block in area.blocks
            if isinstance(block, Text) and _said(texts, block.slot)
        ]
        if not flow:
            continue
        if offset == 0.0:
            rows.append([])
            used = 0.0
        rows[-1].append(([*flow], offset))
        used += area.share
    return rows


def _emblem_width(frame: Frame) -> int:
    return frame.px(88 + 32)


def _emblem(logo: Path | None, frame: Frame, top: float, ground: str) -> list[Mark]:
    """The logo; on a dark ground it stands on a plate, for most logos are drawn for paper."""
    if logo is None:
        return []
    side = frame.px(88)
    top = round(top - frame.px(8))
    drawn: list[Mark] = []
    inset = 0
    if ground != frame.colours["paper"]:
        corner = frame.px(10)
        plate = Slab(
            frame.margin,
            top,
            frame.margin + side,
            top + side,
            frame.colours["paper"],
            corner,
            corner,
        )
        drawn.append(plate)
        inset = frame.px(10)
    return [
        *drawn,
        Emblem(
            str(logo),
            file_digest(logo),
            frame.margin + inset,
            top + inset,
            side - 2 * inset,
            side - 2 * inset,
        ),
    ]


def _sixteen(card: Card, look: Template, frame: Frame, body: Body) -> list[Mark]:
    if look.sixteen is None:
        return []
    ground = body.head
    day = _day(card)
    colour = frame.colours[look.sixteen.colour]
    lit = frame.ink(look.sixteen.lit, frame.colours[look.fill.colour] if look.photo else ground)
    if look.sixteen.shape == "row":
        return _row(day, frame, frame.ink(look.sixteen.colour, ground), lit, ground)
    return _steps(day, frame, mixed(colour, ground, 0.2), lit, body.bottom + frame.px(76))


def _day(card: Card) -> int:
    said = _said(card.texts, "day")
    if not said:
        return 0
    if not said.isdecimal() or not 1 <= int(said) <= DAYS:
        raise BadText(f"the day is a number from 1 to {DAYS}, not “{said}”", "day")
    return int(said)


def _row(day: int, frame: Frame, colour: str, lit: str, ground: str) -> list[Mark]:
    """Sixteen marks across the head: days gone by, today, days to come."""
    step = (frame.width + frame.px(10)) / DAYS
    top = round(frame.margin * 0.8)
    drawn: list[Mark] = []
    for number in range(1, DAYS + 1):
        left = round(frame.margin + (number - 1) * step)
        right = round(frame.margin + number * step) - frame.px(10)
        tall = frame.px(36 if number == day else 10)
        shade = lit if number == day else mixed(colour, ground, 1.0 if number < day else 0.26)
        drawn.append(Slab(left, top, right, top + tall, shade))
    return drawn


def _steps(day: int, frame: Frame, shade: str, lit: str, highest: float) -> list[Mark]:
    """Sixteen steps that climb to the right, from the foot of the card to `highest`."""
    width, height = frame.size.width, frame.size.height
    lowest = height - frame.px(150)
    drawn: list[Mark] = []
    for number in range(1, DAYS + 1):
        left, right = round(width * (number - 1) / DAYS), round(width * number / DAYS)
        top = round(lowest + (min(highest, lowest) - lowest) * ((number - 1) / (DAYS - 1)) ** 1.25)
        drawn.append(Slab(left, top, right - frame.px(5), height, shade))
        if number == day:
            drawn.append(Slab(left, top, right - frame.px(5), top + frame.px(12), lit))
    return drawn


def _photo(
    card: Card, look: Template, frame: Frame, words: float, floor: float
) -> list[Mark]:
    photo = look.photo
    if photo is None or card.picture is None:
        return []
    height = frame.size.height
    dense = max(0.0, words - frame.px(56))
    clear = max(0.0, dense - height * 0.34)
    head = frame.margin * 0.8 + frame.px(60)
    stops = (
        (0.0, photo.top),
        (min(head * 2.2, clear), 0.0),
        (clear, 0.0),
        (dense, photo.dense),
        (max(floor, dense), _VEIL_AT_FOOT),
        (float(height), 0.97),
    )
    ground = frame.colours[look.fill.colour]
    return [
        Photograph(str(card.picture), file_digest(card.picture), photo.focus_x, photo.focus_y),
        Scrim(ground, stops),
    ]


#: How dense the veil over a photograph is where the foot begins.
_VEIL_AT_FOOT = 0.9


def file_digest(file: Path) -> str:
    """SHA-256 of the file's bytes; "absent" where it cannot be read."""
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError:
        return "absent"
