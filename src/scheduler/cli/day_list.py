"""The list of days as Rich writes it: in colours where there are any, and never drawn boxes."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from types import MappingProxyType

from rich.console import Console
from rich.text import Text

from scheduler.preview.listing import Line, Role

_STYLES = MappingProxyType(
    {
        Role.PLAIN: "",
        Role.HEAD: "bold",
        Role.QUIET: "dim",
        Role.GOOD: "green",
        Role.FAIR: "yellow",
        Role.BAD: "bold red",
    }
)
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
#: Narrower, words would be cut to letters.
_LEAST = 24


def write_lines(console: Console, lines: Iterable[Line]) -> None:
    """Each line as wide as the terminal is; what is longer goes on below, further in."""
    for line in lines:
        for text in _rows(console, line):
            console.print(text, soft_wrap=True, markup=False)


def _rows(console: Console, line: Line) -> list[Text]:
    width = max(console.width - line.indent, _LEAST)
    text = Text.assemble(*((_plain(words), _STYLES[role]) for words, role in line.parts))
    if line.short:
        text.truncate(width, overflow="ellipsis")
        return [_indented(text, line.indent)]
    rows = text.wrap(console, width - 2) if text.cell_len > width else [text]
    return [_indented(row, line.indent + (2 if n else 0)) for n, row in enumerate(rows)]


def _indented(text: Text, indent: int) -> Text:
    text.rstrip()
    return Text.assemble(" " * indent, text) if text.plain else text


def _plain(words: str) -> str:
    """Without what would steer the terminal: escapes, and marks that turn the words around them."""
    return "".join(map(_harmless, words))


def _harmless(character: str) -> str:
    if character.isspace():
        return " "
    steers = unicodedata.category(character) == "Cc" or character in _TURNING
    return "\ufffd" if steers else character
