"""Where every value of a post came from, and where a fact, a quote or an account is used.

Pure. Beside the campaign it needs `written`, the calendar's values as they were typed: a campaign
knows the day of a post, but no longer that it was written `3-8`, or counted by a series.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from scheduler.accounts import NoTokens
from scheduler.ledger import Entry
from scheduler.model import (
    CallContent,
    Campaign,
    Consent,
    Content,
    Fact,
    GraphicContent,
    KeyPath,
    OpenerContent,
    PhotoContent,
    Place,
    Post,
    Quote,
    QuoteContent,
    Source,
    State,
    StatisticContent,
    Typeface,
)
from scheduler.platforms import NOWHERE, PLATFORMS

#: The calendar's values as they were typed: mappings, lists and text.
Written = Mapping[str, Any]


class Origin(StrEnum):
    """Whose a value is."""

    #: The post says it itself.
    POST = "post"
    #: The campaign says it for every post.
    CAMPAIGN = "campaign"
    #: The series that it belongs to says it.
    SERIES = "series"
    #: It stands once, with a fact, a quote, a picture or a helpline, and the post names that.
    NAMED = "named"
    #: The platform of the account wants it so.
    PLATFORM = "platform"
    #: Nobody wrote it: the program does so by itself.
    DEFAULT = "default"
    #: It follows from other values.
    COMPUTED = "computed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One value of a post. `place` is None when it stands nowhere in the calendar."""

    name: str
    value: str
    origin: Origin
    place: Place | None


# ── explain ───────────────────────────────────────────────────────────────────────────────────────


def explain(campaign: Campaign, written: Written, post: str) -> tuple[Row, ...]:
    """Every value of the post with that id, in the order in which a person asks for them."""
    asked = _Asked(campaign, campaign.posts[post], written)
    return (*asked.timing(), *asked.accounts(), *asked.words(), *asked.cards())


