"""How a call to Meta's Graph API ended: one ending for each code that its errors may have.

https://developers.facebook.com/docs/graph-api/guides/error-handling

An error's status is nearly always 400, so it says nothing; its code does, and its subcode more.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from scheduler.errors import AccountRefused, Ambiguous, ContentRejected, Ending, RateLimited
from scheduler.platforms.answers import inside, object_if_any
from scheduler.platforms.calling import OK, Answer, refusal

#: An answer of a server that failed says nothing of what was done, whatever its code.
_FAILED = 500
_USAGE = "X-Business-Use-Case-Usage"
#: What is not there, or not for this token: which of the two, the API does not say.
_INVALID, _GONE = 100, 33
_NOT_PERMITTED, _PERMISSIONS = 10, range(200, 300)


class Meaning(StrEnum):
    #: Too much was asked for: nothing was done, and later it may be.
    LIMITED = "limited"
    #: The token, the app or the page may not do it.
    ACCOUNT = "account"
    #: These words or pictures will never be taken.
    CONTENT = "content"
    #: It stands there already: so an earlier request may have arrived after all.
    SAID_ALREADY = "said already"


_LIMITED = (
    4,  # the app's calls
    17,  # the user's
    32,  # the page's
    341,
    368,  # a policy keeps it from posting for a while
    613,
    80001,  # the page's, over 24 hours
    1390008,  # it posts too fast
)
_ACCOUNT = (
    3,  # the app may not
    _NOT_PERMITTED,
    102,  # the session has ended
    190,  # the token has expired, or was taken back
    *_PERMISSIONS,
    2500,  # an address that there is not, such as a version that has ended
    1404078,  # the page is restricted
    4854002,  # the page must confirm who it is
)
_CONTENT = (
    100,  # a parameter that is not taken
    1346003,  # against the rules for content
    1366046,  # a picture that is too large, or neither JPEG nor PNG
    1404102,  # against the rules for content
    1609005,  # a bad link
    1609008,  # a bad link
)
_SAID_ALREADY = (
    506,  # the words of the post before
    1366051,  # pictures that were posted
)
#: What a code or a subcode means. What is not in here proves nothing, 1 and 2 least of all.
MEANINGS: Mapping[int, Meaning] = MappingProxyType(
    {
        **dict.fromkeys(_LIMITED, Meaning.LIMITED),
        **dict.fromkeys(_ACCOUNT, Meaning.ACCOUNT),
        **dict.fromkeys(_CONTENT, Meaning.CONTENT),
        **dict.fromkeys(_SAID_ALREADY, Meaning.SAID_ALREADY),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphError:
    """Why the API refused; 0 where it gives no code."""

    code: int
    subcode: int

    @property
    def meaning(self) -> Meaning | None:
        """What the subcode means, which says more, or else the code."""
        return MEANINGS.get(self.subcode) or MEANINGS.get(self.code)

    @property
    def forbidden(self) -> bool:
        """Whether a permission is missing: the token may be good for other calls."""
        return self.code == _NOT_PERMITTED or self.code in _PERMISSIONS

    @property
    def gone(self) -> bool:
        """Whether what was asked for is not there, or hidden from this token."""
        return (self.code, self.subcode) == (_INVALID, _GONE)

    def __str__(self) -> str:
        return f"code {self.code}" + (f", {self.subcode}" if self.subcode else "")


def graph_error(answer: Answer) -> GraphError | None:
    """The error that the answer brings, or None where it brings none of the API's own."""
    said = inside(object_if_any(answer), "error")
    if answer.status in OK or answer.status >= _FAILED or not isinstance(said.get("code"), int):
        return None
    subcode = said.get("error_subcode")
    return GraphError(code=said["code"], subcode=subcode if isinstance(subcode, int) else 0)


def graph_refusal(answer: Answer) -> Ending | None:
    """How a call ended, or None when it ended well. By its status only where no code is given."""
    error = graph_error(answer)
    if error is None:
        return refusal(answer)
    said = f"{answer.host} answered {answer.status}: {answer.reason} ({error})"
    match error.meaning:
        case Meaning.LIMITED:
            return RateLimited(said, retry_after=_until_access(answer.headers))
        case Meaning.ACCOUNT:
            return AccountRefused(said)
        case Meaning.CONTENT:
            return ContentRejected(said)
    return Ambiguous(said)


def _until_access(headers: Mapping[str, str]) -> float | None:
    """Seconds, of the minutes that the header names; None where it names none.

    https://developers.facebook.com/docs/graph-api/overview/rate-limiting
    """
    minutes = max(_minutes(headers.get(_USAGE, "")), default=0)
    return minutes * 60.0 if minutes > 0 else None


def _minutes(header: str) -> Iterator[int]:
    try:
        said: Any = json.loads(header)
    except ValueError:
        return
    for uses in said.values() if isinstance(said, dict) else ():
        for use in uses if isinstance(uses, list) else ():
            minutes = inside({"use": use}, "use").get("estimated_time_to_regain_access")
            if isinstance(minutes, int):
                yield min(minutes, 24 * 60)
