"""Charts as marks: signs of which some are lit, bars, columns and a ring, each from zero."""

from __future__ import annotations

from scheduler.cards.charting import bars, before_after, comparisons, pictograms, rings
from scheduler.cards.charting.honesty import check
from scheduler.cards.charting.placing import Look
from scheduler.cards.marks import Mark
from scheduler.model import Chart, ChartKind

__all__ = ["Look", "beside", "check", "height", "marks"]


def height(chart: Chart, look: Look) -> float:
    """What the chart takes of the look's height in its width, in pixels."""
    match chart.kind:
        case ChartKind.PICTOGRAM:
            return pictograms.height(chart, look)
        case ChartKind.BARS:
            return bars.height(chart, look)
        case ChartKind.RING:
            return rings.height(chart, look)
        case ChartKind.BEFORE_AFTER:
            return before_after.height(look)
        case ChartKind.COMPARISON:
            return comparisons.height(chart, look)


def beside(chart: Chart, tall: float) -> float:
    """The width of a chart that may stand beside a figure `tall` pixels high; 0 if it may not."""
    match chart.kind:
        case ChartKind.PICTOGRAM:
            return pictograms.beside(chart, tall)
        case ChartKind.RING:
            return rings.beside(chart, tall)
        case _:
            return 0.0


def marks(chart: Chart, look: Look) -> list[Mark]:
    """The chart's shapes and labels. Raises `DoesNotFit` for labels that leave it no room."""
    match chart.kind:
        case ChartKind.PICTOGRAM:
            return pictograms.marks(chart, look)
        case ChartKind.BARS:
            return bars.marks(chart, look)
        case ChartKind.RING:
            return rings.marks(chart, look)
        case ChartKind.BEFORE_AFTER:
            return before_after.marks(chart, look)
        case ChartKind.COMPARISON:
            return comparisons.marks(chart, look)
