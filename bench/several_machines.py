"""Two workers against one, a wake-up against a job each, and a ledger of a million.

    make bench-cluster               4,000 deliveries of 300 ms, 32 connections a worker
    make bench-cluster-full          40,000
    python bench/several_machines.py --deliveries 800 --planned 100000

Everything is new in each run: a PostgreSQL in a folder that is thrown away, platforms in another
process, which answer what publishes after 300 ms. Workers are processes that run the real daemon,
publisher, ledger and engine. A third of the deliveries goes through one worker, the rest, in
another database, through two; compared are deliveries a second, from the hour on.

Then CPU in milliseconds a delivery, of the client and of the server: ringing, being rung, and
claiming batches of accounts from the ledger, against a job of the engine for each, put in one at a
time and taken by a worker that does nothing. Both in rounds, in turns; the median of their ratios
counts. What comes then is the same for both, and on neither side: the step of each delivery from
planned to claimed. At last a batch is claimed from a ledger with 10,000 and from one with 1,000,000
planned deliveries, in turns; compared are medians.

Exit 1 when something was public twice, or not what the ledgers say.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import logging
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
from classes.adapters import connect
from classes.campaigns import FastClock, Stage, coalition, midnight, post
from classes.standing import Standing, platforms
from fire.database import Cluster as Server
from fire.database import database_server

from scheduler.cards import Shelf
from scheduler.cluster import PAUSE, Cluster, _line, _make_tables
from scheduler.daemon import EVERY, Daemon, WallClock
from scheduler.ledger import Ledger, questions
from scheduler.model import Account, Coalition, State
from scheduler.publishing import Means, Publisher
from scheduler.publishing.choosing import Choosing

if TYPE_CHECKING:  # it is loaded only where a ledger is shared
    from procrastinate import App

DELIVERIES = 4_000
#: Of them, so many go through one worker.
ALONE = 0.33
CONNECTIONS = 32
ANSWER = 0.3
PER_ACCOUNT = 5
PLANNED = 1_000_000
FEW = 10_000
#: Deliveries, and jobs, in each round of the comparison of CPU.
COMPARED = 192
#: Of that comparison, and batches that are chosen from each of the two ledgers.
ROUNDS = 9
#: Seconds before the hour in which workers start and make everything ready, at least; and accounts
#: as whom they can sign in in one.
QUIET = 6.0
SIGNED_IN_A_SECOND = 180
KIND = "idempotency"
ID = "bench"
_ON = date(2026, 11, 25)
_PATIENCE = 900.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What a worker must know, as JSON."""

    ledger: str
    platform: str
    folder: str
    deliveries: int
    #: When all of it is due, in seconds of Unix time.
    hour: float
    seed: int

    @property
    def accounts(self) -> int:
        return max(1, self.deliveries // PER_ACCOUNT)

    @property
    def due(self) -> datetime:
        return datetime.fromtimestamp(self.hour, UTC)

    def said(self) -> Coalition:
        """So many posts for so many accounts of fifty members' worth, all at the hour."""
        stage = Stage(server=self.platform, measured_as="mastodon")
        accounts = [stage.account(KIND, number) for number in range(self.accounts)]
        chosen = random.Random(self.seed)
        posts = [
            post(ID, number, account.name, at=self.due.time())
            for number, account in enumerate(self._spread(accounts, chosen))
        ]
        first_day = self.due.date()
        return coalition(ID, accounts, posts, first_day=first_day, root=Path(self.folder))

    def _spread(self, accounts: Sequence[Account], chosen: random.Random) -> list[Account]:
        spread = [accounts[number % len(accounts)] for number in range(self.deliveries)]
        chosen.shuffle(spread)
        return spread

    def means(self, ledger: Ledger, name: str, *, plans: bool) -> Means:
        return Means(
            ledger=ledger,
            clock=WallClock(),  # the daemon's own: on another one it would look without end
            shelf=Shelf(Path(self.folder) / "cards"),
            connect=connect,
            gate=lambda *_: None,
            worker=name,
            connections=CONNECTIONS,
            plans=plans,
        )


# ── a worker ──────────────────────────────────────────────────────────────────────────────────────


def work(task: Task, name: str) -> None:
    """As `campaign worker` does it, until it is killed."""
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    said = task.said()
    daemon: Daemon
    cluster = Cluster(task.ledger, ID)
    publisher = Publisher(
        task.means(Ledger(task.ledger), name, plans=False),
        on_rest=lambda: daemon.wake(),  # noqa: PLW0108 (there is no daemon yet)
        on_more=cluster.ring,
    )
    file = Path(task.folder) / "campaign.yaml"
    daemon = Daemon(file, read=lambda: (said, {}, ""), publisher=publisher, every=EVERY)
    cluster.listen(daemon.wake)
    daemon.run()


@contextmanager
def workers(task: Task, count: int) -> Iterator[None]:
    command = [sys.executable, __file__, "--worker", json.dumps(_fields(task))]
    begun = [subprocess.Popen([*command, "--name", f"worker-{number}"]) for number in range(count)]
    try:
        yield
    finally:
        for process in begun:
            process.kill()
            process.wait()


def _fields(task: Task) -> Mapping[str, Any]:
    return {name: getattr(task, name) for name in Task.__slots__}


# ── two against one ───────────────────────────────────────────────────────────────────────────────


def rate(
    server: Server, standing: Standing, address: str, *, count: int, deliveries: int, seed: int
) -> float:
    """Deliveries a second through so many workers, from the hour on."""
    spent = _spent(server)
    quiet = max(QUIET, count * deliveries / PER_ACCOUNT / SIGNED_IN_A_SECOND)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "campaign.yaml").touch()
        task = Task(
            ledger=address,
            platform=standing.address,
            folder=folder,
            deliveries=deliveries,
            hour=time.time() + quiet,
            seed=seed,
        )
        with Ledger(address) as ledger:
            with Publisher(task.means(ledger, "clock", plans=True)) as clock:
                clock.take(task.said())
            with workers(task, count):
                _until_the_hour(task, standing, count)
                _until_all_are_out(ledger, deliveries)
            found = _a_second(ledger, task.due)
    cpu = (_spent(server) - spent) * 1000 / deliveries
    print(f"{count} at work: {found:.1f} a second, {cpu:.1f} ms of CPU each", flush=True)
    return found


