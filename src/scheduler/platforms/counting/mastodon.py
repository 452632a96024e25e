"""Mastodon: graphemes, with addresses at a fixed price and mentions without their server."""

from __future__ import annotations

import regex

from scheduler.platforms.counting.graphemes import graphemes

#: Mastodon counts every address as this many characters, whatever its length.
#: https://docs.joinmastodon.org/user/posting/
MASTODON_URL = 23

# What Mastodon takes for an address. What it leaves out (a closing full stop, an unbalanced
# bracket, a host without a dot) counts in full.
_ADDRESS = regex.compile(
    r"""
    (?<![a-z0-9@＠$\#＃])
    https?://
    (?:[\p{L}\p{N}](?:[\p{L}\p{N}_-]*[\p{L}\p{N}])?\.)+
    (?:\p{L}{2,}|xn--[a-z0-9-]+) (?![\p{L}\p{N}-])
    (?::\d+)?
    (?:
        / (?: [^\s<>()?] | \( (?: [^\s<>()?] | \( [^\s<>()?]* \) )+ \) )*
        (?<= [^\s()?!*"'「」<>;:=,.$%\[\]~&|@] | \) )
    )?
    (?:
        \? [a-z0-9!?*'();:&=+$/%\#\[\]_.,~|@^\u00a0-\U0010ffff-]*
        [a-z0-9_&=\#/\u00a0-\U0010ffff-]
    )?
    """,
    regex.VERBOSE | regex.IGNORECASE,
)
_MENTION = regex.compile(
    r"(?<![=/\w])(@[a-z0-9_]+(?:[.-]+[a-z0-9_]+)*)@\w+(?:[.-]+\w+)*", regex.IGNORECASE
)


def mastodon_length(*, note: str, text: str, address: int = MASTODON_URL) -> int:
    """Graphemes of the note and the text; an address is 23, a mention loses its server.

    Servers may state another number for an `address`.
    """
    shortened = _ADDRESS.sub("x" * address, text.strip())
    return graphemes(note.strip() + _MENTION.sub(r"\1", shortened))
