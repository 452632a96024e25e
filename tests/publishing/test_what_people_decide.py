"""What people decide counts: nothing held or unapproved goes out, and what is known is settled."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from theatre import MASTODON, PUBLISH

from scheduler.calendar import read_calendar
from scheduler.drafting import draft_for, frozen
from scheduler.errors import Problem, UserError
from scheduler.explaining import Kind
from scheduler.ledger import Origin, deciding, questions
from scheduler.model import Allowance, Hold, Scope, State
from scheduler.platforms import OVER_THE_NETWORK, Cap
from scheduler.publishing import LEASE, Publisher
from scheduler.publishing.releasing import Passed, kept_back, release
from scheduler.publishing.resolving import (
    TooEarly,
    is_not_published,
    is_published,
    known_about,
    receipt_at,
)
from scheduler.publishing.withdrawing import of_delivery, of_source, withdraw
from scheduler.sandbox import Instead, LoseAnswer, rate_limited

MINUTE = timedelta(minutes=1)
TWO = ('  tags: ["#Small"]\n', '  tags: ["#Small"]\n  approvals: 2\n  country: AT\n')
SAID = "Today we begin.\n\n#Small"


def take(theatre, calendar, *changes):
    theatre.publisher.take(read_calendar(calendar(MASTODON, *changes)).unwrap())


def now(theatre):
    return theatre.clock.now()


def hold(theatre, scope=Scope.EVERYTHING, value=""):
    wanted = Hold(scope=scope, value=value, reason="we must think", by="Ana")
    theatre.ledger.write(
        lambda c: deciding.hold(c, "small-2026", wanted, now=now(theatre), who="Ana")
    )


def holding(theatre):
    return theatre.ledger.read(lambda c: deciding.holding(c, "small-2026"))


def end_hold(theatre, passed=Passed.PUBLISH):
    (held,) = holding(theatre)
    coalition = theatre.publisher.coalition
    return release(theatre.ledger, coalition, held, passed=passed, now=now(theatre), who="Ben")


def approve(theatre, *names, post="launch", part=1):
    campaign = theatre.publisher.coalition.own
    draft = draft_for(campaign, campaign.posts[post], "archive", theatre.shelf, part=part)
    key = f"small-2026/{post}/archive/{part}"
    for name in names:
        theatre.ledger.write(
            lambda c, name=name: deciding.approve(
                c, "small-2026", key, frozen(draft), now=now(theatre), who=name
            )
        )


# ── holds ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("scope", "value"),
    [
        (Scope.EVERYTHING, ""),
        (Scope.MEMBER, "campaign"),
        (Scope.COUNTRY, "at"),
        (Scope.LANGUAGE, "EN"),
        (Scope.ACCOUNT, "archive"),
        (Scope.TAG, "#SMALL"),
        (Scope.POST, "launch"),
    ],
)
def test_a_hold_of_any_scope_keeps_back_what_belongs_to_it(theatre, calendar, scope, value):
    country = ('  tags: ["#Small"]\n', '  tags: ["#Small"]\n  country: AT\n')
    take(theatre, calendar, country)
    hold(theatre, scope, value)
    theatre.look()
    assert (theatre.launch.state, theatre.public()) == (State.HELD, [])
    assert "we must think" in theatre.launch.reason


@pytest.mark.parametrize(
    ("scope", "value"),
    [
        (Scope.MEMBER, "austria"),
        (Scope.COUNTRY, "DE"),
        (Scope.LANGUAGE, "de"),
        (Scope.ACCOUNT, "page"),
        (Scope.TAG, "Other"),
        (Scope.POST, "listen"),
    ],
)
def test_a_hold_of_something_else_keeps_back_nothing(theatre, scope, value):
    hold(theatre, scope, value)
    theatre.look()
    assert theatre.launch.state is State.PUBLISHED


def test_what_is_released_within_its_grace_goes_out_late_if_that_is_wanted(theatre):
    hold(theatre)
    theatre.look()
    (held,) = holding(theatre)
    kept = theatre.ledger.read(lambda c: kept_back(c, theatre.coalition, held, now(theatre)))
    assert ([e.post for e in kept.passed], [e.post for e in kept.coming]) == (
        ["launch"],
        ["listen"],
    )
    end_hold(theatre, Passed.PUBLISH)
    theatre.look()
    theatre.look()
    assert theatre.launch.state is State.PUBLISHED


def test_what_is_released_with_its_moment_over_is_missed_and_says_why(theatre):
    hold(theatre)
    theatre.look()
    end_hold(theatre, Passed.SKIP)
    theatre.play()
    assert theatre.launch.state is State.MISSED
    assert "everything was held: we must think" in theatre.launch.reason
    assert [entry.state for entry in theatre.entries()][1] is State.PUBLISHED


def test_a_hold_longer_than_the_grace_is_a_miss_and_nothing_is_caught_up(theatre):
    hold(theatre)
    theatre.look()
    theatre.look(timedelta(hours=4))
    end_hold(theatre, Passed.PUBLISH)
    theatre.look()
    assert (theatre.launch.state, theatre.public()) == (State.MISSED, [])


def test_a_hold_of_the_file_counts_from_the_look_that_sees_it_and_ends_with_it(theatre):
    held = Hold(scope=Scope.TAG, value="Small", reason="not today")
    theatre.publisher.take(dataclasses.replace(theatre.coalition, holds=(held,)))
    theatre.look()
    assert theatre.launch.state is State.HELD
    assert [each.origin for each in holding(theatre)] == [Origin.FILE]
    theatre.publisher.take(theatre.coalition)
    theatre.look(MINUTE)
    theatre.look()
    assert theatre.launch.state is State.PUBLISHED


def test_a_holds_file_that_cannot_be_understood_silences_everything(theatre):
    theatre.publisher.take_holds((), "holds.yaml has an error in line 2")
    theatre.look()
    assert (theatre.launch.state, theatre.public()) == (State.HELD, [])
    assert "line 2" in theatre.launch.reason
    theatre.publisher.take_holds((), None)
    theatre.look(MINUTE)
    theatre.look()
    assert theatre.launch.state is State.PUBLISHED


# ── approvals ─────────────────────────────────────────────────────────────────────────────────────


def test_what_nobody_approved_is_held_and_then_missed(theatre, calendar):
    take(theatre, calendar, TWO)
    theatre.look()
    assert (theatre.launch.state, theatre.launch.reason) == (State.HELD, "not approved")
    theatre.play()
    assert theatre.launch.state is State.MISSED
    assert "not approved" in theatre.launch.reason
    assert theatre.public() == []


def test_one_of_two_approvers_is_not_enough_and_the_same_one_twice_is_one(theatre, calendar):
    take(theatre, calendar, TWO)
    approve(theatre, "Ana", "ana ")
    theatre.look()
    assert theatre.launch.reason == "approved by 1 of 2: Ana"
    approve(theatre, "Ben")
    theatre.look(MINUTE)
    theatre.look()
    assert theatre.launch.state is State.PUBLISHED
    assert len(theatre.public()) == 1


def test_an_edit_voids_the_approval_and_only_of_what_was_edited(theatre, calendar):
    take(theatre, calendar, TWO)
    approve(theatre, "Ana", "Ben")
    approve(theatre, "Ana", "Ben", post="listen")
    take(theatre, calendar, TWO, ("Today we begin.", "Today we start."))
    theatre.look()
    assert theatre.launch.reason == "not approved since it was edited"
    theatre.play()
    assert [entry.state for entry in theatre.entries()] == [State.MISSED, State.PUBLISHED]


def test_a_yes_that_is_taken_back_while_it_is_uploaded_keeps_it_from_going_out(theatre, calendar):
    take(theatre, calendar, TWO)
    approve(theatre, "Ana", "Ben")

    class Doubting:
        """An adapter during whose upload somebody changes their mind."""

        def __init__(self, platform):
            self._platform = platform

        def __getattr__(self, name):
            return getattr(self._platform, name)

        def stage(self, draft, *, due, reply_to=None):
            staged = self._platform.stage(draft, due=due, reply_to=reply_to)
            theatre.ledger.write(
                lambda c: deciding.revoke(
                    c,
                    "small-2026",
                    ["small-2026/launch/archive/1"],
                    because="doubts",
                    now=now(theatre),
                    who="Ben",
                )
            )
            return staged

    means = dataclasses.replace(
        theatre.publisher._means, connect=lambda account: Doubting(theatre.connect(account))
    )
    theatre.publisher.close()
    theatre.publisher = Publisher(means)
    take(theatre, calendar, TWO)
    theatre.look()
    assert (theatre.launch.state, theatre.public()) == (State.HELD, [])


def test_after_a_hold_everything_wants_a_yes_once_more(theatre, calendar):
    take(theatre, calendar, TWO)
    approve(theatre, "Ana", "Ben")
    hold(theatre, Scope.COUNTRY, "AT")
    theatre.look()
    assert end_hold(theatre) == 1
    theatre.look(MINUTE)
    assert theatre.launch.reason == "not approved"
    approve(theatre, "Ana", "Ben")
    theatre.look(MINUTE)
    theatre.look()
    assert theatre.launch.state is State.PUBLISHED


def test_a_refused_account_said_nothing_about_the_words(theatre, calendar):
    take(theatre, calendar, TWO)
    approve(theatre, "Ana", "Ben")
    theatre.script.add(PUBLISH, Instead(status=401, body='{"error": "revoked"}'))
    theatre.look()
    assert theatre.launch.state is State.HELD
    assert end_hold(theatre) == 0
    theatre.look(MINUTE)
    theatre.look()
    assert theatre.launch.state is State.PUBLISHED


# ── rates and money ───────────────────────────────────────────────────────────────────────────────


class Different:
    """An adapter with a cap, a price or an allowance of its own."""

    def __init__(self, platform, *, caps=(), cost=0, left=None):
        self._platform = platform
        self._left = left
        self._cost = cost
        self.caps = caps

    def __getattr__(self, name):
        return getattr(self._platform, name)

    def cost(self, draft):
        return self._cost

    def publish(self, staged, *, key):
        receipt = self._platform.publish(staged, key=key)
        allowance = (
            None
            if self._left is None
            else Allowance(left=self._left, renews_in=timedelta(minutes=20))
        )
        return dataclasses.replace(receipt, allowance=allowance)


def different(theatre, calendar, *changes, **peculiar):
    """The same theatre in which the account's platform is peculiar, and both posts are due."""
    means = dataclasses.replace(
        theatre.publisher._means,
        connect=lambda account: Different(theatre.connect(account), **peculiar),
    )
    theatre.publisher.close()
    theatre.publisher = Publisher(means)
    take(theatre, calendar, ("    day: 2\n", "    day: 1\n"), *changes)


