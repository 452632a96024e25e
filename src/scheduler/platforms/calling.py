"""Calls to one server over HTTP, and every way in which one can end.

No redirects are followed (one would carry the token elsewhere), nothing is tried twice, and both
timeouts are always set. The token stands in no exception: errors of `requests` hold the request
with its headers, so they are not chained.
"""

from __future__ import annotations

import json
import re
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from typing import Any
from urllib.parse import SplitResult, urlsplit

import requests
import urllib3
from requests.auth import AuthBase

from scheduler.errors import (
    AccountRefused,
    Ambiguous,
    ContentRejected,
    Ending,
    NotSent,
    RateLimited,
)
from scheduler.model import Allowance
from scheduler.platforms.protocol import ANSWER_TIMEOUT, CONNECT_TIMEOUT

OK = range(200, 300)
_MOVED = range(300, 400)
#: Refused before anything was made, because of who asks or where.
_ACCOUNT = frozenset({401, 403, 404, 405, 410})
#: Refused before anything was made, because of what was said.
_CONTENT = frozenset({400, 413, 415, 422})
_TOO_MANY = 429
#: Enough of a server's own words to act on.
_LONGEST_REASON = 300
#: Seconds. Whoever says more is not to be taken at their word.
_LONGEST_WAIT = 86_400.0
#: Digits; more would be beyond the year 9999.
_LONGEST_UNIX = 11
#: `requests` found the address or a header unusable, and sent nothing.
_UNUSABLE = (
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidSchema,
    requests.exceptions.MissingSchema,
    requests.exceptions.InvalidHeader,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back. `host` is for messages; `headers` are found in any case."""

    host: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    #: Why it was refused, in the server's own words, or "".
    reason: str = ""

    def json(self) -> Any:
        """The body's value; `Ambiguous` when it is not JSON."""
        try:
            return json.loads(self.body)
        except ValueError:
            pass
        raise Ambiguous(f"{self.host} answered {self.status} with something that is not JSON")


class _Bearer(AuthBase):
    """Sets the token; given as `auth` so that nobody's .netrc can take its place."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class Server:
    """One server, spoken to with one token over a kept connection."""

    def __init__(
        self,
        address: str,
        *,
        token: Callable[[], str],
        timeouts: tuple[float, float] = (CONNECT_TIMEOUT, ANSWER_TIMEOUT),
    ) -> None:
        self.address = address.rstrip("/")
        self.host = _split(self.address).netloc
        self._token = token
        self._timeouts = timeouts
        self._kept = self._opened()

    def ask(
        self, method: str, path: str, *, fresh: bool = False, signed: bool = True, **request: Any
    ) -> Answer:
        """One request, whatever its status; `NotSent` or `Ambiguous` when no answer came.

        `fresh` opens a new connection: a kept one may have died unnoticed, and then a call that
        never arrived could not be told from one that did.
        """
        token = self._readable_token() if signed else ""
        try:
            with self._session(fresh=fresh) as session:
                response = session.request(
                    method,
                    self.address + path,
                    auth=_Bearer(token),
                    timeout=self._timeouts,
                    allow_redirects=False,
                    **request,
                )
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            ending = unanswered(error, self.host)
        else:
            return self._answer(response, token)
        raise ending

    def _answer(self, response: requests.Response, token: str) -> Answer:
        reason = _reason(response.content)
        return Answer(
            host=self.host,
            status=response.status_code,
            headers=response.headers,
            body=response.content,
            # Some servers repeat the request in their error.
            reason=reason.replace(token, "***") if token else reason,
        )

    def _readable_token(self) -> str:
        token = self._token()
        if not re.fullmatch(r"[\x21-\x7e]+", token):
            raise AccountRefused(
                "the token is empty or holds a space, a line break or a letter "
                "outside ASCII; store it again"
            )
        return token

    @contextmanager
    def _session(self, *, fresh: bool) -> Iterator[requests.Session]:
        if not fresh:
            yield self._kept
            return
        with self._opened() as session:
            yield session

    def _opened(self) -> requests.Session:
        session = requests.Session()
        # A machine's proxy is for the world outside.
        session.trust_env = not is_loopback(self.address)
        session.headers["User-Agent"] = "campaign-scheduler"
        return session


def is_loopback(address: str) -> bool:
    """Whether the address can only be this machine."""
    host = _split(address).hostname or ""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _split(address: str) -> SplitResult:
    """Its parts, all empty where it is no address: `problems` of the account says so."""
    try:
        parts = urlsplit(address)
    except ValueError:  # such as a bracket that is not closed
        return urlsplit("")
    return parts


def refusal(answer: Answer) -> Ending | None:
    """How a call ended by its status alone, or None when it ended well."""
    said = f"{answer.host} answered {answer.status}" + (answer.reason and f": {answer.reason}")
    if answer.status in OK:
        return None
    if answer.status == _TOO_MANY:
        return RateLimited(said, retry_after=_wait(answer.headers))
    if answer.status in _MOVED:
        return AccountRefused(f"{said}; it has moved to {answer.headers.get('Location', '?')}")
    if answer.status in _ACCOUNT:
        return AccountRefused(said)
    if answer.status in _CONTENT:
        return ContentRejected(said)
    return Ambiguous(said)


def accepted(answer: Answer) -> Answer:
    """The answer, if it is a good one; otherwise raises its ending."""
    if ending := refusal(answer):
        raise ending
    return answer


def unanswered(error: Exception, host: str) -> Ending:
    """How a call ended that brought no whole answer."""
    name = type(_innermost(error)).__name__
    if isinstance(error, _UNUSABLE):
        return AccountRefused(f"{host or 'the server'}: the address cannot be used ({name})")
    if _never_connected(error):
        return NotSent(f"{host}: no connection ({name})")
    return Ambiguous(f"{host}: the connection ended without a whole answer ({name})")


def _never_connected(error: Exception) -> bool:
    inner = _innermost(error)
    return isinstance(
        inner,
        requests.ConnectTimeout
        | urllib3.exceptions.ConnectTimeoutError
        | urllib3.exceptions.NewConnectionError  # a name that does not resolve is one of these
        | ssl.SSLCertVerificationError,  # only a handshake verifies
    )


def _innermost(error: Exception) -> Exception:
    """What `requests` and `urllib3` wrapped: MaxRetryError.reason, ProxyError.original_error."""
    inner: Any = error
    while True:
        inside = inner.args[0] if getattr(inner, "args", ()) else None
        deeper = getattr(inner, "reason", None) or getattr(inner, "original_error", None) or inside
        wrapper = requests.RequestException | urllib3.exceptions.HTTPError
        if not (isinstance(inner, wrapper) and isinstance(deeper, Exception)):
            return inner  # type: ignore[no-any-return]
        inner = deeper


def _reason(body: bytes) -> str:
    """The error, and the message that AT Protocol servers send beside it."""
    try:
        said = json.loads(body)
    except ValueError:
        return ""
    if not isinstance(said, dict):
        return ""
    words = [str(said[name]) for name in ("error", "message") if said.get(name)]
    return ": ".join(words)[:_LONGEST_REASON]


def allowance(headers: Mapping[str, str]) -> Allowance | None:
    """What is left of the rate limit, or None where the server does not say."""
    left = headers.get("X-RateLimit-Remaining") or headers.get("RateLimit-Remaining", "")
    until = _renewal(headers)
    there = _http_date(headers.get("Date", ""))
    if not (left.isdecimal() and until and there):
        return None
    seconds = min(max(0.0, (until - there).total_seconds()), _LONGEST_WAIT)
    return Allowance(left=int(left), renews_in=timedelta(seconds=seconds))


def _wait(headers: Mapping[str, str]) -> float | None:
    """Seconds until the server takes more, on its own clock: ours may be wrong, or a fast one."""
    retry = headers.get("Retry-After", "")
    until = _renewal(headers) or _http_date(retry)
    there = _http_date(headers.get("Date", ""))
    if retry.isdecimal():
        seconds = float(retry)
    elif until and there:
        seconds = (until - there).total_seconds()
    else:
        return None
    return min(max(0.0, seconds), _LONGEST_WAIT)


def _renewal(headers: Mapping[str, str]) -> datetime | None:
    """When the rate limit begins anew: Mastodon says an instant, Bluesky seconds of Unix time."""
    return instant(headers.get("X-RateLimit-Reset", "")) or _unix(
        headers.get("RateLimit-Reset", "")
    )


def _unix(text: str) -> datetime | None:
    """The instant, or None where it is none, or one that no calendar has."""
    if not text.isdecimal() or len(text) > _LONGEST_UNIX:
        return None
    return datetime.fromtimestamp(int(text), tz=UTC)


def instant(text: str) -> datetime | None:
    """An ISO 8601 instant, or None when the text is none."""
    return _aware(datetime.fromisoformat, text)


def _http_date(text: str) -> datetime | None:
    return _aware(parsedate_to_datetime, text)


def _aware(read: Callable[[str], datetime], text: str) -> datetime | None:
    """The instant, or None when the text is none. Without a zone, servers mean UTC."""
    try:
        instant = read(text)
    except ValueError:
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
