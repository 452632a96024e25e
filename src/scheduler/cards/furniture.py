"""What every card has besides its words: kicker, sixteen marks, foot, a photograph's veil."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from scheduler.cards.blocks import day_of, said, text_item
from scheduler.cards.colours import mixed
from scheduler.cards.file_digests import file_digest
from scheduler.cards.frame import Frame
from scheduler.cards.items import TextItem
from scheduler.cards.marks import Arrow, Emblem, Mark, Photograph, Scrim, Slab
from scheduler.cards.pictures import LARGEST_PICTURE, logo_size
from scheduler.cards.template_files import footer
from scheduler.cards.templates import Footer, Template, Text
from scheduler.model import DAYS, Brand, Card

#: How dense the veil over a photograph is where the foot begins.
VEIL_AT_FOOT = 0.9


class Foot(NamedTuple):
    """The marks at the foot of the card, and how far down other things may reach."""

    marks: tuple[Mark, ...]
    floor: float


class Logo(NamedTuple):
    """A logo's name in errors, its file, and the SHA-256 of its bytes."""

    slot: str
    file: str
    digest: str


def foot(brand: Brand, frame: Frame, ground: str, role: str) -> Foot:
    # The logos' digests are part of the call, so that a new logo under an old name is seen.
    files = {"logo": brand.logo, "second_logo": brand.second_logo}
    logos = tuple(
        Logo(slot, str(file), file_digest(file, LARGEST_PICTURE))
        for slot, file in files.items()
        if file
    )
    return _foot(brand, replace(frame, largest=()), ground, role, logos)


@lru_cache(maxsize=64)
def _foot(brand: Brand, frame: Frame, ground: str, role: str, logos: tuple[Logo, ...]) -> Foot:
    look = footer(frame.shape, brand.templates)
    placed = _placed(logos, look, brand.logo_clear, frame)
    left = placed.left if placed else frame.margin + frame.width
    room = left - frame.margin - (frame.px(look.beside) if placed else 0)
    rows = _rows(brand, look, frame, room, ended=not placed)
    gap = frame.px(look.gap)
    words = sum(row.whole for row in rows) + gap * max(len(rows) - 1, 0)
    top = frame.bottom - max(words, placed.height if placed else 0)
    line = round(top - frame.px(look.above))
    shade = frame.ink(role, ground, look.line, least=1.0)
    drawn: list[Mark] = [
        Slab(frame.margin, line, frame.margin + frame.width, line + frame.px(2), shade)
    ]
    drawn += _emblems(placed, frame, top, ground) if placed else []
    y = top + (frame.bottom - top - words) / 2
    for row in rows:
        for item, offset in row.items:
            baseline = y + row.height - item.height(1.0)
            if frame.from_right:
                offset = room - offset - item.width  # noqa: PLW2901
            drawn += item.marks(1.0, frame.margin + offset, baseline, ground)
        y += row.whole + gap
    return Foot(tuple(drawn), line - frame.px(look.clear))


class _Row(NamedTuple):
    """Texts side by side, each with its distance from the left; pixels."""

    items: list[tuple[TextItem, float]]
    #: To the baseline, and with what letters hang below it more than others.
    height: float
    whole: float


def _rows(brand: Brand, look: Footer, frame: Frame, room: float, *, ended: bool) -> list[_Row]:
    """As many texts in a row as stand there in one line each; `ended`: some at its right end."""
    rows: list[list[tuple[TextItem, float]]] = []
    used = math.inf
    texts = {
        "hashtag": brand.hashtag,
        "name": brand.name,
        "help": brand.help,
        "funder": brand.funder,
    }
    for block in look.blocks:
        if not said(texts, block.slot):
            continue
        item = _alone(block, said(texts, block.slot), frame, room)
        wide = _natural(item)
        if used + wide > room:
            rows.append([])
            used = 0.0
        # As wide as its words, so that what is read from the right ends there too.
        rows[-1].append((item._replace(width=min(wide, room)), wide))
        used += wide + frame.px(look.beside)
    return [_row(row, frame.px(look.beside), room, ended=ended) for row in rows]


