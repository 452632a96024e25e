"""Threads: characters, but an emoji counts as many as it has bytes in UTF-8.

https://developers.facebook.com/docs/threads/posts says no more. Which signs are emoji, and
whether a sequence of them is one, it does not say: so every code point of a cluster that shows one
counts with all its bytes, which is never too little.
"""

from __future__ import annotations

import regex

# A digit is an emoji only where U+FE0F or U+20E3 makes it one.
_EMOJI = regex.compile(r"\p{Extended_Pictographic}|\p{Emoji_Presentation}|\p{RI}|\ufe0f|\u20e3")
_LINK = regex.compile(r"https?://[^\s<>\"“”«»]+", regex.IGNORECASE)
_CLOSING = "!?.,:;'*~)]}"


def threads_length(text: str) -> int:
    """What Threads counts, of 500."""
    return sum(map(_counted, regex.findall(r"\X", text)))


def threads_links(text: str) -> tuple[str, ...]:
    """The addresses of the text, each once: a post may have five different ones."""
    return tuple(dict.fromkeys(each.rstrip(_CLOSING) for each in _LINK.findall(text)))


def _counted(cluster: str) -> int:
    return len(cluster.encode()) if _EMOJI.search(cluster) else len(cluster)
