"""What the model and its making have found, as short as it can be told: each was a double post, or
something that went out although somebody had said no.
"""

from __future__ import annotations

import pytest
from fake_platform import Fault, Manner
from model_calendar import ACCOUNTS, CAPPED, COSTLY, ID, SLOTS
from play import HOLDS, Play
from processes import Trap

from scheduler.model import OPEN, State
from scheduler.publishing.releasing import Passed
from scheduler.publishing.resolving import TooEarly, is_not_published

OPENING, FIGURES, THANKS = 0, 1, 4


@pytest.fixture
def play(request):
    """Every account can be read back, and whoever must has said yes."""
    made = Play((Manner.READ_BACK,) * len(ACCOUNTS), approvals=getattr(request, "param", 0))
    made.everybody_agrees("Ana")
    yield made
    made.ends()


def says_only(play, *wanted):
    play.world.calendar.taken_out = set(range(len(SLOTS))) - set(wanted)
    play.process(0).take()


def number(play, post, account=CAPPED, part=1):
    """By which the model's people find it."""
    key = f"{ID}/{post}/{account}/{part}"
    return next(n for n in range(99) if play._entry(n).key == key)


def entry(play, post, account=CAPPED, part=1):
    return play._entry(number(play, post, account, part))


def test_what_was_withdrawn_while_nobody_knew_does_not_go_out_when_its_absence_is_proved(play):
    play.a_call_goes_wrong(CAPPED, "publish", Fault.DROPPED)
    assert entry(play, "figures").state is State.UNCONFIRMED
    play.somebody_withdraws(number(play, "figures"))
    play.everything_comes_to_rest()


def test_a_part_does_not_go_out_when_what_it_answers_is_withdrawn_while_it_is_staged(play):

    def withdrawn():
        play.somebody_withdraws(number(play, "opening"))

    says_only(play, OPENING)
    play.process(0).traps.append(Trap("before stage", 1, withdrawn))
    play.everything_comes_to_rest()


@pytest.mark.parametrize("play", [1], indirect=True, ids=["approvals"])
@pytest.mark.parametrize("when", ["unconfirmed", "claimed"])
def test_the_end_of_a_hold_takes_back_the_yes_to_what_is_in_doubt_as_well(play, when):
    says_only(play, FIGURES)

    def held_and_released():
        play.somebody_holds(HOLDS[0])
        play.somebody_releases(0, Passed.PUBLISH)

    if when == "claimed":
        play.process(0).traps.append(Trap("after stage", 0, held_and_released))
    else:
        play.a_call_goes_wrong(CAPPED, "publish", Fault.DROPPED)
        held_and_released()
    play.everything_comes_to_rest()


def overtaken(play, account, at_its_claim, *earlier):
    """When the second is about to claim, the first sends what by now comes before that, and dies.

    It does not come to what the second has in its hands.
    """
    says_only(play, FIGURES)

    def the_first_goes_on():
        play.world.calendar.minutes_later.update({OPENING: -5, THANKS: -95})
        says_only(play, FIGURES, *earlier)
        first = play.process(0)
        first.traps.append(Trap("after commit", 0, lambda: dies_with_the_last(first)))
        first.look()

    def dies_with_the_last(first):
        waiting = [each for each in play.world.entries() if each.account == account]
        coming = (State.PLANNED, *OPEN)
        if any(each.state in coming and each.post != "figures" for each in waiting):
            first.traps.append(Trap("after commit", 0, lambda: dies_with_the_last(first)))
        else:
            first.die()

    play.process(1).traps.append(Trap("before commit", at_its_claim, the_first_goes_on))
    play.the_next_look(1)


def test_what_another_process_sends_before_the_claim_counts_for_the_cap(play):
    overtaken(play, CAPPED, 0, OPENING)
    play.everything_comes_to_rest()


def test_what_another_process_sends_before_the_claim_counts_for_the_budget(play):
    overtaken(play, COSTLY, 3, OPENING, THANKS)
    play.everything_comes_to_rest()


def test_two_accounts_that_are_one_at_their_platform_say_the_same_once_even_side_by_side(play):
    says_only(play, FIGURES)
    play.world.sites[COSTLY].name = play.world.sites[CAPPED].name
    play.process(0).take()
    play.process(0).traps.append(Trap("before stage", 0, play._the_other_looks))
    play.the_next_look(0)
    said = [post.words for site in play.world.sites.values() for post in site.public]
    assert len(said) == 1


def test_a_person_who_looked_too_early_does_not_have_it_sent_twice(play):
    says_only(play, FIGURES)
    play.a_call_goes_wrong(CAPPED, "publish", Fault.LATE)
    unconfirmed = entry(play, "figures")
    assert (unconfirmed.state, play.world.sites[CAPPED].public) == (State.UNCONFIRMED, [])
    with pytest.raises(TooEarly):
        is_not_published(play.world.desk, unconfirmed, now=play.world.clock.now(), who="Ana")
    play.process(0).look()
    play.everything_comes_to_rest()
