"""What people posted, as it comes back: the file of a kit's page, or a row that somebody typed.

Whatever can be understood is; whatever cannot is a problem with its line and column.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from scheduler.errors import Problem, Severity, UserError
from scheduler.model import Confirmation, Place
from scheduler.naming import nearest
from scheduler.sheets.dates import dates_of, plain
from scheduler.sheets.opening import about, opened
from scheduler.sheets.tables import Grid, problem, shown

#: By this a file of a kit's page is known; the number rises when old programs would misread it.
SIGNATURE, VERSION = "campaign-kit", 1
LARGEST = 2_000_000
#: Before the first day somebody may have posted a test; long before, a year was mistyped.
_BEFORE = timedelta(days=31)
#: Where it is tomorrow already.
_AHEAD = timedelta(days=1)
_LONGEST_LINK = 2000

_OF_FILE = frozenset({SIGNATURE, "campaign", "member", "kit", "posted"})
_OF_ITEM = frozenset({"post", "account", "platform", "part", "link", "date"})
#: How people call the columns of a table, without accents and capitals.
_COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("post", "post id", "post (id)", "id", "which post"), "post"),
        **dict.fromkeys(("account", "where", "konto", "profile", "page"), "account"),
        **dict.fromkeys(("platform", "network"), "platform"),
        **dict.fromkeys(("link", "url", "address", "web address", "its link", "adresse"), "link"),
        **dict.fromkeys(("date", "day posted", "posted on", "on", "posted", "datum"), "date"),
        **dict.fromkeys(("part", "answer"), "part"),
        "member": "member",
    }
)
_NEEDED = ("post", "link", "date")
_HEADER_WITHIN = 5
_NAMELESS = re.compile(r"^(?:www\.|[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}(?:/|$))", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """Which dates can be meant."""

    first_day: date
    today: date

    @property
    def earliest(self) -> date:
        return self.first_day - _BEFORE

    @property
    def latest(self) -> date:
        return self.today + _AHEAD


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """What was read. With an error among the problems nothing of it may be taken over."""

    confirmations: tuple[Confirmation, ...]
    problems: tuple[Problem, ...]


def read(files: Sequence[Path], *, campaign: str, dates: Dates) -> Returned:
    """Every confirmation in the files, and everything that is wrong with them."""
    found: list[Confirmation | Problem] = []
    for file in files:
        try:
            found += _of_file(file, campaign, dates)
        except UserError as error:
            found += error.problems
    return Returned(
        confirmations=tuple(each for each in found if isinstance(each, Confirmation)),
        problems=tuple(sorted(each for each in found if isinstance(each, Problem))),
    )


def _of_file(file: Path, campaign: str, dates: Dates) -> Iterator[Confirmation | Problem]:
    text = _as_json(file)
    if text is None:
        return _of_grids(file, dates)
    return _of_json(file, text, campaign, dates)


def _as_json(file: Path) -> str | None:
    """The text of a kit's file, though a messenger calls it .txt; None for a table."""
    if not file.is_file() or file.suffix.lower() not in (".json", ".txt"):
        return None
    if file.stat().st_size > LARGEST:
        hint = "send the file that the kit's page has made"
        raise UserError([about(file, "too-large", "larger than two megabytes", hint)])
    try:
        text = file.read_text("utf-8-sig")
    except UnicodeDecodeError:
        return None if file.suffix.lower() == ".txt" else _refuse_encoding(file)
    return text if file.suffix.lower() == ".json" or "{" in text else None


def _refuse_encoding(file: Path) -> str:
    raise UserError([about(file, "bad-text", "this is no UTF-8", "save it as UTF-8")])


# ── the file of a kit's page ──────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Text:
    """A text whose every character knows its line and column."""

    file: Path
    text: str

    def place(self, offset: int) -> Place:
        line = self.text.count("\n", 0, offset) + 1
        column = offset - (self.text.rfind("\n", 0, offset) + 1) + 1
        return Place(file=str(self.file), line=line, column=column)

    def key(self, name: str, begin: int, end: int) -> Place:
        """Where the value of a key stands between two places, or where the whole begins."""
        found = re.compile(rf'"{re.escape(name)}"\s*:\s*').search(self.text, begin, end)
        return self.place(found.end() if found else begin)


