"""YAML text to plain values that remember where they stand. The only door to PyYAML.

Built from parser events rather than from `yaml.load` or `yaml.compose`: every scalar stays the
text that was typed (the loader turns `12:30` into 750, `no` into False and Spain's helpline `016`
into 14), there is nothing to recurse into (a hundred thousand brackets crash the C composer), and
aliases, which can make a small file enormous, are refused before they grow.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from scheduler.errors import Problem, UserError
from scheduler.model import KeyPath, Place, Places

#: A calendar of ten thousand posts has about five megabytes.
LARGEST = 20_000_000
DEEPEST = 20
#: So many files are not taken apart again while nobody changes them.
_REMEMBERED = 64

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Values = dict[str, Any]

#: How an event says that its text stood in quotation marks, or behind a sign for a block.
_QUOTED = ("'", '"', "|", ">")

#: To YAML, a # behind a blank begins a comment; people mean a hashtag where a letter follows it.
_HASH = re.compile(r"\s+(#\S+)")
#: Where nothing stands before it, not even a blank is needed.
_ONLY_HASH = re.compile(r"\s*(#\S+)")
#: In brackets also directly behind the bracket, and behind a comma.
_HASH_IN_BRACKETS = re.compile(r"\s*,?\s*(#[^\s,\]}]+)")
_HASH_LINE = re.compile(r"\s*(#\w\S*)")
#: In brackets, a key behind a # was rather switched off by somebody.
_HASH_LINE_IN_BRACKETS = re.compile(r"\s*(#\w[^\s,\]}]*)(?<!:)(?:[\s,\]}]|$)")
_NOTHING_MORE = re.compile(r"\s*,?\s*(?:#.*)?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """A file's values (mappings, lists and the scalars' own text) and where each one stands."""

    values: Values
    places: Places
    problems: tuple[Problem, ...]


def at(values: Any, path: KeyPath) -> Any:
    """What stands there, or None."""
    for step in path:
        if isinstance(values, dict):
            values = values.get(step)
        elif isinstance(values, list) and isinstance(step, int) and step < len(values):
            values = values[step]
        else:
            return None
    return values


def mapping_in(tree: Tree, section: str) -> Values:
    """A section, or nothing where it is no mapping: `validate` says what is wrong with it."""
    found = at(tree.values, (section,))
    return found if isinstance(found, dict) else {}


def text_in(tree: Tree, *path: str) -> str:
    """The text that stands there, or "" where there is none."""
    found = at(tree.values, path)
    return found if isinstance(found, str) else ""


@dataclass(slots=True)
class _Open:
    """A mapping or a list that is not finished yet."""

    path: KeyPath
    value: Values | list[Any]
    #: The column at which it begins: what belongs to a value of it stands further to the right.
    indent: int
    #: Written in brackets.
    flow: bool
    key: str | None = None


@dataclass(slots=True)
class _Builder:
    file: str
    lines: list[str]
    keys: dict[KeyPath, Place] = field(default_factory=dict)
    values: dict[KeyPath, Place] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    stack: list[_Open] = field(default_factory=list)
    root: Any = None

    def build(self, events: Iterator[Any]) -> None:
        for event in events:
            match event:
                case yaml.DocumentStartEvent() if self.values:
                    self._problem(
                        event,
                        "yaml-documents",
                        "a second document begins here",
                        "delete the line ---, or keep one calendar a file",
                    )
                    return
                case yaml.ScalarEvent():
                    self._check_decoration(event)
                    self._scalar(event)
                case yaml.MappingStartEvent():
                    self._open(event, {})
                case yaml.SequenceStartEvent():
                    self._open(event, [])
                case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                    self.stack.pop()
                    self._check_brackets(event)
                case yaml.AliasEvent():
                    self._problem(
                        event,
                        "yaml-alias",
                        f"the alias *{event.anchor} is not understood in a calendar",
                        "write the value out where it is needed",
                    )
                    self._put(event, "")

    def _open(self, event: Any, value: Values | list[Any]) -> None:
        self._check_decoration(event)
        path = self._put(event, value)
        self.stack.append(_Open(path, value, event.start_mark.column, bool(event.flow_style)))
        if len(self.stack) > DEEPEST:
            raise UserError(
                [
                    self._place(event).problem(
                        "yaml-depth",
                        f"nested more than {DEEPEST} deep",
                        "a calendar needs six levels; look for a stray bracket or dash",
                    )
                ]
            )
        self._check_brackets(event)

    def _scalar(self, event: Any) -> None:
        top = self.stack[-1] if self.stack else None
        if top is None or isinstance(top.value, list) or top.key is not None:
            self._put(event, event.value)
            if top is not None:
                self._check_hashtag(top, event)
        else:
            self._key(top, event)

    def _key(self, top: _Open, event: Any) -> None:
        top.key = event.value
        path = (*top.path, event.value)
        if event.value in top.value:
            self._problem(
                event,
                "duplicate-key",
                f'"{event.value}" stands here twice; it was first written in line '
                f"{self.keys[path].line}",
                "give one of the two another name, or delete it",
            )
            return
        self.keys[path] = self._place(event)

    def _put(self, event: Any, value: Any) -> KeyPath:
        """Hang a value into the mapping or list that is open, and say where it stands."""
        if not self.stack:
            self.root = value
            self.values[()] = self._place(event)
            return ()
        top = self.stack[-1]
        if isinstance(top.value, list):
            path: KeyPath = (*top.path, len(top.value))
            top.value.append(value)
        elif top.key is None:
            self._problem(event, "yaml-key", "a key must be plain text", "write it as name: value")
            top.key = ""
            path = (*top.path, "")
            self.keys.setdefault(path, self._place(event))
            return path
        else:
            path = (*top.path, top.key)
            top.value.setdefault(top.key, value)
            top.key = None
        self.values.setdefault(path, self._place(event))
        return path

    def _check_decoration(self, event: Any) -> None:
        if event.anchor:
            self._problem(
                event,
                "yaml-alias",
                f"the anchor &{event.anchor} is not understood in a calendar",
                "delete it, and write the value out where it is needed",
            )
        if event.tag and event.tag != "!":
            self._problem(
                event,
                "yaml-tag",
                f"the tag {event.tag} is not understood in a calendar",
                "delete the word that begins with !",
            )

    def _check_hashtag(self, top: _Open, event: Any) -> None:
        """`text: Begin #Responsible now` is two words and a comment: never what was meant."""
        if top.flow:
            self._check_brackets(event)
        elif event.style not in _QUOTED and not event.value:
            self._check_nothing(event)
        elif event.style not in _QUOTED and (found := self._hidden(top, event)):
            place, word = found
            self._hash(
                place,
                f"from {word} on, nothing is read: a # behind a blank begins a comment",
                "put the whole text between quotation marks, or behind >- in a line of its own",
            )

    def _check_nothing(self, event: Any) -> None:
        if found := self._match(_ONLY_HASH, event):
            self._hash(
                self._place(event),
                f"nothing is read here, since {found[1]} begins a comment",
                f'put it between quotation marks: "{found.string[found.start(1) :].rstrip()}"',
            )

    def _check_brackets(self, event: Any) -> None:
        """`[#one, two]` is a bracket and a comment, which hides the bracket's end."""
        if not self.stack or not self.stack[-1].flow:
            return
        if found := (
            self._behind(event, _HASH_IN_BRACKETS) or self._below(event, _HASH_LINE_IN_BRACKETS, -1)
        ):
            place, word = found
            self._hash(
                place,
                f"from {word} on, nothing is read: the # begins a comment",
                'put each hashtag between quotation marks: ["#one", "#two"]',
            )

    def _hidden(self, top: _Open, event: Any) -> tuple[Place, str] | None:
        """What a comment hides of the text before it, on its last line or on those below."""
        return self._behind(event, _HASH) or self._below(event, _HASH_LINE, top.indent)

    def _behind(self, event: Any, pattern: re.Pattern[str]) -> tuple[Place, str] | None:
        found = self._match(pattern, event)
        return (self._at(event.end_mark.line, found.start(1)), found[1]) if found else None

    def _below(self, event: Any, pattern: re.Pattern[str], indent: int) -> tuple[Place, str] | None:
        """Lines that go on with the text, were it not for their #; a comment may come first."""
        if not self._match(_NOTHING_MORE, event):
            return None
        for line in range(event.end_mark.line + 1, len(self.lines)):
            text = self.lines[line]
            if not _NOTHING_MORE.match(text):
                return None
            found = pattern.match(text)
            if found and found.start(1) > indent:
                return self._at(line, found.start(1)), found[1]
        return None

    def _match(self, pattern: re.Pattern[str], event: Any) -> re.Match[str] | None:
        """What stands directly behind the event on its last line."""
        mark = event.end_mark
        if mark.line >= len(self.lines):
            return None
        return pattern.match(self.lines[mark.line], mark.column)

    def _hash(self, place: Place, message: str, hint: str) -> None:
        self.problems.append(place.problem("unquoted-hash", message, hint))

    def _at(self, line: int, column: int) -> Place:
        return Place(file=self.file, line=line + 1, column=column + 1)

    def _place(self, event: Any) -> Place:
        return self._at(event.start_mark.line, event.start_mark.column)

    def _problem(self, event: Any, code: str, message: str, hint: str) -> None:
        self.problems.append(self._place(event).problem(code, message, hint))


