"""Signed in at an AT Protocol server.

A session is made from the app password once and then renewed: an account may make 30 in five
minutes and 300 a day (https://docs.bsky.app/docs/advanced-guides/rate-limits). So it outlives the
process, as a grant that all processes share. Nothing is ever made public here, so whatever was not
proved was `NotSent`.

A lost answer to a renewal costs nothing: the server takes the old refresh token for two hours more,
and the app password makes another session after that.
"""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from types import MappingProxyType
from typing import Any

from scheduler.errors import AccountRefused, Ambiguous, ContentRejected, NotSent
from scheduler.model import Account, Grant, Grants
from scheduler.platforms import xrpc
from scheduler.platforms.addresses import address_problem, refuse_bad_server, sandboxed
from scheduler.platforms.answers import filled_text, inside, object_of, objects
from scheduler.platforms.calling import Answer, Server
from scheduler.platforms.remembered import Remembered

_CREATE = "/xrpc/com.atproto.server.createSession"
_REFRESH = "/xrpc/com.atproto.server.refreshSession"
_PDS = "#atproto_pds"
#: https://github.com/bluesky-social/atproto/blob/main/packages/pds/src/account-manager/helpers/auth.ts
REFRESH_LIFE = timedelta(days=90)


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
    """One account's session: as all processes share it, and by heart for as long as it is good."""

    def __init__(
        self,
        account: Account,
        *,
        password: Callable[[], str],
        grants: Callable[[], Grants] | None = None,
    ) -> None:
        self._account = account
        self._password = password
        own = Remembered()
        self._grants = grants or (lambda: own)
        self._lock = threading.Lock()
        #: The grant as it is kept, and the session that it is.
        self._known: tuple[Grant, Session] | None = None
        self._server = Server(account.options.get("server", ""))

    def current(self) -> Session:
        """The session; signs in where there is none."""
        with self._lock:
            if self._known is None:
                self._know(self._kept() or self._grants().renewed(self._void(), self._created))
            return self._session()

    def renewed(self, spent: Session) -> Session:
        """A session with another access token than the one that has expired."""
        with self._lock:
            if self._known is None:
                self._know(self._kept() or self._grants().renewed(self._void(), self._created))
            elif self._session().access == spent.access:
                grant, _ = self._known
                again = self._grants().renewed(grant, lambda: self._refreshed(grant))
                self._know(again)
            return self._session()

    def forget(self) -> None:
        """The server takes it no more: sign in anew when it is needed again."""
        with self._lock:
            if self._known is not None:
                self._grants().forget(self._known[0])
                self._known = None

    def _know(self, grant: Grant) -> None:
        self._known = (grant, _session(grant))

    def _session(self) -> Session:
        if self._known is None:
            raise AssertionError("nobody is signed in")
        return self._known[1]

    def _kept(self) -> Grant | None:
        """The session that another process made, if it was with this very password."""
        grant = self._grants().kept()
        return grant if grant is not None and grant.origin == self._origin() else None

    def _void(self) -> Grant | None:
        """What is kept and must not be used: it was made with another password, or elsewhere."""
        return self._grants().kept()

    def _origin(self) -> str:
        options = self._account.options
        parts = (options.get("server", ""), options.get("handle", ""), self._password())
        return sha256("\0".join(("session", *parts)).encode()).hexdigest()

    def _created(self) -> Grant:
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
            return self._granted(answer, pds=self._server.address)

    def _refreshed(self, spent: Grant) -> Grant:
        """A new session where the server takes the refresh token no more."""
        refuse_bad_server(self._account)
        with _nothing_said():
            server = Server(self._server.address, token=lambda: spent.refresh)
            answer = server.ask("POST", _REFRESH)
            if xrpc.error_name(answer) not in xrpc.SPENT:
                return self._granted(answer, pds=spent.more["pds"])
        return self._created()

    def _granted(self, answer: Answer, *, pds: str) -> Grant:
        said = object_of(xrpc.accepted(answer).as_given())
        if said.get("active") is False:
            status = said.get("status") or "not active"
            raise AccountRefused(f"{answer.host} says that the account is {status}")
        access, refresh = filled_text(said, "accessJwt"), filled_text(said, "refreshJwt")
        now = datetime.now(UTC)
        more = {
            "did": filled_text(said, "did"),
            "handle": filled_text(said, "handle"),
            "pds": home(self._account, inside(said, "didDoc")) or pds,
        }
        return Grant(
            access=access,
            refresh=refresh,
            made_at=now,
            expires=_end(access),
            refresh_expires=_end(refresh) or now + REFRESH_LIFE,
            scopes=scopes_of(access),
            origin=self._origin(),
            more=MappingProxyType(more),
        )


def _session(grant: Grant) -> Session:
    return Session(
        did=grant.more["did"],
        handle=grant.more["handle"],
        pds=grant.more["pds"],
        access=grant.access,
        refresh=grant.refresh,
    )


def scopes_of(access: str) -> tuple[str, ...]:
    """What the token may do, as it says itself: com.atproto.appPass, of an app password."""
    scope = _claims(access).get("scope")
    return tuple(scope.split()) if isinstance(scope, str) else ()


def _end(token: str) -> datetime | None:
    seconds = _claims(token).get("exp")
    return datetime.fromtimestamp(seconds, UTC) if isinstance(seconds, int) else None


def _claims(token: str) -> Mapping[str, Any]:
    """What a JSON Web Token says of itself; nothing where it is none. Not a proof of anything."""
    try:
        part = token.split(".")[1]
        said = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (IndexError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}


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
