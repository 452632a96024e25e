"""What processes, platforms and people do in the model, each of it by a name."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import timedelta
from functools import partial
from types import MappingProxyType
from typing import Any

from checks import ALWAYS, everything_has_come_to_an_end
from fake_platform import FakePlatform, Fault, Line, Manner
from model_calendar import CAPPED, ID, SLOTS, Calendar
from processes import Process, Trap
from world import World

from scheduler.errors import UserError
from scheduler.ledger import Entry, Origin, Outrun, deciding
from scheduler.model import ENDED, OPEN, Hold, Scope, State
from scheduler.publishing.releasing import Passed, release
from scheduler.publishing.resolving import BY_HAND, is_not_published, is_published
from scheduler.publishing.withdrawing import of_delivery, withdraw

HOLDS = tuple(
    Hold(scope=scope, value=value, reason="let us think")
    for scope, value in (
        (Scope.EVERYTHING, ""),
        (Scope.MEMBER, "austria"),
        (Scope.COUNTRY, "AT"),
        (Scope.LANGUAGE, "de"),
        (Scope.ACCOUNT, CAPPED),
        (Scope.TAG, "#Model"),
        (Scope.POST, "figures"),
    )
)
#: So many looks bring everything to rest: the first ones as they come, then in strides.
LOOKS, STEPS_ASIDE, STRIDE = 60, 12, timedelta(hours=3)
#: So many looks at most until what was prepared has happened.
LOOKS_FOR_IT = 4

Check = Callable[[World], Iterator[str]]


class Play:
    """Two processes, three accounts, nine posts, and people who change their minds."""

    def __init__(
        self,
        manners: tuple[Manner, ...],
        *,
        approvals: int = 0,
        checks: tuple[Check, ...] = ALWAYS,
        broken: Mapping[str, Any] = MappingProxyType({}),
    ) -> None:
        self.checks = checks
        #: What of a process is not as it should be, to see that it is found.
        self.broken = broken
        self.stumbles = _Stumbles()
        logging.getLogger("scheduler.publishing").addHandler(self.stumbles)
        self.world = World(manners, Calendar(approvals=approvals))
        self.processes: list[Process | None] = [None, None]
        self.process(0)

    def ends(self) -> None:
        logging.getLogger("scheduler.publishing").removeHandler(self.stumbles)
        for process in filter(None, self.processes):
            process.bury()
        self.world.close()

    # ── edits ─────────────────────────────────────────────────────────────────────────────────────

    def a_word_is_changed(self, post, taken_by=0):
        self.world.calendar.wordings[post] += 1
        self.taken_up(taken_by)

    def a_post_is_moved(self, post, taken_by, minutes):
        self.world.calendar.minutes_later[post] += minutes
        self.taken_up(taken_by)

    def a_post_is_taken_out_or_put_back(self, post, taken_by=0):
        self.world.calendar.taken_out ^= {post}
        self.taken_up(taken_by)

    def an_error_is_made_or_mended(self, post, taken_by):
        self.world.calendar.faulty ^= {post}
        self.taken_up(taken_by)

    def the_member_s_file_is_broken_or_mended(self, _post, taken_by=0):
        self.world.calendar.member_broken ^= True
        self.taken_up(taken_by)

    def holds_yaml_says(self, holds, silenced, heard_by):
        self.world.calendar.holds = tuple(holds)
        self.world.calendar.silenced = silenced
        if process := self.processes[heard_by]:
            process.hear()

    # ── time, and what goes wrong in it ───────────────────────────────────────────────────────────

    def the_next_look(self, number):
        process = self.process(number)
        if coming := self._coming():
            self.world.clock.advance(min(coming))
        process.look()

    def a_look_some_minutes_later(self, number, minutes):
        process = self.process(number)
        self._passes(timedelta(minutes=minutes))
        process.look()

    def a_call_goes_wrong(self, account, call, fault, number=0):
        waiting = self.world.sites[account].faults.setdefault(call, deque())
        waiting.append(fault)
        self._looks_while(number, lambda: fault in waiting)

    def a_process_is_killed_at_work(self, number, point, after):
        self._will_come_by(number, Trap(point, after))

    def a_process_is_killed_while_its_request_is_on_the_way(self, account, number):
        self.process(number).traps.append(Trap("before publish", 0))
        self.a_call_goes_wrong(account, "publish", Fault.LATE, number)

    def something_happens_meanwhile(self, number, at, what):
        """`what`: one of `HAPPENINGS`, and about what; `at`: a point, and how often passed."""
        self._will_come_by(number, Trap(*at, partial(self._happens, *what)))

    def _will_come_by(self, number, trap):
        process = self.process(number)
        process.traps.append(trap)
        self._looks_while(number, lambda: process.alive and trap in process.traps)

    def _looks_while(self, number, coming):
        """Some looks, until it has happened; otherwise it will, some time later."""
        for _ in range(LOOKS_FOR_IT):
            if coming():
                self.the_next_look(number)

    def _happens(self, what, about, minutes):
        post, hold = about % len(SLOTS), HOLDS[about % len(HOLDS)]
        self.HAPPENINGS[what](self, about=about, post=post, hold=hold, minutes=minutes)

    #: What may happen in the middle of a process's work.
    HAPPENINGS = MappingProxyType(
        {
            "time passes": lambda self, *, minutes, **_: self._passes(timedelta(minutes=minutes)),
            "the other looks": lambda self, **_: self._the_other_looks(),
            "time passes, and the other looks": (
                lambda self, *, minutes, **_: self._the_other_looks(minutes)
            ),
            "a word is changed": lambda self, *, post, **_: self.a_word_is_changed(post),
            "a post is moved": (
                lambda self, *, post, minutes, **_: self.a_post_is_moved(post, 0, minutes)
            ),
            "a post is taken out": (
                lambda self, *, post, **_: self.a_post_is_taken_out_or_put_back(post)
            ),
            "a hold": lambda self, *, hold, **_: self.somebody_holds(hold),
            "a hold and its release": lambda self, *, hold, **_: self._a_hold_that_ends(hold),
            "the disk is full": lambda self, *, about, **_: self._the_disk_is_full(about),
            "a no": lambda self, *, about, **_: self.somebody_says_no(about),
            "a withdrawal": lambda self, *, about, **_: self.somebody_withdraws(about),
        }
    )

    def _the_disk_is_full(self, commits):
        for process in self.processes:
            if process is not None and process.looking:
                process.full = commits + 1

    def _a_hold_that_ends(self, hold):
        self.somebody_holds(hold)
        self.somebody_releases(0, Passed.PUBLISH)

    def _the_other_looks(self, minutes=0):
        self._passes(timedelta(minutes=minutes))
        for number, process in enumerate(self.processes):
            if process is None or not process.looking:
                self.process(number).look()

    # ── people ────────────────────────────────────────────────────────────────────────────────────

    def somebody_agrees(self, number, who):
        self.world.yes(self._entry(number), who)

    def everybody_agrees(self, who):
        for entry in self.world.entries():
            self.world.yes(entry, who)

    def somebody_says_no(self, number):
        entry = self._entry(number)
        self.world.desk.write(
            lambda connection: deciding.revoke(
                connection, ID, [entry.key], because="no", now=self._now, who="Ana"
            )
        )
        self.world.forget_approvals(entry)

    def somebody_holds(self, hold):
        self.world.desk.write(
            lambda connection: deciding.hold(connection, ID, hold, now=self._now, who="Ana")
        )

    def somebody_releases(self, number, passed):
        held = [hold for hold in self.world.holding() if hold.origin is not Origin.FILE]
        if held:
            hold, coalition = held[number % len(held)], self.world.calendar.coalition()
            with self.world.releasing(), suppress(Outrun):
                release(self.world.desk, coalition, hold, passed=passed, now=self._now, who="Ana")

    def somebody_resolves_what_is_unconfirmed(self, number):
        """They look, and say what they saw; what is under way has arrived by then."""
        if self.world.clock.on_the_way:
            self._passes(timedelta(minutes=1))
        doubtful = [each for each in self.world.entries() if each.state is State.UNCONFIRMED]
        if not doubtful:
            return
        entry = doubtful[number % len(doubtful)]
        seen = [
            post for post in self.world.sites[entry.account].standing() if post.key == entry.key
        ]
        if seen:
            is_published(self.world.desk, entry, seen[0].receipt, now=self._now, who="Ana")
        else:
            is_not_published(self.world.desk, entry, now=self._now, who="Ana")

    def somebody_posts_by_hand(self, number):
        entry = self._entry(number)
        said = self.world.draft(entry)
        if said is not None and entry.state in set(BY_HAND) - {State.UNCONFIRMED}:
            site = self.world.sites[entry.account]
            post = site.posted_by_hand(entry.key, {"draft": said, "reply_to": None})
            is_published(self.world.desk, entry, post.receipt, now=self._now, who="Ana")

    def somebody_withdraws(self, number):
        found = of_delivery(self.world.desk, self._entry(number))
        withdraw(
            self.world.desk,
            found,
            platform=lambda account: FakePlatform(self.world.sites[account], Line()),
            reason="a mistake",
            now=self._now,
            who="Ana",
        )
        self.world.taken_back(found)

    # ── rest ──────────────────────────────────────────────────────────────────────────────────────

    def everything_comes_to_rest(self):
        """At the end of each example: a day and more, until nobody looks at anything any more."""
        for look in range(LOOKS):
            process, coming = self.process(0), self._coming()
            if process.publisher.coalition is None:
                process.take()
            elif not coming:
                break
            else:
                strides = STRIDE if look > STEPS_ASIDE else timedelta(0)
                self.world.clock.advance(max(min(coming), self._now + strides))
                process.look()
        self._passes(STRIDE)  # whatever is on its way arrives
        self.holds_true(everything_has_come_to_an_end, *self.checks)

    def all_is_as_it_must_be(self):
        self.holds_true(*self.checks)

    def holds_true(self, *checks):
        wrong = [f"{check.__name__}: {each}" for check in checks for each in check(self.world)]
        assert not wrong, wrong
        assert not self.stumbles.said, self.stumbles.said

    # ── within ────────────────────────────────────────────────────────────────────────────────────

    def process(self, number: int) -> Process:
        """The living process of this number: a dead one is buried, and begun anew."""
        process = self.processes[number]
        if process is None or not process.alive:
            if process is not None:
                process.bury()
            process = self.processes[number] = self._begun(number)
            process.take()
        return process

    def _begun(self, number: int) -> Process:
        name = ("first", "second")[number]
        return Process(self.world, name, **self.broken)

    def taken_up(self, by: int) -> None:
        """Mostly by the first; sometimes by the second alone, by both, or by nobody yet."""
        first, second = self.processes
        for process in {13: (second,), 14: (first, second), 15: ()}.get(by, (first,)):
            if process is not None and process.alive:
                process.take()

    def _coming(self):
        return [entry.look_at for entry in self.world.entries() if entry.look_at]

    def _entry(self, number: int) -> Entry:
        """Those first about which something is in doubt, then what waits, then what has ended."""
        entries = sorted(self.world.entries(), key=_doubt)
        return entries[number % len(entries)]

    def _passes(self, time: timedelta) -> None:
        self.world.clock.advance(self._now + time)

    @property
    def _now(self):
        return self.world.clock.now()


def _doubt(entry: Entry) -> tuple[bool, bool, bool]:
    ended = entry.state in ENDED
    return entry.state is not State.UNCONFIRMED, entry.state not in OPEN, ended


class _Stumbles(logging.Handler):
    """What the publishing itself calls a bug, other than those that the model makes."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        kind = record.exc_info and record.exc_info[0]
        if kind and not issubclass(kind, UserError) and kind.__name__ != "Bug":
            self.said.append(f"{record.getMessage()}: {record.exc_info[1]!r}")
