"""The world around a rehearsal, in which things go wrong by a seed.

Servers go away, clocks jump, workers die, the disk is full, the calendar is edited while its posts
are under way. Nothing in the publishing path knows of it: what happens, happens to its clock, to
its adapters and to its way to the ledger. A coordinator is played too: an account that the program
held is released an hour later.

One account is served after the other, so that the same seed is the same rehearsal to the letter.
"""

from __future__ import annotations

import heapq
import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Protocol, TypeVar, cast

from scheduler.errors import UserError
from scheduler.ledger import Connection, Entry, Ledger, Origin, deciding, questions
from scheduler.model import OPEN, Account, Coalition, Draft, Key, Post, Receipt, State
from scheduler.planning import plan
from scheduler.platforms import Platform, Staged
from scheduler.publishing import LEASE, Clock, Means, Publisher
from scheduler.publishing.releasing import Passed, release
from scheduler.sandbox import EVERYBODYS, STAND_INS, Faultload, Injector, Kind, Sandbox, Struck

log = logging.getLogger(__name__)

#: How long the coordinator takes to renew a token and to release the account.
RELEASED_AFTER = timedelta(hours=1)
#: As whom the coordinator's decisions stand in the ledger.
COORDINATOR = "the coordinator of the rehearsal"
#: When nothing moved, the next look is so much later, as the daemon's is.
EVERY = timedelta(minutes=1)
#: Real seconds that a worker waits for a locked ledger; a true one waits for ten.
PATIENCE = 0.02
#: How long the disk stays full, or the ledger locked: within the tries of a receipt, and beyond.
SHORT, LONG = timedelta(seconds=20), timedelta(minutes=10)
#: How long a server is away; the last outlives the grace of most posts.
AWAY = tuple(timedelta(minutes=minutes) for minutes in (2, 10, 30, 60, 300))
#: How far the clock jumps, and for how long. Ahead, it is put right before the next look.
AHEAD, AHEAD_FOR = timedelta(days=2), timedelta(seconds=4)
BACK, BACK_FOR = timedelta(minutes=20), timedelta(hours=2)
#: When a post that was taken out is put back.
PUT_BACK_AFTER = timedelta(minutes=30)
#: A fault is still felt so long after it: tokens are renewed, limits waited for.
FELT = timedelta(hours=6)
#: More looks than any delivery can need, so that a mistake cannot hang a rehearsal.
_LOOKS = 1000
#: So many looks between two reports of how far it is.
_TOLD_EVERY = 20

_AT_HOUR = (Kind.AWAY, Kind.AHEAD, Kind.BACK)
_WHILE_STAGED = (
    Kind.LEASE,
    Kind.MOVED,
    Kind.REWORDED,
    Kind.TAKEN_OUT,
    Kind.WORKER,
    Kind.DISK,
    Kind.LOCKED,
)
_WHEN_SENT = (Kind.WORKER, Kind.DISK, Kind.LOCKED)

Result = TypeVar("Result")


class TrueClock(Clock, Protocol):
    """The time that it really is, which somebody must move."""

    def advance(self, to: datetime) -> None: ...


class Lost(Exception):
    """The worker is dead: nothing that it wanted to do is done."""


@dataclass(slots=True)
class WorkerClock:
    """The clock on the worker's machine: it may be wrong, and waiting lets the world go on."""

    true: TrueClock
    pass_to: Callable[[datetime], None]
    wrong_by: timedelta = timedelta(0)

    def now(self) -> datetime:
        return self.true.now() + self.wrong_by

    def monotonic(self) -> float:
        return self.true.monotonic()

    def wait(self, seconds: float) -> None:
        self.pass_to(self.true.now() + timedelta(seconds=seconds))


class WorkerLedger(Ledger):
    """A worker's own way to the ledger. It ends with the worker, whatever was under way."""

    dead = False
    #: How often it could not be used.
    refused = 0

    def read(self, query: Callable[[Connection], Result]) -> Result:
        if self.dead:
            raise Lost
        return super().read(query)

    def write(self, change: Callable[[Connection], Result]) -> Result:
        if self.dead:
            raise Lost
        try:
            return super().write(change)
        except UserError:
            self.refused += 1
            raise

    def die(self) -> None:
        self.dead = True
        raise Lost

    def fill_disk(self) -> None:
        """Let the file not grow any more: SQLite says that the disk is full, and means it."""
        self.write(lambda connection: _say(connection, _FULL))

    def free_disk(self) -> None:
        self.write(lambda connection: _say(connection, _FREE))


