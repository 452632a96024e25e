"""campaign report: what went out, where and when, for those who paid for it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from scheduler.cli.absent import absent, sound_part
from scheduler.cli.deciding import begun, counted, now, refused
from scheduler.cli.options import CALENDAR, CampaignFile, Folders, Json, LedgerAt
from scheduler.cli.telling import say, write_json
from scheduler.ledger import Ledger, confirming, questions
from scheduler.model import DAYS
from scheduler.reporting.gathering import OUT, TROUBLED, Fate, Item, Report, gather
from scheduler.reporting.sentences import NO_LEDGER
from scheduler.reporting.writing import TABLE, WORKBOOK, write


def report(
    campaign: CampaignFile = CALENDAR,
    *,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="The folder for the report.")
    ] = None,
    ledger: LedgerAt = None,
    json: Json = False,
) -> None:
    """Write what went out, with links, and why the rest did not: as a page, a .csv and an .xlsx.

    No staff is named in it, and nothing that is under embargo.
    """
    made = _gathered(campaign, ledger)
    if not made.items:
        raise refused(NO_LEDGER, "campaign run")
    if json:
        write_json(_json(made))
        return
    folder = out or Folders(campaign).out("report")
    page = write(made, folder)
    troubled = made.count(*TROUBLED)
    say(
        f"{made.count(*OUT)} of {counted(len(made.items), 'delivery')} are public, "
        f"{made.count(Fate.HANDED)} handed over and not confirmed, {troubled} not as planned."
    )
    say(f"Open {page}; {TABLE} and {WORKBOOK} lie beside it.")


def _gathered(campaign: Path, ledger: str | None) -> Report:
    coalition, _ = sound_part(campaign)
    own = coalition.own
    with Ledger(begun(campaign, ledger)) as opened:
        entries, by_hand, people = opened.read(
            lambda connection: (
                questions.entries(connection, own.id),
                confirming.by_hand(connection, own.id),
                confirming.people(connection, own.id),
            )
        )
        return gather(
            coalition,
            entries,
            by_hand=by_hand,
            people=people,
            as_of=now(),
            ledger=opened.name,
            last_day=own.date_of(DAYS),
            unread=() if coalition.complete else absent(campaign, coalition),
        )


def _json(made: Report) -> dict[str, Any]:
    return {
        "as_of": made.as_of.isoformat().replace("+00:00", "Z"),
        "ledger": made.ledger,
        "became": {str(fate): made.count(fate) for fate in Fate},
        "deliveries": [_row(item) for item in made.items],
    }


def _row(item: Item) -> dict[str, Any]:
    return {
        "key": item.key or None,
        "post": item.post,
        "day": item.day,
        "due": item.due.isoformat().replace("+00:00", "Z"),
        "member": item.organisation.id,
        "country": item.organisation.country or None,
        "account": item.account,
        "platform": item.platform,
        "part": item.part,
        "state": str(item.state),
        "became": str(item.fate),
        "published_on": item.on.isoformat() if item.on else None,
        "link": item.link or None,
        "reason": item.reason or None,
    }
