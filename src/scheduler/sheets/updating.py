"""What an import makes of a calendar's files: an export updates them, any other begins new ones.

Nothing is written here, and what could not be read afterwards is refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files as resources
from pathlib import Path

from scheduler.calendar.changing import contents_of, new_errors, values_of
from scheduler.calendar.editors import FIRST_LINE
from scheduler.calendar.reading import read_text
from scheduler.calendar.writing import emitted
from scheduler.errors import Problem, UserError
from scheduler.model import KeyPath
from scheduler.sheets.foreign import Planned, Wishes, planned
from scheduler.sheets.guessing import Mapped, mapped
from scheduler.sheets.importing import Change, Imported, take_over
from scheduler.sheets.layout import FILE
from scheduler.sheets.opening import about
from scheduler.sheets.tables import Grid

#: Beside a calendar, whose first line names it.
_SCHEMA = "campaign.schema.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What is about to be written, and what could not be read."""

    contents: Mapping[Path, bytes]
    changes: tuple[Change, ...]
    problems: tuple[Problem, ...]
    #: What the sheets no longer have and the calendar keeps.
    kept: tuple[str, ...] = ()
    #: What they no longer have and the calendar gives up.
    removed: tuple[str, ...] = ()
    #: How a new calendar came about.
    plan: Planned | None = None


# ── an export that comes back ─────────────────────────────────────────────────────────────────────


def update(grids: Sequence[Grid], calendar: Path, file: Path, *, delete: bool) -> Outcome:
    """What an export changes in the calendar that it was made of, or that it is to become.

    `file` is where the sheets were found; with `delete`, what they no longer have is taken out.
    Raises `UserError` where the calendar could not be read afterwards.
    """
    current = values_of(calendar) if calendar.exists() else {}
    if not current and not any(grid.rows and _is_whole(grid) for grid in grids):
        hint = "name the calendar that it was exported from: --campaign FILE"
        message = f"there is no {calendar} to take it over"
        raise UserError([about(file, "no-file", message, hint)])
    imported = take_over(grids, current, delete=delete)
    if not imported.changes and not current:
        raise UserError(imported.problems)
    changes = {_name(change, calendar): change.values for change in imported.changes}
    contents = contents_of(calendar, changes)
    if current:
        _check_sound(calendar, contents, imported)
    return Outcome(
        contents=contents,
        changes=imported.changes,
        problems=imported.problems,
        kept=() if delete else imported.gone,
        removed=imported.gone if delete else (),
    )


def _is_whole(grid: Grid) -> bool:
    """Without a calendar, only a whole workbook is enough: a translator's table is not."""
    return grid.rows[0][1][:1] == (FILE,)


def _name(change: Change, calendar: Path) -> str:
    return change.file if "/" in change.file else calendar.name


def _check_sound(calendar: Path, contents: Mapping[Path, bytes], imported: Imported) -> None:
    """Nothing is written into a calendar that could not be read afterwards."""
    errors = [_at_row(problem, path, imported) for problem, path in new_errors(calendar, contents)]
    if errors:
        raise UserError([*errors, *imported.problems])


def _at_row(problem: Problem, path: KeyPath, imported: Imported) -> Problem:
    """The problem at the row of the sheet that it came from, as far as that is known."""
    for end in range(len(path), 0, -1):
        if origin := imported.origins.get((problem.file, path[:end])):
            found, row = origin
            return found.at(row, found.first, problem.message, problem.hint)
    return problem


# ── a spreadsheet of somebody's own ───────────────────────────────────────────────────────────────


def plan_in(
    grids: Sequence[Grid], calendar: Path, file: Path, corrections: Mapping[str, str]
) -> Mapped:
    """The sheet with the posts, for a new calendar. Raises `UserError` where none can be."""
    if calendar.exists():
        message = "there is a calendar here already, and this sheet is no export of it"
        raise UserError([about(calendar, "exists", message, "name another folder: --out DIR")])
    sheet = mapped(grids, corrections)
    if sheet is None:
        raise UserError([about(file, "empty", "nothing stands in it", "check that it was saved")])
    return sheet


def begin(sheet: Mapped, calendar: Path, file: Path, wishes: Wishes, *, starter: str) -> Outcome:
    """A new calendar of the sheet's rows. `starter` is the one whose brand it begins with.

    Raises `UserError` where no row can become a post.
    """
    if not any(each.role == "text" for each in sheet.columns):
        names = ", ".join(each.called for each in sheet.columns)
        message = f"no column seems to hold the posts' text; found: {names}"
        hint = 'say which: --column text="Its name"'
        raise UserError([about(file, "no-text", message, hint)])
    folder = calendar.parent
    template = read_text(starter, name="starter.yaml").values
    plan = planned(
        sheet,
        {key: template[key] for key in ("campaign", "brand", "accounts")},
        wishes,
        stem=file.stem,
        has_file=lambda name: _has_file(folder, name),
    )
    number = len(plan.posts)
    if not number:
        raise UserError(
            plan.problems or [about(file, "empty", "no row holds a post", "look at it")]
        )
    change = Change(file=calendar.name, values=plan.values, changed=0, added=number, removed=0)
    contents = {calendar: (_INTRODUCTION + emitted(plan.values)).encode(), **_schema(folder)}
    return Outcome(contents=contents, changes=(change,), problems=plan.problems, plan=plan)


_INTRODUCTION = f"""\
{FIRST_LINE}
#
# Made from a spreadsheet by campaign import. A line that begins with # is a note for you.
# campaign check says what is still missing, with its line.

"""


def _schema(folder: Path) -> dict[Path, bytes]:
    if (folder / _SCHEMA).exists():
        return {}
    return {folder / _SCHEMA: (resources("scheduler.calendar") / _SCHEMA).read_bytes()}


def _has_file(folder: Path, name: str) -> bool:
    try:
        file = (folder / name).resolve()
        return file.is_relative_to(folder.resolve()) and file.is_file()
    except (OSError, ValueError):
        return False
