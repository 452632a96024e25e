"""How large a text may be, and where its lines break. Numbers only: no fonts, no pixels.

Widths grow in proportion to the size, so a text is measured once, in em, and every size after that
is arithmetic. Nothing is ever cut: what does not fit is the caller's to refuse.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

SOFT_HYPHEN = "\u00ad"
_NO_BREAK = "\u00a0"

#: Where a line may end inside a word: after a hyphen or dash that something follows, after a
#: zero-width space, and at a soft hyphen.
_PART = re.compile(
    r"[^\u00ad\u200b\-\u2013\u2014/]*[\u00ad\u200b\-\u2013\u2014/]+(?=\w)|.+", re.DOTALL
)
_ADDRESS = re.compile(r"\w[.@]\w|://")
_WORD = re.compile(r"[^ \n]+")
#: A word of one letter belongs to the next one, as Slavic printing asks and English readers like.
_LONELY = re.compile(r"(?<![^\s(„“«])(\w) (?=\w\w)")
#: A dash or other sign on its own never starts a line.
_SIGN = re.compile(r"(?<=\S) (?=[^\w\s(\[„“«‘#@€$£+]+(?:\s|$))")


class Piece(NamedTuple):
    """What is never broken: characters `start` to `end`, and what follows them.

    `space` is the white after it, which a line's end swallows; `hyphen` is what a line's end adds.
    """

    start: int
    end: int
    width: float
    space: float
    hyphen: float
    hard: bool


class Span(NamedTuple):
    """One line: characters `start` to `end` of the text, `width` in em."""

    start: int
    end: int
    width: float
    hyphen: bool


def tidied(text: str, keep: int = 0) -> str:
    """Single spaces, no orphaned signs; a text of up to `keep` characters stays on one line."""
    lines = [" ".join(line.split(" ")) for line in text.replace("\t", " ").strip().splitlines()]
    tidy = "\n".join(re.sub(" +", " ", line).strip() for line in lines)
    if len(tidy) <= keep:
        return re.sub(r"[ \n]", _NO_BREAK, tidy)
    return _SIGN.sub(_NO_BREAK, _LONELY.sub(rf"\1{_NO_BREAK}", tidy))


def pieces(text: str, advances: Sequence[float], hyphen: float = 0.0) -> tuple[Piece, ...]:
    """The text cut at every place where a line may end."""
    found: list[Piece] = []
    for word in _WORD.finditer(text):
        for start, end in _parts(word.start(), word.group()):
            last = end == word.end()
            found.append(
                Piece(
                    start=start,
                    end=end,
                    width=sum(advances[start:end]),
                    space=advances[end] if last and text[end : end + 1] == " " else 0.0,
                    hyphen=hyphen if text[end - 1] == SOFT_HYPHEN and not last else 0.0,
                    hard=last and text[end : end + 1] == "\n",
                )
            )
    return tuple(found)


def _parts(start: int, word: str) -> list[tuple[int, int]]:
    """Where the parts of a word stand in the text; an address stays whole."""
    if _ADDRESS.search(word):
        return [(start, start + len(word))]
    return [(start + part.start(), start + part.end()) for part in _PART.finditer(word)]


def widest(parts: Sequence[Piece]) -> float:
    return max((part.width + part.hyphen for part in parts), default=0.0)


#: In em: by how much sums of the same widths differ, added up in another order. Without it a line
#: that just fits may be wider than its box for the one who adds from the other end.
_ROUNDING = 1e-9


def wrap(parts: Sequence[Piece], measure: float) -> tuple[Span, ...] | None:
    """As few lines as possible, none wider than `measure`; None if a piece alone is wider."""
    measure += _ROUNDING
    lines: list[Span] = []
    first = 0
    width = 0.0
    for index, part in enumerate(parts):
        before = parts[index - 1]
        gap = before.space if index > first else 0.0
        if index > first and (before.hard or width + gap + part.width + part.hyphen > measure):
            lines.append(_span(parts[first], before, width))
            first, width, gap = index, 0.0, 0.0
        width += gap + part.width
        if width + part.hyphen > measure:
            return None
    if parts:
        lines.append(_span(parts[first], parts[-1], width))
    return tuple(lines)


def balanced(parts: Sequence[Piece], measure: float) -> tuple[Span, ...] | None:
    """As few lines as `wrap` makes, of lengths as equal as they can be: no orphans."""
    greedy = wrap(parts, measure)
    if greedy is None or len(greedy) <= 1:
        return greedy
    mean = sum(line.width for line in greedy) / len(greedy)
    return _evened(parts, measure, mean)


#: What a line that ends inside a word costs, in squared means.
_BROKEN = 0.6


def _evened(parts: Sequence[Piece], limit: float, mean: float) -> tuple[Span, ...]:
    """The fewest lines within `limit`; among those, the least squared distance from `mean`."""
    best: list[tuple[int, float, int, float]] = [(0, 0.0, 0, 0.0)]
    for end in range(1, len(parts) + 1):
        found = (len(parts) + 1, 0.0, end - 1, 0.0)
        width = 0.0
        after = parts[end - 1]
        broken = end < len(parts) and not (after.space or after.hard)
        for start in range(end - 1, -1, -1):
            part = parts[start]
            if start < end - 1 and part.hard:
                break
            width += part.width + (part.space if start < end - 1 else 0.0)
            shown = width + after.hyphen
            if shown > limit + _ROUNDING and start < end - 1:
                break
            lines, cost, _, _ = best[start]
            cost += (shown - mean) ** 2 + _BROKEN * mean**2 * broken
            found = min(found, (lines + 1, cost, start, width))
        best.append(found)
    spans = []
    end = len(parts)
    while end:
        _, _, start, width = best[end]
        spans.append(_span(parts[start], parts[end - 1], width))
        end = start
    return tuple(reversed(spans))


def largest(fits: Callable[[int], bool], low: int, high: int) -> int | None:
    """The largest number from `low` to `high` that fits; None if not even `low` does."""
    if not fits(low):
        return None
    if fits(high):
        return high
    while high - low > 1:
        middle = (low + high) // 2
        if fits(middle):
            low = middle
        else:
            high = middle
    return low


def _span(first: Piece, last: Piece, width: float) -> Span:
    return Span(first.start, last.end, width + last.hyphen, last.hyphen > 0)
