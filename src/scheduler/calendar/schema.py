"""What people may write in a calendar: the one list of its keys, their forms and their meaning.

Values arrive as the text that was typed. These models only say what is well formed; `building`
says what it refers to.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from pathlib import PurePosixPath
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    HttpUrl,
    StringConstraints,
    model_validator,
)
from pydantic_core import PydanticCustomError

from scheduler.model import DAYS, Audience, ChartKind, Checked, Comments

#: A shorter one is missed by a restart, a longer one lets a post speak into another day.
LEAST_GRACE = timedelta(minutes=5)
MOST_GRACE = timedelta(hours=48)
#: Beyond these a date is a slip of the finger, and the last ones cannot even be told in UTC.
FIRST_DATE = date(2000, 1, 1)
LAST_DATE = date(2100, 1, 1)

_DURATION = re.compile(r"(?:(\d{1,3})\s*h)?\s*(?:(\d{1,4})\s*m(?:in)?)?", re.IGNORECASE)


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(
            f'there is no time zone "{name}"; write a city of it, such as Europe/Rome'
        ) from None
    return name


def _single(value: Any, wanted: str) -> str:
    """What was typed, where one value is wanted."""
    if isinstance(value, dict | list):
        what = "a group of keys" if isinstance(value, dict) else "a list"
        raise ValueError(f"{what} stands here; write {wanted}")  # noqa: TRY004 (pydantic's way)
    return str(value).strip()


def _duration(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    match = _DURATION.fullmatch(value.strip())
    if not match or not any(match.groups()):
        raise ValueError(f'"{value}" is no length of time; write 3h, 45m or 1h30m')
    hours, minutes = (int(part or 0) for part in match.groups())
    length = timedelta(hours=hours, minutes=minutes)
    if length < LEAST_GRACE:
        raise ValueError(f'"{value}" is too short; write 5m or more, or a restart would miss it')
    if length > MOST_GRACE:
        raise ValueError(f'"{value}" is too long; write 48h or less, or it comes on another day')
    return length


def _date(value: Any) -> Any:
    """A date in the one form that cannot be misread; pydantic would take seconds since 1970 too."""
    if isinstance(value, date):
        return value
    text = _single(value, "a date, such as 2026-11-25")
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError(f'"{value}" is no date; write year-month-day, such as 2026-11-25')
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise ValueError(f'the calendar has no day "{text}"') from None
    if not FIRST_DATE <= found <= LAST_DATE:
        raise ValueError(f'"{text}" is not between {FIRST_DATE} and {LAST_DATE}')
    return found


def _number_of_a_day(value: Any) -> Any:
    """Written in one way only: 1 and 01 would be two keys in the file and one in the campaign."""
    if isinstance(value, str) and not re.fullmatch(r"[1-9][0-9]?", value):
        raise PydanticCustomError("no_such_day", "no such day")
    return value


def _time(value: Any) -> Any:
    if isinstance(value, str) and not re.fullmatch(r"([01]?[0-9]|2[0-3]):[0-5][0-9]", value):
        raise ValueError(f'"{value}" is no time of day; write hours and minutes, such as 09:30')
    return value.zfill(5) if isinstance(value, str) else value


def _days(value: Any) -> Any:
    text = _single(value, "3, 3-8 or any")
    if text == "any":
        return (1, DAYS)
    match = re.fullmatch(r"(\d{1,2})(?:\s*[-–]\s*(\d{1,2}))?", text)
    if not match:
        raise ValueError(f'"{text}" is no day; write 3, 3-8 or any')
    first, last = int(match[1]), int(match[2] or match[1])
    if not 1 <= first <= last <= DAYS:
        raise ValueError(f'there is no day "{text}"')
    return (first, last)


def _hours(value: Any) -> Any:
    text = _single(value, "hours, such as 21:00-07:00")
    match = re.fullmatch(r"(\S+?)\s*[-–]\s*(\S+?)", text)
    if not match:
        raise ValueError(f'"{value}" is no stretch of hours; write 21:00-07:00')
    return {"begin": _time(match[1]), "end": _time(match[2])}


def _instant(value: Any) -> Any:
    text = _single(value, "a point in time, such as 2026-11-25 10:00")
    day, _, hour = text.replace("T", " ").partition(" ")
    if not re.fullmatch(r"[0-9]{2}:[0-9]{2}", hour):
        raise ValueError(f'"{value}" is no point in time; write 2026-11-25 10:00')
    return datetime.combine(_date(day), time.fromisoformat(_time(hour)))


def _inside(value: str) -> str:
    path = PurePosixPath(value.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or re.match(r"[A-Za-z]:", value):
        raise ValueError("name a file inside the campaign's folder, such as assets/logo.png")
    return value


def _tag(value: str) -> str:
    word = value.removeprefix("#")
    if not re.fullmatch(r"\w+", word) or word.isdigit():
        raise ValueError(f'"{value}" is no hashtag: only letters, digits and _ belong to one')
    return word


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Identifier = Annotated[
    str,
    # Exactly as it stands: ids that only a blank tells apart would take each other's place.
    StringConstraints(
        pattern=r"^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$", max_length=64, strip_whitespace=False
    ),
]
Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9A-Fa-f]{6}$")]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(?:-[A-Z][a-z]{3})?$")]
Zone = Annotated[str, AfterValidator(_zone)]
Duration = Annotated[timedelta, BeforeValidator(_duration)]
ClockTime = Annotated[time, BeforeValidator(_time)]
FileName = Annotated[Text, AfterValidator(_inside)]
Tag = Annotated[Text, AfterValidator(_tag)]
Date = Annotated[date, BeforeValidator(_date)]
DayNumber = Annotated[int, BeforeValidator(_number_of_a_day), Field(ge=1, le=DAYS)]

LocalInstant = Annotated[datetime, BeforeValidator(_instant)]
LintCode = Annotated[str, StringConstraints(strip_whitespace=False)]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]


class Form(BaseModel):
    """A mapping of the calendar. Unknown keys are errors: none is accepted and ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class HoursForm(Form):
    """Written 21:00-07:00; over midnight when it ends before it begins."""

    begin: ClockTime = Field(description="From this minute on.")
    end: ClockTime = Field(description="Up to this minute.")


