"""What X's way of counting must know by heart: emoji, and the endings of addresses.

x_emoji.txt and x_endings.txt say where they come from. x_differences.toml says where X's own
library counts otherwise than they say, and why.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent
_TONES = tuple(map(chr, range(0x1F3FB, 0x1F400)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    #: Sequences of several code points that are one emoji.
    emoji: frozenset[str]
    #: Top-level domains in small letters.
    endings: frozenset[str]
    #: Further ones, which X's library is too old to know.
    newer_endings: frozenset[str]


@cache
def tables() -> Tables:
    """The tables as X's library knows them; read once, when something is counted."""
    emoji, endings = set(_lines("x_emoji.txt")), set(" ".join(_lines("x_endings.txt")).split())
    said = tomllib.loads(_FOLDER.joinpath("x_differences.toml").read_text("utf-8"))
    newer = _all(said["endings"], "newer")
    return Tables(
        emoji=frozenset(
            sequence
            for line in (emoji | _all(said["emoji"], "one")) - _all(said["emoji"], "several")
            for sequence in _sequences(line)
        ),
        endings=frozenset((endings | _all(said["endings"], "links")) - newer),
        newer_endings=frozenset(newer),
    )


def _lines(name: str) -> Iterator[str]:
    for line in _FOLDER.joinpath(name).read_text("utf-8").splitlines():
        if not line.startswith("#"):
            yield line


def _all(differences: list[dict[str, Any]], name: str) -> set[str]:
    return {value for each in differences for value in each.get(name, ())}


def _sequences(line: str) -> Iterator[str]:
    """ "270C tone" is five of them."""
    for tone in _TONES if "tone" in line else ("",):
        yield "".join(tone if each == "tone" else chr(int(each, 16)) for each in line.split())
