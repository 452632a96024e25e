"""OAuth 1.0a as X's pages describe it: who signed a request, and whether rightly.

https://docs.x.com/fundamentals/authentication/oauth-1-0a/creating-a-signature
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import time
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import parse_qsl, quote, unquote

from werkzeug.wrappers import Request

#: Seconds. X refuses what was signed "too far in the past", and does not say how far that is.
OLDEST = 300
_PARAMETER = re.compile(r'(oauth_[a-z_]+)="([^"]*)"')
NEEDED = frozenset(
    f"oauth_{name}"
    for name in ("consumer_key", "token", "nonce", "timestamp", "signature_method", "signature")
)


#: Of an app that has no token yet, and of one that brings a PIN.
WITHOUT_TOKEN = NEEDED - {"oauth_token"} | {"oauth_callback"}
WITH_PIN = NEEDED | {"oauth_verifier"}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Credentials:
    """Of one account at one app."""

    consumer_key: str
    consumer_secret: str
    access_token: str
    access_token_secret: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Asking:
    """An app asks for somebody's token; they may have said yes, with a PIN."""

    app: Credentials
    secret: str
    made_at: datetime
    account: str = ""
    pin: str = ""


def signed_with(request: Request) -> dict[str, str]:
    """What the Authorization header says, or nothing where it is none of OAuth."""
    header = request.headers.get("Authorization", "")
    if not header.startswith("OAuth "):
        return {}
    return {name: unquote(value) for name, value in _PARAMETER.findall(header)}


@dataclass(slots=True)
class Signatures:
    """Tells right signatures from wrong ones, and never takes one twice.

    Whoever signs knows the clock of the machine only, so that is what a signature is held against,
    however fast the days of a rehearsal go by.
    """

    _seen: set[tuple[str, str, str]] = field(default_factory=set)

    def wrong(
        self, request: Request, credentials: Credentials, *, needed: frozenset[str] = NEEDED
    ) -> str:
        """What is wrong with the request's signature, or ""."""
        said = signed_with(request)
        if set(said) - {"oauth_version"} != needed:
            return "parameters are missing or unknown"
        if said["oauth_signature_method"] != "HMAC-SHA1" or said.get("oauth_version") != "1.0":
            return "only HMAC-SHA1 of OAuth 1.0 is taken"
        if said["oauth_consumer_key"] != credentials.consumer_key:
            return "the token belongs to another app"
        if not said["oauth_timestamp"].isdecimal() or _age(said["oauth_timestamp"]) > OLDEST:
            return "the timestamp is out of bounds"
        if not hmac.compare_digest(said["oauth_signature"], signature(request, said, credentials)):
            return "the signature does not fit the request"
        return self._repeated(said)

    def _repeated(self, said: dict[str, str]) -> str:
        once = (said.get("oauth_token", ""), said["oauth_timestamp"], said["oauth_nonce"])
        if once in self._seen:
            return "the nonce was used already"
        self._seen.add(once)
        return ""


def signature(request: Request, said: dict[str, str], credentials: Credentials) -> str:
    """What the signature should be; JSON and multipart bodies are no part of it."""
    query = request.query_string.decode("ascii")
    parameters = [
        *parse_qsl(query, keep_blank_values=True),
        *((name, value) for name, value in said.items() if name != "oauth_signature"),
    ]
    normalised = "&".join(
        f"{name}={value}" for name, value in sorted((_coded(n), _coded(v)) for n, v in parameters)
    )
    path = str(request.environ["REQUEST_URI"]).partition("?")[0]
    address = f"{request.scheme}://{request.host.lower()}{path}"
    signed = "&".join(map(_coded, (request.method, address, normalised)))
    key = f"{_coded(credentials.consumer_secret)}&{_coded(credentials.access_token_secret)}"
    digest = hmac.new(key.encode(), signed.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def _age(timestamp: str) -> float:
    return abs(time.time() - int(timestamp))


def _coded(text: str) -> str:
    """https://docs.x.com/fundamentals/authentication/oauth-1-0a/percent-encoding-parameters"""
    return quote(text, safe="~")
