"""The platforms that posts go to: one file each, one registry, limits as data."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from scheduler.platforms.bluesky import Bluesky
from scheduler.platforms.discord import Discord
from scheduler.platforms.facebook import Facebook
from scheduler.platforms.folder import Folder
from scheduler.platforms.instagram import Instagram
from scheduler.platforms.linkedin import LinkedIn
from scheduler.platforms.mastodon import Mastodon
from scheduler.platforms.protocol import (
    ANSWER_TIMEOUT,
    CONNECT_TIMEOUT,
    NOWHERE,
    OVER_THE_NETWORK,
    Absent,
    Alts,
    Cap,
    Finding,
    Found,
    Identity,
    Limits,
    MediaHost,
    Option,
    Platform,
    Staged,
    Tokens,
    Unknown,
)
from scheduler.platforms.remembered import Remembered
from scheduler.platforms.slack import Slack
from scheduler.platforms.telegram import Telegram
from scheduler.platforms.threads import Threads
from scheduler.platforms.wording import in_words, with_note
from scheduler.platforms.x import X

#: By the name that accounts say in the calendar.
PLATFORMS: Mapping[str, type[Platform]] = MappingProxyType(
    {
        "folder": Folder,
        "mastodon": Mastodon,
        "bluesky": Bluesky,
        "x": X,
        "facebook": Facebook,
        "instagram": Instagram,
        "threads": Threads,
        "linkedin": LinkedIn,
        "telegram": Telegram,
        "discord": Discord,
        "slack": Slack,
    }
)

__all__ = [
    "ANSWER_TIMEOUT",
    "CONNECT_TIMEOUT",
    "NOWHERE",
    "OVER_THE_NETWORK",
    "PLATFORMS",
    "Absent",
    "Alts",
    "Bluesky",
    "Cap",
    "Discord",
    "Facebook",
    "Finding",
    "Folder",
    "Found",
    "Identity",
    "Instagram",
    "Limits",
    "LinkedIn",
    "Mastodon",
    "MediaHost",
    "Option",
    "Platform",
    "Remembered",
    "Slack",
    "Staged",
    "Telegram",
    "Threads",
    "Tokens",
    "Unknown",
    "X",
    "in_words",
    "with_note",
]
