"""What a last worker makes of what the killed have left, until nothing moves any more."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from classes.campaigns import FastClock
from classes.settling import moving
from stand_ins.kinds import Tells, kind_of

from fire.setting import ID, TELLS, Setting
from scheduler.ledger import Entry, Ledger, questions
from scheduler.model import State
from scheduler.publishing import Publisher
from scheduler.publishing.means import Clock

#: Accounts that the last worker serves at a time.
CONNECTIONS = 48
#: How far the clock leaps at once when there is nothing to do.
LEAP = timedelta(minutes=30)
#: So often what is not found is looked for where it may be there all the same: a look may fail.
LOOKS = 4


class LeapingClock:
    """Goes on where the others' clock stands, and leaps over what nothing happens in."""

    def __init__(self, follows: FastClock, tell: Callable[[datetime], None]) -> None:
        """`tell` is told where it stands, now and after each leap."""
        self._start, self._begun = follows.now(), time.monotonic()
        self._leapt = timedelta(0)
        self._tell = tell
        tell(self.now())

    def now(self) -> datetime:
        return self._start + timedelta(seconds=time.monotonic() - self._begun) + self._leapt

    def monotonic(self) -> float:
        return (self.now() - self._start).total_seconds()

    def wait(self, seconds: float) -> None:
        time.sleep(seconds)

    def leap(self, to: datetime) -> None:
        self._leapt += max(timedelta(0), to - self.now())
        self._tell(self.now())


def settle(setting: Setting, clock: LeapingClock) -> tuple[Entry, ...]:
    rest = threading.Event()
    with Ledger(setting.where) as ledger:
        means = replace(setting.means(ledger, clock, "last"), connections=CONNECTIONS)
        with Publisher(means, on_rest=rest.set) as publisher:
            publisher.take(setting.coalition(haste=1))
            while waiting := list(moving(entries := _entries(ledger), lost=is_lost)):
                clock.leap(min(waiting) + LEAP)
                _serve_all(publisher, ledger, clock, rest)
        return entries


def is_lost(entry: Entry) -> bool:
    """Looked for in vain, where nothing more can be told."""
    if entry.state is not State.UNCONFIRMED:
        return False
    match TELLS[kind_of(entry.account)]:
        case Tells.NOTHING:
            return entry.tries > 0
        case Tells.PRESENCE:
            return entry.tries >= LOOKS
    return False


def _serve_all(publisher: Publisher, ledger: Ledger, clock: Clock, rest: threading.Event) -> None:
    """Look whenever there is room, until nothing is due that was so when it began.

    On a busy machine something always falls due meanwhile; it may wait for the next leap.
    """
    begun = clock.now()
    while True:
        rest.clear()
        publisher.tick()
        following = ledger.read(lambda connection: questions.next_look(connection, ID))
        if following is None or following > begun:
            publisher.wait()
            return
        rest.wait(0.2)


def _entries(ledger: Ledger) -> tuple[Entry, ...]:
    return ledger.read(lambda connection: questions.entries(connection, ID))
