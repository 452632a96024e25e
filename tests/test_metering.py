"""Whoever watches is told numbers, by loopback, and nothing of what is said."""

from __future__ import annotations

import json
import re
import threading
import urllib.error
import urllib.request
from datetime import UTC, date, datetime, timedelta

import pytest

from scheduler import metering
from scheduler.ledger import Ledger, counting, moves, questions, syncing
from scheduler.metering import Meter, Metering
from scheduler.model import Delivery, Key, State

NOW = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)


class Watched:
    """A process that is watched, at a time and with a last look of the test's."""

    def __init__(self, ledger):
        self.now, self.silent, self.ledger = NOW, 1.0, ledger
        self.meter = Meter(
            ledger, "c", now=lambda: self.now, looked=lambda: self.silent, patience=600
        )

    def plan(self, *posts, due=NOW):
        plan = [
            Delivery(
                key=Key(f"c/{post}/archive/1"),
                campaign="c",
                post=post,
                account="archive",
                platform="folder",
                part=1,
                day=1,
                due=due,
                grace=timedelta(hours=3),
            )
            for post in posts
        ]
        self.ledger.write(
            lambda c: syncing.sync(c, "c", date(2026, 11, 25), plan, now=NOW, who="test")
        )

    def claim(self, post):
        key = Key(f"c/{post}/archive/1")
        entry = self.ledger.read(lambda c: questions.entry(c, key))
        return self.ledger.write(
            lambda c: moves.claim(
                c, entry, now=NOW, until=NOW + timedelta(minutes=2), worker="secret-name"
            )
        )

    def metrics(self):
        self.meter._asked = -metering.KEPT
        said = self.meter.metrics().decode()
        return dict(re.findall(r"^([a-z_]+(?:\{.*?\})?) (\S+)$", said, re.MULTILINE))


@pytest.fixture
def watched(where):
    with Ledger(where) as ledger:
        yield Watched(ledger)


def ask(served, path):
    with urllib.request.urlopen(f"http://127.0.0.1:{served.port}{path}", timeout=10) as answer:
        return answer.read().decode()


def test_every_delivery_is_counted_in_its_state(watched):
    watched.plan("launch", "listen")
    watched.claim("launch")
    told = watched.metrics()
    assert told['campaign_deliveries{platform="folder",state="planned"}'] == "1.0"
    assert told['campaign_deliveries{platform="folder",state="claimed"}'] == "1.0"
    assert (told["campaign_in_hand"], told["campaign_due"]) == ("1.0", "1.0")


def test_what_is_due_is_an_alarm_only_when_nobody_looks_at_it_for_a_minute(watched):
    watched.plan("launch")
    watched.now = NOW + counting.THRESHOLD
    assert watched.metrics()["campaign_overdue"] == "0.0"
    watched.now += timedelta(seconds=1)
    told = watched.metrics()
    assert (told["campaign_overdue"], told["campaign_late_seconds"]) == ("1.0", "61.0")


def test_what_a_worker_has_in_hand_is_an_alarm_after_its_lease(watched):
    watched.plan("launch")
    watched.claim("launch")
    watched.now = NOW + timedelta(minutes=3)
    assert watched.metrics()["campaign_overdue"] == "0.0"
    watched.now += timedelta(seconds=1)
    assert watched.metrics()["campaign_overdue"] == "1.0"


def test_what_is_listed_for_a_person_is_no_alarm_and_is_told(watched):
    watched.plan("launch")
    claimed = watched.claim("launch")
    watched.ledger.write(
        lambda c: moves.move(c, claimed, State.REJECTED, now=NOW, who="w", reason="no")
    )
    watched.now = NOW + timedelta(days=1)
    told = watched.metrics()
    assert (told["campaign_overdue"], told["campaign_for_a_person"]) == ("0.0", "1.0")


def test_it_is_served_on_loopback_and_holds_neither_words_nor_names(watched):
    watched.plan("launch")
    watched.claim("launch")
    with Metering(watched.meter, "127.0.0.1", 0) as served:
        said = ask(served, "/metrics") + ask(served, "/healthz")
    assert "campaign_overdue" in said
    for secret in ("launch", "archive", "secret-name", str(watched.ledger.name)):
        assert secret not in said


def test_it_is_unwell_when_no_look_has_ended_for_long(watched):
    with Metering(watched.meter, "127.0.0.1", 0) as served:
        assert json.loads(ask(served, "/healthz")) == {
            "looked_seconds_ago": 1.0,
            "ledger": "answers",
        }
        watched.silent = 601.0
        with pytest.raises(urllib.error.HTTPError) as unwell:
            ask(served, "/healthz")
        assert unwell.value.code == 503
        unwell.value.close()


def test_it_is_unwell_while_the_ledger_does_not_answer(watched):
    watched.ledger.read = lambda _: (_ for _ in ()).throw(metering.UserError([]))
    well, said = watched.meter.health()
    assert (well, said["ledger"]) == (False, "does not answer")
    assert watched.metrics()["campaign_ledger_up"] == "0.0"


def test_its_threads_end_with_it(watched):
    with Metering(watched.meter, "127.0.0.1", 0):
        pass
    assert not [each for each in threading.enumerate() if each.name == "meter" and each.is_alive()]
