"""Values to YAML text: a new file, or the least change of one that people have written.

What is not changed stays byte for byte: comments, order, blank lines, the way a text is wrapped.
Nothing is trusted: every text is read back before it is given away, and where an edit in place
does not read as wanted, the smallest thing around it is written anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

from scheduler.calendar.reading import DEEPEST, LOADER, Values, _Builder
from scheduler.errors import Problem, UserError
from scheduler.model import KeyPath, Place

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
_LINE_END = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]|\Z")


def emitted(values: Values) -> str:
    """The text of a new file that reads as `values`.

    Raises `UserError` for what no text file can hold: half of a surrogate pair.
    """
    for pen in (_Pen(), _Pen(quoting=True)):
        text = "\n".join(_sections(pen, values)) + "\n"
        if _reads_as(text, values):
            return text
    raise UserError([Place(file="calendar").problem("not-writable", "this is no text", _NO_TEXT)])


_NO_TEXT = "a character in it belongs to no script; delete what looks like an empty box"


def edited(text: str, values: Values) -> str:
    """The text with the least changes after which it reads as `values`.

    New keys stand at the end of their mapping; removed ones go with their own lines. Raises
    `UserError` when the text cannot be read at all.
    """
    mark, body = ("\ufeff", text[1:]) if text.startswith("\ufeff") else ("", text)
    try:
        found, problems = _understood(body)
    except yaml.YAMLError as error:
        raise UserError([_unreadable(error)]) from None
    if found == values:
        return text
    for pen in (_Pen(), _Pen(quoting=True)):
        new = _attempt(body, values, pen)
        if new is not None and _reads_as(new, values, problems):
            return mark + new
    return mark + _step_by_step(body, values, problems)


def _unreadable(error: yaml.YAMLError) -> Problem:
    return Place(file="calendar").problem(
        "yaml-syntax", f"not YAML: {error}", "mend it first: campaign check says where"
    )


def _understood(text: str) -> tuple[Any, int]:
    """What the calendar's reader makes of a text, and how many problems it has with it."""
    builder = _Builder(file="", lines=text.splitlines())
    builder.build(yaml.parse(text, Loader=LOADER))
    return builder.root, len(builder.problems)


def _reads_as(text: str, values: Any, problems: int = 0) -> bool:
    try:
        found, more = _understood(text)
    except (yaml.YAMLError, UserError, UnicodeError):
        return False
    return bool(found == values) and more <= problems


# ── how a value is written ────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pen:
    """Writes values as lines. `quoting` puts every text between quotation marks."""

    quoting: bool = False
    newline: str = "\n"
    step: int = 2

    def entries(self, values: Values, column: int) -> Iterator[str]:
        """The lines of a mapping whose keys stand at this column."""
        for key, value in values.items():
            yield from self.entry(key, value, column)

    def entry(self, key: str, value: Any, column: int) -> list[str]:
        name = self.inline(key)
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
            return self.text(head, value, column)
        if short := self._short(value, WIDTH - len(head) - 1):
            return [f"{head} {short}"]
        inner = self.entries if isinstance(value, dict) else self.items
        return [head, *inner(value, column + self.step)]

    def text(self, head: str, text: str, column: int) -> list[str]:
        """On the line of its key, or folded below it where it is long."""
        inline = self.inline(text)
        fits = len(head) + 1 + len(inline) <= WIDTH and "\n" not in text
        parts = "\n" in text or _BREAK.search(text)
        if not fits and parts and not self.quoting and (block := _block(text, column + self.step)):
            return [f"{head} {block[0]}", *block[1:]]
        return [f"{head} {inline}"]

    def inline(self, text: str, *, brackets: bool = False, quote: str = "") -> str:
        """A text in one line, with the quotation marks that it needs or that it had."""
        if not self.quoting and not quote and _is_plain(text, brackets=brackets):
            return text
        if not quote and '"' in text and "'" not in text:
            quote = "'"
        if quote == "'" and not self.quoting and _PRINTABLE.fullmatch(text):
            return "'" + text.replace("'", "''") + "'"
        return '"' + "".join(map(_escaped, text)) + '"'

    def flow(self, value: Any) -> str:
        """Any value in one line."""
        if isinstance(value, str):
            return self.inline(value, brackets=True)
        if isinstance(value, dict):
            return "{" + ", ".join(self.pair(key, inner) for key, inner in value.items()) + "}"
        return "[" + ", ".join(map(self.flow, value)) + "]"

    def pair(self, key: str, value: Any) -> str:
        name = self.inline(key, brackets=True)
        announced = f"? {name} " if len(name) > _LONGEST_KEY else name
        return f"{announced}: {self.flow(value)}"

    def _short(self, value: Any, room: int) -> str:
        """What has no lines of its own: nothing at all, and a list of a few words."""
        words = isinstance(value, list) and all(
            isinstance(item, str) and len(item) <= _SHORT and "\n" not in item for item in value
        )
        if value and not words:
            return ""
        short = self.flow(value)
        return short if len(short) <= room or not value else ""


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


