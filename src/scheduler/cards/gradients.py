"""Gradients, dithered so that they show no bands; and the veil that words on a picture stand on."""

from __future__ import annotations

import bisect
import sys
from array import array
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from itertools import pairwise

from PIL import Image

from scheduler.cards.colours import hexadecimal, luminance, mixed, rgb
from scheduler.cards.marks import Scrim, Wash


def _bayer(order: int) -> list[list[int]]:
    if not order:
        return [[0]]
    inner = _bayer(order - 1)
    return [
        [4 * value + add for add in adds for value in row]
        for adds in ((0, 2), (3, 1))
        for row in inner
    ]


#: Of a tile of 8 × 8 pixels, which are the first to become lighter.
_DITHER = _bayer(3)
_TILE = 8
#: Steps between two values of a byte that dither can show.
_STEPS = 64


@cache
def _raised() -> list[list[int]]:
    """For each row of the tile and each number of steps, which of eight bytes are one more."""
    return [
        [
            int.from_bytes(bytes(steps + order >= _STEPS for order in row), sys.byteorder)
            for steps in range(_STEPS)
        ]
        for row in _DITHER
    ]


#: One in each of eight bytes.
_ONES = int.from_bytes(b"\1" * _TILE, "big")


def _plane(shades: Iterable[float]) -> Image.Image:
    """One channel, eight pixels wide, with a shade for each row: a number of eight bytes."""
    raised = _raised()
    levels = enumerate([int(shade * _STEPS) for shade in shades])
    rows = array(
        "Q",
        [level // _STEPS * _ONES + raised[y % _TILE][level % _STEPS] for y, level in levels],
    )
    return Image.frombytes("L", (_TILE, len(rows)), rows.tobytes())


def _tiled(image: Image.Image, narrow: Image.Image) -> None:
    """Fills the image with copies of one as high, side by side."""
    image.paste(narrow, (0, 0))
    done = narrow.width
    while done < image.width:
        image.paste(image.crop((0, 0, min(done, image.width - done), image.height)), (done, 0))
        done *= 2


def wash(image: Image.Image, mark: Wash) -> None:
    if mark.top == mark.bottom:
        image.paste(rgb(mark.top), (0, 0, *image.size))
        return
    shares = [y / (image.height - 1) for y in range(image.height)]
    planes = [
        _plane([top + (bottom - top) * share for share in shares])
        for top, bottom in zip(rgb(mark.top), rgb(mark.bottom), strict=True)
    ]
    _tiled(image, Image.merge("RGB", planes))


def veil(image: Image.Image, scrim: Scrim) -> Image.Image:
    """The scrim's opacity in each row: no denser than the picture behind it makes necessary."""
    needs = _needs(image, scrim)
    opacities = [
        255 * _part(y, needs[y // _GRAIN], scrim, image.height) * _opacity(y, scrim.stops)
        for y in range(image.height)
    ]
    mask = Image.new("L", image.size)
    _tiled(mask, _plane(opacities))
    return mask


def _part(y: int, need: float, scrim: Scrim, height: int) -> float:
    """The share of the veil that a row gets: what it needs, and from `full` on all."""
    if y >= scrim.full:
        return 1.0
    eased = _smooth(max(0.0, 1 - (scrim.full - y) / (height * 0.1)))
    return need + (1 - need) * eased


#: Rows of the picture that are weighed together, how far a bright one reaches, and the least share
#: of the veil that even a dark picture gets, so that letters stand on a calm ground.
_GRAIN = 8
_REACH = 7
_LEAST_VEIL = 0.5


def _needs(image: Image.Image, scrim: Scrim) -> list[float]:
    """For each band of rows the share of the veil that its brightest part asks for."""
    small = image.resize(
        (-(-image.width // _GRAIN), -(-image.height // _GRAIN)), Image.Resampling.BOX
    )
    light = small.convert("RGB").point(_LINEAR * 3).convert("L", _LUMINANCE).tobytes()
    shares = _veil_for_light(scrim.colour, scrim.dense)
    starts = range(0, len(light), small.width)
    bands = [shares[max(light[start : start + small.width])] for start in starts]
    spread = [max(bands[max(0, y - _REACH) : y + _REACH + 1]) for y in range(len(bands))]
    return [_mean(spread[max(0, y - _REACH) : y + _REACH + 1]) for y in range(len(spread))]


def _mean(shares: Sequence[float]) -> float:
    return sum(shares) / len(shares)


#: From sRGB's bytes to linear light, and what each channel gives to luminance.
_LINEAR = [round(255 * luminance(hexadecimal((grey, grey, grey)))) for grey in range(256)]
_LUMINANCE = (0.2126, 0.7152, 0.0722, 0.0)


@lru_cache(maxsize=16)
def _veil_for_light(colour: str, dense: float) -> tuple[float, ...]:
    """For each luminance, of 255, the share of `dense` that makes it as dark as white behind all.

    Counted on greys; colours of the same luminance mix a little brighter, hence the allowance.
    """
    limit = luminance(mixed(colour, "#ffffff", dense)) * 0.9
    return tuple(_share(colour, dense, light / 255, limit) for light in range(256))


def _share(colour: str, dense: float, light: float, limit: float) -> float:
    grey = bisect.bisect_left(_LINEAR, light * 255)
    shown = hexadecimal((grey, grey, grey))
    for step in range(32, 64):
        if luminance(mixed(colour, shown, dense * step / 64)) <= limit:
            return max(_LEAST_VEIL, step / 64)
    return 1.0


def _opacity(y: float, stops: Sequence[tuple[float, float]]) -> float:
    for (above, first), (below, second) in pairwise(stops):
        if above <= y <= below and below > above:
            share = (y - above) / (below - above)
            # Eased at both ends, or the eye sees an edge where the veil begins.
            return first + (second - first) * _smooth(share)
    return stops[-1][1]


def _smooth(share: float) -> float:
    return share * share * (3 - 2 * share)
