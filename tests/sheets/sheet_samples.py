"""Calendars as values, and sheets as somebody changed them."""

from __future__ import annotations

import copy
from dataclasses import replace

from scheduler.sheets.digests import digest_table
from scheduler.sheets.exporting import tables
from scheduler.sheets.tables import Grid, Table

OWN = {
    "campaign": {"id": "small", "time": "09:00", "tags": ["#Small", "#16Days"]},
    "brand": {"name": "Small", "help": "Find help"},
    "days": {"1": {"theme": "Why we speak"}, "2": {"theme": "Listening"}},
    "posts": {
        "launch": {
            "day": "1",
            "graphic": {"headline": "We begin", "points": ["One thing", "Another thing"]},
            "text": "Today we begin.",
            "alt": "A card.",
        },
        "gallery": {
            "day": "2",
            "text": "Two pictures.\n\nLook.",
            "carousel": [
                {"photo": {"picture": "door"}, "alt": "A door"},
                {"graphic": {"headline": "Come"}, "alt": "A card"},
            ],
        },
        "listen": {"day": "2", "quote": "guterres", "text": "Listening comes first.", "alt": "x"},
    },
    "quotes": {"guterres": {"words": "Listen.", "speaker": "A. G.", "role": "UN"}},
    "helplines": {"es": {"number": "016", "hours": "day and night"}},
}
GERMAN = {
    "language": "de",
    "days": {"1": {"theme": "Warum", "translation": {"of": {"theme": "Why we speak"}}}},
    "posts": {
        "launch": {
            "text": "Heute beginnen wir.",
            "graphic": {"points": ["Eins", "Zwei"]},
            "time": "10:00",
            "translation": {
                "state": "reviewed",
                "by": "Maria Rossi",
                "on": "2026-11-20",
                "of": {
                    "text": "Today we began.",
                    "graphic": {"points": ["One thing", "Another thing"]},
                },
            },
        }
    },
    "quotes": {"guterres": {"in_translation": {"words": "Hört zu.", "translator": "Eva"}}},
}
ITALY = {
    "member": {"id": "italy", "name": "Italy", "kit": "no"},
    "leaves_out": {"days": ["2"]},
    "days": {"1": {"theme": "Perché"}},
}
FILES = {"campaign.yaml": OWN, "languages/de.yaml": GERMAN, "members/italy.yaml": ITALY}


def files():
    return copy.deepcopy(FILES)


def grid(table: Table) -> Grid:
    rows = [
        (row.number, tuple(row.cells.get(name, "") for name in table.columns)) for row in table.rows
    ]
    return Grid(name=f"sheet {table.title}", title=table.title, rows=((1, table.columns), *rows))


def grids(values) -> list[Grid]:
    """The sheets of an export, the hidden one among them."""
    found = tables(values)
    return [grid(table) for table in (*found, digest_table(found))]


def forgetful(sheets) -> list[Grid]:
    """Without the hidden sheet, as a .csv file is."""
    return [sheet for sheet in sheets if sheet.title != "Export"]


def changed(sheets, title: str, row: str, column: str, cell: str) -> list[Grid]:
    """With another text in one cell; `row` is what stands in its first columns."""
    return [
        _changed(sheet, row, column, cell) if sheet.title == title else sheet for sheet in sheets
    ]


def _changed(sheet: Grid, row: str, column: str, cell: str) -> Grid:
    place = sheet.rows[0][1].index(column)
    rows = [
        (number, (*cells[:place], cell, *cells[place + 1 :]) if row in cells[:2] else cells)
        for number, cells in sheet.rows
    ]
    assert any(row in cells[:2] for _, cells in rows), f"there is no row {row}"
    return replace(sheet, rows=tuple(rows))


def added(sheets, title: str, **cells: str) -> list[Grid]:
    """With a row more."""
    return [_added(sheet, cells) if sheet.title == title else sheet for sheet in sheets]


def _added(sheet: Grid, cells) -> Grid:
    texts = tuple(
        cells.get(name, cells.get(name.partition(" ")[0], "")) for name in sheet.rows[0][1]
    )
    return replace(sheet, rows=(*sheet.rows, (sheet.rows[-1][0] + 1, texts)))


def without(sheets, title: str, row: str) -> list[Grid]:
    return [
        replace(sheet, rows=tuple(each for each in sheet.rows if row not in each[1][:2]))
        if sheet.title == title
        else sheet
        for sheet in sheets
    ]
