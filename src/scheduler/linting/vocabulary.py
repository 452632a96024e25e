"""The glossaries of words that blame or excuse: data, one file a language."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A phrase to think twice about."""

    phrase: str
    pattern: re.Pattern[str]
    #: Where this stands too, in the same text, the phrase is meant well.
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
        if match is None or (self.unless is not None and self.unless.search(text)):
            return ""
        return match[0]


@cache
def glossary(language: str) -> tuple[Entry, ...]:
    """The entries for a language, without its script or region; () when there are none yet."""
    file = files("scheduler.linting").joinpath("glossary", f"{language.partition('-')[0]}.toml")
    if not file.is_file():
        return ()
    listed = tomllib.loads(file.read_text("utf-8")).get("entry", [])
    return tuple(_entry(entry) for entry in listed)


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
    # Blanks may be line breaks, and an apostrophe is typed in two ways.
    loose = words.replace(" ", r"\s+").replace("'", "[’']")
    return re.compile(rf"\b(?:{loose})\b", re.IGNORECASE)
