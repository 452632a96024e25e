"""Two charts as numbers: which day of which organisation, and which platform, came to what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from scheduler.model import DAYS
from scheduler.reporting.gathering import OUT, TROUBLED, Fate, Item, Report


class Tone(StrEnum):
    """How a square or a bar is filled; a sign or a number in it says the same."""

    OUT = "out"
    BY_HAND = "by-hand"
    KEPT = "kept"
    WAITS = "waits"
    TROUBLED = "troubled"
    TO_COME = "to-come"


#: In which order a bar is filled.
_TONES: Mapping[Fate, Tone] = {
    Fate.PROGRAM: Tone.OUT,
    Fate.BY_HAND: Tone.BY_HAND,
    Fate.KEPT: Tone.KEPT,
    Fate.HANDED: Tone.WAITS,
    **dict.fromkeys(TROUBLED, Tone.TROUBLED),
    Fate.TO_COME: Tone.TO_COME,
}
#: Lengths in the charts' own units, of which a page shows about one a pixel.
SQUARE, NAMES, HEAD = 34, 280, 30
#: Characters of a name that fit in front of its squares; the whole name is in the table below.
LONGEST_NAME = 34
BAR, ROW, BAR_NAMES, BAR_WIDTH = 22, 34, 110, 520


@dataclass(frozen=True, slots=True, kw_only=True)
class Square:
    """One day of one organisation."""

    x: int
    y: int
    day: int
    tone: Tone | None
    out: int
    planned: int
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    name: str
    #: The name, or as much of it as there is room for.
    label: str
    y: int
    squares: tuple[Square, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """Days from left to right, organisations one below the other."""

    lines: tuple[Line, ...]

    @property
    def width(self) -> int:
        return NAMES + DAYS * SQUARE

    @property
    def height(self) -> int:
        return HEAD + len(self.lines) * SQUARE


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    tone: Tone
    count: int
    x: float
    width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One platform; the longest bar is as wide as the chart."""

    platform: str
    y: int
    count: int
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    bars: tuple[Bar, ...]

    @property
    def height(self) -> int:
        return len(self.bars) * ROW


def days(report: Report) -> Days:
    lines = []
    for row, organisation in enumerate(report.organisations):
        y = HEAD + row * SQUARE
        by_day: dict[int, list[Item]] = {}
        for item in report.of(organisation):
            if item.for_the_public and item.fate is not Fate.CANCELLED:
                by_day.setdefault(item.day, []).append(item)
        squares = tuple(
            _square(day, by_day.get(day, ()), NAMES + (day - 1) * SQUARE, y)
            for day in range(1, DAYS + 1)
        )
        lines.append(
            Line(name=organisation.name, label=_short(organisation.name), y=y, squares=squares)
        )
    return Days(lines=tuple(lines))


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1].rstrip()}…"


def _square(day: int, items: Sequence[Item], x: int, y: int) -> Square:
    out = sum(item.fate in OUT for item in items)
    return Square(
        x=x,
        y=y,
        day=day,
        tone=_tone(items),
        out=out,
        planned=len(items),
        label=f"{out}" if out == len(items) else f"{out}/{len(items)}",
    )


def _tone(items: Sequence[Item]) -> Tone | None:
    """What somebody must know first: trouble, then what waits, then what is to come."""
    tones = {_TONES[item.fate] for item in items}
    for tone in (Tone.TROUBLED, Tone.WAITS, Tone.TO_COME, Tone.OUT, Tone.BY_HAND):
        if tone in tones:
            return tone
    return None


def platforms(report: Report) -> Bars:
    by_platform: dict[str, list[Item]] = {name: [] for name in report.platforms}
    for item in report.items:
        if item.fate is not Fate.CANCELLED:
            by_platform[item.platform].append(item)
    longest = max((len(items) for items in by_platform.values()), default=0) or 1
    return Bars(
        bars=tuple(
            Bar(
                platform=name,
                y=row * ROW,
                count=len(items),
                stretches=tuple(_stretches(items, BAR_WIDTH / longest)),
            )
            for row, (name, items) in enumerate(by_platform.items())
        )
    )


def _stretches(items: Iterable[Item], unit: float) -> Iterator[Stretch]:
    tones = [_TONES[item.fate] for item in items]
    x = float(BAR_NAMES)
    for tone in Tone:
        if count := tones.count(tone):
            yield Stretch(tone=tone, count=count, x=round(x, 2), width=round(count * unit, 2))
            x += count * unit
