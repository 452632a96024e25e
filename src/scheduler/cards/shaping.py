"""Text → glyphs in their places, in em, so that any size is a multiplication away.

Each run of one direction, script and font goes through HarfBuzz once, with kerning and the forms
that the language asks for. Nothing here knows pixels or lines.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

import uharfbuzz as hb
from bidi import algorithm  # type: ignore[import-untyped]

from scheduler.cards.errors import MissingGlyph
from scheduler.cards.typefaces import Face, characters, font, units

SOFT_HYPHEN = "\u00ad"

_ISOLATES = {"\u2066": 0, "\u2067": 1, "\u2068": None}
_END_OF_ISOLATE = "\u2069"
_OBJECT = "\ufffc"
#: Characters that steer text and have no shape of their own; HarfBuzz hides them.
_INVISIBLE = frozenset(
    "\u00ad\u061c\u200b\u200c\u200d\u200e\u200f\u2060\u2066\u2067\u2068\u2069\ufe0e\ufe0f"
)


class Style(NamedTuple):
    """Fonts in the order in which they are asked for a character, language, tracking in em."""

    faces: tuple[Face, ...]
    language: str = "en"
    tracking: float = 0.0


class Glyph(NamedTuple):
    """A glyph of `face`; `place` counts characters of the text, `x` and `y` are in em."""

    face: Face
    id: int
    place: int
    x: float
    y: float


class Line(NamedTuple):
    glyphs: tuple[Glyph, ...]
    width: float


class _Run(NamedTuple):
    start: int
    end: int
    face: Face
    level: int


class _Shaped(NamedTuple):
    id: int
    place: int
    advance: float
    x: float
    y: float


def shape(text: str, style: Style, base: int | None = None) -> Line:
    """One line, left to right as it is seen; `base` is the direction of its paragraph."""
    glyphs: list[Glyph] = []
    pen = 0.0
    for run in _seen(_runs(text, style, base)):
        for one in _shaped(text, run, style):
            glyphs.append(Glyph(run.face, one.id, one.place, pen + one.x, one.y))
            pen += one.advance
    trailing = style.tracking if glyphs else 0.0
    return Line(tuple(glyphs), pen - trailing)


def advances(text: str, style: Style) -> list[float]:
    """What each character adds to the width of the line, in em."""
    widths = [0.0] * len(text)
    for run in _runs(text, style):
        for one in _shaped(text, run, style):
            widths[one.place] += one.advance
    return widths


@lru_cache(maxsize=512)
def left_bearing(face: Face, glyph: int) -> float:
    """The white that a glyph carries on its left, in em."""
    extents = font(face).get_glyph_extents(glyph)
    return extents.x_bearing / units(face) if extents else 0.0


def _shaped(text: str, run: _Run, style: Style) -> Iterator[_Shaped]:
    buffer = hb.Buffer()
    buffer.add_str(text, run.start, run.end - run.start)
    buffer.direction = "rtl" if run.level % 2 else "ltr"
    buffer.language = style.language
    buffer.guess_segment_properties()
    hb.shape(font(run.face), buffer, {"kern": True, "liga": True})
    em = units(run.face)
    # Letters that join must not be pulled apart.
    tracking = 0.0 if run.level % 2 else style.tracking
    for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        advance = place.x_advance / em
        yield _Shaped(
            info.codepoint,
            info.cluster,
            advance + tracking if advance else 0.0,
            place.x_offset / em,
            place.y_offset / em,
        )


def _runs(text: str, style: Style, base: int | None = None) -> list[_Run]:
    keys = zip(levels(text, base), _faces(text, style.faces), _scripts(text), strict=True)
    runs = []
    start = 0
    for (level, face, _), group in groupby(keys):
        end = start + len(list(group))
        runs.append(_Run(start, end, face, level))
        start = end
    return runs


def _seen(runs: Sequence[_Run]) -> list[_Run]:
    """Rule L2 of the Unicode bidirectional algorithm, on whole runs."""
    order = list(runs)
    for level in range(max((run.level for run in runs), default=0), 0, -1):
        start = 0
        for deep, group in groupby([run.level >= level for run in order]):
            end = start + len(list(group))
            if deep:
                order[start:end] = order[start:end][::-1]
            start = end
    return order


def _faces(text: str, faces: Sequence[Face]) -> list[Face]:
    """For each character the first face that has it; marks stay with their letter."""
    chosen: list[Face] = []
    for index, character in enumerate(text):
        before = chosen[-1] if chosen else faces[0]
        stays = character in _INVISIBLE or (
            unicodedata.combining(character) and ord(character) in characters(before.file)
        )
        chosen.append(before if stays else _face_for(text, index, faces))
    return chosen


def _face_for(text: str, index: int, faces: Sequence[Face]) -> Face:
    for face in faces:
        if ord(text[index]) in characters(face.file):
            return face
    raise MissingGlyph(text[index], text)


def _scripts(text: str) -> list[str]:
    """For each character the script of its run: spaces and signs belong to what precedes them."""
    scripts = []
    current = next(filter(None, map(_script, text)), "")
    for character in text:
        current = _script(character) or current
        scripts.append(current)
    return scripts


@lru_cache(maxsize=4096)
def _script(character: str) -> str:
    if not character.isalpha():
        return ""
    return unicodedata.name(character, "").partition(" ")[0]


def direction(text: str) -> int:
    """0 where the text starts from the left, 1 where it starts from the right."""
    for character in _without(text, list(_isolates(text))):
        match unicodedata.bidirectional(character):
            case "L":
                return 0
            case "R" | "AL":
                return 1
    return 0


def levels(text: str, base: int | None = None) -> list[int]:
    """The embedding level of each character; isolates are levelled on their own.

    python-bidi's Rust half gives only the reordered text, which loses the places that shaping
    needs; its Python half gives levels but predates isolates.
    """
    if base is None:
        base = direction(text)
    if base == 0 and not any(_turns(character) for character in text):
        return [0] * len(text)
    inner = list(_isolates(text))
    outer = _without(text, inner)
    found = _plain_levels(outer, base)
    for start, end, kind in inner:
        level = found[start]
        side = direction(text[start:end]) if kind is None else kind
        nested = level + 1 if (level + 1) % 2 == side else level + 2
        found[start:end] = [depth + nested - side for depth in levels(text[start:end], side)]
    return found


@lru_cache(maxsize=4096)
def _turns(character: str) -> bool:
    return unicodedata.bidirectional(character) in {"R", "AL", "AN", "RLE", "RLO", "RLI", "FSI"}


def _isolates(text: str) -> Iterator[tuple[int, int, int | None]]:
    """Start and end of the inside of each outermost isolate, with its direction if it has one."""
    depth = start = 0
    for index, character in enumerate(text):
        if character in _ISOLATES:
            if not depth:
                start = index + 1
            depth += 1
        elif character == _END_OF_ISOLATE and depth:
            depth -= 1
            if not depth:
                yield start, index, _ISOLATES[text[start - 1]]
    if depth:
        yield start, len(text), _ISOLATES[text[start - 1]]


def _without(text: str, inner: Sequence[tuple[int, int, int | None]]) -> str:
    """The text with every isolate, marks included, as seen from outside: neutral."""
    characters_ = list(text)
    for start, end, _ in inner:
        for index in range(start - 1, min(end + 1, len(text))):
            characters_[index] = _OBJECT
    return "".join(characters_)


def _plain_levels(text: str, base: int) -> list[int]:
    storage = algorithm.get_empty_storage()
    storage["base_level"] = base
    storage["base_dir"] = "LR"[base]
    algorithm.get_embedding_levels(text, storage)
    algorithm.explicit_embed_and_overrides(storage)
    algorithm.resolve_weak_types(storage)
    algorithm.resolve_neutral_types(storage, debug=False)
    algorithm.resolve_implicit_levels(storage, debug=False)
    kept = iter([entry["level"] for entry in storage["chars"]])
    removed = algorithm.X9_REMOVED
    found: list[int] = []
    for character in text:
        if unicodedata.bidirectional(character) in removed:
            found.append(found[-1] if found else base)
        else:
            found.append(next(kept))
    return found
