"""What may keep a delivery back is told in one answer, and is what each question alone tells."""

from __future__ import annotations

from dataclasses import replace

import pytest
from test_ledger import MINUTE, NOW, delivery, sync

from scheduler.ledger import Ledger, deciding, pacing, questions
from scheduler.ledger.circumstances import circumstances
from scheduler.model import Hold, Scope

OURS = delivery()
#: Another post, another account: nothing that is said of them concerns ours.
THEIRS = delivery(post="thanks", account="page")
HELD = [
    Hold(scope=Scope.COUNTRY, value="AT", reason="a woman was killed", by="Ana"),
    Hold(scope=Scope.ACCOUNT, value="page", reason="refused", by="Ana"),
]


@pytest.fixture
def ledger(where):
    with Ledger(where) as ledger:
        sync(ledger, OURS, THEIRS)
        yield ledger


def hold(ledger, wanted, campaign="c"):
    ledger.write(lambda c: deciding.hold(c, campaign, wanted, now=NOW, who=wanted.by))


def bind(ledger, account):
    name = f"@{account}"
    ledger.write(lambda c: deciding.bind(c, "c", account, name, home="here", now=NOW, who="Ana"))


def wait(ledger, account, campaign="c"):
    ledger.write(lambda c: pacing.wait(c, campaign, account, NOW + MINUTE, reason="429"))


def found(ledger, one=OURS):
    return ledger.read(lambda c: circumstances(c, one.key))


def test_a_delivery_that_nothing_keeps_back_is_told_alone(ledger):
    told = found(ledger)
    assert told.entry == ledger.read(lambda c: questions.entry(c, OURS.key))
    assert (told.holds, told.binding, told.wait) == ((), None, None)


def test_all_that_may_keep_it_back_is_told_together(ledger):
    for held in HELD:
        hold(ledger, held)
    for one in (OURS, THEIRS):
        bind(ledger, one.account)
    wait(ledger, OURS.account)
    told = found(ledger)
    assert told.entry == ledger.read(lambda c: questions.entry(c, OURS.key))
    assert list(told.holds) == HELD
    assert told.binding == ledger.read(lambda c: deciding.binding(c, "c", OURS.account))
    assert told.wait == (NOW + MINUTE, "429")


def test_what_ended_or_is_said_of_others_is_not_told(ledger):
    hold(ledger, replace(HELD[0], reason="another campaign's"), campaign="another")
    wait(ledger, OURS.account, campaign="another")
    wait(ledger, THEIRS.account)
    bind(ledger, THEIRS.account)
    bind(ledger, OURS.account)
    ledger.write(lambda c: deciding.unbind(c, "c", OURS.account, because="off", now=NOW, who="Ana"))
    hold(ledger, HELD[0])
    number = ledger.read(lambda c: deciding.holding(c, "c"))[0].number
    ledger.write(lambda c: deciding.release(c, "c", number, now=NOW, who="Ana"))
    told = found(ledger)
    assert (told.holds, told.binding, told.wait) == ((), None, None)
