"""Everything a post says, where each text is written, and which words in it are somebody else's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from scheduler.model import (
    CallContent,
    Campaign,
    Content,
    GraphicContent,
    KeyPath,
    OpenerContent,
    PhotoContent,
    Post,
    QuoteContent,
    Slide,
)

#: What depends on the words alone is found once, and remembered for so many texts: the members of a
#: coalition say the same, and whoever follows edits changes one text of a thousand.
REMEMBERED = 8192
#: Words between quotation marks, as printed in any of our languages.
QUOTED = re.compile(
    r'„([^„“”"]+)[“”"]|“([^“”]+)”|”([^“”]+)”|«([^«»]+)»|»([^«»]+)«|"([^"]+)"', re.DOTALL
)
_MARKS = frozenset('„“”«»"')
_STRAIGHT = str.maketrans(
    {"’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "„": '"', "–": "-", "—": "-", "‑": "-"}
)
#: In Greek, ; is the question mark.
_END = re.compile(r"(?:(?<=[.!?…])|(?<=[\u0370-\u03ff\u1f00-\u1fff];))[\"”’»“)]*\s+|\n\s*\n")
#: Between two quotes, so that nothing is found across their border.
_BORDER = "\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One text of a post, at its place in the calendar."""

    path: KeyPath
    words: str
    #: The same without what is quoted word for word from a stored quote.
    own: str


def slides(campaign: Campaign, post: Post) -> Iterator[tuple[KeyPath, Slide]]:
    """Each slide, at the keys where its content and its alt text are written."""
    path: KeyPath = ("posts", post.id)
    many = len(post.slides) > 1 or campaign.places.written(*path, "carousel")
    for number, slide in enumerate(post.slides):
        yield ((*path, "carousel", number) if many else path), slide


def captions(campaign: Campaign, post: Post) -> Iterator[Text]:
    """The caption, and the further parts of its thread."""
    yield _text(campaign, ("posts", post.id, "text"), post.text)
    for number, part in enumerate(post.thread):
        yield _text(campaign, ("posts", post.id, "thread", number), part)


def alts(campaign: Campaign, post: Post) -> Iterator[Text]:
    for path, slide in slides(campaign, post):
        content = slide.content
        spoken = content.words if isinstance(content, QuoteContent) else ""
        yield _text(campaign, (*path, "alt"), slide.alt, spoken)


def card_texts(campaign: Campaign, post: Post) -> Iterator[Text]:
    """The campaign's own words on the cards: not a quote's, not a fact's."""
    for path, slide in slides(campaign, post):
        for key, words in _written(slide.content):
            yield _text(campaign, (*path, *key), words)


def texts(campaign: Campaign, post: Post) -> Iterator[Text]:
    """Everything that the post says in the campaign's own name."""
    yield from captions(campaign, post)
    yield from card_texts(campaign, post)
    yield from alts(campaign, post)


def english(post: Post) -> bool:
    return post.language.partition("-")[0] == "en"


@lru_cache(maxsize=REMEMBERED)
def sentences(text: str) -> tuple[str, ...]:
    return tuple(part for part in _END.split(text) if part and not part.isspace())


def plain(text: str) -> str:
    """With straight quotation marks, short dashes and single spaces: for comparing only."""
    return " ".join(text.translate(_STRAIGHT).split())


def shortened(text: str, length: int = 60) -> str:
    """The beginning of a text, for a message."""
    line = " ".join(text.split())
    return line if len(line) <= length else f"{line[:length].rstrip()}…"


def quotations(text: str) -> Iterator[str]:
    """What stands between quotation marks."""
    if _MARKS.isdisjoint(text):
        return
    for match in QUOTED.finditer(text):
        yield match[match.lastindex or 0].strip()


def verbatim(campaign: Campaign, words: str) -> bool:
    """Whether the words are, letter for letter, part of a quote that the calendar holds.

    A full stop at the end and a capital at the beginning may differ, as sentences need them.
    """
    return _verbatim(stored_words(campaign), words)


@lru_cache(maxsize=REMEMBERED)
def _verbatim(stored: str, words: str) -> bool:
    parts = (plain(part).strip(" .,;:!?") for part in re.split(r"\[?(?:…|\.\.\.)\]?", words))
    return all(_stands_in(part, stored) for part in parts)


def stored_words(campaign: Campaign) -> str:
    """The words of all quotes, plain."""
    return _joined(tuple(quote.words for quote in campaign.quotes.values()))


@lru_cache(maxsize=8)
def _joined(words: tuple[str, ...]) -> str:
    return _BORDER.join(map(plain, words))


def _stands_in(part: str, stored: str) -> bool:
    return any(
        tried in stored
        for tried in (part, part[:1].lower() + part[1:], part[:1].upper() + part[1:])
    )


def _text(campaign: Campaign, path: KeyPath, words: str, spoken: str = "") -> Text:
    return Text(path=path, words=words, own=_own(stored_words(campaign), words, spoken))


@lru_cache(maxsize=REMEMBERED)
def _own(stored: str, words: str, spoken: str) -> str:
    own = words.replace(spoken, "“”") if spoken else words
    if _MARKS.isdisjoint(own):
        return own
    return QUOTED.sub(lambda match: _unquoted(stored, match), own)


def _unquoted(stored: str, match: re.Match[str]) -> str:
    words = match[match.lastindex or 0].strip()
    if not _verbatim(stored, words):
        return match[0]
    # The end of the sentence is kept, or the next one would grow by it.
    return f"“{words[-1:] if words[-1:] in '.!?' else ''}”"


def _written(content: Content) -> Iterator[tuple[KeyPath, str]]:
    match content:
        case GraphicContent():
            yield ("graphic", "headline"), content.headline
            for number, point in enumerate(content.points):
                yield ("graphic", "points", number), point
        case CallContent():
            yield ("call", "headline"), content.headline
            yield ("call", "body"), content.body
        case OpenerContent():
            for key, words in (("headline", content.headline), ("body", content.body)):
                if words:
                    yield ("opener", key), words
        case PhotoContent() if content.headline:
            yield ("photo", "headline"), content.headline
