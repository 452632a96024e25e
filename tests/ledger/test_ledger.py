"""The ledger keeps what it was told, and moves nothing twice."""

from __future__ import annotations

import multiprocessing
import sqlite3
import threading
from contextlib import closing
from datetime import UTC, date, datetime, timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from scheduler.errors import UserError
from scheduler.ledger import FirstDayMoved, Ledger, Outrun, moves, questions, syncing
from scheduler.ledger.tables import metadata
from scheduler.model import TRANSITIONS, Delivery, Key, Receipt, State

NOW = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def delivery(post="launch", account="archive", due=NOW, day=1):
    return Delivery(
        key=Key(f"c/{post}/{account}/1"),
        campaign="c",
        post=post,
        account=account,
        platform="folder",
        part=1,
        day=day,
        due=due,
        grace=timedelta(hours=3),
    )


def sync(ledger, *plan, first=date(2026, 11, 25)):
    return ledger.write(lambda c: syncing.sync(c, "c", first, plan, now=NOW, who="test"))


def claim(ledger, post="launch", account="archive", now=NOW):
    """None for who comes too early or too late."""
    key = Key(f"c/{post}/{account}/1")
    planned = ledger.read(lambda c: questions.entry(c, key))
    try:
        return ledger.write(
            lambda c: moves.claim(c, planned, now=now, until=now + 2 * MINUTE, worker="test")
        )
    except Outrun:
        return None


def arm(ledger, entry, **more):
    frozen = {"draft": {"text": "…"}, "request": {"a": "é"}, "identity": "@x", **more}
    return ledger.write(
        lambda c: moves.arm(c, entry, now=NOW, until=NOW + MINUTE, who="test", **frozen)
    )


def move(ledger, entry, to, **more):
    return ledger.write(lambda c: moves.move(c, entry, to, now=NOW, who="test", **more))


def entries(ledger):
    return ledger.read(lambda c: questions.entries(c, "c"))


@pytest.fixture
def ledger(where):
    with Ledger(where) as ledger:
        yield ledger


@pytest.fixture
def file_ledger(tmp_path):
    with Ledger(tmp_path / "ledger.sqlite3") as ledger:
        yield ledger


def test_the_migrations_end_in_the_very_tables_of_the_code(ledger):
    with ledger._reading.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata)
    assert differences == []


def test_what_was_planned_stands_there_after_the_ledger_is_opened_again(where):
    with Ledger(where) as first:
        sync(first, delivery())
        before = entries(first)
    with Ledger(where) as second:
        assert entries(second) == before
        assert before[0].look_at == NOW


def test_every_commit_reaches_the_disk_before_it_is_reported(file_ledger):
    with file_ledger._writing.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"


def test_changes_of_many_threads_all_arrive_and_a_failing_one_fails_alone(ledger):
    sync(ledger, *(delivery(post=f"p{n}", account=f"a{n}") for n in range(40)))
    failures = []

    def work(number):
        if number % 4:
            claim(ledger, f"p{number}", f"a{number}")
            return
        try:
            ledger.write(lambda _: 1 / 0)
        except ZeroDivisionError as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    states = [entry.state for entry in entries(ledger)]
    assert (states.count(State.CLAIMED), len(failures)) == (30, 10)


def test_a_delivery_is_claimed_by_one_of_many(ledger):
    sync(ledger, delivery())
    claims = [claim(ledger) for _ in range(5)]
    assert [bool(claimed) for claimed in claims] == [True, False, False, False, False]


def test_nothing_is_claimed_before_its_time(ledger):
    sync(ledger, delivery(due=NOW + MINUTE))
    assert claim(ledger) is None
    assert claim(ledger, now=NOW + MINUTE) is not None


def test_an_account_has_one_delivery_under_way(ledger):
    sync(ledger, delivery(), delivery(post="second"), delivery(account="other"))
    assert claim(ledger)
    assert claim(ledger, post="second") is None
    assert claim(ledger, account="other")


def _claim_in_another_process(where, results):
    with Ledger(where) as ledger:
        results.put(claim(ledger) is not None)


def test_what_is_open_is_settled_before_anything_else_of_its_account(ledger):
    plan = [delivery(post=f"p{n:02}", due=NOW - n * MINUTE) for n in range(20)]
    sync(ledger, *plan)
    lost = claim(ledger, "p00")
    waiting = ledger.read(
        lambda c: questions.waiting(c, "c", now=NOW + 3 * MINUTE, without=(), most=3)
    )
    assert [due.key for due in waiting] == [f"c/{post}/archive/1" for post in ("p00", "p19", "p18")]
    assert lost.state is State.CLAIMED


