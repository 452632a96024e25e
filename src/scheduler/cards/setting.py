"""Text boxes: a text is measured once, then set at any size as glyphs on the card."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import NamedTuple

from scheduler.cards import fitting, hyphenating
from scheduler.cards.errors import DoesNotFit, MissingGlyph
from scheduler.cards.fitting import Piece, Span
from scheduler.cards.marks import PlacedGlyph, Words
from scheduler.cards.shaping import Line, Style, advances, isolated, led, left_bearing, shape, side
from scheduler.cards.typefaces import Typefaces, cap_height

#: From this size on letters meet the margin with their ink, not with the white that they carry.
_DISPLAY = 48


class Box(NamedTuple):
    """Where a text is set: `top` is the top of its first capitals; pixels."""

    size: int
    left: float
    top: float
    width: float
    colour: str
    #: start, centre, end.
    align: str = "start"
    #: The colour of quotation marks that the painter added.
    marks: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A measured text: `slot` is its name in errors, `parts` are its pieces in em."""

    slot: str
    text: str
    style: Style
    parts: tuple[Piece, ...]
    leading: float
    lines: int
    #: Characters of the opening and of the closing quotation mark, drawn in a colour of their own.
    opening: int = 0
    closing: int = 0
    #: What of the opening mark stands in the margin, in em.
    hung: float = 0.0

    @property
    def rightward(self) -> int:
        return side(self.text, self.style.language)

    def height(self, size: int, count: int) -> float:
        """From the top of the first line's capitals to the last baseline, in pixels."""
        return size * (cap_height(self.style.faces[0]) + (count - 1) * self.leading)

    def wrapped(self, size: int, width: float) -> tuple[Span, ...] | None:
        return fitting.wrap(self.parts, width / size)

    def fits(self, size: int, width: float) -> bool:
        lines = self.wrapped(size, width)
        return lines is not None and len(lines) <= self.lines

    def largest(self, least: int, most: int, width: float) -> int:
        """The largest size at which it fits its width and its number of lines."""
        found = self.fitting(least, most, width)
        if not found:
            raise self._too_long(least, width)
        return found

    def fitting(self, least: int, most: int, width: float) -> int:
        """As `largest`, or 0."""
        return fitting.largest(lambda size: self.fits(size, width), least, max(least, most)) or 0

    def hyphenated(self, words: Collection[tuple[int, int]], *, once: bool = True) -> Copy:
        """The same text, of which the words at these places may be broken."""
        text = hyphenating.hyphenated(self.text, self.style.language, words, once=once)
        return replace(self, text=text, parts=_parts(text, self.style, bool(self.hung)))

    def _too_long(self, least: int, width: float) -> DoesNotFit:
        lines = self.wrapped(least, width)
        if lines is not None:
            return too_many_lines(self.slot, self.text, len(lines), self.lines, least)
        word = max(self.parts, key=lambda part: part.width + part.hyphen)
        end = len(self.text) - self.closing
        written = self.text[max(word.start, self.opening) : min(word.end, end)]
        return DoesNotFit(
            f"“{written}” is wider than the card at the smallest size that can be read on a phone "
            f"({least} px); use a shorter word, or put a soft hyphen (U+00AD) where it may break",
            self.slot,
            size=least,
        )

    def set(self, box: Box) -> list[Words]:
        """The lines, balanced, as glyphs."""
        spans = fitting.balanced(self.parts, box.width / box.size) or ()
        baseline = box.top + box.size * cap_height(self.style.faces[0])
        drawn = []
        for number, span in enumerate(spans):
            y = round(baseline + number * box.size * self.leading)
            drawn += self._line(span, box, y)
        return drawn

    def _line(self, span: Span, box: Box, y: int) -> list[Words]:
        written = self.text[span.start : span.end].replace(fitting.SOFT_HYPHEN, "")
        line = shape(written + "-" * span.hyphen, self.style, self.rightward)
        x = box.left + self._indent(span, line, box)
        inner: list[PlacedGlyph] = []
        marks: list[PlacedGlyph] = []
        last = len(written) if span.end == len(self.text) else len(self.text) + 1
        for glyph in line.glyphs:
            placed = PlacedGlyph(
                glyph.face, glyph.id, x + glyph.x * box.size, y - glyph.y * box.size
            )
            opens = span.start == 0 and glyph.place < self.opening
            (marks if opens or glyph.place >= last - self.closing else inner).append(placed)
        words = [Words(tuple(inner), box.size, box.colour)]
        return [*words, Words(tuple(marks), box.size, box.marks)] if marks else words

    def _indent(self, span: Span, line: Line, box: Box) -> float:
        white = box.width - line.width * box.size
        if box.align == "centre":
            return white / 2
        if (box.align == "end") != bool(self.rightward):
            return white
        if self.hung and span.start == 0:
            return -self.hung * box.size
        if box.size >= _DISPLAY and line.glyphs:
            return -left_bearing(line.glyphs[0].face, line.glyphs[0].id) * box.size
        return 0.0


