"""Who was told of what, and who cannot be reached. Nothing of it is ever deleted."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Update, bindparam, insert, select, update

from scheduler.ledger.instants import instant, later, stamp
from scheduler.ledger.questions import alone
from scheduler.ledger.tables import recipients, tellings

#: What the ping is called among those who can be reached: no recipient can be called so.
PING = "ping:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """Somebody was told of a matter, at a step of it; open while the matter is still so."""

    recipient: str
    matter: str
    step: str
    told_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """How far a recipient can be reached."""

    name: str
    not_before: datetime
    reached_at: datetime | None
    #: None where the last try went well.
    failing_since: datetime | None
    tries: int
    reason: str


def tellings_of(
    connection: Connection, campaign: str, *, ended: bool = False
) -> tuple[Telling, ...]:
    """What was told of what is still so, oldest first; with `ended`, of everything."""
    asked = select(tellings).where(tellings.c.campaign == campaign).order_by(tellings.c.id)
    if not ended:
        asked = asked.where(tellings.c.ended_at.is_(None))
    return tuple(_telling(row) for row in connection.execute(asked))


def tell(
    connection: Connection,
    campaign: str,
    recipient: str,
    told: Iterable[tuple[str, str]],
    *,
    now: datetime,
) -> None:
    """The recipient was reached with these matters, each at its step."""
    rows = [
        {
            "campaign": campaign,
            "recipient": recipient,
            "matter": matter,
            "step": step,
            "told_at": stamp(now),
        }
        for matter, step in told
    ]
    if rows:
        connection.execute(insert(tellings), rows)
    reached(connection, campaign, recipient, now=now)


def end(
    connection: Connection, campaign: str, still: Collection[str], *, now: datetime
) -> tuple[str, ...]:
    """Whatever is not `still` so has ended: it is told again when it comes back. Gives its ids."""
    opened = {each.matter for each in tellings_of(connection, campaign)}
    gone = tuple(sorted(opened - set(still)))
    for matter in gone:
        connection.execute(
            update(tellings)
            .where(
                tellings.c.campaign == campaign,
                tellings.c.matter == matter,
                tellings.c.ended_at.is_(None),
            )
            .values(ended_at=stamp(now))
        )
    return gone


def claim(
    connection: Connection, campaign: str, recipient: str, *, now: datetime, until: datetime
) -> bool:
    """Whether this process may try to reach the recipient now; others may not before `until`."""
    alone(connection, f"alerts {campaign}")
    if reached_of(connection, campaign, recipient) is None:
        connection.execute(
            insert(recipients).values(campaign=campaign, name=recipient, not_before=stamp(until))
        )
        return True
    changed = connection.execute(
        _of(campaign, recipient)
        .where(recipients.c.not_before <= stamp(now))
        .values(not_before=stamp(until))
    )
    return changed.rowcount == 1


def reached(connection: Connection, campaign: str, recipient: str, *, now: datetime) -> None:
    """The recipient was reached: the next message needs no patience."""
    connection.execute(
        _of(campaign, recipient).values(
            not_before=stamp(now), reached_at=stamp(now), failing_since=None, tries=0, reason=""
        )
    )


def failed(
    connection: Connection,
    campaign: str,
    recipient: str,
    reason: str,
    *,
    now: datetime,
    again: datetime,
) -> None:
    """The recipient could not be reached; nobody tries before `again`."""
    before = reached_of(connection, campaign, recipient)
    since = before.failing_since if before else None
    connection.execute(
        _of(campaign, recipient).values(
            not_before=stamp(again),
            failing_since=stamp(since or now),
            tries=recipients.c.tries + 1,
            reason=reason,
        )
    )


def reached_of(connection: Connection, campaign: str, recipient: str) -> Reached | None:
    """None where nobody has tried yet."""
    row = connection.execute(_REACHED, {"campaign": campaign, "name": recipient}).first()
    return None if row is None else _reached(row)


def everybody_reached(connection: Connection, campaign: str) -> tuple[Reached, ...]:
    """Everybody whom somebody ever tried to reach, by name."""
    rows = connection.execute(
        select(recipients).where(recipients.c.campaign == campaign).order_by(recipients.c.name)
    )
    return tuple(_reached(row) for row in rows)


_REACHED = select(recipients).where(
    recipients.c.campaign == bindparam("campaign"), recipients.c.name == bindparam("name")
)


def _of(campaign: str, recipient: str) -> Update:
    return update(recipients).where(
        recipients.c.campaign == campaign, recipients.c.name == recipient
    )


def _telling(row: Row[Any]) -> Telling:
    return Telling(
        recipient=row.recipient,
        matter=row.matter,
        step=row.step,
        told_at=instant(row.told_at),
        ended_at=later(row.ended_at),
    )


def _reached(row: Row[Any]) -> Reached:
    return Reached(
        name=row.name,
        not_before=instant(row.not_before),
        reached_at=later(row.reached_at),
        failing_since=later(row.failing_since),
        tries=row.tries,
        reason=row.reason,
    )
