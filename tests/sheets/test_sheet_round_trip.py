"""An export that comes back changes what was changed in it, and nothing else."""

from __future__ import annotations

import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sheet_samples import FILES, added, changed, files, forgetful, grids, without
from test_sheet_cells import TEXTS, VALUES

from scheduler.calendar.translating import sources, unit
from scheduler.sheets.cells import put
from scheduler.sheets.importing import take_over
from scheduler.sheets.tables import Grid
from scheduler.sheets.texts import of_path, told_path


def result(sheets, current, **options):
    """The files as they will be, and what could not be read."""
    done = take_over(sheets, current, **options)
    return current | {change.file: change.values for change in done.changes}, done


def messages(done) -> list[str]:
    return [f"{problem.file}:{problem.line}: {problem.message}" for problem in done.problems]


@pytest.mark.parametrize("seen", [grids, lambda values: forgetful(grids(values))])
def test_an_export_changes_nothing(seen):
    done = take_over(seen(FILES), files())
    assert (done.changes, done.problems, done.gone) == ((), (), ())


@pytest.mark.parametrize("seen", [grids, lambda values: forgetful(grids(values))])
def test_an_export_alone_is_the_whole_calendar(seen):
    new, done = result(seen(FILES), {})
    assert (new, done.problems) == (FILES, ())


ENTRIES = st.dictionaries(TEXTS, VALUES, min_size=1, max_size=3)
OWN = st.fixed_dictionaries({}, optional={"posts": ENTRIES, "facts": ENTRIES, "quotes": ENTRIES})
OTHER = st.fixed_dictionaries(
    {"language": st.just("de")}, optional={"posts": ENTRIES, "facts": ENTRIES, "x": VALUES}
)


@given(OWN, VALUES, OTHER)
@settings(max_examples=100, deadline=None)
def test_whatever_a_calendar_holds_comes_back(own, more, other):
    more.pop("days", None)
    current = {"campaign.yaml": {"x": "y"} | more | own, "languages/de.yaml": other}
    current["members/a.yaml"] = {"member": {"id": "a"}} | more
    new, done = result(grids(current), {})
    assert done.problems == ()
    assert new == current
    again = take_over(grids(current), current)
    assert (again.changes, again.problems, again.gone) == ((), (), ())


WORDS = st.sampled_from(["a", "b", "(not noted)", "", "a\nb", "Today we begin."])


@st.composite
def translations(draw):
    """A language's file that says anything of what the calendar says, in any state."""
    file = {"language": "de"}
    for path, source in sources(FILES["campaign.yaml"], "de").items():
        of = draw(st.sampled_from([None, source, draw(WORDS), [draw(WORDS)], {"x": "y"}]))
        told = draw(WORDS | st.none() | st.lists(WORDS, min_size=1, max_size=3) | st.just(source))
        for place, value in ((told_path(path), told), (of_path(path), of)):
            if value is not None:
                put(file, place, copy.deepcopy(value))
        for key in draw(st.sets(st.sampled_from(["state", "by", "on"]))):
            put(file, (*unit(path), "translation", key), draw(WORDS))
    return file


@given(translations())
@settings(max_examples=100, deadline=None)
def test_whatever_a_language_says_comes_back(file):
    current = files() | {"languages/de.yaml": file}
    new, done = result(grids(current), {})
    assert done.problems == ()
    assert new == current
    again = take_over(grids(current), current)
    assert (again.changes, again.problems, again.gone) == ((), (), ())


# ── entries ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("remembers", [True, False])
def test_one_cell_is_one_value(remembers):
    sheets = changed(grids(FILES), "Posts", "launch", "text", "Now.")
    new, done = result(sheets if remembers else forgetful(sheets), files())
    wanted = files()
    wanted["campaign.yaml"]["posts"]["launch"]["text"] = "Now."
    assert (new, done.problems) == (wanted, ())
    (change,) = done.changes
    assert (change.changed, change.added, change.removed) == (1, 0, 0)


def test_an_emptied_cell_takes_its_value_away():
    new, _ = result(changed(grids(FILES), "Posts", "launch", "alt", ""), files())
    assert "alt" not in new["campaign.yaml"]["posts"]["launch"]


def test_a_slide_of_a_carousel_is_changed_in_its_place():
    new, _ = result(changed(grids(FILES), "Posts", "gallery", "carousel.2.alt", "Red"), files())
    slides = new["campaign.yaml"]["posts"]["gallery"]["carousel"]
    assert slides == [FILES["campaign.yaml"]["posts"]["gallery"]["carousel"][0], {"graphic": {"headline": "Come"}, "alt": "Red"}]  # fmt: skip # noqa: E501


def test_a_new_row_is_a_new_post():
    sheets = added(grids(FILES), "Posts", post="we-end", day="16", text="The end.")
    new, _ = result(sheets, files())
    assert new["campaign.yaml"]["posts"]["we-end"] == {"day": "16", "text": "The end."}


def test_a_row_that_is_gone_is_listed_and_stays():
    new, done = result(without(grids(FILES), "Posts", "launch"), files())
    assert (new, done.gone) == (FILES, ('post "launch"',))
    new, done = result(without(grids(FILES), "Posts", "launch"), files(), delete=True)
    assert "launch" not in new["campaign.yaml"]["posts"]


