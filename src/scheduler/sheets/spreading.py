"""From a calendar's files to tables: a row for each entry, and a sheet for each language.

Nothing is lost on the way: what has no place in a table of its own stands in the long sheets
"Campaign" and "Members", value by value.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from scheduler.calendar.reading import Values
from scheduler.calendar.translating import sources, unit, wanted
from scheduler.model import KeyPath
from scheduler.sheets.cells import (
    ELSEWHERE,
    NOT_NOTED,
    ONE_PER_LINE,
    at,
    id_cell,
    named,
    put,
    spread,
    written,
)
from scheduler.sheets.tables import Mark, Row, Table

#: The sections of a calendar that have a sheet of their own, and what one entry is called.
SECTIONS: Mapping[str, str] = MappingProxyType(
    {
        "posts": "post",
        "days": "day",
        "facts": "fact",
        "quotes": "quote",
        "pictures": "picture",
        "helplines": "helpline",
        "consents": "consent",
        "series": "series",
        "accounts": "account",
    }
)
#: These stand first, and also where no post has them yet: somebody may want to fill them in.
_FIRST: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "posts": (
            "day",
            "time",
            "text",
            "alt",
            "photo.picture",
            "photo.headline",
            "graphic.headline",
            f"graphic.points{ONE_PER_LINE}",
            "call.headline",
            "call.body",
            "quote",
            "excerpt",
            "statistic",
            f"tags{ONE_PER_LINE}",
            f"accounts{ONE_PER_LINE}",
            "note",
            "embargo",
        ),
        "days": ("theme", "observance"),
    }
)

LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z]{2,8})?")
FILE, WHERE, VALUE = "file", "where", "value"
LONG = (FILE, WHERE, VALUE)

SOURCE, TRANSLATION, STATE, BY, ON, MADE_FROM = (
    "source",
    "translation",
    "state",
    "by",
    "on",
    "made from",
)
REVIEW = (STATE, BY, ON)

#: In lists of groups these are no words.
_NO_WORDS = frozenset({"amount", "picture", "quote", "statistic", "excerpt"})
_TRANSLATOR = "Who translated these words: the name is printed below them."


def entry_column(section: str) -> str:
    """The first column of a section's sheet, by which it is recognised."""
    return f"{SECTIONS[section]} (id)"


def where_column(language: str) -> str:
    return f"{WHERE} ({language})"


def tables(files: Mapping[str, Values]) -> tuple[Table, ...]:
    """All tables of a calendar, whose own file comes first."""
    name, own = next(iter(files.items()))
    wide = [_wide(section, own[section]) for section in SECTIONS if is_wide(own.get(section))]
    rest = {key: value for key, value in own.items() if not _has_table(own, key)}
    told, long = [], [(name, rest)]
    for code, file in languages(files).items():
        table, left = _translation(own, code, files[file])
        told.append(table)
        long.append((file, left))
    in_tables = {name, *languages(files).values()}
    members = [(file, values) for file, values in files.items() if file.startswith("members/")]
    others = [
        (file, values)
        for file, values in files.items()
        if file not in in_tables and not file.startswith("members/")
    ]
    return (
        *wide,
        *told,
        _long("Campaign", [*long, *others]),
        *([_long("Members", members)] if members else []),
    )


def posts_table(files: Mapping[str, Values]) -> Table:
    """The posts alone."""
    own = next(iter(files.values()))
    posts: Any = own.get("posts")
    return _wide("posts", posts if is_wide(posts) else {})


def translation_table(files: Mapping[str, Values], code: str) -> Table:
    """What a translator needs, also for a language that has no file yet."""
    own = next(iter(files.values()))
    file = languages(files).get(code)
    return _translation(own, code, files[file] if file else {})[0]


def languages(files: Mapping[str, Values]) -> dict[str, str]:
    """The name of the file of each language that has a table."""
    found: dict[str, str] = {}
    for name, values in files.items():
        code = values.get("language")
        if name.startswith("languages/") and isinstance(code, str) and LANGUAGE.fullmatch(code):
            found.setdefault(code, name)
    return found


# ── wide tables ───────────────────────────────────────────────────────────────────────────────────


