"""Quiet hours, the digest, embargoes; and what happens while somebody cannot be reached."""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scene import ALERTS, FIRST, HOUR, SECOND, Scene

from scheduler.alerting import Alarm, Matter, Room
from scheduler.alerting.rounds import ALONE, PATIENCE, PING_EVERY
from scheduler.alerting.sending import hush
from scheduler.alerting.telling import quiet_until, telling
from scheduler.ledger import Ledger
from scheduler.model import AlertKind, Alerts, Hours, State

QUIET = ALERTS + "  quiet_hours: 22:00-07:00\n"
DIGEST = ALERTS + '  digest: "17:00"\n'
PING = ALERTS + "  ping: {env: PING}\n"
APPROVALS = ('  time: "09:00"\n', '  time: "09:00"\n  approvals: 1\n')
#: Three in the morning in Berlin, on the first day.
NIGHT = FIRST - 6 * HOUR
MINUTE = timedelta(minutes=1)


def full(scene, free=300):
    scene.room = Room(folder="/srv", free=free * 2**20)


# ── quiet hours ───────────────────────────────────────────────────────────────────────────────────


def test_in_quiet_hours_what_can_wait_waits_until_they_end(scene):
    scene.write(text=QUIET)
    full(scene)
    assert scene.look(NIGHT - 24 * HOUR) == []
    ((subject, _),) = scene.look(FIRST - 2 * HOUR - 24 * HOUR)
    assert subject == "Disk nearly full: 300 MB left"


def test_what_would_be_too_late_in_the_morning_is_told_at_night_alone(scene):
    """Unconfirmed at three, and after six it can go out no more; the disk has time until noon."""
    scene.write(('  time: "09:00"\n', '  time: "02:30"\n'), text=QUIET)
    scene.clock.instant = FIRST - 6 * HOUR
    scene.publish(account="archive")
    scene.unconfirmed()
    scene.move(State.MISSED, post="listen")
    ((subject, text),) = scene.look()
    assert subject == "Public or not? launch on network"
    assert "it can still go out until 05:30" in text
    ((subject, _),) = scene.look(FIRST - 2 * HOUR)
    assert subject == "Missed: listen on network"


ZONE = ZoneInfo("Europe/Berlin")


def alerts(begin, end):
    quiet = Hours(begin=begin, end=end)
    return Alerts(recipients=(), zone=ZONE, quiet_hours=quiet)


@given(begin=st.times(), end=st.times(), at=st.datetimes(), hours=st.integers(-48, 48))
def test_nothing_in_quiet_hours_is_told_that_could_wait_and_all_of_it_afterwards(
    begin, end, at, hours
):
    if begin == end or at.year in (1, 9999):
        return
    wishes, now = alerts(begin, end), at.replace(tzinfo=UTC)
    matters = (
        Matter(kind=AlertKind.MISSED, subject="over"),
        Matter(kind=AlertKind.UNCONFIRMED, subject="open", acts_by=now + hours * HOUR),
    )
    until = quiet_until(wishes, now)
    told = telling(matters, (), wishes, now)
    if until is None:
        assert told == matters
    else:
        assert now < until <= now + 25 * HOUR
        assert {each.subject for each in told} == {"open"} - (
            {"open"} if matters[1].acts_by > until else set()
        )
        assert quiet_until(wishes, until) is None


# ── the digest ────────────────────────────────────────────────────────────────────────────────────


def test_the_digest_tells_tomorrows_posts_once_at_its_hour(scene):
    scene.write(text=DIGEST)
    scene.clock.instant = FIRST
    scene.publish()
    scene.publish(account="archive")
    assert scene.look(FIRST + 7 * HOUR) == []
    ((subject, text),) = scene.look(FIRST + 8 * HOUR)
    assert subject == "Tomorrow, Thu 26 Nov: 1 post"
    assert text.startswith("  09:00  listen  on archive, network\n")
    assert "small-2026/post/account/part" in text
    assert "Nothing else needs you." in text
    assert "Listening comes first" not in text
    assert scene.look(FIRST + 9 * HOUR) == []
    assert [title for title, _ in scene.hook.said] == [subject]


def test_the_digest_says_how_much_is_open(scene):
    scene.write(text=DIGEST)
    scene.clock.instant = FIRST + 4 * HOUR
    scene.move(State.MISSED)
    scene.publish(account="archive")
    scene.look()
    ((_, text),) = scene.look(FIRST + 8 * HOUR)
    assert "Open now: 1 missed" in text