def states(theatre):
    return sorted(entry.state for entry in theatre.entries())


def test_what_a_platform_says_is_used_up_is_not_asked_for_again_before_it_renews(theatre, calendar):
    different(theatre, calendar, left=0)
    theatre.look()
    assert states(theatre) == [State.PLANNED, State.PUBLISHED]
    (waiting,) = [entry for entry in theatre.entries() if entry.state is State.PLANNED]
    assert waiting.look_at == now(theatre) + timedelta(minutes=20)
    assert "used up" in waiting.reason
    theatre.play()
    assert states(theatre) == [State.PUBLISHED, State.PUBLISHED]


def test_a_cap_is_kept_before_the_platform_refuses(theatre, calendar):
    cap = Cap(posts=1, window=timedelta(hours=1), page="https://example.org/limits")
    different(theatre, calendar, caps=(cap,))
    theatre.look()
    assert states(theatre) == [State.PLANNED, State.PUBLISHED]
    (waiting,) = [entry for entry in theatre.entries() if entry.state is State.PLANNED]
    assert "1 posts in 1 hours" in waiting.reason
    theatre.play()
    first, second = sorted(entry.published_at for entry in theatre.entries())
    assert second - first >= timedelta(hours=1)


def test_a_cap_beyond_the_grace_is_a_miss_that_says_so(theatre, calendar):
    cap = Cap(posts=1, window=timedelta(days=1), page="https://example.org/limits")
    different(theatre, calendar, caps=(cap,))
    theatre.play()
    assert states(theatre) == [State.MISSED, State.PUBLISHED]
    assert any("24 hours" in entry.reason for entry in theatre.entries())


