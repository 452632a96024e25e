"""How often an account may do something, in windows that begin with the epoch."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta


@dataclass(slots=True, kw_only=True)
class Quota:
    """So many uses in each window, per account. Guarded by its stand-in's lock."""

    limit: int
    window: timedelta
    _used: Counter[tuple[str, int]] = field(default_factory=Counter)

    def use(self, account: str, now: datetime, points: int = 1) -> bool:
        """Whether so much more is allowed; it is counted either way."""
        self._used[account, self._number(now)] += points
        return self._used[account, self._number(now)] <= self.limit

    def left(self, account: str, now: datetime) -> int:
        return max(0, self.limit - self._used[account, self._number(now)])

    def renewal(self, now: datetime) -> datetime:
        """When the next window begins."""
        return datetime.fromtimestamp((self._number(now) + 1) * self.window.total_seconds(), tz=UTC)

    def exhaust(self, account: str, now: datetime) -> None:
        """Leave nothing of this window."""
        used = self._used[account, self._number(now)]
        self._used[account, self._number(now)] = max(used, self.limit)

    def _number(self, now: datetime) -> int:
        return int(now.timestamp() // self.window.total_seconds())
