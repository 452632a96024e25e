"""Killed, or stopped for a while, at every single point of the way to the public.

A clean run of a thread of two parts with a picture is written down: every commit of the ledger,
before and after; everything sent, when it arrives, is public and is answered; every rename. Then
it is played again for each of these points, and what another worker makes of it is looked at.
"""

from __future__ import annotations

import shutil
import signal
import time

import pytest
from classes.standing import platforms
from driver import KINDS, NOTICED, OUTSIDE
from matrix import Driver, Play

from scheduler.ledger import Ledger


@pytest.fixture(scope="module")
def driver(tmp_path_factory):
    driver = Driver(tmp_path_factory.mktemp("shelf"))
    yield driver
    driver.close()


@pytest.fixture(scope="module")
def standing():
    with platforms() as standing:
        yield standing


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.system)])
def ledger_url(request, tmp_path):
    """Gives a new ledger a name: a file, or the address of a database that is empty otherwise."""
    if request.param == "postgresql":
        cluster = request.getfixturevalue("postgresql")
        return lambda _name: cluster.database(like=cluster.migrated())
    empty = tmp_path / "empty.sqlite3"
    with Ledger(empty):
        pass

    def url(name: str) -> str:
        file = tmp_path / f"{name}.sqlite3"
        shutil.copyfile(empty, file)
        return str(file)

    return url


@pytest.fixture(params=KINDS)
def play(request, driver, standing, ledger_url, tmp_path):
    """Opens one play after the other on platforms of one kind."""

    def begin(name: str) -> Play:
        place = name.replace(" ", "-")
        return Play(request.param, driver, standing, tmp_path / place, ledger_url(place))

    begin.kind = request.param
    return begin


def outside_of_transactions(points):
    """Where a process may stand still and another one can work: SQLite is locked in between."""
    return [point for point in points if point.split()[0] not in {*OUTSIDE, "committing"}]


def test_killed_at_any_point_it_publishes_everything_once(play):
    recorded = play("recorded")
    points = recorded.record()
    assert recorded.complaints() == []
    assert _is_whole(points, play.kind)
    failures = []
    for point in points:
        killed = play(point)
        if (how := killed.work_until(point)["how"]) != "killed":
            failures.append(f"{point}: never reached ({how})")
            continue
        killed.later()
        if (how := killed.work()["how"]) != 0:
            failures.append(f"{point}: the next worker ended with {how}")
        failures += [f"{point}: {complaint}" for complaint in killed.complaints()]
    print(f"{play.kind}: killed at {len(points)} points")  # noqa: T201 (how many were tried is news)
    assert failures == []


def test_stopped_at_any_point_and_resumed_after_its_lease_it_sends_nothing_twice(play):
    points = outside_of_transactions(play("recorded").record())
    if play.kind in BLIND:
        points = [point for point in points if not point.startswith("publishing")]
    assert points
    print(f"{play.kind}: stopped at {len(points)} points")  # noqa: T201 (how many were tried is news)
    assert failures_of_stopping(play, points) == []


#: Neither does the platform know a repeat, nor can anybody look again before the first byte leaves.
BLIND = ("container", "readback")


@pytest.mark.parametrize("play", BLIND, indirect=True)
def test_stopped_before_its_first_byte_it_is_ended_before_it_sends_anything(play):
    """The dead-man's alarm: whoever was stopped so long does not take another step."""
    recorded = play("recorded").record()
    points = [point for point in recorded if point.startswith("publishing")]
    assert points
    failures = []
    for point in points:
        stopped = play(point)
        first = stopped.work_until(point, signal.SIGSTOP, deadman=True)
        assert first["how"] == "stopped", point
        stopped.meanwhile()
        ends = [stopped.work()["how"]]
        time.sleep(NOTICED.total_seconds())
        ends.append(stopped.driver.order(resume=first["pid"])["how"])
        stopped.later()
        ends.append(stopped.work()["how"])
        if ends != [0, "killed", 0]:
            failures.append(f"{point}: the workers ended with {ends}")
        failures += [f"{point}: {complaint}" for complaint in stopped.complaints()]
    assert failures == []


def failures_of_stopping(play, points):
    failures = []
    for point in points:
        stopped = play(point)
        first = stopped.work_until(point, signal.SIGSTOP)
        if first["how"] != "stopped":
            failures.append(f"{point}: never reached ({first['how']})")
            continue
        stopped.meanwhile()
        ends = [stopped.work()["how"], stopped.driver.order(resume=first["pid"])["how"]]
        stopped.later()
        ends.append(stopped.work()["how"])
        if ends != [0, 0, 0]:
            failures.append(f"{point}: the workers ended with {ends}")
        failures += [f"{point}: {complaint}" for complaint in stopped.complaints()]
    return failures


def _is_whole(points, kind):
    """Nothing of the way is missing in what was written down."""
    counts = {name: sum(point.split()[0] == name for point in points) for name in _names(points)}
    # The plan; then for each part at least its claim, the frozen request and the receipt.
    assert counts["committing"] == counts["committed"] >= 7
    if kind == "folder":
        return counts["renaming"] == counts["renamed"] >= 4
    assert counts["public"] == 2
    return counts["arrived"] == counts["answered"] <= counts["sending"] + counts["publishing"]


def _names(points):
    return {point.split()[0] for point in points}
