"""A person says yes to an app, and the app changes a code into a token: OAuth 2.0, to the letter.

Stricter than most: a code is good once and for a few minutes, the address to come back to must be
one of the app's and the same both times, and whoever showed a challenge must bring its verifier. Of
addresses of one's own machine any port is taken, as RFC 8252 asks for.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from html import escape
from urllib.parse import urlencode, urlsplit

from werkzeug.wrappers import Request, Response

CODE_LIFE = timedelta(minutes=10)
#: Shown on a page, to be typed elsewhere.
OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"
_LOOPBACK = ("127.0.0.1", "localhost")
_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Stand-in</title>
<p>{app} asks for: {scopes}.</p>
<form method="post"><input name="account"><input name="without">
<button name="decision" value="allow">Yes</button>
<button name="decision" value="deny">No</button></form></html>
"""
_SHOWN = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Stand-in</title>
<p>Your code: <code>{code}</code></p></html>
"""


class NotGranted(Exception):
    """An error by its name in OAuth: https://www.rfc-editor.org/rfc/rfc6749#section-5.2"""

    def __init__(self, error: str, description: str, *, status: int = 400) -> None:
        super().__init__(description)
        self.error = error
        self.status = status

    @property
    def said(self) -> Mapping[str, str]:
        return {"error": self.error, "error_description": str(self)}


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """A program that asks for people's yes."""

    id: str
    secret: str = field(repr=False)
    #: Where people may be sent back to.
    redirects: frozenset[str] = frozenset({"https://localhost/"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """What a person said yes to."""

    account: str
    app: App
    redirect: str
    scopes: tuple[str, ...]
    challenge: str
    made_at: datetime


@dataclass(slots=True, kw_only=True)
class Consents:
    """Apps, and codes that were not used yet. Guarded by its stand-in's lock."""

    #: Whether somebody of this name has an account here.
    known: Callable[[str], bool]
    scopes: frozenset[str]
    #: Between scopes.
    between: str = " "
    #: Whether a challenge is understood, and whether "oob" is.
    challenges: bool = False
    out_of_band: bool = False
    apps: dict[str, App] = field(default_factory=dict)
    _codes: dict[str, Consent] = field(default_factory=dict)
    _given: int = 0

    def authorise(self, request: Request, now: datetime) -> Response:
        """The page on which a person is asked, and what follows from their answer."""
        asked = request.args
        app = self.apps.get(asked.get("client_id", ""))
        redirect = asked.get("redirect_uri", "")
        if app is None or not self._takes(app, redirect):
            return Response("Unknown app, or an address that is none of its own.", 400)
        try:
            scopes = self._asked_for(asked)
        except NotGranted as refused:
            return _back(redirect, refused.said, asked)
        if request.method == "GET":
            page = _PAGE.format(app=escape(app.id), scopes=escape(", ".join(scopes)))
            return Response(page, mimetype="text/html")
        if request.form.get("decision") != "allow":
            denied = {"error": "access_denied", "error_description": "The person said no."}
            return _back(redirect, denied, asked)
        unticked = request.form.get("without", "").split()
        consent = Consent(
            account=request.form.get("account", ""),
            app=app,
            redirect=redirect,
            scopes=tuple(each for each in scopes if each not in unticked),
            challenge=asked.get("code_challenge", ""),
            made_at=now,
        )
        if not self.known(consent.account):
            return Response("Nobody has this name here.", 403)
        code = self._code(consent)
        if redirect == OUT_OF_BAND:
            return Response(_SHOWN.format(code=code), mimetype="text/html")
        return _back(redirect, {"code": code}, asked)

    def redeem(self, said: Mapping[str, str], now: datetime) -> Consent:
        """What a code stands for; it is good no more. Raises `NotGranted`."""
        if said.get("grant_type") != "authorization_code":
            raise NotGranted("unsupported_grant_type", "grant_type must be authorization_code")
        app = self.app(said)
        consent = self._codes.pop(said.get("code", ""), None)
        if consent is None or consent.app != app or now - consent.made_at > CODE_LIFE:
            raise NotGranted("invalid_grant", "The code is invalid, expired, revoked or was used")
        if said.get("redirect_uri") != consent.redirect:
            raise NotGranted("invalid_grant", "The redirect_uri is not the one that was asked with")
        if consent.challenge and not _fits(consent.challenge, said.get("code_verifier", "")):
            raise NotGranted("invalid_grant", "The code verifier does not fit")
        return consent

    def app(self, said: Mapping[str, str]) -> App:
        """Who asks. Raises `NotGranted`."""
        app = self.apps.get(said.get("client_id", ""))
        if app is None or not hmac.compare_digest(app.secret, said.get("client_secret", "")):
            raise NotGranted("invalid_client", "Client authentication failed", status=401)
        return app

    def _takes(self, app: App, redirect: str) -> bool:
        if redirect == OUT_OF_BAND:
            return self.out_of_band and redirect in app.redirects
        parts = urlsplit(redirect)
        loopback = parts.scheme == "http" and parts.hostname in _LOOPBACK
        return loopback or redirect in app.redirects

    def _asked_for(self, asked: Mapping[str, str]) -> tuple[str, ...]:
        if asked.get("response_type") != "code":
            raise NotGranted("unsupported_response_type", "response_type must be code")
        if not asked.get("state"):
            raise NotGranted("invalid_request", "The stand-in wants a state")
        scopes = tuple(filter(None, asked.get("scope", "").split(self.between)))
        if not scopes or not set(scopes) <= self.scopes:
            raise NotGranted("invalid_scope", "The requested scope is invalid or unknown")
        if asked.get("code_challenge"):
            if not self.challenges or asked.get("code_challenge_method") != "S256":
                raise NotGranted("invalid_request", "This challenge is not understood")
        elif self.challenges:
            raise NotGranted("invalid_request", "The stand-in wants a challenge where it knows one")
        return scopes

    def _code(self, consent: Consent) -> str:
        self._given += 1
        code = sha256(f"code {self._given} for {consent.account}".encode()).hexdigest()
        self._codes[code] = consent
        return code


def _fits(challenge: str, verifier: str) -> bool:
    digest = base64.urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    return hmac.compare_digest(digest, challenge)


def _back(redirect: str, said: Mapping[str, str], asked: Mapping[str, str]) -> Response:
    if redirect == OUT_OF_BAND:
        return Response(said["error"], 400)
    query = urlencode({**said, "state": asked.get("state", "")})
    return Response(status=302, headers={"Location": f"{redirect}?{query}"})