HourRange = Annotated[HoursForm, BeforeValidator(_hours, json_schema_input_type=str)]
#: The first and the last day on which the post may stand.
DayRange = Annotated[tuple[int, int], BeforeValidator(_days, json_schema_input_type=int | str)]


class ModerationForm(Form):
    """Who watches over the answers to posts, and when."""

    by: Text = Field(description="A team or a role, not a person's name.")
    hours: HourRange = Field(description="When somebody is there: 09:00-17:00.")


class CampaignForm(Form):
    """The edition: its name, its days and what every post takes over unless it says otherwise."""

    id: Identifier = Field(description="Names this edition for ever; never change it later.")
    title: Text = Field(description="The campaign's name, as people read it.")
    first_day: Date = Field(description="The date of day 1, such as 2026-11-25.")
    zone: Zone = Field(description="The time zone of all hours, such as Europe/Berlin.")
    language: Language = Field(description="The language of the texts, such as en.")
    time: ClockTime = Field(description="When posts go out unless they say otherwise: 09:00.")
    grace: Duration = Field(
        default=timedelta(hours=3),
        description="How late a post may still go out, 5m to 48h: 3h.",
    )
    tags: tuple[Tag, ...] = Field(
        default=(), description="Hashtags that stand below every caption, in quotation marks."
    )
    country: Country | None = Field(
        default=None, description="For one country only, such as DE: helplines must be its own."
    )
    quiet_hours: HourRange | None = Field(
        default=None, description="When nothing should go out: 21:00-07:00."
    )
    weekends: bool = Field(default=True, description="no: nothing on Saturdays and Sundays.")
    comments: Comments = Field(
        default=Comments.LIMITED, description="Who may answer: off, limited or on."
    )
    moderation: ModerationForm | None = Field(
        default=None, description="Needed where comments are on."
    )
    required_text: str = Field(
        default="", description="Stands below every caption: a funding line, a disclaimer."
    )
    lints: dict[LintCode, Literal["off", "warning", "error"]] = Field(
        default={}, description="How severe a lint is in this campaign, by its code."
    )


