"""A rehearsal tells the truth about what the public would have seen."""

from __future__ import annotations

import dataclasses
import hashlib
from datetime import UTC, date, datetime, timedelta

import pytest

from scheduler.calendar import read_calendar
from scheduler.drafting import draft_for
from scheduler.model import State
from scheduler.preview.feeds import FeedPost
from scheduler.rehearsing import FastClock, Rehearsal, rehearse

TWO = (
    "accounts:\n",
    """\
accounts:
  network: {platform: mastodon, server: https://mastodon.example, token: {env: NOBODY_SETS_THIS}}
""",
)
POST = FeedPost(
    text="Words.",
    note="",
    language="en",
    alts=("Alt.",),
    pictures=(b"picture",),
    published_at=datetime(2026, 11, 25, 8, tzinfo=UTC),
    url="https://mastodon.example/1",
)


def played(calendar, shelf, **more) -> Rehearsal:
    return rehearse(read_calendar(calendar(TWO)).unwrap(), shelf=shelf, **more)


def test_everything_goes_out_once_to_every_account(calendar, shelf):
    went = played(calendar, shelf)
    assert went.perfect
    assert {feed.account: len(feed.posts) for feed in went.feeds} == {"network": 2, "archive": 2}
    assert (went.count(State.PUBLISHED), went.duplicates, went.simulated_days) == (4, 0, 2)


@pytest.mark.parametrize(("software", "published"), [("mastodon", 3), ("gotosocial", 4)])
def test_a_rehearsal_stands_in_for_the_software_of_the_server(calendar, shelf, software, published):
    named = (TWO[0], TWO[1].replace("server:", f"software: {software}, server:"))
    longer = ("text: Today we begin.", f"text: {'We begin. ' * 50}")
    went = rehearse(read_calendar(calendar(named, longer)).unwrap(), shelf=shelf)
    assert went.count(State.PUBLISHED) == published


def test_the_public_sees_the_very_drafts_that_the_preview_shows(calendar, shelf):
    coalition = read_calendar(calendar(TWO)).unwrap()
    for feed in rehearse(coalition, shelf=shelf).feeds:
        drafts = [
            draft_for(coalition.own, post, feed.account, shelf)
            for post in coalition.own.posts.values()
        ]
        assert [post.text for post in feed.posts] == [draft.text for draft in drafts]
        assert [post.alts for post in feed.posts] == [
            tuple(picture.alt for picture in draft.pictures) for draft in drafts
        ]
        assert [hashlib.sha256(post.pictures[0]).hexdigest() for post in feed.posts] == [
            draft.pictures[0].digest for draft in drafts
        ]


X = (
    "accounts:\n",
    """\
accounts:
  loud:
    platform: x
    handle: loud_voice
    consumer_key: {env: NOBODY_SETS_THIS}
    consumer_secret: {env: NOBODY_SETS_THIS}
    access_token: {env: NOBODY_SETS_THIS}
    access_token_secret: {env: NOBODY_SETS_THIS}
""",
)


def test_on_x_everything_goes_out_once_with_its_note_above_the_text(calendar, shelf):
    note = ("text: Today we begin.", "text: Today we begin.\n    note: mentions violence")
    went = rehearse(read_calendar(calendar(X, note)).unwrap(), shelf=shelf)
    assert went.perfect
    (loud, _) = went.feeds
    assert [(post.text, post.note) for post in loud.posts] == [
        ("mentions violence\n\nToday we begin.\n\n#Small", ""),
        ("Listening comes first.\n\n#Small", ""),
    ]


def test_on_x_the_same_words_on_another_day_are_left_to_a_person(calendar, shelf):
    same = ("text: Listening comes first.", "text: Today we begin.")
    went = rehearse(read_calendar(calendar(X, same)).unwrap(), shelf=shelf)
    (loud, archive) = went.feeds
    assert (len(loud.posts), len(archive.posts)) == (1, 2)
    assert (went.count(State.UNCONFIRMED), went.duplicates) == (1, 0)
    (waiting,) = [entry for entry in went.entries if entry.state is State.UNCONFIRMED]
    assert "these words stand on the account already" in waiting.reason
    assert not went.perfect


