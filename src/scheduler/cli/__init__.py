"""campaign VERB: one file for each verb."""

from __future__ import annotations

import sys
import tempfile
import traceback
from pathlib import Path

import typer

from scheduler.cli import (
    cards,
    check,
    demo,
    explain,
    init,
    preview,
    rehearse,
    release,
    roll_over,
    run,
    status,
    where_used,
)
from scheduler.cli.telling import say, say_problems
from scheduler.errors import UserError

app = typer.Typer(
    name="campaign",
    help="Publishes a campaign's calendar, never twice and never silently missed.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
for verb in (
    check.check,
    preview.preview,
    rehearse.rehearse,
    run.run,
    status.status,
    release.release,
    cards.cards,
    explain.explain,
    where_used.where_used,
    init.init,
    roll_over.roll_over,
    demo.demo,
):
    app.command()(verb)


def main() -> None:
    """Exit 0 done · 1 a person must act · 2 usage · 3 a bug, with a log · 130 interrupted."""
    for stream in (sys.stdout, sys.stderr):
        # Windows consoles are not always UTF-8, and every calendar is.
        getattr(stream, "reconfigure", lambda **_: None)(encoding="utf-8")
    try:
        app()
    except UserError as error:
        say_problems(error.problems, ending="Nothing was sent.")
        sys.exit(1)
    except KeyboardInterrupt:
        say("Interrupted. What is planned waits in the ledger.")
        sys.exit(130)
    except Exception:  # noqa: BLE001 (nobody should have to read a traceback)
        say(f"[red]This is a bug of the program.[/red] Please send the file {_log()}")
        sys.exit(3)


def _log() -> Path:
    with tempfile.NamedTemporaryFile(
        "w", prefix="campaign-", suffix=".log", delete=False, encoding="utf-8"
    ) as file:
        file.write(traceback.format_exc())
    return Path(file.name)
