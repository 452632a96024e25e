"""What stands in one cell: a text as it is, and the few things that a text cannot say.

An empty cell is an absent key. Paths are written with points, lists count from 1:
`photo.headline`, `carousel.2.alt`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any

from scheduler.calendar.reading import Values, at
from scheduler.model import KeyPath

#: Behind the name of a column whose cells hold a list.
ONE_PER_LINE = " (one per line)"

_EMPTY: Mapping[str, Any] = MappingProxyType(
    {"(empty)": "", "(empty list)": [], "(empty group)": {}}
)
#: In the place of a source: nobody noted it, or it does not fit into rows.
NOT_NOTED = "(not noted)"
ELSEWHERE = "(see the sheet Campaign)"
#: A text that looks like one of these, with a \ before it for each time that it was written.
_LOOKS_EMPTY = re.compile(r"\\*\((?:empty(?: list| group)?|not noted|see the sheet Campaign)\)")

#: Keys that are numbers and count nothing: 1 in `days.1.theme` is no place in a list.
_NUMBERED = ("days",)


def written(value: Any) -> str:
    """A text, or something empty, as it stands in a cell."""
    for sign, empty in _EMPTY.items():
        if value == empty and type(value) is type(empty):
            return sign
    return f"\\{value}" if _LOOKS_EMPTY.fullmatch(value) else str(value)


def understood(cell: str) -> Any:
    """What a cell that is not empty says."""
    if cell in _EMPTY:
        return type(_EMPTY[cell])()
    return cell[1:] if _LOOKS_EMPTY.fullmatch(cell) else cell


def id_cell(id_: str) -> str:
    """An id as it stands in the first cell of its row; blanks at its ends are kept."""
    return f"\\s{id_}\\s" if id_ != id_.strip() or id_.startswith("\\s") else written(id_)


def id_of(cell: str) -> str:
    cell = cell.strip()
    if cell.startswith("\\s") and cell.endswith("\\s"):
        return cell[2:-2]
    return str(understood(cell))


# ── paths ─────────────────────────────────────────────────────────────────────────────────────────


def named(path: KeyPath) -> str:
    """A path as it stands in a column's name or in a cell."""
    return ".".join(
        str(step + 1) if isinstance(step, int) else _key(step, path[:number])
        for number, step in enumerate(path)
    )


def _key(key: str, before: KeyPath) -> str:
    escaped = re.sub(r"[\\.()]", r"\\\g<0>", key).replace("\n", "\\n").replace("\r", "\\r")
    if not key:
        return "\\0"
    if key.isdigit() and key.isascii() and before != _NUMBERED:
        return f"\\d{escaped}"
    # Blanks at its ends would be lost in somebody's hands.
    return f"\\s{escaped}\\s" if key != key.strip() else escaped


def path_of(name: str) -> KeyPath:
    """The path that a name says. Raises `ValueError` for what is no name of a path."""
    if not re.fullmatch(rf"{_STEP}(?:\.{_STEP})*", name, re.DOTALL):
        raise ValueError(name)
    path: list[str | int] = []
    for step in re.findall(_STEP, name, re.DOTALL):
        if step.isdigit() and step.isascii() and tuple(path) != _NUMBERED:
            path.append(int(step) - 1)
        else:
            path.append(_unescaped(step))
    if -1 in path:
        raise ValueError(name)
    return tuple(path)


_STEP = r"(?:[^.\\]|\\.)+"
_UNESCAPED = {"n": "\n", "r": "\r", "0": "", "d": "", "s": ""}


def _unescaped(step: str) -> str:
    return re.sub(r"\\(.)", lambda found: _UNESCAPED.get(found[1], found[1]), step, flags=re.DOTALL)


# ── trees ─────────────────────────────────────────────────────────────────────────────────────────


