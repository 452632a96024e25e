"""Who is served next: fairly, so many on each platform, and by one worker at a time."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest

from scheduler.ledger import Ledger, moves, questions, syncing
from scheduler.model import Delivery, Key, State
from scheduler.publishing import LEASE, Means, Publisher, choosing
from scheduler.publishing.choosing import Choosing
from scheduler.publishing.delivering import LOST
from scheduler.rehearsing import FastClock

NOW = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
MEMBER = {"a": SimpleNamespace(id="a"), "b": SimpleNamespace(id="b")}


class Members:
    """A coalition of which only the names of accounts matter: a.1, a.2 …, b.1."""

    own = SimpleNamespace(id="c")

    def speaker(self, account):
        return SimpleNamespace(member=MEMBER[account.partition(".")[0]])


def delivery(account, post="p", platform="folder"):
    return Delivery(
        key=Key(f"c/{post}/{account}/1"),
        campaign="c",
        post=post,
        account=account,
        platform=platform,
        part=1,
        day=1,
        due=NOW,
        grace=timedelta(hours=3),
    )


def plan(ledger, *deliveries):
    ledger.write(
        lambda c: syncing.sync(c, "c", date(2026, 11, 25), deliveries, now=NOW, who="test")
    )


def chooser(ledger, worker="w", connections=1):
    return Choosing(
        Means(
            ledger=ledger,
            clock=FastClock(NOW),
            shelf=None,
            connect=None,
            gate=None,
            worker=worker,
            connections=connections,
        )
    )


def chosen(found):
    return [one.account for one in found]


@pytest.fixture
def ledger(where):
    with Ledger(where) as ledger:
        yield ledger


def test_a_member_with_many_accounts_does_not_hold_back_one_with_few(ledger):
    plan(ledger, *(delivery(f"a.{n:03}") for n in range(50)), delivery("b.1"))
    assert "b.1" in chosen(chooser(ledger).next(Members(), NOW, {}))


def test_an_account_with_very_much_that_is_due_does_not_hide_the_others(ledger):
    many = [delivery("a.1", post=f"p{n:05}") for n in range(choosing.SEEN + 10)]
    plan(ledger, *many, delivery("b.1", post="z"))
    found = chooser(ledger).next(Members(), NOW, {})
    assert chosen(found) == ["a.1", "b.1"]
    assert len(found[0].keys) < 10


def test_a_platform_that_is_full_leaves_room_for_the_others(ledger):
    plan(ledger, *(delivery(f"a.{n}") for n in range(9)), delivery("b.1", platform="x"))
    served = {f"a.{n}": "folder" for n in range(8)}
    assert chosen(chooser(ledger).next(Members(), NOW, served)) == ["b.1"]


@pytest.mark.system
def test_two_workers_take_up_different_accounts(postgresql):
    with Ledger(postgresql.database()) as ledger:
        plan(ledger, *(delivery(f"a.{n}") for n in range(6)))
        first, second = chooser(ledger, "first", 2), chooser(ledger, "second", 2)
        ours = chosen(first.next(Members(), NOW, {}))
        theirs = chosen(second.next(Members(), NOW, {}))
        assert (len(ours), len(theirs)) == (4, 2)
        assert not set(ours) & set(theirs)
        assert first.more
        for account in ours:
            first.ended(account)
        first.close("c")
        assert set(ours) & set(chosen(second.next(Members(), NOW, {})))


@pytest.mark.system
def test_what_a_lost_worker_had_taken_up_is_another_s_after_its_turn(postgresql):
    with Ledger(postgresql.database()) as ledger:
        plan(ledger, delivery("a.1"))
        assert chosen(chooser(ledger, "lost").next(Members(), NOW, {})) == ["a.1"]
        assert chooser(ledger, "other").next(Members(), NOW, {}) == ()
        later = NOW + choosing.TURN
        assert chosen(chooser(ledger, "other").next(Members(), later, {})) == ["a.1"]


def test_a_platform_that_does_not_answer_does_not_hold_back_another(ledger):
    slow = [delivery(f"a.{n}", platform="slow") for n in range(4)]
    plan(ledger, *slow, delivery("b.1", platform="quick"))
    answered, published = threading.Event(), threading.Event()
    publisher = Publisher(chooser(ledger, connections=2)._means)

    def work(key):
        if "/a." in key:
            assert answered.wait(20)
        else:
            published.set()

    for one in publisher._choosing.next(Members(), NOW, {}):
        publisher._begin(one, work)
    assert published.wait(20)
    answered.set()
    publisher.wait()
    publisher.close()


def test_what_ends_one_worker_after_the_other_is_left_to_a_person_with_the_reason(theatre):
    for number in range(LOST):
        entry = theatre.launch
        theatre.clock.advance(max(theatre.clock.now(), entry.look_at))
        now = theatre.clock.now()
        theatre.ledger.write(
            lambda c, entry=entry, now=now, number=number: moves.claim(
                c, entry, now=now, until=now + LEASE, worker=f"lost-{number}"
            )
        )
        theatre.look(LEASE + timedelta(seconds=1))
    assert theatre.launch.state is State.HELD
    assert "5 workers in a row were lost over it" in theatre.launch.reason
    theatre.look(timedelta(minutes=30))
    assert (theatre.launch.state, theatre.public()) == (State.HELD, [])
    theatre.play()
    assert theatre.launch.state is State.MISSED
    assert "workers in a row were lost over it" in theatre.launch.reason


def test_a_worker_that_is_lost_now_and_then_costs_nothing_but_time(theatre):
    entry = theatre.launch
    now = theatre.clock.now()
    theatre.ledger.write(lambda c: moves.claim(c, entry, now=now, until=now + LEASE, worker="lost"))
    theatre.look(LEASE + timedelta(seconds=1))
    theatre.play()
    assert theatre.launch.state is State.PUBLISHED
    assert theatre.ledger.read(lambda c: questions.endings(c, theatre.launch.key, 9))
