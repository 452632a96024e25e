"""Somebody's own spreadsheet as a new calendar: what is known is written, and nothing is made up.

A row that cannot be read is a problem with its number; the others are taken all the same.
"""

from __future__ import annotations

import copy
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from scheduler.calendar.reading import Values
from scheduler.errors import Problem
from scheduler.model import DAYS
from scheduler.sheets.dates import dates_of, years_in
from scheduler.sheets.foreign_posts import Posts
from scheduler.sheets.guessing import Mapped
from scheduler.sheets.tables import problem
from scheduler.sheets.words import language_of, slug

#: The sixteen days begin with the International Day for the Elimination of Violence against Women.
_FIRST_MONTH, _FIRST_DAY = 11, 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What a person says of the new calendar; whatever they leave open is guessed, and shown."""

    id: str = ""
    title: str = ""
    zone: str = ""
    language: str = ""
    first_day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """A value below "campaign", and where it came from."""

    key: str
    value: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A new calendar, made from a spreadsheet."""

    sheet: Mapped
    values: Values
    problems: tuple[Problem, ...]
    guesses: tuple[Guess, ...]
    #: The accounts that were made up from the names of platforms.
    accounts: tuple[str, ...]
    rows: int

    @property
    def posts(self) -> Values:
        posts: Values = self.values["posts"]
        return posts

    @property
    def without_alt(self) -> int:
        """How many posts nobody has described yet."""
        return sum("alt" not in post for post in self.posts.values())


def planned(
    sheet: Mapped, template: Values, wishes: Wishes, *, stem: str, has_file: Callable[[str], bool]
) -> Planned:
    """The calendar that the sheet's rows make. `template` says the brand and the first account.

    `stem` is the name of the spreadsheet's file; `has_file`, whether the new calendar's folder has
    a picture of this name.
    """
    rows = list(sheet.rows)
    first_day = wishes.first_day or first_day_of(cells.get("date", "") for _, cells in rows)
    language = wishes.language or _most(language_of(cells.get("language", "")) for _, cells in rows)
    posts = Posts(sheet=sheet, first_day=first_day, language=language or "en", has_file=has_file)
    for number, cells in rows:
        posts.take(number, cells)
    guesses = _guesses(template["campaign"], wishes, first_day, language, stem)
    return Planned(
        sheet=sheet,
        values=_values(template, guesses, posts),
        problems=tuple(sorted([*_unreadable(sheet), *posts.problems])),
        guesses=guesses,
        accounts=tuple(posts.accounts),
        rows=len(rows),
    )


def _values(template: Values, guesses: Iterable[Guess], posts: Posts) -> Values:
    values = copy.deepcopy(template)
    values["campaign"] = {each.key: each.value for each in guesses} | {
        key: value
        for key, value in template["campaign"].items()
        if key not in {each.key for each in guesses}
    }
    if posts.accounts:
        values["accounts"] = {
            name: {"platform": "folder", "directory": f"published/{name}"}
            for name in posts.accounts
        }
    values["posts"] = posts.posts
    if posts.pictures:
        values["pictures"] = posts.pictures
    return values


def _unreadable(sheet: Mapped) -> Iterable[Problem]:
    for (row, column), why in sheet.grid.unreadable.items():
        hint = "write the text itself into it"
        yield problem(sheet.grid.name, row, why, hint, column=column)


# ── the campaign ──────────────────────────────────────────────────────────────────────────────────


def first_day_of(cells: Iterable[str]) -> date | None:
    """25 November, where the rows lie in its sixteen days; else what has most of them."""
    written = [cell for cell in cells if cell]
    year = _most(str(each) for cell in written for each in years_in(cell))
    meant = [dates_of(cell, int(year) if year else None) for cell in written]
    sure = [next(iter(each)) for each in meant if len(each) == 1]
    known = [each for each in sure if (each.month, each.day) == (_FIRST_MONTH, _FIRST_DAY)]
    if known:
        return known[0]
    candidates = [date(each.year, _FIRST_MONTH, _FIRST_DAY) for each in sure] + sorted(sure)
    covered = Counter(
        {
            day: sum(any(0 <= (each - day).days < DAYS for each in some) for some in meant)
            for day in dict.fromkeys(candidates)
        }
    )
    return covered.most_common(1)[0][0] if covered else None


def _most(words: Iterable[str]) -> str:
    found = Counter(word for word in words if word)
    return found.most_common(1)[0][0] if found else ""


def _guesses(
    before: Mapping[str, str], wishes: Wishes, first_day: date | None, language: str, stem: str
) -> tuple[Guess, ...]:
    """What stands below "campaign": as somebody said, from the sheet, or as in the template."""
    day = str(first_day or before["first_day"])
    by_dates = "from the dates" if first_day else "no row has a date"
    by_sheet = "from the sheet" if language else "a guess"
    title = re.sub(r"[\s_-]+", " ", stem).strip() or "Our campaign"
    return (
        _guess("id", wishes.id, _id(stem, first_day), "from the file's name: --id changes it"),
        _guess("title", wishes.title, title, "from the file's name: --title"),
        _guess("first_day", str(wishes.first_day or ""), day, f"{by_dates}: --first-day"),
        _guess("zone", wishes.zone, before["zone"], "a guess: --zone"),
        _guess("language", wishes.language, language or "en", f"{by_sheet}: --language"),
        Guess(key="time", value=before["time"], why="for rows without one"),
    )


def _guess(key: str, said: str, guessed: str, why: str) -> Guess:
    return Guess(key=key, value=said or guessed, why="you said so" if said else why)


def _id(stem: str, first_day: date | None) -> str:
    name = slug(stem) or "campaign"
    year = str(first_day.year) if first_day else ""
    return name if year in name else f"{name}-{year}"
