"""Who is signed in at the stand-in for Bluesky, with tokens that expire and rotate."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from scheduler.sandbox.bluesky.rules import Refused

#: The server's configuration: what each token is good for, and an old one after it was renewed.
ACCESS_LIFE = timedelta(minutes=120)
REFRESH_LIFE = timedelta(days=90)
GRACE = timedelta(hours=2)
#: What a session may do that was made with an app password, and with the account's own.
APP_PASSWORD, OWN_PASSWORD = "com.atproto.appPass", "com.atproto.access"
_REFRESH = "com.atproto.refresh"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """The tokens of a session."""

    access: str
    refresh: str


@dataclass(slots=True, kw_only=True)
class Tokens:
    """Every token that was given out, whose it is and until when. Guarded by the server's lock."""

    _access: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    _refresh: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    _given: int = 0

    def give(self, account: str, now: datetime, *, scope: str = APP_PASSWORD) -> Signed:
        self._given += 1
        number, ends = self._given, now + ACCESS_LIFE
        signed = Signed(
            access=_token("access", account, number, scope=scope, ends=ends),
            refresh=_token("refresh", account, number, scope=_REFRESH, ends=now + REFRESH_LIFE),
        )
        self._access[signed.access] = (account, now + ACCESS_LIFE)
        self._refresh[signed.refresh] = (account, now + REFRESH_LIFE)
        return signed

    def renew(self, token: str, now: datetime) -> Signed:
        """New tokens; the old one stays good for two hours, in case this answer is lost."""
        account = self._of(self._refresh, token, now)
        until = self._refresh[token][1]
        self._refresh[token] = (account, min(until, now + GRACE))
        return self.give(account, now)

    def whose(self, token: str) -> str:
        """The account of a token of either kind, expired or not, or ""."""
        account, _ = self._access.get(token) or self._refresh.get(token) or ("", None)
        return account

    def signed_in(self, token: str, now: datetime) -> str:
        """The account of an access token."""
        return self._of(self._access, token, now)

    def _of(self, kind: dict[str, tuple[str, datetime]], token: str, now: datetime) -> str:
        if not token:
            raise Refused("AuthMissing", "Authentication Required", status=401)
        if token not in kind:
            raise Refused("InvalidToken", "Token could not be verified")
        account, until = kind[token]
        if now >= until:
            raise Refused("ExpiredToken", "Token has expired")
        return account


def _token(kind: str, account: str, number: int, *, scope: str, ends: datetime) -> str:
    """Like a JSON Web Token, with what people read in one."""
    said = {"scope": scope, "sub": account, "exp": int(ends.timestamp())}
    parts = ({"typ": "at+jwt" if kind == "access" else "refresh+jwt", "alg": "HS256"}, said)
    mark = sha256(f"sandbox {kind} token {number} of {account}".encode()).digest()
    shown = (*(json.dumps(part).encode() for part in parts), mark)
    return ".".join(base64.urlsafe_b64encode(each).rstrip(b"=").decode() for each in shown)
