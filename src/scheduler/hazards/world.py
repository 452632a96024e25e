"""A campaign is played to its end, one look after the other, among the faults of a seed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from itertools import count
from typing import cast

from scheduler.hazards.coordinating import Coordinator
from scheduler.hazards.course import EVERY, Course, TrueClock
from scheduler.hazards.hours import draw_hours
from scheduler.hazards.injected import Injected
from scheduler.hazards.machine import WorkerClock
from scheduler.hazards.scene import LOOKS, Scene
from scheduler.hazards.steps import Steps, Watched
from scheduler.hazards.workers import Workers
from scheduler.model import Account, Coalition
from scheduler.planning import plan
from scheduler.platforms import Platform
from scheduler.publishing import Means
from scheduler.sandbox import Faultload, Injector, Sandbox, Struck

#: So many looks between two reports of how far it is.
_TOLD_EVERY = 20


class World:
    """What surrounds the program: its servers ask it, its workers live in it."""

    def __init__(
        self,
        load: Faultload,
        *,
        coalition: Coalition,
        held: Mapping[tuple[str, str], str],
        clock: TrueClock,
    ) -> None:
        #: Asked by the servers at every call.
        self.injector = Injector(load, now=clock.now, tell=self._note)
        self._load = load
        self._coalition = coalition
        self._held = held
        self._true = clock
        self._play: _Play | None = None

    def play(
        self, means: Means, sandbox: Sandbox, progress: Callable[[], None] = lambda: None
    ) -> None:
        """Publish everything, to the end of all that happens by itself."""
        course = Course(self._true)
        self._play = _Play(
            Scene(
                load=self._load,
                course=course,
                clock=WorkerClock(self._true, course.pass_to),
                coalition=self._coalition,
                held=self._held,
                means=means,
                sandbox=sandbox,
            )
        )
        self._play.to_its_end(progress)

    def result(self) -> Injected:
        """What was injected, once the play is over."""
        return self._played.result()

    def _note(self, struck: Struck) -> None:
        self._played.scene.note(struck)

    @property
    def _played(self) -> _Play:
        if self._play is None:
            raise AssertionError("the play has not begun")
        return self._play


class _Play:
    """One look after the other, until nothing will happen any more."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self._workers = Workers(scene, self._connect)
        self._steps = Steps(scene, self._workers)
        self._coordinator = Coordinator(scene)
        self._not_before = scene.course.now()

    def to_its_end(self, progress: Callable[[], None]) -> None:
        draw_hours(self.scene)
        self._workers.begin()
        looks, ended = count(1), 0
        most = LOOKS * (1 + len(plan(self.scene.coalition)))
        try:
            while (following := self._following()) is not None:
                self.scene.course.pass_to(following)
                self._look()
                number = next(looks)
                if number > most:
                    raise AssertionError(f"at {self.scene.course.now()} it does not end")
                if number % _TOLD_EVERY == 0:
                    ended += self._tell(ended, progress)
        finally:
            self._steps.unlock()
            self._workers.end()

    def result(self) -> Injected:
        return Injected(
            seed=self.scene.load.seed,
            struck=tuple(sorted(self.scene.struck, key=lambda each: each.at)),
            released=self._coordinator.released,
            refused=self._workers.refused,
        )

    def _connect(self, account: Account) -> Platform:
        platform = self.scene.means.connect(account)
        return cast(Platform, Watched(platform, account.name, self._steps))

    def _following(self) -> datetime | None:
        """When something happens next, in true time; None when nothing will."""
        due, event = self.scene.next_look(), self.scene.course.next
        look = max(due - self.scene.clock.wrong_by, self._not_before) if due else None
        return min((at for at in (look, event) if at is not None), default=None)

    def _look(self) -> None:
        before = self.scene.due()
        self._workers.look()
        self._coordinator.look()
        # What is due and cannot be served: the clock is wrong, the disk full.
        stuck = before and self.scene.due() == before
        self._not_before = self.scene.course.now() + (EVERY if stuck else timedelta(0))

    def _tell(self, ended: int, progress: Callable[[], None]) -> int:
        """Report what has come to its end since; how much that is."""
        more = sum(entry.look_at is None for entry in self.scene.entries()) - ended
        for _ in range(more):
            progress()
        return more
