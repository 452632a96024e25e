"""Charts as marks: signs of which some are lit, bars from zero, a ring with one share of it lit."""

from __future__ import annotations

from typing import NamedTuple

from scheduler.cards.errors import BadChart, DoesNotFit
from scheduler.cards.marks import Arc, Disc, Mark, Slab
from scheduler.cards.setting import Box, Copy, copy
from scheduler.cards.typefaces import Typefaces
from scheduler.model import Chart, ChartKind, Value

#: More signs than this cannot be counted by eye, nor told apart on a phone.
MOST_SIGNS = 100
_IN_A_ROW = 10
_IN_A_LONG_ROW = 20
#: A person's sign: its width and the gap to the next, in parts of its height.
_PERSON = 0.44
_GAP = 0.16
#: No figure that people publish is smaller or larger, and with these no sum overflows.
_LEAST_AMOUNT = 1e-9
_MOST_AMOUNT = 1e15
#: Bars that have less than this share of the width left can no longer be compared.
_LEAST_BAR = 0.3
#: With less than this share, names go above the bars.
_GOOD_BAR = 0.5


class Look(NamedTuple):
    """Where a chart stands and how it looks; sizes in pixels."""

    left: float
    top: float
    width: float
    height: float
    text: int
    lit: str
    rest: str
    ink: str
    language: str
    fonts: Typefaces
    #: The card's large figure.
    figure: str = ""


def check(chart: Chart) -> None:
    """Raises `BadChart` for numbers that would draw a lie."""
    if not chart.values:
        raise BadChart("the chart has no values; give it at least one, or leave it out", "chart")
    if any(value.amount < 0 for value in chart.values):
        raise BadChart("a chart cannot show amounts below zero", "chart")
    if not all(_is_drawable(value.amount) for value in chart.values):
        raise BadChart(
            f"the amounts of a chart lie between {_LEAST_AMOUNT:g} and {_MOST_AMOUNT:g}, or are 0; "
            "write them in another unit",
            "chart",
        )
    first = chart.values[0].amount
    if chart.kind is ChartKind.PICTOGRAM and not (
        1 <= chart.of <= MOST_SIGNS and first <= chart.of
    ):
        raise BadChart(
            f"a pictogram marks some of 1 to {MOST_SIGNS} signs; {first:g} of {chart.of} is not "
            "possible",
            "chart",
        )
    if chart.kind is ChartKind.PICTOGRAM and first != int(first):
        raise BadChart(f"a pictogram marks whole signs, not {first:g}; use a ring or bars", "chart")
    if chart.kind is ChartKind.RING and first > 100:  # noqa: PLR2004
        raise BadChart(f"a ring shows a share of up to 100 per cent, not {first:g}", "chart")
    if chart.kind is ChartKind.BARS and not any(value.amount for value in chart.values):
        raise BadChart("every bar of the chart is zero", "chart")


def _is_drawable(amount: float) -> bool:
    return amount == 0 or _LEAST_AMOUNT <= amount <= _MOST_AMOUNT


