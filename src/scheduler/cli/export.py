"""campaign export: the calendar as sheets, or as events for a calendar program."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from scheduler.calendar import read_calendar
from scheduler.calendar.changing import values_of
from scheduler.calendar.saving import save
from scheduler.cli.options import CALENDAR, CampaignFile
from scheduler.cli.telling import say
from scheduler.drafting import caption
from scheduler.errors import Problem, UserError
from scheduler.model import OWN
from scheduler.naming import nearest
from scheduler.planning import plan
from scheduler.sheets.events import events_of, organisation
from scheduler.sheets.exporting import posts_table, tables
from scheduler.sheets.exporting_translations import translation_table
from scheduler.sheets.layout import LANGUAGE
from scheduler.sheets.separated import separated
from scheduler.sheets.writing_workbooks import workbook

_ENDINGS = (".xlsx", ".csv", ".ics")


def export(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="Ends in .xlsx, .csv or .ics.", show_default=False),
    ],
    language: Annotated[
        str,
        typer.Option("--language", metavar="CODE", help="Only what its translator needs."),
    ] = "",
    member: Annotated[
        str, typer.Option("--member", metavar="ID", help="Only its events, in an .ics file.")
    ] = "",
    campaign: CampaignFile = CALENDAR,
    force: Annotated[
        bool, typer.Option("--force", help="Write over a file that is there.")
    ] = False,
) -> None:
    """Write the calendar as a workbook, as a table of its posts or texts, or as events."""
    _check(file, language, member)
    if file.exists() and not force:
        raise UserError([_exists(file)])
    match file.suffix.lower():
        case ".xlsx":
            data, what = _workbook(campaign, language)
        case ".csv":
            data, what = _separated(campaign, language)
        case _:
            data, what = _events(campaign, member)
    save({file: data})
    say(f"Wrote {file}: {what}.")
    if file.suffix.lower() != ".ics":
        say(f"What is changed in it comes back with: campaign import {file}")


def _check(file: Path, language: str, member: str) -> None:
    if file.suffix.lower() not in _ENDINGS:
        raise typer.BadParameter(f"{file.name} ends in none of {', '.join(_ENDINGS)}")
    if language and not LANGUAGE.fullmatch(language):
        raise typer.BadParameter(f"{language} is no code of a language, such as de")
    if language and file.suffix.lower() == ".ics":
        raise typer.BadParameter("events are in the language of each member: use --member")
    if member and file.suffix.lower() != ".ics":
        raise typer.BadParameter("a workbook holds every member: --member is for .ics")


def _exists(file: Path) -> Problem:
    return Problem(
        file=str(file),
        code="exists",
        message="this file is there already, and somebody may have worked in it",
        hint="name another one, or say --force",
    )


def _workbook(campaign: Path, language: str) -> tuple[bytes, str]:
    values = values_of(campaign)
    found = (translation_table(values, language),) if language else tables(values)
    sheets = ", ".join(f"{table.title} ({len(table.rows)})" for table in found)
    return workbook(found), f"the sheets {sheets}"


def _separated(campaign: Path, language: str) -> tuple[bytes, str]:
    values = values_of(campaign)
    table = translation_table(values, language) if language else posts_table(values)
    what = f"texts to say in {language}" if language else "posts"
    return separated(table), f"{len(table.rows)} {what}"


def _events(campaign: Path, member: str) -> tuple[bytes, str]:
    coalition = read_calendar(campaign).unwrap()
    if member and member not in coalition.campaigns:
        hint = nearest(member, coalition.campaigns)
        message = f'there is no member "{member}"'
        problem = Problem(file=campaign.name, code="unknown-member", message=message, hint=hint)
        raise UserError([problem])
    deliveries = [
        delivery
        for delivery in plan(coalition)
        if member in ("", organisation(delivery.account) or OWN)
    ]
    data, number = events_of(coalition, deliveries, caption=caption, now=datetime.now(UTC))
    return data, f"{number} events"
