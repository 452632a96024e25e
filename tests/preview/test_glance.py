"""The list of all posts: nothing is missing in it, and it shows what somebody looks for."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from preview_samples import (
    CONTENTS,
    Element,
    campaign,
    coalition,
    cyprus,
    file_places,
    germany,
    pages,
    parsed,
    post,
    voiceless,
)

from scheduler.errors import Problem
from scheduler.interface import ENGLISH
from scheduler.model import OWN, Account, Agreement, Campaign, Coalition, Member, Yes
from scheduler.planning import plan, plan_of
from scheduler.preview.rendering import served
from scheduler.preview.site import write
from scheduler.saying import platform

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
HOSTILE = (
    "</td></style></title><script>alert(1)</script><img src=x onerror='alert(2)'>"
    "\" ' ` {{ 7 * 7 }} &amp; \u202eesrever\u202c \u05d0\u05d1 <!-- ]]>"
)
#: Milliseconds.
PATIENCE = 30_000


def telegram(of: Campaign, **options: str) -> Campaign:
    """The organisation's posts on a channel as well."""
    name = of.member.account("channel")
    channel = Account(name=name, platform="telegram", options={"channel": "@loud", **options})
    posts = {each.id: replace(each, accounts=(*each.accounts, name)) for each in of.posts.values()}
    return replace(of, accounts={**of.accounts, name: channel}, posts=posts)


@pytest.fixture
def two(tmp_path) -> Coalition:
    """Both on Telegram: Cyprus loses its alt texts there, Germany has them in the captions."""
    own = voiceless(campaign(places=file_places("campaign.yaml", ("posts", "the-call"))))
    folder = tmp_path / "assets"
    greek, german = telegram(cyprus(own, folder)), telegram(germany(own, folder), alts="caption")
    return coalition(greek, german, own=own)


@pytest.fixture
def listed(two, tmp_path):
    def made(of: Coalition | Campaign = two, *problems: Problem, **changes) -> Element:
        write(pages(of, tmp_path / "shelf", *problems, **changes), out=tmp_path / "out")
        return parsed(tmp_path / "out" / "posts.html")

    return made


def rows(page: Element) -> list[Element]:
    return list(page.all("tr", class_="entry"))


def row(page: Element, post_: str, member: str = "") -> Element:
    (found,) = (
        each
        for each in rows(page)
        if each.one("a").text == post_ and each.attributes.get("data-member", "") == member
    )
    return found


def told(page: Element, post_: str, member: str = "") -> dict[str, str]:
    """What each account tells of the pictures."""
    return {
        each.one("span", class_="on").text: each.one("span", class_="told-alt").text
        for each in row(page, post_, member).all("li")
    }


# ── what stands there ─────────────────────────────────────────────────────────────────────────────


def test_every_delivery_has_its_account_in_the_row_of_its_post(two, listed):
    owners = {name: of.member.id for of in two.campaigns.values() for name in of.accounts}
    shown = [
        (each.attributes["data-member"], each.one("a").text, account.text)
        for each in rows(listed())
        for account in each.all("span", class_="on")
    ]
    assert sorted(shown) == sorted(
        (owners[each.account], each.post, f"{platform(ENGLISH, each.platform)} {each.account}")
        for each in plan(two)
    )


def test_a_post_that_an_organisation_leaves_out_has_a_row_that_says_so(listed):
    left = row(listed(), "the-photo", "cyprus")
    assert left.one("td", class_="state opted-out").text == "opted out"
    assert not list(left.all("li"))


def test_a_post_on_no_account_is_listed_and_goes_nowhere(listed):
    page = listed(campaign(post("call", accounts=())))
    assert row(page, "the-call").one("td", class_="state nowhere").text == "goes nowhere"


