"""A card becomes marks: what stands where, how large, in which colour."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from typing import NamedTuple

from scheduler.cards.blocks import is_used, items_of, said
from scheduler.cards.colours import contrast, mixed
from scheduler.cards.errors import BadPicture, BadText, CardError
from scheduler.cards.flow import flowed
from scheduler.cards.frame import Frame, frame_of
from scheduler.cards.furniture import VEIL_AT_FOOT, Foot, Head, foot, head, photograph, sixteen
from scheduler.cards.items import (
    Column,
    Item,
    PairItem,
    PointsItem,
    RowItem,
    SpringItem,
    TextItem,
)
from scheduler.cards.marks import Composition, Mark, Slab, Wash
from scheduler.cards.template_files import template
from scheduler.cards.templates import Area, ChartArea, Points, Shape, Template, Text, shape_of
from scheduler.model import Card


def composed(card: Card) -> Composition:
    """Raises a `CardError` that names the slot at fault."""
    look, frame, body, foot_ = laid(card)
    below = (
        *photograph(card, look, frame, (body.head.bottom, body.top), foot_.floor),
        *body.panels,
        *sixteen(card, look, frame, body.ground, (body.bottom, foot_.floor)),
    )
    base = () if look.photo else (_wash(look, frame),)
    if look.photo or (look.sixteen and look.sixteen.shape == "steps"):
        below = (*below, *foot_.marks)  # the foot stands on what is this card's own
    else:
        base = (*base, *foot_.marks)
    return Composition(
        width=card.size.width,
        height=card.size.height,
        base=base,
        fresh=(*below, *body.head.marks, *_marks(body)),
    )


def _marks(body: Body) -> list[Mark]:
    return [mark for one in body.placed for mark in one.marks()]


def agreed(cards: Sequence[Card]) -> tuple[Card, ...]:
    """A carousel's slides, which set the same kind of text in the same size, as far as each fits.

    A slide that cannot be drawn has no say, and keeps its error for whoever draws it.
    """
    if len(cards) < 2:  # noqa: PLR2004
        return tuple(cards)
    numbered = [
        replace(card, slide=number, slides=len(cards)) for number, card in enumerate(cards, 1)
    ]
    smallest: dict[str, int] = {}
    for slot, size in (found for card in numbered for found in _sizes(card)):
        smallest[slot] = min(size, smallest.get(slot, size))
    return tuple(replace(card, largest=tuple(sorted(smallest.items()))) for card in numbered)


def _sizes(card: Card) -> tuple[tuple[str, int], ...]:
    try:
        return laid(card).body.sizes
    except CardError:
        return ()


class Laid(NamedTuple):
    """A card whose parts have their places, and no marks yet."""

    look: Template
    frame: Frame
    body: Body
    foot: Foot


def laid(card: Card) -> Laid:
    """Raises as `composed` does."""
    look = template(card.template, shape_of(card.size), card.brand.templates)
    _check(card, look)
    frame = frame_of(card, look.margin)
    foot_ = foot(card.brand, frame, _ground(look, frame, at_foot=True), look.footer)
    return Laid(look, frame, _body(card, look, frame, foot_.floor), foot_)


def _check(card: Card, look: Template) -> None:
    slots = look.slots
    for slot, text in card.texts.items():
        if text.strip() and slot not in slots:
            known = ", ".join(sorted(slots))
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
            if isinstance(block, Text) and block.required and not said(card.texts, block.slot):
                raise BadText(f"a {card.template} card needs a text for {block.slot!r}", block.slot)


def _ground(look: Template, frame: Frame, *, at_foot: bool = False) -> str:
    """The ground that letters must be read on: behind a veil, as if the picture were white."""
    colour = frame.colour(look.fill.colour)
    if look.photo is None:
        return colour
    return mixed(colour, "#ffffff", VEIL_AT_FOOT if at_foot else look.photo.dense)


def _wash(look: Template, frame: Frame) -> Wash:
    fill = look.fill
    ground = frame.colour(fill.colour)
    other = frame.colour(fill.towards or fill.colour)
    written = frame.ink("on_dark", ground)
    # A light ground with dark letters on it grows lighter, or they would sink in it.
    if contrast(written, other) < contrast(written, ground):
        other = frame.colour("paper")
    return Wash(mixed(other, ground, fill.top), mixed(other, ground, fill.bottom))


# The body: rows of areas in one flow, each row of one area or of several side by side.


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    head: Head
    panels: tuple[Mark, ...] = ()
    placed: tuple[Placed, ...] = ()
    #: What the head stands on.
    ground: str
    #: Where the first words below the head start, and the last ones end.
    top: float
    bottom: float

    @property
    def sizes(self) -> tuple[tuple[str, int], ...]:
        """How large each slot's letters are."""
        kicker = [("kicker", self.head.size)] if self.head.size else []
        return (*_slots(self.placed), *kicker)


