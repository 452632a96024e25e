"""Meta's Graph servers, as Instagram and Threads speak to them: requests, lists, and every error.

https://developers.facebook.com/docs/graph-api/guides/error-handling
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from scheduler.errors import (
    AccountRefused,
    Ambiguous,
    ContentRejected,
    Ending,
    NotSent,
    RateLimited,
)
from scheduler.model import Account, Allowance
from scheduler.platforms.addresses import refuse_bad_server
from scheduler.platforms.answers import object_if_any, object_of
from scheduler.platforms.calling import OK, Answer, Server, readable, refusal
from scheduler.platforms.protocol import Tokens

#: Posts of the last 24 hours count. When the oldest of them falls out, nobody says: ask again then.
ASK_AGAIN = timedelta(hours=1)

_MINUTE = 60.0
_SERVER_ERROR = 500

Fields = Mapping[str, str]
_NO_FIELDS: Fields = MappingProxyType({})


# ── errors ────────────────────────────────────────────────────────────────────────────────────────


class Meaning(StrEnum):
    """What follows from an error."""

    #: It passes.
    LATER = "later"
    #: The account has published, or asked, enough for now.
    LIMIT = "limit"
    #: The account may not: a person must act.
    ACCOUNT = "account"
    #: The words or pictures will never do.
    CONTENT = "content"
    #: The container is no more; another one can be made.
    GONE = "gone"


def _all(meaning: Meaning, *codes: int) -> dict[int, Meaning]:
    return dict.fromkeys(codes, meaning)


#: By subcode, which says more than the code does.
#: https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/error-codes
SUBCODES: Mapping[int, Meaning] = MappingProxyType(
    {
        **_all(Meaning.LATER, 2207001, 2207003, 2207032, 2207053),
        **_all(Meaning.LATER, 2207008, 2207027),  # not ready yet
        **_all(
            Meaning.LATER, 2207052
        ),  # could not be fetched: the picture's place, not the picture
        **_all(Meaning.LIMIT, 2207042),
        **_all(Meaning.ACCOUNT, 2207050, 2207051, 4279013),
        **_all(Meaning.CONTENT, 2207004, 2207005, 2207009, 2207010, 2207028, 2207040),
        **_all(Meaning.GONE, 2207006, 2207020),
    }
)
#: https://developers.facebook.com/docs/graph-api/guides/error-handling
CODES: Mapping[int, Meaning] = MappingProxyType(
    {
        **_all(Meaning.LATER, -2, -1, 1, 2, 9004, 9007),
        **_all(Meaning.LIMIT, 4, 9, 17, 32, 341, 613, 80001, 80002),
        **_all(Meaning.ACCOUNT, 3, 10, 25, 102, 190, 368, *range(200, 300)),
        **_all(Meaning.CONTENT, 100, 36000, 36001, 36003, 36004),
        **_all(Meaning.GONE, 24),
    }
)
#: The container was not published in time.
_EXPIRED = 2207020
#: An object that is not there, or that the token may not see: these two look the same.
_NO_OBJECT = frozenset({(24, 2207006), (100, 33)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """An error as Graph writes it."""

    code: int
    subcode: int
    meaning: Meaning | None

    @property
    def no_object(self) -> bool:
        return (self.code, self.subcode) in _NO_OBJECT


def failure(answer: Answer) -> Failure | None:
    """The error in the answer, or None where there is none of Graph's."""
    said = object_if_any(answer).get("error")
    if not isinstance(said, dict):
        return None
    code, subcode = _number(said.get("code")), _number(said.get("error_subcode"))
    meaning = SUBCODES.get(subcode) or CODES.get(code)
    if meaning is None and said.get("is_transient") is True:
        meaning = Meaning.LATER
    return Failure(code=code, subcode=subcode, meaning=meaning)


def prepared(answer: Answer) -> Mapping[str, Any]:
    """What a call says that makes nothing public; otherwise raises its ending."""
    if answer.status in OK and failure(answer) is None:
        return object_of(answer)
    found = failure(answer)
    if found is None or found.meaning is None:
        raise refusal(answer) or Ambiguous(_said(answer))
    raise _ending(found.meaning, answer)


def published(answer: Answer) -> Mapping[str, Any]:
    """What the publishing call says; otherwise raises its ending.

    Only what is certainly a refusal is one. What "not ready" and "invalid" mean of a container that
    is public already, nobody says.
    """
    found = failure(answer)
    if found is None:
        if ending := refusal(answer):
            raise ending
        return object_of(answer)
    certain = found.meaning in {Meaning.LIMIT, Meaning.ACCOUNT} or (
        found.subcode in SUBCODES and found.meaning is Meaning.CONTENT
    )
    expired = found.subcode == _EXPIRED
    if answer.status >= _SERVER_ERROR or not (certain or expired) or found.meaning is None:
        raise Ambiguous(_said(answer))
    raise _ending(found.meaning, answer)


def _ending(meaning: Meaning, answer: Answer) -> Ending:
    said = _said(answer)
    match meaning:
        case Meaning.LIMIT:
            return RateLimited(said, retry_after=regained(answer.headers))
        case Meaning.ACCOUNT:
            return AccountRefused(said)
        case Meaning.CONTENT:
            return ContentRejected(said)
        case _:
            return NotSent(said)


