"""From a post to exactly what will be said.

The one room that preview, checking and publishing share, so that what is shown is what is sent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from scheduler.accounts import NoTokens
from scheduler.cards import Drawn, Shelf, agreed
from scheduler.model import (
    DAYS,
    Account,
    Audience,
    Brand,
    CallContent,
    Campaign,
    Card,
    Chart,
    Comments,
    Content,
    Day,
    Draft,
    DraftPicture,
    Fact,
    GraphicContent,
    OpenerContent,
    PhotoContent,
    Phrases,
    Post,
    QuoteContent,
    Size,
    Slide,
    Source,
    StatisticContent,
    distinct,
)
from scheduler.platforms import NOWHERE, PLATFORMS, Platform


def measuring(account: Account) -> Platform:
    """The account's adapter for counting and sizes; it can never sign in."""
    return PLATFORMS[account.platform](account, tokens=NoTokens(), host=NOWHERE)


def cards_for(campaign: Campaign, post: Post, size: Size) -> tuple[Card, ...]:
    """What the post's cards show, at the size that a platform wants; a carousel's look alike."""
    return agreed([_card(campaign, post, slide, size) for slide in post.slides])


def _card(campaign: Campaign, post: Post, slide: Slide, size: Size) -> Card:
    day = campaign.days.get(post.day, Day(number=post.day, theme=""))
    shown = _shown(slide.content, campaign.phrases)
    return Card(
        template=shown.template,
        texts=MappingProxyType(
            {"kicker": _kicker(campaign, day, shown), "day": str(post.day), **shown.texts}
        ),
        brand=_brand(campaign, post),
        size=size,
        language=shown.language or post.language,
        chart=shown.chart,
        points=shown.points,
        picture=slide.content.picture.file if isinstance(slide.content, PhotoContent) else None,
    )


def _kicker(campaign: Campaign, day: Day, shown: _Shown) -> str:
    """The day and its theme, unless the card shows that large."""
    number = filled(campaign.phrases.day, day=str(day.number), days=str(DAYS))
    theme = "" if shown.template == "opener" else day.theme
    return " · ".join(filter(None, (number, theme)))


def cards(campaign: Campaign) -> dict[tuple[str, str], tuple[Card, ...]]:
    """Every card of the campaign, by post and account."""
    sizes = {name: measuring(account).limits.card for name, account in campaign.accounts.items()}
    wanted = {
        (post.id, sizes[name]): post for post in campaign.posts.values() for name in post.accounts
    }
    made = {(id_, size): cards_for(campaign, post, size) for (id_, size), post in wanted.items()}
    return {
        (post.id, name): made[post.id, sizes[name]]
        for post in campaign.posts.values()
        for name in post.accounts
    }


def alt(campaign: Campaign, post: Post, slide: Slide) -> str:
    """What the slide's card shows, and what stands at the foot of every card."""
    brand = _brand(campaign, post)
    foot = ". ".join(
        distinct([line.rstrip(".") for line in (brand.name, brand.help, brand.funder) if line])
    )
    return f"{slide.alt} {filled(campaign.phrases.foot, foot=foot)}."


def filled(phrase: str, **words: str) -> str:
    """The phrase with these words in it; whatever else stands between braces stays."""
    for name, word in words.items():
        phrase = phrase.replace(f"{{{name}}}", word)
    return phrase


