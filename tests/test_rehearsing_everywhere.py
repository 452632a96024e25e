"""One account of every platform side by side: one calendar, each rule kept, everything once."""

from __future__ import annotations

from datetime import date

import pytest

from scheduler.calendar import read_calendar
from scheduler.checking import check
from scheduler.errors import Severity
from scheduler.platforms import PLATFORMS
from scheduler.rehearsing import rehearse
from scheduler.sandbox import RATES, STAND_INS, Faultload

ON = date(2026, 11, 22)
ACCOUNTS = {
    "folder": "directory: published",
    "mastodon": "server: https://mastodon.example, token: {env: MASTODON}",
    "bluesky": "server: https://bsky.social, handle: network.example, password: {env: BLUESKY}",
    "x": "handle: network, consumer_key: {env: X1}, consumer_secret: {env: X2}, "
    "access_token: {env: X3}, access_token_secret: {env: X4}",
    "facebook": 'page: "17", token: {env: FACEBOOK}',
    "instagram": 'user_id: "18", token: {env: INSTAGRAM}',
    "threads": 'user_id: "19", token: {env: THREADS}',
    "linkedin": 'author: "urn:li:organization:20", token: {env: LINKEDIN}',
    "telegram": 'channel: "@network", alts: caption, token: {env: TELEGRAM}',
    "discord": "webhook: {env: DISCORD}",
    "slack": "webhook: {env: SLACK}",
}
EVERYWHERE = (
    "  archive: {platform: folder, directory: published}\n",
    "".join(f"  {name}: {{platform: {name}, {said}}}\n" for name, said in ACCOUNTS.items()),
)
HOSTED = (
    "accounts:\n",
    'hosting: {directory: public, address: "https://example.org/cards"}\naccounts:\n',
)
NOTE = ("    text: Today we begin.", "    note: mentions killing\n    text: Today we begin.")


@pytest.fixture
def everywhere(calendar):
    return calendar(EVERYWHERE, HOSTED, NOTE)


def test_every_platform_has_an_account_here_and_a_stand_in():
    assert set(ACCOUNTS) == set(PLATFORMS) == {"folder", *STAND_INS}


def test_one_calendar_is_sound_for_all_of_them(everywhere, shelf):
    checked = check(everywhere, shelf=shelf, on=ON)
    errors = [each for each in checked.problems if each.severity is Severity.ERROR]
    assert (errors, dict(checked.held)) == ([], {})
    assert {name for _, name in checked.drafts} == set(ACCOUNTS)


def test_who_fetches_pictures_is_said_where_the_calendar_has_no_place_for_them(calendar, shelf):
    problems = check(calendar(EVERYWHERE), shelf=shelf, on=ON, draw=False).problems
    said = [problem.message for problem in problems if problem.code == "no-hosting"]
    fetching = [name for name, platform in PLATFORMS.items() if platform.fetches_pictures]
    assert len(said) == len(fetching)
    assert all(any(f'"{name}"' in each for each in said) for name in fetching)


def test_everything_goes_out_once_everywhere_with_its_picture(everywhere, shelf):
    went = rehearse(read_calendar(everywhere).unwrap(), shelf=shelf)
    assert went.perfect, [entry.reason for entry in went.entries if entry.reason]
    assert {feed.account: len(feed.posts) for feed in went.feeds} == dict.fromkeys(ACCOUNTS, 2)
    for feed in went.feeds:
        assert [len(post.pictures) for post in feed.posts] == [1, 1]
        assert "mentions killing" in feed.posts[0].note + feed.posts[0].text


@pytest.mark.parametrize("seed", [1, 2])
def test_among_faults_nothing_is_doubled_and_nothing_silently_lost_anywhere(
    everywhere, shelf, seed
):
    often = {kind: min(1.0, rate * 6) for kind, rate in RATES.items()}
    went = rehearse(
        read_calendar(everywhere).unwrap(), shelf=shelf, faults=Faultload(seed=seed, rates=often)
    )
    assert len(went.injected.struck) > 20
    assert (went.duplicates, went.differences, went.lost) == (0, (), ())
    assert went.passed
