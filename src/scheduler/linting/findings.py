"""What a lint is, and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from scheduler.errors import Problem, Severity
from scheduler.model import Campaign, KeyPath


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Something to look at: where it is written, what is wrong there, and in which posts."""

    path: KeyPath
    message: str
    posts: tuple[str, ...] = ()
    #: What to do here; "" for the lint's own hint.
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A problem, and the posts that it concerns: an error holds these back, not the others."""

    problem: Problem
    posts: tuple[str, ...]


Check = Callable[[Campaign, date], Iterator[Found]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lint:
    """One rule for good and safe posts. `code` never changes: calendars and manuals name it."""

    code: str
    #: Unless the calendar says otherwise, below campaign, lints.
    severity: Severity
    #: What it looks for, in a few words.
    title: str
    #: Why anybody should care, with whoever says so.
    reason: str
    hint: str
    #: Parts of a calendar, in YAML: one that it finds, and the same done well.
    fails: str
    passes: str
    #: Is given the campaign and the day that is taken for today.
    check: Check
