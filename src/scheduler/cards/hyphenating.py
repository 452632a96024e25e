"""Where long words may be broken, as each language's printers break them.

Text is set ragged and large here, so words stay whole. Only a word that would be wider than its
line, and would make the whole text small for that, is broken; `setting` decides which. This module
knows where: by Liang's patterns, as TeX uses them (https://hyphenation.org), which lie in
`patterns/` as their authors wrote them, with their licences.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

SOFT_HYPHEN = "\u00ad"

#: The fewest letters of a word that may be broken, and of what stands before and after the break.
_WORD = 8
_PART = 3

_FOLDER = Path(__file__).parent / "patterns"
#: Languages that break long words in large type, too, because they have many.
_READILY = {
    "bg": "bg", "bs": "hr", "cnr": "hr", "da": "da", "de": "de-1996", "et": "et",
    "fi": "fi", "hr": "hr", "hu": "hu", "is": "is", "lt": "lt", "nb": "no", "nl": "nl",
    "nn": "no", "no": "no", "pl": "pl", "sh": "hr", "sk": "sk", "sl": "sl", "sr": "sh-cyrl",
    "sv": "sv",
}  # fmt: skip
#: Languages that do so only where nothing else fits.
_UNWILLINGLY = {
    "be": "be", "el": "el-monoton", "en": "en-gb", "en-us": "en-us", "es": "es", "fr": "fr",
    "it": "it", "pt": "pt", "sq": "sq", "uk": "uk",
}  # fmt: skip

# Few cards need these patterns, so `re` compiles each when it is first asked for.
#: Letters between blanks or signs that belong to no number, hashtag, address or joined word.
_BREAKABLE = (
    r"(?<![\w#@&./:\-\u00ad\u2010\u2011])"
    rf"[^\W\d_]{{{_WORD},}}"
    r"(?![\w@/:\-\u00ad\u2010\u2011]|\.\w)"
)
_LAST = r"\w+(?=\W*(?:\n|$))"
_OPENS = r"(?:^|[.!?…\n])\W*$"
_NEXT = r"\W*([^\W\d_])"
_DIGITS = str.maketrans("", "", "0123456789")


def breaks_readily(language: str) -> bool:
    """Whether the language breaks a word before it makes a text small."""
    return language.lower().split("-")[0] in _READILY


def words(text: str, language: str, *, ends: bool = False) -> tuple[tuple[int, int], ...]:
    """Where the words stand that may be broken at all.

    Never what may be a name: a capital is one outside German, unless it opens a sentence. Never an
    abbreviation in capitals; the last word of a paragraph only with `ends`.
    """
    last = set() if ends else {match.start() for match in re.finditer(_LAST, text)}
    german = language.lower().split("-")[0] == "de"
    return tuple(
        found.span()
        for found in re.finditer(_BREAKABLE, text)
        if found.start() not in last
        and not found.group()[1:].isupper()
        and (german or found.group()[0].islower() or _opens(text, *found.span()))
    )


def _opens(text: str, start: int, end: int) -> bool:
    """Whether a sentence starts there: a name would be followed by another capital, or nothing."""
    after = re.match(_NEXT, text[end:])
    return bool(re.search(_OPENS, text[:start]) and after and after[1].islower())


def hyphenated(
    text: str, language: str, chosen: Collection[tuple[int, int]], *, once: bool = True
) -> str:
    """The text with a soft hyphen in each word that stands at `chosen`, next to its middle.

    There compounds are joined more often than elsewhere, and no word hangs over three lines;
    wherever the word may be broken, if not `once`.
    """
    parts = []
    done = 0
    for start, end in sorted(chosen):
        parts.append(text[done:start])
        parts.append(_broken(text[start:end], language, once=once))
        done = end
    return "".join([*parts, text[done:]])


def _broken(word: str, language: str, *, once: bool) -> str:
    found = sorted(_places(word, language), key=lambda at: (abs(2 * at - len(word)), -at))
    places = [0, *sorted(found[:1] if once else found), len(word)]
    return SOFT_HYPHEN.join(word[start:end] for start, end in pairwise(places))


@lru_cache(maxsize=1024)
def _places(word: str, language: str) -> tuple[int, ...]:
    """How many letters may stand before a break."""
    small = word.lower()
    file = _file(language, word)
    # A letter that two lower-case ones stand for, as İ in Turkish, would move the places.
    if not file or len(small) != len(word):
        return ()
    patterns, exceptions = _patterns(file)
    found = exceptions.get(small)
    if found is None:
        found = _by_patterns(f".{small}.", patterns)
    return tuple(place for place in found if _PART <= place <= len(word) - _PART)


def _by_patterns(dotted: str, patterns: Mapping[str, str]) -> tuple[int, ...]:
    """Liang's rule: the highest digit of all patterns counts, and an odd one is a break."""
    highest = [0] * (len(dotted) + 1)
    for start in range(len(dotted)):
        for end in range(start + 1, len(dotted) + 1):
            pattern = patterns.get(dotted[start:end])
            if pattern:
                for offset, digit in _digits(pattern):
                    highest[start + offset] = max(highest[start + offset], digit)
    return tuple(place - 1 for place, digit in enumerate(highest) if digit % 2)


def _digits(pattern: str) -> Iterator[tuple[int, int]]:
    letters = 0
    for sign in pattern:
        if sign.isdigit():
            yield letters, int(sign)
        else:
            letters += 1


def _file(language: str, word: str) -> str:
    tag = language.lower()
    short = tag.split("-")[0]
    # Serbian is written in both scripts, whether its tag says which or not.
    if short == "sr" and word[0] < "\u0400":
        return "hr"
    known = {**_READILY, **_UNWILLINGLY}
    return known.get(tag) or known.get(short, "")


@lru_cache(maxsize=4)
def _patterns(file: str) -> tuple[Mapping[str, str], Mapping[str, tuple[int, ...]]]:
    """By their letters the patterns with their digits, and by their letters the exceptions."""
    text = re.sub("%.*", "", (_FOLDER / f"hyph-{file}.tex").read_text("utf-8"))
    patterns = {one.translate(_DIGITS): one for one in _group("patterns", text)}
    exceptions = {one.replace("-", ""): _hyphens(one) for one in _group("hyphenation", text)}
    return patterns, exceptions


def _group(name: str, text: str) -> list[str]:
    found = re.search(rf"\\{name}\s*{{([^}}]*)}}", text)
    return found[1].split() if found else []


def _hyphens(word: str) -> tuple[int, ...]:
    return tuple(match.start() - count for count, match in enumerate(re.finditer("-", word)))
