"""What people decide: holds, approvals, and which accounts are live. Nothing of it is ever deleted.

Each decision leaves a line in the audit trail in the same transaction: who, what, when.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from scheduler.ledger.entries import digest as digest_of
from scheduler.ledger.entries import in_json
from scheduler.ledger.instants import instant, stamp
from scheduler.ledger.tables import approvals, audit, bindings, holds
from scheduler.model import Hold, Key, Scope, Target


class Origin(StrEnum):
    """Where a hold was said."""

    #: By a command.
    PERSON = "person"
    #: In holds.yaml, beside the calendar.
    FILE = "file"
    #: By the program itself: a platform refused the account.
    PROGRAM = "program"


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldEntry:
    """A hold as the ledger knows it, with the number that people release it by."""

    number: int
    hold: Hold
    since: datetime
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """Somebody's yes to exactly one draft of a delivery, which nobody took back."""

    key: Key
    digest: str
    who: str
    at: datetime
    #: The frozen draft; None where nothing but its digest was kept.
    draft: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """An account that this ledger publishes to: as whom, and where the ledger lay when it began."""

    account: str
    identity: str
    home: str
    since: datetime
    who: str


def record(
    connection: Connection,
    campaign: str,
    act: str,
    subject: str,
    detail: str = "",
    *,
    now: datetime,
    who: str,
) -> None:
    """A line of the audit trail."""
    connection.execute(
        insert(audit).values(
            at=stamp(now), who=who, campaign=campaign, act=act, subject=subject, detail=detail
        )
    )


# ── holds ─────────────────────────────────────────────────────────────────────────────────────────


def holding(connection: Connection, campaign: str) -> tuple[HoldEntry, ...]:
    """Every hold that was not released, oldest first."""
    rows = connection.execute(_HOLDING, {"campaign": campaign})
    return tuple(_hold(row) for row in rows)


_HOLDING = (
    select(holds)
    .where(holds.c.campaign == bindparam("campaign"), holds.c.released_at.is_(None))
    .order_by(holds.c.id)
)


def hold_reason(held: Iterable[Hold], targets: Collection[Target]) -> str | None:
    """Why nothing that belongs to one of these targets may go out, or None."""
    return next((_said(hold) for hold in held if hold.target in targets), None)


def hold(
    connection: Connection,
    campaign: str,
    wanted: Hold,
    *,
    now: datetime,
    who: str,
    origin: Origin = Origin.PERSON,
) -> bool:
    """Let nothing of its target go out; False when the same is held for the same reason already."""
    same = (wanted.target, wanted.reason)
    if any((each.hold.target, each.hold.reason) == same for each in holding(connection, campaign)):
        return False
    connection.execute(
        insert(holds).values(
            campaign=campaign,
            scope=wanted.scope,
            value=wanted.value,
            reason=wanted.reason,
            since=stamp(now),
            who=wanted.by or who,
            origin=origin,
        )
    )
    record(connection, campaign, "hold", str(wanted), wanted.reason, now=now, who=wanted.by or who)
    return True


def release(connection: Connection, campaign: str, number: int, *, now: datetime, who: str) -> None:
    """End the hold with this number."""
    ended = next(each for each in holding(connection, campaign) if each.number == number)
    connection.execute(
        update(holds)
        .where(holds.c.id == number, holds.c.released_at.is_(None))
        .values(released_at=stamp(now), released_by=who)
    )
    record(connection, campaign, "release", str(ended.hold), ended.hold.reason, now=now, who=who)


def follow_file(
    connection: Connection, campaign: str, written: Iterable[Hold], *, now: datetime, who: str
) -> tuple[HoldEntry, ...]:
    """Bring the holds of holds.yaml to what it says now; gives those that it says no more."""
    wanted = tuple(written)
    said = {(each.target, each.reason) for each in wanted}
    gone = tuple(
        each
        for each in holding(connection, campaign)
        if each.origin is Origin.FILE and (each.hold.target, each.hold.reason) not in said
    )
    for each in gone:
        release(connection, campaign, each.number, now=now, who=who)
    for said_now in wanted:
        hold(connection, campaign, said_now, now=now, who=who, origin=Origin.FILE)
    return gone


def _hold(row: Row[Any]) -> HoldEntry:
    return HoldEntry(
        number=row.id,
        hold=Hold(scope=Scope(row.scope), value=row.value, reason=row.reason, by=row.who),
        since=instant(row.since),
        origin=Origin(row.origin),
    )


def _said(held: Hold) -> str:
    # A refused account says its own reason; whoever held a country should be named.
    return held.reason if held.scope is Scope.ACCOUNT else f"{held} is held: {held.reason}"


# ── approvals ─────────────────────────────────────────────────────────────────────────────────────


def approvers(connection: Connection, key: Key, digest: str) -> tuple[str, ...]:
    """Who said yes to exactly this draft of the delivery: different names, in their order."""
    rows = connection.execute(
        select(approvals.c.who)
        .where(
            approvals.c.key == key,
            approvals.c.digest == digest,
            approvals.c.revoked_at.is_(None),
        )
        .order_by(approvals.c.id)
    )
    return tuple({one_name(row.who): row.who for row in rows}.values())


