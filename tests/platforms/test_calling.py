"""Errors below HTTP: only those that prove that nothing was sent are `NotSent`."""

from __future__ import annotations

import json
import re
import socket
import ssl
import threading
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests
from urllib3.exceptions import (
    ConnectTimeoutError,
    MaxRetryError,
    NameResolutionError,
    NewConnectionError,
    ProtocolError,
    ProxyError,
    ReadTimeoutError,
    SSLError,
)

from scheduler.errors import AccountRefused, Ambiguous, NotSent, RateLimited
from scheduler.model import Account, Allowance, Secret
from scheduler.platforms.calling import (
    Answer,
    Server,
    allowance,
    is_loopback,
    refusal,
    unanswered,
)
from scheduler.platforms.hushing import without_secrets
from scheduler.platforms.mastodon import Mastodon
from scheduler.platforms.options import option_problems
from scheduler.platforms.protocol import Option


class KeepsLines(BaseHTTPRequestHandler):
    """Answers with the caller's port: the same port is the same connection."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        port = str(self.client_address[1]).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(port)))
        self.end_headers()
        self.wfile.write(port)

    def log_message(self, *words):
        pass


@contextmanager
def listening(handler):
    """An address at which the handler answers."""
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as served:
        thread = threading.Thread(target=served.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{served.server_port}"
        served.shutdown()
        thread.join()


@pytest.fixture
def server():
    with listening(KeepsLines) as address:
        yield Server(address, token=lambda: "token")


@contextmanager
def answering(status, body):
    """A server that says only this."""

    class Says(KeepsLines):
        def do_GET(self):
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    with listening(Says) as address:
        yield Server(address, token=lambda: "token")


LINE = object()  # stands where urllib3 keeps its connection


def retried(reason: Exception) -> MaxRetryError:
    """As urllib3 wraps what happened before a request left."""
    return MaxRetryError(None, "/api", reason)


@pytest.mark.parametrize(
    "error",
    [
        requests.ConnectTimeout(retried(ConnectTimeoutError(LINE, "timed out"))),
        requests.ConnectionError(retried(NewConnectionError(LINE, "refused"))),
        requests.ConnectionError(
            retried(NameResolutionError("nowhere.invalid", LINE, socket.gaierror(-2, "unknown")))
        ),
        requests.exceptions.ProxyError(
            retried(ProxyError("no proxy", NewConnectionError(LINE, "refused")))
        ),
        requests.exceptions.SSLError(retried(SSLError(ssl.SSLCertVerificationError(1, "expired")))),
    ],
    ids=lambda error: re.sub("0x[0-9a-f]+", "", str(error))[-40:],
)
def test_a_connection_that_was_never_made_means_not_sent(error):
    assert type(unanswered(error, "host")) is NotSent


@pytest.mark.parametrize(
    "error",
    [
        requests.ReadTimeout(ReadTimeoutError(None, "/api", "timed out")),
        requests.ConnectionError(ProtocolError("aborted", ConnectionResetError(104, "reset"))),
        requests.ConnectionError(ProtocolError("aborted", BrokenPipeError(32, "pipe"))),
        requests.ConnectionError("something new"),
        requests.ConnectionError(),
        requests.exceptions.ChunkedEncodingError(ProtocolError("half")),
        requests.exceptions.ContentDecodingError("not gzip"),
        requests.exceptions.SSLError(retried(SSLError(ssl.SSLError(1, "record layer failure")))),
        ConnectionResetError(104, "reset"),
    ],
    ids=repr,
)
def test_every_other_end_of_a_connection_is_ambiguous(error):
    assert type(unanswered(error, "host")) is Ambiguous


def test_an_address_that_cannot_be_called_is_an_account_error():
    error = requests.exceptions.InvalidURL("Invalid URL: token")
    ending = unanswered(error, "host")
    assert type(ending) is AccountRefused
    assert "token" not in str(ending)


@pytest.mark.parametrize(
    ("address", "here"),
    [
        ("http://127.0.0.1:3000", True),
        ("http://127.8.8.8", True),
        ("http://[::1]:3000", True),
        ("http://localhost", True),
        ("http://localhost.example", False),
        ("http://127.0.0.1.example", False),
        ("http://192.168.1.1", False),
        ("http://0.0.0.0", False),
        ("", False),
    ],
)
def test_only_this_machine_is_loopback(address, here):
    assert is_loopback(address) is here


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "90"}, 90),
        ({"Retry-After": "99999999999999999999"}, 86_400),
        (
            {
                "Retry-After": "Wed, 25 Nov 2026 09:01:00 GMT",
                "Date": "Wed, 25 Nov 2026 09:00:00 GMT",
            },
            60,
        ),
        (
            {
                "X-RateLimit-Reset": "2026-11-25T09:00:30.5Z",
                "Date": "Wed, 25 Nov 2026 09:00:00 GMT",
            },
            30.5,
        ),
        (
            {
                "X-RateLimit-Reset": "2026-11-25T08:59:00Z",
                "Date": "Wed, 25 Nov 2026 09:00:00 -0000",
            },
            0,
        ),
        ({"x-rate-limit-reset": "1795597230", "Date": "Wed, 25 Nov 2026 09:00:00 GMT"}, 30),
        ({"x-rate-limit-reset": "9" * 30, "Date": "Wed, 25 Nov 2026 09:00:00 GMT"}, None),
        ({"x-rate-limit-reset": "1795597230"}, None),
        ({"RateLimit-Reset": "1795597230", "Date": "Wed, 25 Nov 2026 09:00:00 GMT"}, 30),
        ({"RateLimit-Reset": "999999999999", "Date": "Wed, 25 Nov 2026 09:00:00 GMT"}, None),
        ({"RateLimit-Reset": "-1", "Date": "Wed, 25 Nov 2026 09:00:00 GMT"}, None),
        ({"X-RateLimit-Reset": "2026-11-25T09:00:30Z"}, None),
        ({"X-RateLimit-Reset": "soon", "Date": "now"}, None),
        ({}, None),
    ],
)
def test_the_wait_is_what_the_server_says_on_its_own_clock(headers, seconds):
    found_in_any_case = requests.structures.CaseInsensitiveDict(headers)
    ending = refusal(Answer(host="host", status=429, headers=found_in_any_case, body=b""))
    assert isinstance(ending, RateLimited)
    assert ending.retry_after == seconds


@pytest.mark.parametrize(
    ("headers", "left"),
    [
        ({"X-RateLimit-Remaining": "299", "X-RateLimit-Reset": "2026-11-25T09:00:30Z"}, 299),
        ({"x-rate-limit-remaining": "0", "x-rate-limit-reset": "1795597230"}, 0),
        ({"RateLimit-Remaining": "4997", "RateLimit-Reset": "1795597230"}, 4997),
    ],
)
def test_what_is_left_is_read_from_the_headers_of_each_platform(headers, left):
    def said(*names):
        every = {**headers, "Date": "Wed, 25 Nov 2026 09:00:00 GMT"}
        return requests.structures.CaseInsensitiveDict({name: every[name] for name in names})

    remaining, reset = headers
    assert allowance(said(remaining, reset, "Date")) == Allowance(
        left=left, renews_in=timedelta(seconds=30)
    )
    assert allowance(said(remaining, reset)) is None
    assert allowance(said(remaining, "Date")) is None
    assert allowance(said(reset, "Date")) is None


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'{"error": "No", "message": "not like this"}', "No: not like this"),
        (b'{"error": "No"}', "No"),
        (b'{"error": null, "message": ""}', ""),
        (b'{"title": "Forbidden", "detail": "b"}', "b"),
        (b'{"errors": [{"message": "c"}]}', "c"),
        (b'{"errors": [{"title": "T", "detail": "d"}], "title": "T"}', "T"),
        (b'{"errors": "e"}', ""),
        (b'["error"]', ""),
        (b"<html>", ""),
        (b"\xff", ""),
    ],
)
def test_an_error_says_why_in_the_servers_own_words(body, reason):
    with answering(400, body) as server:
        assert server.ask("GET", "/").reason == reason


def test_what_a_request_must_keep_from_messages_stands_in_no_reason():
    said = "x" * 290 + " the password"  # hidden before the words are cut
    with answering(400, json.dumps({"error": said}).encode()) as server:
        answer = server.ask("GET", "/", hidden=("the password",))
    assert answer.reason == "x" * 290 + " ***"


def test_a_connection_is_kept_unless_a_fresh_one_is_asked_for(server):
    first, second = (server.ask("GET", "/").body for _ in range(2))
    fresh = server.ask("GET", "/", fresh=True).body
    assert first == second
    assert fresh != first


def test_a_machines_proxy_does_not_stand_between_it_and_itself(server, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    assert server.ask("GET", "/").status == 200


@pytest.mark.parametrize(
    "address",
    ["https://[::1", "https://[nowhere]", "https://exa℀mple.org", "https://::1]", "http://[::1"],
)
def test_what_is_no_address_is_a_problem_of_the_account_and_never_an_exception(address):
    account = Account(
        name="live",
        platform="mastodon",
        options={"server": address},
        secrets={"token": Secret(kind="env", name="TOKEN")},
    )
    ((name, said),) = Mastodon.problems(account)
    assert (name, "not an address" in said) == ("server", True)
    assert not is_loopback(address)
    with pytest.raises(AccountRefused):
        Server(address, token=lambda: "token").ask("GET", "/api")


def test_an_unknown_option_far_from_any_names_those_that_there_are():
    account = Account(name="a", platform="x", options={"qqq": "1"}, secrets={})
    ((_, said),) = option_problems(account, {"server": Option(meaning="its address")})
    assert said == 'no option "qqq"; known here: server'


# ── servers that repeat what was asked ────────────────────────────────────────────────────────────

TOKEN = "a/token+of:sixteen signs"


def repeating(status=200, **headers):
    said = {"id": f"1 {TOKEN}", "more": [{TOKEN: "a%2Ftoken%2Bof%3Asixteen%20signs"}], "n": 1}
    body = json.dumps(said).encode()
    return Answer(host="h", status=status, headers=headers, body=body, hidden=(TOKEN, "short"))


def test_a_good_answer_that_repeats_the_token_is_read_without_it():
    assert repeating().json() == {"id": "1 ***", "more": [{"***": "***"}], "n": 1}
    assert TOKEN not in repr(repeating().json())


def test_an_answer_that_gives_a_token_is_read_as_it_is():
    assert repeating().as_given().json()["id"] == f"1 {TOKEN}"


def test_an_id_in_which_a_short_secret_stands_stays_what_it_is():
    answer = Answer(host="h", status=200, headers={}, body=b'["short-17"]', hidden=("short",))
    assert answer.json() == ["short-17"]


def test_whereto_a_server_has_moved_is_said_without_what_was_asked():
    ending = refusal(repeating(301, Location=f"https://b.example/v1?access_token={TOKEN}"))
    assert str(ending).endswith("it has moved to https://b.example/v1")
    ending = refusal(repeating(308, Location=f"/bot{TOKEN}/send"))
    assert str(ending).endswith("it has moved to /bot***/send")


@pytest.mark.parametrize("name", ["X-Amz-Signature", "X-Amz-Credential", "AWSAccessKeyId"])
def test_no_log_holds_what_opens_a_picture_of_a_closed_bucket(name):
    assert without_secrets(f"/cards/a.jpg?a=1&{name}=planted&b=2") == (
        f"/cards/a.jpg?a=1&{name}=***&b=2"
    )