def _natural(item: TextItem) -> float:
    """How wide the text is in one line."""
    return item.copy.length * item.size(1.0)


def _alone(block: Text, text: str, frame: Frame, room: float) -> TextItem:
    return text_item(replace(block, align="start"), text, frame, room)


def _row(row: Sequence[tuple[TextItem, float]], beside: float, room: float, *, ended: bool) -> _Row:
    items: list[tuple[TextItem, float]] = []
    left = 0.0
    for number, (item, wide) in enumerate(row):
        last = number == len(row) - 1
        offset = room - wide if ended and last and number else left
        items.append((item, offset))
        left += wide + beside
    height = max(item.height(1.0) for item, _ in items)
    return _Row(items, height, height + max(item.reach(1.0)[1] for item, _ in items))


class _Placed(NamedTuple):
    """The logos at the right of the foot: their boxes from `left` on, and their white; pixels."""

    logos: tuple[tuple[Logo, float, float], ...]
    left: float
    height: float
    clear: float


#: A logo is at most so many times as wide as a square one.
_WIDEST = 2.6


def _placed(logos: Sequence[Logo], look: Footer, clear: float, frame: Frame) -> _Placed | None:
    """All logos have the same area, so that a wide one weighs no more than a square one."""
    if not logos:
        return None
    side = frame.px(look.logo)
    boxes = []
    for logo in logos:
        width, height = logo_size(*logo)
        across = min(side * math.sqrt(width / height), side * _WIDEST)
        boxes.append((logo, across, min(across * height / width, float(side))))
    tallest = max(height for _, _, height in boxes)
    white = tallest * clear
    wide = sum(width for _, width, _ in boxes) + white * (len(boxes) + 1)
    return _Placed(tuple(boxes), frame.margin + frame.width - wide, tallest + 2 * white, white)


def _emblems(placed: _Placed, frame: Frame, top: float, ground: str) -> list[Mark]:
    """The logos; on a dark ground they stand on a plate, for most are drawn for paper."""
    paper = frame.colour("paper")
    height = frame.bottom - top
    right = frame.margin + frame.width
    # On paper the last logo's own white may lie in the margin, where nothing stands either.
    x = placed.left + placed.clear * (2 if ground == paper else 1)
    drawn: list[Mark] = []
    if ground != paper:
        corner = frame.px(10)
        upper = top + (height - placed.height) / 2
        drawn.append(Slab(placed.left, upper, right, upper + placed.height, paper, corner, corner))
    for logo, width, tall in placed.logos:
        y = top + (height - tall) / 2
        drawn.append(Emblem(logo.file, logo.digest, x, y, width, tall))
        x += width + placed.clear
    return drawn


class Head(NamedTuple):
    """Kicker, sixteen marks and a slide's number, where they end, and the kicker's size."""

    marks: tuple[Mark, ...]
    bottom: float
    size: int = 0


#: From the top of the sixteen marks to the kicker below them, and the marks' heights.
_BELOW_MARKS = 70
_MARK, _TODAY = 10, 34
_BETWEEN_MARKS = 10
#: Beside the kicker: their part of the width, the white between, and their heights.
_BESIDE = 0.26
_BETWEEN_SMALL = 5
_SMALL_MARK, _SMALL_TODAY = 5, 20