def _until_the_hour(task: Task, standing: Standing, count: int) -> None:
    """By then each worker has asked for each account as whom it is signed in."""
    asked = standing.told()["requests"]
    time.sleep(max(0.0, task.hour - time.time()))
    missing = count * task.accounts - (standing.told()["requests"] - asked - 1)
    if missing > 0:
        print(f"not all was ready at the hour: {missing} accounts were not signed in", flush=True)


def _until_all_are_out(ledger: Ledger, deliveries: int) -> None:
    ends = time.monotonic() + _PATIENCE
    while ledger.read(_published) < deliveries:
        if time.monotonic() > ends:
            raise AssertionError("not all of it went out")
        time.sleep(0.2)


def _published(connection: questions.Connection) -> int:
    entries = connection.exec_driver_sql(
        "SELECT count(*) FROM deliveries WHERE state = 'published'"
    )
    return int(entries.scalar() or 0)


def _a_second(ledger: Ledger, hour: datetime) -> float:
    entries = ledger.read(lambda connection: questions.entries(connection, ID))
    last = max(entry.published_at for entry in entries if entry.published_at)
    return len(entries) / (last - hour).total_seconds()


def duplicates(standing: Standing, addresses: Sequence[str]) -> int:
    """Too many of anything, in public. Raises where ledgers and platforms do not say the same."""
    known: Counter[str] = Counter()
    for address in addresses:
        with Ledger(address) as ledger:
            for entry in ledger.read(lambda connection: questions.entries(connection, ID)):
                known[entry.key] += entry.state is State.PUBLISHED
    public = Counter(seen.key for seen in standing.public())
    if known.keys() - public.keys():
        raise AssertionError("something is said to be public, and is not")
    return sum(max(0, count - known[key]) for key, count in public.items())


# ── a wake-up against a job each ──────────────────────────────────────────────────────────────────


def cpu_over_one_job_each(server: Server) -> float:
    """CPU a delivery: ring and claim in batches, over putting in and taking a job of the engine.

    In rounds, one side after the other; the first one makes lines and tables, and does not count.
    """
    with _in_batches(server) as claim_all, _one_job_each(server) as put_in_and_take_all:
        sides = (claim_all, put_in_and_take_all)
        took = [[_cpu(server, side) for side in sides] for _ in range(1 + ROUNDS)][1:]
    ours, theirs = (statistics.median(side) for side in zip(*took, strict=True))
    print(f"CPU a delivery: {ours:.2f} ms in batches, {theirs:.2f} ms with a job each")
    return statistics.median(ours / theirs for ours, theirs in took)


