"""campaign accounts: as whom each account is signed in, and for how long. Nothing is posted."""

from __future__ import annotations

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Group
from rich.table import Table
from rich.text import Text

from scheduler.cli.absent import sound_part
from scheduler.cli.deciding import account_called, now
from scheduler.cli.options import CALENDAR, CampaignFile, Json, LedgerAt, ledger_at
from scheduler.cli.telling import data, say, write_json
from scheduler.cli.vaults import vault, worker
from scheduler.errors import AccountRefused, Ending
from scheduler.ledger import Ledger, signing
from scheduler.model import Account, Coalition, SignedIn
from scheduler.platforms import PLATFORMS
from scheduler.platforms.signing_in import WAYS
from scheduler.publishing import (
    CONNECTIONS,
    Vault,
    connected,
    kept_alive,
    signed_in_as,
    tokens_of,
)

#: A token that dies before this is worth a word.
SOON = timedelta(days=14)


class Standing(StrEnum):
    """How an account is, in a word."""

    #: Its platform knows it, and it may publish.
    GOOD = "good"
    #: The same, for two weeks at most.
    DYING = "dying"
    #: It cannot be renewed, and is good for as long as it lives.
    SIGN_IN_AGAIN = "sign in again"
    #: Its token is nowhere, or its platform takes it no more.
    NOT_SIGNED_IN = "not signed in"
    #: Nobody answered: nothing is known.
    UNKNOWN = "unknown"
    #: Nobody signs in there: a folder, or a person with a kit.
    NOT_NEEDED = "not needed"


