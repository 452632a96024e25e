"""The report as one page: nothing is loaded, nothing runs, and it prints as it reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, partial
from importlib.resources import files
from itertools import groupby

from scheduler import saying
from scheduler.interface import ENGLISH
from scheduler.model import DAYS
from scheduler.reporting import drawing, tables
from scheduler.reporting.gathering import OUT, Fate, Item, Report, by_fate, troubled
from scheduler.templating import Environment, environment_of, is_web, named_by_digest


def page(report: Report) -> str:
    style = files("scheduler.reporting").joinpath("templates", "report.css").read_text("utf-8")
    due = [
        item
        for item in report.items
        if item.for_the_public and item.passed and item.fate is not Fate.CANCELLED
    ]
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            report=report,
            style=style,
            policy=(
                f"default-src 'none'; img-src data:; style-src {named_by_digest(style)}; "
                "base-uri 'none'; form-action 'none'"
            ),
            about=tables.said_about(report),
            cannot_know=tuple(tables.about_lines(report))[2:],
            fates=tuple(fate for fate in Fate if report.count(fate)),
            members=tuple((each, by_fate(report.of(each))) for each in report.organisations),
            due=len(due),
            due_and_out=sum(item.fate in OUT for item in due),
            out=report.count(*OUT),
            days=drawing.days(report),
            bars=drawing.platforms(report),
            drawing=drawing,
            numbers=range(1, DAYS + 1),
            troubled=tuple(troubled(report)),
            by_day=tuple(_by_day(report.items)),
        )
    )


def _by_day(items: Sequence[Item]) -> Iterator[tuple[int, tuple[Item, ...]]]:
    in_order = sorted(
        items, key=lambda item: (item.day, item.due, item.organisation.name, item.account, item.key)
    )
    for day, theirs in groupby(in_order, lambda item: item.day):
        yield day, tuple(theirs)


@cache
def _environment() -> Environment:
    environment = environment_of("scheduler.reporting")
    environment.filters |= {
        "capital": saying.capital,
        "platform": partial(saying.platform, ENGLISH),
    }
    environment.tests["web"] = is_web
    return environment
