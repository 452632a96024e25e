"""Sample cards: every template in several languages and sizes, for contact sheets and tests.

The texts lie in `samples/`, one file for each language.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any

from scheduler.cards.template_files import names, template
from scheduler.cards.templates import ChartArea, Points, Template
from scheduler.model import Brand, Card, Chart, ChartKind, Colours, Size, Value

_FOLDER = files("scheduler.cards") / "samples"

#: One for each script, in the order of the sheets.
LANGUAGES = ("de", "el", "sr-Cyrl", "ar")
#: Portrait, square, two landscapes, and a story.
SIZES = tuple(
    Size(width=width, height=height)
    for width, height in ((1080, 1350), (1080, 1080), (1600, 900), (1200, 627), (1080, 1920))
)
#: Tables of a language's file that are no template's.
_NO_TEMPLATE = frozenset({"any", "charts"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What one sheet is about: a template, and a kind of chart where the template shows one."""

    template: str
    chart: ChartKind | None = None

    @property
    def name(self) -> str:
        return f"{self.template}-{self.chart}" if self.chart else self.template


def subjects() -> tuple[Subject, ...]:
    """Every template; those with a place for a chart once more with each kind of it."""
    found: list[Subject] = []
    for name in names():
        if name == "footer":
            continue
        found.append(Subject(template=name))
        if _has(template(name), ChartArea):
            found += [Subject(template=name, chart=kind) for kind in ChartKind]
    return tuple(found)


def spoken(language: str) -> str:
    """The language's English name."""
    name: str = _texts(language)["name"]
    return name


def sample(subject: Subject, language: str, size: Size, brand: Brand, picture: Path) -> Card:
    """The card; `picture` is used where the template shows one."""
    look = template(subject.template)
    said = _said(subject, language)
    texts = {slot: text for slot, text in said.items() if isinstance(text, str)}
    return Card(
        template=subject.template,
        texts=MappingProxyType({slot: texts[slot] for slot in texts if slot in look.slots}),
        brand=replace(brand, help=_texts(language)["help"]),
        size=size,
        language=language,
        chart=_chart(subject.chart, said) if subject.chart else None,
        points=tuple(said["points"]) if _has(look, Points) else (),
        picture=picture if look.photo else None,
    )


def other_brand() -> Brand:
    """A brand that is like nobody's."""
    said = tomllib.loads((_FOLDER / "brand.toml").read_text("utf-8"))
    return Brand(**{**said, "colours": Colours(**said["colours"])})


@cache
def _texts(language: str) -> Mapping[str, Any]:
    return MappingProxyType(tomllib.loads((_FOLDER / f"{language}.toml").read_text("utf-8")))


def _said(subject: Subject, language: str) -> Mapping[str, Any]:
    """Every text that the card may say; a template without texts of its own takes the others'."""
    written = _texts(language)
    pool: dict[str, Any] = {}
    for name, table in written.items():
        if isinstance(table, dict) and name not in _NO_TEMPLATE:
            pool = {**table, **pool}
    own = written.get(subject.template, pool)
    chart = written["charts"][str(subject.chart)] if subject.chart else {}
    points = {"points": pool.get("points", ())}
    return {"day": written["day"], **points, **written["any"], **own, **chart}


def _chart(kind: ChartKind, said: Mapping[str, Any]) -> Chart:
    single = {ChartKind.PICTOGRAM: "marked", ChartKind.RING: "share"}.get(kind)
    if single:
        values: tuple[Value, ...] = (Value(label="", amount=said[single], shown=""),)
    else:
        values = tuple(Value(**value) for value in said["values"])
    return Chart(kind=kind, values=values, of=said.get("of", 0))


def _has(look: Template, kind: type) -> bool:
    return any(isinstance(block, kind) for area in look.areas for block in area.blocks)
