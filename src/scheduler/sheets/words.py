"""How people write platforms and languages, and ids that are made of what they write."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Container, Mapping
from importlib.resources import files
from itertools import count
from types import MappingProxyType
from typing import Any

from scheduler.sheets.dates import plain

_DATA: Mapping[str, Any] = MappingProxyType(
    tomllib.loads(files("scheduler.sheets").joinpath("words.toml").read_text("utf-8"))
)


def _by_word(names: Mapping[str, list[str]]) -> Mapping[str, str]:
    return MappingProxyType({word: name for name, words in names.items() for word in words})


#: What people write, and the name that an account gets from it.
PLATFORMS = _by_word(_DATA["platforms"])
EVERY_PLATFORM = frozenset(_DATA["every_platform"])
_LANGUAGES = _by_word(_DATA["languages"])
_LATIN: Mapping[str, str] = MappingProxyType(
    dict(pair.split("=", 1) for letters in _DATA["letters"].values() for pair in letters.split())
)
_LONGEST_ID = 48
_WORDS_OF_ID = 5


def language_of(written: str) -> str:
    """The code of a language by its name or code; "" for anything else."""
    word = plain(written).strip()
    return _LANGUAGES.get(word, word if re.fullmatch(r"[a-z]{2,3}", word) else "")


def slug(text: str) -> str:
    """Small letters, digits and hyphens."""
    latin = "".join(_LATIN.get(sign, sign) for sign in plain(text))
    bare = unicodedata.normalize("NFKD", latin).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", re.sub(r"['’#]", "", bare)).strip("-")


def new_id(text: str, taken: Container[str], *, otherwise: str) -> str:
    """An id from the first words of a text, in the letters that an id may have, and only once."""
    words = slug(text).split("-")[:_WORDS_OF_ID]
    return unused("-".join(words)[:_LONGEST_ID].strip("-") or otherwise, taken)


def unused(name: str, taken: Container[str]) -> str:
    """The name, with a number behind it where it is taken."""
    if name not in taken:
        return name
    return next(each for number in count(2) if (each := f"{name}-{number}") not in taken)