@dataclass(frozen=True, slots=True)
class _Asked:
    campaign: Campaign
    post: Post
    written: Written

    @property
    def path(self) -> KeyPath:
        return ("posts", self.post.id)

    @property
    def own(self) -> Written:
        """What the post itself says."""
        own: Written = self.written["posts"][self.post.id]
        return own

    # ── when ──────────────────────────────────────────────────────────────────────────────────────

    def timing(self) -> Iterator[Row]:
        local = datetime.combine(
            self.campaign.date_of(self.post.day), self.post.at, tzinfo=self.campaign.zone
        )
        due = local.astimezone(UTC)
        latest = (due + self.post.grace).astimezone(self.campaign.zone)
        yield self._day(local)
        yield self._time()
        yield self._computed("due", f"{local:%a %d %B %Y, %H:%M %Z} ({self.campaign.zone.key})")
        yield self._computed("due (UTC)", f"{due:%Y-%m-%dT%H:%M:%SZ}")
        yield self._inherited("grace", _length(self.post.grace))
        yield self._computed("at the latest", f"{latest:%a %d %B %Y, %H:%M %Z}")
        if self.post.embargo is not None:
            instant = self.post.embargo.astimezone(self.campaign.zone)
            yield self._own("embargo", f"not before {instant:%a %d %B %Y, %H:%M %Z}")

    def _day(self, local: datetime) -> Row:
        day = f"{self.post.day} ({local:%A, %d %B %Y})"
        series = self.own.get("series")
        if series is not None:
            value = f'{day}: number {self.own["number"]} of the series "{series}"'
            return self._row("day", value, Origin.SERIES, ("series", series))
        typed = str(self.own["day"]).strip()
        if typed.isdigit():
            return self._own("day", day)
        value = f'{day}: chosen by the post\'s id, within "{typed}"'
        return self._row("day", value, Origin.COMPUTED, (*self.path, "day"))

    def _time(self) -> Row:
        series = self.own.get("series")
        at = f"{self.post.at:%H:%M}"
        if "time" not in self.own and series and "time" in self.written["series"][series]:
            return self._row("time", at, Origin.SERIES, ("series", series, "time"))
        return self._inherited("time", at)

    # ── where ─────────────────────────────────────────────────────────────────────────────────────

    def accounts(self) -> Iterator[Row]:
        yield self._inherited("accounts", ", ".join(self.post.accounts), ("accounts",))
        for name in self.post.accounts:
            account = self.campaign.accounts[name]
            path: KeyPath = ("accounts", name, "platform")
            yield self._row(f"platform of {name}", account.platform, Origin.CAMPAIGN, path)
            if platform := PLATFORMS.get(account.platform):
                size = platform(account, tokens=NoTokens(), host=NOWHERE).limits.card
                value = f"{size.width} × {size.height} pixels"
                yield self._row(f"card for {name}", value, Origin.PLATFORM, path)
        yield self._inherited("comments", str(self.post.comments))

    # ── what is said ──────────────────────────────────────────────────────────────────────────────

    def words(self) -> Iterator[Row]:
        yield self._inherited("language", self.post.language)
        yield self._own("text", self.post.text)
        for number, text in enumerate(self.post.thread):
            path = (*self.path, "thread", number)
            yield self._row(f"part {number + 2}", text, Origin.POST, path)
        yield from self._helpline()
        yield from self._required()
        yield self._inherited("tags", " ".join(f"#{tag}" for tag in self.post.tags))
        yield self._own("note", self.post.note)

    def _helpline(self) -> Iterator[Row]:
        helpline = self.post.helpline
        if helpline is None:
            return
        yield self._inherited("helpline", helpline.id)
        shown = helpline.number if helpline.sure else "not shown, since nobody has verified it"
        path = ("helplines", helpline.id, "number")
        yield self._row("number", shown, Origin.NAMED, path)

    def _required(self) -> Iterator[Row]:
        for slide in self.post.slides:
            path, source = _sourced(slide.content)
            if source is not None and source.required_text:
                whole = (*path, "source", "required_text")
                yield self._row("required text", source.required_text, Origin.NAMED, whole)
        if text := self.campaign.rules.required_text:
            yield self._row("required text", text, Origin.CAMPAIGN, ("campaign", "required_text"))

    # ── what is shown ─────────────────────────────────────────────────────────────────────────────

    def cards(self) -> Iterator[Row]:
        if self.post.day in self.campaign.days:
            path: KeyPath = ("days", str(self.post.day), "theme")
            value = self.campaign.days[self.post.day].theme
            yield self._row("theme", value, Origin.CAMPAIGN, path)
        for number, slide in enumerate(self.post.slides):
            base = slide_path(self.own, self.post.id, number)
            prefix = f"slide {number + 1}: " if len(self.post.slides) > 1 else ""
            for name, value, origin, path in _shown(slide.content, base):
                yield self._row(prefix + name, value, *self._said(origin, path))
            yield self._row(f"{prefix}alt", slide.alt, Origin.POST, (*base, "alt"))
        yield from self._fonts()

    def _fonts(self) -> Iterator[Row]:
        """What the brand says; what the templates take otherwise is no value of the calendar."""
        fonts = self.campaign.brand.fonts
        for family in ("text", "display", "serif"):
            chosen: tuple[Path, ...] | Typeface | None = getattr(fonts, family)
            if chosen is not None:
                names = chosen if isinstance(chosen, Typeface) else _file_names(chosen)
                path: KeyPath = ("brand", "fonts", family)
                yield self._row(f"font for {family}", names, Origin.CAMPAIGN, path)
        if fonts.others:
            yield self._computed("further fonts", _file_names(fonts.others))

    def _said(self, origin: Origin, path: KeyPath) -> tuple[Origin, KeyPath]:
        """An opener that has no words of its own has those of its day."""
        of_day = {"headline": "theme", "body": "observance"}.get(str(path[-1]))
        if of_day and path[-2] == "opener" and not self.campaign.places.written(*path):
            return Origin.CAMPAIGN, ("days", str(self.post.day), of_day)
        return origin, path

    # ── rows ──────────────────────────────────────────────────────────────────────────────────────

    def _own(self, key: str, value: str) -> Row:
        if key in self.own:
            return self._row(key, value, Origin.POST, (*self.path, key))
        return Row(name=key, value=value, origin=Origin.DEFAULT, place=None)

    def _inherited(self, key: str, value: str, above: KeyPath = ()) -> Row:
        path = above or ("campaign", key)
        if key not in self.own and self.campaign.places.written(*path):
            return self._row(key, value, Origin.CAMPAIGN, path)
        return self._own(key, value)

    def _computed(self, name: str, value: str) -> Row:
        return Row(name=name, value=value, origin=Origin.COMPUTED, place=None)

    def _row(self, name: str, value: str, origin: Origin, path: KeyPath) -> Row:
        return Row(name=name, value=value, origin=origin, place=_place(self.campaign, path))