def _of_json(
    file: Path, text: str, campaign: str, dates: Dates
) -> Iterator[Confirmation | Problem]:
    # A message may stand around it.
    begin = max(text.find(f'{{"{SIGNATURE}"'), 0) or text.find("{")
    where = _Text(file, text)
    said, end = _decoded(where, max(begin, 0))
    yield from _of_head(where, said, campaign, begin, end)
    if not isinstance(said.get("posted"), list):
        message = 'there is no list "posted"'
        yield where.key("posted", begin, end).problem("bad-confirmation", message, _AGAIN)
        return
    member = said.get("member")
    for span, item in _items(where, begin, end):
        yield from _of_item(where, span, item, member, dates)


_AGAIN = "send the file that the kit's page has made, as it is"


def _decoded(where: _Text, begin: int) -> tuple[dict[str, Any], int]:
    try:
        said, end = _DECODER.raw_decode(where.text, begin)
    except json.JSONDecodeError as error:
        place = where.place(error.pos)
        message = f"this is no file of a kit: {error.msg}"
        raise UserError([place.problem("bad-confirmation", message, _AGAIN)]) from None
    except (ValueError, RecursionError) as error:
        message = f"this is no file of a kit: {error}"
        raise UserError([where.place(begin).problem("bad-confirmation", message, _AGAIN)]) from None
    if not isinstance(said, dict):
        message = "this is no file of a kit"
        raise UserError([where.place(begin).problem("bad-confirmation", message, _AGAIN)])
    return said, end


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f'"{name}" stands there twice')
    return dict(pairs)


_DECODER = json.JSONDecoder(object_pairs_hook=_each_once)
_PLAIN = json.JSONDecoder()


def _of_head(
    where: _Text, said: Mapping[str, Any], campaign: str, begin: int, end: int
) -> Iterator[Problem]:
    def wrong(name: str, message: str, hint: str = _AGAIN) -> Problem:
        return where.key(name, begin, end).problem("bad-confirmation", message, hint)

    for name in said.keys() - _OF_FILE:
        yield wrong(name, f'no key "{name}" is known here', nearest(name, _OF_FILE))
    if said.get(SIGNATURE) != VERSION or isinstance(said.get(SIGNATURE), bool):
        yield wrong(SIGNATURE, f'"{SIGNATURE}" is not {VERSION}: this is no file of a kit')
    if said.get("campaign") != campaign:
        message = f'it is of the campaign "{said.get("campaign")}", and this is "{campaign}"'
        yield wrong("campaign", message, "name the calendar that it belongs to: --campaign FILE")
    if not isinstance(said.get("member"), str):
        yield wrong("member", "it does not say whose kit it comes from")


def _items(where: _Text, begin: int, end: int) -> Iterator[tuple[tuple[int, int], Any]]:
    """Each item of the list, with where it begins and ends."""
    opening = re.compile(r'"posted"\s*:\s*\[\s*').search(where.text, begin, end)
    at = opening.end() if opening else end
    while at < end and where.text[at] != "]":
        item, until = _PLAIN.raw_decode(where.text, at)
        yield (at, until), item
        gap = re.compile(r"[\s,]*").match(where.text, until)
        at = gap.end() if gap else end