def test_a_rate_limit_of_one_post_is_a_wait_of_the_whole_account(theatre, calendar):
    different(theatre, calendar)
    theatre.script.add(PUBLISH, rate_limited(retry_after=1200))
    theatre.look()
    assert states(theatre) == [State.PLANNED, State.PLANNED]
    assert {entry.look_at for entry in theatre.entries()} == {now(theatre) + timedelta(minutes=20)}
    theatre.play()
    assert len(theatre.public()) == 2


def test_a_budget_is_never_overspent(theatre, calendar):
    different(theatre, calendar, cost=200)
    campaign = theatre.publisher.coalition.own
    page = dataclasses.replace(
        campaign.accounts["archive"],
        options={**campaign.accounts["archive"].options, "budget": "0.29"},
    )
    own = dataclasses.replace(campaign, accounts={"archive": page})
    theatre.publisher.take(
        dataclasses.replace(theatre.publisher.coalition, campaigns={"campaign": own})
    )
    theatre.look()
    theatre.look()
    assert states(theatre) == [State.HELD, State.PUBLISHED]
    (held,) = [entry for entry in theatre.entries() if entry.state is State.HELD]
    assert held.reason == (
        "it costs 0.2 US dollars, and 0.2 US dollars of the account's budget of "
        "0.29 US dollars are spent"
    )


