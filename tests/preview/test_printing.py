"""The days on paper: whole, in the order of reading, within the page, in black and white."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import pytest
from paper_read_back import colours, read, rows, said, tags
from PIL import Image
from preview_samples import (
    FACT,
    campaign,
    coalition,
    cyprus,
    germany,
    pages,
    post,
)
from test_site import HOSTILE, said_everywhere

from scheduler.cards.paper import writable
from scheduler.errors import Problem, Severity, UserError
from scheduler.interface import interface_for
from scheduler.model import Day, Translation, Wording
from scheduler.preview.choosing import Choice
from scheduler.preview.printing import printed

ON = date(2026, 11, 20)
ARABIC = "العنف ضد المرأة (116 016) ليس شأنًا خاصًا. #16Days اتصل بـ 1440"


def paper(shown, choice: Choice | None = None) -> bytes:
    return printed(shown, choice or Choice(), on=ON)


def bare(text: str) -> str:
    """Without what an extraction may add or lose at the ends of lines."""
    return "".join(text.split())


def test_there_is_a_cover_and_a_page_for_each_of_the_sixteen_days(tmp_path):
    made = paper(pages(campaign(), tmp_path))
    assert len(read(made).pages) == 17
    outline = read(made).outline
    assert outline[0].title == "A campaign"
    assert [each.title for each in outline[1]] == [
        f"Day {number}: Theme {number}" for number in range(1, 17)
    ]


def test_captions_alt_texts_sources_and_caveats_are_there_whole(tmp_path):
    shown = pages(campaign(), tmp_path)
    text = said(paper(shown))
    for parts in shown.drafts.values():
        for draft in parts:
            assert all(line in text for line in draft.text.splitlines())
            assert all(picture.alt in text for picture in draft.pictures)
    source = FACT.source
    assert f"{source.publisher}, {source.title}, {source.year}. {source.address}" in text
    assert FACT.caveat in text
    assert f"{FACT.population}, {FACT.year}" in text


def test_what_is_drawn_is_what_is_tagged(tmp_path):
    made = paper(pages(campaign(post("statistic", text="Καλημέρα. Ответственность.")), tmp_path))
    drawn = bare("".join(page.extract_text() for page in read(made).pages))
    for tag in tags(made):
        if tag.kind != "/Figure":
            assert bare(tag.text) in drawn


def test_the_order_of_reading_is_that_of_a_reader(tmp_path):
    text = said(paper(pages(campaign(), tmp_path), Choice(days=frozenset({3}))))
    places = [
        text.rindex(each)
        for each in ("Day 3 of 16", "Theme 3", "the-statistic", "The caption", "Caveat", "approved")
    ]
    assert places == sorted(places)


def test_every_picture_has_its_alt_text_and_every_tag_a_place(tmp_path):
    shown = pages(campaign(), tmp_path)
    alts = {p.alt for parts in shown.drafts.values() for draft in parts for p in draft.pictures}
    found = tags(paper(shown))
    assert {tag.text for tag in found if tag.kind == "/Figure"} == alts
    assert all(tag.pages for tag in found)


def test_arabic_is_tagged_in_its_order_and_drawn_joined_from_the_right(tmp_path):
    spoken = {"language": "ar", "text": ARABIC}
    made = paper(pages(campaign(post("call", **spoken), language="ar"), tmp_path))
    (tag,) = [tag for tag in tags(made) if tag.text == ARABIC]
    assert tag.language == "ar"
    drawn = "".join(page.extract_text() for page in read(made).pages)
    for word in ("العنف", "المرأة", "خاصًا", "116 016", "1440"):
        assert word in drawn.replace("\u00a0", " ")


def test_words_of_each_language_say_so(tmp_path):
    own = campaign()
    made = paper(pages(coalition(cyprus(own, tmp_path)), tmp_path), Choice(member="cyprus"))
    languages = {tag.text: tag.language for tag in tags(made)}
    assert languages["Πρώτα η ασφάλεια."] == "el"
    assert languages["Zuerst die Sicherheit. Dann alles andere. Immer."] == "de"


def test_a_long_caption_goes_on_upon_the_next_page(tmp_path):
    long = "Nobody may cut this. " * 400 + "The end."
    made = paper(pages(campaign(post("call", text=long)), tmp_path), Choice(days=frozenset({5})))
    (tag,) = [tag for tag in tags(made) if tag.text == long]
    assert len(set(tag.pages)) > 1
    assert "Day 5: Theme 5 (continued)" in said(made)
    drawn = "".join(page.extract_text() for page in read(made).pages)
    assert drawn.count("Nobody") == 400
    assert "end." in drawn[drawn.rindex("Nobody") :]


def test_a_day_of_two_posts_stands_on_one_page_wherever_letters_can_be_read_there(tmp_path):
    caption = "A caption of a usual length, as a post of a network has it, with its reason. " * 6
    two = [post(each, text=caption * 3, alt=caption, day=3) for each in ("statistic", "quote")]
    made = paper(pages(campaign(*two), tmp_path), Choice(days=frozenset({3})))
    assert len(read(made).pages) == 2  # the cover is the first
    long = [post(each, text=caption * 9, alt=caption, day=3) for each in ("statistic", "quote")]
    made = paper(pages(campaign(*long), tmp_path), Choice(days=frozenset({3})))
    assert len(read(made).pages) > 2


@pytest.mark.parametrize("text", ["x" * 10_000, "one two " * 1_500, ARABIC * 30])
def test_nothing_stands_outside_the_page(tmp_path, text):
    shown = pages(campaign(post("call", text=text, alt=text)), tmp_path)
    made = paper(shown)
    for row in rows(made):
        assert row.left >= 30, row
        assert row.right <= 595.28 - 30, row
        assert 20 <= row.baseline <= 841.89 - 20, row


def test_rows_do_not_lie_on_each_other(tmp_path):
    """On a page no two rows overlap in both directions."""
    made = paper(pages(campaign(), tmp_path))
    by_page: dict[int, list] = {}
    for row in rows(made):
        by_page.setdefault(row.page, []).append(row)
    for on_page in by_page.values():
        for n, row in enumerate(on_page):
            for other in on_page[n + 1 :]:
                beside = row.right <= other.left + 0.5 or other.right <= row.left + 0.5
                apart = abs(row.baseline - other.baseline) > 0.6 * min(row.size, other.size)
                assert beside or apart, (row, other)


def test_two_runs_give_equal_bytes_and_another_day_others(tmp_path):
    shown = pages(campaign(), tmp_path)
    assert printed(shown, Choice(), on=ON) == printed(shown, Choice(), on=ON)
    assert printed(shown, Choice(), on=ON) != printed(shown, Choice(), on=date(2026, 11, 21))


def test_nothing_is_said_by_colour(tmp_path):
    error = Problem(file="campaign.yaml", line=9, code="x", message='post "the-call": it is wrong')
    warning = replace(error, severity=Severity.WARNING, message='post "the-call": look')
    shown = pages(
        campaign(), tmp_path, error, warning, held={("the-call", "network"): "it is wrong"}
    )
    made = paper(shown)
    operators = colours(made)
    assert {each[0] for each in operators} == {"g", "G"}
    # A grey as dark as 0.46 has 4.5 : 1 against white.
    assert all(float(each[1]) <= 0.46 for each in operators)
    text = said(made)
    assert "ERROR, campaign.yaml:9:1" in text
    assert "Warning, campaign.yaml:9:1" in text
    assert "Held back on network: it is wrong" in text
    assert "Mend the errors" in text


def test_pictures_are_as_fine_as_paper_and_no_finer(tmp_path):
    made = paper(pages(campaign(), tmp_path))
    images = [image for page in read(made).pages for image in page.images]
    assert len(images) == 5
    for image in images:
        width = Image.open(io.BytesIO(image.data)).width
        assert 48 / 25.4 * 140 <= width <= 85 / 25.4 * 160
    assert len(made) < 300_000


def test_a_hostile_calendar_is_only_text(tmp_path):
    made = paper(said_everywhere(HOSTILE, tmp_path), Choice(days=frozenset({1})))
    assert HOSTILE.strip() in said(made)
    assert b"/JavaScript" not in made
    assert b"/URI" not in made
    assert "/Annots" not in {key for page in read(made).pages for key in page}
    drawn = bare(read(made).pages[0].extract_text())
    assert "[right-to-leftoverride]" in drawn


def test_signs_without_a_letter_are_written_by_name_and_tagged_as_they_are(tmp_path):
    assert writable("a 😀\u202eb\tc\x07") == "a [grinning face][right-to-left override]b c[u+0007]"
    made = paper(pages(campaign(post("call", text="So 😀 it is")), tmp_path))
    assert "So 😀 it is" in said(made)
    assert "[grinningface]" in bare("".join(page.extract_text() for page in read(made).pages))


def test_what_is_open_is_said(tmp_path):
    draft = post("call", translation=Translation(wording=Wording.DRAFT))
    of = campaign(draft)
    made = said(paper(pages(replace(of, rules=replace(of.rules, approvals=2)), tmp_path)))
    assert "□ A person reads the translation against its source" in made
    assert "□ 2 different people approve it: campaign approve the-call" in made


def test_a_coordinator_reads_how_far_the_members_are(tmp_path):
    own = campaign()
    whole = coalition(cyprus(own, tmp_path), germany(own, tmp_path), own=own)
    made = said(paper(pages(whole, tmp_path), Choice(days=frozenset({2}))))
    assert "the-quote: stale (1): cyprus." in made
    assert "the-quote: draft (1): germany." in made
    assert "Μέλος της Κύπρου (cyprus): Greek, Asia/Nicosia" in made


def test_a_member_signs_its_own_words_alone(tmp_path):
    own = campaign()
    whole = coalition(cyprus(own, tmp_path), germany(own, tmp_path), own=own)
    made = said(paper(pages(whole, tmp_path), Choice(member="germany")))
    assert "Die Worte von the-call." in made
    assert "A person posts this by hand" in made
    assert "Πρώτα η ασφάλεια." not in made
    assert "The caption of the quote." not in made


def test_a_name_that_nobody_bears_is_refused_with_the_nearest(tmp_path):
    own = campaign()
    shown = pages(coalition(cyprus(own, tmp_path), own=own), tmp_path)
    for choice, nearest in (
        (Choice(member="cypris"), "cyprus"),
        (Choice(platform="mastodn"), "mastodon"),
    ):
        with pytest.raises(UserError, match=nearest):
            paper(shown, choice)


def test_a_card_that_cannot_be_drawn_is_missed(tmp_path):
    shown = pages(campaign(), tmp_path, drafts={})
    made = said(paper(shown))
    assert made.count("This card cannot be drawn yet") == 5
    assert "no draft, so nothing can be sent" in made


def test_a_calendar_without_posts_still_has_its_days(tmp_path):
    of = campaign(post("call"), days={1: Day(number=1, theme="")})
    made = paper(pages(of, tmp_path))
    assert said(made).count("No post on this day.") == 30  # on the cover, and on its page


def test_paper_speaks_the_language_of_its_reader_and_problems_their_own(tmp_path):
    shown = pages(campaign(), tmp_path, Problem(file="a.yaml", line=1, code="x", message="Wrong."))
    made = printed(shown, Choice(), on=ON, interface=interface_for("de"))
    assert read(made).trailer["/Root"]["/Lang"] == "de"
    told = {each.text: each.language for each in tags(made)}
    assert told["Seite 1 von 17"] == ""
    assert told["FEHLER, a.yaml:1:1: Wrong."] == "en"
    assert told["Tag 2 von 16, Donnerstag, 26. November 2026"] == ""
