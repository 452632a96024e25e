"""What only a calendar's files together can say: what does not stand in which of them, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from scheduler.calendar.reading import Tree, mapping_in, text_in
from scheduler.calendar.wordings import matching
from scheduler.errors import Problem
from scheduler.model import OWN, KeyPath
from scheduler.naming import nearest

#: Beside the calendar: a file for each language, and one for each member.
LANGUAGES, MEMBERS = "languages", "members"

_HANGS_ON_IT = "everything published hangs on it: it stands in the calendar alone"
_SAME_DAYS = "the days are the same for everybody: they stand in the calendar alone"
_SAME_YES = "who must say yes is the same for everybody: it stands in the calendar alone"
_SAME_ALERTS = "who is told is the same for everybody: it stands in the calendar alone"
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
        MEMBERS: {
            ("campaign", "id"): _HANGS_ON_IT,
            ("campaign", "first_day"): _SAME_DAYS,
            ("campaign", "approvals"): _SAME_YES,
            ("alerts",): _SAME_ALERTS,
            **dict.fromkeys(_TRANSLATIONS, _TRANSLATED),
        },
        OWN: dict.fromkeys(_TRANSLATIONS, _TRANSLATED),
    }
)


def not_here(tree: Tree, kind: str) -> Iterator[Problem]:
    """What a file of this kind may not say."""
    for pattern, why in _NOT_IN[kind].items():
        for path, _ in matching(tree.values, pattern):
            yield tree.places.key(*path).problem(
                "not-here", f'"{path[-1]}" does not stand here: {why}', "take it out"
            )


def strangers(own: Tree, tree: Tree) -> Iterator[Problem]:
    """Posts that a member changes, and that nobody has written."""
    known = mapping_in(own, "posts")
    for id_, post in mapping_in(tree, "posts").items():
        if id_ not in known and isinstance(post, dict) and not {"text", "day"} & post.keys():
            yield tree.places.key("posts", id_).problem(
                "unknown-post",
                f'there is no post "{id_}" to change',
                f"{nearest(id_, known)} A post of the member's own needs day, text and alt.",
            )


def same_language(own: Tree, tree: Tree, files: Sequence[str]) -> Iterator[Problem]:
    """A language of the calendar itself, or one with several files: nobody can know which holds."""
    place, code = tree.places.value("language"), text_in(tree, "language")
    if code and code == text_in(own, "campaign", "language"):
        yield place.problem(
            "same-language",
            f'"{code}" is the language of the calendar itself',
            "write its texts there, and delete this file",
        )
    elif code and len(files) > 1:
        others = " and ".join(file for file in files if file != tree.places.file)
        yield place.problem(
            "same-language", f'"{code}" is the language of {others} too', "delete one of them"
        )


def same_member(tree: Tree, files: Sequence[str]) -> Iterator[Problem]:
    """A member that is called like the calendar itself, or has several files."""
    place, id_ = tree.places.value("member", "id"), text_in(tree, "member", "id")
    if id_ == OWN:
        message = f'"{OWN}" is what the calendar itself is called'
        yield place.problem("same-member", message, "choose another id")
    elif id_ and len(files) > 1:
        others = " and ".join(file for file in files if file != tree.places.file)
        message = f'the member "{id_}" stands in {others} too'
        yield place.problem("same-member", message, "delete one of them, or choose another id")


def no_language(tree: Tree, code: str, known: Iterable[str], *, unread: bool) -> Problem:
    """A member speaks a language that has no file, or none that can be understood."""
    found = "that can be read " if unread else ""
    message = f'there is no file {found}in {LANGUAGES}/ for "{code}"'
    return tree.places.value("campaign", "language").problem(
        "unknown-language", message, nearest(code, known)
    )
