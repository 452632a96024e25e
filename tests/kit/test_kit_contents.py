"""What is in a kit: the very drafts that would be sent, and nothing that must not be out yet."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from kit_samples import BY_HAND, EMBARGO, REVIEWED

from scheduler.calendar import read_calendar
from scheduler.cards.sampling import SIZES
from scheduler.drafting import draft_for, measuring
from scheduler.interface import ENGLISH
from scheduler.kit.contents import Shape, Why
from scheduler.kit.gathering import BY_HAND as PLATFORMS_BY_HAND
from scheduler.kit.judging import held
from scheduler.kit.sentences import trouble_said
from scheduler.model import Hold, Scope
from scheduler.platforms import PLATFORMS, in_words
from scheduler.rehearsing import rehearse
from test_rehearsing_everywhere import ACCOUNTS, EVERYWHERE, HOSTED, NOTE

SHIPPED = Path(__file__).parents[2] / "campaign.yaml"
LONG = ("    text: Today we begin.", f"    text: {'Today we begin. ' * 20}")


def texts(kit, post="launch", part=1):
    """By where it is posted, what stands there."""
    (said,) = [each for each in kit.posts if each.post.id == post]
    return {each.destination.name: each for each in said.texts if each.part == part}


def test_every_card_is_there_in_each_of_the_five_sizes(by_hand, kit_of):
    kit = kit_of(by_hand)
    assert {shape.size for shape in Shape} == set(SIZES)
    for post in kit.posts:
        for slide in post.slides:
            assert [picture.shape for picture in slide.pictures] == list(Shape)
            assert slide.unfit == ()


def test_the_words_are_those_that_the_public_sees_on_every_platform(calendar, kit_of, shelf):
    """The twin of publishing: what the stand-ins show is what somebody would copy."""
    file = calendar(EVERYWHERE, HOSTED, NOTE)
    went = rehearse(read_calendar(file).unwrap(), shelf=shelf)
    kit = kit_of(file, "campaign")
    for feed in went.feeds:
        if feed.platform in PLATFORMS_BY_HAND:
            said = [texts(kit, post)[feed.account] for post in ("launch", "listen")]
            assert [each.text for each in said] == [post.text for post in feed.posts], feed.account
            assert [each.note for each in said] == [post.note for post in feed.posts], feed.account


def test_a_platform_without_an_account_says_what_an_account_there_would(calendar, kit_of, shelf):
    campaign = read_calendar(calendar(EVERYWHERE, HOSTED, NOTE)).unwrap().own
    kit = kit_of(calendar(NOTE), "campaign")
    for platform in PLATFORMS_BY_HAND:
        draft = draft_for(campaign, campaign.posts["launch"], platform, shelf)
        limits = measuring(campaign.accounts[platform]).limits
        if platform != "telegram":  # the account there has its descriptions in the text
            assert texts(kit)[platform].text == in_words(draft, limits)
        assert texts(kit)[platform].limit == limits.text


def test_there_are_words_for_each_of_the_eight_platforms_and_the_own_accounts_come_first(
    by_hand, kit_of
):
    names = [each.name for each in kit_of(by_hand).destinations]
    assert names[:2] == ["cyprus.insta", "cyprus.seite"]
    assert names[2:] == ["x", "threads", "linkedin", "mastodon", "bluesky", "telegram"]
    assert set(PLATFORMS_BY_HAND) == set(ACCOUNTS) - {"folder", "discord", "slack"}
    assert set(PLATFORMS_BY_HAND) < set(PLATFORMS)


def test_what_is_too_long_is_said_with_the_excess_and_offered_elsewhere(calendar, kit_of):
    kit = kit_of(calendar(LONG), "campaign")
    on_x, on_instagram = texts(kit)["x"], texts(kit)["instagram"]
    assert on_x.used > on_x.limit == 280
    (problem,) = (trouble_said(ENGLISH, each) for each in on_x.problems)
    assert f"{on_x.used - 280} " in problem
    assert "Do not cut it yourself" in problem
    assert on_instagram.problems == ()
    assert on_instagram.text == on_x.text


def test_what_cannot_be_drawn_in_one_size_is_there_in_the_others(kit_of):
    posts = {post.post.id: post for post in kit_of(SHIPPED).posts}
    (slide,) = posts["what-a-programme-does"].slides
    assert [each.shape for each in slide.unfit] == [Shape.LINK]
    assert "there is room for" in slide.unfit[0].reason
    assert [each.shape for each in slide.pictures] == [each for each in Shape if each != Shape.LINK]
    assert texts(kit_of(SHIPPED), "what-a-programme-does")["instagram"].problems == ()


def test_where_the_program_publishes_nobody_is_asked_to_post_by_hand(coalition, kit_of):
    file = coalition(
        germany=(("platform: folder, directory: germany", 'platform: facebook, page: "17"'),)
    )
    destinations = {each.name: each for each in kit_of(file, "germany").destinations}
    assert destinations["germany.page"].published
    assert "facebook" not in destinations
    assert not destinations["instagram"].published


# ── what is not in it ─────────────────────────────────────────────────────────────────────────────


def test_what_nobody_has_reviewed_is_in_it_only_when_asked_for_and_marked(coalition, kit_of):
    file = coalition(cyprus=BY_HAND, el=REVIEWED)
    strict = kit_of(file, drafts=False)
    assert [post.post.id for post in strict.posts] == ["launch"]
    assert [(each.post, each.kept.why) for each in strict.absent] == [("listen", Why.UNREVIEWED)]
    marks = {post.post.id: [kept.why for kept in post.marks] for post in kit_of(file).posts}
    assert marks == {"launch": [], "listen": [Why.UNREVIEWED]}


@pytest.mark.parametrize("minutes", [-1, 0])
def test_what_is_under_embargo_is_in_it_from_its_instant_on(calendar, kit_of, minutes):
    file = calendar(EMBARGO)
    (embargo,) = [
        post.embargo for post in read_calendar(file).unwrap().own.posts.values() if post.embargo
    ]
    kit = kit_of(file, "campaign", now=embargo + timedelta(minutes=minutes))
    absent = [(each.post, each.kept.why) for each in kit.absent]
    assert absent == ([("listen", Why.EMBARGO)] if minutes else [])
    asked = kit_of(file, "campaign", now=embargo + timedelta(minutes=minutes), embargoed=True)
    marks = {post.post.id: [kept.why for kept in post.marks] for post in asked.posts}
    assert marks == {"launch": [], "listen": [Why.EMBARGO] if minutes else []}


def test_what_is_not_approved_by_enough_is_a_draft(calendar, kit_of):
    file = calendar()
    strict = kit_of(file, "campaign", drafts=False, unapproved=frozenset({"listen"}))
    assert [(each.post, each.kept.why) for each in strict.absent] == [("listen", Why.UNAPPROVED)]
    marked = kit_of(file, "campaign", unapproved=frozenset({"listen"}))
    assert [kept.why for post in marked.posts for kept in post.marks] == [Why.UNAPPROVED]


@pytest.mark.parametrize(
    "hold",
    [
        Hold(scope=Scope.EVERYTHING, value="", reason="we must think"),
        Hold(scope=Scope.COUNTRY, value="cy", reason="we must think"),
        Hold(scope=Scope.ACCOUNT, value="cyprus.insta", reason="we must think"),
        Hold(scope=Scope.TAG, value="small", reason="we must think"),
    ],
    ids=lambda hold: hold.scope,
)
def test_what_a_person_holds_is_in_no_kit_whatever_is_asked_for(by_hand, kit_of, hold):
    campaign = read_calendar(by_hand).unwrap().campaigns["cyprus"]
    reasons = held(campaign, [hold], None, on=date(2026, 11, 24))
    kit = kit_of(by_hand, held=reasons, embargoed=True)
    assert list(kit.posts) == []
    assert {each.kept.detail for each in kit.absent} == {f"{hold} is held: we must think"}


def test_a_post_with_an_error_is_in_no_kit_and_the_others_are(calendar, kit_of):
    file = calendar(("checked_on: 2026-11-22", "checked_on: 2026-11-22\n    survivor: yes"))
    kit = kit_of(file, "campaign", embargoed=True)
    assert [post.post.id for post in kit.posts] == ["launch"]
    (absent,) = kit.absent
    assert absent.kept.why is Why.HELD
    assert "consent" in absent.kept.detail


def test_sources_and_the_helpline_come_along(by_hand, kit_of):
    posts = {post.post.id: post for post in kit_of(by_hand).posts}
    said = {line.name: line for line in posts["listen"].sources}
    assert said["Who said it"].text == "António Guterres, UN Secretary-General"
    assert said["Source"].address == "https://unis.unvienna.org/"
    assert posts["launch"].sources == ()
    assert posts["launch"].helpline[0].text == "022 0002"


def test_a_number_that_nobody_has_verified_is_in_no_kit(coalition, kit_of):
    unsure = BY_HAND.replace("verified: publisher", "verified: third-party")
    kit = kit_of(coalition(cyprus=unsure), held={})
    assert all(post.helpline == () for post in kit.posts)
    assert not any("022 0002" in text.text for post in kit.posts for text in post.texts)
