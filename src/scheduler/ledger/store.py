"""The ledger's file: opened, migrated, read from anywhere, written by one thread.

Every change is a short function of a connection. `Ledger.write` returns when it is durable, and
lets changes that arrive together share one commit: eight times as many a second as one commit each.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import Any, Self, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.exc import DatabaseError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from scheduler.errors import Problem, UserError

Result = TypeVar("Result")
Change = Callable[[Connection], Result]

#: The newest schema; `migrations/versions` holds the way to it from every released one.
SCHEMA = "0001"

#: How long a second process waits for its turn to write, in milliseconds.
_BUSY = 10_000
#: Changes in one commit; more would only make the first of them wait.
_GROUP = 100


@dataclass(frozen=True, slots=True)
class _Waiting:
    change: Change[Any]
    result: Future[Any]


class Ledger:
    """What was decided and done. One instance a process; safe to use from many threads."""

    def __init__(self, file: Path) -> None:
        """Open the SQLite file, made and brought to the newest schema when that is needed."""
        self.file = file
        self._reading = _engine(file, "BEGIN")
        self._writing = _engine(file, "BEGIN IMMEDIATE")
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            _use_wal(file)
            _upgrade(self._writing)
        except (OSError, sqlite3.Error, SQLAlchemyError) as error:
            raise UserError([_unusable(file, error)]) from error
        self._queue: SimpleQueue[_Waiting | None] = SimpleQueue()
        self._closed = False
        self._writer = threading.Thread(target=self._write_all, name="ledger", daemon=True)
        self._writer.start()

    def read(self, query: Change[Result]) -> Result:
        """The answer of `query` on one consistent view."""
        try:
            with self._reading.begin() as connection:
                return query(connection)
        except DatabaseError as error:
            raise UserError([_unusable(self.file, error)]) from error

    def write(self, change: Change[Result]) -> Result:
        """Make a change; returns its result once it is durable. An exception in it undoes it."""
        if self._closed:
            raise AssertionError("the ledger is closed")
        waiting = _Waiting(change, Future())
        self._queue.put(waiting)
        try:
            result: Result = waiting.result.result()
        except DatabaseError as error:
            raise UserError([_unusable(self.file, error)]) from error
        return result

    def close(self) -> None:
        self._closed = True
        self._queue.put(None)
        self._writer.join()
        self._reading.dispose()
        self._writing.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _write_all(self) -> None:
        while (first := self._queue.get()) is not None:
            group, more = self._group(first)
            _commit(self._writing, group)
            if not more:
                return

    def _group(self, first: _Waiting) -> tuple[list[_Waiting], bool]:
        group = [first]
        while len(group) < _GROUP and not self._queue.empty():
            waiting = self._queue.get()
            if waiting is None:
                return group, False
            group.append(waiting)
        return group, True


def _commit(engine: Engine, group: list[_Waiting]) -> None:
    """All changes in one transaction, each undone alone when it fails; told only when durable."""
    ended: list[Callable[[], None]] = []
    try:
        with engine.begin() as connection:
            for waiting in group:
                ended.append(_make(connection, waiting))  # noqa: PERF401 (a change may raise)
    except BaseException as error:  # noqa: BLE001 (whoever waits must be told, whatever it is)
        for waiting in group:
            waiting.result.set_exception(error)
        return
    for tell in ended:
        tell()


def _make(connection: Connection, waiting: _Waiting) -> Callable[[], None]:
    try:
        with connection.begin_nested():
            result = waiting.change(connection)
    except Exception as error:  # noqa: BLE001 (it belongs to the thread that waits)
        failure = error
        return lambda: waiting.result.set_exception(failure)
    return lambda: waiting.result.set_result(result)


def _engine(file: Path, begin: str) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=str(file)),
        poolclass=NullPool if begin == "BEGIN" else None,
        connect_args={"check_same_thread": False, "timeout": _BUSY / 1000},
    )

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        # sqlite3 would begin transactions of its own, too late and of the wrong kind.
        connection.isolation_level = None
        for pragma in (
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={_BUSY}",
        ):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _use_wal(file: Path) -> None:
    """Readers beside the writer, for good: the mode is kept in the file.

    SQLite does not wait for its turn here, whatever the timeout: of two processes that open a new
    file together, one is told at once that it is locked.
    """
    patience = time.monotonic() + _BUSY / 1000
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


def _upgrade(engine: Engine) -> None:
    with engine.connect() as connection:
        known = inspect(connection).has_table("alembic_version")
        version = (
            connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
            if known
            else None
        )
    if version is not None and version > SCHEMA:
        raise OSError("a newer version of the program has written it")
    if version != SCHEMA:
        _migrate(engine)


def _migrate(engine: Engine) -> None:
    # Imported only here: it costs more than everything else that opening a ledger needs.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", "scheduler.ledger:migrations")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, SCHEMA)


def _unusable(file: Path, error: Exception) -> Problem:
    return Problem(
        file=str(file),
        code="ledger",
        message=f"the ledger cannot be used: {str(error).splitlines()[0]}",
        hint="it must be a file of this program on a disk that can be written; "
        "never delete it while a campaign runs, since it knows what is already public",
    )
