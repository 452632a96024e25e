"""Well-formed values to a Campaign: names are looked up, pictures found, times made sure of."""

from __future__ import annotations

import os
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar
from zoneinfo import ZoneInfo

from scheduler.calendar import converting
from scheduler.calendar.reading import Tree
from scheduler.calendar.scalars import FONT_FILES
from scheduler.calendar.schema import (
    AccountForm,
    CalendarForm,
    ConsentForm,
    ContentForm,
    FactForm,
    MemberForm,
    OpenerForm,
    PictureForm,
    PostForm,
    QuoteForm,
)
from scheduler.calendar.translating import phrases
from scheduler.calendar.validating import where
from scheduler.errors import Problem
from scheduler.model import (
    DAYS,
    OWN,
    Brand,
    CallContent,
    Campaign,
    Colours,
    Consent,
    Content,
    Day,
    Fact,
    Fonts,
    GraphicContent,
    Helpline,
    KeyPath,
    Member,
    OpenerContent,
    PhotoContent,
    Picture,
    Post,
    Quote,
    QuoteContent,
    Slide,
    StatisticContent,
    TemplateFile,
    TranslatedWords,
    Typeface,
    distinct,
)
from scheduler.naming import nearest

Named = TypeVar("Named")

#: Where fonts lie that write what no other font can, below the campaign's folder.
FONTS = "assets/fonts"
_OTHER_FONT_FILES = (".woff", ".woff2", ".ttc", ".otc", ".eot", ".pfb", ".pfa", ".dfont")

