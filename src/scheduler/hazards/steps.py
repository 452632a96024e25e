"""What strikes at a step of a delivery: between its upload and its receipt."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from scheduler.hazards.edits import edit
from scheduler.hazards.machine import Locking
from scheduler.hazards.scene import Scene
from scheduler.hazards.workers import Workers
from scheduler.model import Draft, Receipt
from scheduler.platforms import Platform, Staged
from scheduler.publishing import LEASE
from scheduler.sandbox import Kind, Struck

#: How long the disk stays full, or the ledger locked: within the tries of a receipt, and beyond.
SHORT, LONG = timedelta(seconds=20), timedelta(minutes=10)

_WHILE_STAGED = (
    Kind.LEASE,
    Kind.MOVED,
    Kind.REWORDED,
    Kind.TAKEN_OUT,
    Kind.WORKER,
    Kind.DISK,
    Kind.LOCKED,
)
_WHEN_SENT = (Kind.WORKER, Kind.DISK, Kind.LOCKED)


class Steps:
    """Draws what strikes at each step of each account, and lets it strike."""

    def __init__(self, scene: Scene, workers: Workers) -> None:
        self._scene = scene
        self._workers = workers
        self._taken: Counter[tuple[str, str]] = Counter()
        self._locking: Locking | None = None

    def staged(self, account: str) -> None:
        """Its pictures are uploaded: nothing is public yet."""
        kind = self._drawn(_WHILE_STAGED, account, "staged")
        if kind is not None:
            self._strike(kind, account)

    def sending(self, account: str) -> Kind | None:
        """What will strike around the one request; a worker may die before it leaves."""
        kind = self._drawn(_WHEN_SENT, account, "sending")
        half = self._scene.load.share("before", account, str(self._taken[account, "sending"]))
        if kind is Kind.WORKER and half < 1 / 2:
            self._strike(kind, account)
        return kind

    def sent(self, account: str, kind: Kind | None) -> None:
        """It is public, and only the platform knows."""
        if kind is not None:
            self._strike(kind, account)

    def unlock(self) -> None:
        """The other process is done, where there is one."""
        if self._locking is not None:
            self._locking.end()
            self._locking = None

    def _drawn(self, kinds: tuple[Kind, ...], account: str, step: str) -> Kind | None:
        self._taken[account, step] += 1
        number = self._taken[account, step]
        return self._scene.load.drawn(kinds, "step", account, step, number=number)

    def _strike(self, kind: Kind, account: str) -> None:
        now, until = self._scene.course.now(), self._until(kind, account)
        self._scene.note(Struck(kind=kind, at=now, account=account, until=until))
        match kind:
            case Kind.DISK:
                self._workers.fill_disk(until or now)
            case Kind.LOCKED:
                self._lock(until or now)
            case Kind.LEASE:
                self._scene.course.pass_to(until or now)
                self._workers.another_looks()
            case Kind.WORKER:
                self._workers.die()
            case _:
                edit(self._scene, self._workers, kind, account)

    def _until(self, kind: Kind, account: str) -> datetime | None:
        """When it is over; None for what takes no time."""
        now = self._scene.course.now()
        match kind:
            case Kind.DISK | Kind.LOCKED:
                half = self._scene.load.share("stretch", account, now.isoformat())
                return now + (SHORT if half < 1 / 2 else LONG)
            case Kind.LEASE:
                return now + 2 * LEASE
        return None

    def _lock(self, until: datetime) -> None:
        """Another process begins to write, and takes its time."""
        if self._locking is None:
            self._locking = Locking(self._scene.ledger_file)
            self._scene.course.at(until, self.unlock)


@dataclass(frozen=True, slots=True)
class Watched:
    """An adapter that tells at which step it is."""

    platform: Platform
    account: str
    steps: Steps

    def __getattr__(self, name: str) -> object:
        return getattr(self.platform, name)

    def stage(self, draft: Draft, *, due: datetime, reply_to: Receipt | None = None) -> Staged:
        staged = self.platform.stage(draft, due=due, reply_to=reply_to)
        self.steps.staged(self.account)
        return staged

    def publish(self, staged: Staged, *, key: str) -> Receipt:
        kind = self.steps.sending(self.account)
        receipt = self.platform.publish(staged, key=key)
        self.steps.sent(self.account, kind)
        return receipt
