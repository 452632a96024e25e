"""A sheet for a translator: each text beside its source, and what has become of it since."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from scheduler.calendar.reading import Values, at
from scheduler.calendar.translating import sources, unit, wanted
from scheduler.model import KeyPath
from scheduler.sheets.cells import ELSEWHERE, NOT_NOTED, named, put, written
from scheduler.sheets.layout import (
    LANGUAGE,
    MADE_FROM,
    REVIEW,
    SOURCE,
    TRANSLATION,
    where_column,
)
from scheduler.sheets.tables import Mark, Row, Table
from scheduler.sheets.texts import of_path, rebuilt, told_path, words_of

_TRANSLATOR = "Who translated these words: the name is printed below them."


def translation_table(files: Mapping[str, Values], code: str) -> Table:
    """What a translator needs, also for a language that has no file yet."""
    own = next(iter(files.values()))
    file = languages(files).get(code)
    return translation_sheet(own, code, files[file] if file else {})[0]


def languages(files: Mapping[str, Values]) -> dict[str, str]:
    """The name of the file of each language that has a table."""
    found: dict[str, str] = {}
    for name, values in files.items():
        code = values.get("language")
        if name.startswith("languages/") and isinstance(code, str) and LANGUAGE.fullmatch(code):
            found.setdefault(code, name)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """One text that wants a translation, in the cells of its row."""

    #: Of the source, such as ("posts", "launch", "graphic", "points", 0).
    path: KeyPath
    source: str
    translation: str = ""
    made_from: str = ""


def translation_sheet(own: Values, code: str, file: Values) -> tuple[Table, Values]:
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


def _marks(said: _Said, *, required: bool) -> dict[str, Mark]:
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


def _rows(path: KeyPath, source: Any, file: Values, rest: Values) -> Iterator[_Said]:
    """The rows of a text or of a list of them; what they hold is taken out of `rest`."""
    told, of = at(file, told_path(path)), at(file, of_path(path))
    if isinstance(source, str):
        if told is None or isinstance(told, str):
            yield _row(path, source, told, of, rest)
    elif isinstance(source, list):
        yield from _list_rows(path, source, told, of, rest)
    if told_path(path) != path:
        yield _translator(path, file, rest)


def _row(path: KeyPath, source: str, told: str | None, of: Any, rest: Values) -> _Said:
    if told is None:
        return _Said(path=path, source=written(source))
    put(rest, told_path(path), None)
    if isinstance(of, str):
        put(rest, of_path(path), None)
    note = NOT_NOTED if of is None else written(of) if isinstance(of, str) else ELSEWHERE
    made_from = "" if of == source else note
    return _Said(path=path, source=written(source), translation=written(told), made_from=made_from)


def _translator(path: KeyPath, file: Values, rest: Values) -> _Said:
    """Who translates a quotation stands for it."""
    beside = (*told_path(path)[:-1], "translator")
    name = at(file, beside)
    if isinstance(name, str):
        put(rest, beside, None)
        return _Said(path=beside, source=_TRANSLATOR, translation=written(name))
    return _Said(path=beside, source=_TRANSLATOR)


def _list_rows(path: KeyPath, source: Any, told: Any, of: Any, rest: Values) -> Iterator[_Said]:
    texts = words_of(source)
    if told is None:
        for place, text in texts.items():
            yield _Said(path=(*path, *place), source=written(text))
        return
    translated = words_of(told)
    if not _fits(source, told, translated):
        return
    put(rest, path, None)
    before, otherwise = _made_from(path, source, of, rest)
    for place in {**texts, **translated}:
        yield _Said(
            path=(*path, *place),
            source=written(texts[place]) if place in texts else "",
            translation=written(translated[place]) if place in translated else "",
            made_from=written(before[place]) if place in before else otherwise,
        )


def _made_from(
    path: KeyPath, source: Any, of: Any, rest: Values
) -> tuple[Mapping[KeyPath, str], str]:
    """The words that a list was translated from, where they were others; and what else to note."""
    if of is None:
        return {}, NOT_NOTED
    before = words_of(of)
    if of != source and not _fits(source, of, before):
        return {}, ELSEWHERE
    put(rest, of_path(path), None)
    return ({} if of == source else before), ""


def _fits(source: Any, other: Any, words: Mapping[KeyPath, str]) -> bool:
    """Whether a list differs from its source in nothing but words that stand in rows."""
    try:
        return bool(other == rebuilt(source, words))
    except ValueError:
        return False
