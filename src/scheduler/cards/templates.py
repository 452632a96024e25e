"""Templates as data: which layers a card has, in which colours and sizes.

A designer changes a look in `templates/*.toml` and never here. Sizes are pixels on a card of
1080 × 1350; other cards scale them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar

from scheduler.cards.errors import BadTemplate
from scheduler.cards.typefaces import families
from scheduler.model import Colours

_FOLDER = files("scheduler.cards") / "templates"
_ROLES = frozenset(field.name for field in fields(Colours))

#: Pixels on a card 1080 wide that are 8.7 px on a phone that shows it 360 wide: the least that
#: can still be read.
SMALLEST = 26

Box = tuple[float, float, float, float]
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text box: as large as fits between `least` and `most`, in at most `lines` lines.

    A card with a usual amount of text is set around `usual`.
    """

    slot: str
    face: str
    weight: int
    least: int
    most: int
    lines: int
    #: The size between `least` and `most` that a full card has; their middle if 0.
    usual: int = 0
    #: Distance of two baselines, in em.
    leading: float = 1.3
    colour: str = "ink"
    #: How much of the colour is laid over its ground; never less than can be read.
    strength: float = 1.0
    tracking: float = 0.0
    #: start, centre, end.
    align: str = "start"
    #: White above it.
    before: int = 0
    #: A text of up to so many characters is not broken.
    keep: int = 0
    #: The same on a card with a chart.
    keep_charted: int = 0
    #: The painter adds the language's quotation marks and hangs the first one into the margin.
    quoted: bool = False
    required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """`Card.points`, each behind a small bar."""

    face: str
    weight: int
    least: int
    most: int
    lines: int
    usual: int = 0
    leading: float = 1.25
    colour: str = "ink"
    bar: str = "accent"
    gap: int = 44
    before: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartArea:
    """`Card.chart`, between `least` and `most` high."""

    least: int
    most: int
    usual: int = 0
    before: int = 0
    colour: str = "accent"
    rest: str = "ground"
    strength: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A short line between things; drawn only where something follows it."""

    colour: str
    width: int
    thickness: int = 4
    before: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Spring:
    """White that takes what is left over, in proportion to `weight`."""

    weight: float = 1.0
    least: int = 0


Block = Text | Points | ChartArea | Rule | Spring
_BLOCKS: Mapping[str, type[Block]] = {
    "text": Text,
    "points": Points,
    "chart": ChartArea,
    "rule": Rule,
    "spring": Spring,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A column of blocks. Areas stand below one another on a tall card, side by side on a wide one.

    `share` is its part of a wide card's width; `fill` its own ground, to the card's edges.
    """

    blocks: tuple[Block, ...]
    share: float = 1.0
    fill: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fill:
    """The card's ground: one colour, or two mixed from top to bottom."""

    colour: str
    #: How far the top is mixed towards `towards`, and the bottom.
    towards: str = ""
    top: float = 0.0
    bottom: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sixteen:
    """The sixteen marks: a row at the head of the card, or steps that climb from its foot."""

    #: row, steps.
    shape: str
    colour: str
    lit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """`Card.picture`, filling the card, under a scrim of the ground's colour.

    `clear` is the share of the card's height where the scrim begins. Behind text it is `dense`,
    which keeps even a white picture legible.
    """

    clear: float = 0.2
    dense: float = 0.74
    top: float = 0.5
    focus_x: float = 0.5
    focus_y: float = 0.45


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    fill: Fill
    areas: tuple[Area, ...]
    margin: int = 84
    sixteen: Sixteen | None = None
    photo: Photo | None = None
    footer: str = "ink"

    @property
    def slots(self) -> frozenset[str]:
        """The names that `Card.texts` may have on this template."""
        texts = {block.slot for area in self.areas for block in area.blocks if _is_text(block)}  # type: ignore[union-attr]
        return frozenset(texts | ({"day"} if self.sixteen else set()))


def _is_text(block: Block) -> bool:
    return isinstance(block, Text)


