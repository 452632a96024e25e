"""Which font files write: those that are shipped, and those that a campaign brings along.

A campaign's file is known by its bytes, never by its name: a new font under an old name is a new
face. Nothing is read before a word needs it.
"""

from __future__ import annotations

import hashlib
import struct
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

import uharfbuzz as hb

from scheduler.cards.errors import BadFont
from scheduler.cards.file_digests import file_digest
from scheduler.model import Fonts, Typeface

# Not importlib.resources, which takes 15 ms to import.
_FOLDER = Path(__file__).parent / "fonts"
#: Which of the templates' families each shipped typeface is.
_SHIPPED = {
    Typeface.INTER: "text",
    Typeface.INTER_DISPLAY: "display",
    Typeface.SOURCE_SERIF: "serif",
}
#: Bytes. The largest fonts that there are, those of Chinese, have some 20 million.
_LARGEST = 50_000_000
_OUTLINES = frozenset({"glyf", "CFF ", "CFF2"})
_COLOURS = frozenset({"COLR", "SVG ", "CBDT", "sbix"})
#: What must be there, or there is no telling what would be drawn.
_NEEDED = frozenset({"cmap", "head", "hhea", "hmtx", "maxp"})
_REGULAR = 400
_PRIVATE = frozenset(range(0xE000, 0xF900))


class Face(NamedTuple):
    """One font file at one weight (which a static file ignores).

    `digest` is the SHA-256 of a campaign's file; empty for a shipped one.
    """

    file: str
    weight: int
    digest: str = ""


class _File(NamedTuple):
    name: str
    digest: str = ""


