"""What there is to say: posts of which each says its own delivery's key, on accounts of five kinds.

Written as values and not as YAML: it is the publishing that is tried, and a worker starts often.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as hour
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

from scheduler.model import (
    OWN,
    Account,
    Brand,
    Campaign,
    Coalition,
    Colours,
    Phrases,
    Places,
    Post,
    Slide,
)
from scheduler.planning import key

_COLOURS = Colours(
    paper="#FFF6EC", ink="#24163A", accent="#C2410C", ground="#3B1A5A", on_dark="#FFF6EC"
)
_PHRASES = Phrases(
    day="Day {day} of {days}",
    helpline="Help",
    violence_helpline="Help",
    foot="At the foot: {foot}",
    translated_by="Translated by {translator}",
)
#: Names the platform whose cards and measures a draft takes; the adapter is named by `kind`.
MEASURED_AS = "folder"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Where the accounts are, and how much faster the clock runs than time passes."""

    server: str
    haste: float = 1.0
    measured_as: str = MEASURED_AS

    def account(self, kind: str, number: int) -> Account:
        return Account(
            name=f"{kind}-{number}",
            platform=self.measured_as,
            options=MappingProxyType(
                {"kind": kind, "server": self.server, "haste": str(self.haste)}
            ),
        )


@dataclass(frozen=True, slots=True)
class FastClock:
    """The same for every process of the machine: it follows the time that passes, `haste` fold."""

    start: datetime
    begun: float
    haste: float

    def now(self) -> datetime:
        return self.start + timedelta(seconds=self.monotonic())

    def wait(self, seconds: float) -> None:
        time.sleep(seconds / self.haste)

    def monotonic(self) -> float:
        return (time.monotonic() - self.begun) * self.haste


def coalition(
    id_: str,
    accounts: Sequence[Account],
    posts: Sequence[Post],
    *,
    first_day: date,
    root: Path,
) -> Coalition:
    """One organisation that says these posts on these accounts."""
    campaign = Campaign(
        id=id_,
        title=id_,
        first_day=first_day,
        zone=ZoneInfo("UTC"),
        language="en",
        brand=Brand(name="Chaos", hashtag="#Chaos", colours=_COLOURS),
        days=MappingProxyType({}),
        accounts=MappingProxyType({account.name: account for account in accounts}),
        posts=MappingProxyType({post.id: post for post in posts}),
        phrases=_PHRASES,
        root=root,
        places=Places(file="", keys=MappingProxyType({}), values=MappingProxyType({})),
    )
    return Coalition(campaigns=MappingProxyType({OWN: campaign}))


def post(
    campaign: str,
    number: int,
    account: str,
    *,
    at: hour,
    thread: int = 0,
    slides: tuple[Slide, ...] = (),
    grace: timedelta = timedelta(hours=12),
) -> Post:
    """A post for one account; every part of it begins with its delivery's key."""
    id_ = f"post-{number}-of-{account}"
    said = [f"{key(campaign, id_, account, part)} is said." for part in range(1, 2 + thread)]
    return Post(
        id=id_,
        day=1,
        at=at,
        slides=slides,
        text=said[0],
        tags=(),
        accounts=(account,),
        language="en",
        thread=tuple(said[1:]),
        grace=grace,
    )


def midnight(on: date) -> datetime:
    return datetime.combine(on, hour(), tzinfo=UTC)