def test_on_the_eve_of_a_day_without_posts_the_digest_says_so(scene):
    scene.write(text=DIGEST)
    for hour, post in ((FIRST, "launch"), (SECOND, "listen")):
        scene.clock.instant = hour
        for account in ("network", "archive"):
            scene.publish(post=post, account=account, url=f"https://m.example/{post}")
    ((subject, _),) = scene.look(SECOND + 8 * HOUR)
    assert subject == "Tomorrow, Fri 27 Nov: nothing is planned"


def test_outside_of_the_campaign_there_is_no_digest(scene):
    scene.write(text=DIGEST)
    assert scene.look(FIRST - 10 * 24 * HOUR + 8 * HOUR) == []
    assert "digest:2026-12-12" not in {each.matter for each in scene.told()}


# ── embargoes ─────────────────────────────────────────────────────────────────────────────────────

EMBARGO = ("posts:\n  launch:\n", 'posts:\n  launch:\n    embargo: "2026-11-25 08:30"\n')


def test_a_post_under_embargo_is_named_by_nothing_before_its_instant(scene):
    scene.write(APPROVALS, EMBARGO, text=DIGEST)
    told = [*scene.look(FIRST - 40 * HOUR), *scene.look(FIRST - 16 * HOUR)]
    assert [subject for subject, _ in told] == [
        "Not approved, due soon: a post under embargo on 2 accounts",
        "Not approved, due soon: 2 posts on 2 accounts",
        "Tomorrow, Wed 25 Nov: 1 post",
    ]
    everything = "".join(f"{subject} {text}" for subject, text in told)
    assert "launch" not in everything
    assert "09:00" not in everything.replace("26 Nov, 09:00", "")
    assert "a post under embargo; campaign status names it (campaign.yaml:27)" in everything
    assert "network" not in told[0][0] + told[0][1]


def test_after_its_instant_it_is_named_as_any_other(scene):
    scene.write(APPROVALS, EMBARGO)
    scene.clock.instant = FIRST + 4 * HOUR
    scene.move(State.MISSED)
    ((_, text),) = scene.look()
    assert "campaign history small-2026/launch/network/1" in text


# ── who cannot be reached ─────────────────────────────────────────────────────────────────────────


def test_who_cannot_be_reached_is_tried_with_patience_and_the_others_are_told(scene):
    scene.write()
    scene.office.refuses = True
    full(scene)
    tries = []
    at = scene.clock.instant
    while len(tries) < 5:
        before = scene.reached()["team"].tries if "team" in scene.reached() else 0
        scene.look(at)
        if scene.reached()["team"].tries > before:
            tries.append(at)
        at += MINUTE
    waits = tuple(later - earlier for earlier, later in pairwise(tries))
    assert waits == PATIENCE[:4]
    assert len(scene.hook.said) == 1
    failing = scene.reached()["team"]
    assert failing.failing_since == tries[0]
    assert failing.reason == "the service could not be reached, or did not take it"
    scene.office.refuses = False
    assert scene.look(tries[-1] + PATIENCE[4])
    assert scene.reached()["team"].failing_since is None


def test_what_is_over_when_somebody_is_reached_again_is_not_told_them(scene):
    scene.write()
    scene.office.refuses = True
    full(scene)
    scene.look()
    full(scene, 2**20)
    scene.hold()
    scene.office.refuses = False
    ((subject, _),) = scene.look(scene.clock.instant + HOUR)
    assert subject == "Locked out: network"


@pytest.mark.parametrize(
    ("address", "why"),
    [
        (None, 'recipient "on-call": no address in env HOOK'),
        ("hunter2 is no address", "its address is none that Apprise understands"),
        ("tgram://hunter2", "its address is none that Apprise understands"),
        ("json://127.0.0.1:9/hunter2", "could not be reached"),
    ],
)
def test_an_address_that_leads_nowhere_is_said_and_never_echoed(scene, address, why, caplog):
    scene.write()
    caplog.set_level(logging.DEBUG)
    if address is None:
        del scene.environment["HOOK"]
    else:
        scene.environment["HOOK"] = address
    full(scene)
    assert len(scene.look()) == 1
    assert why in scene.reached()["on-call"].reason
    assert "hunter2" not in scene.reached()["on-call"].reason + caplog.text


def test_no_log_holds_an_address(scene, caplog):
    caplog.set_level(logging.DEBUG)
    scene.write(text=PING)
    full(scene)
    assert scene.look()
    scene.hook.status = 500
    full(scene, 90)
    assert scene.look(scene.clock.instant + HOUR)
    assert scene.reached()["on-call"].failing_since
    assert "hunter2" not in caplog.text


