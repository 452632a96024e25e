"""Taking over what translators and reviewers wrote.

A text that was changed is a draft again, and keeps the source that its translator saw: if the
calendar has changed meanwhile, it shows as stale.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from scheduler.calendar.reading import Values, at
from scheduler.calendar.translating import sources, unit
from scheduler.model import KeyPath
from scheduler.sheets.cells import ELSEWHERE, NOT_NOTED, named, path_of, put, understood
from scheduler.sheets.exporting_translations import languages, translation_table
from scheduler.sheets.layout import MADE_FROM, REVIEW, SOURCE, STATE, TRANSLATION
from scheduler.sheets.merging import Merge
from scheduler.sheets.recognising import Found
from scheduler.sheets.reviews import DRAFT, REVIEWED, Refused, Review, review_in
from scheduler.sheets.tables import Row
from scheduler.sheets.texts import of_path, rebuilt, told_path


def take_translation(merge: Merge, found: Found) -> None:
    """Take over what was changed in a translator's sheet."""
    code = found.language
    entries = _entries(_texts(merge, found, code))
    if not entries:
        return
    fresh = code not in languages(merge.current)
    name = languages(merge.files).get(code, f"languages/{code}.yaml")
    file = merge.files.setdefault(name, {"language": code})
    rows = () if fresh else translation_table(merge.current, code).rows
    standing = {row.cells[found.first]: row.cells for row in rows}
    taking = _Taking(merge, found, file, name, standing, fresh=fresh)
    for entry, texts in entries.items():
        taking.take(entry, texts)
    if fresh and file == {"language": code}:
        del merge.files[name]


# ── from rows to texts ────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class _Text:
    """One text, or one list of texts, with its rows by their place in the list."""

    #: Where the source stands in the calendar.
    path: KeyPath
    rows: dict[KeyPath, Row] = field(default_factory=dict)

    @property
    def told(self) -> dict[KeyPath, str]:
        """The translations."""
        cells = {place: row.cells.get(TRANSLATION, "") for place, row in self.rows.items()}
        return {place: str(understood(cell)) for place, cell in cells.items() if cell.strip()}

    @property
    def seen(self) -> dict[KeyPath, str]:
        """The sources, as they stand in the sheet."""
        cells = {place: row.cells.get(SOURCE, "") for place, row in self.rows.items()}
        return {place: str(understood(cell)) for place, cell in cells.items() if cell}

    @property
    def is_translator(self) -> bool:
        """Whether it is the name of who translated a quotation."""
        return _is_translator(self.path)


def _is_translator(path: KeyPath) -> bool:
    return path[:1] == ("quotes",) and path[2:] == ("in_translation", "translator")


def _texts(merge: Merge, found: Found, code: str) -> Iterable[_Text]:
    known = sources(merge.own, code)
    texts: dict[KeyPath, _Text] = {}
    for row in found.rows:
        if not row.cells:
            continue
        path = _path(row.cells.get(found.first, "").strip())
        source = _without_places(path)
        if source not in known and not (_is_translator(path) and path == source):
            _say_unknown(merge, found, row)
            continue
        text = texts.setdefault(source, _Text(source))
        place = path[len(source) :]
        if place in text.rows:
            message = "this text stands here twice; the second row was not read"
            merge.problems.append(found.at(row.number, found.first, message))
            continue
        text.rows[place] = row
    return texts.values()


def _path(name: str) -> KeyPath:
    try:
        return path_of(name)
    except ValueError:
        return ()


def _without_places(path: KeyPath) -> KeyPath:
    """The path of a list, for that of one of its texts."""
    end = next((number for number, step in enumerate(path) if isinstance(step, int)), len(path))
    return path[:end]


def _say_unknown(merge: Merge, found: Found, row: Row) -> None:
    """Where a text is gone from the calendar, nothing is lost unless somebody translated it."""
    where = row.cells.get(found.first, "").strip()
    empty = not row.cells.get(TRANSLATION)
    if where and (empty or merge.untouched(found, row, TRANSLATION)):
        return
    merge.problems.append(
        found.at(
            row.number,
            found.first,
            f'there is no text "{where}" in the calendar to translate; this row was not read',
            "the first column says which text it is: take it from a new export",
        )
    )


def _entries(texts: Iterable[_Text]) -> dict[KeyPath, list[_Text]]:
    """The texts of each entry: they are drafts, or reviewed, together."""
    entries: dict[KeyPath, list[_Text]] = {}
    for text in texts:
        entries.setdefault(unit(text.path), []).append(text)
    return entries


# ── from texts to the language's file ─────────────────────────────────────────────────────────────


