"""The plan of a calendar into the ledger; what is public already is left alone."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, insert, update

from scheduler.ledger.entries import Entry, row_of
from scheduler.ledger.instants import stamp
from scheduler.ledger.moves import move
from scheduler.ledger.questions import alone, any_public, entries, first_day
from scheduler.ledger.tables import campaigns, deliveries
from scheduler.model import ENDED, Delivery, Key, State


class FirstDayMoved(Exception):
    """Day 1 has another date than when posts of the campaign became public: nothing was changed."""

    def __init__(self, before: date, after: date) -> None:
        super().__init__(f"the first day was {before}, and posts are public already; now {after}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Synced:
    """What a calendar changed in the plan."""

    added: int = 0
    moved: int = 0
    cancelled: int = 0


def sync(
    connection: Connection,
    campaign: str,
    first: date,
    plan: Iterable[Delivery],
    *,
    gone: Callable[[str], bool] = lambda _: True,
    now: datetime,
    who: str,
    edition: str = "",
) -> Synced:
    """Bring the plan to what the calendar says; what is public already is left alone.

    `gone` says of an account whether what is no longer planned for it was really taken out: the
    file of its organisation may only be unreadable for a while. Raises `FirstDayMoved` when the
    days would move under posts that are public. `edition` names the files: who has others
    publishes nothing from now on.
    """
    alone(connection, campaign)
    _remember(connection, campaign, first, edition)
    wanted = {delivery.key: delivery for delivery in plan}
    if _as_planned(entries(connection, campaign), wanted, gone):
        _look_again(connection, campaign, now)
        return Synced()
    known = {known.key: known for known in entries(connection, campaign, locked=True)}
    added = [row_of(delivery) for key, delivery in wanted.items() if key not in known]
    if added:
        connection.execute(insert(deliveries), added)
    moved = sum(
        _replan(connection, known[key], delivery, now=now, who=who)
        for key, delivery in wanted.items()
        if key in known
    )
    taken_out = [
        old
        for key, old in known.items()
        if key not in wanted and old.state in (State.PLANNED, State.HELD) and gone(old.account)
    ]
    for old in taken_out:
        move(connection, old, State.CANCELLED, now=now, who=who, reason="taken out of the calendar")
    _look_again(connection, campaign, now)
    return Synced(added=len(added), moved=moved, cancelled=len(taken_out))


def _as_planned(
    known: Collection[Entry], wanted: Mapping[Key, Delivery], gone: Callable[[str], bool]
) -> bool:
    """Whether there is nothing to change: then nobody who publishes is kept waiting."""
    if wanted.keys() - {old.key for old in known}:
        return False
    return all(
        _same(old, wanted[old.key]) and old.state is not State.CANCELLED
        if old.key in wanted
        else old.state not in (State.PLANNED, State.HELD) or not gone(old.account)
        for old in known
    )


def _same(old: Entry, new: Delivery) -> bool:
    return (old.due, old.latest, old.day) == (new.due, new.latest, new.day)


def _remember(connection: Connection, campaign: str, first: date, edition: str) -> None:
    before = first_day(connection, campaign)
    said = {"first_day": first.isoformat(), "edition": edition}
    if before is None:
        connection.execute(insert(campaigns).values(id=campaign, **said))
        return
    if before != first and any_public(connection, campaign):
        raise FirstDayMoved(before, first)
    connection.execute(update(campaigns).where(campaigns.c.id == campaign).values(**said))


def _look_again(connection: Connection, campaign: str, now: datetime) -> None:
    """Whoever starts, or edits, has what is unconfirmed looked for once more."""
    connection.execute(
        update(deliveries)
        .where(
            deliveries.c.campaign == campaign,
            deliveries.c.state == State.UNCONFIRMED,
            deliveries.c.look_at.is_(None),
        )
        .values(look_at=stamp(now))
    )


def _replan(connection: Connection, old: Entry, new: Delivery, *, now: datetime, who: str) -> bool:
    """Take over a new time, whatever the delivery is doing; true when it had another one."""
    same = _same(old, new)
    times: dict[str, Any] = {"due": stamp(new.due), "latest": stamp(new.latest), "day": new.day}
    again = old.state is State.CANCELLED or (
        old.state in (State.MISSED, State.REJECTED) and not same and new.latest > now
    )
    if again or (old.state is State.HELD and not same):
        move(connection, old, State.PLANNED, now=now, who=who, look_at=new.due, tries=0, **times)
        return True
    if same or old.state in ENDED:
        return False
    if old.state is State.PLANNED:
        # A new fence: who has read the old time may do nothing with it any more. What a platform
        # wants to be waited for is waited for.
        waits = old.look_at if old.tries and old.look_at else new.due
        times |= {"look_at": stamp(max(waits, new.due)), "fence": old.fence + 1}
    connection.execute(update(deliveries).where(deliveries.c.key == old.key).values(**times))
    return True