def test_an_address_on_this_machine_hushes_nothing_else_that_is_asked_here(caplog):
    caplog.set_level(logging.DEBUG)
    hush("http://127.0.0.1:9/hunter2-topic")
    for asked in ("http://127.0.0.1:9 POST /hunter2-topic", "http://127.0.0.1:8 GET /other"):
        logging.getLogger("urllib3.connectionpool").debug(asked)
    assert caplog.messages == ["http://127.0.0.1:8 GET /other"]


# ── several processes, and those that die ─────────────────────────────────────────────────────────


def test_two_processes_on_one_ledger_tell_once(scene):
    scene.write()
    full(scene)
    second = scene.another()
    scene.look()
    second.round(scene.facts)
    assert len(scene.office.mails) == len(scene.hook.asked) == 1


def test_while_one_process_tries_the_other_does_not(scene):
    scene.write()
    full(scene)
    scene.hook.open.clear()
    first = Alarm(scene.rounds, lambda: scene.facts, settled=0)
    first.start()
    first.looked(good=True)
    until(lambda: scene.hook.asked)
    scene.another().round(scene.facts)
    assert len(scene.hook.asked) == 1
    scene.hook.open.set()
    first.close()


def test_who_died_after_sending_tells_again_and_never_not_at_all(scene):
    scene.write()
    full(scene)
    first = scene.rounds
    claimed = first._claimed("small-2026", "team", scene.clock.instant)
    assert claimed, "it was about to send, or had sent, when it was killed"
    assert scene.look() == [], "it may still be at it"
    assert len(scene.look(scene.clock.instant + ALONE)) == 1


def until(happened):
    """Wait, on the machine's own time, until it happened."""
    ends = datetime.now(UTC) + timedelta(seconds=30)
    while not happened():
        assert datetime.now(UTC) < ends


def test_a_service_that_hangs_keeps_nobody_waiting(scene):
    scene.write()
    full(scene)
    scene.hook.open.clear()
    alarm = Alarm(scene.rounds, lambda: scene.facts, settled=0)
    alarm.start()
    before = datetime.now(UTC)
    for _ in range(100):
        alarm.looked(good=True)
    assert datetime.now(UTC) - before < timedelta(seconds=1)
    until(lambda: scene.hook.asked)
    until(lambda: scene.office.mails)
    scene.hook.open.set()
    alarm.close()


def test_on_a_disk_that_takes_nothing_it_is_told_once_all_the_same(
    tmp_path, calendar, shelf, office, hook
):
    file = tmp_path / "ledger.sqlite3"
    with Ledger(file, patience=0.1) as ledger:
        scene = Scene(calendar, ledger, shelf, office, hook)
        scene.write()
        full(scene, 1)
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            assert len(scene.look()) == 1
            assert scene.look(scene.clock.instant + HOUR) == []
            other.execute("ROLLBACK")
        assert scene.look(scene.clock.instant + HOUR) == []


# ── all is well ───────────────────────────────────────────────────────────────────────────────────


def test_the_ping_is_asked_after_a_good_look_and_not_more_often_than_it_must(scene):
    scene.write(text=PING)
    for minute in range(11):
        scene.look(FIRST - 24 * HOUR + minute * MINUTE)
    assert scene.hook.pings == ["/hunter2-ping"] * 3
    assert PING_EVERY == 5 * MINUTE


def test_after_a_look_that_failed_the_ping_stays_away(scene):
    scene.write(text=PING)
    scene.look(good=False)
    assert scene.hook.pings == []


def test_while_nobody_can_be_told_the_ping_stays_away(scene):
    scene.write(text=PING)
    scene.environment["MAIL"] = scene.environment["HOOK"] = "json://127.0.0.1:9/"
    full(scene)
    scene.look()
    assert scene.hook.pings == []
    scene.environment["MAIL"] = scene.office.address
    scene.look(scene.clock.instant + HOUR)
    assert len(scene.hook.pings) == 1


def test_a_ping_that_nobody_answers_is_seen_and_tried_again(scene):
    scene.write(text=PING)
    scene.hook.status = 503
    scene.look()
    failing = scene.reached()["ping:"]
    assert failing.reason == "its address answered 503"
    assert failing.failing_since == scene.clock.instant
    scene.hook.status = 200
    scene.look(scene.clock.instant + PATIENCE[0])
    assert scene.reached()["ping:"].failing_since is None
