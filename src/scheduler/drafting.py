"""From a post to exactly what will be said.

The one room that preview, checking and publishing share, so that what is shown is what is sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from scheduler.accounts import NoTokens
from scheduler.cards import Drawn, Shelf
from scheduler.model import (
    DAYS,
    Account,
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
    Source,
    StatisticContent,
)
from scheduler.platforms import PLATFORMS, Platform


def measuring(account: Account) -> Platform:
    """The account's adapter for counting and sizes; it can never sign in."""
    return PLATFORMS[account.platform](account, tokens=NoTokens())


def card(campaign: Campaign, post: Post, size: Size) -> Card:
    """What the post's card shows, at the size that a platform wants."""
    shown = _shown(post.content)
    theme = campaign.days[post.day].theme if post.day in campaign.days else ""
    kicker = " · ".join(filter(None, (f"Day {post.day} of {DAYS}", theme)))
    return Card(
        template=shown.template,
        texts=MappingProxyType({"kicker": kicker, "day": str(post.day), **shown.texts}),
        brand=campaign.brand,
        size=size,
        language=shown.language or post.language,
        chart=shown.chart,
        points=shown.points,
        picture=post.content.picture.file if isinstance(post.content, PhotoContent) else None,
    )


def cards(campaign: Campaign) -> dict[tuple[str, str], Card]:
    """Every card of the campaign, by post and account."""
    sizes = {name: measuring(account).limits.card for name, account in campaign.accounts.items()}
    return {
        (post.id, name): card(campaign, post, sizes[name])
        for post in campaign.posts.values()
        for name in post.accounts
    }


def draft(post: Post, drawn: Drawn) -> Draft:
    """Exactly what will be said, with the card that was drawn for it."""
    picture = DraftPicture(
        file=drawn.file,
        media_type=drawn.media_type,
        size=drawn.size,
        bytes=drawn.bytes,
        digest=drawn.digest,
        alt=post.alt,
    )
    return Draft(
        text=caption(post.text, post.tags),
        pictures=(picture,),
        language=post.language,
        note=post.note,
    )


def draft_for(campaign: Campaign, post: Post, account: str, shelf: Shelf) -> Draft:
    """The draft for one account; its card is drawn when it does not lie on the shelf yet.

    Raises `cards.CardError` when the card cannot be drawn.
    """
    size = measuring(campaign.accounts[account]).limits.card
    return draft(post, shelf.card(card(campaign, post, size)))


def caption(text: str, tags: Iterable[str]) -> str:
    """The caption with its hashtags in a last line of their own."""
    line = " ".join(f"#{tag}" for tag in tags)
    return f"{text}\n\n{line}" if line else text


def frozen(draft: Draft) -> Mapping[str, Any]:
    """The draft as JSON values, for the ledger; pictures by digest, never by path."""
    return {
        "text": draft.text,
        "language": draft.language,
        "note": draft.note,
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
