"""The font files that are shipped, and which of them writes which family."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

import uharfbuzz as hb

_FOLDER = files("scheduler.cards") / "fonts"


class Face(NamedTuple):
    """One font file at one weight (which a static file ignores)."""

    file: str
    weight: int


@cache
def families() -> Mapping[str, tuple[str, ...]]:
    data = tomllib.loads((_FOLDER / "families.toml").read_text("utf-8"))
    return {family: tuple(entry["files"]) for family, entry in data.items()}


@cache
def font_bytes(file: str) -> bytes:
    return (_FOLDER / file).read_bytes()


@cache
def fonts_digest() -> str:
    """SHA-256 over everything in the fonts' folder that decides pixels."""
    total = hashlib.sha256((_FOLDER / "families.toml").read_bytes())
    for file in sorted({file for names in families().values() for file in names}):
        total.update(hashlib.sha256(font_bytes(file)).digest())
    return total.hexdigest()


@cache
def _face(file: str) -> hb.Face:
    return hb.Face(font_bytes(file))


@cache
def characters(file: str) -> frozenset[int]:
    return frozenset(_face(file).unicodes)


@cache
def letters(file: str) -> frozenset[str]:
    """The file's characters, as text has them."""
    return frozenset(map(chr, characters(file)))


def is_variable(file: str) -> bool:
    return bool(_face(file).has_var_data)


@lru_cache(maxsize=64)
def font(face: Face) -> hb.Font:
    """The shaper's view of a face, measuring in font units."""
    made = hb.Font(_face(face.file))
    if is_variable(face.file):
        made.set_variations({"wght": face.weight})
    return made


def units(face: Face) -> int:
    return int(_face(face.file).upem)


@lru_cache(maxsize=64)
def cap_height(face: Face) -> float:
    """The height of a capital letter, in em."""
    value: int = font(face).get_metric_position_with_fallback(hb.OTMetricsTag.CAP_HEIGHT)
    return value / units(face)


def faces(family: str, weight: int) -> tuple[Face, ...]:
    return tuple(Face(file, weight) for file in families()[family])