def read(file: Path, *, name: str) -> Tree:
    """The values of a YAML file. `name` is what problems call it.

    Raises `UserError` when nothing can be understood of it; smaller problems come with the tree.
    """
    return read_text(_text(file, name), name=name)


def read_again(file: Path, *, name: str) -> Tree:
    """As `read`, but the same tree for the same text: for who changes nothing in it."""
    return _remembered(_text(file, name), name=name)


def read_text(text: str, *, name: str) -> Tree:
    """The values of a YAML text, with problems and errors as of a file."""
    builder = _Builder(file=name, lines=text.splitlines())
    try:
        builder.build(yaml.parse(text, Loader=LOADER))
    except yaml.MarkedYAMLError as error:
        raise UserError([*builder.problems, _syntax(name, error, builder.lines)]) from None
    except (yaml.YAMLError, UnicodeEncodeError) as error:
        raise UserError([_whole(name, "yaml-syntax", f"not YAML: {error}")]) from None
    if not isinstance(builder.root, dict):
        raise UserError([_empty(name, builder.root)])
    places = Places(file=name, keys=builder.keys, values=builder.values)
    return Tree(values=builder.root, places=places, problems=tuple(builder.problems))


_remembered = lru_cache(maxsize=_REMEMBERED)(read_text)


def _text(file: Path, name: str) -> str:
    try:
        if file.stat().st_size > LARGEST:
            raise UserError(
                [_whole(name, "too-large", f"larger than {LARGEST // 1_000_000} megabytes")]
            )
        text = file.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise UserError(
            [_whole(name, "no-file", "there is no such file", "name one with --campaign FILE")]
        ) from None
    except IsADirectoryError:
        raise UserError([_directory(name)]) from None
    except PermissionError:
        # Windows says so of a directory too.
        problem = (
            _directory(name)
            if file.is_dir()
            else _whole(name, "no-file", "this file may not be read")
        )
        raise UserError([problem]) from None
    except UnicodeDecodeError as error:
        raise UserError(
            [
                _whole(
                    name,
                    "not-utf-8",
                    f"not a text in UTF-8 (byte {error.start})",
                    "save it again as UTF-8 text, or check that it is the calendar",
                )
            ]
        ) from None
    except (OSError, ValueError) as error:
        raise UserError([_whole(name, "no-file", f"this file cannot be read: {error}")]) from None
    return text


