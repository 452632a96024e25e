"""Text boxes: a text is measured once, then set at any size as glyphs on the card."""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass
from typing import NamedTuple

from scheduler.cards import fitting
from scheduler.cards.errors import DoesNotFit, MissingGlyph
from scheduler.cards.fitting import Piece, Span
from scheduler.cards.marks import PlacedGlyph, Words
from scheduler.cards.shaping import Line, Style, advances, direction, left_bearing, shape
from scheduler.cards.typefaces import cap_height, faces

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
        return direction(self.text)

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
        found = fitting.largest(lambda size: self.fits(size, width), least, max(least, most))
        if found is None:
            raise self._too_long(least, width)
        return found

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
    style = Style(faces(family, weight), language, tracking)
    try:
        widths = advances(tidy.replace("\n", " "), style)
        hyphen = sum(advances("-", style)) if fitting.SOFT_HYPHEN in tidy else 0.0
    except MissingGlyph as missing:
        raise MissingGlyph(missing.character, text, slot) from None
    hung = 0.0
    # A mark with its own white inside, as in French, is too wide to stand in the margin.
    if len(opening) == 1 and not direction(tidy):
        hung, widths[0] = widths[0], 0.0
    return Copy(
        slot=slot,
        text=tidy,
        style=style,
        parts=fitting.pieces(tidy, widths, hyphen),
        leading=leading,
        lines=lines,
        opening=len(opening),
        closing=len(closing),
        hung=hung,
    )
