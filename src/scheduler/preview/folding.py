"""Where a network folds a text, and what is seen of it at which width while it is folded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from scheduler.platforms.counting import clusters
from scheduler.preview.linking import Kind, Piece
from scheduler.preview.looks import Fold, Look


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A part of a text that is seen, or folded away, as a whole."""

    pieces: tuple[Piece, ...]
    #: Whether it is seen before anybody asks for more.
    on_desktop: bool
    on_phone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """A text as it is shown: joined again, its stretches are the very text.

    A fold is None where all is seen at that width.
    """

    stretches: tuple[Stretch, ...]
    desktop: Fold | None
    phone: Fold | None

    @property
    def folds(self) -> tuple[Fold, ...]:
        """The different folds, the wider screen's first."""
        return tuple(dict.fromkeys(fold for fold in (self.desktop, self.phone) if fold))


def folded(text: str, pieces: Sequence[Piece], look: Look) -> Folded:
    """The text with its links, divided where the network folds it."""
    desktop, phone = (
        _beside_links(place(text, fold), pieces) if fold else None
        for fold in (look.desktop, look.phone)
    )
    end = len(text)
    marks = sorted({0, end, *(at for at in (desktop, phone) if at is not None)})
    stretches = tuple(
        Stretch(
            pieces=tuple(_between(pieces, begin, until)),
            on_desktop=desktop is None or begin < desktop,
            on_phone=phone is None or begin < phone,
        )
        for begin, until in pairwise(marks)
    )
    return Folded(
        stretches=stretches,
        desktop=None if desktop is None else look.desktop,
        phone=None if phone is None else look.phone,
    )


def place(text: str, fold: Fold) -> int | None:
    """How much of the text is seen, in code points; None where all of it is.

    It ends between two characters as a reader sees them, and between words where it can. An end of
    blanks alone is not folded away.
    """
    over = _overflow(text, fold)
    if over is None or not text[over:].strip():
        return None
    if not text[over].isspace():
        over = _end_of_word(text, over)
    return len(text[:over].rstrip()) or over


def _overflow(text: str, fold: Fold) -> int | None:
    """Where the first character stands for which there is no more room."""
    lines, column, at = 1, 0, 0
    for number, cluster in enumerate(clusters(text), 1):
        if "\n" in cluster or "\r" in cluster:
            lines, column = lines + 1, 0
        elif fold.line and column == fold.line:
            lines, column = lines + 1, 1
        else:
            column += 1
        if (fold.characters and number > fold.characters) or (fold.lines and lines > fold.lines):
            return at
        at += len(cluster)
    return None


def _end_of_word(text: str, over: int) -> int:
    """The end of the last whole word, unless a text without gaps would lose half of what is seen.

    Languages are written without gaps, and so are things that were pasted.
    """
    gaps = [at for at in range(over // 2, over) if text[at].isspace()]
    return gaps[-1] if gaps else over


def _beside_links(at: int | None, pieces: Sequence[Piece]) -> int | None:
    """Never within a link: before it, or behind it where nothing stands before."""
    begin = 0
    for piece in pieces:
        end = begin + len(piece.text)
        if at is not None and begin < at < end and piece.kind is not Kind.WORDS:
            at = begin or end
        begin = end
    return None if at == begin else at


def _between(pieces: Sequence[Piece], begin: int, until: int) -> Iterator[Piece]:
    """The pieces from `begin` to `until`; only words are ever divided."""
    at = 0
    for piece in pieces:
        first, last = max(begin - at, 0), min(until - at, len(piece.text))
        if first < last:
            yield replace(piece, text=piece.text[first:last])
        at += len(piece.text)
