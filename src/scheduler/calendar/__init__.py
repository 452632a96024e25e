"""The calendar: from the YAML that people write to a `Campaign`, with every problem at its line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from scheduler.calendar.building import build
from scheduler.calendar.reading import read
from scheduler.calendar.validating import validate
from scheduler.errors import Problem, Severity, UserError
from scheduler.model import Campaign

__all__ = ["Reading", "read_campaign"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A calendar that was read.

    `campaign` is None when an error stands among the problems; `rest` is then what is left without
    the mistakes, to be looked through for more of them and never to be published.
    """

    campaign: Campaign | None
    rest: Campaign | None
    problems: tuple[Problem, ...]

    def unwrap(self) -> Campaign:
        """The campaign. Raises `UserError` with all problems when there is none."""
        if self.campaign is None:
            raise UserError(self.problems)
        return self.campaign


def read_campaign(file: Path) -> Reading:
    """Read, validate and build; never raises for what stands in the file."""
    try:
        tree = read(file, name=file.name)
    except UserError as error:
        return Reading(campaign=None, rest=None, problems=error.problems)
    form, found = validate(tree)
    problems = _first_said(tree.problems, found)
    if form is None:
        return Reading(campaign=None, rest=None, problems=problems)
    rest, more = build(tree, form, root=file.resolve().parent)
    problems = _first_said(problems, more)
    broken = any(problem.severity is Severity.ERROR for problem in problems)
    return Reading(campaign=None if broken else rest, rest=rest, problems=problems)


def _first_said(raw: tuple[Problem, ...], following: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """Both, without what only follows from an earlier problem at the same place."""
    places = {(problem.line, problem.column) for problem in raw}
    own = {problem for problem in following if (problem.line, problem.column) not in places}
    return tuple(sorted({*raw, *own}))
