"""A platform without a network, in five manners, that keeps everything that ever became public."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any, ClassVar

from scheduler.drafting import frozen
from scheduler.errors import (
    AccountRefused,
    Ambiguous,
    ContentRejected,
    Ending,
    NotSent,
    RateLimited,
)
from scheduler.ledger import digest
from scheduler.model import Allowance, Draft, Measure, Receipt, Size, Standing
from scheduler.platforms import (
    OVER_THE_NETWORK,
    Absent,
    Cap,
    Finding,
    Found,
    Identity,
    Limits,
    Option,
    Staged,
    Unknown,
)

LIMITS = Limits(
    page="",  # nobody's
    text=10_000,
    text_unit="characters",
    pictures=1,
    alt=10_000,
    picture_bytes=10**7,
    card=Size(width=1080, height=1350),
)


class Manner(StrEnum):
    """How a platform helps to tell whether a request arrived."""

    #: The sender names the record, and the same again replays it.
    RECORD = "record"
    #: A repeated key gives the first post back, and posts can be read.
    IDEMPOTENCY = "idempotency"
    #: Made first, published once, and its state can be asked.
    CONTAINER = "container"
    #: Nothing but the account's posts, which can be read.
    READ_BACK = "read back"
    #: Nothing at all: whoever asks learns nothing.
    NOTHING = "nothing"


class Fault(StrEnum):
    """What goes wrong with one call."""

    #: No connection was made.
    REFUSED = "refused"
    #: The connection broke before the platform had it.
    DROPPED = "dropped"
    #: As above for the sender, but the request arrives a little later.
    LATE = "late"
    #: The platform took it, and the answer was lost.
    LOST = "lost"
    #: 429, with and without a time.
    TOO_FAST = "too fast"
    TOO_FAST_BY_FAR = "too fast by far"
    #: The words, or the account, will not do.
    REJECTED = "rejected"
    UNAUTHORISED = "unauthorised"
    #: It worked, and was the last one for a while.
    USED_UP = "used up"
    #: The adapter itself has a bug, before and after the platform took it.
    BUG = "bug"
    BUG_AFTERWARDS = "bug afterwards"


class Bug(Exception):
    """What no adapter should raise."""


#: Nothing came of the call, whatever its sender can know about that.
_IN_VAIN: Mapping[Fault, Callable[[], Exception]] = MappingProxyType(
    {
        Fault.REFUSED: lambda: NotSent("no connection"),
        Fault.DROPPED: lambda: Ambiguous("the connection broke"),
        Fault.LATE: lambda: Ambiguous("no answer in time"),
        Fault.TOO_FAST: lambda: RateLimited("429"),
        Fault.TOO_FAST_BY_FAR: lambda: RateLimited("429", retry_after=1500),
        Fault.REJECTED: lambda: ContentRejected("422"),
        Fault.UNAUTHORISED: lambda: AccountRefused("401"),
        Fault.BUG: lambda: Bug("before it was taken"),
    }
)
#: It worked, and its sender does not learn so.
_UNHEARD: Mapping[Fault, Callable[[], Exception]] = MappingProxyType(
    {
        Fault.LOST: lambda: Ambiguous("the answer was lost"),
        Fault.BUG_AFTERWARDS: lambda: Bug("after it was taken"),
    }
)
#: How long the stated allowance, and a late request, take.
RENEWS, LATE = timedelta(minutes=10), timedelta(seconds=35)


@dataclass(slots=True, kw_only=True)
class Public:
    """What the public saw, since when, and what was wrong with sending it."""

    id: str
    key: str
    words: Mapping[str, Any]
    reply_to: str | None
    #: When the request left: caps are counted by that.
    sent_at: datetime
    at: datetime
    by_hand: bool = False
    taken_down: bool = False

    @property
    def receipt(self) -> Receipt:
        return Receipt(id=self.id, url=f"https://fake.example/{self.id}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """The one request, as it left."""

    key: str
    said: Mapping[str, Any]
    sent_at: datetime


class Conflict(Exception):
    """Another record stands there."""


@dataclass(slots=True)
class Site:
    """The platform's side of one account."""

    name: str
    manner: Manner
    now: Callable[[], datetime]
    caps: tuple[Cap, ...] = ()
    price: int = 0
    public: list[Public] = field(default_factory=list)
    faults: dict[str, deque[Fault]] = field(default_factory=dict)
    _first: dict[object, Public] = field(default_factory=dict)
    _containers: int = 0
    _lock: Any = field(default_factory=threading.RLock)

    def accept(self, request: Request) -> Public:
        """Make it public, unless this manner of platform knows it for a repeat."""
        with self._lock:
            name = self._named(request)
            if name in self._first:
                return self._replayed(self._first[name], request)
            made = self._made(request.key, request.said, request.sent_at)
            if name is not None:
                self._first[name] = made
            return made

    def posted_by_hand(self, key: str, said: Mapping[str, Any]) -> Public:
        with self._lock:
            made = self._made(key, said, self.now())
            made.by_hand = True
            return made

    def container(self) -> int:
        with self._lock:
            self._containers += 1
            return self._containers

    def standing(self) -> tuple[Public, ...]:
        with self._lock:
            return tuple(post for post in self.public if not post.taken_down)

    def finds(self, request: Request, since: datetime) -> Public | None:
        """As far as this manner can be asked at all."""
        with self._lock:
            if self.manner in {Manner.RECORD, Manner.CONTAINER}:
                return self._first.get(self._named(request))  # the name says all
            words, answers = request.said["draft"], request.said["reply_to"]
            return next(
                (
                    post
                    for post in self.standing()
                    if (post.words, post.reply_to) == (words, answers) and post.sent_at >= since
                ),
                None,
            )

    def takes_down(self, id_: str) -> None:
        with self._lock:
            for post in self.public:
                if post.id == id_:
                    post.taken_down = True

    def strikes(self, call: str) -> Fault | None:
        with self._lock:
            waiting = self.faults.get(call)
            return waiting.popleft() if waiting else None

    def _made(self, key: str, said: Mapping[str, Any], sent_at: datetime) -> Public:
        post = Public(
            id=f"{self.name}-{len(self.public) + 1}",
            key=key,
            words=said["draft"],
            reply_to=said["reply_to"],
            sent_at=sent_at,
            at=self.now(),
        )
        self.public.append(post)
        return post

    def _named(self, request: Request) -> object:
        match self.manner:
            case Manner.RECORD:
                return request.key
            case Manner.IDEMPOTENCY:
                said = request.said
                return request.key, digest(said["draft"]), said["reply_to"]
            case Manner.CONTAINER:
                return request.said["container"]
            case _:
                return None

    def _replayed(self, first: Public, request: Request) -> Public:
        said = request.said
        if (first.words, first.reply_to) != (said["draft"], said["reply_to"]):
            raise Conflict
        return first


