"""What is looked at: a checked calendar, as far as pages, paper and the terminal show it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from scheduler.errors import Problem
from scheduler.model import Coalition, Draft, Key, Measure, Public, Yes

#: post id and account name
Pair = tuple[str, str]


class Looked(Protocol):
    """`checking.Checked` is one; so nothing is copied from there, and nothing forgotten.

    Each pair has its parts in their order; it is absent from `drafts` when a card of it cannot be
    drawn.
    """

    @property
    def coalition(self) -> Coalition | None:
        """None when the calendar cannot be read."""

    @property
    def problems(self) -> Sequence[Problem]: ...

    @property
    def drafts(self) -> Mapping[Pair, Sequence[Draft]]: ...

    @property
    def measures(self) -> Mapping[Pair, Sequence[Sequence[Measure]]]: ...

    @property
    def held(self) -> Mapping[Pair, str]:
        """Why a post must not go out on an account."""

    @property
    def approvals(self) -> Mapping[Key, Yes] | None:
        """What people said of each delivery; None where nobody was asked, or no ledger."""

    @property
    def public(self) -> Mapping[Key, Public]:
        """What is public already."""
