"""Templates as data: which layers a card has, in which colours and sizes.

A designer changes a look in TOML and never here: in `templates/*.toml`, or, for one campaign, in
the campaign's own `assets/templates/*.toml`, which lies over the shipped one. Lengths are pixels of
a card that is 1080 wide, whatever its shape: a wider card has all of them larger. So the same
number is the same size on a phone, which shows every card as wide as itself.
"""

from __future__ import annotations

from dataclasses import MISSING, dataclass, field, fields
from enum import StrEnum
from typing import Any

from scheduler.cards.typefaces import families
from scheduler.model import Colours, Size

#: Of 1080 pixels of width that a phone shows as 360: the least size of letters, 8.7 of the 360.
SMALLEST = 26
#: A phone's width, and the least size of letters on it, both in its own pixels.
PHONE = 360
LEAST_ON_A_PHONE = 8.5

ROLES = tuple(role.name for role in fields(Colours))


class Shape(StrEnum):
    """What a card's shape asks for; a template may say for each what it does differently."""

    #: Upright, such as 1080 × 1350.
    TALL = "tall"
    #: As high as wide, or nearly.
    SQUARE = "square"
    #: Lying, such as 1600 × 900 or 1200 × 627.
    WIDE = "wide"
    #: As tall as a phone, 1080 × 1920: apps lay their own controls over its head and its foot.
    STORY = "story"


#: Width over height, up to which a card is a story, upright, or square.
_SHAPES = ((0.65, Shape.STORY), (0.92, Shape.TALL), (1.25, Shape.SQUARE))


def shape_of(size: Size) -> Shape:
    ratio = size.width / size.height
    for most, shape in _SHAPES:
        if ratio < most:
            return shape
    return Shape.WIDE


def key(
    says: str,
    default: Any = MISSING,
    *,
    low: float | None = None,
    high: float | None = None,
    words: tuple[object, ...] = (),
) -> Any:
    """A key of a template: what it means, from what to what it goes, or the words it may say."""
    meaning = {"says": says, "low": low, "high": high, "words": words}
    return field(default=default, metadata=meaning)


def _colour(says: str, default: Any = MISSING) -> Any:
    return key(says, default, words=ROLES)


def _share(says: str, default: Any = MISSING) -> Any:
    return key(says, default, low=0.0, high=1.0)


def _length(says: str, default: Any = MISSING) -> Any:
    return key(says, default, low=0)