def head(
    card: Card, look: Template, frame: Frame, ground: str, stretch: tuple[float, float]
) -> Head:
    """At the head of the card; `stretch` is where it starts and how wide it is."""
    # A carousel's slides have their number instead, so that all of them begin alike.
    shape = look.sixteen.shape if look.sixteen and not card.slides else "none"
    drawn: list[Mark] = []
    top: float = frame.top
    left, width = stretch
    start, room, bottom = left, width, top
    if shape == "row":
        drawn += _bars(card, look, frame, ground, (left, top, width))
        bottom = top = top + frame.px(_BELOW_MARKS)
    if shape == "beside":
        wide, gap = width * _BESIDE, frame.px(_BESIDE_NUMBER)
        drawn += _bars(card, look, frame, ground, (_at_end(frame, stretch, wide), top, wide))
        start = left + wide + gap if frame.from_right else left
        room, bottom = width - wide - gap, top + frame.px(_SMALL_TODAY)
    if look.kicker is None:
        return Head(tuple(drawn), bottom)
    number = _number(card, look.kicker, frame) if card.slides else None
    if number:
        beside = number.width + frame.px(_BESIDE_NUMBER)
        room -= beside
        start += beside if frame.from_right else 0.0
    text = said(card.texts, "kicker")
    kicker = text_item(look.kicker, text, frame, room) if text else None
    if kicker:
        drawn += kicker.marks(1.0, start, top, ground)
        bottom = max(bottom, top + kicker.height(1.0))
    if number:
        first = max(_capitals(one) for one in (kicker, number.item) if one)
        lower = top + first - _capitals(number.item)
        drawn += number.marks(frame, ground, stretch, lower)
        bottom = max(bottom, top + first)
    return Head(tuple(drawn), bottom, kicker.size(1.0) if kicker else 0)


def _capitals(item: TextItem) -> float:
    """How high the first line of the text is."""
    return item.copy.height(item.size(1.0), 1)


#: Between the kicker and the number; and of the arrow beside it the white, width, height, stroke.
_BESIDE_NUMBER = 40
_ARROW = (16, 40, 20, 3.5)


class _Number(NamedTuple):
    """ "2/5" where lines end, and an arrow to go on by, which the last slide has not."""

    item: TextItem
    arrow: bool
    #: With the room of an arrow, on the last slide too.
    width: float

    def marks(
        self, frame: Frame, ground: str, stretch: tuple[float, float], top: float
    ) -> list[Mark]:
        gap, long, high, thick = (length * frame.scale for length in _ARROW)
        tall, colour = self.item.height(1.0), frame.ink(self.item.block.colour, ground)
        start = _at_end(frame, stretch, long)
        arrow = Arrow(start, top + (tall - high) / 2, long, high, thick, colour, frame.from_right)
        left = _at_end(frame, stretch, self.item.width, long + gap if self.arrow else 0.0)
        return [*self.item.marks(1.0, left, top, ground), *([arrow] if self.arrow else ())]


def _at_end(frame: Frame, stretch: tuple[float, float], width: float, before: float = 0.0) -> float:
    """Where something so wide starts that ends with the lines, or so much before them."""
    left, whole = stretch
    return left + before if frame.from_right else left + whole - before - width


def _number(card: Card, kicker: Text, frame: Frame) -> _Number:
    small = replace(kicker, most=kicker.least, usual=0, align="start", lines=1)
    item = text_item(small, f"{card.slide}/{card.slides}", frame, frame.width)
    gap, long, *_ = (length * frame.scale for length in _ARROW)
    item = item._replace(width=_natural(item))
    return _Number(item, card.slide < card.slides, item.width + gap + long)


def sixteen(
    card: Card, look: Template, frame: Frame, ground: str, between: tuple[float, float]
) -> list[Mark]:
    """The steps behind the foot, if the template has them.

    They climb between where the foot begins and where the words end, so that today's mark crosses
    neither.
    """
    if look.sixteen is None or look.sixteen.shape != "steps":
        return []
    lit = frame.ink(look.sixteen.lit, ground)
    shade = mixed(frame.colour(look.sixteen.colour), ground, 0.2)
    words, floor = between
    return _steps(day_of(card), frame, shade, lit, (words + frame.px(76), floor))


