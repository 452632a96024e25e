"""UTF-16 units: Telegram counts so, as JavaScript does."""

from __future__ import annotations

#: Above it, a code point takes two units.
_ONE_UNIT = 0xFFFF


def utf16_units(text: str) -> int:
    """Most letters are one, and most emoji two for each code point."""
    return len(text) + sum(ord(each) > _ONE_UNIT for each in text)
