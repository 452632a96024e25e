"""From a calendar's files to tables: a row for each entry, and a sheet for each language.

Nothing is lost on the way: what has no place in a table of its own stands in the long sheets
"Campaign" and "Members", value by value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from scheduler.calendar.reading import Values
from scheduler.sheets.cells import ONE_PER_LINE, id_cell, spread
from scheduler.sheets.exporting_translations import languages, translation_sheet
from scheduler.sheets.layout import FILE, LONG, SECTIONS, VALUE, WHERE, entry_column
from scheduler.sheets.tables import Row, Table

#: These stand first, and also where no post has them yet: somebody may want to fill them in.
_FIRST: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "posts": (
            "day",
            "time",
            "text",
            "alt",
            "photo.picture",
            "photo.headline",
            "graphic.headline",
            f"graphic.points{ONE_PER_LINE}",
            "call.headline",
            "call.body",
            "opener.headline",
            "opener.body",
            "quote",
            "excerpt",
            "statistic",
            f"tags{ONE_PER_LINE}",
            f"accounts{ONE_PER_LINE}",
            "note",
            "embargo",
        ),
        "days": ("theme", "observance"),
    }
)


def tables(files: Mapping[str, Values]) -> tuple[Table, ...]:
    """All tables of a calendar, whose own file comes first."""
    name, own = next(iter(files.items()))
    wide = [_wide(section, own[section]) for section in SECTIONS if _has_table(own, section)]
    spoken = languages(files)
    told = {file: translation_sheet(own, code, files[file]) for code, file in spoken.items()}
    rest = {
        name: {key: value for key, value in own.items() if not _has_table(own, key)},
        **{file: left for file, (_, left) in told.items()},
    }
    long = {**rest, **{file: values for file, values in files.items() if file not in rest}}
    members = {file: values for file, values in long.items() if file.startswith("members/")}
    campaign = {file: values for file, values in long.items() if file not in members}
    return (
        *wide,
        *(table for table, _ in told.values()),
        _long("Campaign", campaign),
        *([_long("Members", members)] if members else []),
    )


def posts_table(files: Mapping[str, Values]) -> Table:
    """The posts alone."""
    own = next(iter(files.values()))
    posts: Any = own.get("posts")
    return _wide("posts", posts if _is_wide(posts) else {})


# ── wide tables ───────────────────────────────────────────────────────────────────────────────────


def _is_wide(section: Any) -> bool:
    """Whether each entry of it is a group."""
    return (
        isinstance(section, dict)
        and bool(section)
        and all(isinstance(entry, dict) for entry in section.values())
    )


def _has_table(own: Values, key: str) -> bool:
    return key in SECTIONS and _is_wide(own.get(key))


def _wide(section: str, entries: Values) -> Table:
    first = entry_column(section)
    rows = [
        Row(number=number, cells={first: id_cell(id_), **_spread(entry)})
        for number, (id_, entry) in enumerate(entries.items(), 2)
    ]
    found = {name: None for row in rows for name in row.cells if name != first}
    columns = (first, *_ordered(_FIRST.get(section, ()), found))
    return Table(
        title=section.capitalize(), columns=columns, rows=tuple(rows), fixed=frozenset({first})
    )


def _spread(entry: Values) -> dict[str, str]:
    return {name: cell for name, cell in spread(entry) if name}


def _ordered(first: Sequence[str], found: Mapping[str, None]) -> list[str]:
    """Those that everybody has, then the others; the numbers of a list in their order."""
    places: dict[str, int] = {}
    for name in found:
        places.setdefault(name.partition(".")[0], len(places))
    others = [name for name in found if name not in first]
    return [
        *first,
        *sorted(others, key=lambda name: (places[name.partition(".")[0]], _natural(name))),
    ]


def _natural(name: str) -> list[tuple[bool, int, str]]:
    """Steps in the order that people count in: 2 before 10."""
    return [
        (step.isdigit(), int(step) if step.isascii() and step.isdigit() else 0, step)
        for step in name.split(".")
    ]


# ── long tables ───────────────────────────────────────────────────────────────────────────────────


def _long(title: str, files: Mapping[str, Values]) -> Table:
    cells = [
        {FILE: file, WHERE: name, VALUE: cell}
        for file, values in files.items()
        for name, cell in spread(values)
        if name
    ]
    rows = [Row(number=number, cells=row) for number, row in enumerate(cells, 2)]
    return Table(title=title, columns=LONG, rows=tuple(rows), fixed=frozenset({FILE, WHERE}))