def _bars(
    card: Card, look: Template, frame: Frame, ground: str, box: tuple[float, float, float]
) -> tuple[Slab, ...]:
    """Sixteen marks across the box: days gone by, today, days to come."""
    if look.sixteen is None:
        return ()
    small = look.sixteen.shape == "beside"
    between = frame.px(_BETWEEN_SMALL if small else _BETWEEN_MARKS)
    low, high = (_SMALL_MARK, _SMALL_TODAY) if small else (_MARK, _TODAY)
    past = frame.ink(look.sixteen.colour, ground)
    # A picture's veil is judged as if the picture were white; today's mark may be bolder.
    behind = frame.colour(look.fill.colour) if look.photo else ground
    lit = frame.ink(look.sixteen.lit, behind)
    today = _Today(
        day_of(card), frame.px(low), frame.px(high), (past, lit, mixed(past, ground, 0.26))
    )
    return _placed_bars(today, box, between, frame.from_right)


class _Today(NamedTuple):
    """The day, the heights of the other marks and of its own, and the colours of past to coming."""

    day: int
    low: int
    high: int
    colours: tuple[str, str, str]

    def mark(self, number: int, start: int, top: float, end: int) -> Slab:
        tall = self.high if number == self.day else self.low
        past, lit, coming = self.colours
        shade = lit if number == self.day else past if number < self.day else coming
        return Slab(start, top, end, top + tall, shade)


@lru_cache(maxsize=64)
def _placed_bars(
    today: _Today, box: tuple[float, float, float], between: int, from_right: bool
) -> tuple[Slab, ...]:
    left, top, width = box
    step = (width + between) / DAYS
    drawn = []
    for number in range(1, DAYS + 1):
        start = round(left + (number - 1) * step)
        end = round(left + number * step) - between
        if from_right:
            start, end = round(2 * left + width) - end, round(2 * left + width) - start
        drawn.append(today.mark(number, start, top, end))
    return tuple(drawn)


def _steps(
    day: int, frame: Frame, shade: str, lit: str, between: tuple[float, float]
) -> list[Mark]:
    """Sixteen steps that climb as the card is read, between the highest and the lowest."""
    width, height = frame.size.width, frame.size.height
    highest, lowest = between
    drawn: list[Mark] = []
    for number in range(1, DAYS + 1):
        start = round(width * (number - 1) / DAYS)
        wide = round(width * number / DAYS) - frame.px(5) - start
        left = frame.mirrored(start, wide)
        top = round(lowest + (min(highest, lowest) - lowest) * ((number - 1) / (DAYS - 1)) ** 1.25)
        drawn.append(Slab(left, top, left + wide, height, shade))
        if number == day:
            drawn.append(Slab(left, top, left + wide, top + frame.px(12), lit))
    return drawn


def photograph(
    card: Card, look: Template, frame: Frame, between: tuple[float, float], floor: float
) -> list[Mark]:
    """The picture; `between` where the head ends and the words begin it needs no veil."""
    head_, words = between
    photo = look.photo
    if photo is None or card.picture is None:
        return []
    height = frame.size.height
    dense = max(0.0, words - frame.px(36))
    veiled = min(head_ + frame.px(24), dense)
    # Where there is little room to fade, the veil does not open altogether: its end would show.
    fade = min(height * 0.2, (dense - veiled) / 2)
    least = photo.dense * (1 - fade / (height * 0.2))
    stops = (
        (0.0, photo.dense),
        (veiled, photo.dense),
        (veiled + fade, least),
        (dense - fade, least),
        (dense, photo.dense),
        (max(floor, dense), VEIL_AT_FOOT),
        (float(height), 0.97),
    )
    ground = frame.colour(look.fill.colour)
    digest = file_digest(card.picture, LARGEST_PICTURE)
    return [
        Photograph(str(card.picture), digest, photo.focus_x, photo.focus_y),
        Scrim(ground, stops, photo.dense, max(floor, dense)),
    ]
