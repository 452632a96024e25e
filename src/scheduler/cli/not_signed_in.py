"""Accounts whose secrets are nowhere on this machine, with the command that mends it.

It is no problem of the calendar: who edits it on a laptop has no tokens there, and needs none.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scheduler.accounts import missing
from scheduler.cli.options import is_begun
from scheduler.model import Account, Coalition
from scheduler.platforms.addresses import sandboxed
from scheduler.platforms.signing_in import WAYS, renewal_of

#: More of them are counted, and not named.
_NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class NotSignedIn:
    """An account, and the names of the secrets that it lacks."""

    account: str
    lacks: tuple[str, ...]

    @property
    def mend(self) -> str:
        return f"campaign login {self.account}"

    def __str__(self) -> str:
        return f"{self.account} is not signed in on this machine (no {', '.join(self.lacks)})"


def not_signed_in(
    coalition: Coalition, *, root: Path, ledger: Path | str
) -> tuple[NotSignedIn, ...]:
    """Everybody who would publish, and could not."""
    known = _kept(ledger)
    return tuple(
        NotSignedIn(account=account.name, lacks=lacks)
        for account in coalition.accounts.values()
        if account.platform in WAYS and not account.kit and not sandboxed(account)
        for lacks in [tuple(_lacks(account, root, known))]
        if lacks
    )


def sentences(found: tuple[NotSignedIn, ...]) -> Iterator[str]:
    """A line each, as far as anybody reads them."""
    for each in found[:_NAMED]:
        yield f"{each}: {each.mend}"
    if len(found) > _NAMED:
        yield f"{len(found) - _NAMED} more are not signed in on this machine: campaign accounts"


def in_json(found: tuple[NotSignedIn, ...]) -> list[dict[str, Any]]:
    return [
        {"account": each.account, "lacks": list(each.lacks), "mend": each.mend} for each in found
    ]


def _lacks(account: Account, root: Path, known: frozenset[str]) -> Iterator[str]:
    yield from missing(account, environment=os.environ, root=root)
    if renewal_of(account) and "token" not in account.secrets and account.name not in known:
        yield "token"


def _kept(ledger: Path | str) -> frozenset[str]:
    """Whose tokens the ledger has."""
    if not is_begun(ledger):
        return frozenset()
    from scheduler.ledger import Ledger, granting  # noqa: PLC0415 (most checks need no SQLAlchemy)

    with Ledger(ledger) as opened:
        return opened.read(granting.accounts)