def _block(text: str, column: int, sign: str = "") -> list[str]:
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


def _sections(pen: _Pen, values: Values) -> Iterator[str]:
    """With air between the sections, and between long entries of one."""
    if not values:
        yield "{}"
    for number, (key, value) in enumerate(values.items()):
        if number:
            yield ""
        head, *lines = pen.entry(key, value, 0)
        yield head
        yield from _aired(pen, value, lines)


def _is_of_groups(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(entry, dict) for entry in value.values())


def _aired(pen: _Pen, value: Any, lines: list[str]) -> Iterator[str]:
    entries = (
        [pen.entry(key, inner, pen.step) for key, inner in value.items()]
        if _is_of_groups(value) and not pen.quoting
        else []
    )
    if [line for entry in entries for line in entry] != lines or all(
        len(entry) <= _SMALL for entry in entries
    ):
        yield from lines
        return
    for number, entry in enumerate(entries):
        if number:
            yield ""
        yield from entry


#: Entries of more lines than this are set apart from each other.
_SMALL = 3


# ── where everything stands ───────────────────────────────────────────────────────────────────────


@dataclass(slots=True, kw_only=True)
class _Node:
    """A value in the text, from its first character to behind its last one."""

    start: int
    end: int
    value: Any
    #: The sign that a text stands behind or between: ' " | > or "".
    style: str = ""
    flow: bool = False
    entries: list[_Entry] = field(default_factory=list)
    #: Of a mapping that is not finished yet: the key whose value comes next.
    key: _Node | None = None


@dataclass(slots=True, kw_only=True)
class _Entry:
    """A key or a dash, and the value behind it."""

    name: str | int
    start: int
    #: Behind the colon or the dash.
    behind: int
    node: _Node


class _Stuck(Exception):
    """This cannot be edited in place: what is around it is written anew."""


def _tree(text: str) -> _Node:
    """The nodes of a text that the reader has understood."""
    stack: list[_Node] = []
    for event in yaml.parse(text, Loader=LOADER):
        match event:
            case yaml.ScalarEvent() | yaml.AliasEvent() if stack:
                _hang(text, stack[-1], _scalar(text, event))
            case yaml.MappingStartEvent():
                _open(stack, event, {})
            case yaml.SequenceStartEvent():
                _open(stack, event, [])
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                node = stack.pop()
                node.end = _end(node, event)
                if not stack:
                    return node
                _hang(text, stack[-1], node)
    raise _Stuck


def _open(stack: list[_Node], event: Any, value: Any) -> None:
    start, end = event.start_mark.index, event.end_mark.index
    stack.append(_Node(start=start, end=end, value=value, flow=bool(event.flow_style)))
    if len(stack) > DEEPEST:
        raise _Stuck


def _scalar(text: str, event: Any) -> _Node:
    start, end = event.start_mark.index, event.end_mark.index
    style = getattr(event, "style", None) or ""
    if style in ("|", ">"):
        end = _end_of_block(text, start, end)
    return _Node(start=start, end=end, value=getattr(event, "value", ""), style=style)


