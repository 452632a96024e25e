"""What every stand-in platform offers to the sandbox."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar, Protocol

from werkzeug.wrappers import Request, Response

from scheduler.sandbox.faults import Purpose

Now = Callable[[], datetime]

#: Told of the platform and of every request to it as it arrives, before any fault. May be called by
#: several threads at once; it may read the body with `get_data`, which leaves it for the stand-in.
Arrivals = Callable[[str, Request], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where an account's stand-in is, in the account's own options, and the secrets it takes."""

    options: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def server(self) -> str:
        return self.options["server"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicPost:
    """One post as the public sees it, and the key that it was sent with."""

    account: str
    id: str
    url: str
    text: str
    note: str
    language: str
    visibility: str
    #: Of each picture; "" where nobody is told.
    alts: tuple[str, ...]
    #: SHA-256 of each picture, in hexadecimal.
    digests: tuple[str, ...]
    pictures: tuple[bytes, ...]
    published_at: datetime
    reply_to: str | None
    key: str | None
    #: Its pictures are covered until a reader asks for them.
    covered: bool = False


class Answering(Protocol):
    """What a server on this machine asks of whatever it serves."""

    #: What its endpoints are for; those that are not named are for `Purpose.OTHER`.
    purposes: ClassVar[Mapping[str, Purpose]]

    def endpoint(self, request: Request) -> str:
        """Method and route of the request, as faults name them."""

    def account(self, request: Request) -> str:
        """Whose token the request carries, or "" for nobody's."""

    def answer(self, request: Request) -> Response:
        """Do what the request asks for."""

    def stall(self, request: Request) -> Response:
        """Answer an upload, and never finish working on it, where the platform works on any."""

    def exhaust(self, account: str) -> None:
        """Use up what the account may publish for now."""


class StandIn(Answering, Protocol):
    """A platform's wire protocol and rules, for any number of accounts, on the clock `now`."""

    def __init__(self, *, now: Now, processing: timedelta) -> None: ...

    def admit(self, account: str) -> Address:
        """Its secrets, and what its options say besides where the server is.

        The same when it is asked for again.
        """

    def public(self, account: str) -> list[PublicPost]:
        """The account's posts that stand now, oldest first."""
