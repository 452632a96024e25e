"""What a platform gave to an account and will change or take back: tokens that live for a while."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """Tokens as they were given, with their ends. Printed, it shows none of them."""

    access: str = field(repr=False)
    #: With which the next ones are asked for; "" where the access token itself is enough.
    refresh: str = field(default="", repr=False)
    made_at: datetime
    #: When the access token dies; None where nobody said.
    expires: datetime | None = None
    #: When the refresh token does, so that a person must sign in again.
    refresh_expires: datetime | None = None
    scopes: tuple[str, ...] = ()
    #: A digest of the secret that it was made from: another secret makes it void.
    origin: str = field(default="", repr=False)
    #: What else must be known to use or to renew it, such as the app's id and secret.
    more: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)


class Grants(Protocol):
    """One account's grant, which all threads and processes share."""

    def kept(self) -> Grant | None:
        """The grant as it is now; None where there is none."""

    def renewed(self, spent: Grant | None, renew: Callable[[], Grant]) -> Grant:
        """Another grant than `spent`: `renew` asks the platform for it, one process at a time.

        What another process has renewed meanwhile is given back without asking. Raises whatever
        ending `renew` raises, and `NotSent` while another process asks.
        """

    def forget(self, spent: Grant) -> None:
        """The platform takes it no more."""
