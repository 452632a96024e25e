"""campaign preview --pdf and --terminal, as a person types them."""

from __future__ import annotations

import io

import pytest
from program import CHECKOUT, calendar_of_today, run
from pypdf import PdfReader

ON = ("--on", "2026-11-20")


def test_a_sheet_is_written_beside_the_calendar_and_named_for_what_it_shows(tmp_path):
    calendar_of_today(tmp_path, 2)
    done = run("preview", "--pdf", "--day", "1", *ON, cwd=tmp_path)
    file = tmp_path / "out/preview/contact-sheet-day-01.pdf"
    assert str(file) in done.stderr
    assert done.stdout == ""
    assert len(PdfReader(io.BytesIO(file.read_bytes())).pages) == 2


def test_a_sheet_goes_where_it_is_wanted_and_is_the_same_each_time(tmp_path):
    calendar_of_today(tmp_path, 1)
    for name in ("one.pdf", "two.pdf"):
        assert run("preview", "--pdf", "--out", name, *ON, cwd=tmp_path).returncode == 0
    assert (tmp_path / "one.pdf").read_bytes() == (tmp_path / "two.pdf").read_bytes()


def test_a_list_draws_no_card_and_is_plain_where_nobody_looks(tmp_path):
    calendar_of_today(tmp_path, 2)
    done = run("preview", "--terminal", *ON, cwd=tmp_path)
    assert "post-0  ready" in done.stdout
    assert "\x1b" not in done.stdout
    assert not list((tmp_path / ".campaign/cards").glob("*.jpg"))


def test_a_list_tells_of_a_card_that_cannot_be_drawn(tmp_path):
    calendar_of_today(tmp_path, 1, **{"Come today": "Come today " * 60})
    done = run("preview", "--terminal", "--day", "1", *ON, cwd=tmp_path)
    assert done.returncode == 1
    assert "HELD" in done.stdout
    assert "shorten it by about" in " ".join(done.stdout.split())


def test_the_sample_in_greek_for_one_member():
    done = run("preview", "--terminal", "--day", "7", "--member", "cyprus", *ON, cwd=CHECKOUT)
    assert done.returncode == 0, done.stderr
    assert "Day 7  Tue 1 Dec  Γιατί έχουν σημασία τα πρότυπα" in done.stdout


@pytest.mark.parametrize(
    "asked",
    [
        ("--member", "x"),
        ("--day", "17", "--terminal"),
        ("--pdf", "--terminal"),
        ("--pdf", "--json"),
        ("--terminal", "--out", "x"),
    ],
)
def test_what_would_be_ignored_is_refused(tmp_path, asked):
    calendar_of_today(tmp_path, 1)
    assert run("preview", *asked, cwd=tmp_path).returncode == 2
    assert not (tmp_path / "out").exists()


def test_a_broken_calendar_prints_nothing(tmp_path):
    calendar_of_today(tmp_path, 1).write_text("campaign: [\n", "utf-8")
    for way in ("--pdf", "--terminal"):
        done = run("preview", way, *ON, cwd=tmp_path)
        assert done.returncode == 1
        assert "campaign.yaml:" in done.stderr
    assert not (tmp_path / "out").exists()