def too_many_lines(slot: str, text: str, lines: int, room: int, size: int) -> DoesNotFit:
    room = max(room, 0)
    excess = math.ceil(len(text) * (lines - room) / lines)
    return DoesNotFit(
        f"the text needs {lines} lines at the smallest size that can be read on a phone "
        f"({size} px), and there is room for {room}; "
        f"shorten it by about {excess} of its {len(text)} characters",
        slot,
        lines,
        room,
        size,
    )


def copy(
    slot: str,
    text: str,
    *,
    fonts: Typefaces,
    family: str,
    weight: int,
    language: str,
    leading: float = 1.3,
    lines: int = 99,
    tracking: float = 0.0,
    keep: int = 0,
    quotation: tuple[str, str] = ("", ""),
) -> Copy:
    """Measures `text` between the marks of `quotation`.

    Raises `MissingGlyph` for what its fonts cannot write.
    """
    opening, closing = quotation
    tidy = opening + fitting.tidied(unicodedata.normalize("NFC", text), keep) + closing
    if side(tidy, language):
        tidy = isolated(tidy)
    style = Style(led(tidy, fonts.faces(family, weight)), language, tracking)
    # A mark with its own white inside, as in French, is too wide to stand in the margin.
    hangs = len(opening) == 1 and not side(tidy, language)
    try:
        parts = _parts(tidy, style, hangs)
        hung = _widths(tidy, style)[0] if hangs else 0.0
    except MissingGlyph as missing:
        raise MissingGlyph(missing.character, text, slot) from None
    return Copy(
        slot=slot,
        text=tidy,
        style=style,
        parts=parts,
        leading=leading,
        lines=lines,
        opening=len(opening),
        closing=len(closing),
        hung=hung,
    )


def _parts(text: str, style: Style, hangs: bool) -> tuple[Piece, ...]:
    """The text measured; a mark that hangs in the margin takes no room."""
    widths = _widths(text, style)
    if hangs:
        widths[0] = 0.0
    hyphen = sum(advances("-", style)) if fitting.SOFT_HYPHEN in text else 0.0
    return fitting.pieces(text, widths, hyphen)


def _widths(text: str, style: Style) -> list[float]:
    return advances(text.replace("\n", " "), style, side(text, style.language))


#: Words are broken where the text would else be smaller than this share of what it could be.
_MUCH_SMALLER = 0.85


def loosened(written: Copy, least: int, most: int, width: float) -> Copy:
    """The text with soft hyphens in the words that are wider than their line, where that pays.

    In display type words stay whole, as its readers expect. In languages of long compounds, and
    in others where nothing else fits, only the words are broken for whose sake the whole text
    would be set much smaller, or not at all.
    """
    whole = written.fitting(least, most, width)
    language = written.style.language
    wanted = whole / _MUCH_SMALLER
    if whole and (
        not hyphenating.breaks_readily(language)
        or wanted > most
        or fitting.widest(written.parts) * wanted <= width
    ):
        return written
    words = hyphenating.words(written.text, language, ends=not whole)
    for once in (True,) if whole else (True, False):
        size = written.hyphenated(words, once=once).fitting(least, most, width)
        wide = [place for place in words if _word_width(written, place) * size > width]
        broken = written.hyphenated(wide, once=once)
        if broken.fitting(least, most, width) >= max(wanted, 1):
            return broken
    return written


def _word_width(written: Copy, place: tuple[int, int]) -> float:
    """In em."""
    return sum(_widths(written.text[slice(*place)], written.style))
