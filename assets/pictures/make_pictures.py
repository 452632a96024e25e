"""Paints the campaign's two pictures: `lights-at-dusk.jpg` and `open-door.jpg`.

    python assets/pictures/make_pictures.py

Pillow and the standard library only, and no dice but a seeded one: the same pixels every time.
Light is added in linear floating point and only then turned into 8 bits, with grain as dither, so
that the long gradients show no bands.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter, ImageMath

FOLDER = Path(__file__).parent
WIDTH, HEIGHT = 1600, 2000

Light = tuple[Image.Image, Image.Image, Image.Image]
Colour = tuple[float, float, float]


def main() -> None:
    lights_at_dusk().save(FOLDER / "lights-at-dusk.jpg", quality=84, subsampling=0)
    open_door().save(FOLDER / "open-door.jpg", quality=84, subsampling=0)


def lights_at_dusk() -> Image.Image:
    """Sixteen warm lights along a dark shore, and what the water makes of them."""
    horizon = 0.40
    light = gradient(
        [
            (0.00, (0.014, 0.008, 0.048)),
            (0.12, (0.032, 0.013, 0.090)),
            (0.24, (0.100, 0.027, 0.155)),
            (0.325, (0.330, 0.085, 0.160)),
            (0.385, (0.780, 0.260, 0.130)),
            (0.40, (0.900, 0.360, 0.160)),
            (0.401, (0.110, 0.032, 0.085)),
            (0.52, (0.036, 0.013, 0.062)),
            (1.00, (0.008, 0.004, 0.026)),
        ]
    )
    light = multiplied(light, shore(horizon))
    dice = random.Random(16)  # noqa: S311 a picture, not a password
    for number in range(16):
        x = WIDTH * (0.055 + 0.89 * (number + 0.5) / 16) + dice.uniform(-9, 9)
        y = HEIGHT * (horizon - 0.004) - 26 - 10 * math.sin(number * 0.9) + dice.uniform(-5, 5)
        strength = dice.uniform(0.85, 1.15)
        light = lit(light, glow(x, y, 6.5, 1.0), (16.0 * strength, 9.5 * strength, 3.6 * strength))
        light = lit(light, glow(x, y, 34, 1.0), (1.1 * strength, 0.40 * strength, 0.08 * strength))
        light = lit(
            light, glow(x, y, 100, 1.0), (0.10 * strength, 0.028 * strength, 0.01 * strength)
        )
        light = lit(light, reflection(x, HEIGHT * (horizon + 0.010), dice), (2.0, 0.80, 0.20))
    return developed(light, exposure=0.5, seed=3)


def open_door() -> Image.Image:
    """A door that stands open: light falls through it over the floor of a dark room."""
    light = gradient(
        [
            (0.0, (0.020, 0.010, 0.050)),
            (0.40, (0.034, 0.015, 0.078)),
            (0.5815, (0.026, 0.011, 0.060)),
            (0.583, (0.014, 0.006, 0.034)),
            (1.0, (0.008, 0.004, 0.022)),
        ]
    )
    left, right, top, floor = 735, 1075, 350, 1162
    opening = shape(
        lambda draw, k: draw.rectangle((left * k, top * k, right * k, floor * k), fill=255), 1.2
    )
    beam = shape(
        lambda draw, k: draw.polygon(
            [
                (left * k, floor * k),
                (right * k, floor * k),
                (1400 * k, HEIGHT * k),
                (60 * k, HEIGHT * k),
            ],
            fill=255,
        ),
        9,
    )
    haze = shape(
        lambda draw, k: draw.polygon(
            [
                (left * k, floor * k),
                (right * k, floor * k),
                (1400 * k, HEIGHT * k),
                (60 * k, HEIGHT * k),
            ],
            fill=255,
        ),
        46,
    )
    leaf = shape(
        lambda draw, k: draw.polygon(
            [
                (right * k, top * k),
                (1262 * k, 290 * k),
                (1262 * k, 1248 * k),
                (right * k, floor * k),
            ],
            fill=255,
        ),
        1.2,
    )
    edge = shape(
        lambda draw, k: draw.polygon(
            [(1262 * k, 290 * k), (1276 * k, 292 * k), (1276 * k, 1245 * k), (1262 * k, 1248 * k)],
            fill=255,
        ),
        1.0,
    )
    outdoors = gradient(
        [
            (0.0, (2.6, 1.10, 0.30)),
            (0.22, (3.2, 1.50, 0.44)),
            (0.44, (6.0, 3.40, 1.20)),
            (0.55, (8.5, 5.60, 2.40)),
            (0.583, (6.0, 3.20, 1.00)),
            (1.0, (1.6, 0.80, 0.30)),
        ]
    )
    fade = faded(floor, HEIGHT + 240)
    light = lit(light, glow(905, 760, 420, 1.4), (0.26, 0.060, 0.028))
    light = lit(light, glow(905, 940, 900, 1.0), (0.050, 0.012, 0.022))
    light = lit(light, product(beam, fade), (2.3, 0.84, 0.20))
    light = lit(light, product(haze, fade), (0.45, 0.13, 0.035))
    light = replaced(
        light,
        gradient(
            [(0.25, (0.34, 0.085, 0.045)), (0.6, (0.62, 0.175, 0.06)), (0.8, (0.40, 0.10, 0.05))]
        ),
        leaf,
    )
    light = replaced(
        light, gradient([(0.0, (0.030, 0.012, 0.05)), (1.0, (0.05, 0.018, 0.06))]), edge
    )
    for box in ((1108, 1232, 380, 690), (1108, 1232, 765, 1125)):
        light = lit(light, panel(*box), (-0.20, -0.058, -0.020))
    light = replaced(light, outdoors, opening)
    light = lit(light, glow(905, 770, 300, 1.25), (0.22, 0.10, 0.03))
    return developed(light, exposure=0.42, seed=10)


# Light: three planes of linear floating point numbers.


def gradient(stops: list[tuple[float, Colour]]) -> Light:
    """From top to bottom through `stops` of height (0 to 1) and linear colour."""
    planes = []
    for channel in range(3):
        column = Image.new("F", (1, HEIGHT))
        column.putdata([between(stops, y / (HEIGHT - 1), channel) for y in range(HEIGHT)])
        planes.append(column.resize((WIDTH, HEIGHT), Image.Resampling.NEAREST))
    return planes[0], planes[1], planes[2]


def between(stops: list[tuple[float, Colour]], share: float, channel: int) -> float:
    for (above, first), (below, second) in pairwise(stops):
        if above <= share <= below:
            part = (share - above) / (below - above)
            part = part * part * (3 - 2 * part)
            return first[channel] + (second[channel] - first[channel]) * part
    return stops[-1][1][channel]


def glow(x: float, y: float, radius: float, tall: float) -> Image.Image:
    """A soft light around a point, 1 at its heart; `tall` stretches it upwards."""
    reach = 3.2
    small = 160
    spot = Image.new("F", (small, small))
    half = (small - 1) / 2
    spot.putdata(
        [
            math.exp(-0.5 * reach**2 * (((i - half) / half) ** 2 + ((j - half) / half) ** 2))
            * window(math.hypot((i - half) / half, (j - half) / half))
            for j in range(small)
            for i in range(small)
        ]
    )
    wide, high = max(2, round(radius * reach * 2)), max(2, round(radius * reach * 2 * tall))
    spot = spot.resize((wide, high), Image.Resampling.BICUBIC)
    plane = Image.new("F", (WIDTH, HEIGHT))
    plane.paste(spot, (round(x - wide / 2), round(y - high / 2)))
    return plane


def window(distance: float) -> float:
    """Brings a glow to nothing at the edge of its square."""
    return max(0.0, 1 - distance**4)


def reflection(x: float, top: float, dice: random.Random) -> Image.Image:
    """Short level strokes below a light, wider and fainter towards the viewer."""
    mask = Image.new("L", (WIDTH, HEIGHT))
    draw = ImageDraw.Draw(mask)
    y = top
    while y < top + 560:
        depth = (y - top) / 560
        half = dice.uniform(3, 10) + 15 * depth * dice.uniform(0.5, 1.5)
        shift = dice.gauss(0, 2 + 16 * depth)
        strength = round(190 * (1 - depth) ** 2.1 * dice.uniform(0.35, 1.0))
        thick = 1.6 + 3.2 * depth
        draw.ellipse((x + shift - half, y - thick, x + shift + half, y + thick), fill=strength)
        y += dice.uniform(5, 10) + 7 * depth
    return plane_of(mask.filter(ImageFilter.GaussianBlur(1.8)))


def shore(horizon: float) -> Image.Image:
    """1 everywhere but on the far shore, where hills and roofs stand almost black."""
    mask = Image.new("L", (WIDTH * 2, HEIGHT * 2), 255)
    draw = ImageDraw.Draw(mask)
    base = HEIGHT * 2 * (horizon + 0.0045)
    points = [
        (
            x,
            base
            - 44
            - 22 * math.sin(x / 410 + 0.6)
            - 13 * math.sin(x / 163)
            - 5 * math.sin(x / 61),
        )
        for x in range(0, WIDTH * 2 + 8, 8)
    ]
    draw.polygon([(0, base), *points, (WIDTH * 2, base)], fill=16)
    return plane_of(mask.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS))


def shape(drawing: Callable[[ImageDraw.ImageDraw, int], None], blur: float) -> Image.Image:
    """A mask drawn twice as large and softened."""
    mask = Image.new("L", (WIDTH * 2, HEIGHT * 2))
    drawing(ImageDraw.Draw(mask), 2)
    small = mask.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    return plane_of(small.filter(ImageFilter.GaussianBlur(blur)))


def panel(left: int, right: int, top: int, bottom: int) -> Image.Image:
    """A sunk panel of the door's leaf, in its perspective."""
    slope = -0.33

    def draw_panel(draw: ImageDraw.ImageDraw, k: int) -> None:
        up = lambda x: slope * (x - left) * (1 - (top - 290) / 470)  # noqa: E731
        low = lambda x: slope * (x - left) * (1 - (bottom - 290) / 470)  # noqa: E731
        draw.polygon(
            [
                (left * k, (top + up(left)) * k),
                (right * k, (top + up(right)) * k),
                (right * k, (bottom + low(right)) * k),
                (left * k, (bottom + low(left)) * k),
            ],
            fill=255,
        )

    return shape(draw_panel, 2.2)


