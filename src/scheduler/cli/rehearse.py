"""campaign rehearse: the sixteen days on a fast clock, and what would be live after them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from scheduler.cards import Shelf
from scheduler.cli.check import examine
from scheduler.cli.options import CALENDAR, CampaignFile, Folders, Json, OnDate
from scheduler.cli.telling import progress, say, say_problems, write_json
from scheduler.model import Coalition, State
from scheduler.preview import feeds
from scheduler.rehearsing import Rehearsal
from scheduler.rehearsing import rehearse as rehearse_campaign

Out = Annotated[Path | None, typer.Option("--out", metavar="DIR", help="The folder for the page.")]


def rehearse(
    campaign: CampaignFile = CALENDAR, on: OnDate = None, out: Out = None, json: Json = False
) -> None:
    """Publish all sixteen days to stand-in platforms on this machine. Exit 1 unless all went out.

    With --on the clock starts on that date: what was due before it is missed, as it would be.
    """
    checked = examine(campaign, on)
    if checked.coalition is None or not checked.sound:
        say_problems(checked.problems, ending="Nothing was rehearsed, nothing was sent.")
        raise typer.Exit(1)
    played, page = play(campaign, checked.coalition, on, out)
    if json:
        write_json(numbers(played))
    else:
        say_rehearsal(played)
        say(f"Open {page}")
    if not played.perfect:
        raise typer.Exit(1)


def play(file: Path, coalition: Coalition, on: OnDate, out: Path | None) -> tuple[Rehearsal, Path]:
    """The rehearsal, and its page."""
    with progress("Rehearsing") as begin:
        played = rehearse_campaign(
            coalition,
            shelf=Shelf(Folders(file).shelf),
            start=on.date() if on else None,
            progress=begin,
        )
    own = coalition.own
    summary = feeds.Summary(title=own.title, zone=own.zone, **numbers(played))
    return played, feeds.write(played.feeds, summary, out=out or Folders(file).out("rehearsal"))


def numbers(played: Rehearsal) -> dict[str, Any]:
    counted = (
        State.PUBLISHED,
        State.UNCONFIRMED,
        State.MISSED,
        State.REJECTED,
        State.HANDED,
    )
    return {
        "deliveries": len(played.entries),
        **{str(state): played.count(state) for state in counted},
        "duplicates": played.duplicates,
        "simulated_days": played.simulated_days,
        "seconds": played.seconds,
    }


def say_rehearsal(played: Rehearsal) -> None:
    """The outcome in two lines, and every delivery that did not go out."""
    for entry in played.entries:
        if entry.state not in (State.PUBLISHED, State.HANDED):
            say(Text.assemble((str(entry.state), "red"), f"  {entry.key}: {entry.reason}"))
    say(
        f"{played.count(State.PUBLISHED)} of {len(played.entries)} deliveries published, "
        f"{_handed(played)}{played.duplicates} duplicates: "
        f"{played.simulated_days} days in {played.seconds} s."
    )
    say("Only stand-ins on this machine were contacted.")


def _handed(played: Rehearsal) -> str:
    handed = played.count(State.HANDED)
    return f"{handed} handed over in kits, " if handed else ""
