"""Somebody's own spreadsheet as a new calendar: what is known is written, and nothing is made up.

A row that cannot be read is a problem with its number; the others are taken all the same.
"""

from __future__ import annotations

import copy
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType

from scheduler.calendar.reading import Values
from scheduler.errors import Problem, Severity
from scheduler.model import DAYS
from scheduler.naming import nearest
from scheduler.sheets.dates import dates_of, plain, time_of, years_in
from scheduler.sheets.guessing import Mapped
from scheduler.sheets.tables import problem, shown

#: The sixteen days begin with the International Day for the Elimination of Violence against Women.
_FIRST_MONTH, _FIRST_DAY = 11, 25
#: How people write the places that they publish on.
PLATFORMS: Mapping[str, str] = MappingProxyType(
    {
        "bluesky": "bluesky",
        "bsky": "bluesky",
        "facebook": "facebook",
        "fb": "facebook",
        "instagram": "instagram",
        "insta": "instagram",
        "ig": "instagram",
        "linkedin": "linkedin",
        "li": "linkedin",
        "mastodon": "mastodon",
        "fediverse": "mastodon",
        "newsletter": "newsletter",
        "telegram": "telegram",
        "threads": "threads",
        "tiktok": "tiktok",
        "twitter": "x",
        "website": "website",
        "whatsapp": "whatsapp",
        "x": "x",
        "youtube": "youtube",
        "yt": "youtube",
    }
)
_ALL = frozenset(
    {"all", "alle", "tutti", "tutte", "tous", "toutes", "todos", "todas", "svi", "sve"}
)
_LANGUAGES: Mapping[str, str] = MappingProxyType(
    {
        "english": "en", "englisch": "en", "inglese": "en", "anglais": "en", "ingles": "en",
        "german": "de", "deutsch": "de", "tedesco": "de", "allemand": "de", "aleman": "de",
        "italian": "it", "italiano": "it", "italienisch": "it", "italien": "it",
        "french": "fr", "francais": "fr", "franzosisch": "fr", "francese": "fr", "frances": "fr",
        "spanish": "es", "espanol": "es", "spanisch": "es", "spagnolo": "es", "espagnol": "es",
        "greek": "el", "griechisch": "el", "ελληνικα": "el",
        "croatian": "hr", "hrvatski": "hr", "serbian": "sr", "srpski": "sr",
    }
)  # fmt: skip
#: Letters that fall apart into no Latin one.
_GREEK = "α=a β=v γ=g δ=d ε=e ζ=z η=i θ=th ι=i κ=k λ=l μ=m ν=n ξ=x ο=o π=p ρ=r σ=s τ=t υ=y φ=f χ=ch"
_GREEK_TOO = "ψ=ps ω=o"
_CYRILLIC = (
    "а=a б=b в=v г=g д=d е=e ж=z з=z и=i ј=j к=k л=l м=m н=n о=o п=p р=r с=s т=t ћ=c у=u ф=f"
)
_CYRILLIC_TOO = "х=h ц=c ч=c ш=s ђ=d љ=lj њ=nj џ=dz"
_OTHERS = "đ=d ł=l ø=o æ=ae"
_LATIN = dict(
    pair.split("=", 1)
    for pair in f"{_GREEK} {_GREEK_TOO} {_CYRILLIC} {_CYRILLIC_TOO} {_OTHERS}".split()
)
_WORDS_OF_ID = 5
_LONGEST_ID = 48
_LONGEST_HEADLINE = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What a person says of the new calendar; whatever they leave open is guessed, and shown."""

    id: str = ""
    title: str = ""
    zone: str = ""
    language: str = ""
    first_day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A new calendar, made from a spreadsheet."""

    values: Values
    problems: tuple[Problem, ...]
    #: What stands in "campaign", and where each of it came from.
    guesses: tuple[tuple[str, str, str], ...]
    #: The accounts that were made up from the names of platforms.
    accounts: tuple[str, ...]
    rows: int


@dataclass(slots=True, kw_only=True)
class _Plan:
    sheet: Mapped
    template: Values
    wishes: Wishes
    #: Whether there is a picture of this name in the new calendar's folder.
    has_file: Callable[[str], bool]
    problems: list[Problem] = field(default_factory=list)
    posts: Values = field(default_factory=dict)
    pictures: Values = field(default_factory=dict)
    used: Counter[str] = field(default_factory=Counter)

    def say(
        self, row: int, role: str, message: str, hint: str, severity: Severity = Severity.ERROR
    ) -> None:
        column = self.sheet.column(role)
        self.problems.append(
            problem(self.sheet.grid.name, row, message, hint, column=column, severity=severity)
        )