#: The white at the foot of an area that has its own ground.
_FOOT_ROOM = 56
#: Below a carousel's head everything begins at this distance, whatever the template.
_SLIDES_HEAD = 72
_SLIDES_HEAD_WIDE = 44


def _body(card: Card, look: Template, frame: Frame, floor: float) -> Body:
    page = _ground(look, frame)
    rows = _grouped([area for area in look.areas if is_used(card, area)])
    if not rows:
        head_ = head(card, look, frame, page, (frame.margin, frame.width))
        return Body(head=head_, ground=page, top=floor, bottom=head_.bottom)
    ground = _fill(rows[0][0], frame, page)
    beside = _beside_panel(rows[0])
    first = _stretches(rows[0], look, frame)[0] if beside else _Stretch(frame.margin, frame.width)
    head_ = head(card, look, frame, ground, first)
    slides = _SLIDES_HEAD_WIDE if frame.shape is Shape.WIDE else _SLIDES_HEAD
    room = frame.px(slides if card.slides else look.head)
    start = head_.bottom + room if head_.marks else frame.top
    placing = _Placing(card=card, look=look, frame=frame, page=page, start=start)
    return placing.body(rows, head_, floor)


def _grouped(areas: Sequence[Area]) -> list[list[Area]]:
    """Areas side by side; an area of row 0 is alone."""
    numbered = enumerate(areas)
    return [
        [area for _, area in group]
        for _, group in groupby(numbered, key=lambda pair: pair[1].row or -pair[0] - 1)
    ]


def _beside_panel(row: Sequence[Area]) -> bool:
    """Whether the head stands in a ground of its own, with other areas beside it."""
    return len(row) > 1 and bool(row[0].fill)


class _Stretch(NamedTuple):
    """Where an area of a row starts and how wide it is; pixels."""

    left: float
    width: float


def _stretches(row: Sequence[Area], look: Template, frame: Frame) -> list[_Stretch]:
    """From the side that the card is read from."""
    gutter = frame.px(look.gutter)
    shared = frame.width - gutter * (len(row) - 1)
    total = sum(area.share for area in row)
    found = []
    left: float = frame.margin
    for area in row:
        width = shared * area.share / total
        found.append(_Stretch(frame.mirrored(left, width), width))
        left += width + gutter
    return found


def _fill(area: Area, frame: Frame, page: str) -> str:
    return frame.colour(area.fill) if area.fill else page


