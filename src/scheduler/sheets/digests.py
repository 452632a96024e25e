"""What stood in every cell when a workbook was exported, as digests in a hidden sheet.

A sheet travels for weeks, and the calendar goes on meanwhile. Only what somebody has changed in
the sheet is taken over from it; what was changed on both sides is for a person to decide.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from scheduler.sheets.layout import FILE, HIDDEN, SIGNATURE, WHERE
from scheduler.sheets.tables import Grid, Row, Table

_COLUMNS = (SIGNATURE, "row", "digests")
_NONE = "-"


def digest(cell: str) -> str:
    return hashlib.sha256(cell.encode()).hexdigest()[:12] if cell else _NONE


def key_of(columns: Iterable[str], cells: Mapping[str, str]) -> tuple[str, str]:
    """Names a row, whatever the sheet is called and however it was sorted."""
    first = next(iter(columns))
    if first == FILE:
        return first, f"{cells.get(FILE, '').strip()} {cells.get(WHERE, '').strip()}"
    return first, cells.get(first, "").strip()


def digest_table(tables: Iterable[Table]) -> Table:
    """The hidden sheet: a row with the columns of each table, then one for each of its rows."""
    rows = [
        Row(number=number, cells=dict(zip(_COLUMNS, cells, strict=True)))
        for number, cells in enumerate(_cells(tables), 2)
    ]
    return Table(title=HIDDEN, columns=_COLUMNS, rows=tuple(rows))


def _cells(tables: Iterable[Table]) -> Iterator[tuple[str, str, str]]:
    for table in tables:
        yield table.columns[0], "", "\n".join(table.columns)
        for row in table.rows:
            digests = " ".join(digest(row.cells.get(name, "")) for name in table.columns)
            yield *key_of(table.columns, row.cells), digests


@dataclass(frozen=True, slots=True)
class Digests:
    """The digests that a workbook brings along; none, where its hidden sheet was lost."""

    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rows: Mapping[tuple[str, str], Mapping[str, str]] = field(default_factory=dict)

    def knows(self, first: str) -> bool:
        """Whether the table that begins with this column was exported."""
        return first in self.columns

    def of(self, key: tuple[str, str], column: str) -> str | None:
        """What stood in a cell, or None where nobody knows."""
        row = self.rows.get(key)
        if row is None:
            return None
        return row.get(column, _NONE)


def holds_digests(grid: Grid) -> bool:
    return bool(grid.rows) and grid.rows[0][1][:1] == (SIGNATURE,)


def digests_in(grids: Iterable[Grid]) -> Digests:
    columns: dict[str, tuple[str, ...]] = {}
    rows: dict[tuple[str, str], Mapping[str, str]] = {}
    for grid in filter(holds_digests, grids):
        for _, cells in grid.rows[1:]:
            first, row, digests = (*cells, "", "", "")[:3]
            if row:
                pairs = zip(columns.get(first, ()), digests.split(" "), strict=False)
                rows[first, row] = dict(pairs)
            else:
                columns[first] = tuple(digests.split("\n"))
    return Digests(columns, rows)
