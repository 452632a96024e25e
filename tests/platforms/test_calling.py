"""Errors below HTTP: only those that prove that nothing was sent are `NotSent`."""

from __future__ import annotations

import socket
import ssl

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

from scheduler.errors import AccountRefused, Ambiguous, NotSent
from scheduler.platforms.calling import is_loopback, unanswered

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
    ids=lambda error: str(error)[-40:],
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
