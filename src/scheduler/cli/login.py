"""campaign login: sign an account in, each platform in its own way. Nothing is posted."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Annotated

import typer

from scheduler.accounts import StoredTokens, origin_of, put
from scheduler.cli.absent import sound_part
from scheduler.cli.deciding import account_called, now, refused
from scheduler.cli.desk import Terminal
from scheduler.cli.options import CALENDAR, CampaignFile, LedgerAt, ledger_at
from scheduler.cli.telling import say
from scheduler.cli.vaults import key_file, vault, worker
from scheduler.errors import AccountRefused, Ending
from scheduler.ledger import Ledger, signing
from scheduler.model import Account, Coalition, Grant, Grants, SignedIn
from scheduler.platforms import Identity, Remembered
from scheduler.platforms.signing_in import WAYS, Entered, renewal_of
from scheduler.publishing import Vault, connected, signed_in_as

NOTHING_KEPT = "Nothing was kept."


def login(
    account: Annotated[str, typer.Argument(help="The account's name in the calendar.")],
    campaign: CampaignFile = CALENDAR,
    *,
    no_browser: Annotated[
        bool,
        typer.Option(
            "--no-browser",
            help="The browser is on another machine: show the address, and paste what comes back.",
        ),
    ] = False,
    redirect: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS",
            help="Where the platform sends the browser back to, if its app names another address.",
        ),
    ] = "",
    key_in_keyring: Annotated[
        bool,
        typer.Option(
            "--key-in-keyring",
            help="Keep a new key of the ledger's tokens in the system's keyring, not in a file.",
        ),
    ] = False,
    ledger: LedgerAt = None,
) -> None:
    """Sign an account in: each platform in its own way, asked here, and kept where you say."""
    coalition, _ = sound_part(campaign)
    wanted = _account(coalition, account)
    root = campaign.resolve().parent
    _explain(wanted)
    with Ledger(ledger_at(campaign, ledger)) as opened:
        kept = vault(campaign, opened, worker(), in_keyring=key_in_keyring)
        stored = StoredTokens(
            wanted, environment=os.environ, root=root, grants=kept.of(wanted.name)
        )
        desk = Terminal(
            known=lambda name: _known(wanted, stored, name),
            browser=not no_browser,
            redirect=redirect,
        )
        try:
            entered, identity = _entered(wanted, desk, stored, root)
            said = _keep(wanted, entered, identity, kept=kept, root=root)
        except Ending as ending:
            raise refused(f"{wanted.name}: {ending}", _hint(wanted)) from None
        opened.write(lambda connection: signing.remember_signed_in(connection, said))
        for sentence in _ending(wanted, identity, said):
            say(sentence)
        _say_key(campaign, opened, kept, wanted)


def _account(coalition: Coalition, name: str) -> Account:
    found = account_called(name, coalition)
    if found.kit:
        raise refused(f"{name} takes part with a kit", "nobody signs in for it")
    if found.platform not in WAYS:
        raise refused(f"{name} is a {found.platform}", "nobody signs in there")
    return found


# ── before anything is asked ──────────────────────────────────────────────────────────────────────


def _explain(account: Account) -> None:
    way = WAYS[account.platform]
    say(f"Signing in {account.name} ({account.platform}). Nothing is posted.")
    for sentence in way.guide:
        say(f"- {sentence}")
    if way.review:
        say(f"Still up to the platform: {way.review}.")
    for sentence in _environment_lines(account):
        say(sentence)


def _environment_lines(account: Account) -> Iterator[str]:
    for name, secret in account.secrets.items():
        if secret.kind != "env":
            continue
        if name == "token" and renewal_of(account) is not None:
            raise refused(
                f"the token of {account.name} is renewed every few weeks, and the environment "
                f"variable {secret.name} cannot be written",
                f"take its line out of the calendar ({name}: {{env: {secret.name}}}); the ledger "
                "then keeps it, encrypted",
            )
        yield (
            f"The calendar keeps its {name} in the environment variable {secret.name}, which "
            "nobody can write from here: you set it where the program is started. To have it kept "
            f"for you, write {{file: secrets/{account.name}-{name}}} or {{keyring: …}} instead."
        )


def _known(account: Account, stored: StoredTokens, name: str) -> str | None:
    """What is there already, and need not be typed: never the token that is to be made."""
    if name in account.options:
        return account.options[name]
    made_before = ("app_secret", "client_secret", "consumer_key", "consumer_secret")
    if name not in account.secrets:
        return None
    if name not in made_before and account.secrets[name].kind != "env":
        return None
    try:
        return stored.read(name)
    except AccountRefused:
        return None


# ── from the first question to what is kept ───────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class _Fresh:
    """What was just made, before it is kept anywhere; beside it, what was kept before."""

    entered: Entered
    stored: StoredTokens
    grants: Grants = field(default_factory=Remembered)

    def read(self, name: str) -> str:
        if name == "token" and self.entered.grant is not None:
            return self.entered.grant.access
        return self.entered.secrets.get(name) or self.stored.read(name)


def _entered(
    account: Account, desk: Terminal, stored: StoredTokens, root: Path
) -> tuple[Entered, Identity]:
    """What was made, once its platform has said that it is of the very account."""
    entered = WAYS[account.platform].sign_in(account, desk)
    fresh = _Fresh(entered=entered, stored=stored, grants=Remembered(entered.grant))
    identity = connected(account, fresh, root=root, environment=os.environ).whoami()
    say(f"{account.name} is {identity.name} ({identity.id}).")
    return entered, identity


def _keep(
    account: Account, entered: Entered, identity: Identity, *, kept: Vault, root: Path
) -> SignedIn:
    grant = _with_origin(account, entered)
    for sentence in _kept(account, entered, root):
        say(sentence)
    if grant is not None:
        kept.of(account.name).keep(grant)
    return signed_in_as(account, identity, grant, now=now())


def _with_origin(account: Account, entered: Entered) -> Grant | None:
    """A token that has a place in the calendar is told from another one that is put there."""
    grant = entered.grant
    if grant is None or renewal_of(account) is None:
        return grant
    return replace(grant, origin=origin_of(grant.access) if "token" in account.secrets else "")


def _values(account: Account, entered: Entered) -> Mapping[str, str]:
    """What has a place in the calendar, or should have one."""
    grant = entered.grant
    renewed = {"token": grant.access} if grant and renewal_of(account) is not None else {}
    return MappingProxyType({**entered.secrets, **renewed})


def _kept(account: Account, entered: Entered, root: Path) -> Iterator[str]:
    """Where each value is now; what nobody can write is said, and never shown."""
    for name, value in _values(account, entered).items():
        secret = account.secrets.get(name)
        if secret is None:
            if name not in ("token", "app_secret", "client_secret"):
                yield f"Its {name} has no place in the calendar: name one, and sign in again."
            continue
        if secret.kind == "env":
            if os.environ.get(secret.name) != value:
                yield (
                    f"Its {name} is right, and is not kept: set {secret.name} to what you typed, "
                    "where the program is started."
                )
            continue
        yield f"Its {name} is kept in {put(secret, value, root=root)}."


def _ending(account: Account, identity: Identity, said: SignedIn) -> Iterator[str]:
    if identity.scopes:
        yield f"It may: {', '.join(identity.scopes)}."
    if said.expires is None:
        yield "Its token has no end that the platform tells."
    else:
        yield f"Its token lives until {said.expires:%d %B %Y, %H:%M} UTC."
    if renewal_of(account) is not None:
        yield "campaign run renews it early where the platform lets it, and keeps it encrypted."
    yield f"Nothing goes out before: campaign live {account.name}"


def _hint(account: Account) -> str:
    return f"mend this, then once more: campaign login {account.name}"


def _say_key(campaign: Path, opened: Ledger, kept: Vault, account: Account) -> None:
    if kept.of(account.name).kept() is None:
        return
    file = key_file(campaign, opened)
    if file.exists():
        say(
            f"The key of the ledger's tokens is {file}. Back it up apart from the ledger; without "
            "it everybody signs in again."
        )
