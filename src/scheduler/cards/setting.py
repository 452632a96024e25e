"""Text boxes: a text is measured once, then set at any size as glyphs on the card."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import NamedTuple

from scheduler.cards import fitting, hyphenating
from scheduler.cards.errors import DoesNotFit, MissingGlyph
from scheduler.cards.fitting import Pieces, Span
from scheduler.cards.marks import PHASES, Words
from scheduler.cards.shaping import (
    Glyphs,
    Line,
    Paragraph,
    Style,
    from_right,
    ink,
    isolated,
    led,
    left_bearing,
    paragraph,
    shape,
    side,
)
from scheduler.cards.typefaces import Face, Typefaces, cap_height

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
    shaped: Paragraph
    parts: Pieces
    leading: float
    lines: int
    #: How high its capitals are, in em.
    capitals: float
    #: Characters of the opening and of the closing quotation mark, drawn in a colour of their own.
    opening: int = 0
    closing: int = 0
    #: What of the opening mark stands in the margin, in em.
    hung: float = 0.0

    #: Whether its lines start from the right: as its letters do, or as its card does.
    rightward: bool = False
    #: How far its ink stands above its capitals and below its baseline, in em, where it matters.
    reach: tuple[float, float] = (0.0, 0.0)
    #: How many lines it took at a size and width that were tried.
    _counted: dict[tuple[int, float], int] = field(default_factory=dict, repr=False, compare=False)

    @property
    def style(self) -> Style:
        return self.shaped.style

    @property
    def face(self) -> Face:
        """The face that its heights are taken from."""
        return self.style.faces[0]

    @property
    def widest(self) -> float:
        """Its longest piece, in em."""
        return fitting.widest(self.parts)

    @property
    def length(self) -> float:
        """On one line, in em."""
        return sum(self.shaped.advances)

    def height(self, size: int, count: int) -> float:
        """From the top of the first line's capitals to the last baseline, in pixels."""
        return size * (self.capitals + (count - 1) * self.leading)

    def count(self, size: int, width: float) -> int:
        """How many lines it takes; 0 if a piece alone is too wide."""
        found = self._counted.get((size, width))
        if found is None:
            found = len(fitting.lines(self.parts, width / size) or ())
            self._counted[size, width] = found
        return found

    def fits(self, size: int, width: float) -> bool:
        return 0 < self.count(size, width) <= self.lines

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
        shaped, parts = _measured(text, self.style, hangs=bool(self.hung))
        return replace(self, text=text, shaped=shaped, parts=parts, _counted={})

    def _too_long(self, least: int, width: float) -> DoesNotFit:
        count = self.count(least, width)
        if count:
            return too_many_lines(self.slot, self.text, count, self.lines, least)
        word = max(range(len(self.parts)), key=self.parts.width)
        start, end = self.parts.starts[word], self.parts.ends[word]
        written = self.text[max(start, self.opening) : min(end, len(self.text) - self.closing)]
        return DoesNotFit(
            f"“{written}” is wider than the card at the smallest size that can be read on a phone "
            f"({least} px); use a shorter word, or put a soft hyphen (U+00AD) where it may break",
            self.slot,
            size=least,
        )

    def set(self, box: Box) -> list[Words]:
        """The lines, balanced, as glyphs."""
        spans = fitting.balanced(self.parts, box.width / box.size) or ()
        baseline = box.top + box.size * self.capitals
        drawn = []
        for number, span in enumerate(spans):
            y = round(baseline + number * box.size * self.leading)
            drawn += self._line(span, box, y)
        return drawn

    def _line(self, span: Span, box: Box, y: int) -> list[Words]:
        line = self.shaped.line(span.start, span.end, hyphen=span.hyphen)
        x = box.left + self._indent(span, line, box)
        drawn = []
        plain = self.opening <= span.start and span.end <= len(self.text) - self.closing
        for run in line.runs:
            parts = [(run, box.colour)] if plain else self._coloured(run, box)
            drawn += [self._words(glyphs, box.size, colour, x, y) for glyphs, colour in parts]
        return drawn

    def _words(self, glyphs: Glyphs, size: int, colour: str, x: float, y: int) -> Words:
        grain = _grain(size)
        start, step = x * PHASES / grain + 0.5, size * PHASES / grain
        return Words(
            slot=self.slot,
            face=glyphs.face,
            size=size,
            colour=colour,
            ids=tuple(glyphs.ids),
            xs=tuple([int(start + each * step) * grain for each in glyphs.xs]),
            ys=_heights(glyphs.ys, size, y),
        )

    def _coloured(self, run: Glyphs, box: Box) -> Iterator[tuple[Glyphs, str]]:
        """The run, cut where quotation marks of another colour begin and end."""
        inner, end = self.opening, len(self.text) - self.closing
        marked = [not inner <= place < end for place in run.places]
        start = 0
        for is_mark, group in groupby(marked):
            stop = start + len(list(group))
            yield _cut(run, start, stop), box.marks if is_mark else box.colour
            start = stop

    def _indent(self, span: Span, line: Line, box: Box) -> float:
        white = box.width - line.width * box.size
        if box.align == "centre":
            return white / 2
        if (box.align == "end") != self.rightward:
            return white
        if self.hung and span.start == 0:
            return -self.hung * box.size
        if box.size >= _DISPLAY and line.runs:
            first = line.runs[0]
            return -left_bearing(first.face, first.ids[0]) * box.size
        return 0.0


