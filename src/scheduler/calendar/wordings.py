"""What of a calendar is words: what a language's file may say, and what a member may say anew.

The rest (numbers to dial, sources, dates, consents, accounts) is the same in every language, and
is written once. A file in another language that could change it would change it unseen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from scheduler.calendar.reading import FILES_KEPT, Tree, Values, at, mapping_in
from scheduler.errors import Problem, Severity
from scheduler.model import KeyPath
from scheduler.naming import nearest
from scheduler.remembering import remembered

#: Any one key.
ANY = "*"
#: Texts that the public reads or hears, and so wants in its own language.
WANTED: tuple[KeyPath, ...] = (
    ("campaign", "required_text"),
    ("brand", "help"),
    ("brand", "funder"),
    ("days", ANY, "theme"),
    ("posts", ANY, "text"),
    ("posts", ANY, "photo", "headline"),
    ("posts", ANY, "graphic", "headline"),
    ("posts", ANY, "graphic", "points"),
    ("posts", ANY, "call", "headline"),
    ("posts", ANY, "call", "body"),
    ("posts", ANY, "opener", "headline"),
    ("posts", ANY, "opener", "body"),
    ("posts", ANY, "carousel"),
    ("posts", ANY, "alt"),
    ("posts", ANY, "thread"),
    ("posts", ANY, "note"),
    ("facts", ANY, "figure"),
    ("facts", ANY, "statement"),
    ("facts", ANY, "population"),
    ("facts", ANY, "year"),
    ("facts", ANY, "caveat"),
    ("facts", ANY, "chart", "values"),
    ("facts", ANY, "chart", "before", "label"),
    ("facts", ANY, "chart", "before", "shown"),
    ("facts", ANY, "chart", "after", "label"),
    ("facts", ANY, "chart", "after", "shown"),
    ("helplines", ANY, "hours"),
)
#: These may stay as they are: a name, a role or a title is often known in one language only.
WELCOME: tuple[KeyPath, ...] = (
    ("campaign", "title"),
    ("brand", "name"),
    ("days", ANY, "observance"),
    ("quotes", ANY, "speaker"),
    ("quotes", ANY, "role"),
    ("quotes", ANY, "words"),
)
#: Words that were said stay what they are; a translation of them stands beside them.
BESIDE: Mapping[str, str] = MappingProxyType({"words": "in_translation"})
#: These follow from the calendar too, and want no translation of their own.
ALSO: tuple[KeyPath, ...] = (
    ("campaign", "tags"),
    ("posts", ANY, "excerpt"),
    ("posts", ANY, "tags"),
    ("pictures", ANY, "credit"),
    ("quotes", ANY, "in_translation"),
    ("phrases", ANY),
)
#: Beside the texts of an entry, or of a section: their state, and what they were made from.
TRANSLATION = "translation"

WORDS = frozenset({*WANTED, *WELCOME, *ALSO}) - {("quotes", ANY, "words")}
_PARTS = frozenset(words[:end] for words in WORDS for end in range(1, len(words)))
#: Lists of entries, which a language can only say differently.
_ENTRIES = frozenset({"posts", "facts", "quotes", "pictures", "helplines"})


def matching(values: Any, pattern: KeyPath, before: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    """Everything that stands where the pattern says."""
    if not pattern:
        yield before, values
    elif isinstance(values, dict):
        for key in values if pattern[0] == ANY else (pattern[0],):
            if key in values:
                yield from matching(values[key], pattern[1:], (*before, key))


def is_number(path: KeyPath, text: Any) -> bool:
    """A year that is only a number reads the same everywhere, and so does a chart's label."""
    return path[-1] in ("year", "label") and not re.search(r"[^\W\d_]", str(text))


@remembered(FILES_KEPT)
def words_of(tree: Tree, own: Tree) -> tuple[Tree, tuple[Problem, ...]]:
    """A language's file without what it may not say, or what the calendar no longer says."""
    problems: list[Problem] = []
    kept = _kept(tree, own, (), tree.values, problems)
    return Tree(values=kept, places=tree.places, problems=tree.problems), tuple(problems)


def _kept(
    tree: Tree, own: Tree, path: KeyPath, values: Values, problems: list[Problem]
) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for key, value in values.items():
        here = (*path, key)
        pattern = _pattern(here)
        if pattern in _PARTS and isinstance(value, dict):
            if problem := _unknown(tree, own, here):
                problems.append(problem)
            elif inner := _kept(tree, own, here, value, problems):
                kept[key] = inner
        elif pattern in _PARTS or _is_own_key(here):
            kept[key] = value
        elif pattern not in WORDS or is_number(here, at(own.values, here)):
            problems.append(_no_words(tree, here))
        elif _has(own, here):
            kept[key] = value
        else:
            problems.append(_gone(tree, here))
    return kept


def _pattern(path: KeyPath) -> KeyPath:
    """The path with any id in it left open."""
    entries = path[0] in (*_ENTRIES, "days", "phrases")
    return tuple(ANY if number == 1 and entries else step for number, step in enumerate(path))


def _is_own_key(path: KeyPath) -> bool:
    return path == ("language",) or path[-1] == TRANSLATION


def _unknown(tree: Tree, own: Tree, path: KeyPath) -> Problem | None:
    """An entry that the calendar does not have, or has no longer: nobody will miss its words."""
    if len(path) == 1 or path[0] not in _ENTRIES or path[1] in mapping_in(own, str(path[0])):
        return None
    kind = str(path[0]).removesuffix("s")
    return tree.places.key(*path).problem(
        f"unknown-{kind}",
        f'there is no {kind} "{path[1]}" in the calendar: it is not said',
        nearest(str(path[1]), mapping_in(own, str(path[0]))),
        Severity.WARNING,
    )


def _has(own: Tree, path: KeyPath) -> bool:
    """Whether the calendar says something there that can be said differently."""
    if path[0] == "phrases" or path[-1] in ("tags", "in_translation"):
        return True
    return bool(at(own.values, path))


def _gone(tree: Tree, path: KeyPath) -> Problem:
    return tree.places.key(*path).problem(
        "translation-gone",
        f'the calendar has no "{".".join(map(str, path[-2:]))}" here: it is not said',
        "take it out, or say it in the calendar first",
        Severity.WARNING,
    )


def _no_words(tree: Tree, path: KeyPath) -> Problem:
    pattern = _pattern(path)
    near = {str(words[len(path) - 1]) for words in WORDS if words[: len(path) - 1] == pattern[:-1]}
    return tree.places.key(*path).problem(
        "not-here",
        f'"{path[-1]}" does not stand in a language\'s file, which says only words',
        nearest(str(path[-1]), near - {ANY}) or "it stands in the calendar, and in members' files",
    )


#: What the calendar says of these holds for every member, whatever a member calls it.
_FOR_EVERYBODY = ("facts", "quotes", "pictures", "helplines", "consents")


def not_theirs(tree: Tree, own: Tree) -> Iterator[Problem]:
    """What a member's file changes though it belongs to all: a source, a number, a consent."""
    for section in _FOR_EVERYBODY:
        for id_ in mapping_in(tree, section).keys() & mapping_in(own, section).keys():
            yield from _changes(tree, (section, id_), mapping_in(tree, section)[id_])


def _changes(tree: Tree, path: KeyPath, value: Any) -> Iterator[Problem]:
    if _pattern(path) in WORDS:
        return
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _changes(tree, (*path, key), inner)
        return
    yield tree.places.key(*path).problem(
        "not-here",
        f'"{path[-1]}" of "{path[1]}" holds for every member: the calendar says it',
        "give your own an id of its own, and name that in your posts",
    )
