"""`campaign run`: killed, stopped, started twice, its calendar edited under its hands."""

from __future__ import annotations

import random

import pytest
from program import calendar_of_today, public, run, states

from scheduler.ledger import Ledger, questions
from scheduler.model import State


def expected(posts: int) -> list[str]:
    return sorted(f"This is number {number}." for number in range(posts))


@pytest.mark.parametrize("seed", [1, 2])
def test_killed_again_and_again_it_neither_repeats_nor_loses_a_post(tmp_path, daemon, seed):
    posts = 30
    calendar_of_today(tmp_path, posts)
    chance = random.Random(seed)
    for _ in range(6):
        running = daemon("--lease", "1")
        enough = len(public(tmp_path)) + chance.randint(1, 4)
        running.until(
            lambda enough=enough: len(public(tmp_path)) >= min(enough, posts), "publishing"
        )
        running.kill()
    last = daemon("--lease", "1")
    last.until(
        lambda: "published" in (done := set(states(tmp_path).values())) and len(done) == 1, "done"
    )
    assert last.stop() == 0
    assert public(tmp_path) == expected(posts)
    assert set(states(tmp_path).values()) == {"published"}


def test_two_daemons_on_one_ledger_publish_each_post_once(tmp_path, daemon):
    calendar_of_today(tmp_path, 12)
    first, second = daemon(), daemon()
    first.until(lambda: "taken up" in first.said(), "started")
    second.until(lambda: "taken up" in second.said(), "started")
    first.until(lambda: len(public(tmp_path)) == 12, "published")
    assert (first.stop(), second.stop()) == (0, 0)
    assert public(tmp_path) == expected(12)
    with Ledger(tmp_path / ".campaign" / "ledger.sqlite3") as ledger:
        entries = ledger.read(lambda c: questions.entries(c, "today"))
    assert [(entry.state, entry.fence) for entry in entries] == [(State.PUBLISHED, 1)] * 12


def test_sigterm_ends_it_cleanly_and_what_is_planned_waits(tmp_path, daemon):
    calendar_of_today(tmp_path, 3, **{"first_day: 202": "first_day: 209"})
    running = daemon()
    running.until(lambda: "taken up" in running.said(), "started")
    assert running.stop() == 0
    assert "Stopped" in running.said()
    assert set(states(tmp_path).values()) == {"planned"}


def test_an_edit_is_taken_up_and_a_broken_calendar_is_not(tmp_path, daemon):
    file = calendar_of_today(tmp_path, 1)
    running = daemon()
    running.until(lambda: len(public(tmp_path)) == 1, "published")
    good = file.read_text("utf-8")

    file.write_text(good.replace("    day: 1\n", "    day: 99\n"), "utf-8")
    running.until(lambda: "last good calendar" in running.said(), "refused")
    assert 'there is no day "99"' in running.said()

    calendar_of_today(tmp_path, 2)
    running.until(lambda: len(public(tmp_path)) == 2, "published the new post")
    assert running.stop() == 0
    assert public(tmp_path) == expected(2)


def test_once_publishes_what_is_due_and_ends(tmp_path):
    calendar_of_today(tmp_path, 5)
    done = run("run", "--once", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "5 published" in done.stderr
    again = run("run", "--once", cwd=tmp_path)
    assert again.returncode == 0
    assert public(tmp_path) == expected(5)


def test_a_calendar_with_an_error_is_not_begun(tmp_path):
    calendar_of_today(tmp_path, 2, **{"day: 1": "day: 17"})
    done = run("run", "--once", cwd=tmp_path)
    assert done.returncode == 1
    assert "Nothing was published" in done.stderr
    assert public(tmp_path) == []


def test_an_account_that_is_not_live_here_is_held_and_never_contacted(tmp_path):
    mastodon = "{platform: mastodon, server: https://mastodon.example, token: {env: NOBODY}}"
    calendar_of_today(tmp_path, 1, **{"{platform: folder, directory: published}": mastodon})
    done = run("run", "--once", cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    assert "1 held" in done.stderr
    assert "not live on this ledger" in done.stderr
