"""Every step of a delivery, as a short function of a connection.

A step is a compare-and-set on state and fence, with a line in the journal in the same transaction:
who lost the race is told so, and nothing is ever overwritten.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    Connection,
    Insert,
    Update,
    bindparam,
    insert,
    select,
    union_all,
    update,
)
from sqlalchemy.exc import IntegrityError

from scheduler.ledger.entries import Entry, Outrun, SaidAlready, digest, in_json
from scheduler.ledger.instants import later, stamp
from scheduler.ledger.questions import alone, first, said_before
from scheduler.ledger.tables import attempts, deliveries, journal
from scheduler.model import OPEN, TRANSITIONS, Receipt, State


def claim(
    connection: Connection, planned: Entry, *, now: datetime, until: datetime, worker: str
) -> Entry:
    """Take a planned delivery, until the lease ends.

    Raises `Outrun` when it, or another one of its account, is in somebody's hands.
    """
    if planned.state is not State.PLANNED or planned.look_at is None or planned.look_at > now:
        raise Outrun(planned.key)
    if not first(connection, f"claim for {planned.campaign}/{planned.account}"):
        raise Outrun(planned.key)
    fence = planned.fence + 1
    try:
        claimed = move(
            connection, planned, State.CLAIMED, now=now, who=worker, look_at=until, fence=fence
        )
    except IntegrityError:  # the account has one that is open
        raise Outrun(planned.key) from None
    attempt = {
        "key": planned.key,
        "account": planned.account,
        "fence": fence,
        "worker": worker,
        "claimed_at": stamp(now),
    }
    connection.execute(_NEW_ATTEMPT, attempt)
    return claimed


def move(
    connection: Connection,
    old: Entry,
    to: State,
    *,
    now: datetime,
    who: str,
    reason: str = "",
    look_at: datetime | None = None,
    fence: int | None = None,
    **columns: Any,
) -> Entry:
    """One step; returns the delivery as it stands then.

    Raises `Outrun` when the delivery is no longer in the state and fence of `old`.
    """
    if to not in TRANSITIONS[old.state]:
        raise AssertionError(f"{old.key}: {old.state} to {to} is no legal step")
    number = old.fence if fence is None else fence
    changed = {"state": to, "reason": reason, "fence": number, **columns}
    _set(connection, old, look_at=None if look_at is None else stamp(look_at), **changed)
    _journal(connection, _line(old, to, number, at=now, who=who, reason=reason))
    if old.state in OPEN and to not in OPEN:
        ending = f"{to}: {reason}" if reason else str(to)
        _write_attempt(connection, old, ended_at=stamp(now), ending=ending)
    return _moved(old, look_at=later(None if look_at is None else stamp(look_at)), **changed)


def arm(
    connection: Connection,
    claimed: Entry,
    *,
    draft: Mapping[str, Any],
    request: Mapping[str, Any],
    identity: str,
    now: datetime,
    until: datetime,
    who: str,
    cost: int = 0,
    uses: Collection[str] = (),
) -> Entry:
    """Keep with the attempt what will be said, as whom, and the very request that is to leave.

    Staged and armed are two steps with nothing between them: one commit serves both. Raises
    `SaidAlready` when the same has been armed for the same identity, under whatever name.
    """
    alone(connection, identity)
    if (twin := said_before(connection, claimed, draft, identity)) is not None:
        raise SaidAlready(twin)
    _write_attempt(
        connection,
        claimed,
        draft=in_json(draft),
        digest=digest(draft),
        request=in_json(request),
        identity=identity,
        armed_at=stamp(now),
        cost=cost,
        uses=in_json(sorted(uses)),
    )
    _set(connection, claimed, state=State.ARMED, reason="", look_at=stamp(until))
    staged = replace(claimed, state=State.STAGED)
    steps = ((claimed, State.STAGED), (staged, State.ARMED))
    _journal(connection, *(_line(old, to, claimed.fence, at=now, who=who) for old, to in steps))
    return replace(staged, state=State.ARMED, reason="", look_at=until)


def publish(
    connection: Connection,
    old: Entry,
    receipt: Receipt,
    *,
    now: datetime,
    who: str,
    reason: str = "",
    since: datetime | None = None,
) -> Entry:
    """It is public, and this is its receipt; `since` where that is known to be before `now`."""
    return move(
        connection,
        old,
        State.PUBLISHED,
        now=now,
        who=who,
        reason=reason,
        receipt_id=receipt.id,
        receipt_url=receipt.url,
        published_at=stamp(since or now),
    )


def correct(connection: Connection, public: Entry, receipt: Receipt, *, since: datetime) -> Entry:
    """It stands elsewhere than was said; the state stays. Raises `Outrun` as `move` does."""
    if public.state is not State.PUBLISHED:
        raise AssertionError(f"{public.key} is {public.state}, and has no receipt to correct")
    changed = {
        "receipt_id": receipt.id,
        "receipt_url": receipt.url,
        "published_at": stamp(since),
        "fence": public.fence + 1,
    }
    _set(connection, public, **changed)
    return _moved(public, **changed)


def postpone(
    connection: Connection, old: Entry, look_at: datetime | None, *, reason: str, tries: int = 1
) -> None:
    """Look again later, in the same state. Raises `Outrun` as `move` does."""
    _set(
        connection,
        old,
        look_at=None if look_at is None else stamp(look_at),
        reason=reason,
        tries=old.tries + tries,
    )


def look_at_all(connection: Connection, keys: Collection[str], at: datetime) -> None:
    """Have these looked at by then: something that kept them back has changed."""
    for key in keys:
        connection.execute(
            update(deliveries)
            .where(deliveries.c.key == key, deliveries.c.look_at.is_not(None))
            .where(deliveries.c.look_at > stamp(at), deliveries.c.state == State.HELD)
            .values(look_at=stamp(at))
        )


# Each statement is built once: building one costs more than the database takes for it.


@cache
def _compare_and_set(columns: frozenset[str]) -> Update:
    return (
        update(deliveries)
        .where(
            deliveries.c.key == bindparam("old_key"),
            deliveries.c.state == bindparam("old_state"),
            deliveries.c.fence == bindparam("old_fence"),
        )
        .values({column: bindparam(f"new_{column}") for column in columns})
    )


@cache
def _update_attempt(columns: frozenset[str]) -> Update:
    return (
        update(attempts)
        .where(attempts.c.key == bindparam("old_key"), attempts.c.fence == bindparam("old_fence"))
        .values({column: bindparam(f"new_{column}") for column in columns})
    )


@cache
def _new_lines(count: int) -> Insert:
    """So many in one statement: a server would be told of each on its own.

    They are selected, since SQLAlchemy builds anew what has several rows of values.
    """
    columns = [column for column in journal.c if column is not journal.c.id]
    rows = [
        select(*(bindparam(f"{column.name}_{n}", type_=column.type) for column in columns))
        for n in range(count)
    ]
    return insert(journal).from_select([column.name for column in columns], union_all(*rows))


_NEW_ATTEMPT = insert(attempts)


def _set(connection: Connection, old: Entry, **values: Any) -> None:
    written = {f"new_{column}": value for column, value in values.items()}
    seen = {"old_key": old.key, "old_state": old.state, "old_fence": old.fence}
    changed = connection.execute(_compare_and_set(frozenset(values)), {**written, **seen})
    if changed.rowcount != 1:
        raise Outrun(old.key)


def _journal(connection: Connection, *lines: Mapping[str, Any]) -> None:
    named = {f"{name}_{n}": value for n, line in enumerate(lines) for name, value in line.items()}
    connection.execute(_new_lines(len(lines)), named)


def _line(
    old: Entry, to: State, fence: int, *, at: datetime, who: str, reason: str = ""
) -> dict[str, Any]:
    return {
        "at": stamp(at),
        "who": who,
        "key": old.key,
        "from_state": old.state,
        "to_state": to,
        "fence": fence,
        "reason": reason,
    }


def _write_attempt(connection: Connection, held: Entry, **values: Any) -> None:
    written = {f"new_{column}": value for column, value in values.items()}
    connection.execute(
        _update_attempt(frozenset(values)),
        {**written, "old_key": held.key, "old_fence": held.fence},
    )


def _moved(old: Entry, **columns: Any) -> Entry:
    """The delivery with what was written to it, without asking for it again."""
    written = dict(columns)
    for name in ("due", "latest", "published_at"):
        if name in written:
            written[name] = later(written[name])
    id_, url = written.pop("receipt_id", None), written.pop("receipt_url", None)
    if id_ is not None:
        written["receipt"] = Receipt(id=id_, url=url or "")
    return replace(old, **written)
