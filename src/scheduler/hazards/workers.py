"""Who publishes: one worker after the other, each with its own way to the ledger."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from itertools import count

from scheduler.errors import UserError
from scheduler.hazards.machine import PATIENCE, WorkerLedger
from scheduler.hazards.scene import Scene
from scheduler.model import Account, Coalition
from scheduler.platforms import Platform
from scheduler.publishing import Publisher


class Workers:
    """The worker that is at work, if any is, and those that come after it."""

    def __init__(self, scene: Scene, connect: Callable[[Account], Platform]) -> None:
        #: How often a worker could not use its ledger.
        self.refused = 0
        self._scene = scene
        self._connect = connect
        self._ledger: WorkerLedger | None = None
        self._publisher: Publisher | None = None
        self._numbers = count(1)

    def begin(self) -> None:
        """Another worker starts, as after a restart: it knows only what the ledger says."""
        scene = self._scene
        ledger = WorkerLedger(scene.ledger_file, patience=PATIENCE)
        publisher = Publisher(
            replace(
                scene.means,
                ledger=ledger,
                clock=scene.clock,
                connect=self._connect,
                connections=1,
                worker=f"worker {next(self._numbers)}",
            )
        )
        try:
            publisher.take(scene.coalition, scene.held)
        except UserError:
            publisher.close()
            ledger.close()
            scene.course.later(self.begin)
        else:
            self._ledger, self._publisher = ledger, publisher
            # It looks at once, and so knows what time it was before any clock jumps.
            scene.course.at(scene.course.now(), lambda: None)

    def look(self) -> None:
        """Publish what is due; who died over it is followed by another."""
        if self._publisher is not None and self._ledger is not None:
            self._publisher.tick()
            self._publisher.wait()
            if self._ledger.dead:
                self.end()
                self._scene.course.at(self._scene.course.now(), self.begin)

    def end(self) -> None:
        if self._publisher is not None and self._ledger is not None:
            self._publisher.close()
            self._ledger.close()
            self.refused += self._ledger.refused
        self._publisher = self._ledger = None

    def take(self, coalition: Coalition) -> None:
        """Whoever starts later reads the same; a worker that cannot write reads it again."""
        scene = self._scene
        scene.coalition = coalition
        if self._publisher is not None:
            try:
                self._publisher.take(coalition, scene.held)
            except UserError:
                scene.course.later(lambda: self.take(scene.coalition))

    def another_looks(self) -> None:
        """A second worker, on the same ledger, takes up whatever belongs to nobody by now."""
        scene = self._scene
        with suppress(UserError), WorkerLedger(scene.ledger_file, patience=PATIENCE) as ledger:
            second = replace(
                scene.means, ledger=ledger, clock=scene.clock, connections=1, worker="second"
            )
            with Publisher(second) as publisher:
                publisher.take(scene.coalition, scene.held)
                publisher.tick()
                publisher.wait()

    def die(self) -> None:
        """In the middle of what it does."""
        self._at_work.die()

    def fill_disk(self, until: datetime) -> None:
        """For as long as this worker lives; the next one finds room."""
        ledger = self._at_work
        with suppress(UserError):  # it is locked as well: then that is enough
            ledger.fill_disk()
            self._scene.course.at(
                until, lambda: None if ledger is not self._ledger else ledger.free_disk()
            )

    @property
    def _at_work(self) -> WorkerLedger:
        if self._ledger is None:
            raise AssertionError("nobody is at work")
        return self._ledger
