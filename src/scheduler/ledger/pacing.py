"""How fast an account may go, and what it has cost: counted from what the ledger has armed."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, func, insert, or_, select

from scheduler.ledger.instants import instant, stamp
from scheduler.ledger.tables import attempts, deliveries, waits
from scheduler.model import State

#: Endings of an attempt after which the platform has charged, or may have charged, for a post.
_CHARGED = (State.PUBLISHED, State.UNCONFIRMED)

# Asked for every delivery: built once.
_WAIT = select(waits.c.until, waits.c.reason).where(
    waits.c.campaign == bindparam("campaign"), waits.c.account == bindparam("account")
)
_ARMED_IN = (
    select(attempts.c.armed_at)
    .where(attempts.c.account == bindparam("account"), attempts.c.armed_at > bindparam("after"))
    .order_by(attempts.c.armed_at.desc())
    .offset(bindparam("skip"))
    .limit(1)
)


def wait(
    connection: Connection, campaign: str, account: str, until: datetime, *, reason: str
) -> None:
    """Ask nothing of the account before then; what was said earlier no longer counts."""
    connection.execute(
        delete(waits).where(waits.c.campaign == campaign, waits.c.account == account)
    )
    connection.execute(
        insert(waits).values(campaign=campaign, account=account, until=stamp(until), reason=reason)
    )


def waited_for(connection: Connection, campaign: str, account: str) -> tuple[datetime, str] | None:
    """Until when nothing is to be asked of the account, and why; None when nothing was said."""
    row = connection.execute(_WAIT, {"campaign": campaign, "account": account}).first()
    return None if row is None else (instant(row.until), row.reason)


def full_until(
    connection: Connection, account: str, *, posts: int, window: timedelta, now: datetime
) -> datetime | None:
    """When an account that has `posts` of them in the last `window` may send another; None: now."""
    asked = {"account": account, "after": stamp(now - window), "skip": posts - 1}
    row = connection.execute(_ARMED_IN, asked).first()
    return None if row is None else instant(row.armed_at) + window


def spent(connection: Connection, campaign: str, account: str) -> int:
    """What the account's posts have cost, in thousandths of a US dollar; at worst, if unsure."""
    charged = or_(
        attempts.c.ended_at.is_(None),
        *(attempts.c.ending.startswith(str(state)) for state in _CHARGED),
    )
    total = connection.execute(
        select(func.sum(attempts.c.cost))
        .join(deliveries, deliveries.c.key == attempts.c.key)
        .where(
            deliveries.c.campaign == campaign,
            attempts.c.account == account,
            attempts.c.armed_at.is_not(None),
            charged,
        )
    ).scalar()
    return int(total or 0)
