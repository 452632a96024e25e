"""Publishing under fire: workers are killed at random moments while the network fails at random.

    make chaos                        100 kills, others each time
    make chaos SEED=7 KILLS=100       the same moments, faults and cold starts again

Over two thousand deliveries on five kinds of platform (`classes`), which stand in another process.
Two workers at a time run the real daemon, publisher and ledger, and are ended with SIGKILL from
outside; what they had sent arrives nevertheless. Most of them are forked from a parent that has
imported everything; ten are new interpreters. At last one worker settles what is left.

The clock of all of them runs `HASTE` times as fast as time passes, so that the leases and waits of
the product itself (two minutes, forty seconds) end within seconds. That is no trick as long as the
platforms themselves are never so late that something sent could arrive after it was looked for:
they measure it, and a run that broke this premise ends with 2 and proves nothing.

Exit 1 when something is public twice, or is not what the ledger says; when something is unconfirmed
where the platform could have told; when more is unconfirmed on the platform that can tell nothing
than was in flight at the kills (every connection of the killed worker) or got no true answer from
it on purpose; or when less than 60 % was published there.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from datetime import time as hour
from pathlib import Path

from classes import CLASSES
from classes.adapters import ADAPTERS, NoSecrets, connect
from classes.campaigns import FastClock, Stage, coalition, midnight, post
from classes.settling import kind as kind_of
from classes.settling import moving
from classes.standing import Seen, Standing, platforms

from scheduler.cards import Shelf
from scheduler.daemon import Daemon
from scheduler.ledger import Entry, Ledger, questions
from scheduler.model import Account, Coalition, State
from scheduler.platforms import OVER_THE_NETWORK, Absent, Finding, Platform, Staged
from scheduler.publishing import Means, Publisher
from scheduler.publishing.means import Clock

ID = "chaos"
#: Ahead of the machine's own clock, by which the daemon's scheduler goes: what the fast clock calls
#: soon must not look long past to it.
ON = date(2036, 11, 25)
#: How much faster the clock runs than time passes.
HASTE = 60.0
#: Of each class, with so many posts each, of which every fourth is a thread of two parts.
ACCOUNTS = 60
POSTS = 6
THREADS = 4
CONNECTIONS = 16
#: Of the last worker, which nobody kills.
SETTLING = 48
#: Workers at a time, and how many of all are new interpreters.
WORKERS = 2
COLD = 10
#: Seconds that a worker lives; a new interpreter needs longer to come to anything.
LIFE = (0.15, 0.75)
COLD_LIFE = (0.9, 2.2)
#: Seconds between two looks of a daemon at most.
EVERY = 0.1
#: How far the clock leaps at once when a last worker settles what is left.
LEAP = timedelta(minutes=30)
LEAST_PUBLISHED = 0.6

MANNERS: Mapping[str, float] = {
    "before": 0.03,
    "after": 0.03,
    "lost": 0.02,
    "garbled": 0.02,
    "refused": 0.02,
    "limited": 0.03,
    "away_every": 2.0,
}
#: Faults after which nobody can know whether it is public.
AMBIGUOUS = ("lost", "garbled", "refused")


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Everything that a worker must know, as JSON for those that are new interpreters."""

    folder: str
    server: str
    begun: float
    #: Seconds of the clock over which the deliveries fall due.
    span: float
    accounts: int = ACCOUNTS
    posts: int = POSTS
    #: Whether every adapter swears that nothing is public: the harness must notice.
    lying: bool = False

    def coalition(self, haste: float = HASTE) -> Coalition:
        stage = Stage(server=self.server, haste=haste)
        accounts = [
            stage.account(kind, number) for kind in CLASSES for number in range(self.accounts)
        ]
        posts = [
            post(
                ID,
                number,
                account.name,
                at=self._at(number, place),
                thread=1 if number % THREADS == THREADS - 1 else 0,
            )
            for place, account in enumerate(accounts)
            for number in range(self.posts)
        ]
        return coalition(ID, accounts, posts, first_day=ON, root=Path(self.folder))

    def _at(self, number: int, place: int) -> hour:
        share = (number + place / (len(CLASSES) * self.accounts)) / self.posts
        return (midnight(ON) + timedelta(seconds=self.span * share)).time()

    def means(self, ledger: Ledger, clock: Clock, worker: str) -> Means:
        return Means(
            ledger=ledger,
            clock=clock,
            shelf=Shelf(Path(self.folder) / "cards"),
            connect=lying if self.lying else connect,
            gate=lambda *_: None,
            worker=worker,
            connections=CONNECTIONS,
        )

    @property
    def ledger(self) -> Path:
        return Path(self.folder) / "ledger.sqlite3"


