"""The index page of a kit, opened from its ZIP on a phone: no request leaves it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from kit_samples import BY_HAND, EMBARGO, REVIEWED

from scheduler.kit.packing import pack
from scheduler.kit.returning import Dates, read

pytestmark = pytest.mark.system
ARABIC = """\
language: ar
phrases:
  day: اليوم {day} من {days}
  helpline: خط المساعدة
  violence_helpline: خط لمن يمارس العنف
  foot: "في الأسفل: {foot}"
  translated_by: ترجمة {translator}
days:
  1: {theme: لماذا نتكلّم, translation: {of: {theme: Why we speak}}}
  2: {theme: الإصغاء, translation: {of: {theme: Listening}}}
posts:
  launch:
    text: نبدأ اليوم.
    alt: "على البطاقة: نبدأ اليوم. شيء. وشيء آخر."
    graphic: {headline: نبدأ اليوم, points: [شيء, وشيء آخر]}
    translation:
      of:
        text: Today we begin.
        alt: "On the card: We begin today. One thing. Another thing."
        graphic: {headline: We begin today, points: [One thing, Another thing]}
"""
JORDAN = """\
member: {id: jordan, name: "Member, Jordan", kit: yes}
campaign: {country: JO, language: ar, zone: Asia/Amman}
brand: {name: عضو الأردن}
accounts:
  page: {platform: facebook, page: "17"}
