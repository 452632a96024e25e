"""Two or three populations side by side: columns from one ground, to one scale, and figures."""

from __future__ import annotations

from scheduler.cards.charting.bars import bar, length, spoken_of
from scheduler.cards.charting.placing import Look, block, label, sized, slab
from scheduler.cards.errors import DoesNotFit
from scheduler.cards.marks import Mark, Slab
from scheduler.cards.setting import Copy
from scheduler.model import Chart, Value

# All in sizes of the labels' letters.
_FIGURE = 1.9
_CAPITALS = 0.73
_GAP = 1.2
#: From a figure to its column, and from the ground to the capitals below it.
_OVER = 0.55
_UNDER = 0.6
#: The height of the tallest column, and the width of each: equal widths, so that areas are as true
#: as lengths.
_LEAST, _MOST = 2.2, 9.0
#: Standing columns need more height than bars that lie.
_TALLER = 1.35
_WIDTH = 7.0
_LINES = 4
#: The least a figure or a name may be, in parts of its usual size.
_SMALLEST_FIGURE = 0.6
_SMALLEST_NAME = 0.88


def height(chart: Chart, look: Look) -> float:
    around = _around(chart, look)
    return min(max(look.height * _TALLER, around + look.text * _LEAST), around + look.text * _MOST)


def marks(chart: Chart, look: Look) -> list[Mark]:
    wide = _column(chart, look)
    size, names = _figure_size(chart, look), _name_size(chart, look)
    ground = look.top + look.height - _names_height(chart, look)
    tallest = look.height - _around(chart, look)
    most = max(value.amount for value in chart.values)
    lit = spoken_of(chart, look.figure)
    drawn: list[Mark] = []
    for number, value in enumerate(chart.values):
        left = look.left + number * (wide + look.text * _GAP)
        top = ground - length(value.amount, most, tallest)
        colour = look.lit if number == lit else look.rest
        right = left + min(wide, look.text * _WIDTH)
        drawn += bar(look, (left, top, right, ground), colour)
        figure = top - look.text * _OVER - size * _CAPITALS
        drawn += sized(_figure(value, look), look, size, left, figure)
        place = (left, ground + look.text * _UNDER)
        drawn += block(_name(value, look), look, names, place, wide)
    return [*drawn, *_ground(look, ground)]


def _around(chart: Chart, look: Look) -> float:
    """All but the tallest column."""
    figure = _figure_size(chart, look) * _CAPITALS + look.text * _OVER
    return figure + _names_height(chart, look)


def _column(chart: Chart, look: Look) -> float:
    number = len(chart.values)
    return (look.width - look.text * _GAP * (number - 1)) / number


def _figure(value: Value, look: Look) -> Copy:
    return label(value.shown, look, 750, family="display")


def _figure_size(chart: Chart, look: Look) -> int:
    """One size for all figures: who is larger is said by the columns."""
    usual = round(look.text * _FIGURE)
    least = round(usual * _SMALLEST_FIGURE)
    wide = _column(chart, look)
    sizes = [_largest(_figure(value, look), (least, usual), wide) for value in chart.values]
    return min(sizes)


def _name(value: Value, look: Look) -> Copy:
    return label(value.label, look, 500, lines=_LINES)


def _name_size(chart: Chart, look: Look) -> int:
    least = round(look.text * _SMALLEST_NAME)
    wide = _column(chart, look)
    sizes = [_largest(_name(value, look), (least, look.text), wide) for value in chart.values]
    return min(sizes)


def _largest(written: Copy, sizes: tuple[int, int], wide: float) -> int:
    try:
        return written.largest(*sizes, wide)
    except DoesNotFit as error:
        raise DoesNotFit(
            f"the label “{written.text}” is too long to stand beside the others; shorten it, or "
            "use bars",
            "chart",
            *error.args[2:],
        ) from None


def _names_height(chart: Chart, look: Look) -> float:
    size, wide = _name_size(chart, look), _column(chart, look)
    names = (_name(value, look) for value in chart.values)
    most = max(written.height(size, written.count(size, wide)) for written in names)
    return look.text * _UNDER + most


def _ground(look: Look, ground: float) -> list[Mark]:
    """One line below all columns: they stand on the same zero."""
    thick = max(2.0, look.text * 0.08)
    return [slab(look, Slab(look.left, ground, look.left + look.width, ground + thick, look.ink))]
