"""Taking over what translators wrote.

A text that was changed is a draft again, and keeps the source that its translator saw: if the
calendar has changed meanwhile, it shows as stale.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from scheduler.calendar.reading import Values
from scheduler.calendar.translating import sources, unit
from scheduler.model import KeyPath
from scheduler.sheets.cells import ELSEWHERE, NOT_NOTED, at, named, path_of, put, understood
from scheduler.sheets.collecting import Collection
from scheduler.sheets.recognising import Found
from scheduler.sheets.spreading import (
    BY,
    MADE_FROM,
    ON,
    REVIEW,
    SOURCE,
    STATE,
    TRANSLATION,
    languages,
    of_path,
    rebuilt,
    told_path,
    translation_table,
)
from scheduler.sheets.tables import Row

_DRAFT, _REVIEWED = "draft", "reviewed"


@dataclass(slots=True)
class _Group:
    """The rows of one text, or of one list of texts."""

    #: Where the source stands in the calendar.
    path: KeyPath
    rows: dict[KeyPath, Row] = field(default_factory=dict)


def take_translation(collection: Collection, found: Found) -> None:
    """Take over what was changed in a translator's sheet."""
    code = found.language
    files = languages(collection.files)
    fresh = code not in languages(collection.current)
    name = files.get(code, f"languages/{code}.yaml")
    standing = {}
    if not fresh:
        table = translation_table(collection.current, code)
        standing = {row.cells[found.first]: row.cells for row in table.rows}
    groups = _groups(collection, found, code)
    if not groups:
        return
    file = collection.files.setdefault(name, {"language": code})
    retelling = _Retelling(collection, found, file, name, standing, fresh=fresh)
    units: dict[KeyPath, list[_Group]] = {}
    for group in groups.values():
        units.setdefault(unit(group.path), []).append(group)
    for each, members in units.items():
        retelling.take(each, members)
    if fresh and file == {"language": code}:
        del collection.files[name]


def _groups(collection: Collection, found: Found, code: str) -> dict[KeyPath, _Group]:
    known = sources(collection.own, code)
    groups: dict[KeyPath, _Group] = {}
    for row in found.rows:
        if not row.cells:
            continue
        path = _path(row.cells.get(found.first, "").strip())
        source = path and _source(path)
        if path is None or source is None or (source not in known and not _is_translator(path)):
            _say_unknown(collection, found, row)
            continue
        group = groups.setdefault(source, _Group(source))
        place = path[len(source) :]
        if place in group.rows:
            message = "this text stands here twice; the second row was not read"
            collection.problems.append(found.at(row.number, found.first, message))
            continue
        group.rows[place] = row
    return groups


def _path(name: str) -> KeyPath | None:
    try:
        return path_of(name)
    except ValueError:
        return None


def _source(path: KeyPath) -> KeyPath:
    """Without the place in a list."""
    end = next((number for number, step in enumerate(path) if isinstance(step, int)), len(path))
    return path[:end]


def _is_translator(path: KeyPath) -> bool:
    return path[0] == "quotes" and path[2:] == ("in_translation", "translator")


def _say_unknown(collection: Collection, found: Found, row: Row) -> None:
    """Where a text is gone from the calendar, nothing is lost unless somebody translated it."""
    where = row.cells.get(found.first, "").strip()
    empty = not row.cells.get(TRANSLATION)
    if where and (empty or collection.untouched(found, row, TRANSLATION)):
        return
    collection.problems.append(
        found.at(
            row.number,
            found.first,
            f'there is no text "{where}" in the calendar to translate; this row was not read',
            "the first column says which text it is: take it from a new export",
        )
    )


