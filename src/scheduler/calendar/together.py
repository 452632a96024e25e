"""What only a calendar's files together can say: what does not stand in which of them, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from scheduler.calendar.reading import Tree, mapping_in, text_in
from scheduler.errors import Problem
from scheduler.model import OWN, KeyPath
from scheduler.naming import nearest

#: Beside the calendar: a file for each language, and one for each member.
LANGUAGES, MEMBERS = "languages", "members"

_HANGS_ON_IT = "everything published hangs on it: it stands in the calendar alone"
_SAME_DAYS = "the days are the same for everybody: they stand in the calendar alone"
_TRANSLATED = "only a file in languages/ translates"
_TRANSLATIONS: tuple[KeyPath, ...] = (
    *(
        (section, "*", "translation")
        for section in ("posts", "facts", "quotes", "days", "helplines")
    ),
    *((section, "translation") for section in ("campaign", "brand", "phrases")),
    ("quotes", "*", "in_translation"),
)
#: What each kind of file may not say, and why. "*" is any one key.
_NOT_IN: Mapping[str, Mapping[KeyPath, str]] = MappingProxyType(
    {
        LANGUAGES: {
            ("accounts",): "accounts stand in the calendar and in the members' files",
            ("consents",): "what people agreed to stands in the calendar",
            ("campaign", "id"): _HANGS_ON_IT,
            ("campaign", "first_day"): _SAME_DAYS,
            ("campaign", "language"): "the line language says it for this file",
            ("quotes", "*", "words"): "they were said so; in_translation: {words, translator} "
            "stands beside them",
        },
        MEMBERS: {
            ("campaign", "id"): _HANGS_ON_IT,
            ("campaign", "first_day"): _SAME_DAYS,
            **dict.fromkeys(_TRANSLATIONS, _TRANSLATED),
        },
        OWN: dict.fromkeys(_TRANSLATIONS, _TRANSLATED),
    }
)
#: Below these, a language's file can only say differently what the calendar says.
_ENTRIES = ("posts", "facts", "quotes", "pictures", "helplines", "series")


def not_here(tree: Tree, kind: str) -> Iterator[Problem]:
    """What a file of this kind may not say."""
    for pattern, why in _NOT_IN[kind].items():
        for path in _matching(tree.values, pattern):
            yield tree.places.key(*path).problem(
                "not-here", f'"{path[-1]}" does not stand here: {why}', "take it out"
            )


def _matching(values: Any, pattern: KeyPath) -> Iterator[KeyPath]:
    if not pattern:
        yield ()
    elif isinstance(values, dict):
        for key in values if pattern[0] == "*" else {pattern[0]} & values.keys():
            for rest in _matching(values[key], pattern[1:]):
                yield (key, *rest)


def unknown_entries(own: Tree, tree: Tree) -> Iterator[Problem]:
    """What a language's file translates, and the calendar does not have."""
    for section in _ENTRIES:
        known = mapping_in(own, section)
        for id_ in mapping_in(tree, section):
            if id_ not in known:
                kind = section.removesuffix("s")
                yield tree.places.key(section, id_).problem(
                    f"unknown-{kind}", f'there is no {kind} "{id_}"', nearest(id_, known)
                )


def strangers(own: Tree, tree: Tree) -> Iterator[Problem]:
    """Posts that a member changes, and that nobody has written."""
    known = mapping_in(own, "posts")
    for id_, post in mapping_in(tree, "posts").items():
        if id_ not in known and isinstance(post, dict) and not {"text", "day"} & post.keys():
            yield tree.places.key("posts", id_).problem(
                "unknown-post",
                f'there is no post "{id_}" to change',
                nearest(id_, known) + "; a post of the member's own needs day, text and alt",
            )


def same_language(own: Tree, tree: Tree, first: str) -> Iterator[Problem]:
    """A second file of a language, of which `first` is the first file."""
    place, code = tree.places.value("language"), text_in(tree, "language")
    if code and code == text_in(own, "campaign", "language"):
        yield place.problem(
            "same-language",
            f'"{code}" is the language of the calendar itself',
            "write its texts there, and delete this file",
        )
    elif code and first != tree.places.file:
        yield place.problem(
            "same-language", f'"{code}" has a file already: {first}', "keep one of the two"
        )


def same_member(tree: Tree, first: str) -> Iterator[Problem]:
    """A second file of a member, of which `first` is the first file."""
    place, id_ = tree.places.value("member", "id"), text_in(tree, "member", "id")
    if id_ == OWN:
        message = f'"{OWN}" is what the calendar itself is called'
        yield place.problem("same-member", message, "choose another id")
    elif id_ and first != tree.places.file:
        message = f'the member "{id_}" has a file already: {first}'
        yield place.problem("same-member", message, "choose another id")


def no_language(tree: Tree, code: str, known: Iterable[str]) -> Problem:
    """A member speaks a language that has no file."""
    return tree.places.value("campaign", "language").problem(
        "unknown-language", f'there is no file in {LANGUAGES}/ for "{code}"', nearest(code, known)
    )
