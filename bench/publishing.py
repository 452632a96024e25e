"""How long ten thousand deliveries take that are due in the same second.

    make bench-publishing                              10,000 deliveries of 2,000 accounts
    python bench/publishing.py --deliveries 1000       a short run
    python bench/publishing.py --profile FILE          with cProfile in every thread that publishes

The platforms are another process, and answer every request in 300 ms. `ideal` is that wait alone,
shared by all connections: what is above it is ours. In the minutes before the hour each account is
asked who it is, as the daemon does it; measured is from the hour on.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import pstats
import resource
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path
from time import perf_counter

from classes.adapters import connect
from classes.campaigns import FastClock, Stage, coalition, midnight, post
from classes.standing import Standing, platforms

from scheduler.cards import Shelf
from scheduler.ledger import Entry, Ledger, questions
from scheduler.model import Coalition, State
from scheduler.publishing import Means, Publisher
from scheduler.publishing.means import Clock

DELIVERIES = 10_000
PER_ACCOUNT = 5
CONNECTIONS = 64
#: So long before the hour the calendar is taken up, and everything made ready.
QUIET = timedelta(seconds=30)
#: Seconds that a platform takes to answer.
ANSWER = 0.3
KIND = "idempotency"
_ON = date(2026, 11, 25)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What a run took, in seconds; CPU is this process's alone, without the platforms'."""

    deliveries: int
    seconds: float
    cpu: float
    taking_up: float
    connections: int

    @property
    def ideal(self) -> float:
        return self.deliveries * ANSWER / self.connections


def said(stage: Stage, deliveries: int, root: Path) -> Coalition:
    """So many posts without pictures, five for each account, all at midnight."""
    accounts = [stage.account(KIND, number) for number in range(max(1, deliveries // PER_ACCOUNT))]
    posts = [
        post("bench", number, accounts[number % len(accounts)].name, at=time())
        for number in range(deliveries)
    ]
    return coalition("bench", accounts, posts, first_day=_ON, root=root)


def run(
    standing: Standing,
    folder: Path,
    *,
    deliveries: int,
    connections: int,
    loop: Callable[[Publisher, threading.Event, Callable[[], bool]], None],
) -> Taken:
    """Everything, from the moment at which it is due."""
    clock = FastClock(midnight(_ON) - QUIET, perf_counter(), 1.0)
    coalition = said(Stage(server=standing.address, measured_as="mastodon"), deliveries, folder)
    rest = threading.Event()
    with Ledger(folder / "ledger.sqlite3") as ledger:
        means = _means(ledger, clock, folder, connections)
        with Publisher(means, on_rest=rest.set) as publisher:
            begun = perf_counter()
            publisher.take(coalition)
            taken_up = perf_counter()
            publisher.tick()
            publisher.wait()
            clock.wait((midnight(_ON) - clock.now()).total_seconds())
            due, cpu = perf_counter(), _cpu()
            loop(publisher, rest, lambda: _all_out(ledger))
            ended, spent = perf_counter(), _cpu() - cpu
        _compare(standing, ledger)
    return Taken(
        deliveries=deliveries,
        seconds=ended - due,
        cpu=spent,
        taking_up=taken_up - begun,
        connections=connections,
    )


def _means(ledger: Ledger, clock: Clock, folder: Path, connections: int) -> Means:
    return Means(
        ledger=ledger,
        clock=clock,
        shelf=Shelf(folder / "cards"),
        connect=connect,
        gate=lambda *_: None,
        worker="bench",
        connections=connections,
    )


def _look_at_rest(publisher: Publisher, rest: threading.Event, ended: Callable[[], bool]) -> None:
    """A look whenever an account has been served, as the daemon does it."""
    while True:
        rest.clear()
        publisher.tick()
        if not publisher._served and ended():  # noqa: SLF001 (nobody else may ask)
            return
        rest.wait(1)


def _all_out(ledger: Ledger) -> bool:
    entries = ledger.read(lambda connection: questions.entries(connection, "bench"))
    return all(entry.state is State.PUBLISHED for entry in entries)


def _compare(standing: Standing, ledger: Ledger) -> None:
    """Each once, and under the id that the ledger knows."""
    entries: tuple[Entry, ...] = ledger.read(lambda c: questions.entries(c, "bench"))
    known = Counter((entry.key, entry.receipt.id) for entry in entries if entry.receipt)
    public = Counter((seen.key, seen.id) for seen in standing.public())
    if known != public:
        raise AssertionError("the ledger and the platforms do not say the same")


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


# ── where the time goes ───────────────────────────────────────────────────────────────────────────


@contextmanager
def profiled(file: Path) -> Iterator[None]:
    """CPU by function, over every thread that begins inside: waiting counts for nothing."""
    kept: list[cProfile.Profile] = []

    def begin(*_: object) -> None:
        profile = cProfile.Profile(_thread_time)
        kept.append(profile)
        profile.enable()

    threading.setprofile(begin)
    own = cProfile.Profile(_thread_time)
    own.enable()
    try:
        yield
    finally:
        own.disable()
        threading.setprofile(None)
        stats = pstats.Stats(own)
        for profile in kept:
            profile.create_stats()
            stats.add(profile)
        stats.dump_stats(file)


def _thread_time() -> float:
    from time import thread_time  # noqa: PLC0415

    return thread_time()


def main() -> None:
    options = _options()
    with (
        tempfile.TemporaryDirectory() as folder,
        platforms(answer=ANSWER, other=0.0 if options.at_once else ANSWER) as standing,
        profiled(options.profile) if options.profile else nullcontext(),
    ):
        taken = run(
            standing,
            Path(folder),
            deliveries=options.deliveries,
            connections=options.connections,
            loop=_look_at_rest,
        )
    print(
        f"{taken.deliveries} deliveries through {taken.connections} connections: "
        f"{taken.seconds:.1f} s, ideal {taken.ideal:.1f} s; taken up in {taken.taking_up:.1f} s"
    )
    print(
        json.dumps(
            {
                "seconds": round(taken.seconds, 2),
                "ideal": round(taken.ideal, 2),
                "ratio": round(taken.seconds / taken.ideal, 3),
                "cpu_ms_per_delivery": round(taken.cpu / taken.deliveries * 1000, 3),
            }
        )
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--deliveries", type=int, default=DELIVERIES)
    parser.add_argument("--connections", type=int, default=CONNECTIONS)
    parser.add_argument("--at-once", action="store_true", help="only what publishes takes 300 ms")
    parser.add_argument("--profile", type=Path, metavar="FILE")
    return parser.parse_args()


if __name__ == "__main__":
    main()
