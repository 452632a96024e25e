"""A report as tables: for a spreadsheet, where nothing in a cell is ever taken for a formula."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from scheduler.interface import ENGLISH
from scheduler.reporting import sentences as say
from scheduler.reporting.gathering import Fate, Item, Report, by_fate
from scheduler.saying import platform as platform_name
from scheduler.sheets.tables import Row, Table

#: One row a delivery, in every file of a report.
COLUMNS = (
    "day",
    "due",
    "zone",
    "member",
    "country",
    "post",
    "part",
    "platform",
    "account",
    "state",
    "became",
    "published on",
    "at",
    "link",
    "reason",
    "key",
)
_NUMBERS = frozenset({"day", "part", "planned", *Fate})


def deliveries(report: Report) -> Table:
    return Table(
        title="Deliveries",
        columns=COLUMNS,
        rows=_numbered(map(_cells, report.items)),
        numbers=_NUMBERS & frozenset(COLUMNS),
    )


def _cells(item: Item) -> Mapping[str, str]:
    return {
        "day": str(item.day),
        "due": f"{item.local:%Y-%m-%d %H:%M}",
        "zone": item.organisation.zone.key,
        "member": item.organisation.name,
        "country": item.organisation.country,
        "post": item.post,
        "part": str(item.part),
        "platform": platform_name(ENGLISH, item.platform),
        "account": item.account,
        "state": str(item.state),
        "became": str(item.fate),
        "published on": item.on.isoformat() if item.on else "",
        "at": item.hour,
        "link": item.link,
        "reason": item.reason,
        "key": item.key,
    }


def members(report: Report) -> Table:
    rows = (
        {"member": each.name, "country": each.country} | _counted(report.of(each))
        for each in report.organisations
    )
    return _of_counts("Members", ("member", "country"), rows)


def countries(report: Report) -> Table:
    named = {each.country for each in report.organisations}
    rows = (
        {"country": country or "(no country)"}
        | _counted(item for item in report.items if item.organisation.country == country)
        for country in sorted(named)
    )
    return _of_counts("Countries", ("country",), rows)


def platforms(report: Report) -> Table:
    rows = (
        {"platform": platform_name(ENGLISH, name)}
        | _counted(item for item in report.items if item.platform == name)
        for name in report.platforms
    )
    return _of_counts("Platforms", ("platform",), rows)


def about(report: Report) -> Table:
    """What it is, as of when, and what it cannot know."""
    return Table(
        title="About",
        columns=("About this report",),
        rows=_numbered({"About this report": line} for line in about_lines(report)),
    )


def about_lines(report: Report) -> Iterator[str]:
    yield report.title
    yield said_about(report)
    if report.embargoed:
        yield say.EMBARGOED.format(count=report.embargoed)
    if report.unread:
        yield say.UNREAD.format(files=", ".join(report.unread))
    yield from say.CANNOT_KNOW


def said_about(report: Report) -> str:
    local = report.as_of.astimezone(report.zone)
    return say.ABOUT.format(
        ledger=report.ledger, day=ENGLISH.day(local), hour=f"{local:%H:%M}", zone=report.zone.key
    )


def _of_counts(title: str, names: tuple[str, ...], rows: Iterable[Mapping[str, str]]) -> Table:
    columns = (*names, "planned", *Fate)
    return Table(
        title=title,
        columns=columns,
        rows=_numbered(rows),
        numbers=_NUMBERS & frozenset(columns),
    )


def _counted(items: Iterable[Item]) -> dict[str, str]:
    counts = by_fate(items)
    return {"planned": str(sum(counts.values())), **{fate: str(n) for fate, n in counts.items()}}


def _numbered(rows: Iterable[Mapping[str, str]]) -> tuple[Row, ...]:
    return tuple(
        Row(number=number, cells={name: cell for name, cell in cells.items() if cell})
        for number, cells in enumerate(rows, 2)
    )
