"""campaign import: what was changed in exported sheets, or a spreadsheet as a new calendar."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files as resources
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table as Shown

from scheduler.calendar import files, read_calendar
from scheduler.calendar.reading import Tree, Values, read
from scheduler.calendar.writing import edited, emitted
from scheduler.cli.export import values_of, written
from scheduler.cli.init import SCHEMA
from scheduler.cli.options import CALENDAR
from scheduler.cli.telling import data, problems_json, say, say_problems, talk, write_json
from scheduler.errors import Problem, Severity, UserError
from scheduler.model import KeyPath
from scheduler.naming import nearest
from scheduler.sheets.foreign import Planned, Wishes, planned
from scheduler.sheets.gathering import Change, Gathered, gather
from scheduler.sheets.guessing import ROLES, Mapped, mapped
from scheduler.sheets.recognising import is_ours
from scheduler.sheets.separated import grid_of
from scheduler.sheets.tables import Grid, letters
from scheduler.sheets.workbooks import grids_of

_WORKBOOKS, _SEPARATED = (".xlsx", ".xlsm"), (".csv", ".tsv", ".txt")
_NOTHING_WRITTEN = "Nothing was written."


def import_(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="An .xlsx or .csv file.", show_default=False)
    ],
    *,
    campaign: Annotated[
        Path | None,
        typer.Option(
            "--campaign", metavar="FILE", help="The calendar that an export goes back to."
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="The folder of a new calendar.")
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option(
            "--column",
            metavar="WHAT=NAME",
            help='What a column holds: text="Post copy", date=B, notes=- for none. Repeatable.',
        ),
    ] = None,
    id_: Annotated[str, typer.Option("--id", metavar="ID", help="Of a new calendar.")] = "",
    title: Annotated[str, typer.Option("--title", help="Of a new calendar.")] = "",
    zone: Annotated[str, typer.Option("--zone", help="Its time zone: Europe/Rome.")] = "",
    language: Annotated[str, typer.Option("--language", metavar="CODE", help="Its language.")] = "",
    first_day: Annotated[
        datetime | None,
        typer.Option("--first-day", formats=["%Y-%m-%d"], metavar="DATE", help="Its day 1."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show it, and write nothing.")] = False,
    delete: Annotated[
        bool, typer.Option("--delete", help="Take out of the calendar what the sheet has not.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Write JSON to standard output.")] = False,
) -> None:
    """Read sheets: an export goes back into its calendar, anything else becomes a new one."""
    calendar = campaign or (out or Path()) / CALENDAR
    grids, note = _grids(file)
    if note:
        say(note)
    if is_ours(grids):
        done = _update(grids, calendar, file, delete=delete)
    else:
        wishes = Wishes(
            id=id_,
            title=title,
            zone=zone,
            language=language,
            first_day=first_day.date() if first_day else None,
        )
        done = _begin(grids, calendar, file, _corrections(column or []), wishes)
        _say_plan(done, json=json)
    _finish(done, calendar, dry_run=dry_run, json=json)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Import:
    """What is about to be written, and what could not be read."""

    contents: Mapping[Path, bytes]
    changes: tuple[Change, ...]
    problems: tuple[Problem, ...]
    #: What the sheets no longer have and the calendar keeps.
    kept: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    #: What a person reads in the end.
    ending: str = ""
    #: Of a new calendar.
    sheet: Mapped | None = None
    plan: Planned | None = None


def _finish(done: _Import, calendar: Path, *, dry_run: bool, json: bool) -> None:
    if not json:
        _show(done, calendar)
    if done.contents and not dry_run:
        written(done.contents)
    if json:
        write_json(_as_json(done, dry_run=dry_run))
    elif dry_run or not done.contents:
        say(f"{'' if done.contents else 'Nothing to change. '}{_NOTHING_WRITTEN}")
    else:
        say(f"Wrote {', '.join(map(str, done.contents))}.")
        say(done.ending)
    if done.kept or any(each.severity is Severity.ERROR for each in done.problems):
        raise typer.Exit(1)


def _show(done: _Import, calendar: Path) -> None:
    for change in done.changes:
        say(
            f"{calendar.parent / change.file}: {change.changed} values changed, "
            f"{change.added} added, {change.removed} removed"
        )
    for name in done.removed:
        say(f"Taken out: {name}")
    if done.kept:
        say(f"Not in the sheet any more, and kept: {', '.join(done.kept)}.")
        say("To take them out of the calendar, say --delete.")
    if done.problems:
        say_problems(done.problems, ending="What they are about was not taken over.")


def _as_json(done: _Import, *, dry_run: bool) -> dict[str, Any]:
    sheet = done.sheet
    return {
        "written": [] if dry_run else [str(file) for file in done.contents],
        "files": [
            {
                "file": change.file,
                "changed": change.changed,
                "added": change.added,
                "removed": change.removed,
            }
            for change in done.changes
        ],
        "kept": list(done.kept),
        "removed": list(done.removed),
        "columns": [
            {"column": letters(each.number), "name": each.name, "role": each.role or None}
            for each in (sheet.columns if sheet else ())
        ],
        "campaign": {key: value for key, value, _ in (done.plan.guesses if done.plan else ())},
        "problems": problems_json(done.problems),
    }


# ── the file ──────────────────────────────────────────────────────────────────────────────────────


def _grids(file: Path) -> tuple[tuple[Grid, ...], str]:
    """The sheets of a file, and what a person should know of how it was read."""
    suffix = file.suffix.lower()
    if not file.exists():
        raise UserError([_of(file, "no-file", "there is no such file", "check its name")])
    if file.is_dir():
        raise UserError([_of(file, "no-file", "this is a folder", "name the file inside it")])
    if suffix in _WORKBOOKS:
        return grids_of(file), ""
    if suffix in _SEPARATED:
        grid, note = grid_of(file)
        return (grid,), note
    message = f"a {suffix or 'file without an ending'} is not read here"
    hint = "open it in a spreadsheet, and save it as .xlsx or .csv"
    raise UserError([_of(file, "not-a-sheet", message, hint)])


def _of(file: Path, code: str, message: str, hint: str) -> Problem:
    return Problem(file=str(file), code=code, message=message, hint=hint)


# ── an export that comes back ─────────────────────────────────────────────────────────────────────


def _update(grids: Sequence[Grid], calendar: Path, file: Path, *, delete: bool) -> _Import:
    current = values_of(calendar) if calendar.exists() else {}
    if not current and not any(grid.rows and _is_posts(grid) for grid in grids):
        hint = "name the calendar that it was exported from: --campaign FILE"
        raise UserError([_of(file, "no-file", f"there is no {calendar} to take it over", hint)])
    gathered = gather(grids, current, delete=delete)
    if not gathered.changes and not current:
        raise UserError(gathered.problems)
    contents = _contents(gathered.changes, calendar)
    if current:
        _check_sound(calendar, contents, gathered)
    gone = tuple(gathered.gone)
    return _Import(
        contents=contents,
        changes=gathered.changes,
        problems=gathered.problems,
        kept=() if delete else gone,
        removed=gone if delete else (),
        ending=f"Next: campaign check{_option(calendar)}",
    )


def _is_posts(grid: Grid) -> bool:
    """Without a calendar, only a whole workbook is enough: a translator's table is not."""
    return grid.rows[0][1][:1] == ("file",)


