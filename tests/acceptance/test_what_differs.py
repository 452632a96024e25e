"""An edit after somebody's yes, and an edit of what is public, are told wherever staff look."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing

from program import answer, calendar_of_today, public, run

TEXT = {"This is number 0": "That was number 0"}


def edit(folder, **replaced):
    file = folder / "campaign.yaml"
    text = file.read_text("utf-8")
    for old, new in replaced.items():
        assert old in text
        text = text.replace(old, new)
    file.write_text(text, "utf-8")


def approve(folder, *more):
    assert run("approve", "--all", "--as", "Ana", "--yes", *more, cwd=folder).returncode == 0


def day_of(folder, *more):
    done = run("preview", "--out", "pages", *more, cwd=folder)
    assert done.returncode == 0, done.stderr
    return (folder / "pages" / "day-01.html").read_text("utf-8")


def test_an_edit_after_a_yes_shows_the_words_and_both_cards(tmp_path):
    calendar_of_today(tmp_path, 1)
    approve(tmp_path)
    assert 'class="change"' not in day_of(tmp_path)
    edit(tmp_path, **TEXT, **{"headline: Come today": "headline: Come tomorrow"})
    page = day_of(tmp_path)
    assert "<b>What differs</b> from what <bdi>Ana</bdi> approved" in page
    assert '<span class="said"> Removed: </span><span lang="en" dir="ltr">This is</span>' in page
    assert '<span class="said"> Added: </span><span lang="en" dir="ltr">That was</span>' in page
    assert page.count("<figcaption>") == 2
    shown = {file.name for file in (tmp_path / "pages" / "cards").iterdir()}
    assert len(shown) == 2
    assert all(name in page for name in shown)


def test_of_an_approval_without_its_words_only_this_is_told(tmp_path):
    calendar_of_today(tmp_path, 1)
    approve(tmp_path)
    with closing(sqlite3.connect(tmp_path / ".campaign" / "ledger.sqlite3")) as connection:
        connection.execute("UPDATE approvals SET draft = NULL")
        connection.commit()
    edit(tmp_path, **TEXT)
    assert "nothing but a digest was kept" in day_of(tmp_path)


def test_paper_and_terminal_say_what_was_changed_since(tmp_path):
    calendar_of_today(tmp_path, 1)
    approve(tmp_path)
    assert "approved by Ana" in run("preview", "--terminal", cwd=tmp_path).stdout
    edit(tmp_path, **TEXT)
    said = " ".join(run("preview", "--terminal", cwd=tmp_path).stdout.split())
    assert "CHANGED since Ana approved it on" in said
    assert "(text)" in said
    assert run("preview", "--pdf", "--out", "paper.pdf", cwd=tmp_path).returncode == 0
    assert (tmp_path / "paper.pdf").stat().st_size


def test_the_list_says_nothing_of_a_yes_while_its_card_is_not_drawn(tmp_path):
    """On another machine, with the same ledger, the shelf is empty."""
    calendar_of_today(tmp_path, 1)
    approve(tmp_path)
    shutil.rmtree(tmp_path / ".campaign" / "cards")
    assert "pproved" not in run("preview", "--terminal", cwd=tmp_path).stdout
    assert "CHANGED" not in run("preview", "--terminal", cwd=tmp_path).stdout


def test_another_ledger_is_asked_where_it_is_named(tmp_path):
    calendar_of_today(tmp_path, 1)
    approve(tmp_path, "--ledger", "elsewhere.sqlite3")
    edit(tmp_path, **TEXT)
    assert 'class="change"' not in day_of(tmp_path)
    assert 'class="change"' in day_of(tmp_path, "--ledger", "elsewhere.sqlite3")
    assert not (tmp_path / ".campaign" / "ledger.sqlite3").exists()


def test_an_edit_of_what_is_public_changes_nothing_there_and_is_told(tmp_path):
    calendar_of_today(tmp_path, 2)
    run("run", "--once", cwd=tmp_path)
    assert answer("check", cwd=tmp_path)["problems"] == [
        each for each in answer("check", cwd=tmp_path)["problems"] if each["code"] == "empty-day"
    ]
    edit(tmp_path, **TEXT)
    run("run", "--once", cwd=tmp_path)
    assert public(tmp_path) == ["This is number 0.", "This is number 1."]
    problem = next(
        each
        for each in answer("check", cwd=tmp_path)["problems"]
        if each["code"] == "public-differs"
    )
    assert problem["severity"] == "warning"
    assert 'post "post-0"' in problem["message"]
    assert "text" in problem["message"]
    text = (tmp_path / "campaign.yaml").read_text("utf-8").splitlines()
    assert "That was number 0" in text[problem["line"] - 1]
    told = {each["post"]: each["edited"] for each in answer("status", cwd=tmp_path)["deliveries"]}
    assert told["post-1"] == []
    assert told["post-0"] == [
        {"what": "text", "public": "This is number 0.", "calendar": "That was number 0."}
    ]
    said = run("status", cwd=tmp_path).stderr
    assert "it is public, and the calendar says something else now" in " ".join(said.split())
    assert "text: [-This is-]{+That was+} number 0." in said
    page = day_of(tmp_path)
    assert "<b>The calendar says something else now.</b>" in page