#: No number at all, whatever is said further down.
NO_HELPLINE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Who says it, and what the accounts of all organisations are called."""

    member: Member
    #: The calendar's own zone, in which its embargoes end for everybody.
    zone: str
    #: As their files name them: a post for "page" is for every organisation's page.
    names: frozenset[str]
    #: In the whole coalition: "italy.page".
    accounts: frozenset[str]
    #: False while a member's file cannot be understood: its accounts are not among these.
    all_known: bool


@dataclass(slots=True)
class _Building:
    tree: Tree
    form: CalendarForm
    root: Path
    speaker: Speaker
    problems: list[Problem] = field(default_factory=list)
    #: Posts that refer to nothing: whatever they say is thrown away.
    broken: set[str] = field(default_factory=set)

    def campaign(self) -> Campaign:
        """Complete only when `problems` stayed empty."""
        form = self.form
        consents = {id_: self._consent(id_, consent) for id_, consent in form.consents.items()}
        facts = {id_: self._fact(id_, fact) for id_, fact in form.facts.items()}
        quotes = {id_: self._quote(id_, quote, consents) for id_, quote in form.quotes.items()}
        pictures = {
            id_: self._picture(id_, picture, consents) for id_, picture in form.pictures.items()
        }
        helplines = {
            id_: converting.helpline(id_, helpline) for id_, helpline in form.helplines.items()
        }
        content = _Content(self, facts, quotes, pictures)
        hosting = converting.hosting(form.hosting) if form.hosting else None
        posts = {id_: self._post(id_, post, content, helplines) for id_, post in form.posts.items()}
        left_out = self._left_out(posts)
        whole = {
            id_: post
            for id_, post in posts.items()
            if id_ not in self.broken and id_ not in left_out
        }
        return Campaign(
            id=form.campaign.id,
            title=form.campaign.title,
            first_day=form.campaign.first_day,
            zone=ZoneInfo(form.campaign.zone),
            language=form.campaign.language,
            brand=self._brand(),
            days=MappingProxyType(
                {
                    number: Day(number=number, theme=day.theme, observance=day.observance)
                    for number, day in form.days.items()
                }
            ),
            accounts=MappingProxyType(
                {
                    name: converting.account(
                        name, account, kit=self.speaker.member.kit, hosting=hosting
                    )
                    for name, account in self._accounts().items()
                }
            ),
            posts=MappingProxyType(whole),
            facts=MappingProxyType(facts),
            quotes=MappingProxyType(quotes),
            pictures=MappingProxyType(pictures),
            helplines=MappingProxyType(helplines),
            consents=MappingProxyType(consents),
            rules=converting.rules(form.campaign),
            hosting=hosting,
            alerts=(
                converting.alerts(form.alerts, zone=form.campaign.zone) if form.alerts else None
            ),
            tags=form.campaign.tags,
            phrases=phrases(
                form.campaign.language,
                form.phrases.model_dump(exclude_none=True, exclude={"translation"}),
            ),
            root=self.root,
            places=self.tree.places,
            member=self.speaker.member,
            left_out=MappingProxyType(left_out),
        )

    def _accounts(self) -> dict[str, AccountForm]:
        """By their names in the whole coalition."""
        return {self._full(name): account for name, account in self.form.accounts.items()}

    def _full(self, name: str) -> str:
        return self.speaker.member.account(name)

    def _left_out(self, posts: Mapping[str, Post]) -> dict[str, int]:
        """The posts that a member does not take part in, with their days; never its own."""
        if not isinstance(self.form, MemberForm):
            return {}
        wanted = self.form.leaves_out
        for number, id_ in enumerate(wanted.posts):
            self.named(("leaves_out", "posts", number), "post", id_, posts)
        return {
            id_: post.day
            for id_, post in posts.items()
            if id_ in wanted.posts or (post.day in wanted.days and not self._is_own(id_))
        }

    def _is_own(self, post: str) -> bool:
        """Whether the post was written in the member's own file, and in no other."""
        below = self.tree.places.below
        return below is None or not any(("posts", post) in each.keys for each in below.layers())

    def problem(self, path: KeyPath, code: str, message: str, hint: str = "") -> None:
        self._break(path)
        told = f"{where(self.tree.values, path)}{message}"
        self.problems.append(self.tree.places.value(*path).problem(code, told, hint))

    def _break(self, path: KeyPath) -> None:
        if path[:1] == ("posts",):
            self.broken.add(str(path[1]))

    def named(self, path: KeyPath, kind: str, id_: str, known: Mapping[str, Named]) -> Named | None:
        group = self.tree.values.get("series" if kind == "series" else f"{kind}s")
        if id_ not in known and isinstance(group, dict) and id_ in group:
            self._break(path)  # it is there, and what is wrong with it is said there
        elif id_ not in known:
            self.problem(
                path,
                f"unknown-{kind}",
                f'there is no {kind} "{id_}"',
                nearest(id_, group if isinstance(group, dict) else known),
            )
        return known.get(id_)

    def file(self, path: KeyPath, name: str) -> Path:
        """A file of the campaign's own folder; whatever else it is becomes a problem."""
        file = self.root / name
        if not self._is_inside(file):
            self.problem(
                path,
                "outside-folder",
                f'"{name[:_LONGEST_ECHO]}" lies outside the campaign\'s folder',
                "copy the file itself into the folder, and name it there",
            )
        elif not _is_file(file):
            shown = f'"{name[:_LONGEST_ECHO]}"'
            self.problem(
                path,
                "no-picture",
                f"{shown} is a folder" if _is_folder(file) else f"there is no file {shown}",
                nearest(name[:_LONGEST_ECHO], self._beside(file)),
            )
        return file

    def _is_inside(self, file: Path) -> bool:
        """Whether it lies in the campaign's folder wherever links in its name lead."""
        root = os.path.realpath(self.root)
        return Path(os.path.realpath(file)).is_relative_to(root)

    def _beside(self, file: Path) -> Iterator[str]:
        """The files of the same folder, by the names that a calendar would give them."""
        try:
            for item in file.parent.iterdir():
                if item.is_file() and item.is_relative_to(self.root):
                    yield item.relative_to(self.root).as_posix()
        except OSError:
            return  # no such folder, or none that may be looked into

    def _brand(self) -> Brand:
        form = self.form.brand
        return Brand(
            name=form.name,
            hashtag=form.hashtag,
            colours=Colours(**form.colours.model_dump()),
            help=form.help,
            funder=form.funder,
            logo=self._logo("logo", form.logo),
            second_logo=self._logo("second_logo", form.second_logo),
            logo_clear=form.logo_clear,
            templates=tuple(self._templates()),
            fonts=Fonts(
                text=self._font("text", form.fonts.text),
                display=self._font("display", form.fonts.display),
                serif=self._font("serif", form.fonts.serif),
                others=self._fonts_beside(),
            ),
        )

    def _font(
        self, family: str, names: tuple[str, ...] | None
    ) -> tuple[Path, ...] | Typeface | None:
        if names is None:
            return None
        if names[0] in set(Typeface):
            return Typeface(names[0])
        path: KeyPath = ("brand", "fonts", family)
        return tuple(self.file((*path, number), name) for number, name in enumerate(names))

    def _fonts_beside(self) -> tuple[Path, ...]:
        """The fonts of the campaign's own folder for them, by name."""
        path: KeyPath = ("brand", "fonts")
        try:
            names = sorted(file.name for file in (self.root / FONTS).iterdir())
        except FileNotFoundError:
            return ()
        except OSError as error:
            self.problem(path, "no-fonts", f"{FONTS}/ cannot be looked into: {error.strerror}")
            return ()
        for name in names:
            if name.lower().endswith(_OTHER_FONT_FILES):
                self.problem(
                    path,
                    "other-font",
                    f"{FONTS}/{name} is a font that the cards cannot read",
                    "save it as .ttf or .otf, or take it out of the folder",
                )
        # What begins with a dot is a system's own note on the file beside it.
        fonts = [n for n in names if n.lower().endswith(FONT_FILES) and not n.startswith(".")]
        return tuple(self.file(path, f"{FONTS}/{name}") for name in fonts)

    def _templates(self) -> Iterator[TemplateFile]:
        """The campaign's own templates; one that cannot be read must not look like none."""
        for file in template_files(self.root):
            name = f"{TEMPLATES}/{file.name}"
            try:
                yield TemplateFile(name=file.stem, file=name, text=file.read_text("utf-8"))
            except (OSError, UnicodeDecodeError) as error:
                told = f"the template cannot be read: {error}"
                self.problems.append(Problem(file=name, code="bad-template", message=told))

    def _logo(self, key: str, name: str | None) -> Path | None:
        return self.file(("brand", key), name) if name else None

    def _consent(self, id_: str, form: ConsentForm) -> Consent:
        for number, name in enumerate(form.accounts):
            path: KeyPath = ("consents", id_, "accounts", number)
            self._check_account(path, name)
        return Consent(
            id=id_,
            scope=form.scope,
            until=form.until,
            accounts=tuple(
                self._full(name) if name in self.form.accounts else name for name in form.accounts
            ),
            withdrawn=form.withdrawn,
        )

    def _has_account(self, name: str) -> bool:
        return any(name in known for known in (self.speaker.names, self.speaker.accounts))

    def _given(
        self, path: KeyPath, id_: str | None, known: Mapping[str, Consent]
    ) -> Consent | None:
        return None if id_ is None else self.named((*path, "consent"), "consent", id_, known)

    def _picture(self, id_: str, form: PictureForm, consents: Mapping[str, Consent]) -> Picture:
        return Picture(
            id=id_,
            file=self.file(("pictures", id_, "file"), form.file),
            credit=form.credit,
            licence=form.licence,
            survivor=form.survivor,
            consent=self._given(("pictures", id_), form.consent, consents),
        )

    def _quote(self, id_: str, form: QuoteForm, consents: Mapping[str, Consent]) -> Quote:
        return Quote(
            id=id_,
            words=form.words,
            language=form.language,
            speaker=form.speaker,
            role=form.role,
            source=converting.source(form.source),
            checked=form.checked,
            checked_on=form.checked_on,
            survivor=form.survivor,
            consent=self._given(("quotes", id_), form.consent, consents),
            in_translation=self._in_translation(form),
        )

    def _in_translation(self, form: QuoteForm) -> TranslatedWords | None:
        words = form.in_translation
        if words is None:
            return None
        language = self.form.campaign.language
        return TranslatedWords(words=words.words, language=language, translator=words.translator)

    def _check_account(self, path: KeyPath, name: str) -> None:
        """Somebody must have it, under this name or in the whole coalition."""
        own = path in self.tree.places.values and self.speaker.member.id != OWN
        if own and path[0] == "posts":
            self.named(path, "account", name, self.form.accounts)
        elif self.speaker.all_known and not self._has_account(name):
            known = dict.fromkeys((*self.speaker.names, *self.speaker.accounts), True)
            self.named(path, "account", name, known)

    def _fact(self, id_: str, form: FactForm) -> Fact:
        if form.superseded_by is not None:
            path: KeyPath = ("facts", id_, "superseded_by")
            others = {other: True for other in self.form.facts if other != id_}
            self.named(path, "fact", form.superseded_by, others)
        return Fact(
            id=id_,
            figure=form.figure,
            statement=form.statement,
            population=form.population,
            year=form.year,
            source=converting.source(form.source),
            checked=form.checked,
            checked_on=form.checked_on,
            caveat=form.caveat,
            chart=converting.chart(form.chart) if form.chart else None,
            superseded_by=form.superseded_by or "",
            review_by=form.review_by,
        )

    def _post(
        self,
        id_: str,
        form: PostForm,
        content: _Content,
        helplines: Mapping[str, Helpline],
    ) -> Post:
        campaign = self.form.campaign
        day, at = self._timing(id_, form)
        self._check_time(id_, day, at)
        accounts = form.accounts if form.accounts is not None else tuple(self.form.accounts)
        for number, name in enumerate(form.accounts or ()):
            self._check_account(("posts", id_, "accounts", number), name)
        own = [self._full(name) for name in accounts if name in self.form.accounts]
        return Post(
            id=id_,
            day=day,
            at=at,
            slides=content.slides(id_, form, day),
            text=form.text,
            tags=campaign.tags if form.tags is None else form.tags,
            accounts=distinct(own),
            language=campaign.language,
            thread=form.thread,
            note=form.note,
            grace=campaign.grace if form.grace is None else form.grace,
            helpline=self._number(id_, form, helplines),
            comments=form.comments or campaign.comments,
            embargo=self._embargo(id_, form),
        )

    def _number(
        self, id_: str, form: PostForm, helplines: Mapping[str, Helpline]
    ) -> Helpline | None:
        """The post's helpline, or the campaign's for every post."""
        path: KeyPath = ("campaign", "helpline")
        named = self.form.campaign.helpline
        if form.helpline is not None:
            path, named = ("posts", id_, "helpline"), form.helpline
        if named is None or named == NO_HELPLINE:
            return None
        return self.named(path, "helpline", named, helplines)

    def _timing(self, id_: str, form: PostForm) -> tuple[int, time]:
        """The day and the hour, for a post that has its own, floats, or belongs to a series."""
        series = None
        if form.series is not None:
            path: KeyPath = ("posts", id_, "series")
            series = self.named(path, "series", form.series, self.form.series)
        at = form.time or (series and series.time) or self.form.campaign.time
        if series is None or form.number is None:
            return _floated(id_, form.day or (1, 1)), at
        day = series.first + series.every * (form.number - 1)
        if day > DAYS:
            self.problem(
                ("posts", id_, "number"),
                "no-such-day",
                f'number {form.number} of the series "{form.series}" would stand on day {day}',
                f"the last day is {DAYS}",
            )
            return 1, at
        return day, at

    def _embargo(self, id_: str, form: PostForm) -> datetime | None:
        """One instant for everybody, however far east they are."""
        if form.embargo is None:
            return None
        own = ("posts", id_, "embargo") in self.tree.places.values
        zone = ZoneInfo(self.form.campaign.zone if own else self.speaker.zone)
        return form.embargo.replace(tzinfo=zone).astimezone(UTC)

    def _check_time(self, id_: str, day: int, at: time) -> None:
        campaign = self.form.campaign
        date = campaign.first_day + timedelta(days=day - 1)
        local = datetime.combine(date, at)
        written = self.form.posts[id_].model_fields_set
        path: KeyPath = ("posts", id_, "time") if "time" in written else ("posts", id_, "day")
        zone = ZoneInfo(campaign.zone)
        first, second = (local.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
        if first.utcoffset() == second.utcoffset():
            return
        exists = first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == local
        what = "exists twice" if exists else "does not exist"
        self.problem(
            path,
            "impossible-time",
            f"{local:%Y-%m-%d %H:%M} {what} in {campaign.zone}, since the clocks change",
            "choose another hour",
        )


def _floated(id_: str, days: tuple[int, int]) -> int:
    """The day of a post that floats: by its id alone, so that no edit of another post moves it."""
    first, last = days
    return first + zlib.crc32(id_.encode()) % (last - first + 1)


@dataclass(frozen=True, slots=True)
class _Content:
    """What a post shows, looked up."""

    building: _Building
    facts: Mapping[str, Fact]
    quotes: Mapping[str, Quote]
    pictures: Mapping[str, Picture]

    def slides(self, id_: str, form: PostForm, day: int) -> tuple[Slide, ...]:
        if not form.carousel:
            return (self._slide(("posts", id_), form, day),)
        return tuple(
            self._slide(("posts", id_, "carousel", number), slide, day)
            for number, slide in enumerate(form.carousel)
        )

    def _slide(self, path: KeyPath, form: ContentForm, day: int) -> Slide:
        # What is not found is a problem already, and the campaign is then thrown away.
        content = self._content(path, form, day) or GraphicContent(headline="")
        return Slide(content=content, alt=form.alt or "")

    def _content(self, path: KeyPath, form: ContentForm, day: int) -> Content | None:
        named = self.building.named
        if form.quote is not None:
            quote = named((*path, "quote"), "quote", form.quote, self.quotes)
            return self._quoted(path, form, quote) if quote else None
        if form.statistic is not None:
            fact = named((*path, "statistic"), "fact", form.statistic, self.facts)
            return StatisticContent(fact=fact) if fact else None
        if form.photo is not None:
            where = (*path, "photo", "picture")
            picture = named(where, "picture", form.photo.picture, self.pictures)
            headline = form.photo.headline
            return PhotoContent(picture=picture, headline=headline) if picture else None
        if form.call is not None:
            return CallContent(headline=form.call.headline, body=form.call.body)
        if form.opener is not None:
            return self._opened(form.opener, day)
        if form.graphic is not None:
            return GraphicContent(headline=form.graphic.headline, points=form.graphic.points)
        return None

    def _opened(self, form: OpenerForm, day: int) -> Content:
        """The opener's own words, or the day's."""
        about = self.building.form.days.get(day)
        theme, observance = (about.theme, about.observance) if about else ("", "")
        return OpenerContent(headline=form.headline or theme, body=form.body or observance)

    def _quoted(self, path: KeyPath, form: ContentForm, quote: Quote) -> Content:
        if form.excerpt is None or _stands_in(form.excerpt, quote.shown):
            return QuoteContent(quote=quote, excerpt=form.excerpt)
        # A part that nobody has translated stays as it was said, whatever became of the whole.
        quote = replace(quote, in_translation=None)
        if not _stands_in(form.excerpt, quote.words):
            self.building.problem(
                (*path, "excerpt"),
                "not-verbatim",
                f'these words do not stand so in the quote "{quote.id}"',
                "copy whole words from the quote, letter for letter, or leave the excerpt out",
            )
        return QuoteContent(quote=quote, excerpt=form.excerpt)


def _stands_in(excerpt: str, words: str) -> bool:
    """Whether it is a part of the words and cuts none: "violent" stands not in "non-violent"."""
    before = rf"(?<!{_IN_WORDS})" if re.match(_IN_WORDS, excerpt) else ""
    before += rf"(?<!{_IN_WORDS}{_JOINS})" if before else ""
    after = rf"(?!{_JOINS}?{_IN_WORDS})" if re.match(_IN_WORDS, excerpt[-1]) else ""
    return re.search(f"{before}{re.escape(excerpt)}{after}", words) is not None


#: Letters, digits, and accents that stand behind their letter.
_IN_WORDS = r"[\w\u0300-\u036f]"
#: Hyphens and apostrophes, which hold two halves of one word together.
_JOINS = r"[-\u2010\u2011'’\u00ad]"
#: Enough of a name to find it again.
_LONGEST_ECHO = 100


def _is_file(file: Path) -> bool:
    try:
        return file.is_file()
    except (OSError, ValueError):
        return False  # a name that no file can have


#: Where a campaign's own templates lie. They are read here, and understood by who draws.
TEMPLATES = "assets/templates"


def template_files(root: Path) -> tuple[Path, ...]:
    """The files of the campaign's own templates, in the order of their names."""
    return tuple(sorted((root / TEMPLATES).glob("*.toml")))


def _is_folder(file: Path) -> bool:
    try:
        return file.is_dir()
    except (OSError, ValueError):
        return False


def build(
    tree: Tree, form: CalendarForm, *, root: Path, speaker: Speaker
) -> tuple[Campaign, tuple[Problem, ...]]:
    """The campaign and what is wrong with it; posts that refer to nothing are left out.

    With an error among the problems it may be looked through, and must not be published.
    """
    building = _Building(tree, form, root, speaker)
    campaign = building.campaign()
    return campaign, tuple(building.problems)
