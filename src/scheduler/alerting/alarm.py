"""Tells people beside the publishing, in a thread of its own: what hangs here delays no post."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from scheduler.alerting.facts import CalendarFacts
from scheduler.alerting.rounds import Rounds

log = logging.getLogger(__name__)

#: Seconds after a look until its round: what it began has mostly ended then, and is told together.
SETTLED = 10.0
#: Seconds from one round to the next look that counts.
EVERY = 10.0
#: Seconds that whoever stops waits for a round under way; what is not told then is told later.
_ENDING = 5.0


class Alarm:
    """One for a daemon. `looked` only notes that there was a look."""

    def __init__(
        self,
        rounds: Rounds,
        facts: Callable[[], CalendarFacts | None],
        *,
        settled: float = SETTLED,
        every: float = EVERY,
    ) -> None:
        self._rounds = rounds
        self._facts = facts
        self._settled = settled
        self._every = every
        self._wanted = threading.Event()
        self._stopping = threading.Event()
        self._good = False
        self._thread = threading.Thread(target=self._go_round, name="alerts", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def looked(self, good: bool) -> None:
        """A look has ended, well or not. Returns at once."""
        self._good = good
        self._wanted.set()

    def close(self) -> None:
        """Begin no further round."""
        self._stopping.set()
        self._wanted.set()
        self._thread.join(_ENDING)

    def _go_round(self) -> None:
        while self._wanted.wait() and not self._stopping.wait(self._settled):
            self._wanted.clear()
            facts, good = self._facts(), self._good
            try:
                if facts is not None:
                    self._rounds.round(facts, good=good)
            except Exception:
                if self._stopping.is_set():  # the ledger was closed under a service that hung
                    log.warning("told again at the next start", extra={"action": "alerts"})
                    return
                # A full disk, a locked ledger: the next round tries again.
                log.exception("nobody could be told", extra={"action": "alerts"})
            self._stopping.wait(self._every)
