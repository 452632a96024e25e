"""campaign roll-over: this year's calendar as next year's, and what must be verified again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from scheduler.calendar import files, read_calendar
from scheduler.calendar.rolling import (
    Stale,
    ToVerify,
    rolled,
    stale_comments,
    stale_values,
    to_verify,
)
from scheduler.cli.options import CALENDAR, CampaignFile, Json
from scheduler.cli.telling import data, problems_json, say, say_problems, write_json
from scheduler.errors import Problem, Severity, UserError
from scheduler.model import Campaign, Coalition, Place


def roll_over(
    first_day: Annotated[
        datetime,
        typer.Option(
            "--first-day",
            formats=["%Y-%m-%d"],
            metavar="DATE",
            help="Day 1 of the new edition.",
            show_default=False,
        ),
    ],
    id_: Annotated[str, typer.Option("--id", metavar="ID", help="Its own id.", show_default=False)],
    campaign: CampaignFile = CALENDAR,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="The new calendar; else ID.yaml beside it."),
    ] = None,
    json: Json = False,
) -> None:
    """Write the next edition's calendar, and list everything that must be verified again."""
    coalition = read_calendar(campaign).unwrap()
    read = coalition.own
    text = campaign.read_bytes().decode("utf-8-sig")
    new = rolled(text, read, first_day=first_day.date(), id_=id_)
    file = out or campaign.parent / f"{id_}.yaml"
    _write(file, new)
    found = read_calendar(file).problems
    lists = _to_verify(coalition), stale_comments(new, read), stale_values(new, read)
    if json:
        write_json(_json(file, id_, first_day.date(), lists, found))
    else:
        _say(file, read, first_day.date(), lists, found)
        if len(files(campaign)) > 1:
            say(_BESIDE if file.parent.samefile(campaign.parent) else _ELSEWHERE)
    if any(problem.severity is Severity.ERROR for problem in found):
        raise typer.Exit(1)


_BESIDE = "The files in languages/ and members/ apply to it as they are."
_ELSEWHERE = "Copy languages/, members/ and assets/ beside it: without them, nobody else speaks."


def _to_verify(coalition: Coalition) -> tuple[ToVerify, ...]:
    """The calendar's own, and what only a member's file has."""
    own = to_verify(coalition.own)
    known = {(each.kind, each.id) for each in own}
    others = {
        (each.kind, each.id, each.place): each
        for said in coalition.campaigns.values()
        for each in to_verify(said)
        if (each.kind, each.id) not in known
    }
    return (*own, *others.values())


_Lists = tuple[tuple[ToVerify, ...], tuple[Stale, ...], tuple[Stale, ...]]


def _write(file: Path, text: str) -> None:
    """Never over a file that is there."""
    try:
        with file.open("x", encoding="utf-8", newline="") as opened:
            opened.write(text)
    except FileExistsError:
        raise UserError([_exists(file)]) from None
    except OSError as error:
        raise UserError([_unwritable(file, error)]) from None


def _exists(file: Path) -> Problem:
    return Problem(
        file=str(file),
        code="exists",
        message="this file is there already, and is never written over",
        hint="name another one with --out FILE, or move it away first",
    )


def _unwritable(file: Path, error: OSError) -> Problem:
    return Problem(
        file=str(file),
        code="not-written",
        message=f"this file cannot be written: {error.strerror or error}",
        hint="name another one with --out FILE",
    )


def _say(
    file: Path, old: Campaign, first_day: date, lists: _Lists, problems: tuple[Problem, ...]
) -> None:
    verify, comments, values = lists
    say(f"Wrote {file}: {len(old.posts)} posts, day 1 is {first_day:%A, %d %B %Y}.")
    if verify:
        say("\nVerify each of these again, before it is said, and write the new date behind it:")
    for one in verify:
        what = f'{one.kind} "{one.id}": {one.what}'
        data.print(escape(f"{_spot(file, one.place)}  {what}  {one.address}".rstrip()))
    _say_stale(file, "These comments name days or dates, which have moved:", comments)
    _say_stale(file, f"These lines speak of {old.first_day.year}:", values)
    if problems:
        say("")
        say_problems(problems, ending=f"They stand in {file}.")
    say(f"\nNothing is approved in the new edition yet. Next: campaign check --campaign {file}")


def _say_stale(file: Path, title: str, lines: Sequence[Stale]) -> None:
    if lines:
        say(f"\n{title}")
    for line in lines:
        data.print(escape(f"{_spot(file, line.place)}  {line.text}"))


def _spot(file: Path, place: Place) -> str:
    """The place in the new file, of which no line was added or taken away, or in one beside it."""
    return f"{_in(file, place)}:{place.line}:{place.column}"


def _in(file: Path, place: Place) -> str:
    return place.file if "/" in place.file else file.name


def _json(
    file: Path, id_: str, first_day: date, lists: _Lists, problems: tuple[Problem, ...]
) -> dict[str, Any]:
    verify, comments, values = lists
    return {
        "file": str(file),
        "id": id_,
        "first_day": first_day.isoformat(),
        "verify": [
            {
                "kind": one.kind,
                "id": one.id,
                "file": _in(file, one.place),
                "line": one.place.line,
                "column": one.place.column,
                "what": one.what,
                "address": one.address or None,
            }
            for one in verify
        ],
        "comments": [_stale(line) for line in comments],
        "values": [_stale(line) for line in values],
        "problems": problems_json(problems),
    }


def _stale(line: Stale) -> dict[str, Any]:
    return {"line": line.place.line, "column": line.place.column, "text": line.text}