def spread(value: Any, path: KeyPath = ()) -> Iterator[tuple[str, str]]:
    """Every text of a value by the name of its path; a list of lines stands in one cell."""
    if isinstance(value, list) and _are_lines(value):
        yield named(path) + ONE_PER_LINE, "\n".join(value)
    elif value and not isinstance(value, str):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from spread(inner, (*path, key))
    else:
        yield named(path), written(value)


def _are_lines(value: list[Any]) -> bool:
    """Whether each item is a text in one line that comes back as it is."""
    return bool(value) and all(
        isinstance(item, str)
        and item == item.strip() != ""
        and not re.search(r"[\n\r]", item)
        and not _LOOKS_EMPTY.fullmatch(item)
        for item in value
    )


def gathered(cells: Mapping[str, str]) -> Any:
    """The value whose texts stand in the cells. Raises `ValueError` with what contradicts."""
    root: dict[str | int, Any] = {}
    for name, cell in cells.items():
        _put(root, *cell_of(name, cell))
    return _solid(root)


def cell_of(name: str, cell: str) -> tuple[KeyPath, Any]:
    """The path and the value of a cell below a column's name, or behind a row's."""
    if name.endswith(ONE_PER_LINE):
        lines = [line.strip() for line in re.split(r"[\r\n]+", cell)]
        value = understood(cell) if cell in _EMPTY else [line for line in lines if line]
        return path_of(name.removesuffix(ONE_PER_LINE)), value
    return path_of(name), understood(cell)


def is_path(name: str) -> bool:
    """Whether the name of a column, or of a row, says where its value belongs."""
    try:
        cell_of(name, "x")
    except ValueError:
        return False
    return True


class _Open(dict[str | int, Any]):
    """A group or a list that is not finished yet."""


def _put(root: dict[str | int, Any], path: KeyPath, value: Any) -> None:
    place = root
    for step in path[:-1]:
        place = place.setdefault(step, _Open())
        if not isinstance(place, _Open):
            raise ValueError(named(path))  # noqa: TRY004 (a sheet says so, no programmer)
    if path[-1] in place:
        raise ValueError(named(path))
    place[path[-1]] = value


def _solid(value: Any) -> Any:
    """With lists where numbers counted. Raises `ValueError` where the two are mixed."""
    if not isinstance(value, _Open | dict) or (type(value) is dict and not value):
        return value
    counted = [isinstance(step, int) for step in value]
    if all(counted) and isinstance(value, _Open):
        return [_solid(value[step]) for step in sorted(value)]
    if any(counted):
        raise ValueError(", ".join(str(step) for step in value))
    return {step: _solid(inner) for step, inner in value.items()}


def put(values: Values, path: KeyPath, value: Any) -> None:
    """Set it, with the groups around it; None takes it away, and the groups that are left empty."""
    if value is None:
        _take(values, path)
        return
    place: Any = values
    for step in path[:-1]:
        if not isinstance(place.get(step), dict):
            place[step] = {}
        place = place[step]
    place[path[-1]] = value


def _take(values: Values, path: KeyPath) -> None:
    around = at(values, path[:-1])
    if isinstance(around, dict):
        around.pop(path[-1], None)
        if not around and len(path) > 1:
            _take(values, path[:-1])


# ── what a spreadsheet makes of what was typed ────────────────────────────────────────────────────


def text_of(value: Any, number_format: str = "General") -> str:
    """The text that a calendar wants for a value that a spreadsheet has a type of its own for."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            midnight = (value.hour, value.minute) == (0, 0)
            return value.strftime("%Y-%m-%d" if midnight else "%Y-%m-%d %H:%M")
        case date():
            return value.isoformat()
        case time():
            return value.strftime("%H:%M")
        case timedelta():
            minutes = round(value.total_seconds() / 60)
            return f"{minutes // 60:02}:{minutes % 60:02}"
        case int() | float():
            share = "%" in number_format
            return f"{value * (100 if share else 1):.12g}" + ("%" if share else "")
    return str(value).replace("\r\n", "\n").replace("\r", "\n")
