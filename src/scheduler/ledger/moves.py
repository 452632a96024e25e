"""Every change and every question of the ledger, as short functions of a connection.

A step of a delivery is a compare-and-set on its state and fence, with a line in the journal in the
same transaction: who lost the race is told so, and nothing is ever overwritten.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, case, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from scheduler.ledger.tables import attempts, campaigns, deliveries, holds, journal
from scheduler.model import ENDED, OPEN, TRANSITIONS, Delivery, Key, Receipt, State

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Outrun(Exception):
    """Somebody else moved the delivery first: nothing was changed, and nothing may be sent."""


class FirstDayMoved(Exception):
    """Day 1 has another date than when posts of the campaign became public: nothing was changed."""

    def __init__(self, before: date, after: date) -> None:
        super().__init__(f"the first day was {before}, and posts are public already; now {after}")


def stamp(instant: datetime) -> int:
    """UTC microseconds."""
    return (instant - _EPOCH) // _MICROSECOND


def instant(stamp: int) -> datetime:
    return _EPOCH + stamp * _MICROSECOND


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A delivery as the ledger knows it."""

    key: Key
    campaign: str
    post: str
    account: str
    platform: str
    part: int
    day: int
    due: datetime
    latest: datetime
    state: State
    fence: int
    tries: int
    look_at: datetime | None
    reason: str
    receipt: Receipt | None
    published_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try: `request` is what was frozen when it was armed, `armed_at` is None before that."""

    fence: int
    armed_at: datetime | None
    #: As whom it was sent.
    identity: str | None
    draft: Mapping[str, Any] | None
    request: Mapping[str, Any] | None
    ending: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Synced:
    """What a calendar changed in the plan."""

    added: int = 0
    moved: int = 0
    cancelled: int = 0


# ── questions ─────────────────────────────────────────────────────────────────────────────────────


def entries(connection: Connection, campaign: str) -> tuple[Entry, ...]:
    """Every delivery of a campaign that was ever planned, in the order of their time."""
    order = (deliveries.c.due, deliveries.c.post, deliveries.c.account, deliveries.c.part)
    rows = connection.execute(
        select(deliveries).where(deliveries.c.campaign == campaign).order_by(*order)
    )
    return tuple(_entry(row) for row in rows)


def entry(connection: Connection, key: Key) -> Entry:
    return _entry(connection.execute(select(deliveries).where(deliveries.c.key == key)).one())


def waiting(
    connection: Connection, campaign: str, *, now: datetime, without: Collection[str], most: int
) -> tuple[Entry, ...]:
    """What wants to be looked at by now, except of some accounts.

    What is open comes first, since nothing else of its account can go out before it is settled;
    then whatever has waited longest.
    """
    settled = case((deliveries.c.state.in_(OPEN), 0), else_=1)
    rows = connection.execute(
        select(deliveries)
        .where(
            deliveries.c.campaign == campaign,
            deliveries.c.look_at <= stamp(now),
            deliveries.c.account.not_in(without),
        )
        .order_by(settled, deliveries.c.look_at, deliveries.c.post, deliveries.c.part)
        .limit(most)
    )
    return tuple(_entry(row) for row in rows)


def next_look(connection: Connection, campaign: str) -> datetime | None:
    """When the next delivery wants to be looked at, or None when nothing will happen by itself."""
    least = connection.execute(
        select(func.min(deliveries.c.look_at)).where(deliveries.c.campaign == campaign)
    ).scalar()
    return None if least is None else instant(least)


def last_attempt(connection: Connection, key: Key) -> Attempt | None:
    row = connection.execute(
        select(attempts).where(attempts.c.key == key).order_by(attempts.c.fence.desc()).limit(1)
    ).first()
    return None if row is None else _attempt(row)


def said_before(
    connection: Connection, held: Entry, draft: Mapping[str, Any], identity: str
) -> Key | None:
    """Another delivery that says, or may have said, the same as the same identity.

    The same words, whatever the post is called by now; or the same part of the same post, whatever
    the account is called by now (its words may differ by a name at the foot of the card).
    """
    same_post = and_(
        deliveries.c.campaign == held.campaign,
        deliveries.c.post == held.post,
        deliveries.c.part == held.part,
    )
    found = connection.execute(
        select(deliveries.c.key)
        .join(attempts, attempts.c.key == deliveries.c.key)
        .where(
            or_(attempts.c.digest == _digest(draft), same_post),
            attempts.c.identity == identity,
            attempts.c.armed_at.is_not(None),
            deliveries.c.key != held.key,
            deliveries.c.state.in_((State.PUBLISHED, State.UNCONFIRMED, State.ARMED)),
        )
        .limit(1)
    ).scalar()
    return None if found is None else Key(found)


def hold_reason(connection: Connection, campaign: str, account: str) -> str | None:
    """Why nothing of the account may go out, or None."""
    return connection.execute(
        select(holds.c.reason)
        .where(
            holds.c.campaign == campaign,
            holds.c.account == account,
            holds.c.released_at.is_(None),
        )
        .limit(1)
    ).scalar()


def first_day(connection: Connection, campaign: str) -> date | None:
    """The date of day 1 when the campaign was last planned."""
    written = connection.execute(
        select(campaigns.c.first_day).where(campaigns.c.id == campaign)
    ).scalar()
    return None if written is None else date.fromisoformat(written)


def public_first_days(connection: Connection) -> dict[str, date]:
    """The date of day 1 of each campaign of which something is, or may be, public."""
    known = connection.execute(select(campaigns.c.id, campaigns.c.first_day)).all()
    return {
        row.id: date.fromisoformat(row.first_day) for row in known if any_public(connection, row.id)
    }


def any_public(connection: Connection, campaign: str) -> bool:
    found = connection.execute(
        select(deliveries.c.key)
        .where(
            deliveries.c.campaign == campaign,
            deliveries.c.state.in_((State.PUBLISHED, State.UNCONFIRMED, State.ARMED)),
        )
        .limit(1)
    ).first()
    return found is not None


# ── changes ───────────────────────────────────────────────────────────────────────────────────────


def sync(
    connection: Connection,
    campaign: str,
    first: date,
    plan: Iterable[Delivery],
    *,
    gone: Callable[[str], bool] = lambda _: True,
    now: datetime,
    who: str,
) -> Synced:
    """Bring the plan to what the calendar says; what is public already is left alone.

    `gone` says of an account whether what is no longer planned for it was really taken out: the
    file of its organisation may only be unreadable for a while. Raises `FirstDayMoved` when the
    days would move under posts that are public.
    """
    _remember(connection, campaign, first)
    wanted = {delivery.key: delivery for delivery in plan}
    known = {known.key: known for known in entries(connection, campaign)}
    added = [_row(delivery) for key, delivery in wanted.items() if key not in known]
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


def _remember(connection: Connection, campaign: str, first: date) -> None:
    before = first_day(connection, campaign)
    if before is None:
        connection.execute(insert(campaigns).values(id=campaign, first_day=first.isoformat()))
    elif before != first:
        if any_public(connection, campaign):
            raise FirstDayMoved(before, first)
        connection.execute(
            update(campaigns).where(campaigns.c.id == campaign).values(first_day=first.isoformat())
        )


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
    same = (old.due, old.latest, old.day) == (new.due, new.latest, new.day)
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


def claim(
    connection: Connection, key: Key, *, now: datetime, until: datetime, worker: str
) -> Entry | None:
    """Take a planned delivery, until the lease ends; None when it or its account is taken."""
    found = entry(connection, key)
    if found.state is not State.PLANNED or found.look_at is None or found.look_at > now:
        return None
    fence = found.fence + 1
    try:
        with connection.begin_nested():
            claimed = move(
                connection, found, State.CLAIMED, now=now, who=worker, look_at=until, fence=fence
            )
    except (IntegrityError, Outrun):
        return None
    connection.execute(
        insert(attempts).values(key=key, fence=fence, worker=worker, claimed_at=stamp(now))
    )
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
    changed = connection.execute(
        update(deliveries)
        .where(
            deliveries.c.key == old.key,
            deliveries.c.state == old.state,
            deliveries.c.fence == old.fence,
        )
        .values(
            state=to,
            reason=reason,
            look_at=None if look_at is None else stamp(look_at),
            fence=number,
            **columns,
        )
    )
    if changed.rowcount != 1:
        raise Outrun(old.key)
    connection.execute(
        insert(journal).values(
            at=stamp(now),
            who=who,
            key=old.key,
            from_state=old.state,
            to_state=to,
            fence=number,
            reason=reason,
        )
    )
    if old.state in OPEN and to not in OPEN:
        ending = f"{to}: {reason}" if reason else str(to)
        _write_attempt(connection, old, ended_at=stamp(now), ending=ending)
    return entry(connection, old.key)


def stage(
    connection: Connection,
    held: Entry,
    draft: Mapping[str, Any],
    *,
    identity: str,
    now: datetime,
    until: datetime,
    who: str,
) -> Entry:
    """Everything invisible is done: keep with the attempt what will be said, and as whom."""
    _write_attempt(connection, held, draft=_json(draft), digest=_digest(draft), identity=identity)
    return move(connection, held, State.STAGED, now=now, who=who, look_at=until)


def arm(
    connection: Connection,
    held: Entry,
    request: Mapping[str, Any],
    *,
    now: datetime,
    until: datetime,
    who: str,
) -> Entry:
    """Keep with the attempt the very request that is about to leave."""
    _write_attempt(connection, held, request=_json(request), armed_at=stamp(now))
    return move(connection, held, State.ARMED, now=now, who=who, look_at=until)


def _write_attempt(connection: Connection, held: Entry, **values: Any) -> None:
    connection.execute(
        update(attempts)
        .where(attempts.c.key == held.key, attempts.c.fence == held.fence)
        .values(**values)
    )


def _json(values: Mapping[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False, sort_keys=True)


def _digest(draft: Mapping[str, Any]) -> str:
    return hashlib.sha256(_json(draft).encode()).hexdigest()


def postpone(connection: Connection, old: Entry, look_at: datetime | None, *, reason: str) -> None:
    """Look again later, in the same state. Raises `Outrun` as `move` does."""
    changed = connection.execute(
        update(deliveries)
        .where(
            deliveries.c.key == old.key,
            deliveries.c.state == old.state,
            deliveries.c.fence == old.fence,
        )
        .values(
            look_at=None if look_at is None else stamp(look_at),
            reason=reason,
            tries=deliveries.c.tries + 1,
        )
    )
    if changed.rowcount != 1:
        raise Outrun(old.key)


def hold(
    connection: Connection, campaign: str, account: str, *, reason: str, now: datetime, who: str
) -> None:
    """Let nothing of the account go out until a person releases it."""
    if hold_reason(connection, campaign, account) is None:
        connection.execute(
            insert(holds).values(
                campaign=campaign, account=account, reason=reason, since=stamp(now), who=who
            )
        )


def release(connection: Connection, campaign: str, account: str, *, now: datetime) -> bool:
    """End every hold of the account; False when there was none."""
    changed = connection.execute(
        update(holds)
        .where(
            holds.c.campaign == campaign,
            holds.c.account == account,
            holds.c.released_at.is_(None),
        )
        .values(released_at=stamp(now))
    )
    return changed.rowcount > 0


def _row(delivery: Delivery) -> dict[str, Any]:
    return {
        "key": delivery.key,
        "campaign": delivery.campaign,
        "post": delivery.post,
        "account": delivery.account,
        "platform": delivery.platform,
        "part": delivery.part,
        "day": delivery.day,
        "due": stamp(delivery.due),
        "latest": stamp(delivery.latest),
        "state": State.PLANNED,
        "look_at": stamp(delivery.due),
    }


def _entry(row: Row[Any]) -> Entry:
    return Entry(
        key=Key(row.key),
        campaign=row.campaign,
        post=row.post,
        account=row.account,
        platform=row.platform,
        part=row.part,
        day=row.day,
        due=instant(row.due),
        latest=instant(row.latest),
        state=State(row.state),
        fence=row.fence,
        tries=row.tries,
        look_at=None if row.look_at is None else instant(row.look_at),
        reason=row.reason,
        receipt=Receipt(id=row.receipt_id, url=row.receipt_url) if row.receipt_id else None,
        published_at=None if row.published_at is None else instant(row.published_at),
    )


def _attempt(row: Row[Any]) -> Attempt:
    return Attempt(
        fence=row.fence,
        armed_at=None if row.armed_at is None else instant(row.armed_at),
        identity=row.identity,
        draft=None if row.draft is None else json.loads(row.draft),
        request=None if row.request is None else json.loads(row.request),
        ending=row.ending,
    )