class ColoursForm(Form):
    """Colours by role, each written "#rrggbb"."""

    paper: Colour = Field(description="Behind everything.")
    ink: Colour = Field(description="Text on paper.")
    accent: Colour = Field(description="What is looked at first.")
    ground: Colour = Field(description="The dark ground of quotations and openers.")
    on_dark: Colour = Field(description="Text on accent and ground.")


class BrandForm(Form):
    """How the cards look."""

    name: Text = Field(description="Stands at the foot of every card.")
    hashtag: Text = Field(description='The campaign\'s hashtag, such as "#ResponsibleTogether".')
    colours: ColoursForm = Field(description="The five colours of every card.")
    help: str = Field(default="", description="A short line at the foot: where to find help.")
    funder: str = Field(default="", description="Funded by …, where a funder asks for it.")
    logo: FileName | None = Field(default=None, description="A PNG inside the campaign's folder.")


class SourceForm(Form):
    """Where a figure or a quotation comes from."""

    publisher: Text = Field(description="Who published it.")
    title: Text = Field(description="Under which title.")
    year: Text = Field(description="When it was published.")
    address: HttpUrl = Field(description="The page where it was read.")
    required_text: str = Field(
        default="", description="What the publisher wants to stand below it, word for word."
    )


class ValueForm(Form):
    """One bar or share of a chart."""

    label: Text = Field(description="What the bar stands for.")
    amount: float = Field(ge=0, allow_inf_nan=False, description="Draws the bar.")
    shown: Text = Field(description="Is written beside it, such as 38.0%.")


_CHART_KEYS = {
    ChartKind.PICTOGRAM: {"marked", "of"},
    ChartKind.RING: {"share"},
    ChartKind.BARS: {"values"},
}


class ChartForm(Form):
    """How a figure is drawn."""

    kind: ChartKind = Field(
        description="pictogram (needs marked and of), ring (share) or bars (values)."
    )
    marked: int | None = Field(default=None, ge=0, le=100, description="Signs that are lit.")
    of: int | None = Field(default=None, ge=1, le=100, description="Signs in all.")
    share: float | None = Field(default=None, ge=0, le=100, description="Per cent of a ring.")
    values: tuple[ValueForm, ...] = Field(default=(), max_length=6, description="Bars.")

    @model_validator(mode="after")
    def _whole(self) -> ChartForm:
        wanted = {
            ChartKind.PICTOGRAM: (self.marked is not None and self.of is not None, "marked and of"),
            ChartKind.RING: (self.share is not None, "share"),
            ChartKind.BARS: (len(self.values) > 1, "two values or more"),
        }
        complete, what = wanted[self.kind]
        if not complete:
            raise ValueError(f"a chart of the kind {self.kind} needs {what}")
        others = sorted(self.model_fields_set - _CHART_KEYS[self.kind] - {"kind"})
        if others:
            raise PydanticCustomError(
                "other_kind",
                "{message}",
                {
                    "key": others[0],
                    "message": f'a chart of the kind {self.kind} has no "{others[0]}"',
                    "hint": f"it has {what}; delete the line, or write another kind",
                },
            )
        if self.marked is not None and self.of is not None and self.marked > self.of:
            raise ValueError(f"{self.marked} of {self.of} cannot be marked")
        return self


class FactForm(Form):
    """A figure, with everything that keeps it honest."""

    figure: Text = Field(description="As it is drawn, large: 1 in 3.")
    statement: Text = Field(description="What it says, read directly after the figure.")
    population: Text = Field(description="Who was counted.")
    year: Text = Field(description="The year that the figure describes, not of publication.")
    source: SourceForm = Field(description="Who published the figure, and where.")
    checked: Checked = Field(description="publisher, or third-party if read only elsewhere.")
    checked_on: Date = Field(description="When somebody last read it there.")
    caveat: Text = Field(description="What a careful reader must know.")
    chart: ChartForm | None = Field(default=None, description="Drawn beside the figure.")
    superseded_by: Identifier | None = Field(
        default=None, description="The fact that took its place: this one is held back."
    )
    review_by: Date | None = Field(
        default=None, description="From this date on, somebody must look at it again."
    )


class ConsentForm(Form):
    """That somebody agreed. Never a name or an address: those are kept elsewhere."""

    scope: Text = Field(description="To what, in words.")
    until: Date = Field(description="The last day on which it may be published.")
    accounts: tuple[Identifier, ...] = Field(default=(), description="Only these; else all.")
    withdrawn: Date | None = Field(default=None, description="Since when it no longer holds.")


