"""Characters as a reader sees them."""

from __future__ import annotations

from functools import lru_cache

import regex


@lru_cache(maxsize=4096)
def graphemes(text: str) -> int:
    """A family emoji is one, and so is e + combining acute."""
    return len(clusters(text))


def clusters(text: str) -> list[str]:
    """The text in such characters; joined again they are the very text."""
    return regex.findall(r"\X", text)