def _file_names(files: Sequence[Path]) -> str:
    return ", ".join(file.name for file in files)


def _place(campaign: Campaign, path: KeyPath) -> Place:
    """Of a whole section, post or series: its name, and not what stands first in it."""
    whole = path[0] in {"posts", "accounts", "series"} and len(path) <= len(("posts", "id"))
    return campaign.places.key(*path) if whole else campaign.places.value(*path)


def slide_path(own: Written, post: str, number: int) -> KeyPath:
    """Where the post's card of that number (from 0) is written."""
    path: KeyPath = ("posts", post)
    return (*path, "carousel", number) if "carousel" in own else path


def _sourced(content: Content) -> tuple[KeyPath, Source | None]:
    match content:
        case QuoteContent():
            return ("quotes", content.quote.id), content.quote.source
        case StatisticContent():
            return ("facts", content.fact.id), content.fact.source
    return (), None


_Shown = tuple[str, str, Origin, KeyPath]


def _shown(content: Content, base: KeyPath) -> Iterator[_Shown]:
    match content:
        case QuoteContent():
            yield "quote", content.quote.id, Origin.POST, (*base, "quote")
            if content.excerpt is not None:
                yield "excerpt", content.excerpt, Origin.POST, (*base, "excerpt")
            yield from _named(_quoted(content.quote), ("quotes", content.quote.id))
        case StatisticContent():
            yield "statistic", content.fact.id, Origin.POST, (*base, "statistic")
            yield from _named(_counted(content.fact), ("facts", content.fact.id))
        case PhotoContent():
            picture = content.picture
            yield "photo", picture.id, Origin.POST, (*base, "photo", "picture")
            yield "headline", content.headline, Origin.POST, (*base, "photo", "headline")
            yield from _named(
                {"file": picture.file.name, "credit": picture.credit}, ("pictures", picture.id)
            )
        case GraphicContent():
            yield "headline", content.headline, Origin.POST, (*base, "graphic", "headline")
            for number, point in enumerate(content.points):
                yield "point", point, Origin.POST, (*base, "graphic", "points", number)
        case CallContent():
            yield "headline", content.headline, Origin.POST, (*base, "call", "headline")
            yield "body", content.body, Origin.POST, (*base, "call", "body")
        case OpenerContent():
            yield from _opened(content, base)


def _opened(content: OpenerContent, base: KeyPath) -> Iterator[_Shown]:
    for name, value in (("headline", content.headline), ("body", content.body)):
        if value:
            yield name, value, Origin.POST, (*base, "opener", name)


def _quoted(quote: Quote) -> dict[str, str]:
    return {
        "words": quote.words,
        "speaker": quote.speaker,
        "role": quote.role,
        "source": quote.source.title,
    }


def _counted(fact: Fact) -> dict[str, str]:
    return {
        "figure": fact.figure,
        "statement": fact.statement,
        "population": fact.population,
        "year": fact.year,
        "source": fact.source.title,
        "caveat": fact.caveat,
    }


def _named(values: Mapping[str, str], path: KeyPath) -> Iterator[_Shown]:
    for name, value in values.items():
        keys: KeyPath = ("source", "title") if name == "source" else (name,)
        yield name, value, Origin.NAMED, (*path, *keys)


def _length(span: timedelta) -> str:
    hours, minutes = divmod(int(span.total_seconds()) // 60, 60)
    return "".join(f"{n}{unit}" for n, unit in ((hours, "h"), (minutes, "m")) if n) or "0m"


# ── where used ────────────────────────────────────────────────────────────────────────────────────


class Kind(StrEnum):
    """What may be asked for."""

    FACT = "fact"
    QUOTE = "quote"
    PICTURE = "picture"
    HELPLINE = "helpline"
    CONSENT = "consent"
    ACCOUNT = "account"
    SERIES = "series"


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """A post that uses what was asked for, where it says so, and what became of it."""

    member: str
    post: str
    day: int
    place: Place
    #: Public ones first. Empty when the ledger knows none.
    deliveries: tuple[Entry, ...]

    @property
    def public(self) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.deliveries if entry.state is State.PUBLISHED)


