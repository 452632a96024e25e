"""What a card shows, and how it looks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

#: 25 November to 10 December.
DAYS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Colours:
    """Colours by role, each "#rrggbb"."""

    #: Behind everything.
    paper: str
    #: Text on paper.
    ink: str
    #: The one colour that is looked at first: figures, marks, the ground of calls to action.
    accent: str
    #: A darker or lighter ground for day openers and quotations.
    ground: str
    #: Text on `accent` and `ground`.
    on_dark: str


class Typeface(StrEnum):
    """What is shipped, for who wants another one of these than the templates do."""

    #: Plain, for small text.
    INTER = "Inter"
    #: The same for large text: closer, with finer details.
    INTER_DISPLAY = "Inter Display"
    #: With serifs, in one weight, for what people say.
    SOURCE_SERIF = "Source Serif"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fonts:
    """What writes the templates' three families: the files of one typeface, or a shipped one.

    None where the template decides. Of several files the one with the nearest weight writes.
    """

    text: tuple[Path, ...] | Typeface | None = None
    display: tuple[Path, ...] | Typeface | None = None
    serif: tuple[Path, ...] | Typeface | None = None
    #: Asked, in this order, for the words that a family cannot write.
    others: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateFile:
    """A template that a campaign brings along: which it lies over, and what its file says."""

    name: str
    #: As problems name it: assets/templates/quote.toml.
    file: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Brand:
    """How the campaign looks."""

    #: Stands at the foot of every card.
    name: str
    hashtag: str
    colours: Colours
    #: One short line at the foot of every card: "Find help in your country".
    help: str = ""
    #: "Funded by …", where a funder asks for it.
    funder: str = ""
    logo: Path | None = None
    fonts: Fonts = Fonts()
    #: Beside the first one: a member's has the network's at its side.
    second_logo: Path | None = None
    #: The white that each logo keeps around itself, in parts of its height.
    logo_clear: float = 0.25
    #: The campaign's own templates, over those that are shipped.
    templates: tuple[TemplateFile, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One bar, slice or row of a chart: `amount` draws it, `shown` is written beside it."""

    label: str
    amount: float
    shown: str


class ChartKind(StrEnum):
    #: A row of figures of which some are marked: "1 in 3".
    PICTOGRAM = "pictogram"
    #: Horizontal bars from zero, one for each value.
    BARS = "bars"
    #: A share of a whole: the first value's amount, in per cent.
    RING = "ring"
    #: Two amounts of the same thing: the first value is before, the second after.
    BEFORE_AFTER = "before-after"
    #: Two or three populations side by side, to one scale.
    COMPARISON = "comparison"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """The picture of a figure. `of` is the number of signs in a pictogram, otherwise 0."""

    kind: ChartKind
    values: tuple[Value, ...]
    of: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """Everything that decides the pixels of one card, and nothing else.

    `texts` fills the template's named slots. Equal cards give equal pixels, so a card's digest may
    name its file.
    """

    template: str
    texts: Mapping[str, str]
    brand: Brand
    size: Size
    language: str
    chart: Chart | None = None
    points: tuple[str, ...] = ()
    picture: Path | None = None
    #: Which slide of how many it is in a carousel; 0 of 0 where it stands alone.
    slide: int = 0
    slides: int = 0
    #: The largest size in pixels that a slot's letters may have, so that a carousel's slides agree.
    largest: tuple[tuple[str, int], ...] = ()
