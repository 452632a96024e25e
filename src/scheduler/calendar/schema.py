"""What people may write in a calendar: the one list of its keys, their forms and their meaning.

Values arrive as the text that was typed. These models only say what is well formed; `building`
says what it refers to.
"""

from __future__ import annotations

from datetime import timedelta
from types import MappingProxyType
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, HttpUrl, model_validator
from pydantic_core import PydanticCustomError

from scheduler.calendar.scalars import (
    ClockTime,
    Colour,
    Country,
    Date,
    DayNumber,
    Duration,
    FileName,
    FontNames,
    Identifier,
    Language,
    LintCode,
    LocalInstant,
    ServedAddress,
    Tag,
    Text,
    Zone,
    days,
    hours,
)
from scheduler.model import AlertKind, Audience, ChartKind, Checked, Comments, Hours, Scope


class Form(BaseModel):
    """A mapping of the calendar. Unknown keys are errors: none is accepted and ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class HoursForm(Form):
    """Written 21:00-07:00; over midnight when it ends before it begins."""

    begin: ClockTime = Field(description="From this minute on.")
    end: ClockTime = Field(description="Up to this minute.")


class TranslationForm(Form):
    """Of which texts these are a translation, and who has read it against them."""

    state: Literal["draft", "reviewed"] = Field(
        default="draft", description="draft, or reviewed with by and on."
    )
    by: Text | None = Field(default=None, description="Who reviewed it: a name.")
    on: Date | None = Field(default=None, description="When it was reviewed.")
    of: dict[str, Any] = Field(
        default={}, description="The source texts it was made from, with the same keys."
    )

    @model_validator(mode="after")
    def _named(self) -> TranslationForm:
        named = self.by is not None and self.on is not None
        if self.state == "reviewed" and not named:
            raise ValueError("who reviewed it, and when? Add by: NAME and on: 2026-11-20")
        if self.state == "draft" and (self.by or self.on):
            raise ValueError("somebody reviewed it: write state: reviewed, or take by and on out")
        return self


class TranslatedForm(Form):
    """An entry, or a section, that a language's file may translate."""

    translation: TranslationForm | None = Field(
        default=None, description="In a language's file: its state, and the source texts."
    )


HourRange = Annotated[HoursForm, BeforeValidator(hours, json_schema_input_type=str)]
#: The first and the last day on which the post may stand.
DayRange = Annotated[tuple[int, int], BeforeValidator(days, json_schema_input_type=int | str)]


#: Typed in digits, as everything is text until here.
Approvals = Annotated[int, Field(ge=0, le=5)]


class ModerationForm(Form):
    """Who watches over the answers to posts, and when."""

    by: Text = Field(description="A team or a role, not a person's name.")
    hours: HourRange = Field(description="When somebody is there: 09:00-17:00.")


class CampaignForm(TranslatedForm):
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
        default=Comments.LIMITED,
        description="Who may answer, where a platform can be told: off, limited (whom the account "
        "mentions or follows) or on.",
    )
    moderation: ModerationForm | None = Field(
        default=None, description="Needed where comments are on."
    )
    required_text: str = Field(
        default="", description="Stands below every caption: a funding line, a disclaimer."
    )
    helpline: Identifier | None = Field(
        default=None, description="For every post that names no other; none for no number."
    )
    lints: dict[LintCode, Literal["off", "warning", "error"]] = Field(
        default={}, description="How severe a lint is in this campaign, by its code."
    )
    approvals: Approvals = Field(
        default=0,
        description="How many different people must approve a post before it goes out, 0 to 5.",
    )


class ColoursForm(Form):
    """Colours by role, each written "#rrggbb"."""

    paper: Colour = Field(description="Behind everything.")
    ink: Colour = Field(description="Text on paper.")
    accent: Colour = Field(description="What is looked at first.")
    ground: Colour = Field(description="The dark ground of quotations and openers.")
    on_dark: Colour = Field(description="Text on accent and ground.")


class FontsForm(Form):
    """What writes the cards: files in the campaign's folder, or Inter, Inter Display, Source Serif.

    A list names the files of one typeface in several weights; the nearest one writes.
    """

    text: FontNames | None = Field(default=None, description="Small text. Else Inter.")
    display: FontNames | None = Field(
        default=None, description="Headlines and figures. Else Inter Display."
    )
    serif: FontNames | None = Field(default=None, description="Quotations. Else Source Serif.")