def known(campaign: Campaign, written: Written) -> Mapping[Kind, tuple[str, ...]]:
    """Every id that may be asked for, by kind."""
    return {
        Kind.FACT: tuple(campaign.facts),
        Kind.QUOTE: tuple(campaign.quotes),
        Kind.PICTURE: tuple(campaign.pictures),
        Kind.HELPLINE: tuple(campaign.helplines),
        Kind.CONSENT: tuple(campaign.consents),
        Kind.ACCOUNT: tuple(campaign.accounts),
        Kind.SERIES: tuple(written.get("series", ())),
    }


def uses(
    campaign: Campaign,
    written: Written,
    kind: Kind,
    id_: str,
    entries: Iterable[Entry] = (),
) -> tuple[Use, ...]:
    """The posts that use it: those that are public first, then in the order of their time."""
    by_post: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.account in campaign.accounts and (
            kind is not Kind.ACCOUNT or entry.account == id_
        ):
            by_post.setdefault(entry.post, []).append(entry)
    found = []
    for post in campaign.posts.values():
        path = next(_mentions(written["posts"][post.id], post, kind, id_), None)
        if path is not None:
            deliveries = tuple(sorted(by_post.get(post.id, ()), key=_rank))
            place = _place(campaign, path)
            found.append(
                Use(
                    member=campaign.member.id,
                    post=post.id,
                    day=post.day,
                    place=place,
                    deliveries=deliveries,
                )
            )
    return by_urgency(found)


def stands_on(post: Post) -> frozenset[str]:
    """What must be taken back with it, by kind and id: "fact one-in-three-worldwide"."""
    used = {(kind, id_) for slide in post.slides for kind, id_, _ in _references(slide.content)}
    if post.helpline is not None:
        used.add((Kind.HELPLINE, post.helpline.id))
    return frozenset(f"{kind} {id_}" for kind, id_ in used)


def by_urgency(found: Iterable[Use]) -> tuple[Use, ...]:
    """What is public, or may be, first; then in the order of the days."""
    return tuple(sorted(found, key=lambda use: (_first_rank(use), use.day)))


#: What is public, or may be, matters first to whoever has to take something back.
_URGENT = (State.PUBLISHED, State.ARMED, State.UNCONFIRMED)


def _rank(entry: Entry) -> int:
    return _URGENT.index(entry.state) if entry.state in _URGENT else len(_URGENT)


def _first_rank(use: Use) -> int:
    return min(map(_rank, use.deliveries), default=len(_URGENT))


def _mentions(own: Written, post: Post, kind: Kind, id_: str) -> Iterator[KeyPath]:
    """Where the post says so."""
    match kind:
        case Kind.ACCOUNT if id_ in post.accounts:
            yield _account_path(post, own, id_)
        case Kind.SERIES if own.get("series") == id_:
            yield ("posts", post.id, "series")
        case Kind.HELPLINE if post.helpline is not None and post.helpline.id == id_:
            yield ("posts", post.id, "helpline")
    for number, slide in enumerate(post.slides):
        base = slide_path(own, post.id, number)
        for found, name, key in _references(slide.content):
            if (found, name) == (kind, id_):
                yield (*base, *key)


def _account_path(post: Post, own: Written, id_: str) -> KeyPath:
    if "accounts" in own:
        return ("posts", post.id, "accounts", own["accounts"].index(id_.rpartition(".")[-1]))
    return ("posts", post.id)


def _references(content: Content) -> Iterator[tuple[Kind, str, KeyPath]]:
    match content:
        case QuoteContent():
            yield Kind.QUOTE, content.quote.id, ("quote",)
            yield from _consented(content.quote.consent, ("quote",))
        case StatisticContent():
            yield Kind.FACT, content.fact.id, ("statistic",)
        case PhotoContent():
            yield Kind.PICTURE, content.picture.id, ("photo", "picture")
            yield from _consented(content.picture.consent, ("photo", "picture"))


def _consented(consent: Consent | None, key: KeyPath) -> Iterator[tuple[Kind, str, KeyPath]]:
    if consent is not None:
        yield Kind.CONSENT, consent.id, key