# ── what only a person knows ──────────────────────────────────────────────────────────────────────


def unconfirmed(theatre):
    theatre.script.add(PUBLISH, LoseAnswer())
    theatre.script.add("GET /api/v1/accounts/<id>/statuses", *[Instead(status=503)] * 300)
    theatre.look()
    return theatre.launch


def test_what_is_known_of_an_unconfirmed_delivery_says_where_to_look(theatre):
    entry = unconfirmed(theatre)
    attempt = theatre.ledger.read(lambda c: questions.last_attempt(c, entry.key))
    said = known_about(entry, attempt)
    assert "Sent at 2026-11-25 08:00:00 UTC as @archive@127.0.0.1" in said
    assert "“Today we begin.”" in said
    assert f"campaign resolve {entry.key} --published URL" in said


def test_a_person_who_saw_it_settles_it_for_good(theatre):
    entry = unconfirmed(theatre)
    receipt = receipt_at("https://mastodon.example/@archive/17", None)
    is_published(theatre.ledger, entry, receipt, now=now(theatre), who="Ana")
    theatre.play()
    assert (theatre.launch.state, theatre.launch.receipt.id) == (State.PUBLISHED, "17")
    assert [post.text for post in theatre.public()].count(SAID) == 1


def test_a_person_who_saw_nothing_lets_it_go_out_again_while_there_is_time(theatre):
    theatre.script.add(PUBLISH, Instead(status=502))
    theatre.look()
    assert theatre.launch.state is State.UNCONFIRMED
    with pytest.raises(TooEarly, match="until 08:02:40 UTC"):
        is_not_published(theatre.ledger, theatre.launch, now=now(theatre), who="Ana")
    theatre.clock.advance(now(theatre) + LEASE + OVER_THE_NETWORK)
    is_not_published(theatre.ledger, theatre.launch, now=now(theatre), who="Ana")
    theatre.look()
    assert theatre.launch.state is State.PUBLISHED


def test_a_person_who_saw_nothing_too_late_makes_it_missed(theatre):
    entry = unconfirmed(theatre)
    theatre.clock.advance(entry.latest + MINUTE)
    is_not_published(theatre.ledger, entry, now=now(theatre), who="Ana")
    assert theatre.launch.state is State.MISSED
    assert "as Ana saw" in theatre.launch.reason


def test_what_a_person_posted_by_hand_never_goes_out_a_second_time(theatre):
    receipt = receipt_at("https://mastodon.example/@archive/18", None)
    is_published(theatre.ledger, theatre.launch, receipt, now=now(theatre), who="Ana")
    theatre.play()
    assert theatre.launch.state is State.PUBLISHED
    assert SAID not in [post.text for post in theatre.public()]


# ── taking back ───────────────────────────────────────────────────────────────────────────────────

THREAD = (
    "    text: Today we begin.\n",
    "    text: Today we begin.\n    thread: [And a second word., And a third.]\n",
)


AGAIN = """\
  again:
    day: 3
    quote: guterres
    text: Once more.
    alt: >-
      On the card: Listen to survivors and end impunity for perpetrators everywhere. António
      Guterres, UN Secretary-General.
"""


def taken_back(theatre, found):
    return withdraw(
        theatre.ledger,
        found,
        platform=theatre.publisher._edition.platforms.get,
        reason="the figure is wrong",
        now=now(theatre),
        who="Ana",
    )


def test_what_is_withdrawn_is_gone_with_the_parts_that_answer_it(theatre, calendar):
    take(theatre, calendar, THREAD)
    theatre.look()
    second = theatre.entries()[1]
    assert second.part == 2
    assert taken_back(theatre, of_delivery(theatre.ledger, second)) == {}
    assert [post.text for post in theatre.public()] == [SAID]
    assert [entry.state for entry in theatre.entries()][:3] == [
        State.PUBLISHED,
        State.WITHDRAWN,
        State.WITHDRAWN,
    ]


