"""A caption in pieces, as a platform would link it; joined again they are the very caption."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from scheduler.platforms.counting import x_links

#: Platforms that make links of more than what begins with http; each gives them as they stand.
LINKS: Mapping[str, Callable[[str], tuple[str, ...]]] = MappingProxyType({"x": x_links})

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
_CLOSING = ".,;:!?'\"*”’»]}…"


class Kind(StrEnum):
    WORDS = "words"
    ADDRESS = "address"
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
    """Words, addresses, hashtags and mentions, in their order."""
    if platform in LINKS:
        return tuple(_between(text, LINKS[platform](text)))
    return tuple(_pieces(text))


def _between(text: str, links: tuple[str, ...]) -> Iterator[Piece]:
    """The links that the platform says, and what is left to find between them."""
    for link in links:
        before, found, after = text.partition(link)
        if found:  # it may be composed otherwise than the caption is
            yield from _without_addresses(before)
            yield Piece(kind=Kind.ADDRESS, text=link)
            text = after
    yield from _without_addresses(text)


def _without_addresses(text: str) -> Iterator[Piece]:
    for piece in _pieces(text):
        kind = Kind.WORDS if piece.kind is Kind.ADDRESS else piece.kind
        yield Piece(kind=kind, text=piece.text)


def _pieces(text: str) -> Iterator[Piece]:
    done = 0
    for match in _LINKED.finditer(text):
        kind = Kind(match.lastgroup or Kind.WORDS)
        found = _bare(match[0]) if kind is Kind.ADDRESS else match[0]
        if match.start() > done:
            yield Piece(kind=Kind.WORDS, text=text[done : match.start()])
        yield Piece(kind=kind, text=found)
        done = match.start() + len(found)
    if done < len(text):
        yield Piece(kind=Kind.WORDS, text=text[done:])


def _bare(address: str) -> str:
    """The address without the sentence's own punctuation, and without a bracket around it."""
    while address[-1] in _CLOSING or (address[-1] == ")" and ")" in _unopened(address)):
        address = address[:-1]
    return address


def _unopened(address: str) -> str:
    return ")" if address.count(")") > address.count("(") else ""
