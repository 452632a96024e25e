"""campaign explain: where every value of a post came from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from scheduler.cli.absent import sound_part, where_sought
from scheduler.cli.options import CALENDAR, AsMember, CampaignFile, Json
from scheduler.cli.telling import data, write_json
from scheduler.errors import Problem, UserError
from scheduler.explaining import Origin, Row, Written
from scheduler.explaining import explain as rows_of
from scheduler.model import OWN, Campaign, Place
from scheduler.naming import nearest

_SAID = {
    Origin.POST: "the post says so",
    Origin.CAMPAIGN: "the campaign says so",
    Origin.SERIES: "its series says so",
    Origin.NAMED: "stands with what the post names",
    Origin.PLATFORM: "the platform wants it so",
    Origin.DEFAULT: "nobody says otherwise",
    Origin.COMPUTED: "follows from day, time and zone",
}


def explain(
    post: Annotated[str, typer.Argument(help="The id of a post.", show_default=False)],
    campaign: CampaignFile = CALENDAR,
    member: AsMember = OWN,
    json: Json = False,
) -> None:
    """Show every value of a post, and the file and line that it came from."""
    read, written = opened(campaign, member)
    if post not in read.posts:
        raise UserError(
            [unknown(campaign, f'there is no post "{post}"', nearest(post, read.posts))]
        )
    rows = rows_of(read, written, post)
    if json:
        write_json({"post": post, "values": [_row(row) for row in rows]})
        return
    width = max(len(row.name) for row in rows)
    for row in rows:
        where = f" · {spot(row.place)}" if row.place else ""
        data.print(f"[bold]{row.name:{width}}[/bold]  {escape(row.value) or '–'}")
        data.print(f"{'':{width}}  [dim]{_said(row)}{escape(where)}[/dim]")


def opened(file: Path, member: str) -> tuple[Campaign, Written]:
    """What an organisation says, and the values of its files as they were typed."""
    coalition, written = sound_part(file)
    campaigns = coalition.campaigns
    if member not in campaigns:
        message = f'there is no member "{member}"{where_sought(coalition)}'
        raise UserError([unknown(file, message, nearest(member, campaigns))])
    return campaigns[member], written[member]


def unknown(file: Path, message: str, hint: str) -> Problem:
    return Problem(file=file.name, code="unknown-id", message=message, hint=hint)


def spot(place: Place) -> str:
    return f"{place.file}:{place.line}:{place.column}"


def _said(row: Row) -> str:
    chosen = row.origin is Origin.COMPUTED and row.place is not None
    return "the program chose, so that it never moves" if chosen else _SAID[row.origin]


def _row(row: Row) -> dict[str, Any]:
    place = row.place
    return {
        "name": row.name,
        "value": row.value,
        "origin": str(row.origin),
        "file": place.file if place else None,
        "line": place.line if place else None,
        "column": place.column if place else None,
    }