class Line:
    """What is between a process and a platform: it may be cut, and something may happen on it."""

    def before(self, call: str) -> None:
        """A call is about to reach the platform."""

    def after(self, call: str) -> None:
        """The platform has answered."""

    def sent(self, site: Site, request: Request) -> None:
        """The one request leaves now."""

    def timed_out(self) -> AbstractContextManager[None]:
        """No request is under way for longer than this."""
        return nullcontext()

    def later(self, arrive: Callable[[], object]) -> None:
        """Let it arrive although its sender has given up."""


class FakePlatform:
    """The adapter of one account, in one process."""

    options: ClassVar[Mapping[str, Option]] = MappingProxyType({})
    secrets: ClassVar[Mapping[str, str]] = MappingProxyType({})
    in_flight: ClassVar[timedelta] = OVER_THE_NETWORK
    limits: ClassVar[Limits] = LIMITS

    def __init__(self, site: Site, line: Line) -> None:
        self.caps = site.caps
        self._site = site
        self._line = line

    def measure(self, draft: Draft) -> tuple[Measure, ...]:
        return (Measure(name="text", used=len(draft.text), limit=10_000, unit="characters"),)

    def cost(self, draft: Draft) -> int:
        del draft
        return self._site.price

    def whoami(self) -> Identity:
        name = self._site.name
        return self._called("whoami", lambda: Identity(id=name, name=name, url="https://fake"))

    def stage(self, draft: Draft, *, due: datetime, reply_to: Receipt | None = None) -> Staged:
        del due
        answers = reply_to.id if reply_to else None
        return self._called("stage", lambda: self._staged(draft, answers))

    def publish(self, staged: Staged, *, key: str) -> Receipt:
        request = Request(key=key, said=staged.request, sent_at=self._site.now())
        self._line.sent(self._site, request)
        fault = self._site.strikes("publish")
        if fault is Fault.LATE:
            self._line.later(lambda: self._arrived(request))
        with self._line.timed_out():
            self._line.before("publish")
            receipt = self._answered(fault, lambda: self._accepted(request))
            self._line.after("publish")
        if fault is Fault.USED_UP:
            allowance = Allowance(left=0, renews_in=RENEWS)
            return Receipt(id=receipt.id, url=receipt.url, allowance=allowance)
        return receipt

    def find(self, staged: Staged, *, key: str, since: datetime) -> Finding:
        request = Request(key=key, said=staged.request, sent_at=since)
        try:
            return self._called("find", lambda: self._finding(request, since))
        except Ending as ending:
            return Unknown(reason=str(ending))

    def withdraw(self, receipt: Receipt) -> None:
        if self._site.manner is Manner.NOTHING:
            raise NotSent("nothing is taken down here")
        self._called("withdraw", lambda: self._site.takes_down(receipt.id))

    def standing(self, *, since: datetime) -> tuple[Standing, ...] | None:
        del since
        return None

    def _called(self, call: str, work: Callable[[], Any]) -> Any:
        fault = self._site.strikes(call)
        self._line.before(call)
        answer = self._answered(fault, work)
        self._line.after(call)
        return answer

    def _answered(self, fault: Fault | None, work: Callable[[], Any]) -> Any:
        if fault in _IN_VAIN:
            ending = _IN_VAIN[fault]()
            raise ending
        answer = work()
        if fault in _UNHEARD:
            ending = _UNHEARD[fault]()
            raise ending
        return answer

    def _staged(self, draft: Draft, answers: str | None) -> Staged:
        request: dict[str, Any] = {"draft": dict(frozen(draft)), "reply_to": answers}
        if self._site.manner is Manner.CONTAINER:
            request["container"] = self._site.container()
        return Staged(request=request)

    def _accepted(self, request: Request) -> Receipt:
        try:
            return self._site.accept(request).receipt
        except Conflict:
            raise ContentRejected("another record stands there") from None

    def _arrived(self, request: Request) -> None:
        with suppress(ContentRejected):
            self._accepted(request)

    def _finding(self, request: Request, since: datetime) -> Finding:
        if self._site.manner is Manner.NOTHING:
            return Unknown(reason="nobody can ask here")
        found = self._site.finds(request, since)
        return Found(receipt=found.receipt) if found else Absent(reason="it is not there")
