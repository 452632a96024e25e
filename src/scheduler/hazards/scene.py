"""The play as it stands: its calendar, its time, and what the ledger says of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from scheduler.hazards.course import Course
from scheduler.hazards.machine import WorkerClock
from scheduler.ledger import Entry, deciding, questions
from scheduler.model import OPEN, Coalition, Key, State
from scheduler.publishing import Means
from scheduler.sandbox import Faultload, Sandbox, Struck

#: More looks than any delivery can need, so that a mistake cannot hang a rehearsal.
LOOKS = 1000


@dataclass(slots=True, kw_only=True)
class Scene:
    """What all that happens in the world sees of it."""

    load: Faultload
    course: Course
    #: The one of whoever publishes.
    clock: WorkerClock
    #: As it was edited last.
    coalition: Coalition
    held: Mapping[tuple[str, str], str]
    means: Means
    sandbox: Sandbox
    #: Everything that was injected, in its order.
    struck: list[Struck] = field(default_factory=list)

    def note(self, struck: Struck) -> None:
        """Remember a fault, with the delivery that was in hand when it struck."""
        entry = self.in_hand(struck.account) if struck.account else None
        self.struck.append(replace(struck, key=entry.key if entry else ""))

    # ── what the ledger says ──────────────────────────────────────────────────────────────────────

    def next_look(self) -> datetime | None:
        """When a delivery wants to be looked at, by the worker's clock."""
        campaign = self.coalition.own.id
        return self.means.ledger.read(lambda connection: questions.next_look(connection, campaign))

    def due(self) -> frozenset[Key]:
        """What wants to be looked at by now."""
        campaign, now = self.coalition.own.id, self.clock.now()
        found = self.means.ledger.read(
            lambda connection: questions.waiting(connection, campaign, now=now, most=LOOKS)
        )
        return frozenset(due.key for due in found)

    def holding(self) -> tuple[deciding.HoldEntry, ...]:
        campaign = self.coalition.own.id
        return self.means.ledger.read(lambda connection: deciding.holding(connection, campaign))

    def entries(self) -> tuple[Entry, ...]:
        campaign = self.coalition.own.id
        return self.means.ledger.read(lambda connection: questions.entries(connection, campaign))

    def in_hand(self, account: str) -> Entry | None:
        """What is under way for the account, or is being looked for."""
        own = [entry for entry in self.entries() if entry.account == account]
        being_sent = [entry for entry in own if entry.state in OPEN]
        unknown = [entry for entry in own if entry.state is State.UNCONFIRMED]
        return next(iter(being_sent or unknown), None)

    @property
    def ledger_file(self) -> Path:
        """Which every worker opens for itself."""
        file = self.means.ledger.file
        if file is None:
            raise AssertionError("a rehearsal's ledger is a file")
        return file
