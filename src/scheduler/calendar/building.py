"""Well-formed values to a Campaign: names are looked up, pictures found, times made sure of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar
from zoneinfo import ZoneInfo

from scheduler.calendar.reading import Tree
from scheduler.calendar.schema import (
    AccountForm,
    CalendarForm,
    ChartForm,
    FactForm,
    PostForm,
    QuoteForm,
    SecretForm,
    SourceForm,
)
from scheduler.calendar.validating import where
from scheduler.errors import Problem
from scheduler.model import (
    Account,
    Brand,
    CallContent,
    Campaign,
    Chart,
    ChartKind,
    Colours,
    Content,
    Day,
    Fact,
    GraphicContent,
    KeyPath,
    PhotoContent,
    Picture,
    Post,
    Quote,
    QuoteContent,
    Secret,
    Source,
    StatisticContent,
    Value,
    distinct,
)
from scheduler.naming import nearest

Named = TypeVar("Named")


@dataclass(slots=True)
class _Building:
    tree: Tree
    form: CalendarForm
    root: Path
    problems: list[Problem] = field(default_factory=list)

    def campaign(self) -> Campaign:
        """Complete only when `problems` stayed empty."""
        form = self.form
        facts = {id_: _fact(id_, fact) for id_, fact in form.facts.items()}
        quotes = {id_: _quote(id_, quote) for id_, quote in form.quotes.items()}
        pictures = self._pictures()
        content = _Content(self, facts, quotes, pictures)
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
                {name: _account(name, account) for name, account in form.accounts.items()}
            ),
            posts=MappingProxyType(
                {id_: self._post(id_, post, content) for id_, post in form.posts.items()}
            ),
            root=self.root,
            places=self.tree.places,
        )

    def problem(self, path: KeyPath, code: str, message: str, hint: str = "") -> None:
        place = self.tree.places.value(*path)
        self.problems.append(
            Problem(
                file=place.file,
                line=place.line,
                column=place.column,
                code=code,
                message=f"{where(self.tree.values, path)}{message}",
                hint=hint,
            )
        )

    def named(self, path: KeyPath, kind: str, id_: str, known: Mapping[str, Named]) -> Named | None:
        if id_ not in known:
            self.problem(
                path, f"unknown-{kind}", f'there is no {kind} "{id_}"', nearest(id_, known)
            )
        return known.get(id_)

    def file(self, path: KeyPath, name: str) -> Path:
        file = self.root / name
        if not file.is_file():
            beside = (
                item.relative_to(self.root).as_posix()
                for item in file.parent.glob("*")
                if item.is_file()
            )
            self.problem(path, "no-picture", f'there is no file "{name}"', nearest(name, beside))
        return file

    def _brand(self) -> Brand:
        form = self.form.brand
        return Brand(
            name=form.name,
            hashtag=form.hashtag,
            colours=Colours(**form.colours.model_dump()),
            help=form.help,
            funder=form.funder,
            logo=self.file(("brand", "logo"), form.logo) if form.logo else None,
        )

    def _pictures(self) -> dict[str, Picture]:
        return {
            id_: Picture(
                id=id_,
                file=self.file(("pictures", id_, "file"), form.file),
                credit=form.credit,
                licence=form.licence,
            )
            for id_, form in self.form.pictures.items()
        }

    def _post(self, id_: str, form: PostForm, content: _Content) -> Post:
        campaign = self.form.campaign
        self._check_time(id_, form)
        accounts = form.accounts if form.accounts is not None else tuple(self.form.accounts)
        for number, name in enumerate(form.accounts or ()):
            self.named(("posts", id_, "accounts", number), "account", name, self.form.accounts)
        return Post(
            id=id_,
            day=form.day,
            at=form.time or campaign.time,
            content=content.of(id_, form),
            text=form.text,
            alt=form.alt,
            tags=campaign.tags if form.tags is None else form.tags,
            accounts=distinct(accounts),
            language=campaign.language,
            note=form.note,
            grace=campaign.grace if form.grace is None else form.grace,
        )

    def _check_time(self, id_: str, form: PostForm) -> None:
        campaign = self.form.campaign
        at = form.time or campaign.time
        day = campaign.first_day.toordinal() + form.day - 1
        local = datetime.combine(type(campaign.first_day).fromordinal(day), at)
        path: KeyPath = ("posts", id_, "time") if form.time else ("posts", id_, "day")
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


@dataclass(frozen=True, slots=True)
class _Content:
    """What a post shows, looked up."""

    building: _Building
    facts: Mapping[str, Fact]
    quotes: Mapping[str, Quote]
    pictures: Mapping[str, Picture]

    def of(self, id_: str, form: PostForm) -> Content:
        # What is not found is a problem already, and the campaign is then thrown away.
        if form.quote is not None:
            return self._quote(id_, form, form.quote)
        if form.statistic is not None:
            path: KeyPath = ("posts", id_, "statistic")
            fact = self.building.named(path, "fact", form.statistic, self.facts)
            return StatisticContent(fact=fact) if fact else GraphicContent(headline="")
        if form.photo is not None:
            path = ("posts", id_, "photo", "picture")
            picture = self.building.named(path, "picture", form.photo.picture, self.pictures)
            return (
                PhotoContent(picture=picture, headline=form.photo.headline)
                if picture
                else GraphicContent(headline="")
            )
        if form.call is not None:
            return CallContent(headline=form.call.headline, body=form.call.body)
        graphic = form.graphic
        return GraphicContent(
            headline=graphic.headline if graphic else "", points=graphic.points if graphic else ()
        )

    def _quote(self, id_: str, form: PostForm, name: str) -> Content:
        quote = self.building.named(("posts", id_, "quote"), "quote", name, self.quotes)
        if quote is None:
            return GraphicContent(headline="")
        if form.excerpt is not None and form.excerpt not in quote.words:
            self.building.problem(
                ("posts", id_, "excerpt"),
                "not-verbatim",
                f'these words do not stand so in the quote "{name}"',
                "copy them from the quote, letter for letter, or leave the excerpt out",
            )
        return QuoteContent(quote=quote, excerpt=form.excerpt)


def build(tree: Tree, form: CalendarForm, *, root: Path) -> tuple[Campaign, tuple[Problem, ...]]:
    """The campaign and what is wrong with it. With an error among them it must not be used."""
    building = _Building(tree, form, root)
    campaign = building.campaign()
    return campaign, tuple(building.problems)


def _account(name: str, form: AccountForm) -> Account:
    extra = form.model_extra or {}
    secrets = {key: _secret(value) for key, value in extra.items() if isinstance(value, SecretForm)}
    options = {key: value for key, value in extra.items() if isinstance(value, str)}
    return Account(
        name=name,
        platform=form.platform,
        options=MappingProxyType(options),
        secrets=MappingProxyType(secrets),
    )


def _secret(form: SecretForm) -> Secret:
    kinds: Iterable[tuple[str, str | None]] = (
        ("env", form.env),
        ("keyring", form.keyring),
        ("file", form.file),
    )
    kind, name = next((kind, name) for kind, name in kinds if name is not None)
    return Secret(kind=kind, name=name)


def _fact(id_: str, form: FactForm) -> Fact:
    return Fact(
        id=id_,
        figure=form.figure,
        statement=form.statement,
        population=form.population,
        year=form.year,
        source=_source(form.source),
        checked=form.checked,
        checked_on=form.checked_on,
        caveat=form.caveat,
        chart=_chart(form.chart) if form.chart else None,
    )


def _source(form: SourceForm) -> Source:
    return Source(
        publisher=form.publisher, title=form.title, year=form.year, address=str(form.address)
    )


def _chart(form: ChartForm) -> Chart:
    single = {ChartKind.PICTOGRAM: form.marked, ChartKind.RING: form.share}.get(form.kind)
    if single is not None:
        values: tuple[Value, ...] = (Value(label="", amount=single, shown=""),)
    else:
        values = tuple(
            Value(label=value.label, amount=value.amount, shown=value.shown)
            for value in form.values
        )
    return Chart(kind=form.kind, values=values, of=form.of or 0)


def _quote(id_: str, form: QuoteForm) -> Quote:
    return Quote(
        id=id_,
        words=form.words,
        language=form.language,
        speaker=form.speaker,
        role=form.role,
        source=_source(form.source),
        checked=form.checked,
        checked_on=form.checked_on,
    )
