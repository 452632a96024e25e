"""One play of the crash matrix: a process that ends or stops, another one after it, and the end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from classes.standing import Standing
from driver import ID, SharedClock

from scheduler.ledger import Ledger, questions
from scheduler.model import State
from scheduler.platforms import OVER_THE_NETWORK
from scheduler.publishing import LEASE

CRASHING = Path(__file__).parent
KEYS = tuple(f"{ID}/post-1-of-{{account}}/{{account}}/{part}" for part in (1, 2))


class Driver:
    """The parent of all workers: imported everything, forks at an order."""

    def __init__(self, shelf: Path) -> None:
        paths = [str(CRASHING), str(CRASHING.parents[1] / "bench"), *sys.path]
        self._process = subprocess.Popen(
            [sys.executable, str(CRASHING / "driver.py"), str(shelf)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(paths)},
        )

    def order(self, **order):
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, "the driver ended"
        return json.loads(answer)

    def close(self) -> None:
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()


@dataclass
class Play:
    """One ledger, one clock and one account, on platforms that have forgotten all before."""

    kind: str
    driver: Driver
    standing: Standing
    folder: Path
    ledger: str
    begun: dict = field(default_factory=dict)

    def __post_init__(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        self.clock = SharedClock(self.folder / "clock")

    def work(self, **more):
        """A worker, from its start to its end or to its point."""
        return self.driver.order(
            kind=self.kind,
            server=self.standing.address,
            control=self.standing.control,
            folder=str(self.folder),
            ledger=self.ledger,
            clock=str(self.folder / "clock"),
            **more,
        )

    def record(self) -> list[str]:
        """Every point of a run in which nothing happens."""
        self.standing.begin_anew()
        assert self.work(points=str(self.folder / "points"))["how"] == 0
        inside = (self.folder / "points").read_text().splitlines()
        return [*inside, *self.standing.told()["points"]]

    def work_until(self, point: str, number: int = signal.SIGKILL, **more):
        """A worker that ends, or stops, exactly there; fails where it never comes so far."""
        self.standing.begin_anew()
        return self.work(at=point, signal=number, **more)

    def later(self) -> None:
        """So late that nobody believes any more in who is gone, and all it sent has arrived."""
        self.standing.quiet()
        self.leap()

    def meanwhile(self) -> None:
        """As late, while somebody is stopped: whole requests of it have arrived, half ones wait."""
        self.standing.idle()
        self.leap()

    def leap(self) -> None:
        after = LEASE + OVER_THE_NETWORK + timedelta(seconds=1)
        self.clock.leap(self.clock.now() + after)

    @property
    def keys(self):
        return tuple(key.format(account=f"{self.kind}-1") for key in KEYS)

    def entries(self):
        with Ledger(self.ledger if "://" in self.ledger else Path(self.ledger)) as ledger:
            return ledger.read(lambda c: questions.entries(c, ID))

    def public(self):
        """What stands there, as (key, id, answers, pictures)."""
        if self.kind != "folder":
            return [
                (post.key, post.id, post.reply_to, len(post.pictures))
                for post in self.standing.public()
            ]
        files = sorted((self.folder / "published").glob("[!.]*/*/*/*/post.json"))
        posts = [json.loads(file.read_bytes()) for file in files]
        return [
            (post["text"].split(" ")[0], post["key"], post["reply_to"], len(post["pictures"]))
            for post in posts
        ]

    def complaints(self) -> list[str]:
        """What is not as it must be, after everything came to rest."""
        public, entries = self.public(), self.entries()
        said = [key for key, *_ in public]
        found = [
            f"{key} is public {said.count(key)} times" for key in set(said) if said.count(key) > 1
        ]
        if [entry.key for entry in entries] != list(self.keys):
            return [*found, f"the ledger knows {[entry.key for entry in entries]}"]
        if self.kind == "nothing" and entries[0].state is not State.PUBLISHED:
            return [*found, *self._complaints_of_lost(entries)]
        if self.kind == "nothing" and entries[1].state is State.UNCONFIRMED and entries[1].reason:
            return found
        found += [
            f"{entry.key} is {entry.state}: {entry.reason}"
            for entry in entries
            if entry.state is not State.PUBLISHED
        ]
        first = entries[0].receipt
        wanted = [
            (entry.key, entry.receipt.id, first.id if part else None, 0 if part else 1)
            for part, entry in enumerate(entries)
            if entry.receipt
        ]
        if public != wanted:
            found.append(f"public is {public}, and the ledger says {wanted}")
        return found

    def _complaints_of_lost(self, entries) -> list[str]:
        states = [(entry.state, bool(entry.reason)) for entry in entries]
        if states == [(State.UNCONFIRMED, True), (State.HELD, True)]:
            return []
        return [f"the ledger says {states}"]
