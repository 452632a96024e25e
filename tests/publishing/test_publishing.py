"""Every way a publish can end, through the real adapter, the real ledger and a stand-in server."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from theatre import MASTODON, PUBLISH, UPLOAD

from scheduler.calendar import read_calendar
from scheduler.drafting import draft_for, frozen
from scheduler.ledger import Origin, deciding, moves
from scheduler.model import State
from scheduler.platforms import OVER_THE_NETWORK
from scheduler.publishing import LEASE, Publisher
from scheduler.sandbox import (
    Garble,
    Instead,
    LoseAnswer,
    Refuse,
    Sandbox,
    rate_limited,
    unauthorised,
)


def test_what_is_due_becomes_public_once_and_has_a_receipt(theatre):
    theatre.look()
    theatre.look()
    (post,) = theatre.public()
    assert post.text == "Today we begin.\n\n#Small"
    assert post.alts == (f"{theatre.campaign.posts['launch'].slides[0].alt} At the foot: Small.",)
    assert (theatre.launch.state, theatre.launch.receipt.id) == (State.PUBLISHED, post.id)


def test_nothing_goes_out_before_its_time(theatre):
    theatre.look()
    assert [entry.state for entry in theatre.entries()] == [State.PUBLISHED, State.PLANNED]
    assert theatre.look(timedelta(hours=23, minutes=59)) is not None
    assert len(theatre.public()) == 1


def test_a_look_just_before_the_hour_is_followed_by_one_at_the_hour(theatre):
    theatre.look()
    due = theatre.entries()[1].due
    assert theatre.look(due - timedelta(seconds=1) - theatre.clock.now()) == due


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


@pytest.mark.parametrize("software", ["gotosocial", "hollo", "takahe"])
@pytest.mark.parametrize("fault", [LoseAnswer(), Garble(status=500), Refuse()], ids=str)
def test_every_post_is_public_once_even_where_a_key_is_ignored(theatre, software, fault):
    theatre.software = software
    theatre.script.add(PUBLISH, fault)
    theatre.play()
    assert [entry.state for entry in theatre.entries()] == [State.PUBLISHED, State.PUBLISHED]
    assert len(theatre.public()) == 2


def test_a_bare_400_to_a_token_makes_the_account_wait_and_rejects_no_post(theatre):
    theatre.software = "takahe"
    theatre.script.add(PUBLISH, Instead(status=400, body="Invalid Bearer token"))
    theatre.look()
    theatre.look(timedelta(hours=1))
    assert theatre.launch.state is State.HELD
    assert "Invalid Bearer token" in theatre.launch.reason
    assert theatre.public() == []


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
    refusals = [Instead(status=503)] * 300
    theatre.script.add("GET /api/v1/accounts/<id>/statuses", *refusals)
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
    (held,) = theatre.ledger.read(lambda c: deciding.holding(c, "small-2026"))
    assert held.origin is Origin.PROGRAM
    theatre.ledger.write(
        lambda c: deciding.release(c, "small-2026", held.number, now=theatre.clock.now(), who="Ana")
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
    launch = theatre.launch
    theatre.ledger.write(
        lambda c: moves.claim(
            c,
            launch,
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
    launch = theatre.launch
    claimed = theatre.ledger.write(
        lambda c: moves.claim(c, launch, now=now, until=now + LEASE, worker="lost")
    )
    staged = platform.stage(draft, due=now)
    said = platform.whoami()
    theatre.ledger.write(
        lambda c: moves.arm(
            c,
            claimed,
            draft=frozen(draft),
            request=staged.request,
            identity=f"{said.name} ({said.id}) at {said.url}",
            now=now,
            until=now + LEASE + OVER_THE_NETWORK,
            who="lost",
        )
    )
    if sent:
        platform.publish(staged, key=launch.key)
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
    shorter = read_calendar(
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
    edited = read_calendar(calendar(MASTODON, ("Today we begin.", "Today we start."))).unwrap()
    theatre.publisher.take(edited)
    theatre.play()
    assert [post.text for post in theatre.public()].count("Today we start.\n\n#Small") == 0
    assert len(theatre.public()) == 2


THREAD = (
    "    text: Today we begin.\n",
    "    text: Today we begin.\n    thread: [And a second word., And a third.]\n",
)


def threaded(theatre, calendar):
    theatre.publisher.take(read_calendar(calendar(MASTODON, THREAD)).unwrap())
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
    theatre.publisher.take(theatre.coalition, {("launch", "archive"): "its consent was withdrawn"})
    theatre.play()
    assert [entry.state for entry in theatre.entries()] == [State.MISSED, State.PUBLISHED]
    assert "its consent was withdrawn" in theatre.launch.reason


def test_nothing_goes_out_under_embargo(theatre, calendar):
    embargo = ("    text: Today", "    embargo: 2026-11-25 09:30\n    text: Today")
    theatre.publisher.take(read_calendar(calendar(MASTODON, embargo)).unwrap())
    theatre.look(timedelta(minutes=29))
    assert theatre.launch.state is State.HELD
    assert "embargo until 2026-11-25 08:30" in theatre.launch.reason
    theatre.play()
    assert theatre.launch.state is State.PUBLISHED
    assert theatre.launch.published_at >= theatre.launch.due + timedelta(minutes=30)


# ── the last look before the send ─────────────────────────────────────────────────────────────────


class During:
    """An adapter that lets something happen while the picture is uploaded."""

    def __init__(self, platform, happening):
        self._platform = platform
        self._happening = happening

    def __getattr__(self, name):
        return getattr(self._platform, name)

    def stage(self, draft, *, due, reply_to=None):
        staged = self._platform.stage(draft, due=due, reply_to=reply_to)
        self._happening()
        return staged


def interrupted(theatre, happening):
    """The same theatre, in which something happens during each upload."""
    means = dataclasses.replace(
        theatre.publisher._means,
        connect=lambda account: During(theatre.connect(account), happening),
    )
    theatre.publisher.close()
    theatre.publisher = Publisher(means)
    theatre.publisher.take(theatre.coalition)
    return theatre


def once(happening):
    """Only during the first upload."""
    left = [happening]
    return lambda: left.pop()() if left else None


def test_a_post_that_is_moved_while_it_is_uploaded_goes_out_at_its_new_time(theatre, calendar):
    later = ("    day: 1\n", '    day: 1\n    time: "17:00"\n')

    def edit():
        theatre.publisher.take(read_calendar(calendar(MASTODON, later)).unwrap())

    interrupted(theatre, once(edit)).look()
    assert (theatre.launch.state, theatre.public()) == (State.PLANNED, [])
    theatre.play()
    assert theatre.launch.state is State.PUBLISHED
    assert theatre.launch.published_at == theatre.launch.due
    assert theatre.launch.due.hour == 16


def test_a_post_that_is_taken_out_while_it_is_uploaded_does_not_go_out(theatre, calendar):
    other = ("  launch:\n    day: 1\n", "  other:\n    day: 3\n")

    def edit():
        theatre.publisher.take(read_calendar(calendar(MASTODON, other)).unwrap())

    interrupted(theatre, once(edit)).look()
    assert theatre.public() == []
    theatre.play()
    states = {entry.post: entry.state for entry in theatre.entries()}
    assert states["launch"] is State.CANCELLED
    assert "Today we begin.\n\n#Small" not in [post.text for post in theatre.public()][:-1]


def test_a_post_that_is_mended_while_it_is_uploaded_goes_out_mended(theatre, calendar):
    def edit():
        mended = ("Today we begin.", "Today we start.")
        theatre.publisher.take(read_calendar(calendar(MASTODON, mended)).unwrap())

    interrupted(theatre, once(edit)).play()
    assert theatre.public()[0].text == "Today we start.\n\n#Small"
    assert len(theatre.public()) == 2


def test_a_post_that_is_held_while_it_is_uploaded_does_not_go_out(theatre):
    def hold():
        theatre.held = "not live on this ledger"

    interrupted(theatre, hold).look()
    assert (theatre.launch.state, theatre.public()) == (State.HELD, [])


def test_an_upload_that_outlives_the_grace_is_missed(theatre):
    interrupted(
        theatre, lambda: theatre.clock.advance(theatre.launch.due + timedelta(hours=4))
    ).look()
    assert (theatre.launch.state, theatre.public()) == (State.MISSED, [])


def test_an_upload_that_outlives_its_lease_leaves_the_delivery_to_who_took_it(theatre):
    def outlive():
        theatre.clock.advance(theatre.clock.now() + LEASE * 2)
        second = theatre.another("second")
        second.tick()
        second.wait()
        second.close()

    interrupted(theatre, once(outlive)).look()
    theatre.play()
    assert [post.text for post in theatre.public()].count("Today we begin.\n\n#Small") == 1
    assert theatre.launch.state is State.PUBLISHED


def test_a_long_upload_alone_does_not_keep_a_post_from_going_out(theatre):
    interrupted(theatre, lambda: theatre.clock.advance(theatre.clock.now() + LEASE * 2)).look()
    assert theatre.launch.state is State.PUBLISHED


def test_a_worker_that_slept_between_arming_and_sending_does_not_send(theatre):
    class Slept:
        """A clock on which the lease has run out whenever somebody measures."""

        def __init__(self, clock):
            self._clock = clock
            self._readings = 0.0

        def now(self):
            return self._clock.now()

        def wait(self, seconds):
            pass

        def monotonic(self):
            self._readings += LEASE.total_seconds() + 1
            return self._readings

    theatre.publisher.close()
    means = dataclasses.replace(theatre.publisher._means, clock=Slept(theatre.clock))
    theatre.publisher = Publisher(means)
    theatre.publisher.take(theatre.coalition)
    theatre.look()
    assert (theatre.launch.state, theatre.public()) == (State.PLANNED, [])
    assert "too much time" in theatre.launch.reason


# ── edits of what is under way ────────────────────────────────────────────────────────────────────


def edited_account(coalition):
    """The same campaign, in whose file the account's own lines were edited."""
    own = coalition.own
    archive = own.accounts["archive"]
    options = {**archive.options, "visibility": "public"}
    accounts = {"archive": dataclasses.replace(archive, options=options)}
    own = dataclasses.replace(own, accounts=accounts)
    return dataclasses.replace(coalition, campaigns={"campaign": own})


