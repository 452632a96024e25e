"""Paints the marks of the sample members: plain shapes that stand for nobody.

.venv/bin/python assets/logos/make_logos.py
"""

from __future__ import annotations

from collections.abc import Callable
from math import cos, pi, sin
from pathlib import Path

from PIL import Image, ImageDraw

SIDE = 480
#: Painted so much larger, and made smaller, for smooth edges.
FINE = 4
INK = "#3B1A5A"
WARM = "#C2410C"

Pen = ImageDraw.ImageDraw


def rings(pen: Pen, full: int) -> None:
    third = full * 0.62
    for left, colour in ((0.0, INK), (full - third, WARM)):
        box = (left, (full - third) / 2, left + third, (full + third) / 2)
        pen.ellipse(box, outline=colour, width=full // 11)


def arches(pen: Pen, full: int) -> None:
    for step, colour in enumerate((INK, WARM, INK)):
        inset = full * 0.16 * step
        box = (inset, full * 0.15 + inset, full - inset, full * 1.65 - inset)
        pen.arc(box, 180, 360, fill=colour, width=full // 10)


def petals(pen: Pen, full: int) -> None:
    middle, reach, size = full / 2, full * 0.31, full * 0.19
    for number in range(6):
        x = middle + reach * cos(number * pi / 3)
        y = middle + reach * sin(number * pi / 3)
        colour = WARM if number % 2 else INK
        pen.ellipse((x - size, y - size, x + size, y + size), fill=colour)


def steps(pen: Pen, full: int) -> None:
    for number, colour in enumerate((INK, INK, INK, WARM)):
        height = full * (number + 1) / 4
        left = full * number / 4
        pen.rectangle((left + full * 0.02, full - height, left + full * 0.22, full), fill=colour)


def roof(pen: Pen, full: int) -> None:
    pen.polygon([(full / 2, full * 0.06), (full, full * 0.5), (0, full * 0.5)], fill=INK)
    pen.rectangle((full * 0.14, full * 0.56, full * 0.86, full * 0.94), fill=WARM)


def sun(pen: Pen, full: int) -> None:
    middle = full / 2
    for number in range(12):
        angle = number * pi / 6
        near, far = full * 0.33, full * 0.49
        pen.line(
            (
                middle + near * cos(angle),
                middle + near * sin(angle),
                middle + far * cos(angle),
                middle + far * sin(angle),
            ),
            fill=INK,
            width=full // 14,
        )
    pen.ellipse((full * 0.26, full * 0.26, full * 0.74, full * 0.74), fill=WARM)


def bridge(pen: Pen, full: int) -> None:
    pen.rectangle((0, full * 0.34, full, full * 0.48), fill=INK)
    pen.pieslice((full * 0.08, full * 0.4, full * 0.92, full * 1.24), 180, 360, fill=WARM)
    pen.pieslice((full * 0.26, full * 0.58, full * 0.74, full * 1.06), 180, 360, fill=(0, 0, 0, 0))


def leaf(pen: Pen, full: int) -> None:
    pen.pieslice((-full * 0.5, 0, full * 0.5, full), 270, 90, fill=INK)
    pen.pieslice((full * 0.5, 0, full * 1.5, full), 90, 270, fill=WARM)


def waves(pen: Pen, full: int) -> None:
    for row, colour in enumerate((INK, WARM, INK)):
        for column in range(3):
            left, top = full * column / 3, full * (0.1 + row * 0.28)
            box = (left, top, left + full / 3, top + full / 3)
            pen.arc(box, 0 if column % 2 else 180, 180 if column % 2 else 360, colour, full // 13)


def squares(pen: Pen, full: int) -> None:
    half = full * 0.46
    for number, colour in enumerate((INK, WARM, WARM, INK)):
        left = (number % 2) * (full - half)
        top = (number // 2) * (full - half)
        pen.rounded_rectangle((left, top, left + half, top + half), full * 0.1, fill=colour)


def compass(pen: Pen, full: int) -> None:
    middle = full / 2
    pen.polygon([(middle, 0), (full * 0.66, middle), (full * 0.34, middle)], fill=WARM)
    pen.polygon([(middle, full), (full * 0.66, middle), (full * 0.34, middle)], fill=INK)
    pen.ellipse((0, 0, full, full), outline=INK, width=full // 16)


MARKS: dict[str, Callable[[Pen, int], None]] = {
    "albania": compass,
    "bosnia-and-herzegovina": bridge,
    "croatia": squares,
    "cyprus": sun,
    "czechia": steps,
    "estonia": roof,
    "france": arches,
    "germany": rings,
    "italy": petals,
    "poland": leaf,
    "serbia": waves,
}


def main() -> None:
    for name, paint in MARKS.items():
        full = SIDE * FINE
        mark = Image.new("RGBA", (full, full), (0, 0, 0, 0))
        paint(ImageDraw.Draw(mark), full)
        small = mark.resize((SIDE, SIDE), Image.Resampling.LANCZOS)
        small.save(Path(__file__).parent / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
