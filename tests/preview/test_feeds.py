"""The page at the end of a rehearsal."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from preview_samples import Element, jpeg, parsed

from scheduler.preview.feeds import (
    FaultKind,
    Faults,
    Feed,
    FeedPost,
    Summary,
    Unpublished,
    write,
)
from scheduler.preview.looks import LOOKS

SUMMARY = Summary(
    title="A campaign",
    zone=ZoneInfo("Europe/Berlin"),
    deliveries=3,
    published=3,
    unconfirmed=0,
    missed=0,
    rejected=0,
    handed=0,
    duplicates=0,
    simulated_days=16,
    seconds=1.25,
)
RED = jpeg("red")


def post(text: str, day: int = 25, hour: int = 8, **changes) -> FeedPost:
    made = FeedPost(
        text=text,
        note="",
        language="en",
        alts=("The alt text",),
        pictures=(RED,),
        published_at=datetime(2026, 11, day, hour, tzinfo=UTC),
        url="http://127.0.0.1:4000/@network/1",
    )
    return replace(made, **changes)


def feed(account: str, *posts: FeedPost, **changes) -> Feed:
    made = Feed(
        account=account,
        member="The organisation",
        platform="mastodon",
        zone=ZoneInfo("Europe/Berlin"),
        posts=posts,
    )
    return replace(made, **changes)


def feeds(*posts: FeedPost) -> tuple[Feed, ...]:
    kept = post("Kept", url="edition/a/archive/1")
    return feed("archive", kept, platform="folder"), feed("network", *posts)


CYPRUS = {"member": "Μέλος", "zone": ZoneInfo("Asia/Nicosia")}


def of_two_members(*posts: FeedPost) -> tuple[Feed, ...]:
    return (
        feed("cyprus.archive", *posts, platform="folder", **CYPRUS),
        *feeds(*posts),
        feed("cyprus.page", *posts, **CYPRUS),
    )


def test_every_post_of_every_account_is_shown_with_its_picture_and_alt_text(tmp_path):
    page = parsed(write(feeds(post("One\n\n#16Days"), post("Two", 26)), SUMMARY, out=tmp_path))
    assert sorted(each.text for each in page.all("p", class_="caption")) == [
        "Kept",
        "One\n\n#16Days",
        "Two",
    ]
    name = f"pictures/{hashlib.sha256(RED).hexdigest()}.jpg"
    assert {image.attributes["src"] for image in page.all("img")} == {name}
    assert (tmp_path / name).read_bytes() == RED
    assert page.text.count("The alt text") == 3


def test_a_feed_has_its_newest_post_on_top_grouped_by_the_days_of_the_campaign(tmp_path):
    late = post("Just after midnight in Berlin", 25, 23)
    page = parsed(write(feeds(post("Morning"), late, post("Noon", 25, 11)), SUMMARY, out=tmp_path))
    shown = page.one("section", id="feed-1")
    assert [each.text for each in shown.all("h3")] == [
        "Thursday, 26 November 2026",
        "Wednesday, 25 November 2026",
    ]
    captions = [each.text for each in shown.all("p", class_="caption")]
    assert captions == ["Just after midnight in Berlin", "Noon", "Morning"]


def test_the_numbers_stand_in_the_headline(tmp_path):
    summary = replace(
        SUMMARY,
        deliveries=29,
        published=11,
        unconfirmed=2,
        missed=3,
        rejected=4,
        handed=9,
        duplicates=5,
    )
    top = parsed(write(feeds(post("One")), summary, out=tmp_path)).one("header", class_="top bad")
    numbers = {each.one("dt").text: int(each.one("dd").text) for each in top.one("dl").all("div")}
    assert numbers == {
        "deliveries": 29,
        "published": 11,
        "duplicates": 5,
        "unconfirmed": 2,
        "missed": 3,
        "rejected": 4,
        "handed": 9,
    }
    assert "16 days played in 1.25 seconds" in top.text


@pytest.mark.parametrize(
    ("changes", "look", "headline"),
    [
        ({}, "top good", "Everything was published, once"),
        (
            {"published": 2, "handed": 1},
            "top good",
            "Everything was published once, or handed over",
        ),
        ({"published": 2, "missed": 1}, "top bad", "Not everything was published"),
        ({"published": 1, "handed": 1, "missed": 1}, "top bad", "Not everything was published"),
        ({"duplicates": 1}, "top bad", "Something was published twice"),
    ],
)
def test_the_headline_is_green_only_when_everything_went_out_once(
    tmp_path, changes, look, headline
):
    page = parsed(write(feeds(post("One")), replace(SUMMARY, **changes), out=tmp_path))
    assert page.one("h1").text == headline
    assert list(page.all("header", class_=look))


def test_an_account_that_published_nothing_says_so(tmp_path):
    page = parsed(write(feeds(), SUMMARY, out=tmp_path))
    assert "Nothing was published here." in page.one("section", id="feed-1").text


@pytest.mark.parametrize("covered", [True, False])
def test_pictures_lie_under_a_cover_where_they_lay_under_one(tmp_path, covered):
    sky = feed("sky", post("A note\n\nWords.", covered=covered), platform="bluesky")
    page = parsed(write([sky], SUMMARY, out=tmp_path))
    assert [caption.text for caption in page.all("p", class_="caption")] == ["A note\n\nWords."]
    assert len(list(page.all("details", class_="cover"))) == covered
    assert len(list(page.all("img"))) == 1


def test_hostile_text_stays_text(tmp_path):
    # Whatever more the hostile page holds than the harmless one, the hostile words made it.
    bad = "</p><script>alert(1)</script>\" onload='x' \u202eesrever"
    shapes = []
    for words in (bad, "harmless"):
        said = post(words, note=words, language=words, alts=(words,), url=words)
        made = [
            feed(words, said, platform=platform, member=f"{member} {words}")
            for member in "ab"
            for platform in (*LOOKS, words)
        ]
        page = parsed(write(made, replace(SUMMARY, title=words), out=tmp_path))
        shapes.append([(each.tag, tuple(each.attributes)) for each in page.all()])
        assert [each.text for each in page.all("p", class_="caption")] == [words] * 2 * (
            len(LOOKS) + 1
        )
    assert shapes[0] == shapes[1]


def test_the_page_loads_its_own_files_alone_and_keeps_those_of_others(tmp_path):
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "mine.jpg").write_text("mine")
    (tmp_path / "pictures" / f"{'0' * 64}.jpg").write_text("of an earlier rehearsal")
    page = parsed(write(feeds(post("https://example.org")), SUMMARY, out=tmp_path))
    loaded = [
        each.attributes.get("src") or each.attributes.get("href") or ""
        for each in page.all()
        if each.tag != "a"
    ]
    files = [each for each in loaded if each and not each.startswith(("data:,", "#"))]
    assert all(not urlsplit(each).scheme and (tmp_path / each).is_file() for each in files)
    assert {file.name for file in (tmp_path / "pictures").iterdir()} == {
        "mine.jpg",
        f"{hashlib.sha256(RED).hexdigest()}.jpg",
    }


def test_several_pictures_stand_together_each_with_its_own_alt_text(tmp_path):
    two = post("Two", alts=("Red", ""), pictures=(RED, jpeg("blue")))
    page = parsed(write(feeds(two), SUMMARY, out=tmp_path))
    images = list(page.one("div", class_="pictures mosaic halves ratio-3-2").all("img"))
    assert [image.attributes["alt"] for image in images] == ["Red", ""]
    assert len({image.attributes["src"] for image in images}) == 2


def account(heading: Element) -> str:
    return next(heading.all("bdi")).text


def test_each_feed_tells_the_time_by_its_own_clocks(tmp_path):
    late = post("Late in the evening", 25, 22)
    page = parsed(write(of_two_members(late), SUMMARY, out=tmp_path))
    days = {
        account(shown.one("h3")): shown.one("h4", class_="date").text
        for shown in page.all("section", class_="feed")
    }
    assert days == {
        "cyprus.page": "Thursday, 26 November 2026",
        "cyprus.archive": "Thursday, 26 November 2026",
        "network": "Wednesday, 25 November 2026",
        "archive": "Wednesday, 25 November 2026",
    }
    shown = page.one("section", id="feed-1")
    assert "00:00" in {each.text for each in shown.all("time")}
    assert "Each account tells the time by its own clocks." in page.one("p", class_="lead").text


def test_the_feeds_of_an_organisation_stand_together_and_the_archive_comes_last(tmp_path):
    page = parsed(write(of_two_members(post("One")), SUMMARY, out=tmp_path))
    chapters = {
        chapter.one("h2").one("bdi").text: list(map(account, chapter.all("h3")))
        for chapter in page.all("section", class_="chapter")
    }
    assert chapters == {
        "Μέλος": ["cyprus.page", "cyprus.archive"],
        "The organisation": ["network", "archive"],
    }


def test_the_contents_lead_to_every_feed_and_say_how_much_is_in_it(tmp_path):
    page = parsed(write(of_two_members(post("One"), post("Two", 26)), SUMMARY, out=tmp_path))
    rows = [
        (
            row.one("a").attributes["href"],
            row.one("a").text,
            int(row.one("td", class_="count").text),
        )
        for row in page.one("nav", class_="contents").all("tr")
        if list(row.all("a"))
    ]
    assert rows == [
        ("#feed-1", "cyprus.page", 2),
        ("#feed-2", "cyprus.archive", 2),
        ("#feed-3", "network", 2),
        ("#feed-4", "archive", 1),
    ]
    assert {shown.attributes["id"] for shown in page.all("section", class_="feed")} == {
        address.removeprefix("#") for address, _, _ in rows
    }


def test_the_feeds_of_many_are_folded_and_those_of_one_organisation_are_open(tmp_path):
    for made, is_open in ((of_two_members(post("One")), False), (feeds(post("One")), True)):
        page = parsed(write(made, SUMMARY, out=tmp_path))
        for shown in page.all("section", class_="feed"):
            fold = next(shown.all("details"))
            assert ("open" in fold.attributes) is is_open
            assert shown.one("h3" if not is_open else "h2") in list(fold.all())
        assert bool(list(page.all("nav", class_="contents"))) is not is_open
        assert {image.attributes["loading"] for image in page.all("img")} == {"lazy"}


FAULTS = Faults(
    seed=7,
    passed=True,
    injected=3,
    released=2,
    kinds=(
        FaultKind(fault="answer lost", injected=2, met=(("published", 1), ("unconfirmed", 1))),
        FaultKind(fault="slow answer", injected=1, met=()),
    ),
    unpublished=(
        Unpublished(
            key="edition/launch/network/1",
            state="unconfirmed",
            reason="no <answer>",
            faults=("answer lost", "slow answer"),
        ),
    ),
    differences=(),
)


def test_faults_are_told_with_what_became_of_them_and_what_is_missing_and_why(tmp_path):
    summary = replace(SUMMARY, published=2, unconfirmed=1, faults=FAULTS)
    page = parsed(write(feeds(post("One")), summary, out=tmp_path))
    assert page.one("h1").text == "Nothing was published twice, nothing was silently lost"
    assert list(page.all("header", class_="top good"))
    told = page.one("section", class_="faults")
    assert "2 times an account was held because its platform refused it" in told.text
    rows = [[cell.text for cell in row.all("td")] for row in told.all("tr")]
    assert ["2", "1 published, 1 unconfirmed"] in rows
    assert ["1", "it met none"] in rows
    assert ["unconfirmed", "no <answer>", "answer lost, slow answer"] in rows


def test_a_rehearsal_that_lost_something_among_faults_says_so_first(tmp_path):
    lost = replace(FAULTS, passed=False, differences=("network shows 1 too many",))
    summary = replace(SUMMARY, published=2, missed=1, faults=lost)
    page = parsed(write(feeds(post("One")), summary, out=tmp_path))
    assert list(page.all("header", class_="top bad"))
    assert page.one("h1").text == "Something is missing without a reason"
    assert page.one("section", class_="faults").one("li").text == "network shows 1 too many"


def test_a_rehearsal_without_faults_says_nothing_of_any(tmp_path):
    page = parsed(write(feeds(post("One")), SUMMARY, out=tmp_path))
    assert not list(page.all("section", class_="faults"))


def test_what_was_handed_to_a_person_is_told_apart_from_what_was_published(tmp_path):
    summary = replace(SUMMARY, deliveries=5, published=3, handed=2)
    page = parsed(write(of_two_members(post("One")), summary, out=tmp_path))
    told = page.one("p", class_="wording handed")
    assert "2 deliveries handed to a person, in kits." in told.text
    without = parsed(write(of_two_members(post("One")), SUMMARY, out=tmp_path))
    assert not list(without.all("p", class_="wording handed"))


def test_the_headings_of_a_rehearsal_leave_no_level_out(tmp_path):
    for made in (of_two_members(post("One")), feeds(post("One"))):
        page = parsed(write(made, SUMMARY, out=tmp_path))
        levels = [int(each.tag[1]) for each in page.all() if each.tag in {"h1", "h2", "h3", "h4"}]
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))