#: A file has room for some lines yet when it may not grow: so each line of this worker takes pages
#: of its own, as if others had written to the disk meanwhile.
_FULL = (
    "CREATE TABLE IF NOT EXISTS ballast (data)",
    """
    CREATE TEMP TRIGGER IF NOT EXISTS others AFTER INSERT ON main.journal
    BEGIN INSERT INTO ballast VALUES (zeroblob(8192)); END
    """,
    "PRAGMA max_page_count=1",  # that is, as many as it has
)
_FREE = ("DROP TRIGGER IF EXISTS others", f"PRAGMA max_page_count={2**30}")


def _say(connection: Connection, statements: Iterable[str]) -> None:
    for statement in statements:
        connection.exec_driver_sql(statement).close()


@dataclass(frozen=True, slots=True, order=True)
class _Event:
    at: datetime
    number: int
    happen: Callable[[], None] = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How often one kind of fault struck, and what became of the deliveries that it struck."""

    kind: Kind
    injected: int
    became: Mapping[State, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Injected:
    """Everything that went wrong in a rehearsal."""

    seed: int
    struck: tuple[Struck, ...]
    #: How often the coordinator released an account that the program held.
    released: int
    #: How often a worker was told that its ledger cannot be written.
    refused: int

    def tallies(self, entries: Iterable[Entry]) -> tuple[Tally, ...]:
        """One for each kind that was injected, in the order of `Kind`."""
        known = tuple(entries)
        return tuple(
            Tally(
                kind=kind,
                injected=len(own),
                became=Counter(
                    entry.state for entry in known if any(_meets(each, entry) for each in own)
                ),
            )
            for kind in Kind
            if (own := [struck for struck in self.struck if struck.kind is kind])
        )

    def felt(self, entry: Entry) -> tuple[Kind, ...]:
        """What may have kept a delivery from going out in time; first what struck it itself."""
        around = [each for each in self.struck if _reaches(each, entry)]
        itself_first = sorted(around, key=lambda each: each.key != entry.key)
        return tuple(dict.fromkeys(each.kind for each in itself_first))


def _meets(struck: Struck, entry: Entry) -> bool:
    """Whether it struck the delivery while it was under way, or all that was due meanwhile."""
    if struck.account:
        return struck.key == entry.key
    return struck.at <= entry.due <= (struck.until or struck.at)


def _reaches(struck: Struck, entry: Entry) -> bool:
    """Whether it struck everybody or the delivery's account, and can have been felt by then."""
    if struck.kind not in EVERYBODYS and struck.account != entry.account:
        return False
    end = struck.until or struck.at
    return struck.at <= entry.latest and entry.due - FELT <= end


