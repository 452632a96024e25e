"""Text → glyphs in their places, in em, so that any size is a multiplication away.

Each run of one direction, script and font goes through HarfBuzz once, with kerning and the forms
that the language asks for. Nothing here knows pixels or lines.
"""

from __future__ import annotations

import re
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
_SHAPELESS = frozenset(map(ord, _INVISIBLE))
_JOINER = "\u200d"
#: What changes the sign before it, besides marks: joiners, selectors, tones of skin, tags.
_CLINGING = (
    frozenset("\u00ad\u200c\u200d\u2060\ufe0e\ufe0f")
    | frozenset(map(chr, range(0x1F3FB, 0x1F400)))
    | frozenset(map(chr, range(0xE0020, 0xE0080)))
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


def advances(text: str, style: Style, base: int | None = None) -> list[float]:
    """What each character adds to the width of the line, in em."""
    widths = [0.0] * len(text)
    for run in _runs(text, style, base):
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


def led(text: str, faces: tuple[Face, ...]) -> tuple[Face, ...]:
    """The faces, behind one that writes the whole text where the first has only some letters.

    A paragraph in which some words have another face looks like a mistake. Scripts of which the
    first face has nothing keep their own face, and change nothing for the others.
    """
    if _has(faces[0], text):
        return faces
    scripts: dict[str, str] = {}
    for character, script in zip(text, _scripts(text), strict=True):
        if _script(character) or unicodedata.combining(character):
            scripts[script] = scripts.get(script, "") + character
    own = "".join(each for each in scripts.values() if _has_some(faces[0], each))
    first = next((face for face in faces if _has(face, own)), faces[0])
    return (first, *(face for face in faces if face != first))


def _faces(text: str, faces: Sequence[Face]) -> list[Face]:
    """For each character its face: a word is written in the first one that has all of it."""
    if _has(faces[0], text):
        return [faces[0]] * len(text)
    parts = list(_parts(text))
    chosen = [_face_of_word(part, text, faces) if _is_word(part) else None for part in parts]
    found: list[Face] = []
    before: Face | None = None
    for part, face, after in zip(parts, chosen, [*chosen[1:], None], strict=True):
        before = face or _face_of_sign(part, text, (before, after), faces)
        found += [before] * len(part)
    return found


def _parts(text: str) -> Iterator[str]:
    """Words of one script, and single signs, each with the marks on it."""
    scripts = _scripts(text)
    start = 0
    for index in range(1, len(text)):
        joined = _clings(text, index)
        if not joined and _script(text[index]) and scripts[index] == scripts[index - 1]:
            joined = _is_word(text[start:index])
        if not joined:
            yield text[start:index]
            start = index
    yield text[start:]


def _clings(text: str, index: int) -> bool:
    """Whether the character is drawn on, or joined to, the one before it."""
    mark = unicodedata.category(text[index]) in {"Mn", "Mc", "Me", "Lm"}
    return mark or text[index] in _CLINGING or text[index - 1] == _JOINER


def _is_word(part: str) -> bool:
    return bool(_script(part[0])) or any(map(_script, part))


def _face_of_word(word: str, text: str, faces: Sequence[Face]) -> Face:
    for face in faces:
        if _has(face, word):
            return face
    raise _missing(word, text, faces)


def _face_of_sign(
    sign: str, text: str, beside: tuple[Face | None, Face | None], faces: Sequence[Face]
) -> Face:
    """Stops and brackets are written as their word is, blanks as what stands before them.

    Everything else, digits above all, takes the first face that has it: the same everywhere.
    """
    before, after = beside
    kind = unicodedata.category(sign[0])
    near = after if kind in {"Ps", "Pi"} else before
    if near and kind[0] in "PZC" and kind != "Pd" and _has(near, sign):
        return near
    return _face_of_word(sign, text, faces)


def _missing(part: str, text: str, faces: Sequence[Face]) -> MissingGlyph:
    """Names what no face has, with the marks and joined signs around it."""
    starts = [n for n in range(len(part)) if not n or not _clings(part, n)]
    clusters = [part[a:b] for a, b in zip(starts, [*starts[1:], len(part)], strict=True)]
    for cluster in clusters:
        if not any(_has(face, cluster) for face in faces):
            return MissingGlyph(cluster, text)
    return MissingGlyph(part, text)


def _has(face: Face, text: str) -> bool:
    return characters(face) >= set(map(ord, text)) - _SHAPELESS


def _has_some(face: Face, text: str) -> bool:
    return not characters(face).isdisjoint(map(ord, text))


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
    # Modifiers, such as the apostrophe of Ukrainian, belong to the letter before them.
    if not character.isalpha() or unicodedata.category(character) == "Lm":
        return ""
    return unicodedata.name(character, "").partition(" ")[0]


#: Languages that are written from the right; others of theirs name their script.
_FROM_RIGHT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})
_SCRIPTS_FROM_RIGHT = frozenset({"arab", "hebr", "syrc", "thaa"})


def side(text: str, language: str) -> int:
    """The side from which a paragraph starts: 0 is left, 1 right.

    Its language decides, as far as the text has letters of that side: an Arabic sentence may begin
    with a name in Latin letters, and an English one quote a word in Arabic.
    """
    tag = language.lower().split("-")
    wanted = int(tag[0] in _FROM_RIGHT or not _SCRIPTS_FROM_RIGHT.isdisjoint(tag[1:]))
    sides = {_strong(character) for character in text} - {None}
    return wanted if wanted in sides or not sides else 1 - wanted


def isolated(text: str) -> str:
    """A text from the right, in which hashtags, names and numbers to dial keep their order.

    `#Word` would end with its sign, and `116 016` begin with 016.
    """
    return _FROM_LEFT.sub(_kept_in_order, text)


def _kept_in_order(found: re.Match[str]) -> str:
    # Between Arabic digits a blank would turn even here, hence the marks.
    return f"\u2066{found.group().replace(' ', f'{_NO_BREAK}{_LEFT_TO_RIGHT}')}{_END_OF_ISOLATE}"


_NO_BREAK = "\u00a0"
_LEFT_TO_RIGHT = "\u200e"
#: A sign before a word in Latin, Greek or Cyrillic letters; digits in groups, or behind a plus.
_FROM_LEFT = re.compile(
    r"(?<![\w\u2066-\u2068])(?:[#@](?=\d*[A-Za-z\u00c0-\u052f\u1e00-\u1fff])[\w.]*\w"
    r"|\+\d+(?:[ \u00a0\u202f()/-]+\d+)*|\d{2,}(?:[ \u00a0\u202f]\d{2,})+)(?!\w)",
)


@lru_cache(maxsize=4096)
def _strong(character: str) -> int | None:
    return {"L": 0, "R": 1, "AL": 1}.get(unicodedata.bidirectional(character))


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
