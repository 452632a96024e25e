"""As whom an account is signed in, and for how long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """What an account's platform said of it when it was last asked."""

    account: str
    platform: str
    #: Who it is there, as people write it: "@name@server", a page's name.
    name: str
    url: str
    looked_at: datetime
    #: When its token dies; None where the platform does not say, or where it never does.
    expires: datetime | None = None
    #: How many posts it may still make in its platform's window; None where nobody knows.
    quota_left: int | None = None
