"""How a value is written as YAML: plain where that is safe, quoted where not, folded where long."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, get_origin

from scheduler.calendar.reading import Values
from scheduler.calendar.schema import CalendarForm

#: As wide as the calendars that people write.
WIDTH = 100
#: A list of words up to this length stands in brackets.
_SHORT = 24
#: YAML wants a longer key to be announced (`? key`); its own limit is 1,024.
_LONGEST_KEY = 120

#: What may stand in a file as it is. The rest is written as an escape: what ends a line for one
#: reader and not for another, what cannot be seen, and what YAML refuses.
_PRINTABLE = re.compile(
    r"[\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd𐀀-\U0010ffff]*"
)
#: Needs no quotation marks, wherever it stands outside of brackets.
_PLAIN = re.compile(r"(?![-?:,\[\]{}&*!|>'\"%@`=~<]|\.\.\.)(?!\s)[^#]*(?<![\s:])")
_BRACKETS = re.compile(r"[,\[\]{}:?]")
#: What other readers of YAML would make something else of: 12:30, 016, Null.
_ELSEWHERE_NO_TEXT = re.compile(
    r"[-+]?0[0-9_xXob].*|[-+]?[0-9][0-9_]*(:[0-9]+)+(\.[0-9_]*)?|[-+]?[0-9][0-9_.]*[eE][-+]?[0-9]+"
    r"|[0-9][0-9,]*_[0-9_,]*|\+.*|\.(inf|nan)|null|y|n",
    re.IGNORECASE,
)
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r", "\0": "\\0"}
#: Where a folded text may be broken: reading puts exactly this one blank there again.
_BREAK = re.compile(r"(?<=\S) (?=\S)")


# ── a whole file ──────────────────────────────────────────────────────────────────────────────────

#: The sections that consist of entries: posts, facts, days …
_OF_ENTRIES = frozenset(
    name for name, key in CalendarForm.model_fields.items() if get_origin(key.annotation) is dict
)
#: Entries of more lines than this are set apart from each other.
_SMALL = 3


def sections(pen: Pen, values: Values) -> Iterator[str]:
    """The lines of a file, with air between its sections, and between the long entries of one."""
    if not values:
        yield "{}"
    for number, (key, value) in enumerate(values.items()):
        if number:
            yield ""
        if key in _OF_ENTRIES and _is_of_groups(value):
            yield f"{key}:"
            yield from _aired([pen.entry(id_, inner, pen.step) for id_, inner in value.items()])
        else:
            yield from pen.entry(key, value, 0)


def _is_of_groups(value: Any) -> bool:
    return (
        bool(value)
        and isinstance(value, dict)
        and all(isinstance(each, dict) for each in value.values())
    )


def _aired(entries: Sequence[list[str]]) -> Iterator[str]:
    air = any(len(lines) > _SMALL for lines in entries)
    for number, lines in enumerate(entries):
        if air and number:
            yield ""
        yield from lines


# ── one value ─────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Pen:
    """Writes values as lines, the way the rest of the file is written."""

    newline: str = "\n"
    #: How far a group is indented.
    step: int = 2

    def entries(self, values: Values, column: int) -> Iterator[str]:
        """The lines of a mapping whose keys stand at this column."""
        for key, value in values.items():
            yield from self.entry(key, value, column)

    def entry(self, key: str, value: Any, column: int) -> list[str]:
        name = inline(key)
        if len(name) > _LONGEST_KEY:
            return [f"{'':{column}}? {name}", *self.behind(f"{'':{column}}:", value, column)]
        return self.behind(f"{'':{column}}{name}:", value, column)

    def items(self, values: Iterable[Any], column: int) -> Iterator[str]:
        """The lines of a list whose dashes stand at this column."""
        for value in values:
            yield from self.item(value, column)

    def item(self, value: Any, column: int) -> list[str]:
        dash = f"{'':{column}}-"
        if not value or isinstance(value, str):
            return self.behind(dash, value, column)
        inner = self.entries if isinstance(value, dict) else self.items
        first, *others = inner(value, column + 2)
        return [f"{dash} {first.lstrip(' ')}", *others]

    def behind(self, head: str, value: Any, column: int) -> list[str]:
        """The value behind its key or dash, and on the lines below."""
        if isinstance(value, str):
            return self._text(head, value, column)
        if short := _short(value, WIDTH - len(head) - 1):
            return [f"{head} {short}"]
        inner = self.entries if isinstance(value, dict) else self.items
        return [head, *inner(value, column + self.step)]

    def _text(self, head: str, text: str, column: int) -> list[str]:
        """On the line of its key, or folded below it where it is long."""
        written = inline(text)
        fits = len(head) + 1 + len(written) <= WIDTH and "\n" not in text
        parts = "\n" in text or _BREAK.search(text)
        if not fits and parts and (lines := block(text, column + self.step)):
            return [f"{head} {lines[0]}", *lines[1:]]
        return [f"{head} {written}"]


def inline(text: str, *, brackets: bool = False, quote: str = "") -> str:
    """A text in one line, with the quotation marks that it needs or that it had."""
    if not quote and _is_plain(text, brackets=brackets):
        return text
    if not quote and '"' in text and "'" not in text:
        quote = "'"
    if quote == "'" and _PRINTABLE.fullmatch(text):
        return "'" + text.replace("'", "''") + "'"
    return '"' + "".join(map(_escaped, text)) + '"'


def flow(value: Any) -> str:
    """Any value in one line."""
    if isinstance(value, str):
        return inline(value, brackets=True)
    if isinstance(value, dict):
        return "{" + ", ".join(pair(key, inner) for key, inner in value.items()) + "}"
    return "[" + ", ".join(map(flow, value)) + "]"


def pair(key: str, value: Any) -> str:
    """A key and its value between brackets."""
    name = inline(key, brackets=True)
    announced = f"? {name} " if len(name) > _LONGEST_KEY else name
    return f"{announced}: {flow(value)}"


def _short(value: Any, room: int) -> str:
    """What has no lines of its own: nothing at all, and a list of a few words."""
    if not value:
        return flow(value)
    words = isinstance(value, list) and all(
        isinstance(item, str) and len(item) <= _SHORT and "\n" not in item for item in value
    )
    short = flow(value) if words else ""
    return short if len(short) <= room else ""


def _is_plain(text: str, *, brackets: bool) -> bool:
    return bool(
        text
        and _PRINTABLE.fullmatch(text)
        and _PLAIN.fullmatch(text)
        and ": " not in text
        and not _ELSEWHERE_NO_TEXT.fullmatch(text)
        and not (brackets and _BRACKETS.search(text))
    )


def _escaped(sign: str) -> str:
    if sign in _ESCAPES:
        return _ESCAPES[sign]
    if _PRINTABLE.fullmatch(sign):
        return sign
    code = ord(sign)
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}" if code <= 0xFFFF else ""  # noqa: PLR2004


# ── a long text ───────────────────────────────────────────────────────────────────────────────────


def block(text: str, column: int, sign: str = "") -> list[str]:
    """A text behind >- or |-, with its lines below; empty when that would not keep it exactly."""
    whole = text.removesuffix("\n")
    lines = whole.split("\n")
    if not (lines[0] and lines[-1] and all(map(_keeps_its_edges, lines))):
        return []
    fit = all(len(line) <= WIDTH - column for line in lines)
    sign = sign or ("|" if len(lines) > 1 and fit else ">")
    body = lines if sign == "|" else _folded(lines, WIDTH - column)
    pad = " " * column
    return [sign + ("-" if whole == text else ""), *((pad + line) if line else "" for line in body)]


def _keeps_its_edges(line: str) -> bool:
    """An indented line is not folded, and nobody sees the blanks at the end of one."""
    return line == line.strip() and bool(_PRINTABLE.fullmatch(line))


def _folded(lines: Sequence[str], width: int) -> Iterator[str]:
    """Each end of a line is an empty line, and each line is broken at single blanks."""
    for number, line in enumerate(lines):
        if number:
            yield ""
        yield from _wrapped(line, width) if line else ()


def _wrapped(line: str, width: int) -> Iterator[str]:
    words = _BREAK.split(line)
    held = words[0]
    for word in words[1:]:
        if len(held) + 1 + len(word) > width:
            yield held
            held = word
        else:
            held = f"{held} {word}"
    yield held
