"""Whatever goes wrong, nothing is doubled and nothing is silently lost; and the check can fail."""

from __future__ import annotations

import dataclasses
import itertools
from datetime import timedelta
from pathlib import Path

import pytest

from scheduler.calendar import read_calendar
from scheduler.hazards import RELEASED_AFTER
from scheduler.model import OWN, Receipt, State
from scheduler.platforms import PLATFORMS, Absent
from scheduler.rehearsing import rehearse
from scheduler.sandbox import RATES, Faultload, Kind

#: Seeds that were looked for: one token expires; a server is away for longer than any grace.
ONE_TOKEN, TOO_LONG = 1, 5
SAMPLE = Path(__file__).parents[1] / "campaign.yaml"


def at_a_stand_in(name):
    return (
        f"platform: folder, directory: {name}",
        "platform: mastodon, server: https://mastodon.example, token: {env: NOBODY_SETS_THIS}",
    )


@pytest.fixture
def small(coalition):
    """Two members and the campaign itself: two posts each, on a stand-in and in folders."""
    file = coalition(at_a_stand_in("published"), germany=(at_a_stand_in("germany"),))
    return read_calendar(file).unwrap()


def only(kind, *, seed=1, first=1, rate=1.0):
    """Nothing but this kind, the first times that it can strike."""
    return Faultload(seed=seed, rates={kind: rate}, first=first)


def states(went):
    return {(entry.post, entry.account): entry.state for entry in went.entries}


def shown(went):
    return {feed.account: [post.text for post in feed.posts] for feed in went.feeds}


def reasons(went, state):
    return [entry.reason for entry in went.entries if entry.state is state]


# ── many kinds at once ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("seed", range(1, 9))
def test_nothing_is_doubled_and_nothing_silently_lost_whatever_the_seed(small, shelf, seed):
    often = {kind: min(1.0, rate * 12) for kind, rate in RATES.items()}
    went = rehearse(small, shelf=shelf, faults=Faultload(seed=seed, rates=often))
    assert len(went.injected.struck) > 3
    assert (went.duplicates, went.differences, went.lost) == (0, (), ())
    assert went.passed
    for entry in went.entries:
        assert entry.look_at is None
        assert entry.state is State.PUBLISHED or (entry.reason and went.injected.felt(entry))


def test_the_same_seed_is_the_same_rehearsal(small, shelf):
    often = {kind: min(1.0, rate * 12) for kind, rate in RATES.items()}
    one, two, other = (
        rehearse(small, shelf=shelf, faults=Faultload(seed=seed, rates=often)) for seed in (3, 3, 4)
    )
    assert one.injected == two.injected
    assert states(one) == states(two)
    assert [entry.published_at for entry in one.entries] == [
        entry.published_at for entry in two.entries
    ]
    assert one.injected.struck != other.injected.struck


@pytest.mark.timeout(60)
def test_the_shipped_campaign_passes_among_more_than_thirty_faults(shelf):
    whole = read_calendar(SAMPLE).unwrap()
    some = {id_: said for id_, said in whole.campaigns.items() if id_ in (OWN, "italy", "cyprus")}
    often = {kind: min(1.0, rate * 2) for kind, rate in RATES.items()}
    went = rehearse(
        dataclasses.replace(whole, campaigns=some),
        shelf=shelf,
        faults=Faultload(seed=12, rates=often),
    )
    assert len(went.injected.struck) > 30
    assert went.passed
    assert went.simulated_days == 16
    assert went.count(State.PUBLISHED) > 60


def test_without_any_fault_that_strikes_everything_goes_out(small, shelf):
    went = rehearse(small, shelf=shelf, faults=Faultload(seed=1, rates={}))
    assert went.perfect
    assert went.injected.struck == ()


# ── one kind at a time ────────────────────────────────────────────────────────────────────────────

#: What delays, and keeps nothing from going out.
HARMLESS = [
    Kind.DROPPED,
    Kind.DROPPED_LATER,
    Kind.LOST,
    Kind.FAILED,
    Kind.LIMITED,
    Kind.LIMITED_SILENTLY,
    Kind.SLOW,
    Kind.AHEAD,
    Kind.BACK,
    Kind.WORKER,
    Kind.DISK,
    Kind.LOCKED,
    Kind.LEASE,
    Kind.MOVED,
    Kind.REWORDED,
    Kind.TAKEN_OUT,
]


@pytest.mark.parametrize("kind", HARMLESS, ids=lambda kind: kind.name.lower())
def test_what_only_delays_keeps_nothing_from_going_out_once(small, shelf, kind):
    went = rehearse(small, shelf=shelf, faults=only(kind))
    assert {struck.kind for struck in went.injected.struck} == {kind}
    assert set(states(went).values()) == {State.PUBLISHED}
    assert {account: len(texts) for account, texts in shown(went).items()} == {
        "archive": 2,
        "cyprus.page": 2,
        "germany.page": 2,
    }
    assert went.passed