def planned(
    sheet: Mapped, template: Values, wishes: Wishes, *, stem: str, has_file: Callable[[str], bool]
) -> Planned:
    """The calendar that the sheet's rows make. `template` says the brand and the first account."""
    plan = _Plan(sheet=sheet, template=template, wishes=wishes, has_file=has_file)
    rows = list(sheet.rows)
    first_day = wishes.first_day or first_day_of(cells.get("date", "") for _, cells in rows)
    language = wishes.language or _most(_language(cells.get("language", "")) for _, cells in rows)
    for (row, column), why in sheet.grid.unreadable.items():
        plan.problems.append(
            problem(sheet.grid.name, row, why, "write the text itself into it", column=column)
        )
    for number, cells in rows:
        _take(plan, number, cells, first_day, language or "en")
    campaign, guesses = _campaign(plan, first_day, language, stem)
    values = copy.deepcopy(template)
    values["campaign"] = campaign
    accounts = tuple(plan.used)
    if accounts:
        values["accounts"] = {
            name: {"platform": "folder", "directory": f"published/{name}"} for name in accounts
        }
    values["posts"] = plan.posts
    if plan.pictures:
        values["pictures"] = plan.pictures
    return Planned(
        values=values,
        problems=tuple(sorted(plan.problems)),
        guesses=guesses,
        accounts=accounts,
        rows=len(rows),
    )


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


def _campaign(
    plan: _Plan, first_day: date | None, language: str, stem: str
) -> tuple[Values, tuple[tuple[str, str, str], ...]]:
    wishes, before = plan.wishes, plan.template["campaign"]
    name = slug(stem) or "campaign"
    year = first_day.year if first_day else ""
    id_ = name if not year or str(year) in name else f"{name}-{year}"
    title = re.sub(r"[\s_-]+", " ", stem).strip() or "Our campaign"
    said = "you said so"
    rows = [
        ("id", wishes.id or id_, said if wishes.id else "from the file's name: --id changes it"),
        ("title", wishes.title or title, said if wishes.title else "from the file's name: --title"),
        (
            "first_day",
            str(first_day or before["first_day"]),
            said
            if wishes.first_day
            else "from the dates: --first-day"
            if first_day
            else "no row has a date: --first-day",
        ),
        ("zone", wishes.zone or before["zone"], said if wishes.zone else "a guess: --zone"),
        (
            "language",
            language or "en",
            said if wishes.language else "from the sheet" if language else "a guess: --language",
        ),
        ("time", before["time"], "for rows without one"),
    ]
    kept = {key: value for key, value in before.items() if key not in {key for key, _, _ in rows}}
    return {key: value for key, value, _ in rows} | kept, tuple(rows)


# ── rows ──────────────────────────────────────────────────────────────────────────────────────────


def _take(
    plan: _Plan, number: int, cells: Mapping[str, str], first_day: date | None, language: str
) -> None:
    """A row as a post, if enough of it can be understood."""
    if not _is_post(plan, number, cells, language):
        return
    day = _day(plan, number, cells, first_day)
    accounts = _accounts(plan, number, cells.get("platform", ""))
    if day is None or accounts is None:
        return
    post: Values = {"day": day}
    if time := _time(plan, number, cells):
        post["time"] = time
    post |= _content(plan, number, cells)
    post["text"] = _text(cells)
    if alt := cells.get("alt"):
        post["alt"] = alt
    if tags := _tags(cells.get("tags", "")):
        post["tags"] = tags
    if accounts:
        plan.used.update(accounts)
        post["accounts"] = accounts
    plan.posts[_id(plan, cells, number)] = post


def _is_post(plan: _Plan, number: int, cells: Mapping[str, str], language: str) -> bool:
    """Whether there is something to say; what else stands in the row is said aloud."""
    if "text" not in cells:
        if cells:
            plan.say(number, "text", f"no text: {_sample(cells)}", _NO_POST)
        return False
    said = _language(cells.get("language", ""))
    if said and said != language:
        plan.say(
            number,
            "language",
            f"this text is in {said}, and the calendar is in {language}",
            f"translations have files of their own: campaign export --language {said} texts.csv",
        )
        return False
    return True


def _time(plan: _Plan, number: int, cells: Mapping[str, str]) -> str:
    time = time_of(cells.get("time", "")) or _time_in(cells.get("date", ""))
    if not time and "time" in cells:
        plan.say(
            number,
            "time",
            f"{shown(cells['time'])} is no time of day; the campaign's is taken",
            "write it as 09:30 into the calendar",
            Severity.WARNING,
        )
    return time


_NO_POST = "if it is a post, fill in its text; else delete the row, or leave it"


def _sample(cells: Mapping[str, str]) -> str:
    return shown(" · ".join(cells.values()))


