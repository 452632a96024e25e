"""Text → glyphs in their places, in em, so that any size is a multiplication away.

Each run of one direction, script and font goes through HarfBuzz once, with kerning and the forms
that the language asks for. Nothing here knows pixels or lines.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate, groupby
from typing import NamedTuple

import uharfbuzz as hb

from scheduler.cards.errors import MissingGlyph
from scheduler.cards.typefaces import Face, font, letters, units

SOFT_HYPHEN = "\u00ad"

_ISOLATES = {"\u2066": 0, "\u2067": 1, "\u2068": None}
_END_OF_ISOLATE = "\u2069"
_OBJECT = "\ufffc"
#: Characters that steer text and have no shape of their own; HarfBuzz hides them.
INVISIBLE = frozenset(
    "\u00ad\u061c\u200b\u200c\u200d\u200e\u200f\u2060\u2066\u2067\u2068\u2069\ufe0e\ufe0f"
)


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


class Glyphs(NamedTuple):
    """Glyphs of one face, from left to right as they are seen: columns of equal length.

    `places` counts characters of the text; `xs` and `ys` are in em, from the start of the line.
    """

    face: Face
    ids: Sequence[int]
    places: Sequence[int]
    xs: Sequence[float]
    ys: Sequence[float]


class Line(NamedTuple):
    runs: tuple[Glyphs, ...]
    width: float


class _Run(NamedTuple):
    start: int
    end: int
    face: Face
    level: int


class _Shaped(NamedTuple):
    """A run as HarfBuzz gives it, in em; columns of equal length."""

    face: Face
    ids: list[int]
    places: list[int]
    advances: Sequence[float]
    #: How far each stands off its pen; empty where none does.
    xs: Sequence[float]
    ys: Sequence[float]


class Paragraph(NamedTuple):
    """A text that was shaped once. Its lines are cut from it, where it runs one way in one face."""

    text: str
    style: Style
    #: The side that it starts from: 0 is left, 1 right.
    base: int
    #: What each character adds to the width of its line, in em.
    advances: Sequence[float]
    whole: _Shaped | None
    #: Where the pen stands before each glyph of the whole, and after the last.
    pens: Sequence[float]

    def line(self, start: int, end: int, *, hyphen: bool = False) -> Line:
        """The characters from `start` to `end`, and a hyphen if the line ends inside a word."""
        sign = "-" if hyphen else ""
        if self.whole is None:
            line = shape(self.text[start:end] + sign, self.style, self.base)
            return Line(tuple(_moved(run, start, 0.0) for run in line.runs), line.width)
        whole, pens = self.whole, self.pens
        first, last = bisect_left(whole.places, start), bisect_left(whole.places, end)
        cut = slice(first, last)
        xs = _off(pens[cut], whole.xs[cut], pens[first])
        run = Glyphs(whole.face, whole.ids[cut], whole.places[cut], xs, whole.ys[cut])
        width = pens[last] - pens[first]
        if not hyphen:
            return Line((run,), width - self.style.tracking)
        ending = shape(sign, self.style)
        return Line((run, *(_moved(one, end, width) for one in ending.runs)), width + ending.width)


def _off(pens: Sequence[float], xs: Sequence[float], start: float) -> list[float]:
    """Where glyphs stand from where their line starts."""
    if not xs:
        return [pen - start for pen in pens]
    return [pen - start + x for pen, x in zip(pens, xs, strict=True)]


def _moved(run: Glyphs, places: int, right: float) -> Glyphs:
    return run._replace(
        places=[place + places for place in run.places], xs=[x + right for x in run.xs]
    )


def paragraph(text: str, style: Style, base: int = 0) -> Paragraph:
    """Raises `MissingGlyph` for what the style's faces cannot write."""
    runs = _runs(text, style, base)
    shaped = [_shaped(text, run, style) for run in runs]
    whole = shaped[0] if len(runs) == 1 and not runs[0].level else None
    pens = list(accumulate(whole.advances, initial=0.0)) if whole else ()
    return Paragraph(text, style, base, _widths(text, shaped), whole, pens)


def _widths(text: str, shaped: Sequence[_Shaped]) -> Sequence[float]:
    """What each character adds; where each has a glyph of its own, that is the glyph's advance."""
    if len(shaped) == 1 and shaped[0].places == list(range(len(text))):
        return shaped[0].advances
    widths = [0.0] * len(text)
    for one in shaped:
        for place, advance in zip(one.places, one.advances, strict=True):
            widths[place] += advance
    return widths


def shape(text: str, style: Style, base: int | None = None) -> Line:
    """One line, left to right as it is seen; `base` is the direction of its paragraph."""
    runs: list[Glyphs] = []
    pen = 0.0
    for run in _seen(_runs(text, style, base)):
        one = _shaped(text, run, style)
        *pens, pen = accumulate(one.advances, initial=pen)
        runs.append(Glyphs(one.face, one.ids, one.places, _off(pens, one.xs, 0.0), one.ys))
    return Line(tuple(runs), pen - (style.tracking if runs else 0.0))


@lru_cache(maxsize=1024)
def ink(face: Face, glyph: int) -> tuple[float, float, float, float] | None:
    """Left, top, right and bottom of what a glyph draws, in em from its pen; None for white."""
    extents = font(face).get_glyph_extents(glyph)
    if not extents or not extents.width:
        return None
    left, top, em = extents.x_bearing, extents.y_bearing, units(face)
    return left / em, top / em, (left + extents.width) / em, (top + extents.height) / em


