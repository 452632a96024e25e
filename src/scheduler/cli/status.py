"""campaign status: what became of every delivery."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rich.table import Table

from scheduler.calendar import read_campaign
from scheduler.cli.options import CALENDAR, CampaignFile, Folders, Json, LedgerFile
from scheduler.cli.telling import data, say, write_json
from scheduler.ledger import Entry, Ledger, moves
from scheduler.model import Campaign, State
from scheduler.planning import plan

_COLOURS = {
    State.PUBLISHED: "green",
    State.UNCONFIRMED: "bold red",
    State.MISSED: "red",
    State.REJECTED: "red",
    State.HELD: "yellow",
}


def status(
    campaign: CampaignFile = CALENDAR, ledger: LedgerFile = None, json: Json = False
) -> None:
    """Show every delivery: planned, published, held, missed, and why."""
    read = read_campaign(campaign).unwrap()
    file = ledger or Folders(campaign).ledger
    if file.exists():
        with Ledger(file) as opened:
            entries = opened.read(lambda connection: moves.entries(connection, read.id))
        rows = [_row(entry) for entry in entries]
    else:
        rows = _planned(read)
    if json:
        write_json({"deliveries": rows})
        return
    data.print(_table(read, rows))
    if not file.exists():
        say("Nothing has run yet: this is the plan. Start with: campaign run")


def _row(entry: Entry) -> dict[str, Any]:
    return {
        "key": entry.key,
        "post": entry.post,
        "day": entry.day,
        "account": entry.account,
        "platform": entry.platform,
        "state": str(entry.state),
        "due": _iso(entry.due),
        "published_at": _iso(entry.published_at),
        "url": entry.receipt.url if entry.receipt else None,
        "reason": entry.reason or None,
    }


def _planned(campaign: Campaign) -> list[dict[str, Any]]:
    return [
        {
            "key": delivery.key,
            "post": delivery.post,
            "day": delivery.day,
            "account": delivery.account,
            "platform": delivery.platform,
            "state": str(State.PLANNED),
            "due": _iso(delivery.due),
            "published_at": None,
            "url": None,
            "reason": None,
        }
        for delivery in plan(campaign)
    ]


def _table(campaign: Campaign, rows: list[dict[str, Any]]) -> Table:
    table = Table(title=campaign.title, title_justify="left", box=None, pad_edge=False)
    for name in ("Day", "Due", "Post", "Account", "State", "What is known"):
        table.add_column(name, overflow="fold")
    for row in rows:
        local = datetime.fromisoformat(row["due"]).astimezone(campaign.zone)
        colour = _COLOURS.get(State(row["state"]), "")
        state = f"[{colour}]{row['state']}[/{colour}]" if colour else row["state"]
        known = row["url"] or row["reason"] or ""
        table.add_row(
            str(row["day"]), f"{local:%a %d %b %H:%M}", row["post"], row["account"], state, known
        )
    return table


def _iso(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat().replace("+00:00", "Z")
