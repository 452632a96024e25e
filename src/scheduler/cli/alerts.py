"""campaign alerts: what needs a person, who was told of it, and who can be reached at all."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from scheduler.alerting import (
    CalendarFacts,
    Matter,
    Outside,
    Rounds,
    calendar_facts,
    matters,
    room_at,
)
from scheduler.checking import Checked
from scheduler.cli.check import examine
from scheduler.cli.options import CALENDAR, CampaignFile, Folders, Json, LedgerAt, ledger_at
from scheduler.cli.reached import iso, recipients_json, unreached_lines
from scheduler.cli.telling import data, say, say_problems, write_json
from scheduler.ledger import Ledger, Reached, Telling, alerting
from scheduler.model import Coalition
from scheduler.publishing.live import harmless

NOBODY = (
    "Nobody is told: the calendar has no alerts. Add them: docs/alerts.md, or docs/calendar.md "
    "for each key."
)


def alerts(
    campaign: CampaignFile = CALENDAR,
    *,
    test: Annotated[
        bool, typer.Option("--test", help="Send everybody a message now, and say who got it.")
    ] = False,
    ledger: LedgerAt = None,
    json: Json = False,
) -> None:
    """Show what needs a person, who was told of it, and who cannot be reached."""
    checked = _checked(campaign, ledger)
    coalition = checked.coalition
    if coalition is None:
        say_problems(checked.problems, ending="Nobody was told.")
        raise typer.Exit(1)
    with Ledger(ledger_at(campaign, ledger)) as opened:
        looked = outside(campaign, opened)
        facts = facts_of(checked, coalition)
        if test:
            _test(Rounds(looked), facts)
            return
        found = matters(looked.facts(coalition.own.id), facts, looked.now())
        told = opened.read(lambda c: alerting.tellings_of(c, coalition.own.id, ended=True))
        reached = opened.read(lambda c: alerting.everybody_reached(c, coalition.own.id))
    if json:
        write_json(_json(found, told, reached))
    else:
        _show(facts, found, told, reached)


def facts_of(
    checked: Checked, coalition: Coalition, *, before: CalendarFacts | None = None
) -> CalendarFacts:
    """What of a calendar that was checked decides whom to tell of what."""
    return calendar_facts(
        coalition,
        checked.problems,
        held=checked.held,
        drafts=checked.drafts,
        harmless=harmless,
        before=before,
    )


def outside(campaign: Path, opened: Ledger) -> Outside:
    """The world around a calendar, as alerts see it."""
    root = campaign.resolve().parent
    folder = opened.file.resolve().parent if opened.file else Folders(campaign).shelf.parent
    return Outside(
        ledger=opened,
        environment=os.environ,
        root=root,
        room=lambda: room_at(folder if folder.exists() else root),
    )


def _checked(campaign: Path, ledger: str | None) -> Checked:
    """Cards are drawn only where somebody must say yes to them."""
    checked = examine(campaign, None, draw=False, ledger=ledger)
    if checked.coalition is not None and checked.coalition.own.rules.approvals:
        return examine(campaign, None, ledger=ledger)
    return checked


# ── a test ────────────────────────────────────────────────────────────────────────────────────────


def _test(rounds: Rounds, facts: CalendarFacts) -> None:
    if facts.alerts is None:
        say(NOBODY)
        raise typer.Exit(1)
    unreached = dict(rounds.test(facts))
    for recipient in facts.alerts.recipients:
        why = unreached.get(recipient.name)
        say(f"{recipient.name}: {f'not reached: {why}' if why else 'sent'}")
    if unreached:
        say("Whoever was not reached would not be told. Mend the address, then try again.")
        raise typer.Exit(1)
    say("Did it arrive? Only the people themselves can say that.")


# ── what is open ──────────────────────────────────────────────────────────────────────────────────


def _show(
    facts: CalendarFacts,
    found: Sequence[Matter],
    told: Sequence[Telling],
    reached: Sequence[Reached],
) -> None:
    if facts.alerts is None:
        say(NOBODY)
    if found:
        data.print(_table(facts, found, told))
    else:
        data.print("Nothing needs you.")
    over = [each for each in told if each.ended_at is not None]
    if over:
        data.print(f"Told before, and over by now: {len({each.matter for each in over})}.")
    for line in unreached_lines(facts.alerts, reached) if facts.alerts else ():
        say(line)


def _table(facts: CalendarFacts, found: Iterable[Matter], told: Sequence[Telling]) -> Table:
    table = Table(box=None, pad_edge=False)
    for name in ("Since when told", "What", "Which", "Where"):
        table.add_column(name, overflow="fold")
    for matter in found:
        first = min((each.told_at for each in _of(matter, told)), default=None)
        when = _local(facts, first) if first else "not told"
        who = ", ".join(sorted({each.recipient for each in _of(matter, told)}))
        cells = (f"{when} {who}".rstrip(), str(matter.kind), matter.subject, *matter.places[:1])
        table.add_row(*map(Text, cells))
    return table


def _of(matter: Matter, told: Iterable[Telling]) -> list[Telling]:
    return [each for each in told if each.matter == matter.id and each.ended_at is None]


def _local(facts: CalendarFacts, instant: datetime) -> str:
    zone = facts.alerts.zone if facts.alerts else facts.zone
    return f"{instant.astimezone(zone):%a %d %b %H:%M}"


# ── for programs ──────────────────────────────────────────────────────────────────────────────────


def _json(
    found: Sequence[Matter], told: Sequence[Telling], reached: Sequence[Reached]
) -> dict[str, Any]:
    return {
        "open": [
            {
                "kind": str(matter.kind),
                "subject": matter.subject,
                "step": matter.step or None,
                "acts_by": iso(matter.acts_by),
                "places": list(matter.places),
                "told": sorted({each.recipient for each in _of(matter, told)}),
            }
            for matter in found
        ],
        "told": [
            {
                "recipient": each.recipient,
                "matter": each.matter,
                "step": each.step or None,
                "told_at": iso(each.told_at),
                "ended_at": iso(each.ended_at),
            }
            for each in told
        ],
        "recipients": recipients_json(reached),
    }
