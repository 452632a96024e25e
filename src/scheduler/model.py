"""The words of the domain: what a campaign says, when, where, and what became of it.

Frozen values without behaviour that touches the world. Local times carry their zone; every other
instant is an aware UTC datetime.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import NewType
from zoneinfo import ZoneInfo

from scheduler.errors import Problem, Severity

#: 25 November to 10 December.
DAYS = 16

#: campaign / post / account / part: names one delivery for ever, on every machine.
Key = NewType("Key", str)

#: Where a value stands in the calendar, as the keys that lead to it: ("posts", "launch", "alt").
KeyPath = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A character in a file; `line` and `column` count from 1."""

    file: str
    line: int = 1
    column: int = 1

    def problem(
        self, code: str, message: str, hint: str = "", severity: Severity = Severity.ERROR
    ) -> Problem:
        """What is wrong here, and what to do."""
        return Problem(
            file=self.file,
            line=self.line,
            column=self.column,
            severity=severity,
            code=code,
            message=message,
            hint=hint,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where each key and each value of the calendar was written."""

    file: str
    keys: Mapping[KeyPath, Place]
    values: Mapping[KeyPath, Place]

    def key(self, *path: str | int) -> Place:
        """The place of the key itself, or of the nearest thing around it that exists."""
        return self.keys.get(path) or self.value(*path)

    def value(self, *path: str | int) -> Place:
        """The place of the value at `path`, or of the nearest thing around it that exists."""
        for end in range(len(path), -1, -1):
            if place := self.values.get(path[:end]) or self.keys.get(path[:end]):
                return place
        return Place(file=self.file)


class Checked(StrEnum):
    """How a figure or a quotation was verified."""

    #: Read at the publisher's or the speaker's own address.
    PUBLISHER = "publisher"
    #: Read only where somebody else repeats it.
    THIRD_PARTY = "third-party"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Who published it, under which title, when, and where it was read."""

    publisher: str
    title: str
    year: str
    address: str
    #: What the publisher wants to stand below its figures and words, or "".
    required_text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One bar, slice or row of a chart: `amount` draws it, `shown` is written beside it."""

    label: str
    amount: float
    shown: str


class Audience(StrEnum):
    """Whom a helpline is for: never both on one card."""

    SURVIVORS = "survivors"
    PEOPLE_USING_VIOLENCE = "people-using-violence"


class Comments(StrEnum):
    """Who may answer a post, where the platform has a setting for it."""

    OFF = "off"
    LIMITED = "limited"
    ON = "on"


class ChartKind(StrEnum):
    #: A row of figures of which some are marked: "1 in 3".
    PICTOGRAM = "pictogram"
    #: Horizontal bars from zero, one for each value.
    BARS = "bars"
    #: A share of a whole: the first value's amount, in per cent.
    RING = "ring"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """The picture of a figure. `of` is the number of signs in a pictogram, otherwise 0."""

    kind: ChartKind
    values: tuple[Value, ...]
    of: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A figure that the campaign may use, with everything that keeps it honest."""

    id: str
    #: As it is drawn, large: "1 in 3".
    figure: str
    #: What it says, read directly after the figure: "women in the EU have experienced …".
    statement: str
    #: Who was counted.
    population: str
    #: The year that the figure describes, which is not the year of publication.
    year: str
    source: Source
    checked: Checked
    checked_on: date
    caveat: str
    chart: Chart | None = None
    #: The id of the fact that took its place, or "": it must not be said any more.
    superseded_by: str = ""
    #: From this date on, somebody must look again whether it still holds.
    review_by: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """That somebody agreed, to what, until when. Never a name: that is kept elsewhere."""

    id: str
    #: In words: "this quotation, on all accounts, in the 16 Days 2026".
    scope: str
    #: The last day on which it may be published.
    until: date
    #: The accounts that it covers; empty for all.
    accounts: tuple[str, ...] = ()
    withdrawn: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Helpline:
    """A number that somebody in danger may dial: wrong, it is the worst mistake there is."""

    id: str
    number: str
    #: ISO 3166: "DE".
    country: str
    audience: Audience
    hours: str
    #: Who verified it (a role, not a name), how and when.
    verified_by: str
    verified: Checked
    verified_on: date | None
    address: str

    @property
    def sure(self) -> bool:
        """Whether it may be drawn or written at all."""
        return bool(self.verified is Checked.PUBLISHER and self.verified_by and self.verified_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Words exactly as they were spoken or printed, in their original language."""

    id: str
    words: str
    language: str
    speaker: str
    #: At the time of speaking.
    role: str
    source: Source
    checked: Checked
    checked_on: date
    #: Words of somebody who survived violence: published only with a live consent.
    survivor: bool = False
    consent: Consent | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture file that the campaign brings along."""

    id: str
    file: Path
    credit: str
    licence: str
    #: Shows, or is the story of, somebody who survived violence.
    survivor: bool = False
    consent: Consent | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Colours:
    """Colours by role, each "#rrggbb"."""

    #: Behind everything.
    paper: str
    #: Text on paper.
    ink: str
    #: The one colour that is looked at first: figures, marks, the ground of calls to action.
    accent: str
    #: A darker or lighter ground for day openers and quotations.
    ground: str
    #: Text on `accent` and `ground`.
    on_dark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Brand:
    """How the campaign looks."""

    #: Stands at the foot of every card.
    name: str
    hashtag: str
    colours: Colours
    #: One short line at the foot of every card: "Find help in your country".
    help: str = ""
    #: "Funded by …", where a funder asks for it.
    funder: str = ""
    logo: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """Everything that decides the pixels of one card, and nothing else.

    `texts` fills the template's named slots. Equal cards give equal pixels, so a card's digest may
    name its file.
    """

    template: str
    texts: Mapping[str, str]
    brand: Brand
    size: Size
    language: str
    chart: Chart | None = None
    points: tuple[str, ...] = ()
    picture: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteContent:
    quote: Quote
    #: A part of the quotation, word for word, or None for the whole.
    excerpt: str | None = None

    @property
    def words(self) -> str:
        return self.excerpt if self.excerpt is not None else self.quote.words


@dataclass(frozen=True, slots=True, kw_only=True)
class StatisticContent:
    fact: Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphicContent:
    """A typographic card: a headline and, below it, up to five short points."""

    headline: str
    points: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoContent:
    picture: Picture
    headline: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallContent:
    """A call to action: what to do, and one sentence on how."""

    headline: str
    body: str


Content = QuoteContent | StatisticContent | GraphicContent | PhotoContent | CallContent


@dataclass(frozen=True, slots=True, kw_only=True)
class Slide:
    """One picture of a post: what its card shows, and the alt text that says so."""

    content: Content
    #: What the picture shows, including every word in it.
    alt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """Where a token is kept; never the token itself. `kind` is env, keyring or file."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One signed-in identity on one platform, as the calendar describes it."""

    name: str
    platform: str
    options: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    secrets: Mapping[str, Secret] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    number: int
    theme: str
    observance: str = ""


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

    @property
    def content(self) -> Content:
        """What its first card shows."""
        return self.slides[0].content


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """A stretch of the day, over midnight when it ends before it begins."""

    begin: time
    end: time

    def contain(self, at: time) -> bool:
        if self.begin <= self.end:
            return self.begin <= at < self.end
        return at >= self.begin or at < self.end


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """One edition of a campaign, read whole and without errors."""

    id: str
    title: str
    first_day: date
    zone: ZoneInfo
    language: str
    brand: Brand
    days: Mapping[int, Day]
    accounts: Mapping[str, Account]
    posts: Mapping[str, Post]
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
    #: The campaign's own hashtags, without #.
    tags: tuple[str, ...] = ()

    def date_of(self, day: int) -> date:
        return self.first_day + timedelta(days=day - 1)


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


#: Every legal step. A step to the same state is never legal: it would hide a lost update.
TRANSITIONS: Mapping[State, frozenset[State]] = MappingProxyType(
    {
        State.PLANNED: frozenset(
            {State.CLAIMED, State.HELD, State.MISSED, State.CANCELLED, State.HANDED}
        ),
        State.HELD: frozenset({State.PLANNED, State.MISSED, State.CANCELLED}),
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
        State.REJECTED: frozenset({State.PLANNED, State.CANCELLED}),
        State.MISSED: frozenset({State.PLANNED, State.CANCELLED}),
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
class Receipt:
    """What the platform gave back: its id for the post and the public address."""

    id: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One limit of one account, counted as that platform counts."""

    #: "text", "alt text of picture 1", "picture 1".
    name: str
    used: int
    limit: int
    unit: str

    @property
    def excess(self) -> int:
        return max(0, self.used - self.limit)


def distinct(values: Sequence[str]) -> tuple[str, ...]:
    """The values in their first order, each once."""
    return tuple(dict.fromkeys(values))
