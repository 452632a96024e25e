"""What the model found and what is not mended yet, as short as it can be told.

Whoever mends one of them takes its mark away, and its name out of `world.Known`.
"""

from __future__ import annotations

import pytest
from fake_platform import Fault, Manner
from machine import HOLDS, Model
from model_calendar import ACCOUNTS, CAPPED, COSTLY, ID, SLOTS
from processes import Trap

from scheduler.model import OPEN, State
from scheduler.publishing.releasing import Passed

OPENING, FIGURES, THANKS = 0, 1, 4


@pytest.fixture
def model():
    made = Model()
    yield made
    made._ends()


def begun(model, approvals=0):
    """Every account can be read back, and whoever must has said yes."""
    model.begins(manners=(Manner.READ_BACK,) * len(ACCOUNTS), approvals=approvals, agreed=True)
    model.world.known = frozenset()
    return model


def says_only(model, *wanted):
    model.world.calendar.taken_out = set(range(len(SLOTS))) - set(wanted)
    model.process(0).take()


def number(model, post, account=CAPPED, part=1):
    """By which the model's people find it."""
    key = f"{ID}/{post}/{account}/{part}"
    return next(n for n in range(99) if model._entry(n).key == key)


def entry(model, post, account=CAPPED, part=1):
    return model._entry(number(model, post, account, part))


def ends(model):
    """Everything that is still to come, with a look at all that must be true."""
    model.everything_comes_to_rest()


@pytest.mark.xfail(
    strict=True,
    reason="withdrawing.withdraw holds only what is planned or held: what is unconfirmed is "
    "proved absent later, planned again, and goes out",
)
def test_what_was_withdrawn_while_nobody_knew_does_not_go_out_when_its_absence_is_proved(model):
    begun(model)
    model.a_request_goes_wrong(CAPPED, 0, Fault.DROPPED)
    assert entry(model, "figures").state is State.UNCONFIRMED
    model.somebody_withdraws(number(model, "figures"))
    ends(model)


@pytest.mark.xfail(
    strict=True,
    reason="the last look does not ask `why_wait` again, and what is claimed is in no part of a "
    "Withdrawal",
)
def test_a_part_does_not_go_out_when_what_it_answers_is_withdrawn_while_it_is_staged(model):
    begun(model)

    def withdrawn():
        model.somebody_withdraws(number(model, "opening"))

    says_only(model, OPENING)
    model.process(0).traps.append(Trap("before stage", 1, withdrawn))
    ends(model)


@pytest.mark.parametrize("when", ["unconfirmed", "claimed"])
@pytest.mark.xfail(
    strict=True,
    reason="releasing.kept_back finds of what is due only what is planned or held, so that a yes "
    "to what is unconfirmed or in a worker's hands outlives the hold",
)
def test_the_end_of_a_hold_takes_back_the_yes_to_what_is_in_doubt_as_well(model, when):
    begun(model, approvals=1)
    says_only(model, FIGURES)

    def held_and_released():
        model.somebody_holds(HOLDS[0])
        model.somebody_releases(0, Passed.PUBLISH)

    if when == "claimed":
        model.process(0).traps.append(Trap("after stage", 0, held_and_released))
    else:
        model.a_request_goes_wrong(CAPPED, 0, Fault.DROPPED)
        held_and_released()
    ends(model)


BEFORE_THE_CLAIM = pytest.mark.xfail(
    strict=True,
    reason="what an account must wait for, and what its budget leaves, is judged before the claim "
    "and never after it: another process may have sent something meanwhile",
)


def overtaken(model, account, at_its_claim, *earlier):
    """When the second is about to claim, the first sends what by now comes before that, and dies.

    It does not come to what the second has in its hands.
    """
    begun(model)
    says_only(model, FIGURES)

    def the_first_goes_on():
        model.world.calendar.minutes_later.update({OPENING: -5, THANKS: -95})
        says_only(model, FIGURES, *earlier)
        first = model.process(0)
        first.traps.append(Trap("after commit", 0, lambda: dies_with_the_last(first)))
        first.look()

    def dies_with_the_last(first):
        waiting = [each for each in model.world.entries() if each.account == account]
        coming = (State.PLANNED, *OPEN)
        if any(each.state in coming and each.post != "figures" for each in waiting):
            first.traps.append(Trap("after commit", 0, lambda: dies_with_the_last(first)))
        else:
            first.die()

    model.process(1).traps.append(Trap("before commit", at_its_claim, the_first_goes_on))
    model.the_next_look(1)


@BEFORE_THE_CLAIM
def test_what_another_process_sends_before_the_claim_counts_for_the_cap(model):
    overtaken(model, CAPPED, 0, OPENING)
    ends(model)


@BEFORE_THE_CLAIM
def test_what_another_process_sends_before_the_claim_counts_for_the_budget(model):
    overtaken(model, COSTLY, 3, OPENING, THANKS)
    ends(model)


@pytest.mark.xfail(
    strict=True,
    reason="`said_before` is asked before staging, and not in the transaction that arms: of two "
    "accounts that are one at their platform, both may be told that nothing was said",
)
def test_two_accounts_that_are_one_at_their_platform_say_the_same_once_even_side_by_side(model):
    begun(model)
    says_only(model, FIGURES)
    model.world.sites[COSTLY].name = model.world.sites[CAPPED].name
    model.process(0).take()
    model.process(0).traps.append(Trap("before stage", 0, model._the_other_looks))
    model.the_next_look(0)
    said = [post.words for site in model.world.sites.values() for post in site.public]
    assert len(said) == 1