def test_an_account_that_is_pointed_elsewhere_proves_nothing_about_what_was_sent(theatre):
    theatre.script.add(PUBLISH, LoseAnswer())
    theatre.look()
    assert theatre.launch.state is State.UNCONFIRMED
    with Sandbox(now=theatre.clock.now) as elsewhere:
        theatre.sandbox, here = elsewhere, theatre.sandbox
        theatre.publisher.take(edited_account(theatre.coalition))
        for _ in range(6):
            theatre.look(timedelta(minutes=10))
        assert theatre.launch.state is State.UNCONFIRMED
        assert "it was sent as" in theatre.launch.reason
        assert theatre.public() == []
        theatre.sandbox = here
    theatre.publisher.take(theatre.coalition)
    theatre.look(timedelta(minutes=20))
    assert theatre.launch.state is State.PUBLISHED
    assert len(theatre.public()) == 1


def test_a_post_under_a_new_name_is_not_said_again(theatre, calendar):
    theatre.look()
    renamed = ("  launch:\n", "  launch-day:\n")
    theatre.publisher.take(read_calendar(calendar(MASTODON, renamed)).unwrap())
    theatre.look()
    states = {entry.post: (entry.state, entry.reason) for entry in theatre.entries()}
    assert states["launch-day"][0] is State.HELD
    assert "small-2026/launch/archive/1" in states["launch-day"][1]
    assert len(theatre.public()) == 1


