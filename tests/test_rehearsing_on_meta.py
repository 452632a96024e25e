"""A rehearsal publishes to Instagram and Threads, whose stand-ins fetch every picture."""

from __future__ import annotations

import hashlib
from datetime import date

import pytest

from scheduler.calendar import read_calendar
from scheduler.checking import check
from scheduler.drafting import draft_for
from scheduler.model import State
from scheduler.rehearsing import rehearse
from scheduler.sandbox import Faultload, Kind

ACCOUNTS = """\
accounts:
  pictures: {platform: instagram, user_id: "17", token: {env: NOBODY_SETS_THIS}}
  talk: {platform: threads, user_id: "18", token: {env: NOBODY_SETS_THIS}}
"""
META = ("accounts:\n", ACCOUNTS)
NOTE = ("text: Today we begin.", "text: Today we begin.\n    note: mentions violence")
THREAD = ("text: Today we begin.", "text: Today we begin.\n    thread: [And a second part.]")
LOGIN = ("platform: instagram,", "platform: instagram, login: facebook,")


@pytest.fixture
def spoken(calendar):
    return lambda *changes: read_calendar(calendar(META, *changes)).unwrap()


@pytest.mark.parametrize("login", [(), (LOGIN,)], ids=["at instagram", "with facebook"])
def test_everything_goes_out_once_with_the_note_above_the_words(spoken, shelf, login):
    went = rehearse(spoken(NOTE, *login), shelf=shelf)
    assert went.perfect
    assert {feed.account: len(feed.posts) for feed in went.feeds} == {
        "pictures": 2,
        "talk": 2,
        "archive": 2,
    }
    said = {feed.account: [post.text for post in feed.posts] for feed in went.feeds}
    assert said["pictures"] == said["talk"]
    assert said["talk"][0] == "mentions violence\n\nToday we begin.\n\n#Small"
    covered = {feed.account: [post.covered for post in feed.posts] for feed in went.feeds}
    assert (covered["pictures"], covered["talk"]) == ([False, False], [True, False])


def test_the_public_sees_the_very_pictures_that_were_drafted(spoken, shelf):
    coalition = spoken()
    for feed in rehearse(coalition, shelf=shelf).feeds:
        for post, shown in zip(coalition.own.posts.values(), feed.posts, strict=True):
            (drafted,) = draft_for(coalition.own, post, feed.account, shelf).pictures
            (seen,) = shown.pictures
            assert hashlib.sha256(seen).hexdigest() == drafted.digest
            assert shown.alts == (drafted.alt,)
            if feed.account != "archive":
                assert (drafted.size.width, drafted.size.height) == (1080, 1350)


def test_a_thread_goes_out_on_threads_and_is_an_error_for_instagram_alone(calendar, shelf):
    file = calendar(META, THREAD)
    report = check(file, shelf=shelf, on=date(2026, 11, 22))
    found = [each for each in report.problems if each.code == "too-few"]
    assert [each.message for each in found] == [
        'day 1, post "launch": pictures: 0 of at least 1 (instagram, account "pictures")'
    ]
    lines = file.read_text("utf-8").splitlines()
    assert lines[found[0].line - 1][found[0].column - 1 :] == "And a second part.]"
    assert set(report.held) == {("launch", "pictures")}
    went = rehearse(read_calendar(file).unwrap(), shelf=shelf, held=report.held)
    talk = next(feed for feed in went.feeds if feed.account == "talk")
    assert [post.text for post in talk.posts][1] == "And a second part."
    assert went.count(State.PUBLISHED) == 3 + 1 + 3


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_whatever_goes_wrong_nothing_is_doubled_and_nothing_is_silently_lost(spoken, shelf, seed):
    load = Faultload(seed=seed, rates=dict.fromkeys(Kind, 0.05))
    went = rehearse(spoken(NOTE), shelf=shelf, faults=load)
    assert went.injected.struck
    assert went.differences == ()
    assert went.duplicates == 0
    assert [entry.key for entry in went.lost] == []


@pytest.mark.parametrize("kind", [Kind.LOST, Kind.FAILED, Kind.DROPPED, Kind.UNFINISHED])
def test_what_strikes_each_call_once_does_not_keep_a_post_from_going_out(spoken, shelf, kind):
    load = Faultload(seed=1, rates={kind: 1.0}, first=1)
    went = rehearse(spoken(), shelf=shelf, faults=load)
    assert went.passed
    assert went.count(State.PUBLISHED) == 6, [each.reason for each in went.entries]
