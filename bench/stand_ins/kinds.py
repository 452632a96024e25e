"""Which platforms there are, what each can tell, and what is said on its accounts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from datetime import time as hour
from enum import StrEnum
from types import MappingProxyType

from classes.campaigns import post

from scheduler.model import Account, CallContent, Post, Slide

#: Ahead of anything that an account may have to wait for: the quotas of a whole day.
GRACE = timedelta(days=3)
#: Every second post shows a card, and every fourth is a thread of two parts.
PICTURED, THREADS = 2, 4

_NO_OPTIONS: Mapping[str, str] = MappingProxyType({})
_CARD = CallContent(headline="Come today", body="The door is open.")
_SLIDE = Slide(content=_CARD, alt="On the card: Come today. The door is open.")


class Tells(StrEnum):
    """What a platform proves of a request that may have arrived."""

    #: Whether something is public, and whether it is not.
    ALL = "all"
    #: That something is public; what is not found may be there all the same.
    PRESENCE = "presence"
    #: Nothing.
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One platform, as one sort of account knows it."""

    platform: str
    software: str = ""
    tells: Tells = Tells.ALL
    #: Whether a post may have a second part; whether it must have a picture.
    threads: bool = True
    always_pictured: bool = False
    #: What an account says of itself besides what its stand-in gives.
    options: Mapping[str, str] = field(default_factory=lambda: _NO_OPTIONS)


def kinds(on: date) -> Mapping[str, Kind]:
    """By name, in the order in which they are told; `on` is the day that the clock begins with."""
    month = {"version": f"{on:%Y%m}"}  # of LinkedIn's API; one lives for about a year
    return {
        "x": Kind(platform="x"),
        "mastodon": Kind(platform="mastodon"),
        "bluesky": Kind(platform="bluesky"),
        "facebook": Kind(platform="facebook", tells=Tells.PRESENCE),
        "instagram": Kind(
            platform="instagram",
            software="instagram with facebook",
            threads=False,
            always_pictured=True,
            options={"login": "facebook"},
        ),
        # A token that was made at Instagram reads no captions: where several posts stand within ten
        # minutes, as here, it cannot say which of them it is.
        "instagram-login": Kind(
            platform="instagram", tells=Tells.NOTHING, threads=False, always_pictured=True
        ),
        "threads": Kind(platform="threads"),
        "linkedin": Kind(platform="linkedin", options=month),
        "linkedin-person": Kind(
            platform="linkedin",
            software="linkedin of a person",
            tells=Tells.NOTHING,
            options=month,
        ),
        "telegram": Kind(platform="telegram", tells=Tells.NOTHING, options={"alts": "caption"}),
        "discord": Kind(platform="discord", tells=Tells.NOTHING),
        "slack": Kind(platform="slack", tells=Tells.NOTHING),
    }


def names(kind: str, accounts: int) -> tuple[str, ...]:
    """Of so many accounts of a kind."""
    return tuple(f"{kind}-{number}" for number in range(1, 1 + accounts))


def kind_of(account: str) -> str:
    return account.rpartition("-")[0]


def account(name: str, kind: Kind, options: Mapping[str, str]) -> Account:
    """`options` are those that the stand-in gave."""
    said = MappingProxyType({**kind.options, **options})
    return Account(name=name, platform=kind.platform, options=said)


def post_on(campaign: str, account: str, kind: Kind, number: int, *, at: hour) -> Post:
    """One of its posts; all cards are the same, so that each is drawn once."""
    pictured = kind.always_pictured or number % PICTURED == 0
    threaded = kind.threads and number % THREADS == THREADS - 2
    return post(
        campaign,
        number,
        account,
        at=at,
        thread=1 if threaded else 0,
        slides=(_SLIDE,) if pictured else (),
        grace=GRACE,
    )
