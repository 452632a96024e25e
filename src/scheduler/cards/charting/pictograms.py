"""Signs in rows, of which some are lit."""

from __future__ import annotations

from scheduler.cards.charting.placing import Look, disc, slab
from scheduler.cards.marks import Disc, Mark, Slab
from scheduler.model import Chart

_IN_A_ROW = 10
_IN_A_LONG_ROW = 20
#: A person's sign: its width and the gap to the next, in parts of its height.
_PERSON = 0.44
_GAP = 0.16
#: More signs than this are too small beside a figure.
_FEW = 5


def height(chart: Chart, look: Look) -> float:
    rows = -(-chart.of // _across(chart.of))
    return (rows * (1 + _GAP) - _GAP) * _sign_height(chart.of, look.width, look.height)


def beside(chart: Chart, tall: float) -> float:
    """The width of signs `tall` pixels high in one row; 0 if they are too many for that."""
    return tall * (chart.of * (_PERSON + _GAP) - _GAP) if chart.of <= _FEW else 0.0


def marks(chart: Chart, look: Look) -> list[Mark]:
    tall = _sign_height(chart.of, look.width, look.height)
    lit = chart.values[0].amount
    drawn: list[Mark] = []
    for number in range(chart.of):
        row, column = divmod(number, _across(chart.of))
        left = look.left + column * tall * (_PERSON + _GAP)
        top = look.top + row * tall * (1 + _GAP)
        drawn += _person(look, (left, top), tall, look.lit if number < lit else look.rest)
    return drawn


def _across(of: int) -> int:
    """How many signs stand in a row."""
    return min(of, _IN_A_ROW if of <= 2 * _IN_A_ROW else _IN_A_LONG_ROW)


def _sign_height(of: int, width: float, wanted: float) -> float:
    across = _across(of)
    rows = -(-of // across)
    return min(wanted / (rows * (1 + _GAP) - _GAP), width / (across * (_PERSON + _GAP) - _GAP))


def _person(look: Look, place: tuple[float, float], tall: float, colour: str) -> list[Mark]:
    """A head above shoulders, upright: nobody in particular, and nobody beaten."""
    left, top = place
    wide = tall * _PERSON
    radius = tall * 0.155
    shoulders = Slab(
        left,
        top + tall * 0.365,
        left + wide,
        top + tall,
        colour,
        upper=wide / 2,
        lower=tall * 0.035,
    )
    head = Disc(left + wide / 2, top + radius, radius, colour)
    return [disc(look, head), slab(look, shoulders)]