def _cpu(server: Server, work: Callable[[], None]) -> float:
    """Milliseconds of this process, its ended children, and the server, for each delivery."""
    before = _spent(server)
    work()
    return (_spent(server) - before) * 1000 / COMPARED


def _spent(server: Server) -> float:
    ended = os.times()
    children = ended.children_user + ended.children_system
    return time.process_time() + children + _server_cpu(server)


def _server_cpu(server: Server) -> float:
    """Seconds of the server, its processes and those that have ended; Linux only."""
    root = server.pid
    total = 0.0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            if root not in (int(folder.name), int(fields[1])):
                continue
            # What ticks of 10 ms say of a process that has one thread is said here to the point.
            total += int((folder / "schedstat").read_text().split()[0]) / 1e9
        except OSError:
            continue
        if int(folder.name) == root:
            total += sum(map(int, fields[13:15])) / os.sysconf("SC_CLK_TCK")
    return total


@contextmanager
def _in_batches(server: Server) -> Iterator[Callable[[], None]]:
    """What workers do that are rung; whatever they have claimed is gone before the next round."""
    address = server.database(like=server.migrated())
    _fill(address, due=COMPARED * (1 + ROUNDS), planned=0)
    numbers, heard = itertools.count(), threading.Event()
    with (
        Ledger(address) as ledger,
        closing(Cluster(address, ID)) as clock,
        closing(Cluster(address, ID)) as worker,
        psycopg.connect(address, autocommit=True) as desk,
    ):
        worker.listen(heard.set)

        def claim_all() -> None:
            desk.execute(_GONE)
            heard.clear()
            clock._rung = -PAUSE  # noqa: SLF001 (a round is shorter than the pause)
            clock.ring()
            if not heard.wait(_PATIENCE):
                raise AssertionError("nobody has heard it")
            claimed = 0
            while claimed < COMPARED:
                claimed += _claim_batch(_claiming(ledger, f"worker-{next(numbers)}"))

        yield claim_all


_GONE = """
    UPDATE deliveries SET state = 'published', look_at = NULL
    WHERE state = 'planned' AND account IN (SELECT name FROM turns)
"""


def _claiming(ledger: Ledger, worker: str) -> Means:
    return Means(
        ledger=ledger,
        clock=FastClock(midnight(_ON), time.monotonic(), 1.0),
        shelf=Shelf(Path("unused")),
        connect=connect,
        gate=lambda *_: None,
        worker=worker,
        connections=CONNECTIONS,
    )


def _claim_batch(means: Means) -> int:
    """What a worker does that was rung: choose what is due, take turns. How many are its own."""
    chosen = Choosing(means).next(_nobody(), means.clock.now(), {})
    return sum(len(one.keys) for one in chosen)


def _nobody() -> Coalition:
    return coalition(ID, [], [], first_day=_ON, root=Path())


@contextmanager
def _one_job_each(server: Server) -> Iterator[Callable[[], None]]:
    """The engine as it is usually used: each delivery is a job, put in on its own."""
    from procrastinate import App, PsycopgConnector, SyncPsycopgConnector  # noqa: PLC0415

    address = server.database()
    _make_tables(address)
    app = App(connector=SyncPsycopgConnector(**_line(address), min_size=1, max_size=1))
    working = App(connector=PsycopgConnector(**_line(address), min_size=1, max_size=CONNECTIONS))

    async def deliver(number: int) -> None:
        del number

    working.task(name="deliver", queue=ID)(deliver)

    with app.open(), asyncio.Runner() as runner:
        runner.run(_opened(working))

        def put_in_and_take_all() -> None:
            for number in range(COMPARED):
                app.configure_task("deliver", queue=ID).defer(number=number)
            runner.run(
                working.run_worker_async(
                    queues=[ID],
                    wait=False,
                    concurrency=CONNECTIONS,
                    install_signal_handlers=False,
                    delete_jobs="always",
                )
            )

        yield put_in_and_take_all
        runner.run(working.close_async())


