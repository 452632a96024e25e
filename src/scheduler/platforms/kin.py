"""What servers take that speak Mastodon's API, each with the page or the source that says so.

Mastodon and Hollo state how they count, and mean it. GoToSocial and Takahē state what an address
counts, and then count every code point of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from scheduler.model import Size
from scheduler.platforms.counting import MASTODON_URL, mastodon_length
from scheduler.platforms.protocol import Limits

_MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Kin:
    """One kind of server, as it is set up without changes."""

    limits: Limits
    #: What every address counts, or None where text is counted by the code point, addresses too.
    address: int | None
    #: Whether a content note counts against the text's limit.
    note: bool = True
    #: Whether a repeated Idempotency-Key gives the first post back. Nothing here relies on it:
    #: Hollo, which does so, makes several posts of requests that come at once.
    keys: bool
    #: The whole body of a 400 that is about the token; elsewhere a 401 says so.
    dead_token: bytes = b""

    def length(self, *, note: str, text: str) -> int:
        """What note and text count together."""
        counted = note if self.note else ""
        if self.address is None:
            return len(counted) + len(text)
        return mastodon_length(note=counted, text=text, address=self.address)


MASTODON = Kin(
    limits=Limits(
        page="https://docs.joinmastodon.org/user/posting/",
        text=500,
        text_unit="characters",
        pictures=4,
        alt=1500,
        picture_bytes=16 * _MEBIBYTE,
        card=Size(width=1080, height=1350),
    ),
    address=MASTODON_URL,
    # https://docs.joinmastodon.org/methods/statuses/#headers
    keys=True,
)

#: By the name that an account says in the calendar.
KIN: Mapping[str, Kin] = MappingProxyType(
    {
        "mastodon": MASTODON,
        # https://codeberg.org/superseriousbusiness/gotosocial, statuscreate.go: runes of the text
        # and of the note. The header is listed for CORS alone.
        "gotosocial": Kin(
            limits=replace(
                MASTODON.limits,
                page="https://docs.gotosocial.org/en/latest/configuration/statuses/",
                text=5000,
                pictures=6,
                alt=5000,
                picture_bytes=40 * _MEBIBYTE,
            ),
            address=None,
            keys=False,
        ),
        # It states these numbers, and holds nobody to them; it states none for alt texts.
        "hollo": Kin(
            limits=replace(
                MASTODON.limits,
                page="https://github.com/fedify-dev/hollo/blob/main/src/api/v2/instance.ts",
                text=10_000,
                pictures=8,
                picture_bytes=32 * _MEBIBYTE,
            ),
            address=256,
            keys=True,
        ),
        # The note is not counted, and the language not kept; it states no limit for alt texts.
        # The body: https://github.com/jointakahe/takahe/blob/main/api/middleware.py
        "takahe": Kin(
            limits=replace(
                MASTODON.limits,
                page="https://github.com/jointakahe/takahe/blob/main/api/views/statuses.py",
                picture_bytes=10 * _MEBIBYTE,
                languages=False,
            ),
            address=None,
            note=False,
            keys=False,
            dead_token=b"Invalid Bearer token",
        ),
    }
)

#: Nobody says these of a text: so they are understood whatever the account says of its server.
DEAD_TOKENS = frozenset(kin.dead_token for kin in KIN.values() if kin.dead_token)


def recognised(said: str, otherwise: Kin) -> Kin:
    """The kind of server that names itself, or the other one where none is named.

    Mastodon comes last: others have its name in theirs, for being compatible.
    """
    names = sorted(KIN, key=lambda name: name == "mastodon")
    return next((KIN[name] for name in names if name in said.lower()), otherwise)
