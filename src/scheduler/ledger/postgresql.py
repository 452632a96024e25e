"""The ledger as a database on a server: many machines, many writers.

Needs psycopg: `pip install 'campaign-scheduler[postgresql]'`.
"""

from __future__ import annotations

from selectors import EVENT_READ, DefaultSelector
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, DisconnectionError

from scheduler.errors import Problem, UserError

#: Two transactions stood in each other's way, and one of them was undone as a whole.
#: https://www.postgresql.org/docs/current/errcodes-appendix.html
_IN_EACH_OTHERS_WAY = frozenset({"40001", "40P01"})
#: Seconds to wait for the server.
_PATIENCE = 10


#: Threads that write, each with its line: while one waits for an answer, the others go on.
WRITERS = 4


def address(written: str) -> URL:
    """The address as SQLAlchemy wants it. Raises `UserError` where it is none of a PostgreSQL."""
    try:
        url = make_url(written)
    except (ArgumentError, ValueError):  # as it was typed it may hold a password: it is not said
        raise UserError([_no_address("the ledger")]) from None
    if url.get_backend_name() not in {"postgresql", "postgres"} or not url.database:
        raise UserError([_no_address(url.render_as_string(hide_password=True))])
    return url.set(drivername="postgresql+psycopg")


def opened(url: URL) -> tuple[Engine, Engine]:
    """Engines for reading and for writing; few threads write, and many may wait to read."""
    # Asking before each question whether the line holds would cost as much as the question, and so
    # would a transaction around it: who reads on a line that was cut is told so, and asks again.
    reading = _engine(url, kept=12, more=4, isolation_level="AUTOCOMMIT")
    writing = _engine(url, kept=WRITERS, more=1)
    event.listen(writing, "checkout", _still_there)
    return reading, writing


def _engine(url: URL, *, kept: int, more: int, **options: Any) -> Engine:
    return create_engine(
        url,
        pool_size=kept,
        max_overflow=more,
        connect_args={
            "connect_timeout": _PATIENCE,
            "application_name": "campaign-scheduler",
            # Whatever the server's own settings are: what we were told is kept.
            "options": f"-c synchronous_commit=on -c lock_timeout={_PATIENCE}s",
        },
        **options,
    )


def _still_there(line: Any, _record: object, _proxy: object) -> None:
    """Make a line anew that the server has ended, as it does with all of them when it restarts.

    It says so, or hangs up: where nobody was asked, nothing else can be heard. To ask whether it is
    there would cost as much as a change.
    """
    with DefaultSelector() as heard:
        heard.register(line, EVENT_READ)
        if heard.select(timeout=0):
            raise DisconnectionError("the server has ended the line")


def cut_off(error: BaseException) -> bool:
    """Whether the line was cut, or somebody was in the way: it may be asked again."""
    lost = isinstance(error, DBAPIError) and error.connection_invalidated
    return lost or in_each_others_way(error)


def home(connection: Connection) -> str:
    """Names the very database, whatever machines call its server.

    One that was put back from a dump is another; so is one that lies on another server.
    """
    row = connection.execute(_HOME).one()
    return f"postgresql:{row.system}/{row.database}"


_HOME = text(
    "SELECT (SELECT system_identifier FROM pg_control_system()) AS system, "
    "(SELECT oid FROM pg_database WHERE datname = current_database()) AS database"
)


def in_each_others_way(error: BaseException) -> bool:
    """Whether the same change, made again, may well succeed."""
    cause = error.orig if isinstance(error, DBAPIError) else None
    return getattr(cause, "sqlstate", None) in _IN_EACH_OTHERS_WAY


def _no_address(name: str) -> Problem:
    return Problem(
        file=name,
        code="ledger",
        message="this is no address of a ledger",
        hint="write a file's name, or postgresql://USER:PASSWORD@HOST/DATABASE",
    )