def test_two_processes_on_one_ledger_claim_a_delivery_once(where):
    with Ledger(where) as ledger:
        sync(ledger, delivery())
    spawn = multiprocessing.get_context("spawn")
    results = spawn.Queue()
    workers = [
        spawn.Process(target=_claim_in_another_process, args=(where, results)) for _ in range(3)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(results.get() for _ in workers) == [False, False, True]


def test_a_new_ledger_that_another_process_is_just_making_is_waited_for(tmp_path):
    file = tmp_path / "ledger.sqlite3"
    other = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
    other.execute("CREATE TABLE being_made (a)")
    other.execute("BEGIN IMMEDIATE")
    threading.Timer(0.5, other.close).start()
    with Ledger(file) as ledger:
        assert entries(ledger) == ()


def test_a_file_that_another_process_keeps_for_itself_is_a_problem_in_a_sentence(tmp_path):
    file = tmp_path / "ledger.sqlite3"
    with (
        Ledger(file) as first,
        Ledger(file, patience=0.01) as second,
        closing(sqlite3.connect(file, isolation_level=None)) as other,
    ):
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(UserError, match="database is locked"):
            second.write(lambda _: None)
        other.execute("ROLLBACK")
        assert second.write(lambda _: "written") == "written"
        assert first.write(lambda _: "written") == "written"


def test_who_was_outrun_changes_nothing(ledger):
    sync(ledger, delivery())
    lost = claim(ledger)
    move(ledger, lost, State.PLANNED, look_at=NOW)
    again = claim(ledger)
    with pytest.raises(Outrun):
        move(ledger, lost, State.STAGED)
    assert (again.fence, entries(ledger)[0].state) == (lost.fence + 1, State.CLAIMED)


def test_a_step_that_is_not_legal_is_a_bug_and_changes_nothing(ledger):
    sync(ledger, delivery())
    (entry,) = entries(ledger)
    with pytest.raises(AssertionError, match="no legal step"):
        move(ledger, entry, State.ARMED)
    assert entries(ledger)[0].state is State.PLANNED


def test_every_state_has_its_steps_and_withdrawn_is_the_end():
    assert set(TRANSITIONS) == set(State)
    assert not TRANSITIONS[State.WITHDRAWN]
    assert all(state not in steps for state, steps in TRANSITIONS.items())


def test_nothing_public_can_ever_be_planned_again():
    assert State.PLANNED not in TRANSITIONS[State.PUBLISHED]
    assert TRANSITIONS[State.PUBLISHED] == {State.WITHDRAWN}


def test_each_step_stands_in_the_journal_with_who_and_why(ledger):
    sync(ledger, delivery())
    move(ledger, claim(ledger), State.REJECTED, reason="too long")
    key = Key("c/launch/archive/1")
    steps = ledger.read(lambda c: questions.steps(c, key))
    assert [(step.act, step.who, step.detail) for step in steps] == [
        ("claimed", "test", ""),
        ("rejected", "test", "too long"),
    ]
    attempt = ledger.read(lambda c: questions.last_attempt(c, key))
    assert attempt.ending == "rejected: too long"


def test_a_receipt_is_kept_as_it_came(ledger):
    sync(ledger, delivery())
    entry = arm(ledger, claim(ledger), uses=["fact one-in-three"], cost=15)
    attempt = ledger.read(lambda c: questions.last_attempt(c, entry.key))
    assert (attempt.request, attempt.draft, attempt.armed_at) == ({"a": "é"}, {"text": "…"}, NOW)
    assert (attempt.identity, attempt.uses) == ("@x", {"fact one-in-three"})
    receipt = Receipt(id="7", url="https://x.example/7")
    moved = ledger.write(lambda c: moves.publish(c, entry, receipt, now=NOW, who="test"))
    (published,) = entries(ledger)
    assert moved == published
    assert published.receipt == Receipt(id="7", url="https://x.example/7")
    assert (published.published_at, published.look_at) == (NOW, None)


def test_an_edited_calendar_moves_what_waits_and_cancels_what_is_gone(ledger):
    sync(ledger, delivery(), delivery(post="second"), delivery(post="third"))
    synced = sync(ledger, delivery(due=NOW + MINUTE), delivery(post="second"))
    assert (synced.added, synced.moved, synced.cancelled) == (0, 1, 1)
    states = {entry.post: (entry.state, entry.look_at) for entry in entries(ledger)}
    assert states == {
        "launch": (State.PLANNED, NOW + MINUTE),
        "second": (State.PLANNED, NOW),
        "third": (State.CANCELLED, None),
    }
    assert sync(ledger, delivery(post="third")).moved == 1


def test_an_edited_calendar_leaves_the_state_of_what_is_on_its_way(ledger):
    sync(ledger, delivery())
    held = claim(ledger)
    assert sync(ledger).cancelled == 0
    assert sync(ledger, delivery(due=NOW + MINUTE)).moved == 1
    (entry,) = entries(ledger)
    assert (entry.state, entry.due, entry.fence) == (State.CLAIMED, NOW + MINUTE, held.fence)
    assert entry.look_at == held.look_at


def test_a_new_time_outruns_whoever_has_read_the_old_one(ledger):
    sync(ledger, delivery())
    (stale,) = entries(ledger)
    sync(ledger, delivery(due=NOW + MINUTE))
    with pytest.raises(Outrun):
        move(ledger, stale, State.MISSED)


def test_an_edit_does_not_shorten_what_a_platform_wants_to_be_waited_for(ledger):
    sync(ledger, delivery())
    later = NOW + 30 * MINUTE
    move(ledger, claim(ledger), State.PLANNED, look_at=later, tries=1)
    sync(ledger, delivery(due=NOW + MINUTE))
    (entry,) = entries(ledger)
    assert (entry.due, entry.look_at, entry.tries) == (NOW + MINUTE, later, 1)


def published(ledger, post="launch"):
    armed = arm(ledger, claim(ledger, post), request={})
    receipt = Receipt(id="7", url="u")
    return ledger.write(lambda c: moves.publish(c, armed, receipt, now=NOW, who="test"))


def test_the_first_day_cannot_move_under_a_post_that_is_public(ledger):
    sync(ledger, delivery())
    sync(ledger, delivery(), first=date(2026, 11, 24))
    published(ledger)
    with pytest.raises(FirstDayMoved, match="2026-11-24"):
        sync(ledger, delivery(due=NOW + MINUTE), first=date(2026, 11, 26))
    assert ledger.read(lambda c: questions.first_day(c, "c")) == date(2026, 11, 24)
    assert entries(ledger)[0].due == NOW


def test_the_very_same_words_of_the_same_identity_are_recognised(ledger):
    sync(ledger, delivery(), delivery(post="renamed"))
    published(ledger)
    second = claim(ledger, "renamed")

    def twin(text, identity):
        return ledger.read(lambda c: questions.said_before(c, second, {"text": text}, identity))

    assert twin("…", "@x") == "c/launch/archive/1"
    assert twin("other words", "@x") is None
    assert twin("…", "@somebody-else") is None


def test_a_ledger_of_a_newer_version_is_refused_in_a_sentence(tmp_path):
    file = tmp_path / "ledger.sqlite3"
    Ledger(file).close()
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(UserError, match="a newer version of the program"):
        Ledger(file)


def test_a_closed_ledger_takes_no_more_changes(ledger):
    ledger.close()
    with pytest.raises(AssertionError, match="closed"):
        sync(ledger, delivery())


def test_writers_take_their_turn_before_they_read(file_ledger):
    """Two processes that read first and then both write would undo each other's claims."""
    other = sqlite3.connect(file_ledger.file, timeout=0)
    with (
        file_ledger._writing.begin(),
        pytest.raises(sqlite3.OperationalError, match="locked"),
    ):
        other.execute("BEGIN IMMEDIATE")
    other.close()


def test_a_missed_post_that_is_given_a_new_time_is_planned_again(ledger):
    sync(ledger, delivery())
    move(ledger, entries(ledger)[0], State.MISSED)
    assert sync(ledger, delivery()).moved == 0
    assert sync(ledger, delivery(due=NOW + MINUTE)).moved == 1
    assert entries(ledger)[0].state is State.PLANNED


def test_a_file_that_is_no_ledger_is_refused_and_left_as_it_was(tmp_path):
    file = tmp_path / "ledger.sqlite3"
    file.write_text("my shopping list\n" * 100)
    with pytest.raises(UserError) as caught:
        Ledger(file)
    assert caught.value.problems[0].code == "ledger"
    assert file.read_text().startswith("my shopping list")


@pytest.mark.parametrize(
    "where",
    ["mysql://a:secret@b/c", "postgresql://a:secret@b", "postgresql://a:secret@b:port/c", "://"],
)
def test_what_is_no_address_of_a_ledger_is_refused_without_its_password(where):
    with pytest.raises(UserError) as caught:
        Ledger(where)
    (problem,) = caught.value.problems
    assert problem.message == "this is no address of a ledger"
    assert "secret" not in str(problem)
