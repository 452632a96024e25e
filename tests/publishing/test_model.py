"""Whatever happens, in whatever order: each post is public once, or accounted for.

The same thousand steps are taken every time; `MODEL_MINUTES=10` goes on for so long.
"""

from __future__ import annotations

import itertools
import os
import time
from dataclasses import replace

import checks
import pytest
from fake_platform import FakePlatform, Manner
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test
from machine import Model
from sqlalchemy import text

from scheduler.ledger import Ledger
from scheduler.platforms import Absent

#: How long to look for more, in minutes.
MINUTES = float(os.environ.get("MODEL_MINUTES", "0"))
#: In rounds this short, Hypothesis makes each example anew; later it would vary what it had.
EXAMPLES = 9
ROUNDS = 5
SETTINGS = settings(
    max_examples=EXAMPLES,
    stateful_step_count=30,
    deadline=None,
    database=None,
    print_blob=True,
    suppress_health_check=list(HealthCheck),
)


def walk(number, model=Model, **changed):
    """The same steps for the same number."""
    run_state_machine_as_test(seed(number)(model), settings=settings(SETTINGS, **changed))


@pytest.mark.parametrize("number", range(ROUNDS))
def test_whatever_happens_each_post_is_public_once_or_accounted_for(number):
    walk(number)


@pytest.mark.skipif(not MINUTES, reason="MODEL_MINUTES says how long")
@pytest.mark.timeout(0)
def test_however_long_it_happens_each_post_is_public_once_or_accounted_for():
    begun = time.monotonic()
    for number in itertools.count(int(os.environ.get("MODEL_FROM", "1000"))):
        if time.monotonic() - begun > MINUTES * 60:
            return
        walk(number, stateful_step_count=50)


# ── the model finds what is broken on purpose ─────────────────────────────────────────────────────


class DeniesEverything(FakePlatform):
    """Says that nothing is there, whatever is."""

    def __init__(self, site, line):
        super().__init__(site, line)
        site.manner = Manner.READ_BACK  # nothing else would keep a second post out

    def find(self, staged, *, key, since):
        return Absent(reason="so it says")


class AnswersNothing(FakePlatform):
    """Forgets what a part of a thread answers."""

    def stage(self, draft, *, due, reply_to=None):
        return super().stage(draft, due=due, reply_to=None)


class GivesAWrongReceipt(FakePlatform):
    def publish(self, staged, *, key):
        return replace(super().publish(staged, key=key), id="another")


class KnowsNoCap(FakePlatform):
    def __init__(self, site, line):
        super().__init__(site, line)
        self.caps = ()


class IsFree(FakePlatform):
    def cost(self, draft):
        return 0


class Tampered(Ledger):
    """After each change, what `also` says happens to the deliveries as well."""

    also = ""

    def write(self, change):
        def changed(connection):
            result = change(connection)
            connection.execute(text(self.also))
            return result

        return super().write(changed)


class Forgets(Tampered):
    """Nobody ever looks again at what a lost worker had in its hands."""

    also = "UPDATE deliveries SET look_at = NULL WHERE state = 'armed'"


class SeesNoHolds(Ledger):
    """Reads as if nobody had ever held anything."""

    def read(self, query):
        with self._writing.connect() as connection, connection.begin() as undone:
            connection.execute(text("UPDATE holds SET released_at = 0"))
            result = query(connection)
            undone.rollback()
        return result


class SkipsAStep(Tampered):
    also = "UPDATE deliveries SET state = 'missed', look_at = NULL WHERE state = 'held'"


class IsAlwaysInTime(Tampered):
    """A grace that never ends."""

    also = "UPDATE deliveries SET latest = due + 86400000000 WHERE state = 'planned'"


BROKEN = {
    "a platform that denies what is there": (
        {"adapter": DeniesEverything},
        checks.no_delivery_is_public_twice,
        "times",
    ),
    "approvals that nobody asks for": (
        {"approvals": lambda campaign: 0},
        checks.nothing_left_that_must_not,
        "said yes to it",
    ),
    "holds that are forgotten": (
        {"ledger": SeesNoHolds},
        checks.nothing_left_that_must_not,
        "is held",
    ),
    "a grace that never ends": (
        {"ledger": IsAlwaysInTime},
        checks.nothing_left_that_must_not,
        "its time is from",
    ),
    "a thread that falls apart": (
        {"adapter": AnswersNothing},
        checks.nothing_left_that_must_not,
        "does not answer the part before it",
    ),
    "deliveries that nobody looks at": (
        {"ledger": Forgets},
        checks.nothing_is_forgotten,
        "nobody will look at it",
    ),
    "a wrong receipt": (
        {"adapter": GivesAWrongReceipt},
        checks.the_ledger_and_the_public_agree,
        "another",
    ),
    "a step that is not in the journal": (
        {"ledger": SkipsAStep},
        checks.every_step_of_the_journal_is_legal,
        "after",
    ),
    "a cap that is not known": (
        {"adapter": KnowsNoCap},
        checks.no_account_goes_beyond_its_cap,
        "more than 2 posts",
    ),
    "a price that is not known": (
        {"adapter": IsFree},
        checks.no_account_spends_more_than_its_budget,
        "thousandths",
    ),
}


def walks(model):
    """What is found need not be made small."""
    for number in range(ROUNDS):
        walk(number, model, phases=[Phase.generate])


@pytest.mark.parametrize(("broken", "check", "said"), BROKEN.values(), ids=BROKEN)
def test_the_model_finds(broken, check, said):
    model = type("Broken", (Model,), {"broken": broken, "checks": (check,)})
    with pytest.raises(AssertionError, match=f"{check.__name__}.*({said})"):
        walks(model)
