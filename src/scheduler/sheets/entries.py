"""Taking over the sheets with a row for each entry, and the long ones with a row for each value."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from scheduler.calendar import schema
from scheduler.calendar.reading import Values
from scheduler.naming import nearest
from scheduler.sheets.cells import at, cell_of, gathered, id_cell, id_of, put
from scheduler.sheets.collecting import Collection
from scheduler.sheets.recognising import Found
from scheduler.sheets.spreading import FILE, SECTIONS, VALUE, WHERE
from scheduler.sheets.tables import Row, Table

#: The keys of an entry. Accounts have those of their platform as well, so theirs are not listed.
_KEYS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "posts": frozenset(schema.PostForm.model_fields),
        "days": frozenset(schema.DayForm.model_fields),
        "facts": frozenset(schema.FactForm.model_fields),
        "quotes": frozenset(schema.QuoteForm.model_fields),
        "pictures": frozenset(schema.PictureForm.model_fields),
        "helplines": frozenset(schema.HelplineForm.model_fields),
        "consents": frozenset(schema.ConsentForm.model_fields),
        "series": frozenset(schema.SeriesForm.model_fields),
    }
)
_OTHER_FILE = re.compile(r"(?:languages|members)/[^/\\:*?\"<>|.][^/\\:*?\"<>|]*\.ya?ml")

Cells = Mapping[str, str]


# ── a row for each entry ──────────────────────────────────────────────────────────────────────────


def take_entries(collection: Collection, section: str, found: Found, table: Table | None) -> None:
    """Take over what was changed in a section's sheet. `table` is the section as it stands."""
    standing = {id_of(row.cells[found.first]): row.cells for row in table.rows} if table else {}
    columns = _known_columns(collection, section, found, table)
    before = collection.own.get(section)
    entries = dict(before) if isinstance(before, dict) else {}
    seen: set[str] = set()
    for row in found.rows:
        id_ = id_of(row.cells.get(found.first, ""))
        if not row.cells.get(found.first, "").strip() or id_ in seen:
            _say_unnamed(collection, section, found, row, seen)
            continue
        seen.add(id_)
        entry = _entry(collection, found, row, columns, standing.get(id_))
        if entry is not None:
            entries[id_] = entry
            collection.origins[collection.name, (section, id_)] = found, row.number
    gone = [id_ for id_ in standing if id_ not in seen]
    _take_away(collection, section, found, entries, gone)
    if entries != (before or {}):
        collection.own[section] = entries


def _known_columns(
    collection: Collection, section: str, found: Found, table: Table | None
) -> tuple[str, ...]:
    """The columns to read; the others are problems."""
    exported = {*(table.columns if table else ()), *collection.memory.columns.get(found.first, ())}
    keys = _KEYS.get(section)
    known = []
    for column in dict.fromkeys(found.columns[1:]):
        if not column or column == found.first:
            continue
        key = column.partition(".")[0].partition(" (")[0]
        expected = column in exported or keys is None or key in keys
        if expected and _is_path(column):
            known.append(column)
            continue
        collection.problems.append(
            found.at(
                found.header,
                column,
                f'no column "{column}" is known in this sheet, and nothing of it was read',
                nearest(key, keys or ()) or "give it another name",
            )
        )
    return tuple(known)


def _is_path(column: str) -> bool:
    try:
        cell_of(column, "x")
    except ValueError:
        return False
    return True


def _say_unnamed(
    collection: Collection, section: str, found: Found, row: Row, seen: set[str]
) -> None:
    cell, kind = row.cells.get(found.first, "").strip(), SECTIONS[section]
    if cell and (id_ := id_of(cell)) in seen:
        message, hint = f'"{id_}" stands here twice', "give one of the two rows another id"
    elif row.cells:
        message = f"this {kind} has no id, and was not read"
        hint = "write one into the first column: small letters, digits and hyphens"
    else:
        return
    collection.problems.append(found.at(row.number, found.first, message, hint))


def _entry(
    collection: Collection,
    found: Found,
    row: Row,
    columns: tuple[str, ...],
    standing: Cells | None,
) -> Any:
    """The entry as the row has it, or None where it stays as it is."""
    cell = row.cells[found.first].strip()
    if standing is None and collection.current and collection.was_exported(found.first, cell):
        if any(not collection.untouched(found, row, column) for column in columns):
            message = f'"{cell}" was changed here, but is no longer in the calendar'
            hint = "give the row another id to have it again"
            collection.problems.append(found.at(row.number, found.first, message, hint))
        return None
    stands = standing or {}
    changed = {
        column: row.cells.get(column, "")
        for column in columns
        if collection.touched(found, row, column, stands.get(column, ""))
    }
    if standing is not None and not changed:
        return None
    cells = {**stands, **changed}
    cells.pop(found.first, None)
    return _gathered(collection, found, row, cells)