def _contents(changes: Iterable[Change], calendar: Path) -> dict[Path, bytes]:
    contents = {}
    for change in changes:
        name = change.file if "/" in change.file else calendar.name
        path = calendar.parent / name
        if path.exists():
            text = edited(path.read_bytes().decode(), change.values)
        else:
            text = emitted(change.values)
        contents[path] = text.encode()
    return contents


def _check_sound(calendar: Path, contents: Mapping[Path, bytes], gathered: Gathered) -> None:
    """Nothing is written into a calendar that could not be read afterwards."""
    old = {name: path.read_bytes() for name, path in files(calendar).items()}
    new = old | {
        path.relative_to(calendar.parent).as_posix(): text for path, text in contents.items()
    }
    before = Counter(_named(problem) for problem in _problems(calendar, old)[0])
    found, trees = _problems(calendar, new)
    worse = []
    for problem in found:
        if before[_named(problem)]:
            before[_named(problem)] -= 1
        else:
            worse.append(_at_row(problem, trees.get(problem.file), gathered))
    if worse:
        raise UserError([*worse, *gathered.problems])


def _named(problem: Problem) -> tuple[str, str, str]:
    return problem.file, problem.code, problem.message


def _problems(
    calendar: Path, texts: Mapping[str, bytes]
) -> tuple[list[Problem], Mapping[str, Tree]]:
    """The errors of these files, read somewhere else; whether pictures are there is not asked."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in texts.items():
            path = Path(folder) / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(text)
        reading = read_calendar(Path(folder) / calendar.name)
        trees = {}
        for name in texts:
            try:
                trees[name] = read(Path(folder) / name, name=name)
            except UserError:
                continue
    errors = [each for each in reading.problems if each.severity is Severity.ERROR]
    return [each for each in errors if each.code != "no-picture"], trees


def _at_row(problem: Problem, tree: Tree | None, gathered: Gathered) -> Problem:
    """The problem at the row of the sheet that it came from, as far as that is known."""
    path = _path_at(problem, tree) if tree else ()
    for end in range(len(path), 0, -1):
        if origin := gathered.origins.get((problem.file, path[:end])):
            found, row = origin
            return found.at(row, found.first, problem.message, problem.hint)
    return problem


def _path_at(problem: Problem, tree: Tree) -> KeyPath:
    """The longest path that stands at the place of the problem, or before it."""
    places = {**tree.places.values, **tree.places.keys}
    before = [
        (place.line, place.column, path)
        for path, place in places.items()
        if (place.line, place.column) <= (problem.line, problem.column)
    ]
    return max(before, key=lambda each: (each[0], each[1], len(each[2])), default=(0, 0, ()))[2]


# ── a spreadsheet of somebody's own ───────────────────────────────────────────────────────────────


def _begin(
    grids: Sequence[Grid],
    calendar: Path,
    file: Path,
    corrections: Mapping[str, str],
    wishes: Wishes,
) -> _Import:
    if calendar.exists():
        message = "there is a calendar here already, and this sheet is no export of it"
        raise UserError([_of(calendar, "exists", message, "name another folder: --out DIR")])
    sheet = mapped(grids, corrections)
    if sheet is None:
        raise UserError([_of(file, "empty", "nothing stands in it", "check that it was saved")])
    _check_corrections(sheet, corrections)
    _show_columns(sheet, grids)
    if not any(each.role == "text" for each in sheet.columns):
        names = ", ".join(each.called for each in sheet.columns)
        message = f"no column seems to hold the posts' text; found: {names}"
        raise UserError([_of(file, "no-text", message, 'say which: --column text="Its name"')])
    template = _template()
    plan = planned(
        sheet,
        template,
        wishes,
        stem=file.stem,
        has_file=lambda name: _has_file(calendar.parent, name),
    )
    if not plan.values["posts"]:
        raise UserError(plan.problems or [_of(file, "empty", "no row holds a post", "look at it")])
    change = Change(
        file=calendar.name,
        values=plan.values,
        changed=0,
        added=len(plan.values["posts"]),
        removed=0,
    )
    return _Import(
        contents={
            calendar: (_INTRODUCTION + emitted(plan.values)).encode(),
            **_schema(calendar.parent),
        },
        changes=(change,),
        problems=plan.problems,
        ending=_ending(calendar, plan),
        sheet=sheet,
        plan=plan,
    )


_INTRODUCTION = f"""\
# yaml-language-server: $schema={SCHEMA}
#
# Made from a spreadsheet by campaign import. A line that begins with # is a note for you.
# campaign check says what is still missing, with its line.

