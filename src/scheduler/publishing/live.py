"""Which accounts a ledger may publish to.

Two ledgers that both believe they own one account are the likeliest double post of all. So a
ledger publishes by itself only where the public never looks, and elsewhere only after `campaign
live` bound the account to it, and for as long as it lies where it lay then.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from scheduler.ledger import Binding, Ledger
from scheduler.model import Account, Post, Wording

_UNREVIEWED: Mapping[Wording, str] = MappingProxyType(
    {
        Wording.DRAFT: "a draft, which nobody has reviewed",
        Wording.STALE: "stale: their source says something else by now",
        Wording.MISSING: "not all there",
    }
)


def harmless(account: Account) -> bool:
    """Whether the public never looks there: a folder, or a stand-in on this machine."""
    return account.platform == "folder" or account.options.get("sandbox") == "true"


def reason_not_live(
    account: Account, post: Post, binding: Binding | None, *, home: str
) -> str | None:
    """Why the post may not go out on the account from the ledger that lies at `home`, or None.

    Words that nobody who is named has read against their source never reach the public.
    """
    if harmless(account):
        return None
    if post.translation is not None and post.translation.wording is not Wording.REVIEWED:
        return f"its words in {post.language} are {_UNREVIEWED[post.translation.wording]}"
    if account.kit:
        return None  # a person posts it
    once = f"campaign live {account.name}"
    if binding is None:
        return f'account "{account.name}" is not live on this ledger: {once}'
    if binding.home != home:
        return f"this ledger was moved or copied since its account went live: {once}"
    return None


def home(ledger: Ledger) -> str:
    """Names the very place of a ledger: a copy, or one put back from a backup, has another.

    A database on a server is one ledger, whoever asks it.
    """
    return ledger.home()
