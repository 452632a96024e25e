"""holds.yaml beside the calendar: what must not go out, written by whoever has only a phone.

Whatever it says that cannot be understood silences everything: somebody wanted something held.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from scheduler.calendar.reading import Tree, read
from scheduler.calendar.schema import HoldForm, HoldsForm
from scheduler.calendar.validating import validate
from scheduler.errors import Problem, Severity, UserError
from scheduler.model import Coalition, Hold, Scope, Target, target
from scheduler.naming import nearest

HOLDS = "holds.yaml"

#: Nothing but comments, and perhaps the one key with nothing below it.
_NOTHING_HELD = re.compile(rb"(?:\s*#[^\n]*\n?|\s+|---|holds:\s*(?:\[\s*\])?)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """What the file says; `silenced` is why nothing may go out while it cannot be understood."""

    holds: tuple[Hold, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def silenced(self) -> str | None:
        errors = [each for each in self.problems if each.severity is Severity.ERROR]
        if not errors:
            return None
        first = errors[0]
        return f"{HOLDS} has an error in line {first.line}, so everything is held: {first.message}"


def holds_file(calendar: Path) -> Path:
    return calendar.parent / HOLDS


def read_holds(calendar: Path, coalition: Coalition) -> Holding:
    """What the file beside the calendar says, held against who and what there is."""
    file = holds_file(calendar)
    try:
        if _NOTHING_HELD.fullmatch(file.read_bytes()):
            return Holding()
        tree = read(file, name=HOLDS)
    except FileNotFoundError:
        return Holding()
    except OSError:
        return _unread(file)
    except UserError as error:
        return Holding(problems=tuple(error.problems))
    form, problems = validate(tree, HoldsForm)
    problems = (*tree.problems, *problems)
    if form is None or any(each.severity is Severity.ERROR for each in problems):
        return Holding(problems=tuple(sorted(problems)))
    holds = tuple(map(_hold, form.holds))
    return Holding(holds=holds, problems=(*problems, *_strangers(tree, holds, coalition)))


def _unread(file: Path) -> Holding:
    try:
        read(file, name=HOLDS)
    except UserError as error:
        return Holding(problems=tuple(error.problems))
    return Holding()


def _hold(form: HoldForm) -> Hold:
    scope, value = form.named
    return Hold(scope=scope, value=value, reason=form.reason, by=form.by or "")


def _strangers(tree: Tree, holds: Sequence[Hold], coalition: Coalition) -> Iterator[Problem]:
    """A hold that holds nothing was meant for something else."""
    for number, hold in enumerate(holds):
        if problem := stranger(hold, coalition):
            message, hint = problem
            place = tree.places.value("holds", number, str(hold.scope))
            yield place.problem("holds-nothing", message, hint)


def stranger(hold: Hold, coalition: Coalition) -> tuple[str, str] | None:
    """Message and hint where there is nothing that it could keep back.

    What cannot be read may be meant: where a file has an error, nothing is called unknown.
    """
    names = targets(coalition)[hold.scope]
    if hold.scope is Scope.EVERYTHING or not coalition.complete or hold.target[1] in names:
        return None
    return (
        f'there is no {hold.scope} "{hold.value}" in this campaign',
        nearest(hold.target[1], names) if names else "",
    )


def targets(coalition: Coalition) -> Mapping[Scope, frozenset[str]]:
    """Everything that can be held, by scope, as holds are compared."""
    found: dict[Scope, set[str]] = {scope: set() for scope in Scope}
    for scope, value in _all_targets(coalition):
        found[scope].add(value)
    return {scope: frozenset(values - {""}) for scope, values in found.items()}


def _all_targets(coalition: Coalition) -> Iterator[Target]:
    for campaign in coalition.campaigns.values():
        yield target(Scope.MEMBER, campaign.member.id)
        yield target(Scope.COUNTRY, campaign.rules.country)
        for account in campaign.accounts:
            yield target(Scope.ACCOUNT, account)
        for post in campaign.posts.values():
            yield target(Scope.POST, post.id)
            yield target(Scope.LANGUAGE, post.language)
            yield target(Scope.LANGUAGE, post.language.split("-")[0])
            for tag in post.tags:
                yield target(Scope.TAG, tag)


def with_holds(calendar: Path, coalition: Coalition) -> tuple[Coalition, tuple[Problem, ...]]:
    """The coalition with what is held, and what is wrong with the file that says so."""
    held = read_holds(calendar, coalition)
    return replace(coalition, holds=held.holds, silenced=held.silenced), held.problems
