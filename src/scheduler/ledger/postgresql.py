"""The ledger as a database on a server: many machines, many writers.

Needs psycopg: `pip install 'campaign-scheduler[postgresql]'`.
"""

from __future__ import annotations

from sqlalchemy import URL, Engine, create_engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from scheduler.errors import Problem, UserError

#: Two transactions stood in each other's way, and one of them was undone as a whole.
#: https://www.postgresql.org/docs/current/errcodes-appendix.html
_IN_EACH_OTHERS_WAY = frozenset({"40001", "40P01"})
#: Seconds to wait for the server.
_PATIENCE = 10


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
    """One engine, for reading and for writing: every transaction sees what is committed."""
    engine = create_engine(
        url,
        pool_size=8,
        max_overflow=-1,
        pool_pre_ping=True,  # the server may have been restarted
        connect_args={
            "connect_timeout": _PATIENCE,
            "application_name": "campaign-scheduler",
            # Whatever the server's own settings are: what we were told is kept.
            "options": f"-c synchronous_commit=on -c lock_timeout={_PATIENCE}s",
        },
    )
    return engine, engine


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
