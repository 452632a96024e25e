"""What paper needs of the room that draws cards: lines of glyphs, small fonts, small pictures.

A text for paper is set by the same shaping as a card's, so Arabic joins and runs as it does there.
HarfBuzz itself cuts a font down to the glyphs that were used, at their one weight.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import uharfbuzz as hb

from scheduler.cards.fitting import Pieces, pieces
from scheduler.cards.pictures import opened
from scheduler.cards.shaping import (
    INVISIBLE,
    Glyphs,
    Paragraph,
    Style,
    isolated,
    led,
    paragraph,
    side,
)
from scheduler.cards.typefaces import Face, cap_height, characters, faces, font, font_bytes, units
from scheduler.model import Size

__all__ = [
    "Face",
    "Glyphs",
    "Print",
    "Program",
    "SetLine",
    "advance",
    "is_seen",
    "lines",
    "program",
    "small",
    "writable",
]

#: Of 1000 in an em, as PDF counts.
_MILLE = 1000
_QUALITY = 85
#: Tables that only matter before glyphs have their places.
_NOT_FOR_PAPER = (b"GPOS", b"GSUB", b"GDEF", b"STAT")
#: What would turn the words around it, up to the end of its paragraph: shown by its name instead.
_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e")


@dataclass(frozen=True, slots=True, kw_only=True)
class SetLine:
    """One line as it is seen; `width` is in em. The places of its glyphs are those of its text."""

    text: str
    runs: tuple[Glyphs, ...]
    width: float
    #: Whether its paragraph starts from the right.
    from_right: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A font with only the glyphs that were used, under their own numbers; in 1/1000 em."""

    data: bytes
    widths: Mapping[int, int]
    ascent: int
    descent: int
    capitals: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Print:
    """A picture as JPEG, no larger than paper shows it."""

    data: bytes
    size: Size


# ── words ─────────────────────────────────────────────────────────────────────────────────────────


def writable(text: str) -> str:
    """The text on one line; a sign that no shipped font has is written by its name: [rainbow]."""
    return "".join(map(_written, text))


@lru_cache(maxsize=4096)
def _written(character: str) -> str:
    if character in "\t\n\r\x0b\x0c\x85\u2028\u2029":
        return " "
    if character in INVISIBLE or (character not in _OVERRIDES and _is_known(character)):
        return character
    return f"[{unicodedata.name(character, f'U+{ord(character):04X}').lower()}]"


def _is_known(character: str) -> bool:
    return any(ord(character) in characters(face) for face in faces("text", 400))


def lines(text: str, *, language: str, weight: int, measure: float) -> tuple[SetLine, ...]:
    """The text in lines of at most `measure` em. What is longer without a blank is broken.

    The text must be `writable`.
    """
    base = side(text, language)
    said = isolated(text) if base else text
    style = Style(led(said, faces("text", weight)), language)
    made = paragraph(said, style, base)
    return tuple(
        _line(made, start, end) for start, end in _spans(said, made.advances, max(measure, 1.0))
    )


def _line(made: Paragraph, start: int, end: int) -> SetLine:
    line = made.line(start, end)
    runs = [run._replace(places=[place - start for place in run.places]) for run in line.runs]
    text = made.text[start:end]
    return SetLine(text=text, runs=tuple(runs), width=line.width, from_right=bool(made.base))


def _spans(text: str, advances: Sequence[float], measure: float) -> Iterator[tuple[int, int]]:
    """Where each line starts and ends."""
    parts = pieces(text, advances)
    start = end = -1
    for index in range(len(parts)):
        if start >= 0 and parts.rights[index] - _left(parts, start) > measure:
            yield start, end
            start = -1
        if start < 0:
            start = parts.starts[index]
        end = parts.ends[index]
        if parts.width(index) > measure:
            *whole, (start, end) = _broken(start, end, advances, measure)
            yield from whole
    if start >= 0:
        yield start, end


def _left(parts: Pieces, start: int) -> float:
    """Where the line that starts there begins; the rest of a broken word lies inside a piece."""
    index = max(n for n, each in enumerate(parts.starts) if each <= start)
    return parts.lefts[index]


def _broken(
    start: int, end: int, advances: Sequence[float], measure: float
) -> list[tuple[int, int]]:
    found = []
    width = 0.0
    for place in range(start, end):
        if width + advances[place] > measure and advances[place] and place > start:
            found.append((start, place))
            start, width = place, 0.0
        width += advances[place]
    return [*found, (start, end)]


# ── fonts and pictures ────────────────────────────────────────────────────────────────────────────


def program(face: Face, glyphs: Collection[int]) -> Program:
    """The face's font, for these glyphs alone."""
    source = hb.Face(font_bytes(face.file, face.digest))
    wanted = hb.SubsetInput()
    wanted.glyph_set.update(sorted(glyphs))
    wanted.flags = hb.SubsetFlags.RETAIN_GIDS | hb.SubsetFlags.NO_LAYOUT_CLOSURE
    wanted.drop_table_tag_set.update(int.from_bytes(tag, "big") for tag in _NOT_FOR_PAPER)
    if source.has_var_data:
        wanted.pin_all_axes_to_default(source)
        wanted.pin_axis_location(source, "wght", face.weight)
    made, em = font(face), units(face)
    extents = made.get_font_extents("ltr")
    return Program(
        data=bytes(hb.subset(source, wanted).blob.data),
        widths={glyph: advance(face, glyph) for glyph in sorted(glyphs)},
        ascent=round(extents.ascender * _MILLE / em),
        descent=round(extents.descender * _MILLE / em),
        capitals=round(cap_height(face) * _MILLE),
    )


def advance(face: Face, glyph: int) -> int:
    """How far the glyph moves the pen, in 1/1000 em."""
    moved: int = font(face).get_glyph_h_advance(glyph)
    return round(moved * _MILLE / units(face))


def is_seen(character: str) -> bool:
    """Whether it is more than a sign that steers the letters beside it."""
    return character not in INVISIBLE


def small(file: Path, width: int) -> Print:
    """The picture at most `width` pixels wide. Raises `BadPicture` where it cannot be read."""
    picture = opened(str(file), "picture", None).convert("RGB")
    picture.thumbnail((width, picture.height))
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=_QUALITY)
    return Print(data=stream.getvalue(), size=Size(width=picture.width, height=picture.height))
