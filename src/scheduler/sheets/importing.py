"""From tables back to a calendar's files: only what somebody changed in a sheet is taken over.

Whatever cannot be taken over is a problem with its sheet and row; the rest is taken all the same.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from scheduler.calendar.reading import Values
from scheduler.errors import Problem
from scheduler.model import KeyPath
from scheduler.sheets.cells import spread
from scheduler.sheets.digests import digests_in
from scheduler.sheets.exporting import tables
from scheduler.sheets.importing_entries import take_entries
from scheduler.sheets.importing_translations import take_translation
from scheduler.sheets.importing_values import take_values
from scheduler.sheets.layout import FILE, SECTIONS, entry_column
from scheduler.sheets.merging import Merge
from scheduler.sheets.recognising import Found, found_in, strange
from scheduler.sheets.tables import Grid

#: In the order in which people write a calendar.
_ORDER = ("campaign", "brand", "phrases", "accounts", "days", "posts")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What becomes of one file."""

    file: str
    values: Values
    changed: int
    added: int
    removed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What sheets change in a calendar."""

    changes: tuple[Change, ...]
    problems: tuple[Problem, ...]
    #: What the sheets no longer have, as people call it; taken out only where that was asked for.
    gone: tuple[str, ...]
    #: The sheet and row of everything that was taken over, by its file and place there.
    origins: Mapping[tuple[str, KeyPath], tuple[Found, int]]


def take_over(
    grids: Sequence[Grid], current: Mapping[str, Values], *, delete: bool = False
) -> Imported:
    """What an exported sheet changes. `current` has the calendar's own file first, or is empty.

    Entries that a sheet no longer has stay, unless `delete` is said.
    """
    merge = Merge(
        current=current,
        files=copy.deepcopy(dict(current)),
        digests=digests_in(grids),
        delete=delete,
    )
    sheets = [found for grid in grids if (found := found_in(grid))]
    merge.problems += [each for grid in grids for each in strange(grid)]
    merge.problems += [each for found in sheets for each in found.problems]
    now = tables(current) if current else ()
    standing = {table.columns[0]: table for table in now}
    take_values(merge, [found for found in sheets if found.first == FILE], now)
    for section in SECTIONS:
        for found in sheets:
            if found.first == entry_column(section):
                take_entries(merge, section, found, standing.get(found.first))
    for found in sheets:
        if found.language:
            take_translation(merge, found)
    return Imported(
        changes=tuple(_changes(current, merge.files)),
        problems=tuple(sorted(set(merge.problems))),
        gone=tuple(merge.gone),
        origins=MappingProxyType(merge.origins),
    )


def _changes(current: Mapping[str, Values], files: Mapping[str, Values]) -> Iterable[Change]:
    for name, values in files.items():
        before = current.get(name)
        if before == values:
            continue
        old, new = dict(spread(before or {})), dict(spread(values))
        both = old.keys() & new.keys()
        yield Change(
            file=name,
            values={key: values[key] for key in (*_ORDER, *values) if key in values},
            changed=sum(old[key] != new[key] for key in both),
            added=len(new.keys() - both),
            removed=len(old.keys() - both - {""}),
        )
