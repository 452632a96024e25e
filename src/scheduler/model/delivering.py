"""What is published once, exactly what it says, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import NewType

from scheduler.model.materials import Comments
from scheduler.model.showing import Size

#: campaign / post / account / part: names one delivery for ever, on every machine.
Key = NewType("Key", str)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One post for one account: what is published once, and only once."""

    key: Key
    campaign: str
    post: str
    account: str
    platform: str
    part: int
    day: int
    due: datetime
    grace: timedelta

    @property
    def latest(self) -> datetime:
        """The last instant at which it may still go out; after it, it is missed."""
        return self.due + self.grace


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftPicture:
    """A picture file ready to send: `digest` is the SHA-256 of its bytes, in hexadecimal."""

    file: Path
    media_type: str
    size: Size
    bytes: int
    digest: str
    alt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Exactly what will be said: nothing is added, cut or changed after this."""

    text: str
    pictures: tuple[DraftPicture, ...]
    language: str
    note: str = ""
    comments: Comments = Comments.LIMITED
    #: Its place in a thread: what answers the post itself may have other limits.
    part: int = 1


class State(StrEnum):
    """What became of a delivery."""

    #: Waits for its time.
    PLANNED = "planned"
    #: Its time may come, but it must not go out: the reason says why.
    HELD = "held"
    #: A worker has taken it; nothing has left the machine.
    CLAIMED = "claimed"
    #: Pictures are uploaded; nothing is public.
    STAGED = "staged"
    #: The frozen request is about to leave, or has left: only the platform knows.
    ARMED = "armed"
    #: Public, with a receipt.
    PUBLISHED = "published"
    #: The platform will not take it as it is.
    REJECTED = "rejected"
    #: Nobody can prove whether it is public.
    UNCONFIRMED = "unconfirmed"
    #: Too late to go out.
    MISSED = "missed"
    #: Taken out of the calendar before it went out.
    CANCELLED = "cancelled"
    #: Given to a person to post.
    HANDED = "handed"
    #: Was public and was taken down.
    WITHDRAWN = "withdrawn"


#: Every legal step. A step to the same state is never legal: it would hide a lost update. What was
#: never sent becomes published only by a person, who posted it by hand and says where it stands.
TRANSITIONS: Mapping[State, frozenset[State]] = MappingProxyType(
    {
        State.PLANNED: frozenset(
            {
                State.CLAIMED,
                State.HELD,
                State.MISSED,
                State.CANCELLED,
                State.HANDED,
                State.PUBLISHED,
            }
        ),
        State.HELD: frozenset({State.PLANNED, State.MISSED, State.CANCELLED, State.PUBLISHED}),
        State.CLAIMED: frozenset(
            {State.STAGED, State.PLANNED, State.HELD, State.REJECTED, State.MISSED}
        ),
        State.STAGED: frozenset({State.ARMED, State.PLANNED, State.HELD, State.MISSED}),
        State.ARMED: frozenset(
            {
                State.PUBLISHED,
                State.REJECTED,
                State.UNCONFIRMED,
                State.PLANNED,
                State.HELD,
                State.MISSED,
            }
        ),
        State.UNCONFIRMED: frozenset({State.PUBLISHED, State.PLANNED, State.MISSED}),
        State.PUBLISHED: frozenset({State.WITHDRAWN}),
        State.REJECTED: frozenset({State.PLANNED, State.CANCELLED, State.PUBLISHED}),
        State.MISSED: frozenset({State.PLANNED, State.CANCELLED, State.PUBLISHED}),
        State.CANCELLED: frozenset({State.PLANNED}),
        State.HANDED: frozenset({State.PUBLISHED, State.PLANNED}),
        State.WITHDRAWN: frozenset(),
    }
)

#: A worker owns it; at most one delivery per account is in one of these.
OPEN = (State.CLAIMED, State.STAGED, State.ARMED)
#: Nothing more will happen without a person.
ENDED = (
    State.PUBLISHED,
    State.REJECTED,
    State.MISSED,
    State.CANCELLED,
    State.HANDED,
    State.WITHDRAWN,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What a platform said is left of an account's rate limit, and when it begins anew."""

    left: int
    #: From the answer on, by the platform's own clock: ours may be wrong.
    renews_in: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the platform gave back: its id for the post and the public address."""

    id: str
    url: str
    #: None where the answer did not say. It is news, and no part of what names the post.
    allowance: Allowance | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A post that the public sees on an account, whoever or whatever made it."""

    receipt: Receipt
    text: str
    published_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One limit of one account, counted as that platform counts."""

    #: "text", "alt text of picture 1", "picture 1".
    name: str
    used: int
    limit: int
    unit: str
    #: With fewer the platform does not take it.
    least: int = 0

    @property
    def excess(self) -> int:
        return max(0, self.used - self.limit)

    @property
    def lack(self) -> int:
        return max(0, self.least - self.used)
