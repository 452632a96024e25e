"""Draws the pictures of docs/design-a-card.md: each rule broken and kept, side by side.

.venv/bin/python tools/draw_design_pictures.py           all of them
.venv/bin/python tools/draw_design_pictures.py white     those whose names begin so

Both cards of a picture are the sample campaign's, drawn as for a platform. The bad one has a
template of `tools/bad_templates/` over the shipped one, or bad colours, or lacks texts.
"""

from __future__ import annotations

import io
import sys
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from PIL import Image, ImageDraw, ImageFont

from scheduler.calendar import read_calendar
from scheduler.cards import draw
from scheduler.cards.design_rules import RULES, Rule
from scheduler.drafting import cards_for
from scheduler.model import Campaign, Card, Colours, TemplateFile

ROOT = Path(__file__).parents[1]
BAD = ROOT / "tools/bad_templates"
FONT = ROOT / "src/scheduler/cards/fonts/Inter-roman.var.ttf"

#: The post of the sample campaign whose card is drawn.
POSTS = {
    "one-thing-is-large": "far-too-slow",
    "one-edge-for-everything": "listen-to-survivors",
    "white-belongs-to-the-card": "no-excuse",
    "two-colours-and-one-accent": "what-violence-costs",
    "a-low-card-is-composed-anew": "what-a-programme-does",
    "a-picture-is-calm-behind-words": "why-we-speak",
    "source-and-caveat-stand-with-the-figure": "one-in-three-worldwide",
}
#: Each of them readable, and none of them more important than another.
LOUD = Colours(
    paper="#FFE27A", ink="#0047BB", accent="#C4006A", ground="#00703C", on_dark="#FFFFFF"
)
#: Without these a figure cannot be checked, and says more than was counted.
HONEST = frozenset({"population", "source", "caveat"})

#: Pixels of the picture.
CARD = 360
EDGE = 20
GAP = 20
HEAD = 44
LETTERS = 17
#: Darker than any paper and lighter than any ink, so that both kinds of card end where they end.
GROUND = "#D9D7D3"
INK = "#1D1D1F"
COLOURS = 256


def good(rule: Rule, campaign: Campaign) -> Card:
    (card,) = cards_for(campaign, campaign.posts[POSTS[rule.name]], rule.size)
    return card


def bad(rule: Rule, card: Card) -> Card:
    """The same card with this one rule broken."""
    colours = LOUD if rule.name == "two-colours-and-one-accent" else card.brand.colours
    brand = replace(card.brand, colours=colours, templates=templates(rule, card))
    lost = HONEST if rule.name == "source-and-caveat-stand-with-the-figure" else frozenset()
    texts = {slot: text for slot, text in card.texts.items() if slot not in lost}
    return replace(card, brand=brand, texts=MappingProxyType(texts))


def templates(rule: Rule, card: Card) -> tuple[TemplateFile, ...]:
    file = BAD / f"{rule.name}.toml"
    if not file.exists():
        return ()
    text = file.read_text("utf-8")
    return (TemplateFile(name=card.template, file=str(file.relative_to(ROOT)), text=text),)


def side_by_side(before: Card, after: Card) -> Image.Image:
    height = round(CARD * after.size.height / after.size.width)
    page = Image.new("RGB", (2 * CARD + GAP + 2 * EDGE, HEAD + height + EDGE), GROUND)
    for number, (word, card) in enumerate((("Before", before), ("After", after))):
        left = EDGE + number * (CARD + GAP)
        ImageDraw.Draw(page).text((left, HEAD / 2), word, INK, font(), anchor="lm")
        drawn = Image.open(io.BytesIO(draw(card))).convert("RGB")
        page.paste(drawn.resize((CARD, height), Image.Resampling.LANCZOS), (left, HEAD))
    return page


def reduced(page: Image.Image, *, pictured: bool) -> Image.Image:
    """In so few colours that it is less than half as large.

    Flat grounds keep exactly theirs. A picture's soft light is mixed from dots, or it had steps.
    """
    if not pictured:
        return page.quantize(COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    rare = page.quantize(COLOURS, Image.Quantize.MAXCOVERAGE)
    return page.quantize(palette=rare, dither=Image.Dither.FLOYDSTEINBERG)


def font() -> ImageFont.FreeTypeFont:
    letters = ImageFont.truetype(FONT, LETTERS)
    letters.set_variation_by_axes([650])
    return letters


def main(beginnings: list[str]) -> int:
    campaign = read_calendar(ROOT / "campaign.yaml").unwrap().own
    for rule in RULES:
        if beginnings and not rule.name.startswith(tuple(beginnings)):
            continue
        card = good(rule, campaign)
        file = ROOT / "docs" / rule.picture
        file.parent.mkdir(parents=True, exist_ok=True)
        page = side_by_side(bad(rule, card), card)
        reduced(page, pictured=card.picture is not None).save(file, "PNG", optimize=True)
        sys.stdout.write(f"{file.relative_to(ROOT)}: {file.stat().st_size / 1000:.0f} kB\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
