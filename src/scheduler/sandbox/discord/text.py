"""How Discord shows a text: Markdown is read, and its signs are gone.

Written from the vendor's rules without a look at the adapter, which it is there to catch.
https://support.discord.com/hc/en-us/articles/210298617
"""

from __future__ import annotations

import re

_PIECE = re.compile(
    r"""
      \\(?P<literal>[^0-9A-Za-z\s])              # a sign behind a backslash stands for itself
    | (?P<address>https?://[^\s<]+[^<.,:;"'\])\s])
    | \[(?P<label>[^\]\n]+)\]\(https?://[^)\s]+\) # a label hides its address
    | (?P<mention><(?:@[!&]?|\#|a?:\w+:|t:)[^>\s]+>)
    | (?P<line>^(?:\#{1,3}|-\#|>{1,3}|[-*+])[ ])  # headings, small print, quotations, lists
    | (?P<markup>\*+|_+|~~|`+|\|\|)
    | (?P<rest>.)
    """,
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)


def shown(text: str) -> str:
    """What a reader sees of it; a mention is nobody's name here, so nothing."""
    return "".join(
        found["literal"] or found["address"] or found["label"] or found["rest"] or ""
        for found in _PIECE.finditer(text)
    )