def test_a_row_says_what_it_can_be_filtered_by(listed):
    one = row(listed(), "the-quote", "cyprus").attributes
    assert (one["data-day"], one["data-language"], one["data-state"]) == ("2", "el", "stale")
    assert "Πρώτα η ασφάλεια." in one["data-text"]
    assert "Μέλος της Κύπρου" in one["data-text"]
    assert "What the quote shows." in one["data-text"]


def test_every_row_can_be_found_by_each_filter(listed):
    page = listed()
    for name in ("day", "member", "language", "state"):
        offered = {
            each.attributes["value"]
            for each in page.one("select", name=name).all("option")
            if each.attributes["value"]
        }
        assert {each.attributes[f"data-{name}"] for each in rows(page)} <= offered, name
    for name in ("platform", "alt"):
        offered = {each.attributes["value"] for each in page.one("select", name=name).all("option")}
        said = {
            account.attributes[f"data-{name}"] for each in rows(page) for account in each.all("li")
        }
        assert len(said) > 1
        assert said <= offered, name


def test_each_account_says_what_becomes_of_the_alt_texts(listed):
    page = listed()
    assert told(page, "the-call", "cyprus") == {
        "Mastodon cyprus.page": "alt text",
        "Telegram cyprus.channel": "no alt text",
        "Folder cyprus.archive": "alt text",
    }
    assert told(page, "the-call", "germany")["Telegram germany.channel"] == (
        "alt text below the text"
    )


def test_a_picture_whose_alt_text_was_not_written_is_not_described_anywhere(listed, tmp_path):
    made = campaign(post("call", accounts=("network", "archive")))
    written = pages(made, tmp_path / "shelf").drafts
    silent = {
        pair: [
            replace(draft, pictures=[replace(each, alt="") for each in draft.pictures])
            for draft in parts
        ]
        for pair, parts in written.items()
    }
    assert set(told(listed(made), "the-call").values()) == {"alt text"}
    assert set(told(listed(made, drafts=silent), "the-call").values()) == {"no alt text"}


def test_a_post_without_a_draft_says_so_and_nothing_of_pictures(listed):
    page = listed(campaign(post("call", accounts=("network",))), drafts={}, measures={})
    assert told(page, "the-call") == {"Mastodon network": "no draft"}


def test_the_parts_of_a_thread_are_one_account_of_one_row(listed):
    page = listed(campaign(post("call", accounts=("network",), thread=("Second.", "Third."))))
    assert told(page, "the-call") == {"Mastodon network": "alt text"}
    assert "Third." in row(page, "the-call").attributes["data-text"]


def test_a_row_leads_to_the_drawn_post(listed, tmp_path):
    for each in rows(listed()):
        file, _, anchor = each.one("a").attributes["href"].partition("#")
        drawn = parsed(tmp_path / "out" / file)
        assert list(drawn.all(id=anchor)), (file, anchor)


def test_rows_stand_by_day_and_by_the_clocks_of_their_organisations(listed):
    found = [
        (int(each.attributes["data-day"]), (each.one("td", class_="hour").text or "99:99"))
        for each in rows(listed())
    ]
    assert found == sorted(found)
    assert ("5", "08:30") in {(str(day), hour) for day, hour in found}


def test_the_problems_of_a_post_are_counted_in_its_row(two, listed):
    said = Problem(file="campaign.yaml", line=1, column=1, code="x", message="something")
    page = listed(two, said)
    for member in ("cyprus", "germany"):
        assert row(page, "the-call", member).one("td", class_="problems-of").text == "1 error"
    assert not row(page, "the-quote", "germany").one("td", class_="problems-of").text


def test_a_held_post_is_held_in_a_calendar_of_one_organisation_as_well(listed):
    page = listed(campaign(post("call"), post("quote")), held={("the-call", "network"): "why"})
    assert row(page, "the-call").attributes["data-state"] == "held"
    assert row(page, "the-quote").attributes["data-state"] == "ready"


