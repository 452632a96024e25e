"""Contact sheets: one template in every size and script beside each other, to be looked at.

What cannot be drawn stands there as an empty frame with the reason: a sheet without gaps is a
template that holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from scheduler.cards.composing import composed
from scheduler.cards.encoding import Format
from scheduler.cards.errors import CardError
from scheduler.cards.marks import Composition, Mark, Slab, Wash
from scheduler.cards.mounting import Picture, Print, mounted
from scheduler.cards.painting import picture
from scheduler.cards.sampling import LANGUAGES, SIZES, Subject, sample, spoken
from scheduler.cards.setting import Box, copy
from scheduler.cards.templates import PHONE
from scheduler.cards.typefaces import characters, faces, typefaces
from scheduler.model import Brand, Card, Fonts, Size

_PAPER, _INK, _PALE, _BAD = "#d8d8d4", "#1d1d1f", "#55555a", "#a3211a"
#: Pixels on the sheet.
_MARGIN = 72
_GAP = 44
_TITLE = 44
_LABEL = 24
_HEAD = 130
_ABOVE_ROW = 64
#: How large the cards of a sheet are otherwise.
_HALF = 0.5
_EDGE = 2
_INSET = 22

Show = Callable[[Card], Picture]


def shown(card: Card) -> Picture:
    return picture(composed(card))


@dataclass(frozen=True, slots=True, kw_only=True)
class Undrawn:
    """A card that stands on the sheet as an empty frame."""

    language: str
    size: Size
    error: CardError


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One subject in one brand; `undrawn` is what is missing from it."""

    name: str
    #: The sheet, and the same with cards as wide as a telephone.
    large: bytes
    phone: bytes
    undrawn: tuple[Undrawn, ...]


def sheet(
    subject: Subject,
    brand: tuple[str, Brand],
    picture: Path,
    *,
    kind: Format = "jpeg",
    show: Show = shown,
) -> Sheet:
    """Draws the sheet. `brand` comes with the name by which files call it."""
    called, colours = brand
    cells = [
        _cell(sample(subject, language, size, colours, picture), show)
        for language in LANGUAGES
        for size in SIZES
    ]
    title = f"{subject.name} · {called} brand"
    return Sheet(
        name=f"{subject.name}-{called}",
        large=_laid(title, cells, [_halved(size) for size in SIZES], kind),
        phone=_laid(f"{title} · {PHONE} px", cells, [_on_phone(size) for size in SIZES], kind),
        undrawn=tuple(
            Undrawn(language=spoken(cell.card.language), size=cell.card.size, error=cell.error)
            for cell in cells
            if cell.error
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cell:
    """A card with its picture, or with the reason why there is none."""

    card: Card
    image: Picture | None = None
    error: CardError | None = None


def _cell(card: Card, show: Show) -> _Cell:
    try:
        return _Cell(card=card, image=show(card))
    except CardError as error:
        return _Cell(card=card, error=error)


def _halved(size: Size) -> Size:
    return Size(width=round(size.width * _HALF), height=round(size.height * _HALF))


def _on_phone(size: Size) -> Size:
    return Size(width=PHONE, height=round(size.height * PHONE / size.width))


def _laid(title: str, cells: Sequence[_Cell], sizes: Sequence[Size], kind: Format) -> bytes:
    """A row for each language, a column for each size."""
    lefts = [_MARGIN + sum(size.width + _GAP for size in sizes[:n]) for n in range(len(sizes))]
    high = max(size.height for size in sizes) + _LABEL * 2 + _ABOVE_ROW
    tops = [_MARGIN + _HEAD + n * high for n in range(len(cells) // len(sizes))]
    marks = _text(title, _HEADLINE, (_MARGIN, _MARGIN))
    prints: list[Print] = []
    for number, cell in enumerate(cells):
        row, column = divmod(number, len(sizes))
        size, left, top = sizes[column], lefts[column], tops[row] + _LABEL * 2
        marks += _text(_called(cell.card), _NAME, (left, tops[row]))
        if cell.image is not None:
            prints.append(Print(cell.image, left, top, size.width, size.height))
        elif cell.error is not None:
            marks += _frame(cell.error, left, top, size)
    width = lefts[-1] + sizes[-1].width + _MARGIN
    height = tops[-1] + high - _ABOVE_ROW + _MARGIN
    page = Composition(width=width, height=height, base=(Wash(_PAPER, _PAPER),), fresh=(*marks,))
    return mounted(page, prints, kind)


def _called(card: Card) -> str:
    return f"{spoken(card.language)} · {_measures(card.size)}"


def _measures(size: Size) -> str:
    return f"{size.width} × {size.height}"


def _frame(error: CardError, left: int, top: int, size: Size) -> list[Mark]:
    """Where the card would stand: its outline, and why it is not there."""
    right, bottom = left + size.width, top + size.height
    edges = [
        Slab(left, top, right, top + _EDGE, _BAD),
        Slab(left, bottom - _EDGE, right, bottom, _BAD),
        Slab(left, top, left + _EDGE, bottom, _BAD),
        Slab(right - _EDGE, top, right, bottom, _BAD),
    ]
    reason = f"not drawn: {error.slot}: {error}"
    place = (left + _INSET, top + _INSET)
    return [*edges, *_text(reason, _REASON, place, size.width - 2 * _INSET)]


class _Pen(NamedTuple):
    """How a label of the sheet itself is written."""

    size: int
    weight: int
    colour: str


_HEADLINE = _Pen(_TITLE, 700, _INK)
_NAME = _Pen(_LABEL, 600, _PALE)
_REASON = _Pen(_LABEL, 500, _BAD)
#: Wider than any sheet: a label on one line.
_ONE_LINE = 100_000.0


def _text(text: str, pen: _Pen, place: tuple[int, int], wide: float = _ONE_LINE) -> list[Mark]:
    written = copy(
        "",  # of no card: nobody reads it on a telephone
        _writable(text),
        fonts=typefaces(Fonts()),
        family="text",
        weight=pen.weight,
        language="en",
    )
    return [*written.set(Box(pen.size, *place, wide, pen.colour))]


def _writable(text: str) -> str:
    """A letter that no font has cannot be named by itself in the message about it."""
    known = frozenset[int]().union(*(characters(face) for face in faces("text", 500)))
    return "".join(
        letter if ord(letter) in known or letter.isspace() else f"U+{ord(letter):04X}"
        for letter in text
    )


def reasons(missing: Sequence[Undrawn]) -> Iterator[str]:
    """Each reason once, with the cards that it keeps from being drawn."""
    cards: dict[tuple[str, str], list[str]] = {}
    for each in missing:
        key = (each.language, f"{each.error.slot}: {each.error}")
        cards.setdefault(key, []).append(_measures(each.size))
    for (language, reason), sizes in cards.items():
        where = ", ".join(sizes) if len(sizes) < len(SIZES) else "every size"
        yield f"{language}, {where}: {reason}"
