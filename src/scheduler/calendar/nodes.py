"""Where everything stands in a calendar's text: a tree of its values, to the character."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from scheduler.calendar.reading import LOADER

_LINE_END = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]|\Z")


@dataclass(slots=True, kw_only=True)
class Node:
    """A value in the text, from its first character to behind its last one."""

    start: int
    end: int
    value: Any
    #: The sign that a text stands behind or between: ' " | > or "".
    style: str = ""
    #: Written in brackets.
    flow: bool = False
    entries: list[Entry] = field(default_factory=list)
    #: Of a mapping that is not finished yet: the key whose value comes next.
    key: Node | None = None


@dataclass(slots=True, kw_only=True)
class Entry:
    """A key or a dash, and the value behind it."""

    name: str | int
    start: int
    #: Behind the colon or the dash; -1 where that cannot be told.
    behind: int
    node: Node


class Stuck(Exception):
    """This cannot be edited in place: what is around it is written anew."""


def node_of(text: str) -> Node:
    """The outermost node of a text that the reader has understood."""
    document = Node(start=0, end=0, value=[], flow=True)
    stack = [document]
    for event in yaml.parse(text, Loader=LOADER):
        match event:
            case yaml.ScalarEvent() | yaml.AliasEvent():
                _hang(text, stack[-1], _scalar(text, event))
            case yaml.MappingStartEvent():
                stack.append(_opened(event, {}))
            case yaml.SequenceStartEvent():
                stack.append(_opened(event, []))
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                node = stack.pop()
                node.end = _end(node, event)
                _hang(text, stack[-1], node)
    return document.entries[0].node


def _opened(event: Any, value: Any) -> Node:
    start, end = event.start_mark.index, event.end_mark.index
    return Node(start=start, end=end, value=value, flow=bool(event.flow_style))


def _scalar(text: str, event: Any) -> Node:
    start, end = event.start_mark.index, event.end_mark.index
    style = getattr(event, "style", None) or ""
    if style in ("|", ">"):
        end = _end_of_block(text, start, end)
    return Node(start=start, end=end, value=getattr(event, "value", ""), style=style)


def _end_of_block(text: str, start: int, end: int) -> int:
    """Without the empty lines below it, unless they belong to it."""
    written = text[start:end]
    header = written.splitlines()[0].partition("#")[0]
    return start + len(written.rstrip("\r\n") if "+" in header else written.rstrip())


def _end(node: Node, event: Any) -> int:
    """A mapping without brackets ends with its last value, not where the next thing begins."""
    if node.flow:
        return int(event.end_mark.index)
    return node.entries[-1].node.end if node.entries else node.end


def _hang(text: str, parent: Node, node: Node) -> None:
    if isinstance(parent.value, list):
        parent.entries.append(_item(text, parent, node))
        parent.value.append(node.value)
    elif parent.key is None:
        parent.key = node
    else:
        entry = _pair(text, parent.key, node)
        parent.key = None
        parent.entries.append(entry)
        parent.value.setdefault(entry.name, node.value)


def _pair(text: str, key: Node, node: Node) -> Entry:
    colon = re.compile(r"\s*:").match(text, key.end)
    behind = colon.end() if colon else -1
    name = key.value if isinstance(key.value, str) else ""
    return Entry(name=name, start=key.start, behind=behind, node=node)


def _item(text: str, parent: Node, node: Node) -> Entry:
    number = len(parent.entries)
    start = node.start if parent.flow else _dash(text, parent, node)
    behind = node.start if parent.flow else start + 1
    return Entry(name=number, start=start, behind=behind, node=node)


def _dash(text: str, parent: Node, node: Node) -> int:
    """The dash of an item stands below that of the first one."""
    if not parent.entries:
        return parent.start
    column = parent.start - line_start(text, parent.start)
    line = next_line(text, parent.entries[-1].node.end)
    while line <= node.start:
        dash = line + column
        if text[dash : dash + 1] == "-" and not text[line:dash].strip():
            return dash
        line = next_line(text, line)
    raise Stuck


# ── lines ─────────────────────────────────────────────────────────────────────────────────────────


def line_start(text: str, at: int) -> int:
    while at > 0 and text[at - 1] not in "\n\r\x85\u2028\u2029":
        at -= 1
    return at


def line_end(text: str, at: int) -> int:
    found = _LINE_END.search(text, at)
    return found.start() if found else len(text)


def next_line(text: str, at: int) -> int:
    found = _LINE_END.search(text, at)
    return max(found.end(), at + 1) if found else len(text) + 1