class World:
    """Plays a campaign to its end among the faults of a seed."""

    def __init__(
        self,
        load: Faultload,
        *,
        coalition: Coalition,
        held: Mapping[tuple[str, str], str],
        clock: TrueClock,
    ) -> None:
        #: Asked by the servers at every call.
        self.injector = Injector(load, now=clock.now, tell=self.note)
        self.clock = WorkerClock(clock, self._pass_to)
        #: Everything that was injected, in its order.
        self.struck: list[Struck] = []
        #: How often the coordinator released an account.
        self.released = 0
        #: How often a worker could not use its ledger.
        self.refused = 0
        self._load = load
        self._true = clock
        self._coalition = coalition
        self._held = held
        self._means: Means | None = None
        self._sandbox: Sandbox | None = None
        self._worker: WorkerLedger | None = None
        self._publisher: Publisher | None = None
        self._locking: _Locking | None = None
        self._workers = count(1)
        self._steps: Counter[tuple[str, str]] = Counter()
        self._coming: list[_Event] = []
        self._numbers = count()
        self._releasing: set[int] = set()
        self._not_before = clock.now()

    def note(self, struck: Struck) -> None:
        """Remember a fault, with the delivery that was in hand when it struck."""
        entry = self._in_hand(struck.account) if struck.account else None
        self.struck.append(replace(struck, key=entry.key if entry else ""))

    def play(
        self, means: Means, sandbox: Sandbox, progress: Callable[[], None] = lambda: None
    ) -> None:
        """Publish everything, to the end of all that happens by itself."""
        self._means, self._sandbox = means, sandbox
        self._draw_hours()
        self._begin()
        looks, ended = count(1), 0
        most = _LOOKS * (1 + len(plan(self._coalition)))
        try:
            while (following := self._following()) is not None:
                self._pass_to(following)
                self._look()
                number = next(looks)
                if number > most:
                    raise AssertionError(f"at {self._true.now()} it does not end")
                if number % _TOLD_EVERY == 0:
                    ended += self._tell(ended, progress)
        finally:
            self._unlock()
            self._end_worker()

    def result(self) -> Injected:
        """What was injected, once the play is over."""
        return Injected(
            seed=self._load.seed,
            struck=tuple(sorted(self.struck, key=lambda each: each.at)),
            released=self.released,
            refused=self.refused,
        )

    # ── time ──────────────────────────────────────────────────────────────────────────────────────

    def _following(self) -> datetime | None:
        """When something happens next, in true time; None when nothing will."""
        campaign, ledger = self._coalition.own.id, self._given(self._means).ledger
        look_at = ledger.read(lambda connection: questions.next_look(connection, campaign))
        due = [max(look_at - self.clock.wrong_by, self._not_before)] if look_at else []
        return min([*due, *(event.at for event in self._coming[:1])], default=None)

    def _pass_to(self, to: datetime) -> None:
        while self._coming and self._coming[0].at <= to:
            event = heapq.heappop(self._coming)
            self._true.advance(event.at)
            event.happen()
        self._true.advance(to)

    def _at(self, at: datetime, happen: Callable[[], None]) -> None:
        """Let it happen then; a minute later when the ledger cannot be used."""

        def surely() -> None:
            try:
                happen()
            except UserError:
                self._at(self._true.now() + EVERY, happen)

        heapq.heappush(self._coming, _Event(at, next(self._numbers), surely))

    # ── workers ───────────────────────────────────────────────────────────────────────────────────

    def _begin(self) -> None:
        """Another worker starts, as after a restart: it knows only what the ledger says."""
        means = self._given(self._means)
        worker = WorkerLedger(self._ledger_file, patience=PATIENCE)
        publisher = Publisher(
            replace(
                means,
                ledger=worker,
                clock=self.clock,
                connect=self._connect,
                connections=1,
                worker=f"worker {next(self._workers)}",
            )
        )
        try:
            publisher.take(self._coalition, self._held)
        except UserError:
            publisher.close()
            worker.close()
            self._at(self._true.now() + EVERY, self._begin)
        else:
            self._worker, self._publisher = worker, publisher
            # It looks at once, and so knows what time it was before any clock jumps.
            self._at(self._true.now(), lambda: None)

    def _end_worker(self) -> None:
        if self._publisher is not None and self._worker is not None:
            self._publisher.close()
            self._worker.close()
            self.refused += self._worker.refused
        self._publisher = self._worker = None

    def _look(self) -> None:
        before = self._due()
        if self._publisher is not None and self._worker is not None:
            self._publisher.tick()
            self._publisher.wait()
            if self._worker.dead:
                self._end_worker()
                self._at(self._true.now(), self._begin)
        self._coordinate()
        # What is due and cannot be served: the clock is wrong, the disk full.
        stuck = before and self._due() == before
        self._not_before = self._true.now() + (EVERY if stuck else timedelta(0))

    def _due(self) -> frozenset[Key]:
        """What wants to be looked at by now."""
        campaign, now = self._coalition.own.id, self.clock.now()
        found = self._given(self._means).ledger.read(
            lambda connection: questions.waiting(connection, campaign, now=now, most=_LOOKS)
        )
        return frozenset(due.key for due in found)

    def _tell(self, ended: int, progress: Callable[[], None]) -> int:
        """Report what has come to its end since; how much that is."""
        more = sum(entry.look_at is None for entry in self._entries()) - ended
        for _ in range(more):
            progress()
        return more

    def _another_looks(self) -> None:
        """A second worker, on the same ledger, takes up whatever belongs to nobody by now."""
        means = self._given(self._means)
        with suppress(UserError), WorkerLedger(self._ledger_file, patience=PATIENCE) as ledger:
            second = replace(means, ledger=ledger, clock=self.clock, connections=1, worker="second")
            with Publisher(second) as publisher:
                publisher.take(self._coalition, self._held)
                publisher.tick()
                publisher.wait()

    # ── what strikes at an hour ───────────────────────────────────────────────────────────────────

    def _draw_hours(self) -> None:
        hours = sorted({delivery.due for delivery in plan(self._coalition)})
        for number, hour in enumerate(hours, 1):
            for kind in _AT_HOUR:
                if self._load.drawn([kind], "hour", kind, hour.isoformat(), number=number):
                    self._at_hour(kind, hour)

    def _at_hour(self, kind: Kind, hour: datetime) -> None:
        match kind:
            case Kind.AWAY:
                stretch = AWAY[int(self._load.share("away", hour.isoformat()) * len(AWAY))]
                self._at(hour - timedelta(minutes=1), lambda: self._go_away(stretch))
            case Kind.AHEAD:
                self._at(hour - timedelta(minutes=3), lambda: self._jump(kind, AHEAD, AHEAD_FOR))
            case Kind.BACK:
                self._at(hour - timedelta(minutes=2), lambda: self._jump(kind, -BACK, BACK_FOR))

    def _go_away(self, stretch: timedelta) -> None:
        """The servers of one platform refuse connections; which platform, the seed says."""
        used = {
            account.platform
            for campaign in self._coalition.campaigns.values()
            for account in campaign.accounts.values()
            if account.platform in STAND_INS and not account.kit
        }
        if used:
            now, sandbox = self._true.now(), self._given(self._sandbox)
            share = self._load.share("platform", now.isoformat())
            platform = sorted(used)[int(share * len(used))]
            sandbox.leave(platform)
            self._at(now + stretch, lambda: sandbox.come_back(platform))
            self.note(Struck(kind=Kind.AWAY, at=now, until=now + stretch))

    def _jump(self, kind: Kind, by: timedelta, stretch: timedelta) -> None:
        if not self.clock.wrong_by:
            now = self._true.now()
            self.clock.wrong_by = by
            self._at(now + stretch, self._put_right)
            self.note(Struck(kind=kind, at=now, until=now + stretch))

    def _put_right(self) -> None:
        self.clock.wrong_by = timedelta(0)

    # ── what strikes at a step ────────────────────────────────────────────────────────────────────

    def _connect(self, account: Account) -> Platform:
        means = self._given(self._means)
        return cast(Platform, _Watched(means.connect(account), account.name, self))

    def staged(self, account: str) -> None:
        """Its pictures are uploaded: nothing is public yet."""
        kind = self._drawn(_WHILE_STAGED, account, "staged")
        if kind is not None:
            self._strike(kind, account)

    def sending(self, account: str) -> Kind | None:
        """What will strike around the one request; a worker may die before it leaves."""
        kind = self._drawn(_WHEN_SENT, account, "sending")
        half = self._load.share("before", account, str(self._steps[account, "sending"]))
        if kind is Kind.WORKER and half < 1 / 2:
            self._strike(kind, account)
        return kind

    def sent(self, account: str, kind: Kind | None) -> None:
        """It is public, and only the platform knows."""
        if kind is not None:
            self._strike(kind, account)

    def _drawn(self, kinds: tuple[Kind, ...], account: str, step: str) -> Kind | None:
        self._steps[account, step] += 1
        number = self._steps[account, step]
        return self._load.drawn(kinds, "step", account, step, number=number)

    def _strike(self, kind: Kind, account: str) -> None:
        now, until = self._true.now(), None
        match kind:
            case Kind.DISK | Kind.LOCKED:
                until = now + self._stretch(account)
            case Kind.LEASE:
                until = now + 2 * LEASE
        self.note(Struck(kind=kind, at=now, account=account, until=until))
        match kind:
            case Kind.DISK:
                self._fill_disk(until or now)
            case Kind.LOCKED:
                self._lock(until or now)
            case Kind.LEASE:
                self._pass_to(until or now)
                self._another_looks()
            case Kind.WORKER:
                self._given(self._worker).die()
            case _:
                self._edit(kind, account)

    def _stretch(self, account: str) -> timedelta:
        where = (account, self._true.now().isoformat())
        return SHORT if self._load.share("stretch", *where) < 1 / 2 else LONG

    def _fill_disk(self, until: datetime) -> None:
        worker = self._given(self._worker)
        with suppress(UserError):  # it is locked as well: then that is enough
            worker.fill_disk()
            self._at(until, lambda: None if worker is not self._worker else worker.free_disk())

    def _lock(self, until: datetime) -> None:
        """Another process begins to write, and takes its time."""
        if self._locking is None:
            self._locking = _Locking(self._ledger_file)
            self._at(until, self._unlock)

    def _unlock(self) -> None:
        if self._locking is not None:
            self._locking.end()
            self._locking = None

    # ── edits ─────────────────────────────────────────────────────────────────────────────────────

    def _edit(self, kind: Kind, account: str) -> None:
        """The calendar is edited while a post of the account is under way."""
        entry = self._in_hand(account)
        campaign = self._coalition.speaker(account)
        post = campaign.posts.get(entry.post) if entry and campaign else None
        if post is None:
            return
        match kind:
            case Kind.MOVED:
                self._take(with_post(self._coalition, account, an_hour_later(post)))
            case Kind.REWORDED:
                self._take(with_post(self._coalition, account, in_other_words(post)))
            case _:
                self._take(without_post(self._coalition, account, post.id))
                self._at(
                    self._true.now() + PUT_BACK_AFTER,
                    lambda: self._take(with_post(self._coalition, account, post)),
                )

    def _take(self, coalition: Coalition) -> None:
        """Whoever starts later reads the same; a worker that cannot write reads it again."""
        self._coalition = coalition
        if self._publisher is not None:
            try:
                self._publisher.take(coalition, self._held)
            except UserError:
                self._at(self._true.now() + EVERY, lambda: self._take(self._coalition))

    # ── the coordinator ───────────────────────────────────────────────────────────────────────────

    def _coordinate(self) -> None:
        """Accounts that the program holds are released an hour later, as after a new token."""
        ledger, campaign = self._given(self._means).ledger, self._coalition.own.id
        for held in ledger.read(lambda connection: deciding.holding(connection, campaign)):
            if held.origin is Origin.PROGRAM and held.number not in self._releasing:
                self._releasing.add(held.number)
                self._at(self._true.now() + RELEASED_AFTER, partial(self._release, held))

    def _release(self, held: deciding.HoldEntry) -> None:
        release(
            self._given(self._means).ledger,
            self._coalition,
            held,
            passed=Passed.PUBLISH,
            now=self.clock.now(),
            who=COORDINATOR,
        )
        self.released += 1

    # ── what the ledger says ──────────────────────────────────────────────────────────────────────

    def _entries(self) -> tuple[Entry, ...]:
        campaign = self._coalition.own.id
        ledger = self._given(self._means).ledger
        return ledger.read(lambda connection: questions.entries(connection, campaign))

    def _in_hand(self, account: str) -> Entry | None:
        """What is under way for the account, or is being looked for."""
        own = [entry for entry in self._entries() if entry.account == account]
        being_sent = [entry for entry in own if entry.state in OPEN]
        unknown = [entry for entry in own if entry.state is State.UNCONFIRMED]
        return next(iter(being_sent or unknown), None)

    @property
    def _ledger_file(self) -> Path:
        """Which every worker opens for itself."""
        return self._given(self._given(self._means).ledger.file)

    @staticmethod
    def _given(what: Result | None) -> Result:
        if what is None:
            raise AssertionError("the play has not begun")
        return what


