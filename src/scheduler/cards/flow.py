"""Blocks below one another in a given height: as large as fits, the rest is the springs'."""

from __future__ import annotations

import math
from collections.abc import Sequence

from scheduler.cards.errors import CardError, DoesNotFit
from scheduler.cards.fitting import largest
from scheduler.cards.items import ChartItem, Item, PointsItem, SpringItem, TextItem, reach, tall
from scheduler.cards.setting import too_many_lines

#: Steps between an area's smallest and largest setting.
_STEPS = 64


def flowed(flow: Sequence[Item], top: float, floor: float) -> tuple[float, list[float]]:
    """The ease at which everything fits, and where each item starts."""
    room = floor - top
    talls = [math.nan] * (_STEPS + 1)

    def fits(step: int) -> bool:
        talls[step] = tall(flow, step / _STEPS)
        return talls[step] <= room

    step = largest(fits, 0, _STEPS)
    if step is None:
        raise _too_full(flow, room)
    ease = step / _STEPS
    spare = room - talls[step]
    weights = sum(item.weight for item in flow if isinstance(item, SpringItem))
    tops = []
    for number, item in enumerate(flow):
        rise, hang = reach(item, ease)
        top += rise + (item.gap(ease) if number else 0.0)
        tops.append(top)
        top += item.height(ease) + hang
        if isinstance(item, SpringItem) and item.weight:
            top += spare * item.weight / weights
    return ease, tops


def _too_full(flow: Sequence[Item], room: float) -> CardError:
    """Blames what takes most room: a text, the points or the chart."""
    excess = tall(flow, 0.0) - room
    blamed = [item for item in flow if isinstance(item, TextItem | PointsItem | ChartItem)]
    worst = max(blamed, key=lambda item: item.height(0.0), default=None)
    if isinstance(worst, TextItem):
        size, lines = worst.size(0.0), worst.lines(0.0)
        lost = math.ceil(excess / (size * worst.block.leading))
        return too_many_lines(worst.block.slot, worst.copy.text, lines, lines - lost, size)
    if isinstance(worst, PointsItem):
        return _too_many_points(worst, excess)
    return DoesNotFit("the chart is too high for the card; leave out some of its values", "chart")


def _too_many_points(points: PointsItem, excess: float) -> CardError:
    size = points.size(0.0)
    lines = sum(one.count(size, points.width) for one in points.copies)
    lost = math.ceil(excess / (size * points.block.leading))
    text = "\n".join(one.text for one in points.copies)
    return too_many_lines("points", text, lines, lines - lost, size)
