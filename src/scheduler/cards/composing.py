"""A card becomes marks: what stands where, how large, in which colour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

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
    marks = [*body.panels, *sixteen(card, look, frame, body.head), *foot_.marks]
    base: list[Mark] = []
    if look.photo is None:
        base.append(_wash(look, frame))
        veiled = []
    else:
        veiled = photograph(card, look, frame, body.top, foot_.floor)
    if not _is_own(body, look):
        base, marks = [*base, *marks], []
    return Composition(
        width=card.size.width,
        height=card.size.height,
        base=tuple(base),
        fresh=(*veiled, *marks, *body.marks),
    )


def _is_own(body: Body, look: Template) -> bool:
    """Whether the ground of this card depends on its words, so that no other card can share it."""
    steps = look.sixteen is not None and look.sixteen.shape == "steps"
    return bool(body.panels or look.photo or steps)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    panels: tuple[Mark, ...]
    marks: tuple[Mark, ...]
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
            panels=(), marks=(), head=Head(page, frame.margin + frame.width, top), top=floor
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
    owners: list[str] = []
    for number, area in enumerate(areas):
        seam = [SpringItem(weight=0, least=frame.px(_SEAM), seam=True)] if number else []
        items = [*seam, *items_of(card, area, frame, frame.width)]
        flow += items
        owners += [_fill(area, frame, page)] * len(items)
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
    drawn = [
        mark
        for item, y, ground in zip(flow, tops, owners, strict=True)
        for mark in item.marks(ease, frame.margin, y, ground)
    ]
    right = frame.margin + frame.width
    head = Head(_fill(areas[0], frame, page), right, last(flow, tops, ease))
    return Body(panels=tuple(panels), marks=tuple(drawn), head=head, top=first(flow, tops))


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
    drawn: list[Mark] = []
    tops_of_words, ends_of_words = [], []
    for number, area in enumerate(areas):
        width = shared * area.share / total
        ground = _fill(area, frame, page)
        # Beside a filled head, which holds the sixteen marks, words may start at the margin.
        start = frame.margin if number and areas[0].fill else top
        flow = items_of(card, area, frame, width)
        ease, tops = flowed(flow, start, floor - _foot_room(area, frame))
        for item, y in zip(flow, tops, strict=True):
            drawn += item.marks(ease, left, y, ground)
        if area.fill:
            near = left - gutter / 2 if number else 0
            far = left + width + gutter / 2 if number < len(areas) - 1 else frame.size.width
            panels.append(Slab(round(near), 0, round(far), round(floor), ground))
        tops_of_words.append(first(flow, tops))
        ends_of_words.append(last(flow, tops, ease))
        left += width + gutter
    right = frame.width if not areas[0].fill else shared * areas[0].share / total
    head = Head(_fill(areas[0], frame, page), frame.margin + right, max(ends_of_words))
    return Body(panels=tuple(panels), marks=tuple(drawn), head=head, top=min(tops_of_words))


#: The white around the seam of two areas, between two columns, and at the foot of a filled area.
_SEAM = 120
_GUTTER = 72
_FOOT_ROOM = 56


def _fill(area: Area, frame: Frame, page: str) -> str:
    return frame.colour(area.fill) if area.fill else page


def _foot_room(area: Area, frame: Frame) -> int:
    return frame.px(_FOOT_ROOM) if area.fill else 0