def _end_of_block(text: str, start: int, end: int) -> int:
    """Without the empty lines below it, unless they belong to it."""
    written = text[start:end]
    header = written.splitlines()[0].partition("#")[0]
    return start + len(written.rstrip("\r\n") if "+" in header else written.rstrip())


def _end(node: _Node, event: Any) -> int:
    """A mapping without brackets ends with its last value, not where the next thing begins."""
    if node.flow:
        return int(event.end_mark.index)
    return node.entries[-1].node.end if node.entries else node.end


def _hang(text: str, parent: _Node, node: _Node) -> None:
    if isinstance(parent.value, list):
        parent.entries.append(_item(text, parent, node))
        parent.value.append(node.value)
        return
    if parent.key is None:
        parent.key = node
        return
    key, parent.key = parent.key, None
    name = key.value if isinstance(key.value, str) else ""
    colon = re.compile(r"\s*:").match(text, key.end)
    behind = colon.end() if colon else -1
    parent.entries.append(_Entry(name=name, start=key.start, behind=behind, node=node))
    parent.value.setdefault(name, node.value)


def _item(text: str, parent: _Node, node: _Node) -> _Entry:
    number = len(parent.entries)
    start = node.start if parent.flow else _dash(text, parent, node)
    behind = node.start if parent.flow else start + 1
    return _Entry(name=number, start=start, behind=behind, node=node)


def _dash(text: str, parent: _Node, node: _Node) -> int:
    """The dash of an item stands below that of the first one."""
    if not parent.entries:
        return parent.start
    column = parent.start - _line_start(text, parent.start)
    line = _next_line(text, parent.entries[-1].node.end)
    while line <= node.start:
        dash = line + column
        if text[dash : dash + 1] == "-" and not text[line:dash].strip():
            return dash
        line = _next_line(text, line)
    raise _Stuck


def _line_start(text: str, at: int) -> int:
    while at > 0 and text[at - 1] not in "\n\r\x85\u2028\u2029":
        at -= 1
    return at


def _line_end(text: str, at: int) -> int:
    found = _LINE_END.search(text, at)
    return found.start() if found else len(text)


def _next_line(text: str, at: int) -> int:
    found = _LINE_END.search(text, at)
    return max(found.end(), at + 1) if found else len(text) + 1


# ── what is changed ───────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Edit:
    start: int
    end: int
    text: str


def _attempt(text: str, values: Values, pen: _Pen, forced: KeyPath | None = None) -> str | None:
    """The text with every change made in place, or None where that is not possible.

    What stands at `forced` is written anew, whatever it was.
    """
    newline = "\r\n" if "\r\n" in text else "\n"
    whole = text if not text or text.endswith(("\n", "\r")) else text + newline
    try:
        root = _tree(whole)
        pen = _Pen(quoting=pen.quoting, newline=newline, step=_step(whole, root))
        return _applied(whole, list(_Editor(whole, pen, forced).root(root, values)))
    except _Stuck:
        return None


def _step(text: str, root: _Node) -> int:
    """How far the first group of the file is indented."""
    for entry in root.entries:
        if isinstance(entry.node.value, dict) and entry.node.entries and not entry.node.flow:
            return max(entry.node.start - _line_start(text, entry.node.start), 1)
    return 2


def _applied(text: str, edits: list[_Edit]) -> str:
    pieces, at = [], 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        if edit.start < at:
            raise _Stuck
        pieces += [text[at : edit.start], edit.text]
        at = edit.end
    return "".join([*pieces, text[at:]])


