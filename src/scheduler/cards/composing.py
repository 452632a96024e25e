"""A card becomes marks: what stands where, how large, in which colour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from scheduler.cards.blocks import Item, SpringItem, is_used, items_of, said
from scheduler.cards.colours import mixed
from scheduler.cards.errors import BadPicture, BadText
from scheduler.cards.flow import first, flowed, last
from scheduler.cards.frame import Frame, frame_of
from scheduler.cards.furniture import VEIL_AT_FOOT, Head, foot, photograph, sixteen
from scheduler.cards.marks import Composition, Mark, Slab, Wash
from scheduler.cards.templates import Area, ChartArea, Points, Template, Text, template
from scheduler.model import Card


def composed(card: Card) -> Composition:
    """Raises a `CardError` that names the slot at fault."""
    look = template(card.template)
    _check(card, look)
    frame = frame_of(card.size, look.margin, card.brand, card.language)
    foot_ = foot(card.brand, frame, _ground(look, frame, at_foot=True), look.footer)
    body = _body(card, look, frame, foot_.floor)
    below = (
        *photograph(card, look, frame, body.top, foot_.floor),
        *body.panels,
        *sixteen(card, look, frame, body.head),
    )
    base = () if look.photo else (_wash(look, frame),)
    if look.photo or (look.sixteen and look.sixteen.shape == "steps"):
        below = (*below, *foot_.marks)  # the foot stands on what is this card's own
    else:
        base = (*base, *foot_.marks)
    return Composition(
        width=card.size.width, height=card.size.height, base=base, fresh=(*below, *_words(body))
    )


def _words(body: Body) -> list[Mark]:
    return [mark for one in body.placed for mark in one.marks()]


def placed(card: Card) -> tuple[Placed, ...]:
    """Where each item of the body stands, without its marks. Raises as `composed` does."""
    look = template(card.template)
    _check(card, look)
    frame = frame_of(card.size, look.margin, card.brand, card.language)
    foot_ = foot(card.brand, frame, _ground(look, frame, at_foot=True), look.footer)
    return _body(card, look, frame, foot_.floor).placed


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
    return Wash(mixed(other, ground, fill.top), mixed(other, ground, fill.bottom))


# The body: areas in a tall card's one flow, or in a wide card's columns.


class Placed(NamedTuple):
    """An item of the area with that number, in its place."""

    area: int
    item: Item
    ease: float
    left: float
    top: float
    ground: str

    def marks(self) -> list[Mark]:
        return self.item.marks(self.ease, self.left, self.top, self.ground)


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    panels: tuple[Mark, ...]
    placed: tuple[Placed, ...]
    head: Head
    #: Where the first words start.
    top: float


def _body(card: Card, look: Template, frame: Frame, floor: float) -> Body:
    page = _ground(look, frame)
    row = look.sixteen is not None and look.sixteen.shape == "row"
    top = frame.margin * 0.8 + frame.px(92 if row else 24)
    areas = [area for area in look.areas if is_used(card, area)]
    if not areas:
        return Body(
            panels=(), placed=(), head=Head(page, frame.margin + frame.width, top), top=floor
        )
    if frame.wide:
        return _columns(card, areas, frame, page, (top, floor))
    return _stack(card, areas, frame, page, (top, floor))


def _stack(
    card: Card, areas: Sequence[Area], frame: Frame, page: str, room: tuple[float, float]
) -> Body:
    """Areas below one another in one flow, with a seam between two of them."""
    top, floor = room
    flow: list[Item] = []
    owners: list[int] = []
    for number, area in enumerate(areas):
        seam = [SpringItem(weight=0, least=frame.px(_SEAM), seam=True)] if number else []
        items = [*seam, *items_of(card, area, frame, frame.width)]
        flow += items
        owners += [number] * len(items)
    ease, tops = flowed(flow, top, floor - _foot_room(areas[-1], frame))
    seams = [
        y + item.height(ease) / 2
        for item, y in zip(flow, tops, strict=True)
        if isinstance(item, SpringItem) and item.seam
    ]
    edges = [0.0, *seams, floor]
    panels = [
        Slab(0, round(above), frame.size.width, round(below), _fill(area, frame, page))
        for area, (above, below) in zip(areas, pairwise(edges), strict=True)
        if area.fill
    ]
    grounds = [_fill(area, frame, page) for area in areas]
    placed = tuple(
        Placed(number, item, ease, frame.margin, y, grounds[number])
        for item, y, number in zip(flow, tops, owners, strict=True)
    )
    right = frame.margin + frame.width
    head = Head(_fill(areas[0], frame, page), right, last(flow, tops, ease))
    return Body(panels=tuple(panels), placed=placed, head=head, top=first(flow, tops))


def _columns(
    card: Card, areas: Sequence[Area], frame: Frame, page: str, room: tuple[float, float]
) -> Body:
    """Areas side by side, each with a flow and an ease of its own."""
    top, floor = room
    gutter = frame.px(_GUTTER)
    shared = frame.width - gutter * (len(areas) - 1)
    total = sum(area.share for area in areas)
    left: float = frame.margin
    panels: list[Mark] = []
    placed: list[Placed] = []
    tops_of_words, ends_of_words = [], []
    for number, area in enumerate(areas):
        width = shared * area.share / total
        ground = _fill(area, frame, page)
        # Beside a filled head, which holds the sixteen marks, words may start at the margin.
        start = frame.margin if number and areas[0].fill else top
        flow = items_of(card, area, frame, width)
        ease, tops = flowed(flow, start, floor - _foot_room(area, frame))
        placed += [
            Placed(number, item, ease, left, y, ground) for item, y in zip(flow, tops, strict=True)
        ]
        if area.fill:
            near = left - gutter / 2 if number else 0
            far = left + width + gutter / 2 if number < len(areas) - 1 else frame.size.width
            panels.append(Slab(round(near), 0, round(far), round(floor), ground))
        tops_of_words.append(first(flow, tops))
        ends_of_words.append(last(flow, tops, ease))
        left += width + gutter
    right = frame.width if not areas[0].fill else shared * areas[0].share / total
    head = Head(_fill(areas[0], frame, page), frame.margin + right, max(ends_of_words))
    return Body(panels=tuple(panels), placed=tuple(placed), head=head, top=min(tops_of_words))


#: The white around the seam of two areas, between two columns, and at the foot of a filled area.
_SEAM = 120
_GUTTER = 72
_FOOT_ROOM = 56


def _fill(area: Area, frame: Frame, page: str) -> str:
    return frame.colour(area.fill) if area.fill else page


def _foot_room(area: Area, frame: Frame) -> int:
    return frame.px(_FOOT_ROOM) if area.fill else 0