@dataclass(frozen=True, slots=True)
class _Watched:
    """An adapter whose steps the world hears of."""

    platform: Platform
    account: str
    world: World

    def __getattr__(self, name: str) -> object:
        return getattr(self.platform, name)

    def stage(self, draft: Draft, *, due: datetime, reply_to: Receipt | None = None) -> Staged:
        staged = self.platform.stage(draft, due=due, reply_to=reply_to)
        self.world.staged(self.account)
        return staged

    def publish(self, staged: Staged, *, key: str) -> Receipt:
        kind = self.world.sending(self.account)
        receipt = self.platform.publish(staged, key=key)
        self.world.sent(self.account, kind)
        return receipt


class _Locking:
    """A second process that writes to the ledger until it is told to end."""

    def __init__(self, file: Path) -> None:
        self._ledger = Ledger(file)
        self._end = threading.Event()
        begun = threading.Event()

        def hold(_connection: Connection) -> None:
            begun.set()
            self._end.wait()

        self._thread = threading.Thread(target=lambda: self._ledger.write(hold), name="locking")
        self._thread.start()
        begun.wait()

    def end(self) -> None:
        self._end.set()
        self._thread.join()
        self._ledger.close()


# ── edits of a calendar that was read ─────────────────────────────────────────────────────────────


