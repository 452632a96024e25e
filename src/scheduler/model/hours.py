"""A stretch of the day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """A stretch of the day, over midnight when it ends before it begins."""

    begin: time
    end: time

    def contain(self, at: time) -> bool:
        if self.begin <= self.end:
            return self.begin <= at < self.end
        return at >= self.begin or at < self.end