leaves_out: {days: [2]}
"""


@pytest.fixture
def opened(by_hand, kit_of, tmp_path, phone):
    """The kit of Cyprus, on the first day of the campaign."""

    def go(**more):
        return phone(pack(kit_of(by_hand), tmp_path / "kits").archive, **more)

    return go


def day_on_top(page):
    return page.locator("#today details.day").get_attribute("data-day")


def place(page, name="Instagram", post="launch"):
    return page.locator(f'[data-post="{post}"] .where li', has_text=name).first


def tick(page, name="Instagram", post="launch"):
    there = place(page, name, post)
    there.get_by_label("Posted", exact=True).check()
    return there


def test_it_fits_a_small_phone_and_today_stands_on_top(opened):
    page = opened()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert day_on_top(page) == "1"
    assert page.locator("#today details.day").get_attribute("open") is not None
    assert page.locator("#days details.day[open]").count() == 0
    assert page.locator("#today time").first.inner_text() == "Wednesday, 25 November"
    assert "10:30" in page.locator("#today h3").inner_text()


def test_the_picture_is_shown_from_the_folder(opened):
    page = opened()
    image = page.locator("#today img").first
    image.scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('#today img').naturalWidth === 1080")


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ("2026-11-24T23:59:00+02:00", "The first day is Wednesday"),
        ("2026-12-11T00:01:00+02:00", "the sixteen days are over"),
    ],
)
def test_before_and_after_the_sixteen_days_it_says_so(opened, now, said):
    page = opened(now=now)
    assert said in page.locator("#today-said").inner_text()
    assert page.locator("#today details.day").count() == 0


def test_a_page_that_stays_open_over_midnight_shows_the_new_day(opened):
    page = opened(now="2026-11-25T23:59:00+02:00")
    page.clock.set_fixed_time("2026-11-26T00:01:00+02:00")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert day_on_top(page) == "2"
    days = page.locator("#days details.day")
    assert [each.get_attribute("data-day") for each in days.all()][:2] == ["1", "3"]


def test_a_tap_copies_the_text_to_the_byte(opened, by_hand, kit_of):
    page = opened(permissions=["clipboard-read", "clipboard-write"])
    (launch, _) = kit_of(by_hand).posts
    page.locator("#today").get_by_role("button", name="Copy the text").first.click()
    page.locator("#status", has_text="Copied.").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == launch.texts[0].text
    page.locator("#today").get_by_role("button", name="Copy the description").click()
    page.wait_for_function(
        "alt => navigator.clipboard.readText().then((said) => said === alt)",
        arg=launch.slides[0].alt,
    )


def test_where_nothing_may_be_copied_the_text_is_marked(opened, by_hand, kit_of):
    page = opened()
    page.evaluate(
        "navigator.clipboard.writeText = () => Promise.reject(new Error()),"
        "document.execCommand = () => false"
    )
    page.locator("#today").get_by_role("button", name="Copy the text").first.click()
    page.locator("#status", has_text="It is marked").wait_for()
    (launch, _) = kit_of(by_hand).posts
    assert page.evaluate("getSelection().toString()") == launch.texts[0].text


def test_only_what_belongs_to_the_chosen_platform_is_shown(opened):
    page = opened()
    assert place(page, "Instagram").is_visible()
    assert not place(page, "Facebook").is_visible()
    page.get_by_role("combobox", name="Where do you post?").select_option(label="Facebook")
    assert place(page, "Facebook").is_visible()
    page.reload()
    assert place(page, "Facebook").is_visible()
    assert not place(page, "Instagram").is_visible()


def test_ticks_are_kept_on_the_phone_and_come_back_as_a_file_that_can_be_read(opened, tmp_path):
    page = opened()
    there = tick(page)
    assert "Without its link" in there.inner_text()
    assert "Left out: launch, Instagram" in page.locator("#posted-lacks").inner_text()
    there.get_by_label("Its link").fill("https://www.instagram.com/p/abc/")
    page.reload()
    there = place(page)
    assert there.get_by_label("Posted", exact=True).is_checked()
    assert there.get_by_label("Its link").input_value() == "https://www.instagram.com/p/abc/"
    assert page.locator("#posted-lacks li").count() == 0
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Save the file").click()
    file = tmp_path / downloading.value.suggested_filename
    downloading.value.save_as(file)
    assert file.name == "posted-cyprus-2026-11-25.json"
    assert page.locator("#posted-file").input_value() == file.read_text("utf-8")
    dates = Dates(first_day=date(2026, 11, 25), today=date(2026, 11, 25))
    returned = read([file], campaign="small-2026", dates=dates)
    assert returned.problems == ()
    (said,) = returned.confirmations
    assert (said.post, said.account, said.part) == ("launch", "cyprus.insta", 1)
    assert (said.link, said.on) == ("https://www.instagram.com/p/abc/", date(2026, 11, 25))
    assert said.place.line == 3


def test_what_is_untied_again_is_not_in_the_file(opened):
    page = opened()
    there = tick(page)
    there.get_by_label("Its link").fill("https://www.instagram.com/p/abc/")
    there.get_by_label("Posted", exact=True).uncheck()
    assert json.loads(page.locator("#posted-file").input_value())["posted"] == []


def test_what_another_wrote_into_the_memory_of_the_phone_does_no_harm(opened):
    page = opened()
    # Within the page that is opened: what one page writes, the next one may not see in time.
    page.add_init_script(
        "localStorage.setItem('campaign-kit/small-2026/cyprus', '{\"ticks\": 7, \"to\": [}')"
    )
    page.reload()
    assert day_on_top(page) == "1"
    assert "keeps nothing" in page.locator("#kept").inner_text()
    tick(page)
    assert "on this phone alone" in page.locator("#kept").inner_text()


def test_kits_of_two_members_do_not_mix_their_ticks(opened, by_hand, kit_of, tmp_path, phone):
    tick(opened())
    other = phone(pack(kit_of(by_hand, "germany"), tmp_path / "kits").archive)
    assert json.loads(other.locator("#posted-file").input_value())["posted"] == []


def test_what_is_marked_is_seen_before_anything_can_be_copied(coalition, kit_of, tmp_path, phone):
    file = coalition(EMBARGO, cyprus=BY_HAND, el=REVIEWED)
    page = phone(pack(kit_of(file, embargoed=True), tmp_path / "kits").archive)
    page.locator("details.day[data-day='2'] summary").first.click()
    marks = page.locator("[data-post='listen'] .mark")
    assert "before 26 November 2026" in marks.first.inner_text()
    assert "nobody has compared" in marks.nth(1).inner_text()
    first = page.locator("[data-post='listen'] button").first
    assert marks.first.bounding_box()["y"] < first.bounding_box()["y"]
    assert page.locator("[data-post='launch'] .mark").count() == 0


def test_arabic_runs_from_the_right_and_fits(coalition, kit_of, tmp_path, phone):
    file = coalition()
    (file.parent / "languages" / "ar.yaml").write_text(ARABIC, "utf-8")
    (file.parent / "members" / "jordan.yaml").write_text(JORDAN, "utf-8")
    page = phone(pack(kit_of(file, "jordan"), tmp_path / "kits").archive)
    words = page.locator("#today .text .words").first
    assert (words.get_attribute("lang"), words.get_attribute("dir")) == ("ar", "rtl")
    assert "نبدأ اليوم." in words.inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert "09:00" in page.locator("#today h3").inner_text()


def test_without_scripts_everything_stands_there(by_hand, kit_of, tmp_path, phone):
    page = phone(pack(kit_of(by_hand), tmp_path / "kits").archive, java_script_enabled=False)
    assert page.locator("details.day[open]").count() == 16
    assert page.locator("noscript").count() == 1
    text = page.locator("[data-post='launch'] .text .words").first
    assert "Σήμερα αρχίζουμε." in text.inner_text()
    assert not page.get_by_role("button").first.is_visible()


def test_every_finger_finds_its_button(opened):
    """At least 24 by 24 pixels (WCAG 2.2, 2.5.8); ours are larger."""
    page = opened()
    tick(page)
    for each in page.locator(
        "button:visible, input:visible, select:visible, summary:visible"
    ).all():
        box = each.bounding_box()
        assert box["height"] >= 24, each.evaluate("e => e.outerHTML")
        assert box["width"] >= 24, each.evaluate("e => e.outerHTML")


def test_the_page_says_nothing_to_anybody():
    """No other way out is written in it than the links that a person may tap."""
    script = Path("src/scheduler/kit/templates/kit.js")
    script = (Path(__file__).parents[2] / script).read_text("utf-8")
    for word in ("fetch(", "XMLHttpRequest", "WebSocket", "sendBeacon", "innerHTML", "eval("):
        assert word not in script
