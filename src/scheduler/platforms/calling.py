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
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from typing import Any
from urllib.parse import SplitResult, quote, urlsplit

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
from scheduler.platforms.hushing import hush
from scheduler.platforms.protocol import ANSWER_TIMEOUT, CONNECT_TIMEOUT

hush()

OK = range(200, 300)
_MOVED = range(300, 400)
#: Refused before anything was made, because of who asks, who pays, or where.
_ACCOUNT = frozenset({401, 402, 403, 404, 405, 410})
#: Refused before anything was made, because of what was said.
_CONTENT = frozenset({400, 413, 415, 422})
_TOO_MANY = 429
#: Enough of a server's own words to act on.
_LONGEST_REASON = 300
#: Signs. No platform's token is shorter, and an id may have a word in it that is.
_SHORTEST_TOKEN = 16
#: Seconds. Whoever says more is not to be taken at their word.
_LONGEST_WAIT = 86_400.0
#: What begins the names of the headers about a rate limit: Mastodon's, X's and Bluesky's.
_LIMITS = ("X-RateLimit", "X-Rate-Limit", "RateLimit")
#: The names that an error's words have together: Mastodon says "error" alone and AT Protocol both,
#: RFC 9457 gives each problem a "detail" and a "title", X lists some with a "message", and Meta's
#: "error" is an object with one.
_SAID = (("error", "error_description", "message"), ("detail",), ("title",))
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
    #: What was secret in the request: some servers repeat it, even where all went well.
    hidden: tuple[str, ...] = field(default=(), repr=False)

    def json(self) -> Any:
        """The body's value, without what is hidden; `Ambiguous` when it is not JSON."""
        try:
            return _without_in(json.loads(self.body), self.hidden)
        except ValueError:
            pass
        raise Ambiguous(f"{self.host} answered {self.status} with something that is not JSON")

    def as_given(self) -> Answer:
        """The same with every word of it: what it gives is a secret, and may be the old one."""
        return replace(self, hidden=())


