"""How large a text may be, and where its lines break. Numbers only: no fonts, no pixels.

Widths grow in proportion to the size, so a text is measured once, in em, and every size after that
is arithmetic. Nothing is ever cut: what does not fit is the caller's to refuse.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

SOFT_HYPHEN = "\u00ad"
_NO_BREAK = "\u00a0"

#: Where a line may end inside a word: after a hyphen or dash that something follows, after a
#: zero-width space, and at a soft hyphen.
_PART = re.compile(
    r"[^\u00ad\u200b\-\u2013\u2014/]*[\u00ad\u200b\-\u2013\u2014/]+(?=\w)|.+", re.DOTALL
)
_BREAKABLE = re.compile(r"[\u00ad\u200b\-\u2013\u2014/]")
_ADDRESS = re.compile(r"\w[.@]\w|://")
_WORD = re.compile(r"[^ \n]+")
#: A word of one letter belongs to the next one, as Slavic printing asks and English readers like.
#: These begin with the blank, and look back from it: so they are found three times as fast.
_LONELY = re.compile(r" (?=\w\w)(?<=(?<![^\s(„“«])\w )")
#: A dash or other sign on its own never starts a line.
_SIGN = re.compile(r" (?<=\S )(?=[^\w\s(\[„“«‘#@€$£+]+(?:\s|$))")
_BLANKS = re.compile("  +")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pieces:
    """A text cut at every place where a line may end: columns of equal length, a row for a piece.

    A piece is never broken. A line of pieces i to j is `rights[j] - lefts[i]` em wide, and
    `hyphens[j]` more if it ends inside a word: so no line is ever added up.
    """

    #: Characters of the text.
    starts: Sequence[int]
    ends: Sequence[int]
    #: In em from the text's start, as if it stood on one line.
    lefts: Sequence[float]
    rights: Sequence[float]
    hyphens: Sequence[float]
    #: The pieces that a line must end with.
    hard: Sequence[int]

    def __len__(self) -> int:
        return len(self.starts)

    def width(self, index: int) -> float:
        return self.rights[index] - self.lefts[index] + self.hyphens[index]

    def broken(self, index: int) -> bool:
        """Whether a line that ends with the piece ends inside a word."""
        return index + 1 < len(self) and self.starts[index + 1] == self.ends[index]


class Span(NamedTuple):
    """One line: characters `start` to `end` of the text, `width` in em."""

    start: int
    end: int
    width: float
    hyphen: bool


def tidied(text: str, keep: int = 0) -> str:
    """Single spaces, no orphaned signs; a text of up to `keep` characters stays on one line."""
    lines = text.replace("\t", " ").strip().splitlines()
    tidy = "\n".join([_BLANKS.sub(" ", line).strip() for line in lines])
    if len(tidy) <= keep:
        return re.sub(r"[ \n]", _NO_BREAK, tidy)
    return _SIGN.sub(_NO_BREAK, _LONELY.sub(_NO_BREAK, tidy))


def pieces(text: str, advances: Sequence[float], hyphen: float = 0.0) -> Pieces:
    """The text cut at every place where a line may end; `advances` are its characters' widths."""
    places = list(accumulate(advances, initial=0.0))
    starts, ends = zip(*_bounds(text), strict=True) if text.strip(_BETWEEN) else ((), ())
    hyphens = [0.0] * len(ends)
    if SOFT_HYPHEN in text:
        hyphens = [hyphen if _is_hyphenated(text, end) else 0.0 for end in ends]
    hard: list[int] = []
    if "\n" in text:
        hard = [n for n, end in enumerate(ends) if text[end : end + 1] == "\n"]
    return Pieces(
        starts=starts,
        ends=ends,
        lefts=[places[start] for start in starts],
        rights=[places[end] for end in ends],
        hyphens=hyphens,
        hard=hard,
    )


#: What stands between words.
_BETWEEN = " \n"


def _is_hyphenated(text: str, end: int) -> bool:
    """Whether a piece that ends there ends inside a word, at a soft hyphen."""
    return text[end - 1] == SOFT_HYPHEN and text[end : end + 1].strip(_BETWEEN) != ""


def _bounds(text: str) -> list[tuple[int, int]]:
    """Where each piece starts and ends; an address stays whole."""
    words = [word.span() for word in _WORD.finditer(text)]
    if not _BREAKABLE.search(text):
        return words
    return [bounds for start, end in words for bounds in _parts(text, start, end)]


