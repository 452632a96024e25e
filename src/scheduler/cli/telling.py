"""How the program talks: data on standard output, talk and progress on standard error."""

from __future__ import annotations

import errno
import io
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.text import Text

from scheduler.errors import Problem, Severity

talk = Console(stderr=True, highlight=False, soft_wrap=True, emoji=False)
data = Console(highlight=False, soft_wrap=True, emoji=False)

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow"}


def say(text: str | Text) -> None:
    """One line of talk. Plain: what people call their folders and posts is no markup."""
    talk.print(text, markup=False)


def write_json(value: Any) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def say_problems(problems: Sequence[Problem], *, ending: str) -> None:
    """Each problem with its place, then how many, and what did not happen."""
    places = [_place(problem) for problem in problems]
    width = max(map(len, places), default=0)
    for place, problem in zip(places, problems, strict=True):
        line = Text(f"{place:{width}}", style=_COLOURS[problem.severity])
        line = Text.assemble(line, problem.message)
        if problem.hint:
            line = Text.assemble(line, f"\n{'':{width}}", (problem.hint, "dim"))
        say(line)
    say(f"{counted(problems).capitalize()}. {ending}")


def _place(problem: Problem) -> str:
    """With a gap behind it; nothing where no file is to blame."""
    return f"{problem.file}:{problem.line}:{problem.column}  " if problem.file else ""


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


# ── files and streams that fail ───────────────────────────────────────────────────────────────────


class ClosedStream(io.TextIOBase):
    """Standard output of a program that was started without one (`>&-`)."""

    def writable(self) -> bool:
        return True

    def write(self, _text: str, /) -> int:
        raise OSError(errno.EBADF, "it is closed")


def file_problem(error: OSError) -> Problem | None:
    """What a person can do about it, or None where no file of theirs has to do with it."""
    if error.filename is None and error.errno not in _OF_STREAMS:
        return None
    message, hint = _REASONS.get(error.errno or 0, (_as_said(error), _ELSEWHERE))
    if error.filename is None:
        return Problem(
            file="standard output",
            code="not-written",
            message=f"this cannot be written: {message}",
            hint="send it to a file on a disk that has room, or to the screen",
        )
    file = _culprit(Path(os.fsdecode(error.filename)))
    return Problem(file=str(file), code="not-written", message=message, hint=hint)


def _as_said(error: OSError) -> str:
    return f"this cannot be used: {error.strerror or error}"


def _culprit(file: Path) -> Path:
    """The file that stands where a folder is needed, if that is what is wrong."""
    for folder in reversed(file.parents):
        try:
            if folder.exists() and not folder.is_dir():
                return folder
        except OSError:
            break
    return file


#: Without a file's name these can only be about what is written to.
_OF_STREAMS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EBADF, errno.EIO})
_ELSEWHERE = "name another place; verbs that write take one with --out"
_NO_FOLDER = (
    "this is a file, and a folder is needed here",
    "move it away, or name a folder, with --out where the verb has it",
)
#: What the machine's own words mean, and what to do.
_REASONS = {
    errno.ENOTDIR: _NO_FOLDER,
    errno.EEXIST: _NO_FOLDER,
    errno.EISDIR: ("this is a folder, and a file is needed here", "move it away, or name a file"),
    errno.ENOSPC: ("the disk is full", "make room on it, then run this again"),
    errno.EDQUOT: ("your share of the disk is full", "make room on it, then run this again"),
    errno.EROFS: ("this disk can only be read", _ELSEWHERE),
    errno.EACCES: ("this may not be read or written", f"change who may use it, or {_ELSEWHERE}"),
    errno.EPERM: ("this may not be read or written", f"change who may use it, or {_ELSEWHERE}"),
    errno.ENOENT: ("this is not there, and cannot be made", _ELSEWHERE),
    errno.ENAMETOOLONG: ("this name is too long for the disk", "name a shorter one"),
    errno.EBADF: ("it is closed", "run this without >&-"),
}
