"""Before an account is bound to a ledger: who it is, what is planned, what stands there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from scheduler.drafting import caption
from scheduler.ledger import Entry, Ledger, questions
from scheduler.model import Campaign, Coalition, Standing, State
from scheduler.platforms import Platform

#: So long before its first post nothing of a campaign can stand on an account.
BEFORE = timedelta(days=30)
#: Of what another ledger may have published, so many are named.
_NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect:
    """What a person should know before they say yes."""

    identity: str
    planned: tuple[Entry, ...]
    #: None where nobody can look.
    standing: tuple[Standing, ...] | None
    #: Posts of this campaign that stand there, and that this ledger did not publish.
    strange: tuple[Standing, ...]

    @property
    def another_at_work(self) -> str:
        """Why there seems to be another ledger that publishes to it, or ""."""
        if not self.strange:
            return ""
        links = ", ".join(post.receipt.url for post in self.strange[:_NAMED])
        return (
            f"posts of this campaign stand there that this ledger did not publish "
            f"({len(self.strange)}), so another one may be at work: {links}"
        )


def prospect(
    ledger: Ledger, coalition: Coalition, account: str, platform: Platform, identity: str
) -> Prospect:
    """Asks the platform who it is and what stands there; posts nothing. May raise an `Ending`."""
    entries = ledger.read(lambda connection: questions.entries(connection, coalition.own.id))
    own = [entry for entry in entries if entry.account == account]
    campaign = coalition.speaker(account) or coalition.own
    first = datetime.combine(campaign.first_day, datetime.min.time(), campaign.zone)
    standing = platform.standing(since=first - BEFORE)
    known = {entry.receipt.id for entry in own if entry.receipt}
    ours = _captions(campaign, account)
    return Prospect(
        identity=identity,
        planned=tuple(entry for entry in own if entry.state in (State.PLANNED, State.HELD)),
        standing=standing,
        strange=tuple(
            post
            for post in standing or ()
            if post.receipt.id not in known and letters(post.text) in ours
        ),
    )


def _captions(campaign: Campaign, account: str) -> frozenset[str]:
    """Everything that the campaign says on the account, as it may stand there."""
    said = [post for post in campaign.posts.values() if account in post.accounts]
    texts = [text for post in said for text in (caption(campaign, post), *post.thread)]
    return frozenset(map(letters, texts))


def letters(text: str) -> str:
    """What of a text survives a platform's markup, folded addresses and white space."""
    return "".join(each for each in text.casefold() if each.isalnum())