@dataclass(frozen=True, slots=True, kw_only=True)
class _Placing:
    card: Card
    look: Template
    frame: Frame
    page: str
    #: Where the body starts.
    start: float

    def body(self, rows: Sequence[Sequence[Area]], head_: Head, floor: float) -> Body:
        frame = self.frame
        flow, owners = self._flow(rows)
        try:
            ease, tops = flowed(flow, self.start, floor)
        except CardError:
            self._blame(flow, floor)
            raise
        edges = [0.0, *_seams(flow, tops, ease), floor]
        placed: list[Placed] = []
        for number, (item, y) in enumerate(zip(flow, tops, strict=True)):
            if isinstance(item, RowItem):
                placed += _columns(item, y, _end(flow, tops, number, floor))
            else:
                area, ground = owners[number]
                placed.append(Placed(area, item, ease, frame.margin, y, ground))
        shown = [one for one in placed if not isinstance(one.item, SpringItem)]
        return Body(
            head=head_,
            panels=tuple(self._panels(rows, edges)),
            placed=tuple(shown),
            ground=_fill(rows[0][0], frame, self.page),
            top=min((one.top for one in shown), default=floor),
            bottom=max((one.bottom for one in shown), default=head_.bottom),
        )

    def _flow(self, rows: Sequence[Sequence[Area]]) -> tuple[list[Item], list[tuple[int, str]]]:
        """Everything below one another, with its area's number and the ground that it stands on."""
        flow: list[Item] = []
        owners: list[tuple[int, str]] = []
        areas = 0
        for number, row in enumerate(rows):
            seam = SpringItem(weight=0, least=self.frame.px(row[0].before), seam=True)
            items: list[Item] = [seam] if number else []
            if len(row) == 1:
                items += self._items(row[0], self.frame.width, first_=not number)
                items += self._end_of(row[0], last_=number == len(rows) - 1)
            else:
                made = self._row(row, areas, first_=not number)
                items += [made, SpringItem(weight=float(_grows(made)), least=0)]
            flow += items
            owners += [(areas, _fill(row[0], self.frame, self.page))] * len(items)
            areas += len(row)
        return flow, owners

    def _items(self, area: Area, width: float, *, first_: bool) -> list[Item]:
        items = items_of(self.card, area, self.frame, width)
        if first_ and self.card.slides and self.look.photo is None:
            springs = next(
                (at for at, item in enumerate(items) if not isinstance(item, SpringItem)), 0
            )
            return items[springs:]
        return items

    def _end_of(self, area: Area, *, last_: bool) -> list[Item]:
        room = self.frame.px(_FOOT_ROOM)
        return [SpringItem(weight=0, least=room)] if area.fill and last_ else []

    def _row(self, row: Sequence[Area], areas: int, *, first_: bool) -> RowItem:
        frame = self.frame
        columns = []
        stretches = _stretches(row, self.look, frame)
        for number, (area, (left, width)) in enumerate(zip(row, stretches, strict=True)):
            # Beside a ground of its own, which has the head in it, words may start at the margin.
            lift = self.start - frame.top if first_ and number and _beside_panel(row) else 0.0
            items = [
                *self._items(area, width, first_=first_ and not lift),
                *self._end_of(area, last_=True),
            ]
            ground = _fill(area, frame, self.page)
            columns.append(Column(areas + number, items, left, width, lift, ground))
        return RowItem(columns=tuple(columns))

    def _blame(self, flow: Sequence[Item], floor: float) -> None:
        """Of what stands in a row, as if the fullest column of it stood alone."""
        start = self.start
        alone: list[Item] = []
        for item in flow:
            fullest = item.tallest() if isinstance(item, RowItem) else None
            alone += fullest.items if fullest else [item]
            start -= fullest.lift if fullest else 0.0
        flowed(alone, start, floor)

    def _panels(self, rows: Sequence[Sequence[Area]], edges: Sequence[float]) -> Iterator[Mark]:
        """The grounds of areas that have their own, to the card's edges."""
        frame, half = self.frame, self.frame.px(self.look.gutter) / 2
        for row, (above, below) in zip(rows, pairwise(edges), strict=True):
            stretches = _stretches(row, self.look, frame)
            leftmost, rightmost = min(stretches), max(stretches)
            for area, each in zip(row, stretches, strict=True):
                if area.fill:
                    near = 0.0 if each == leftmost else each.left - half
                    far = frame.size.width if each == rightmost else each.left + each.width + half
                    ground = _fill(area, frame, self.page)
                    yield Slab(round(near), round(above), round(far), round(below), ground)


class Placed(NamedTuple):
    """An item of the area with that number, where it stands; pixels."""

    area: int
    item: Item
    ease: float
    left: float
    top: float
    ground: str

    @property
    def bottom(self) -> float:
        return self.top + self.item.height(self.ease)

    def marks(self) -> list[Mark]:
        return self.item.marks(self.ease, self.left, self.top, self.ground)


def _grows(row: RowItem) -> bool:
    """Whether a row takes part of what is left over: as its first area does."""
    return any(isinstance(item, SpringItem) and item.weight for item in row.columns[0].items)


def _columns(row: RowItem, top: float, bottom: float) -> Iterator[Placed]:
    """Each area of a row is set in the row's height, as large as it fits there."""
    for column in row.columns:
        ease, tops = flowed(column.items, top - column.lift, bottom)
        for item, y in zip(column.items, tops, strict=True):
            yield Placed(column.area, item, ease, column.left, y, column.ground)


def _end(flow: Sequence[Item], tops: Sequence[float], number: int, floor: float) -> float:
    """Where a row ends: where the next thing begins that is no spring of its own."""
    rest = list(zip(flow, tops, strict=True))[number + 2 :]
    return rest[0][1] if rest else floor


def _seams(flow: Sequence[Item], tops: Sequence[float], ease: float) -> list[float]:
    return [
        y + item.height(ease) / 2
        for item, y in zip(flow, tops, strict=True)
        if isinstance(item, SpringItem) and item.seam
    ]


def _slots(placed: Iterable[Placed]) -> Iterator[tuple[str, int]]:
    """How large the letters of each slot are."""
    for one in placed:
        item = one.item
        if isinstance(item, PairItem):
            yield item.figure.block.slot, item.size(one.ease)
        elif isinstance(item, TextItem):
            yield item.block.slot, item.size(one.ease)
        elif isinstance(item, PointsItem):
            yield "points", item.size(one.ease)
