"""What every platform adapter offers, and the values that pass in and out.

An adapter turns a `Draft` into requests and answers into a `Receipt` or one of the endings in
`errors`. It never sleeps, retries, cuts text, or reads environment or ledger.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar, Protocol

from scheduler.errors import AccountRefused
from scheduler.model import (
    Account,
    Draft,
    DraftPicture,
    Grants,
    Measure,
    Receipt,
    Size,
    Standing,
)

#: Seconds to wait for a connection, and for an answer.
CONNECT_TIMEOUT = 10.0
ANSWER_TIMEOUT = 30.0

#: How long a request over the network may still be on its way after its sender was lost.
OVER_THE_NETWORK = timedelta(seconds=CONNECT_TIMEOUT + ANSWER_TIMEOUT)


class Alts(StrEnum):
    """What becomes of a description of a picture, for those who do not see it."""

    #: Kept with the picture, and read aloud instead of it.
    KEPT = "kept"
    #: Stands below the text for everybody, since there is no field for it.
    TEXT = "text"
    #: Nobody is told.
    LOST = "lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the platform takes; `page` is where the vendor says so."""

    page: str
    text: int
    text_unit: str
    pictures: int
    alt: int
    picture_bytes: int
    card: Size
    media_types: tuple[str, ...] = ("image/jpeg", "image/png")
    #: The narrowest and the widest picture: width divided by height.
    ratios: tuple[float, float] = (0.0, float("inf"))
    #: Whether a content note is kept apart from the text; if not, it is the text's first paragraph.
    notes: bool = True
    #: Whether readers, and those who read aloud, are told the language of a post.
    languages: bool = True
    #: Whether those who do not see the pictures are told what they show.
    alts: Alts = Alts.KEPT
    #: With fewer pictures there is no post.
    least_pictures: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    """So many posts of one account in any stretch of `window`, as the vendor's `page` says."""

    posts: int
    window: timedelta
    page: str

    def __str__(self) -> str:
        hours = self.window / timedelta(hours=1)
        return f"{self.posts} posts in {hours:g} hours"


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A key that an account of this platform may have in the calendar."""

    meaning: str
    required: bool = False
    choices: tuple[str, ...] = ()
    #: The value is a path, taken from the calendar's folder.
    path: bool = False
    #: The value says where a secret is kept, as those of `secrets` do; it may be missing.
    secret: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who a token belongs to. `expires` is None where the platform does not say."""

    id: str
    name: str
    url: str
    expires: datetime | None = None
    #: What the token may do, in the platform's own words; empty where it does not say.
    scopes: tuple[str, ...] = ()
    #: How many posts are left of the platform's own window; None where it does not say.
    quota_left: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged:
    """The one request that makes it public, complete and frozen: JSON values only."""

    request: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """It is public: this is its receipt."""

    receipt: Receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class Absent:
    """It is proved not to be public: it may be sent again."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """The platform cannot tell: a person must look."""

    reason: str


Finding = Found | Absent | Unknown


class Tokens(Protocol):
    """An account's secrets, read only when a request needs them."""

    def read(self, name: str) -> str: ...

    @property
    def grants(self) -> Grants:
        """What of them is renewed, shared by all processes that publish as the account."""


class MediaHost(Protocol):
    """Where pictures lie for platforms that fetch them from an address instead of taking bytes."""

    def address(self, picture: DraftPicture) -> str:
        """The public address of the picture; it is put there if it does not lie there yet.

        Repeatable. Raises `errors.NotSent` where it may work later, `errors.AccountRefused` where
        a person must act.
        """


class _Nowhere:
    """Where a calendar names no place for them."""

    def address(self, picture: DraftPicture) -> str:
        """Never there."""
        raise AccountRefused(
            f"no place for public pictures: {picture.file.name} must lie at an address that the "
            "platform can fetch"
        )


#: Stands where no pictures are put anywhere: counting, explaining, platforms that take bytes.
NOWHERE: MediaHost = _Nowhere()


class Platform(Protocol):
    """One account on one platform. Every method that talks raises `errors.Ending` on failure."""

    #: What an account of this platform may and must say in the calendar.
    options: ClassVar[Mapping[str, Option]]
    #: The secrets that it needs, by name, with their meaning.
    secrets: ClassVar[Mapping[str, str]]
    #: Nothing is looked for, and nothing sent again, before what was lost must have arrived.
    in_flight: ClassVar[timedelta]
    #: How often an account may publish: the ledger counts, and waits before the platform refuses.
    caps: ClassVar[tuple[Cap, ...]]
    #: Whether it fetches pictures from their public addresses, so that it needs a `MediaHost`.
    fetches_pictures: ClassVar[bool]
    limits: Limits

    def __init__(self, account: Account, *, tokens: Tokens, host: MediaHost) -> None: ...

    @classmethod
    def problems(cls, account: Account) -> tuple[tuple[str, str], ...]:
        """What is wrong with its options and secrets: (name, message); talks to nobody."""

    def measure(self, draft: Draft) -> tuple[Measure, ...]:
        """Each limit that the draft counts against, as this platform counts."""

    def cost(self, draft: Draft) -> int:
        """What publishing it is charged, in thousandths of a US dollar; 0 where it is free."""

    def whoami(self) -> Identity:
        """Who the token belongs to; posts nothing."""

    def stage(self, draft: Draft, *, due: datetime, reply_to: Receipt | None = None) -> Staged:
        """Upload what must be there first. Repeatable, and invisible to the public.

        `due` is the instant that it is planned for, the same at every try.
        """

    def publish(self, staged: Staged, *, key: str) -> Receipt:
        """The one request that makes it public."""

    def find(self, staged: Staged, *, key: str, since: datetime) -> Finding:
        """Whether a request frozen at or after `since` became public."""

    def withdraw(self, receipt: Receipt) -> None:
        """Take it down. Succeeds when it is already gone."""

    def standing(self, *, since: datetime) -> tuple[Standing, ...] | None:
        """What stands on the account since then, newest first; None where nobody can look.

        Whoever made it: so a second ledger is found before it publishes.
        """
