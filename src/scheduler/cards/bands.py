"""Files in bands: rows of a picture that are encoded on their own.

What a card shares with others is encoded once, and only the bands in which it differs anew.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Any, TypeVar

from scheduler.cards.canvas import Canvas

_Encoded = TypeVar("_Encoded")


class Bands:
    """A picture that cards share, encoded in each way when a second card wants it."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._encoded: dict[Hashable, Any] = {}

    def encoded(self, way: Hashable, encode: Callable[[Canvas], _Encoded]) -> _Encoded | None:
        """None for the first card: who draws no other would wait for both."""
        if way not in self._encoded:
            self._encoded[way] = None
            return None
        found: _Encoded | None = self._encoded[way]
        if found is None:
            found = self._encoded[way] = encode(self._canvas)
        return found


def touched(rows: Iterable[range], tall: int, height: int, *, near: int = 0) -> list[range]:
    """The bands, each `tall` rows, that the rows touch, from the top.

    Those with at most `near` others between them are one range.
    """
    found: list[range] = []
    for each in rows:
        part = range(max(each.start, 0) // tall, -(-min(each.stop, height) // tall))
        if found and part.start <= found[-1].stop + near:
            found[-1] = range(found[-1].start, max(part.stop, found[-1].stop))
        elif part:
            found.append(part)
    return found
