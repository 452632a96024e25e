"""What every card has besides its words: the foot, the sixteen marks, a photograph's veil."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from scheduler.cards.blocks import Item, said, text_item
from scheduler.cards.colours import mixed
from scheduler.cards.errors import BadText
from scheduler.cards.flow import flowed, tall
from scheduler.cards.frame import Frame
from scheduler.cards.marks import Emblem, Mark, Photograph, Scrim, Slab
from scheduler.cards.pictures import LARGEST_PICTURE
from scheduler.cards.templates import Template, Text, footer
from scheduler.model import DAYS, Brand, Card

#: How dense the veil over a photograph is where the foot begins.
VEIL_AT_FOOT = 0.9


class Foot(NamedTuple):
    """The marks at the foot of the card, and how far down other things may reach."""

    marks: tuple[Mark, ...]
    floor: float


def foot(brand: Brand, frame: Frame, ground: str, role: str) -> Foot:
    # The logo's digest is part of the call, so that a new logo under an old name is seen.
    return _foot(brand, frame, ground, role, file_digest(brand.logo) if brand.logo else "")


@lru_cache(maxsize=64)
def _foot(brand: Brand, frame: Frame, ground: str, role: str, logo: str) -> Foot:
    inset = frame.px(_LOGO + _BESIDE_LOGO) if brand.logo else 0
    rows = _rows(_said(brand), frame, frame.width - inset)
    gap = frame.px(24)
    heights = [max(tall(flow, 1.0) for flow, _ in row) for row in rows]
    high = max(
        sum(heights) + gap * (len(rows) - 1), frame.px(_LOGO - _OVER_TEXT) if brand.logo else 0
    )
    top = frame.size.height - frame.margin * 0.8 - high
    line = round(top - frame.px(36))
    drawn: list[Mark] = [
        Slab(
            frame.margin,
            line,
            frame.margin + frame.width,
            line + 2,
            frame.ink(role, ground, 0.28, least=1.0),
        )
    ]
    if brand.logo:
        drawn += _emblem(brand.logo, logo, frame, top, ground)
    for row, height in zip(rows, heights, strict=True):
        for flow, offset in row:
            _, tops = flowed(flow, top, frame.size.height)
            for item, y in zip(flow, tops, strict=True):
                drawn += item.marks(1.0, frame.margin + inset + offset, y, ground)
        top += height + gap
    return Foot(tuple(drawn), line - frame.px(46))


#: A logo's box, the white to its right, and how far it rises above the first line of text.
_LOGO = 88
_BESIDE_LOGO = 32
_OVER_TEXT = 8


def _said(brand: Brand) -> dict[str, str]:
    return {
        "hashtag": brand.hashtag,
        "name": brand.name,
        "help": brand.help,
        "funder": brand.funder,
    }


def _rows(
    texts: Mapping[str, str], frame: Frame, width: float
) -> list[list[tuple[list[Item], float]]]:
    """Columns side by side until their shares fill the width, then a new row."""
    rows: list[list[tuple[list[Item], float]]] = []
    used = 1.0
    for area in footer():
        offset = 0.0 if used + area.share > 1.001 else used * width  # noqa: PLR2004
        flow = [
            text_item(block, said(texts, block.slot), frame, width * area.share)
            for block in area.blocks
            if isinstance(block, Text) and said(texts, block.slot)
        ]
        if not flow:
            continue
        if offset == 0.0:
            rows.append([])
            used = 0.0
        rows[-1].append(([*flow], offset))
        used += area.share
    return rows


def _emblem(logo: Path, digest: str, frame: Frame, top: float, ground: str) -> list[Mark]:
    """The logo; on a dark ground it stands on a plate, for most logos are drawn for paper."""
    left, top = frame.margin, round(top - frame.px(_OVER_TEXT))
    side, corner = frame.px(_LOGO), frame.px(10)
    paper = frame.colour("paper")
    if ground == paper:
        return [Emblem(str(logo), digest, left, top, side, side)]
    inner = side - 2 * corner
    return [
        Slab(left, top, left + side, top + side, paper, corner, corner),
        Emblem(str(logo), digest, left + corner, top + corner, inner, inner),
    ]


class Head(NamedTuple):
    """What the sixteen marks stand on: a ground, its right end, and where the words end."""

    ground: str
    right: float
    bottom: float


def sixteen(card: Card, look: Template, frame: Frame, head: Head) -> list[Mark]:
    if look.sixteen is None:
        return []
    day = _day(card)
    # A picture's veil is judged as if the picture were white; today's mark may be bolder.
    behind = frame.colour(look.fill.colour) if look.photo else head.ground
    lit = frame.ink(look.sixteen.lit, behind)
    if look.sixteen.shape == "row":
        colour = frame.ink(look.sixteen.colour, head.ground)
        return _row(day, frame, head, colour, lit)
    shade = mixed(frame.colour(look.sixteen.colour), head.ground, 0.2)
    return _steps(day, frame, shade, lit, head.bottom + frame.px(76))


def _day(card: Card) -> int:
    day = said(card.texts, "day")
    if not day:
        return 0
    if not day.isdecimal() or not 1 <= int(day) <= DAYS:
        raise BadText(f"the day is a number from 1 to {DAYS}, not “{day}”", "day")
    return int(day)


def _row(day: int, frame: Frame, head: Head, colour: str, lit: str) -> list[Mark]:
    """Sixteen marks across the head: days gone by, today, days to come."""
    step = (head.right - frame.margin + frame.px(10)) / DAYS
    top = round(frame.margin * 0.8)
    drawn: list[Mark] = []
    for number in range(1, DAYS + 1):
        left = round(frame.margin + (number - 1) * step)
        right = round(frame.margin + number * step) - frame.px(10)
        high = frame.px(36 if number == day else 10)
        shade = lit if number == day else mixed(colour, head.ground, 1.0 if number < day else 0.26)
        drawn.append(Slab(left, top, right, top + high, shade))
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


def photograph(card: Card, look: Template, frame: Frame, words: float, floor: float) -> list[Mark]:
    photo = look.photo
    if photo is None or card.picture is None:
        return []
    height = frame.size.height
    dense = max(0.0, words - frame.px(36))
    clear = max(0.0, dense - height * 0.2)
    head = frame.margin * 0.8 + frame.px(60)
    stops = (
        (0.0, photo.top),
        (min(head * 2.2, clear), 0.0),
        (clear, 0.0),
        (dense, photo.dense),
        (max(floor, dense), VEIL_AT_FOOT),
        (float(height), 0.97),
    )
    ground = frame.colour(look.fill.colour)
    return [
        Photograph(str(card.picture), file_digest(card.picture), photo.focus_x, photo.focus_y),
        Scrim(ground, stops, photo.dense, max(floor, dense)),
    ]


def file_digest(file: Path) -> str:
    """SHA-256 of the file's bytes; "absent" where it cannot be read, "too large" where it is."""
    try:
        if file.stat().st_size > LARGEST_PICTURE:
            return "too large"
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except (OSError, ValueError):
        return "absent"
