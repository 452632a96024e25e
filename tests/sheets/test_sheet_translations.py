"""What translators and reviewers write comes back as what it is: a draft, or reviewed."""

from __future__ import annotations

import pytest
from sheet_samples import FILES, added, changed, files, forgetful, grid, grids, without
from test_sheet_round_trip import messages, result

from scheduler.sheets.digests import digest_table
from scheduler.sheets.exporting_translations import translation_table
from scheduler.sheets.importing import take_over
from scheduler.sheets.tables import Mark

SHEET = "Translation de"


def german(new):
    return new["languages/de.yaml"]


def row(where: str, code: str = "de"):
    rows = translation_table(FILES, code).rows
    return next(each for each in rows if each.cells[f"where ({code})"] == where)


def test_a_translator_sees_what_is_missing_and_what_is_stale():
    assert row("posts.launch.alt").marks == {"translation": Mark.MISSING}
    stale = row("posts.launch.text")
    assert stale.cells["source"] == "Today we begin."
    assert stale.cells["made from"] == "Today we began."
    assert set(stale.marks.values()) == {Mark.STALE}
    assert "made from" not in row("days.1.theme").cells


def test_the_state_of_an_entry_stands_in_its_first_row():
    rows = [
        each
        for each in translation_table(FILES, "de").rows
        if each.cells["where (de)"].startswith("posts.launch.")
    ]
    assert [each.cells["state"] for each in rows if "state" in each.cells] == ["reviewed"]
    assert "state" in rows[0].cells


@pytest.mark.parametrize("remembers", [True, False])
def test_a_changed_text_is_a_draft_made_from_the_source_in_the_sheet(remembers):
    sheets = changed(grids(FILES), SHEET, "posts.launch.text", "translation", "Jetzt.")
    new, done = result(sheets if remembers else forgetful(sheets), files())
    post = german(new)["posts"]["launch"]
    assert done.problems == ()
    assert post["text"] == "Jetzt."
    assert post["translation"] == {
        "state": "draft",
        "of": {"text": "Today we begin.", "graphic": {"points": ["One thing", "Another thing"]}},
    }
    assert post["time"] == "10:00"


def test_a_calendar_that_changed_meanwhile_makes_the_new_translation_stale():
    now = files()
    now["campaign.yaml"]["posts"]["launch"]["text"] = "We began yesterday."
    sheets = changed(grids(FILES), SHEET, "posts.launch.text", "translation", "Jetzt.")
    new, _ = result(sheets, now)
    assert german(new)["posts"]["launch"]["translation"]["of"]["text"] == "Today we begin."
    assert new["campaign.yaml"] == now["campaign.yaml"]


def test_a_missing_text_that_was_filled_in_is_a_draft():
    sheets = changed(grids(FILES), SHEET, "posts.listen.text", "translation", "Zuhören.")
    new, _ = result(sheets, files())
    assert german(new)["posts"]["listen"] == {
        "text": "Zuhören.",
        "translation": {"of": {"text": "Listening comes first."}, "state": "draft"},
    }


def test_an_emptied_translation_goes_with_its_source():
    new, _ = result(changed(grids(FILES), SHEET, "days.1.theme", "translation", ""), files())
    assert "days" not in german(new)


def test_a_list_is_taken_as_a_whole():
    sheets = changed(grids(FILES), SHEET, "posts.launch.graphic.points.2", "translation", "Drei")
    new, _ = result(sheets, files())
    assert german(new)["posts"]["launch"]["graphic"]["points"] == ["Eins", "Drei"]


def test_half_a_list_is_refused():
    sheets = changed(grids(FILES), SHEET, "posts.launch.graphic.points.2", "translation", "")
    new, done = result(sheets, files())
    assert new == FILES
    assert "is translated as a whole or not at all" in messages(done)[0]


def test_a_carousel_keeps_what_is_no_words():
    sheets = grids(FILES)
    for where, text in {
        "carousel.1.alt": "Eine Tür",
        "carousel.2.graphic.headline": "Kommt",
        "carousel.2.alt": "Eine Karte",
    }.items():
        sheets = changed(sheets, SHEET, f"posts.gallery.{where}", "translation", text)
    new, done = result(sheets, files())
    assert done.problems == ()
    gallery = german(new)["posts"]["gallery"]
    assert gallery["carousel"] == [
        {"photo": {"picture": "door"}, "alt": "Eine Tür"},
        {"graphic": {"headline": "Kommt"}, "alt": "Eine Karte"},
    ]
    of = gallery["translation"]["of"]["carousel"]
    assert of == FILES["campaign.yaml"]["posts"]["gallery"]["carousel"]


