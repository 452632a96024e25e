"""Template files → templates: the shipped ones, and a campaign's own over them.

Every mistake is a `BadTemplate` with file, line and column, and the name that was probably meant.
"""

from __future__ import annotations

import math
import pathlib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, Field, fields
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any, NamedTuple, TypeVar

from scheduler.cards.errors import BadTemplate
from scheduler.cards.templates import (
    BLOCKS,
    Area,
    Block,
    Fill,
    Footer,
    Photo,
    Shape,
    Sixteen,
    Template,
    Text,
)
from scheduler.model import TemplateFile
from scheduler.naming import nearest

_FOLDER = pathlib.Path(__file__).parent / "templates"
#: The foot of every card, which is no template of its own.
_FOOTER = "footer"

#: What the brand says there: each must have its place, or it would vanish unseen.
_AT_THE_FOOT = ("hashtag", "help", "name", "funder")

T = TypeVar("T")
Path = tuple[str | int, ...]
Table = dict[str, Any]


@cache
def names() -> tuple[str, ...]:
    """The templates' files that are shipped, the foot's among them."""
    found = (entry.name for entry in _FOLDER.iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in found if name.endswith(".toml")))


@cache
def _shipped(name: str) -> str:
    return (_FOLDER / f"{name}.toml").read_text("utf-8")


def template_bytes(name: str, own: Iterable[TemplateFile] = ()) -> bytes:
    """What decides the look of a card of this template; empty for a name that there is not."""
    if name not in names():
        return b""
    over = {file.name: file.text for file in own}
    parts = [_shipped(name), _shipped(_FOOTER), over.get(name, ""), over.get(_FOOTER, "")]
    # Without own files the bytes are what they were before there could be any.
    return "\0".join(parts).encode() if over.keys() & {name, _FOOTER} else "".join(parts).encode()


def template(name: str, shape: Shape = Shape.TALL, own: tuple[TemplateFile, ...] = ()) -> Template:
    """The look of a card in one shape. Raises `BadTemplate`."""
    if name not in names() or name == _FOOTER:
        known = ", ".join(other for other in names() if other != _FOOTER)
        raise BadTemplate(f"there is no template {name!r}; there are {known}", "template")
    return _template(name, shape, _own(name, own))


def footer(shape: Shape = Shape.TALL, own: tuple[TemplateFile, ...] = ()) -> Footer:
    """The foot of every card in one shape. Raises `BadTemplate`."""
    return _footer(shape, _own(_FOOTER, own))


def check(file: TemplateFile) -> None:
    """Raises the `BadTemplate` of a campaign's own file, whether a card uses it or not."""
    if file.name not in names():
        raise BadTemplate(
            f"there is no template {file.name!r} to lie over",
            "template",
            file=file.file,
            hint=nearest(file.name, names()),
        )
    for shape in Shape:
        _footer(shape, file) if file.name == _FOOTER else _template(file.name, shape, file)


def read(name: str, text: str, shape: Shape = Shape.TALL) -> Template:
    """The template that `text` alone describes."""
    source = _Source(f"{name}.toml", text, shape)
    return _built(source.table(), source, shape)


def _own(name: str, own: Iterable[TemplateFile]) -> TemplateFile | None:
    return next((file for file in own if file.name == name), None)


@lru_cache(maxsize=128)
def _template(name: str, shape: Shape, own: TemplateFile | None) -> Template:
    table, source = _overlaid(name, own, shape)
    return _built(table, source, shape)


@lru_cache(maxsize=32)
def _footer(shape: Shape, own: TemplateFile | None) -> Footer:
    table, source = _overlaid(_FOOTER, own, shape)
    _check_shapes(table, (), source)
    data = _shaped(table, shape)
    blocks = [
        _made(Text, _shaped(entry, shape), ("block", number), source)
        for number, entry in enumerate(_list(data, "block", (), source))
    ]
    for number, block in enumerate(blocks):
        if block.slot not in _AT_THE_FOOT:
            hint = nearest(block.slot, _AT_THE_FOOT)
            told = f"the foot of a card has no {block.slot!r}"
            raise source.mistake(("block", number, "slot"), told, hint)
    for slot in _AT_THE_FOOT:
        if slot not in {block.slot for block in blocks}:
            hint = f'add a [[block]] with slot = "{slot}"'
            raise source.mistake(("block", 0), f"the foot has no place for {slot!r}", hint)
    return _made(Footer, data, (), source, blocks=tuple(blocks))


