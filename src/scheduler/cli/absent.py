"""Whose files have an error, where a verb goes on with everybody else."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from scheduler.calendar import files, read_calendar
from scheduler.calendar.reading import Values
from scheduler.calendar.together import MEMBERS
from scheduler.cli.telling import say_problems
from scheduler.errors import UserError
from scheduler.model import Coalition


def sound_part(file: Path) -> tuple[Coalition, Mapping[str, Values]]:
    """Everybody whose files are sound, with the values as typed; who else there is, is said.

    Whoever must find today what to take back cannot wait until others have mended their files.
    Raises `UserError` when the calendar itself has an error.
    """
    reading = read_calendar(file)
    coalition = reading.coalition
    if coalition is None:
        raise UserError(reading.problems)
    if not coalition.complete:
        names = absent(file, coalition)
        say_problems(reading.problems, ending=left_out("Not among the answers", names))
    return coalition, reading.written


def absent(file: Path, coalition: Coalition, refused: Collection[str] = ()) -> tuple[str, ...]:
    """Who does not speak: the ids of those refused, then the files that nobody speaks from.

    Not the files with an error: that of a language is nobody's own, and silences all who speak it.
    """
    heard = {campaign.places.file for campaign in coalition.campaigns.values()}
    unheard = (name for name in files(file) if name.startswith(f"{MEMBERS}/") and name not in heard)
    return (*sorted(coalition.campaigns.keys() & set(refused)), *unheard)


def left_out(how: str, names: Collection[str]) -> str:
    """One sentence; an error in a language that nobody speaks leaves out nobody."""
    return f"{how}: {', '.join(names)}." if names else "No organisation is left out."


def where_sought(coalition: Coalition) -> str:
    """For "there is no …": what is not found may stand in a file that has an error."""
    return "" if coalition.complete else " in the files without an error"
