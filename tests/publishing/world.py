"""What is true, whatever the program believes: the time, the public, and what people decided."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from fake_platform import LATE, Manner, Request, Site
from model_calendar import ACCOUNTS, CAPPED, COSTLY, ID, MEMBERS, PRICE, START, Calendar
from sqlalchemy import select

from scheduler.cards import Shelf
from scheduler.drafting import draft_for, frozen
from scheduler.ledger import Entry, HoldEntry, Ledger, Origin, deciding, digest, pacing, questions
from scheduler.ledger.tables import journal
from scheduler.model import Coalition, Delivery, Key, Post, Scope, State
from scheduler.platforms import OVER_THE_NETWORK, Cap
from scheduler.publishing.withdrawing import Withdrawal

#: Files in memory, on systems that have them: a disk would be waited for at each commit.
MEMORY = next((folder for folder in ("/dev/shm",) if Path(folder).is_dir()), None)
#: Waits for its time, or for a person.
TO_COME = (State.PLANNED, State.HELD)
#: So many posts in so long, on the account that is capped.
CAP = Cap(posts=2, window=timedelta(minutes=20), page="")


class Clock:
    """Time that passes only when somebody lets it; what is on its way arrives meanwhile."""

    def __init__(self, start: datetime) -> None:
        self._start = self._now = start
        self._coming: list[tuple[datetime, Callable[[], object]]] = []
        self._calls: list[datetime] = []

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return (self._now - self._start).total_seconds()

    def wait(self, seconds: float) -> None:
        self.advance(self._now + timedelta(seconds=seconds))

    def advance(self, to: datetime) -> None:
        """Not beyond the time-out of a request that is under way: it would have ended by then."""
        to = min([to, *self._calls])
        while due := [each for each in self._coming if each[0] <= to]:
            first = min(due, key=lambda each: each[0])
            self._coming.remove(first)
            self._now = max(self._now, first[0])
            first[1]()
        self._now = max(self._now, to)

    def later(self, arrive: Callable[[], object]) -> None:
        self._coming.append((self._now + LATE, arrive))

    @property
    def on_the_way(self) -> bool:
        return bool(self._coming)

    @contextmanager
    def timed_out(self) -> Iterator[None]:
        end = self._now + OVER_THE_NETWORK
        self._calls.append(end)
        try:
            yield
        finally:
            self._calls.remove(end)


@dataclass(frozen=True, slots=True)
class Step:
    """A line of the journal."""

    key: Key
    before: str
    after: str


@dataclass(slots=True)
class World:
    """Everything that outlives a process."""

    manners: tuple[Manner, ...]
    calendar: Calendar
    clock: Clock = field(default_factory=lambda: Clock(START))
    #: What must never have happened, as it was seen.
    violations: list[str] = field(default_factory=list)
    #: Who said yes to which words, as people remember it.
    approvals: dict[tuple[Key, str], set[str]] = field(default_factory=dict)
    #: What people took back: it must not go out until the hold of its post is released.
    withdrawn: set[Key] = field(default_factory=set)
    #: When what is due, by the calendar that was last taken up.
    planned: tuple[Delivery, ...] = ()
    folder: Path = field(
        default_factory=lambda: Path(tempfile.mkdtemp(prefix="model-", dir=MEMORY))
    )
    sites: dict[str, Site] = field(init=False)
    desk: Ledger = field(init=False)
    shelf: Shelf = field(init=False)

    def __post_init__(self) -> None:
        self.file.write_bytes(_empty_ledger())
        self.desk = Ledger(self.file)
        self.shelf = Shelf(self.folder / "shelf")
        self.sites = {
            name: Site(
                name,
                manner,
                self.clock.now,
                caps=(CAP,) if name == CAPPED else (),
                price=PRICE if name == COSTLY else 0,
            )
            for name, manner in zip(ACCOUNTS, self.manners, strict=True)
        }

    @property
    def file(self) -> Path:
        return self.folder / "ledger.sqlite3"

    def close(self) -> None:
        self.desk.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    # ── what the ledger says ──────────────────────────────────────────────────────────────────────

    def entries(self) -> tuple[Entry, ...]:
        return self.desk.read(lambda connection: questions.entries(connection, ID))

    def entry(self, key: Key) -> Entry:
        return self.desk.read(lambda connection: questions.entry(connection, key))

    def holding(self) -> tuple[HoldEntry, ...]:
        return self.desk.read(lambda connection: deciding.holding(connection, ID))

    def steps(self) -> tuple[Step, ...]:
        asked = select(journal).order_by(journal.c.id)
        return self.desk.read(
            lambda connection: tuple(
                Step(Key(row.key), row.from_state, row.to_state)
                for row in connection.execute(asked)
            )
        )

    # ── what people decide ────────────────────────────────────────────────────────────────────────

    def draft(self, entry: Entry) -> dict[str, Any] | None:
        """What the calendar says for a delivery by now."""
        coalition = self.calendar.coalition()
        campaign = coalition.speaker(entry.account)
        post = campaign.posts.get(entry.post) if campaign else None
        if campaign is None or post is None or entry.part > 1 + len(post.thread):
            return None
        return dict(frozen(draft_for(campaign, post, entry.account, self.shelf, part=entry.part)))

    def yes(self, entry: Entry, who: str) -> None:
        if said := self.draft(entry):
            named = digest(said)
            self.desk.write(
                lambda connection: deciding.approve(
                    connection, ID, entry.key, said, now=self.clock.now(), who=who
                )
            )
            self.approvals.setdefault((entry.key, named), set()).add(" ".join(who.lower().split()))

    def forget_approvals(self, entry: Entry) -> None:
        for key, named in list(self.approvals):
            if key == entry.key:
                del self.approvals[key, named]

    @contextmanager
    def releasing(self) -> Iterator[None]:
        """Whatever is held no more afterwards was released, whoever did it."""
        before = self.holding()
        try:
            yield
        finally:
            held = {hold.number for hold in self.holding()}
            for hold in before:
                if hold.number not in held:
                    self._released(hold)

    def taken_back(self, found: Withdrawal) -> None:
        """What must not go out any more, since somebody withdrew it."""
        self.withdrawn |= {entry.key for entry in (*found.by_hand, *found.held)}

    def _released(self, hold: HoldEntry) -> None:
        """Whoever held it had a reason, and everybody is asked again; a platform had none."""
        coalition = self.calendar.coalition()
        for entry in self.entries() if hold.origin is not Origin.PROGRAM else ():
            if _post(coalition, entry) and reaches(hold, coalition, entry):
                self.forget_approvals(entry)
        if hold.hold.scope is Scope.POST:
            self.withdrawn = {key for key in self.withdrawn if f"/{hold.hold.value}/" not in key}

    # ── the one request ───────────────────────────────────────────────────────────────────────────

    def sent(self, site: Site, request: Request, sender: Any) -> None:
        """Look at the world as it is while a request leaves: whatever is wrong is kept."""
        entry = self.entry(Key(request.key))
        for wrong in self._objections(site, entry, request, sender):
            self.violations.append(f"{request.key} was sent although {wrong}")

    def _objections(self, site: Site, entry: Entry, request: Request, sender: Any) -> Iterator[str]:
        now, coalition = self.clock.now(), sender.publisher.coalition
        for planned in self.planned:
            if planned.key == entry.key and not planned.due <= now <= planned.latest:
                yield f"its time is from {planned.due:%H:%M:%S} to {planned.latest:%H:%M:%S}"
        if entry.key in self.withdrawn:
            yield "it had been withdrawn"
        yield from self._held_back(entry, coalition, sender)
        yield from self._unapproved(entry, request, coalition)
        yield from self._out_of_turn(site, entry, request)
        yield from self._too_fast(site, entry)

    def _held_back(self, entry: Entry, coalition: Coalition, sender: Any) -> Iterator[str]:
        now, post = self.clock.now(), _post(coalition, entry)
        if post is None:
            yield "the calendar says it no more"
            return
        if coalition.silenced:
            yield "everything is silenced"
        if (entry.post, entry.account) in sender.held:
            yield "it has an error"
        if post.embargo and now < post.embargo:
            yield "it is under embargo"
        for hold in self.holding():
            if reaches(hold, coalition, entry):
                yield f"{hold.hold} is held"

    def _unapproved(self, entry: Entry, request: Request, coalition: Coalition) -> Iterator[str]:
        said = self.approvals.get((entry.key, digest(request.said["draft"])), ())
        if len(said) < coalition.own.rules.approvals:
            yield f"only {len(said)} said yes to it"

    def _out_of_turn(self, site: Site, entry: Entry, request: Request) -> Iterator[str]:
        if entry.part == 1:
            if request.said["reply_to"] is not None:
                yield "it answers something"
            return
        head = entry.key.rpartition("/")[0]
        before = [post for post in site.public if post.key == f"{head}/{entry.part - 1}"]
        if [post.id for post in before] != [request.said["reply_to"]]:
            yield "it does not answer the part before it"
        elif before[0].taken_down:
            yield "what it answers was taken down"

    def _too_fast(self, site: Site, entry: Entry) -> Iterator[str]:
        now = self.clock.now()
        told = self.desk.read(lambda connection: pacing.waited_for(connection, ID, entry.account))
        if told and told[0] > now:
            yield f"its account waits until {told[0]:%H:%M:%S}"
        for cap in site.caps:
            sent = [post for post in site.public if now - post.sent_at < cap.window]
            if sum(not post.by_hand and post.key != entry.key for post in sent) >= cap.posts:
                yield f"{cap} have gone out"


def reaches(hold: HoldEntry, coalition: Coalition, entry: Entry) -> bool:
    """Whether the hold keeps a delivery back: told here a second time, in other words."""
    value, member = hold.hold.value, entry.account == MEMBERS
    post = _post(coalition, entry)
    match hold.hold.scope:
        case Scope.EVERYTHING:
            return True
        case Scope.MEMBER:
            return value == ("austria" if member else "campaign")
        case Scope.COUNTRY:
            return member and value == "at"
        case Scope.LANGUAGE:
            return value in (("de", "de-at") if member else ("en",))
        case Scope.ACCOUNT:
            return value == entry.account
        case Scope.POST:
            return value == entry.post
        case Scope.TAG:
            return post is not None and value in [tag.lower() for tag in post.tags]


def _post(coalition: Coalition, entry: Entry) -> Post | None:
    campaign = coalition.speaker(entry.account)
    return campaign.posts.get(entry.post) if campaign else None


@cache
def _empty_ledger() -> bytes:
    """Making the tables costs more than everything that one example does with them."""
    with tempfile.TemporaryDirectory(prefix="model-") as folder:
        file = Path(folder) / "empty.sqlite3"
        Ledger(file).close()
        return file.read_bytes()
