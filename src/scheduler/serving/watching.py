"""What lies on the disk: seen by looking, which every system can."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from scheduler.calendar import files, holds_file
from scheduler.model import Brand, Coalition, Fonts

#: Of each file that is there: when it was written, how long it is, and which one it is.
Sight = Mapping[str, tuple[int, int, int]]

_ASSETS = "assets"


def words(calendar: Path) -> Sight:
    """The files in which people write; they are found anew, since one may have come or gone."""
    return _sight((*files(calendar).values(), holds_file(calendar)))


def things(calendar: Path, coalition: Coalition | None) -> Sight:
    """Pictures, logos, fonts and templates: those beside the calendar, and those it names."""
    named = () if coalition is None else _named(coalition)
    return _sight(frozenset((*_below(calendar.parent / _ASSETS), *named)))


def _sight(seen: Iterable[Path | str]) -> Sight:
    found = ((os.fspath(file), _stamp(file)) for file in seen)
    return {file: stamp for file, stamp in found if stamp is not None}


def _stamp(file: Path | str) -> tuple[int, int, int] | None:
    try:
        found = os.stat(file)  # noqa: PTH116 (twenty times a second: a Path costs as much again)
    except (OSError, ValueError):
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _below(folder: Path) -> Iterator[str]:
    for place, _, names in os.walk(folder):
        yield from (os.path.join(place, name) for name in names)  # noqa: PTH118 (as above)


def _named(coalition: Coalition) -> Iterator[str]:
    for campaign in coalition.campaigns.values():
        yield from (os.fspath(picture.file) for picture in campaign.pictures.values())
        yield from map(os.fspath, _of_brand(campaign.brand))


def _of_brand(brand: Brand) -> Iterator[Path]:
    yield from (logo for logo in (brand.logo, brand.second_logo) if logo)
    yield from _of_fonts(brand.fonts)


def _of_fonts(fonts: Fonts) -> Iterator[Path]:
    for family in (fonts.text, fonts.display, fonts.serif):
        if isinstance(family, tuple):
            yield from family
    yield from fonts.others