"""


def _ending(calendar: Path, plan: Planned) -> str:
    posts = plan.values["posts"]
    without = sum("alt" not in post for post in posts.values())
    missing = f" {without} of {len(posts)} posts have no alt text yet." if without else ""
    check = f"campaign check{_option(calendar)}"
    return f"{missing} Next: {check} lists what is still missing, with its line.".strip()


def _option(calendar: Path) -> str:
    return "" if calendar == CALENDAR else f" --campaign {calendar}"


def _template() -> Values:
    """The brand and the first account of `campaign init`."""
    with tempfile.TemporaryDirectory() as folder:
        starter = Path(folder) / "starter.yaml"
        starter.write_bytes((resources("scheduler.cli") / "starter.yaml").read_bytes())
        values = read(starter, name="starter.yaml").values
    return {key: values[key] for key in ("campaign", "brand", "accounts")}


def _schema(folder: Path) -> dict[Path, bytes]:
    if (folder / SCHEMA).exists():
        return {}
    return {folder / SCHEMA: (resources("scheduler.calendar") / SCHEMA).read_bytes()}


def _has_file(folder: Path, name: str) -> bool:
    try:
        file = (folder / name).resolve()
        return file.is_relative_to(folder.resolve()) and file.is_file()
    except (OSError, ValueError):
        return False


def _corrections(written_: Sequence[str]) -> dict[str, str]:
    corrections = {}
    for each in written_:
        role, sign, name = each.partition("=")
        if not sign or not name:
            raise typer.BadParameter(f'write --column text="Its name", and not {each}')
        if role not in ROLES:
            raise typer.BadParameter(f'there is no "{role}"; {nearest(role, ROLES)}')
        corrections[role] = name.strip()
    return corrections


def _check_corrections(sheet: Mapped, corrections: Mapping[str, str]) -> None:
    names = {each.name for each in sheet.columns} | {letters(each.number) for each in sheet.columns}
    for role, name in corrections.items():
        if name != "-" and name not in names:
            hint = nearest(name, (each.name for each in sheet.columns if each.name))
            raise typer.BadParameter(f'--column {role}: there is no column "{name}"; {hint}')


def _show_columns(sheet: Mapped, grids: Sequence[Grid]) -> None:
    """What each column was taken for, before anything is written."""
    say(f"{sheet.grid.name}: the names stand in row {sheet.header}.")
    table = Shown(
        "Column", "Name", "Taken as", "Because of", "For example", box=None, pad_edge=False
    )
    for each in sheet.columns:
        name = escape(each.name) + (" (hidden)" if each.hidden else "")
        example = escape(each.example.replace("\n", " ")[:_EXAMPLE])
        table.add_row(letters(each.number), name, each.role or "not used", each.why, example)
    talk.print(table)
    unused = [each.called for each in sheet.columns if each.role in ("", "notes")]
    if unused:
        say(f"Stays in the sheet alone: {', '.join(unused)}.")
    others = [grid.title for grid in grids if grid is not sheet.grid and grid.rows]
    if others:
        say(f"Other sheets were not read: {', '.join(others)}.")
    say('Another one is meant? --column text="Its name"; --column notes=- for none.')


_EXAMPLE = 40


def _say_plan(done: _Import, *, json: bool) -> None:
    """What was guessed of the campaign, and each post with the id that it keeps for ever."""
    plan = done.plan
    if plan is None:
        return
    say("")
    for key, value, why in plan.guesses:
        say(f"{key + ':':11} {value:32} {why}")
    if plan.accounts:
        names = ", ".join(plan.accounts)
        say(f"accounts:   {names}: folders on this computer, until you write where they really go")
    for id_, post in plan.values["posts"].items():
        if not json:
            data.print(escape(f"day {post['day']:>2} {post.get('time', ''):5}  {id_}"))
    say(f"{len(plan.values['posts'])} posts from {plan.rows} rows.")
