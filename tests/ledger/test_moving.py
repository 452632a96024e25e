"""A ledger goes from a file to a server, whole, and is closed for good where it was."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest
from sqlalchemy import text
from test_ledger import NOW, arm, claim, delivery, entries, sync

from scheduler.errors import UserError
from scheduler.ledger import Ledger, deciding, granting, moves, questions, syncing
from scheduler.ledger.moving import TABLES, NotMoved, move_ledger
from scheduler.ledger.tables import metadata
from scheduler.model import Hold, Key, Receipt, Scope, State

pytestmark = pytest.mark.system


@pytest.fixture
def file(tmp_path):
    """A ledger in which something was published, held, approved, bound, and waits."""
    file = tmp_path / "ledger.sqlite3"
    with Ledger(file) as ledger:
        sync(ledger, delivery(), delivery("listen"), delivery("later", account="two"))
        armed = arm(ledger, claim(ledger))
        receipt = Receipt(id="17", url="https://a.example/17")
        ledger.write(lambda c: moves.publish(c, armed, receipt, now=NOW, who="test"))
        hold = Hold(scope=Scope.POST, value="listen", reason="wait")
        ledger.write(lambda c: deciding.hold(c, "c", hold, now=NOW, who="ana"))
        key = Key("c/later/two/1")
        ledger.write(lambda c: deciding.approve(c, "c", key, {"text": "it"}, now=NOW, who="ana"))
        ledger.write(
            lambda c: deciding.bind(c, "c", "two", "@two", home="here", now=NOW, who="ana")
        )
        ledger.write(lambda c: granting.keep(c, "two", "sealed", key="k"))
    return file


@pytest.fixture
def target(postgresql):
    with Ledger(postgresql.database()) as target:
        yield target


def move(file, target):
    return move_ledger(file, target, now=NOW, who="ana")


def test_everything_is_there_afterwards_and_the_same(file, target):
    with Ledger(file) as before:
        known = entries(before)
        steps = before.read(lambda c: questions.steps(c, Key("c/launch/archive/1")))
    moved = move(file, target)
    assert entries(target) == known
    assert target.read(lambda c: questions.steps(c, Key("c/launch/archive/1"))) == steps
    assert (moved.rows["deliveries"], moved.rows["journal"], moved.rows["holds"]) == (3, 4, 1)
    assert len(moved.digest) == 64
    decisions = target.read(lambda c: questions.decisions(c, "c"))
    assert [line.act for line in decisions] == ["hold", "approve", "live", "move"]


def test_no_table_is_left_behind_but_what_ends_by_itself():
    assert metadata.tables.keys() - {table.name for table in TABLES} == {"moved", "turns"}


def test_a_sealed_token_comes_along(file, target):
    move(file, target)
    assert target.read(lambda c: granting.kept(c, "two")).sealed == "sealed"


def test_a_token_that_is_being_renewed_is_waited_for(file, target):
    with Ledger(file) as ledger:
        lease = timedelta(minutes=2)
        assert ledger.write(lambda c: granting.begin(c, "two", 1, now=NOW, lease=lease, worker="w"))
    with pytest.raises(NotMoved, match="being renewed: two"):
        move(file, target)
    moved = move_ledger(file, target, now=NOW + timedelta(minutes=4), who="ana")
    assert moved.rows["grants"] == 1


def test_who_was_live_must_be_bound_anew(file, target):
    assert move(file, target).unbound == ("two",)
    assert target.read(lambda c: deciding.live(c, "c")) == ()


def test_the_new_one_goes_on_counting(file, target):
    move(file, target)
    assert claim(target, "listen").state is State.CLAIMED
    hold = Hold(scope=Scope.POST, value="later", reason="wait")
    assert target.write(lambda c: deciding.hold(c, "c", hold, now=NOW, who="ana"))


def test_the_old_one_is_refused_and_says_where_everything_is(file, target):
    move(file, target)
    with pytest.raises(UserError, match="it was moved, and publishes nothing any more") as refused:
        Ledger(file)
    assert target.name in str(refused.value)


def test_a_program_that_still_runs_on_the_old_one_can_claim_nothing(file, target):
    with Ledger(file) as running:
        move(file, target)
        assert claim(running, "listen") is None
        with pytest.raises(UserError, match="this ledger was moved"):
            running.write(
                lambda c: syncing.sync(c, "c", NOW.date(), [delivery("new")], now=NOW, who="test")
            )


def test_a_target_that_is_not_empty_is_refused_and_the_old_one_goes_on(file, target):
    sync(target, delivery("else"))
    with pytest.raises(NotMoved, match="1 campaigns, 1 deliveries"):
        move(file, target)
    with Ledger(file) as ledger:
        assert claim(ledger, "listen").state is State.CLAIMED


def test_what_is_in_somebody_s_hands_is_not_moved(file, target):
    with Ledger(file) as ledger:
        claim(ledger, "listen")
    with pytest.raises(NotMoved, match="1 deliveries are in somebody's hands"):
        move(file, target)
    Ledger(file).close()


def test_a_move_that_was_interrupted_goes_on_and_only_to_where_it_went(file, target, postgresql):
    with Ledger(file) as ledger:
        known = entries(ledger)

    def interrupted(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        move_ledger(file, target, now=NOW, who="ana", progress=interrupted)
    assert target.read(lambda c: c.execute(text("SELECT count(*) FROM deliveries")).scalar()) == 0
    with Ledger(postgresql.database()) as other, pytest.raises(NotMoved, match="already"):
        move(file, other)
    move(file, target)
    assert entries(target) == known


def test_a_row_that_does_not_arrive_as_it_was_undoes_all(file, target):
    with closing(sqlite3.connect(file)) as connection, connection:
        # No text of PostgreSQL holds this character.
        connection.execute("UPDATE deliveries SET reason = char(0) WHERE post = 'later'")
    with pytest.raises(UserError):
        move(file, target)
    assert entries(target) == ()


def test_it_is_known_for_another_ledger(file, target):
    with Ledger(file) as ledger:
        before = ledger.home()
    assert target.home() not in {before, ""}
