"""campaign export: the calendar as sheets, or as events for a calendar program."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from scheduler.calendar import files, read_calendar
from scheduler.calendar.reading import Values, read
from scheduler.cli.options import CALENDAR, CampaignFile
from scheduler.cli.telling import say
from scheduler.drafting import caption
from scheduler.errors import Problem, UserError
from scheduler.model import OWN, Coalition, Delivery
from scheduler.naming import nearest
from scheduler.planning import plan
from scheduler.sheets.events import events
from scheduler.sheets.separated import separated
from scheduler.sheets.spreading import LANGUAGE, posts_table, tables, translation_table
from scheduler.sheets.tables import Table
from scheduler.sheets.workbooks import workbook

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
            data, what = _workbook(values_of(campaign), language)
        case ".csv":
            data, what = _separated(values_of(campaign), language)
        case _:
            data, what = _events(campaign, member)
    written({file: data})
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


def values_of(campaign: Path) -> Mapping[str, Values]:
    """The values of every file of a calendar. What is misread must not be exported."""
    trees = {name: read(path, name=name) for name, path in files(campaign).items()}
    if problems := [problem for tree in trees.values() for problem in tree.problems]:
        raise UserError(problems)
    return {name: tree.values for name, tree in trees.items()}


def _workbook(values: Mapping[str, Values], language: str) -> tuple[bytes, str]:
    found = (translation_table(values, language),) if language else tables(values)
    sheets = ", ".join(f"{table.title} ({len(table.rows)})" for table in found)
    return workbook(found), f"the sheets {sheets}"


def _separated(values: Mapping[str, Values], language: str) -> tuple[bytes, str]:
    table: Table = translation_table(values, language) if language else posts_table(values)
    what = f"texts to say in {language}" if language else "posts"
    return separated(table), f"{len(table.rows)} {what}"


# ── events ────────────────────────────────────────────────────────────────────────────────────────


def _events(file: Path, member: str) -> tuple[bytes, str]:
    coalition = read_calendar(file).unwrap()
    if member and member not in coalition.campaigns:
        hint = nearest(member, coalition.campaigns)
        problem = Problem(
            file=file.name,
            code="unknown-member",
            message=f'there is no member "{member}"',
            hint=hint,
        )
        raise UserError([problem])
    shown = [delivery for delivery in plan(coalition) if not member or _speaker(delivery) == member]
    embargoes = {
        ("" if id_ == OWN else id_, post.id): post.embargo
        for id_, said in coalition.campaigns.items()
        for post in said.posts.values()
        if post.embargo
    }
    data = events(
        coalition.own.title,
        shown,
        texts=_texts(coalition),
        embargoes=embargoes,
        now=datetime.now(UTC),
    )
    return data, f"{len({(each.post, _speaker(each)) for each in shown})} events"


def _speaker(delivery: Delivery) -> str:
    return delivery.account.rpartition(".")[0] or OWN


def _texts(coalition: Coalition) -> Callable[[Delivery], str]:
    def text(delivery: Delivery) -> str:
        said = coalition.campaigns[_speaker(delivery)]
        post = said.posts[delivery.post]
        return caption(said, post) if delivery.part == 1 else post.thread[delivery.part - 2]

    return text


# ── writing ───────────────────────────────────────────────────────────────────────────────────────


def _exists(file: Path) -> Problem:
    return Problem(
        file=str(file),
        code="exists",
        message="this file is there already, and somebody may have worked in it",
        hint="name another one, or say --force",
    )


def written(contents: Mapping[Path, bytes]) -> None:
    """Write all files or none: each is complete beside its place before any is moved there."""
    ready: dict[Path, Path] = {}
    before = {file: file.read_bytes() if file.exists() else None for file in contents}
    moved: list[Path] = []
    try:
        for file, data in contents.items():
            file.parent.mkdir(parents=True, exist_ok=True)
            ready[file] = _beside(file, data)
        for file, temporary in ready.items():
            temporary.replace(file)
            moved.append(file)
    except OSError:
        for file in moved:
            _put_back(file, before[file])
        raise
    finally:
        for temporary in ready.values():
            temporary.unlink(missing_ok=True)


def _beside(file: Path, data: bytes) -> Path:
    handle, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    with os.fdopen(handle, "wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    temporary = Path(name)
    # A temporary file is for its owner alone, and what it replaces may have been for a group.
    temporary.chmod(file.stat().st_mode & 0o777 if file.exists() else 0o666 & ~_umask())
    return temporary


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _put_back(file: Path, data: bytes | None) -> None:
    if data is None:
        file.unlink(missing_ok=True)
    else:
        file.write_bytes(data)
