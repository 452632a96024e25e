"""Which sheet is which: by its first row, whatever it is called and however it was saved again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from scheduler.errors import Problem
from scheduler.sheets.digests import holds_digests
from scheduler.sheets.layout import (
    FILE,
    LANGUAGE,
    LONG,
    READ_ME,
    SECTIONS,
    WHERE,
    entry_column,
)
from scheduler.sheets.tables import Grid, Row, letters, problem, shown

_TRANSLATED_IN = re.compile(rf"{WHERE} \(({LANGUAGE.pattern})\)")
#: A title may have been put above the header.
_HEADER_WITHIN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A sheet of ours, with its header understood."""

    grid: Grid
    #: The first column, by which the sheet is recognised.
    first: str
    #: The number of the row with the names of the columns.
    header: int
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def language(self) -> str:
        """Of a translator's sheet; else ""."""
        told = _TRANSLATED_IN.fullmatch(self.first)
        return told[1] if told else ""

    def at(self, row: int, column: str, message: str, hint: str = "") -> Problem:
        """A problem with a cell. A column that is not there means the row."""
        place = self.columns.index(column) if column in self.columns else 0
        return problem(self.grid.name, row, message, hint, column=place)


def is_ours(grids: Iterable[Grid]) -> bool:
    """Whether the sheets are an export, whatever has been saved or renamed since."""
    return any(holds_digests(grid) or _first_of(grid) for grid in grids)


def _first_of(grid: Grid) -> tuple[int, str] | None:
    """The place of the header, and its first column, if it is one of ours."""
    for place, (_, cells) in enumerate(grid.rows[:_HEADER_WITHIN]):
        first = cells[0].strip() if cells else ""
        if first in _FIRSTS or _TRANSLATED_IN.fullmatch(first):
            return place, first
        if tuple(cell.strip() for cell in cells[: len(LONG)]) == LONG:
            return place, FILE
    return None


_FIRSTS = frozenset(map(entry_column, SECTIONS))


def found_in(grid: Grid) -> Found | None:
    """The sheet with its columns, or None when its header says nothing to us."""
    header = _first_of(grid)
    if header is None or holds_digests(grid):
        return None
    place, first = header
    number, cells = grid.rows[place]
    names = tuple(cell.strip() for cell in cells)
    kept = {name: column for column, name in reversed(list(enumerate(names))) if name}
    rows = [Row(number=row, cells=_cells(kept, line)) for row, line in grid.rows[place + 1 :]]
    problems = [*_twice(grid, number, names), *_nameless(grid, place, names), *_unread(grid)]
    return Found(
        grid=grid,
        first=first,
        header=number,
        columns=names,
        rows=tuple(rows),
        problems=tuple(problems),
    )


def _cells(columns: Mapping[str, int], line: Sequence[str]) -> dict[str, str]:
    return {name: line[at] for name, at in columns.items() if at < len(line) and line[at]}


def _twice(grid: Grid, number: int, names: Sequence[str]) -> Iterator[Problem]:
    for column, name in enumerate(names):
        if name and name in names[:column]:
            yield problem(
                grid.name,
                number,
                f'the column "{name}" stands here twice, in {letters(names.index(name))} and '
                f"{letters(column)}; only the first was read",
                "delete one of the two",
                column=column,
            )


def _nameless(grid: Grid, place: int, names: Sequence[str]) -> Iterator[Problem]:
    for row, cells in grid.rows[place + 1 :]:
        for column, cell in enumerate(cells):
            if cell.strip() and (column >= len(names) or not names[column]):
                yield problem(
                    grid.name,
                    row,
                    f"column {letters(column)} has no name in the first row, so this was not read: "
                    f"{shown(cell)}",
                    "move it into a column with a name, or delete it",
                    column=column,
                )


def _unread(grid: Grid) -> Iterator[Problem]:
    for (row, column), why in grid.unreadable.items():
        yield problem(grid.name, row, why, "write the text itself into the cell", column=column)


def strange(grid: Grid) -> Iterator[Problem]:
    known = holds_digests(grid) or grid.title == READ_ME or _first_of(grid)
    if not known and any(cell.strip() for _, cells in grid.rows for cell in cells):
        yield problem(
            grid.name,
            1,
            "this sheet is none of the export, and nothing of it was read",
            "the first row of a sheet says what it holds; delete this one, or take its first row "
            "from a new export",
            code="unknown-sheet",
        )
