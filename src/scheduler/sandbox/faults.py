"""What can go wrong between two machines, on demand."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

_NO_HEADERS: Mapping[str, str] = MappingProxyType({})

#: No stand-in is slower than this, so a mistaken script cannot hang a rehearsal.
SLOWEST = 60.0


class Purpose(StrEnum):
    """What a call is for, whatever the platform calls it."""

    #: The one request that makes a post public.
    PUBLISH = "publishing"
    #: Sends a picture, which nobody sees yet.
    UPLOAD = "an upload"
    #: Asks what stands on the account.
    READ = "reading back"
    #: Everything else: signing in, asking how far an upload is.
    OTHER = "asking"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request as it arrives.

    `number` counts the calls of this endpoint of this account, from 1: what other accounts do at
    the same time does not change it.
    """

    platform: str
    #: Whose token it carries, or "" when it carries none that is known.
    account: str
    #: Method and route: "POST /api/v1/statuses", "DELETE /api/v1/statuses/<id>".
    endpoint: str
    number: int
    #: Follows from the endpoint.
    purpose: Purpose = field(default=Purpose.OTHER, compare=False)


@dataclass(frozen=True, slots=True)
class Refuse:
    """Hang up before anything is read: nothing was done, and the caller cannot know."""


@dataclass(frozen=True, slots=True)
class Drop:
    """Read all of it, do nothing and hang up: for the caller the same as a lost answer."""


@dataclass(frozen=True, slots=True)
class LoseAnswer:
    """Do the work, then hang up without an answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instead:
    """Answer this and do nothing: 401, 429, a proxy's 502."""

    status: int
    body: str | bytes = '{"error": "injected"}'
    headers: Mapping[str, str] = field(default_factory=lambda: _NO_HEADERS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Garble:
    """Do the work, but answer this: 500 although created, 200 with half a page."""

    status: int
    body: str | bytes = '{"error": "injected"}'


@dataclass(frozen=True, slots=True, kw_only=True)
class Slow:
    """Do the work and answer, after so many real seconds (at most `SLOWEST`)."""

    seconds: float
    #: The answer is held back for so many more, while what was posted is public already.
    after: float = 0.0


@dataclass(frozen=True, slots=True)
class Stall:
    """Take an upload, and never finish working on it."""


@dataclass(frozen=True, slots=True)
class Exhaust:
    """Somebody else has used up what the account may publish; then do the work, if allowed."""


Fault = Refuse | Drop | LoseAnswer | Instead | Garble | Slow | Stall | Exhaust

#: Asked at every call; None lets it pass. May be called by several threads at once.
Faults = Callable[[Call], Fault | None]


def rate_limited(retry_after: int | None = None) -> Instead:
    """429, with or without the number of seconds to wait."""
    headers = _NO_HEADERS if retry_after is None else {"Retry-After": str(retry_after)}
    return Instead(status=429, body='{"error": "Too many requests"}', headers=headers)


def unauthorised() -> Instead:
    """401, as after a token was revoked."""
    return Instead(status=401, body='{"error": "The access token was revoked"}')


class Script:
    """Faults written down beforehand: each happens once, in order, at its endpoint."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._coming: dict[str, deque[Fault]] = {}

    def add(self, endpoint: str, *faults: Fault) -> None:
        with self._lock:
            self._coming.setdefault(endpoint, deque()).extend(faults)

    def __call__(self, call: Call) -> Fault | None:
        with self._lock:
            coming = self._coming.get(call.endpoint)
            return coming.popleft() if coming else None