def _gathered(collection: Collection, found: Found, row: Row, cells: Cells) -> Any:
    try:
        return gathered({name: cell for name, cell in cells.items() if cell})
    except ValueError as error:
        collection.problems.append(
            found.at(
                row.number,
                found.first,
                f"the columns of this row contradict each other: {error}; it was not read",
                "write a value in one way: as a whole, or in parts",
            )
        )
        return None


def _take_away(
    collection: Collection, section: str, found: Found, entries: Values, gone: Iterable[str]
) -> None:
    for id_ in gone:
        if collection.may_be_gone(found.first, id_cell(id_)):
            collection.gone.append(f'{SECTIONS[section]} "{id_}"')
            if collection.delete:
                del entries[id_]
                for name, values in collection.files.items():
                    if name != collection.name:
                        _forget(values, section, id_)


#: A post with these is a member's own, whatever the calendar has.
_OWN_POST = frozenset({"day", "text"})


def _forget(values: Values, section: str, id_: str) -> None:
    """What a language's or a member's file says of an entry goes with it."""
    entry = at(values, (section, id_))
    if not isinstance(entry, dict) or not entry.keys() >= _OWN_POST:
        put(values, (section, id_), None)
    left_out = at(values, ("leaves_out", section))
    if isinstance(left_out, list) and id_ in left_out:
        rest = [each for each in left_out if each != id_]
        put(values, ("leaves_out", section), rest or None)


# ── a row for each value ──────────────────────────────────────────────────────────────────────────


def take_values(collection: Collection, sheets: list[Found], tables: Iterable[Table]) -> None:
    """Take over what was changed in the long sheets."""
    standing: dict[str, dict[str, str]] = {}
    for table in tables:
        if table.columns[0] == FILE:
            for row in table.rows:
                standing.setdefault(row.cells[FILE], {})[row.cells[WHERE]] = row.cells[VALUE]
    changes, seen = _changes(collection, sheets, standing)
    for file, names in seen.items():
        gone = [name for name in standing.get(file, {}) if name not in names]
        for name in gone:
            if collection.may_be_gone(FILE, f"{file} {name}"):
                collection.gone.append(f"{file}: {name}")
                if collection.delete:
                    changes.setdefault(file, {})[name] = ("", None)
    for file, cells in changes.items():
        _change(collection, file, standing.get(file, {}), cells)


#: The new cell, and where it was found.
_Change = tuple[str, tuple[Found, Row] | None]


def _changes(
    collection: Collection, sheets: list[Found], standing: Mapping[str, Cells]
) -> tuple[dict[str, dict[str, _Change]], dict[str, set[str]]]:
    changes: dict[str, dict[str, _Change]] = {}
    seen: dict[str, set[str]] = {}
    for found in sheets:
        for row in found.rows:
            file, name = (row.cells.get(column, "").strip() for column in (FILE, WHERE))
            file = file if "/" in file or not file else collection.name
            if message := _complaint(file, name, collection.name, seen):
                hint = f"write {collection.name}, or languages/de.yaml, and then where it belongs"
                collection.problems.append(found.at(row.number, WHERE, message, hint))
                continue
            seen.setdefault(file, set()).add(name)
            if collection.touched(found, row, VALUE, standing.get(file, {}).get(name, "")):
                changes.setdefault(file, {})[name] = row.cells.get(VALUE, ""), (found, row)
    return changes, seen


def _complaint(file: str, name: str, own: str, seen: Mapping[str, set[str]]) -> str:
    if file != own and not _OTHER_FILE.fullmatch(file):
        return f'"{file}" is no file of a calendar, and this row was not read'
    if not name or not _is_path(name):
        return f'"{name}" is no place in a file, and this row was not read'
    if name in seen.get(file, ()):
        return f'"{name}" stands here twice; the second was not read'
    return ""


def _change(
    collection: Collection, file: str, standing: Cells, changes: Mapping[str, _Change]
) -> None:
    cells = {**standing, **{name: cell for name, (cell, _) in changes.items()}}
    try:
        rest = gathered({name: cell for name, cell in cells.items() if cell})
    except ValueError as error:
        for found, row in filter(None, (where for _, where in changes.values())):
            message = f"the rows of {file} contradict each other: {error}; none of them was read"
            collection.problems.append(found.at(row.number, WHERE, message))
        return
    for name, (_, where) in changes.items():
        if where:
            found, row = where
            collection.origins[file, cell_of(name, "x")[0]] = found, row.number
    before = gathered(standing)
    now = collection.files.get(file, {})
    collection.files[file] = _together(rest, _without(now, before))


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
