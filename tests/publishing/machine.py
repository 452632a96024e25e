"""Everything that can happen to a campaign, in any order, and what must be true all the same."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from checks import ALWAYS
from fake_platform import Fault, Manner
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from model_calendar import ACCOUNTS, SLOTS
from play import HOLDS, Check, Play

from scheduler.publishing.releasing import Passed

CALLS = ("whoami", "stage", "publish", "find")
#: The commits are those of the claim, of the arming and of the receipt; most often in between.
POINTS = (
    *(f"{when} {what}" for what in ("commit", *CALLS) for when in ("before", "after")),
    *("before commit", "after commit", "after commit", "after stage", "before publish"),
)
EDITS = (
    Play.a_word_is_changed,
    Play.a_post_is_moved,
    Play.a_post_is_taken_out_or_put_back,
    Play.an_error_is_made_or_mended,
    Play.the_member_s_file_is_broken_or_mended,
)
DECISIONS = (
    Play.somebody_agrees,
    Play.everybody_agrees,
    Play.somebody_says_no,
    Play.somebody_holds,
    Play.somebody_releases,
    Play.somebody_resolves_what_is_unconfirmed,
    Play.somebody_resolves_what_is_unconfirmed,
    Play.somebody_posts_by_hand,
    Play.somebody_withdraws,
)

one_of_two = st.sampled_from([0, 0, 0, 1])
numbers = st.integers(0, 15)
few = st.integers(0, 3)


class Model(RuleBasedStateMachine):
    """Few rules with many variants: Hypothesis leaves some rules out of each example.

    Most of them are looks, since nothing but a look makes anything public.
    """

    #: Replaced where something is broken on purpose, to see that it is found.
    checks: tuple[Check, ...] = ALWAYS
    broken: Mapping[str, Any] = MappingProxyType({})

    def __init__(self) -> None:
        super().__init__()
        self.play: Play | None = None

    @initialize(
        manners=st.tuples(*[st.sampled_from(list(Manner))] * len(ACCOUNTS)),
        approvals=st.sampled_from([0, 0, 1, 2]),
        agreed=st.sampled_from([True, True, False]),
    )
    def it_begins(self, manners, approvals, agreed):
        cls = type(self)
        self.play = Play(manners, approvals=approvals, checks=cls.checks, broken=cls.broken)
        for who in ("Ana", "Bo")[:approvals] if agreed else ():
            self.play.everybody_agrees(who)

    @rule(number=one_of_two, looks=st.integers(1, 4))
    def nothing_disturbs_some_looks(self, number, looks):
        for _ in range(looks):
            self.play.the_next_look(number)

    @rule(number=one_of_two, minutes=st.sampled_from([0, 1, 7, 15, 40, 60]))
    def nobody_looks_for_some_minutes(self, number, minutes):
        self.play.a_look_some_minutes_later(number, minutes)

    @rule(
        number=one_of_two,
        account=st.sampled_from(ACCOUNTS),
        call=st.sampled_from(["publish", "publish", *CALLS]),
        fault=st.sampled_from(list(Fault)),
    )
    def a_call_goes_wrong(self, number, account, call, fault):
        self.play.a_call_goes_wrong(account, call, fault, number)

    @rule(
        number=one_of_two,
        account=st.none() | st.sampled_from(ACCOUNTS),
        point=st.sampled_from(POINTS),
        after=few,
    )
    def a_process_is_killed(self, number, account, point, after):
        """With an account, while a request to it is on the way; the request arrives."""
        if account:
            self.play.a_process_is_killed_while_its_request_is_on_the_way(account, number)
        else:
            self.play.a_process_is_killed_at_work(number, point, after)

    @rule(
        number=one_of_two,
        point=st.sampled_from(POINTS),
        after=few,
        what=st.sampled_from(tuple(Play.HAPPENINGS)),
        about=numbers,
        minutes=st.sampled_from([1, 3, 10, 45]),
    )
    def something_happens_meanwhile(self, *, number, point, after, what, about, minutes):
        self.play.something_happens_meanwhile(number, (point, after), (what, about, minutes))

    @rule(
        edit=st.sampled_from(EDITS),
        post=st.sampled_from(range(len(SLOTS))),
        taken_by=numbers,
        minutes=st.sampled_from([-10, 5, 30, 90, 150]),
    )
    def the_calendar_is_edited(self, edit, post, taken_by, minutes):
        if edit is Play.a_post_is_moved:
            edit(self.play, post, taken_by, minutes)
        else:
            edit(self.play, post, taken_by)

    @rule(
        holds=st.lists(st.sampled_from(HOLDS), max_size=2, unique=True),
        silenced=st.sampled_from([None, None, "holds.yaml cannot be understood"]),
        heard_by=one_of_two,
    )
    def holds_yaml_says(self, holds, silenced, heard_by):
        self.play.holds_yaml_says(holds, silenced, heard_by)

    @rule(
        decision=st.sampled_from(DECISIONS),
        about=numbers,
        who=st.sampled_from(["Ana", "  ana ", "Bo"]),
        hold=st.sampled_from(HOLDS),
        passed=st.sampled_from(list(Passed)),
    )
    def somebody_decides(self, decision, about, who, hold, passed):
        match decision:
            case Play.somebody_agrees:
                decision(self.play, about, who)
            case Play.everybody_agrees:
                decision(self.play, who)
            case Play.somebody_holds:
                decision(self.play, hold)
            case Play.somebody_releases:
                decision(self.play, about, passed)
            case _:
                decision(self.play, about)

    @precondition(lambda self: self.play)
    @invariant()
    def all_is_as_it_must_be(self):
        self.play.all_is_as_it_must_be()

    def teardown(self) -> None:
        if self.play is None:
            return
        try:
            if sys.exc_info()[0] is None:
                self.play.everything_comes_to_rest()
        finally:
            self.play.ends()