def faded(start: int, end: int) -> Image.Image:
    """1 above `start`, down to 0 at `end`."""
    column = Image.new("F", (1, HEIGHT))
    column.putdata([min(1.0, max(0.0, (end - y) / (end - start))) ** 1.7 for y in range(HEIGHT)])
    return column.resize((WIDTH, HEIGHT), Image.Resampling.NEAREST)


def plane_of(mask: Image.Image) -> Image.Image:
    return mask.convert("F").point(lambda value: value * (1 / 255) + 0)


def product(one: Image.Image, other: Image.Image) -> Image.Image:
    return ImageMath.lambda_eval(lambda args: args["a"] * args["b"], a=one, b=other)


def lit(light: Light, mask: Image.Image, colour: Colour) -> Light:
    """The light with more of `colour` where the mask is."""
    red, green, blue = (
        ImageMath.lambda_eval(lambda args, c=c: args["a"] + args["m"] * c, a=plane, m=mask)
        for plane, c in zip(light, colour, strict=True)
    )
    return red, green, blue


def multiplied(light: Light, mask: Image.Image) -> Light:
    red, green, blue = (product(plane, mask) for plane in light)
    return red, green, blue


def replaced(light: Light, other: Light, mask: Image.Image) -> Light:
    red, green, blue = (
        ImageMath.lambda_eval(
            lambda args: args["a"] + (args["b"] - args["a"]) * args["m"], a=below, b=above, m=mask
        )
        for below, above in zip(light, other, strict=True)
    )
    return red, green, blue


def developed(light: Light, exposure: float, seed: int) -> Image.Image:
    """Linear light → sRGB, highlights rolled off as film does, with fine grain."""
    dice = random.Random(seed)  # noqa: S311
    grain = Image.frombytes("L", (WIDTH, HEIGHT), dice.randbytes(WIDTH * HEIGHT))
    soft = grain.filter(ImageFilter.GaussianBlur(0.7)).convert("F")
    planes = [
        ImageMath.lambda_eval(
            lambda args: args["convert"](
                args["min"](
                    args["max"](_film(args["p"] * exposure) * 255 + (args["g"] - 127.5) * 0.055, 0),
                    255,
                ),
                "L",
            ),
            p=plane,
            g=soft,
        )
        for plane in light
    ]
    return Image.merge("RGB", planes)


def _film(plane: object) -> object:
    """1 − 1/(1+x)² keeps darks nearly linear and never clips; its root is close to sRGB's curve."""
    bright = plane * (plane + 2.0) / ((plane + 1.0) * (plane + 1.0))  # type: ignore[operator]
    return bright ** (1 / 2.2)


if __name__ == "__main__":
    main()