def drafts(campaign: Campaign, post: Post, drawn: Sequence[Drawn]) -> tuple[Draft, ...]:
    """Exactly what will be said: the post with its pictures, then the further parts of a thread."""
    pictures = tuple(
        DraftPicture(
            file=one.file,
            media_type=one.media_type,
            size=one.size,
            bytes=one.bytes,
            digest=one.digest,
            alt=alt(campaign, post, slide),
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
    return (
        first,
        *(
            replace(first, text=text, pictures=(), part=part)
            for part, text in enumerate(post.thread, 2)
        ),
    )


def draft_for(
    campaign: Campaign, post: Post, account: str, shelf: Shelf, *, part: int = 1
) -> Draft:
    """The draft of one delivery; its cards are drawn when they do not lie on the shelf yet.

    Raises `cards.CardError` when a card cannot be drawn.
    """
    size = measuring(campaign.accounts[account]).limits.card
    drawn = [shelf.card(card) for card in cards_for(campaign, post, size)]
    return drafts(campaign, post, drawn)[part - 1]


def caption(campaign: Campaign, post: Post) -> str:
    """The post's text, then what must stand below it, then the hashtags: a paragraph each."""
    required = (_helpline(campaign, post), *_required(post), campaign.rules.required_text)
    tags = " ".join(f"#{tag}" for tag in post.tags)
    return "\n\n".join(distinct([text for text in (post.text, *required, tags) if text]))


def _required(post: Post) -> Iterator[str]:
    for slide in post.slides:
        match slide.content:
            case StatisticContent():
                yield slide.content.fact.source.required_text
            case QuoteContent():
                yield slide.content.quote.source.required_text


def _number(campaign: Campaign, post: Post) -> str:
    """Whom it is for, and the number: only one that somebody verified is written or drawn."""
    helpline = post.helpline
    if helpline is None or not helpline.sure:
        return ""
    phrases = campaign.phrases
    for_survivors = helpline.audience is Audience.SURVIVORS
    called = phrases.helpline if for_survivors else phrases.violence_helpline
    return f"{called} ({helpline.country}): {helpline.number}"


def _helpline(campaign: Campaign, post: Post) -> str:
    number = _number(campaign, post)
    return f"{number}, {post.helpline.hours}" if number and post.helpline else ""


def _brand(campaign: Campaign, post: Post) -> Brand:
    """The brand; at the foot of a card, a number takes the place of the line on where to look."""
    return replace(campaign.brand, help=_number(campaign, post) or campaign.brand.help)


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


def thawed(said: Mapping[str, Any], lying: Mapping[str, Path]) -> Draft:
    """The draft that was frozen; `lying` has the files of pictures that are still there, by digest.

    A picture that lies nowhere has no bytes. Of the others nobody looks how large they are.
    """
    return Draft(
        text=said["text"],
        language=said["language"],
        note=said["note"],
        comments=Comments(said["comments"]),
        pictures=tuple(
            DraftPicture(
                file=lying.get(each["digest"], Path()),
                media_type=each["media_type"],
                size=Size(width=0, height=0),
                bytes=_length(lying.get(each["digest"])),
                digest=each["digest"],
                alt=each["alt"],
            )
            for each in said["pictures"]
        ),
    )


def _length(file: Path | None) -> int:
    return file.stat().st_size if file else 0


def undrawn(campaign: Campaign, post: Post) -> tuple[Draft, ...]:
    """The words of the post's drafts, with pictures that nobody has drawn."""
    nothing = Drawn(
        file=Path(), media_type="", size=Size(width=0, height=0), bytes=0, digest="", card=""
    )
    return drafts(campaign, post, [nothing] * len(post.slides))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    template: str
    texts: Mapping[str, str]
    chart: Chart | None = None
    points: tuple[str, ...] = ()
    #: Of the words on the card, where they are not in the post's own language.
    language: str = ""


def _shown(content: Content, phrases: Phrases) -> _Shown:
    match content:
        case QuoteContent():
            return _quote(content, phrases)
        case StatisticContent():
            return _statistic(content.fact)
        case GraphicContent():
            return _Shown(
                template="graphic", texts={"headline": content.headline}, points=content.points
            )
        case PhotoContent():
            texts = {"headline": content.headline, "credit": content.picture.credit}
            return _Shown(template="photo", texts=texts)
        case OpenerContent():
            return _Shown(
                template="opener", texts={"headline": content.headline, "body": content.body}
            )
        case CallContent():
            return _Shown(
                template="call", texts={"headline": content.headline, "body": content.body}
            )


def _quote(content: QuoteContent, phrases: Phrases) -> _Shown:
    quote = content.quote
    by = quote.in_translation
    translated = (filled(phrases.translated_by, translator=by.translator),) if by else ()
    return _Shown(
        template="quote",
        texts={
            "words": content.words,
            "speaker": quote.speaker,
            "role": quote.role,
            "source": ". ".join((cited(quote.source), *translated)),
        },
        language=by.language if by else quote.language,
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
