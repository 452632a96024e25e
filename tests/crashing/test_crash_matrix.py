"""Killed, or stopped for a while, at every single point of the way to the public.

A clean run of a thread of two parts with a picture is written down: every commit of the ledger,
before and after; everything sent, when it arrives, is public and is answered; every rename. Then
it is played again for each of these points, and what another worker makes of it is looked at.
"""

from __future__ import annotations

import shutil
import signal
from pathlib import Path

import pytest
from classes.standing import platforms
from driver import KINDS, OUTSIDE
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


@pytest.fixture(params=["sqlite"])
def ledger_url(request, tmp_path):
    """Gives a new ledger a name: a file, or the address of a database that is empty otherwise."""
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


def inside(points):
    return [point for point in points if point.split()[0] not in OUTSIDE]


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
    print(f"{play.kind}: killed at {len(points)} points")
    assert failures == []


def _is_whole(points, kind):
    """Nothing of the way is missing in what was written down."""
    counts = {name: sum(point.split()[0] == name for point in points) for name in _names(points)}
    assert counts["committing"] == counts["committed"] >= 9
    if kind == "folder":
        return counts["renaming"] == counts["renamed"] >= 4
    assert counts["public"] == 2
    return counts["arrived"] == counts["answered"] <= counts["sending"]


def _names(points):
    return {point.split()[0] for point in points}
