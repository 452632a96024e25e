"""campaign ledger move: from a file to a server, when one machine is not enough."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from scheduler.cli.telling import say
from scheduler.errors import Problem, UserError
from scheduler.ledger import Ledger
from scheduler.ledger.moving import Moved, NotMoved, move_ledger


class Act(StrEnum):
    """What can be done with a ledger as a whole."""

    #: To another place, whole; nothing publishes from the old one any more.
    MOVE = "move"


def ledger(
    act: Annotated[Act, typer.Argument(help="move: to a server, whole.")],
    source: Annotated[str, typer.Argument(metavar="FILE", help="The ledger as it is now.")],
    target: Annotated[str, typer.Argument(metavar="URL", help="postgresql://…, empty.")],
    *,
    who: Annotated[str, typer.Option("--as", metavar="NAME", help="Who does it.")] = "",
) -> None:
    """Move a ledger from a file to PostgreSQL; the file can never publish again.

    Live accounts must be bound anew there: campaign live ACCOUNT.
    """
    del act  # there is one
    file = Path(source.removeprefix("sqlite:///").removeprefix("sqlite:"))
    if "://" not in target:
        raise UserError([_problem(target, "this is no address of a server", _SERVER)])
    try:
        with Ledger(target) as opened:
            done = move_ledger(
                file, opened, now=datetime.now(UTC), who=who or getpass.getuser(), progress=say
            )
    except NotMoved as refused:
        message, hint = refused.args
        raise UserError([_problem(str(file), f"not moved: {message}", hint)]) from None
    _tell(done)


_SERVER = "write postgresql://USER@HOST/DATABASE"


def _tell(done: Moved) -> None:
    counts = ", ".join(f"{count} {name}" for name, count in done.rows.items() if count)
    say(f"Moved and compared: {counts or 'nothing'}; digest {done.digest[:16]}.")
    say("The file stays as it was, closed: nothing can publish from it any more.")
    for account in done.unbound:
        say(f"No longer live: campaign live {account}")


def _problem(file: str, message: str, hint: str) -> Problem:
    return Problem(file=file, code="ledger", message=message, hint=hint)
