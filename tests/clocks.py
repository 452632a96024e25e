"""A clock that stands until a test sets it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

#: The first day of the campaign: rate limits begin anew at nine, and so does every post.
START = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


@dataclass(slots=True)
class Clock:
    instant: datetime = START

    def now(self):
        return self.instant
