"""Taking over the sheets with a row for each entry: posts, days, facts …"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from scheduler.calendar import schema
from scheduler.calendar.reading import Values, at
from scheduler.naming import nearest
from scheduler.sheets.cells import gathered, id_cell, id_of, is_path, put
from scheduler.sheets.layout import SECTIONS
from scheduler.sheets.merging import Merge
from scheduler.sheets.recognising import Found
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

Cells = Mapping[str, str]


def take_entries(merge: Merge, section: str, found: Found, table: Table | None) -> None:
    """Take over what was changed in a section's sheet. `table` is the section as it stands."""
    standing = {id_of(row.cells[found.first]): row.cells for row in table.rows} if table else {}
    columns = _known_columns(merge, section, found, table)
    before = merge.own.get(section)
    entries = dict(before) if isinstance(before, dict) else {}
    seen: set[str] = set()
    for row in found.rows:
        id_ = id_of(row.cells.get(found.first, ""))
        if not row.cells.get(found.first, "").strip() or id_ in seen:
            _say_unnamed(merge, section, found, row, seen)
            continue
        seen.add(id_)
        entry = _entry(merge, found, row, columns, standing.get(id_))
        if entry is not None:
            entries[id_] = entry
            merge.origins[merge.name, (section, id_)] = found, row.number
    gone = [id_ for id_ in standing if id_ not in seen]
    _take_away(merge, section, found, entries, gone)
    if entries != (before or {}):
        merge.own[section] = entries


def _known_columns(
    merge: Merge, section: str, found: Found, table: Table | None
) -> tuple[str, ...]:
    """The columns to read; the others are problems."""
    exported = {*(table.columns if table else ()), *merge.digests.columns.get(found.first, ())}
    keys = _KEYS.get(section)
    known = []
    for column in dict.fromkeys(found.columns[1:]):
        if not column or column == found.first:
            continue
        key = column.partition(".")[0].partition(" (")[0]
        expected = column in exported or keys is None or key in keys
        if expected and is_path(column):
            known.append(column)
            continue
        merge.problems.append(
            found.at(
                found.header,
                column,
                f'no column "{column}" is known in this sheet, and nothing of it was read',
                nearest(key, keys or ()) or "give it another name",
            )
        )
    return tuple(known)


def _say_unnamed(merge: Merge, section: str, found: Found, row: Row, seen: set[str]) -> None:
    cell, kind = row.cells.get(found.first, "").strip(), SECTIONS[section]
    if cell and (id_ := id_of(cell)) in seen:
        message, hint = f'"{id_}" stands here twice', "give one of the two rows another id"
    elif row.cells:
        message = f"this {kind} has no id, and was not read"
        hint = "write one into the first column: small letters, digits and hyphens"
    else:
        return
    merge.problems.append(found.at(row.number, found.first, message, hint))


def _entry(
    merge: Merge,
    found: Found,
    row: Row,
    columns: tuple[str, ...],
    standing: Cells | None,
) -> Any:
    """The entry as the row has it, or None where it stays as it is."""
    cell = row.cells[found.first].strip()
    if standing is None and merge.current and merge.was_exported(found.first, cell):
        if any(not merge.untouched(found, row, column) for column in columns):
            message = f'"{cell}" was changed here, but is no longer in the calendar'
            hint = "give the row another id to have it again"
            merge.problems.append(found.at(row.number, found.first, message, hint))
        return None
    stands = standing or {}
    changed = {
        column: row.cells.get(column, "")
        for column in columns
        if merge.touched(found, row, column, stands.get(column, ""))
    }
    if standing is not None and not changed:
        return None
    cells = {**stands, **changed}
    cells.pop(found.first, None)
    return _gathered(merge, found, row, cells)


def _gathered(merge: Merge, found: Found, row: Row, cells: Cells) -> Any:
    try:
        return gathered({name: cell for name, cell in cells.items() if cell})
    except ValueError as error:
        merge.problems.append(
            found.at(
                row.number,
                found.first,
                f"the columns of this row contradict each other: {error}; it was not read",
                "write a value in one way: as a whole, or in parts",
            )
        )
        return None


def _take_away(
    merge: Merge, section: str, found: Found, entries: Values, gone: Iterable[str]
) -> None:
    for id_ in gone:
        if merge.may_be_gone(found.first, id_cell(id_)):
            merge.gone.append(f'{SECTIONS[section]} "{id_}"')
            if merge.delete:
                del entries[id_]
                for name, values in merge.files.items():
                    if name != merge.name:
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