def test_a_post_of_an_account_under_a_new_name_is_not_said_again(theatre, calendar):
    theatre.look()
    theatre.called["main"] = "archive"
    renamed = ("  archive: {", "  main: {")
    text = ("    text: Today we begin.", "    text: Today we really begin.")
    theatre.publisher.take(read_calendar(calendar(MASTODON, renamed, text)).unwrap())
    theatre.look()
    states = {(entry.account, entry.post): entry for entry in theatre.entries()}
    assert states["main", "launch"].state is State.HELD
    assert "small-2026/launch/archive/1" in states["main", "launch"].reason
    assert len(theatre.public()) == 1


def test_a_post_that_is_moved_while_nobody_knows_goes_out_at_its_new_time(theatre, calendar):
    theatre.script.add(PUBLISH, Refuse())
    theatre.look()
    later = ("    day: 1\n", "    day: 5\n")
    theatre.publisher.take(read_calendar(calendar(MASTODON, later)).unwrap())
    theatre.play()
    launch = next(entry for entry in theatre.entries() if entry.post == "launch")
    assert (launch.state, launch.published_at) == (State.PUBLISHED, launch.due)
    assert launch.day == 5


def test_what_was_left_to_a_person_is_looked_for_again_when_somebody_starts(theatre):
    theatre.script.add(PUBLISH, LoseAnswer())
    refusals = [Instead(status=503)] * 120
    theatre.script.add("GET /api/v1/accounts/<id>/statuses", *refusals)
    theatre.look()
    while theatre.launch.look_at:
        theatre.clock.advance(theatre.launch.look_at)
        theatre.look()
    assert theatre.launch.state is State.UNCONFIRMED
    theatre.script._coming.clear()
    theatre.publisher.take(theatre.coalition)
    theatre.look()
    assert theatre.launch.state is State.PUBLISHED