class BrandForm(TranslatedForm):
    """How the cards look."""

    name: Text = Field(description="Stands at the foot of every card.")
    hashtag: Text = Field(description='The campaign\'s hashtag, such as "#ResponsibleTogether".')
    colours: ColoursForm = Field(description="The five colours of every card.")
    help: str = Field(default="", description="A short line at the foot: where to find help.")
    funder: str = Field(default="", description="Funded by …, where a funder asks for it.")
    logo: FileName | None = Field(default=None, description="A PNG inside the campaign's folder.")
    fonts: FontsForm = Field(
        default=FontsForm(),
        description="The brand's own type. Fonts for further scripts need no line: those in "
        "assets/fonts/ write what the others cannot.",
    )
    second_logo: FileName | None = Field(
        default=None, description="Beside the first: a member's has the network's at its side."
    )
    logo_clear: float = Field(
        default=0.25,
        ge=0,
        le=1,
        allow_inf_nan=False,
        description="The white that each logo keeps around itself, in parts of its height.",
    )

    @model_validator(mode="after")
    def _first_logo(self) -> Self:
        if self.second_logo is not None and self.logo is None:
            raise ValueError("there is a second logo, and no first one: write it as logo")
        return self


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
    """One bar or column of a chart."""

    label: Text = Field(description="What it stands for, or who was counted.")
    amount: float = Field(ge=0, allow_inf_nan=False, description="Draws the bar.")
    shown: Text = Field(description="Is written beside it, such as 38.0%.")


class MomentForm(ValueForm):
    """One of the two amounts of a before-after."""

    label: Text = Field(description="When it was: a year, or how long after.")


_CHART_KEYS = {
    ChartKind.PICTOGRAM: {"marked", "of"},
    ChartKind.RING: {"share"},
    ChartKind.BARS: {"values"},
    ChartKind.BEFORE_AFTER: {"before", "after"},
    ChartKind.COMPARISON: {"values"},
}
_MOST_COMPARED = 3


