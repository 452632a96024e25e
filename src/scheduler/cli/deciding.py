"""What the verbs of a person's hand share: who it is, a question before it counts, a list."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from scheduler.cli.absent import where_sought
from scheduler.cli.options import is_begun, ledger_at
from scheduler.cli.telling import say, talk
from scheduler.errors import Problem, UserError
from scheduler.ledger import Entry
from scheduler.model import Account, Coalition
from scheduler.naming import nearest

NOTHING_CHANGED = "Nothing was changed."

As = Annotated[
    str,
    typer.Option("--as", metavar="NAME", help="Who decides; else the name of this login."),
]
Yes = Annotated[bool, typer.Option("--yes", help="Do it without asking once more.")]


def who(name: str) -> str:
    """The name that the audit trail keeps."""
    if given := " ".join(name.split()):
        return given
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        raise refused("nobody knows who you are", "say it with --as NAME") from None


def now() -> datetime:
    return datetime.now(UTC)


def agreed(question: str, *, yes: bool) -> None:
    """Goes on only after a yes; where nobody can be asked, after --yes."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise refused(f"{question} There is nobody here to ask", "say yes beforehand: --yes")
    if not typer.confirm(question, err=True):
        say(NOTHING_CHANGED)
        raise typer.Exit(1)


def refused(message: str, hint: str = "", *, file: str = "") -> UserError:
    """What a person asked for cannot be done; `file` only where one is to blame."""
    return UserError([Problem(file=file, code="refused", message=message, hint=hint)])


def account_called(name: str, coalition: Coalition) -> Account:
    """Raises `UserError`, with the name that was probably meant."""
    accounts = coalition.accounts
    if name not in accounts:
        raise refused(
            f'there is no account "{name}"{where_sought(coalition)}', nearest(name, accounts)
        )
    return accounts[name]


def begun(campaign: Path, written: str | None) -> Path | str:
    """Where the ledger is. Raises `UserError` where nothing has run yet."""
    where = ledger_at(campaign, written)
    if not is_begun(where):
        raise refused(
            "nothing has run yet, so there is nothing to decide on", "campaign run", file=str(where)
        )
    return where


def show(coalition: Coalition, entries: Iterable[Entry], *, title: str = "") -> None:
    """Deliveries, a line each, each at its own organisation's hour."""
    table = Table(title=Text(title), title_justify="left", box=None, pad_edge=False)
    for name in ("Day", "Due", "Post", "Account", "State", "What is known"):
        table.add_column(name, overflow="fold")
    for entry in entries:
        known = entry.receipt.url if entry.receipt else entry.reason
        cells = (str(entry.day), local(coalition, entry), entry.post, entry.account)
        table.add_row(*map(Text, (*cells, str(entry.state), known)))
    talk.print(table)


def local(coalition: Coalition, entry: Entry) -> str:
    """When it is due, in the zone of its organisation."""
    campaign = coalition.speaker(entry.account) or coalition.own
    return f"{entry.due.astimezone(campaign.zone):%a %d %b %H:%M}"


def as_json(entry: Entry) -> dict[str, Any]:
    return {
        "key": entry.key,
        "state": str(entry.state),
        "due": entry.due.isoformat().replace("+00:00", "Z"),
        "url": entry.receipt.url if entry.receipt else None,
        "reason": entry.reason or None,
    }


def counted(number: int, what: str) -> str:
    """ "1 delivery", "3 deliveries"."""
    plural = f"{what[:-1]}ies" if what.endswith("y") else f"{what}s"
    return f"{number} {what if number == 1 else plural}"