class HelplineForm(Form):
    """A number to call. Drawn and written only when it was verified at its own address."""

    number: Text = Field(description="As it is dialled, such as 116 016.")
    country: Country = Field(description="Where it can be dialled, such as DE.")
    audience: Audience = Field(description="survivors, or people-using-violence.")
    hours: Text = Field(description="Such as: day and night, free of charge.")
    verified: Checked = Field(description="publisher, or third-party if read only elsewhere.")
    verified_by: str = Field(default="", description="A team or a role.")
    verified_on: Date | None = Field(
        default=None, description="When; without it the number is never shown."
    )
    address: HttpUrl = Field(description="The helpline's own page.")


class QuoteForm(Form):
    """Words exactly as they were said."""

    words: Text = Field(description="Word for word, without quotation marks around them.")
    language: Language = Field(description="The language they were said in.")
    speaker: Text = Field(description="Who said or wrote it.")
    role: Text = Field(description="At the time of speaking.")
    source: SourceForm = Field(description="Who published the words, and where.")
    checked: Checked = Field(description="publisher, or third-party if read only elsewhere.")
    checked_on: Date = Field(description="When somebody last read it there.")
    survivor: bool = Field(
        default=False, description="Of somebody who survived violence: needs a consent."
    )
    consent: Identifier | None = Field(default=None, description="The id of a consent.")


class PictureForm(Form):
    """A picture that the campaign brings along."""

    file: FileName = Field(description="Inside the campaign's folder: assets/door.jpg.")
    credit: Text = Field(description="Who made it, as it stands on the card.")
    licence: Text = Field(description="Such as CC0-1.0.")
    survivor: bool = Field(
        default=False, description="Of somebody who survived violence: needs a consent."
    )
    consent: Identifier | None = Field(default=None, description="The id of a consent.")


class DayForm(Form):
    """What a day is about."""

    theme: Text = Field(description="Stands at the head of the day's cards.")
    observance: str = Field(default="", description="An international day on this date.")


class GraphicForm(Form):
    """A typographic card."""

    headline: Text = Field(description="What the card says, large.")
    points: tuple[Text, ...] = Field(
        default=(), max_length=5, description="Up to five short lines below it."
    )


class PhotoForm(Form):
    """A picture with a headline on it."""

    picture: Identifier = Field(description="The id of a picture.")
    headline: str = Field(default="", description="Stands on the picture.")


class CallForm(Form):
    """A call to action."""

    headline: Text = Field(description="What to do, in a few words.")
    body: Text = Field(description="How to do it, in a sentence or two.")


class SeriesForm(Form):
    """Posts at a steady distance: the first, the second … of a series."""

    first: DayNumber = Field(description="The day of its number 1.")
    every: DayNumber = Field(description="Days from one to the next: 3 is every third day.")
    time: ClockTime | None = Field(default=None, description="Another hour than the campaign's.")


class ContentForm(Form):
    """What a card shows: a quote, a statistic, a graphic, a photo or a call."""

    quote: Identifier | None = Field(default=None, description="The id of a quote.")
    excerpt: Text | None = Field(default=None, description="A part of it, word for word.")
    statistic: Identifier | None = Field(default=None, description="The id of a fact.")
    graphic: GraphicForm | None = Field(
        default=None, description="A headline and up to five points."
    )
    photo: PhotoForm | None = Field(
        default=None, description="A picture, with or without a headline."
    )
    call: CallForm | None = Field(default=None, description="What people can do, and how.")
    alt: Text | None = Field(
        default=None, description="What the picture shows, with every word in it."
    )

    @model_validator(mode="after")
    def _whole(self) -> Self:
        written = [kind for kind in self.kinds() if getattr(self, kind)]
        if len(written) != 1:
            found = " and ".join(written) or "none of them"
            raise ValueError(f"it needs one of {', '.join(self.kinds())}; it has {found}")
        if self.excerpt is not None and self.quote is None:
            raise ValueError("only a quote has an excerpt")
        if self.alt is None and written != ["carousel"]:
            raise PydanticCustomError("missing_alt", "alt")
        if self.alt is not None and written == ["carousel"]:
            raise ValueError("in a carousel, each slide has its own alt")
        return self

    @classmethod
    def kinds(cls) -> tuple[str, ...]:
        return ("quote", "statistic", "graphic", "photo", "call")


