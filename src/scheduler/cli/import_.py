"""campaign import: what was changed in exported sheets, or a spreadsheet as a new calendar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib.resources import files as resources
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from scheduler.calendar.saving import save
from scheduler.cli.options import CALENDAR
from scheduler.cli.telling import data, problems_json, say, say_problems, talk, write_json
from scheduler.errors import Severity
from scheduler.naming import nearest
from scheduler.sheets.foreign import Planned, Wishes
from scheduler.sheets.guessing import ROLES, Mapped
from scheduler.sheets.opening import opened
from scheduler.sheets.recognising import is_ours
from scheduler.sheets.tables import Grid, letters
from scheduler.sheets.updating import Outcome, begin, plan_in, update

_NOTHING_WRITTEN = "Nothing was written."
_EXAMPLE = 40


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
    day = first_day.date() if first_day else None
    wishes = Wishes(id=id_, title=title, zone=zone, language=language, first_day=day)
    grids = _opened(file)
    if is_ours(grids):
        done = update(grids, calendar, file, delete=delete)
    else:
        done = _begin(grids, calendar, file, _corrections(column or []), wishes)
    if done.plan:
        _say_plan(done.plan, json=json)
    if not json:
        _say_changes(done, calendar)
    if not dry_run:
        save(done.contents)
    if json:
        write_json(_as_json(done, dry_run=dry_run))
    else:
        _say_ending(done, calendar, dry_run=dry_run)
    if done.kept or any(each.severity is Severity.ERROR for each in done.problems):
        raise typer.Exit(1)


def _opened(file: Path) -> tuple[Grid, ...]:
    grids, note = opened(file)
    if note:
        say(note)
    return grids


def _begin(
    grids: Sequence[Grid],
    calendar: Path,
    file: Path,
    corrections: Mapping[str, str],
    wishes: Wishes,
) -> Outcome:
    sheet = plan_in(grids, calendar, file, corrections)
    if complaint := sheet.complaint(corrections):
        raise typer.BadParameter(f"--column {complaint}")
    _say_columns(sheet, grids)
    starter = (resources("scheduler.cli") / "starter.yaml").read_text("utf-8")
    return begin(sheet, calendar, file, wishes, starter=starter)


def _corrections(said: Sequence[str]) -> dict[str, str]:
    corrections = {}
    for each in said:
        role, sign, name = each.partition("=")
        if not sign or not name:
            raise typer.BadParameter(f'write --column text="Its name", and not {each}')
        if role not in ROLES:
            raise typer.BadParameter(f'there is no "{role}"; {nearest(role, ROLES)}')
        corrections[role] = name.strip()
    return corrections


# ── what is said of it ────────────────────────────────────────────────────────────────────────────


def _say_columns(sheet: Mapped, grids: Sequence[Grid]) -> None:
    """What each column was taken for, before anything is written."""
    say(f"{sheet.grid.name}: the names stand in row {sheet.header}.")
    table = Table(
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


def _say_plan(plan: Planned, *, json: bool) -> None:
    """What was guessed of the campaign, and each post with the id that it keeps for ever."""
    say("")
    for guess in plan.guesses:
        say(f"{guess.key + ':':11} {guess.value:32} {guess.why}")
    if plan.accounts:
        names = ", ".join(plan.accounts)
        say(f"accounts:   {names}: folders on this computer, until you write where they really go")
    for id_, post in plan.posts.items():
        if not json:
            data.print(escape(f"day {post['day']:>2} {post.get('time', ''):5}  {id_}"))
    say(f"{len(plan.posts)} posts from {plan.rows} rows.")


def _say_changes(done: Outcome, calendar: Path) -> None:
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


def _say_ending(done: Outcome, calendar: Path, *, dry_run: bool) -> None:
    if not done.contents:
        say(f"Nothing to change. {_NOTHING_WRITTEN}")
        return
    if dry_run:
        say(_NOTHING_WRITTEN)
        return
    say(f"Wrote {', '.join(map(str, done.contents))}.")
    plan, check = done.plan, "campaign check"
    if calendar != CALENDAR:
        check += f" --campaign {calendar}"
    if plan is None:
        say(f"Next: {check}")
        return
    if plan.without_alt:
        say(f"{plan.without_alt} of {len(plan.posts)} posts have no alt text yet.")
    say(f"Next: {check} lists what is still missing, with its line.")


def _as_json(done: Outcome, *, dry_run: bool) -> dict[str, Any]:
    plan, counted = done.plan, ("file", "changed", "added", "removed")
    return {
        "written": [] if dry_run else [str(file) for file in done.contents],
        "files": [{name: getattr(change, name) for name in counted} for change in done.changes],
        "kept": list(done.kept),
        "removed": list(done.removed),
        "columns": [
            {"column": letters(each.number), "name": each.name, "role": each.role or None}
            for each in (plan.sheet.columns if plan else ())
        ],
        "campaign": {each.key: each.value for each in (plan.guesses if plan else ())},
        "problems": problems_json(done.problems),
    }
