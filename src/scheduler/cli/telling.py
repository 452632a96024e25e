"""How the program talks: data on standard output, talk and progress on standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from scheduler.errors import Problem, Severity

talk = Console(stderr=True, highlight=False, soft_wrap=True)
data = Console(highlight=False, soft_wrap=True)

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow"}


def say(text: str) -> None:
    """One line of talk; Rich markup is understood."""
    talk.print(text)


def write_json(value: Any) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def say_problems(problems: Sequence[Problem], *, ending: str) -> None:
    """Each problem with its place, then how many, and what did not happen."""
    places = [f"{problem.file}:{problem.line}:{problem.column}" for problem in problems]
    width = max(map(len, places), default=0)
    for place, problem in zip(places, problems, strict=True):
        colour = _COLOURS[problem.severity]
        hint = f"\n{'':{width + 2}}[dim]{escape(problem.hint)}[/dim]" if problem.hint else ""
        talk.print(
            f"[{colour}]{escape(f'{place:{width}}')}[/{colour}]  {escape(problem.message)}{hint}"
        )
    talk.print(f"{counted(problems).capitalize()}. {ending}")


def counted(problems: Sequence[Problem]) -> str:
    """ "2 errors and 1 warning", or "no problems"."""
    parts = []
    for severity in Severity:
        number = sum(problem.severity is severity for problem in problems)
        if number:
            parts.append(f"{number} {severity}{'s' if number > 1 else ''}")
    return " and ".join(parts) or "no problems"


def problems_json(problems: Sequence[Problem]) -> list[dict[str, Any]]:
    return [
        {
            "file": problem.file,
            "line": problem.line,
            "column": problem.column,
            "severity": str(problem.severity),
            "code": problem.code,
            "message": problem.message,
            "hint": problem.hint,
        }
        for problem in problems
    ]


@contextmanager
def progress(what: str) -> Iterator[Callable[[int], Callable[[], None]]]:
    """A bar on standard error; gives a function from the total to what is called after each."""
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        console=talk,
        transient=True,
        disable=not talk.is_terminal,
    )
    with bar:

        def begin(total: int) -> Callable[[], None]:
            task = bar.add_task(what, total=total)
            return lambda: bar.advance(task)

        yield begin
