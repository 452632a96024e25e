"""The ledger: opened, migrated, read from anywhere, written by threads of its own.

Every change is a short function of a connection. `Ledger.write` returns when it is durable, and
lets changes that arrive together share one commit: eight times as many a second as one commit each.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import Any, Self, TypeVar

from sqlalchemy import Connection, Engine, func, inspect, select, text
from sqlalchemy.exc import DatabaseError, SQLAlchemyError

from scheduler.errors import Problem, UserError
from scheduler.ledger import postgresql, sqlite
from scheduler.ledger.tables import moved

Result = TypeVar("Result")
Change = Callable[[Connection], Result]

#: The newest schema; `migrations/versions` holds the way to it from every released one.
SCHEMA = "0003"

#: In the place of a schema, on a ledger that was moved: no version of the program uses such a one.
MOVED = "moved"

#: How a database says no. A transaction is begun by the driver itself, whose own errors nobody
#: wraps: that the file is locked is said there.
_UNUSABLE = (DatabaseError, sqlite3.Error)

#: Changes in one commit; more would only make the first of them wait.
_GROUP = 100
#: How often a change is made again that stood in the way of another process's.
_AGAIN = 5
#: Any number: whoever brings a database to the newest schema holds the lock of this name.
_MIGRATING = 16_001


@dataclass(frozen=True, slots=True)
class _Waiting:
    change: Change[Any]
    result: Future[Any]


class Ledger:
    """What was decided and done. One instance a process; safe to use from many threads."""

    def __init__(self, where: Path | str, *, patience: float = sqlite.BUSY) -> None:
        """Open a SQLite file, made where it is missing, or `postgresql://…`.

        `patience` is how long to wait for another process that writes to the file, in seconds.

        Brings it to the newest schema. Raises `UserError` where it cannot be used.
        """
        url = postgresql.address(where) if isinstance(where, str) and "://" in where else None
        #: What people know it by; never with a password.
        self.name = url.render_as_string(hide_password=True) if url else str(where)
        self.file = None if url else Path(where)
        try:
            self._reading, self._writing = (
                postgresql.opened(url) if url else sqlite.opened(Path(where), patience)
            )
            _upgrade(self._writing)
        except (OSError, sqlite3.Error, SQLAlchemyError) as error:
            raise UserError([self._unusable(error)]) from error
        except ModuleNotFoundError as error:
            raise UserError([self._without_driver()]) from error
        self._queue: SimpleQueue[_Waiting | None] = SimpleQueue()
        self._closed = False
        self._writers = [
            threading.Thread(target=self._write_all, name="ledger", daemon=True)
            for _ in range(postgresql.WRITERS if url else 1)
        ]
        for writer in self._writers:
            writer.start()

    def read(self, query: Change[Result]) -> Result:
        """The answer of `query`: of one instant on a file, question by question on a server.

        What must hold between a question and a change is asked again where the change is made.
        """
        try:
            try:
                return self._answer(query)
            except _UNUSABLE as error:
                if not postgresql.cut_off(error):
                    raise
                return self._answer(query)  # the server was restarted since
        except _UNUSABLE as error:
            raise UserError([self._unusable(error)]) from error

    def _answer(self, query: Change[Result]) -> Result:
        with self._reading.begin() as connection:
            return query(connection)

    def write(self, change: Change[Result]) -> Result:
        """Make a change; returns its result once it is durable. An exception in it undoes it.

        It may be made more than once before it counts, so it does nothing but with its connection.
        """
        if self._closed:
            raise AssertionError("the ledger is closed")
        waiting = _Waiting(change, Future())
        self._queue.put(waiting)
        try:
            result: Result = waiting.result.result()
        except _UNUSABLE as error:
            raise UserError([self._unusable(error)]) from error
        return result

    @property
    def shared(self) -> bool:
        """Whether workers of many machines may work on it."""
        return self.file is None

    def home(self) -> str:
        """Names the very place of the ledger: a copy, or one put back from a backup, has another.

        Machines may call the same server by different names.
        """
        if self.file is None:
            return self.read(postgresql.home)
        file = self.file.resolve()
        return f"{file.stat().st_ino}:{file}"

    def close(self) -> None:
        self._closed = True
        for _ in self._writers:
            self._queue.put(None)
        for writer in self._writers:
            writer.join()
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

    def _unusable(self, error: Exception) -> Problem:
        return Problem(
            file=self.name,
            code="ledger",
            message=f"the ledger cannot be used: {str(error).splitlines()[0]}",
            hint=_FILE_HINT if self.file else _SERVER_HINT,
        )

    def _without_driver(self) -> Problem:
        return Problem(
            file=self.name,
            code="ledger",
            message="a ledger on PostgreSQL needs psycopg, which is not installed",
            hint="pip install 'campaign-scheduler[postgresql]'",
        )


_FILE_HINT = (
    "it must be a file of this program on a disk that can be written; "
    "never delete it while a campaign runs, since it knows what is already public"
)
_SERVER_HINT = "is the server up, and may this user make tables in the database?"


def _commit(engine: Engine, group: list[_Waiting]) -> None:
    """All changes in one commit. Each waiting thread is told of its end, when it is durable."""
    try:
        with engine.begin() as connection:
            results = [waiting.change(connection) for waiting in group]
    except BaseException as error:  # noqa: BLE001 (whoever waits must be told, whatever it is)
        _commit_apart(engine, group, error)
        return
    for waiting, result in zip(group, results, strict=True):
        waiting.result.set_result(result)


def _commit_apart(engine: Engine, group: list[_Waiting], error: BaseException) -> None:
    """One of them failed, and all were undone: each is made again, for itself."""
    if len(group) == 1 and not postgresql.in_each_others_way(error):
        group[0].result.set_exception(error)
        return
    for waiting in group:
        _commit_alone(engine, waiting)


def _commit_alone(engine: Engine, waiting: _Waiting) -> None:
    failure: BaseException = AssertionError("it was never tried")
    for _ in range(_AGAIN):
        try:
            with engine.begin() as connection:
                result = waiting.change(connection)
        except BaseException as error:  # noqa: BLE001 (as above)
            failure = error
            if not postgresql.in_each_others_way(error):
                break
        else:
            waiting.result.set_result(result)
            return
    waiting.result.set_exception(failure)


def _upgrade(engine: Engine) -> None:
    version = _version(engine)
    if version == MOVED:
        raise OSError(f"it was moved, and publishes nothing any more; now it is {_gone_to(engine)}")
    if version is not None and version > SCHEMA:
        raise OSError("a newer version of the program has written it")
    if version != SCHEMA:
        _migrate(engine)


def _version(engine: Engine) -> str | None:
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.execute(
            text("SELECT version_num FROM alembic_version")
        ).scalar()
        return found


def _gone_to(engine: Engine) -> str:
    with engine.connect() as connection:
        return str(connection.execute(select(moved.c.to)).scalar())


def _migrate(engine: Engine) -> None:
    # Imported only here: it costs more than everything else that opening a ledger needs.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", "scheduler.ledger:migrations")
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":  # of two that begin together, one waits
            connection.execute(select(func.pg_advisory_xact_lock(_MIGRATING)))
        config.attributes["connection"] = connection
        command.upgrade(config, SCHEMA)
