"""A row for each value: its name, a bar from zero, and the figure as it is written."""

from __future__ import annotations

from scheduler.cards.charting.placing import LEADING, Look, block, label, line, slab, widest
from scheduler.cards.errors import DoesNotFit
from scheduler.cards.marks import Mark, Slab
from scheduler.cards.setting import Copy
from scheduler.model import Chart, Value

#: Bars that have less than this share of the width left can no longer be compared.
LEAST_BAR = 0.3
#: With less than this share, names go above the bars.
_GOOD_BAR = 0.5
#: Pixels: the shortest bar that can be seen. Nothing at all has no bar.
THINNEST = 3.0


def height(chart: Chart, look: Look) -> float:
    least, most = (1.75, 2.4)
    if _is_stacked(chart, look):
        above = _above(chart, look)
        least, most = above + 1.7, above + 2.2
    row = look.text * len(chart.values)
    return min(max(look.height, row * least), row * most)


def marks(chart: Chart, look: Look) -> list[Mark]:
    stacked = _is_stacked(chart, look)
    start = look.left + (0.0 if stacked else _names_width(chart, look))
    room = look.left + look.width - start - _shown_width(chart, look)
    if room < look.width * LEAST_BAR:
        raise DoesNotFit(
            "the figures beside the bars leave no room for the bars; shorten them", "chart"
        )
    lit = spoken_of(chart, look.figure)
    step = look.height / len(chart.values)
    most = max(value.amount for value in chart.values)
    drawn: list[Mark] = []
    for number, value in enumerate(chart.values):
        top = look.top + number * step
        upper = top + (look.text * _above(chart, look) if stacked else 0.0)
        lower = top + step - look.text * (0.85 if stacked else 0.45)
        middle = (upper + lower) / 2 - look.text * 0.36
        right = start + length(value.amount, most, room)
        colour = look.lit if number == lit else look.rest
        drawn += bar(look, (start, upper, right, lower), colour)
        drawn += (
            _name(value, look, top) if stacked else line(value.label, 500, look, look.left, middle)
        )
        drawn += line(value.shown, 700, look, right + look.text * 0.5, middle)
    return drawn


def length(amount: float, most: float, room: float) -> float:
    """From zero, to the scale on which `most` fills the room."""
    return max(room * (amount / most), THINNEST) if amount else 0.0


def bar(look: Look, box: tuple[float, float, float, float], colour: str) -> list[Mark]:
    left, top, right, bottom = box
    if right <= left or bottom <= top:
        return []
    return [slab(look, Slab(left, top, right, bottom, colour))]


def spoken_of(chart: Chart, figure: str) -> int:
    """The value that the card's large figure repeats, or the first."""
    shown = [value.shown for value in chart.values]
    return shown.index(figure) if figure in shown else 0


def _is_stacked(chart: Chart, look: Look) -> bool:
    """Whether names stand above their bars, because beside them they would leave too little."""
    room = look.width - _names_width(chart, look) - _shown_width(chart, look)
    return room < look.width * _GOOD_BAR


#: A name above its bar has at most so many lines, whose distance in em is that of labels.
_NAME_LINES = 2


def _named(value: Value, look: Look) -> Copy:
    written = label(value.label, look, 500, lines=_NAME_LINES)
    if not written.fits(look.text, look.width):
        raise DoesNotFit(
            f"the label “{value.label}” is too long for the chart; shorten it", "chart"
        )
    return written


def _above(chart: Chart, look: Look) -> float:
    """What the names above the bars take of each row, in em."""
    lines = max(_named(value, look).count(look.text, look.width) for value in chart.values)
    return 1.2 + LEADING * (lines - 1)


def _name(value: Value, look: Look, top: float) -> list[Mark]:
    return block(_named(value, look), look, look.text, (look.left, top), look.width)


def _names_width(chart: Chart, look: Look) -> float:
    return (widest([value.label for value in chart.values], look, 500) + 0.8) * look.text


def _shown_width(chart: Chart, look: Look) -> float:
    return (widest([value.shown for value in chart.values], look, 700) + 0.6) * look.text
