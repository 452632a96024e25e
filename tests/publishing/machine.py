"""Everything that can happen to a campaign, in any order, and what must be true all the same."""

from __future__ import annotations

import logging
import sys
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import timedelta
from functools import partial
from types import MappingProxyType
from typing import Any

from checks import ALWAYS, everything_has_come_to_an_end
from fake_platform import FakePlatform, Fault, Line, Manner
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from model_calendar import ACCOUNTS, CAPPED, ID, SLOTS, Calendar
from processes import Process, Trap
from world import World

from scheduler.errors import UserError
from scheduler.ledger import Entry, Ledger, Origin, Outrun, deciding
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
HAPPENINGS = (
    "time passes",
    "the other looks",
    "time passes, and the other looks",
    "a word is changed",
    "a post is moved",
    "a post is taken out",
    "a hold",
    "a hold and its release",
    "a no",
    "a withdrawal",
)
CALLS = ("whoami", "stage", "publish", "find")
POINTS = tuple(f"{when} {what}" for what in ("commit", *CALLS) for when in ("before", "after"))
#: So many looks bring everything to rest: the first ones as they come, then in strides.
LOOKS, STEPS_ASIDE, STRIDE = 60, 12, timedelta(hours=3)
#: So many looks at most until what was prepared has happened.
LOOKS_FOR_IT = 4

posts = st.sampled_from(range(len(SLOTS)))
people = st.sampled_from(["Ana", "  ana ", "Bo"])
one_of_two = st.sampled_from([0, 0, 0, 1])
numbers = st.integers(0, 15)
accounts, faults = st.sampled_from(ACCOUNTS), st.sampled_from(list(Fault))
points = st.sampled_from([*POINTS, "before commit", "after commit", "before stage", "after stage"])


