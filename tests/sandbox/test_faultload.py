"""The same seed brings the same faults, and each fault is at the wire what it is called."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
import requests

from scheduler.sandbox import (
    RATES,
    STAND_INS,
    Call,
    Faultload,
    Injector,
    Kind,
    Purpose,
    Sandbox,
)
from scheduler.sandbox.faultload import MEETING, RETRY_AFTER

START = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
PNG = b"\x89PNG\r\n\x1a\n and pixels"
PUBLISH = "/api/v1/statuses"


class Clock:
    instant = START

    def now(self):
        return self.instant


def calls(accounts, each=40):
    return [
        Call(
            platform="mastodon",
            account=account,
            endpoint=purpose,
            number=number,
            purpose=purpose,
        )
        for account in accounts
        for number in range(1, each + 1)
        for purpose in Purpose
    ]


def met(load, asked):
    """Which fault each of the calls meets."""
    told = []
    injector = Injector(load, now=Clock().now, tell=told.append)
    faults = {}
    for call in asked:
        before = len(told)
        injector(call)
        faults[call] = told[-1].kind if len(told) > before else None
    return faults


def test_the_same_seed_brings_the_same_faults_and_another_seed_others():
    asked = calls(["eu", "es"])
    assert met(Faultload(seed=7), asked) == met(Faultload(seed=7), asked)
    assert met(Faultload(seed=7), asked) != met(Faultload(seed=8), asked)


def test_threads_in_another_order_and_other_accounts_change_nothing():
    asked = calls(["eu", "es"])
    shuffled = random.Random(1).sample(asked, len(asked))
    alone = met(Faultload(seed=7), calls(["eu"]))
    assert met(Faultload(seed=7), shuffled) == met(Faultload(seed=7), asked)
    assert {
        call: kind for call, kind in met(Faultload(seed=7), asked).items() if call in alone
    } == (alone)


def test_faults_come_as_often_as_they_are_documented():
    share = Counter(
        Faultload(seed=seed).drawn(MEETING[Purpose.PUBLISH], "somewhere", number=number)
        for seed in range(200)
        for number in range(100)
    )
    for kind in MEETING[Purpose.PUBLISH]:
        assert share[kind] / 20_000 == pytest.approx(RATES[kind], rel=0.35), kind


def test_every_kind_has_a_rate_and_only_the_first_calls_are_met_where_it_is_said():
    assert set(RATES) == set(Kind)
    load = Faultload(seed=1, rates={Kind.LOST: 1.0}, first=2)
    kinds = [load.drawn([Kind.LOST], "somewhere", number=number) for number in (1, 2, 3)]
    assert kinds == [Kind.LOST, Kind.LOST, None]


#: Nothing that stands there can be read back by a program.
UNREADABLE = ("telegram", "discord", "slack")


def test_every_stand_in_says_which_request_publishes_and_which_reads_back():
    for name, stand_in in STAND_INS.items():
        wanted = {Purpose.PUBLISH} | ({Purpose.READ} if name not in UNREADABLE else set())
        assert wanted <= set(stand_in.purposes.values()), name


# ── at the wire ───────────────────────────────────────────────────────────────────────────────────


class Line:
    """One account on a stand-in that meets one kind of fault, once at each endpoint."""

    def __init__(self, sandbox, account="eu"):
        self._sandbox = sandbox
        self._account = account
        self._address = sandbox.start("mastodon", account=account)

    def ask(self, method, path, **more):
        headers = {"Authorization": f"Bearer {self._address.secrets['token']}"}
        return requests.request(
            method, self._address.server + path, headers=headers, timeout=5, **more
        )

    def post(self, text="Words."):
        return self.ask("POST", PUBLISH, json={"status": text})

    def upload(self):
        return self.ask("POST", "/api/v2/media", files={"file": ("a.png", PNG, "image/png")})

    def public(self):
        return [post.text for post in self._sandbox.public(self._account)]


@pytest.fixture
def meeting():
    """Gives an account that meets this kind, and the clock of its platform."""
    opened = []

    def start(kind):
        clock = Clock()
        load = Faultload(seed=1, rates={kind: 1.0}, first=1)
        injector = Injector(load, now=clock.now, tell=lambda _struck: None)
        opened.append(Sandbox(now=clock.now, faults=injector))
        return Line(opened[-1]), clock

    yield start
    for sandbox in opened:
        sandbox.__exit__(None, None, None)


@pytest.mark.parametrize(
    ("kind", "made"), [(Kind.DROPPED, []), (Kind.DROPPED_LATER, []), (Kind.LOST, ["Words."])]
)
def test_a_line_that_is_cut_brings_no_answer_whatever_was_made(meeting, kind, made):
    line, _ = meeting(kind)
    with pytest.raises(requests.ConnectionError):
        line.post()
    assert line.public() == made


@pytest.mark.parametrize(
    ("kind", "status", "made"),
    [
        (Kind.FAILED, 500, ["Words."]),
        (Kind.LIMITED, 429, []),
        (Kind.LIMITED_SILENTLY, 429, []),
        (Kind.FULL, 429, []),
        (Kind.EXPIRED, 401, []),
        (Kind.SLOW, 200, ["Words."]),
    ],
)
def test_an_answer_says_what_its_fault_is_called(meeting, kind, status, made):
    line, _ = meeting(kind)
    assert line.post().status_code == status
    assert line.public() == made


def test_one_rate_limit_says_how_long_and_the_other_does_not(meeting):
    told, silent = (meeting(kind)[0].post() for kind in (Kind.LIMITED, Kind.LIMITED_SILENTLY))
    assert told.headers["Retry-After"] == str(RETRY_AFTER)
    assert not {"Retry-After", "X-RateLimit-Reset"} & set(silent.headers)


def test_a_full_quota_stays_full_until_its_window_ends(meeting):
    line, clock = meeting(Kind.FULL)
    assert line.post().headers["X-RateLimit-Reset"] == "2026-11-25T12:00:00.000000Z"
    assert line.post().status_code == 429
    clock.instant += timedelta(hours=3)
    assert line.post().status_code == 200


def test_a_picture_that_is_never_finished_is_not_ready_after_a_year(meeting):
    line, clock = meeting(Kind.UNFINISHED)
    uploaded = line.upload()
    clock.instant += timedelta(days=365)
    asked = line.ask("GET", f"/api/v1/media/{uploaded.json()['id']}")
    assert (uploaded.status_code, asked.status_code) == (202, 206)
    assert line.upload().status_code == 200, "only the first one"


def test_an_account_that_cannot_be_read_any_more_can_still_be_written(meeting):
    line, _ = meeting(Kind.UNREADABLE)
    with pytest.raises(requests.ConnectionError):
        line.post("One")
    me = line.ask("GET", "/api/v1/accounts/verify_credentials").json()["id"]
    assert line.ask("GET", f"/api/v1/accounts/{me}/statuses").status_code == 503
    assert line.post("Two").status_code == 200
    assert line.public() == ["One", "Two"]


def test_what_follows_a_refused_request_is_read_from_its_beginning():
    load = Faultload(seed=1, rates={Kind.LIMITED: 1.0}, first=1)
    injector = Injector(load, now=Clock().now, tell=lambda _struck: None)
    with Sandbox(now=Clock().now, faults=injector) as sandbox, requests.Session() as session:
        address = sandbox.start("mastodon", account="eu")
        session.headers["Authorization"] = f"Bearer {address.secrets['token']}"
        big = {"file": ("a.png", PNG + b"\0" * 100_000, "image/png")}
        answers = [
            session.post(f"{address.server}/api/v2/media", files=big, timeout=5) for _ in range(2)
        ]
    assert [answer.status_code for answer in answers] == [429, 200]


def test_calls_are_counted_for_each_account_alone():
    seen = []
    with Sandbox(now=Clock().now, faults=seen.append) as sandbox:
        for account in ("eu", "es", "eu"):
            Line(sandbox, account).post()
    assert [(call.account, call.number, call.purpose) for call in seen] == [
        ("eu", 1, Purpose.PUBLISH),
        ("es", 1, Purpose.PUBLISH),
        ("eu", 2, Purpose.PUBLISH),
    ]


def test_a_server_that_is_away_refuses_connections_and_comes_back_to_the_same_place():
    with Sandbox(now=Clock().now) as sandbox:
        line = Line(sandbox)
        for text in ("One", "Two"):
            sandbox.leave("mastodon")
            sandbox.leave("mastodon")
            with pytest.raises(requests.ConnectionError, match="refused"):
                line.post("Into the void")
            sandbox.come_back("mastodon")
            assert line.post(text).status_code == 200
        assert line.public() == ["One", "Two"]


def test_no_kept_line_reaches_a_server_that_is_away():
    with Sandbox(now=Clock().now) as sandbox, requests.Session() as session:
        server = sandbox.start("mastodon", account="eu").server
        assert session.get(f"{server}/api/v2/instance", timeout=5).status_code == 200
        sandbox.leave("mastodon")
        with pytest.raises(requests.ConnectionError):
            session.get(f"{server}/api/v2/instance", timeout=5)
