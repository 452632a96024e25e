"""A line glyph by glyph, for tests that ask what stands where."""

from __future__ import annotations

from typing import NamedTuple

from scheduler.cards.shaping import Line
from scheduler.cards.typefaces import Face


class Glyph(NamedTuple):
    face: Face
    id: int
    place: int
    x: float
    y: float


def glyphs(line: Line) -> list[Glyph]:
    return [
        Glyph(run.face, *columns)
        for run in line.runs
        for columns in zip(run.ids, run.places, run.xs, run.ys, strict=True)
    ]
