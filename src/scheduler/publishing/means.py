"""What publishing needs from outside, and a calendar as it was taken up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from scheduler.accounts import StoredTokens
from scheduler.cards import Shelf
from scheduler.hosting import host
from scheduler.ledger import Binding, Entry, Ledger
from scheduler.model import Account, Bucket, Campaign, Coalition, Grant, Post
from scheduler.platforms import (
    NOWHERE,
    PLATFORMS,
    Identity,
    MediaHost,
    Platform,
    Remembered,
    Tokens,
)
from scheduler.publishing.deadman import Deadman
from scheduler.publishing.keeping import Vault

#: How long a worker may hold a delivery before others take it for lost.
LEASE = timedelta(minutes=2)
#: How many accounts are served at the same time, unless somebody says otherwise.
CONNECTIONS = 8


class Clock(Protocol):
    """What time it is. Only `now` may jump; lengths of time are taken from `monotonic`."""

    def now(self) -> datetime: ...

    def monotonic(self) -> float: ...

    def wait(self, seconds: float) -> None:
        """Let time pass, where nothing better can be done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What publishing needs. `worker` is this process's name in the ledger."""

    ledger: Ledger
    clock: Clock
    shelf: Shelf
    #: Gives an account's adapter, signed in.
    connect: Callable[[Account], Platform]
    #: Says why a post must not go out on an account here, or None; told as whom it is live here.
    gate: Callable[[Account, Post, Binding | None], str | None]
    worker: str
    #: How many different people must have said yes to what goes out.
    approvals: Callable[[Campaign], int] = lambda campaign: campaign.rules.approvals
    lease: timedelta = LEASE
    #: Accounts that are served at the same time, on each platform.
    connections: int = CONNECTIONS
    #: Keeps an account's token alive where its platform renews it; never fails.
    renew: Callable[[Account], Grant | None] = lambda _account: None
    #: Ends this process if it sleeps while it sends; None where others depend on it.
    deadman: Deadman | None = None
    #: Whether what its calendar plans enters the ledger; else it publishes what others planned.
    plans: bool = True


def signed_in(
    account: Account, *, root: Path, environment: Mapping[str, str], vault: Vault | None = None
) -> Platform:
    """The account's adapter with its own tokens; paths are taken from `root`.

    Without a `vault`, what a platform renews is kept for as long as the process lives.
    """
    tokens = tokens_of(account, root=root, environment=environment, vault=vault)
    return connected(account, tokens, root=root, environment=environment)


def tokens_of(
    account: Account, *, root: Path, environment: Mapping[str, str], vault: Vault | None
) -> StoredTokens:
    """The account's tokens where they are kept: by the calendar's word, or in the ledger."""
    grants = Remembered() if vault is None else vault.of(account.name)
    return StoredTokens(account, environment=environment, root=root, grants=grants)


def connected(
    account: Account, tokens: Tokens, *, root: Path, environment: Mapping[str, str]
) -> Platform:
    """The account's adapter with these tokens."""
    platform = PLATFORMS[account.platform]
    options = {
        name: str(root / value) if platform.options[name].path else value
        for name, value in account.options.items()
    }
    return platform(
        replace(account, options=options),
        tokens=tokens,
        host=_host(account, root, environment),
    )


def _host(account: Account, root: Path, environment: Mapping[str, str]) -> MediaHost:
    """Where its pictures lie at a public address, as far as the calendar says so."""
    if account.hosting is None:
        return NOWHERE

    def secrets(bucket: Bucket) -> StoredTokens:
        return StoredTokens(bucket, environment=environment, root=root, called="bucket")

    return host(account.hosting, root=root, secrets=secrets)


@dataclass(frozen=True, slots=True)
class Said:
    """A post as one organisation says it on one of its accounts."""

    campaign: Campaign
    post: Post
    account: Account


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """A calendar as it was taken up, with everything that belongs to it."""

    coalition: Coalition
    #: Why a post must not go out as it is, by post and account.
    held: Mapping[tuple[str, str], str]
    #: By account; those of a kit need none.
    platforms: Mapping[str, Platform]
    #: Names the files that it was read from; "" where nobody compares.
    files: str = ""
    #: As whom each account publishes, once a platform has said so.
    identities: dict[str, str] = field(default_factory=dict)

    def account(self, entry: Entry) -> Account | None:
        campaign = self.coalition.speaker(entry.account)
        return campaign.accounts.get(entry.account) if campaign else None

    def said(self, entry: Entry) -> Said | None:
        """What the calendar says of the delivery; None where it says it no more."""
        campaign, account = self.coalition.speaker(entry.account), self.account(entry)
        post = campaign.posts.get(entry.post) if campaign else None
        if campaign is None or account is None or post is None:
            return None
        return Said(campaign, post, account)

    def identity(self, account: str) -> str:
        """The account's own name at its platform, asked once; raises an `Ending`."""
        if account not in self.identities:
            self.identities[account] = identity_of(self.platforms[account].whoami())
        return self.identities[account]


def identity_of(said: Identity) -> str:
    """As the ledger keeps it: what people call the account, and what never changes about it."""
    return f"{said.name} ({said.id}) at {said.url}"
