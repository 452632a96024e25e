"""Two machines on one ledger: each post once, by whoever comes first, from one calendar only."""

from __future__ import annotations

import shutil
import socket
import urllib.request

import psycopg
import pytest
from program import Daemon, calendar_of_today, run

pytestmark = pytest.mark.system
POSTS = 12


@pytest.fixture
def machines(tmp_path, postgresql):
    """Starts processes, each in a copy of the calendar; they share where they publish."""
    shared = tmp_path / "public"
    begun = []
    address = postgresql.database()

    def machine(name, verb, *options, late=()):
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        calendar_of_today(folder, POSTS, **{"directory: published": f"directory: {shared}"})
        for old, new in late:
            file = folder / "campaign.yaml"
            file.write_text(file.read_text("utf-8").replace(old, new), "utf-8")
        begun.append(Daemon(folder, "--ledger", address, *options, verb=verb))
        return begun[-1]

    machine.address = address
    machine.texts = lambda: sorted(
        file.read_text("utf-8") for file in shared.glob("[!.]*/*/*/*/text.txt")
    )
    yield machine
    for one in begun:
        if one.process.poll() is None:
            one.kill()
    shutil.rmtree(shared, ignore_errors=True)


ALL = sorted(f"This is number {number}." for number in range(POSTS))


def test_a_worker_publishes_what_another_machine_has_planned_and_each_post_is_public_once(machines):
    worker = machines("second", "worker")
    worker.until(lambda: "publishing nothing" in worker.said(), "waiting for a clock")
    assert machines.texts() == []
    clock = machines("first", "run")
    clock.until(lambda: len(machines.texts()) == POSTS, "published")
    assert (clock.stop(), worker.stop()) == (0, 0)
    assert machines.texts() == ALL
    with psycopg.connect(machines.address) as ledger:
        assert set(ledger.execute("SELECT state FROM deliveries").fetchall()) == {("published",)}
        assert ledger.execute("SELECT count(*) FROM attempts").fetchone() == (POSTS,)


def test_workers_go_on_when_the_clock_is_gone(machines):
    clock = machines("first", "run")
    clock.until(lambda: "taken up" in clock.said(), "planned")
    clock.kill()
    worker = machines("second", "worker", "--lease", "2")
    worker.until(lambda: len(machines.texts()) == POSTS, "published")
    assert worker.stop() == 0
    assert machines.texts() == ALL


def test_a_worker_whose_copy_of_the_calendar_is_another_publishes_nothing(machines):
    clock = machines("first", "run", late=[('time: "00:00"', 'time: "23:59"')])
    clock.until(lambda: "taken up" in clock.said(), "planned")
    worker = machines("second", "worker")
    worker.until(lambda: "bring this machine's copy up to date" in worker.said(), "refused")
    assert machines.texts() == []


def test_a_worker_tells_how_it_is_on_loopback(machines):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    clock = machines("first", "run", "--metrics", str(port))
    clock.until(lambda: len(machines.texts()) == POSTS, "published")
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        told = answer.read().decode()
    assert "campaign_overdue 0.0" in told
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=10) as answer:
        assert answer.status == 200


def test_a_worker_on_a_file_is_refused_with_what_to_do(tmp_path):
    calendar_of_today(tmp_path, 1)
    done = run("worker", "--ledger", "ledger.sqlite3", cwd=tmp_path)
    assert done.returncode == 1
    assert "campaign ledger move" in done.stderr


def test_a_ledger_is_moved_and_its_file_is_never_used_again(tmp_path, postgresql):
    calendar_of_today(tmp_path, 2)
    assert run("run", "--once", cwd=tmp_path).returncode == 0
    file, address = ".campaign/ledger.sqlite3", postgresql.database()
    done = run("ledger", "move", file, address, cwd=tmp_path)
    assert (done.returncode, "Moved and compared" in done.stderr) == (0, True), done.stderr
    again = run("run", "--once", cwd=tmp_path)
    assert (again.returncode, "it was moved" in again.stderr) == (1, True)
    there = run("run", "--once", "--ledger", address, cwd=tmp_path)
    assert "2 published" in there.stderr
