"""How a person signs an account in: each platform's own way, told as a conversation.

A way asks the `Desk` for what a person knows, sends them to the platform's page where it has one,
and gives back what is to be kept. It stores nothing, and makes nothing public. `renewing` asks for
the next token before the last one dies.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from scheduler.platforms.signing_in.bluesky import BLUESKY
from scheduler.platforms.signing_in.by_hand import DISCORD, SLACK, TELEGRAM
from scheduler.platforms.signing_in.desk import Back, Desk, Entered, Way
from scheduler.platforms.signing_in.linkedin import LINKEDIN
from scheduler.platforms.signing_in.mastodon import MASTODON
from scheduler.platforms.signing_in.meta import FACEBOOK, INSTAGRAM, THREADS
from scheduler.platforms.signing_in.oauth import code_in, pasted
from scheduler.platforms.signing_in.renewing import Renewal, can_be_renewed, is_due, renewal_of
from scheduler.platforms.signing_in.x import X

#: By the platform's name in the calendar; a folder needs none.
WAYS: Mapping[str, Way] = MappingProxyType(
    {
        "mastodon": MASTODON,
        "bluesky": BLUESKY,
        "x": X,
        "facebook": FACEBOOK,
        "instagram": INSTAGRAM,
        "threads": THREADS,
        "linkedin": LINKEDIN,
        "telegram": TELEGRAM,
        "discord": DISCORD,
        "slack": SLACK,
    }
)

__all__ = [
    "WAYS",
    "Back",
    "Desk",
    "Entered",
    "Renewal",
    "Way",
    "can_be_renewed",
    "code_in",
    "is_due",
    "pasted",
    "renewal_of",
]
