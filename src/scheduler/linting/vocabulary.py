"""The glossaries of words that blame or excuse: data, one file a language."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from scheduler.linting.speaking import sentences


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A phrase to think twice about."""

    phrase: str
    pattern: re.Pattern[str]
    #: Where this stands too, in the same sentence, the phrase is meant well.
    unless: re.Pattern[str] | None
    why: str
    say: str
    #: The address of the guidance that says so.
    source: str
    #: Sentences that it must find, and sentences that it must leave alone: run as tests.
    finds: tuple[str, ...]
    leaves: tuple[str, ...]

    def found(self, text: str) -> str:
        """The words in the text that the entry is about, or ""."""
        match = self.pattern.search(text)
        if match is None or self.unless is None:
            return match[0] if match else ""
        for sentence in sentences(text):
            match = self.pattern.search(sentence)
            if match and not self.unless.search(sentence):
                return match[0]
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Glossary:
    """The entries of one language."""

    entries: tuple[Entry, ...]
    #: Matches, in small letters, wherever an entry may; None when there are no entries. One such
    #: expression is eight times faster than twenty, and nearly no text gets past it.
    anything: re.Pattern[str] | None

    def found(self, text: str) -> Iterator[tuple[Entry, str]]:
        """The entries that the text needs to hear of, each with the words it is about."""
        if self.anything is None or not self.anything.search(text.lower()):
            return
        for entry in self.entries:
            if words := entry.found(text):
                yield entry, words


@cache
def glossary(language: str) -> Glossary:
    """The glossary of a language, whatever its script or region; empty when there is none yet."""
    file = files("scheduler.linting").joinpath("glossary", f"{language.partition('-')[0]}.toml")
    listed = tomllib.loads(file.read_text("utf-8")).get("entry", []) if file.is_file() else []
    anything = "|".join(_loose(entry["pattern"]) for entry in listed)
    return Glossary(
        entries=tuple(_entry(entry) for entry in listed),
        anything=re.compile(rf"\b(?:{anything})") if listed else None,
    )


def languages() -> tuple[str, ...]:
    """The languages that have a file, filled or not."""
    names = (file.name for file in files("scheduler.linting").joinpath("glossary").iterdir())
    return tuple(sorted(name[: -len(".toml")] for name in names if name.endswith(".toml")))


def _entry(entry: dict[str, Any]) -> Entry:
    return Entry(
        phrase=entry["phrase"],
        pattern=_pattern(entry["pattern"]),
        unless=_pattern(entry["unless"]) if "unless" in entry else None,
        why=entry["why"],
        say=entry["say"],
        source=entry["source"],
        finds=tuple(entry["finds"]),
        leaves=tuple(entry["leaves"]),
    )


def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{_loose(words)})\b", re.IGNORECASE)


def _loose(words: str) -> str:
    """Blanks may be line breaks, and an apostrophe is typed in two ways."""
    return words.replace(" ", r"\s+").replace("'", "[’']")