def is_wide(section: Any) -> bool:
    """Whether each entry of it is a group."""
    return (
        isinstance(section, dict)
        and bool(section)
        and all(isinstance(entry, dict) for entry in section.values())
    )


def _has_table(own: Values, key: str) -> bool:
    return key in SECTIONS and is_wide(own[key])


def _wide(section: str, entries: Values) -> Table:
    first = entry_column(section)
    rows = [
        Row(number=number, cells={first: id_cell(id_), **_spread(entry)})
        for number, (id_, entry) in enumerate(entries.items(), 2)
    ]
    found = {name: None for row in rows for name in row.cells if name != first}
    columns = (first, *_ordered(_FIRST.get(section, ()), found))
    return Table(
        title=section.capitalize(), columns=columns, rows=tuple(rows), fixed=frozenset({first})
    )


def _spread(entry: Values) -> dict[str, str]:
    return {name: cell for name, cell in spread(entry) if name}


def _ordered(first: Sequence[str], found: Mapping[str, None]) -> list[str]:
    """Those that everybody has, then the others; the numbers of a list in their order."""
    places: dict[str, int] = {}
    for name in found:
        places.setdefault(name.partition(".")[0], len(places))
    others = [name for name in found if name not in first]
    return [
        *first,
        *sorted(others, key=lambda name: (places[name.partition(".")[0]], _natural(name))),
    ]


def _natural(name: str) -> list[tuple[bool, int, str]]:
    """Steps in the order that people count in: 2 before 10."""
    return [
        (step.isdigit(), int(step) if step.isascii() and step.isdigit() else 0, step)
        for step in name.split(".")
    ]


# ── long tables ───────────────────────────────────────────────────────────────────────────────────


def _long(title: str, files: Sequence[tuple[str, Values]]) -> Table:
    cells = [
        {FILE: file, WHERE: name, VALUE: cell}
        for file, values in files
        for name, cell in spread(values)
        if name
    ]
    rows = [Row(number=number, cells=row) for number, row in enumerate(cells, 2)]
    return Table(title=title, columns=LONG, rows=tuple(rows), fixed=frozenset({FILE, WHERE}))


# ── translations ──────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One text that wants a translation, in the cells of its row."""

    #: Of the source, such as ("posts", "launch", "graphic", "points", 0).
    path: KeyPath
    source: str
    translation: str = ""
    made_from: str = ""


def _translation(own: Values, code: str, file: Values) -> tuple[Table, Values]:
    """The table of a language, and what of its file stands in none of its rows."""
    rest = copy.deepcopy(file)
    required = set(wanted(own, code))
    first = where_column(code)
    rows: list[Row] = []
    reviewed: set[KeyPath] = set()
    for path, source in sources(own, code).items():
        for said in _rows(path, source, file, rest):
            cells = {first: named(said.path), SOURCE: said.source}
            cells |= {TRANSLATION: said.translation, MADE_FROM: said.made_from}
            if unit(path) not in reviewed:
                reviewed.add(unit(path))
                cells |= _review(unit(path), file, rest)
            marks = _marks(said, required=path in required)
            kept = {name: cell for name, cell in cells.items() if cell}
            rows.append(Row(number=len(rows) + 2, cells=kept, marks=marks))
    table = Table(
        title=f"Translation {code}",
        columns=(first, SOURCE, TRANSLATION, *REVIEW, MADE_FROM),
        rows=tuple(rows),
        fixed=frozenset({first, SOURCE, MADE_FROM}),
    )
    return table, rest


def _marks(said: Said, *, required: bool) -> dict[str, Mark]:
    if said.made_from:
        return {TRANSLATION: Mark.STALE, MADE_FROM: Mark.STALE}
    return {TRANSLATION: Mark.MISSING} if required and not said.translation else {}


def _review(each: KeyPath, file: Values, rest: Values) -> dict[str, str]:
    """The state of an entry stands in the first of its rows."""
    cells = {}
    for key in REVIEW:
        path = (*each, "translation", key)
        if isinstance(value := at(file, path), str):
            put(rest, path, None)
            cells[key] = written(value)
    return cells