def _overlaid(name: str, own: TemplateFile | None, shape: Shape) -> tuple[Table, _Source]:
    """The shipped table with the campaign's own over it, and where to look for a mistake."""
    shipped = _Source(f"{name}.toml", _shipped(name))
    if own is None:
        return shipped.table(), shipped
    source = _Source(own.file, own.text, shape)
    return _over(shipped.table(), source.table()), source


def _over(below: Table, above: Table) -> Table:
    """Tables merge; lists and plain values replace, as everywhere in a calendar."""
    merged = dict(below)
    for name, value in above.items():
        under = merged.get(name)
        both = isinstance(under, dict) and isinstance(value, dict)
        merged[name] = _over(under, value) if both else value  # type: ignore[arg-type]
    return merged


def _shaped(table: Table, shape: Shape) -> Table:
    """The table as it is in one shape: what stands below `wide` takes the place of the rest."""
    plain = {name: value for name, value in table.items() if name not in set(Shape)}
    special = table.get(shape)
    return _over(plain, special) if isinstance(special, dict) else plain


def _built(table: Table, source: _Source, shape: Shape) -> Template:
    _check_shapes(table, (), source)
    data = _shaped(table, shape)
    parts: dict[str, Any] = {"areas": _areas(data, source, shape)}
    tables: tuple[tuple[str, type[Any]], ...] = (
        ("fill", Fill),
        ("kicker", Text),
        ("sixteen", Sixteen),
        ("photo", Photo),
    )
    for name, kind in tables:
        if name in data:
            inner = _shaped(_table(data.pop(name), (name,), source), shape)
            preset = {"slot": "kicker"} if name == "kicker" else {}
            parts[name] = _made(kind, inner, (name,), source, **preset)
    return _made(Template, data, (), source, **parts)


def _areas(data: Table, source: _Source, shape: Shape) -> tuple[Area, ...]:
    areas = []
    for number, entry in enumerate(_list(data, "area", (), source)):
        path: Path = ("area", number)
        inner = _shaped(entry, shape)
        blocks = [
            _block(_shaped(block, shape), (*path, "block", index), source)
            for index, block in enumerate(_list(inner, "block", path, source))
        ]
        areas.append(_made(Area, inner, path, source, blocks=tuple(blocks)))
    return tuple(areas)


def _block(entry: Table, path: Path, source: _Source) -> Block:
    kind = entry.pop("kind", "text")
    if kind not in BLOCKS:
        raise source.mistake(
            (*path, "kind"), f"there is no kind {kind!r}", nearest(str(kind), BLOCKS)
        )
    return _made(BLOCKS[kind], entry, path, source)


def _list(data: Table, name: str, path: Path, source: _Source) -> list[Table]:
    """The tables of a list, taken out of `data`."""
    value = data.pop(name, [])
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        place = ".".join([*map(str, (step for step in path if isinstance(step, str))), name])
        raise source.mistake((*path, name), f"{name} is a list of tables", f"write [[{place}]]")
    tables = [dict(entry) for entry in value]
    for number, entry in enumerate(tables):
        _check_shapes(entry, (*path, name, number), source)
    return tables


def _table(value: object, path: Path, source: _Source) -> Table:
    if not isinstance(value, dict):
        raise source.mistake(path, f"{path[-1]} is a table", f"write [{path[-1]}]")
    _check_shapes(value, path, source)
    return value


def _check_shapes(table: Table, path: Path, source: _Source) -> None:
    """A shape's own table is a table, and says for no shape what it says."""
    for shape in Shape:
        if shape in table and not isinstance(table[shape], dict):
            raise source.mistake((*path, shape), f"{shape} is a table", f"{shape} = {{least = 30}}")


def _made(kind: type[T], entry: Table, path: Path, source: _Source, **parts: Any) -> T:
    known = {one.name: one for one in fields(kind)}  # type: ignore[arg-type]
    free = [name for name in known if name not in ("areas", "blocks") and name not in parts]
    for name, value in entry.items():
        if name not in free:
            raise source.mistake((*path, name), f"no key {name!r}", nearest(name, free))
        _check(known[name], value, (*path, name), source)
    absent = [
        name
        for name, one in known.items()
        if one.default is MISSING and name not in entry and name not in parts
    ]
    if absent:
        place = _said(path) or "the file"
        raise source.mistake(path, f"{place} says nothing of {', '.join(absent)}", "add it")
    return kind(**entry, **parts)


#: What a value of each type is called.
_KINDS: Mapping[str, str] = {
    "int": "a whole number",
    "float": "a number",
    "str": "a word between quotation marks",
    "bool": "true or false",
}


