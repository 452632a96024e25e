"""From a campaign to a kit: the very drafts that would be sent, for every place to post by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from pathlib import Path

from scheduler.cards import CardError, Drawn, Shelf
from scheduler.drafting import cards_for, cited, drafts, measuring
from scheduler.interface import Interface, interface_for
from scheduler.kit import sentences as say
from scheduler.kit.contents import (
    Absent,
    Destination,
    Kept,
    Kit,
    KitDay,
    KitPicture,
    KitPost,
    KitSlide,
    KitText,
    Line,
    Shape,
    Trouble,
    Unfit,
)
from scheduler.kit.judging import Situation, is_in, kept_back
from scheduler.model import (
    DAYS,
    Account,
    Audience,
    Campaign,
    Card,
    Content,
    Day,
    Draft,
    Fact,
    Helpline,
    Measure,
    PhotoContent,
    Post,
    Quote,
    QuoteContent,
    Source,
    StatisticContent,
)
from scheduler.planning import due
from scheduler.platforms import Limits, Platform, in_words

#: Where people post by hand, those that most of them use first.
BY_HAND = (
    "instagram",
    "facebook",
    "x",
    "threads",
    "linkedin",
    "mastodon",
    "bluesky",
    "telegram",
)

#: Told how many cards there are; gives back what to call after each.
Progress = Callable[[int], Callable[[], None]]


def gather(
    campaign: Campaign,
    shelf: Shelf,
    situation: Situation,
    *,
    progress: Progress | None = None,
    interface: Interface | None = None,
) -> Kit:
    """Everything that the organisation may post by hand by now; cards are drawn where they lack.

    A kit speaks the organisation's language, as far as there is a catalogue, or as `interface`.
    """
    kept = {id_: tuple(kept_back(post, situation)) for id_, post in campaign.posts.items()}
    present = [post for id_, post in campaign.posts.items() if is_in(kept[id_], situation)]
    cards = _Cards.of(campaign, present, shelf, progress)
    destinations = destinations_of(campaign)
    made = {
        post.id: _post(campaign, post, cards, situation, destinations, marks=kept[post.id])
        for post in present
    }
    return Kit(
        campaign=campaign,
        interface=interface or interface_for(campaign.language),
        days=tuple(_day(campaign, number, made, kept) for number in range(1, DAYS + 1)),
        destinations=destinations,
    )


def _day(
    campaign: Campaign,
    number: int,
    made: Mapping[str, KitPost],
    kept: Mapping[str, Sequence[Kept]],
) -> KitDay:
    day = campaign.days.get(number, Day(number=number, theme=""))
    posts = sorted(
        (post for post in campaign.posts.values() if post.day == number),
        key=lambda post: (post.at, post.id),
    )
    return KitDay(
        number=number,
        date=campaign.date_of(number),
        theme=day.theme,
        observance=day.observance,
        posts=tuple(made[post.id] for post in posts if post.id in made),
        absent=tuple(
            Absent(post=post.id, kept=kept[post.id][0]) for post in posts if post.id not in made
        ),
    )


# ── where it is posted ────────────────────────────────────────────────────────────────────────────


def destinations_of(campaign: Campaign) -> tuple[Destination, ...]:
    """The accounts of the organisation first, then every platform on which it has none."""
    accounts = [
        Destination(platform=account.platform, account=account.name, published=not account.kit)
        for account in campaign.accounts.values()
        if account.kit or account.platform != "folder"
    ]
    taken = {each.platform for each in accounts}
    others = [Destination(platform=name) for name in BY_HAND if name not in taken]
    return (*sorted(accounts, key=lambda each: each.published), *others)


def _account(campaign: Campaign, destination: Destination) -> Account:
    if destination.account:
        return campaign.accounts[destination.account]
    return Account(name=destination.platform, platform=destination.platform, kit=True)


# ── cards ─────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cards:
    """The cards of all posts in every shape, drawn; or why they cannot be."""

    shelf: Shelf
    #: By post and shape; of a carousel in the order of its slides.
    named: Mapping[tuple[str, Shape], tuple[tuple[str, Card], ...]]
    problems: Mapping[str, CardError]

    @classmethod
    def of(
        cls,
        campaign: Campaign,
        posts: Iterable[Post],
        shelf: Shelf,
        progress: Progress | None,
    ) -> _Cards:
        wanted = {
            (post.id, shape): tuple(cards_for(campaign, post, shape.size))
            for post in posts
            for shape in Shape
        }
        names = iter(shelf.names([card for shown in wanted.values() for card in shown]))
        named = {
            key: tuple(zip(islice(names, len(shown)), shown, strict=True))
            for key, shown in wanted.items()
        }
        unique = {name: card for cards in named.values() for name, card in cards}
        filled = shelf.fill(unique, on_drawn=progress(len(unique)) if progress else None)
        return cls(shelf=shelf, named=named, problems=filled.problems)

    def drawn(self, post: str, shape: Shape) -> tuple[Drawn, ...] | CardError:
        """All slides in this shape, or why one of them cannot be drawn."""
        cards = self.named[post, shape]
        for name, _ in cards:
            if name in self.problems:
                return self.problems[name]
        return tuple(self.shelf.card(card, name) for name, card in cards)

    def slide(self, post: str, shape: Shape, number: int) -> Drawn | CardError:
        name, card = self.named[post, shape][number]
        return self.problems.get(name) or self.shelf.card(card, name)


def _slides(post: Post, cards: _Cards, alts: Sequence[str]) -> tuple[KitSlide, ...]:
    return tuple(_slide(post.id, cards, number, alt) for number, alt in enumerate(alts))


def _slide(post: str, cards: _Cards, number: int, alt: str) -> KitSlide:
    found = {shape: cards.slide(post, shape, number) for shape in Shape}
    return KitSlide(
        alt=alt,
        pictures=tuple(
            KitPicture(
                shape=shape,
                file=each.file,
                media_type=each.media_type,
                bytes=each.bytes,
                digest=each.digest,
            )
            for shape, each in found.items()
            if isinstance(each, Drawn)
        ),
        unfit=tuple(
            Unfit(shape=shape, reason=each.message)
            for shape, each in found.items()
            if isinstance(each, CardError)
        ),
    )


# ── a post ────────────────────────────────────────────────────────────────────────────────────────


def _post(
    campaign: Campaign,
    post: Post,
    cards: _Cards,
    situation: Situation,
    destinations: Sequence[Destination],
    *,
    marks: tuple[Kept, ...],
) -> KitPost:
    texts = tuple(
        text
        for destination in destinations
        if not destination.account or destination.account in post.accounts
        for text in _texts(campaign, post, cards, situation, destination)
    )
    hour = due(campaign, post)
    undrawn = drafts(campaign, post, [_UNDRAWN] * len(post.slides))[0]
    return KitPost(
        post=post,
        due=hour,
        latest=hour + post.grace,
        slides=_slides(post, cards, [picture.alt for picture in undrawn.pictures]),
        texts=texts,
        sources=tuple(_distinct_lines(_sources(post))),
        helpline=tuple(_helpline(post.helpline)),
        marks=marks,
    )


#: Stands for a card where only the words that go with it are asked for.
_UNDRAWN = Drawn(
    file=Path(),
    media_type="image/jpeg",
    size=Shape.PORTRAIT.size,
    bytes=0,
    digest="",
    card="",
)


def _texts(
    campaign: Campaign,
    post: Post,
    cards: _Cards,
    situation: Situation,
    destination: Destination,
) -> Iterator[KitText]:
    """Every part of the post at one destination."""
    adapter = measuring(_account(campaign, destination))
    drawn, problem = _drawn_for(post, cards, adapter.limits)
    held = situation.held_on.get((post.id, destination.account), "")
    for draft in drafts(campaign, post, drawn):
        measured = adapter.measure(draft)
        problems = (*_excesses(destination.platform, measured), *_undescribed(held, measured))
        yield _text(
            destination, adapter, draft, measured, tuple(dict.fromkeys((*problem, *problems)))
        )


def _drawn_for(
    post: Post, cards: _Cards, limits: Limits
) -> tuple[tuple[Drawn, ...], tuple[Trouble, ...]]:
    """The pictures that would be sent there, or what to do where they cannot be drawn."""
    wanted = next((shape for shape in Shape if shape.size == limits.card), Shape.PORTRAIT)
    shapes = (wanted, *(shape for shape in Shape if shape is not wanted))
    for shape in shapes:
        drawn = cards.drawn(post.id, shape)
        if not isinstance(drawn, CardError):
            return drawn, ()
    return (_UNDRAWN,) * len(post.slides), (Trouble(message=say.NO_PICTURE),)


def _text(
    destination: Destination,
    adapter: Platform,
    draft: Draft,
    measured: Sequence[Measure],
    problems: tuple[Trouble, ...],
) -> KitText:
    words = next(each for each in measured if each.name == "text")
    return KitText(
        destination=destination,
        part=draft.part,
        text=in_words(draft, adapter.limits),
        note=draft.note if adapter.limits.notes else "",
        used=words.used,
        limit=words.limit,
        unit=words.unit,
        problems=problems,
        alts=adapter.limits.alts,
    )


def _excesses(platform: str, measured: Iterable[Measure]) -> Iterator[Trouble]:
    for each in measured:
        if each.excess:
            yield Trouble(message=say.TOO_LONG, platform=platform, measure=each)
        if each.lack:
            yield Trouble(message=say.TOO_FEW, platform=platform, measure=each)


def _undescribed(held: str, measured: Iterable[Measure]) -> Iterator[Trouble]:
    """What holds one account alone, where it is more than what was just counted."""
    if held and not any(each.excess or each.lack for each in measured):
        yield Trouble(message=say.HELD_THERE)


# ── what stands behind it ─────────────────────────────────────────────────────────────────────────


def _distinct_lines(lines: Iterable[Line]) -> Iterator[Line]:
    return (line for line, _ in groupby(lines))


def _sources(post: Post) -> Iterator[Line]:
    for slide in post.slides:
        yield from _source(slide.content)


def _source(content: Content) -> Iterator[Line]:
    match content:
        case StatisticContent():
            yield from _of_fact(content.fact)
        case QuoteContent():
            yield from _of_quote(content.quote)
        case PhotoContent():
            yield Line(name=say.PICTURE, text=content.picture.credit)
            yield Line(name=say.LICENCE, text=content.picture.licence)


def _of_fact(fact: Fact) -> Iterator[Line]:
    yield Line(name=say.FIGURE, text=f"{fact.figure} {fact.statement}")
    yield Line(name=say.COUNTED, text=f"{fact.population}, {fact.year}")
    yield _cited(fact.source)
    if fact.caveat:
        yield Line(name=say.CAVEAT, text=fact.caveat)


def _of_quote(quote: Quote) -> Iterator[Line]:
    yield Line(name=say.WORDS, text=quote.words)
    if quote.in_translation:
        yield Line(name=say.TRANSLATED_BY, text=quote.in_translation.translator)
    yield Line(name=say.SPEAKER, text=", ".join(filter(None, (quote.speaker, quote.role))))
    yield _cited(quote.source)


def _cited(source: Source) -> Line:
    return Line(name=say.SOURCE, text=cited(source), address=source.address)


def _helpline(helpline: Helpline | None) -> Iterator[Line]:
    """Only a number that somebody has verified."""
    if helpline is None or not helpline.sure:
        return
    survivors = helpline.audience is Audience.SURVIVORS
    whom = say.FOR_SURVIVORS if survivors else say.FOR_USERS
    yield Line(name=say.NUMBER, text=helpline.number)
    yield Line(name=say.FOR_WHOM, text=whom, ours=True)
    yield Line(name=say.COUNTRY, text=helpline.country)
    yield Line(name=say.HOURS, text=helpline.hours, address=helpline.address)
