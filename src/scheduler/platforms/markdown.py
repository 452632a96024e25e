"""Text that is to be read as it is written, where a platform would read Markdown.

https://support.discord.com/hc/en-us/articles/210298617
"""

from __future__ import annotations

import re

#: Left as it is: nothing in an address is taken for markup, and a backslash would break it.
_ADDRESS = re.compile(r"https?://[^\s<>]+")
_MARKUP = re.compile(r"[\\*_~`|\[\]<]")
#: Headings, small print, quotations and lists, at the beginning of a line.
_LINE = re.compile(r"^(\s*)([#>+-])(?=[#>+\s-])", re.MULTILINE)


def literal(text: str) -> str:
    """The text with a backslash before whatever would not be shown."""
    done, pieces = 0, []
    marked = _LINE.sub(r"\1\0\2", text)
    for found in _ADDRESS.finditer(marked):
        pieces += [_escaped(marked[done : found.start()]), found[0]]
        done = found.end()
    return "".join((*pieces, _escaped(marked[done:])))


def _escaped(text: str) -> str:
    return _MARKUP.sub(r"\\\g<0>", text).replace("\0", "\\")
