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
from scheduler.sandbox.discord import DiscordStandIn
from scheduler.sandbox.facebook import FacebookStandIn
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
from scheduler.sandbox.hosting import AccountPictures, PublicPictures
from scheduler.sandbox.instagram import InstagramStandIn, InstagramWithFacebook
from scheduler.sandbox.linkedin import LinkedInOfAPersonStandIn, LinkedInStandIn
from scheduler.sandbox.mastodon import (
    GoToSocialStandIn,
    HolloStandIn,
    MastodonStandIn,
    TakaheStandIn,
)
from scheduler.sandbox.serving import Served
from scheduler.sandbox.slack import SlackStandIn
from scheduler.sandbox.standing import Address, Answering, Arrivals, Now, PublicPost, StandIn
from scheduler.sandbox.telegram import TelegramStandIn
from scheduler.sandbox.threads import ThreadsStandIn
from scheduler.sandbox.x import XStandIn

#: By the platform that each stands in for.
STAND_INS: Mapping[str, type[StandIn]] = MappingProxyType(
    {
        "mastodon": MastodonStandIn,
        "bluesky": BlueskyStandIn,
        "x": XStandIn,
        "facebook": FacebookStandIn,
        "instagram": InstagramStandIn,
        "threads": ThreadsStandIn,
        "linkedin": LinkedInStandIn,
        "telegram": TelegramStandIn,
        "discord": DiscordStandIn,
        "slack": SlackStandIn,
    }
)

#: As what faults and `leave` know the place of the pictures.
HOSTING = "hosting"

#: What speaks a platform's API in another way, by the name that `software_of` gives to it.
SOFTWARE: Mapping[str, type[StandIn]] = MappingProxyType(
    {
        "gotosocial": GoToSocialStandIn,
        "hollo": HolloStandIn,
        "takahe": TakaheStandIn,
        "instagram with facebook": InstagramWithFacebook,
        "linkedin of a person": LinkedInOfAPersonStandIn,
    }
)


def software_of(platform: str, options: Mapping[str, str]) -> str:
    """What an account speaks to, by its own options; "" for what the platform is known as."""
    if platform == "instagram" and options.get("login") == "facebook":
        return "instagram with facebook"
    if platform == "linkedin" and options.get("author", "").startswith("urn:li:person:"):
        return "linkedin of a person"
    return options.get("software", "")


class Sandbox:
    """Stand-ins on this machine, one server for each platform and software, on one clock.

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
        self._stand_ins: dict[tuple[str, str], StandIn] = {}
        self._served: dict[tuple[str, str], Served] = {}
        self._place_of: dict[str, tuple[str, str]] = {}
        self._pictures = PublicPictures()

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

    def start(self, platform: str, *, account: str, software: str = "") -> Address:
        """A place for the account; a server is started with its first account."""
        place = (platform, software if software in SOFTWARE else "")
        if place not in self._served:
            kind = SOFTWARE.get(software, STAND_INS[platform])
            stand_in = kind(now=self._now, processing=self._processing)
            self._stand_ins[place] = stand_in
            self._serve(place, stand_in)
        self._place_of[account] = place
        admitted = self._stand_ins[place].admit(account)
        where = {"server": self._served[place].address, "sandbox": "true"}
        return Address(options={**admitted.options, **where}, secrets=admitted.secrets)

    def host(self, account: str) -> AccountPictures:
        """A place for the account's pictures, whose addresses the stand-ins fetch them from."""
        place = (HOSTING, "")
        if place not in self._served:
            self._serve(place, self._pictures)
        return self._pictures.of(account, self._served[place].address)

    def _serve(self, place: tuple[str, str], answering: Answering) -> None:
        self._served[place] = Served(
            place[0], answering, now=self._now, faults=self._faults, arrivals=self._arrivals
        )

    def leave(self, platform: str) -> None:
        """Let the platform's servers that were started refuse every connection for a while."""
        for served in self._of(platform):
            served.leave()

    def come_back(self, platform: str) -> None:
        """Let the platform's servers listen again, each at the same address."""
        for served in self._of(platform):
            served.come_back()

    def _of(self, platform: str) -> list[Served]:
        return [served for (name, _), served in self._served.items() if name == platform]

    def public(self, account: str) -> list[PublicPost]:
        """What the public sees of the account, oldest first."""
        return self._stand_ins[self._place_of[account]].public(account)


__all__ = [
    "EVERYBODYS",
    "HOSTING",
    "RATES",
    "SOFTWARE",
    "STAND_INS",
    "AccountPictures",
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
    "software_of",
    "unauthorised",
]
