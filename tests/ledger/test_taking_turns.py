"""Workers that share a ledger keep out of each other's way, and the due query stays short."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event, text
from test_ledger import MINUTE, NOW, delivery, sync

from scheduler.ledger import Ledger, questions, taking_turns

MANY = 20_000


@pytest.fixture
def ledger(where):
    with Ledger(where) as ledger:
        yield ledger


def take(ledger, *names, worker="a", now=NOW):
    return ledger.write(
        lambda c: taking_turns.take(
            c, "accounts of c", names, now=now, until=now + MINUTE, worker=worker
        )
    )


def give_back(ledger, *names, worker="a"):
    ledger.write(lambda c: taking_turns.give_back(c, "accounts of c", names, worker=worker))


def lost(ledger, name):
    return ledger.read(lambda c: taking_turns.lost(c, "accounts of c", name))


def test_a_turn_is_one_worker_s_until_it_ends(ledger):
    assert take(ledger, "x", "y") == {"x", "y"}
    assert take(ledger, "x", "z", worker="b") == {"z"}
    assert take(ledger, "x", now=NOW + MINUTE, worker="b") == {"x"}


def test_what_is_given_back_is_anybody_s(ledger):
    take(ledger, "x")
    give_back(ledger, "x", worker="b")
    assert take(ledger, "x", worker="b") == set()
    give_back(ledger, "x")
    assert take(ledger, "x", worker="b") == {"x"}


def test_workers_that_are_lost_over_one_thing_are_counted_until_one_ends_it(ledger):
    take(ledger, "x")
    take(ledger, "x", worker="b", now=NOW + MINUTE)
    take(ledger, "x", worker="c", now=NOW + 2 * MINUTE)
    assert lost(ledger, "x") == 2
    give_back(ledger, "x", worker="c")
    assert lost(ledger, "x") == 0


def test_another_worker_s_turn_is_not_among_what_waits(ledger):
    sync(ledger, delivery(account="one"), delivery(account="two"))
    take(ledger, "one")

    def waiting(worker, now=NOW):
        due = ledger.read(lambda c: questions.waiting(c, "c", now=now, worker=worker, most=10))
        return {each.account for each in due}

    assert waiting("a") == {"one", "two"}
    assert waiting("b") == {"two"}
    assert waiting("b", NOW + MINUTE) == {"one", "two"}


@pytest.mark.system
def test_a_row_that_another_worker_is_just_taking_is_not_waited_for(postgresql):
    address = postgresql.database()
    with Ledger(address) as ledger, Ledger(address) as other:
        take(ledger, "x", "y")
        give_back(ledger, "x", "y")

        def while_taken(connection):
            mine = taking_turns.take(
                connection, "accounts of c", ["x"], now=NOW, until=NOW + MINUTE, worker="a"
            )
            return mine, take(other, "x", "y", worker="b")

        assert ledger.write(while_taken) == ({"x"}, {"y"})


def ways(ledger, explain="EXPLAIN"):
    """How many the server finds of what waits, and how it goes about each of the questions."""
    asked = []
    event.listen(
        ledger._reading,
        "before_cursor_execute",
        lambda connection, cursor, statement, values, context, many: asked.append(
            (statement, values)
        ),
    )

    def ask(connection):
        found = questions.waiting(
            connection, "c", now=NOW, without=("a1",), full=("x",), worker="w", most=1000
        )
        questions.next_look(connection, "c")
        planned = [
            connection.exec_driver_sql(f"{explain} {statement}", values).scalars().all()
            for statement, values in list(asked)
        ]
        return len(found), ["\n".join(lines) for lines in planned]

    return ledger.read(ask)


@pytest.mark.system
def test_what_is_due_is_found_without_reading_what_is_planned(postgresql):
    with Ledger(postgresql.database()) as ledger:
        later = NOW + timedelta(days=1)
        plan = [
            delivery(post=f"p{n}", account=f"a{n}", due=later if n > 50 else NOW)
            for n in range(MANY)
        ]
        sync(ledger, *plan)
        ledger.write(lambda c: c.execute(text("ANALYZE deliveries")))
        found, plans = ways(ledger)
        assert found == 50
        assert len(plans) == 3
        for plan_ in plans:
            assert "Seq Scan on deliveries" not in plan_, plan_
        assert "ix_deliveries_due" in plans[1]


@pytest.mark.system
def test_turns_are_read_once_and_not_for_all_that_is_due_where_nothing_was_counted(postgresql):
    with Ledger(postgresql.database()) as ledger:
        sync(ledger, *(delivery(post=f"p{n}", account=f"a{n}") for n in range(300)))
        take(ledger, *(f"a{n}" for n in range(100)), worker="another")
        found, plans = ways(ledger, "EXPLAIN ANALYZE")
        assert found == 200
        read = [line for line in plans[1].splitlines() if " on turns " in line]
        assert read
        assert all("loops=1)" in line for line in read), plans[1]
