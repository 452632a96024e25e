"""campaign init: a calendar to begin with, and its schema for the editor."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from scheduler.cli.options import CALENDAR
from scheduler.cli.telling import say
from scheduler.errors import Problem, UserError

#: Beside the calendar, whose first line names it.
SCHEMA = "campaign.schema.json"


def init(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="The folder for the calendar.")
    ] = Path(),
) -> None:
    """Write a calendar to begin with, explained line by line. Never over one that is there."""
    calendar = folder / CALENDAR
    if calendar.exists():
        raise UserError([_exists(calendar)])
    try:
        _write(folder, calendar)
    except OSError as error:
        raise UserError([_unwritable(folder, error)]) from None
    _say_next(folder, calendar)


def _write(folder: Path, calendar: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / SCHEMA).write_bytes((files("scheduler.calendar") / SCHEMA).read_bytes())
    with calendar.open("xb") as opened:
        opened.write((files("scheduler.cli") / "starter.yaml").read_bytes())


def _say_next(folder: Path, calendar: Path) -> None:
    say(f"Wrote {calendar}, a calendar to begin with, and {folder / SCHEMA} for your editor.")
    there = "" if folder == Path() else f"cd {folder}, then "
    say("\nNext:")
    say(f"1. {there}open {CALENDAR} and write your organisation's name below brand.")
    say("2. campaign check     finds every mistake, with its line")
    say("3. campaign preview   shows every post as it will look")
    say("4. campaign rehearse  plays the sixteen days, and sends nothing")
    say("VS Code completes and explains every key, with the extension YAML by Red Hat.")


def _exists(calendar: Path) -> Problem:
    return Problem(
        file=str(calendar),
        code="exists",
        message="there is a calendar here already, and it is never written over",
        hint="name another folder: campaign init my-campaign",
    )


def _unwritable(folder: Path, error: OSError) -> Problem:
    return Problem(
        file=str(folder),
        code="not-written",
        message=f"nothing can be written here: {error.strerror or error}",
        hint="name a folder of your own: campaign init my-campaign",
    )
