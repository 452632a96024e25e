"""Who is told when something needs a person, and of what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from enum import StrEnum
from types import MappingProxyType
from zoneinfo import ZoneInfo

from scheduler.model.hours import Hours
from scheduler.model.secrets import Secret


class AlertKind(StrEnum):
    """What people are told of, as the calendar names it; the most pressing comes first."""

    #: Nobody can prove whether it is public.
    UNCONFIRMED = "unconfirmed"
    #: The disk is nearly full: soon nothing can be published any more.
    DISK = "disk"
    #: Something was due today, and nothing went out.
    NOTHING_PUBLISHED = "nothing-published"
    #: A platform refused the account, so everything of it waits.
    ACCOUNT_HELD = "account-held"
    #: A token dies soon, or has died.
    TOKEN = "token"  # noqa: S105 (the word, not one)
    #: The calendar has an error.
    CALENDAR = "calendar"
    #: The platform will not take a post as it is.
    REJECTED = "rejected"
    #: Too late to go out.
    MISSED = "missed"
    #: Due soon, and not enough people have said yes.
    UNAPPROVED = "unapproved"
    #: Due soon, and its words are not there, or were read by nobody.
    UNTRANSLATED = "untranslated"
    #: Due soon, and its source says something else by now.
    STALE = "stale"
    #: Due soon, and nobody has verified its number.
    HELPLINE = "helpline"
    #: Due soon, and what it stands on was agreed to only for a while.
    CONSENT = "consent"


#: What a recipient's secret, and that of the ping, is called.
ADDRESS = "address"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Somebody who is told, by a name that the calendar gives them."""

    name: str
    #: Apprise's address of them, where it holds no secret; else "".
    address: str = ""
    secrets: Mapping[str, Secret] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Alerts:
    """What the calendar says of alerts."""

    recipients: tuple[Recipient, ...]
    #: In which quiet hours, the digest's hour, and every time in a message, are said.
    zone: ZoneInfo
    kinds: frozenset[AlertKind] = frozenset(AlertKind)
    #: Only what cannot wait is told in these.
    quiet_hours: Hours | None = None
    #: When tomorrow's posts are told; None for never.
    digest: time | None = None
    #: An address that is asked while all is well, and that tells others when it is not any more.
    ping: Recipient | None = None
