"""Workers that run the real daemon, and are killed by the seed."""

from __future__ import annotations

import json
import logging
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from pathlib import Path

from classes.campaigns import FastClock, midnight

from fire.setting import ON, Setting
from scheduler.cluster import Cluster
from scheduler.daemon import Daemon
from scheduler.drafting import draft_for
from scheduler.errors import Ending, UserError
from scheduler.ledger import Ledger
from scheduler.model import Coalition
from scheduler.publishing import Publisher

#: How many of all are new interpreters.
COLD = 10
#: Seconds that a worker lives; a new interpreter needs longer to come to anything.
LIFE = (0.15, 0.75)
#: On a server, where lines must be made first, and turns of the killed must end.
LIFE_ON_SERVER = (1.5, 4.5)
COLD_LIFE = (0.9, 2.2)
#: Seconds between two looks of a daemon at most.
EVERY = 0.1

_CHAOS = Path(__file__).parents[1] / "chaos.py"


def time_under_fire(kills: int, workers: int, life: tuple[float, float]) -> float:
    """Seconds that the lives of all workers take, so many at a time."""
    lives = kills * sum(life) / 2 + min(COLD, kills // 4) * sum(COLD_LIFE) / 2
    return lives / workers


def work(setting: Setting, coalition: Coalition, name: str, *, plans: bool = True) -> None:
    """The real daemon, until it is killed; it `plans` unless it is one of the other workers."""
    keep_log(setting)
    daemon: Daemon
    cluster = Cluster(setting.database, coalition.own.id) if setting.database else None
    publisher = Publisher(
        replace(setting.means(_opened(setting), setting.clock, name), plans=plans),
        on_rest=lambda: daemon.wake(),  # noqa: PLW0108 (there is no daemon yet)
        on_more=cluster.ring if cluster else lambda: None,
    )
    daemon = Daemon(
        setting.calendar, read=lambda: (coalition, {}, ""), publisher=publisher, every=EVERY
    )
    if cluster:
        cluster.listen(daemon.wake)
    daemon.run()


def _opened(setting: Setting) -> Ledger:
    """The ledger; a server that is just being restarted is waited for, as a supervisor does."""
    while True:
        try:
            return Ledger(setting.where)
        except UserError:
            if not setting.database:
                raise
            time.sleep(EVERY)


def keep_log(setting: Setting) -> None:
    logging.basicConfig(filename=Path(setting.folder) / "log", level=logging.ERROR)


def _plan(setting: Setting, coalition: Coalition) -> None:
    """As a clock does it, before the workers come."""
    with (
        Ledger(setting.database) as ledger,
        Publisher(setting.means(ledger, setting.clock, "clock")) as publisher,
    ):
        publisher.take(coalition)


def warm(setting: Setting, coalition: Coalition) -> None:
    """Do once what every worker would do first: the forked begin where this has ended."""
    if setting.database:
        _plan(setting, coalition)
        Cluster(setting.database, coalition.own.id).ring()
    file = Path(setting.folder) / "warm.sqlite3"
    clock = FastClock(midnight(ON) - timedelta(days=1), setting.begun, 1)
    with (
        Ledger(file) as ledger,
        Publisher(replace(setting.means(ledger, clock, "warm"), connections=1)) as publisher,
    ):
        publisher.take(coalition)
        publisher.tick()
    own = coalition.own
    for post in own.posts.values():
        if post.slides:
            draft_for(own, post, post.accounts[0], setting.shelf)
    for account in own.accounts.values():
        if account.name in setting.addresses:
            with suppress(Ending):  # it may be away just now
                setting.connect(account).whoami()


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

    def rage(self, killed: Callable[[int], None]) -> None:
        """Until all have been killed; `killed` is told how many they are."""
        running = [self._start() for _ in range(self._setting.workers)]
        for number in range(1, self._kills + 1):
            next_ = min(running, key=lambda worker: worker.ends)
            time.sleep(max(0.0, next_.ends - time.monotonic()))
            next_.kill()
            running.remove(next_)
            if self._started < self._kills:
                running.append(self._start())
            killed(number)

    def _start(self) -> Worker:
        number, self._started = self._started, self._started + 1
        cold = number in self._cold
        life = LIFE_ON_SERVER if self._setting.database else LIFE
        ends = time.monotonic() + self._random.uniform(*(COLD_LIFE if cold else life))
        name = f"worker-{number}"
        if cold:
            command = [sys.executable, str(_CHAOS), "--worker", json.dumps(asdict(self._setting))]
            process = subprocess.Popen([*command, "--name", name])
            return Worker(pid=process.pid, ends=ends, process=process)
        if pid := os.fork():
            return Worker(pid=pid, ends=ends, process=None)
        try:
            # On a server one of three plans as well; the clock may run anywhere, and twice.
            plans = number % self._setting.workers == 0 or not self._setting.database
            work(self._setting, self._coalition, name, plans=plans)
        finally:
            os._exit(1)
