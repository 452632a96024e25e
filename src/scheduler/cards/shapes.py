"""Plain shapes with smooth edges: drawn finely and reduced, because Pillow's own have none."""

from __future__ import annotations

import math
from functools import lru_cache

from PIL import Image, ImageChops, ImageDraw

from scheduler.cards.colours import rgb
from scheduler.cards.marks import Arc, Arrow, Disc, Slab

#: Shapes are drawn so many times larger and reduced.
_FINE = 4


def disc(image: Image.Image, mark: Disc) -> None:
    left, top = mark.x - mark.radius, mark.y - mark.radius
    mask = _disc(_fine(mark.radius * 2), *_rest(left, top))
    image.paste(rgb(mark.colour), _corner(left, top), mask)


def _corner(left: float, top: float) -> tuple[int, int]:
    return math.floor(left), math.floor(top)


def _rest(left: float, top: float) -> tuple[int, int]:
    """What the whole pixel leaves over, in fine steps."""
    return _fine(left - math.floor(left)), _fine(top - math.floor(top))


def _fine(length: float) -> int:
    return round(length * _FINE)


def _canvas(width: int, height: int) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    """A fine mask that reduces to whole pixels."""
    size = (-(-width // _FINE) * _FINE, -(-height // _FINE) * _FINE)
    mask = Image.new("L", size)
    return mask, ImageDraw.Draw(mask)


@lru_cache(maxsize=128)
def _disc(diameter: int, x: int, y: int) -> Image.Image:
    mask, draw = _canvas(x + diameter, y + diameter)
    draw.ellipse((x, y, x + diameter - 1, y + diameter - 1), fill=255)
    return mask.reduce(_FINE)


def slab(image: Image.Image, mark: Slab) -> None:
    if not mark.upper and not mark.lower:
        box = (round(mark.left), round(mark.top), round(mark.right), round(mark.bottom))
        image.paste(rgb(mark.colour), box)
        return
    mask = _rounded(
        _fine(mark.right - mark.left),
        _fine(mark.bottom - mark.top),
        _fine(mark.upper),
        _fine(mark.lower),
        *_rest(mark.left, mark.top),
    )
    image.paste(rgb(mark.colour), _corner(mark.left, mark.top), mask)


@lru_cache(maxsize=128)
def _rounded(  # noqa: PLR0917 a cache's key
    width: int, height: int, upper: int, lower: int, x: int, y: int
) -> Image.Image:
    """A rectangle whose two upper and two lower corners have their own radius."""
    mask, draw = _canvas(x + width, y + height)
    middle = y + height // 2
    right, bottom = x + width - 1, y + height - 1
    draw.rounded_rectangle(
        (x, y, right, bottom), upper, fill=255, corners=(True, True, False, False)
    )
    draw.rectangle((x, middle, right, bottom), fill=0)
    low = Image.new("L", mask.size)
    ImageDraw.Draw(low).rounded_rectangle(
        (x, y, right, bottom), lower, fill=255, corners=(False, False, True, True)
    )
    ImageDraw.Draw(low).rectangle((x, y, right, middle - 1), fill=0)
    return ImageChops.lighter(mask, low).reduce(_FINE)


def arc(image: Image.Image, mark: Arc) -> None:
    left, top = mark.x - mark.radius, mark.y - mark.radius
    x, y = _rest(left, top)
    side = _fine(mark.radius * 2)
    mask, draw = _canvas(x + side, y + side)
    start, end = mark.start * 360 - 90, mark.end * 360 - 90
    box = (x, y, x + side - 1, y + side - 1)
    if mark.end - mark.start >= 1:
        draw.ellipse(box, fill=255)
    else:
        draw.pieslice(box, start, end, fill=255)
    inset = _fine(mark.thickness)
    draw.ellipse(
        (x + inset, y + inset, x + side - 1 - inset, y + side - 1 - inset),
        fill=0,
    )
    image.paste(rgb(mark.colour), _corner(left, top), mask.reduce(_FINE))


def arrow(image: Image.Image, mark: Arrow) -> None:
    x, y = _rest(mark.left, mark.top)
    width, height, thick = (_fine(side) for side in (mark.width, mark.height, mark.thickness))
    mask, draw = _canvas(x + width, y + height)
    half = thick / 2
    back, front = x + half, x + width - half
    wing = front - height / 2 + half
    if mark.leftward:
        back, front, wing = (2 * x + width - place for place in (back, front, wing))
    tip = (front, y + height / 2)
    wings = [(wing, y + end) for end in (half, height - half)]
    for start in ((back, tip[1]), *wings):
        draw.line((start, tip), fill=255, width=thick)
        for end in (start, tip):
            draw.ellipse((end[0] - half, end[1] - half, end[0] + half, end[1] + half), fill=255)
    image.paste(rgb(mark.colour), _corner(mark.left, mark.top), mask.reduce(_FINE))
