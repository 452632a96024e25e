"""A card becomes marks: what stands where, how large, in which colour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scheduler.cards.blocks import Item, SpringItem, items_of, said
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
    frame = frame_of(card.size, look.margin, card.brand.colours, card.language)
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
    top = frame.margin * 0.8 + frame.px(92 if look.sixteen and look.sixteen.shape == "row" else 24)
    areas = [area for area in look.areas if items_of(card, area, frame, frame.width)]
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
        items = items_of(card, area, frame, frame.width)
        flow += items
        owners += [number] * len(items)
    filled = areas[-1].fill != ""
    ease, tops = flowed(flow, top, floor - (frame.px(56) if filled else 0))
    grounds = [frame.colour(area.fill) if area.fill else page for area in areas]
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
        head=Head(grounds[0], frame.margin + frame.width, last(flow, tops, ease)),
        top=first(flow, tops),
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
        flow = items_of(card, area, frame, width)
        ground = frame.colour(area.fill) if area.fill else page
        start = top if number == 0 or not areas[0].fill else float(frame.margin)
        ease, tops = flowed(flow, start, floor - (frame.px(56) if area.fill else 0))
        if area.fill:
            edge = frame.size.width if number == len(areas) - 1 else left + width + gutter / 2
            panels.append(
                Slab(0 if number == 0 else left - gutter / 2, 0, round(edge), round(floor), ground)
            )
        for item, y in zip(flow, tops, strict=True):
            drawn += item.marks(ease, left, y, ground)
        first = min(first, first(flow, tops))
        last = max(last, last(flow, tops, ease))
        left += width + gutter
    head = frame.colour(areas[0).fill] if areas[0].fill else page
    right = frame.margin + (room * areas[0].share / total if areas[0].fill else frame.width)
    return Body(
        panels=tuple(panels), marks=tuple(drawn), head=head, right=right, top=first, bottom=last
    )
