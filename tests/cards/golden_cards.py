"""The cards whose pixels somebody has looked at, and how far others may be from them.

`tools/renew_golden.py` draws them anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from PIL import Image, ImageChops
from samples import BRAND, CARDS, PICTURES

from scheduler.cards.composing import composed
from scheduler.cards.painting import picture
from scheduler.cards.sampling import LANGUAGES, SIZES, Subject, sample, subjects
from scheduler.model import Card, ChartKind, Size

GOLDEN = Path(__file__).parent / "golden"
#: Cards are kept a quarter as large, in so many colours, where these change no patch by more.
_REDUCED = 4
_COLOURS = 256
_LOST = 2
#: Small pixels to a patch, each way. One patch is judged as a whole, so that other wheels may round
#: letters' edges differently, while no word may change or move.
_PATCH = 10
#: The distance, of 255, of the worst patch.
TOLERANCE = 6
#: How much a difference is amplified where it is shown.
_AMPLIFIED = 6
_GAP = 8


@cache
def cards() -> Mapping[str, Card]:
    """Every template and kind of chart, every size and every script."""
    found = dict(CARDS)
    picture = PICTURES / "lights-at-dusk.jpg"
    tall = SIZES[0]
    for subject in subjects():
        shown = {(card.template, card.chart and card.chart.kind) for card in found.values()}
        if (subject.template, subject.chart) not in shown:
            name = f"{subject.name}-plain" if subject.name in found else subject.name
            found[name] = sample(subject, LANGUAGES[0], tall, BRAND, picture)
    for size in SIZES[1:]:
        for name in ("graphic", "ring"):
            found[f"{name}-{_measures(size)}"] = replace(CARDS[name], size=size)
    for language in LANGUAGES:
        for subject in (Subject(template="quote"), BARS):
            name = f"{subject.name}-{language}"
            found[name] = sample(subject, language, tall, BRAND, picture)
    return found


BARS = Subject(template="statistic", chart=ChartKind.BARS)


def _measures(size: Size) -> str:
    return f"{size.width}x{size.height}"


def reduced(card: Card) -> Image.Image:
    """The card as it is drawn, a quarter as large. Raises a `CardError`."""
    image = picture(composed(card))
    size = (round(image.width / _REDUCED), round(image.height / _REDUCED))
    return image.resize(size, Image.Resampling.BOX)


def golden(name: str, folder: Path = GOLDEN) -> Path:
    return folder / f"{name}.png"


def kept(name: str, folder: Path = GOLDEN) -> Image.Image:
    with Image.open(golden(name, folder)) as image:
        return image.convert("RGB")


def keep(name: str, image: Image.Image, folder: Path = GOLDEN) -> None:
    few = image.quantize(_COLOURS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    # Of a photograph too much would be lost.
    lossless = distance(few.convert("RGB"), image) > _LOST
    (image if lossless else few).save(golden(name, folder), optimize=True)


def distance(one: Image.Image, other: Image.Image) -> int:
    """Of the worst patch; 255 where not even the sizes are the same."""
    if one.size != other.size:
        return 255
    difference = ImageChops.difference(one, other)
    patches = difference.resize(
        (-(-one.width // _PATCH), -(-one.height // _PATCH)), Image.Resampling.BOX
    )
    return max(high for _, high in patches.getextrema())


def shown(before: Image.Image, got: Image.Image) -> Image.Image:
    """Golden, got, and their amplified difference, side by side."""
    difference = ImageChops.difference(before, got.resize(before.size))
    loud = difference.point([min(255, level * _AMPLIFIED) for level in range(256)] * 3)
    width, height = before.width + _GAP, max(before.height, got.height)
    sheet = Image.new("RGB", (width * 2 + max(before.width, got.width), height), "#808080")
    for number, each in enumerate((before, got, loud)):
        sheet.paste(each, (width * number, 0))
    return sheet


def complaint(name: str, got: Image.Image, folder: Path = GOLDEN) -> str:
    """What is wrong with it, with pictures beside the golden one; "" where nothing is."""
    file = golden(name, folder)
    beside = file.with_suffix(".got.png")
    if not file.exists():
        got.save(beside)
        return f"no golden card yet: look at {beside.name}, then run tools/renew_golden.py"
    worst = distance(got, kept(name, folder))
    if worst <= TOLERANCE:
        return ""
    got.save(beside)
    difference = file.with_suffix(".difference.png")
    shown(kept(name, folder), got).save(difference)
    return (
        f"differs from {file.name} by {worst}, and {TOLERANCE} is allowed: look at "
        f"{difference.name} (golden, got, difference) and at {beside.name}; if it is meant, run "
        "tools/renew_golden.py"
    )