def test_a_row_says_the_least_that_was_said_of_its_deliveries(listed):
    made = campaign(post("call", accounts=("network", "archive")), post("quote"))
    at = datetime(2026, 11, 20, 9, tzinfo=UTC)
    yes = Yes(agreement=Agreement.APPROVED, who=("Ana", "Ben"), at=at)
    changed = replace(yes, agreement=Agreement.CHANGED)
    approvals = {
        each.key: changed if each.account == "archive" and each.post == "the-call" else yes
        for each in plan_of(made)
    }
    page = listed(made, approvals=approvals)
    said = {name: row(page, name).all("td", role="cell") for name in ("the-call", "the-quote")}
    texts = {name: [each.text for each in cells] for name, cells in said.items()}
    assert "Changed since Ana and Ben approved it on 20 November 2026" in texts["the-call"]
    assert "Approved by Ana and Ben on 20 November 2026" in texts["the-quote"]
    assert row(page, "the-call").attributes["data-approval"] == "changed"


def test_without_a_ledger_nothing_is_said_of_approvals(listed):
    assert not list(listed().all("select", name="approval"))


def test_the_table_has_a_caption_a_head_for_every_column_and_for_every_day(listed):
    table = listed().one("table")
    assert table.one("caption").text
    heads = len(list(table.one("thead").all("th", scope="col")))
    for each in rows(table):
        assert len(list(each.all("td"))) + len(list(each.all("th", scope="row"))) == heads
    days = [each.text for each in table.all("th", scope="rowgroup")]
    assert len(days) == 16
    assert days[15] == "Day 16 Thu 10 Dec Theme 16 No post on this day."


def test_without_a_script_the_whole_list_is_there_and_nothing_asks_for_a_filter(listed):
    page = listed()
    assert "hidden" in page.one("form").attributes
    assert all("hidden" not in each.attributes for each in rows(page))
    assert page.one("p", role="status").text == f"All posts are shown: {len(rows(page))}."


def test_hostile_words_stay_text(listed):
    shapes = []
    for words in ("harmless", HOSTILE):
        made = campaign(post("call", id=words, text=words, language=words, alt=words), title=words)
        whole = coalition(replace(made, member=Member(id=OWN, name=words)), own=made)
        page = listed(whole)
        shapes.append([(each.tag, tuple(each.attributes)) for each in page.all()])
    assert shapes[0] == shapes[1]
    assert HOSTILE in rows(page)[0].attributes["data-text"]


def test_a_served_list_carries_no_policy_of_its_own_and_follows_what_is_saved(listed, tmp_path):
    listed()
    text = served((tmp_path / "out" / "posts.html").read_text("utf-8"))
    assert "Content-Security-Policy" not in text
    assert '<script src="/live/live.js" defer></script>' in text
    assert '<script src="filters.js" defer></script>' in text


def test_a_list_of_nineteen_organisations_with_thirty_posts_stays_below_a_megabyte_and_a_half(
    listed, tmp_path
):
    words = "Forty words of a caption, more or less, with a helpline and hashtags. " * 6
    said = campaign(
        *(
            post("call", id=f"a-post-of-the-campaign-{each}", day=each % 16 + 1, text=words)
            for each in range(30)
        )
    )
    members = [
        replace(said, member=Member(id=f"m{each}", name=f"An organisation {each}"))
        for each in range(19)
    ]
    listed(coalition(*members, own=voiceless(said)))
    assert (tmp_path / "out" / "posts.html").stat().st_size < 1_500_000
    # The matrix of all days and all members is on the page that is opened first.
    beside = (tmp_path / "out" / name for name in ("index.html", "style.css"))
    assert sum(file.stat().st_size for file in beside) < 1_500_000


