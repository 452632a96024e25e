"""A cell holds a text as it is."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.sheets.cells import (
    ONE_PER_LINE,
    gathered,
    id_cell,
    id_of,
    named,
    path_of,
    spread,
    text_of,
    understood,
    written,
)

TEXTS = st.text(max_size=8) | st.sampled_from(
    ["", "(empty)", "\\(empty list)", "(not noted)", "a.b", "1", "\\", "a\n"]
)
VALUES = st.dictionaries(
    TEXTS,
    st.recursive(
        TEXTS,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
        max_leaves=8,
    ),
    max_size=4,
)


@given(TEXTS)
def test_a_text_comes_back_from_its_cell(text):
    assert written(text) != ""
    assert understood(written(text)) == text
    assert id_of(id_cell(text)) == text


@given(st.lists(TEXTS | st.integers(0, 30), min_size=1, max_size=5).map(tuple))
def test_a_path_comes_back_from_its_name(path):
    if not (path[0] == "days" and len(path) > 1 and isinstance(path[1], int)):
        assert path_of(named(path)) == path


@given(VALUES)
def test_values_come_back_from_their_cells(values):
    if isinstance(values.get("days"), list):
        del values["days"]
    assert gathered({name: cell for name, cell in spread(values) if name}) == values


def test_people_can_read_the_names():
    values = {"photo": {"headline": "a"}, "carousel": [{"alt": "b"}], "tags": ["#a", "#b"], "x": []}
    assert dict(spread(values)) == {
        "photo.headline": "a",
        "carousel.1.alt": "b",
        f"tags{ONE_PER_LINE}": "#a\n#b",
        "x": "(empty list)",
    }
    assert named(("days", "1", "theme")) == "days.1.theme"


@pytest.mark.parametrize("name", ["", ".", "a..b", "a.", ".a", "carousel.0.alt", "a\\"])
def test_what_is_no_path_is_refused(name):
    with pytest.raises(ValueError, match=r"^"):
        path_of(name)


@pytest.mark.parametrize(
    "cells",
    [
        {"a": "x", "a.b": "y"},
        {"a.b": "y", "a": "x"},
        {"a.1": "x", "a.b": "y"},
        {f"a{ONE_PER_LINE}": "x\ny", "a.1": "z"},
    ],
)
def test_cells_that_contradict_each_other_are_refused(cells):
    with pytest.raises(ValueError, match=r"^"):
        gathered(cells)


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        (datetime(2026, 11, 25, tzinfo=UTC).replace(tzinfo=None), "2026-11-25"),
        (datetime(2026, 11, 25, 9, 30, tzinfo=UTC).replace(tzinfo=None), "2026-11-25 09:30"),
        (date(2026, 11, 25), "2026-11-25"),
        (time(9, 30), "09:30"),
        (timedelta(hours=9, minutes=5), "09:05"),
        (3.0, "3"),
        (3, "3"),
        (0.4, "0.4"),
        (True, "yes"),
        (None, ""),
        ("016", "016"),
        ("a\r\nb", "a\nb"),
    ],
)
def test_what_a_spreadsheet_made_of_it_becomes_what_a_calendar_wants(typed, text):
    assert text_of(typed) == text


def test_a_share_keeps_its_sign():
    assert text_of(0.32, "0%") == "32%"