class Model(RuleBasedStateMachine):
    """Two processes, three accounts, nine posts, and people who change their minds."""

    #: Replaced by what is broken on purpose, to see that it is found.
    adapter: Callable[..., FakePlatform] = FakePlatform
    ledger: Callable[..., Ledger] = Ledger
    means: Mapping[str, Any] = MappingProxyType({})
    checks: tuple[Callable[[World], Iterator[str]], ...] = ALWAYS

    def __init__(self) -> None:
        super().__init__()
        self.world: World | None = None
        self.processes: list[Process | None] = [None, None]
        self.stumbles = _Stumbles()
        logging.getLogger("scheduler.publishing").addHandler(self.stumbles)

    @initialize(
        manners=st.tuples(*[st.sampled_from(list(Manner))] * len(ACCOUNTS)),
        approvals=st.sampled_from([0, 0, 1, 2]),
        agreed=st.booleans(),
    )
    def begins(self, manners, approvals, agreed):
        self.world = World(manners, Calendar(approvals=approvals))
        self.process(0)
        if agreed:
            for who in ("Ana", "Bo")[:approvals]:
                self.everybody_agrees(who)

    def teardown(self) -> None:
        try:
            if self.world is not None and sys.exc_info()[0] is None:
                self.everything_comes_to_rest()
        finally:
            self._ends()

    def _ends(self) -> None:
        logging.getLogger("scheduler.publishing").removeHandler(self.stumbles)
        if self.world is not None:
            for process in filter(None, self.processes):
                process.bury()
            self.world.close()

    # ── edits ─────────────────────────────────────────────────────────────────────────────────────

    @rule(post=posts, taken_by=numbers)
    def a_word_is_changed(self, post, taken_by):
        self.world.calendar.wordings[post] += 1
        self.taken_up(taken_by)

    @rule(post=posts, minutes=st.sampled_from([-10, 5, 30, 90, 150]), taken_by=numbers)
    def a_post_is_moved(self, post, minutes, taken_by):
        self.world.calendar.minutes_later[post] += minutes
        self.taken_up(taken_by)

    @rule(post=posts, taken_by=numbers)
    def a_post_is_taken_out_or_put_back(self, post, taken_by):
        self.world.calendar.taken_out ^= {post}
        self.taken_up(taken_by)

    @rule(post=posts, taken_by=numbers)
    def an_error_is_made_or_mended(self, post, taken_by):
        self.world.calendar.faulty ^= {post}
        self.taken_up(taken_by)

    @rule(taken_by=numbers)
    def the_member_s_file_is_broken_or_mended(self, taken_by):
        self.world.calendar.member_broken ^= True
        self.taken_up(taken_by)

    @rule(
        holds=st.lists(st.sampled_from(HOLDS), max_size=2, unique=True),
        silenced=st.sampled_from([None, None, "holds.yaml cannot be understood"]),
        heard_by=one_of_two,
    )
    def holds_yaml_says(self, holds, silenced, heard_by):
        self.world.calendar.holds = tuple(holds)
        self.world.calendar.silenced = silenced
        if process := self.processes[heard_by]:
            process.hear()

    # ── time, and what goes wrong in it ───────────────────────────────────────────────────────────

    @rule(number=one_of_two)
    def the_next_look(self, number):
        process = self.process(number)
        if coming := self._coming():
            self.world.clock.advance(min(coming))
        process.look()

    @rule(number=one_of_two, looks=st.integers(2, 6))
    def the_next_looks(self, number, looks):
        for _ in range(looks):
            self.the_next_look(number)

    @rule(number=one_of_two, minutes=st.sampled_from([0, 1, 7, 15, 40]))
    def a_look_some_minutes_later(self, number, minutes):
        process = self.process(number)
        self._passes(timedelta(minutes=minutes))
        process.look()

    @rule(number=one_of_two)
    def nobody_looks_for_an_hour(self, number):
        self.process(number)
        self._passes(timedelta(hours=1))
        self.process(number).look()

    @rule(account=accounts, number=one_of_two, fault=faults)
    def a_request_goes_wrong(self, account, number, fault):
        self._will_fail(account, "publish", fault, number)

    @rule(account=accounts, number=one_of_two, call=st.sampled_from(CALLS), fault=faults)
    def a_call_goes_wrong(self, account, number, call, fault):
        self._will_fail(account, call, fault, number)

    @rule(number=one_of_two, commits=st.sampled_from([1, 2, 3, 14]), after=st.integers(0, 2))
    def the_disk_is_full(self, number, commits, after):
        full = partial(setattr, self.process(number), "full", commits)
        self._will_come_by(number, Trap("before commit", after, full))

    @rule(number=one_of_two)
    def a_process_is_killed(self, number):
        if process := self.processes[number]:
            process.die()

    @rule(number=one_of_two, point=points, after=st.integers(0, 3))
    def a_process_is_killed_at_work(self, number, point, after):
        self._will_come_by(number, Trap(point, after))

    @rule(account=accounts, number=one_of_two)
    def a_process_is_killed_while_its_request_is_on_the_way(self, account, number):
        self.process(number).traps.append(Trap("before publish", 0))
        self._will_fail(account, "publish", Fault.LATE, number)

    @rule(
        number=one_of_two,
        point=points,
        after=st.integers(0, 3),
        what=st.sampled_from(HAPPENINGS),
        post=numbers,
        minutes=st.sampled_from([1, 3, 10, 45]),
    )
    def something_happens_meanwhile(self, number, point, after, what, post, minutes):
        happens = partial(self._happens, what, post, minutes)
        self._will_come_by(number, Trap(point, after, happens))

    def _will_fail(self, account, call, fault, number):
        waiting = self.world.sites[account].faults.setdefault(call, deque())
        waiting.append(fault)
        self._looks_while(number, lambda: fault in waiting)

    def _will_come_by(self, number, trap):
        process = self.process(number)
        process.traps.append(trap)
        self._looks_while(number, lambda: process.alive and trap in process.traps)

    def _looks_while(self, number, coming):
        """Some looks, until it has happened; otherwise it will, some time later."""
        for _ in range(LOOKS_FOR_IT):
            if coming():
                self.the_next_look(number)

    def _happens(self, what, post, minutes):
        slot = post % len(SLOTS)
        match what:
            case "time passes":
                self._passes(timedelta(minutes=minutes))
            case "the other looks":
                self._the_other_looks()
            case "time passes, and the other looks":
                self._passes(timedelta(minutes=minutes))
                self._the_other_looks()
            case "a word is changed":
                self.a_word_is_changed(slot, 0)
            case "a post is moved":
                self.a_post_is_moved(slot, minutes, 0)
            case "a post is taken out":
                self.a_post_is_taken_out_or_put_back(slot, 0)
            case "a hold":
                self.somebody_holds(HOLDS[post % len(HOLDS)])
            case "a hold and its release":
                self.somebody_holds(HOLDS[post % len(HOLDS)])
                self.somebody_releases(post, Passed.PUBLISH)
            case "a no":
                self.somebody_says_no(post)
            case "a withdrawal":
                self.somebody_withdraws(post)

    def _the_other_looks(self):
        for number, process in enumerate(self.processes):
            if process is None or not process.looking:
                self.process(number).look()

    # ── people ────────────────────────────────────────────────────────────────────────────────────

    @rule(number=numbers, who=people)
    def somebody_agrees(self, number, who):
        self.world.yes(self._entry(number), who)

    @rule(who=people)
    def everybody_agrees(self, who):
        for entry in self.world.entries():
            self.world.yes(entry, who)

    @rule(number=numbers)
    def somebody_says_no(self, number):
        entry = self._entry(number)
        self.world.desk.write(
            lambda connection: deciding.revoke(
                connection, ID, [entry.key], because="no", now=self._now, who="Ana"
            )
        )
        self.world.forget_approvals(entry)

    @rule(hold=st.sampled_from(HOLDS))
    def somebody_holds(self, hold):
        self.world.desk.write(
            lambda connection: deciding.hold(connection, ID, hold, now=self._now, who="Ana")
        )

    @rule(number=numbers, passed=st.sampled_from(list(Passed)))
    def somebody_releases(self, number, passed):
        held = [hold for hold in self.world.holding() if hold.origin is not Origin.FILE]
        if held:
            hold, coalition = held[number % len(held)], self.world.calendar.coalition()
            with self.world.releasing(), suppress(Outrun):
                release(self.world.desk, coalition, hold, passed=passed, now=self._now, who="Ana")

    @rule(number=numbers)
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

    @rule(number=numbers)
    def somebody_posts_by_hand(self, number):
        entry = self._entry(number)
        said = self.world.draft(entry)
        if said is not None and entry.state in set(BY_HAND) - {State.UNCONFIRMED}:
            site = self.world.sites[entry.account]
            post = site.posted_by_hand(entry.key, {"draft": said, "reply_to": None})
            is_published(self.world.desk, entry, post.receipt, now=self._now, who="Ana")

    @rule(number=numbers)
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
        self.holds_true(everything_has_come_to_an_end, *type(self).checks)

    @precondition(lambda self: self.world)
    @invariant()
    def all_is_as_it_must_be(self):
        self.holds_true(*type(self).checks)

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
        cls = type(self)
        name = f"{('first', 'second')[number]}"
        return Process(self.world, name, adapter=cls.adapter, ledger=cls.ledger, **cls.means)

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
