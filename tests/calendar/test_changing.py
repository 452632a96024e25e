"""What new values make of a calendar's files, and what would be wrong with them."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest

from scheduler.calendar.changing import contents_of, new_errors, values_of
from scheduler.errors import UserError

CHECKOUT = Path(__file__).parents[2]


@pytest.fixture
def calendar(tmp_path) -> Path:
    file = tmp_path / "campaign.yaml"
    file.write_bytes((CHECKOUT / "campaign.yaml").read_bytes())
    (tmp_path / "languages").mkdir()
    (tmp_path / "languages" / "de.yaml").write_text("language: de\n", "utf-8")
    return file


def test_files_are_changed_where_they_stand_and_new_ones_are_written(calendar):
    found = values_of(calendar)
    assert list(found) == ["campaign.yaml", "languages/de.yaml"]
    changes = {"languages/de.yaml": {"language": "de", "brand": {"help": "Hilfe"}}}
    changes |= {"languages/it.yaml": {"language": "it"}}
    texts = contents_of(calendar, changes)
    assert {path.name: text for path, text in texts.items()} == {
        "de.yaml": b"language: de\nbrand:\n  help: Hilfe\n",
        "it.yaml": b"language: it\n",
    }


def test_only_errors_that_are_new_are_named_and_by_what_they_are_about(calendar):
    values = copy.deepcopy(values_of(calendar)["campaign.yaml"])
    assert list(new_errors(calendar, {})) == []
    values["posts"]["far-too-slow"]["day"] = "99"
    texts = contents_of(calendar, {"campaign.yaml": values})
    ((problem, path),) = new_errors(calendar, texts)
    assert path[:2] == ("posts", "far-too-slow")
    assert "99" in problem.message
    calendar.write_bytes(texts[calendar])
    values["campaign"]["title"] = "Another"
    again = contents_of(calendar, {"campaign.yaml": values})
    assert list(new_errors(calendar, again)) == []


@pytest.mark.parametrize("data", [b"", b"\xff", b"a: b: c"])
def test_a_file_that_cannot_be_read_is_not_changed(calendar, data):
    (calendar.parent / "languages" / "it.yaml").write_bytes(data)
    with pytest.raises(UserError, match=r"^languages/it.yaml"):
        contents_of(calendar, {"languages/it.yaml": {"language": "it"}})
    with pytest.raises(UserError, match=r"^languages/it.yaml"):
        values_of(calendar)


def test_what_is_misread_is_not_taken_for_the_calendar(calendar):
    (calendar.parent / "languages" / "de.yaml").write_text("language: de\nlanguage: it\n", "utf-8")
    with pytest.raises(UserError, match="twice"):
        values_of(calendar)
