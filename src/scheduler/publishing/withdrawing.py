"""Taking back what is public: at the platforms that can, and with a link for a person else."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from scheduler.errors import Ending
from scheduler.explaining import Kind, stands_on
from scheduler.ledger import Connection, Entry, Ledger, deciding, moves, questions
from scheduler.model import Coalition, Hold, Key, Scope, State
from scheduler.platforms import Platform

#: It must not go out any more, whatever it waits for or whoever has it in hand.
_TO_COME = (State.PLANNED, State.HELD, State.CLAIMED, State.STAGED)
#: Nobody knows whether it is public; where it is proved absent, it must not go out again.
_IN_DOUBT = (State.ARMED, State.UNCONFIRMED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """What withdrawing something will do."""

    #: Public, and taken down at its platform; the last part of a thread first.
    down: tuple[Entry, ...]
    #: A person must look: nobody knows whether it is public, or somebody posted it by hand.
    by_hand: tuple[Entry, ...]
    #: Not public yet: held, by its post.
    held: tuple[Entry, ...]

    def __bool__(self) -> bool:
        return bool(self.down or self.by_hand or self.held)


def of_delivery(ledger: Ledger, entry: Entry) -> Withdrawal:
    """One delivery, with those parts of its thread that answer it."""
    entries = ledger.read(lambda connection: questions.entries(connection, entry.campaign))
    return _sorted(
        each
        for each in entries
        if (each.post, each.account) == (entry.post, entry.account) and each.part >= entry.part
    )


def of_source(ledger: Ledger, coalition: Coalition, kind: Kind, id_: str) -> Withdrawal:
    """All that stands on a fact, quote, picture, helpline or consent, or stood on it when sent."""
    source = f"{kind} {id_}"
    now_on_it = _said_on(coalition, source)
    entries, sent_on_it = ledger.read(
        lambda connection: (
            questions.entries(connection, coalition.own.id),
            questions.sent_on(connection, coalition.own.id, source),
        )
    )
    return _sorted(
        entry
        for entry in entries
        if entry.key in sent_on_it
        or (
            (entry.post, entry.account) in now_on_it
            and entry.state in (*_TO_COME, *_IN_DOUBT, State.HANDED)
        )
    )


def _said_on(coalition: Coalition, source: str) -> frozenset[tuple[str, str]]:
    return frozenset(
        (post.id, account)
        for campaign in coalition.campaigns.values()
        for post in campaign.posts.values()
        if source in stands_on(post)
        for account in post.accounts
    )


def _sorted(entries: Iterable[Entry]) -> Withdrawal:
    known = tuple(entries)
    return Withdrawal(
        down=tuple(
            sorted(
                (entry for entry in known if entry.state is State.PUBLISHED),
                key=lambda entry: (entry.post, entry.account, -entry.part),
            )
        ),
        by_hand=tuple(entry for entry in known if entry.state in (*_IN_DOUBT, State.HANDED)),
        held=tuple(entry for entry in known if entry.state in _TO_COME),
    )


def withdraw(
    ledger: Ledger,
    withdrawal: Withdrawal,
    *,
    platform: Callable[[str], Platform | None],
    reason: str,
    now: datetime,
    who: str,
) -> dict[Key, str]:
    """Do it: first nothing more goes out, then what is public is taken down.

    Gives what could not be taken down, with the reason. May be repeated: what is gone is gone.
    """
    ledger.write(lambda connection: _hold(connection, withdrawal, reason, now, who))
    failed: dict[Key, str] = {}
    for entry in withdrawal.down:
        adapter = platform(entry.account)
        if adapter is None or entry.receipt is None:
            failed[entry.key] = "its account is no longer in the calendar"
            continue
        try:
            adapter.withdraw(entry.receipt)
        except Ending as ending:
            failed[entry.key] = str(ending)
        else:
            _withdrawn(ledger, entry, reason, now, who)
    return failed


def _hold(
    connection: Connection, withdrawal: Withdrawal, reason: str, now: datetime, who: str
) -> None:
    in_doubt = [entry for entry in withdrawal.by_hand if entry.state in _IN_DOUBT]
    kept_back = {(entry.campaign, entry.post): None for entry in (*withdrawal.held, *in_doubt)}
    for campaign, post in kept_back:
        hold = Hold(scope=Scope.POST, value=post, reason=reason, by=who)
        deciding.hold(connection, campaign, hold, now=now, who=who)


def _withdrawn(ledger: Ledger, entry: Entry, reason: str, now: datetime, who: str) -> None:
    def change(connection: Connection) -> None:
        moves.move(connection, entry, State.WITHDRAWN, now=now, who=who, reason=reason)
        deciding.record(connection, entry.campaign, "withdraw", entry.key, reason, now=now, who=who)

    ledger.write(change)
