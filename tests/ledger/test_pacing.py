"""How fast an account may go is counted from what the ledger armed, whichever process did it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from scheduler.ledger import Ledger, moves, pacing, questions, syncing
from scheduler.model import Delivery, Key, Receipt, State

NOW = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def ledger(where):
    with Ledger(where) as ledger:
        plan = [
            Delivery(
                key=Key(f"c/p{number}/page/1"),
                campaign="c",
                post=f"p{number}",
                account="page",
                platform="x",
                part=1,
                day=1,
                due=NOW,
                grace=HOUR,
            )
            for number in range(4)
        ]
        ledger.write(lambda c: syncing.sync(c, "c", date(2026, 11, 25), plan, now=NOW, who="test"))
        yield ledger


def sent(ledger, number, at, *, ends=State.PUBLISHED, cost=15):
    key = Key(f"c/p{number}/page/1")
    planned = ledger.read(lambda c: questions.entry(c, key))

    def change(connection):
        claimed = moves.claim(connection, planned, now=at, until=at + MINUTE, worker="w")
        armed = moves.arm(
            connection,
            claimed,
            draft={"text": key},
            request={},
            identity="@page",
            cost=cost,
            now=at,
            until=at + MINUTE,
            who="w",
        )
        if ends is State.PUBLISHED:
            return moves.publish(connection, armed, Receipt(id="1", url="u"), now=at, who="w")
        return moves.move(connection, armed, ends, now=at, who="w", reason="said so", look_at=at)

    return ledger.write(change)


def full_until(ledger, posts, now):
    return ledger.read(lambda c: pacing.full_until(c, "page", posts=posts, window=HOUR, now=now))


def spent(ledger):
    return ledger.read(lambda c: pacing.spent(c, "c", "page"))


def test_an_account_is_full_until_the_oldest_of_its_window_has_left_it(ledger):
    sent(ledger, 0, NOW)
    sent(ledger, 1, NOW + 10 * MINUTE)
    now = NOW + 20 * MINUTE
    assert full_until(ledger, 3, now) is None
    assert full_until(ledger, 2, now) == NOW + HOUR
    assert full_until(ledger, 1, now) == NOW + 10 * MINUTE + HOUR
    assert full_until(ledger, 2, NOW + HOUR) is None


def test_what_a_platform_wants_to_be_waited_for_is_kept_for_the_whole_account(ledger):
    def waited_for():
        return ledger.read(lambda c: pacing.waited_for(c, "c", "page"))

    assert waited_for() is None
    for until in (NOW + HOUR, NOW + 2 * HOUR):
        ledger.write(lambda c, until=until: pacing.wait(c, "c", "page", until, reason="429"))
    assert waited_for() == (NOW + 2 * HOUR, "429")


@pytest.mark.parametrize(
    ("ends", "charged"),
    [(State.PUBLISHED, 15), (State.UNCONFIRMED, 15), (State.PLANNED, 0), (State.REJECTED, 0)],
)
def test_what_may_have_gone_out_is_charged_and_what_was_refused_is_not(ledger, ends, charged):
    sent(ledger, 0, NOW, ends=ends)
    assert spent(ledger) == charged


def test_costs_add_up_over_all_posts_of_the_account(ledger):
    sent(ledger, 0, NOW, cost=15)
    sent(ledger, 1, NOW, cost=200)
    assert spent(ledger) == 215
