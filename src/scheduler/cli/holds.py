"""campaign holds: what is held, by whom and why."""

from __future__ import annotations

from typing import Any

from rich.table import Table
from rich.text import Text

from scheduler.calendar import read_calendar
from scheduler.cli.options import CALENDAR, CampaignFile, Json, LedgerAt, is_begun, ledger_at
from scheduler.cli.telling import data, say, write_json
from scheduler.errors import UserError
from scheduler.ledger import HoldEntry, Ledger, Origin, deciding
from scheduler.model import Coalition, Hold
from scheduler.planning import keys_of

_SAID = {
    Origin.PERSON: "campaign hold",
    Origin.FILE: "holds.yaml",
    Origin.PROGRAM: "its platform refused it",
}


def holds(campaign: CampaignFile = CALENDAR, ledger: LedgerAt = None, json: Json = False) -> None:
    """Show what is held. Each has a number, by which `campaign release` ends it."""
    reading = read_calendar(campaign)
    coalition = reading.coalition or reading.rest  # a hold must be seen whatever else is wrong
    if coalition is None:
        raise UserError(reading.problems)
    where = ledger_at(campaign, ledger)
    held: tuple[HoldEntry, ...] = ()
    if is_begun(where):
        with Ledger(where) as opened:
            held = opened.read(lambda connection: deciding.holding(connection, coalition.own.id))
    coming = _not_taken_up(coalition, held)
    if json:
        write_json(
            {
                "holds": [_row(coalition, each) for each in held],
                "not_taken_up": [str(each) for each in coming],
                "silenced": coalition.silenced,
            }
        )
        return
    if held:
        data.print(_table(coalition, held))
    if coalition.silenced:
        say(f"{coalition.silenced}.")
    for each in coming:
        say(f"{each} stands in holds.yaml, and counts from the daemon's next look on.")
    if not (held or coming or coalition.silenced):
        say("Nothing is held.")


def _not_taken_up(coalition: Coalition, held: tuple[HoldEntry, ...]) -> list[Hold]:
    """What the file says and the ledger does not know yet."""
    known = {each.hold.target for each in held}
    return [each for each in coalition.holds if each.target not in known]


def _row(coalition: Coalition, each: HoldEntry) -> dict[str, Any]:
    return {
        "number": each.number,
        "scope": str(each.hold.scope),
        "value": each.hold.value or None,
        "reason": each.hold.reason,
        "by": each.hold.by,
        "since": each.since.isoformat().replace("+00:00", "Z"),
        "origin": str(each.origin),
        "deliveries": len(keys_of(coalition, each.hold.target)),
    }


def _table(coalition: Coalition, held: tuple[HoldEntry, ...]) -> Table:
    table = Table(box=None, pad_edge=False)
    for name in ("No.", "Held", "Deliveries", "Since", "By", "Said in", "Why"):
        table.add_column(name, overflow="fold")
    for each in held:
        since = each.since.astimezone(coalition.own.zone)
        reached = len(keys_of(coalition, each.hold.target))
        by = "the program" if each.origin is Origin.PROGRAM else each.hold.by
        cells = (str(each.number), str(each.hold), str(reached), f"{since:%d %b %H:%M}", by)
        table.add_row(*map(Text, (*cells, _SAID[each.origin], each.hold.reason)))
    return table
