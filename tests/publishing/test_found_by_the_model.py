"""What the model found and what is not mended yet, as short as it can be told.

Whoever mends one of them takes its mark away, and its name out of `world.Known`.
"""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from fake_platform import Fault, Manner
from machine import HOLDS, Model
from model_calendar import ACCOUNTS, CAPPED, ID, SLOTS
from processes import Trap

from scheduler.model import State
from scheduler.publishing.releasing import Passed

OPENING, FIGURES = 0, 1


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
    keys = [entry.key for entry in model.world.entries()]
    return keys.index(f"{ID}/{post}/{account}/{part}")


def entry(model, post, account=CAPPED, part=1):
    return model.world.entries()[number(model, post, account, part)]


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


