"""The calendar goes out as sheets, and comes back; somebody's own sheet becomes a calendar."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from icalendar import Calendar
from openpyxl import Workbook, load_workbook
from program import answer, run

from scheduler.calendar.reading import read


def texts(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*.y*ml")}


def edit(file: Path, sheet: str, row: str, column: str, text: str | None) -> None:
    book = load_workbook(file)
    found = book[sheet]
    names = [cell.value for cell in found[1]]
    place = next(cells[0].row for cells in found.iter_rows() if cells[0].value == row)
    found.cell(place, names.index(column) + 1).value = text
    book.save(file)


def plan(file: Path, *rows: tuple[str, ...]) -> Path:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(file)
    return file


# ── there and back ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("asked", [("all.xlsx",), ("posts.csv",), ("de.csv", "--language", "de")])
def test_the_shipped_campaign_comes_back_as_it_went(shipped, asked):
    before = texts(shipped)
    out = run("export", *asked, cwd=shipped)
    back = run("import", asked[0], cwd=shipped)
    assert (out.returncode, back.returncode) == (0, 0), out.stderr + back.stderr
    assert "Nothing to change. Nothing was written." in back.stderr
    assert texts(shipped) == before


def test_a_workbook_alone_is_the_whole_campaign(shipped):
    run("export", "all.xlsx", cwd=shipped)
    done = run("import", "all.xlsx", "--out", "copy", cwd=shipped)
    assert done.returncode == 0, done.stderr
    shutil.copytree(shipped / "assets", shipped / "copy" / "assets")
    found = [answer("check", "--on", "2026-11-22", cwd=folder) for folder in (shipped, shipped / "copy")]  # fmt: skip # noqa: E501
    assert found[0]["posts"] == found[1]["posts"] > 16
    assert found[0]["deliveries"] == found[1]["deliveries"]
    codes = [sorted(problem["code"] for problem in each["problems"]) for each in found]
    assert codes[0] == codes[1]


def test_one_changed_cell_is_one_changed_line(shipped):
    run("export", "all.xlsx", cwd=shipped)
    edit(shipped / "all.xlsx", "Posts", "far-too-slow", "time", "18:15")
    before = (shipped / "campaign.yaml").read_text("utf-8")
    done = run("import", "all.xlsx", cwd=shipped)
    assert done.returncode == 0, done.stderr
    assert "campaign.yaml: 1 values changed, 0 added, 0 removed" in done.stderr
    after = (shipped / "campaign.yaml").read_text("utf-8")
    pairs = zip(before.splitlines(), after.splitlines(), strict=True)
    assert [new for old, new in pairs if old != new] == ['    time: "18:15"']


def test_a_translators_changed_cell_is_a_draft_with_its_source(shipped):
    run("export", "de.xlsx", "--language", "de", cwd=shipped)
    edit(shipped / "de.xlsx", "Translation de", "days.1.theme", "translation", "Warum jetzt")
    edit(shipped / "de.xlsx", "Translation de", "days.1.theme", "state", None)
    before = texts(shipped)
    done = answer("import", "de.xlsx", cwd=shipped)
    assert [change["file"] for change in done["files"]] == ["languages/de.yaml"]
    after = texts(shipped)
    assert [name for name in after if after[name] != before[name]] == ["languages/de.yaml"]
    found = read(shipped / "languages" / "de.yaml", name="de.yaml").values["days"]["1"]
    own = read(shipped / "campaign.yaml", name="campaign.yaml").values["days"]["1"]
    assert found["theme"] == "Warum jetzt"
    assert found["translation"]["state"] == "draft"
    assert found["translation"]["of"]["theme"] == own["theme"]
    problems = answer("check", "--on", "2026-11-22", cwd=shipped)["problems"]
    assert [each for each in problems if each["severity"] == "error"] == []


def test_a_dry_run_writes_nothing(shipped):
    run("export", "all.xlsx", cwd=shipped)
    edit(shipped / "all.xlsx", "Posts", "far-too-slow", "time", "18:15")
    before = texts(shipped)
    done = run("import", "all.xlsx", "--dry-run", cwd=shipped)
    assert "1 values changed" in done.stderr
    assert (done.returncode, texts(shipped)) == (0, before)


def test_what_would_break_the_calendar_is_refused_with_its_row(shipped):
    run("export", "all.xlsx", cwd=shipped)
    edit(shipped / "all.xlsx", "Posts", "far-too-slow", "day", "99")
    edit(shipped / "all.xlsx", "Posts", "why-we-speak", "text", "Another text.")
    before = texts(shipped)
    done = run("import", "all.xlsx", cwd=shipped)
    assert (done.returncode, texts(shipped)) == (1, before)
    assert "all.xlsx, sheet Posts:4:1" in done.stderr
    assert 'there is no day "99"' in done.stderr
    assert done.stderr.endswith("Nothing was written.\n")


def test_a_post_goes_only_when_that_is_said(shipped):
    run("export", "all.xlsx", cwd=shipped)
    book = load_workbook(shipped / "all.xlsx")
    book["Posts"].delete_rows(4)
    book.save(shipped / "all.xlsx")
    before = texts(shipped)
    kept = run("import", "all.xlsx", cwd=shipped)
    assert (kept.returncode, texts(shipped)) == (1, before)
    assert 'kept: post "far-too-slow"' in kept.stderr
    gone = answer("import", "all.xlsx", "--delete", cwd=shipped)
    assert gone["removed"] == ['post "far-too-slow"']
    assert "  far-too-slow:" not in (shipped / "campaign.yaml").read_text("utf-8")


# ── going out ─────────────────────────────────────────────────────────────────────────────────────


def test_nothing_is_written_over_unless_that_is_said(sample):
    (sample / "posts.csv").write_text("mine", "utf-8")
    assert run("export", "posts.csv", cwd=sample).returncode == 1
    assert (sample / "posts.csv").read_text("utf-8") == "mine"
    assert run("export", "posts.csv", "--force", cwd=sample).returncode == 0


@pytest.mark.parametrize(
    "asked",
    [
        ("posts.doc",),
        ("a.csv", "--language", "German!"),
        ("a.ics", "--language", "de"),
        ("a.xlsx", "--member", "italy"),
    ],
)
def test_what_cannot_be_exported_is_a_mistake_in_the_command(sample, asked):
    done = run("export", *asked, cwd=sample)
    assert done.returncode == 2
    assert not (sample / asked[0]).exists()


def test_the_deliveries_are_events(sample):
    assert run("export", "all.ics", cwd=sample).returncode == 0
    calendar = Calendar.from_ical((sample / "all.ics").read_bytes())
    found = [part for part in calendar.subcomponents if part.name == "VEVENT"]
    assert len(found) >= 16
    assert len({str(event["UID"]) for event in found}) == len(found)
    assert any("far-too-slow" in event["SUMMARY"] for event in found)


def test_events_of_a_member_that_nobody_knows_are_refused(sample):
    done = run("export", "a.ics", "--member", "atlantis", cwd=sample)
    assert done.returncode == 1
    assert 'there is no member "atlantis"' in done.stderr


# ── somebody's own sheet ──────────────────────────────────────────────────────────────────────────

ROWS = (
    ("Datum", "Uhrzeit", "Beitrag", "Alternativtext", "Kanal", "Zuständig"),
    ("25.11.2026", "9:30", "Wir beginnen. Heute.", "Eine Karte.", "Instagram", "Maria"),
    ("26.11.2026", "", "Und weiter.", "", "alle", ""),
)


def test_a_sheet_of_somebody_becomes_a_calendar(tmp_path):
    plan(tmp_path / "Plan 2026.xlsx", *ROWS)
    done = run("import", "Plan 2026.xlsx", "--zone", "Europe/Rome", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    for said in ("Beitrag", "not used", "1 of 2 posts have no alt text yet", "campaign check"):
        assert said in done.stderr
    assert "wir-beginnen-heute" in done.stdout
    checked = answer("check", "--on", "2026-11-22", cwd=tmp_path)
    errors = [each for each in checked["problems"] if each["severity"] == "error"]
    assert [each["code"] for each in errors] == ["missing-key"]
    assert (tmp_path / "campaign.schema.json").exists()


def test_rows_that_cannot_be_read_are_named_and_the_others_are_written(tmp_path):
    more = ("26.11.2026", "", "Und weiter.", "Eine zweite Karte.", "", "")
    plan(tmp_path / "plan.xlsx", *ROWS[:2], more, ("1.1.2027", "", "Too late", "", "", ""))
    done = run("import", "plan.xlsx", cwd=tmp_path)
    assert done.returncode == 1
    assert "plan.xlsx, sheet Sheet:4:1" in done.stderr
    assert "2027-01-01 is not within the sixteen days" in done.stderr
    assert "2 posts from 3 rows" in done.stderr
    checked = answer("check", "--on", "2026-11-22", cwd=tmp_path)
    assert checked["posts"] == 2
    assert {each["file"] for each in checked["problems"]} == {"campaign.yaml"}


def test_a_guess_can_be_corrected_before_anything_is_written(tmp_path):
    plan(tmp_path / "plan.xlsx", ("Datum", "Text", "Zweiter"), ("25.11.2026", "Kurz", "Lang"))
    column = ("--column", "text=Zweiter", "--column", "notes=B")
    done = run("import", "plan.xlsx", *column, "--dry-run", "--json", cwd=tmp_path)
    columns = json.loads(done.stdout)["columns"]
    assert [each["role"] for each in columns] == ["date", "notes", "text"]
    assert list(tmp_path.iterdir()) == [tmp_path / "plan.xlsx"]


@pytest.mark.parametrize("column", ["text", "txet=A", "text=Nowhere"])
def test_a_wrong_correction_is_a_mistake_in_the_command(tmp_path, column):
    plan(tmp_path / "plan.xlsx", *ROWS)
    assert run("import", "plan.xlsx", "--column", column, cwd=tmp_path).returncode == 2
    assert not (tmp_path / "campaign.yaml").exists()


def test_a_calendar_is_never_written_over_by_a_strange_sheet(sample):
    plan(sample / "plan.xlsx", *ROWS)
    before = texts(sample)
    done = run("import", "plan.xlsx", cwd=sample)
    assert (done.returncode, texts(sample)) == (1, before)
    assert "this sheet is no export of it" in done.stderr
    assert "Nothing was sent" not in done.stderr


@pytest.mark.parametrize(
    "name", ["nothing.xlsx", "old.xls", "folder.xlsx", "broken.xlsx", "empty.csv"]
)
def test_a_file_that_cannot_be_read_is_said_so(tmp_path, name):
    (tmp_path / "folder.xlsx").mkdir()
    for file in ("old.xls", "broken.xlsx"):
        (tmp_path / file).write_bytes(b"\xd0\xcf\x11\xe0")
    (tmp_path / "empty.csv").write_bytes(b"")
    done = run("import", name, cwd=tmp_path)
    assert done.returncode == 1
    assert name in done.stderr
    assert done.stderr.endswith("1 error. Nothing was written.\n")
    assert not (tmp_path / "campaign.yaml").exists()


def test_several_files_are_written_all_or_not_at_all(shipped):
    run("export", "all.xlsx", cwd=shipped)
    (shipped / "copy").mkdir()
    (shipped / "copy" / "members").write_text("no folder", "utf-8")
    done = run("import", "all.xlsx", "--out", "copy", cwd=shipped)
    assert done.returncode == 1
    assert "a folder is needed here" in done.stderr
    assert [file.name for file in (shipped / "copy").iterdir() if file.is_file()] == ["members"]
    assert not list((shipped / "copy").rglob("*.yaml"))