@dataclass(slots=True)
class _Taking:
    """One language's file while its sheet is taken over."""

    merge: Merge
    found: Found
    file: Values
    #: Its name.
    name: str
    #: The cells of each row as the calendar has them now.
    standing: Mapping[str, Mapping[str, str]]
    #: The file is new: everything is taken as the sheet has it.
    fresh: bool = field(kw_only=True)

    def take(self, entry: KeyPath, texts: Sequence[_Text]) -> None:
        """An entry, with all its texts and the state that they are in together."""
        changed = [text for text in texts if self._take_text(text)]
        rows = [row for text in texts for row in text.rows.values()]
        try:
            review = review_in(rows, None if self.fresh else self._standing_review(rows))
        except Refused as refused:
            self._say_refused(refused)
            return
        touched = any(self._touched(row, column) for row in rows for column in REVIEW)
        if self.fresh:
            self._put_review(entry, review, tuple(review))
        elif changed or touched:
            self._settle(entry, texts, review, changed=bool(changed), touched=touched)

    def _stands(self, row: Row) -> Mapping[str, str]:
        return self.standing.get(row.cells.get(self.found.first, "").strip(), {})

    def _touched(self, row: Row, column: str) -> bool:
        return self.merge.touched(self.found, row, column, self._stands(row).get(column, ""))

    # ── texts ──

    def _take_text(self, text: _Text) -> bool:
        """Whether the text, or one of the list, was changed and taken over."""
        rows = text.rows.values()
        touched = [row for row in rows if self._touched(row, TRANSLATION)]
        if not touched or any(self._source_touched(row) for row in rows):
            return False
        if not text.told:
            put(self.file, told_path(text.path), None)
            put(self.file, of_path(text.path), None)
            return True
        try:
            value, of = self._translation(text)
        except ValueError:
            self._say_gaps(text)
            return False
        put(self.file, told_path(text.path), value)
        if not text.is_translator and of is not _LEAVE:
            put(self.file, of_path(text.path), of)
        self.merge.origins[self.name, told_path(text.path)] = self.found, touched[0].number
        return True

    def _source_touched(self, row: Row) -> bool:
        """A translator who mends the source must hear that it is not mended here."""
        known = self.merge.was_exported(self.found.first, row.cells.get(self.found.first, ""))
        if not known or self.merge.untouched(self.found, row, SOURCE):
            return False
        self.merge.problems.append(
            self.found.at(
                row.number,
                SOURCE,
                "the source was changed here, so this translation was not read",
                "change it in the calendar or in its own sheet, export again, then translate it",
            )
        )
        return True

    def _translation(self, text: _Text) -> tuple[Any, Any]:
        """The translation, and what it was made from. Raises `ValueError` for half a list."""
        source = at(self.merge.own, text.path)
        if isinstance(source, list) == (() in text.rows):
            raise ValueError
        if () in text.rows:
            return text.told[()], self._made_from(text, "")
        if text.seen.keys() - text.told.keys() and not self._is_as_exported(text):
            raise ValueError
        return rebuilt(source, text.told), self._made_from(text, source)

    def _is_as_exported(self, text: _Text) -> bool:
        rows = text.rows.values()
        return all(self.merge.untouched(self.found, row, TRANSLATION) for row in rows)

    def _made_from(self, text: _Text, source: Any) -> Any:
        cells = {place: row.cells.get(MADE_FROM) for place, row in text.rows.items()}
        notes = {place: note for place, note in cells.items() if note}
        if not self.fresh or not notes:
            return _whole(text.seen, source)
        if ELSEWHERE in notes.values():
            return _LEAVE
        if NOT_NOTED in notes.values():
            return None
        return _whole({place: understood(note) for place, note in notes.items()}, source)

    def _say_gaps(self, text: _Text) -> None:
        empty = [row for place, row in text.rows.items() if place not in text.told]
        first = next(iter(empty or text.rows.values()))
        self.merge.problems.append(
            self.found.at(
                first.number,
                TRANSLATION,
                f"{named(text.path)} is a list, and is translated as a whole or not at all; it "
                "was left as it was",
                "fill in every row of it; if rows are missing here, export again",
            )
        )

    # ── reviews ──

    def _standing_review(self, rows: Iterable[Row]) -> Review:
        cells = [self._stands(row) for row in rows]
        return {column: each[column] for each in cells for column in REVIEW if column in each}

    def _say_refused(self, refused: Refused) -> None:
        self.merge.problems.append(
            self.found.at(
                refused.row.number,
                STATE,
                f"{refused}; its state was left as it was",
                "write draft; or reviewed, by: a name, on: 2026-11-20, in the first row of it",
            )
        )

    def _settle(
        self,
        entry: KeyPath,
        texts: Sequence[_Text],
        review: Review,
        *,
        changed: bool,
        touched: bool,
    ) -> None:
        """A changed text is a draft, unless somebody has reviewed it since."""
        again = touched and review.get(STATE) == REVIEWED
        if changed and not again:
            left = any(at(self.file, told_path(text.path)) is not None for text in texts)
            review = {STATE: DRAFT} if left else {}
        self._put_review(entry, review)
        if again:
            for text in texts:
                self._vouch(text)

    def _put_review(self, entry: KeyPath, review: Review, columns: Sequence[str] = REVIEW) -> None:
        for column in columns:
            put(self.file, (*entry, "translation", column), review.get(column))

    def _vouch(self, text: _Text) -> None:
        """Whoever reviews has compared a translation with the source in the sheet."""
        source = at(self.merge.own, text.path)
        if text.is_translator or at(self.file, told_path(text.path)) is None:
            return
        if isinstance(source, list) == (() in text.seen):
            return
        try:
            put(self.file, of_path(text.path), _whole(text.seen, source))
        except ValueError:
            return


#: What it was made from stands elsewhere, and stays.
_LEAVE = object()


def _whole(words: Mapping[KeyPath, str], source: Any) -> Any:
    """The words of a text, or of a list such as `source`."""
    return rebuilt(source, words) if isinstance(source, list) else words.get((), "")
