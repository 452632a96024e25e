"""A caption in pieces, as a platform would link it; joined again they are the very caption."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from scheduler.platforms.counting import x_links
from scheduler.platforms.facets import bare, marks

#: Mastodon's web interface shows this many characters of an address, without its scheme.
SHOWN_OF_ADDRESS = 30

_LINKED = re.compile(
    r"""
      (?P<address> \b https?://[^\s<>"]+ )
    | (?P<tag> (?<![\w/&]) [#＃] \w* [^\W\d_] \w* )
    | (?P<mention> (?<![\w/]) @ \w+ (?: @ [\w.-]+ \w )? )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_SCHEME = re.compile(r"https?://(?:www\.)?", re.IGNORECASE)


class Kind(StrEnum):
    WORDS = "words"
    ADDRESS = "address"
    #: An address that is shown as it was typed.
    LINK = "link"
    TAG = "tag"
    MENTION = "mention"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Some characters of a caption, and what the platform makes of them."""

    kind: Kind
    text: str

    @property
    def parts(self) -> tuple[str, str, str]:
        """An address as it is shown: what is hidden before, what is seen, what is hidden after."""
        scheme = _SCHEME.match(self.text)
        begin = scheme.end() if scheme else 0
        end = begin + SHOWN_OF_ADDRESS
        return self.text[:begin], self.text[begin:end], self.text[end:]


def pieces(text: str, platform: str = "") -> tuple[Piece, ...]:
    """Words, addresses, hashtags and mentions, in their order, as the platform links them."""
    return tuple(_filled(text, LINKED.get(platform, _mastodon)(text)))


def _mastodon(text: str) -> Iterator[tuple[int, Piece]]:
    for match in _LINKED.finditer(text):
        kind = Kind(match.lastgroup or Kind.WORDS)
        found = bare(match[0]) if kind is Kind.ADDRESS else match[0]
        yield match.start(), Piece(kind=kind, text=found)


def _bluesky(text: str) -> Iterator[tuple[int, Piece]]:
    """What is sent is linked, and nothing else: nobody has asked yet who is mentioned."""
    return ((mark.begin, Piece(kind=Kind(mark.kind), text=mark.text)) for mark in marks(text))


def _x(text: str) -> Iterator[tuple[int, Piece]]:
    """What X makes links of, with or without a scheme, and the rest between them."""
    done = 0
    for link in x_links(text):
        begin = text.find(link, done)
        if begin >= 0:  # it may be composed otherwise than the caption is
            yield from _but_addresses(text, done, begin)
            yield begin, Piece(kind=Kind.ADDRESS, text=link)
            done = begin + len(link)
    yield from _but_addresses(text, done, len(text))


def _but_addresses(text: str, begin: int, end: int) -> Iterator[tuple[int, Piece]]:
    found = _mastodon(text[begin:end])
    return ((begin + at, piece) for at, piece in found if piece.kind is not Kind.ADDRESS)


def _instagram(text: str) -> Iterator[tuple[int, Piece]]:
    """Hashtags and mentions: an address is only words there."""
    return _but_addresses(text, 0, len(text))


#: What is a link, by platform; where the platform is none of these, as on Mastodon.
LINKED: Mapping[str, Callable[[str], Iterable[tuple[int, Piece]]]] = MappingProxyType(
    {"bluesky": _bluesky, "x": _x, "instagram": _instagram}
)


def _filled(text: str, found: Iterable[tuple[int, Piece]]) -> Iterator[Piece]:
    """The pieces with the words between them; each comes with where it begins."""
    done = 0
    for begin, piece in found:
        if begin > done:
            yield Piece(kind=Kind.WORDS, text=text[done:begin])
        yield piece
        done = begin + len(piece.text)
    if done < len(text):
        yield Piece(kind=Kind.WORDS, text=text[done:])
