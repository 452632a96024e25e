"""Sealed tokens that are renewed: one process at a time, and announced before it is done.

What a platform gives may be the last that anybody hears of the old token. So the ledger says,
durably and before the platform is asked, that it is being asked; whoever comes after a crash knows
that an answer may be lost, tries the old token again, and says so when that one is dead.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from scheduler.ledger.instants import later, stamp
from scheduler.ledger.questions import first
from scheduler.ledger.tables import grants


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An account's row."""

    revision: int = 0
    sealed: str | None = None
    key: str | None = None
    #: Since when somebody asks the platform for another, or did and was lost.
    renewing_since: datetime | None = None
    renewing_by: str | None = None
    trouble: str | None = None


def kept(connection: Connection, account: str) -> Kept:
    """What is kept of the account; an empty row where nothing is."""
    row = connection.execute(select(grants).where(grants.c.account == account)).first()
    if row is None:
        return Kept()
    return Kept(
        revision=row.revision,
        sealed=row.sealed,
        key=row.key,
        renewing_since=later(row.renewing_since),
        renewing_by=row.renewing_by,
        trouble=row.trouble,
    )


def keep(connection: Connection, account: str, sealed: str | None, *, key: str | None) -> int:
    """A person signed in, or the platform takes the old one no more; gives the revision.

    Whatever was being renewed is outrun by it.
    """
    _begun(connection, account)
    connection.execute(
        update(grants)
        .where(grants.c.account == account)
        .values(revision=grants.c.revision + 1, sealed=sealed, key=key, **_NOBODY, trouble=None)
    )
    return kept(connection, account).revision


def begin(
    connection: Connection,
    account: str,
    revision: int,
    *,
    now: datetime,
    lease: timedelta,
    worker: str,
) -> bool:
    """Announce that the platform is asked; False while somebody else asks, or was faster."""
    if not first(connection, f"renewing {account}"):
        return False
    _begun(connection, account)
    done = connection.execute(
        update(grants)
        .where(
            grants.c.account == account,
            grants.c.revision == revision,
            or_(
                grants.c.renewing_since.is_(None),
                grants.c.renewing_by == worker,
                grants.c.renewing_since <= stamp(now - lease),
            ),
        )
        .values(renewing_since=stamp(now), renewing_by=worker)
    )
    return done.rowcount == 1


def finish(
    connection: Connection, account: str, revision: int, sealed: str, *, key: str, worker: str
) -> bool:
    """Keep what the platform gave; False where a person has signed in meanwhile."""
    done = connection.execute(
        update(grants)
        .where(grants.c.account == account, grants.c.revision == revision, _own(worker))
        .values(revision=revision + 1, sealed=sealed, key=key, **_NOBODY, trouble=None)
    )
    return done.rowcount == 1


def give_up(connection: Connection, account: str, revision: int, *, worker: str) -> None:
    """The platform has changed nothing: the old one is as good as it was."""
    connection.execute(
        update(grants)
        .where(grants.c.account == account, grants.c.revision == revision, _own(worker))
        .values(**_NOBODY)
    )


def say_trouble(connection: Connection, account: str, revision: int, reason: str) -> None:
    """A person must sign in again; nothing else ends it."""
    connection.execute(
        update(grants)
        .where(grants.c.account == account, grants.c.revision == revision)
        .values(**_NOBODY, trouble=reason)
    )


def accounts(connection: Connection) -> frozenset[str]:
    """Of whom anything is kept."""
    found = connection.execute(select(grants.c.account).where(grants.c.sealed.is_not(None)))
    return frozenset(row.account for row in found)


def troubles(connection: Connection) -> Mapping[str, str]:
    """Why a person must sign in again, by account."""
    found = connection.execute(
        select(grants.c.account, grants.c.trouble)
        .where(grants.c.trouble.is_not(None))
        .order_by(grants.c.account)
    )
    return {row.account: row.trouble for row in found}


_NOBODY = {"renewing_since": None, "renewing_by": None}


def _own(worker: str) -> ColumnElement[bool]:
    return grants.c.renewing_by == worker


def _begun(connection: Connection, account: str) -> None:
    """A row for the account: of two that make it at once, the database takes one."""
    known = connection.execute(select(grants.c.account).where(grants.c.account == account)).first()
    if known is None:
        with suppress(IntegrityError), connection.begin_nested():
            connection.execute(insert(grants).values(account=account, revision=0))
