"""Signed in: once, by all threads together, and at a server that may see the tokens."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from arrivals import watched

from clocks import Clock
from scheduler.errors import AccountRefused, Ambiguous
from scheduler.model import Account
from scheduler.platforms.sessions import Sessions, home

LIVE = Account(name="eu", platform="bluesky", options={"server": "https://bsky.example"})
SANDBOX = Account(
    name="eu", platform="bluesky", options={"server": "http://localhost:3000", "sandbox": "true"}
)


def document(address: str, id_: str = "did:plc:x#atproto_pds") -> dict:
    other = {"id": "#bsky_notif", "serviceEndpoint": "https://elsewhere.example"}
    return {"service": [other, {"id": id_, "serviceEndpoint": address}]}


@pytest.fixture
def calls():
    return []


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def sessions(calls, clock):
    def count(call):
        calls.append(call.endpoint.rsplit(".", 1)[-1])

    with watched(now=clock.now, faults=count) as sandbox:
        address = sandbox.start("bluesky", account="eu")
        account = Account(name="eu", platform="bluesky", options=address.options)
        yield Sessions(account, password=lambda: address.secrets["password"])


def test_many_threads_sign_in_once_and_renew_once(sessions, calls):
    with ThreadPoolExecutor(8) as pool:
        first = set(pool.map(lambda _: sessions.current().access, range(8)))
        spent = sessions.current()
        renewed = set(pool.map(lambda _: sessions.renewed(spent).access, range(8)))
    assert (len(first), len(renewed)) == (1, 1)
    assert first != renewed
    assert calls == ["createSession", "refreshSession"]


def test_what_was_forgotten_is_not_renewed(sessions, calls):
    spent = sessions.current()
    sessions.forget()
    assert sessions.renewed(spent).access != spent.access
    assert calls == ["createSession", "createSession"]


def test_renewing_keeps_who_it_is_and_where_its_records_live(sessions, clock):
    spent = sessions.current()
    clock.instant += timedelta(hours=2)
    renewed = sessions.renewed(spent)
    assert (renewed.did, renewed.pds) == (spent.did, spent.pds)
    assert renewed.refresh != spent.refresh


def test_a_session_does_not_show_its_tokens(sessions):
    session = sessions.current()
    assert session.access not in f"{session!r} {sessions!r}"


@pytest.mark.parametrize("id_", ["#atproto_pds", "did:plc:x#atproto_pds"])
def test_records_live_where_the_document_says(id_):
    assert home(LIVE, document("https://pds.example", id_)) == "https://pds.example"
    assert home(SANDBOX, document("http://localhost:4000", id_)) == "http://localhost:4000"


@pytest.mark.parametrize("said", [{}, {"service": []}, {"service": None}, document("")])
def test_a_document_that_does_not_say_leaves_it_open(said):
    assert home(LIVE, said) == ""


@pytest.mark.parametrize(
    "address",
    [
        "http://pds.example",
        "https://pds.example/path",
        "https://u:p@pds.example",
        "pds",
        "https://[",
    ],
)
def test_a_token_does_not_follow_to_a_server_that_must_not_see_it(address):
    with pytest.raises(AccountRefused, match="account eu: its own server"):
        home(LIVE, document(address))


def test_a_sandbox_does_not_follow_off_this_machine():
    assert home(SANDBOX, document("https://pds.example")) == ""


def test_a_document_of_another_shape_is_not_understood():
    with pytest.raises(Ambiguous):
        home(LIVE, {"service": "https://pds.example"})
