"""Blocks below one another in a given height: as large as fits, the rest of the white to springs."""

from __future__ import annotations

import math
from collections.abc import Sequence

from scheduler.cards.blocks import Item, PointsItem, SpringItem, TextItem
from scheduler.cards.errors import CardError, DoesNotFit
from scheduler.cards.setting import too_many_lines

#: Steps between an area's smallest and largest setting.
_STEPS = 64


def flowed(flow: Sequence[Item], top: float, floor: float) -> tuple[float, list[float]]:
    """The ease at which everything fits, and where each item starts."""
    room = floor - top
    low, high = -1, _STEPS
    if tall(flow, 1.0) <= room:
        low = _STEPS
    while high - low > 1:
        middle = (low + high) // 2
        if tall(flow, middle / _STEPS) <= room:
            low = middle
        else:
            high = middle
    if low < 0:
        raise _too_full(flow, room)
    ease = low / _STEPS
    spare = room - tall(flow, ease)
    weights = sum(item.weight for item in flow if isinstance(item, SpringItem))
    tops = []
    for number, item in enumerate(flow):
        top += item.gap(ease) if number else 0.0
        tops.append(top)
        top += item.height(ease)
        if isinstance(item, SpringItem) and item.weight:
            top += spare * item.weight / weights
    return ease, tops


def tall(flow: Sequence[Item], ease: float) -> float:
    gaps = sum(item.gap(ease) for item in flow[1:])
    return gaps + sum(item.height(ease) for item in flow)


def _too_full(flow: Sequence[Item], room: float) -> CardError:
    """Blames the text that takes most of the lines that its template has in mind for it."""
    excess = tall(flow, 0.0) - room
    texts = [item for item in flow if isinstance(item, TextItem)]
    lists = [item for item in flow if isinstance(item, PointsItem)]
    if lists and (not texts or lists[0].height(0.0) > max(item.height(0.0) for item in texts)):
        return _too_many_points(lists[0], excess)
    if not texts:
        return DoesNotFit("the chart is too high for the card; leave out a value", "chart")
    worst = max(texts, key=lambda item: item.height(0.0))
    size = worst.size(0.0)
    lost = math.ceil(excess / (size * worst.block.leading))
    lines = worst.lines(0.0)
    return too_many_lines(worst.block.slot, worst.copy.text, lines, lines - lost, size)


def _too_many_points(points: PointsItem, excess: float) -> CardError:
    size = points.size(0.0)
    lines = sum(len(one.wrapped(size, points.width) or ()) for one in points.copies)
    lost = math.ceil(excess / (size * points.block.leading))
    text = "\n".join(one.text for one in points.copies)
    return too_many_lines("points", text, lines, lines - lost, size)


def first(flow: Sequence[Item], tops: Sequence[float]) -> float:
    return min(
        (y for item, y in zip(flow, tops, strict=True) if not isinstance(item, SpringItem)),
        default=0.0,
    )


def last(flow: Sequence[Item], tops: Sequence[float], ease: float) -> float:
    return max(
        (
            y + item.height(ease)
            for item, y in zip(flow, tops, strict=True)
            if not isinstance(item, SpringItem)
        ),
        default=0.0,
    )
