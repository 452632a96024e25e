"""What people said of a delivery before it goes out, and what of it is public."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from scheduler.model.delivering import Draft


class Agreement(StrEnum):
    """Whether people said yes to a delivery as it stands now, from the best to the worst."""

    #: As many of them as the campaign asks for.
    APPROVED = "approved"
    #: Fewer of them.
    PARTLY = "partly"
    #: To something else, before it was edited.
    CHANGED = "changed"
    #: Nobody said yes yet.
    OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """What people last said yes to, where it is not what stands there now."""

    who: tuple[str, ...]
    at: datetime
    #: None where nothing but its digest was kept. Pictures that lie nowhere any more have no bytes.
    draft: Draft | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Public:
    """What a delivery said when it was published; no edit of the calendar changes it."""

    #: By the campaign's clocks.
    at: datetime
    #: Empty where its platform gave none.
    address: str
    draft: Draft


@dataclass(frozen=True, slots=True, kw_only=True)
class Yes:
    """What people last said of a delivery; who and when are empty where nobody did."""

    agreement: Agreement
    who: tuple[str, ...] = ()
    #: When the last of them did, by the campaign's clocks.
    at: datetime | None = None
    #: Where somebody said yes to something else before.
    earlier: Earlier | None = None
