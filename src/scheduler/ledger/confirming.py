"""What people have posted by hand, and everybody who is named in a ledger: nothing is changed."""

from __future__ import annotations

from sqlalchemy import Connection, select

from scheduler.ledger.tables import approvals, attempts, audit, bindings, deliveries, holds, journal
from scheduler.model import Key, State

#: A delivery that is public after one of these was sent by nobody but a person.
_NEVER_SENT = (State.PLANNED, State.HELD, State.HANDED, State.MISSED, State.REJECTED)


def by_hand(connection: Connection, campaign: str) -> frozenset[Key]:
    """What a person has posted, and not the program: so says the journal."""
    rows = connection.execute(
        select(journal.c.key)
        .join(deliveries, deliveries.c.key == journal.c.key)
        .where(
            deliveries.c.campaign == campaign,
            journal.c.to_state == State.PUBLISHED,
            journal.c.from_state.in_(_NEVER_SENT),
        )
    )
    return frozenset(Key(row.key) for row in rows)


def people(connection: Connection, campaign: str) -> frozenset[str]:
    """The name of everybody who has decided anything, or moved a delivery by hand."""
    named = (
        select(audit.c.who).where(audit.c.campaign == campaign),
        select(holds.c.who).where(holds.c.campaign == campaign),
        select(holds.c.released_by).where(holds.c.campaign == campaign),
        select(bindings.c.who).where(bindings.c.campaign == campaign),
        select(approvals.c.who)
        .join(deliveries, deliveries.c.key == approvals.c.key)
        .where(deliveries.c.campaign == campaign),
        select(journal.c.who)
        .join(deliveries, deliveries.c.key == journal.c.key)
        .where(deliveries.c.campaign == campaign),
    )
    found = {name for asked in named for name in connection.execute(asked.distinct()).scalars()}
    workers = set(connection.execute(select(attempts.c.worker).distinct()).scalars())
    return frozenset(name for name in found - workers if name)
