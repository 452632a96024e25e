"""In the quiet before the hour: cards are drawn, and each account proves that its token is good.

Nothing here is needed for publishing, which does the same itself; it only makes the hour short, and
finds a dead token while there is still time.
"""

from __future__ import annotations

import logging

from scheduler.cards import CardError
from scheduler.drafting import draft_for
from scheduler.errors import AccountRefused, Ending
from scheduler.ledger import Entry, signing
from scheduler.model import Account, Key
from scheduler.publishing.in_hand import hold_refused
from scheduler.publishing.judging import Judge, Known
from scheduler.publishing.means import Edition, Means, identity_of
from scheduler.publishing.tending import signed_in_as

log = logging.getLogger(__name__)


def prepare(means: Means, edition: Edition, key: Key) -> None:
    """Make ready what a delivery will need. An account that may not publish is never contacted."""
    now = means.clock.now()
    known = means.ledger.read(lambda connection: Known.of(connection, edition, key, now))
    account = edition.account(known.entry)
    if account is None or account.kit or Judge(means=means, edition=edition).why_not(known):
        return
    _drawn(means, edition, known.entry)
    try:
        _asked(means, edition, account)
    except AccountRefused as refused:
        log.warning("%s is held: %s", known.entry.account, refused, extra={"action": "held"})
        hold_refused(means, known.entry, str(refused))
    except Ending as ending:
        log.warning("%s: %s", known.entry.account, ending, extra={"action": "prepare"})


def _asked(means: Means, edition: Edition, account: Account) -> None:
    """Renew its token, ask who it is, and keep what its platform says. Raises an `Ending`."""
    grant = means.renew(account)
    if account.name in edition.identities:
        return
    identity = edition.platforms[account.name].whoami()
    edition.identities[account.name] = identity_of(identity)
    said = signed_in_as(account, identity, grant, now=means.clock.now())
    means.ledger.write(lambda connection: signing.remember_signed_in(connection, said))


def _drawn(means: Means, edition: Edition, entry: Entry) -> None:
    said = edition.said(entry)
    if said is None:
        return
    try:
        draft_for(said.campaign, said.post, entry.account, means.shelf, part=entry.part)
    except CardError as error:
        log.warning("%s: its card cannot be drawn: %s", entry.key, error, extra={"action": "draw"})
