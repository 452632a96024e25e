"""A table between a calendar and a file: named columns, and rows that know their number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from scheduler.errors import Problem, Severity
from scheduler.model import Place


class Mark(StrEnum):
    """What a cell wants from the person who looks at it."""

    #: Somebody has to fill it in.
    MISSING = "missing"
    #: Its source has changed since.
    STALE = "stale"
    #: Only to be read.
    FIXED = "fixed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The cells of a row by the names of their columns; an empty cell is absent."""

    number: int
    cells: Mapping[str, str]
    marks: Mapping[str, Mark] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    #: Columns that people find by their name and should leave as they are.
    fixed: frozenset[str] = frozenset()
    #: Columns whose cells are counted with, where they are written for that.
    numbers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A sheet as it was found: texts in rows and columns, of which empty rows are left out."""

    #: What problems call it: "posts.xlsx, sheet Posts".
    name: str
    title: str
    #: The number of each row in the sheet, counted from 1, and its cells.
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    #: The columns that the sheet hides, counted from 0.
    hidden: frozenset[int] = frozenset()
    #: Cells that hold no text for us, by row and column, and why.
    unreadable: Mapping[tuple[int, int], str] = field(default_factory=lambda: MappingProxyType({}))


def problem(
    name: str,
    row: int,
    message: str,
    hint: str = "",
    *,
    code: str = "sheet-row",
    column: int = 0,
    severity: Severity = Severity.ERROR,
) -> Problem:
    """What is wrong in a row of a sheet. `column` counts from 0."""
    place = Place(file=name, line=max(row, 1), column=column + 1)
    return place.problem(code, message, hint, severity)


def letters(column: int) -> str:
    """What a spreadsheet calls a column: 0 is A, 26 is AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def shown(cell: str) -> str:
    """Enough of a cell to find it again."""
    longest = 60
    return f'"{cell[:longest]}…"' if len(cell) > longest else f'"{cell}"' if cell else "nothing"
