"""Whether letters can be read on what is really drawn behind them.

The palette's contrast is seen to while a card is composed. A picture, a chart or a step may still
stand behind a word: so what a telephone would show there is measured, and the letters must stand
out from its darkest and from its lightest point.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import reduce
from typing import NamedTuple

from PIL import Image, ImageChops

from scheduler.cards.colours import READABLE, READABLE_LARGE, hexadecimal, luminance
from scheduler.cards.errors import Illegible
from scheduler.cards.marks import PHASES, Words
from scheduler.cards.shaping import ink
from scheduler.cards.templates import PHONE

#: Left, top, right, bottom.
Box = tuple[float, float, float, float]

#: From this many pixels on there, letters are large (WCAG 2: 18 point).
_LARGE = 24
#: Colours are chosen to be just readable; eight bits and dither take this much of it away.
_ROUNDING = 0.97


class Light:
    """A picture as a telephone shows it; `top` is the row of the card that it begins with."""

    def __init__(self, image: Image.Image, top: int = 0) -> None:
        self.scale = max(1, image.width // PHONE)
        self._top = top
        self._small = image.reduce(self.scale)

    def extremes(self, box: Box) -> tuple[float, float]:
        """The least and the greatest luminance in the box, 0 to 1: exact on a plain ground.

        The extremes of red, green and blue are taken for those of one pixel, so that the true ones
        are never beyond.
        """
        lows, highs = zip(*self._small.crop(self._seen(box)).getextrema(), strict=True)
        return _luminance(lows), _luminance(highs)

    def exact(self, box: Box) -> tuple[float, float]:
        """As `extremes`, and many times as slow: of every colour that is there."""
        seen = self._small.crop(self._seen(box)).convert("RGB")
        colours = seen.getcolors(seen.width * seen.height) or ()
        lights = [_luminance(colour) for _, colour in colours if isinstance(colour, tuple)]
        return min(lights), max(lights)

    def _seen(self, box: Box) -> tuple[int, int, int, int]:
        """In the small picture; Pillow takes what is outside of it for black."""
        width, height = self._small.size
        left, top, right, bottom = box
        x = min(max(0, round(left / self.scale)), width - 1)
        y = min(max(0, round((top - self._top) / self.scale)), height - 1)
        far = min(max(x + 1, round(right / self.scale)), width)
        low = min(max(y + 1, round((bottom - self._top) / self.scale)), height)
        return x, y, far, low


class SharedLight(Light):
    """The light of what many cards share, whose rows are looked through once for all of them."""

    def __init__(self, image: Image.Image) -> None:
        super().__init__(image)
        #: The luminance of each row's darkest and of its lightest point.
        self._rows: tuple[list[float], list[float]] | None = None

    def look_through(self) -> None:
        """For who measures more than one card: until then every box is looked at by itself."""
        if self._rows is None:
            darkest, lightest = (
                [_luminance(colour) for colour in _across(self._small, pick)]
                for pick in (ImageChops.darker, ImageChops.lighter)
            )
            self._rows = darkest, lightest

    def extremes(self, box: Box) -> tuple[float, float]:
        """As of any light; of whole rows once they were looked through."""
        if self._rows is None:
            return super().extremes(box)
        _, top, _, bottom = self._seen(box)
        darkest, lightest = self._rows
        return min(darkest[top:bottom], default=0.0), max(lightest[top:bottom], default=1.0)


def _across(image: Image.Image, pick: Callable[..., Image.Image]) -> Iterator[tuple[int, ...]]:
    """For each row the colour that is picked from all of its pixels."""
    image = image.convert("RGB")
    while image.width > 1:
        half = (image.width + 1) // 2
        left = image.crop((0, 0, half, image.height))
        image = pick(left, image.crop((image.width - half, 0, image.width, image.height)))
    pixels = image.tobytes()
    return (tuple(pixels[n : n + 3]) for n in range(0, len(pixels), 3))


class Lines(NamedTuple):
    """Lines of one text in one size and colour, and the box that they are in, in pixels."""

    slot: str
    size: int
    colour: str
    box: Box
    words: tuple[Words, ...]

    def exactly(self) -> Lines:
        """The same, in the box of their ink."""
        return self._replace(box=reduce(_around, map(inked, self.words)))


def gathered(words: Iterable[Words]) -> Iterator[Lines]:
    """Lines of one text as one, since they are measured sooner together than one by one."""
    lines: list[Words] = []
    box = (0.0, 0.0, 0.0, 0.0)
    for one in words:
        if not one.slot:
            continue
        own = _box(one)
        if lines and _alike(one, lines[0]) and _follows(own, box, one.size):
            lines.append(one)
            box = _around(box, own)
            continue
        if lines:
            yield _together(lines, box)
        lines, box = [one], own
    if lines:
        yield _together(lines, box)


def _together(lines: Sequence[Words], box: Box) -> Lines:
    first = lines[0]
    return Lines(first.slot, first.size, first.colour, box, tuple(lines))


def _alike(one: Words, other: Words) -> bool:
    return one[:_SAYING] == other[:_SAYING]


#: A line's slot, face, size and colour, which stand before its glyphs.
_SAYING = Words._fields.index("ids")


def _follows(one: Box, before: Box, size: int) -> bool:
    """Whether it stands just below: two labels side by side may have anything between them."""
    beside = one[0] > before[2] or before[0] > one[2]
    return 0 < one[3] - before[3] < 2 * size and not beside


def _around(one: Box, other: Box) -> Box:
    return (
        min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])
    )  # fmt: skip


def _box(words: Words) -> Box:
    """From the capitals' top to below any letter: a little too much, and quick."""
    em = words.size
    left, right = words.xs[0] / PHASES, words.xs[-1] / PHASES
    return left, words.ys[0] - 0.75 * em, right + em, words.ys[-1] + 0.25 * em


def inked(words: Words) -> Box:
    """Where its letters' ink really is."""
    boxes = [
        (
            x / PHASES + em[0] * words.size,
            y - em[1] * words.size,
            x / PHASES + em[2] * words.size,
            y - em[3] * words.size,
        )
        for glyph, x, y in zip(words.ids, words.xs, words.ys, strict=True)
        if (em := ink(words.face, glyph))
    ]
    return reduce(_around, boxes, boxes[0]) if boxes else _box(words)


def check(light: Light, lines: Lines) -> None:
    """Raises `Illegible` where the lines cannot be read."""
    need = READABLE_LARGE if lines.size / light.scale >= _LARGE else READABLE
    own = luminance(lines.colour)
    if _contrast(own, *light.extremes(lines.box)) < need * _ROUNDING:
        found = _contrast(own, *light.exact(lines.exactly().box))
        if found < need * _ROUNDING:
            raise Illegible(lines.slot, found, need)


def _contrast(own: float, low: float, high: float) -> float:
    """The smaller of the two contrasts that letters have with what is behind them."""
    return min((max(own, behind) + 0.05) / (min(own, behind) + 0.05) for behind in (low, high))


def _luminance(colour: tuple[int, ...]) -> float:
    return luminance(hexadecimal((colour[0], colour[1], colour[2])))
