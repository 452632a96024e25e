"""Marks → pixels. Equal marks give equal pixels, in any process, in any order and in any thread.

What many cards share is painted once (`Ground`); a card's own marks go on a copy of it. Between the
two the contrast is measured, on the pixels that the letters will stand on.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import NamedTuple

from PIL.Image import Image

from scheduler.cards import glyphs, gradients, legibility, pictures, shapes
from scheduler.cards.bands import Bands
from scheduler.cards.canvas import Canvas
from scheduler.cards.colours import rgb
from scheduler.cards.legibility import Box, Light, SharedLight
from scheduler.cards.marks import (
    Arc,
    Arrow,
    Composition,
    Disc,
    Emblem,
    Mark,
    Photograph,
    Scrim,
    Shape,
    Slab,
    Wash,
    Words,
)


class Painting(NamedTuple):
    """A finished card, what it shares with others, and the rows that may differ from that."""

    canvas: Canvas
    shared: Bands
    rows: Sequence[range]


class Ground:
    """The marks that many cards share, painted once; with its light and its bands of a file."""

    def __init__(self, width: int, height: int, marks: Iterable[Mark]) -> None:
        self.canvas = Canvas(width, height)
        words, others = _parted(marks)
        for mark in others:
            _lay(self.canvas.image, mark)
        self.light = SharedLight(self.canvas.image)
        for lines in legibility.gathered(words):
            legibility.check(self.light, lines)
        for line in words:
            glyphs.write(self.canvas.image, line)
        self.bands = Bands(self.canvas)
        #: A canvas to paint the next card on, and the rows in which it shows another one.
        self._spare: list[tuple[Canvas, Sequence[range]]] = []

    def lend(self) -> Canvas:
        """A canvas that shows the ground."""
        try:
            canvas, rows = self._spare.pop()
        except IndexError:
            canvas = Canvas(self.canvas.width, self.canvas.height)
            rows = (range(canvas.height),)
        else:
            self.light.look_through()
        # Only now, so that the processor's cache has them when they are painted on.
        for each in rows:
            canvas.show(self.canvas, each)
        return canvas

    def take_back(self, canvas: Canvas, rows: Sequence[range]) -> None:
        if not self._spare:
            self._spare.append((canvas, rows))


@lru_cache(maxsize=3)
def _ground(width: int, height: int, marks: tuple[Mark, ...]) -> Ground:
    """At most 3 of them, about 12 MB each: the shelf draws cards on one ground in a row."""
    return Ground(width, height, marks)


@contextmanager
def painted(composition: Composition) -> Iterator[Painting]:
    """The finished card, until the next one needs its memory.

    Raises `BadPicture` for a picture or logo that cannot be used, `Illegible` for letters that
    stand out too little from what is drawn behind them.
    """
    ground = _ground(composition.width, composition.height, composition.base)
    canvas = ground.lend()
    words, others = _parted(composition.fresh)
    boxes = [_lay(canvas.image, mark) for mark in others]
    _check(canvas, words, boxes, ground.light)
    written = [glyphs.write(canvas.image, line) for line in words]
    rows = _merged([*(_rows(box) for box in boxes), *written])
    yield Painting(canvas, ground.bands, rows)
    ground.take_back(canvas, rows)


def picture(composition: Composition) -> Image:
    """The finished card as a picture of its own."""
    with painted(composition) as painting:
        return painting.canvas.image.convert("RGB")


def overlaid(image: Image, marks: Iterable[Mark]) -> Image:
    """The picture with marks over it, each over those before; nothing is measured."""
    over = image.convert("RGBX")
    for mark in marks:
        if isinstance(mark, Words):
            glyphs.write(over, mark)
        else:
            _lay(over, mark)
    return over.convert("RGB")


def try_pictures(composition: Composition) -> None:
    """Raises the `BadPicture` that `painted` would raise, and paints nothing."""
    for mark in (*composition.base, *composition.fresh):
        if isinstance(mark, Photograph):
            pictures.try_picture(mark, (composition.width, composition.height))
        elif isinstance(mark, Emblem):
            pictures.logo(mark.file, mark.digest, (mark.width, mark.height))


def _check(
    canvas: Canvas, words: Iterable[Words], boxes: Sequence[Box], ground: SharedLight
) -> None:
    """What stands on the ground alone is measured there, whose light is known already."""
    for lines in legibility.gathered(words):
        near = [box for box in boxes if _meet(lines.box, box)]
        exact = lines.exactly() if near else lines
        if any(_meet(exact.box, box) for box in near):
            rows = _rows(exact.box)
            top, bottom = max(0, rows.start), min(canvas.height, rows.stop)
            legibility.check(Light(canvas.strip(top, bottom), top), exact)
        else:
            legibility.check(ground, lines)


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _rows(box: Box) -> range:
    """Whole rows, and what a mask reduced from fine steps may add."""
    return range(math.floor(box[1]), math.ceil(box[3]) + 1)


def _merged(rows: Iterable[range]) -> list[range]:
    """From the top, those that meet as one."""
    found: list[range] = []
    for each in sorted(rows, key=lambda each: each.start):
        if found and each.start <= found[-1].stop:
            found[-1] = range(found[-1].start, max(each.stop, found[-1].stop))
        else:
            found.append(each)
    return found


def _parted(marks: Iterable[Mark]) -> tuple[list[Words], list[Shape]]:
    """Letters, and what lies below them."""
    words: list[Words] = []
    others: list[Shape] = []
    for mark in marks:
        if isinstance(mark, Words):
            words.append(mark)
        else:
            others.append(mark)
    return words, others


def _lay(image: Image, mark: Shape) -> Box:
    """Paints the mark; gives the box that it lies in."""
    match mark:
        case Slab():
            shapes.slab(image, mark)
            return mark.left, mark.top, mark.right, mark.bottom
        case Disc():
            shapes.disc(image, mark)
            return _around(mark)
        case Arc():
            shapes.arc(image, mark)
            return _around(mark)
        case Arrow():
            shapes.arrow(image, mark)
            return mark.left, mark.top, mark.left + mark.width, mark.top + mark.height
        case Emblem():
            pictures.emblem(image, mark)
            return mark.left, mark.top, mark.left + mark.width, mark.top + mark.height
        case Wash():
            gradients.wash(image, mark)
        case Photograph():
            image.paste(pictures.covering(mark, image.size))
        case Scrim():
            image.paste(rgb(mark.colour), (0, 0), gradients.veil(image, mark))
    return 0, 0, image.width, image.height


def _around(mark: Disc | Arc) -> Box:
    return (
        mark.x - mark.radius, mark.y - mark.radius, mark.x + mark.radius, mark.y + mark.radius
    )  # fmt: skip
