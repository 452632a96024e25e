"""One worker rings another: at once, once more after a restart, and never for a later time."""

from __future__ import annotations

import threading
import time

import psycopg
import pytest

from scheduler import cluster as engine
from scheduler.cluster import Cluster

pytestmark = pytest.mark.system
PATIENCE = 30


@pytest.fixture
def address(postgresql):
    return postgresql.database()


@pytest.fixture
def workers(address):
    """Starts workers of a shard; what each has heard is a semaphore."""
    begun = []

    def start(shard="sixteen-2026"):
        heard = threading.Semaphore(0)
        cluster = Cluster(address, shard)
        cluster.listen(heard.release)
        begun.append(cluster)
        return heard

    yield start
    for cluster in begun:
        cluster.close()


@pytest.fixture
def clock(address):
    cluster = Cluster(address, "sixteen-2026")
    yield cluster
    cluster.close()


def rung(clock, heard):
    """Whether it is heard, of a ring each second: the first may come before anybody listens."""
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        clock.ring()
        if heard.acquire(timeout=engine.PAUSE):
            return True
    return False


def jobs(address):
    with psycopg.connect(address) as connection:
        table = f"{engine._place()}.procrastinate_jobs"
        return connection.execute(
            f"SELECT status, scheduled_at, lock, args FROM {table}"
        ).fetchall()


def test_a_worker_hears_who_rings(clock, workers):
    assert rung(clock, workers())


def test_a_ring_is_heard_by_one_worker_and_leaves_nothing_behind(clock, workers, address):
    first, second = workers(), workers()
    assert rung(clock, first) or rung(clock, second)
    ends = time.monotonic() + PATIENCE
    while jobs(address):
        assert time.monotonic() < ends


def test_nobody_hears_the_ring_of_another_campaign(clock, workers):
    mine, other = workers(), workers("another-2026")
    assert rung(clock, mine)
    assert not other.acquire(timeout=0.2)


def test_what_nobody_has_heard_waits_once_with_no_time_and_no_lock(clock, address):
    for _ in range(3):
        clock._rung = -engine.PAUSE
        clock.ring()
    assert jobs(address) == [("todo", None, None, {})]


def test_a_worker_hears_again_after_the_server_was_restarted(clock, workers, postgresql):
    heard = workers()
    assert rung(clock, heard)
    postgresql.restart()
    assert rung(clock, heard)


def test_a_job_whose_worker_was_killed_is_forgotten(clock, workers, address):
    clock.ring()
    with psycopg.connect(address) as connection:
        place = engine._place()
        connection.execute(f"SET search_path TO {place}")
        connection.execute("UPDATE procrastinate_jobs SET status = 'doing'")
        connection.execute("UPDATE procrastinate_events SET at = at - interval '1 hour'")
    assert rung(clock, workers())
    ends = time.monotonic() + PATIENCE
    while jobs(address):
        assert time.monotonic() < ends


def test_a_ring_that_nobody_can_hear_harms_nobody(caplog):
    Cluster("postgresql://campaign@127.0.0.1:1/none", "sixteen-2026").ring()
    assert "nobody was rung" in caplog.text
