"""campaign live: publish to an account from this ledger, and from no other."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated

import typer

from scheduler.cli.absent import sound_part
from scheduler.cli.deciding import (
    NOTHING_CHANGED,
    As,
    account_called,
    counted,
    local,
    now,
    refused,
    who,
)
from scheduler.cli.elsewhere import Elsewhere
from scheduler.cli.options import CALENDAR, CampaignFile, LedgerAt, ledger_at
from scheduler.cli.telling import say
from scheduler.cli.vaults import vault, worker
from scheduler.errors import Ending
from scheduler.ledger import Binding, Ledger, deciding, syncing
from scheduler.model import Account, Coalition
from scheduler.planning import plan
from scheduler.publishing import harmless, home, identity_of, signed_in
from scheduler.publishing.going_live import Prospect, prospect

#: Posts that stand on the account already, at most so many are shown.
_SHOWN = 5


def live(
    account: Annotated[str, typer.Argument(help="The account's name in the calendar.")],
    campaign: CampaignFile = CALENDAR,
    *,
    confirm: Annotated[
        str, typer.Option(metavar="NAME", help="The account's name once more, instead of typing.")
    ] = "",
    no_other: Annotated[
        bool,
        typer.Option(
            "--no-other-ledger", help="You are sure that no other ledger publishes to it any more."
        ),
    ] = False,
    off: Annotated[bool, typer.Option("--off", help="Publish nothing more to it.")] = False,
    name: As = "",
    ledger: LedgerAt = None,
) -> None:
    """Show who the account is and what stands there, then publish to it from this ledger alone."""
    coalition, _ = sound_part(campaign)
    wanted = _account(coalition, account)
    where = ledger_at(campaign, ledger)
    if isinstance(where, Path) and not off and (why := _throw_away(os.environ)):
        raise refused(
            why, "use a disk that stays, or a ledger on PostgreSQL: --ledger postgresql://…"
        )
    with Ledger(where) as opened:
        if off:
            _off(opened, coalition, account, who(name))
            return
        known = _looked_at(campaign, opened, coalition, wanted)
        elsewhere = Elsewhere(os.environ)
        _say(coalition, wanted, known)
        _alone(opened, elsewhere, known, no_other=no_other)
        _typed(account, confirm)
        elsewhere.remember(known.identity, home(opened))
        _bind(opened, coalition, account, known.identity, who(name))
    if coalition.own.alerts is None:
        say("Nobody is told when something of it goes wrong: add alerts (docs/alerts.md).")


def _account(coalition: Coalition, name: str) -> Account:
    found = account_called(name, coalition)
    if found.kit:
        raise refused(f"{name} takes part with a kit", "a person posts what is meant for it")
    if harmless(found):
        raise refused(
            f"{name} is no public account ({found.platform})", "it needs no campaign live"
        )
    return found


def _throw_away(environment: Mapping[str, str]) -> str:
    """Why a file on this machine would not be there tomorrow, as far as that can be seen."""
    if environment.get("CI"):
        return "this machine is thrown away after its run (CI is set), and a file ledger with it"
    return ""


def _looked_at(campaign: Path, opened: Ledger, coalition: Coalition, account: Account) -> Prospect:
    opened.write(
        lambda connection: syncing.sync(
            connection,
            coalition.own.id,
            coalition.own.first_day,
            plan(coalition),
            gone=lambda name: coalition.complete or coalition.speaker(name) is not None,
            now=now(),
            who="live",
        )
    )
    platform = signed_in(
        account,
        root=campaign.resolve().parent,
        environment=os.environ,
        vault=vault(campaign, opened, worker()),
    )
    try:
        return prospect(opened, coalition, account.name, platform, identity_of(platform.whoami()))
    except Ending as ending:
        raise refused(f"{account.name}: {ending}", "mend this first") from None


def _say(coalition: Coalition, account: Account, known: Prospect) -> None:
    say(f"{account.name} is {known.identity}.")
    if known.planned:
        first, last = known.planned[0], known.planned[-1]
        say(
            f"{counted(len(known.planned), 'delivery')} planned, from {local(coalition, first)} "
            f"to {local(coalition, last)}."
        )
    else:
        say("Nothing is planned for it.")
    for line in _standing(known):
        say(line)


def _standing(known: Prospect) -> Iterator[str]:
    if known.standing is None:
        yield "What stands there already, this platform does not show: look at it yourself."
        return
    yield f"Since 30 days before day 1, {counted(len(known.standing), 'post')} stand there."
    for post in known.standing[:_SHOWN]:
        words = " ".join(post.text.split())
        yield f"  {post.published_at:%Y-%m-%d %H:%M} UTC  {words[:60]}  {post.receipt.url}"


def _alone(opened: Ledger, elsewhere: Elsewhere, known: Prospect, *, no_other: bool) -> None:
    if (other := elsewhere.ledger_of(known.identity)) and other != home(opened):
        raise refused(
            f"another ledger on this machine publishes as {known.identity}: {other}",
            "there: campaign live ACCOUNT --off",
        )
    if (message := known.another_at_work) and not no_other:
        raise refused(
            message,
            "find it and stop it; if there is none any more: --no-other-ledger, and say of each "
            "post what it is: campaign resolve KEY --published URL",
        )


def _typed(account: str, confirm: str) -> None:
    if not confirm:
        if not sys.stdin.isatty():
            raise refused("this is confirmed by typing the account's name", f"--confirm {account}")
        confirm = typer.prompt("Type the account's name to go live", err=True)
    if confirm != account:
        say(f'"{confirm}" is not "{account}". {NOTHING_CHANGED}')
        raise typer.Exit(1)


def _bind(
    opened: Ledger,
    coalition: Coalition,
    account: str,
    identity: str,
    by: str,
) -> None:
    opened.write(
        lambda connection: deciding.bind(
            connection, coalition.own.id, account, identity, home=home(opened), now=now(), who=by
        )
    )
    say(f"{account} is live on {opened.name}. Never copy this ledger; there must be only one.")


def _off(opened: Ledger, coalition: Coalition, account: str, by: str) -> None:
    bound: Binding | None = opened.read(
        lambda connection: deciding.binding(connection, coalition.own.id, account)
    )
    if bound is None:
        say(f"{account} was not live on this ledger.")
        return
    opened.write(
        lambda connection: deciding.unbind(
            connection, coalition.own.id, account, because="off", now=now(), who=by
        )
    )
    Elsewhere(os.environ).forget(bound.identity, home(opened))
    say(f"{account} is no longer live: nothing more goes out there from this ledger.")