@dataclass(frozen=True, slots=True)
class _Editor:
    """Finds the edits that make a text read as it should."""

    text: str
    pen: _Pen
    forced: KeyPath | None

    def root(self, node: _Node, values: Values) -> Iterator[_Edit]:
        try:
            if self.forced == () or not node.entries or not values:
                raise _Stuck  # noqa: TRY301
            yield from self._inside(node, values, (), brackets=node.flow)
        except _Stuck:
            lines = self.pen.newline.join(_sections(self.pen, values))
            yield _Edit(node.start, node.end, lines)

    def _inside(self, node: _Node, value: Any, path: KeyPath, *, brackets: bool) -> Iterator[_Edit]:
        """The edits of a value of which something stays."""
        alike = type(node.value) is type(value)
        if path == self.forced or not alike or (not isinstance(value, str) and not node.entries):
            if not brackets:
                raise _Stuck
            yield _Edit(node.start, node.end, self._spaced(node, self.pen.flow(value)))
        elif isinstance(value, str):
            yield from self._retold(node, value, brackets=brackets)
        elif not value and not brackets:
            raise _Stuck
        elif brackets:
            yield from self._in_brackets(node, value, path)
        elif isinstance(value, dict):
            yield from self._in_lines(node, value, path)
        else:
            yield from self._in_dashes(node, value, path)

    def _changed(self, entry: _Entry, value: Any, path: KeyPath) -> list[_Edit]:
        """The edits of an entry with a line of its own: in place, or the whole of it."""
        if entry.node.value == value:
            return []
        path = (*path, entry.name)
        node = entry.node
        brackets = node.flow and bool(node.entries) and type(node.value) is type(value)
        try:
            edits = list(self._inside(node, value, path, brackets=brackets))
            if brackets:
                self._check_width(entry, edits)
        except _Stuck:
            return list(self._anew(entry, value))
        return edits

    # ── mappings and lists ──

    def _in_lines(self, node: _Node, value: Values, path: KeyPath) -> Iterator[_Edit]:
        for number, entry in enumerate(node.entries):
            if entry.name not in value:
                yield self._cut(node, number)
            elif self._is_first(node, number):
                yield from self._changed(entry, value[entry.name], path)
        new = {key: inner for key, inner in value.items() if key not in node.value}
        if new:
            column = self._column(node.entries[0].start)
            lines = list(self.pen.entries(new, column))
            if self._is_aired(node):
                lines.insert(0, "")
            yield self._below(node.entries[-1], lines)

    def _in_dashes(self, node: _Node, value: list[Any], path: KeyPath) -> Iterator[_Edit]:
        same, rest = _edges(node.value, value)
        old = range(same, len(node.entries) - rest)
        new = value[same : len(value) - rest]
        for number, inner in zip(old, new, strict=False):
            yield from self._changed(node.entries[number], inner, path)
        for number in old[len(new) :]:
            yield self._cut(node, number)
        if len(new) > len(old):
            column = self._column(node.start)
            lines = list(self.pen.items(new[len(old) :], column))
            yield self._after(node, old.stop, lines)

    def _after(self, node: _Node, number: int, lines: list[str]) -> _Edit:
        """New items behind those before `number`."""
        if number:
            return self._below(node.entries[number - 1], lines)
        start = _line_start(self.text, node.start)
        if self.text[start : node.start].strip():
            raise _Stuck
        return _Edit(start, start, self._joined(lines))

    def _in_brackets(self, node: _Node, value: Any, path: KeyPath) -> Iterator[_Edit]:
        """Between brackets everything stands in one line, whatever it is."""
        names = value if isinstance(value, dict) else range(len(value))
        kept = [number for number, entry in enumerate(node.entries) if entry.name in names]
        if not kept:
            yield _Edit(node.start, node.end, self.pen.flow(value))
            return
        for number in kept:
            entry = node.entries[number]
            if self._is_first(node, number) and entry.node.value != value[entry.name]:
                inner = (*path, entry.name)
                yield from self._inside(entry.node, value[entry.name], inner, brackets=True)
        yield from self._cut_in_brackets(node, kept)
        if new := self._pairs(node, value):
            at = node.entries[kept[-1]].node.end
            yield _Edit(at, at, ", " + ", ".join(new))

    def _pairs(self, node: _Node, value: Any) -> list[str]:
        if isinstance(value, list):
            return [self.pen.flow(inner) for inner in value[len(node.entries) :]]
        return [self.pen.pair(key, inner) for key, inner in value.items() if key not in node.value]

    def _cut_in_brackets(self, node: _Node, kept: list[int]) -> Iterator[_Edit]:
        last = kept[-1]
        for number in set(range(last)) - set(kept):
            yield _Edit(node.entries[number].start, node.entries[number + 1].start, "")
        if last + 1 < len(node.entries):
            yield _Edit(node.entries[last].node.end, node.entries[-1].node.end, "")

    def _cut(self, node: _Node, number: int) -> _Edit:
        """An entry with its lines; where a dash stands before it, only up to the next key."""
        entry = node.entries[number]
        start = _line_start(self.text, entry.start)
        if not self.text[start : entry.start].strip():
            return _Edit(start, self._end_of_cut(start, entry), "")
        dashes = re.fullmatch(r"\s*(-\s+)+", self.text[start : entry.start])
        if not dashes or number + 1 == len(node.entries):
            raise _Stuck
        return _Edit(entry.start, node.entries[number + 1].start, "")

    def _end_of_cut(self, start: int, entry: _Entry) -> int:
        """Of the two empty lines around it one is enough."""
        end = _next_line(self.text, entry.node.end)
        before = self.text[_line_start(self.text, max(start - 1, 0)) : start]
        behind = self.text[end : _line_end(self.text, end)]
        if start and end < len(self.text) and not before.strip() and not behind.strip():
            return _next_line(self.text, end)
        return min(end, len(self.text))

    def _is_first(self, node: _Node, number: int) -> bool:
        """Whether the entry is what is read, and not a second one of the same name."""
        name = node.entries[number].name
        return isinstance(name, int) or all(entry.name != name for entry in node.entries[:number])

    def _is_aired(self, node: _Node) -> bool:
        """Whether an empty line stands before the last entry."""
        if len(node.entries) < 2:  # noqa: PLR2004 (nothing can be seen from a single one)
            return False
        end, start = node.entries[-2].node.end, _line_start(self.text, node.entries[-1].start)
        return any(not line.strip() for line in self.text[end:start].splitlines()[1:])

    # ── texts ──

    def _retold(self, node: _Node, value: str, *, brackets: bool) -> Iterator[_Edit]:
        """A text, written as the one before was."""
        if node.style in ("|", ">"):
            yield self._retold_below(node, value)
            return
        quote = node.style or ('"' if self._comment_bites(node) else "")
        inline = self.pen.inline(value, brackets=brackets, quote=quote)
        start = _line_start(self.text, node.start)
        if not brackets and ("\n" in value or node.start - start + len(inline) > WIDTH):
            raise _Stuck
        yield _Edit(node.start, node.end, self._spaced(node, inline))

    def _retold_below(self, node: _Node, value: str) -> _Edit:
        """Behind its sign, whose line may end in a comment."""
        first = _line_end(self.text, node.start)
        header = re.match(r"[|>][-+]?(?![0-9])", self.text[node.start : first])
        body = self.text[_next_line(self.text, first) : node.end]
        column = len(body) - len(body.lstrip(" "))
        more_lines = "\n" in value.rstrip("\n") and "\n" not in node.value.rstrip("\n")
        if header is None or not column or more_lines:
            raise _Stuck
        if self.pen.quoting or not (lines := _block(value, column, node.style)):
            raise _Stuck
        comment = self.text[node.start + header.end() : first]
        return _Edit(node.start, node.end, self.pen.newline.join([lines[0] + comment, *lines[1:]]))

    def _comment_bites(self, node: _Node) -> bool:
        """Whether the reader would take the comment behind a plain text for a hashtag."""
        rest = self.text[node.end : _line_end(self.text, node.end)]
        return bool(re.match(r"\s*#\S", rest))

    def _spaced(self, node: _Node, written: str) -> str:
        before = self.text[node.start - 1 : node.start]
        return written if not before or before in " \t\n\r[{" else f" {written}"

    # ── anew ──

    def _anew(self, entry: _Entry, value: Any) -> Iterator[_Edit]:
        """The value behind a key or a dash; a comment at the end of its line stays there."""
        if entry.behind < 0:
            raise _Stuck
        column = self._column(entry.start)
        first, *others = self._lines(entry, value, column)
        yield _Edit(entry.behind, max(entry.node.end, entry.behind), first)
        if others:
            at = _next_line(self.text, max(entry.node.end, entry.behind))
            yield _Edit(at, at, self._joined(others))

    def _lines(self, entry: _Entry, value: Any, column: int) -> list[str]:
        """What follows the colon or the dash."""
        pen = self.pen
        if isinstance(value, str) and self._comment_bites(entry.node):
            pen = _Pen(quoting=True, newline=pen.newline, step=pen.step)
        if isinstance(entry.name, int):
            first, *others = pen.item(value, column)
            return [first[column + 1 :], *others]
        head = self.text[_line_start(self.text, entry.behind) : entry.behind]
        first, *others = pen.behind(head, value, column)
        return [first[len(head) :], *others]

    def _below(self, entry: _Entry, lines: list[str]) -> _Edit:
        """New lines directly below an entry: a comment further down belongs to what follows."""
        at = _next_line(self.text, entry.node.end)
        return _Edit(at, at, self._joined(lines))

    def _joined(self, lines: Iterable[str]) -> str:
        return "".join(line + self.pen.newline for line in lines)

    def _column(self, at: int) -> int:
        return at - _line_start(self.text, at)

    def _check_width(self, entry: _Entry, edits: list[_Edit]) -> None:
        """Brackets that no longer fit into a line are opened, if no comment stands in them."""
        start, end = _line_start(self.text, entry.start), entry.node.end
        old = self.text[start:end]
        shifted = [_Edit(edit.start - start, edit.end - start, edit.text) for edit in edits]
        if _widest(old) <= WIDTH < _widest(_applied(old, shifted)) and not re.search(r"\s#", old):
            raise _Stuck


