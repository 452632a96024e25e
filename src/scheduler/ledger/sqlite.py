"""The ledger as a file: one machine, one writer at a time, readers beside it."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.pool import QueuePool

#: How long a second process waits for its turn to write, in seconds.
_BUSY = 10.0
#: Connections that are kept for reading: opening one costs more than most questions.
_KEPT = 72


def opened(file: Path) -> tuple[Engine, Engine]:
    """Engines for reading and for writing; the file is made where it is missing."""
    file.parent.mkdir(parents=True, exist_ok=True)
    _use_wal(file)
    return _engine(file, "BEGIN"), _engine(file, "BEGIN IMMEDIATE")


def _engine(file: Path, begin: str) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=str(file)),
        poolclass=QueuePool,
        pool_size=_KEPT,
        max_overflow=-1,
        connect_args={"check_same_thread": False, "timeout": _BUSY},
    )

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        # sqlite3 would begin transactions of its own, too late and of the wrong kind.
        connection.isolation_level = None
        for pragma in (
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={_BUSY * 1000:.0f}",
        ):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # Said to the driver itself: it is said for every question.
        connection.connection.cursor().execute(begin)

    return engine


def _use_wal(file: Path) -> None:
    """Readers beside the writer, for good: the mode is kept in the file.

    SQLite does not wait for its turn here, whatever the timeout: of two processes that open a new
    file together, one is told at once that it is locked.
    """
    patience = time.monotonic() + _BUSY
    while True:
        try:
            with closing(sqlite3.connect(file)) as connection:
                connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > patience:
                raise
            time.sleep(0.05)
        else:
            return
