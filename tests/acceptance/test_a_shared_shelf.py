"""Processes on two machines, and one bucket behind the folders in which they draw."""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor

import pytest
from program import Daemon, calendar_of_today, public, run

from a_bucket import swift

POSTS = 3
DIFFERENT = {
    f"headline: Come today, body: The door is open.}}\n    text: This is number {number}.": (
        f"headline: Come today, body: Door {number} is open.}}\n    text: This is number {number}."
    )
    for number in range(POSTS)
}
NOWHERE = "s3://cards?endpoint=http://127.0.0.1:1&path_style=yes"
SECRET = "a-secret-that-nobody-reads"


def machine(tmp_path, name, **changes):
    folder = tmp_path / name
    folder.mkdir()
    calendar_of_today(folder, POSTS, **DIFFERENT, **changes)
    return folder


def environment(shelf, access="AKID", secret=SECRET):
    return {
        **os.environ,
        "CAMPAIGN_SHELF": shelf,
        "CAMPAIGN_SHELF_ACCESS_KEY": access,
        "CAMPAIGN_SHELF_SECRET_KEY": secret,
    }


def cards_of(folder):
    found = (folder / ".campaign" / "cards").glob("*.jpg")
    return {file.name: file.read_bytes() for file in found}


@pytest.fixture
def bucket(object_store):
    return swift(object_store)


@pytest.fixture
def shared(bucket):
    """The environment of each machine."""
    at = f"s3://{bucket.at.name}/2026?endpoint={bucket.at.endpoint}&path_style=yes"
    return environment(at, *(bucket.keys.read(name) for name in ("access_key", "secret_key")))


def previewed(folder, env):
    done = run("preview", "--json", cwd=folder, env=env)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.system
def test_two_machines_draw_each_card_once(tmp_path, shared, bucket):
    first, second = machine(tmp_path, "first"), machine(tmp_path, "second")
    drawn = previewed(first, shared)
    assert (drawn["cards_drawn"], drawn["cards_reused"]) == (POSTS, 0)
    fetched = previewed(second, shared)
    assert (fetched["cards_drawn"], fetched["cards_reused"]) == (0, POSTS)
    assert cards_of(first) == cards_of(second)
    assert {name: bucket.read(name) for name in cards_of(first)} == cards_of(first)


@pytest.mark.system
def test_two_machines_at_once_have_the_same_cards(tmp_path, shared):
    folders = [machine(tmp_path, name) for name in ("first", "second")]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda folder: previewed(folder, shared), folders))
    assert cards_of(folders[0]) == cards_of(folders[1])
    assert len(cards_of(folders[0])) == POSTS


@pytest.mark.system
def test_what_one_machine_approved_another_shows_as_it_was_drawn_then(tmp_path, shared):
    first, second = machine(tmp_path, "first"), machine(tmp_path, "second")
    assert run("approve", "--all", "--yes", "--as", "Ada", cwd=first, env=shared).returncode == 0
    for folder in (first, second):
        templates = folder / "assets" / "templates"
        templates.mkdir(parents=True)
        (templates / "call.toml").write_text("margin = 120\n", "utf-8")
    assert previewed(second, shared)["cards_drawn"] == 0
    assert cards_of(second) == cards_of(first)
    done = run("approve", "--all", "--take-back", "--as", "Ada", cwd=first, env=shared)
    assert done.returncode == 0, done.stderr
    assert previewed(second, shared)["cards_drawn"] == POSTS


def test_nothing_is_missed_because_the_bucket_is_away(tmp_path, monkeypatch):
    folder = machine(tmp_path, "alone")
    for name, value in environment(NOWHERE).items():
        monkeypatch.setenv(name, value)
    daemon = Daemon(folder)
    try:
        daemon.until(lambda: len(public(folder)) == POSTS, "published")
        assert daemon.stop() == 0
    finally:
        daemon.kill()
    said = daemon.said()
    assert said.count('the bucket "cards" at 127.0.0.1:1 cannot be reached') == 1
    assert "Cards that do not lie here are drawn here until it answers." in said
    assert SECRET not in said


def test_what_cannot_be_kept_for_all_machines_is_not_approved(tmp_path):
    folder = machine(tmp_path, "alone")
    done = run("approve", "--all", "--yes", "--as", "Ada", cwd=folder, env=environment(NOWHERE))
    assert done.returncode == 1
    assert "cannot be reached" in done.stderr
    assert "approve it again then" in done.stderr
    assert done.stderr.rstrip().endswith("Nothing was changed.")
    listed = run("approve", "--json", cwd=folder, env=environment(NOWHERE))
    assert {tuple(each["approved_by"]) for each in json.loads(listed.stdout)["deliveries"]} == {()}


def test_without_its_keys_the_bucket_is_told_of_and_cards_are_drawn(tmp_path):
    folder = machine(tmp_path, "alone")
    env = {name: text for name, text in environment(NOWHERE).items() if "_KEY" not in name}
    done = run("preview", cwd=folder, env=env)
    assert done.returncode == 0
    assert 'bucket "cards": no access_key in env CAMPAIGN_SHELF_ACCESS_KEY' in done.stderr
    assert len(cards_of(folder)) == POSTS


def test_a_rehearsal_asks_no_bucket_and_for_no_key(tmp_path):
    folder = machine(tmp_path, "alone")
    done = run("rehearse", cwd=folder, env=environment(NOWHERE))
    assert "bucket" not in done.stderr
    assert len(cards_of(folder)) == POSTS


@pytest.mark.parametrize("verb", ["check", "preview", "approve", "run", "kit"])
def test_an_address_that_holds_a_key_is_refused_and_never_repeated(verb, tmp_path):
    folder = machine(tmp_path, "alone")
    done = run(verb, cwd=folder, env=environment(f"s3://AKID:{SECRET}@cards"))
    assert (done.returncode, done.stdout) == (1, "")
    assert "a key must not stand in the address" in done.stderr
    assert SECRET not in done.stderr
    assert not (folder / ".campaign").exists()
