"""The servers that the stand-in can be, with their vendors' numbers and manners.

Written from the vendors' sources without a look at the adapter, which they are there to catch.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from scheduler.sandbox.mastodon.text import CHARACTERS_PER_URL, MAX_CHARACTERS, length

_NO_VERSIONS: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Kin:
    version: str
    source_url: str
    api_versions: Mapping[str, int] = field(default_factory=lambda: _NO_VERSIONS)
    max_characters: int
    #: What note and text count, or None where nobody counts.
    length: Callable[[str, str], int] | None
    #: As it is stated; some count otherwise.
    characters_per_url: int
    max_pictures: int
    max_bytes: int
    max_matrix: int
    #: None: it states none.
    max_description: int | None
    #: Gives the first post back for a repeated Idempotency-Key.
    keys: bool
    #: The status of a refusal of what was said.
    invalid: int = 422
    #: What it answers to a token that it does not know: a status and, where it is no JSON, a text.
    unknown_token: tuple[int, str] = (401, "")
    #: Keeps the language of a post.
    languages: bool = True
    #: "iso" limits posts, uploads and deletions as Mastodon does; "unix" limits calls alone, and
    #: says when that ends in seconds; "" limits nothing.
    rates: str


def code_points(note: str, text: str) -> int:
    return len(note) + len(text)


#: https://docs.joinmastodon.org/entities/Instance/#configuration
MASTODON = Kin(
    version="4.5.3",
    source_url="https://github.com/mastodon/mastodon",
    api_versions=MappingProxyType({"mastodon": 7}),
    max_characters=MAX_CHARACTERS,
    length=length,
    characters_per_url=CHARACTERS_PER_URL,
    max_pictures=4,
    max_bytes=16_777_216,
    max_matrix=33_177_600,
    max_description=1500,
    keys=True,
    rates="iso",
)

#: Its statuscreate.go and internaltofrontend.go, and
#: https://docs.gotosocial.org/en/latest/api/ratelimiting/
GOTOSOCIAL = Kin(
    version="3.5.3+0.20.0",
    source_url="https://codeberg.org/superseriousbusiness/gotosocial",
    max_characters=5000,
    length=code_points,
    characters_per_url=25,
    max_pictures=6,
    max_bytes=41_943_040,
    max_matrix=16_777_216,
    max_description=5000,
    keys=False,
    invalid=400,
    rates="unix",
)

#: https://github.com/fedify-dev/hollo/blob/main/src/api/v2/instance.ts, and statuses.ts, which
#: counts nothing. Its race (several posts of requests that come at once) is left out.
HOLLO = Kin(
    version="0.6.0",
    source_url="https://github.com/fedify-dev/hollo",
    api_versions=MappingProxyType({"mastodon": 2}),
    max_characters=10_000,
    length=None,
    characters_per_url=256,
    max_pictures=8,
    max_bytes=33_554_432,
    max_matrix=16_777_216,
    max_description=None,
    keys=True,
    rates="",
)

#: https://github.com/jointakahe/takahe, api/views/statuses.py, instance.py and middleware.py
TAKAHE = Kin(
    version="takahe/0.11.0",
    source_url="https://github.com/jointakahe/takahe",
    max_characters=500,
    length=lambda _note, text: len(text),
    characters_per_url=23,
    max_pictures=4,
    max_bytes=10_485_760,
    max_matrix=4_000_000,
    max_description=None,
    keys=False,
    invalid=400,
    unknown_token=(400, "Invalid Bearer token"),
    languages=False,
    rates="",
)