def test_what_is_proved_absent_after_its_grace_is_missed(theatre):
    theatre.script.add(PUBLISH, Refuse())
    theatre.look(timedelta(hours=2, minutes=59, seconds=50))
    theatre.look(OVER_THE_NETWORK)
    assert (theatre.launch.state, theatre.public()) == (State.MISSED, [])


def test_a_clock_that_jumps_ahead_is_not_believed_at_once(theatre):
    class Jumping:
        """The wall clock of the theatre, on a machine on which hardly any time passes."""

        def now(self):
            return theatre.clock.now()

        def monotonic(self):
            return 0.0

    theatre.publisher.close()
    theatre.publisher = Publisher(dataclasses.replace(theatre.publisher._means, clock=Jumping()))
    theatre.publisher.take(theatre.coalition)
    theatre.clock._now -= timedelta(minutes=1)
    theatre.look()
    theatre.clock._now += timedelta(days=5)
    theatre.look()
    assert theatre.launch.state is State.PLANNED, "a jump alone decides nothing"
    theatre.clock._now -= timedelta(days=5)
    theatre.look()
    theatre.look(timedelta(minutes=1))
    assert theatre.launch.state is State.PUBLISHED


def test_a_publisher_that_closes_begins_nothing_more(theatre, calendar):
    same_hour = ("    day: 2\n", "    day: 1\n")
    theatre.publisher.take(read_calendar(calendar(MASTODON, same_hour)).unwrap())
    closing = interrupted(theatre, lambda: setattr(theatre.publisher, "_closing", True))
    closing.publisher.take(read_calendar(calendar(MASTODON, same_hour)).unwrap())
    closing.look()
    states = sorted(entry.state for entry in theatre.entries())
    assert states == [State.PLANNED, State.PUBLISHED]
