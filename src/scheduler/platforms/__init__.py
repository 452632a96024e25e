"""The platforms that posts go to: one file each, one registry, limits as data."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from scheduler.platforms.bluesky import Bluesky
from scheduler.platforms.facebook import Facebook
from scheduler.platforms.folder import Folder
from scheduler.platforms.linkedin import LinkedIn
from scheduler.platforms.mastodon import Mastodon
from scheduler.platforms.protocol import (
    ANSWER_TIMEOUT,
    CONNECT_TIMEOUT,
    OVER_THE_NETWORK,
    Absent,
    Cap,
    Finding,
    Found,
    Identity,
    Limits,
    Option,
    Platform,
    Staged,
    Tokens,
    Unknown,
)
from scheduler.platforms.wording import with_note
from scheduler.platforms.x import X

#: By the name that accounts say in the calendar.
PLATFORMS: Mapping[str, type[Platform]] = MappingProxyType(
    {
        "folder": Folder,
        "mastodon": Mastodon,
        "bluesky": Bluesky,
        "x": X,
        "facebook": Facebook,
        "linkedin": LinkedIn,
    }
)

__all__ = [
    "ANSWER_TIMEOUT",
    "CONNECT_TIMEOUT",
    "OVER_THE_NETWORK",
    "PLATFORMS",
    "Absent",
    "Bluesky",
    "Cap",
    "Facebook",
    "Finding",
    "Folder",
    "Found",
    "Identity",
    "Limits",
    "LinkedIn",
    "Mastodon",
    "Option",
    "Platform",
    "Staged",
    "Tokens",
    "Unknown",
    "X",
    "with_note",
]
