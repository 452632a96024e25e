"""A ledger goes from a file to a server, whole, and is never used again where it was.

First the old one is closed, for good: a program that still runs on it is refused by the database
itself. Then everything is written to the new one in a single transaction, read back from there,
and compared. Whatever ends it in between leaves one ledger that is closed and one that is empty,
and the same command goes on from there: there are never two that publish.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select, text

from scheduler.ledger import sqlite
from scheduler.ledger.deciding import record
from scheduler.ledger.instants import stamp
from scheduler.ledger.store import MOVED, SCHEMA, Ledger
from scheduler.ledger.tables import (
    approvals,
    attempts,
    audit,
    bindings,
    campaigns,
    deliveries,
    grants,
    holds,
    journal,
    moved,
    recipients,
    signed_in,
    tellings,
    waits,
)
from scheduler.model import OPEN

#: Everything that is worth keeping, what others refer to first.
TABLES = (
    *(campaigns, deliveries, attempts, journal, holds, approvals, bindings, waits, audit),
    *(signed_in, grants, tellings, recipients),
)
#: What whoever publishes writes there before anything leaves the machine, and nobody else.
_CLOSED = ("deliveries", "attempts", "journal", "grants")
#: A renewal of a token that began so long ago does not come to an end any more.
_RENEWING = timedelta(minutes=3)
#: Rows that are on their way at once.
_ROWS = 2_000
BOUND_ANEW = "the ledger was moved: its account must be bound anew"

Row = Mapping[str, Any]


class NotMoved(Exception):
    """Nothing was moved; the message says why, and the second argument what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What was moved: rows by table, the digest of all of them, and who must be bound anew."""

    rows: Mapping[str, int]
    digest: str
    unbound: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sum:
    """Rows, and a digest over them in whatever order: databases differ in that."""

    rows: int = 0
    digest: int = 0

    def plus(self, row: Row) -> Sum:
        said = json.dumps(dict(row), sort_keys=True, ensure_ascii=False)
        number = int.from_bytes(hashlib.sha256(said.encode()).digest(), "big")
        return Sum(self.rows + 1, (self.digest + number) % 2**256)


def move_ledger(
    file: Path,
    target: Ledger,
    *,
    now: datetime,
    who: str,
    progress: Callable[[str], None] = lambda _: None,
) -> Moved:
    """Everything of the file to the target. Raises `NotMoved`, or what a database says.

    Goes on where an earlier call was interrupted.
    """
    if target.file is not None:
        raise NotMoved("it can only be moved to a server", "write postgresql://…")
    if full := target.read(_not_empty):
        raise NotMoved(f"{target.name} is not empty: {full}", "name an empty database")
    if not file.exists():
        raise NotMoved(f"there is no ledger {file}", "look where it lies: .campaign/ledger.sqlite3")
    _of_today(file)
    reading, writing = sqlite.opened(file)
    try:
        with writing.begin() as connection:
            _close(connection, target.name, now, who)
        with reading.begin() as source:
            return target.write(lambda connection: _copy(source, connection, now, who, progress))
    finally:
        reading.dispose()
        writing.dispose()


def _of_today(file: Path) -> None:
    """Bring it to the newest schema, unless an earlier call has closed it already."""
    reading, writing = sqlite.opened(file)
    with reading.begin() as connection:
        closed = connection.execute(_VERSION).scalar() == MOVED
    reading.dispose()
    writing.dispose()
    if not closed:
        Ledger(file).close()


_VERSION = text("SELECT version_num FROM alembic_version")


def _not_empty(connection: Connection) -> str:
    counted = {
        table.name: connection.execute(select(func.count()).select_from(table)).scalar()
        for table in TABLES
    }
    return ", ".join(f"{count} {name}" for name, count in counted.items() if count)


# ── the old one ───────────────────────────────────────────────────────────────────────────────────


def _close(connection: Connection, to: str, now: datetime, who: str) -> None:
    gone = connection.execute(select(moved.c.to)).scalar()
    if gone is not None:
        if gone != to:
            raise NotMoved(f"it was moved to {gone} already", f"go on with --ledger {gone}")
        return
    states = [str(state) for state in OPEN]
    asked = select(func.count()).select_from(deliveries).where(deliveries.c.state.in_(states))
    if busy := connection.execute(asked).scalar():
        raise NotMoved(
            f"{busy} deliveries are in somebody's hands",
            "stop whatever publishes from it; after three minutes campaign run --once settles them",
        )
    asked = select(grants.c.account).where(grants.c.renewing_since > stamp(now - _RENEWING))
    if renewed := [row.account for row in connection.execute(asked)]:
        raise NotMoved(
            f"tokens are being renewed: {', '.join(renewed)}",
            "stop whatever publishes from it, and try again after three minutes",
        )
    connection.execute(insert(moved).values(at=stamp(now), who=who, to=to))
    connection.execute(text("UPDATE alembic_version SET version_num = :moved"), {"moved": MOVED})
    for table in _CLOSED:
        for change in ("INSERT", "UPDATE", "DELETE"):
            connection.execute(
                text(
                    f"CREATE TRIGGER {table}_moved_{change.lower()} BEFORE {change} ON {table} "
                    "BEGIN SELECT RAISE(ABORT, 'this ledger was moved'); END"
                )
            )


# ── the new one ───────────────────────────────────────────────────────────────────────────────────


def _copy(
    source: Connection,
    target: Connection,
    now: datetime,
    who: str,
    progress: Callable[[str], None],
) -> Moved:
    if full := _not_empty(target):
        raise NotMoved(f"somebody has written to it meanwhile: {full}", "name an empty database")
    sums: dict[str, Sum] = {}
    for table in TABLES:
        progress(table.name)
        sent = _sent(_rows(source, table, now), target, table)
        there = _sum(_rows(target, table, now))
        if sent != there:
            raise NotMoved(
                f"{table.name}: {there.rows} of {sent.rows} rows arrived as they were",
                "nothing was kept; this is a bug of the program",
            )
        sums[table.name] = sent
        _count_on(target, table)
    unbound = tuple(
        row.account
        for row in target.execute(
            select(bindings.c.account).where(bindings.c.ended_because == BOUND_ANEW)
        )
    )
    for campaign in target.execute(select(campaigns.c.id)).scalars().all():
        record(target, campaign, "move", "ledger", f"{SCHEMA}, from a file", now=now, who=who)
    whole = Sum()
    for name, each in sums.items():
        whole = whole.plus({"table": name, "rows": each.rows, "digest": f"{each.digest:064x}"})
    rows = {name: each.rows for name, each in sums.items()}
    return Moved(rows=rows, digest=f"{whole.digest:064x}", unbound=unbound)


def _rows(connection: Connection, table: Table, now: datetime) -> Iterator[dict[str, Any]]:
    asked = select(table).execution_options(yield_per=_ROWS)
    for row in connection.execute(asked).mappings():
        yield _unbound(dict(row), now) if table is bindings else dict(row)


def _unbound(row: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Who was live there is live nowhere until a person says so: see `publishing.live`."""
    if row["ended_at"] is not None:
        return row
    return {**row, "ended_at": stamp(now), "ended_because": BOUND_ANEW}


def _sent(rows: Iterable[dict[str, Any]], target: Connection, table: Table) -> Sum:
    total, batch = Sum(), []
    for row in rows:
        total = total.plus(row)
        batch.append(row)
        if len(batch) == _ROWS:
            target.execute(insert(table), batch)
            batch = []
    if batch:
        target.execute(insert(table), batch)
    return total


def _sum(rows: Iterable[dict[str, Any]]) -> Sum:
    total = Sum()
    for row in rows:
        total = total.plus(row)
    return total


def _count_on(target: Connection, table: Table) -> None:
    """The next row gets the next number."""
    if "id" in table.c and table.c.id.autoincrement is True:
        target.execute(
            text(
                f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), "  # noqa: S608
                f"(SELECT max(id) FROM {table.name}))"
            )
        )
