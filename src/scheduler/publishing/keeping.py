"""Tokens that are renewed: sealed in the ledger, and shared by all processes that publish from it.

One process at a time asks a platform for the next token, and says so in the ledger before it asks.
It may be killed at any point:

    before the platform was asked     the old token is as good as it was
    after, before the next is kept    the announcement stands: whoever comes next asks again with
                                      the old one, which most platforms take for a while. Where one
                                      does not, nobody can get the lost token back, and a person is
                                      told to sign in again while the access token still lives
    after it is kept                  nothing is lost
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from scheduler.accounts import Seal
from scheduler.errors import AccountRefused, Ambiguous, NotSent, RateLimited, UserError
from scheduler.ledger import Ledger, granting
from scheduler.model import Grant
from scheduler.platforms import OVER_THE_NETWORK

log = logging.getLogger(__name__)

#: A process that has not come back after this time was lost: no call takes as long.
LEASE = 3 * OVER_THE_NETWORK


@dataclass(slots=True, kw_only=True)
class Vault:
    """The grants of all accounts of one ledger."""

    ledger: Ledger
    #: Called when the first grant is sealed or opened: most accounts have none.
    seal: Callable[[], Seal]
    now: Callable[[], datetime]
    #: This process's name in the ledger.
    worker: str
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _grants: dict[str, KeptGrants] = field(default_factory=dict)

    def of(self, account: str) -> KeptGrants:
        """The account's; one for all threads of the process."""
        with self._lock:
            if account not in self._grants:
                self._grants[account] = KeptGrants(account, self)
            return self._grants[account]


class KeptGrants:
    """One account's grant in the ledger."""

    def __init__(self, account: str, vault: Vault) -> None:
        self._account = account
        self._vault = vault
        self._lock = threading.Lock()
        #: As it was last read, by its revision: opening it again would tell nothing new.
        self._opened: tuple[int, Grant] | None = None
        #: What a platform gave and a full disk would not take, in the place of which revision.
        self._unwritten: tuple[int, Grant] | None = None

    def kept(self) -> Grant | None:
        """The grant as it is now. Raises `WrongKey` where it was sealed with another key."""
        return self._grant(self._row())

    @property
    def trouble(self) -> str | None:
        """Why a person must sign in again, or None."""
        return self._row().trouble

    def keep(self, grant: Grant) -> None:
        """What a person signed in with, in the place of whatever there was."""
        seal = self._vault.seal()
        sealed = seal.seal(self._account, grant)
        self._vault.ledger.write(
            lambda connection: granting.keep(connection, self._account, sealed, key=seal.name)
        )
        self._unwritten = None

    def forget(self, spent: Grant) -> None:
        """The platform takes it no more; what somebody else has renewed meanwhile stays."""
        with self._lock:
            row = self._row()
            if row.sealed is not None and self._grant(row) == spent:
                self._unwritten = None
                self._vault.ledger.write(
                    lambda connection: granting.keep(connection, self._account, None, key=None)
                )

    def renewed(self, spent: Grant | None, renew: Callable[[], Grant]) -> Grant:
        """Another grant than `spent`. Raises the ending of `renew`, and `NotSent` as it says."""
        with self._lock:
            row = self._row()
            current = self._grant(row)
            if current is not None and current != spent:
                return current
            seal = self._vault.seal()  # a key that cannot be used must not cost a token
            self._announce(row)
            return self._kept_now(row, seal, self._asked(row, renew))

    def _announce(self, row: granting.Kept) -> None:
        """Durable before the platform hears anything."""
        vault = self._vault
        try:
            begun = vault.ledger.write(
                lambda connection: granting.begin(
                    connection,
                    self._account,
                    row.revision,
                    now=vault.now(),
                    lease=LEASE,
                    worker=vault.worker,
                )
            )
        except UserError as error:
            raise NotSent(f"its tokens are not renewed: {error.problems[0].message}") from None
        if not begun:
            raise NotSent(f"another process is renewing the tokens of {self._account}")

    def _asked(self, row: granting.Kept, renew: Callable[[], Grant]) -> Grant:
        cut_off = row.renewing_since is not None
        try:
            return renew()
        except Ambiguous:
            raise  # the announcement stays: it may have been renewed
        except (NotSent, RateLimited):
            if not cut_off:
                self._give_up(row)
            raise
        except AccountRefused as refused:
            reason = _lost(row, refused) if cut_off else str(refused)
            self._say_trouble(row, reason)
            raise AccountRefused(reason) from None

    def _kept_now(self, row: granting.Kept, seal: Seal, grant: Grant) -> Grant:
        try:
            kept = self._write(row.revision, seal, grant)
        except UserError as error:
            # It is the only one that there is: it is used from memory, and written when it can be.
            log.error(  # noqa: TRY400 (whatever it says of the statement is not for a log)
                "the new tokens of %s are not written yet: %s",
                self._account,
                error.problems[0].message,
                extra={"action": "renew"},
            )
            self._unwritten = (row.revision, grant)
            return grant
        if kept:
            return grant
        # A person has signed in meanwhile, which outruns whatever was renewed.
        current = self.kept()
        return grant if current is None else current

    def _write(self, revision: int, seal: Seal, grant: Grant) -> bool:
        sealed = seal.seal(self._account, grant)
        return self._vault.ledger.write(
            lambda connection: granting.finish(
                connection,
                self._account,
                revision,
                sealed,
                key=seal.name,
                worker=self._vault.worker,
            )
        )

    def _give_up(self, row: granting.Kept) -> None:
        self._vault.ledger.write(
            lambda connection: granting.give_up(
                connection, self._account, row.revision, worker=self._vault.worker
            )
        )

    def _say_trouble(self, row: granting.Kept, reason: str) -> None:
        self._vault.ledger.write(
            lambda connection: granting.say_trouble(connection, self._account, row.revision, reason)
        )

    def _row(self) -> granting.Kept:
        return self._vault.ledger.read(lambda connection: granting.kept(connection, self._account))

    def _grant(self, row: granting.Kept) -> Grant | None:
        if self._unwritten is not None:
            if self._unwritten[0] == row.revision:
                return self._again(*self._unwritten)
            self._unwritten = None
        if row.sealed is None:
            return None
        if self._opened is None or self._opened[0] != row.revision:
            grant = self._vault.seal().opened(self._account, row.sealed)
            self._opened = (row.revision, grant)
        return self._opened[1]

    def _again(self, revision: int, grant: Grant) -> Grant:
        """There may be room on the disk by now."""
        try:
            self._write(revision, self._vault.seal(), grant)
        except UserError:
            return grant
        self._unwritten = None
        return grant


def _lost(row: granting.Kept, refused: AccountRefused) -> str:
    since = row.renewing_since
    return (
        f"its renewal was cut off{f' on {since:%d %B at %H:%M %Z}' if since else ''}, and the "
        f"platform takes the old token no more ({refused}): the new one is lost, and cannot be "
        "had again"
    )