def test_a_post_that_is_newer_than_the_sheet_is_not_gone():
    now = files()
    now["campaign.yaml"]["posts"]["newer"] = {"day": "3", "text": "New."}
    new, done = result(grids(FILES), now, delete=True)
    assert (new, done.gone) == (now, ())


def test_what_changed_in_the_calendar_meanwhile_is_not_turned_back():
    now = files()
    now["campaign.yaml"]["posts"]["launch"]["text"] = "Corrected."
    new, done = result(changed(grids(FILES), "Posts", "listen", "text", "Listen."), now)
    assert done.problems == ()
    assert new["campaign.yaml"]["posts"]["launch"]["text"] == "Corrected."
    assert new["campaign.yaml"]["posts"]["listen"]["text"] == "Listen."


def test_what_changed_on_both_sides_is_for_a_person_to_decide():
    now = files()
    now["campaign.yaml"]["posts"]["launch"]["text"] = "Corrected."
    new, done = result(changed(grids(FILES), "Posts", "launch", "text", "Mine."), now)
    assert new == now
    (message,) = messages(done)
    assert message.startswith('sheet Posts:2: "text" was changed in the calendar too')


def test_columns_that_are_not_there_say_nothing():
    sheets = [Grid(name="s", title="s", rows=((1, ("post (id)", "text")), (2, ("launch", "Now."))))]
    new, done = result(sheets, files())
    wanted = files()
    wanted["campaign.yaml"]["posts"]["launch"]["text"] = "Now."
    assert new == wanted
    assert done.gone == ('post "gallery"', 'post "listen"')


@pytest.mark.parametrize(
    ("header", "row", "said"),
    [
        (("post (id)", "txet"), ("launch", "x"), 'no column "txet" is known in this sheet'),
        (
            ("post (id)", "text", "text"),
            ("launch", "a", "b"),
            'the column "text" stands here twice',
        ),
        (("post (id)", "text"), ("launch", "a", "b"), "column C has no name"),
        (("post (id)", "text"), ("", "a"), "this post has no id"),
        (("post (id)", "graphic", "graphic.headline"), ("new", "a", "b"), "contradict each other"),
    ],
)
def test_what_cannot_be_taken_over_is_a_problem_at_its_place(header, row, said):
    done = take_over([Grid(name="s", title="s", rows=((1, header), (2, row)))], files())
    assert any(said in message for message in messages(done))


def test_two_rows_of_one_post_are_one_too_many():
    sheets = added(grids(FILES), "Posts", post="launch", day="3", text="Again.")
    new, done = result(sheets, files())
    assert new == FILES
    assert messages(done) == ['sheet Posts:5: "launch" stands here twice']


def test_a_sheet_that_is_not_ours_is_named():
    sheets = [*grids(FILES), Grid(name="sheet Mine", title="Mine", rows=((1, ("hello",)),))]
    assert messages(take_over(sheets, files())) == [
        "sheet Mine:1: this sheet is none of the export, and nothing of it was read"
    ]


def test_a_title_above_the_header_and_another_name_of_the_sheet_do_no_harm():
    sheets = [
        Grid(
            name="x",
            title="Renamed",
            rows=((1, ("Our posts",)), *((n + 2, c) for n, c in each.rows)),
        )
        if each.title == "Posts"
        else each
        for each in changed(grids(FILES), "Posts", "launch", "text", "Now.")
    ]
    new, done = result(sheets, files())
    assert new["campaign.yaml"]["posts"]["launch"]["text"] == "Now."
    assert done.problems == ()


# ── values ────────────────────────────────────────────────────────────────────────────────────────


def test_a_value_of_a_member_changes_its_file():
    new, _ = result(changed(grids(FILES), "Members", "member.name", "value", "Italia"), files())
    wanted = files()
    wanted["members/italy.yaml"]["member"]["name"] = "Italia"
    assert new == wanted


def test_a_new_value_makes_a_new_file():
    sheets = added(
        grids(FILES), "Members", file="members/spain.yaml", where="member.id", value="es"
    )
    new, _ = result(sheets, files())
    assert new["members/spain.yaml"] == {"member": {"id": "es"}}


@pytest.mark.parametrize(
    "file", ["../x.yaml", "members/../x.yaml", "/etc/x.yaml", "members/.yaml", ""]
)
def test_no_row_leads_out_of_the_folder(file):
    sheets = added(grids(FILES), "Members", file=file, where="member.id", value="es")
    done = take_over(sheets, files())
    assert done.changes == ()
    assert "is no file of a calendar" in messages(done)[0]


def test_the_calendar_may_be_called_anything():
    renamed = {
        "2027.yaml" if name == "campaign.yaml" else name: each for name, each in FILES.items()
    }
    sheets = changed(grids(FILES), "Campaign", "campaign.time", "value", "08:00")
    new, done = result(sheets, copy.deepcopy(renamed))
    assert new["2027.yaml"]["campaign"]["time"] == "08:00"
    assert done.problems == ()
