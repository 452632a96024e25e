"""--interface, and what is spoken without it: pages, paper, the list of days, a rehearsal."""

from __future__ import annotations

import io
import os

import pytest
from program import CHECKOUT, calendar_of_today, run
from pypdf import PdfReader

ON = ("--on", "2026-11-20")


def words_of(file) -> str:
    return PdfReader(io.BytesIO(file.read_bytes())).pages[0].extract_text()


def test_pages_speak_the_language_that_was_asked_for_and_messages_stay_english(tmp_path):
    calendar_of_today(tmp_path, 1)
    done = run("preview", "--interface", "it", "--out", "pages", *ON, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    index = (tmp_path / "pages/index.html").read_text("utf-8")
    assert '<html lang="it" dir="ltr">' in index
    assert "Anteprima: una prova, nulla viene inviato" in index
    assert "Open " in done.stderr


def test_without_being_asked_pages_speak_as_the_calendar_does(tmp_path):
    calendar_of_today(tmp_path, 1, **{"language: en": "language: de"})
    run("preview", "--out", "pages", *ON, cwd=tmp_path)
    assert '<html lang="de" dir="ltr">' in (tmp_path / "pages/index.html").read_text("utf-8")


def test_the_machines_language_changes_nothing(tmp_path):
    calendar_of_today(tmp_path, 1)
    machine = {**os.environ, "LANG": "de_DE.UTF-8", "LANGUAGE": "de"}
    done = run("preview", "--terminal", *ON, cwd=tmp_path, env=machine)
    assert "ready" in done.stdout


def test_the_days_of_a_member_are_listed_in_its_language_unless_another_is_asked_for():
    asked = ("preview", "--terminal", "--day", "7", "--member", "germany", *ON)
    assert "Tag 7  Di., 1. Dez." in run(*asked, cwd=CHECKOUT).stdout
    assert "Day 7  Tue 1 Dec" in run(*asked, "--interface", "en", cwd=CHECKOUT).stdout


def test_the_paper_of_a_calendar_speaks_as_its_coordinator_does(tmp_path):
    calendar_of_today(tmp_path, 1, **{"language: en": "language: it"})
    assert run("preview", "--pdf", "--out", "a.pdf", *ON, cwd=tmp_path).returncode == 0
    assert "Foglio di controllo da firmare" in words_of(tmp_path / "a.pdf")


def test_a_rehearsal_speaks_the_language_that_was_asked_for(tmp_path):
    calendar_of_today(tmp_path, 1)
    done = run("rehearse", "--interface", "de", "--out", "feeds", cwd=tmp_path)
    assert "Only stand-ins on this machine were contacted." in done.stderr
    assert "Generalprobe von" in (tmp_path / "feeds/index.html").read_text("utf-8")


@pytest.mark.parametrize("verb", ["preview", "rehearse"])
def test_a_language_without_a_catalogue_is_refused_and_those_with_one_are_named(tmp_path, verb):
    calendar_of_today(tmp_path, 1)
    done = run(verb, "--interface", "fr", cwd=tmp_path)
    assert done.returncode == 2
    assert "de, en, it" in " ".join(done.stderr.replace("│", " ").split())
    assert not (tmp_path / "out").exists()