# ── in a browser ──────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def browser():
    if CHROMIUM is None:
        pytest.skip("no chromium here: make test-deps brings it on Debian")
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def opened(browser, two, listed, tmp_path):
    """The list, from the disk; whatever the browser complains of fails the test."""
    listed()
    page = browser.new_page(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    page.set_default_timeout(PATIENCE)
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto((tmp_path / "out" / "posts.html").as_uri())
    yield page
    assert complaints == []


def seen(page) -> set[tuple[str, str]]:
    """The post and the organisation of every row that is to be seen."""
    return {
        (each.locator("a").inner_text(), each.get_attribute("data-member"))
        for each in page.locator(".entry:visible").all()
    }


def undescribed(page) -> set[str]:
    return {
        each.locator("..").locator(".on").inner_text()
        for each in page.locator(".described-not:visible .told-alt").all()
    }


@pytest.mark.system
def test_filtering_to_telegram_shows_what_has_no_alt_text(opened):
    opened.get_by_label("Platform").select_option("Telegram")
    assert opened.locator("li[data-platform]:visible:not([data-platform=telegram])").count() == 0
    assert seen(opened) == {
        *((f"the-{name}", "cyprus") for name in ("quote", "statistic", "call")),
        *((f"the-{name}", "germany") for name in CONTENTS),
    }
    assert undescribed(opened) == {"Telegram cyprus.channel"}
    opened.get_by_label("Alt text").select_option("no alt text")
    assert seen(opened) == {(f"the-{name}", "cyprus") for name in ("quote", "statistic", "call")}
    assert opened.locator("#found").inner_text() == (
        "Posts shown: 3 of 10. Deliveries without alt text: 3 of 3."
    )
    assert opened.url.endswith("#platform=telegram&alt=not")


@pytest.mark.system
def test_filters_are_combined_and_kept_in_the_address(opened):
    whole = seen(opened)
    opened.get_by_label("Organisation").select_option("Μέλος της Κύπρου")
    opened.get_by_label("Words in a post").fill("ΠΡΩΤΑ ασφαλεια")
    assert seen(opened) == {("the-quote", "cyprus")}
    address = opened.url
    opened.goto("about:blank")
    opened.goto(address)
    assert seen(opened) == {("the-quote", "cyprus")}
    assert opened.get_by_label("Words in a post").input_value() == "ΠΡΩΤΑ ασφαλεια"
    opened.get_by_role("button", name="Show everything").click()
    assert seen(opened) == whole
    assert "#" not in opened.url
    opened.go_back()
    assert seen(opened) == {("the-quote", "cyprus")}


@pytest.mark.system
def test_a_day_of_the_calendar_is_chosen_and_given_up(opened):
    day = opened.get_by_role("navigation", name="The sixteen days").get_by_role("link")
    day.nth(1).click()
    assert seen(opened) == {("the-quote", "cyprus"), ("the-quote", "germany")}
    assert opened.url.endswith("#day=2")
    counted = opened.locator(".weeks [data-count]").all_inner_texts()
    assert counted == ["2"] * 5 + ["0"] * 11
    assert opened.locator(".of-day:visible").count() == 1
    day.nth(1).click()
    assert len(seen(opened)) == 10


@pytest.mark.system
@pytest.mark.parametrize("words", ["a" * 10_000, "\u202e" + "ש" * 10_000, HOSTILE * 60])
def test_ten_thousand_characters_stay_within_the_page(browser, listed, tmp_path, words):
    made = campaign(post("call", text=words, alt=words), title=words)
    whole = coalition(replace(made, member=Member(id=OWN, name=words)), own=made)
    listed(replace(whole, campaigns={OWN: telegram(whole.campaigns[OWN])}))
    page = browser.new_page()
    said = []
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.goto((tmp_path / "out" / "posts.html").as_uri() + "#platform=telegram")
    assert page.locator(".entry:visible").count() == 1
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") == width
    assert said == []


@pytest.mark.system
def test_an_address_that_asks_for_what_nobody_has_shows_nothing_and_says_so(opened, two):
    opened.goto(opened.url.partition("#")[0] + "#member=nobody")
    opened.locator("#found", has_text="No post is like that.").wait_for()
    assert seen(opened) == set()
    assert opened.get_by_label("Organisation").input_value() == "nobody"