def _directory(name: str) -> Problem:
    return _whole(name, "no-file", "this is a folder", "name the calendar file inside it")


def _empty(name: str, root: Any) -> Problem:
    if not root:
        return _whole(name, "empty", "the calendar is empty")
    return _whole(
        name, "not-a-mapping", "this is not a calendar: it must consist of `key: value` lines"
    )


def _syntax(name: str, error: yaml.MarkedYAMLError, lines: list[str]) -> Problem:
    mark = error.problem_mark or error.context_mark
    place = Place(
        file=name,
        line=mark.line + 1 if mark else 1,
        column=mark.column + 1 if mark else 1,
    )
    what = " ".join(filter(None, (error.context, error.problem)))
    hint = _TEXT_ENDED if _ends_a_text(place, lines) else _SYNTAX_HINTS.get(_word(what), "")
    return place.problem("yaml-syntax", f"not YAML: {what}", hint)


def _ends_a_text(place: Place, lines: list[str]) -> bool:
    """Whether a quotation mark stands directly before the place: 'It's today'."""
    before = lines[place.line - 1][: place.column - 1] if place.line <= len(lines) else ""
    return before.rstrip().endswith(("'", '"'))


_TEXT_ENDED = (
    "the quotation mark before this place ends the text; put a text that has ' in it between "
    '" and ", and one that has " in it behind >- in a line of its own'
)


#: What the parser's own words usually mean for the person who typed them.
_SYNTAX_HINTS = {
    "cannot start any token": "indent with spaces, not with tabs; put a text that begins with "
    "@, %, & or ` between quotation marks",
    "mapping values": "a text with a colon must stand between quotation marks",
    "block end": "check that this line is indented like its neighbours",
    "block mapping": "check that this line is indented like its neighbours",
    "quoted scalar": "a quotation mark was opened and not closed",
    "',' or ']'": "a bracket [ was opened and not closed, or a comma is missing",
    "',' or '}'": "a bracket { was opened and not closed, or a comma is missing",
}


def _word(what: str) -> str:
    return next((word for word in _SYNTAX_HINTS if word in what), "")


def _whole(name: str, code: str, message: str, hint: str = "") -> Problem:
    return Place(file=name).problem(code, message, hint)
