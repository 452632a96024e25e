"""Where in the calendar that is written which a draft or a card shows."""

from __future__ import annotations

from types import MappingProxyType

from scheduler.model import (
    CallContent,
    Campaign,
    Content,
    GraphicContent,
    KeyPath,
    OpenerContent,
    PhotoContent,
    Place,
    Post,
    QuoteContent,
    StatisticContent,
)


def measured_place(campaign: Campaign, post: Post, part: int, name: str) -> Place:
    """Where what was measured is written: "text", "alt text of picture 2", or "picture 2"."""
    places, last = campaign.places, name.rsplit(maxsplit=1)[-1]
    if part:
        return places.value("posts", post.id, "thread", part - 1)
    if not last.isdecimal():
        return places.value("posts", post.id, "text")
    slide = slide_path(post, int(last) - 1)
    return places.value(*slide, "alt") if name.startswith("alt") else places.key(*slide)


def slide_path(post: Post, number: int) -> KeyPath:
    return ("posts", post.id, "carousel", number) if len(post.slides) > 1 else ("posts", post.id)


def written_path(campaign: Campaign, post: Post, number: int, slot: str) -> KeyPath:
    """Where the words are written: those of an opener may be the day's."""
    path = slot_path(post, number, slot)
    opener = isinstance(post.slides[number].content, OpenerContent)
    if opener and slot in _OF_THE_DAY and not campaign.places.written(*path):
        return ("days", str(post.day), _OF_THE_DAY[slot])
    return path


_OF_THE_DAY = MappingProxyType({"headline": "theme", "body": "observance"})


def slot_path(post: Post, number: int, slot: str) -> KeyPath:
    """Where the words of a slot are written in the calendar, for the post's card of that number."""
    if slot in {"kicker", "day"}:
        return ("days", str(post.day), "theme")
    if slot in {"name", "hashtag", "help", "funder", "logo", "second_logo"}:
        return ("brand", slot)
    if slot.partition(".")[0] == "fonts":
        return ("brand", *slot.split("."))
    return (*_content_path(slide_path(post, number), post.slides[number].content, slot), slot)


def _content_path(slide: KeyPath, content: Content, slot: str) -> KeyPath:
    match content:
        case QuoteContent() if slot == "words" and content.excerpt is not None:
            return (*slide, "excerpt")
        case QuoteContent():
            return ("quotes", content.quote.id)
        case StatisticContent():
            return ("facts", content.fact.id)
        case PhotoContent() if slot in {"picture", "credit"}:
            return ("pictures", content.picture.id)
        case PhotoContent():
            return (*slide, "photo")
        case GraphicContent():
            return (*slide, "graphic")
        case CallContent():
            return (*slide, "call")
        case OpenerContent():
            return (*slide, "opener")