@dataclass(slots=True)
class _Retelling:
    """One language's file while its sheet is taken over."""

    collection: Collection
    found: Found
    file: Values
    #: Its name.
    name: str
    standing: Mapping[str, Mapping[str, str]]
    #: The file is new: everything is taken as the sheet has it.
    fresh: bool = field(kw_only=True)

    def take(self, each: KeyPath, groups: list[_Group]) -> None:
        """An entry, with all its texts and the state that they are in together."""
        changed = [group for group in groups if self._take_text(group)]
        review = self._review(groups)
        if review is None:
            return
        touched = any(
            self._touched(row, column)
            for group in groups
            for row in group.rows.values()
            for column in REVIEW
        )
        if self.fresh:
            for column, said in review.items():
                put(self.file, (*each, "translation", column), said)
        elif changed or touched:
            self._settle(each, groups, review, changed=bool(changed), touched=touched)

    def _touched(self, row: Row, column: str) -> bool:
        name = row.cells.get(self.found.first, "").strip()
        stands = self.standing.get(name, {}).get(column, "")
        return self.collection.touched(self.found, row, column, stands)

    # ── texts ──

    def _take_text(self, group: _Group) -> bool:
        """Whether the text, or one of the list, was changed and taken over."""
        rows = group.rows.values()
        touched = [row for row in rows if self._touched(row, TRANSLATION)]
        if not touched or any(self._source_touched(row) for row in rows):
            return False
        path = group.path
        told = {
            place: text for place, row in group.rows.items() if (text := _told(row)) is not None
        }
        if not told:
            put(self.file, told_path(path), None)
            put(self.file, of_path(path), None)
            return True
        try:
            value, of = self._values(group, told)
        except ValueError:
            self._say_gaps(group)
            return False
        put(self.file, told_path(path), value)
        self.collection.origins[self.name, told_path(path)] = self.found, touched[0].number
        if _is_translator(path):
            return True
        if of is not _LEAVE:
            put(self.file, of_path(path), of)
        return True

    def _source_touched(self, row: Row) -> bool:
        """A translator who mends the source must hear that it is not mended here."""
        known = self.collection.was_exported(self.found.first, row.cells.get(self.found.first, ""))
        if not known or self.collection.untouched(self.found, row, SOURCE):
            return False
        self.collection.problems.append(
            self.found.at(
                row.number,
                SOURCE,
                "the source was changed here, so this translation was not read",
                "change it in the calendar or in its own sheet, export again, then translate it",
            )
        )
        return True

    def _values(self, group: _Group, told: Mapping[KeyPath, str]) -> tuple[Any, Any]:
        """The translation, and what it was made from."""
        source = at(self.collection.own, group.path)
        if isinstance(source, list) == (() in group.rows):
            raise ValueError
        if () in group.rows:
            return told[()], self._made_from(group, {(): _source_text(group.rows[()])}, None)
        rows = group.rows
        of = {place: _source_text(row) for place, row in rows.items() if row.cells.get(SOURCE)}
        gaps = of.keys() - told.keys()
        if gaps and not all(
            self.collection.untouched(self.found, row, TRANSLATION) for row in rows.values()
        ):
            raise ValueError
        return rebuilt(source, told), self._made_from(group, of, source)

    def _made_from(self, group: _Group, seen: Mapping[KeyPath, str], source: Any) -> Any:
        notes = {
            place: row.cells[MADE_FROM]
            for place, row in group.rows.items()
            if row.cells.get(MADE_FROM)
        }
        if self.fresh and notes:
            if ELSEWHERE in notes.values():
                return _LEAVE
            if NOT_NOTED in notes.values():
                return None
            seen = {place: understood(note) for place, note in notes.items()}
        return seen[()] if () in seen else rebuilt(source, seen)

    def _say_gaps(self, group: _Group) -> None:
        empty = [row for row in group.rows.values() if _told(row) is None] or [*group.rows.values()]
        self.collection.problems.append(
            self.found.at(
                empty[0].number,
                TRANSLATION,
                f"{named(group.path)} is a list, and is translated as a whole or not at all; it "
                "was left as it was",
                "fill in every row of it; if rows are missing here, export again",
            )
        )

    # ── reviews ──

    def _review(self, groups: list[_Group]) -> dict[str, str] | None:
        """What the rows of an entry say about its state, or None where that makes no sense."""
        review: dict[str, str] = {}
        first: Row | None = None
        for row in (row for group in groups for row in group.rows.values()):
            said = {column: row.cells[column].strip() for column in REVIEW if row.cells.get(column)}
            first = row if said and first is None else first
            if any(review.get(column, cell) != cell for column, cell in said.items()):
                self._refuse(row, "the rows of this entry say different things about it")
                return None
            review |= said
        if first is None:
            return {}
        known = self.fresh or self._same_review(groups, review)
        if not known and (complaint := _complaint(review)):
            self._refuse(first, complaint)
            return None
        return {column: understood(cell) for column, cell in review.items()}

    def _same_review(self, groups: list[_Group], review: Mapping[str, str]) -> bool:
        standing = [
            self.standing.get(row.cells.get(self.found.first, "").strip(), {})
            for group in groups
            for row in group.rows.values()
        ]
        stands = {
            column: cells[column] for cells in standing for column in REVIEW if column in cells
        }
        return stands == review

    def _refuse(self, row: Row, complaint: str) -> None:
        self.collection.problems.append(
            self.found.at(
                row.number,
                STATE,
                f"{complaint}; its state was left as it was",
                "write draft; or reviewed, by: a name, on: 2026-11-20, in the first row of it",
            )
        )

    def _settle(
        self,
        each: KeyPath,
        groups: list[_Group],
        review: Mapping[str, str],
        *,
        changed: bool,
        touched: bool,
    ) -> None:
        """A changed text is a draft, unless somebody has reviewed it since."""
        again = touched and review.get(STATE) == _REVIEWED
        if changed and not again:
            left = any(at(self.file, told_path(group.path)) is not None for group in groups)
            review = {STATE: _DRAFT} if left else {}
        self._put_review(each, review)
        if again:
            for group in groups:
                self._vouch(group)

    def _put_review(self, each: KeyPath, review: Mapping[str, str]) -> None:
        for column in REVIEW:
            put(self.file, (*each, "translation", column), review.get(column))

    def _vouch(self, group: _Group) -> None:
        """Whoever reviews has compared a translation with the source in the sheet."""
        if _is_translator(group.path) or at(self.file, told_path(group.path)) is None:
            return
        seen = {
            place: _source_text(row) for place, row in group.rows.items() if row.cells.get(SOURCE)
        }
        source = at(self.collection.own, group.path)
        if isinstance(source, list) == (() in seen):
            return
        try:
            of = seen[()] if () in seen else rebuilt(source, seen)
        except ValueError:
            return
        put(self.file, of_path(group.path), of)


#: What it was made from stands elsewhere, and stays.
_LEAVE = object()


def _told(row: Row) -> str | None:
    cell = row.cells.get(TRANSLATION, "")
    return str(understood(cell)) if cell.strip() else None


def _source_text(row: Row) -> str:
    return str(understood(row.cells.get(SOURCE, "")))


def _complaint(review: Mapping[str, str]) -> str:
    state = review.get(STATE, "")
    if state not in (_DRAFT, _REVIEWED, ""):
        return f'"{state}" is no state of a translation'
    if state == _REVIEWED and not (review.get(BY) and review.get(ON)):
        return "it says reviewed, but not by whom and on which day"
    if state != _REVIEWED and (review.get(BY) or review.get(ON)):
        return "it says who reviewed it, but not that it is reviewed"
    if review.get(ON) and not re.fullmatch(r"\d{4}-\d\d-\d\d", review[ON]):
        return f'"{review[ON]}" is no date'
    return ""
