"""Signed in at an AT Protocol server.

A session is made from the app password once and then renewed: an account may make 30 in five
minutes and 300 a day (https://docs.bsky.app/docs/advanced-guides/rate-limits). Nothing is ever
made public here, so whatever was not proved was `NotSent`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from scheduler.errors import AccountRefused, Ambiguous, ContentRejected, NotSent
from scheduler.model import Account
from scheduler.platforms import xrpc
from scheduler.platforms.addresses import address_problem, refuse_bad_server, sandboxed
from scheduler.platforms.answers import filled_text, inside, object_of, objects
from scheduler.platforms.calling import Answer, Server

_CREATE = "/xrpc/com.atproto.server.createSession"
_REFRESH = "/xrpc/com.atproto.server.refreshSession"
_PDS = "#atproto_pds"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Session:
    """Who is signed in, where its records live, and the tokens for both."""

    did: str
    handle: str
    #: The address of the server that keeps the account's records.
    pds: str
    access: str
    refresh: str


class Sessions:
    """One account's session, kept as long as this object: `_kept` is the only place that has it."""

    def __init__(self, account: Account, *, password: Callable[[], str]) -> None:
        self._account = account
        self._password = password
        self._lock = threading.Lock()
        self._kept: Session | None = None
        self._server = Server(account.options.get("server", ""), token=self._refresh_token)

    def current(self) -> Session:
        """The session; signs in where there is none."""
        with self._lock:
            if self._kept is None:
                self._kept = self._created()
            return self._kept

    def renewed(self, spent: Session) -> Session:
        """A session with another access token than the one that has expired."""
        with self._lock:
            if self._kept is None:
                self._kept = self._created()
            elif self._kept.access == spent.access:
                self._kept = self._refreshed(spent) or self._created()
            return self._kept

    def forget(self) -> None:
        """The server takes it no more: sign in anew when it is needed again."""
        with self._lock:
            self._kept = None

    def _refresh_token(self) -> str:
        return self._kept.refresh if self._kept else ""

    def _created(self) -> Session:
        """https://docs.bsky.app/docs/api/com-atproto-server-create-session"""
        refuse_bad_server(self._account)
        password = self._password()
        with _nothing_said():
            answer = self._server.ask(
                "POST",
                _CREATE,
                signed=False,
                hidden=(password,),
                json={"identifier": self._account.options.get("handle", ""), "password": password},
            )
            return self._session(answer, pds=self._server.address)

    def _refreshed(self, spent: Session) -> Session | None:
        """None when the server takes the refresh token no more.

        It keeps taking the old one for two hours, so a lost answer costs nothing.
        """
        with _nothing_said():
            answer = self._server.ask("POST", _REFRESH)
            if xrpc.error_name(answer) in xrpc.SPENT:
                return None
            return self._session(answer, pds=spent.pds)

    def _session(self, answer: Answer, *, pds: str) -> Session:
        said = object_of(xrpc.accepted(answer))
        if said.get("active") is False:
            status = said.get("status") or "not active"
            raise AccountRefused(f"{answer.host} says that the account is {status}")
        return Session(
            did=filled_text(said, "did"),
            handle=filled_text(said, "handle"),
            pds=home(self._account, inside(said, "didDoc")) or pds,
            access=filled_text(said, "accessJwt"),
            refresh=filled_text(said, "refreshJwt"),
        )


def home(account: Account, document: Mapping[str, Any]) -> str:
    """Where the records live, by the account's DID document, or "" where that does not say.

    A sandbox stays on this machine, wherever its document points to.
    """
    address = _endpoint(document)
    problem = address and address_problem(address, sandbox=sandboxed(account))
    if not problem:
        return address
    if sandboxed(account):
        return ""
    raise AccountRefused(f"account {account.name}: its own server {problem}")


def _endpoint(document: Mapping[str, Any]) -> str:
    for service in objects(document.get("service") or [], "the DID document came"):
        if str(service.get("id", "")).endswith(_PDS):
            return str(service.get("serviceEndpoint") or "")
    return ""


@contextmanager
def _nothing_said() -> Iterator[None]:
    """Signing in says nothing in public: a failure is never a doubt, nor about the words."""
    try:
        yield
    except Ambiguous as ending:
        raise NotSent(f"not signed in: {ending}") from None
    except ContentRejected as ending:
        raise AccountRefused(f"not signed in: {ending}") from None
