"""Lints: what a calendar may say, and a careful reader would still stop at.

Each has a stable code, a reason with whoever gives it, and an example that fails and one that
passes; a campaign switches each below `campaign`, `lints`. A lint only looks: it changes nothing,
and reads nothing but the campaign.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from scheduler.errors import Severity
from scheduler.linting.findings import Finding, Found, Lint
from scheduler.linting.registry import LINTS
from scheduler.model import Campaign, KeyPath
from scheduler.naming import nearest

__all__ = ["LINTS", "Finding", "Lint", "lint"]

_OFF = "off"
#: What was found in each campaign when it was looked through last: for who follows one edit after
#: another, most campaigns stay as they were.
_SEEN: dict[tuple[str, str, Path], tuple[date, Campaign, tuple[Finding, ...]]] = {}
_MOST = 64


def lint(campaign: Campaign, *, on: date) -> tuple[Finding, ...]:
    """What all lints find, in the order of the file. `on` is taken for today."""
    key = (campaign.id, campaign.member.id, campaign.root)
    before = _SEEN.get(key)
    if before is not None and before[0] == on and before[1] == campaign:
        return before[2]
    found = [*_unknown(campaign), *_findings(campaign, on)]
    ordered = tuple(sorted(found, key=lambda finding: finding.problem))
    if len(_SEEN) >= _MOST:
        _SEEN.clear()
    _SEEN[key] = (on, campaign, ordered)
    return ordered


def _findings(campaign: Campaign, on: date) -> Iterator[Finding]:
    for one in LINTS.values():
        switched = campaign.rules.lints.get(one.code, one.severity)
        if switched == _OFF:
            continue
        for found in one.check(campaign, on):
            yield _finding(campaign, one, Severity(switched), found)


def _finding(campaign: Campaign, one: Lint, severity: Severity, found: Found) -> Finding:
    problem = campaign.places.value(*found.path).problem(
        one.code,
        f"{_where(campaign, found.path)}{found.message}",
        found.hint or one.hint,
        severity,
    )
    return Finding(problem=problem, posts=found.posts)


def _where(campaign: Campaign, path: KeyPath) -> str:
    """The person's own name for the thing, as the reader of the calendar says it."""
    match path:
        case ("posts", str(id_), *_):
            return f'day {campaign.posts[id_].day}, post "{id_}": '
        case (
            ("facts" | "quotes" | "pictures" | "helplines" | "consents") as group, str(id_), *_
        ):  # fmt: skip
            return f'{group[:-1]} "{id_}": '
        case (str(group), *_):
            return f"{group}: "
    return ""


def _unknown(campaign: Campaign) -> Iterator[Finding]:
    for code in campaign.rules.lints:
        if code not in LINTS:
            problem = campaign.places.key("campaign", "lints", code).problem(
                "unknown-lint",
                f'campaign: there is no lint "{code}"',
                nearest(code, LINTS),
                Severity.ERROR,
            )
            yield Finding(problem=problem, posts=())
