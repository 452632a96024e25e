"""A worker's machine: its clock may be wrong, its disk full, its ledger locked by another."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from scheduler.errors import UserError
from scheduler.hazards.course import TrueClock
from scheduler.ledger import Connection, Ledger

#: Real seconds that a worker waits for a locked ledger; a true one waits for ten.
PATIENCE = 0.02

Result = TypeVar("Result")


class Lost(Exception):
    """The worker is dead: nothing that it wanted to do is done."""


@dataclass(slots=True)
class WorkerClock:
    """The clock on the worker's machine: it may be wrong, and waiting lets the world go on."""

    true: TrueClock
    pass_to: Callable[[datetime], None]
    wrong_by: timedelta = timedelta(0)

    def now(self) -> datetime:
        return self.true.now() + self.wrong_by

    def monotonic(self) -> float:
        return self.true.monotonic()

    def wait(self, seconds: float) -> None:
        self.pass_to(self.true.now() + timedelta(seconds=seconds))


class WorkerLedger(Ledger):
    """A worker's own way to the ledger. It ends with the worker, whatever was under way."""

    dead = False
    #: How often it could not be used.
    refused = 0

    def read(self, query: Callable[[Connection], Result]) -> Result:
        if self.dead:
            raise Lost
        return super().read(query)

    def write(self, change: Callable[[Connection], Result]) -> Result:
        if self.dead:
            raise Lost
        try:
            return super().write(change)
        except UserError:
            self.refused += 1
            raise

    def die(self) -> None:
        self.dead = True
        raise Lost

    def fill_disk(self) -> None:
        """Let the file not grow any more: SQLite says that the disk is full, and means it."""
        self.write(lambda connection: _say(connection, _FULL))

    def free_disk(self) -> None:
        self.write(lambda connection: _say(connection, _FREE))


#: A file has room for some lines yet when it may not grow: so each line of this worker takes pages
#: of its own, as if others had written to the disk meanwhile.
_FULL = (
    "CREATE TABLE IF NOT EXISTS ballast (data)",
    """
    CREATE TEMP TRIGGER IF NOT EXISTS others AFTER INSERT ON main.journal
    BEGIN INSERT INTO ballast VALUES (zeroblob(8192)); END
    """,
    "PRAGMA max_page_count=1",  # that is, as many as it has
)
_FREE = ("DROP TRIGGER IF EXISTS others", f"PRAGMA max_page_count={2**30}")


def _say(connection: Connection, statements: Iterable[str]) -> None:
    for statement in statements:
        connection.exec_driver_sql(statement).close()


class Locking:
    """A second process that writes to the ledger until it is told to end."""

    def __init__(self, file: Path) -> None:
        self._ledger = Ledger(file)
        self._end = threading.Event()
        begun = threading.Event()

        def hold(_connection: Connection) -> None:
            begun.set()
            self._end.wait()

        self._thread = threading.Thread(target=lambda: self._ledger.write(hold), name="locking")
        self._thread.start()
        begun.wait()

    def end(self) -> None:
        self._end.set()
        self._thread.join()
        self._ledger.close()