def _check(key: Field[Any], value: object, path: Path, source: _Source) -> None:
    wanted = str(key.type)
    if wanted not in _KINDS:
        raise source.mistake(path, f"{key.name} is a table of its own", f"write [{key.name}]")
    if not _is(wanted, value):
        raise source.mistake(path, f"{key.name} must be {_KINDS[wanted]}, not {value!r}")
    words = key.metadata.get("words") or ()
    if words and value not in words:
        meant = nearest(str(value), (str(word) for word in words if word))
        raise source.mistake(path, f"{key.name} = {value!r} means nothing", meant)
    _check_range(key, value, path, source)


def _check_range(key: Field[Any], value: Any, path: Path, source: _Source) -> None:
    low, high = key.metadata.get("low"), key.metadata.get("high")
    if low is not None and value < low:
        small = key.name in ("least", "most") and low > 0
        why = "cannot be read on a phone" if small else "is too little"
        raise source.mistake(path, f"{key.name} = {value} {why}", f"write {low} or more")
    if high is not None and value > high:
        raise source.mistake(path, f"{key.name} = {value} is too much", f"write {high} or less")


def _is(wanted: str, value: object) -> bool:
    if isinstance(value, bool) or wanted == "bool":
        return wanted == "bool" and isinstance(value, bool)
    if wanted == "float":
        return isinstance(value, int | float) and math.isfinite(value)
    return isinstance(value, int if wanted == "int" else str)


def _said(path: Path) -> str:
    """("area", 1, "block", 0) → "area 2, block 1"."""
    counted = pairwise((*path, ""))
    pieces = [
        f"{one} {after + 1}" if isinstance(after, int) else str(one)
        for one, after in counted
        if isinstance(one, str)
    ]
    return ", ".join(pieces)


# Where something stands in a file. The reader of TOML keeps no places.


class _Spot(NamedTuple):
    line: int
    column: int


# Only for who looks for a slip: `re` compiles each when it is first asked for.
_HEADER = r"\s*(\[\[?)\s*([\w.\-\s]+?)\s*\]\]?"
_KEY = r"\s*([\w\-.]+)\s*="
_INNER = r"([\w\-]+)\s*="
_AT = r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)"


class _Source:
    """A file's name and text, and the places of its keys."""

    def __init__(self, name: str, text: str, shape: Shape = Shape.TALL) -> None:
        self.name = name
        self.text = text
        self.shape = shape

    def table(self) -> Table:
        try:
            return tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as error:
            found = re.search(_AT, str(error))
            end = _Spot(self.text.count("\n") + 1, len(self.text.rpartition("\n")[2]) + 1)
            spot = _Spot(int(found[1]), int(found[2])) if found and found[1] else end
            told = re.sub(_AT, "", str(error))
            raise self._told(f"it cannot be read: {told}", spot) from error

    def mistake(self, path: Path, message: str, hint: str = "") -> BadTemplate:
        """What is wrong at `path`, or at the nearest thing around it that stands in the file."""
        places = _places(self.text)
        tried = (each for end in range(len(path), 0, -1) for each in self._written(path[:end]))
        spot = next((places[each] for each in tried if each in places), _Spot(1, 1))
        return self._told(message, spot, hint)

    def _written(self, path: Path) -> Iterator[Path]:
        """Where it may stand: what a shape says differently comes before what all shapes say."""
        for end in range(len(path) - 1, -1, -1):
            yield (*path[:end], str(self.shape), *path[end:])
        yield path

    def _told(self, message: str, spot: _Spot, hint: str = "") -> BadTemplate:
        return BadTemplate(message, "template", self.name, spot.line, spot.column, hint)


def _places(text: str) -> dict[Path, _Spot]:
    """Where each table and key stands, those of inline tables included."""
    places: dict[Path, _Spot] = {}
    counts: dict[Path, int] = {}
    here: Path = ()
    for number, line in enumerate(text.splitlines(), 1):
        if header := re.match(_HEADER, line):
            here = _opened(header[2].split("."), header[1] == "[[", counts)
            places.setdefault(here, _Spot(number, header.start(2) + 1))
        elif found := re.match(_KEY, line):
            path = (*here, *found[1].split("."))
            places.setdefault(path, _Spot(number, found.start(1) + 1))
            for inner in re.compile(_INNER).finditer(line, found.end()):
                spot = _Spot(number, inner.start(1) + 1)
                places.setdefault((*path, inner[1]), spot)
    return places


def _opened(steps: list[str], listed: bool, counts: dict[Path, int]) -> Path:
    """The path of a header, with the number of each list's newest entry."""
    path: Path = ()
    for number, step in enumerate(map(str.strip, steps), 1):
        path = (*path, step)
        if listed and number == len(steps):
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path
