"""One run of the program among several, which may die, or be disturbed, at any point of it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from typing import Any

from fake_platform import FakePlatform, Line, Request, Site
from world import World

from scheduler.errors import Problem, UserError
from scheduler.ledger import Ledger
from scheduler.model import Account, Coalition
from scheduler.planning import plan
from scheduler.publishing import LEASE, Means, Publisher


class Killed(BaseException):
    """The process is gone, in the middle of whatever it did."""


@dataclass(slots=True, eq=False)
class Trap:
    """Something that happens once, when a process comes by a point for the `left`-th time more."""

    #: "before commit", "after publish" …
    point: str
    left: int
    #: None: the process is killed there.
    happens: Callable[[], None] | None = None


class Process(Line):
    """A publisher with a ledger of its own over the one file.

    Its work begins when its look has ended, so that whatever happens, happens in one order.
    """

    def __init__(
        self,
        world: World,
        name: str,
        *,
        adapter: Callable[[Site, Line], FakePlatform] = FakePlatform,
        ledger: Callable[[Any], Ledger] = Ledger,
        **means: Any,
    ) -> None:
        self.world = world
        self.name = name
        self.alive = True
        self.traps: list[Trap] = []
        #: So many more commits fail: the disk is full.
        self.full = 0
        self.held: dict[tuple[str, str], str] = {}
        #: The calendar that is being taken up.
        self.taking: Coalition | None = None
        self._opened = ledger(world.file)
        self._adapter = adapter
        self._looks_on: int | None = None
        self._working = threading.Event()
        self.publisher = Publisher(
            Means(
                ledger=MortalLedger(self, self._opened),
                clock=world.clock,
                shelf=world.shelf,
                connect=self._connect,
                gate=lambda *_: None,
                worker=name,
                connections=1,
                **{"lease": LEASE, **means},
            )
        )

    # ── what it does ──────────────────────────────────────────────────────────────────────────────

    @property
    def looking(self) -> bool:
        return self._looks_on is not None

    def take(self) -> None:
        """Take up the calendar as it stands by now; it may die of it."""
        calendar = self.world.calendar
        coalition, held = calendar.coalition(), calendar.held()
        self.taking = coalition
        with self.world.releasing(), suppress(Killed, UserError):
            self.publisher.take(coalition, held)
            self.held = held
        self.taking = None

    def hear(self) -> None:
        """holds.yaml has changed."""
        calendar = self.world.calendar
        if self.publisher.coalition is not None:
            with self.world.releasing(), suppress(Killed, UserError):
                self.publisher.take_holds(calendar.holds, calendar.silenced)

    def look(self) -> None:
        """One look, to the end of everything that it began."""
        if not self.alive or self.looking:
            return
        self._working.clear()
        self._looks_on = threading.get_ident()
        with suppress(Killed):
            self.publisher.tick()
        self._working.set()
        self.publisher.wait()
        self._looks_on = None

    def die(self) -> None:
        self.alive = False

    def bury(self) -> None:
        """Its threads end; nothing of it reaches the ledger or a platform any more."""
        self.alive = False
        self.publisher.close()
        self._opened.close()

    # ── what is in its way ────────────────────────────────────────────────────────────────────────

    def pass_by(self, point: str) -> None:
        """A point at which it may die, or be disturbed."""
        self.live()
        for trap in [trap for trap in self.traps if trap.point == point]:
            trap.left -= 1
            # What happens may have come by here itself.
            if trap.left < 0 and trap in self.traps:
                self.traps.remove(trap)
                self._spring(trap)
        self.live()

    def live(self) -> None:
        """A dead process does nothing; a living one works when its look has ended."""
        if self._looks_on not in {None, threading.get_ident()}:
            self._working.wait()
        if not self.alive:
            raise Killed

    def before(self, call: str) -> None:
        self.pass_by(f"before {call}")

    def after(self, call: str) -> None:
        self.pass_by(f"after {call}")

    def sent(self, site: Site, request: Request) -> None:
        self.live()
        self.world.sent(site, request, self)

    def timed_out(self) -> AbstractContextManager[None]:
        return self.world.clock.timed_out()

    def later(self, arrive: Callable[[], object]) -> None:
        self.world.clock.later(arrive)

    def _spring(self, trap: Trap) -> None:
        if trap.happens is None:
            self.alive = False
        elif self.looking:
            trap.happens()

    def _connect(self, account: Account) -> FakePlatform:
        return self._adapter(self.world.sites[account.name], self)


class MortalLedger:
    """The real ledger of a process, which can be lost before and after each commit."""

    def __init__(self, process: Process, ledger: Ledger) -> None:
        self._process = process
        self._ledger = ledger
        self.shared = ledger.shared

    def read(self, query: Callable[[Any], Any]) -> Any:
        self._process.live()
        return self._ledger.read(query)

    def write(self, change: Callable[[Any], Any]) -> Any:
        process = self._process
        process.pass_by("before commit")
        if process.full:
            process.full -= 1
            problem = Problem(file="ledger", code="ledger", message="the disk is full")
            raise UserError([problem])
        result = self._ledger.write(change)
        if process.taking is not None:
            process.world.planned = plan(process.taking)
        process.pass_by("after commit")
        return result
