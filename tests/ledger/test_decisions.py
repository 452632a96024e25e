"""What people decide is kept with who and when, and nothing of it is ever lost or changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from scheduler.errors import UserError
from scheduler.ledger import Ledger, Origin, deciding, digest, questions
from scheduler.model import Hold, Key, Scope, target

NOW = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
KEY = Key("c/launch/archive/1")
AUSTRIA = Hold(scope=Scope.COUNTRY, value="AT", reason="a woman was killed", by="Ana")


@pytest.fixture
def ledger(where):
    with Ledger(where) as ledger:
        yield ledger


def hold(ledger, wanted=AUSTRIA, **more):
    return ledger.write(lambda c: deciding.hold(c, "c", wanted, now=NOW, who="Ana", **more))


def holding(ledger):
    return ledger.read(lambda c: deciding.holding(c, "c"))


def reason(ledger, *targets):
    held = [each.hold for each in ledger.read(lambda c: deciding.holding(c, "c"))]
    return deciding.hold_reason(held, set(targets))


def approve(ledger, who, text="one"):
    return ledger.write(lambda c: deciding.approve(c, "c", KEY, {"text": text}, now=NOW, who=who))


def approvers(ledger, text="one"):
    return ledger.read(lambda c: deciding.approvers(c, KEY, digest({"text": text})))


def decisions(ledger):
    lines = ledger.read(lambda c: questions.decisions(c, "c"))
    return [(line.act, line.who, line.subject) for line in lines]


def test_a_hold_keeps_back_what_belongs_to_it_and_nothing_else(ledger):
    assert hold(ledger)
    assert "a woman was killed" in reason(ledger, target(Scope.COUNTRY, "at"))
    assert reason(ledger, target(Scope.COUNTRY, "de"), target(Scope.MEMBER, "at")) is None


def test_the_same_hold_for_the_same_reason_is_there_once(ledger):
    assert hold(ledger)
    assert not hold(ledger)
    assert hold(ledger, Hold(scope=Scope.COUNTRY, value="at", reason="the court asked us to"))
    assert len(holding(ledger)) == 2


def test_a_released_hold_keeps_nothing_back_and_can_come_again(ledger):
    hold(ledger)
    (held,) = holding(ledger)
    ledger.write(lambda c: deciding.release(c, "c", held.number, now=NOW, who="Ben"))
    assert (holding(ledger), reason(ledger, target(Scope.COUNTRY, "AT"))) == ((), None)
    assert hold(ledger)
    assert holding(ledger)[0].number != held.number


def test_the_holds_of_the_file_follow_it_and_leave_the_others_alone(ledger):
    hold(ledger, Hold(scope=Scope.TAG, value="#Help", reason="not now"))
    everything = Hold(scope=Scope.EVERYTHING, value="", reason="we must think")

    def follow(*written):
        return ledger.write(
            lambda c: deciding.follow_file(c, "c", written, now=NOW, who="holds.yaml")
        )

    assert follow(AUSTRIA, everything) == ()
    assert follow(AUSTRIA, everything) == ()
    assert {(each.hold.scope, each.origin) for each in holding(ledger)} == {
        (Scope.TAG, Origin.PERSON),
        (Scope.COUNTRY, Origin.FILE),
        (Scope.EVERYTHING, Origin.FILE),
    }
    (gone,) = follow(everything)
    assert gone.hold.target == AUSTRIA.target
    assert {each.hold.scope for each in holding(ledger)} == {Scope.TAG, Scope.EVERYTHING}


def test_an_approval_is_of_one_draft_and_no_other(ledger):
    assert approve(ledger, "Ana")
    assert (approvers(ledger), approvers(ledger, "two")) == (("Ana",), ())


def test_all_approvals_of_a_campaign_are_known_but_those_that_were_taken_back(ledger):
    approve(ledger, "Ana")
    approve(ledger, "Ben", "two")
    said = ledger.read(lambda c: deciding.approved(c, "c"))
    assert [(each.key, each.draft, each.who, each.at) for each in said] == [
        (KEY, {"text": "one"}, "Ana", NOW),
        (KEY, {"text": "two"}, "Ben", NOW),
    ]
    assert [each.digest for each in said] == [digest(each.draft) for each in said]
    assert ledger.read(lambda c: deciding.approved(c, "another")) == ()
    ledger.write(lambda c: deciding.revoke(c, "c", [KEY], because="no", now=NOW, who="Ana"))
    assert ledger.read(lambda c: deciding.approved(c, "c")) == ()


def test_one_person_counts_once_however_the_name_is_written(ledger):
    assert approve(ledger, "Ana Kovač")
    assert not approve(ledger, " ana  KOVAČ ")
    assert approve(ledger, "Ben")
    assert approvers(ledger) == ("Ana Kovač", "Ben")


def test_a_yes_that_was_taken_back_no_longer_counts_and_may_be_given_again(ledger):
    approve(ledger, "Ana")
    revoked = ledger.write(
        lambda c: deciding.revoke(c, "c", [KEY], because="edited", now=NOW, who="Ben")
    )
    assert (revoked, approvers(ledger)) == (1, ())
    assert approve(ledger, "Ana")
    assert approvers(ledger) == ("Ana",)


def bind(ledger, identity="@a (1)", home="here"):
    ledger.write(lambda c: deciding.bind(c, "c", "page", identity, home=home, now=NOW, who="Ana"))


def test_an_account_is_bound_to_one_identity_at_a_time(ledger):
    bind(ledger)
    bind(ledger, identity="@b (2)", home="there")
    (bound,) = ledger.read(lambda c: deciding.live(c, "c"))
    assert (bound.identity, bound.home, bound.since) == ("@b (2)", "there", NOW)
    assert ledger.write(
        lambda c: deciding.unbind(c, "c", "page", because="off", now=NOW, who="Ana")
    )
    assert ledger.read(lambda c: deciding.binding(c, "c", "page")) is None


def test_every_decision_stands_in_the_audit_trail_with_who(ledger):
    hold(ledger)
    approve(ledger, "Ben")
    bind(ledger)
    (held,) = holding(ledger)
    ledger.write(lambda c: deciding.release(c, "c", held.number, now=NOW, who="Cem"))
    assert decisions(ledger) == [
        ("hold", "Ana", "country AT"),
        ("approve", "Ben", KEY),
        ("live", "Ana", "page"),
        ("release", "Cem", "country AT"),
    ]


@pytest.mark.parametrize("table", ["audit", "journal"])
@pytest.mark.parametrize("change", ["UPDATE {} SET who = 'nobody'", "DELETE FROM {}"])
def test_the_database_itself_refuses_to_forget(ledger, table, change):
    hold(ledger)
    ledger.write(
        lambda c: c.execute(
            text(
                "INSERT INTO journal (at, who, key, from_state, to_state, fence, reason) "
                "VALUES (1, 'Ana', 'k', 'planned', 'held', 0, '')"
            )
        )
    )
    with pytest.raises((UserError, DatabaseError), match="append-only"):
        ledger.write(lambda c: c.execute(text(change.format(table))))
    assert decisions(ledger) == [("hold", "Ana", "country AT")]


def test_instants_keep_their_microseconds(ledger):
    late = NOW + timedelta(microseconds=7)
    ledger.write(lambda c: deciding.record(c, "c", "hold", "x", now=late, who="Ana"))
    (line,) = ledger.read(lambda c: questions.decisions(c, "c"))
    assert line.at == late
