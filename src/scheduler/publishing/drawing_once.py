"""A card that several machines need is drawn by one of them, once for each digest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from scheduler.cards import CardError
from scheduler.ledger import Ledger, taking_turns
from scheduler.publishing.means import Clock

#: Whoever draws has so long before another one tries: a card takes a fraction of a second.
TURN = timedelta(seconds=30)
#: So many workers in a row may be lost over a card; then a person must look.
LOST = 3
#: Seconds between two looks for a card that another one draws.
_PAUSE = 0.1
_SCOPE = "cards"


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawingOnce:
    """What a shelf asks before it draws; a worker that is lost meanwhile is replaced."""

    ledger: Ledger
    clock: Clock
    worker: str

    def __call__(self, name: str, lies: Callable[[], bool], make: Callable[[], None]) -> None:
        """Return when the card lies there. Raises a `CardError`."""
        while not lies():
            if self._take(name):
                self._made(name, lies, make)
                return
            self.clock.wait(_PAUSE)

    def _take(self, name: str) -> bool:
        now = self.clock.now()
        taken = self.ledger.write(
            lambda connection: taking_turns.take(
                connection, _SCOPE, [name], now=now, until=now + TURN, worker=self.worker
            )
        )
        return bool(taken)

    def _made(self, name: str, lies: Callable[[], bool], make: Callable[[], None]) -> None:
        lost = self.ledger.read(lambda connection: taking_turns.lost(connection, _SCOPE, name))
        if lost >= LOST:
            raise CardError(f"{lost} workers in a row were lost while they drew it", "template")
        try:
            if not lies():  # who had the turn before may just have ended
                make()
        finally:
            self.ledger.write(
                lambda connection: taking_turns.give_back(
                    connection, _SCOPE, [name], worker=self.worker
                )
            )
