"""The course of events: what happens by itself, one thing after the other, in true time."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Protocol

from scheduler.errors import UserError
from scheduler.publishing import Clock

#: When nothing moved, the next look is so much later, as the daemon's is.
EVERY = timedelta(minutes=1)


class TrueClock(Clock, Protocol):
    """The time that it really is, which somebody must move."""

    def advance(self, to: datetime) -> None: ...


@dataclass(frozen=True, slots=True, order=True)
class _Event:
    at: datetime
    number: int
    happen: Callable[[], None] = field(compare=False)


class Course:
    """What is to come. Nothing happens but while time passes."""

    def __init__(self, true: TrueClock) -> None:
        self._true = true
        self._coming: list[_Event] = []
        self._numbers = count()

    def now(self) -> datetime:
        """True time."""
        return self._true.now()

    @property
    def next(self) -> datetime | None:
        """When something happens next; None when nothing will."""
        return self._coming[0].at if self._coming else None

    def pass_to(self, to: datetime) -> None:
        while self._coming and self._coming[0].at <= to:
            event = heapq.heappop(self._coming)
            self._true.advance(event.at)
            event.happen()
        self._true.advance(to)

    def at(self, at: datetime, happen: Callable[[], None]) -> None:
        """Let it happen then; a minute later when the ledger cannot be used."""

        def surely() -> None:
            try:
                happen()
            except UserError:
                self.later(happen)

        heapq.heappush(self._coming, _Event(at, next(self._numbers), surely))

    def later(self, happen: Callable[[], None]) -> None:
        """Let it happen at the next look."""
        self.at(self.now() + EVERY, happen)
