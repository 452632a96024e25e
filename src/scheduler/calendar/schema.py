"""What people may write in a calendar: the one list of its keys, their forms and their meaning.

Values arrive as the text that was typed. These models only say what is well formed; `building`
says what it refers to.
"""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from pathlib import PurePosixPath
from typing import Annotated, Any
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

from scheduler.model import DAYS, ChartKind, Checked

_DURATION = re.compile(r"(?:(\d{1,3})\s*h)?\s*(?:(\d{1,4})\s*m(?:in)?)?", re.IGNORECASE)


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(
            f'there is no time zone "{name}"; write a city of it, such as Europe/Rome'
        ) from None
    return name


def _duration(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    match = _DURATION.fullmatch(value.strip())
    if not match or not any(match.groups()):
        raise ValueError(f'"{value}" is no length of time; write 3h, 45m or 1h30m')
    hours, minutes = (int(part or 0) for part in match.groups())
    return timedelta(hours=hours, minutes=minutes)


def _time(value: Any) -> Any:
    if isinstance(value, str) and not re.fullmatch(r"([01]?\d|2[0-3]):[0-5]\d", value):
        raise ValueError(f'"{value}" is no time of day; write hours and minutes, such as 09:30')
    return value.zfill(5) if isinstance(value, str) else value


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
    str, StringConstraints(pattern=r"^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$", max_length=64)
]
Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9A-Fa-f]{6}$")]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(?:-[A-Z][a-z]{3})?$")]
Zone = Annotated[str, AfterValidator(_zone)]
Duration = Annotated[timedelta, BeforeValidator(_duration)]
ClockTime = Annotated[time, BeforeValidator(_time)]
FileName = Annotated[Text, AfterValidator(_inside)]
Tag = Annotated[Text, AfterValidator(_tag)]
DayNumber = Annotated[int, Field(ge=1, le=DAYS)]


class Form(BaseModel):
    """A mapping of the calendar. Unknown keys are errors: none is accepted and ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class CampaignForm(Form):
    """The edition: its name, its days and what every post takes over unless it says otherwise."""

    id: Identifier = Field(description="Names this edition for ever; never change it later.")
    title: Text = Field(description="The campaign's name, as people read it.")
    first_day: date = Field(description="The date of day 1, such as 2026-11-25.")
    zone: Zone = Field(description="The time zone of all hours, such as Europe/Berlin.")
    language: Language = Field(description="The language of the texts, such as en.")
    time: ClockTime = Field(description="When posts go out unless they say otherwise: 09:00.")
    grace: Duration = Field(
        default=timedelta(hours=3), description="How late a post may still go out: 3h."
    )
    tags: tuple[Tag, ...] = Field(
        default=(), description="Hashtags that stand below every caption, in quotation marks."
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
    colours: ColoursForm
    help: str = Field(default="", description="A short line at the foot: where to find help.")
    funder: str = Field(default="", description="Funded by …, where a funder asks for it.")
    logo: FileName | None = Field(default=None, description="A PNG inside the campaign's folder.")


class SourceForm(Form):
    """Where a figure or a quotation comes from."""

    publisher: Text
    title: Text
    year: Text = Field(description="When it was published.")
    address: HttpUrl = Field(description="The page where it was read.")


class ValueForm(Form):
    """One bar or share of a chart."""

    label: Text
    amount: float = Field(ge=0, allow_inf_nan=False, description="Draws the bar.")
    shown: Text = Field(description="Is written beside it, such as 38.0%.")


class ChartForm(Form):
    """How a figure is drawn."""

    kind: ChartKind
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
        if self.marked is not None and self.of is not None and self.marked > self.of:
            raise ValueError(f"{self.marked} of {self.of} cannot be marked")
        return self


class FactForm(Form):
    """A figure, with everything that keeps it honest."""

    figure: Text = Field(description="As it is drawn, large: 1 in 3.")
    statement: Text = Field(description="What it says, read directly after the figure.")
    population: Text = Field(description="Who was counted.")
    year: Text = Field(description="The year that the figure describes, not of publication.")
    source: SourceForm
    checked: Checked = Field(description="publisher, or third-party if read only elsewhere.")
    checked_on: date
    caveat: Text = Field(description="What a careful reader must know.")
    chart: ChartForm | None = None


class QuoteForm(Form):
    """Words exactly as they were said."""

    words: Text = Field(description="Word for word, without quotation marks around them.")
    language: Language = Field(description="The language they were said in.")
    speaker: Text
    role: Text = Field(description="At the time of speaking.")
    source: SourceForm
    checked: Checked
    checked_on: date


class PictureForm(Form):
    """A picture that the campaign brings along."""

    file: FileName
    credit: Text
    licence: Text = Field(description="Such as CC0-1.0.")


class DayForm(Form):
    """What a day is about."""

    theme: Text
    observance: str = Field(default="", description="An international day on this date.")


class GraphicForm(Form):
    """A typographic card."""

    headline: Text
    points: tuple[Text, ...] = Field(default=(), max_length=5)


class PhotoForm(Form):
    """A picture with a headline on it."""

    picture: Identifier
    headline: str = ""


class CallForm(Form):
    """A call to action."""

    headline: Text
    body: Text


class PostForm(Form):
    """One thing to say at one time: a quote, a statistic, a graphic, a photo or a call."""

    day: DayNumber
    time: ClockTime | None = Field(default=None, description="Another hour than the campaign's.")
    quote: Identifier | None = Field(default=None, description="The id of a quote.")
    excerpt: Text | None = Field(default=None, description="A part of it, word for word.")
    statistic: Identifier | None = Field(default=None, description="The id of a fact.")
    graphic: GraphicForm | None = None
    photo: PhotoForm | None = None
    call: CallForm | None = None
    text: Text = Field(description="The caption, without the hashtags.")
    alt: Text = Field(description="What the picture shows, with every word in it.")
    tags: tuple[Tag, ...] | None = Field(default=None, description="Instead of the campaign's.")
    accounts: tuple[Identifier, ...] | None = Field(
        default=None, min_length=1, description="Instead of all accounts."
    )
    note: str = Field(default="", description="A short factual content note.")
    grace: Duration | None = Field(default=None, description="Instead of the campaign's.")

    @model_validator(mode="after")
    def _one_content(self) -> PostForm:
        kinds = ("quote", "statistic", "graphic", "photo", "call")
        written = [kind for kind in kinds if getattr(self, kind) is not None]
        if len(written) != 1:
            found = " and ".join(written) or "none of them"
            raise ValueError(f"a post has one of {', '.join(kinds)}; this one has {found}")
        if self.excerpt is not None and self.quote is None:
            raise ValueError("only a quote has an excerpt")
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

    platform: Text


class CalendarForm(Form):
    """The whole file."""

    campaign: CampaignForm
    brand: BrandForm
    accounts: dict[Identifier, AccountForm] = Field(min_length=1)
    facts: dict[Identifier, FactForm] = {}
    quotes: dict[Identifier, QuoteForm] = {}
    pictures: dict[Identifier, PictureForm] = {}
    days: dict[DayNumber, DayForm] = {}
    posts: dict[Identifier, PostForm] = Field(min_length=1)