def test_all_that_stands_on_a_quote_is_taken_back_and_the_rest_is_held(theatre, calendar):
    again = ("  listen:\n    day: 2\n", AGAIN + "  listen:\n    day: 1\n")
    take(theatre, calendar, again)
    theatre.look()
    found = of_source(theatre.ledger, theatre.publisher.coalition, Kind.QUOTE, "guterres")
    assert [entry.post for entry in found.down] == ["listen"]
    assert [entry.post for entry in found.held] == ["again"]
    assert taken_back(theatre, found) == {}
    theatre.play()
    assert {entry.post: entry.state for entry in theatre.entries()} == {
        "launch": State.PUBLISHED,
        "listen": State.WITHDRAWN,
        "again": State.MISSED,
    }


def test_what_stood_on_it_when_it_was_sent_is_found_after_an_edit_too(theatre, calendar):
    take(theatre, calendar, ("    day: 2\n", "    day: 1\n"))
    theatre.look()
    other = ("    quote: guterres\n", "    graphic: {headline: Listen, points: [Today]}\n")
    take(theatre, calendar, ("    day: 2\n", "    day: 1\n"), other)
    found = of_source(theatre.ledger, theatre.publisher.coalition, Kind.QUOTE, "guterres")
    assert [entry.post for entry in found.down] == ["listen"]


def test_what_a_platform_does_not_take_down_is_named_with_its_reason(theatre):
    theatre.look()
    theatre.script.add("DELETE /api/v1/statuses/<id>", Instead(status=503))
    failed = taken_back(theatre, of_delivery(theatre.ledger, theatre.launch))
    assert "503" in failed[theatre.launch.key]
    assert theatre.launch.state is State.PUBLISHED
    assert taken_back(theatre, of_delivery(theatre.ledger, theatre.launch)) == {}
    assert (theatre.launch.state, theatre.public()) == (State.WITHDRAWN, [])


def test_what_was_withdrawn_never_comes_back_by_an_edit(theatre, calendar):
    theatre.look()
    taken_back(theatre, of_delivery(theatre.ledger, theatre.launch))
    take(
        theatre,
        calendar,
        ("Today we begin.", "Today we start."),
        ('time: "09:00"', 'time: "10:00"'),
    )
    theatre.play()
    assert theatre.launch.state is State.WITHDRAWN
    assert not [post for post in theatre.public() if "Today" in post.text]


# ── mending ───────────────────────────────────────────────────────────────────────────────────────


def test_what_was_rejected_goes_out_once_its_words_are_mended_in_time(theatre, calendar):
    theatre.script.add(PUBLISH, Instead(status=422, body='{"error": "Validation failed"}'))
    theatre.look()
    assert theatre.launch.state is State.REJECTED
    theatre.look(MINUTE)
    assert theatre.launch.state is State.REJECTED, "the same words would be refused again"
    take(theatre, calendar, ("Today we begin.", "Today we start."))
    theatre.look(MINUTE)
    theatre.look()
    assert theatre.launch.state is State.PUBLISHED
    assert [post.text for post in theatre.public()] == ["Today we start.\n\n#Small"]


class FullDisk:
    """A ledger that cannot be written for so many times, as soon as something was sent."""

    def __init__(self, ledger, failures):
        self._ledger = ledger
        self.failures = failures
        self.sent = False

    def __getattr__(self, name):
        return getattr(self._ledger, name)

    def write(self, change):
        if self.sent and self.failures:
            self.failures -= 1
            raise UserError([Problem(file="ledger", code="ledger", message="the disk is full")])
        return self._ledger.write(change)


class Telling(Different):
    """An adapter that says when it has sent something."""

    def __init__(self, platform, full):
        super().__init__(platform)
        self._full = full

    def publish(self, staged, *, key):
        receipt = super().publish(staged, key=key)
        self._full.sent = True
        return receipt


def test_a_receipt_that_cannot_be_written_at_once_is_written_later(theatre):
    full = FullDisk(theatre.ledger, failures=2)
    means = dataclasses.replace(
        theatre.publisher._means,
        ledger=full,
        connect=lambda account: Telling(theatre.connect(account), full),
    )
    theatre.publisher.close()
    theatre.publisher = Publisher(means)
    theatre.publisher.take(theatre.coalition)
    theatre.look()
    assert full.failures == 0
    assert theatre.launch.state is State.PUBLISHED
