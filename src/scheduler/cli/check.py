"""campaign check: every problem of the calendar, at its line."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from pathlib import Path

import typer

from scheduler.cards import Shelf
from scheduler.checking import Checked
from scheduler.checking import check as check_calendar
from scheduler.cli.not_signed_in import NotSignedIn, in_json, not_signed_in, sentences
from scheduler.cli.options import (
    CALENDAR,
    CampaignFile,
    Json,
    LedgerAt,
    OnDate,
    is_begun,
    ledger_at,
    today,
)
from scheduler.cli.recalling import with_ledger
from scheduler.cli.shelving import shelf_of
from scheduler.cli.telling import problems_json, progress, say, say_problems, write_json
from scheduler.errors import UserError

NOTHING_SENT = "Nothing was sent."


def check(
    campaign: CampaignFile = CALENDAR,
    on: OnDate = None,
    ledger: LedgerAt = None,
    json: Json = False,
) -> None:
    """Find every problem of the calendar. Exit 1 when there is an error."""
    shelf = shelf_of(campaign)
    checked = with_ledger(
        examine(campaign, on, draw=False, ledger=ledger, shelf=shelf),
        ledger_at(campaign, ledger),
        shelf,
    )
    absent = _absent(campaign, checked, ledger)
    if json:
        write_json(
            {
                "problems": problems_json(checked.problems),
                "posts": posts(checked),
                "deliveries": checked.deliveries,
                "not_signed_in": in_json(absent),
            }
        )
    else:
        say_problems(checked.problems, ending=_ending(checked))
        for sentence in sentences(absent):
            say(sentence)
    if not checked.sound:
        raise typer.Exit(1)


def _absent(campaign: Path, checked: Checked, ledger: str | None) -> tuple[NotSignedIn, ...]:
    if checked.coalition is None:
        return ()
    root, at = campaign.resolve().parent, ledger_at(campaign, ledger)
    return not_signed_in(checked.coalition, root=root, ledger=at)


def examine(
    campaign: Path,
    on: datetime | None,
    *,
    draw: bool | Collection[str] = True,
    ledger: str | None = None,
    shelf: Shelf | None = None,
) -> Checked:
    """Check with a bar for the cards, and against the ledger where there is one."""
    public, live = _published(ledger_at(campaign, ledger))
    with progress("Drawing cards") as begin:
        return check_calendar(
            campaign,
            shelf=shelf or shelf_of(campaign),
            on=today(on),
            public=public,
            live=live,
            draw=draw,
            progress=begin,
        )


def refuse_nothing(checked: Checked) -> None:
    """Without a calendar there is nothing to show, and the folder may be a wrong one."""
    if any(problem.code == "no-file" for problem in checked.problems):
        raise UserError(checked.problems)


def _published(ledger: Path | str) -> tuple[Mapping[str, date], Mapping[str, Collection[str]]]:
    """First days, and accounts that are live, by campaign, where there is a ledger to ask."""
    if not is_begun(ledger):
        return {}, {}
    from scheduler.ledger import (  # noqa: PLC0415 (most checks need no SQLAlchemy)
        Ledger,
        deciding,
        questions,
    )

    with Ledger(ledger) as opened:
        return opened.read(
            lambda connection: (
                questions.public_first_days(connection),
                deciding.live_accounts(connection),
            )
        )


def _ending(checked: Checked) -> str:
    if not checked.sound:
        return NOTHING_SENT
    members = len(checked.coalition.campaigns) - 1 if checked.coalition else 0
    of_members = f" of {members} members and the campaign itself" if members else ""
    return f"{posts(checked)} posts, {checked.deliveries} deliveries{of_members}. {NOTHING_SENT}"


def posts(checked: Checked) -> int:
    """How many different posts all organisations have together."""
    shown = checked.coalition.campaigns.values() if checked.coalition else ()
    return len({id_ for campaign in shown for id_ in campaign.posts})
