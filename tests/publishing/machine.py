"""Everything that can happen to a campaign, in any order, and what must be true all the same."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from collections import deque
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Any

from fake_platform import FakePlatform, Fault, Line, Manner
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from model_calendar import ACCOUNTS, CAPPED, COSTLY, ID, SLOTS, Calendar
from processes import Process, Trap
from world import CAP, World

from scheduler.errors import UserError
from scheduler.ledger import Entry, Ledger, Origin, Outrun, deciding
from scheduler.model import ENDED, OPEN, TRANSITIONS, Hold, Scope, State
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
CALLS = ("whoami", "stage", "publish", "find")
POINTS = tuple(f"{when} {what}" for what in ("commit", *CALLS) for when in ("before", "after"))
#: So many looks bring everything to rest: the first ones as they come, then in strides.
LOOKS, STEPS_ASIDE, STRIDE = 60, 12, timedelta(hours=3)
#: In these, somebody or something will go on with it; where it may be public, the ledger knows.
WAITING = (State.PLANNED, State.HELD, *OPEN)
MAY_BE_PUBLIC = (State.ARMED, State.UNCONFIRMED, State.PUBLISHED, State.WITHDRAWN)

posts = st.sampled_from(range(len(SLOTS)))
people = st.sampled_from(["Ana", "  ana ", "Bo"])
one_of_two = st.sampled_from([0, 0, 0, 1])
numbers = st.integers(0, 11)


class Model(RuleBasedStateMachine):
    """Two processes, three accounts, nine posts, and people who change their minds."""

    #: Replaced by what is broken on purpose, to see that it is found.
    adapter: Callable[..., FakePlatform] = FakePlatform
    ledger: Callable[..., Ledger] = Ledger
    means: dict[str, Any] = {}

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

    @rule(post=posts, minutes=st.sampled_from([-10, 5, 30, 90]), taken_by=numbers)
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

    @rule(number=one_of_two, minutes=st.sampled_from([0, 1, 7, 15, 40]))
    def a_look_some_minutes_later(self, number, minutes):
        process = self.process(number)
        self._passes(timedelta(minutes=minutes))
        process.look()

    @rule(hours=st.sampled_from([3, 26]))
    def nobody_looks_for_hours(self, hours):
        self._passes(timedelta(hours=hours))

    @rule(account=st.sampled_from(ACCOUNTS), call=st.sampled_from(CALLS), fault=st.sampled_from(list(Fault)))
    def a_call_will_go_wrong(self, account, call, fault):
        waiting = self.world.sites[account].faults.setdefault(call, deque())
        waiting.append(fault)

    @rule(account=st.sampled_from(ACCOUNTS), fault=st.sampled_from(list(Fault)))
    def the_next_request_will_go_wrong(self, account, fault):
        self.a_call_will_go_wrong(account, "publish", fault)

    @rule(number=one_of_two, commits=st.sampled_from([1, 3, 14]))
    def the_disk_is_full(self, number, commits):
        self.process(number).full = commits

    @rule(number=one_of_two)
    def a_process_is_killed(self, number):
        if process := self.processes[number]:
            process.die()

    @rule(number=one_of_two, point=st.sampled_from(POINTS), after=st.integers(0, 3))
    def a_process_will_be_killed(self, number, point, after):
        self.process(number).traps.append(Trap(point, after))

    @rule(account=st.sampled_from(ACCOUNTS), number=one_of_two)
    def a_process_will_be_killed_while_its_request_is_on_the_way(self, account, number):
        self.a_call_will_go_wrong(account, "publish", Fault.LATE)
        self.process(number).traps.append(Trap("before publish", 0))

    @rule(number=one_of_two, point=st.sampled_from(POINTS), after=st.integers(0, 3), data=st.data())
    def something_will_happen_meanwhile(self, number, point, after, data):
        what = data.draw(st.sampled_from(sorted(self._happenings(0, 0))))
        post, minutes = data.draw(posts), data.draw(st.sampled_from([1, 3, 10, 45]))
        happens = partial(self._happens, what, post, minutes)
        self.process(number).traps.append(Trap(point, after, happens))

    def _happens(self, what, post, minutes):
        with suppress(Outrun):
            self._happenings(post, minutes)[what]()

    def _happenings(self, post, minutes):
        return {
            "time passes": lambda: self._passes(timedelta(minutes=minutes)),
            "the other looks": self._the_other_looks,
            "time passes and the other looks": lambda: (
                self._passes(timedelta(minutes=minutes)),
                self._the_other_looks(),
            ),
            "a word is changed": lambda: self.a_word_is_changed(post, 0),
            "a post is moved": lambda: self.a_post_is_moved(post, minutes, 0),
            "a post is taken out": lambda: self.a_post_is_taken_out_or_put_back(post, 0),
            "a hold": lambda: self.somebody_holds(HOLDS[minutes % len(HOLDS)]),
            "a no": lambda: self.somebody_says_no(post),
            "a release": lambda: self.somebody_releases(post, Passed.PUBLISH),
            "a withdrawal": lambda: self.somebody_withdraws(post),
        }

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
                release(
                    self.world.desk, coalition, hold, passed=passed, now=self._now, who="Ana"
                )

    @rule(number=numbers)
    def somebody_resolves_what_is_unconfirmed(self, number):
        """They look, and say what they saw; what is under way has arrived by then."""
        if self.world.clock.on_the_way:
            self._passes(timedelta(minutes=1))
        doubtful = [each for each in self.world.entries() if each.state is State.UNCONFIRMED]
        if not doubtful:
            return
        entry = doubtful[number % len(doubtful)]
        seen = [post for post in self.world.sites[entry.account].standing() if post.key == entry.key]
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
        self.world.withdrawn |= {entry.key for entry in (*found.by_hand, *found.held)}

    # ── rest ──────────────────────────────────────────────────────────────────────────────────────

    @rule()
    def everything_comes_to_rest(self):
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
        self._at_rest()

    def _at_rest(self):
        for entry in self.world.entries():
            told = f"{entry.key} is {entry.state} ({entry.reason}) until {entry.look_at}"
            assert entry.look_at is None, f"never at rest: {told}"
            assert entry.state in ENDED or entry.state is State.UNCONFIRMED, f"forgotten: {told}"

    # ── what is always true ───────────────────────────────────────────────────────────────────────

    @precondition(lambda self: self.world)
    @invariant()
    def no_delivery_is_public_twice(self):
        """What was withdrawn counts as well: nobody wants to see it again.

        A post that a person deletes by hand, behind the program's back, is no part of this.
        """
        times = Counter(post.key for site in self.world.sites.values() for post in site.public)
        assert not [key for key, count in times.items() if count > 1], times

    @precondition(lambda self: self.world)
    @invariant()
    def nothing_leaves_that_must_not(self):
        """Held, silenced, under embargo, too early, too late, unapproved, out of turn, too fast."""
        assert not self.world.violations, self.world.violations

    @precondition(lambda self: self.world)
    @invariant()
    def nothing_is_forgotten(self):
        for entry in self.world.entries():
            told = f"{entry.key} is {entry.state}"
            if entry.state in WAITING:
                assert entry.look_at is not None, f"{told}, and nobody will look at it"
            elif entry.state is State.UNCONFIRMED:
                assert entry.look_at or entry.reason, f"{told}, and nobody knows why"

    @precondition(lambda self: self.world)
    @invariant()
    def the_ledger_and_the_public_agree(self):
        for entry in self.world.entries():
            seen = [
                post
                for post in self.world.sites[entry.account].public
                if post.key == entry.key
            ]
            told = f"{entry.key} is {entry.state} with {entry.receipt}, and public: {seen}"
            if entry.state in {State.PUBLISHED, State.WITHDRAWN}:
                assert [post.receipt for post in seen] == [entry.receipt], told
                assert seen[0].taken_down == (entry.state is State.WITHDRAWN), told
            elif seen:
                assert entry.state in MAY_BE_PUBLIC, told

    @precondition(lambda self: self.world)
    @invariant()
    def every_step_of_the_journal_is_legal(self):
        stands: dict[str, str] = {}
        for step in self.world.steps():
            before = stands.get(step.key, State.PLANNED)
            assert step.before == before, f"{step} follows {before}"
            assert State(step.after) in TRANSITIONS[State(step.before)], step
            stands[step.key] = step.after
        for entry in self.world.entries():
            assert entry.state == stands.get(entry.key, State.PLANNED), entry

    @precondition(lambda self: self.world)
    @invariant()
    def each_account_has_one_delivery_in_hand(self):
        open_ = Counter(each.account for each in self.world.entries() if each.state in OPEN)
        assert all(count <= 1 for count in open_.values()), open_

    @precondition(lambda self: self.world)
    @invariant()
    def no_account_spends_more_than_its_budget(self):
        site = self.world.sites[COSTLY]
        sent = sum(not post.by_hand for post in site.public)
        assert sent * site.cost <= 70, f"{sent} posts"

    @precondition(lambda self: self.world)
    @invariant()
    def no_account_goes_beyond_its_cap(self):
        sent = sorted(
            post.sent_at for post in self.world.sites[CAPPED].public if not post.by_hand
        )
        for first, beyond in zip(sent, sent[CAP.posts :], strict=False):
            assert beyond - first >= CAP.window, sent

    @invariant()
    def nothing_stumbles(self):
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
        return Process(
            self.world, name, adapter=cls.adapter, ledger=cls.ledger, **cls.means
        )

    def taken_up(self, by: int) -> None:
        """Mostly by the first; sometimes by the second alone, by both, or by nobody yet."""
        first, second = self.processes
        for process in {9: (second,), 10: (first, second), 11: ()}.get(by, (first,)):
            if process is not None and process.alive:
                process.take()

    def _coming(self):
        return [entry.look_at for entry in self.world.entries() if entry.look_at]

    def _entry(self, number: int) -> Entry:
        entries = self.world.entries()
        return entries[number % len(entries)]

    def _passes(self, time: timedelta) -> None:
        self.world.clock.advance(self._now + time)

    @property
    def _now(self):
        return self.world.clock.now()


class _Stumbles(logging.Handler):
    """What the publishing itself calls a bug, other than those that the model makes."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        kind = record.exc_info and record.exc_info[0]
        if kind and not issubclass(kind, UserError) and kind.__name__ != "Bug":
            self.said.append(f"{record.getMessage()}: {record.exc_info[1]!r}")
