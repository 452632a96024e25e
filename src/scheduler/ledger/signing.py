"""As whom each account is signed in, as its platform last said, and when it last published."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select

from scheduler.ledger.instants import instant, later, stamp
from scheduler.ledger.questions import first
from scheduler.ledger.tables import attempts, deliveries
from scheduler.ledger.tables import signed_in as rows
from scheduler.model import SignedIn


def signed_in(connection: Connection) -> tuple[SignedIn, ...]:
    """What is known of every account that was ever asked, by name."""
    return tuple(map(_read, connection.execute(select(rows).order_by(rows.c.account))))


def remember_signed_in(connection: Connection, said: SignedIn) -> None:
    """Keep what the platform says now, in the place of what it said before.

    Where another process is about to do so, the platform has just told it the same.
    """
    if not first(connection, f"signed in {said.account}"):
        return
    connection.execute(delete(rows).where(rows.c.account == said.account))
    connection.execute(
        insert(rows).values(
            account=said.account,
            platform=said.platform,
            name=said.name,
            url=said.url,
            looked_at=stamp(said.looked_at),
            expires=None if said.expires is None else stamp(said.expires),
            quota_left=said.quota_left,
        )
    )


def last_published(connection: Connection, campaign: str) -> Mapping[str, datetime]:
    """When each account last published something of the campaign."""
    found = connection.execute(
        select(deliveries.c.account, func.max(deliveries.c.published_at))
        .where(deliveries.c.campaign == campaign, deliveries.c.published_at.is_not(None))
        .group_by(deliveries.c.account)
    )
    return {account: instant(at) for account, at in found}


def sent_since(connection: Connection, account: str, *, window: timedelta, now: datetime) -> int:
    """How many posts of the account this ledger has let out in the last `window`."""
    counted = connection.execute(
        select(func.count())
        .select_from(attempts)
        .where(attempts.c.account == account, attempts.c.armed_at > stamp(now - window))
    ).scalar()
    return int(counted or 0)


def _read(row: Row[Any]) -> SignedIn:
    return SignedIn(
        account=row.account,
        platform=row.platform,
        name=row.name,
        url=row.url,
        looked_at=instant(row.looked_at),
        expires=later(row.expires),
        quota_left=row.quota_left,
    )