#: The files of one typeface: that with the nearest weight writes.
_Group = tuple[_File, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Typefaces:
    """What writes each of the templates' families, in the order in which it is asked."""

    families: tuple[tuple[str, tuple[_Group, ...]], ...]

    def faces(self, family: str, weight: int) -> tuple[Face, ...]:
        return _chosen(dict(self.families)[family], weight)


def typefaces(fonts: Fonts) -> Typefaces:
    """Raises `BadFont` for a file that cannot be used."""
    if fonts == Fonts():
        return _shipped()
    others = _groups(_known(file, "fonts") for file in fonts.others)
    return Typefaces(
        families=tuple((family, _order(family, fonts, others)) for family in families())
    )


@cache
def _shipped() -> Typefaces:
    return Typefaces(families=tuple((family, _order(family, Fonts(), ())) for family in families()))


def _order(family: str, fonts: Fonts, others: tuple[_Group, ...]) -> tuple[_Group, ...]:
    """What the brand wants there, else the template; the campaign's others; what is shipped."""
    wanted: tuple[Path, ...] | Typeface | None = getattr(fonts, family)
    if isinstance(wanted, Typeface):
        family, wanted = _SHIPPED[wanted], None
    shipped = tuple((_File(file),) for file in families()[family])
    if wanted is None:
        return (*shipped[:1], *others, *shipped[1:])
    own = tuple(_known(file, f"fonts.{family}") for file in wanted)
    return (own, *others, *shipped)


def _groups(known: Iterable[_File]) -> tuple[_Group, ...]:
    """Files of the same family together: they are one typeface in several weights."""
    groups: dict[str, list[_File]] = {}
    for file in known:
        groups.setdefault(_family_name(file), []).append(file)
    return tuple(map(tuple, groups.values()))


@lru_cache(maxsize=256)
def _chosen(groups: tuple[_Group, ...], weight: int) -> tuple[Face, ...]:
    nearest = (min(group, key=lambda one: _distance(one, weight)) for group in groups)
    return tuple(Face(file.name, weight, file.digest) for file in nearest)


def _distance(file: _File, weight: int) -> tuple[bool, int]:
    """How far a file is from an upright one of that weight."""
    if not file.digest:
        return (False, 0)
    made = _face(file)
    away = 0 if made.has_var_data else abs(_weight(made) - weight)
    return (_is_italic(made), away)


# ── files ─────────────────────────────────────────────────────────────────────────────────────────


@cache
def families() -> Mapping[str, tuple[str, ...]]:
    """The shipped files of each of the templates' families."""
    data = tomllib.loads((_FOLDER / "families.toml").read_text("utf-8"))
    return {family: tuple(entry["files"]) for family, entry in data.items()}


@lru_cache(maxsize=32)
def font_bytes(file: str, digest: str = "") -> bytes:
    """The file's bytes, which are those of its digest. Raises `BadFont`."""
    if not digest:
        return (_FOLDER / file).read_bytes()
    data = _read(Path(file))
    if hashlib.sha256(data).hexdigest() != digest:
        raise BadFont(f"the font {Path(file).name} was changed just now; try again", "fonts")
    return data


@cache
def fonts_digest() -> str:
    """SHA-256 over everything in the fonts' folder that decides pixels."""
    total = hashlib.sha256((_FOLDER / "families.toml").read_bytes())
    for file in sorted({file for names in families().values() for file in names}):
        # Not kept: most cards need only some of them.
        total.update(hashlib.sha256((_FOLDER / file).read_bytes()).digest())
    return total.hexdigest()


def font_digest(file: Path) -> str:
    """SHA-256 of a campaign's font; "absent" where it cannot be read, "too large" where it is."""
    return file_digest(file, _LARGEST)


def _known(file: Path, slot: str) -> _File:
    """A campaign's font that can be used; `slot` says where it is named."""
    known = _File(str(file), font_digest(file))
    if why := _unusable(known):
        raise BadFont(f"the font {file.name} {why}", slot)
    return known


@lru_cache(maxsize=64)
def _unusable(file: _File) -> str:
    if file.digest == "too large":
        return f"is larger than {_LARGEST // 1_000_000} megabytes; take one with fewer scripts"
    if file.digest == "absent":
        return "cannot be read: there is no file, or none that may be opened"
    tables = _tables(font_bytes(file.name, file.digest))
    if not tables >= _NEEDED or not _face(file).unicodes:
        return "is no font, or a damaged one; use an undamaged .ttf or .otf file"
    if tables & _COLOURS or not tables & _OUTLINES:
        return "draws in colours or dots, which cards cannot; use one that is made of outlines"
    if _is_restricted(_face(file)):
        return (
            "says that it may not be embedded (its licence is “restricted”); "
            "ask its foundry for one that may, or use another"
        )
    return ""


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except (OSError, ValueError):
        raise BadFont(f"the font {file.name} cannot be read", "fonts") from None


def _tables(data: bytes) -> frozenset[str]:
    """The tables of a whole file; none if it is no font or was cut off.

    HarfBuzz and FreeType both open half a font, and leave its letters blank.
    """
    if data[:4] not in {b"\0\1\0\0", b"OTTO", b"true"} or len(data) < 12:  # noqa: PLR2004
        return frozenset()
    count = int.from_bytes(data[4:6], "big")
    found = set()
    for start in range(12, 12 + 16 * count, 16):
        entry = data[start : start + 16]
        if len(entry) < 16:  # noqa: PLR2004
            return frozenset()
        tag, _, offset, length = struct.unpack(">4sIII", entry)
        if offset + length > len(data):
            return frozenset()
        found.add(tag.decode("latin-1"))
    return frozenset(found)


# ── what a file says of itself ────────────────────────────────────────────────────────────────────


@lru_cache(maxsize=32)
def _face(file: _File) -> hb.Face:
    return hb.Face(font_bytes(file.name, file.digest))


@lru_cache(maxsize=64)
def _family_name(file: _File) -> str:
    """The typeface, whatever its weight."""
    face = _face(file)
    names = hb.OTNameIdPredefined
    return face.get_name(names.TYPOGRAPHIC_FAMILY) or face.get_name(names.FONT_FAMILY) or file.name


def _style_bits(face: hb.Face, offset: int) -> int:
    """16 bits of the table OS/2; 0 where a font has none."""
    return int.from_bytes(face.reference_table("OS/2").data[offset : offset + 2], "big")


def _weight(face: hb.Face) -> int:
    return _style_bits(face, 4) or _REGULAR


def _is_italic(face: hb.Face) -> bool:
    return bool(_style_bits(face, 62) & 1)


def _is_restricted(face: hb.Face) -> bool:
    """The four lowest bits of fsType: 2 alone is “Restricted License embedding”."""
    return _style_bits(face, 8) & 0b1111 == 0b0010  # noqa: PLR2004


@lru_cache(maxsize=32)
def characters(face: Face) -> frozenset[int]:
    return _characters(_File(face.file, face.digest))


@lru_cache(maxsize=32)
def _characters(file: _File) -> frozenset[int]:
    """What it can write; private signs mean something only to who brought the font along."""
    found = frozenset(_face(file).unicodes)
    return found if file.digest else found - _PRIVATE


def letters(face: Face) -> frozenset[str]:
    """What the face can write, as text has it."""
    return _letters(face.file, face.digest)


@lru_cache(maxsize=32)
def _letters(file: str, digest: str) -> frozenset[str]:
    """The same in every weight."""
    return frozenset(map(chr, _characters(_File(file, digest))))


def is_variable(face: Face) -> bool:
    return bool(_face(_File(face.file, face.digest)).has_var_data)


@lru_cache(maxsize=64)
def font(face: Face) -> hb.Font:
    """The shaper's view of a face, measuring in font units."""
    made = hb.Font(_face(_File(face.file, face.digest)))
    if is_variable(face):
        made.set_variations({"wght": face.weight})
    return made


@lru_cache(maxsize=64)
def units(face: Face) -> int:
    return int(_face(_File(face.file, face.digest)).upem)


@lru_cache(maxsize=64)
def cap_height(face: Face) -> float:
    """The height of a capital letter, in em."""
    value: int = font(face).get_metric_position_with_fallback(hb.OTMetricsTag.CAP_HEIGHT)
    return value / units(face)


def faces(family: str, weight: int) -> tuple[Face, ...]:
    """The shipped faces of a family."""
    return _shipped().faces(family, weight)