def _parts(text: str, start: int, end: int) -> list[tuple[int, int]]:
    word = text[start:end]
    if _ADDRESS.search(word):
        return [(start, end)]
    return [(start + part.start(), start + part.end()) for part in _PART.finditer(word)]


def widest(parts: Pieces) -> float:
    return max(map(parts.width, range(len(parts))), default=0.0)


#: In em: what sums of the same widths, added up another way, may differ by.
_ROUNDING = 1e-9


def lines(parts: Pieces, measure: float) -> list[int] | None:
    """The last piece of each line, as few as possible; None if a piece alone is too wide."""
    found: list[int] = []
    lefts, rights, hyphens = parts.lefts, parts.rights, parts.hyphens
    first, count = 0, len(parts)
    while first < count:
        limit = lefts[first] + measure + _ROUNDING
        last = bisect_right(rights, limit, first) - 1
        if parts.hard:
            last = min(last, _forced(parts, first))
        while last >= first and rights[last] + hyphens[last] > limit:
            last -= 1
        if last < first:
            return None
        found.append(last)
        first = last + 1
    return found


def _forced(parts: Pieces, first: int) -> int:
    """The piece that a line beginning with `first` must end with."""
    place = bisect_left(parts.hard, first)
    return parts.hard[place] if place < len(parts.hard) else len(parts)


def wrap(parts: Pieces, measure: float) -> tuple[Span, ...] | None:
    """As few lines as possible, none wider than `measure`; None if a piece alone is wider."""
    found = lines(parts, measure)
    return None if found is None else _spans(parts, found)


def balanced(parts: Pieces, measure: float) -> tuple[Span, ...] | None:
    """As few lines as `wrap` makes, of lengths as equal as they can be: no orphans."""
    greedy = wrap(parts, measure)
    if greedy is None or len(greedy) <= 1:
        return greedy
    mean = sum(line.width for line in greedy) / len(greedy)
    return _spans(parts, _evened(parts, measure, mean))


#: What a line that ends inside a word costs, in squared means.
_BROKEN = 0.6


def _evened(parts: Pieces, limit: float, mean: float) -> list[int]:
    """The fewest lines within `limit`; among those, the least squared distance from `mean`."""
    lefts, hard = parts.lefts, frozenset(parts.hard)
    reaches = [left + limit + _ROUNDING for left in lefts]
    #: For each piece that may start a line: how few lines precede it, at what cost, and the start
    #: of the last of them.
    best: list[tuple[int, float, int]] = [(0, 0.0, 0)]
    for last, (end, hyphen) in enumerate(zip(parts.rights, parts.hyphens, strict=True)):
        right = end + hyphen
        fee = _BROKEN * mean * mean if parts.broken(last) else 0.0
        found = (len(parts) + 1, 0.0, last)
        for first in range(last, -1, -1):
            width = right - lefts[first]
            if first < last and (right > reaches[first] or first in hard):
                break
            before, cost, _ = best[first]
            distance = width - mean
            tried = (before + 1, cost + distance * distance + fee, first)
            if tried < found:  # noqa: PLR1730 (a call takes as long as all the rest)
                found = tried
        best.append(found)
    return _ends(best)


def _ends(best: Sequence[tuple[int, float, int]]) -> list[int]:
    """Back from the last piece, from line to line."""
    found = []
    last = len(best) - 1
    while last:
        found.append(last - 1)
        last = best[last][2]
    return found[::-1]


def largest(fits: Callable[[int], bool], low: int, high: int) -> int | None:
    """The largest number from `low` to `high` that fits; None if not even `low` does."""
    if fits(high):
        return high
    below = low - 1
    while high - below > 1:
        middle = (below + high) // 2
        if fits(middle):
            below = middle
        else:
            high = middle
    return below if below >= low else None


def _spans(parts: Pieces, found: Sequence[int]) -> tuple[Span, ...]:
    firsts = (0, *(last + 1 for last in found))
    return tuple(
        Span(
            start=parts.starts[first],
            end=parts.ends[last],
            width=parts.rights[last] + parts.hyphens[last] - parts.lefts[first],
            hyphen=parts.hyphens[last] > 0,
        )
        for first, last in zip(firsts, found, strict=False)
    )