def height(chart: Chart, look: Look) -> float:
    """What the chart takes of the look's height in its width."""
    match chart.kind:
        case ChartKind.PICTOGRAM:
            rows = -(-chart.of // _across(chart.of))
            return (rows * (1 + _GAP) - _GAP) * _sign_height(chart.of, look.width, look.height)
        case ChartKind.BARS:
            least, most = (2.9, 3.4) if _is_stacked(chart, look) else (1.75, 2.4)
            row = look.text * len(chart.values)
            return min(max(look.height, row * least), row * most)
        case ChartKind.RING:
            return max(look.height, look.text * 2.9 * len(chart.values))


def beside(chart: Chart, tall: float) -> float:
    """The width of a chart that may stand beside a figure `tall` pixels high; 0 if it may not."""
    if chart.kind is ChartKind.PICTOGRAM and chart.of <= _FEW:
        return tall * (chart.of * (_PERSON + _GAP) - _GAP)
    if chart.kind is ChartKind.RING and not _is_named(chart):
        return tall
    return 0.0


#: More signs than this are too small beside a figure.
_FEW = 5


def _is_named(chart: Chart) -> bool:
    return any(value.shown or value.label for value in chart.values)


def marks(chart: Chart, look: Look) -> list[Mark]:
    match chart.kind:
        case ChartKind.PICTOGRAM:
            return _pictogram(chart, look)
        case ChartKind.BARS:
            return _bars(chart, look)
        case ChartKind.RING:
            return _ring(chart, look)


def _across(of: int) -> int:
    """How many signs stand in a row."""
    return min(of, _IN_A_ROW if of <= 2 * _IN_A_ROW else _IN_A_LONG_ROW)


def _sign_height(of: int, width: float, wanted: float) -> float:
    across = _across(of)
    rows = -(-of // across)
    return min(wanted / (rows * (1 + _GAP) - _GAP), width / (across * (_PERSON + _GAP) - _GAP))


def _pictogram(chart: Chart, look: Look) -> list[Mark]:
    tall = _sign_height(chart.of, look.width, look.height)
    lit = chart.values[0].amount
    drawn: list[Mark] = []
    for number in range(chart.of):
        row, column = divmod(number, _across(chart.of))
        left = look.left + column * tall * (_PERSON + _GAP)
        top = look.top + row * tall * (1 + _GAP)
        drawn += _person(left, top, tall, look.lit if number < lit else look.rest)
    return drawn


def _person(left: float, top: float, tall: float, colour: str) -> list[Mark]:
    """A head above shoulders, upright: nobody in particular, and nobody beaten."""
    wide = tall * _PERSON
    radius = tall * 0.155
    return [
        Disc(left + wide / 2, top + radius, radius, colour),
        Slab(
            left,
            top + tall * 0.365,
            left + wide,
            top + tall,
            colour,
            upper=wide / 2,
            lower=tall * 0.035,
        ),
    ]


def _bars(chart: Chart, look: Look) -> list[Mark]:
    """A row for each value: its name, a bar from zero, and the figure as it is written."""
    stacked = _is_stacked(chart, look)
    start = look.left + (0.0 if stacked else _names_width(chart, look))
    room = look.left + look.width - start - _shown_width(chart, look)
    if room < look.width * _LEAST_BAR:
        raise DoesNotFit(
            "the figures beside the bars leave no room for the bars; shorten them", "chart"
        )
    lit = _spoken_of(chart, look.figure)
    step = look.height / len(chart.values)
    most = max(value.amount for value in chart.values)
    drawn: list[Mark] = []
    for number, value in enumerate(chart.values):
        top = look.top + number * step
        upper = top + look.text * (1.2 if stacked else 0.0)
        lower = top + step - look.text * (0.85 if stacked else 0.45)
        middle = (upper + lower) / 2 - look.text * 0.36
        right = start + max(room * (value.amount / most), 3.0)
        colour = look.lit if number == lit else look.rest
        drawn.append(Slab(start, upper, right, lower, colour))
        drawn += _line(value.label, 500, look, look.left, top if stacked else middle)
        drawn += _line(value.shown, 700, look, right + look.text * 0.5, middle)
    return drawn


def _spoken_of(chart: Chart, figure: str) -> int:
    """The value that the card's large figure repeats, or the first."""
    shown = [value.shown for value in chart.values]
    return shown.index(figure) if figure in shown else 0


def _is_stacked(chart: Chart, look: Look) -> bool:
    """Whether names stand above their bars, because beside them they would leave too little."""
    room = look.width - _names_width(chart, look) - _shown_width(chart, look)
    return room < look.width * _GOOD_BAR


def _names_width(chart: Chart, look: Look) -> float:
    names = [_label(value.label, look, 500) for value in chart.values]
    return max(map(_width, names)) * look.text + look.text * 0.8


def _shown_width(chart: Chart, look: Look) -> float:
    shown = [_label(value.shown, look, 700) for value in chart.values]
    return max(map(_width, shown)) * look.text + look.text * 0.6


def _line(text: str, weight: int, look: Look, left: float, top: float) -> list[Mark]:
    written = _label(text, look, weight)
    if not written.fits(look.text, look.width):
        raise DoesNotFit(f"the label “{text}” is too long for the chart; shorten it", "chart")
    return [*written.set(Box(look.text, left, top, look.width, look.ink))]


def _ring(chart: Chart, look: Look) -> list[Mark]:
    radius = look.height / 2
    x, y = look.left + radius, look.top + radius
    thick = radius * 0.36
    share = chart.values[0].amount / 100
    gap = 0.004 if 0 < share < 1 else 0.0
    drawn: list[Mark] = []
    if share < 1:
        drawn.append(Arc(x, y, radius, thick, share + gap, 1 - gap, look.rest))
    if share > 0:
        drawn.append(Arc(x, y, radius, thick, 0, share, look.lit))
    left = look.left + look.height + look.text * 1.6
    return drawn + (_legend(chart.values, look, left) if _is_named(chart) else [])


def _legend(values: tuple[Value, ...], look: Look, left: float) -> list[Mark]:
    """Each share's figure and name, from the top, behind a bar of its colour."""
    indent = look.text * 0.9
    width = look.left + look.width - left - indent
    drawn: list[Mark] = []
    top = look.top + look.text * 0.4
    for number, value in enumerate(values):
        start = top
        for text, weight in ((value.shown, 700), (value.label, 500)):
            if not text:
                continue
            written = _label(text, look, weight, lines=3)
            size = written.largest(look.text, look.text, width)
            drawn += written.set(Box(size, left + indent, top, width, look.ink))
            top += written.height(size, len(written.wrapped(size, width) or ())) + size * 0.55
        bottom = top - look.text * 0.55
        colour = look.lit if number == 0 else look.rest
        drawn.append(Slab(left, start, left + look.text * 0.25, bottom, colour))
        top += look.text * 0.6
    return drawn


def _label(text: str, look: Look, weight: int, lines: int = 1) -> Copy:
    return copy(
        "chart",
        text,
        fonts=look.fonts,
        family="text",
        weight=weight,
        language=look.language,
        lines=lines,
        leading=1.25,
    )


def _width(written: Copy) -> float:
    return sum(part.width + part.space for part in written.parts)
