"""What was said of a post's deliveries, once for all that it was said of in the same way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from scheduler import saying
from scheduler.differing import Aspect
from scheduler.interface import Interface
from scheduler.model import Agreement
from scheduler.preview.viewing import AccountView, PostView


class Word(StrEnum):
    """What is said of deliveries."""

    APPROVED = "approved"
    #: By fewer people than the campaign asks for.
    PARTLY = "partly"
    #: People approved something else.
    CHANGED = "changed"
    PUBLISHED = "published"
    #: It is public, and the calendar says something else now.
    EDITED = "edited"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    word: Word
    who: tuple[str, ...]
    at: datetime
    #: What differs; empty where nothing does, or where nobody knows.
    what: tuple[tuple[Aspect, int], ...]
    #: Empty for all of the post's accounts.
    accounts: tuple[str, ...]


#: Of those that wait: so far nobody said anything of what is open.
_WORDS = {
    Agreement.APPROVED: Word.APPROVED,
    Agreement.PARTLY: Word.PARTLY,
    Agreement.CHANGED: Word.CHANGED,
}
_Said = tuple[Word, tuple[str, ...], datetime, tuple[tuple[Aspect, int], ...]]


def notices(view: PostView) -> tuple[Notice, ...]:
    """In the order of the accounts."""
    found: dict[_Said, dict[str, None]] = {}
    for account in view.accounts:
        if said := _said(account):
            found.setdefault(said, {})[account.delivery.account] = None
    everywhere = {account.delivery.account for account in view.accounts}
    return tuple(
        Notice(
            word=word,
            who=who,
            at=at,
            what=what,
            accounts=() if accounts.keys() == everywhere else tuple(accounts),
        )
        for (word, who, at, what), accounts in found.items()
    )


def differing(interface: Interface, what: Iterable[tuple[Aspect, int]]) -> str:
    """text, alt text of picture 2, picture 2"""
    return ", ".join(saying.aspect(interface, aspect, number) for aspect, number in what)


def _said(account: AccountView) -> _Said | None:
    what = account.change.aspects if account.change else ()
    if account.public:
        return Word.EDITED if what else Word.PUBLISHED, (), account.public.at, what
    yes = account.yes
    if yes is None or yes.at is None or yes.agreement not in _WORDS:
        return None
    return _WORDS[yes.agreement], yes.who, yes.at, what if yes.agreement == "changed" else ()
