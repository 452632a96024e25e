"""Where a person sits who signs an account in, as a way sees it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Protocol

from scheduler.model import Account, Grant


class Back(Protocol):
    """How the person's browser comes back from the platform's page."""

    @property
    def address(self) -> str:
        """The address that the platform sends it to."""

    @property
    def state(self) -> str:
        """Comes back with it, so that nobody else's answer is taken."""

    def code(self, page: str) -> str:
        """Send the person to `page`; the code that they come back with.

        Raises `AccountRefused` where they said no, or nobody came.
        """


class Desk(Protocol):
    """Who is asked. A value that the calendar's places hold already is not asked for again."""

    def now(self) -> datetime: ...

    def say(self, sentence: str) -> None: ...

    def secret(self, name: str, question: str, *, optional: bool = False) -> str:
        """What is typed is not shown. "" where it is optional and nothing was typed."""

    def word(self, name: str, question: str) -> str:
        """Something that is no secret, such as an app's number."""

    def back(self, address: str, *, shown: str = "") -> AbstractContextManager[Back]:
        """How to come back: to `address`, or where the platform can show the code, by `shown`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """What signing in brought, to be kept: in the calendar's places, and in the ledger."""

    secrets: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    #: Where the platform renews it.
    grant: Grant | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One platform's own way of signing in."""

    #: Where each value is found, a sentence each; said before anything is asked.
    guide: tuple[str, ...]
    #: What the platform must still agree to, or "" where nothing is.
    review: str
    sign_in: Callable[[Account, Desk], Entered] = field(repr=False)