def at_hour(went, account):
    """How long after its hour each post of the account was published."""
    return [
        entry.published_at - entry.due
        for entry in went.entries
        if entry.account == account and entry.published_at
    ]


def test_a_rate_limit_is_waited_for(small, shelf):
    went = rehearse(small, shelf=shelf, faults=only(Kind.LIMITED))
    assert max(at_hour(went, "archive")) >= timedelta(minutes=10)


def test_an_expired_token_is_renewed_by_the_coordinator_after_an_hour(small, shelf):
    went = rehearse(small, shelf=shelf, faults=only(Kind.EXPIRED, rate=0.4, seed=ONE_TOKEN))
    assert went.injected.released == 1
    assert timedelta(0) <= max(at_hour(went, "archive")) - RELEASED_AFTER <= timedelta(minutes=1)
    assert went.perfect


def test_tokens_that_expire_again_and_again_are_named_in_what_is_missed(small, shelf):
    went = rehearse(small, shelf=shelf, faults=only(Kind.EXPIRED))
    assert went.passed
    assert states(went)["launch", "archive"] is State.MISSED
    assert states(went)["listen", "archive"] is State.PUBLISHED
    assert all("revoked" in reason for reason in reasons(went, State.MISSED))
    assert went.injected.released == 6, "at signing in, uploading and publishing, of two accounts"


def test_a_post_that_was_moved_goes_out_at_its_new_hour(small, shelf):
    went = rehearse(small, shelf=shelf, faults=only(Kind.MOVED))
    launch = next(entry for entry in went.entries if entry.key.endswith("launch/archive/1"))
    assert (launch.due.hour, launch.published_at) == (9, launch.due)


def test_a_post_in_other_words_goes_out_in_its_new_words_alone(small, shelf):
    went = rehearse(small, shelf=shelf, faults=only(Kind.REWORDED))
    (first, _) = shown(went)["archive"]
    assert first.startswith("TODAY we begin.")


def test_a_post_that_was_taken_out_goes_out_once_it_is_put_back(small, shelf):
    went = rehearse(small, shelf=shelf, faults=only(Kind.TAKEN_OUT))
    assert max(at_hour(went, "archive")) >= timedelta(minutes=30)


@pytest.mark.parametrize("kind", [Kind.DISK, Kind.LOCKED], ids=["full disk", "locked"])
def test_a_ledger_that_cannot_be_written_is_met_and_got_over(small, shelf, kind):
    went = rehearse(small, shelf=shelf, faults=only(kind))
    assert went.injected.refused > 0
    assert went.perfect


def test_another_worker_takes_over_from_each_that_dies(small, shelf):
    for seed in range(1, 4):
        went = rehearse(small, shelf=shelf, faults=only(Kind.WORKER, seed=seed, first=2))
        assert sum(struck.kind is Kind.WORKER for struck in went.injected.struck) >= 3
        assert went.duplicates == 0
        assert went.perfect


def test_a_server_that_is_away_for_too_long_is_named_in_what_is_missed(small, shelf):
    went = rehearse(small, shelf=shelf, faults=only(Kind.AWAY, seed=TOO_LONG))
    assert went.count(State.MISSED) > 0
    assert went.passed
    assert not went.perfect
    assert all("no connection" in reason for reason in reasons(went, State.MISSED))
    missed = [entry for entry in went.entries if entry.state is State.MISSED]
    assert {went.injected.felt(entry) for entry in missed} == {(Kind.AWAY,)}
    assert {entry.platform for entry in missed} == {"mastodon"}


def test_a_picture_that_is_never_finished_is_named_in_what_is_missed(small, shelf):
    went = rehearse(small, shelf=shelf, faults=only(Kind.UNFINISHED))
    assert went.passed
    assert states(went)["launch", "archive"] is State.MISSED
    assert states(went)["listen", "archive"] is State.PUBLISHED
    assert all("still working" in reason for reason in reasons(went, State.MISSED))


def test_a_full_quota_is_waited_for_or_named_in_what_is_missed(small, shelf):
    went = rehearse(small, shelf=shelf, faults=only(Kind.FULL))
    assert went.passed
    assert all("429" in reason for reason in reasons(went, State.MISSED))
    late = [wait for account in ("archive", "germany.page") for wait in at_hour(went, account)]
    assert went.count(State.MISSED) or max(late) >= timedelta(hours=1)


def test_what_nobody_can_look_for_is_unconfirmed_and_never_sent_again(small, shelf):
    went = rehearse(small, shelf=shelf, faults=only(Kind.UNREADABLE))
    assert went.passed
    assert states(went)["launch", "archive"] is State.UNCONFIRMED
    assert all("cannot be read" in reason for reason in reasons(went, State.UNCONFIRMED))
    assert shown(went)["archive"][0] == "Today we begin.\n\n#Small"
    assert len(shown(went)["archive"]) == 2, "it stands there, and only once"


# ── pages ─────────────────────────────────────────────────────────────────────────────────────────

