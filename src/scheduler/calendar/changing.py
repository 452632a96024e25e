"""Other values for a calendar's files: as texts, and tried out before anything is written."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from scheduler.calendar.assembling import files, read_calendar
from scheduler.calendar.reading import Values, read, read_text
from scheduler.calendar.writing import edited, emitted
from scheduler.errors import Problem, Severity, UserError
from scheduler.model import KeyPath


def values_of(calendar: Path) -> dict[str, Values]:
    """The values of every file of a calendar. Raises `UserError` where one is misread."""
    trees = {name: read(path, name=name) for name, path in files(calendar).items()}
    if problems := [problem for tree in trees.values() for problem in tree.problems]:
        raise UserError(problems)
    return {name: tree.values for name, tree in trees.items()}


def contents_of(calendar: Path, changes: Mapping[str, Values]) -> dict[Path, bytes]:
    """The text of each file with its new values: the least change of what stands there now."""
    contents = {}
    for name, values in changes.items():
        path = calendar.parent / name
        text = (
            edited(_standing(path, name), values, name=name) if path.exists() else emitted(values)
        )
        contents[path] = text.encode()
    return contents


def _standing(path: Path, name: str) -> str:
    read(path, name=name)  # says what is wrong with it
    return path.read_bytes().decode()


def new_errors(calendar: Path, contents: Mapping[Path, bytes]) -> Iterator[tuple[Problem, KeyPath]]:
    """The errors that the calendar does not have yet, and what each of them is about."""
    old = {name: path.read_bytes() for name, path in files(calendar).items()}
    changed = {
        path.relative_to(calendar.parent).as_posix(): data for path, data in contents.items()
    }
    known = Counter(_said(problem) for problem in _errors(calendar.name, old))
    for problem in _errors(calendar.name, old | changed):
        if known[_said(problem)]:
            known[_said(problem)] -= 1
        else:
            yield problem, _path_at(problem, changed.get(problem.file, b""))


def _said(problem: Problem) -> tuple[str, str, str]:
    return problem.file, problem.code, problem.message


def _errors(name: str, texts: Mapping[str, bytes]) -> list[Problem]:
    """The errors of these files, read somewhere else; whether pictures are there is not asked."""
    with tempfile.TemporaryDirectory() as folder:
        for each, text in texts.items():
            path = Path(folder) / each
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(text)
        problems = read_calendar(Path(folder) / name).problems
    return [
        each for each in problems if each.severity is Severity.ERROR and each.code != "no-picture"
    ]


def _path_at(problem: Problem, data: bytes) -> KeyPath:
    """The longest path that stands at the place of the problem, or before it."""
    try:
        places = read_text(data.decode("utf-8-sig"), name=problem.file).places
    except UserError:
        return ()
    before = [
        (place.line, place.column, path)
        for path, place in {**places.values, **places.keys}.items()
        if (place.line, place.column) <= (problem.line, problem.column)
    ]
    return max(before, key=lambda each: (each[0], each[1], len(each[2])), default=(0, 0, ()))[2]
