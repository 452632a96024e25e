"""A delivery with whatever may keep it back, in one question: all of it is of one instant.

Before a delivery leaves, the same five things are asked of it twice. A server takes about as long
for all of them together as for each alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, and_, bindparam, select

from scheduler.ledger.deciding import Binding
from scheduler.ledger.entries import Entry, entry_of
from scheduler.ledger.instants import instant
from scheduler.ledger.tables import bindings, deliveries, holds, waits
from scheduler.model import Hold, Key, Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What the ledger knows about a delivery, its account and its campaign."""

    entry: Entry
    #: Everything that is held in its campaign, the oldest first.
    holds: tuple[Hold, ...]
    #: As whom its account is live on this ledger, or None where it is not.
    binding: Binding | None
    #: Until when nothing is to be asked of its account, and why; None when nothing was said.
    wait: tuple[datetime, str] | None


def circumstances(connection: Connection, key: Key) -> Circumstances:
    """Raises `LookupError` where no such key was ever planned."""
    rows = connection.execute(_ASKED, {"key": key}).all()
    row = rows[0]  # there are several where several things are held
    return Circumstances(
        entry=entry_of(row),
        holds=tuple(_holds(rows)),
        binding=_binding(row),
        wait=None if row.waits_until is None else (instant(row.waits_until), row.waits_reason),
    )


def _holds(rows: Sequence[Row[Any]]) -> Iterator[Hold]:
    for row in rows:
        if row.holds_scope is not None:
            yield Hold(
                scope=Scope(row.holds_scope),
                value=row.holds_value,
                reason=row.holds_reason,
                by=row.holds_who,
            )


def _binding(row: Row[Any]) -> Binding | None:
    if row.bindings_identity is None:
        return None
    return Binding(
        account=row.account,
        identity=row.bindings_identity,
        home=row.bindings_home,
        since=instant(row.bindings_since),
        who=row.bindings_who,
    )


def _named(table: Table, *columns: str) -> Iterator[ColumnElement[Any]]:
    """As its table and its own name together: a delivery has columns that are called the same."""
    return (table.c[column].label(f"{table.name}_{column}") for column in columns)


_OF_ITS_ACCOUNT = and_(
    bindings.c.campaign == deliveries.c.campaign,
    bindings.c.account == deliveries.c.account,
    bindings.c.ended_at.is_(None),
)
_WAITED_FOR = and_(
    waits.c.campaign == deliveries.c.campaign, waits.c.account == deliveries.c.account
)
_HELD = and_(holds.c.campaign == deliveries.c.campaign, holds.c.released_at.is_(None))
_ASKED = (
    select(
        deliveries,
        *_named(bindings, "identity", "home", "since", "who"),
        *_named(waits, "until", "reason"),
        *_named(holds, "scope", "value", "reason", "who"),
    )
    .select_from(
        deliveries.outerjoin(bindings, _OF_ITS_ACCOUNT)
        .outerjoin(waits, _WAITED_FOR)
        .outerjoin(holds, _HELD)
    )
    .where(deliveries.c.key == bindparam("key"))
    .order_by(holds.c.id)
)