#: Letters are at least so many times as large as a glyph's places are apart, in quarters of a
#: pixel: so none stands further than 1/128 em from where it should, which nobody sees.
_FINE = 16


def _grain(size: int) -> int:
    """How many quarters of a pixel lie between two places that a glyph of that size may have.

    The larger the letters, the fewer the places: so a glyph that was drawn serves more often.
    """
    if size >= PHASES * _FINE:
        return PHASES
    return 2 if size >= 2 * _FINE else 1


def _heights(raised: Sequence[float], size: int, baseline: int) -> tuple[int, ...]:
    if not any(raised):
        return (baseline,) * len(raised)
    return tuple([baseline - round(each * size) for each in raised])


def _cut(run: Glyphs, start: int, stop: int) -> Glyphs:
    part = slice(start, stop)
    return Glyphs(run.face, run.ids[part], run.places[part], run.xs[part], run.ys[part])


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
    large: bool = False,
) -> Copy:
    """Measures `text` between the marks of `quotation`.

    Arabic letters have high marks and deep bowls; of others only `large` ones reach into a gap.

    Raises `MissingGlyph` for what its fonts cannot write.
    """
    opening, closing = quotation
    tidy = opening + fitting.tidied(unicodedata.normalize("NFC", text), keep) + closing
    turned = bool(side(tidy, language))
    if turned:
        tidy = isolated(tidy)
    style = Style(led(tidy, fonts.faces(family, weight)), language, tracking)
    # A mark with its own white inside, as in French, is too wide to stand in the margin.
    hangs = len(opening) == 1 and not turned
    try:
        shaped, parts = _measured(tidy, style, hangs=hangs)
    except MissingGlyph as missing:
        raise MissingGlyph(missing.character, text, slot) from None
    capitals = cap_height(style.faces[0])
    return Copy(
        slot=slot,
        text=tidy,
        shaped=shaped,
        parts=parts,
        leading=leading,
        lines=lines,
        capitals=capitals,
        opening=len(opening),
        closing=len(closing),
        hung=shaped.advances[0] if hangs else 0.0,
        rightward=turned or from_right(language),
        reach=_reach(shaped, capitals) if turned or large else (0.0, 0.0),
    )


def _reach(shaped: Paragraph, capitals: float) -> tuple[float, float]:
    line = shaped.line(0, len(shaped.text))
    inks = [
        (box[1] + y, box[3] + y)
        for run in line.runs
        for glyph, y in zip(run.ids, run.ys, strict=True)
        if (box := ink(run.face, glyph))
    ]
    high = max((top for top, _ in inks), default=0.0)
    low = min((bottom for _, bottom in inks), default=0.0)
    return max(0.0, high - capitals), max(0.0, -low)


def _measured(text: str, style: Style, *, hangs: bool) -> tuple[Paragraph, Pieces]:
    """A mark that hangs in the margin takes no room."""
    shaped = paragraph(text.replace("\n", " "), style, side(text, style.language))
    widths = [0.0, *shaped.advances[1:]] if hangs else shaped.advances
    hyphen = shape("-", style).width if fitting.SOFT_HYPHEN in text else 0.0
    return shaped, fitting.pieces(text, widths, hyphen)


#: Words are broken where the text would else be smaller than this share of what it could be.
_MUCH_SMALLER = 0.85


def loosened(written: Copy, least: int, most: int, width: float) -> tuple[Copy, int]:
    """The text with soft hyphens in the words that are wider than their line, where that pays.

    With it comes the largest size at which it fits. Raises `DoesNotFit`.

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
        or written.widest * wanted <= width
    ):
        return written, whole
    words = hyphenating.words(written.text, language, ends=not whole)
    for once in (True,) if whole else (True, False):
        size = written.hyphenated(words, once=once).fitting(least, most, width)
        wide = [place for place in words if _word_width(written, place) * size > width]
        broken = written.hyphenated(wide, once=once)
        found = broken.fitting(least, most, width)
        if found >= max(wanted, 1):
            return broken, found
    return written, whole or written.largest(least, most, width)


def _word_width(written: Copy, place: tuple[int, int]) -> float:
    """In em."""
    return sum(written.shaped.advances[slice(*place)])
