"""Rows of somebody's own spreadsheet as posts, as far as they can be understood."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from scheduler.calendar.reading import Values
from scheduler.errors import Problem, Severity
from scheduler.model import DAYS
from scheduler.naming import nearest
from scheduler.sheets.dates import dates_of, plain, time_of
from scheduler.sheets.guessing import Mapped
from scheduler.sheets.tables import problem, shown
from scheduler.sheets.words import EVERY_PLATFORM, PLATFORMS, language_of, new_id, slug, unused

_LONGEST_HEADLINE = 90
_BETWEEN_NAMES = re.compile(r"\s*(?:[,;/+&\n|]|\band\b|\bund\b)\s*")

#: What a row says, by the role of its columns.
Cells = Mapping[str, str]


@dataclass(slots=True, kw_only=True)
class Posts:
    """The posts of a sheet, the pictures that they show, and what could not be read."""

    sheet: Mapped
    first_day: date | None
    language: str
    #: Whether there is a picture of this name in the new calendar's folder.
    has_file: Callable[[str], bool]
    problems: list[Problem] = field(default_factory=list)
    posts: Values = field(default_factory=dict)
    pictures: Values = field(default_factory=dict)
    #: In the order in which the rows name them.
    accounts: dict[str, None] = field(default_factory=dict)

    def take(self, number: int, cells: Cells) -> None:
        """A row as a post, if enough of it can be understood; else it is a problem."""
        if not self._is_post(number, cells):
            return
        day = self._day(number, cells)
        accounts = self._accounts(number, cells.get("platform", ""))
        if day is None or accounts is None:
            return
        self.accounts |= dict.fromkeys(accounts)
        post: Values = {
            "day": day,
            "time": self._time(number, cells),
            **self._content(number, cells),
            "text": _caption(cells),
            "alt": cells.get("alt", ""),
            "tags": _tags(cells.get("tags", "")),
            "accounts": accounts,
        }
        id_ = new_id(cells.get("headline") or cells["text"], self.posts, otherwise=f"post-{number}")
        self.posts[id_] = {key: value for key, value in post.items() if value}

    def _say(
        self, row: int, role: str, message: str, hint: str, severity: Severity = Severity.ERROR
    ) -> None:
        column = self.sheet.column(role)
        self.problems.append(
            problem(self.sheet.grid.name, row, message, hint, column=column, severity=severity)
        )

    def _is_post(self, number: int, cells: Cells) -> bool:
        """Whether there is something to say; what else stands in the row is said aloud."""
        if "text" not in cells:
            if cells:
                sample = shown(" · ".join(cells.values()))
                hint = "if it is a post, fill in its text; else delete the row, or leave it"
                self._say(number, "text", f"no text: {sample}", hint)
            return False
        said = language_of(cells.get("language", ""))
        if said and said != self.language:
            self._say(
                number,
                "language",
                f"this text is in {said}, and the calendar is in {self.language}",
                f"translations have files of their own: campaign export --language {said} "
                "texts.csv",
            )
            return False
        return True

    # ── when ──

    def _day(self, number: int, cells: Cells) -> str | None:
        """The number of the day, or None, which is said."""
        if "date" not in cells:
            return self._counted(number, cells.get("day", ""))
        written, first = cells["date"], self.first_day
        meant = dates_of(written, first.year if first else None)
        if not meant and (counted := re.fullmatch(r"\D*(\d{1,2})", written)):
            return self._counted(number, counted[1])
        # 3/12 and 12/3 are a month apart, so that never both are.
        inside = [each for each in sorted(meant) if first and 0 <= (each - first).days < DAYS]
        if inside and first:
            return str((inside[0] - first).days + 1)
        if not meant or not first:
            message = f"{shown(written)} is no date that can be understood"
        else:
            last = first + timedelta(days=DAYS - 1)
            message = f"{min(meant)} is not within the sixteen days, {first} to {last}"
        self._say(number, "date", message, "write the date as 2026-11-25, or say --first-day DATE")
        return None

    def _counted(self, number: int, written: str) -> str | None:
        found = re.search(r"\d+", written)
        if found and 1 <= int(found[0]) <= DAYS:
            return str(int(found[0]))
        message = f"there is no day {shown(written)}" if written else "no date"
        hint = 'write one, such as 2026-11-25; the column may be named: --column date="its name"'
        self._say(number, "day" if written else "date", message, hint)
        return None

    def _time(self, number: int, cells: Cells) -> str:
        time = time_of(cells.get("time", "")) or _time_in(cells.get("date", ""))
        if not time and "time" in cells:
            self._say(
                number,
                "time",
                f"{shown(cells['time'])} is no time of day; the campaign's is taken",
                "write it as 09:30 into the calendar",
                Severity.WARNING,
            )
        return time

    # ── what and where ──

    def _content(self, number: int, cells: Cells) -> Values:
        """A photo where its file is there; else the words, on a card."""
        named, headline = cells.get("picture", ""), cells.get("headline", "")
        places = (named, f"assets/{named}") if named else ()
        if file := next((place for place in places if self.has_file(place)), ""):
            picture = self._picture(number, file)
            return {"photo": {"picture": picture} | ({"headline": headline} if headline else {})}
        if named:
            self._say(
                number,
                "picture",
                f"there is no picture {shown(named)} in the calendar's folder; a card with "
                "words stands in for it",
                "copy it into assets/, and write photo: {picture: …} into the post",
                Severity.WARNING,
            )
        return {"graphic": {"headline": headline or first_sentence(cells["text"])}}

    def _picture(self, number: int, file: str) -> str:
        """Its id: from the file's name, which another folder may have as well."""
        known = (id_ for id_, picture in self.pictures.items() if picture["file"] == file)
        if (id_ := next(known, None)) is None:
            name = slug(re.sub(r"\.\w+$", "", file.rpartition("/")[2]))
            id_ = unused(name or f"picture-{number}", self.pictures)
            self.pictures[id_] = {"file": file}
        return id_

    def _accounts(self, number: int, written: str) -> list[str] | None:
        """The accounts that a row names; none for all of them; None where one is not known."""
        names = [name for name in _BETWEEN_NAMES.split(plain(written)) if name]
        if not names or set(names) & EVERY_PLATFORM:
            return []
        known = {name: PLATFORMS.get(re.sub(r"[^\w]", "", name)) for name in names}
        for name, platform in known.items():
            if platform is None:
                hint = nearest(name, PLATFORMS)
                self._say(number, "platform", f"no platform {shown(name)} is known", hint)
        found = [platform for platform in known.values() if platform]
        return list(dict.fromkeys(found)) if len(found) == len(known) else None


def _time_in(written: str) -> str:
    """A time that stands behind the date in the same cell."""
    found = re.search(r"(?<=[\sT])\d{1,2}[:.h]\d\d.*$", written)
    return time_of(found[0]) if found else ""


def _caption(cells: Cells) -> str:
    """The text; a link that stands in a column of its own belongs below it."""
    link = cells.get("link", "")
    return f"{cells['text']}\n\n{link}" if link and link not in cells["text"] else cells["text"]


def first_sentence(text: str) -> str:
    """What a card can say of a text: its first sentence, or as many words as fit."""
    line = text.strip().splitlines()[0].strip()
    sentence = re.match(r".+?[.!?…](?=\s|$)", line)
    first = sentence[0] if sentence else line
    if len(first) <= _LONGEST_HEADLINE:
        return first
    return first[:_LONGEST_HEADLINE].rsplit(" ", 1)[0].rstrip(",;:–- ") + " …"


def _tags(written: str) -> list[str]:
    words = re.split(r"[\s,;]+", re.sub(r"(?<=\w)#", " #", written))
    return [word if word.startswith("#") else f"#{word}" for word in words if word.strip("#")]
