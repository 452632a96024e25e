"""What can be asked of the ledger: short functions of a connection that change nothing."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    Connection,
    and_,
    bindparam,
    func,
    literal_column,
    select,
    union_all,
)

from scheduler.ledger.entries import Attempt, Entry, attempt_of, digest, entry_of
from scheduler.ledger.instants import instant, stamp
from scheduler.ledger.tables import attempts, audit, campaigns, deliveries, journal, turns
from scheduler.model import OPEN, Key, State

#: States in which something is, or may be, public.
PUBLIC = (State.PUBLISHED, State.UNCONFIRMED, State.ARMED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Public:
    """A delivery that is public, with the frozen draft that it was published from."""

    entry: Entry
    draft: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the journal or of the audit trail."""

    at: datetime
    who: str
    act: str
    subject: str
    detail: str


class Due(NamedTuple):
    """A delivery that wants to be looked at."""

    key: Key
    account: str
    platform: str


def entries(connection: Connection, campaign: str, *, locked: bool = False) -> tuple[Entry, ...]:
    """Every delivery of a campaign that was ever planned, in the order of their time.

    `locked` keeps other processes from moving them until the transaction ends (SQLite, which has
    one writer, does so in any case).
    """
    order = (deliveries.c.due, deliveries.c.post, deliveries.c.account, deliveries.c.part)
    asked = select(deliveries).where(deliveries.c.campaign == campaign).order_by(*order)
    rows = connection.execute(asked.with_for_update() if locked else asked)
    return tuple(entry_of(row) for row in rows)


def alone(connection: Connection, name: str) -> None:
    """Let no other process that asks the same do anything until the transaction ends."""
    if connection.dialect.name == "postgresql":  # SQLite has one writer
        connection.execute(_ALONE, {"name": name})


def first(connection: Connection, name: str) -> bool:
    """Whether nobody else is about to do what is called so, until the transaction ends.

    As `alone`, but nobody waits: of two workers that wait for each other, in groups of changes, one
    would be undone as a whole, after a second.
    """
    if connection.dialect.name != "postgresql":
        return True
    return bool(connection.execute(_FIRST, {"name": name}).scalar())


_FIRST = select(func.pg_try_advisory_xact_lock(func.hashtextextended(bindparam("name"), 0)))
_ALONE = select(func.pg_advisory_xact_lock(func.hashtext(bindparam("name"))))
# Statements that are asked for every delivery are built once: building one costs more than the
# database takes for it.
_ENTRY = select(deliveries).where(deliveries.c.key == bindparam("key"))
_LAST_ATTEMPT = (
    select(attempts)
    .where(attempts.c.key == bindparam("key"))
    .order_by(attempts.c.fence.desc())
    .limit(1)
)
# The states are literals: SQLite uses a partial index for nothing else. It has so few rows that
# their time is looked at here; asked for as well, it would have SQLite walk all that is due.
_OPEN = (
    select(
        deliveries.c.key,
        deliveries.c.account,
        deliveries.c.platform,
        deliveries.c.state,
        deliveries.c.look_at,
    )
    .where(
        deliveries.c.campaign == bindparam("campaign"),
        deliveries.c.state.in_([literal_column(f"'{state}'") for state in OPEN]),
    )
    .order_by(deliveries.c.look_at)
)
_DUE = (
    select(deliveries.c.key, deliveries.c.account, deliveries.c.platform, deliveries.c.state)
    .where(deliveries.c.campaign == bindparam("campaign"), deliveries.c.look_at <= bindparam("now"))
    .order_by(deliveries.c.look_at, deliveries.c.post, deliveries.c.part)
    .limit(bindparam("most"))
)
# Whose turn is another worker's, and has not ended. Asked for each delivery (EXISTS), a server that
# has not counted its rows yet would walk all turns for each of them.
_ELSEWHERE = select(turns.c.name).where(
    turns.c.scope == bindparam("scope"),
    turns.c.until > bindparam("now"),
    turns.c.worker != bindparam("me"),
)
_COMING = (
    select(deliveries.c.key, deliveries.c.account, deliveries.c.platform, deliveries.c.state)
    .where(
        deliveries.c.campaign == bindparam("campaign"),
        deliveries.c.look_at > bindparam("after"),
        deliveries.c.look_at <= bindparam("until"),
        deliveries.c.state == State.PLANNED,
    )
    .order_by(deliveries.c.look_at, deliveries.c.post, deliveries.c.part)
)
_NEXT_LOOK = select(func.min(deliveries.c.look_at)).where(
    deliveries.c.campaign == bindparam("campaign")
)


