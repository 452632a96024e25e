"""What is due, claimed under the same rule by every engine's worker."""

from __future__ import annotations

import os
import threading
import time

import psycopg

TABLE = """
    DROP TABLE IF EXISTS due;
    CREATE TABLE due (id int PRIMARY KEY, taken double precision, times int NOT NULL DEFAULT 0);
    CREATE INDEX due_open ON due (id) WHERE taken IS NULL
"""
#: As many as a worker of the product takes up at once.
BATCH = 64
#: A job that somebody is killed over.
SLOW = -1

_BATCH = """
    UPDATE due SET taken = %(now)s, times = times + 1 WHERE id IN (
        SELECT id FROM due WHERE taken IS NULL ORDER BY id LIMIT %(most)s FOR UPDATE SKIP LOCKED)
"""
_ONE = "UPDATE due SET taken = %(now)s, times = times + 1 WHERE id = %(id)s AND taken IS NULL"
_kept = threading.local()


def address() -> str:
    return os.environ["LEDGER"]


def wake() -> None:
    """There is due work: take it in batches until there is none."""
    while _connection().execute(_BATCH, {"now": time.time(), "most": BATCH}).rowcount:
        pass


def one(id_: int) -> None:
    """This one is due."""
    if id_ == SLOW:
        print("begun", os.getpid(), flush=True)
        time.sleep(3)
        print("ended", os.getpid(), flush=True)
        return
    _connection().execute(_ONE, {"now": time.time(), "id": id_})


def _connection() -> psycopg.Connection:
    if not hasattr(_kept, "connection"):
        _kept.connection = psycopg.connect(
            address(), autocommit=True, application_name="due", prepare_threshold=1
        )
    return _kept.connection