def _day(plan: _Plan, number: int, cells: Mapping[str, str], first_day: date | None) -> str | None:
    """The number of the day, or None, which is said."""
    if "date" not in cells:
        return _counted(plan, number, cells.get("day", ""))
    written = cells["date"]
    meant = dates_of(written, first_day.year if first_day else None)
    if not meant and (counted := re.fullmatch(r"\D*(\d{1,2})", written)):
        return _counted(plan, number, counted[1])
    # 3/12 and 12/3 are a month apart, so that never both are.
    inside = [each for each in sorted(meant) if first_day and 0 <= (each - first_day).days < DAYS]
    if inside and first_day:
        return str((inside[0] - first_day).days + 1)
    if not meant or not first_day:
        message = f"{shown(written)} is no date that can be understood"
    else:
        last = first_day + timedelta(days=DAYS - 1)
        message = f"{min(meant)} is not within the sixteen days, {first_day} to {last}"
    plan.say(number, "date", message, "write the date as 2026-11-25, or say --first-day DATE")
    return None


def _counted(plan: _Plan, number: int, written: str) -> str | None:
    found = re.search(r"\d+", written)
    if found and 1 <= int(found[0]) <= DAYS:
        return str(int(found[0]))
    message = f"there is no day {shown(written)}" if written else "no date"
    hint = f'write one, such as 2026-11-25; the column may be named: --column date="{_HEADER}"'
    plan.say(number, "day" if written else "date", message, hint)
    return None


_HEADER = "its name"


def _time_in(written: str) -> str:
    """A time that stands behind the date in the same cell."""
    found = re.search(r"(?<=[\sT])\d{1,2}[:.h]\d\d.*$", written)
    return time_of(found[0]) if found else ""


def _text(cells: Mapping[str, str]) -> str:
    """The caption; a link that stands in a column of its own belongs below it."""
    link = cells.get("link", "")
    return f"{cells['text']}\n\n{link}" if link and link not in cells["text"] else cells["text"]


def _content(plan: _Plan, number: int, cells: Mapping[str, str]) -> Values:
    """A photo where its file is there; else the words, on a card."""
    named = cells.get("picture", "")
    file = next((name for name in (named, f"assets/{named}") if named and plan.has_file(name)), "")
    if file:
        id_ = slug(re.sub(r"\.\w+$", "", file.rpartition("/")[2])) or f"picture-{number}"
        plan.pictures[id_] = {"file": file}
        headline = cells.get("headline")
        return {"photo": {"picture": id_, **({"headline": headline} if headline else {})}}
    if named:
        plan.say(
            number,
            "picture",
            f"there is no picture {shown(named)} in the calendar's folder; a card with "
            "words stands in for it",
            "copy it into assets/, and write photo: {picture: …} into the post",
            Severity.WARNING,
        )
    return {"graphic": {"headline": cells.get("headline") or first_sentence(cells["text"])}}


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


_BETWEEN_NAMES = re.compile(r"\s*(?:[,;/+&\n|]|\band\b|\bund\b)\s*")


def _accounts(plan: _Plan, number: int, written: str) -> list[str] | None:
    """The accounts that a row names; none for all of them; None where one is not known."""
    names = [name for name in _BETWEEN_NAMES.split(plain(written)) if name]
    if not names or set(names) & _ALL:
        return []
    known = {name: PLATFORMS.get(re.sub(r"[^\w]", "", name)) for name in names}
    for name, platform in known.items():
        if platform is None:
            hint = nearest(name, PLATFORMS)
            plan.say(number, "platform", f"no platform {shown(name)} is known", hint)
    found = [platform for platform in known.values() if platform]
    return list(dict.fromkeys(found)) if len(found) == len(known) else None


def _language(written: str) -> str:
    word = plain(written).strip()
    return _LANGUAGES.get(word, word if re.fullmatch(r"[a-z]{2,3}", word) else "")


# ── names ─────────────────────────────────────────────────────────────────────────────────────────


def _id(plan: _Plan, cells: Mapping[str, str], number: int) -> str:
    """From the first words, in the letters that an id may have, and only once."""
    words = slug(cells.get("headline") or cells["text"]).split("-")[:_WORDS_OF_ID]
    name = "-".join(words)[:_LONGEST_ID].strip("-") or f"post-{number}"
    return next(each for each in _numbered(name) if each not in plan.posts)


def _numbered(name: str) -> Iterator[str]:
    yield name
    number = 2
    while True:
        yield f"{name}-{number}"
        number += 1


def slug(text: str) -> str:
    """Small letters, digits and hyphens."""
    latin = "".join(_LATIN.get(sign, sign) for sign in plain(text))
    bare = unicodedata.normalize("NFKD", latin).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", re.sub(r"['’#]", "", bare)).strip("-")
