"""Gradients, dithered so that they show no bands; and the veil that words on a picture stand on."""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from functools import lru_cache
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


_DITHER = [[(value + 0.5) / 64 for value in row] for row in _bayer(3)]


def wash(image: Image.Image, mark: Wash) -> None:
    if mark.top == mark.bottom:
        image.paste(rgb(mark.top), (0, 0, *image.size))
        return
    width, height = image.size
    top, bottom = rgb(mark.top), rgb(mark.bottom)
    rows = bytearray()
    for y in range(height):
        share = y / (height - 1)
        shade = [a + (b - a) * share for a, b in zip(top, bottom, strict=True)]
        tile = bytes(int(value + add) for add in _DITHER[y % 8] for value in shade)
        rows += (tile * (width // 8 + 1))[: width * 3]
    image.paste(Image.frombytes("RGB", image.size, bytes(rows)))


def veil(image: Image.Image, scrim: Scrim) -> Image.Image:
    """The scrim's opacity in each row: no denser than the picture behind it makes necessary."""
    width, height = image.size
    needs = _needs(image, scrim)
    rows = bytearray()
    for y in range(height):
        part = 1.0
        if y < scrim.full:
            eased = _smooth(max(0.0, 1 - (scrim.full - y) / (height * 0.1)))
            part = needs[y // _GRAIN] + (1 - needs[y // _GRAIN]) * eased
        opacity = 255 * part * _opacity(y, scrim.stops)
        tile = bytes(min(255, int(opacity + add)) for add in _DITHER[y % 8])
        rows += (tile * (width // 8 + 1))[:width]
    return Image.frombytes("L", image.size, bytes(rows))


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
