"""Comma-separated files: ours, and everybody else's."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sheet_samples import FILES, files
from test_sheet_round_trip import result

from scheduler.errors import UserError
from scheduler.sheets.exporting import posts_table
from scheduler.sheets.exporting_translations import translation_table
from scheduler.sheets.importing import take_over
from scheduler.sheets.separated import grid_of, separated
from scheduler.sheets.tables import Row, Table


def read(tmp_path, data: bytes):
    file = tmp_path / "a.csv"
    file.write_bytes(data)
    return grid_of(file)


@pytest.mark.parametrize("table", [posts_table(FILES), translation_table(FILES, "de")])
def test_a_table_changes_nothing(tmp_path, table):
    grid, note = read(tmp_path, separated(table))
    done = take_over([grid], files())
    assert (done.changes, done.problems, done.gone, note) == ((), (), (), "")


def test_excel_knows_its_letters_and_runs_no_formula():
    rows = (Row(number=2, cells={"post (id)": "=cmd()", "text": "@home"}),)
    data = separated(Table(title="Posts", columns=("post (id)", "text"), rows=rows))
    assert data == "\ufeffpost (id),text\r\n'=cmd(),'@home\r\n".encode()


@given(
    st.lists(
        st.text(max_size=12) | st.sampled_from(["'", "''=", "=1", "-", "\ta", "'a"]), min_size=2
    )
)
@settings(max_examples=100, deadline=None)
def test_every_text_comes_back(tmp_path_factory, texts):
    texts = [text.replace("\r", "\n").replace("\0", "") for text in texts]
    rows = tuple(
        Row(number=n, cells={"post (id)": f"p{n}", "text": text}) for n, text in enumerate(texts, 2)
    )
    data = separated(Table(title="Posts", columns=("post (id)", "text"), rows=rows))
    grid, _ = read(tmp_path_factory.mktemp("csv"), data)
    assert [cells[1] for _, cells in grid.rows[1:]] == texts


@pytest.mark.parametrize("sign", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_what_a_spreadsheet_saved_again_is_read(tmp_path, sign, encoding):
    table = posts_table(FILES)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=sign)
    writer.writerow(table.columns)
    for row in table.rows:
        writer.writerow([row.cells.get(name, "") for name in table.columns])
    changed = out.getvalue().replace("Today we begin.", "Heute, wir; ä")
    if sign != "\t":
        changed = out.getvalue().replace("Today we begin.", '"Heute, wir; ä"')
    grid, note = read(tmp_path, changed.encode(encoding))
    new, done = result([grid], files())
    assert (done.problems, note) == ((), "")
    assert new["campaign.yaml"]["posts"]["launch"]["text"] == "Heute, wir; ä"


def test_windows_text_is_read_and_said_aloud(tmp_path):
    grid, note = read(tmp_path, "Datum;Text\n25.11.;für“".encode("cp1252"))
    assert grid.rows[1] == (2, ("25.11.", "für“"))
    assert "cp1252" in note


def test_a_line_for_excel_says_what_stands_between(tmp_path):
    grid, _ = read(tmp_path, b"sep=;\r\nDate;Text, long\r\n1;a, b\r\n")
    assert grid.rows == ((1, ("Date", "Text, long")), (2, ("1", "a, b")))


@pytest.mark.parametrize("data", [b"\xff\xfea", b"a\0b,c", b'a,b\n"c,d', b"PK\x03\x04\0\0"])
def test_what_is_no_table_is_said_so(tmp_path, data):
    with pytest.raises(UserError, match=r"a\.csv:\d+:1: error: "):
        read(tmp_path, data)


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_an_empty_file_has_no_rows(tmp_path, data):
    assert read(tmp_path, data)[0].rows == ()
