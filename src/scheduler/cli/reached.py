"""Who of those whom the calendar names can be reached, in lines and for programs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from scheduler.ledger import Reached
from scheduler.ledger.alerting import PING
from scheduler.model import Alerts


def unreached_lines(alerts: Alerts, reached: Iterable[Reached]) -> list[str]:
    """Who cannot be reached, since when, and why."""
    named = {each.name for each in alerts.recipients} | {PING}
    return [
        _line(alerts, each, each.failing_since)
        for each in reached
        if each.failing_since and each.name in named
    ]


def _line(alerts: Alerts, each: Reached, since: datetime) -> str:
    name = "The ping" if each.name == PING else f"Alerts: {each.name}"
    local = f"{since.astimezone(alerts.zone):%a %d %b %H:%M}"
    tries = "1 try" if each.tries == 1 else f"{each.tries} tries"
    return f"{name} was not reached since {local} ({tries}): {each.reason}"


def recipients_json(reached: Iterable[Reached]) -> list[dict[str, Any]]:
    return [
        {
            "name": each.name,
            "reached_at": iso(each.reached_at),
            "failing_since": iso(each.failing_since),
            "tries": each.tries,
            "reason": each.reason or None,
        }
        for each in reached
    ]


def iso(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat().replace("+00:00", "Z")