def names() -> tuple[str, ...]:
    found = (entry.name for entry in _FOLDER.iterdir())
    return tuple(sorted(n.removesuffix(".toml") for n in found if n.endswith(".toml")))


@cache
def template_bytes(name: str) -> bytes:
    """What the template's file and the footer's say; empty for a name that there is not."""
    if name not in names():
        return b""
    return (_FOLDER / f"{name}.toml").read_bytes() + (_FOLDER / "footer.toml").read_bytes()


@cache
def template(name: str) -> Template:
    if name not in names() or name == "footer":
        known = ", ".join(other for other in names() if other != "footer")
        raise BadTemplate(f"there is no template {name!r}; there are {known}", "template")
    return read(name, (_FOLDER / f"{name}.toml").read_text("utf-8"))


@cache
def footer() -> tuple[Area, ...]:
    data = _parsed("footer", (_FOLDER / "footer.toml").read_text("utf-8"))
    return _areas(data.pop("area", []), "footer")


def read(name: str, text: str) -> Template:
    """The template that `text` describes; every mistake is a `BadTemplate` that names its place."""
    data = _parsed(name, text)
    parts: dict[str, Any] = {"areas": _areas(data.pop("area", []), name)}
    for key, kind in (("fill", Fill), ("sixteen", Sixteen), ("photo", Photo)):
        if key in data:
            parts[key] = _made(kind, data.pop(key), f"{name}.toml, [{key}]")
    return _made(Template, data | parts, f"{name}.toml")


def _parsed(name: str, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadTemplate(f"{name}.toml cannot be read: {error}", "template") from error


def _areas(data: list[dict[str, Any]], name: str) -> tuple[Area, ...]:
    areas = []
    for number, entry in enumerate(data, 1):
        place = f"{name}.toml, area {number}"
        blocks = tuple(
            _block(block, f"{place}, block {index}")
            for index, block in enumerate(entry.pop("block", []), 1)
        )
        areas.append(_made(Area, entry | {"blocks": blocks}, place))
    return tuple(areas)


def _block(entry: dict[str, Any], place: str) -> Block:
    kind = entry.pop("kind", "text")
    if kind not in _BLOCKS:
        raise BadTemplate(f"{place}: no kind {kind!r}; there are {', '.join(_BLOCKS)}", "template")
    return _made(_BLOCKS[kind], entry, place)


def _made(kind: type[T], entry: dict[str, Any], place: str) -> T:
    known = {field.name for field in fields(kind)}  # type: ignore[arg-type]
    for key, value in entry.items():
        if key not in known:
            raise BadTemplate(
                f"{place}: no key {key!r}; there are {', '.join(sorted(known))}", "template"
            )
        _check(key, value, place)
    try:
        return kind(**entry)
    except TypeError as error:
        absent = str(error).partition(": ")[2] or str(error)
        raise BadTemplate(f"{place}: absent: {absent}", "template") from error


#: What each key may say; a key that does not stand here may say any number.
_MEANINGS: Mapping[str, frozenset[str]] = {
    "colour": _ROLES,
    "towards": _ROLES,
    "lit": _ROLES,
    "bar": _ROLES,
    "rest": _ROLES,
    "footer": _ROLES,
    "fill": _ROLES,
    "align": frozenset({"start", "centre", "end"}),
    "shape": frozenset({"row", "steps"}),
}


def _check(key: str, value: object, place: str) -> None:
    meanings = frozenset(families()) if key == "face" else _MEANINGS.get(key)
    if isinstance(value, str) and meanings is not None and value not in meanings:
        raise BadTemplate(
            f"{place}: {key} = {value!r} means nothing; write {', '.join(sorted(meanings))}",
            "template",
        )
    if isinstance(value, str) and meanings is None and key != "slot":
        raise BadTemplate(f"{place}: {key} must be a number, not {value!r}", "template")
    # A chart's least height and a spring's are no sizes of letters.
    if key == "least" and isinstance(value, int) and "block" in place and 0 < value < SMALLEST:
        raise BadTemplate(
            f"{place}: least = {value} cannot be read on a phone; write {SMALLEST} or more",
            "template",
        )
