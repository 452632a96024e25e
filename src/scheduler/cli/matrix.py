"""campaign matrix: who says what on which day, in which language, and how far it has come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from types import MappingProxyType

import typer
from rich.table import Table
from rich.text import Text

from scheduler.cli.absent import absent, left_out
from scheduler.cli.check import examine
from scheduler.cli.options import (
    CALENDAR,
    CampaignFile,
    Json,
    LedgerAt,
    OnDate,
    is_begun,
    ledger_at,
)
from scheduler.cli.telling import data, say_problems, write_json
from scheduler.matrix import Cell, CellState, Matrix
from scheduler.matrix import matrix as of_coalition
from scheduler.model import OWN, Coalition, State

#: A sign that is readable without its colour, and the colour.
_SIGNS = MappingProxyType(
    {
        CellState.OPTED_OUT: ("–", "dim"),
        CellState.MISSING: ("!", "bold red"),
        CellState.HELD: ("H", "bold red"),
        CellState.STALE: ("s", "yellow"),
        CellState.DRAFT: ("d", "cyan"),
        CellState.TRANSLATED: ("✓", "green"),
    }
)


def matrix(
    campaign: CampaignFile = CALENDAR,
    on: OnDate = None,
    ledger: LedgerAt = None,
    json: Json = False,
) -> None:
    """Show each post of each member: translated, draft, stale, missing, opted out or held."""
    checked = examine(campaign, on, draw=False, ledger=ledger)
    coalition = checked.taken_up
    if checked.coalition is None or coalition is None:
        say_problems(checked.problems, ending="So there is nothing to show.")
        raise typer.Exit(1)
    held = {**_held(ledger_at(campaign, ledger), coalition), **checked.held}
    shown = of_coalition(coalition, held)
    if json:
        write_json(_json(shown))
    else:
        headings = _headings(coalition, shown)
        data.print(_table(shown, headings))
        data.print(_legend(shown, headings))
    if not coalition.complete:
        names = absent(campaign, checked.coalition, checked.refused)
        say_problems(checked.problems, ending=left_out("Not shown", names))
        raise typer.Exit(1)


def _held(ledger: Path | str, coalition: Coalition) -> dict[tuple[str, str], str]:
    """What the ledger holds back by now, where there is one."""
    if not is_begun(ledger):
        return {}
    from scheduler.ledger import Ledger, questions  # noqa: PLC0415 (before a first run, nobody needs it)

    with Ledger(ledger) as opened:
        entries = opened.read(lambda connection: questions.entries(connection, coalition.own.id))
    return {
        (entry.post, entry.account): entry.reason for entry in entries if entry.state is State.HELD
    }


def _json(shown: Matrix) -> dict[str, object]:
    return {
        "members": [member.id for member in shown.members],
        "languages": list(shown.languages),
        "cells": [
            {
                "day": cell.day,
                "post": cell.post,
                "member": cell.member,
                "language": cell.language,
                "state": str(cell.state),
            }
            for cell in shown.cells
        ],
    }


def _table(shown: Matrix, headings: Sequence[str]) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("Day", justify="right")
    table.add_column("Post", overflow="fold", min_width=20)
    for heading in headings:
        table.add_column(Text(heading), justify="center", no_wrap=True)
    for (day, post), cells in groupby(shown.cells_by_post, lambda cell: (cell.day, cell.post)):
        signs = {cell.member: _sign(cell) for cell in cells}
        table.add_row(
            str(day), Text(post), *(signs.get(each.id, Text("")) for each in shown.members)
        )
    return table


def _sign(cell: Cell) -> Text:
    sign, style = _SIGNS[cell.state]
    return Text(sign, style=style)


def _legend(shown: Matrix, headings: Sequence[str]) -> Text:
    """What the signs mean, how many there are of each, and whose column is whose."""
    counted = Counter(cell.state for cell in shown.cells)
    signs = [
        Text.assemble(_SIGNS[state], f" {state}: {counted[state]}")
        for state in CellState
        if counted[state]
    ]
    tongues = {cell.member: cell.language for cell in shown.cells}
    names = ", ".join(
        f"{heading} {member.id} ({tongues.get(member.id, 'nothing')})"
        for heading, member in zip(headings, shown.members, strict=True)
    )
    return Text("\n").join([Text(), Text(" · ").join(signs), Text(names)])


def _headings(coalition: Coalition, shown: Matrix) -> list[str]:
    """A few letters for each column: the country, where no two members have the same."""
    countries = Counter(each.rules.country for each in coalition.campaigns.values())
    return [
        country
        if (country := coalition.campaigns[member.id].rules.country) and countries[country] == 1
        else _SHORT_OWN
        if member.id == OWN
        else member.id[:8]
        for member in shown.members
    ]


_SHORT_OWN = "own"