async def _opened(app: App) -> None:
    await app.open_async()


# ── a ledger of a million ─────────────────────────────────────────────────────────────────────────

_FILL = """
    INSERT INTO deliveries (key, campaign, post, account, platform, part, day, due, latest, state,
        fence, tries, look_at, reason)
    SELECT 'bench/' || name || '/' || account || '/1', 'bench', name, account, 'folder', 1, 1,
        at, at + 3600000000, 'planned', 0, 0, at, ''
    FROM (SELECT to_char(n, 'FM00000000') AS name, 'a-' || n AS account,
        (%(at)s + n)::bigint AS at FROM generate_series(%(from)s::int, %(to)s::int) AS n) AS planned
"""


def _fill(address: str, *, due: int, planned: int) -> None:
    """So much that is due at midnight, and so much that is planned for later."""
    at = int(midnight(_ON).timestamp() * 1e6)
    later = at + int(timedelta(days=1).total_seconds() * 1e6)
    with psycopg.connect(address) as connection:
        kept = connection.execute(
            "SELECT indexname, indexdef FROM pg_indexes "
            "WHERE tablename = 'deliveries' AND indexname LIKE 'ix%'"
        ).fetchall()
        for name, _ in kept:
            connection.execute(f"DROP INDEX {name}")
        for start, first, count in ((at - due, 0, due), (later, due, planned)):
            if count:
                last = first + count - 1
                connection.execute(_FILL, {"at": start, "from": first, "to": last})
        connection.execute("SET LOCAL maintenance_work_mem = '256MB'")
        for _, definition in kept:
            connection.execute(definition)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE deliveries")


def million_over_few(server: Server, planned: int) -> float:
    """How much longer a batch takes to be chosen and claimed where a million is planned."""
    due = 2 * CONNECTIONS * (ROUNDS + 2)
    addresses = [server.database(like=server.migrated()) for _ in range(2)]
    for address, count in zip(addresses, (FEW, planned), strict=True):
        _fill(address, due=due, planned=count)
    with Ledger(addresses[0]) as few, Ledger(addresses[1]) as million:
        took: dict[Ledger, list[float]] = {few: [], million: []}
        for number in range(ROUNDS):
            for ledger in (few, million) if number % 2 else (million, few):
                means = _claiming(ledger, f"worker-{number}")
                begun = time.perf_counter()
                if _claim_batch(means) < CONNECTIONS:
                    raise AssertionError("there was less due than was planned")
                took[ledger].append(time.perf_counter() - begun)
        of_few, of_million = (statistics.median(took[ledger]) for ledger in (few, million))
    print(f"a batch: {of_few * 1000:.0f} ms of {FEW:,}, {of_million * 1000:.0f} ms of {planned:,}")
    return of_million / of_few


def main() -> int:
    options = _options()
    if options.worker:
        work(Task(**json.loads(options.worker)), options.name)
        return 0
    logging.getLogger("procrastinate").setLevel(logging.ERROR)
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(10**6)
    begun = time.monotonic()
    with database_server() as server, platforms(answer=ANSWER) as standing:
        addresses = [server.database(like=server.migrated()) for _ in range(2)]
        alone = int(options.deliveries * ALONE)
        one = rate(server, standing, addresses[0], count=1, deliveries=alone, seed=seed)
        twice = duplicates(standing, addresses[:1])
        standing.begin_anew()
        rest = options.deliveries - alone
        two = rate(server, standing, addresses[1], count=2, deliveries=rest, seed=seed + 1)
        twice += duplicates(standing, addresses[1:])
        found = {
            "two_workers_over_one": round(two / one, 3),
            "cpu_over_one_job_each": round(cpu_over_one_job_each(server), 3),
            "million_rows_over_ten_thousand": round(million_over_few(server, options.planned), 3),
            "duplicates": twice,
        }
    print(f"SEED={seed}, {time.monotonic() - begun:.0f} s")
    print(json.dumps(found))
    return 1 if twice else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    seed = os.environ.get("SEED")
    parser.add_argument("--seed", type=int, default=int(seed) if seed else None)
    parser.add_argument("--deliveries", type=int, default=DELIVERIES)
    parser.add_argument("--planned", type=int, default=PLANNED)
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    parser.add_argument("--name", default="", help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