def test_the_labels_and_figures_of_a_before_and_after_have_rows():
    chart = {
        "kind": "before-after",
        "before": {"label": "in 2009", "amount": "61", "shown": "61%"},
        "after": {"label": "12 months later", "amount": "2", "shown": "2%"},
    }
    current = files()
    current["campaign.yaml"]["facts"] = {"change": {"figure": "2%", "chart": chart}}
    sheets = grids(current)
    for where, text in {"before.label": "2009", "after.label": "12 Monate danach"}.items():
        sheets = changed(sheets, SHEET, f"facts.change.chart.{where}", "translation", text)
    new, done = result(sheets, current)
    assert done.problems == ()
    assert german(new)["facts"]["change"]["chart"] == {
        "before": {"label": "2009"},
        "after": {"label": "12 Monate danach"},
    }
    assert new["campaign.yaml"]["facts"]["change"]["chart"] == chart


# ── reviews ───────────────────────────────────────────────────────────────────────────────────────


def reviewed(sheets, where: str, **said: str):
    for column, cell in ({"state": "reviewed", "by": "Eva", "on": "2026-11-22"} | said).items():
        sheets = changed(sheets, SHEET, where, column, cell)
    return sheets


def test_a_reviewer_vouches_for_every_text_of_an_entry():
    new, done = result(reviewed(grids(FILES), "posts.launch.text"), files())
    assert done.problems == ()
    assert german(new)["posts"]["launch"]["translation"] == {
        "state": "reviewed",
        "by": "Eva",
        "on": "2026-11-22",
        "of": {"text": "Today we begin.", "graphic": {"points": ["One thing", "Another thing"]}},
    }


def test_a_text_that_was_changed_and_reviewed_is_reviewed():
    sheets = changed(grids(FILES), SHEET, "posts.launch.text", "translation", "Jetzt.")
    new, _ = result(reviewed(sheets, "posts.launch.text"), files())
    assert german(new)["posts"]["launch"]["translation"]["by"] == "Eva"


def test_the_old_review_does_not_hold_for_a_new_text():
    sheets = changed(grids(FILES), SHEET, "posts.launch.graphic.points.1", "translation", "Ein")
    new, _ = result(sheets, files())
    assert german(new)["posts"]["launch"]["translation"]["state"] == "draft"


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"state": "done"}, '"done" is no state of a translation'),
        ({"by": ""}, "it says reviewed, but not by whom and on which day"),
        ({"on": "22.11."}, '"22.11." is no date'),
        ({"state": "draft"}, "it says who reviewed it, but not that it is reviewed"),
    ],
)
def test_a_review_that_makes_no_sense_is_refused(said, message):
    new, done = result(reviewed(grids(FILES), "posts.launch.text", **said), files())
    assert new == FILES
    assert message in messages(done)[0]


def test_rows_of_an_entry_must_agree():
    sheets = changed(grids(FILES), SHEET, "posts.launch.alt", "state", "draft")
    new, done = result(sheets, files())
    assert new == FILES
    assert "say different things" in messages(done)[0]


# ── what does not fit ─────────────────────────────────────────────────────────────────────────────


def test_a_source_that_was_changed_in_the_sheet_is_no_source():
    sheets = changed(grids(FILES), SHEET, "posts.launch.text", "source", "Mended.")
    sheets = changed(sheets, SHEET, "posts.launch.text", "translation", "Neu.")
    new, done = result(sheets, files())
    assert new == FILES
    assert "the source was changed here" in messages(done)[0]


def test_a_row_that_belongs_nowhere_is_named():
    sheets = added(grids(FILES), SHEET, where="posts.nowhere.text", translation="Hallo")
    assert 'there is no text "posts.nowhere.text"' in messages(take_over(sheets, files()))[0]


def test_rows_that_a_translator_deleted_stay_as_they_are():
    done = take_over(without(grids(FILES), SHEET, "posts.launch.text"), files())
    assert (done.changes, done.problems, done.gone) == ((), (), ())


def test_a_text_that_is_gone_from_the_calendar_is_missed_only_if_it_was_translated():
    now = files()
    del now["campaign.yaml"]["posts"]["listen"]
    del now["campaign.yaml"]["quotes"]
    done = take_over(grids(FILES), now)
    assert (done.changes, messages(done)) == ((), [])


def test_a_new_language_begins_with_its_sheet():
    table = translation_table(FILES, "it")
    sheets = [grid(table), grid(digest_table([table]))]
    assert take_over(sheets, files()).changes == ()
    new, done = result(
        changed(sheets, "Translation it", "days.1.theme", "translation", "Perché"), files()
    )
    assert done.problems == ()
    assert new["languages/it.yaml"] == {
        "language": "it",
        "days": {"1": {"theme": "Perché", "translation": {"of": {"theme": "Why we speak"}}}},
    }


def test_the_translator_of_a_quotation_is_named():
    sheets = changed(
        grids(FILES), SHEET, "quotes.guterres.in_translation.translator", "translation", "Ada"
    )
    new, _ = result(sheets, files())
    assert german(new)["quotes"]["guterres"]["in_translation"]["translator"] == "Ada"