def told_path(path: KeyPath) -> KeyPath:
    """Where a translation stands: words that were said keep theirs, and it stands beside them."""
    if path[0] == "quotes" and path[-1] == "words":
        return (*path[:-1], "in_translation", "words")
    return path


def of_path(path: KeyPath) -> KeyPath:
    """Where the source stands that a translation was made from."""
    length = len(unit(path))
    return (*path[:length], "translation", "of", *path[length:])


def _rows(path: KeyPath, source: Any, file: Values, rest: Values) -> Iterator[Said]:
    """The rows of a text or of a list of them; what they hold is taken out of `rest`."""
    told, of = at(file, told_path(path)), at(file, of_path(path))
    if isinstance(source, str):
        if told is None or isinstance(told, str):
            yield _row(path, source, told, of, rest)
    elif isinstance(source, list):
        yield from _list_rows(path, source, told, of, rest)
    if told_path(path) != path:
        yield _translator(path, file, rest)


def _row(path: KeyPath, source: str, told: str | None, of: Any, rest: Values) -> Said:
    if told is None:
        return Said(path=path, source=written(source))
    put(rest, told_path(path), None)
    if isinstance(of, str):
        put(rest, of_path(path), None)
    note = NOT_NOTED if of is None else written(of) if isinstance(of, str) else ELSEWHERE
    made_from = "" if of == source else note
    return Said(path=path, source=written(source), translation=written(told), made_from=made_from)


def _translator(path: KeyPath, file: Values, rest: Values) -> Said:
    """Who translates a quotation stands for it."""
    beside = (*told_path(path)[:-1], "translator")
    name = at(file, beside)
    if isinstance(name, str):
        put(rest, beside, None)
        return Said(path=beside, source=_TRANSLATOR, translation=written(name))
    return Said(path=beside, source=_TRANSLATOR)


def _list_rows(path: KeyPath, source: Any, told: Any, of: Any, rest: Values) -> Iterator[Said]:
    texts = words_of(source)
    translated = words_of(told) if told is not None else {}
    before = words_of(of) if of is not None else {}
    if told is not None:
        if not _fits(source, told, translated):
            return
        put(rest, path, None)
        noted = of == source or _fits(source, of, before)
        if of is not None and noted:
            put(rest, of_path(path), None)
        note = NOT_NOTED if of is None else "" if noted else ELSEWHERE
        changed = noted and of not in (None, source)
    for inner in _joined(texts, translated if told is not None else {}):
        made_from = ""
        if told is not None:
            made_from = written(before[inner]) if changed and inner in before else note
        yield Said(
            path=(*path, *inner),
            source=written(texts[inner]) if inner in texts else "",
            translation=written(translated[inner]) if inner in translated else "",
            made_from=made_from,
        )


def _joined(texts: Mapping[KeyPath, str], more: Mapping[KeyPath, str]) -> list[KeyPath]:
    return list({**texts, **more})


def _fits(source: Any, other: Any, words: Mapping[KeyPath, str]) -> bool:
    """Whether a list differs from its source in nothing but words that stand in rows."""
    try:
        return bool(other == rebuilt(source, words))
    except ValueError:
        return False


def words_of(value: Any, path: KeyPath = ()) -> dict[KeyPath, str]:
    """The words of a list, each by its place in it."""
    if isinstance(value, str):
        return {path: value}
    if not isinstance(value, list | dict):
        return {}
    items = value.items() if isinstance(value, dict) else enumerate(value)
    return {
        place: text
        for key, inner in items
        if key not in _NO_WORDS
        for place, text in words_of(inner, (*path, key)).items()
    }


def rebuilt(source: Any, words: Mapping[KeyPath, str]) -> Any:
    """A list with other words in it. Raises `ValueError` where some of them are missing.

    A list of texts may have another length than its source; everything else has the same shape.
    """
    if all(isinstance(item, str) for item in source):
        if list(words) != [(number,) for number in range(len(words))] or not words:
            raise ValueError
        return list(words.values())
    if set(words) != set(words_of(source)):
        raise ValueError
    whole = copy.deepcopy(source)
    for place, text in words.items():
        at(whole, place[:-1])[place[-1]] = text
    return whole
