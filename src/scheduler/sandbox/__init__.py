"""Stand-in platforms: they speak the wire protocols and enforce the vendors' rules.

    with Sandbox(now=clock.now) as sandbox:
        address = sandbox.start("mastodon", account="eu")
        …
        sandbox.public("eu")

They hold the vendors' numbers themselves and never look at `platforms`, or they would prove
nothing about it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType, TracebackType
from typing import Self

from scheduler.sandbox.bluesky import BlueskyStandIn
from scheduler.sandbox.faultload import EVERYBODYS, RATES, Faultload, Injector, Kind, Struck
from scheduler.sandbox.faults import (
    Call,
    Drop,
    Exhaust,
    Fault,
    Faults,
    Garble,
    Instead,
    LoseAnswer,
    Purpose,
    Refuse,
    Script,
    Slow,
    Stall,
    rate_limited,
    unauthorised,
)
from scheduler.sandbox.mastodon import MastodonStandIn
from scheduler.sandbox.serving import Served
from scheduler.sandbox.standing import Address, Arrivals, Now, PublicPost, StandIn
from scheduler.sandbox.x import XStandIn

#: By the platform that each stands in for.
STAND_INS: Mapping[str, type[StandIn]] = MappingProxyType(
    {"mastodon": MastodonStandIn, "bluesky": BlueskyStandIn, "x": XStandIn}
)


class Sandbox:
    """Stand-ins on this machine, one server for each platform, on one clock.

    `processing` is how long an uploaded picture is worked on before it may be posted; `arrivals`
    sees every request as it came over the wire.
    """

    def __init__(
        self,
        *,
        now: Now,
        faults: Faults = lambda _call: None,
        processing: timedelta = timedelta(0),
        arrivals: Arrivals = lambda _platform, _request: None,
    ) -> None:
        self._now = now
        self._faults = faults
        self._processing = processing
        self._arrivals = arrivals
        self._stand_ins: dict[str, StandIn] = {}
        self._served: dict[str, Served] = {}
        self._platform_of: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for served in self._served.values():
            served.stop()

    def start(self, platform: str, *, account: str) -> Address:
        """A place for the account; the platform's server is started with its first account."""
        if platform not in self._served:
            stand_in = STAND_INS[platform](now=self._now, processing=self._processing)
            self._stand_ins[platform] = stand_in
            self._served[platform] = Served(
                platform, stand_in, now=self._now, faults=self._faults, arrivals=self._arrivals
            )
        self._platform_of[account] = platform
        admitted = self._stand_ins[platform].admit(account)
        place = {"server": self._served[platform].address, "sandbox": "true"}
        return Address(options={**admitted.options, **place}, secrets=admitted.secrets)

    def leave(self, platform: str) -> None:
        """Let the platform's server, where it was started, refuse every connection for a while."""
        if served := self._served.get(platform):
            served.leave()

    def come_back(self, platform: str) -> None:
        """Let the platform's server listen again, at the same address."""
        if served := self._served.get(platform):
            served.come_back()

    def public(self, account: str) -> list[PublicPost]:
        """What the public sees of the account, oldest first."""
        return self._stand_ins[self._platform_of[account]].public(account)


__all__ = [
    "EVERYBODYS",
    "RATES",
    "STAND_INS",
    "Address",
    "Arrivals",
    "Call",
    "Drop",
    "Exhaust",
    "Fault",
    "Faultload",
    "Faults",
    "Garble",
    "Injector",
    "Instead",
    "Kind",
    "LoseAnswer",
    "PublicPost",
    "Purpose",
    "Refuse",
    "Sandbox",
    "Script",
    "Slow",
    "Stall",
    "StandIn",
    "Struck",
    "rate_limited",
    "unauthorised",
]
