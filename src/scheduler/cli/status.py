"""campaign status: what became of every delivery."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import typer
from rich.table import Table
from rich.text import Text

from scheduler.calendar import Reading, read_calendar
from scheduler.cli.edited import edited, in_json, sentences
from scheduler.cli.options import (
    CALENDAR,
    CampaignFile,
    Json,
    LedgerAt,
    is_begun,
    ledger_at,
)
from scheduler.cli.reached import recipients_json, unreached_lines
from scheduler.cli.telling import data, say, say_problems, write_json
from scheduler.ledger import Entry, Ledger, Reached, alerting, questions
from scheduler.model import Coalition, State
from scheduler.planning import plan
from scheduler.publishing.resolving import known_about

_COLOURS = {
    State.PUBLISHED: "green",
    State.UNCONFIRMED: "bold red",
    State.MISSED: "red",
    State.REJECTED: "red",
    State.HELD: "yellow",
}


def status(campaign: CampaignFile = CALENDAR, ledger: LedgerAt = None, json: Json = False) -> None:
    """Show every delivery: planned, published, held, missed, and why; and what was edited since."""
    reading = read_calendar(campaign)
    where = ledger_at(campaign, ledger)
    shown = _shown(campaign, reading)
    if is_begun(where) and shown is not None:
        with Ledger(where) as opened:
            entries = opened.read(lambda connection: questions.entries(connection, shown.id))
            in_doubt = [_in_doubt(opened, each) for each in entries if _is_in_doubt(each)]
            public = opened.read(lambda connection: questions.public(connection, shown.id))
            reached = opened.read(lambda c: alerting.everybody_reached(c, shown.id))
        found = [*edited(reading.coalition, public)] if reading.coalition else []
        differing = {each.public.entry.key: in_json(each) for each in found}
        rows = [{**_row(entry), "edited": differing.get(entry.key, [])} for entry in entries]
    else:
        rows, in_doubt, reached, found = _planned(reading.unwrap()), [], (), []
    if json:
        write_json({"deliveries": rows, "alerts": recipients_json(reached)})
    elif shown is not None:
        data.print(_table(shown, rows))
        for sentence in (*in_doubt, *_unreached(reading, reached)):
            say(sentence)
        for each in found:
            for line in sentences(each):
                say(line)
    if reading.coalition is None or not reading.coalition.complete:
        say_problems(reading.problems, ending="So this is only what the ledger knows.")
        raise typer.Exit(1)
    if not json and not is_begun(where):
        say("Nothing has run yet: this is the plan. Start with: campaign run")


def _unreached(reading: Reading, reached: Iterable[Reached]) -> Sequence[str]:
    """Who would be told of all this, and is not."""
    alerts = reading.coalition.own.alerts if reading.coalition else None
    return unreached_lines(alerts, reached) if alerts else ()


def _is_in_doubt(entry: Entry) -> bool:
    return entry.state is State.UNCONFIRMED


def _in_doubt(opened: Ledger, entry: Entry) -> str:
    """What is known of it, and where a person should look."""
    attempt = opened.read(lambda connection: questions.last_attempt(connection, entry.key))
    return known_about(entry, attempt)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """What is known of a campaign though its calendar may have an error."""

    id: str
    title: str
    zone: ZoneInfo


def _shown(file: Path, reading: Reading) -> _Shown | None:
    """None when not even its id can be read."""
    if reading.coalition is not None:
        found = reading.coalition.own
        return _Shown(id=found.id, title=found.title, zone=found.zone)
    id_, zone = (_written(file, key) for key in ("id", "zone"))
    return _Shown(id=id_, title=id_, zone=_zone(zone)) if id_ else None


def _written(file: Path, key: str) -> str:
    """A value below `campaign`, by its line: the rest of the file may be no YAML at all."""
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return ""
    pattern = re.compile(rf"(?:^|.*?[{{,])\s*{key}:\s*[\"']?([\w/+-]+)")
    found = (pattern.match(line) for line in _section(text))
    return next((match[1] for match in found if match), "")


def _section(text: str) -> Iterator[str]:
    """The lines of `campaign`."""
    inside = False
    for line in text.splitlines():
        if line[:1].strip() and not line.startswith("#"):
            inside = line.startswith("campaign:")
        if inside and not line.lstrip().startswith("#"):
            yield line


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")


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


def _planned(coalition: Coalition) -> list[dict[str, Any]]:
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
            "edited": [],
        }
        for delivery in plan(coalition)
    ]


def _table(shown: _Shown, rows: list[dict[str, Any]]) -> Table:
    table = Table(title=Text(shown.title), title_justify="left", box=None, pad_edge=False)
    for name in ("Day", f"Due ({shown.zone.key})", "Post", "Account", "State", "What is known"):
        table.add_column(name, overflow="fold")
    for row in rows:
        local = datetime.fromisoformat(row["due"]).astimezone(shown.zone)
        state = Text(row["state"], style=_COLOURS.get(State(row["state"]), ""))
        known = row["url"] or row["reason"] or ""
        cells = (str(row["day"]), f"{local:%a %d %b %H:%M}", row["post"], row["account"])
        table.add_row(*map(Text, cells), state, Text(known))
    return table


def _iso(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat().replace("+00:00", "Z")