def approved_digests(connection: Connection, key: Key) -> frozenset[str]:
    """Every draft of the delivery that anybody said yes to and nobody took back."""
    rows = connection.execute(
        select(approvals.c.digest).where(approvals.c.key == key, approvals.c.revoked_at.is_(None))
    )
    return frozenset(row.digest for row in rows)


def approved(connection: Connection, campaign: str) -> tuple[Approval, ...]:
    """Every yes to a delivery of the campaign that nobody took back, in their order."""
    rows = connection.execute(
        select(approvals)
        .where(
            approvals.c.key.startswith(f"{campaign}/", autoescape=True),
            approvals.c.revoked_at.is_(None),
        )
        .order_by(approvals.c.id)
    )
    return tuple(
        Approval(
            key=Key(row.key),
            digest=row.digest,
            who=row.who,
            at=instant(row.at),
            draft=None if row.draft is None else json.loads(row.draft),
        )
        for row in rows
    )


def approve(
    connection: Connection,
    campaign: str,
    key: Key,
    draft: Mapping[str, Any],
    *,
    now: datetime,
    who: str,
) -> bool:
    """Say yes to exactly this frozen draft; False when the same person had said so."""
    digest = digest_of(draft)
    if one_name(who) in map(one_name, approvers(connection, key, digest)):
        return False
    connection.execute(
        insert(approvals).values(
            key=key, digest=digest, who=who, at=stamp(now), draft=in_json(draft)
        )
    )
    record(connection, campaign, "approve", key, digest, now=now, who=who)
    return True


def revoke(
    connection: Connection,
    campaign: str,
    keys: Iterable[Key],
    *,
    because: str,
    now: datetime,
    who: str,
) -> int:
    """Take back every yes to these deliveries; how many of them had one."""
    revoked = 0
    for key in keys:
        changed = connection.execute(
            update(approvals)
            .where(approvals.c.key == key, approvals.c.revoked_at.is_(None))
            .values(revoked_at=stamp(now), revoked_because=because)
        )
        if changed.rowcount:
            revoked += 1
            record(connection, campaign, "revoke", key, because, now=now, who=who)
    return revoked


def one_name(name: str) -> str:
    """Two ways of writing one name are one person."""
    return " ".join(name.split()).casefold()


# ── accounts that are live ────────────────────────────────────────────────────────────────────────


def binding(connection: Connection, campaign: str, account: str) -> Binding | None:
    """As whom the account is live on this ledger, or None where it is not."""
    row = connection.execute(_BINDING, {"campaign": campaign, "account": account}).first()
    return None if row is None else _binding(row)


_BINDING = select(bindings).where(
    bindings.c.campaign == bindparam("campaign"),
    bindings.c.account == bindparam("account"),
    bindings.c.ended_at.is_(None),
)


def live(connection: Connection, campaign: str) -> tuple[Binding, ...]:
    """Every account that is live on this ledger."""
    rows = connection.execute(
        select(bindings)
        .where(bindings.c.campaign == campaign, bindings.c.ended_at.is_(None))
        .order_by(bindings.c.account)
    )
    return tuple(_binding(row) for row in rows)


def live_accounts(connection: Connection) -> dict[str, frozenset[str]]:
    """Every account that is live on this ledger, by campaign."""
    found: dict[str, set[str]] = {}
    rows = connection.execute(
        select(bindings.c.campaign, bindings.c.account).where(bindings.c.ended_at.is_(None))
    )
    for row in rows:
        found.setdefault(row.campaign, set()).add(row.account)
    return {campaign: frozenset(accounts) for campaign, accounts in found.items()}


def bind(
    connection: Connection,
    campaign: str,
    account: str,
    identity: str,
    *,
    home: str,
    now: datetime,
    who: str,
) -> None:
    """Publish to the account from this ledger, and only while it lies there, from now on."""
    unbind(connection, campaign, account, because="bound anew", now=now, who=who)
    connection.execute(
        insert(bindings).values(
            campaign=campaign,
            account=account,
            identity=identity,
            home=home,
            since=stamp(now),
            who=who,
        )
    )
    record(connection, campaign, "live", account, identity, now=now, who=who)


def unbind(
    connection: Connection, campaign: str, account: str, *, because: str, now: datetime, who: str
) -> bool:
    """Publish nothing more to the account from this ledger; False when it was not live."""
    changed = connection.execute(
        update(bindings)
        .where(
            bindings.c.campaign == campaign,
            bindings.c.account == account,
            bindings.c.ended_at.is_(None),
        )
        .values(ended_at=stamp(now), ended_because=because)
    )
    if changed.rowcount:
        record(connection, campaign, "unbind", account, because, now=now, who=who)
    return changed.rowcount > 0


def _binding(row: Row[Any]) -> Binding:
    return Binding(
        account=row.account,
        identity=row.identity,
        home=row.home,
        since=instant(row.since),
        who=row.who,
    )