def lying(account: Account) -> Platform:
    """An adapter that swears that nothing is public, whatever stands there."""

    class Liar(ADAPTERS[account.options["kind"]]):  # type: ignore[misc]
        def find(self, staged: Staged, *, key: str, since: datetime) -> Finding:
            del staged, key, since
            return Absent(reason="sworn")

    return Liar(account, tokens=NoSecrets())


# ── workers ───────────────────────────────────────────────────────────────────────────────────────


def work(setting: Setting, coalition: Coalition, name: str) -> None:
    """The real daemon, until it is killed."""
    keep_log(setting)
    clock = FastClock(midnight(ON), setting.begun, HASTE)
    daemon: Daemon
    publisher = Publisher(
        setting.means(Ledger(setting.ledger), clock, name),
        on_rest=lambda: daemon.wake(),  # noqa: PLW0108 (there is no daemon yet)
    )
    daemon = Daemon(
        Path(setting.folder) / "campaign.yaml",
        read=lambda: (coalition, {}),
        publisher=publisher,
        every=EVERY,
    )
    daemon.run()


def keep_log(setting: Setting) -> None:
    logging.basicConfig(filename=Path(setting.folder) / "log", level=logging.ERROR)


def warm(setting: Setting, coalition: Coalition) -> None:
    """Do once what every worker would do first: the forked begin where this has ended."""
    file = Path(setting.folder) / "warm.sqlite3"
    clock = FastClock(midnight(ON) - timedelta(days=1), setting.begun, 1)
    with (
        Ledger(file) as ledger,
        Publisher(replace(setting.means(ledger, clock, "warm"), connections=1)) as publisher,
    ):
        publisher.take(coalition)
        publisher.tick()


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    pid: int
    #: When it is killed, on the monotonic clock.
    ends: float
    #: A new interpreter, not forked.
    process: subprocess.Popen[bytes] | None

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        if self.process:
            self.process.wait()
        else:
            _, status = os.waitpid(self.pid, 0)
            if os.WTERMSIG(status) != signal.SIGKILL:
                raise AssertionError("a worker ended by itself")


