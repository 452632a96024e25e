"""What the columns of somebody's own spreadsheet hold: guessed from their names and contents.

A guess is shown before anything is written, and a person can correct it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from statistics import mean
from types import MappingProxyType

from scheduler.naming import nearest
from scheduler.sheets.dates import dates_of, plain, time_of
from scheduler.sheets.tables import Grid, letters

#: What a column may hold; "notes" are read by people alone, and never published.
ROLES = (
    "date",
    "day",
    "time",
    "text",
    "headline",
    "alt",
    "picture",
    "platform",
    "tags",
    "link",
    "language",
    "notes",
)
#: A header stands within the first rows; titles and logos may stand above it.
_HEADER_WITHIN = 20
_SAMPLES = 60

_FILE_NAME = re.compile(r"\S.*\.(?:jpe?g|png|gif|webp|tiff?|heic|mp4|psd|ai|svg)", re.IGNORECASE)
_PLATFORM = re.compile(
    r"\b(?:instagram|insta|ig|facebook|fb|x|twitter|mastodon|bluesky|threads|linkedin|telegram|"
    r"tiktok|youtube|whatsapp|newsletter|website|all|alle|tutti|tous|todos)\b"
)
_LANGUAGE = re.compile(
    r"[a-z]{2,3}|english|deutsch|german|italian[oa]?|french|francais|spanish|espanol"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of the sheet, and what it was taken for: a role, or "" where it is not used."""

    number: int
    name: str
    role: str
    #: Why: "its name", "its contents", "you said so" or "".
    why: str
    example: str
    hidden: bool = False

    @property
    def called(self) -> str:
        return f"{letters(self.number)} “{self.name}”" if self.name else letters(self.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """A sheet whose columns are known."""

    grid: Grid
    #: The number of the row with the names.
    header: int
    columns: tuple[Column, ...]

    @property
    def rows(self) -> Iterator[tuple[int, Mapping[str, str]]]:
        """What each row says, by role."""
        names = tuple(column.name for column in self.columns)
        for number, cells in self.grid.rows:
            if number > self.header and tuple(map(str.strip, cells)) != names[: len(cells)]:
                yield (
                    number,
                    {
                        column.role: cells[column.number].strip()
                        for column in self.columns
                        if column.role and column.number < len(cells)
                        if cells[column.number].strip()
                    },
                )

    def complaint(self, corrections: Mapping[str, str]) -> str:
        """What is wrong with what a person said of its columns, or ""."""
        names = [each.name for each in self.columns if each.name]
        known = {"-", *names, *(letters(each.number) for each in self.columns)}
        for role, name in corrections.items():
            if name not in known:
                return f'{role}: there is no column "{name}"; {nearest(name, names)}'
        return ""

    def column(self, role: str) -> int:
        return next((each.number for each in self.columns if each.role == role), 0)


@cache
def _words() -> Mapping[str, frozenset[str]]:
    text = files("scheduler.sheets").joinpath("headers.toml").read_text("utf-8")
    return MappingProxyType(
        {role: frozenset(map(_simple, names)) for role, names in tomllib.loads(text).items()}
    )


def mapped(grids: Sequence[Grid], corrections: Mapping[str, str]) -> Mapped | None:
    """The sheet that looks most like a plan of posts; None where none has a row of names.

    `corrections` says which column (by name or letter) has a role; "-" that none has.
    """
    found = [each for grid in grids if (each := _mapped(grid, corrections))]
    return max(found, key=_sureness, default=None)


def _sureness(each: Mapped) -> tuple[bool, int, int]:
    roles = {column.role for column in each.columns if column.role}
    return "text" in roles, len(roles - {"notes"}), len(each.grid.rows)


def _mapped(grid: Grid, corrections: Mapping[str, str]) -> Mapped | None:
    heads = [
        (sum(map(bool, map(_role_of, cells))) + _corrected(cells, corrections), -place, place)
        for place, (_, cells) in enumerate(grid.rows[:_HEADER_WITHIN])
    ]
    if not heads:
        return None
    _, _, place = max(heads)
    number, names = grid.rows[place]
    below = [cells for row, cells in grid.rows if row > number][:_SAMPLES]
    width = max(map(len, (names, *below)))
    columns = [
        _Seen(
            number=at,
            name=names[at].strip() if at < len(names) else "",
            cells=tuple(
                cells[at].strip() for cells in below if at < len(cells) and cells[at].strip()
            ),
        )
        for at in range(width)
    ]
    return Mapped(
        grid=grid, header=number, columns=tuple(_assigned(columns, corrections, grid.hidden))
    )


def _corrected(cells: Sequence[str], corrections: Mapping[str, str]) -> int:
    names = {cell.strip() for cell in cells}
    return sum(name in names for name in corrections.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    number: int
    name: str
    cells: tuple[str, ...]


def _assigned(
    columns: Sequence[_Seen], corrections: Mapping[str, str], hidden: frozenset[int]
) -> Iterator[Column]:
    """Each role has one column at most, the one that speaks for it most clearly."""
    taken: dict[int, tuple[str, str]] = {}
    for role, name in corrections.items():
        for column in columns:
            if name != "-" and name in (column.name, letters(column.number)):
                taken[column.number] = role, "you said so"
                break
    scores = sorted(
        ((_score(column, role), -column.number, role) for column in columns for role in ROLES),
        reverse=True,
    )
    for (score, why), place, role in scores:
        roles = {each for each, _ in taken.values()} | corrections.keys()
        if score > 0 and -place not in taken and role not in roles:
            taken[-place] = role, why
    for column in columns:
        role, why = taken.get(column.number, ("", ""))
        if column.name or column.cells:
            yield Column(
                number=column.number,
                name=column.name,
                role=role,
                why=why,
                example=column.cells[0] if column.cells else "",
                hidden=column.number in hidden,
            )


def _score(column: _Seen, role: str) -> tuple[float, str]:
    by_name = _named(column.name, role)
    share = mean(map(_CONTENTS[role], column.cells)) if role in _CONTENTS and column.cells else 0.0
    if by_name:
        # A column named "date" that holds no date may still be it; one that does is.
        return by_name + share, "its name"
    surely = 0.8
    return (share, "its contents") if share >= surely and not _role_of(column.name) else (0, "")


def _named(name: str, role: str) -> float:
    words = _simple(name)
    known = _words()[role]
    if words in known:
        return 3
    if words.count(" ") >= _LONGEST_NAME:
        return 0  # a sentence
    within = any(f" {each} " in f" {words} " for each in known)
    return 2 if within else 0


def _role_of(name: str) -> str:
    return next((role for role in ROLES if _named(name, role)), "")


def _simple(name: str) -> str:
    return re.sub(r"[\W_]+", " ", plain(name)).strip()


#: In words.
_LONGEST_NAME = 5
_LONG_TEXT = 60

#: How much a cell looks like what it would hold: from 0 to 1.
_CONTENTS: Mapping[str, Callable[[str], float]] = MappingProxyType(
    {
        "date": lambda cell: float(bool(dates_of(cell, 2000)) and len(cell) < _LONG_TEXT),
        "day": lambda cell: 0.5 * bool(re.fullmatch(r"(?:[1-9]|1[0-6])", cell)),
        "time": lambda cell: float(bool(re.fullmatch(r"\d.{0,10}", cell) and time_of(cell))),
        "text": lambda cell: float(len(cell) >= _LONG_TEXT),
        "picture": lambda cell: float(bool(_FILE_NAME.fullmatch(cell))),
        "platform": lambda cell: float(
            bool(_PLATFORM.search(plain(cell))) and len(cell) < _LONG_TEXT
        ),
        "tags": lambda cell: float(all(word.startswith("#") for word in cell.split())),
        "link": lambda cell: float(bool(re.fullmatch(r"(?:https?://|www\.)\S+", cell))),
        "language": lambda cell: 0.5 * bool(_LANGUAGE.fullmatch(plain(cell))),
    }
)