def with_post(coalition: Coalition, account: str, post: Post) -> Coalition:
    """The organisation that speaks on the account says the post in this way now."""
    return _with_posts(coalition, account, lambda posts: {**posts, post.id: post})


def without_post(coalition: Coalition, account: str, id_: str) -> Coalition:
    """The organisation that speaks on the account says the post no more."""
    return _with_posts(
        coalition,
        account,
        lambda posts: {name: post for name, post in posts.items() if name != id_},
    )


def an_hour_later(post: Post) -> Post:
    """Later on the same day; the last hour of a day has none."""
    return replace(post, at=post.at.replace(hour=min(post.at.hour + 1, 23)))


def in_other_words(post: Post) -> Post:
    """Its first word in capitals: no longer than before."""
    first, space, rest = post.text.partition(" ")
    return replace(post, text=f"{first.upper()}{space}{rest}")


def _with_posts(
    coalition: Coalition,
    account: str,
    edit: Callable[[Mapping[str, Post]], Mapping[str, Post]],
) -> Coalition:
    speaker = coalition.speaker(account)
    return replace(
        coalition,
        campaigns={
            id_: replace(campaign, posts=edit(campaign.posts)) if campaign is speaker else campaign
            for id_, campaign in coalition.campaigns.items()
        },
    )
