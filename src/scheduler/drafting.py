"""From a post to exactly what will be said.

The one room that preview, checking and publishing share, so that what is shown is what is sent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from scheduler.accounts import NoTokens
from scheduler.cards import Drawn, Shelf
from scheduler.model import (
    DAYS,
    Account,
    Audience,
    Brand,
    CallContent,
    Campaign,
    Card,
    Chart,
    Content,
    Draft,
    DraftPicture,
    Fact,
    GraphicContent,
    PhotoContent,
    Post,
    QuoteContent,
    Size,
    Slide,
    Source,
    StatisticContent,
    distinct,
)
from scheduler.platforms import PLATFORMS, Platform


def measuring(account: Account) -> Platform:
    """The account's adapter for counting and sizes; it can never sign in."""
    return PLATFORMS[account.platform](account, tokens=NoTokens())


def card(campaign: Campaign, post: Post, slide: Slide, size: Size) -> Card:
    """What one of the post's cards shows, at the size that a platform wants."""
    shown = _shown(slide.content)
    theme = campaign.days[post.day].theme if post.day in campaign.days else ""
    kicker = " · ".join(filter(None, (f"Day {post.day} of {DAYS}", theme)))
    return Card(
        template=shown.template,
        texts=MappingProxyType({"kicker": kicker, "day": str(post.day), **shown.texts}),
        brand=_brand(campaign.brand, post),
        size=size,
        language=shown.language or post.language,
        chart=shown.chart,
        points=shown.points,
        picture=slide.content.picture.file if isinstance(slide.content, PhotoContent) else None,
    )


def cards(campaign: Campaign) -> dict[tuple[str, str], tuple[Card, ...]]:
    """Every card of the campaign, by post and account."""
    sizes = {name: measuring(account).limits.card for name, account in campaign.accounts.items()}
    return {
        (post.id, name): tuple(card(campaign, post, slide, sizes[name]) for slide in post.slides)
        for post in campaign.posts.values()
        for name in post.accounts
    }


def drafts(campaign: Campaign, post: Post, drawn: Sequence[Drawn]) -> tuple[Draft, ...]:
    """Exactly what will be said: the post with its pictures, then the further parts of a thread."""
    pictures = tuple(
        DraftPicture(
            file=one.file,
            media_type=one.media_type,
            size=one.size,
            bytes=one.bytes,
            digest=one.digest,
            alt=slide.alt,
        )
        for slide, one in zip(post.slides, drawn, strict=True)
    )
    first = Draft(
        text=caption(campaign, post),
        pictures=pictures,
        language=post.language,
        note=post.note,
        comments=post.comments,
    )
    return (first, *(replace(first, text=text, pictures=()) for text in post.thread))


def draft_for(
    campaign: Campaign, post: Post, account: str, shelf: Shelf, *, part: int = 1
) -> Draft:
    """The draft of one delivery; its cards are drawn when they do not lie on the shelf yet.

    Raises `cards.CardError` when a card cannot be drawn.
    """
    size = measuring(campaign.accounts[account]).limits.card
    drawn = [shelf.card(card(campaign, post, slide, size)) for slide in post.slides]
    return drafts(campaign, post, drawn)[part - 1]


def caption(campaign: Campaign, post: Post) -> str:
    """The post's text, then what must stand below it, then the hashtags: a paragraph each."""
    required = (_helpline(post), *_required(post), campaign.rules.required_text)
    tags = " ".join(f"#{tag}" for tag in post.tags)
    return "\n\n".join(distinct([text for text in (post.text, *required, tags) if text]))


def _required(post: Post) -> Iterator[str]:
    for slide in post.slides:
        match slide.content:
            case StatisticContent():
                yield slide.content.fact.source.required_text
            case QuoteContent():
                yield slide.content.quote.source.required_text


_FOR = MappingProxyType(
    {
        Audience.SURVIVORS: "Helpline",
        Audience.PEOPLE_USING_VIOLENCE: "Helpline for people who use violence",
    }
)


def _helpline(post: Post) -> str:
    """Only a number that somebody verified is ever written or drawn."""
    helpline = post.helpline
    if helpline is None or not helpline.sure:
        return ""
    return f"{_FOR[helpline.audience]} ({helpline.country}): {helpline.number}, {helpline.hours}"


def _brand(brand: Brand, post: Post) -> Brand:
    helpline = post.helpline
    if helpline is None or not helpline.sure:
        return brand
    return replace(brand, help=f"{_FOR[helpline.audience]} ({helpline.country}): {helpline.number}")


def frozen(draft: Draft) -> Mapping[str, Any]:
    """The draft as JSON values, for the ledger; pictures by digest, never by path."""
    return {
        "text": draft.text,
        "language": draft.language,
        "note": draft.note,
        "comments": str(draft.comments),
        "pictures": [
            {"digest": picture.digest, "media_type": picture.media_type, "alt": picture.alt}
            for picture in draft.pictures
        ],
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    template: str
    texts: Mapping[str, str]
    chart: Chart | None = None
    points: tuple[str, ...] = ()
    #: Of the words on the card, where they are not in the post's own language.
    language: str = ""


def _shown(content: Content) -> _Shown:
    match content:
        case QuoteContent():
            return _quote(content)
        case StatisticContent():
            return _statistic(content.fact)
        case GraphicContent():
            return _Shown(
                template="graphic", texts={"headline": content.headline}, points=content.points
            )
        case PhotoContent():
            texts = {"headline": content.headline, "credit": content.picture.credit}
            return _Shown(template="photo", texts=texts)
        case CallContent():
            return _Shown(
                template="call", texts={"headline": content.headline, "body": content.body}
            )


def _quote(content: QuoteContent) -> _Shown:
    quote = content.quote
    return _Shown(
        template="quote",
        texts={
            "words": content.words,
            "speaker": quote.speaker,
            "role": quote.role,
            "source": cited(quote.source),
        },
        language=quote.language,
    )


def _statistic(fact: Fact) -> _Shown:
    return _Shown(
        template="statistic",
        texts={
            "figure": fact.figure,
            "statement": fact.statement,
            "population": f"{fact.population}, {fact.year}",
            "source": cited(fact.source),
            "caveat": fact.caveat,
        },
        chart=fact.chart,
    )


def cited(source: Source) -> str:
    """The source in one line: who, what, when."""
    return f"{source.publisher}, {source.title}, {source.year}"