def _widest(text: str) -> int:
    return max(map(len, text.splitlines()), default=0)


def _edges(old: list[Any], new: list[Any]) -> tuple[int, int]:
    """How many items are the same at the beginning, and how many of the others at the end."""
    least = min(len(old), len(new))
    same = next((i for i in range(least) if old[i] != new[i]), least)
    ends = range(least - same)
    rest = next((i for i in ends if old[-1 - i] != new[-1 - i]), len(ends))
    return same, rest


# ── where that cannot be proven ───────────────────────────────────────────────────────────────────


def _step_by_step(text: str, values: Values, problems: int) -> str:
    """One change after another, each read back; what resists is written anew, or what is around it.

    What only follows from an edit elsewhere must not make a whole file lose its comments.
    """
    current, _ = _understood(text)
    for path in list(_differences(current, values)):
        tries = _tries(text, current, values, path)
        text = next((new for new, wanted in tries if _reads_as(new, wanted, problems)), text)
        current, problems = _understood(text)
    return text if current == values else emitted(values)


def _tries(
    text: str, current: Values, values: Values, path: KeyPath
) -> Iterator[tuple[str, Values]]:
    """The change at `path`, in place, and then of more and more around it."""
    for end in range(len(path), -1, -1):
        around = path[:end]
        wanted = _with(current, values, around)
        for forced in (None, around) if end == len(path) else (around,):
            for pen in (_Pen(), _Pen(quoting=True)):
                new = _attempt(text, wanted, pen, forced)
                if new is not None:
                    yield new, wanted


def _differences(old: Any, new: Any, path: KeyPath = ()) -> Iterator[KeyPath]:
    if not (isinstance(old, dict) and isinstance(new, dict) and old and new):
        if old != new:
            yield path
        return
    for key in {**old, **new}:
        if key in old and key in new:
            yield from _differences(old[key], new[key], (*path, key))
        else:
            yield (*path, key)


def _with(current: Values, values: Values, path: KeyPath) -> Values:
    """The values as they are, with those at `path` as they should be."""
    if not path:
        return values
    key, *rest = path
    if key not in values:
        return {name: value for name, value in current.items() if name != key}
    if not rest or not isinstance(current.get(key), dict):
        return {**current, key: values[key]}
    return {**current, key: _with(current[key], values[key], tuple(rest))}