PAGES = (
    "accounts:\n",
    """\
accounts:
  page: {platform: facebook, page: "17", token: {env: NOBODY_SETS_THIS}}
  company: {platform: linkedin, author: "urn:li:organization:17", token: {env: NOBODY_SETS_THIS}}
  ana: {platform: linkedin, author: "urn:li:person:abc", token: {env: NOBODY_SETS_THIS_EITHER}}
""",
)


@pytest.fixture
def pages(calendar):
    thread = ("text: Today we begin.", "text: Today we begin.\n    thread: [More of it.]")
    return read_calendar(calendar(PAGES, thread)).unwrap()


@pytest.mark.parametrize("seed", range(1, 4))
def test_nothing_is_doubled_and_nothing_silently_lost_on_pages(pages, shelf, seed):
    often = {kind: min(1.0, rate * 6) for kind, rate in RATES.items()}
    went = rehearse(pages, shelf=shelf, faults=Faultload(seed=seed, rates=often))
    assert len(went.injected.struck) > 3
    assert (went.duplicates, went.differences, went.lost) == (0, (), ())
    assert went.passed


@pytest.mark.parametrize("kind", [Kind.LOST, Kind.FAILED], ids=lambda kind: kind.name.lower())
def test_a_lost_answer_is_found_but_for_a_person_on_linkedin(pages, shelf, kind):
    went = rehearse(pages, shelf=shelf, faults=only(kind))
    assert went.passed
    # The first post of the person is doubtful, so what should stand below it waits too long.
    assert {account: went_of(went, account) for account in ("page", "company", "ana")} == {
        "page": [State.PUBLISHED] * 3,
        "company": [State.PUBLISHED] * 3,
        "ana": [State.UNCONFIRMED, State.MISSED, State.PUBLISHED],
    }
    (reason,) = reasons(went, State.UNCONFIRMED)
    assert "lets nobody read a person's posts" in reason


def test_what_never_arrived_cannot_be_proved_absent_on_facebook(pages, shelf):
    went = rehearse(pages, shelf=shelf, faults=only(Kind.DROPPED_LATER))
    assert went.passed
    assert went_of(went, "page")[0] is State.UNCONFIRMED
    assert went_of(went, "company") == [State.PUBLISHED] * 3
    assert any("proves nothing" in reason for reason in reasons(went, State.UNCONFIRMED))


def test_a_picture_that_is_never_finished_is_missed_on_a_page_of_linkedin(pages, shelf):
    went = rehearse(pages, shelf=shelf, faults=only(Kind.UNFINISHED))
    assert went.passed
    assert went_of(went, "company")[0] is State.MISSED
    assert went_of(went, "page") == went_of(went, "ana") == [State.PUBLISHED] * 3


def went_of(went, account):
    return [entry.state for entry in went.entries if entry.account == account]


# ── the check can fail ────────────────────────────────────────────────────────────────────────────


class Forgetful(PLATFORMS["mastodon"]):
    """Never finds what stands there, and sends it again under another key."""

    sends = itertools.count()

    def find(self, staged, *, key, since):
        return Absent(reason="it did not look")

    def publish(self, staged, *, key):
        return super().publish(staged, key=f"{key}/{next(self.sends)}")


class Boastful(PLATFORMS["mastodon"]):
    """Takes for a success whatever it was not told."""

    def publish(self, staged, *, key):
        try:
            return super().publish(staged, key=key)
        except Exception:  # noqa: BLE001
            return Receipt(id=f"made up for {key}", url="nowhere")


def broken(adapter):
    return {**PLATFORMS, "mastodon": adapter}


def test_a_publisher_that_does_not_look_before_it_sends_again_is_found_out(small, shelf):
    went = rehearse(small, shelf=shelf, faults=only(Kind.LOST), platforms=broken(Forgetful))
    assert went.duplicates == 2, "the first post of each of the two accounts"
    assert any("archive shows 1 that the ledger does not know of" in d for d in went.differences)
    assert not went.passed


def test_a_double_in_other_words_is_found_out_too(small, shelf):
    both = Faultload(seed=1, rates={Kind.LOST: 1.0, Kind.REWORDED: 1.0}, first=2)
    went = rehearse(small, shelf=shelf, faults=both, platforms=broken(Forgetful))
    assert went.differences
    assert not went.passed


def test_a_receipt_for_what_does_not_stand_there_is_found_out(small, shelf):
    went = rehearse(small, shelf=shelf, faults=only(Kind.DROPPED), platforms=broken(Boastful))
    assert any("does not stand there" in difference for difference in went.differences)
    assert not went.passed


def test_what_is_missing_without_a_fault_is_lost(small, shelf):
    held = {("launch", "archive"): "somebody held it"}
    went = rehearse(small, shelf=shelf, held=held, faults=Faultload(seed=1, rates={}))
    assert [entry.key for entry in went.lost] == ["small-2026/launch/archive/1"]
    assert not went.passed
