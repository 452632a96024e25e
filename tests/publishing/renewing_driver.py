"""Renews an account's token in a process of its own, which kills itself where it is told to.

Nothing of the product is touched: the process watches its own statements from below.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, event

from scheduler.accounts import Seal, StoredTokens
from scheduler.errors import Ending
from scheduler.ledger import Ledger
from scheduler.model import Account, Secret
from scheduler.platforms import PLATFORMS
from scheduler.publishing import Vault, renew_early


def main() -> None:
    order = json.loads(sys.argv[1])
    now = datetime.fromisoformat(order["now"])
    if order["at"]:
        _kill_at(order["at"])
    with Ledger(Path(order["ledger"])) as ledger:
        vault = Vault(
            ledger=ledger,
            seal=lambda: Seal(key=bytes(32), place="a test"),
            now=lambda: now,
            worker=f"process {os.getpid()}",
        )
        account = Account(
            name="eu",
            platform=order["platform"],
            options=order["options"],
            secrets={name: Secret(kind="file", name=at) for name, at in order["secrets"].items()},
        )
        tokens = StoredTokens(account, environment={}, root=Path.cwd(), grants=vault.of("eu"))
        try:
            renew_early(account, tokens, vault, now=now)
            adapter = PLATFORMS[account.platform](account, tokens=tokens, host=None)
            sys.stdout.write(adapter.whoami().name)
        except Ending as ending:
            sys.exit(str(ending))


def _kill_at(point: str) -> None:
    """Where a token is written that the platform has just given."""
    written: list[str] = []

    @event.listens_for(Engine, "before_cursor_execute")
    def _statement(_connection, _cursor, statement, _parameters, _context, _many) -> None:
        if statement.startswith("UPDATE grants SET") and "sealed=" in statement:
            if point == "writing":
                _die()
            written.append(statement)

    @event.listens_for(Engine, "commit")
    def _committing(_connection) -> None:
        if written:
            _die()


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


main()
