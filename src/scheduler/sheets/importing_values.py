"""Taking over the long sheets, with a row for each value."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from scheduler.calendar.reading import Values
from scheduler.sheets.cells import cell_of, gathered, is_path
from scheduler.sheets.layout import FILE, VALUE, WHERE
from scheduler.sheets.merging import Merge
from scheduler.sheets.recognising import Found
from scheduler.sheets.tables import Row, Table

_OTHER_FILE = re.compile(r"(?:languages|members)/[^/\\:*?\"<>|.][^/\\:*?\"<>|]*\.ya?ml")

Cells = Mapping[str, str]


def take_values(merge: Merge, sheets: list[Found], tables: Iterable[Table]) -> None:
    """Take over what was changed in the long sheets."""
    standing: dict[str, dict[str, str]] = {}
    for table in tables:
        if table.columns[0] == FILE:
            for row in table.rows:
                standing.setdefault(row.cells[FILE], {})[row.cells[WHERE]] = row.cells[VALUE]
    changes, seen = _changes(merge, sheets, standing)
    for file, names in seen.items():
        gone = [name for name in standing.get(file, {}) if name not in names]
        for name in gone:
            if merge.may_be_gone(FILE, f"{file} {name}"):
                merge.gone.append(f"{file}: {name}")
                if merge.delete:
                    changes.setdefault(file, {})[name] = ("", None)
    for file, cells in changes.items():
        _change(merge, file, standing.get(file, {}), cells)


#: The new cell, and where it was found.
_Change = tuple[str, tuple[Found, Row] | None]


def _changes(
    merge: Merge, sheets: list[Found], standing: Mapping[str, Cells]
) -> tuple[dict[str, dict[str, _Change]], dict[str, set[str]]]:
    changes: dict[str, dict[str, _Change]] = {}
    seen: dict[str, set[str]] = {}
    for found in sheets:
        for row in found.rows:
            file, name = (row.cells.get(column, "").strip() for column in (FILE, WHERE))
            file = file if "/" in file or not file else merge.name
            if message := _complaint(file, name, merge.name, seen):
                hint = f"write {merge.name}, or languages/de.yaml, and then where it belongs"
                merge.problems.append(found.at(row.number, WHERE, message, hint))
                continue
            seen.setdefault(file, set()).add(name)
            if merge.touched(found, row, VALUE, standing.get(file, {}).get(name, "")):
                changes.setdefault(file, {})[name] = row.cells.get(VALUE, ""), (found, row)
    return changes, seen


def _complaint(file: str, name: str, own: str, seen: Mapping[str, set[str]]) -> str:
    if file != own and not _OTHER_FILE.fullmatch(file):
        return f'"{file}" is no file of a calendar, and this row was not read'
    if not name or not is_path(name):
        return f'"{name}" is no place in a file, and this row was not read'
    if name in seen.get(file, ()):
        return f'"{name}" stands here twice; the second was not read'
    return ""


def _change(merge: Merge, file: str, standing: Cells, changes: Mapping[str, _Change]) -> None:
    cells = {**standing, **{name: cell for name, (cell, _) in changes.items()}}
    try:
        rest = gathered({name: cell for name, cell in cells.items() if cell})
    except ValueError as error:
        for found, row in filter(None, (where for _, where in changes.values())):
            message = f"the rows of {file} contradict each other: {error}; none of them was read"
            merge.problems.append(found.at(row.number, WHERE, message))
        return
    for name, (_, where) in changes.items():
        if where:
            found, row = where
            merge.origins[file, cell_of(name, "x")[0]] = found, row.number
    before = gathered(standing)
    now = merge.files.get(file, {})
    merge.files[file] = _together(rest, _without(now, before))


def _without(whole: Values, rest: Values) -> Values:
    """What stands in tables of its own: the whole, but for the rest."""
    return {
        key: _without(value, rest[key]) if isinstance(value, dict) and key in rest else value
        for key, value in whole.items()
        if key not in rest or (isinstance(value, dict) and value != rest[key])
    }


def _together(rest: Any, own: Any) -> Any:
    if not isinstance(rest, dict) or not isinstance(own, dict):
        return own
    return {
        **rest,
        **{
            key: _together(rest[key], value) if key in rest else value for key, value in own.items()
        },
    }
