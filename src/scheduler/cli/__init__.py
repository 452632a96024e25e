"""campaign VERB: one file for each verb."""

from __future__ import annotations

import os
import sys
import tempfile
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path

import typer
from rich.text import Text

from scheduler.cli.telling import ClosedStream, file_problem, say, say_problems
from scheduler.errors import Problem, UserError

#: One module each, with a function of the same name; by what somebody wants to do.
PANELS = {
    "Write": ("init", "check", "explain", "where_used", "count", "export", "import_", "roll_over"),
    "Look": ("preview", "cards", "matrix", "rehearse", "demo"),
    "Decide": ("approve", "hold", "holds", "release", "resolve", "withdraw", "history"),
    "Publish": ("login", "accounts", "live", "run", "worker", "status", "alerts", "ledger"),
    "By hand, and afterwards": ("kit", "confirm", "report"),
}
VERBS = tuple(name for names in PANELS.values() for name in names)


def app(arguments: Sequence[str]) -> typer.Typer:
    """The program, with the verb that was asked for, or with all of them for --help.

    Each verb brings whole libraries along; importing them all would take half of a check's time.
    """
    program = typer.Typer(
        name="campaign",
        help="Publishes a campaign's calendar, never twice and never silently missed.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode="rich",
    )
    program.callback()(_together)
    words = {_word(name) for name in VERBS}
    asked = words.intersection(arguments[:1])
    for panel, names in PANELS.items():
        for name in names:
            if (word := _word(name)) in (asked or words):
                verb = getattr(import_module(f"scheduler.cli.{name}"), name)
                program.command(word, rich_help_panel=panel)(verb)
    return program


def _word(module: str) -> str:
    """What a person types: "import", which no module can be called, and "where-used"."""
    return module.rstrip("_").replace("_", "-")


def _together() -> None:
    """Publishes a campaign's calendar, never twice and never silently missed."""


def main() -> None:
    """Exit 0 done · 1 a person must act · 2 usage · 3 a bug, with a log · 130 interrupted."""
    _prepare_streams()
    try:
        code = _told(_run)
        # Only now is it known whether everything that was said could be written.
        code = _told(lambda: _flushed(code))
    except BrokenPipeError:
        code = 1  # whoever listened has heard enough
    _leave_streams()
    sys.exit(code)


def _prepare_streams() -> None:
    sys.stdout = sys.stdout or ClosedStream()
    sys.stderr = sys.stderr or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        # Windows consoles are not always UTF-8, and every calendar is.
        getattr(stream, "reconfigure", lambda **_: None)(encoding="utf-8")


def _run() -> int:
    try:
        app(sys.argv[1:])()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    return 0


def _flushed(code: int) -> int:
    sys.stdout.flush()
    return code


def _told(verb: Callable[[], int]) -> int:
    """The exit code of the verb; whatever stopped it is said."""
    try:
        return verb()
    except BrokenPipeError:
        raise
    except UserError as error:
        return _refused(error.problems, _NOTHING.get("".join(sys.argv[1:2]), "Nothing was sent."))
    except KeyboardInterrupt:
        say("Interrupted. What is planned waits in the ledger.")
        return 130
    except OSError as error:
        problem = file_problem(error)
        if problem is None:
            return _bug()
        return _refused([problem], _NO_FURTHER)
    except Exception:  # noqa: BLE001 (nobody should have to read a traceback)
        return _bug()


#: What each verb has left alone when it refuses; the others send something, or only look.
_NOTHING = {
    **dict.fromkeys(
        ("export", "import", "init", "roll-over", "kit", "report"), "Nothing was written."
    ),
    **dict.fromkeys(
        ("approve", "hold", "release", "resolve", "live", "confirm", "ledger"),
        "Nothing was changed.",
    ),
    "withdraw": "Nothing was taken down.",
    "login": "Nothing was kept.",
}
#: A daemon may have sent something before its disk was full.
_NO_FURTHER = "It ended there, and nothing more was sent."


def _refused(problems: Sequence[Problem], ending: str) -> int:
    with suppress(OSError):  # where nothing can be said, the exit code still says it
        say_problems(problems, ending=ending)
    return 1


def _bug() -> int:
    with suppress(OSError):
        bug = ("This is a bug of the program.", "red")
        say(Text.assemble(bug, f" Please send the file {_log()}"))
    return 3


def _leave_streams() -> None:
    """Nothing is left that Python could fail to write when it ends, with a traceback of its own."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            with suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _log() -> Path:
    with tempfile.NamedTemporaryFile(
        "w", prefix="campaign-", suffix=".log", delete=False, encoding="utf-8"
    ) as file:
        file.write(traceback.format_exc())
    return Path(file.name)
