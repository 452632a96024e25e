"""The words of a text or of a list of them: where their translation stands, and what it replaces.

A list is translated as a whole. In a sheet each of its texts has a row of its own.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from scheduler.calendar.reading import at
from scheduler.calendar.translating import unit
from scheduler.model import KeyPath

#: In lists of groups these are no words.
_NO_WORDS = frozenset({"amount", "picture", "quote", "statistic", "excerpt"})


def told_path(path: KeyPath) -> KeyPath:
    """Where a translation stands: words that were said keep theirs, and it stands beside them."""
    if path[0] == "quotes" and path[-1] == "words":
        return (*path[:-1], "in_translation", "words")
    return path


def of_path(path: KeyPath) -> KeyPath:
    """Where the source stands that a translation was made from."""
    length = len(unit(path))
    return (*path[:length], "translation", "of", *path[length:])


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
