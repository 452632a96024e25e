"""The least changes of a text after which it reads as other values; the rest stays as it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from scheduler.calendar.emitting import WIDTH, Pen, block, flow, inline, pair, sections
from scheduler.calendar.nodes import Entry, Node, Stuck, line_end, line_start, next_line, node_of
from scheduler.calendar.reading import Values
from scheduler.model import KeyPath


def changed(text: str, values: Values, forced: KeyPath | None = None) -> str | None:
    """The text with every change made in place, or None where that is not possible.

    What stands at `forced` is written anew, whatever it was. Whether the text now reads as
    `values` is for the caller to see.
    """
    newline = "\r\n" if "\r\n" in text else "\n"
    whole = text if text.endswith(("\n", "\r")) else text + newline
    try:
        root = node_of(whole)
        pen = Pen(newline=newline, step=_step(whole, root))
        return _applied(whole, list(_Editor(whole, pen, forced).root(root, values)))
    except Stuck:
        return None


def _step(text: str, root: Node) -> int:
    """How far the first group of the file is indented."""
    for entry in root.entries:
        if isinstance(entry.node.value, dict) and entry.node.entries and not entry.node.flow:
            return max(entry.node.start - line_start(text, entry.node.start), 1)
    return 2


@dataclass(frozen=True, slots=True)
class _Edit:
    start: int
    end: int
    text: str


def _applied(text: str, edits: list[_Edit]) -> str:
    pieces, at = [], 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        if edit.start < at:
            raise Stuck
        pieces += [text[at : edit.start], edit.text]
        at = edit.end
    return "".join([*pieces, text[at:]])


@dataclass(frozen=True, slots=True)
class _Editor:
    """Finds the edits that make a text read as it should."""

    text: str
    pen: Pen
    forced: KeyPath | None

    def root(self, node: Node, values: Values) -> Iterator[_Edit]:
        if self.forced == () or not node.entries or not values:
            lines = self.pen.newline.join(sections(self.pen, values))
            yield _Edit(node.start, node.end, lines)
        else:
            yield from self._inside(node, values, (), brackets=node.flow)

    def _inside(self, node: Node, value: Any, path: KeyPath, *, brackets: bool) -> Iterator[_Edit]:
        """The edits of a value of which something stays."""
        alike = type(node.value) is type(value)
        if path == self.forced or not alike or (not isinstance(value, str) and not node.entries):
            if not brackets:
                raise Stuck
            yield _Edit(node.start, node.end, self._spaced(node, flow(value)))
        elif isinstance(value, str):
            yield from self._retold(node, value, brackets=brackets)
        elif not value and not brackets:
            raise Stuck
        elif brackets:
            yield from self._in_brackets(node, value, path)
        elif isinstance(value, dict):
            yield from self._in_lines(node, value, path)
        else:
            yield from self._in_dashes(node, value, path)

    def _changed(self, entry: Entry, value: Any, path: KeyPath) -> list[_Edit]:
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
        except Stuck:
            return list(self._anew(entry, value))
        return edits

    # ── mappings and lists ──

    def _in_lines(self, node: Node, value: Values, path: KeyPath) -> Iterator[_Edit]:
        for number, entry in enumerate(node.entries):
            if entry.name not in value:
                yield self._cut(node, number)
            elif self._is_first(node, number):
                yield from self._changed(entry, value[entry.name], path)
        new = {key: inner for key, inner in value.items() if key not in node.value}
        if new:
            column = self._column(node.entries[0].start)
            air = [""] if self._is_aired(node) else []
            entries = [self.pen.entry(key, inner, column) for key, inner in new.items()]
            lines = [line for entry in entries for line in (*air, *entry)]
            yield self._below(node.entries[-1], lines)

    def _in_dashes(self, node: Node, value: list[Any], path: KeyPath) -> Iterator[_Edit]:
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

    def _after(self, node: Node, number: int, lines: list[str]) -> _Edit:
        """New items behind those before `number`."""
        if number:
            return self._below(node.entries[number - 1], lines)
        start = line_start(self.text, node.start)
        if self.text[start : node.start].strip():
            raise Stuck
        return _Edit(start, start, self._joined(lines))

    def _in_brackets(self, node: Node, value: Any, path: KeyPath) -> Iterator[_Edit]:
        """Between brackets everything stands in one line, whatever it is."""
        names = value if isinstance(value, dict) else range(len(value))
        kept = [number for number, entry in enumerate(node.entries) if entry.name in names]
        if not kept:
            yield _Edit(node.start, node.end, flow(value))
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

    def _pairs(self, node: Node, value: Any) -> list[str]:
        if isinstance(value, list):
            return [flow(inner) for inner in value[len(node.entries) :]]
        return [pair(key, inner) for key, inner in value.items() if key not in node.value]

    def _cut_in_brackets(self, node: Node, kept: list[int]) -> Iterator[_Edit]:
        last = kept[-1]
        for number in set(range(last)) - set(kept):
            yield _Edit(node.entries[number].start, node.entries[number + 1].start, "")
        if last + 1 < len(node.entries):
            yield _Edit(node.entries[last].node.end, node.entries[-1].node.end, "")

    def _cut(self, node: Node, number: int) -> _Edit:
        """An entry with its lines; where a dash stands before it, only up to the next key."""
        entry = node.entries[number]
        start = line_start(self.text, entry.start)
        if not self.text[start : entry.start].strip():
            return _Edit(start, self._end_of_cut(start, entry), "")
        dashes = re.fullmatch(r"\s*(-\s+)+", self.text[start : entry.start])
        if not dashes or number + 1 == len(node.entries):
            raise Stuck
        return _Edit(entry.start, node.entries[number + 1].start, "")

    def _end_of_cut(self, start: int, entry: Entry) -> int:
        """Of the two empty lines around it one is enough."""
        end = next_line(self.text, entry.node.end)
        before = self.text[line_start(self.text, max(start - 1, 0)) : start]
        behind = self.text[end : line_end(self.text, end)]
        if start and end < len(self.text) and not before.strip() and not behind.strip():
            return next_line(self.text, end)
        return min(end, len(self.text))

    def _is_first(self, node: Node, number: int) -> bool:
        """Whether the entry is what is read, and not a second one of the same name."""
        name = node.entries[number].name
        return isinstance(name, int) or all(entry.name != name for entry in node.entries[:number])

    def _is_aired(self, node: Node) -> bool:
        """Whether an empty line stands before the last entry."""
        if len(node.entries) < 2:  # noqa: PLR2004 (nothing can be seen from a single one)
            return False
        end, start = node.entries[-2].node.end, line_start(self.text, node.entries[-1].start)
        return any(not line.strip() for line in self.text[end:start].splitlines()[1:])

    # ── texts ──

    def _retold(self, node: Node, value: str, *, brackets: bool) -> Iterator[_Edit]:
        """A text, written as the one before was."""
        if node.style in ("|", ">"):
            yield self._retold_below(node, value)
            return
        quote = node.style or ('"' if self._comment_bites(node) else "")
        written = inline(value, brackets=brackets, quote=quote)
        start = line_start(self.text, node.start)
        if not brackets and ("\n" in value or node.start - start + len(written) > WIDTH):
            raise Stuck
        yield _Edit(node.start, node.end, self._spaced(node, written))

    def _retold_below(self, node: Node, value: str) -> _Edit:
        """Behind its sign, whose line may end in a comment."""
        first = line_end(self.text, node.start)
        header = re.match(r"[|>][-+]?(?![0-9])", self.text[node.start : first])
        body = self.text[next_line(self.text, first) : node.end]
        column = len(body) - len(body.lstrip(" "))
        more_lines = "\n" in value.rstrip("\n") and "\n" not in node.value.rstrip("\n")
        if header is None or not column or more_lines:
            raise Stuck
        if not (lines := block(value, column, node.style)):
            raise Stuck
        comment = self.text[node.start + header.end() : first]
        return _Edit(node.start, node.end, self.pen.newline.join([lines[0] + comment, *lines[1:]]))

    def _comment_bites(self, node: Node) -> bool:
        """Whether the reader would take the comment behind a plain text for a hashtag."""
        rest = self.text[node.end : line_end(self.text, node.end)]
        return bool(re.match(r"\s*#\S", rest))

    def _spaced(self, node: Node, written: str) -> str:
        before = self.text[node.start - 1 : node.start]
        return written if not before or before in " \t\n\r[{" else f" {written}"

    # ── anew ──

    def _anew(self, entry: Entry, value: Any) -> Iterator[_Edit]:
        """The value behind a key or a dash; a comment at the end of its line stays there."""
        if entry.behind < 0:
            raise Stuck
        column = self._column(entry.start)
        first, *others = self._lines(entry, value, column)
        yield _Edit(entry.behind, max(entry.node.end, entry.behind), first)
        if others:
            at = next_line(self.text, max(entry.node.end, entry.behind))
            yield _Edit(at, at, self._joined(others))

    def _lines(self, entry: Entry, value: Any, column: int) -> list[str]:
        """What follows the colon or the dash."""
        if isinstance(value, str) and self._comment_bites(entry.node):
            return [" " + inline(value, quote='"')]
        if isinstance(entry.name, int):
            first, *others = self.pen.item(value, column)
            return [first[column + 1 :], *others]
        head = self.text[line_start(self.text, entry.behind) : entry.behind]
        first, *others = self.pen.behind(head, value, column)
        return [first[len(head) :], *others]

    def _below(self, entry: Entry, lines: list[str]) -> _Edit:
        """New lines directly below an entry: a comment further down belongs to what follows."""
        at = next_line(self.text, entry.node.end)
        return _Edit(at, at, self._joined(lines))

    def _joined(self, lines: Iterable[str]) -> str:
        return "".join(line + self.pen.newline for line in lines)

    def _column(self, at: int) -> int:
        return at - line_start(self.text, at)

    def _check_width(self, entry: Entry, edits: list[_Edit]) -> None:
        """Brackets that no longer fit into a line are opened, if no comment stands in them."""
        start, end = line_start(self.text, entry.start), entry.node.end
        old = self.text[start:end]
        shifted = [_Edit(edit.start - start, edit.end - start, edit.text) for edit in edits]
        if _widest(old) <= WIDTH < _widest(_applied(old, shifted)) and not re.search(r"\s#", old):
            raise Stuck


def _widest(text: str) -> int:
    return max(map(len, text.splitlines()), default=0)


def _edges(old: list[Any], new: list[Any]) -> tuple[int, int]:
    """How many items are the same at the beginning, and how many of the others at the end."""
    least = min(len(old), len(new))
    same = next((i for i in range(least) if old[i] != new[i]), least)
    ends = range(least - same)
    rest = next((i for i in ends if old[-1 - i] != new[-1 - i]), len(ends))
    return same, rest
