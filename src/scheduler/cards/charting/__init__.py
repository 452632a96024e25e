"""Charts as marks: signs of which some are lit, bars, columns and a ring, each from zero.

A module for each kind, loaded when a card shows one: most cards have no chart.
"""

from __future__ import annotations

from importlib import import_module
from typing import Protocol, cast

from scheduler.cards.charting.honesty import check
from scheduler.cards.charting.placing import Look
from scheduler.cards.marks import Mark
from scheduler.model import Chart, ChartKind

__all__ = ["Look", "beside", "check", "height", "marks"]

_MODULES = {
    ChartKind.PICTOGRAM: "pictograms",
    ChartKind.BARS: "bars",
    ChartKind.RING: "rings",
    ChartKind.BEFORE_AFTER: "before_after",
    ChartKind.COMPARISON: "comparisons",
}
#: Those that may stand beside a figure.
_SMALL = frozenset({ChartKind.PICTOGRAM, ChartKind.RING})


class _Drawing(Protocol):
    """What the module of a kind gives."""

    def height(self, chart: Chart, look: Look) -> float: ...
    def marks(self, chart: Chart, look: Look) -> list[Mark]: ...


class _Small(_Drawing, Protocol):
    def beside(self, chart: Chart, tall: float) -> float: ...


def _drawing(chart: Chart) -> _Drawing:
    return cast("_Drawing", import_module(f"{__name__}.{_MODULES[chart.kind]}"))


def height(chart: Chart, look: Look) -> float:
    """What the chart takes of the look's height in its width, in pixels."""
    return _drawing(chart).height(chart, look)


def beside(chart: Chart, tall: float) -> float:
    """The width of a chart that may stand beside a figure `tall` pixels high; 0 if it may not."""
    if chart.kind not in _SMALL:
        return 0.0
    return cast("_Small", _drawing(chart)).beside(chart, tall)


def marks(chart: Chart, look: Look) -> list[Mark]:
    """The chart's shapes and labels. Raises `DoesNotFit` for labels that leave it no room."""
    return _drawing(chart).marks(chart, look)
