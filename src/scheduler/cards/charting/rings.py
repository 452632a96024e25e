"""A ring with one share of it lit, and what the shares are called beside it."""

from __future__ import annotations

from typing import NamedTuple

from scheduler.cards.charting.placing import Look, arc, block, label, slab
from scheduler.cards.marks import Arc, Mark, Slab
from scheduler.cards.setting import Copy
from scheduler.model import Chart, Value


def height(chart: Chart, look: Look) -> float:
    return max(look.height, look.text * 2.9 * len(chart.values))


def beside(chart: Chart, tall: float) -> float:
    """The width of a ring `tall` pixels high; 0 if names stand beside it."""
    return 0.0 if _is_named(chart) else tall


def _is_named(chart: Chart) -> bool:
    return any(value.shown or value.label for value in chart.values)


def marks(chart: Chart, look: Look) -> list[Mark]:
    radius = look.height / 2
    x, y = look.left + radius, look.top + radius
    thick = radius * 0.36
    share = chart.values[0].amount / 100
    gap = 0.004 if 0 < share < 1 else 0.0
    drawn: list[Mark] = []
    if share < 1:
        drawn.append(arc(look, Arc(x, y, radius, thick, share + gap, 1 - gap, look.rest)))
    if share > 0:
        drawn.append(arc(look, Arc(x, y, radius, thick, 0, share, look.lit)))
    left = look.left + look.height + look.text * 1.6
    return drawn + (_legend(chart.values, look, left) if _is_named(chart) else [])


class _Entry(NamedTuple):
    """The figure and the name of one share, each a measured text with its size and height."""

    lines: tuple[tuple[Copy, int, float], ...]

    @property
    def tall(self) -> float:
        return sum(tall + size * _LINE_GAP for _, size, tall in self.lines) - (
            self.lines[-1][1] * _LINE_GAP if self.lines else 0.0
        )


#: Below a figure, in sizes of its letters; and between two shares, in sizes of the labels'.
_LINE_GAP = 0.55
_ENTRY_GAP = 1.15


def _legend(values: tuple[Value, ...], look: Look, left: float) -> list[Mark]:
    """Each share's figure and name behind a bar of its colour, beside the middle of the ring."""
    indent = look.text * 0.9
    wide = look.left + look.width - left - indent
    entries = [_entry(value, look, wide) for value in values]
    gap = look.text * _ENTRY_GAP
    tall = sum(entry.tall for entry in entries) + gap * (len(entries) - 1)
    top = look.top + max(0.0, look.height - tall) / 2
    drawn: list[Mark] = []
    for number, entry in enumerate(entries):
        colour = look.lit if number == 0 else look.rest
        bar = Slab(left, top, left + look.text * 0.25, top + entry.tall, colour)
        drawn.append(slab(look, bar))
        below = top
        for written, size, high in entry.lines:
            drawn += block(written, look, size, (left + indent, below), wide)
            below += high + size * _LINE_GAP
        top += entry.tall + gap
    return drawn


def _entry(value: Value, look: Look, wide: float) -> _Entry:
    lines = []
    for text, weight in ((value.shown, 700), (value.label, 500)):
        if text:
            written = label(text, look, weight, lines=3)
            size = written.largest(look.text, look.text, wide)
            count = written.count(size, wide)
            lines.append((written, size, written.height(size, count)))
    return _Entry(tuple(lines))