def test_each_post_is_seen_at_the_hour_that_the_calendar_says(calendar, shelf):
    (network, _) = played(calendar, shelf).feeds
    assert [post.published_at for post in network.posts] == [
        datetime(2026, 11, 25, 8, tzinfo=UTC),
        datetime(2026, 11, 26, 8, tzinfo=UTC),
    ]


def test_bluesky_is_rehearsed_as_mastodon_is(calendar, shelf):
    accounts = """\
accounts:
  network: {platform: mastodon, server: https://mastodon.example, token: {env: NOBODY_SETS_THIS}}
  sky:
    {platform: bluesky, server: https://bsky.social, handle: x.example, password: {env: NOBODY}}
"""
    went = rehearse(read_calendar(calendar(("accounts:\n", accounts))).unwrap(), shelf=shelf)
    assert went.perfect
    posts = {feed.account: feed.posts for feed in went.feeds}
    assert {platform: len(posts[platform]) for platform in posts} == {
        "network": 2,
        "sky": 2,
        "archive": 2,
    }
    assert [post.text for post in posts["sky"]] == [post.text for post in posts["network"]]
    assert all(post.url.startswith("https://bsky.app/profile/did:plc:") for post in posts["sky"])


PAGES = (
    "accounts:\n",
    """\
accounts:
  page:
    platform: facebook
    page: "17"
    app_id: "7"
    token: {env: NOBODY_SETS_THIS}
    app_secret: {env: NOBODY_SETS_THIS}
  company: {platform: linkedin, author: "urn:li:organization:17", token: {env: NOBODY_SETS_THIS}}
  ana:
    platform: linkedin
    author: urn:li:person:abc
    client_id: "7"
    token: {env: NOBODY_SETS_THIS_EITHER}
    client_secret: {env: NOBODY_SETS_THIS}
""",
)


def test_on_facebook_and_linkedin_everything_goes_out_once_with_its_thread_as_comments(
    calendar, shelf
):
    thread = (
        "text: Today we begin.",
        """text: "*Today* (now) we begin."
    note: mentions violence
    thread: [More of it., And the end.]""",
    )
    went = rehearse(read_calendar(calendar(PAGES, thread)).unwrap(), shelf=shelf)
    assert went.perfect
    (*pages, _) = went.feeds
    assert [feed.account for feed in pages] == ["page", "company", "ana"]
    for feed in pages:
        assert [(post.text, post.note, len(post.pictures)) for post in feed.posts] == [
            ("mentions violence\n\n*Today* (now) we begin.\n\n#Small", "", 1),
            ("mentions violence\n\nMore of it.", "", 0),
            ("mentions violence\n\nAnd the end.", "", 0),
            ("Listening comes first.\n\n#Small", "", 1),
        ]


def test_a_rehearsal_that_starts_late_is_not_perfect(calendar, shelf):
    went = played(calendar, shelf, start=date(2026, 11, 26))
    assert not went.perfect
    assert (went.count(State.MISSED), went.count(State.PUBLISHED)) == (2, 2)


def test_a_post_that_the_public_sees_twice_is_a_duplicate(calendar, shelf):
    went = played(calendar, shelf)
    again = dataclasses.replace(POST, published_at=POST.published_at + timedelta(hours=1), url="x")
    other = dataclasses.replace(POST, text="Other words.")
    feed = dataclasses.replace(went.feeds[0], posts=(POST, again, other))
    twice = dataclasses.replace(went, feeds=(feed, *went.feeds[1:]))
    assert twice.duplicates == 1
    assert not twice.perfect


def test_the_fast_clock_never_goes_back():
    clock = FastClock(datetime(2026, 11, 25, tzinfo=UTC))
    clock.advance(datetime(2026, 11, 26, tzinfo=UTC))
    before = clock.monotonic()
    clock.advance(datetime(2026, 11, 24, tzinfo=UTC))
    assert clock.now() == datetime(2026, 11, 26, tzinfo=UTC)
    assert clock.monotonic() >= before
