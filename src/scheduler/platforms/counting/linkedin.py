"""LinkedIn: what is sent, with a backslash before each reserved character.

No page says what a character is there; UTF-16 units are the most that it can mean.
"""

from __future__ import annotations

from scheduler.platforms.little_text import escaped


def linkedin_length(text: str) -> int:
    """UTF-16 units of the little text: an escaped character is two, and so is most of the emoji."""
    return len(escaped(text).encode("utf-16-le")) // 2
