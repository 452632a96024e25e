"""campaign demo: the shipped campaign, checked, drawn and rehearsed."""

from __future__ import annotations

import shlex
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from scheduler.calendar.together import LANGUAGES, MEMBERS
from scheduler.cli.check import examine, posts
from scheduler.cli.options import Folders
from scheduler.cli.preview import write_pages
from scheduler.cli.rehearse import play, say_rehearsal
from scheduler.cli.shelving import own_shelf
from scheduler.cli.shipped import shipped
from scheduler.cli.telling import say, say_problems

#: The demo shows the eve of the campaign on whatever day it is run.
_EVE = datetime(2026, 11, 24, tzinfo=UTC)


def demo(
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="The folder for the demo.")
    ] = Path("campaign-demo"),
) -> None:
    """Check, draw and rehearse the shipped campaign, and say where to look.

    Needs no account and no network. A calendar that is already in the folder is used as it is.
    """
    calendar = _calendar_in(out)
    say(f"1. Checking {calendar}")
    checked = examine(calendar, _EVE, shelf=own_shelf(calendar))
    if checked.coalition is None or not checked.sound:
        say_problems(checked.problems, ending="Nothing was rehearsed, nothing was sent.")
        raise typer.Exit(1)
    say(f"   {posts(checked)} posts, {checked.deliveries} deliveries, no errors")
    say("2. Drawing the preview")
    index = write_pages(checked, Folders(calendar).out("preview"))
    say(f"   {checked.cards_drawn} cards drawn, {checked.cards_reused} reused")
    say("3. Rehearsing the sixteen days on a fast clock")
    played, page = play(calendar, checked.coalition, _EVE, None)
    say_rehearsal(played)
    say(f"\nLook at  {index}\n    and  {page}")
    again = shlex.join([*_program(), "preview", "--campaign", str(calendar)])
    say(f"Then change a word in {calendar} and run: {again}")
    if not played.perfect:
        raise typer.Exit(1)


def _program() -> list[str]:
    """How this program is called from here."""
    if shutil.which("campaign"):
        return ["campaign"]
    if Path(sys.argv[0]).name == "__main__.py":
        return [sys.executable, "-m", "scheduler"]
    return [sys.argv[0]]


def _calendar_in(out: Path) -> Path:
    calendar = out / "campaign.yaml"
    if not calendar.exists():
        out.mkdir(parents=True, exist_ok=True)
        with shipped() as sample:
            for folder in ("assets", LANGUAGES, MEMBERS):
                shutil.copytree(sample / folder, out / folder, dirs_exist_ok=True)
            shutil.copyfile(sample / "campaign.schema.json", out / "campaign.schema.json")
            # Last, since a calendar without its pictures would be taken for a whole one.
            shutil.copyfile(sample / "campaign.yaml", calendar)
    return calendar