_COLOURS = {
    Standing.GOOD: "green",
    Standing.DYING: "yellow",
    Standing.SIGN_IN_AGAIN: "bold yellow",
    Standing.NOT_SIGNED_IN: "bold red",
    Standing.UNKNOWN: "yellow",
}
#: Where a person must do something.
_FOR_A_PERSON = (Standing.DYING, Standing.SIGN_IN_AGAIN, Standing.NOT_SIGNED_IN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What is known of an account now."""

    account: Account
    standing: Standing
    said: SignedIn | None = None
    scopes: tuple[str, ...] = ()
    #: Why it is not good, and what to do.
    reason: str = ""
    quota_left: int | None = None
    last_published: datetime | None = None


def accounts(
    campaign: CampaignFile = CALENDAR,
    *,
    only: Annotated[
        list[str] | None, typer.Argument(metavar="[ACCOUNT]…", help="Only these.")
    ] = None,
    ledger: LedgerAt = None,
    json: Json = False,
) -> None:
    """Ask each account's platform who it is, what it may do and for how long. Posts nothing."""
    coalition, _ = sound_part(campaign)
    with Ledger(ledger_at(campaign, ledger)) as opened:
        asking = _Asking(
            root=campaign.resolve().parent,
            opened=opened,
            kept=vault(campaign, opened, worker()),
            last=opened.read(
                lambda connection: signing.last_published(connection, coalition.own.id)
            ),
        )
        wanted = _wanted(coalition, only or [])
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            rows = list(pool.map(asking.row, wanted))
    if json:
        write_json({"accounts": [_in_json(row) for row in rows]})
    else:
        data.print(_table(rows), soft_wrap=False)
        for row in rows:
            if row.reason:
                say(f"{row.account.name}: {row.reason}")
    if any(row.standing in _FOR_A_PERSON for row in rows):
        raise typer.Exit(1)


def _wanted(coalition: Coalition, only: list[str]) -> list[Account]:
    if only:
        return [account_called(name, coalition) for name in dict.fromkeys(only)]
    return list(coalition.accounts.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asking:
    root: Path
    opened: Ledger
    kept: Vault
    last: Mapping[str, datetime]

    def row(self, account: Account) -> Row:
        last = self.last.get(account.name)
        if account.kit or account.platform not in WAYS:
            return Row(account=account, standing=Standing.NOT_NEEDED, last_published=last)
        try:
            return self._asked(account, last)
        except AccountRefused as refused:
            hint = f"sign in: campaign login {account.name}"
            reason = str(refused) if hint in str(refused) else f"{refused}; {hint}"
            standing = Standing.NOT_SIGNED_IN
        except Ending as ending:
            reason, standing = str(ending), Standing.UNKNOWN
        return Row(account=account, standing=standing, reason=reason, last_published=last)

    def _asked(self, account: Account, last: datetime | None) -> Row:
        tokens = tokens_of(account, root=self.root, environment=os.environ, vault=self.kept)
        platform = connected(account, tokens, root=self.root, environment=os.environ)
        grant = kept_alive(account, tokens, self.kept, now=now())
        identity = platform.whoami()
        left = identity.quota_left
        quota = self._counted(account) if left is None else left
        said = signed_in_as(account, identity, grant, now=now())
        self.opened.write(lambda connection: signing.remember_signed_in(connection, said))
        standing, reason = self._standing(account, said)
        return Row(
            account=account,
            standing=standing,
            said=said,
            scopes=identity.scopes or (grant.scopes if grant else ()),
            reason=reason,
            quota_left=quota,
            last_published=last,
        )

    def _standing(self, account: Account, said: SignedIn) -> tuple[Standing, str]:
        again = f"sign in again: campaign login {account.name}"
        if trouble := self.kept.of(account.name).trouble:
            return Standing.SIGN_IN_AGAIN, f"{trouble}; {again}"
        if said.expires is not None and said.expires - now() < SOON:
            return Standing.DYING, f"its token dies on {said.expires:%d %B}; {again}"
        return Standing.GOOD, ""

    def _counted(self, account: Account) -> int | None:
        """By the caps that the platform publishes, and what this ledger has sent."""
        caps = PLATFORMS[account.platform].caps
        return min(
            (
                max(
                    0,
                    cap.posts
                    - self.opened.read(
                        lambda connection, cap=cap: signing.sent_since(  # type: ignore[misc]
                            connection, account.name, window=cap.window, now=now()
                        )
                    ),
                )
                for cap in caps
            ),
            default=None,
        )


# ── as a table ────────────────────────────────────────────────────────────────────────────────────


def _table(rows: list[Row]) -> Group | Table:
    table = Table(box=None, pad_edge=False, title_justify="left")
    table.add_column("Account", overflow="fold", ratio=5)
    table.add_column("Who it is, and what it may do", overflow="fold", ratio=9)
    table.add_column("Signed in", overflow="fold", ratio=4)
    table.add_column("Left", justify="right", no_wrap=True)
    table.add_column("Last post", no_wrap=True)
    for row in rows:
        table.add_row(
            Text.assemble(row.account.name, "\n", (row.account.platform, "dim")),
            _who(row),
            _signed_in(row),
            "–" if row.quota_left is None else str(row.quota_left),
            f"{row.last_published:%d %b %H:%M}" if row.last_published else "–",
        )
    return table


def _who(row: Row) -> Text:
    if row.said is None:
        return Text("–")
    may = f"\nmay {', '.join(row.scopes)}" if row.scopes else ""
    return Text.assemble(row.said.name, (may, "dim"))


def _signed_in(row: Row) -> Text:
    word = Text(str(row.standing), style=_COLOURS.get(row.standing, ""))
    if row.said is None:
        return word
    if row.said.expires is None:
        return Text.assemble(word, ("\nno end is told", "dim"))
    return Text.assemble(word, f"\nuntil {row.said.expires:%d %b %Y}")


def _in_json(row: Row) -> dict[str, Any]:
    said = row.said
    return {
        "account": row.account.name,
        "platform": row.account.platform,
        "standing": str(row.standing),
        "name": said.name if said else None,
        "url": said.url if said else None,
        "scopes": list(row.scopes),
        "expires": _iso(said.expires) if said else None,
        "quota_left": row.quota_left,
        "last_published": _iso(row.last_published),
        "looked_at": _iso(said.looked_at) if said else None,
        "reason": row.reason or None,
    }


def _iso(instant: datetime | None) -> str | None:
    return None if instant is None else instant.astimezone(UTC).isoformat().replace("+00:00", "Z")
