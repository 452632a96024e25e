"""Every way a publish can end, through the real adapter, the real ledger and a stand-in server."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from scheduler.calendar import read_campaign
from scheduler.drafting import draft_for
from scheduler.ledger import Ledger, moves
from scheduler.model import Account, State
from scheduler.planning import plan
from scheduler.platforms import OVER_THE_NETWORK, PLATFORMS
from scheduler.publishing import LEASE, Means, Publisher
from scheduler.rehearsing import FastClock
from scheduler.sandbox import (
    Garble,
    Instead,
    LoseAnswer,
    Refuse,
    Sandbox,
    Script,
    rate_limited,
    unauthorised,
)

MASTODON = (
    "platform: folder, directory: published",
    "platform: mastodon, server: https://mastodon.example, token: {env: T}",
)
PUBLISH = "POST /api/v1/statuses"
UPLOAD = "POST /api/v2/media"


@dataclasses.dataclass
class Theatre:
    """A campaign of two posts on one stand-in account, and everything around it."""

    campaign: object
    ledger: Ledger
    clock: FastClock
    sandbox: Sandbox
    script: Script
    shelf: object
    held: str | None = None

    def __post_init__(self):
        self.publisher = self.another()

    def another(self, worker="first"):
        publisher = Publisher(
            Means(
                ledger=self.ledger,
                clock=self.clock,
                shelf=self.shelf,
                connect=self.connect,
                gate=lambda _: self.held,
                worker=worker,
            )
        )
        publisher.take(self.campaign)
        return publisher

    def connect(self, account: Account):
        address = self.sandbox.start("mastodon", account=account.name)
        options = {"server": address.server, "sandbox": "true"}
        tokens = dataclasses.make_dataclass(
            "Given", [], namespace={"read": lambda *_: address.token}
        )
        return PLATFORMS["mastodon"](dataclasses.replace(account, options=options), tokens=tokens())

    def look(self, after: timedelta = timedelta(0)):
        self.clock.advance(self.clock.now() + after)
        following = self.publisher.tick()
        self.publisher.wait()
        return following

    def play(self):
        """To the end of everything that happens by itself."""
        for _ in range(500):
            waiting = [entry.look_at for entry in self.entries() if entry.look_at]
            if not waiting:
                return
            self.clock.advance(min(waiting))
            self.look()
        raise AssertionError("it never ends")

    def entries(self):
        return self.ledger.read(lambda c: moves.entries(c, "small-2026"))

    @property
    def launch(self):
        return self.entries()[0]

    def public(self):
        return self.sandbox.public("archive")

    def journal(self, key):
        return self.ledger.read(
            lambda c: [
                row[0]
                for row in c.exec_driver_sql(
                    "SELECT to_state FROM journal WHERE key = ? ORDER BY id", (key,)
                )
            ]
        )


@pytest.fixture
def theatre(calendar, tmp_path, shelf):
    campaign = read_campaign(calendar(MASTODON)).unwrap()
    script = Script()
    clock = FastClock(plan(campaign)[0].due)
    with (
        Ledger(tmp_path / "ledger.sqlite3") as ledger,
        Sandbox(now=clock.now, faults=script) as sandbox,
    ):
        theatre = Theatre(campaign, ledger, clock, sandbox, script, shelf)
        yield theatre
        theatre.publisher.close()


def test_what_is_due_becomes_public_once_and_has_a_receipt(theatre):
    theatre.look()
    theatre.look()
    (post,) = theatre.public()
    assert post.text == "Today we begin.\n\n#Small"
    assert post.alts == (theatre.campaign.posts["launch"].slides[0].alt,)
    assert (theatre.launch.state, theatre.launch.receipt.id) == (State.PUBLISHED, post.id)


def test_nothing_goes_out_before_its_time(theatre):
    theatre.look()
    assert [entry.state for entry in theatre.entries()] == [State.PUBLISHED, State.PLANNED]
    assert theatre.look(timedelta(hours=23, minutes=59)) is not None
    assert len(theatre.public()) == 1


def test_every_step_stands_in_the_journal_in_its_order(theatre):
    theatre.look()
    assert theatre.journal(theatre.launch.key) == ["claimed", "staged", "armed", "published"]


def test_an_answer_that_is_lost_after_acceptance_is_found_and_never_sent_again(theatre):
    theatre.script.add(PUBLISH, LoseAnswer())
    theatre.look()
    assert theatre.launch.state is State.UNCONFIRMED
    theatre.play()
    assert theatre.launch.state is State.PUBLISHED
    assert [post.text for post in theatre.public()].count("Today we begin.\n\n#Small") == 1


def test_a_500_although_it_was_created_is_found_and_never_sent_again(theatre):
    theatre.script.add(PUBLISH, Garble(status=500))
    theatre.play()
    assert theatre.launch.state is State.PUBLISHED
    assert len(theatre.public()) == 2


def test_a_connection_that_drops_before_acceptance_is_sent_again_once_absence_is_proved(theatre):
    theatre.script.add(PUBLISH, Refuse())
    theatre.look()
    assert (theatre.launch.state, theatre.public()) == (State.UNCONFIRMED, [])
    theatre.look(OVER_THE_NETWORK - timedelta(seconds=1))
    assert theatre.launch.state is State.UNCONFIRMED, "its request may still be on the way"
    theatre.play()
    assert theatre.launch.state is State.PUBLISHED
    assert len(theatre.public()) == 2


def test_what_nobody_can_confirm_is_left_to_a_person_and_never_sent_again(theatre):
    theatre.script.add(PUBLISH, LoseAnswer())
    refusals = [Instead(status=503)] * 20
    theatre.script.add("GET /api/v1/accounts/verify_credentials", *refusals)
    theatre.play()
    assert (theatre.launch.state, theatre.launch.look_at) == (State.UNCONFIRMED, None)
    assert [post.text for post in theatre.public()].count("Today we begin.\n\n#Small") == 1


def test_a_rate_limit_is_waited_for_as_long_as_the_platform_says(theatre):
    theatre.script.add(PUBLISH, rate_limited(retry_after=1800))
    theatre.look()
    assert theatre.launch.state is State.PLANNED
    assert theatre.launch.look_at == theatre.clock.now() + timedelta(minutes=30)
    theatre.play()
    assert theatre.launch.state is State.PUBLISHED


def test_a_rate_limit_beyond_the_grace_is_missed_and_says_why(theatre):
    theatre.script.add(PUBLISH, rate_limited(retry_after=36_000))
    theatre.play()
    assert theatre.launch.state is State.MISSED
    assert "grace had passed" in theatre.launch.reason
    assert "429" in theatre.launch.reason or "Too many" in theatre.launch.reason


def test_words_that_the_platform_refuses_are_rejected_and_the_account_goes_on(theatre):
    theatre.script.add(PUBLISH, Instead(status=422, body='{"error": "Validation failed"}'))
    theatre.play()
    assert [entry.state for entry in theatre.entries()] == [State.REJECTED, State.PUBLISHED]
    assert "Validation failed" in theatre.launch.reason


def test_a_revoked_token_holds_the_account_until_a_person_releases_it(theatre):
    theatre.script.add(PUBLISH, unauthorised())
    theatre.look()
    theatre.look(timedelta(hours=1))
    assert theatre.launch.state is State.HELD
    assert "revoked" in theatre.launch.reason
    theatre.ledger.write(
        lambda c: moves.release(c, "small-2026", "archive", now=theatre.clock.now())
    )
    theatre.look(timedelta(minutes=1))
    theatre.look()
    assert theatre.launch.state is State.PUBLISHED


def test_a_held_account_misses_its_posts_aloud(theatre):
    theatre.script.add(PUBLISH, unauthorised())
    theatre.play()
    assert [entry.state for entry in theatre.entries()] == [State.MISSED, State.MISSED]
    assert theatre.public() == []


def test_a_failing_upload_is_repeated_since_nothing_was_public(theatre):
    theatre.script.add(UPLOAD, Instead(status=503), Refuse(), LoseAnswer())
    theatre.play()
    assert theatre.launch.state is State.PUBLISHED
    assert len(theatre.public()) == 2


def test_what_must_not_go_out_here_is_held_and_never_reaches_the_platform(theatre):
    theatre.held = "not live on this ledger"
    theatre.look()
    assert (theatre.launch.state, theatre.launch.reason) == (State.HELD, "not live on this ledger")
    theatre.held = None
    theatre.look(timedelta(minutes=1))
    theatre.look()
    assert theatre.launch.state is State.PUBLISHED


def test_a_daemon_that_comes_late_misses_what_is_past_its_grace(theatre):
    theatre.look(timedelta(hours=3, seconds=1))
    assert theatre.launch.state is State.MISSED
    assert theatre.public() == []


def test_a_daemon_that_comes_within_the_grace_still_publishes(theatre):
    theatre.look(timedelta(hours=3))
    assert theatre.launch.state is State.PUBLISHED


def test_days_of_silence_are_not_caught_up_in_a_burst(theatre):
    theatre.look(timedelta(days=7))
    assert [entry.state for entry in theatre.entries()] == [State.MISSED, State.MISSED]
    assert theatre.public() == []


def test_a_worker_lost_before_it_armed_leaves_a_delivery_that_another_takes_up(theatre):
    theatre.ledger.write(
        lambda c: moves.claim(
            c,
            theatre.launch.key,
            now=theatre.clock.now(),
            until=theatre.clock.now() + LEASE,
            worker="lost",
        )
    )
    theatre.look()
    assert theatre.launch.state is State.CLAIMED, "the lease still runs"
    theatre.play()
    assert theatre.launch.state is State.PUBLISHED
    assert len(theatre.public()) == 2


@pytest.mark.parametrize("sent", [True, False])
def test_a_worker_lost_while_armed_is_settled_by_what_the_platform_shows(theatre, sent):
    now = theatre.clock.now()
    platform = theatre.connect(theatre.campaign.accounts["archive"])
    draft = draft_for(theatre.campaign, theatre.campaign.posts["launch"], "archive", theatre.shelf)
    key = theatre.launch.key
    claimed = theatre.ledger.write(
        lambda c: moves.claim(c, key, now=now, until=now + LEASE, worker="lost")
    )
    staged = platform.stage(draft)
    held = theatre.ledger.write(lambda c: moves.stage(c, claimed, {}, now=now, who="lost"))
    theatre.ledger.write(
        lambda c: moves.arm(
            c, held, staged.request, now=now, until=now + LEASE + OVER_THE_NETWORK, who="lost"
        )
    )
    if sent:
        platform.publish(staged, key=key)
    theatre.look(LEASE)
    assert theatre.launch.state is State.ARMED, "its request may still be on the way"
    theatre.play()
    assert theatre.launch.state is State.PUBLISHED
    assert [post.text for post in theatre.public()].count("Today we begin.\n\n#Small") == 1


def test_two_publishers_on_one_ledger_publish_each_delivery_once(theatre):
    second = theatre.another("second")
    for publisher in (theatre.publisher, second):
        publisher.tick()
    for publisher in (theatre.publisher, second):
        publisher.wait()
    second.close()
    assert len(theatre.public()) == 1
    assert theatre.launch.state is State.PUBLISHED


def test_a_post_that_left_the_calendar_is_cancelled_and_never_goes_out(theatre, calendar):
    shorter = read_campaign(
        calendar(
            MASTODON,
            ("  launch:\n    day: 1\n", "  other:\n    day: 1\n"),
        )
    ).unwrap()
    theatre.publisher.take(shorter)
    theatre.play()
    states = {entry.post: entry.state for entry in theatre.entries()}
    assert states["launch"] is State.CANCELLED
    assert states["other"] is State.PUBLISHED
    assert len(theatre.public()) == 2


def test_an_edit_of_a_published_post_changes_nothing_public(theatre, calendar):
    theatre.look()
    edited = read_campaign(calendar(MASTODON, ("Today we begin.", "Today we start."))).unwrap()
    theatre.publisher.take(edited)
    theatre.play()
    assert [post.text for post in theatre.public()].count("Today we start.\n\n#Small") == 0
    assert len(theatre.public()) == 2


THREAD = (
    "    text: Today we begin.\n",
    "    text: Today we begin.\n    thread: [And a second word., And a third.]\n",
)


def threaded(theatre, calendar):
    theatre.publisher.take(read_campaign(calendar(MASTODON, THREAD)).unwrap())
    return lambda: [entry.state for entry in theatre.entries() if entry.post == "launch"]


def test_the_parts_of_a_thread_answer_each_other_in_their_order(theatre, calendar):
    states = threaded(theatre, calendar)
    theatre.play()
    first, second, third, _ = theatre.public()
    assert states() == [State.PUBLISHED] * 3
    assert (second.reply_to, third.reply_to) == (first.id, second.id)
    assert (second.text, third.text) == ("And a second word.", "And a third.")
    assert (len(first.digests), len(second.digests)) == (1, 0)


def test_a_thread_waits_for_its_head_and_keeps_it_when_the_tail_fails(theatre, calendar):
    states = threaded(theatre, calendar)
    refused = Instead(status=422, body='{"error": "Validation failed"}')
    theatre.script.add(PUBLISH, LoseAnswer(), refused)
    theatre.look()
    theatre.look()
    assert states() == [State.UNCONFIRMED, State.HELD, State.HELD]
    theatre.play()
    assert states() == [State.PUBLISHED, State.REJECTED, State.MISSED]
    assert "part 2 of its thread is rejected" in theatre.entries()[2].reason


def test_a_post_that_is_held_back_waits_while_the_others_go_out(theatre):
    theatre.publisher.take(theatre.campaign, {"launch": "its consent was withdrawn"})
    theatre.play()
    assert [entry.state for entry in theatre.entries()] == [State.MISSED, State.PUBLISHED]
    assert "its consent was withdrawn" in theatre.launch.reason


def test_nothing_goes_out_under_embargo(theatre, calendar):
    embargo = ("    text: Today", "    embargo: 2026-11-25 09:30\n    text: Today")
    theatre.publisher.take(read_campaign(calendar(MASTODON, embargo)).unwrap())
    theatre.look(timedelta(minutes=29))
    assert theatre.launch.state is State.HELD
    assert "embargo until 2026-11-25 08:30" in theatre.launch.reason
    theatre.play()
    assert theatre.launch.state is State.PUBLISHED
    assert theatre.launch.published_at >= theatre.launch.due + timedelta(minutes=30)