def entry(connection: Connection, key: Key) -> Entry:
    return entry_of(connection.execute(_ENTRY, {"key": key}).one())


def known(connection: Connection, key: Key) -> Entry | None:
    """The delivery, or None where no such key was ever planned."""
    row = connection.execute(_ENTRY, {"key": key}).first()
    return None if row is None else entry_of(row)


def waiting(
    connection: Connection,
    campaign: str,
    *,
    now: datetime,
    without: Collection[str] = (),
    full: Collection[str] = (),
    worker: str = "",
    most: int,
) -> tuple[Due, ...]:
    """What wants to be looked at by now, except of some accounts and of `full` platforms.

    What is open comes first, since nothing else of its account can go out before it is settled;
    then whatever has waited longest. Where `worker` is named, what is another worker's turn is not
    among it.
    """
    opened = [
        Due(Key(row.key), row.account, row.platform)
        for row in connection.execute(_OPEN, {"campaign": campaign})
        if row.look_at is not None
        and row.look_at <= stamp(now)
        and row.account not in without
        and row.platform not in full
    ]
    asked = {"campaign": campaign, "now": stamp(now), "most": most}
    question = _DUE
    if without:
        question = question.where(deliveries.c.account.not_in(without))
    if full:
        question = question.where(deliveries.c.platform.not_in(full))
    if worker:
        question = question.where(deliveries.c.account.not_in(_ELSEWHERE))
        asked |= {"scope": accounts_of(campaign), "me": worker}
    due = connection.execute(question, asked)
    planned = [
        Due(Key(row.key), row.account, row.platform) for row in due if State(row.state) not in OPEN
    ]
    return (*opened, *planned)[:most]


def accounts_of(campaign: str) -> str:
    """The scope of the turns of a campaign's accounts."""
    return f"accounts of {campaign}"


def coming(
    connection: Connection, campaign: str, *, after: datetime, until: datetime
) -> tuple[Due, ...]:
    """What is planned for later than `after`, and not later than `until`."""
    asked = {"campaign": campaign, "after": stamp(after), "until": stamp(until)}
    rows = connection.execute(_COMING, asked)
    return tuple(Due(Key(row.key), row.account, row.platform) for row in rows)


def next_look(connection: Connection, campaign: str) -> datetime | None:
    """When the next delivery wants to be looked at, or None when nothing will happen by itself."""
    least = connection.execute(_NEXT_LOOK, {"campaign": campaign}).scalar()
    return None if least is None else instant(least)


def last_attempt(connection: Connection, key: Key) -> Attempt | None:
    row = connection.execute(_LAST_ATTEMPT, {"key": key}).first()
    return None if row is None else attempt_of(row)


def endings(connection: Connection, key: Key, most: int) -> tuple[str, ...]:
    """How its last tries have ended, the newest first; without the one that is under way."""
    asked = (
        select(attempts.c.ending)
        .where(attempts.c.key == key, attempts.c.ending.is_not(None))
        .order_by(attempts.c.fence.desc())
        .limit(most)
    )
    return tuple(str(ending) for ending in connection.execute(asked).scalars())


def said_before(
    connection: Connection, held: Entry, draft: Mapping[str, Any], identity: str
) -> Key | None:
    """Another delivery that says, or may have said, the same as the same identity.

    The same words, whatever the post is called by now; or the same part of the same post, whatever
    the account is called by now (its words may differ by a name at the foot of the card).
    """
    asked = {
        "identity": identity,
        "but": held.key,
        "digest": digest(draft),
        "campaign": held.campaign,
        "post": held.post,
        "part": held.part,
    }
    found = connection.execute(_SAID, asked).scalar()
    return None if found is None else Key(found)


