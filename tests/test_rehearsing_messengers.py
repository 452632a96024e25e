"""Channels and chats in a rehearsal: everything goes out once, and what nobody can see is said."""

from __future__ import annotations

from datetime import timedelta

import pytest

from scheduler.calendar import read_calendar
from scheduler.model import State
from scheduler.preview import feeds
from scheduler.rehearsing import rehearse
from scheduler.sandbox import RATES, Faultload, Kind

ACCOUNTS = {
    "telegram": 'platform: telegram, channel: "@network", alts: caption, token: {env: NOBODY}',
    "discord": "platform: discord, webhook: {env: NOBODY}",
    "slack": "platform: slack, webhook: {env: NOBODY}",
}


@pytest.fixture
def messengers(calendar):
    """Two posts, one with a note and a thread, for each kind of account."""
    lines = "".join(f"  {name}: {{{said}}}\n" for name, said in ACCOUNTS.items())
    changes = (
        ("  archive: {platform: folder, directory: published}\n", lines),
        ("    text: Today we begin.", "    note: mentions killing\n    text: Today we begin."),
        ("    text: Listening", "    thread: [And then we act., And again.]\n    text: Listening"),
    )
    return read_calendar(calendar(*changes)).unwrap()


def test_everything_goes_out_once_to_each_and_is_shown(messengers, shelf, tmp_path):
    went = rehearse(messengers, shelf=shelf)
    counts = (
        "deliveries",
        "published",
        "unconfirmed",
        "missed",
        "rejected",
        "handed",
        "duplicates",
    )
    zone = messengers.own.zone
    whole = dict.fromkeys(counts, 12)
    summary = feeds.Summary(title="Small", zone=zone, simulated_days=2, seconds=1.0, **whole)
    assert feeds.write(went.feeds, summary, out=tmp_path / "pages").exists()
    assert went.perfect
    assert len(went.entries) == 4 * len(ACCOUNTS)
    for feed in went.feeds:
        assert [len(post.pictures) for post in feed.posts] == [1, 1, 0, 0]
        assert feed.posts[0].text.startswith("mentions killing\n\nToday we begin.")


@pytest.mark.parametrize("seed", range(1, 7))
def test_among_faults_nothing_is_doubled_and_nothing_silently_lost(messengers, shelf, seed):
    often = {kind: min(1.0, rate * 12) for kind, rate in RATES.items()}
    went = rehearse(messengers, shelf=shelf, faults=Faultload(seed=seed, rates=often))
    assert went.injected.struck
    assert (went.duplicates, went.differences, went.lost) == (0, (), ())
    assert went.passed


@pytest.mark.parametrize("kind", [Kind.LOST, Kind.FAILED, Kind.DROPPED])
def test_where_nobody_can_look_a_lost_answer_is_left_to_a_person(messengers, shelf, kind):
    once = Faultload(seed=1, rates={kind: 1.0}, first=1)
    went = rehearse(messengers, shelf=shelf, faults=once)
    doubtful = [entry for entry in went.entries if entry.state is State.UNCONFIRMED]
    assert {entry.account for entry in doubtful} == set(ACCOUNTS)
    assert all(entry.reason for entry in doubtful)
    assert went.passed


def test_a_rate_limit_is_waited_for(messengers, shelf):
    once = Faultload(seed=1, rates={Kind.LIMITED: 1.0}, first=1)
    went = rehearse(messengers, shelf=shelf, faults=once)
    assert {entry.state for entry in went.entries} == {State.PUBLISHED}
    late = [entry.published_at - entry.due for entry in went.entries]
    assert max(late) >= timedelta(minutes=10)