def left_bearing(face: Face, glyph: int) -> float:
    """The white that a glyph carries on its left, in em."""
    found = ink(face, glyph)
    return found[0] if found else 0.0


def _shaped(text: str, run: _Run, style: Style) -> _Shaped:
    buffer = hb.Buffer()
    buffer.add_str(text, run.start, run.end - run.start)
    buffer.direction = "rtl" if run.level % 2 else "ltr"
    buffer.language = style.language
    buffer.guess_segment_properties()
    hb.shape(font(run.face), buffer, {"kern": True, "liga": True})
    em = units(run.face)
    # Letters that join must not be pulled apart.
    tracking = 0.0 if run.level % 2 else style.tracking
    infos, positions = buffer.glyph_infos, buffer.glyph_positions
    xs, ys, advances, _ = zip(*[each.position for each in positions], strict=True)
    return _Shaped(
        face=run.face,
        ids=[info.codepoint for info in infos],
        places=[info.cluster for info in infos],
        advances=_pulled(_in_em(advances, em), tracking),
        # Few glyphs are moved from where the pen stands: in most texts none is.
        xs=_in_em(xs, em) if any(xs) else (),
        ys=_in_em(ys, em) if any(ys) else (0.0,) * len(ys),
    )


def _in_em(lengths: Sequence[int], em: int) -> list[float]:
    return [each / em for each in lengths]


def _pulled(advances: Sequence[float], tracking: float) -> Sequence[float]:
    """What has a width of its own, apart; marks stay on their letters."""
    if not tracking:
        return advances
    return [advance + tracking if advance else 0.0 for advance in advances]


def _runs(text: str, style: Style, base: int | None = None) -> list[_Run]:
    """Stretches of one direction, face and script; most texts are one."""
    if not base and _is_plain(text, style.faces[0]):
        return [_Run(0, len(text), style.faces[0], 0)] if text else []
    keys = zip(levels(text, base), _faces(text, style.faces), _scripts(text), strict=True)
    runs = []
    start = 0
    for (level, face, _), group in groupby(keys):
        end = start + len(list(group))
        runs.append(_Run(start, end, face, level))
        start = end
    return runs


#: Characters that run, or make others run, from the right, and what steers them.
_TURNING = re.compile(
    "[\u0590-\u08ff\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufeff"
    "\U00010800-\U00010fff\U0001e800-\U0001efff]"
)


def _is_plain(text: str, face: Face) -> bool:
    """Whether one face writes it all, from the left, in one script."""
    used = set(text)
    return (
        letters(face).issuperset(used)
        and not _TURNING.search(text)
        and len({_script(character) for character in used} - {""}) <= 1
    )


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
    return (set(text) - letters(face)) <= INVISIBLE


def _has_some(face: Face, text: str) -> bool:
    return not letters(face).isdisjoint(text)


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
_FROM_RIGHT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ps", "sd", "syr", "ug", "ur", "yi"})
_SCRIPTS_FROM_RIGHT = frozenset({"arab", "hebr", "syrc", "thaa"})


@lru_cache(maxsize=64)
def from_right(language: str) -> bool:
    """Whether the language is written from the right."""
    first, *others = language.lower().split("-")
    if scripts := [tag for tag in others if len(tag) == _SCRIPT]:
        return scripts[0] in _SCRIPTS_FROM_RIGHT
    return first in _FROM_RIGHT


#: Letters of a script's name in a language tag (ISO 15924).
_SCRIPT = 4


def side(text: str, language: str) -> int:
    """The side from which a paragraph starts: 0 is left, 1 right.

    Its language decides, as far as the text has letters of that side: an Arabic sentence may begin
    with a name in Latin letters, and an English one quote a word in Arabic.
    """
    wanted = int(from_right(language))
    if not wanted and not _TURNING.search(text):
        return 0
    sides = {_strong(character) for character in set(text)} - {None}
    return wanted if wanted in sides or not sides else 1 - wanted


def isolated(text: str) -> str:
    """A text from the right, in which hashtags, names and numbers to dial keep their order.

    `#Word` would end with its sign, and `116 016` begin with 016.
    """
    return re.sub(_FROM_LEFT, _kept_in_order, text)


def _kept_in_order(found: re.Match[str]) -> str:
    # Between Arabic digits a blank would turn even here, hence the marks.
    return f"\u2066{found.group().replace(' ', f'{_NO_BREAK}{_LEFT_TO_RIGHT}')}{_END_OF_ISOLATE}"


_NO_BREAK = "\u00a0"
_LEFT_TO_RIGHT = "\u200e"
#: A sign before a word in Latin, Greek or Cyrillic letters; digits in groups, or behind a plus.
_FROM_LEFT = (
    r"(?<![\w\u2066-\u2068])(?:[#@](?=\d*[A-Za-z\u00c0-\u052f\u1e00-\u1fff])[\w.]*\w"
    r"|\+\d+(?:[ \u00a0\u202f()/-]+\d+)*|\d{2,}(?:[ \u00a0\u202f]\d{2,})+)(?!\w)"
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
    # Only what is written from the right needs it.
    from bidi import algorithm  # type: ignore[import-untyped]  # noqa: PLC0415

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
