"""In the quiet: tokens are renewed long before they die, and each account is asked who it is.

A token is renewed for a third of its life, or seven days, before its end; so whatever goes wrong
with that, a person has the time to sign in again. An account that may not publish from this ledger
is never contacted.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from scheduler.accounts import StoredTokens, origin_of
from scheduler.errors import AccountRefused, Ending
from scheduler.ledger import Ledger, deciding, signing
from scheduler.model import Account, Coalition, Grant, SignedIn
from scheduler.platforms import Identity, Platform
from scheduler.platforms.signing_in import can_be_renewed, is_due, renewal_of
from scheduler.publishing.keeping import Vault
from scheduler.publishing.live import harmless, home

log = logging.getLogger(__name__)

#: What a platform says of an account is asked anew after this time.
LOOK_AGAIN = timedelta(hours=20)
#: A renewal that failed is tried again after this time.
TRY_AGAIN = timedelta(hours=1)


def signed_in_as(
    account: Account, identity: Identity, grant: Grant | None, *, now: datetime
) -> SignedIn:
    """What the platform says of the account; where it does not say when a token dies, the grant."""
    renewed = renewal_of(account) is not None and grant is not None
    return SignedIn(
        account=account.name,
        platform=account.platform,
        name=identity.name,
        url=identity.url,
        looked_at=now,
        expires=identity.expires or (grant.expires if renewed and grant else None),
        quota_left=identity.quota_left,
    )


def renew_early(
    account: Account, tokens: StoredTokens, vault: Vault, *, now: datetime
) -> Grant | None:
    """Renew the account's token if it is time; gives what it has then, None for nothing to renew.

    Raises the ending of a renewal that failed; the old token is used for as long as it lives.
    """
    renewal = renewal_of(account)
    if renewal is None:
        return None
    kept = vault.of(account.name)
    grant = _begun_with(account, tokens, vault, now)
    if kept.trouble or not (can_be_renewed(account, grant) and is_due(grant, now)):
        return grant
    renewed = kept.renewed(grant, lambda: renewal(account, tokens, grant, now))
    log.info(
        "the token of %s is renewed, until %s",
        account.name,
        f"{renewed.expires:%Y-%m-%d}" if renewed.expires else "nobody says when",
        extra={"action": "renew"},
    )
    return renewed


def _begun_with(account: Account, tokens: StoredTokens, vault: Vault, now: datetime) -> Grant:
    """The grant, or the token that somebody put where the calendar says, as the first one."""
    token = tokens.read("token")
    grant = vault.of(account.name).kept()
    if grant is not None and grant.access == token:
        return grant
    first = Grant(access=token, made_at=now, origin=origin_of(token))
    vault.of(account.name).keep(first)
    return first


def kept_alive(
    account: Account, tokens: StoredTokens, vault: Vault, *, now: datetime
) -> Grant | None:
    """Renew it if it is time; where that fails, the old token may be good for long, and is used."""
    try:
        return renew_early(account, tokens, vault, now=now)
    except Ending as ending:
        log.warning("%s: not renewed: %s", account.name, ending, extra={"action": "renew"})
        return None


@dataclass(slots=True, kw_only=True)
class Tending:
    """Everything that is done for accounts while nothing is due."""

    ledger: Ledger
    vault: Vault
    now: Callable[[], datetime]
    #: Gives an account's adapter and its tokens.
    connect: Callable[[Account], tuple[Platform, StoredTokens]]
    _not_before: dict[str, datetime] = field(default_factory=dict)

    def tend(self, coalition: Coalition, going_on: Callable[[], bool] = lambda: True) -> None:
        """Renew what must be, and ask who was not asked for a day. Makes nothing public."""
        looked = self._looked_at()
        for account in self._publishing(coalition):
            if not going_on():
                return
            not_before = self._not_before.get(account.name)
            if not_before is None or self.now() >= not_before:
                self._tend(account, looked.get(account.name))

    def _looked_at(self) -> Mapping[str, datetime]:
        known = self.ledger.read(signing.signed_in)
        return {each.account: each.looked_at for each in known}

    def _publishing(self, coalition: Coalition) -> Iterator[Account]:
        """Accounts that this ledger publishes to, and whose platform is signed in at."""
        here = home(self.ledger)
        for account in coalition.accounts.values():
            if account.kit or account.platform == "folder":
                continue
            if harmless(account) or self._bound(coalition, account) == here:
                yield account

    def _bound(self, coalition: Coalition, account: Account) -> str | None:
        """Where the ledger lay when the account went live on it; None where it never did."""
        bound = self.ledger.read(
            lambda connection: deciding.binding(connection, coalition.own.id, account.name)
        )
        return None if bound is None else bound.home

    def _tend(self, account: Account, looked_at: datetime | None) -> None:
        now = self.now()
        try:
            platform, tokens = self.connect(account)
            grant = renew_early(account, tokens, self.vault, now=now)
            if looked_at is None or now >= looked_at + LOOK_AGAIN:
                said = signed_in_as(account, platform.whoami(), grant, now=now)
                self.ledger.write(lambda connection: signing.remember_signed_in(connection, said))
        except AccountRefused as refused:
            log.warning(
                "%s: %s; sign in again: campaign login %s",
                account.name,
                refused,
                account.name,
                extra={"action": "tend"},
            )
            self._not_before[account.name] = now + TRY_AGAIN
        except Ending as ending:
            log.warning("%s: %s", account.name, ending, extra={"action": "tend"})
            self._not_before[account.name] = now + TRY_AGAIN
