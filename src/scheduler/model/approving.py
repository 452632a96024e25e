"""What people said of a delivery before it goes out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


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
class Yes:
    """What people last said of a delivery; who and when are empty where nobody did."""

    agreement: Agreement
    who: tuple[str, ...] = ()
    #: When the last of them did, by the campaign's clocks.
    at: datetime | None = None