class Fire:
    """Starts workers and kills them, by the seed."""

    def __init__(self, setting: Setting, seed: int, kills: int) -> None:
        self._setting = setting
        self._coalition = setting.coalition()  # once: the forked have it without reading
        warm(setting, self._coalition)
        self._random = random.Random(seed)
        self._kills = kills
        cold = min(COLD, kills // 4)
        self._cold = frozenset(self._random.sample(range(kills), cold))
        self._started = 0

    def rage(self) -> None:
        running = [self._start() for _ in range(WORKERS)]
        for number in range(1, self._kills + 1):
            next_ = min(running, key=lambda worker: worker.ends)
            time.sleep(max(0.0, next_.ends - time.monotonic()))
            next_.kill()
            running.remove(next_)
            if self._started < self._kills:
                running.append(self._start())
            if number % 10 == 0 or number == self._kills:
                _tell(f"{number} kills: {_states(self._setting.ledger)}")

    def _start(self) -> Worker:
        number, self._started = self._started, self._started + 1
        cold = number in self._cold
        ends = time.monotonic() + self._random.uniform(*(COLD_LIFE if cold else LIFE))
        name = f"worker-{number}"
        if cold:
            command = [sys.executable, __file__, "--worker", json.dumps(asdict(self._setting))]
            process = subprocess.Popen([*command, "--name", name])
            return Worker(pid=process.pid, ends=ends, process=process)
        if pid := os.fork():
            return Worker(pid=pid, ends=ends, process=None)
        try:
            work(self._setting, self._coalition, name)
        finally:
            os._exit(1)


class LeapingClock:
    """Goes on where the others' clock stands, and leaps over what nothing happens in."""

    def __init__(self, follows: FastClock) -> None:
        self._start, self._begun = follows.now(), time.monotonic()
        self._leapt = timedelta(0)

    def now(self) -> datetime:
        return self._start + timedelta(seconds=time.monotonic() - self._begun) + self._leapt

    def monotonic(self) -> float:
        return (self.now() - self._start).total_seconds()

    def leap(self, to: datetime) -> None:
        self._leapt += max(timedelta(0), to - self.now())


def settle(setting: Setting, clock: LeapingClock) -> tuple[Entry, ...]:
    """What a last worker makes of what the killed have left, until nothing moves any more."""
    rest = threading.Event()
    with Ledger(setting.ledger) as ledger:
        means = replace(setting.means(ledger, clock, "last"), connections=SETTLING)
        with Publisher(means, on_rest=rest.set) as publisher:
            publisher.take(setting.coalition(haste=1))
            while waiting := list(moving(entries := _entries(ledger))):
                clock.leap(min(waiting) + LEAP)
                _serve_all(publisher, ledger, clock, rest)
        return entries


def _serve_all(publisher: Publisher, ledger: Ledger, clock: Clock, rest: threading.Event) -> None:
    """Look whenever there is room, until nothing is due; then nothing is under way either."""
    while True:
        rest.clear()
        publisher.tick()
        following = ledger.read(lambda connection: questions.next_look(connection, ID))
        if following is None or following > clock.now():
            publisher.wait()
            return
        rest.wait(0.2)


def _entries(ledger: Ledger) -> tuple[Entry, ...]:
    return ledger.read(lambda connection: questions.entries(connection, ID))


# ── what came of it ───────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One class of platform: what its ledger says beside what the public saw."""

    kind: str
    deliveries: int
    published: int
    unconfirmed: int
    #: Held, with its reason: the tail of a thread whose head nobody can confirm.
    held: int
    #: In any other state, and not public for it.
    unsettled: int
    duplicates: int
    silent_losses: int
    #: The ledger says of it that it is not public, and it is.
    denied: int
    #: Requests to publish that got no true answer, on purpose.
    ambiguous: int


def outcome(
    kind: str, planned: Sequence[str], entries: Sequence[Entry], seen: Sequence[Seen], faults: int
) -> Outcome:
    times = Counter(post.key for post in seen)
    public = {(post.key, post.id) for post in seen}
    known = {entry.key: entry for entry in entries}
    states = Counter(entry.state for entry in entries)
    open_ = len(entries) - sum(
        states[state] for state in (State.PUBLISHED, State.UNCONFIRMED, State.HELD)
    )
    return Outcome(
        kind=kind,
        deliveries=len(planned),
        published=states[State.PUBLISHED],
        unconfirmed=states[State.UNCONFIRMED],
        held=states[State.HELD],
        unsettled=open_,
        duplicates=sum(count - 1 for count in times.values()),
        silent_losses=sum(_is_silent(known.get(key), public) for key in planned),
        denied=sum(
            entry.state not in (State.PUBLISHED, State.UNCONFIRMED) and entry.key in times
            for entry in entries
        ),
        ambiguous=faults,
    )


def _is_silent(entry: Entry | None, public: set[tuple[str, str]]) -> bool:
    """Said to be published and never seen so, or without a word on why it is not."""
    if entry is None:
        return True
    if entry.state is State.PUBLISHED:
        return entry.receipt is None or (entry.key, entry.receipt.id) not in public
    return not entry.reason


def complaints(outcomes: Sequence[Outcome], *, kills: int) -> Iterator[str]:
    for one in outcomes:
        if one.duplicates:
            yield f"{one.kind}: {one.duplicates} too many are public"
        if one.silent_losses:
            yield f"{one.kind}: {one.silent_losses} were lost without a word"
        if one.denied:
            yield f"{one.kind}: {one.denied} are public, and the ledger denies it"
        if one.unsettled:
            yield f"{one.kind}: {one.unsettled} came to no end"
        if one.kind != "nothing" and one.unconfirmed + one.held:
            yield f"{one.kind}: {one.unconfirmed + one.held} wait, where the platform can tell"
        if one.kind == "nothing":
            yield from _complaints_of_nothing(one, kills=kills)


def _complaints_of_nothing(one: Outcome, *, kills: int) -> Iterator[str]:
    most = kills * CONNECTIONS + one.ambiguous
    if one.unconfirmed > most:
        yield f"{one.kind}: {one.unconfirmed} unconfirmed, more than {most}"
    if one.published < LEAST_PUBLISHED * one.deliveries:
        yield f"{one.kind}: only {one.published} of {one.deliveries} were published"


def table(outcomes: Sequence[Outcome]) -> str:
    names = [name for name in Outcome.__slots__ if name != "kind"]
    lines = ["class        " + " ".join(f"{name.replace('_', ' '):>13}" for name in names)]
    lines += [
        f"{one.kind:12} " + " ".join(f"{getattr(one, name):>13}" for name in names)
        for one in outcomes
    ]
    return "\n".join(lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run: by class, and how late the platforms were at most, in seconds."""

    outcomes: tuple[Outcome, ...]
    late: float
    kills: int

    @property
    def in_time(self) -> bool:
        """Whether what was sent had arrived before it was looked for."""
        in_flight = OVER_THE_NETWORK.total_seconds() / HASTE
        return self.late + MANNERS["before"] < in_flight

    def summary(self) -> dict[str, int]:
        def total(name: str) -> int:
            return sum(getattr(one, name) for one in self.outcomes)

        names = ("deliveries", "published", "unconfirmed", "duplicates", "silent_losses")
        return {"kills": self.kills, **{name: total(name) for name in names}}


def run(
    seed: int, kills: int, *, accounts: int = ACCOUNTS, posts: int = POSTS, lying: bool = False
) -> Run:
    with (
        tempfile.TemporaryDirectory() as folder,
        platforms(seed=seed, **MANNERS) as standing,
    ):
        Path(folder, "campaign.yaml").touch()
        lives = kills * sum(LIFE) / 2 + min(COLD, kills // 4) * sum(COLD_LIFE) / 2
        setting = Setting(
            folder=folder,
            server=standing.address,
            begun=time.monotonic(),
            span=lives / WORKERS * HASTE,
            accounts=accounts,
            posts=posts,
            lying=lying,
        )
        Fire(setting, seed, kills).rage()
        standing.quiet()
        late = standing.told()["late"]
        keep_log(setting)
        # Who settles has all the time: only what the killed have sent must have arrived.
        entries = settle(setting, LeapingClock(FastClock(midnight(ON), setting.begun, HASTE)))
        _tell(f"settled: {_states(setting.ledger)}")
        outcomes = _outcomes(setting, entries, standing)
        _tell_errors(Path(folder, "log"))
    return Run(outcomes=outcomes, late=late, kills=kills)


def _outcomes(
    setting: Setting, entries: Sequence[Entry], standing: Standing
) -> tuple[Outcome, ...]:
    own = setting.coalition().own
    planned = [
        f"{ID}/{post.id}/{account}/{part}"
        for post in own.posts.values()
        for account in post.accounts
        for part in range(1, 2 + len(post.thread))
    ]
    seen = standing.public()
    faults: Counter[str] = Counter()
    for kind, fault, count in standing.told()["faults"]:
        faults[kind] += count if fault in AMBIGUOUS else 0
    return tuple(
        outcome(
            kind,
            [key for key in planned if f"/{kind}-" in key],
            [entry for entry in entries if kind_of(entry) == kind],
            [post for post in seen if post.kind == kind],
            faults[kind],
        )
        for kind in CLASSES
    )


def _states(ledger: Path) -> str:
    """How many are in which state, without taking part."""
    try:
        with closing(sqlite3.connect(f"file:{ledger}?mode=ro", uri=True)) as connection:
            rows = connection.execute("SELECT state, count(*) FROM deliveries GROUP BY state")
            return ", ".join(f"{count} {state}" for state, count in rows)
    except sqlite3.Error:
        return "no ledger yet"


def _tell(what: str) -> None:
    sys.stderr.write(f"{what}\n")


def _tell_errors(log: Path) -> None:
    if log.exists() and (said := log.read_text("utf-8")):
        _tell(f"{said.count('ERROR:')} errors were logged, the last of them:\n{said[-2000:]}")


def main() -> int:
    options = _options()
    if options.worker:
        setting = Setting(**json.loads(options.worker))
        work(setting, setting.coalition(), options.name)
        return 0
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(10**6)
    begun = time.monotonic()
    done = run(
        seed,
        options.kills,
        accounts=options.accounts,
        posts=options.posts,
        lying=options.lying,
    )
    found = list(complaints(done.outcomes, kills=done.kills))
    print(table(done.outcomes))
    print(f"SEED={seed}, {time.monotonic() - begun:.0f} s, platforms late by {done.late:.2f} s")
    print("\n".join(found) or "Nothing twice, nothing lost.")
    print(json.dumps(done.summary()))
    if not done.in_time:
        _tell("The platforms were too late: what was sent may have arrived after it was looked for")
        return 2
    return 1 if found else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seed", type=int, default=_number("SEED"))
    parser.add_argument("--kills", type=int, default=_number("KILLS") or 100)
    parser.add_argument("--accounts", type=int, default=ACCOUNTS, help="of each class")
    parser.add_argument("--posts", type=int, default=POSTS, help="of each account")
    parser.add_argument("--lying", action="store_true", help="adapters that swear to absence")
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    parser.add_argument("--name", default="", help=argparse.SUPPRESS)
    return parser.parse_args()


def _number(name: str) -> int | None:
    return int(os.environ[name]) if os.environ.get(name) else None


if __name__ == "__main__":
    sys.exit(main())
