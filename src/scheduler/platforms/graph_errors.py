"""How a call to one of Meta's Graph servers ended: one meaning for each code that its errors have.

https://developers.facebook.com/docs/graph-api/guides/error-handling

An error's status is nearly always 400, so it says nothing; its code does, and its subcode more.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
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
from scheduler.platforms.answers import inside, object_if_any, object_of
from scheduler.platforms.calling import OK, Answer, refusal

#: A server that failed says nothing of what was done, and one that agrees refuses nothing.
_REFUSED = range(400, 500)
_USAGE = "X-Business-Use-Case-Usage"
_MINUTE = 60.0
_DAY = 24 * 60


class Meaning(StrEnum):
    """What follows from an error."""

    #: It passes.
    LATER = "later"
    #: Too much was asked for or published: nothing was done, and later it may be.
    LIMIT = "limit"
    #: The token, the app or the account may not: a person must act.
    ACCOUNT = "account"
    #: The words or pictures will never do.
    CONTENT = "content"
    #: The container is no more; another one can be made.
    GONE = "gone"
    #: It stands there already: so an earlier request may have arrived after all.
    SAID_ALREADY = "said already"


_NOT_PERMITTED, _PERMISSIONS = 10, range(200, 300)


def _all(meaning: Meaning, *codes: int) -> dict[int, Meaning]:
    return dict.fromkeys(codes, meaning)


#: By subcode, which says more than the code does.
#: https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/error-codes
SUBCODES: Mapping[int, Meaning] = MappingProxyType(
    {
        **_all(
            Meaning.LATER,
            2207001,
            2207003,
            2207008,  # not ready yet
            2207027,  # not ready yet
            2207032,
            2207052,  # could not be fetched: the picture's place, not the picture
            2207053,
        ),
        **_all(
            Meaning.LIMIT,
            1390008,  # it posts too fast
            2207042,  # the posts of a day
        ),
        **_all(
            Meaning.ACCOUNT,
            1404078,  # the page is restricted
            2207050,  # the account is restricted
            2207051,  # it looks like spam
            4279013,  # the account is restricted
            4854002,  # the page must confirm who it is
        ),
        **_all(
            Meaning.CONTENT,
            1346003,  # against the rules for content
            1366046,  # a picture that is too large, or neither JPEG nor PNG
            1404102,  # against the rules for content
            1609005,  # a bad link
            1609008,  # a bad link
            2207004,  # a picture that is too large
            2207005,  # its format
            2207009,  # its shape
            2207010,  # the caption's length
            2207028,  # too many or too few in a carousel
            2207040,  # too many mentions
        ),
        **_all(Meaning.GONE, 2207006, 2207020),
        **_all(Meaning.SAID_ALREADY, 1366051),  # pictures that were posted
    }
)
#: What is in neither table proves nothing.
#: https://developers.facebook.com/docs/graph-api/guides/error-handling
CODES: Mapping[int, Meaning] = MappingProxyType(
    {
        **_all(Meaning.LATER, -2, -1, 1, 2, 9004, 9007),
        **_all(
            Meaning.LIMIT,
            4,  # the app's calls
            9,
            17,  # the user's
            32,  # the page's
            341,
            368,  # a policy keeps it from posting for a while
            613,
            80001,  # the page's, over 24 hours
            80002,  # the Instagram account's
        ),
        **_all(
            Meaning.ACCOUNT,
            3,  # the app may not
            _NOT_PERMITTED,
            25,
            102,  # the session has ended
            190,  # the token has expired, or was taken back
            *_PERMISSIONS,
            2500,  # an address that there is not, such as a version that has ended
        ),
        **_all(
            Meaning.CONTENT,
            100,  # a parameter that is not taken
            36000,
            36001,
            36003,
            36004,
        ),
        **_all(Meaning.GONE, 24),
        **_all(Meaning.SAID_ALREADY, 506),  # the words of the post before
    }
)
#: The container was not published in time.
EXPIRED = 2207020
#: An object that is not there, or that the token may not see: these two look the same.
_NO_OBJECT = frozenset({(24, 2207006), (100, 33)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """An error as Graph writes it; 0 where it gives no code."""

    code: int
    subcode: int
    meaning: Meaning | None
    #: Whether nothing was done, by the answer's status: else the code proves nothing.
    certain: bool

    @property
    def no_object(self) -> bool:
        """Whether what was asked for is not there, or hidden from this token."""
        return self.certain and (self.code, self.subcode) in _NO_OBJECT

    @property
    def forbidden(self) -> bool:
        """Whether a permission is missing: the token may be good for other calls."""
        return self.certain and (self.code == _NOT_PERMITTED or self.code in _PERMISSIONS)

    def __str__(self) -> str:
        return f"error {self.code}/{self.subcode}"


def failure(answer: Answer) -> Failure | None:
    """The error in the answer, or None where there is none of Graph's."""
    said = object_if_any(answer).get("error")
    if not isinstance(said, dict):
        return None
    code, subcode = number(said.get("code")), number(said.get("error_subcode"))
    meaning = SUBCODES.get(subcode) or CODES.get(code)
    if meaning is None and said.get("is_transient") is True:
        meaning = Meaning.LATER
    return Failure(code=code, subcode=subcode, meaning=meaning, certain=answer.status in _REFUSED)


def prepared(answer: Answer) -> Mapping[str, Any]:
    """What a call says that makes nothing public; otherwise raises its ending."""
    found = failure(answer)
    if answer.status in OK and found is None:
        return object_of(answer)
    if found and found.meaning and (found.certain or found.meaning is Meaning.LATER):
        raise _ending(found.meaning, answer)
    raise refusal(answer) or Ambiguous(_said(answer))


def published(answer: Answer, *, refused: Callable[[Failure], bool]) -> Mapping[str, Any]:
    """What the publishing call says; otherwise raises its ending.

    Where an error does not say for certain that it is `refused`, nobody knows what was done.
    """
    found = failure(answer)
    if found is None:
        if ending := refusal(answer):
            raise ending
        return object_of(answer)
    if not found.certain or found.meaning is None or not refused(found):
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
        case Meaning.SAID_ALREADY:
            return Ambiguous(said)
        case _:
            return NotSent(said)


def _said(answer: Answer) -> str:
    found = failure(answer)
    code = f" ({found})" if found else ""
    return f"{answer.host} answered {answer.status}{code}" + (
        answer.reason and f": {answer.reason}"
    )


def regained(headers: Mapping[str, str]) -> float | None:
    """Seconds until the account may ask again, or None where nobody says; the header has minutes.

    https://developers.facebook.com/docs/graph-api/overview/rate-limiting
    """
    minutes = max(_minutes(headers.get(_USAGE, "")), default=0)
    return minutes * _MINUTE if minutes > 0 else None


def _minutes(header: str) -> Iterator[int]:
    try:
        said: Any = json.loads(header)
    except ValueError:
        return
    for uses in said.values() if isinstance(said, dict) else ():
        for use in uses if isinstance(uses, list) else ():
            minutes = inside({"use": use}, "use").get("estimated_time_to_regain_access")
            yield min(number(minutes), _DAY)


def number(value: object) -> int:
    """The whole number, or 0 where it is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
