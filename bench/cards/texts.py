"""What the cards say: made of the words of real sentences, and never the same twice."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from scheduler.cards import quoted

WORDS = Path(__file__).with_name("words.txt")
#: Characters of a quotation.
LEAST, MOST = 205, 235
_DAYS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The texts of one quote card."""

    language: str
    day: int
    kicker: str
    words: str
    speaker: str
    role: str
    source: str

    def told(self) -> dict[str, str | int]:
        """As the other engines are told it: with its quotation marks."""
        return asdict(self) | {"words": quoted(self.words, self.language)}


@cache
def vocabulary() -> Mapping[str, Sequence[str]]:
    """Different words by language."""
    paragraphs = WORDS.read_text("utf-8").split("\n\n")[1:]
    parted = (paragraph.partition(":") for paragraph in paragraphs)
    return {language: tuple(words.split()) for language, _, words in parted}


class Writer:
    """Writes the same texts for the same seed, and no text twice."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._said: set[str] = set()

    def said(self) -> Said:
        language = self._random.choice(sorted(vocabulary()))
        day = self._random.randint(1, _DAYS)
        words = self._sentences(language)
        if words in self._said:
            return self.said()
        self._said.add(words)
        return Said(
            language=language,
            day=day,
            kicker=f"{day} · {self._sentence(language, 3)}",
            words=words,
            speaker=self._name(language),
            role=self._sentence(language, 5),
            source=self._sentence(language, 6),
        )

    def many(self, count: int) -> list[Said]:
        return [self.said() for _ in range(count)]

    def _sentences(self, language: str) -> str:
        """Sentences until they are long enough, and at most `MOST` characters."""
        text = ""
        while not LEAST <= len(text) <= MOST:
            if len(text) > MOST:
                text = ""
            ending = self._random.choice((". ", ". ", ": ", ", "))
            text += self._sentence(language, self._random.randint(4, 9)) + ending
        return text.rstrip(" .:,") + "."

    def _sentence(self, language: str, length: int) -> str:
        words = " ".join(self._random.choices(vocabulary()[language], k=length))
        return words[0].upper() + words[1:]

    def _name(self, language: str) -> str:
        words = self._random.choices(vocabulary()[language], k=3)
        return " ".join(word.capitalize() for word in words)