class ChartForm(Form):
    """How a figure is drawn."""

    kind: ChartKind = Field(
        description="pictogram (needs marked and of), ring (share), bars (values), before-after "
        "(before and after) or comparison (two or three values)."
    )
    marked: int | None = Field(default=None, ge=0, le=100, description="Signs that are lit.")
    of: int | None = Field(default=None, ge=1, le=100, description="Signs in all.")
    share: float | None = Field(default=None, ge=0, le=100, description="Per cent of a ring.")
    values: tuple[ValueForm, ...] = Field(
        default=(), max_length=6, description="Bars, or the populations of a comparison."
    )
    before: MomentForm | None = Field(default=None, description="What it was, and when.")
    after: MomentForm | None = Field(default=None, description="The same, later.")

    @model_validator(mode="after")
    def _whole(self) -> ChartForm:
        wanted = {
            ChartKind.PICTOGRAM: (self.marked is not None and self.of is not None, "marked and of"),
            ChartKind.RING: (self.share is not None, "share"),
            ChartKind.BARS: (len(self.values) > 1, "two values or more"),
            ChartKind.BEFORE_AFTER: (
                self.before is not None and self.after is not None,
                "before and after",
            ),
            ChartKind.COMPARISON: (
                1 < len(self.values) <= _MOST_COMPARED,
                "two or three values",
            ),
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


class FactForm(TranslatedForm):
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


class HelplineForm(TranslatedForm):
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


class InTranslationForm(Form):
    """A quotation in the language of the file, by somebody who stands for it."""

    words: Text = Field(description="The translated words, without quotation marks.")
    translator: Text = Field(description="Who translated them: printed below the words.")


class QuoteForm(TranslatedForm):
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
    in_translation: InTranslationForm | None = Field(
        default=None, description="In a language's file; else the words stay as they were said."
    )


class PictureForm(Form):
    """A picture that the campaign brings along."""

    file: FileName = Field(description="Inside the campaign's folder: assets/door.jpg.")
    credit: Text = Field(description="Who made it, as it stands on the card.")
    licence: Text = Field(description="Such as CC0-1.0.")
    survivor: bool = Field(
        default=False, description="Of somebody who survived violence: needs a consent."
    )
    consent: Identifier | None = Field(default=None, description="The id of a consent.")


class DayForm(TranslatedForm):
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


class OpenerForm(Form):
    """The opener of a day. Its number is the picture."""

    headline: str = Field(default="", description="Instead of the day's theme.")
    body: str = Field(default="", description="Instead of the day's observance.")


class SeriesForm(Form):
    """Posts at a steady distance: the first, the second … of a series."""

    first: DayNumber = Field(description="The day of its number 1.")
    every: DayNumber = Field(description="Days from one to the next: 3 is every third day.")
    time: ClockTime | None = Field(default=None, description="Another hour than the campaign's.")


class ContentForm(Form):
    """What a card shows: a quote, a statistic, a graphic, a photo, a call or a day's opener."""

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
    opener: OpenerForm | None = Field(
        default=None, description="The day's number, large, with its theme; or with other words."
    )
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
        return ("quote", "statistic", "graphic", "photo", "call", "opener")


class SlideForm(ContentForm):
    """One picture of a carousel."""


class PostForm(ContentForm, TranslatedForm):
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
        default=None, min_length=1, description="Only the accounts of these names; else all."
    )
    note: str = Field(default="", description="A short factual content note.")
    grace: Duration | None = Field(default=None, description="Instead of the campaign's.")
    helpline: Identifier | None = Field(
        default=None,
        description="Written below the caption and at the foot of the card; none for no number.",
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


class HostingForm(Form):
    """Where pictures lie at a public address, for the platforms that fetch them from there."""

    bucket: Text | None = Field(default=None, description="A bucket of S3 or of its like, by name.")
    endpoint: ServedAddress | None = Field(
        default=None, description="Where the bucket's server is, if it is not Amazon's."
    )
    region: Text | None = Field(default=None, description="Of the bucket, such as eu-central-1.")
    prefix: Text | None = Field(
        default=None, description="Stands before each picture's name in the bucket: 2026/."
    )
    path_style: bool | None = Field(
        default=None, description="yes: the bucket's name is a part of the path. Many servers ask."
    )
    access_key: SecretForm | None = Field(
        default=None, description="Where the id of the bucket's key is kept."
    )
    secret_key: SecretForm | None = Field(
        default=None, description="Where the bucket's key itself is kept."
    )
    directory: Text | None = Field(
        default=None, description="Instead of a bucket: a folder that a web server serves."
    )
    address: ServedAddress | None = Field(
        default=None,
        description="Where everybody can read the folder, or the bucket. A bucket that has none "
        "gives addresses that are good for a day.",
    )

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if (self.bucket is None) == (self.directory is None):
            raise ValueError("pictures lie in a bucket or in a directory: write one of the two")
        kind = "bucket" if self.directory is None else "directory"
        needed = _HOSTING_NEEDS[kind]
        for key in needed:
            if getattr(self, key) is None:
                raise ValueError(f"a {kind} needs {' and '.join(needed)}")
        others = sorted(self.model_fields_set & _OF_BUCKETS) if kind == "directory" else []
        if others:
            raise PydanticCustomError(
                "other_kind",
                "{message}",
                {
                    "key": others[0],
                    "message": f'a directory has no "{others[0]}"',
                    "hint": "it has directory and address; delete the line, or write bucket",
                },
            )
        return self


_HOSTING_NEEDS = MappingProxyType(
    {"bucket": ("access_key", "secret_key"), "directory": ("address",)}
)
_OF_BUCKETS = frozenset({"endpoint", "region", "prefix", "path_style", "access_key", "secret_key"})


class AlertsForm(Form):
    """Who is told when something needs a person, and when."""

    to: dict[Identifier, Text | SecretForm] = Field(
        min_length=1,
        description="Who is told, by a name that you choose: where an address of Apprise's is "
        "kept, since most hold a password or a token. A mail without a password may stand here "
        "itself: mailto://relay.example.org?to=team@example.org.",
    )
    kinds: tuple[AlertKind, ...] = Field(
        default=(), min_length=1, description="Only of these; else of all."
    )
    zone: Zone | None = Field(
        default=None, description="The time zone of these hours; else the campaign's."
    )
    quiet_hours: HourRange | None = Field(
        default=None,
        description="Nothing is told in these but what would be too late afterwards: 22:00-07:00.",
    )
    digest: ClockTime | None = Field(
        default=None, description="When tomorrow's posts are told, day by day: 17:00. Else never."
    )
    ping: SecretForm | None = Field(
        default=None,
        description="Where an address is kept that is asked every few minutes while all is well. "
        "Whoever answers it tells people when it is asked no more.",
    )

    @model_validator(mode="after")
    def _awake(self) -> Self:
        quiet = self.quiet_hours
        if quiet and quiet.begin == quiet.end:
            raise ValueError("quiet_hours end when they begin: write 22:00-07:00, or none")
        if quiet and self.digest and _hours_of(quiet).contain(self.digest):
            raise ValueError(f"the digest at {self.digest:%H:%M} lies in the quiet hours")
        return self


def _hours_of(form: HoursForm) -> Hours:
    return Hours(begin=form.begin, end=form.end)


class PhrasesForm(TranslatedForm):
    """What the program itself writes on cards and below captions."""

    day: Text | None = Field(default=None, description='"Day {day} of {days}", on every card.')
    helpline: Text | None = Field(default=None, description="Before a number for survivors.")
    violence_helpline: Text | None = Field(
        default=None, description="Before a number for people who use violence."
    )
    foot: Text | None = Field(default=None, description='"At the foot: {foot}", in alt texts.')
    translated_by: Text | None = Field(
        default=None, description='"Translated by {translator}", below a quotation.'
    )

    @model_validator(mode="after")
    def _filled(self) -> PhrasesForm:
        for name, words in FILLED.items():
            written = getattr(self, name)
            missing = [word for word in words if written is not None and word not in written]
            if missing:
                raise ValueError(f'"{name}" must contain {" and ".join(missing)}')
        return self


#: What the program puts in between.
FILLED = MappingProxyType(
    {"day": ("{day}", "{days}"), "foot": ("{foot}",), "translated_by": ("{translator}",)}
)


class CalendarForm(Form):
    """The whole file."""

    campaign: CampaignForm = Field(description="The edition, and what every post takes over.")
    brand: BrandForm = Field(description="How every card looks.")
    accounts: dict[Identifier, AccountForm] = Field(
        min_length=1, description="Where posts go, by a name that you choose."
    )
    hosting: HostingForm | None = Field(
        default=None, description="Where pictures lie for platforms that fetch them."
    )
    alerts: AlertsForm | None = Field(
        default=None, description="Who is told when something needs a person."
    )
    phrases: PhrasesForm = Field(
        default=PhrasesForm(), description="What the program writes, in the campaign's language."
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


class CoalitionForm(CalendarForm):
    """The whole file, where members have accounts of their own."""

    accounts: dict[Identifier, AccountForm] = Field(
        default={}, description="The campaign's own accounts, by a name that you choose."
    )


class LanguageForm(CoalitionForm):
    """A language's file, over the calendar: what it says differently."""

    language: Language = Field(description="The language of these texts, such as de.")


class MemberHeadForm(Form):
    """Which organisation it is."""

    id: Identifier = Field(description="Names the member for ever; never change it later.")
    name: Text = Field(description="The organisation's name, as people read it.")
    kit: bool = Field(
        default=False, description="yes: it gets a kit, and posts by itself; nothing is published."
    )


class LeavesOutForm(Form):
    """What of the campaign the member does not take part in."""

    days: tuple[DayNumber, ...] = Field(default=(), description="All posts of these days.")
    posts: tuple[Identifier, ...] = Field(default=(), description="These posts.")


class MemberForm(CalendarForm):
    """A member's file, over the calendar and its language's: what it says differently."""

    member: MemberHeadForm = Field(description="Whose file it is.")
    leaves_out: LeavesOutForm = Field(
        default=LeavesOutForm(), description="What it does not take part in."
    )


class HoldForm(Form):
    """An entry of holds.yaml: one key says what is held, reason says why."""

    everything: Literal["yes"] | None = Field(
        default=None, description="yes: nothing of the campaign goes out."
    )
    member: Text | None = Field(default=None, description="An organisation, by its id.")
    country: Text | None = Field(
        default=None, description="The organisations of one country, such as AT."
    )
    language: Text | None = Field(
        default=None, description="What is said in one language, such as de."
    )
    account: Text | None = Field(
        default=None, description="One account, by its name in the whole coalition: italy.page."
    )
    tag: Text | None = Field(
        default=None, description="The posts with one hashtag, without # or in quotation marks."
    )
    post: Text | None = Field(default=None, description="One post, on every account.")
    reason: Text = Field(description="Why: whoever looks at it tomorrow must understand.")
    by: Text | None = Field(default=None, description="Who decided it: a role, or a name.")

    @model_validator(mode="after")
    def _one_target(self) -> Self:
        if len(self._named()) != 1:
            raise ValueError(
                f"an entry names one thing ({', '.join(Scope)}); a second one has its own entry"
            )
        return self

    @property
    def named(self) -> tuple[Scope, str]:
        """What it holds."""
        ((scope, value),) = self._named()
        return scope, "" if scope is Scope.EVERYTHING else value

    def _named(self) -> list[tuple[Scope, str]]:
        said = ((scope, getattr(self, scope)) for scope in Scope)
        return [(scope, value) for scope, value in said if value is not None]


class HoldsForm(Form):
    """holds.yaml, beside the calendar."""

    holds: tuple[HoldForm, ...] = Field(
        description="What must not go out for now. Take an entry out to release it."
    )
