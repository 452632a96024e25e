"""Workbooks: what we write, what comes back from Excel, and what nobody should open."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from sheet_samples import FILES, files
from test_sheet_round_trip import result

from scheduler.errors import UserError
from scheduler.sheets.exporting import tables
from scheduler.sheets.importing import take_over
from scheduler.sheets.layout import READ_ME
from scheduler.sheets.reading_workbooks import grids_of
from scheduler.sheets.recognising import is_ours
from scheduler.sheets.tables import Row, Table
from scheduler.sheets.writing_workbooks import LONGEST_CELL, workbook


@pytest.fixture
def exported(tmp_path):
    file = tmp_path / "small.xlsx"
    file.write_bytes(workbook(tables(FILES)))
    return file


def saved(book: Workbook, file):
    book.save(file)
    return file


def test_a_workbook_changes_nothing_and_is_enough_alone(exported):
    done = take_over(grids_of(exported), files())
    assert (done.changes, done.problems, done.gone) == ((), (), ())
    new, done = result(grids_of(exported), {})
    assert (new, done.problems) == (FILES, ())


def test_it_is_recognised_after_it_was_saved_and_renamed(exported):
    book = load_workbook(exported)
    for sheet in book.worksheets:
        sheet.title = f"My {sheet.title}"
    del book["My Export"]
    assert is_ours(grids_of(saved(book, exported)))


FEARED = [
    "=1+1",
    "+49 30",
    "-5",
    "@home",
    "'quoted",
    "016",
    "09:00",
    "#N/A",
    "1e5",
    " a ",
    "a\nb",
    "<b>&",
]
WRITABLE = st.text(st.characters(min_codepoint=32, codec="utf-8"), max_size=20).filter(
    lambda text: text.strip() and not {"\ufffe", "\uffff"} & set(text)
)


@given(st.lists(st.sampled_from(FEARED) | WRITABLE, max_size=5))
@settings(max_examples=60, deadline=None)
def test_every_text_stays_the_text_that_it_is(tmp_path_factory, texts):
    rows = tuple(
        Row(number=n, cells={"post (id)": f"p{n}", "text": each}) for n, each in enumerate(texts, 2)
    )
    table = Table(title="Posts", columns=("post (id)", "text"), rows=rows)
    file = tmp_path_factory.mktemp("texts") / "a.xlsx"
    file.write_bytes(workbook([table]))
    posts = next(grid for grid in grids_of(file) if grid.title == "Posts")
    assert [cells[1] for _, cells in posts.rows[1:]] == texts


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x" * (LONGEST_CELL + 1), "1 characters over the 32767"),
        ("😀" * 20_000, "7233 characters over"),
        ("a\0b", r"cannot hold '\x00'"),
        ("a\x1bb", "cannot hold"),
        ("_x0041_", "cannot hold"),
    ],
)
def test_what_a_cell_cannot_hold_is_said_with_its_place(text, said):
    rows = (Row(number=2, cells={"post (id)": "launch", "text": text}),)
    with pytest.raises(UserError) as refused:
        workbook([Table(title="Posts", columns=("post (id)", "text"), rows=rows)])
    assert "sheet Posts:2:2: error: launch, text: " in str(refused.value)
    assert said in str(refused.value)


def test_it_looks_good_when_it_is_opened(exported):
    book = load_workbook(exported)
    assert book.sheetnames[:2] == [READ_ME, "Posts"]
    assert book["Export"].sheet_state == "veryHidden"
    posts = book["Posts"]
    assert posts.freeze_panes == "B2"
    assert posts.auto_filter.ref == f"A1:{posts.cell(1, posts.max_column).column_letter}4"
    assert posts["A1"].font.bold
    for cell in (*posts["A"], *posts["D"]):
        assert cell.number_format == "@"
        assert cell.alignment.wrap_text
    assert {each.number_format for each in posts.column_dimensions.values()} == {"@"}
    widths = [dimension.width for dimension in posts.column_dimensions.values()]
    assert min(widths) >= 9
    assert max(widths) <= 62
    german = book["Translation de"]
    fills = {cell.fill.fgColor.rgb for cell in german["C"] if cell.fill.fill_type}
    assert {"00FFF3BF", "00FFD8A8"} <= fills
    (choice,) = german.data_validations.dataValidation
    assert choice.formula1 == '"draft,reviewed"'


# ── what Excel makes of it ────────────────────────────────────────────────────────────────────────


def test_dates_and_times_that_were_typed_become_text(exported):
    book = load_workbook(exported)
    posts = book["Posts"]
    names = [cell.value for cell in posts[1]]
    posts.cell(2, names.index("time") + 1).value = time(9, 30)
    posts.cell(2, names.index("day") + 1).value = 3.0
    posts.cell(2, names.index("embargo") + 1).value = datetime(2026, 11, 25, 10, 0)  # noqa: DTZ001
    new, done = result(grids_of(saved(book, exported)), files())
    post = new["campaign.yaml"]["posts"]["launch"]
    assert done.problems == ()
    assert (post["time"], post["day"], post["embargo"]) == ("09:30", "3", "2026-11-25 10:00")


def test_a_formula_without_its_result_is_named(exported):
    book = load_workbook(exported)
    book["Posts"]["D2"] = '=CONCATENATE("a", "b")'
    done = take_over(grids_of(saved(book, exported)), files())
    assert "a formula stands here" in str(done.problems[0])
    assert (done.problems[0].line, done.problems[0].column) == (2, 4)


def test_merged_cells_say_the_same_in_each_row(tmp_path):
    book = Workbook()
    book.active.append(["Date", "Text"])
    book.active.append(["2026-11-25", "one"])
    book.active.append([None, "two"])
    book.active.merge_cells("A2:A3")
    (grid,) = grids_of(saved(book, tmp_path / "a.xlsx"))
    assert grid.rows[2] == (3, ("2026-11-25", "two"))


def test_hidden_columns_failed_formulas_and_empty_rows_are_known(tmp_path):
    book = Workbook()
    book.active.append(["Date", "Text"])
    book.active.append([])
    book.active.append(["2026-11-25", "#REF!"])
    book.active["B3"].data_type = "e"
    book.active.column_dimensions["A"].hidden = True
    (grid,) = grids_of(saved(book, tmp_path / "a.xlsx"))
    assert [number for number, _ in grid.rows] == [1, 3]
    assert grid.hidden == {0}
    assert grid.unreadable == {(3, 1): "this formula failed: #REF!"}


# ── what nobody should open ───────────────────────────────────────────────────────────────────────


def refusal(file) -> str:
    try:
        grids_of(file)
    except UserError as error:
        return error.problems[0].code
    return ""


def test_a_damaged_workbook_is_refused_and_never_crashes(tmp_path, exported):
    whole, file, found = exported.read_bytes(), tmp_path / "damaged.xlsx", []
    for at in range(100, len(whole), 40):
        file.write_bytes(whole[:at] + bytes(10) + whole[at + 10 :])
        found.append(refusal(file))
    assert set(found) <= {"", "not-a-sheet"}
    assert found.count("not-a-sheet") > 100


def test_a_workbook_that_explodes_is_not_unpacked(tmp_path, exported):
    bomb = io.BytesIO()
    with (
        zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w") as part,
    ):
        for _ in range(210):
            part.write(bytes(1_000_000))
    file = tmp_path / "bomb.xlsx"
    file.write_bytes(bomb.getvalue())
    assert file.stat().st_size < 1_000_000
    with pytest.raises(UserError, match="210 megabytes when unpacked"):
        grids_of(file)


def test_a_workbook_with_definitions_is_refused(tmp_path):
    file = tmp_path / "a.xlsx"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("xl/workbook.xml", '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>')
    with pytest.raises(UserError, match="definitions that no workbook needs"):
        grids_of(file)


@pytest.mark.parametrize(
    "data", [b"", b"PK", b"hello", b"\xd0\xcf\x11\xe0 an old .xls", b"PK\x05\x06" + bytes(18)]
)
def test_what_is_no_workbook_is_said_so(tmp_path, data):
    file = tmp_path / "a.xlsx"
    file.write_bytes(data)
    with pytest.raises(UserError, match=r"a\.xlsx:1:1: error: no workbook"):
        grids_of(file)


def test_a_sheet_without_end_is_refused(tmp_path):
    book = Workbook()
    book.active.cell(60_000, 1).value = "x"
    with pytest.raises(UserError, match="more than 50000 rows"):
        grids_of(saved(book, tmp_path / "a.xlsx"))


def test_three_thousand_posts_come_back(tmp_path):
    posts = {f"post-{n}": {"day": "1", "text": f"Text {n}"} for n in range(3_000)}
    current = {"campaign.yaml": {"posts": posts}}
    file = tmp_path / "a.xlsx"
    file.write_bytes(workbook(tables(current)))
    assert take_over(grids_of(file), current).changes == ()
