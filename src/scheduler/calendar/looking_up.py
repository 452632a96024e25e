"""The names and files that a calendar speaks of; where there are none, that is a problem."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from scheduler.calendar.reading import Tree
from scheduler.calendar.schema import CalendarForm
from scheduler.calendar.validating import where
from scheduler.errors import Problem
from scheduler.model import OWN, KeyPath, Member
from scheduler.naming import nearest

Named = TypeVar("Named")

#: Enough of a name to find it again.
_LONGEST_ECHO = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Who says it, and what the accounts of all organisations are called."""

    member: Member
    #: The calendar's own zone, in which its embargoes end for everybody.
    zone: str
    #: As their files name them: a post for "page" is for every organisation's page.
    names: frozenset[str]
    #: In the whole coalition: "italy.page".
    accounts: frozenset[str]
    #: False while a member's file cannot be understood: its accounts are not among these.
    all_known: bool

    def knows(self, name: str) -> bool:
        """Whether any organisation has an account that is called so."""
        return name in self.names or name in self.accounts


@dataclass(frozen=True, slots=True)
class Lookup:
    """The values of one organisation, and what was found to be wrong with them so far."""

    tree: Tree
    form: CalendarForm
    root: Path
    speaker: Speaker
    problems: list[Problem] = field(default_factory=list)
    #: Posts that refer to nothing: whatever they say is thrown away.
    broken: set[str] = field(default_factory=set)

    def problem(self, path: KeyPath, code: str, message: str, hint: str = "") -> None:
        """Something is wrong with the value at `path`; a post that has it is broken."""
        self._break(path)
        told = f"{where(self.tree.values, path)}{message}"
        self.problems.append(self.tree.places.value(*path).problem(code, told, hint))

    def _break(self, path: KeyPath) -> None:
        if path[:1] == ("posts",):
            self.broken.add(str(path[1]))

    def named(self, path: KeyPath, kind: str, id_: str, known: Mapping[str, Named]) -> Named | None:
        """What is called so; None, and a problem, where nothing is. `kind` is as people read it."""
        group = self.tree.values.get("series" if kind == "series" else f"{kind}s")
        if id_ not in known and isinstance(group, dict) and id_ in group:
            self._break(path)  # it is there, and what is wrong with it is said there
        elif id_ not in known:
            self.problem(
                path,
                f"unknown-{kind}",
                f'there is no {kind} "{id_}"',
                nearest(id_, group if isinstance(group, dict) else known),
            )
        return known.get(id_)

    def account(self, path: KeyPath, name: str) -> None:
        """Somebody must have it, under this name or in the whole coalition."""
        speaker = self.speaker
        own = path in self.tree.places.values and speaker.member.id != OWN
        if own and path[0] == "posts":
            self.named(path, "account", name, self.form.accounts)
        elif speaker.all_known and not speaker.knows(name):
            known = dict.fromkeys((*speaker.names, *speaker.accounts), True)
            self.named(path, "account", name, known)

    def file(self, path: KeyPath, name: str) -> Path:
        """A file of the campaign's own folder; whatever else it is becomes a problem."""
        file = self.root / name
        if not self._is_inside(file):
            self.problem(
                path,
                "outside-folder",
                f'"{name[:_LONGEST_ECHO]}" lies outside the campaign\'s folder',
                "copy the file itself into the folder, and name it there",
            )
        elif not _is_file(file):
            shown = f'"{name[:_LONGEST_ECHO]}"'
            self.problem(
                path,
                "no-picture",
                f"{shown} is a folder" if _is_folder(file) else f"there is no file {shown}",
                nearest(name[:_LONGEST_ECHO], self._beside(file)),
            )
        return file

    def _is_inside(self, file: Path) -> bool:
        """Whether it lies in the campaign's folder wherever links in its name lead."""
        root = os.path.realpath(self.root)
        return Path(os.path.realpath(file)).is_relative_to(root)

    def _beside(self, file: Path) -> Iterator[str]:
        """The files of the same folder, by the names that a calendar would give them."""
        try:
            for item in file.parent.iterdir():
                if item.is_file() and item.is_relative_to(self.root):
                    yield item.relative_to(self.root).as_posix()
        except OSError:
            return  # no such folder, or none that may be looked into


def _is_file(file: Path) -> bool:
    try:
        return file.is_file()
    except (OSError, ValueError):
        return False  # a name that no file can have


def _is_folder(file: Path) -> bool:
    try:
        return file.is_dir()
    except (OSError, ValueError):
        return False
