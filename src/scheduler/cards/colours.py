"""Colours by role, and the contrast that makes text on them readable.

Contrast is WCAG 2's ratio, from 1 to 21. Lightening keeps hue and chroma in OKLCH, so that a
campaign's orange stays orange on a dark ground instead of turning to salmon.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache

#: WCAG 2.2 AA for text, and for text from 24 px bold upwards as well as for parts of charts.
READABLE = 4.5
READABLE_LARGE = 3.0

Rgb = tuple[int, int, int]

#: Below this chroma a colour has no hue; and what eight bits round away.
_GREY = 0.001
_ROUNDING = 0.0005

_HEX = re.compile(r"#[0-9a-fA-F]{6}")


@lru_cache(maxsize=1024)
def rgb(colour: str) -> Rgb:
    """ "#c2410c" → (194, 65, 12)."""
    if not _HEX.fullmatch(colour):
        raise ValueError(f"{colour!r} is not a colour; write it as #rrggbb")
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def hexadecimal(colour: Rgb) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)


@lru_cache(maxsize=1024)
def luminance(colour: str) -> float:
    red, green, blue = map(_linear, rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@lru_cache(maxsize=1024)
def contrast(one: str, other: str) -> float:
    """The WCAG 2 contrast ratio of two "#rrggbb" colours, 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@lru_cache(maxsize=1024)
def mixed(colour: str, ground: str, strength: float) -> str:
    """`colour` laid over `ground` with `strength` from 0 to 1."""
    pairs = zip(rgb(colour), rgb(ground), strict=True)
    red, green, blue = (round(b + (a - b) * strength) for a, b in pairs)
    return hexadecimal((red, green, blue))


@lru_cache(maxsize=1024)
def legible(colour: str, ground: str, least: float = READABLE) -> str:
    """`colour`, made just as much lighter or darker as it takes to be read on `ground`."""
    if contrast(colour, ground) >= least:
        return colour
    lightness, chroma, hue = _oklch(colour)
    end = 1.0 if contrast("#ffffff", ground) > contrast("#000000", ground) else 0.0
    for step in range(1, 101):
        tried = _from_oklch(lightness + (end - lightness) * step / 100, chroma, hue)
        if contrast(tried, ground) >= least:
            return tried
    return hexadecimal((round(255 * end),) * 3)


# sRGB's curve: IEC 61966-2-1.
def _linear(value: int) -> float:
    share = value / 255
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4  # noqa: PLR2004


def _encoded(share: float) -> float:
    return share * 12.92 if share <= 0.0031308 else 1.055 * share ** (1 / 2.4) - 0.055  # noqa: PLR2004


# The matrices are Björn Ottosson's: https://bottosson.github.io/posts/oklab/
def _oklch(colour: str) -> tuple[float, float, float]:
    r, g, b = map(_linear, rgb(colour))
    l = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3)  # noqa: E741
    m = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3)
    s = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3)
    lightness = 0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s
    a = 1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s
    b = 0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s
    return lightness, math.hypot(a, b), math.atan2(b, a)


def _from_oklch(lightness: float, chroma: float, hue: float) -> str:
    """The nearest colour of that lightness and hue that a screen can show."""
    while True:
        shares = _linear_rgb(lightness, chroma * math.cos(hue), chroma * math.sin(hue))
        if chroma < _GREY or all(-_ROUNDING <= share <= 1 + _ROUNDING for share in shares):
            red, green, blue = (
                round(255 * _encoded(min(1.0, max(0.0, share)))) for share in shares
            )
            return hexadecimal((red, green, blue))
        chroma *= 0.97


def _linear_rgb(lightness: float, a: float, b: float) -> tuple[float, float, float]:
    l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3  # noqa: E741
    m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    s = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
        -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
        -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s,
    )