def _letters(says: str, default: Any = MISSING) -> Any:
    return key(says, default, low=SMALLEST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text: as large as fits between `least` and `most`, in at most `lines` lines.

    A card with a usual amount of text is set around `usual`. What does not fit at `least` is
    refused with the excess; nothing is ever cut.
    """

    slot: str = key("Which of the card's texts it is: headline, words, figure …")
    also: str = key("Another text that goes on in the same paragraph.", "")
    face: str = key("The family of letters.", words=tuple(families()))
    weight: int = key("From 100, thin, to 900, black.", low=100, high=900)
    least: int = _letters("The smallest size of its letters.")
    most: int = _letters("The largest size of its letters.")
    lines: int = key("The most lines it may have.", low=1)
    usual: int = key("The size on a card that is well filled; 0 for the middle.", 0, low=0)
    overflow: str = key(
        "What a long text does: shrink, down to least, or refuse, and keep its usual size.",
        "shrink",
        words=("shrink", "refuse"),
    )
    leading: float = key("From one baseline to the next, in sizes.", 1.3, low=0.8, high=3.0)
    colour: str = _colour("The role of its colour; made readable on its ground.", "ink")
    strength: float = _share("How much of the colour is laid over its ground.", 1.0)
    tracking: float = key("White between letters, in sizes.", 0.0, low=-0.1, high=0.5)
    align: str = key("Where its lines begin.", "start", words=("start", "centre", "end"))
    before: int = _length("White above it.", 0)
    keep: int = key("A text of up to so many characters stays on one line.", 0, low=0)
    keep_charted: int = key("The same on a card with a chart.", 0, low=0)
    quoted: bool = key("Between the language's quotation marks, the first in the margin.", False)
    required: bool = key("A card without it is refused.", False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """The points of a graphic, each behind a small bar."""

    face: str = key("The family of letters.", words=tuple(families()))
    weight: int = key("From 100, thin, to 900, black.", low=100, high=900)
    least: int = _letters("The smallest size of their letters.")
    most: int = _letters("The largest size of their letters.")
    lines: int = key("The most lines that one may have.", low=1)
    usual: int = key("The size on a card that is well filled; 0 for the middle.", 0, low=0)
    leading: float = key("From one baseline to the next, in sizes.", 1.25, low=0.8, high=3.0)
    colour: str = _colour("The role of their colour.", "ink")
    bar: str = _colour("The role of the bars' colour.", "accent")
    gap: int = _length("White between two points.", 44)
    before: int = _length("White above them.", 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartArea:
    """The chart of a figure."""

    least: int = _length("The least height.")
    most: int = _length("The greatest height.")
    usual: int = key("The height on a card that is well filled; 0 for the middle.", 0, low=0)
    labels: int = key("The size of its letters.", 30, low=SMALLEST)
    before: int = _length("White above it.", 0)
    colour: str = _colour("The role of what is lit.", "accent")
    rest: str = _colour("The role of everything else.", "ground")
    strength: float = _share("How much of that role is laid over the ground.", 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lights:
    """The sixteen marks as lights across the column: days gone by, today, days to come."""

    colour: str = _colour("The role of days gone by.", "on_dark")
    lit: str = _colour("The role of today.", "accent")
    strength: float = _share("How much of `colour` days to come have.", 0.24)
    rows: int = key("In how many rows they stand.", 1, words=(1, 2, 4))
    before: int = _length("White above them.", 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A short line between things; drawn only where something follows it."""

    colour: str = _colour("The role of its colour.")
    width: int = _length("How long it is.")
    thickness: int = key("How thick it is.", 4, low=1)
    before: int = _length("White above it.", 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spring:
    """White that takes what is left over, in proportion to `weight`.

    On a carousel's slides there is none above the first text, so that all begin at one height.
    """

    weight: float = key("Its part of what is left over.", 1.0, low=0)
    least: int = _length("The least white.", 0)


Block = Text | Points | ChartArea | Lights | Rule | Spring
#: By what `kind` says; a block without a kind is a text.
BLOCKS: dict[str, type[Block]] = {
    "text": Text,
    "points": Points,
    "chart": ChartArea,
    "lights": Lights,
    "rule": Rule,
    "spring": Spring,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A column of blocks. Areas of the same row stand side by side, rows below one another."""

    blocks: tuple[Block, ...]
    row: int = key("Side by side with the areas before it of the same number; 0: alone.", 0, low=0)
    share: float = key("Its part of a row's width.", 1.0, low=0.1)
    when: str = key(
        "On which cards it stands: always; never; labelled, where a chart has words in it; "
        "unlabelled, where it has none, or there is no chart.",
        "always",
        words=("always", "never", "labelled", "unlabelled"),
    )
    before: int = _length("White between its row and the one above.", 0)
    fill: str = key("The role of its own ground, to the card's edges.", "", words=("", *ROLES))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fill:
    """The card's ground: one colour, or two mixed from top to bottom."""

    colour: str = _colour("The role of the ground.")
    towards: str = key("The role that is mixed into it.", "", words=("", *ROLES))
    top: float = _share("How much of that at the top.", 0.0)
    bottom: float = _share("How much of that at the foot.", 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sixteen:
    """The sixteen marks of the campaign's days.

    In a row or beside the kicker they are not drawn on a carousel's slides, which have their number
    there instead.
    """

    shape: str = key(
        "row: above the kicker; beside: small, at the right end of its line; steps: climbing from "
        "the foot of the card; none.",
        words=("row", "beside", "steps", "none"),
    )
    colour: str = _colour("The role of days gone by.")
    lit: str = _colour("The role of today.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """A picture that fills the card, veiled with the ground's colour where words stand.

    Behind words the veil is `dense`, which keeps even a white picture legible; a picture that is
    dark there anyway is veiled less.
    """

    dense: float = _share("How dense the veil is behind words.", 0.74)
    focus_x: float = _share("What of the picture stays in view, from its left.", 0.5)
    focus_y: float = _share("The same from its top.", 0.45)


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A card's look in one shape."""

    fill: Fill
    areas: tuple[Area, ...]
    kicker: Text | None = None
    sixteen: Sixteen | None = None
    photo: Photo | None = None
    margin: int = key("White on all sides; a little less above and below.", 84, low=0, high=240)
    head: int = key("White between the kicker and what follows, at least.", 60, low=0, high=400)
    gutter: int = key("White between two areas side by side.", 72, low=0, high=240)
    footer: str = _colour("The role of the line above the foot.", "ink")

    @property
    def slots(self) -> frozenset[str]:
        """The names that the card's texts may have on this template."""
        blocks = [block for area in self.areas for block in area.blocks]
        texts = {block.slot for block in blocks if isinstance(block, Text)}
        texts |= {block.also for block in blocks if isinstance(block, Text) and block.also}
        if self.kicker is not None:
            texts.add(self.kicker.slot)
        if self.sixteen or any(isinstance(block, Lights) for block in blocks):
            texts.add("day")
        return frozenset(texts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Footer:
    """The foot of every card: the brand's texts, and its logos at their right.

    Texts stand side by side as long as each has room in one line, then a new row begins.
    """

    blocks: tuple[Text, ...]
    gap: int = _length("White between two rows.", 24)
    beside: int = _length("White between two texts side by side, at least.", 44)
    above: int = _length("White between the line and the words.", 36)
    clear: int = _length("White between the line and what the card says.", 46)
    line: float = _share("How strong the line is.", 0.28)
    logo: int = key("The height of a square logo; a wide one has the same area.", 92, low=40)
