"""campaign history: who decided what, and every step of a delivery."""

from __future__ import annotations

import re
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from scheduler.cli.absent import sound_part
from scheduler.cli.deciding import begun
from scheduler.cli.options import CALENDAR, CampaignFile, Json, LedgerAt
from scheduler.cli.telling import data, write_json
from scheduler.ledger import Ledger, questions
from scheduler.model import Coalition, Key


def history(
    key: Annotated[
        str | None,
        typer.Argument(metavar="[KEY]", help="A delivery's key; else what people decided."),
    ] = None,
    campaign: CampaignFile = CALENDAR,
    ledger: LedgerAt = None,
    json: Json = False,
) -> None:
    """Show who decided what and when, or every step that one delivery took."""
    coalition, _ = sound_part(campaign)
    with Ledger(begun(campaign, ledger)) as opened:
        lines = opened.read(
            lambda connection: (
                questions.steps(connection, Key(key))
                if key
                else questions.decisions(connection, coalition.own.id)
            )
        )
    if json:
        write_json({"lines": [_row(line) for line in lines]})
    else:
        data.print(_table(coalition, lines))


def _row(line: questions.Line) -> dict[str, str]:
    at = line.at.isoformat().replace("+00:00", "Z")
    return {
        "at": at,
        "who": line.who,
        "act": line.act,
        "subject": line.subject,
        "detail": line.detail,
    }


def _table(coalition: Coalition, lines: tuple[questions.Line, ...]) -> Table:
    table = Table(box=None, pad_edge=False)
    for name in (f"When ({coalition.own.zone.key})", "Who", "What", "Of what", "Why"):
        table.add_column(name, overflow="fold")
    for line in lines:
        at = line.at.astimezone(coalition.own.zone)
        cells = (f"{at:%d %b %H:%M:%S}", line.who, line.act, line.subject, _short(line.detail))
        table.add_row(*map(Text, cells))
    return table


def _short(detail: str) -> str:
    """A digest is recognised by its beginning."""
    return f"{detail[:12]}…" if re.fullmatch(r"[0-9a-f]{64}", detail) else detail
