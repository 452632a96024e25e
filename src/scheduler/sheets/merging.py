"""A merge of three: what was exported, what the sheet says now, and what the calendar says now.

What only somebody in the sheet has changed is taken over; what both have changed is for a person
to decide.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from scheduler.calendar.reading import Values
from scheduler.errors import Problem
from scheduler.model import KeyPath
from scheduler.sheets.digests import Digests, digest, key_of
from scheduler.sheets.recognising import Found
from scheduler.sheets.tables import Row, shown

#: The calendar's own file, where there is none yet.
CALENDAR = "campaign.yaml"


@dataclass(slots=True, kw_only=True)
class Merge:
    """What becomes of a calendar's files, and what could not be taken over."""

    #: As the calendar is now, its own file first; empty for a new one.
    current: Mapping[str, Values]
    #: As it will be.
    files: dict[str, Values]
    digests: Digests
    #: Whether what a sheet no longer has is taken out of the calendar.
    delete: bool
    problems: list[Problem] = field(default_factory=list)
    #: What the sheets no longer have, by the name that people know.
    gone: list[str] = field(default_factory=list)
    #: The sheet and row of everything that was taken over, by its file and place there.
    origins: dict[tuple[str, KeyPath], tuple[Found, int]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The calendar's own file."""
        return next(iter(self.current), CALENDAR)

    @property
    def own(self) -> Values:
        return self.files.setdefault(self.name, {})

    def untouched(self, found: Found, row: Row, column: str) -> bool:
        """Whether the cell is known to be as it was exported."""
        before = self._before(found, row, column)
        return before is not None and digest(row.cells.get(column, "")) == before

    def touched(self, found: Found, row: Row, column: str, stands: str) -> bool:
        """Whether the sheet says something else here than the calendar, and is the newer one.

        What was changed on both sides becomes a problem.
        """
        cell = row.cells.get(column, "")
        before = self._before(found, row, column)
        if cell == stands or (self.current and self.untouched(found, row, column)):
            return False
        if before is None or not self.current or digest(stands) == before:
            return True
        self.problems.append(
            found.at(
                row.number,
                column,
                f'"{column}" was changed in the calendar too after this sheet was exported, and '
                "was left as it stands there",
                f"the calendar says {shown(stands)}, the sheet {shown(cell)}: write the right one "
                "into the calendar",
            )
        )
        return False

    def _before(self, found: Found, row: Row, column: str) -> str | None:
        return self.digests.of(key_of((found.first,), row.cells), column)

    def may_be_gone(self, first: str, row: str) -> bool:
        """Whether a row that a sheet does not have was in it: it may be newer than the sheet."""
        return not self.digests.knows(first) or (first, row) in self.digests.rows

    def was_exported(self, first: str, row: str) -> bool:
        return (first, row) in self.digests.rows