def _said(answer: Answer) -> str:
    found = failure(answer)
    code = f" (error {found.code}/{found.subcode})" if found else ""
    return f"{answer.host} answered {answer.status}{code}" + (
        answer.reason and f": {answer.reason}"
    )


def regained(headers: Mapping[str, str]) -> float | None:
    """Seconds until the account may ask again, or None where nobody says; the header has minutes.

    https://developers.facebook.com/docs/graph-api/overview/rate-limiting
    """
    try:
        usage = json.loads(headers.get("X-Business-Use-Case-Usage", ""))
        minutes = [
            each["estimated_time_to_regain_access"]
            for several in usage.values()
            for each in several
        ]
        longest = float(max(minutes))
    except (ValueError, TypeError, AttributeError, KeyError):
        return None
    return longest * _MINUTE if longest > 0 else None


def _number(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


# ── the server ────────────────────────────────────────────────────────────────────────────────────


class Graph:
    """One of Meta's Graph servers, spoken to by one account.

    The token goes with each request as the parameter `access_token`, as on the vendor's pages.
    """

    def __init__(self, account: Account, *, tokens: Tokens, server: str, version: str) -> None:
        self._account = account
        self._tokens = tokens
        self._default = server
        self._version = version
        self._server = Server(account.options.get("server") or server)

    @property
    def host(self) -> str:
        return self._server.host

    @property
    def address(self) -> str:
        return self._server.address

    @property
    def token(self) -> str:
        return readable(self._tokens.read("token"))

    def ask(
        self, method: str, path: str, fields: Fields = _NO_FIELDS, *, fresh: bool = False
    ) -> Answer:
        """One request, whatever its status; `fields` are its parameters."""
        refuse_bad_server(self._account, self._default)
        token = self.token
        said = {**fields, "access_token": token}
        place = "data" if method == "POST" else "params"
        return self._server.ask(
            method,
            f"/{self._version}{path}",
            fresh=fresh,
            signed=False,
            hidden=(token,),
            **{place: said},
        )

    def read(self, path: str, **fields: str) -> Mapping[str, Any]:
        return prepared(self.ask("GET", path, fields))

    def pages(
        self, path: str, *, most: int, **fields: str
    ) -> Iterable[Sequence[Mapping[str, Any]]]:
        """A list, page by page; `Ambiguous` when there are more than `most`."""
        after: dict[str, str] = {}
        for _ in range(most):
            said = self.read(path, **fields, **after)
            page = _entries(said, self.host)
            yield page
            cursor = _cursor(said)
            if not page or cursor is None:
                return
            after = {"after": cursor}
        raise Ambiguous(f"more than {most} pages of posts on {self.host} since then")


def _entries(said: Mapping[str, Any], host: str) -> Sequence[Mapping[str, Any]]:
    entries = said.get("data")
    if not isinstance(entries, list) or not all(isinstance(each, dict) for each in entries):
        raise Ambiguous(f"{host} answered with something else than a list")
    return entries


def _cursor(said: Mapping[str, Any]) -> str | None:
    """Where the next page begins; None on the last one, which has no address of a next one."""
    paging = said.get("paging")
    if not isinstance(paging, dict) or not paging.get("next"):
        return None
    cursors = paging.get("cursors")
    after = cursors.get("after") if isinstance(cursors, dict) else None
    if not isinstance(after, str):
        raise Ambiguous("the answer names a next page, and not where it begins")
    return after


# ── how much may be published ─────────────────────────────────────────────────────────────────────


def left_of(
    said: Mapping[str, Any], host: str, *, of: str = "quota_usage", by: str = "config"
) -> int:
    """How many posts are left of the last 24 hours, -1 where nobody says; `RateLimited` at none."""
    entries = _entries(said, host)
    first = entries[0] if entries else {}
    config = first.get(by)
    total = _number(config.get("quota_total")) if isinstance(config, dict) else 0
    left = total - _number(first.get(of))
    if total and left <= 0:
        raise RateLimited(
            f"{host}: all {total} posts of 24 hours are used up",
            retry_after=ASK_AGAIN.total_seconds(),
        )
    return left if total else -1


def allowance_of(left: object) -> Allowance | None:
    """What is left after a post, of what was left before it; None where nobody said."""
    if not isinstance(left, int) or left < 0:
        return None
    return Allowance(left=max(0, left - 1), renews_in=ASK_AGAIN)


# ── what an account of either must say ────────────────────────────────────────────────────────────


def refuse_other(account: Account, *, id_: str, name: str) -> None:
    """Raise `AccountRefused` for a token that belongs to another account than the calendar says."""
    wanted = account.options.get("user_id", "")
    if id_ != wanted:
        raise AccountRefused(f"the token belongs to account {id_} (@{name}), not to {wanted}")
    handle = account.options.get("handle", name).removeprefix("@")
    if name.casefold() != handle.casefold():
        raise AccountRefused(f"the token belongs to @{name}, and the handle is @{handle}")
