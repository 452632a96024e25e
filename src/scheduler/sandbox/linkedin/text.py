"""How LinkedIn reads little text: what it shows, and where it silently stops.

https://learn.microsoft.com/linkedin/marketing/community-management/shares/little-text-format

Written from the vendor's page without a look at the adapter, which it is there to catch.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import regex

RESERVED = frozenset("\\|{}@[]()<>#*_~")
MAX_COMMENTARY = 3000
MAX_COMMENT = 1250
MAX_ALT = 4086

_HASHTAG = regex.compile(r"[^\s\p{P}\p{S}\p{C}]+")
_TEMPLATE = regex.compile(r"\{hashtag\|\\?[#＃]\|((?:\\.|[^\\|{}\s])+)\}")
_MENTION = regex.compile(
    r"@\[((?:\\.|[^\\\[\]])+)\] ?\((urn:li:(?:person:[\w-]+|organization:\d+))\)"
)
_ESCAPE = regex.compile(r"\\(.)", regex.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """Some words of a post, as little text says them and as a reader sees them."""

    written: str
    shown: str
    #: "text", "hashtag" or "mention".
    kind: str = "text"


def elements(commentary: str) -> Iterator[Element]:
    """Everything up to the first reserved character that is neither escaped nor used rightly."""
    at = 0
    while at < len(commentary):
        element = _element(commentary, at)
        if element is None:
            return
        yield element
        at += len(element.written)


def _element(commentary: str, at: int) -> Element | None:
    character = commentary[at]
    if character not in RESERVED:
        return Element(written=character, shown=character)
    match character:
        case "\\":
            escaped = commentary[at + 1 : at + 2]
            return Element(written=f"\\{escaped}", shown=escaped) if escaped in RESERVED else None
        case "#":
            return _hashtag(commentary, at)
        case "{":
            if found := _TEMPLATE.match(commentary, at):
                return Element(written=found[0], shown=f"#{_bare(found[1])}", kind="hashtag")
        case "@":
            if found := _MENTION.match(commentary, at):
                return Element(written=found[0], shown=_bare(found[1]), kind="mention")
    return None


def _hashtag(commentary: str, at: int) -> Element | None:
    """One word of letters and digits, with a letter among them."""
    found = _HASHTAG.match(commentary, at + 1)
    if found is None or found[0].isdecimal():
        return None
    return Element(written=f"#{found[0]}", shown=f"#{found[0]}", kind="hashtag")


def _bare(text: str) -> str:
    return _ESCAPE.sub(r"\1", text)


def shown(commentary: str) -> str:
    """What the public reads: the rest behind a mistake is gone without a word."""
    return "".join(element.shown for element in elements(commentary))


def kept(commentary: str) -> str:
    """As the API gives it back: every hashtag has become a template."""
    return "".join(
        rf"{{hashtag|\#|{element.shown[1:]}}}" if element.kind == "hashtag" else element.written
        for element in elements(commentary)
    )


def units(text: str) -> int:
    """UTF-16 units, as everything at LinkedIn is counted."""
    return len(text.encode("utf-16-le")) // 2
