"""How people sign in at Meta: a code, a token for an hour, one for sixty days, and its renewal.

https://developers.facebook.com/docs/threads/get-started/long-lived-tokens
https://developers.facebook.com/docs/instagram-platform/reference/refresh_access_token

What becomes of a token that was renewed is on no page: here it is good for a day more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from werkzeug.wrappers import Request, Response

from scheduler.sandbox.answering import in_json
from scheduler.sandbox.consenting import App, Consents, NotGranted
from scheduler.sandbox.graph.keeping import TOKEN_LIFE, Kept, Token, user_id, username
from scheduler.sandbox.graph.refusing import Refused, closed, invalid, parameters

SHORT_LIFE = timedelta(hours=1)
YOUNGEST = timedelta(hours=24)
GRACE = timedelta(days=1)


def app_of(account: str) -> App:
    """The app that the account's organisation has made."""
    digest = sha256(f"sandbox app of {account}".encode())
    return App(id=str(int.from_bytes(digest.digest()[:6])), secret=digest.hexdigest()[:32])


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningIn:
    """The part of a stand-in of Meta's where tokens are made."""

    kept: Kept
    consents: Consents
    #: How its tokens begin.
    kind: str
    #: What making a token long and renewing it are called.
    exchange: str
    refresh: str = ""

    def authorise(self, request: Request, now: datetime) -> Response:
        return self.consents.authorise(request, now)

    def redeemed(self, request: Request, now: datetime) -> Response:
        """A token for an hour, for a code."""
        try:
            consent = self.consents.redeem(request.form, now)
        except NotGranted as refused:
            raise Refused(100, 36007, f"{refused}") from None
        token = Token(
            account=consent.account,
            kind=self.kind,
            scopes=frozenset(consent.scopes),
            made_at=now,
            expires_at=now + SHORT_LIFE,
            long=False,
        )
        said = {
            "access_token": self.kept.give(token),
            "user_id": int(user_id(consent.account)),
            "permissions": list(consent.scopes),
        }
        return in_json({"data": [said]} if self.exchange.startswith("ig_") else said)

    def exchanged(self, request: Request, now: datetime) -> Response:
        """A token for sixty days, for one of an hour."""
        said = _all(request)
        if said.get("grant_type") != self.exchange:
            raise invalid(f"grant_type must be {self.exchange}")
        word = said.get("access_token") or said.get(self.exchange, "")
        if said.get("client_secret") not in {app.secret for app in self.consents.apps.values()}:
            raise Refused(101, 0, "Error validating client secret.")
        token = self._good(word, now)
        if token.long:
            raise Refused(100, 0, "Session key invalid: the token is long-lived already")
        return self._given(replace(token, made_at=now, expires_at=now + TOKEN_LIFE, long=True), now)

    def renewed(self, request: Request, now: datetime) -> Response:
        """Another token for sixty days, for one that is a day old."""
        closed(parameters(request), needed="grant_type")
        said = _all(request)
        if said["grant_type"] != self.refresh:
            raise invalid(f"grant_type must be {self.refresh}")
        token = self._good(said.get("access_token", ""), now)
        if not token.long or now < token.made_at + YOUNGEST:
            raise Refused(100, 0, "The token must be long-lived, and 24 hours old")
        given = self._given(replace(token, made_at=now, expires_at=now + TOKEN_LIFE), now)
        ends = min(token.expires_at, now + GRACE)
        self.kept.tokens[said["access_token"]] = replace(token, expires_at=ends)
        return given

    def pages(self, request: Request, now: datetime) -> Response:
        """The person's pages, with a token for each: https://developers.facebook.com/docs/graph-api/reference/user/accounts/"""
        token = self.kept.admitted(request, now)
        page = self.kept.grant(token.account, kind=self.kind, scopes=token.scopes, now=now)
        said = {
            "id": user_id(f"page of {token.account}"),
            "name": username(token.account),
            "access_token": page,
            "tasks": ["CREATE_CONTENT", "MANAGE"],
            "instagram_business_account": {"id": user_id(token.account)},
        }
        return in_json({"data": [said]})

    def _good(self, word: str, now: datetime) -> Token:
        token = self.kept.tokens.get(word)
        if token is None:
            raise Refused(190, 0, "Invalid OAuth access token - Cannot parse access token")
        if now >= token.expires_at:
            raise Refused(190, 463, "Error validating access token: Session has expired")
        return token

    def _given(self, token: Token, now: datetime) -> Response:
        return in_json(
            {
                "access_token": self.kept.give(token),
                "token_type": "bearer",
                "expires_in": int((token.expires_at - now).total_seconds()),
            }
        )


def _all(request: Request) -> Mapping[str, Any]:
    return {**request.args.to_dict(), **request.form.to_dict()}
