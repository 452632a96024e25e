"""A store that does not answer is left alone for a while: nobody waits for it with every card."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from typing import TypeVar

from scheduler.cards.sharing import Store
from scheduler.errors import Ending, NotSent

log = logging.getLogger(__name__)

#: Seconds until it is asked again.
REST = 30.0

T = TypeVar("T")


class Resting:
    """A store that says once that it is away, and once that it is there again."""

    def __init__(self, store: Store, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._why = ""
        self._until = 0.0

    def get(self, name: str) -> bytes | None:
        return self._asked(lambda: self._store.get(name))

    def create(self, name: str, data: bytes, media_type: str) -> bool:
        return self._asked(lambda: self._store.create(name, data, media_type))

    def put(self, name: str, data: bytes, media_type: str) -> None:
        self._asked(lambda: self._store.put(name, data, media_type))

    def remove(self, name: str) -> None:
        self._asked(lambda: self._store.remove(name))

    def listed(self, under: str) -> Mapping[str, str]:
        return self._asked(lambda: self._store.listed(under))

    def _asked(self, ask: Callable[[], T]) -> T:
        with self._lock:
            if self._why and self._monotonic() < self._until:
                raise NotSent(self._why)
        try:
            answer = ask()
        except Ending as ending:
            self._away(str(ending))
            raise
        self._there()
        return answer

    def _away(self, why: str) -> None:
        with self._lock:
            is_new = not self._why
            self._why, self._until = why, self._monotonic() + REST
        if is_new:
            log.warning(
                "%s. Cards that do not lie here are drawn here until it answers.",
                why,
                extra={"action": "shelf"},
            )

    def _there(self) -> None:
        with self._lock:
            was_away, self._why = bool(self._why), ""
        if was_away:
            log.info("the store of the cards answers again", extra={"action": "shelf"})
