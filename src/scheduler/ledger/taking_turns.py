"""Who serves what, among workers that share one ledger: short turns, taken in batches.

A turn keeps workers out of each other's way and decides nothing: whoever has none, or has it still
when it has ended, moves no delivery that another one has moved.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, bindparam, case, select, update
from sqlalchemy.dialects import postgresql, sqlite

from scheduler.ledger.instants import stamp
from scheduler.ledger.tables import turns

_FREE = (turns.c.until <= bindparam("now")) | (turns.c.worker == bindparam("me"))
_WANTED = (turns.c.scope == bindparam("of"), turns.c.name.in_(bindparam("names", expanding=True)))
# What another worker is just taking is not waited for.
_UNCLAIMED = (
    select(turns.c.name)
    .where(*_WANTED, _FREE)
    .order_by(turns.c.name)
    .with_for_update(skip_locked=True)
)
_LOST = (turns.c.until > 0) & (turns.c.worker != bindparam("me"))
_TAKE = (
    update(turns)
    .where(*_WANTED)
    .values(
        lost=case((_LOST, turns.c.lost + 1), else_=turns.c.lost),
        worker=bindparam("me"),
        until=bindparam("end"),
    )
)
_GIVE = update(turns).where(*_WANTED, turns.c.worker == bindparam("me")).values(until=0, lost=0)


def take(
    connection: Connection,
    scope: str,
    names: Collection[str],
    *,
    now: datetime,
    until: datetime,
    worker: str,
) -> frozenset[str]:
    """Those of the names whose turn is the worker's from now on; the others are another's."""
    if not names:
        return frozenset()
    _know(connection, scope, names)
    asked = {"of": scope, "names": sorted(names), "now": stamp(now), "me": worker}
    free = connection.execute(_UNCLAIMED, asked).scalars().all()
    if free:
        taken = {"of": scope, "names": free, "me": worker, "end": stamp(until)}
        connection.execute(_TAKE, taken)
    return frozenset(free)


def give_back(connection: Connection, scope: str, names: Collection[str], *, worker: str) -> None:
    """End the worker's turns: whoever looks next may have them."""
    if names:
        connection.execute(_GIVE, {"of": scope, "names": sorted(names), "me": worker})


def lost(connection: Connection, scope: str, name: str) -> int:
    """How many workers in a row took it and were never heard of again."""
    asked = select(turns.c.lost).where(turns.c.scope == scope, turns.c.name == name)
    return connection.execute(asked).scalar() or 0


def _know(connection: Connection, scope: str, names: Collection[str]) -> None:
    known = connection.execute(_KNOWN, {"of": scope, "names": sorted(names)}).scalars()
    if new := set(names).difference(known):
        rows = [
            {"scope": scope, "name": name, "worker": "", "until": 0, "lost": 0}
            for name in sorted(new)
        ]
        at_server = connection.dialect.name == "postgresql"
        connection.execute(_NEW_AT_SERVER if at_server else _NEW, rows)


_KNOWN = select(turns.c.name).where(*_WANTED)
_NEW_AT_SERVER = postgresql.insert(turns).on_conflict_do_nothing()
_NEW = sqlite.insert(turns).on_conflict_do_nothing()
