"""campaign preview: the whole campaign as pages that open from disk."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from scheduler.checking import Checked
from scheduler.cli.check import NOTHING_SENT, examine, posts
from scheduler.cli.options import CALENDAR, CampaignFile, Folders, Json, OnDate
from scheduler.cli.telling import problems_json, say, say_problems, write_json
from scheduler.errors import UserError
from scheduler.preview import site

Out = Annotated[Path | None, typer.Option("--out", metavar="DIR", help="The folder for the pages.")]


def preview(
    campaign: CampaignFile = CALENDAR, on: OnDate = None, out: Out = None, json: Json = False
) -> None:
    """Show every day and every post as each account will show it. Exit 1 on an error."""
    checked = examine(campaign, on)
    if any(problem.code == "no-file" for problem in checked.problems):
        # Without a calendar there is nothing to show, and the folder may be a wrong one.
        raise UserError(checked.problems)
    index = write_pages(checked, out or Folders(campaign).out("preview"))
    if json:
        write_json(
            {
                "index": str(index),
                "posts": posts(checked),
                "deliveries": checked.deliveries,
                "cards_drawn": checked.cards_drawn,
                "cards_reused": checked.cards_reused,
                "problems": problems_json(checked.problems),
            }
        )
    else:
        if checked.problems:
            say_problems(checked.problems, ending=NOTHING_SENT)
        say(f"{checked.cards_drawn} cards drawn, {checked.cards_reused} reused.")
        say(f"Open {index}")
    if not checked.sound:
        raise typer.Exit(1)


def write_pages(checked: Checked, out: Path) -> Path:
    """The index of the pages, written."""
    pages = site.Pages(
        coalition=checked.coalition,
        problems=checked.problems,
        drafts=checked.drafts,
        measures=checked.measures,
        held=checked.held,
    )
    return site.write(pages, out=out).index
