"""A coordinator who renews tokens, and releases what the program held."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from scheduler.hazards.scene import Scene
from scheduler.ledger import Origin, deciding
from scheduler.publishing.releasing import Passed, release

#: How long the coordinator takes to renew a token and to release the account.
RELEASED_AFTER = timedelta(hours=1)
#: As whom the coordinator's decisions stand in the ledger.
COORDINATOR = "the coordinator of the rehearsal"


class Coordinator:
    """Accounts that the program holds are released an hour later, as after a new token."""

    def __init__(self, scene: Scene) -> None:
        #: How often an account was released.
        self.released = 0
        self._scene = scene
        self._releasing: set[int] = set()

    def look(self) -> None:
        course = self._scene.course
        for held in self._scene.holding():
            if held.origin is Origin.PROGRAM and held.number not in self._releasing:
                self._releasing.add(held.number)
                course.at(course.now() + RELEASED_AFTER, partial(self._release, held))

    def _release(self, held: deciding.HoldEntry) -> None:
        release(
            self._scene.means.ledger,
            self._scene.coalition,
            held,
            passed=Passed.PUBLISH,
            now=self._scene.clock.now(),
            who=COORDINATOR,
        )
        self.released += 1
