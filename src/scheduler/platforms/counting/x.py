"""X: weighted characters, an emoji at two, and every address at the same price.

Counted as X's own library does, twitter-text 3.1.0, down to what surprises: `file.py` is an
address, and an ellipsis weighs two. tests/platforms/test_counting_like_x.py asks that library.

https://docs.x.com/fundamentals/counting-characters
"""

from __future__ import annotations

from functools import cache
from unicodedata import normalize

import regex

from scheduler.platforms.counting.x_linking import from_units, in_units, small_letters, spans
from scheduler.platforms.counting.x_tables import tables

X_URL = 23
_LIGHT, _HEAVY = 1, 2
_EMOJI = 2

_PAIR = regex.compile(r"[\ud800-\udbff][\udc00-\udfff]")
#: Code points that weigh one; all others weigh two.
_LIGHT_ONES = regex.compile(r"[\u0000-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]")


def x_length(text: str) -> int:
    """What X counts, of 280. Where nobody knows whether X would link, it is the larger count."""
    units = in_units(normalize("NFC", text))
    known = _weight(units, spans(units, newer=False))
    if not any(f".{ending}" in small_letters(units) for ending in tables().newer_endings):
        return known
    return max(known, _weight(units, spans(units, newer=True)))


def x_links(text: str) -> tuple[str, ...]:
    """What X makes links of, as it is written, in the order of the text."""
    units = in_units(normalize("NFC", text))
    return tuple(from_units(units[start:end]) for start, end in spans(units, newer=True).items())


def _weight(units: str, links: dict[int, int]) -> int:
    emoji = {found.start(): found.end() for found in _emoji().finditer(units)}
    weight = place = 0
    while place < len(units):
        if place in links:
            weight, place = weight + X_URL, links[place]
        elif place in emoji:
            weight, place = weight + _EMOJI, emoji[place]
        elif _PAIR.match(units, place):
            weight, place = weight + _HEAVY, place + 2
        else:
            weight += _LIGHT if _LIGHT_ONES.match(units, place) else _HEAVY
            place += 1
    return weight


@cache
def _emoji() -> regex.Pattern[str]:
    """The longest first; a selector alone is one as well."""
    longest_first = sorted(map(in_units, tables().emoji), key=lambda each: (-len(each), each))
    firsts = "".join(sorted({each[0] for each in longest_first}))
    return regex.compile(
        f"(?=[{regex.escape(firsts)}])(?:{'|'.join(map(regex.escape, longest_first))})|\ufe0f"
    )