def _of_item(
    where: _Text, span: tuple[int, int], item: Any, member: Any, dates: Dates
) -> Iterator[Confirmation | Problem]:
    begin, end = span
    if not isinstance(item, dict):
        yield where.place(begin).problem("bad-confirmation", "this is no post", _AGAIN)
        return
    fields: dict[str, _Field] = {}
    for name, value in item.items():
        place = where.key(name, begin, end)
        if name not in _OF_ITEM:
            hint = nearest(name, _OF_ITEM)
            yield place.problem("bad-confirmation", f'no key "{name}" is known here', hint)
        elif isinstance(value, bool) or not isinstance(value, str | int):
            yield place.problem("bad-confirmation", f'"{name}" is no text', _AGAIN)
        else:
            fields[name] = _Field(str(value).strip(), place)
    whole = where.place(begin)
    if not fields.get("account", _NONE).text and "platform" in fields:
        yield _without_account(fields, whole)
        return
    own = member if isinstance(member, str) else ""
    yield from _confirmation(fields, whole, own, dates, lambda _: whole)


def _without_account(fields: Mapping[str, _Field], place: Place) -> Problem:
    post, platform = fields.get("post", _NONE).text, fields["platform"].text
    message = (
        f'post "{post}" was posted on {platform}, where the calendar has no account: it is not '
        f"entered ({fields.get('link', _NONE).text})"
    )
    hint = "to have it counted next time, write the account into the member's file"
    return place.problem("no-account", message, hint, Severity.WARNING)


# ── a table ───────────────────────────────────────────────────────────────────────────────────────


def _of_grids(file: Path, dates: Dates) -> Iterator[Confirmation | Problem]:
    grids, note = opened(file)
    if note:
        yield Place(file=str(file)).problem("encoding", note, severity=Severity.WARNING)
    tables = [(grid, header) for grid in grids if (header := _header(grid)) is not None]
    if not tables:
        message = "no table with the columns post, account, link and date"
        hint = 'name the columns in the first row: "post", "account", "link" and "date"'
        yield about(file, "not-a-sheet", message, hint)
    for grid, header in tables:
        yield from _of_grid(grid, header, dates)


def _header(grid: Grid) -> int | None:
    """The place of the row that names the columns."""
    for place, (_, cells) in enumerate(grid.rows[:_HEADER_WITHIN]):
        names = {_COLUMNS.get(plain(cell).strip()) for cell in cells}
        if {"post", "link"} <= names:
            return place
    return None


def _of_grid(grid: Grid, header: int, dates: Dates) -> Iterator[Confirmation | Problem]:
    number, names = grid.rows[header]
    columns: dict[str, int] = {}
    for column, name in enumerate(names):
        role = _COLUMNS.get(plain(name).strip())
        if role in columns:
            message = f'the column "{name}" says the same as "{names[columns[role]]}"'
            yield problem(grid.name, number, message, "delete one of the two", column=column)
        elif role:
            columns[role] = column
        elif name.strip():
            message = f'the column "{name}" is not used'
            yield problem(grid.name, number, message, column=column, severity=Severity.WARNING)
    for missing in [name for name in _NEEDED if name not in columns]:
        hint = f'write "{missing}" into the first row above it'
        yield problem(grid.name, number, f'there is no column "{missing}"', hint)
    if "account" not in columns and "platform" not in columns:
        hint = 'write "account" into the first row, and below it where each was posted'
        yield problem(grid.name, number, 'there is no column "account"', hint)
        return
    for row, cells in grid.rows[header + 1 :]:
        yield from _of_row(grid, row, cells, columns, dates)


def _of_row(
    grid: Grid, row: int, cells: Sequence[str], columns: Mapping[str, int], dates: Dates
) -> Iterator[Confirmation | Problem]:
    def place(role: str) -> Place:
        return Place(file=grid.name, line=row, column=columns.get(role, 0) + 1)

    for (at, column), why in grid.unreadable.items():
        if at == row and column in columns.values():
            hint = "write the text itself into the cell"
            yield problem(grid.name, row, why, hint, column=column)
    fields = {
        role: _Field(cells[column].strip(), place(role))
        for role, column in columns.items()
        if column < len(cells) and cells[column].strip()
    }
    if not fields:
        return
    if "link" not in fields and "date" not in fields:
        message = f"{shown(fields.get('post', _NONE).text)}: neither link nor date, so not entered"
        yield problem(grid.name, row, message, severity=Severity.WARNING, code="not-posted")
        return
    member = fields.get("member", _NONE).text
    yield from _confirmation(fields, place("post"), member, dates, place)


