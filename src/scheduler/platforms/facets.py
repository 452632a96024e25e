"""Links, mentions and hashtags of a text on Bluesky, where nothing is linked by itself.

https://docs.bsky.app/docs/advanced-guides/post-richtext: ranges count bytes of UTF-8, their end is
exclusive, and none may overlap another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import regex

from scheduler.platforms.counting import graphemes

#: app.bsky.richtext.facet#tag
LONGEST_TAG = 64
LONGEST_TAG_BYTES = 640
#: https://atproto.com/specs/handle
LONGEST_HANDLE = 253

_FACET = "app.bsky.richtext.facet"
# A letter with its marks, a figure, or what joins letters in Persian and in Indian scripts.
_LETTER = r"[\p{L}\p{M}\p{N}_\u200c\u200d]"
_MARKED = regex.compile(
    rf"""
      (?P<link> (?<!{_LETTER}) https?://[^\s<>"“”«»]+ )
    | (?P<mention>
        (?<![\p{{L}}\p{{M}}\p{{N}}_/.@-]) @
        (?:[a-z0-9](?:[a-z0-9-]{{0,61}}[a-z0-9])?\.)+ [a-z](?:[a-z0-9-]{{0,61}}[a-z0-9])?
        (?! [@-] | {_LETTER} )
      )
    | (?P<tag> (?<! [/&] | {_LETTER} ) [#＃] {_LETTER}*+ (?! [#＃] ) )
    """,
    regex.VERBOSE | regex.IGNORECASE,
)
_CLOSING = ".,;:!?'\"*”’»]}…"
_NOT_A_FIGURE = regex.compile(r"[\p{L}\p{M}]")


class Kind(StrEnum):
    LINK = "link"
    MENTION = "mention"
    TAG = "tag"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Some characters of a text that lead somewhere: `begin` and `end` count characters."""

    kind: Kind
    begin: int
    end: int
    text: str


def facets(text: str, did: Callable[[str], str | None]) -> list[dict[str, Any]]:
    """The facets of a text; `did` says who has a handle, and None leaves the handle as text."""
    found = []
    for mark in marks(text):
        if feature := _feature(mark, did):
            begin = len(text[: mark.begin].encode())
            index = {"byteStart": begin, "byteEnd": begin + len(mark.text.encode())}
            found.append({"index": index, "features": [feature]})
    return found


def marks(text: str) -> Iterator[Mark]:
    """Links with their scheme, handles and hashtags, in their order; none overlaps another."""
    for match in _MARKED.finditer(text):
        kind = Kind(match.lastgroup or "")
        said = bare(match[0]) if kind is Kind.LINK else match[0]
        if _fits(kind, said):
            begin = match.start()
            yield Mark(kind=kind, begin=begin, end=begin + len(said), text=said)


def _fits(kind: Kind, said: str) -> bool:
    match kind:
        case Kind.LINK:
            return not said.endswith("/") or said.count("/") > len("//")
        case Kind.MENTION:
            return len(said) <= 1 + LONGEST_HANDLE
        case Kind.TAG:
            tag = said[1:]
            short = graphemes(tag) <= LONGEST_TAG and len(tag.encode()) <= LONGEST_TAG_BYTES
            # The app takes a bare number for an ordinal: #1.
            return short and bool(_NOT_A_FIGURE.search(tag))


def bare(address: str) -> str:
    """The address without the sentence's own punctuation, and without a bracket around it."""
    while address[-1] in _CLOSING or (
        address[-1] == ")" and address.count(")") > address.count("(")
    ):
        address = address[:-1]
    return address


def _feature(mark: Mark, did: Callable[[str], str | None]) -> dict[str, str] | None:
    match mark.kind:
        case Kind.LINK:
            return {"$type": f"{_FACET}#link", "uri": mark.text}
        case Kind.TAG:
            return {"$type": f"{_FACET}#tag", "tag": mark.text[1:]}
        case Kind.MENTION:
            who = did(mark.text[1:].lower())
            return {"$type": f"{_FACET}#mention", "did": who} if who else None
