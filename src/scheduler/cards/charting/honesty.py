"""What a chart may show: every length from zero, everything to one scale, nothing nameless."""

from __future__ import annotations

from scheduler.cards.errors import BadChart
from scheduler.model import Chart, ChartKind

#: More signs than this cannot be counted by eye, nor told apart on a phone.
MOST_SIGNS = 100
#: More populations than this side by side are a table; bars below one another have room for them.
MOST_COMPARED = 3
#: No figure that people publish is smaller or larger, and with these no sum overflows.
_LEAST_AMOUNT = 1e-9
_MOST_AMOUNT = 1e15
_WHOLE = 100
_TWO = 2


def check(chart: Chart) -> None:
    """Raises `BadChart` for numbers that would draw a lie."""
    if not chart.values:
        raise _bad("the chart has no values; give it at least one, or leave it out")
    if any(value.amount < 0 for value in chart.values):
        raise _bad("a chart cannot show amounts below zero")
    if not all(_is_drawable(value.amount) for value in chart.values):
        raise _bad(
            f"the amounts of a chart lie between {_LEAST_AMOUNT:g} and {_MOST_AMOUNT:g}, or are 0; "
            "write them in another unit"
        )
    match chart.kind:
        case ChartKind.PICTOGRAM:
            _check_pictogram(chart)
        case ChartKind.RING if chart.values[0].amount > _WHOLE:
            raise _bad(
                f"a ring shows a share of up to 100 per cent, not {chart.values[0].amount:g}"
            )
        case ChartKind.BARS:
            _check_lengths(chart, "every bar of the chart is zero")
        case ChartKind.BEFORE_AFTER:
            _check_before_after(chart)
        case ChartKind.COMPARISON:
            _check_comparison(chart)
        case _:
            pass


def _is_drawable(amount: float) -> bool:
    return amount == 0 or _LEAST_AMOUNT <= amount <= _MOST_AMOUNT


def _check_pictogram(chart: Chart) -> None:
    first = chart.values[0].amount
    if not (1 <= chart.of <= MOST_SIGNS and first <= chart.of):
        raise _bad(
            f"a pictogram marks some of 1 to {MOST_SIGNS} signs; {first:g} of {chart.of} is not "
            "possible"
        )
    if first != int(first):
        raise _bad(f"a pictogram marks whole signs, not {first:g}; use a ring or bars")


def _check_before_after(chart: Chart) -> None:
    if len(chart.values) != _TWO:
        raise _bad(f"before-after shows two amounts, not {len(chart.values)}; for more use bars")
    _check_lengths(chart, "both amounts of the chart are zero: there is nothing to draw")
    _check_named(chart, "each of the two times")


def _check_comparison(chart: Chart) -> None:
    if not _TWO <= len(chart.values) <= MOST_COMPARED:
        raise _bad(
            f"a comparison shows two or {MOST_COMPARED} populations, not {len(chart.values)}; "
            "use bars for more"
        )
    _check_lengths(chart, "every amount of the comparison is zero")
    _check_named(chart, "each population")


def _check_lengths(chart: Chart, message: str) -> None:
    if not any(value.amount for value in chart.values):
        raise _bad(message)


def _check_named(chart: Chart, what: str) -> None:
    """A length that nobody can tell from its neighbour, or without its figure, says nothing."""
    names = [" ".join(value.label.casefold().split()) for value in chart.values]
    if not all(names) or len(set(names)) < len(names):
        raise _bad(f"{what} needs a label of its own")
    if not all(value.shown.strip() for value in chart.values):
        raise _bad(f"{what} needs its figure in shown, as people write it")


def _bad(message: str) -> BadChart:
    return BadChart(message, "chart")
