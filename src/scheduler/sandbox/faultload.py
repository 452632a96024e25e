"""Which faults strike where, by a seed: the same seed, the same faults.

Whether a fault strikes follows from a hash of the seed, of where it would strike and of how often
something was done there, and from nothing else. So threads that run in another order, a slower
machine and other accounts change nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from types import MappingProxyType

from scheduler.sandbox.faults import (
    Call,
    Drop,
    Exhaust,
    Fault,
    Garble,
    Instead,
    LoseAnswer,
    Purpose,
    Refuse,
    Slow,
    Stall,
    rate_limited,
    unauthorised,
)
from scheduler.sandbox.standing import Now


class Kind(StrEnum):
    """What can go wrong, as people read it."""

    # ── on the way to a platform, and there ──
    DROPPED = "connection dropped before the request was read"
    DROPPED_LATER = "connection dropped after the request was read"
    LOST = "answer lost after the request was accepted"
    FAILED = "error 500 although the request was done"
    LIMITED = "rate limit that says how long to wait"
    LIMITED_SILENTLY = "rate limit that does not say how long"
    SLOW = "slow answer"
    EXPIRED = "expired token"
    FULL = "quota used up by something else"
    UNFINISHED = "picture that the platform never finishes"
    UNREADABLE = "answer lost, and the account cannot be read any more"
    AWAY = "server that refuses connections"
    # ── around the program ──
    AHEAD = "clock that jumps ahead"
    BACK = "clock that jumps back"
    WORKER = "worker that dies between two steps"
    DISK = "full disk"
    LOCKED = "ledger locked by another process"
    LEASE = "upload that outlives its lease"
    MOVED = "post moved by an hour while it is prepared"
    REWORDED = "word changed while the post is prepared"
    TAKEN_OUT = "post taken out while it is prepared, and put back"


#: Of all the calls, steps and hours that such a fault can meet, so many meet it.
RATES: Mapping[Kind, float] = MappingProxyType(
    {
        Kind.DROPPED: 0.01,
        Kind.DROPPED_LATER: 0.01,
        Kind.LOST: 0.01,
        Kind.FAILED: 0.01,
        Kind.LIMITED: 0.01,
        Kind.LIMITED_SILENTLY: 0.01,
        Kind.SLOW: 0.01,
        Kind.EXPIRED: 0.004,
        Kind.FULL: 0.01,
        Kind.UNFINISHED: 0.01,
        Kind.UNREADABLE: 0.002,
        Kind.AWAY: 0.06,
        Kind.AHEAD: 0.04,
        Kind.BACK: 0.04,
        Kind.WORKER: 0.01,
        Kind.DISK: 0.01,
        Kind.LOCKED: 0.01,
        Kind.LEASE: 0.01,
        Kind.MOVED: 0.005,
        Kind.REWORDED: 0.005,
        Kind.TAKEN_OUT: 0.005,
    }
)

#: What meets everybody, and not only the account whose step it began with.
EVERYBODYS = frozenset({Kind.AWAY, Kind.AHEAD, Kind.BACK, Kind.WORKER, Kind.DISK, Kind.LOCKED})

#: Faults that any call may meet.
_ANY = (Kind.DROPPED, Kind.DROPPED_LATER, Kind.LIMITED, Kind.LIMITED_SILENTLY, Kind.SLOW)
#: What may go wrong with a call, by what it is for.
MEETING: Mapping[Purpose, tuple[Kind, ...]] = MappingProxyType(
    {
        Purpose.PUBLISH: (
            *_ANY,
            Kind.LOST,
            Kind.FAILED,
            Kind.EXPIRED,
            Kind.FULL,
            Kind.UNREADABLE,
        ),
        Purpose.UPLOAD: (*_ANY, Kind.LOST, Kind.FAILED, Kind.EXPIRED, Kind.UNFINISHED),
        Purpose.READ: _ANY,
        Purpose.OTHER: (*_ANY, Kind.EXPIRED),
    }
)

#: Seconds in a `Retry-After`.
RETRY_AFTER = 600
#: Real seconds: enough to be out of order, too few to be noticed.
SLOWLY = 0.05
_WHOLE = 2**64
_FOR_EVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Faultload:
    """The faults of one seed. `rates` says how often, from 0 to 1; what is not in it never is."""

    seed: int
    rates: Mapping[Kind, float] = field(default_factory=lambda: RATES)
    #: Only the first so many times at each place; None: always.
    first: int | None = None

    def share(self, *where: str) -> float:
        """A number from 0 to 1 that follows from the seed and the place alone."""
        digest = sha256("\n".join([str(self.seed), *where]).encode()).digest()
        return int.from_bytes(digest[:8]) / _WHOLE

    def drawn(self, kinds: Iterable[Kind], *where: str, number: int) -> Kind | None:
        """Which of these strikes the time with this number at this place, if any."""
        if self.first is not None and number > self.first:
            return None
        left = self.share(*where, str(number))
        for kind in kinds:
            left -= self.rates.get(kind, 0.0)
            if left < 0:
                return kind
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Struck:
    """A fault that was injected: what, when, and to whom."""

    kind: Kind
    at: datetime
    #: Whose call or step it struck; "" where it was nobody's.
    account: str = ""
    #: The delivery that was in hand, or "".
    key: str = ""
    #: When it was over, where it took time.
    until: datetime | None = None


class Injector:
    """Brings a faultload's faults into calls; asked by the servers, from any thread."""

    def __init__(self, load: Faultload, *, now: Now, tell: Callable[[Struck], None]) -> None:
        self._load = load
        self._now = now
        self._tell = tell
        self._lock = threading.Lock()
        self._unreadable: set[str] = set()

    def __call__(self, call: Call) -> Fault | None:
        now = self._now()
        with self._lock:
            if call.purpose is Purpose.READ and call.account in self._unreadable:
                return Instead(status=503, body='{"error": "injected: cannot be read"}')
            kind = self._load.drawn(
                MEETING[call.purpose],
                call.platform,
                call.account,
                call.endpoint,
                number=call.number,
            )
            if kind is None:
                return None
            if kind is Kind.UNREADABLE:
                self._unreadable.add(call.account)
        until = _FOR_EVER if kind is Kind.UNREADABLE else None
        self._tell(Struck(kind=kind, at=now, account=call.account, until=until))
        return _FAULTS[kind]


_FAULTS: Mapping[Kind, Fault] = MappingProxyType(
    {
        Kind.DROPPED: Refuse(),
        Kind.DROPPED_LATER: Drop(),
        Kind.LOST: LoseAnswer(),
        Kind.FAILED: Garble(status=500),
        Kind.LIMITED: rate_limited(RETRY_AFTER),
        Kind.LIMITED_SILENTLY: rate_limited(),
        Kind.SLOW: Slow(seconds=SLOWLY),
        Kind.EXPIRED: unauthorised(),
        Kind.FULL: Exhaust(),
        Kind.UNFINISHED: Stall(),
        Kind.UNREADABLE: LoseAnswer(),
    }
)