_ARMED_AS = (
    select(deliveries.c.key)
    .join(attempts, attempts.c.key == deliveries.c.key)
    .where(
        attempts.c.identity == bindparam("identity"),
        attempts.c.armed_at.is_not(None),
        deliveries.c.key != bindparam("but"),
        deliveries.c.state.in_(PUBLIC),
    )
)
# Two halves: for "one or the other" no index could be used.
_SAID = union_all(
    _ARMED_AS.where(attempts.c.digest == bindparam("digest")),
    _ARMED_AS.where(
        deliveries.c.campaign == bindparam("campaign"),
        deliveries.c.post == bindparam("post"),
        deliveries.c.part == bindparam("part"),
    ),
).limit(1)


def first_day(connection: Connection, campaign: str) -> date | None:
    """The date of day 1 when the campaign was last planned."""
    written = connection.execute(
        select(campaigns.c.first_day).where(campaigns.c.id == campaign)
    ).scalar()
    return None if written is None else date.fromisoformat(written)


def edition(connection: Connection, campaign: str) -> str:
    """Of the files that were last taken up; "" where nobody has said."""
    found = connection.execute(select(campaigns.c.edition).where(campaigns.c.id == campaign))
    return found.scalar() or ""


def campaigns_known(connection: Connection) -> tuple[str, ...]:
    """The ids of all campaigns that were ever planned."""
    return tuple(connection.execute(select(campaigns.c.id).order_by(campaigns.c.id)).scalars())


def public_first_days(connection: Connection) -> dict[str, date]:
    """The date of day 1 of each campaign of which something is, or may be, public."""
    planned = connection.execute(select(campaigns.c.id, campaigns.c.first_day)).all()
    return {
        row.id: date.fromisoformat(row.first_day)
        for row in planned
        if any_public(connection, row.id)
    }


def any_public(connection: Connection, campaign: str) -> bool:
    found = connection.execute(
        select(deliveries.c.key)
        .where(deliveries.c.campaign == campaign, deliveries.c.state.in_(PUBLIC))
        .limit(1)
    ).first()
    return found is not None


def sent_on(connection: Connection, campaign: str, source: str) -> frozenset[Key]:
    """What stood on this fact, quote, picture, helpline or consent when it was last sent."""
    newest = (
        select(attempts.c.key, func.max(attempts.c.fence).label("fence"))
        .where(attempts.c.armed_at.is_not(None))
        .group_by(attempts.c.key)
        .subquery()
    )
    rows = connection.execute(
        select(attempts.c.key, attempts.c.uses)
        .join(newest, and_(newest.c.key == attempts.c.key, newest.c.fence == attempts.c.fence))
        .join(deliveries, deliveries.c.key == attempts.c.key)
        .where(deliveries.c.campaign == campaign, attempts.c.uses.is_not(None))
    )
    return frozenset(Key(row.key) for row in rows if source in json.loads(row.uses))


def public(connection: Connection, campaign: str) -> tuple[Public, ...]:
    """What was published and is known word for word, in the order of time."""
    newest = (
        select(attempts.c.key, func.max(attempts.c.fence).label("fence"))
        .where(attempts.c.armed_at.is_not(None), attempts.c.draft.is_not(None))
        .group_by(attempts.c.key)
        .subquery()
    )
    rows = connection.execute(
        select(deliveries, attempts.c.draft)
        .join(newest, newest.c.key == deliveries.c.key)
        .join(attempts, and_(attempts.c.key == newest.c.key, attempts.c.fence == newest.c.fence))
        .where(deliveries.c.campaign == campaign, deliveries.c.state == State.PUBLISHED)
        .order_by(deliveries.c.published_at, deliveries.c.key)
    )
    return tuple(Public(entry=entry_of(row), draft=json.loads(row.draft)) for row in rows)


def steps(connection: Connection, key: Key) -> tuple[Line, ...]:
    """Every step that the delivery ever took, in their order."""
    rows = connection.execute(select(journal).where(journal.c.key == key).order_by(journal.c.id))
    return tuple(
        Line(at=instant(row.at), who=row.who, act=row.to_state, subject=row.key, detail=row.reason)
        for row in rows
    )


def decisions(connection: Connection, campaign: str) -> tuple[Line, ...]:
    """Everything that people decided, in its order."""
    rows = connection.execute(
        select(audit).where(audit.c.campaign == campaign).order_by(audit.c.id)
    )
    return tuple(
        Line(at=instant(row.at), who=row.who, act=row.act, subject=row.subject, detail=row.detail)
        for row in rows
    )
