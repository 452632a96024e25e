"""The end of a hold: what it kept back, what has passed meanwhile, and what needs a new yes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from scheduler.ledger import (
    Connection,
    Entry,
    HoldEntry,
    Ledger,
    Origin,
    deciding,
    moves,
    questions,
)
from scheduler.model import ENDED, Coalition, State
from scheduler.planning import keys_of


class Passed(StrEnum):
    """What becomes of posts whose hour struck while they were held."""

    #: They are missed: the moment is over.
    SKIP = "skip"
    #: They go out now, those that are within their grace.
    PUBLISH = "publish"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What a hold keeps back: what is still to come, and what should have gone out by now."""

    coming: tuple[Entry, ...]
    passed: tuple[Entry, ...]
    #: In somebody's hands, or perhaps public: what becomes of it is not decided here.
    in_doubt: tuple[Entry, ...]

    @property
    def all(self) -> tuple[Entry, ...]:
        return (*self.coming, *self.passed, *self.in_doubt)


def kept_back(connection: Connection, coalition: Coalition, hold: HoldEntry, now: datetime) -> Kept:
    """Every delivery that the hold concerns and that has not come to an end."""
    reached = frozenset(keys_of(coalition, hold.hold.target))
    entries = questions.entries(connection, coalition.own.id, locked=True)
    open_ = [entry for entry in entries if entry.key in reached and entry.state not in ENDED]
    waiting = [entry for entry in open_ if entry.state in (State.PLANNED, State.HELD)]
    return Kept(
        coming=tuple(entry for entry in waiting if entry.due > now),
        passed=tuple(entry for entry in waiting if entry.due <= now),
        in_doubt=tuple(entry for entry in open_ if entry not in waiting),
    )


def release(
    ledger: Ledger,
    coalition: Coalition,
    hold: HoldEntry,
    *,
    passed: Passed,
    now: datetime,
    who: str,
) -> int:
    """End the hold; how many deliveries must be approved once more.

    A person who held a country had a reason to think: what was approved before is to be looked at
    again. An account that its platform refused said nothing about the words.
    """
    campaign = coalition.own.id

    def change(connection: Connection) -> int:
        kept = kept_back(connection, coalition, hold, now)
        deciding.release(connection, campaign, hold.number, now=now, who=who)
        moves.look_at_all(connection, [entry.key for entry in kept.passed], now)
        if passed is Passed.SKIP:
            for entry in kept.passed:
                reason = f"its time passed while {hold.hold} was held: {hold.hold.reason}"
                moves.move(connection, entry, State.MISSED, now=now, who=who, reason=reason)
        if hold.origin is Origin.PROGRAM:
            return 0
        return deciding.revoke(
            connection,
            campaign,
            [entry.key for entry in kept.all],
            because=f"the hold of {hold.hold} ended",
            now=now,
            who=who,
        )

    return ledger.write(change)