# ── what both say ─────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Field:
    text: str
    place: Place


_NONE = _Field("", Place(file=""))


def _confirmation(
    fields: Mapping[str, _Field],
    whole: Place,
    member: str,
    dates: Dates,
    place: Callable[[str], Place],
) -> Iterator[Confirmation | Problem]:
    """The confirmation, or everything that is wrong with it."""
    account = fields.get("account") or fields.get("platform") or _Field("", place("account"))
    wrong: list[Problem] = []
    for name, field in (("post", fields.get("post", _NONE)), ("account", account)):
        if not field.text:
            wrong.append(place(name).problem("bad-confirmation", f"{name} is empty", _WANTED[name]))
    link, on, part = (
        _tried(convert, fields.get(name) or _Field("", place(name)), _WANTED[name], wrong)
        for name, convert in (
            ("link", link_of),
            ("date", lambda text: date_of(text, dates)),
            ("part", _part),
        )
    )
    if wrong or not isinstance(link, str) or not isinstance(on, date) or not isinstance(part, int):
        yield from wrong
        return
    yield Confirmation(
        post=fields["post"].text,
        account=account.text,
        part=part,
        link=link,
        on=on,
        member=member,
        place=whole,
        account_place=account.place,
        link_place=fields["link"].place,
    )


_WANTED: Mapping[str, str] = MappingProxyType(
    {
        "post": "write the id of the post, as campaign status shows it",
        "account": "write the account, as campaign status shows it",
        "link": "open the post, and copy its whole address: https://…",
        "date": "write the day on which it was posted: 2026-11-25",
        "part": "write its number in the thread, or nothing for the first",
    }
)


def _tried(
    convert: Callable[[str], object], field: _Field, hint: str, wrong: list[Problem]
) -> object:
    try:
        return convert(field.text)
    except ValueError as error:
        wrong.append(field.place.problem("bad-confirmation", str(error), hint))
        return None


def link_of(written: str) -> str:
    """A whole address, with `https://` where it lacks. Raises `ValueError` with what is wrong."""
    text = written.strip().strip("<>")
    if not text:
        raise ValueError("it has no link")
    if _NAMELESS.match(text):
        text = f"https://{text}"
    if len(text) > _LONGEST_LINK or any(sign.isspace() or not sign.isprintable() for sign in text):
        raise ValueError(f"{shown(written)} is no single address")
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
        secret = parts.username is not None
    except ValueError:
        host, secret = "", False
        parts = urlsplit("")
    if parts.scheme not in ("https", "http") or "." not in host.strip("."):
        raise ValueError(f"{shown(written)} is no address of a post")
    if secret:
        raise ValueError("the link has a name or a password in it")
    return text


def date_of(written: str, dates: Dates) -> date:
    """The day that was meant. Raises `ValueError` where there is none, or more than one."""
    if not written.strip():
        raise ValueError("it does not say on which day it was posted")
    found = dates_of(written, dates.first_day.year)
    likely = sorted(each for each in found if dates.earliest <= each <= dates.latest)
    if len(likely) == 1:
        return likely[0]
    if likely:
        choice = " or ".join(map(str, likely))
        raise ValueError(f"{shown(written)} may be {choice}")
    if not found:
        raise ValueError(f"{shown(written)} is no date")
    if later := [each for each in found if each > dates.latest]:
        raise ValueError(f"{min(later)} is still to come")
    raise ValueError(f"{max(found)} is long before the campaign")


def _part(written: str) -> int:
    if not written:
        return 1
    if not re.fullmatch(r"[1-9]\d{0,2}(?:\.0)?", written):
        raise ValueError(f"{shown(written)} is no number of a part")
    return int(float(written))


def errors(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Those for which nothing is taken over."""
    return tuple(each for each in problems if each.severity is Severity.ERROR)
