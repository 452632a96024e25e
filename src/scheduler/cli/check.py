"""campaign check: every problem of the calendar, at its line."""

from __future__ import annotations

import typer

from scheduler.cards import Shelf
from scheduler.checking import Checked
from scheduler.checking import check as check_calendar
from scheduler.cli.options import CALENDAR, CampaignFile, Folders, Json, OnDate, today
from scheduler.cli.telling import problems_json, progress, say_problems, write_json
from scheduler.ledger import Ledger

NOTHING_SENT = "Nothing was sent."


def check(campaign: CampaignFile = CALENDAR, on: OnDate = None, json: Json = False) -> None:
    """Find every problem of the calendar. Exit 1 when there is an error."""
    checked = examine(campaign, on, draw=False)
    if json:
        write_json(
            {
                "problems": problems_json(checked.problems),
                "posts": len(checked.campaign.posts) if checked.campaign else 0,
                "deliveries": checked.deliveries,
            }
        )
    else:
        say_problems(checked.problems, ending=_ending(checked))
    if not checked.sound:
        raise typer.Exit(1)


def examine(campaign: CampaignFile, on: OnDate, *, draw: bool = True) -> Checked:
    """Check with a bar for the cards, and against the ledger where there is one."""
    folders = Folders(campaign)
    ledger = Ledger(folders.ledger) if folders.ledger.exists() else None
    try:
        with progress("Drawing cards") as begin:
            return check_calendar(
                campaign,
                shelf=Shelf(folders.shelf),
                on=today(on),
                ledger=ledger,
                draw=draw,
                progress=begin,
            )
    finally:
        if ledger is not None:
            ledger.close()


def _ending(checked: Checked) -> str:
    if not checked.sound:
        return NOTHING_SENT
    posts = len(checked.campaign.posts) if checked.campaign else 0
    return f"{posts} posts, {checked.deliveries} deliveries. {NOTHING_SENT}"
