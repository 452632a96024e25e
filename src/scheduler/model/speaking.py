"""Who says what, when, where and in which language: posts, campaigns, and their coalition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

from scheduler.model.alerting import Alerts
from scheduler.model.contents import Content, Slide
from scheduler.model.holding import Hold
from scheduler.model.hosting import Hosting
from scheduler.model.hours import Hours
from scheduler.model.materials import Comments, Consent, Fact, Helpline, Picture, Quote
from scheduler.model.places import Places
from scheduler.model.secrets import Secret
from scheduler.model.showing import Brand


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One signed-in identity on one platform, as the calendar describes it."""

    name: str
    platform: str
    #: A person posts by hand what is meant for it.
    kit: bool = False
    options: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    secrets: Mapping[str, Secret] = field(default_factory=lambda: MappingProxyType({}))
    #: Its campaign's, for a platform that fetches pictures.
    hosting: Hosting | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    number: int
    theme: str
    observance: str = ""


class Wording(StrEnum):
    """How far a post's words in another language than the calendar's own can be trusted."""

    #: A named person has read it against its source.
    REVIEWED = "reviewed"
    #: Nobody has.
    DRAFT = "draft"
    #: Its source says something else by now: a review of it no longer counts.
    STALE = "stale"
    #: Words of it are not there at all.
    MISSING = "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """The state of a post's translation, with whoever reviewed it, and when."""

    wording: Wording
    by: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One thing to say at one time."""

    id: str
    day: int
    at: time
    #: One for most posts, several for a carousel.
    slides: tuple[Slide, ...]
    #: The caption, without hashtags.
    text: str
    tags: tuple[str, ...]
    accounts: tuple[str, ...]
    language: str
    #: Answers of ours below it, in their order: the further parts of a thread.
    thread: tuple[str, ...] = ()
    #: A short factual note shown before the post: "mentions killing", or empty.
    note: str = ""
    #: How late it may still go out.
    grace: timedelta = timedelta(hours=3)
    #: Written below the caption, and at the foot of the card.
    helpline: Helpline | None = None
    comments: Comments = Comments.LIMITED
    #: Not a word of it is public before this instant, in UTC.
    embargo: datetime | None = None
    #: None where it is said in the words that were written for it.
    translation: Translation | None = None

    @property
    def content(self) -> Content:
        """What its first card shows."""
        return self.slides[0].content


@dataclass(frozen=True, slots=True, kw_only=True)
class Moderation:
    """Who watches over the answers, and when."""

    by: str
    hours: Hours


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What the campaign holds itself to, beyond what every campaign must."""

    #: ISO 3166, or "" for a campaign of many countries: helplines must be of this country.
    country: str = ""
    quiet_hours: Hours | None = None
    #: Whether posts go out on Saturdays and Sundays.
    weekends: bool = True
    moderation: Moderation | None = None
    #: Stands below every caption: a funding line, a disclaimer.
    required_text: str = ""
    #: How severe a lint is here, where it differs: "off", "warning" or "error", by code.
    lints: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    #: How many different people must say yes to a post before it goes out.
    approvals: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """What the program itself writes on cards and below captions, in the language of the posts."""

    #: "Day {day} of {days}", at the head of a card.
    day: str
    #: Before a number for survivors, and before one for people who use violence.
    helpline: str
    violence_helpline: str
    #: "At the foot: {foot}", at the end of an alt text.
    foot: str
    #: "Translated by {translator}", below a quotation.
    translated_by: str


#: The id under which the calendar speaks for itself, with the accounts of its own file.
OWN = "campaign"


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """An organisation of the coalition; the calendar itself is the one called `OWN`."""

    id: str
    name: str
    #: Takes part with a kit only: its posts are handed to a person, and never published.
    kit: bool = False

    def account(self, name: str) -> str:
        """An account's name in the whole coalition: "italy.page", or as the calendar wrote it."""
        return name if self.id == OWN else f"{self.id}.{name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """One edition of a campaign as one organisation speaks it, read whole and without errors."""

    id: str
    title: str
    first_day: date
    zone: ZoneInfo
    language: str
    brand: Brand
    days: Mapping[int, Day]
    #: By their names in the whole coalition.
    accounts: Mapping[str, Account]
    posts: Mapping[str, Post]
    phrases: Phrases
    #: The folder that relative paths start from.
    root: Path
    places: Places
    #: What the calendar holds ready, used or not, by id.
    facts: Mapping[str, Fact] = field(default_factory=lambda: MappingProxyType({}))
    quotes: Mapping[str, Quote] = field(default_factory=lambda: MappingProxyType({}))
    pictures: Mapping[str, Picture] = field(default_factory=lambda: MappingProxyType({}))
    helplines: Mapping[str, Helpline] = field(default_factory=lambda: MappingProxyType({}))
    consents: Mapping[str, Consent] = field(default_factory=lambda: MappingProxyType({}))
    rules: Rules = field(default_factory=Rules)
    #: Where its pictures lie at a public address; None where nobody has said.
    hosting: Hosting | None = None
    #: Who is told when something needs a person; None where nobody is.
    alerts: Alerts | None = None
    #: The campaign's own hashtags, without #.
    tags: tuple[str, ...] = ()
    member: Member = Member(id=OWN, name="")
    #: Posts of the campaign that the member does not take part in, with their days.
    left_out: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))

    def date_of(self, day: int) -> date:
        return self.first_day + timedelta(days=day - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coalition:
    """The campaign of each organisation, by its id: the calendar's own first, often the only one.

    They share the id, the days and the folder; an account belongs to exactly one of them.
    """

    campaigns: Mapping[str, Campaign]
    #: Whether all could be read; what is absent otherwise must not be taken for gone.
    complete: bool = True
    #: What holds.yaml says must not go out.
    holds: tuple[Hold, ...] = ()
    #: Why nothing of it may go out at all: holds.yaml says something that cannot be understood.
    silenced: str | None = None

    @property
    def own(self) -> Campaign:
        return self.campaigns[OWN]

    @property
    def accounts(self) -> Mapping[str, Account]:
        """Everybody's, by name."""
        return {
            name: account
            for campaign in self.campaigns.values()
            for name, account in campaign.accounts.items()
        }

    def speaker(self, account: str) -> Campaign | None:
        """The campaign that the account belongs to, by the account's name."""
        member, dot, _ = account.rpartition(".")
        return self.campaigns.get(member if dot else OWN)


def distinct(values: Sequence[str]) -> tuple[str, ...]:
    """The values in their first order, each once."""
    return tuple(dict.fromkeys(values))