class SlideForm(ContentForm):
    """One picture of a carousel."""


class PostForm(ContentForm):
    """One thing to say at one time."""

    day: DayRange | None = Field(
        default=None, description="1 to 16; 3-8 or any for a post that floats."
    )
    series: Identifier | None = Field(default=None, description="Instead of a day.")
    number: DayNumber | None = Field(default=None, description="Its place in the series.")
    time: ClockTime | None = Field(default=None, description="Another hour than the campaign's.")
    carousel: tuple[SlideForm, ...] = Field(
        default=(), max_length=20, description="Several pictures, each with its alt."
    )
    text: Text = Field(description="The caption, without the hashtags.")
    thread: tuple[Text, ...] = Field(
        default=(), max_length=24, description="Further parts, published as answers to it."
    )
    tags: tuple[Tag, ...] | None = Field(default=None, description="Instead of the campaign's.")
    accounts: tuple[Identifier, ...] | None = Field(
        default=None, min_length=1, description="Instead of all accounts."
    )
    note: str = Field(default="", description="A short factual content note.")
    grace: Duration | None = Field(default=None, description="Instead of the campaign's.")
    helpline: Identifier | None = Field(
        default=None, description="Written below the caption and at the foot of the card."
    )
    comments: Comments | None = Field(default=None, description="Instead of the campaign's.")
    embargo: LocalInstant | None = Field(
        default=None, description="Not a word before this: 2026-11-25 10:00."
    )

    @classmethod
    def kinds(cls) -> tuple[str, ...]:
        return (*super().kinds(), "carousel")

    @model_validator(mode="after")
    def _timed(self) -> Self:
        if (self.series is None) != (self.number is None):
            raise ValueError("a post of a series has both series and number")
        if (self.day is None) == (self.series is None):
            raise PydanticCustomError("missing_day", "day")
        return self


class SecretForm(Form):
    """Where a token is kept: one of the three."""

    env: Text | None = Field(default=None, description="The name of an environment variable.")
    keyring: Text | None = Field(default=None, description="The name in the system's keyring.")
    file: Text | None = Field(default=None, description="A file that only you can read.")

    @model_validator(mode="after")
    def _one_place(self) -> SecretForm:
        if sum(place is not None for place in (self.env, self.keyring, self.file)) != 1:
            raise ValueError("write one of {env: NAME}, {keyring: NAME}, {file: NAME}")
        return self


class AccountForm(BaseModel):
    """An account. Further keys depend on the platform, which checks them itself."""

    model_config = ConfigDict(extra="allow", frozen=True, str_strip_whitespace=True)
    __pydantic_extra__: dict[str, Text | SecretForm]

    platform: Text = Field(description="Where it publishes: folder, mastodon …")


class CalendarForm(Form):
    """The whole file."""

    campaign: CampaignForm = Field(description="The edition, and what every post takes over.")
    brand: BrandForm = Field(description="How every card looks.")
    accounts: dict[Identifier, AccountForm] = Field(
        min_length=1, description="Where posts go, by a name that you choose."
    )
    facts: dict[Identifier, FactForm] = Field(
        default={}, description="Figures for statistics, by id."
    )
    quotes: dict[Identifier, QuoteForm] = Field(default={}, description="Quotations, by id.")
    pictures: dict[Identifier, PictureForm] = Field(
        default={}, description="Pictures that the campaign brings along, by id."
    )
    consents: dict[Identifier, ConsentForm] = Field(
        default={}, description="What people agreed to, by id; never a name."
    )
    helplines: dict[Identifier, HelplineForm] = Field(
        default={}, description="Numbers to call, by id."
    )
    series: dict[Identifier, SeriesForm] = Field(
        default={}, description="Posts at a steady distance, by id."
    )
    days: dict[DayNumber, DayForm] = Field(
        default={}, description="What each day is about, by number, 1 to 16."
    )
    posts: dict[Identifier, PostForm] = Field(
        min_length=1, description="What is said, by an id that never changes."
    )
