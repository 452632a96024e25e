"""A person opens the preview from the disk and finds a post; hostile words break no page."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
import test_coalition
import test_site
from preview_samples import campaign, coalition, cyprus, germany, pages, post, voiceless

from scheduler.model import Agreement, Earlier, Yes
from scheduler.planning import plan
from scheduler.preview.site import write

HOSTILE = test_site.HOSTILE
#: How often somebody presses a key before giving up.
_PATIENCE = 80
GREEK = "Ακούστε. Πιστέψτε. Ρωτήστε τι χρειάζεται."

pytestmark = pytest.mark.system


@pytest.fixture
def front(chromium, tmp_path):
    """The front page of two organisations, from the disk; on day 7 there is a post of both."""
    seventh = (post("call", day=7), post("quote"), post("statistic", day=3))
    own = voiceless(campaign(*seventh))
    made = coalition(cyprus(own, tmp_path / "a"), germany(own, tmp_path / "a"), own=own)
    write(pages(made, tmp_path / "shelf"), out=tmp_path / "out")
    page = chromium.new_page(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto((tmp_path / "out" / "index.html").as_uri())
    yield page
    assert complaints == []


def is_found(page) -> None:
    drawn = page.locator("#post-the-call .drawn").first
    drawn.get_by_text(GREEK).first.wait_for()
    assert "/members/cyprus/day-07.html" in page.url
    assert drawn.locator('[lang="el"]').count()


def test_the_post_of_day_7_in_greek_is_two_links_away(front, tmp_path):
    front.get_by_role("link", name="Μέλος της Κύπρου").first.click()
    front.locator('main a[href="day-07.html"]').first.click()
    is_found(front)
    front.screenshot(path=tmp_path / "found.png", full_page=True)


def tab_to(page, wanted: str) -> None:
    """Press Tab until what is wanted has the focus, as somebody does who has no mouse."""
    for _ in range(_PATIENCE):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement?.matches(wanted) ?? false", wanted):
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none", f"nobody sees that {wanted} has the focus"
            return
    raise AssertionError(f"{wanted} is not reached by Tab")


def test_it_is_found_with_the_keyboard_alone_by_day_and_language(front, tmp_path):
    tab_to(front, 'a[href="posts.html"]')
    front.keyboard.press("Enter")
    front.wait_for_url("**/posts.html")
    tab_to(front, "#filter-day")
    front.keyboard.type("Day 7")
    tab_to(front, "#filter-language")
    front.keyboard.type("Greek")
    assert front.locator(".entry:visible").count() == 1
    tab_to(front, ".entry:not([hidden]) a")
    front.screenshot(path=tmp_path / "filtered.png")
    front.keyboard.press("Enter")
    is_found(front)


# ── hostile words ─────────────────────────────────────────────────────────────────────────────────


def with_earlier(shown):
    """Each delivery said something else, as hostile, when it was approved."""
    approvals = {}
    for each in plan(shown.coalition):
        if parts := shown.drafts.get((each.post, each.account)):
            now = parts[each.part - 1]
            before = replace(now, text=f"{HOSTILE} {'y' * 10_000}", note=HOSTILE[::-1])
            at = datetime(2026, 11, 20, tzinfo=UTC)
            earlier = Earlier(who=(HOSTILE,), at=at, draft=before)
            approvals[each.key] = Yes(
                agreement=Agreement.CHANGED, who=(HOSTILE,), at=at, earlier=earlier
            )
    return replace(shown, approvals=approvals)


def kinds(out) -> list:
    """One page of each kind, and each day that has a post."""
    pages_ = [*out.glob("*.html"), *out.glob("members/*/index.html")]
    days = [*out.glob("members/*/day-0[1-5].html")]
    return [each for each in (*pages_, *days) if each.name[:5] != "day-1" and each.is_file()]


@pytest.mark.parametrize("made", [test_site, test_coalition], ids=["alone", "coalition"])
def test_hostile_words_in_every_field_widen_no_page_and_run_nowhere(chromium, tmp_path, made):
    shown = with_earlier(made.said_everywhere(f"{HOSTILE}{'z' * 200}", tmp_path / "shelf"))
    write(shown, out=tmp_path / "out")
    page = chromium.new_page(viewport={"width": 360, "height": 800})
    said = []
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    for file in kinds(tmp_path / "out"):
        page.goto(file.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, file.name
        assert page.locator("main script").count() == 0
    assert said == []