class _Bearer(AuthBase):
    """Sets the token; given as `auth` so that nobody's .netrc can take its place."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Signature:
    """How a request proves who sends it, and what of that must stand in no message."""

    auth: AuthBase
    hidden: tuple[str, ...] = ()


def bearer(token: str) -> Signature:
    """The token in the header; `AccountRefused` for one that no header can hold."""
    return Signature(auth=_Bearer(readable(token)), hidden=(token,))


def readable(token: str) -> str:
    """The token, if it can be sent at all; it is not shown where it cannot."""
    if not re.fullmatch(r"[\x21-\x7e]+", token):
        raise AccountRefused(
            "the token is empty or holds a space, a line break or a letter "
            "outside ASCII; store it again"
        )
    return token


_NOBODY = Signature(auth=_Bearer(""))


class Server:
    """One server, spoken to by one account over a kept connection.

    It is signed in with a `token`, or with whatever `sign` makes for each request.
    """

    def __init__(
        self,
        address: str,
        *,
        token: Callable[[], str] = str,
        sign: Callable[[], Signature] | None = None,
        timeouts: tuple[float, float] = (CONNECT_TIMEOUT, ANSWER_TIMEOUT),
    ) -> None:
        self.address = address.rstrip("/")
        self.host = _split(self.address).netloc
        self._sign = sign or (lambda: bearer(token()))
        self._timeouts = timeouts
        self._kept = self._opened()

    def ask(
        self,
        method: str,
        path: str,
        *,
        fresh: bool = False,
        signed: bool = True,
        hidden: tuple[str, ...] = (),
        **request: Any,
    ) -> Answer:
        """One request, whatever its status; `NotSent` or `Ambiguous` when no answer came.

        `fresh` opens a new connection: a kept one may have died unnoticed, and then a call that
        never arrived could not be told from one that did. What the request itself must keep from
        messages is `hidden`, as secrets of the signature are.
        """
        signature = self._sign() if signed else _NOBODY
        try:
            with self._session(fresh=fresh) as session:
                response = session.request(
                    method,
                    self.address + path,
                    auth=signature.auth,
                    timeout=self._timeouts,
                    allow_redirects=False,
                    **request,
                )
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            ending = unanswered(error, self.host)
        else:
            return self._answer(response, (*signature.hidden, *hidden))
        raise ending

    def _answer(self, response: requests.Response, hidden: tuple[str, ...]) -> Answer:
        return Answer(
            host=self.host,
            status=response.status_code,
            headers=response.headers,
            body=response.content,
            # Some servers repeat the request in their error.
            reason=_without(_reason(response.content), hidden)[:_LONGEST_REASON],
            hidden=hidden,
        )

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
        return AccountRefused(f"{said}; it has moved to {_moved_to(answer)}")
    if answer.status in _ACCOUNT:
        return AccountRefused(said)
    if answer.status in _CONTENT:
        return ContentRejected(said)
    return Ambiguous(said)


def _moved_to(answer: Answer) -> str:
    """Whereto; the query may repeat the token, and all else that was asked."""
    place = re.split(r"[?#]", answer.headers.get("Location", "?/"))[0]
    return _without(place, answer.hidden) or "?"


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


def _without(text: str, hidden: tuple[str, ...]) -> str:
    """Also as it stands in an address. The longest first, since one may begin another."""
    forms = {form for word in hidden for form in (word, quote(word), quote(word, safe="")) if form}
    for form in sorted(forms, key=len, reverse=True):
        text = text.replace(form, "***")
    return text


def _without_in(value: Any, hidden: tuple[str, ...]) -> Any:
    """Every text in it, names too; what is short is left, or an id could become another one."""
    long = tuple(word for word in hidden if len(word) >= _SHORTEST_TOKEN)
    match value:
        case str():
            return _without(value, long)
        case list():
            return [_without_in(each, long) for each in value]
        case dict():
            return {_without(name, long): _without_in(each, long) for name, each in value.items()}
    return value


def _reason(body: bytes) -> str:
    """What an error says, in each of the shapes that servers give it (`_SAID`)."""
    try:
        said = json.loads(body)
    except ValueError:
        return ""
    names = said if isinstance(said, dict) else {}
    several = names["errors"] if isinstance(names.get("errors"), list) else []
    meta = names.get("error")
    shown = (meta,) if isinstance(meta, dict) else (said, *several)
    found = (_words(each) for each in shown if isinstance(each, dict))
    return next(filter(None, found), "")


def _words(said: Mapping[str, Any]) -> str:
    """The words of the first shape that it has any of."""
    found = (": ".join(str(said[name]) for name in shape if said.get(name)) for shape in _SAID)
    return next(filter(None, found), "")


def allowance(headers: Mapping[str, str]) -> Allowance | None:
    """What is left of the rate limit, or None where the server does not say."""
    left = _limit(headers, "Remaining")
    until = _reset(headers)
    there = _http_date(headers.get("Date", ""))
    if not (left.isdecimal() and until and there):
        return None
    seconds = min(max(0.0, (until - there).total_seconds()), _LONGEST_WAIT)
    return Allowance(left=int(left), renews_in=timedelta(seconds=seconds))


def _wait(headers: Mapping[str, str]) -> float | None:
    """Seconds until the server takes more, on its own clock: ours may be wrong, or a fast one."""
    retry = headers.get("Retry-After", "")
    until = _reset(headers) or _http_date(retry)
    there = _http_date(headers.get("Date", ""))
    if retry.isdecimal():
        seconds = float(retry)
    elif until and there:
        seconds = (until - there).total_seconds()
    else:
        return None
    return min(max(0.0, seconds), _LONGEST_WAIT)


def _limit(headers: Mapping[str, str], what: str) -> str:
    """What the headers of a rate limit say of it, or "" where there are none."""
    return next(filter(None, (headers.get(f"{limit}-{what}") for limit in _LIMITS)), "")


def _reset(headers: Mapping[str, str]) -> datetime | None:
    """When the rate limit begins anew: an ISO 8601 instant, or seconds of Unix time."""
    said = _limit(headers, "Reset")
    return _unix(said) if said.isdecimal() else instant(said)


def _unix(seconds: str) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (ValueError, OverflowError, OSError):  # further away than any calendar
        return None


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
