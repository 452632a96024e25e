"""The shelf of a calendar: in a folder beside it, or where CAMPAIGN_SHELF says, for many machines.

    CAMPAIGN_SHELF=/mnt/campaign/cards
    CAMPAIGN_SHELF=s3://BUCKET/PREFIX?endpoint=https://s3.example.org&region=…&path_style=yes

The words are those of the calendar's `hosting`. Keys never stand in the address: it says where they
lie, access_key=keyring:NAME; unless it does, they are read from the environment.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from scheduler.accounts import StoredTokens
from scheduler.buckets import Objects
from scheduler.calendar.scalars import served
from scheduler.cards import WORTH_A_POOL, Once, Shelf
from scheduler.cards.resting import Resting
from scheduler.cli.deciding import refused
from scheduler.cli.options import SHELF, Folders, shared_store
from scheduler.errors import UserError
from scheduler.model import Bucket, Secret
from scheduler.naming import nearest

#: Seconds to wait for a connection, and for an answer: in that time many cards are drawn.
TIMEOUTS = (2.0, 5.0)
#: Servers close lines that were quiet, and whatever is asked of them may be asked twice.
ATTEMPTS = 3
#: What may stand behind the question mark.
WORDS = ("endpoint", "region", "path_style", "access_key", "secret_key")
_KEYS = MappingProxyType(
    {word: Secret(kind="env", name=f"{SHELF}_{word.upper()}") for word in WORDS[3:]}
)
_KINDS = ("env", "keyring", "file")
_WHERE_KEYS_ARE = (
    "keys are read from {} and {}, or from where access_key=keyring:NAME, file:PATH or env:NAME "
    "and secret_key=… say"
).format(*(secret.name for secret in _KEYS.values()))
_FORM = "write s3://BUCKET/PREFIX, or a folder"


def shelf_of(
    campaign: Path, *, once: Once | None = None, worth_a_pool: int = WORTH_A_POOL
) -> Shelf:
    """Where the cards lie that all machines share. Raises a `UserError` when nobody could say."""
    written, root = shared_store(), campaign.resolve().parent
    return Shelf(
        Folders(campaign).shelf,
        store=_store(written, root) if written else None,
        worth_a_pool=worth_a_pool,
        once=once,
    )


def own_shelf(campaign: Path) -> Shelf:
    """What lies on this machine alone: for whoever must not ask for a secret."""
    return Shelf(Folders(campaign).shelf)


@cache
def _store(written: str, root: Path) -> Resting:
    """One for the whole process, so that what is away is told once, and waited for once."""
    bucket = bucket_at(written)
    keys = StoredTokens(bucket, environment=os.environ, root=root, called="bucket")
    return Resting(
        Objects(bucket, secrets=keys, settings=SHELF, timeouts=TIMEOUTS, attempts=ATTEMPTS)
    )


# ── an address as a person writes it ──────────────────────────────────────────────────────────────


def bucket_at(written: str) -> Bucket:
    """The bucket that the address means. Raises a `UserError`, which repeats nothing secret."""
    parts = _parts(written)
    said = _said(parts.query)
    folder = unquote(parts.path).strip("/")
    return Bucket(
        name=parts.netloc,
        prefix=f"{folder}/" if folder else "",
        endpoint=_endpoint(said.get("endpoint")),
        region=said.get("region", ""),
        path_style=_yes(said.get("path_style", "no")),
        secrets=MappingProxyType({word: _place(word, said.get(word)) for word in _KEYS}),
    )


def _parts(written: str) -> SplitResult:
    try:
        parts = urlsplit(written)
    except ValueError:
        raise _refused("this is no address", _FORM) from None
    if "@" in parts.netloc:
        raise _refused("a key must not stand in the address, which is not shown", _WHERE_KEYS_ARE)
    if parts.scheme != "s3" or not written.casefold().startswith("s3://"):
        raise _refused("this is neither a folder nor the address of a bucket", _FORM)
    if not parts.netloc:
        raise _refused("the address names no bucket", _FORM)
    if ":" in parts.netloc:
        raise _refused(
            "a bucket has no port", "where its server is, says ?endpoint=https://HOST:PORT"
        )
    if parts.fragment:
        raise _refused("nothing can stand behind a #", "write %23 for one in a name")
    return parts


def _said(query: str) -> Mapping[str, str]:
    said: dict[str, str] = {}
    for word, value in parse_qsl(query, keep_blank_values=True):
        if word not in WORDS:
            raise _unknown(word)
        if word in said:
            raise _refused(f'"{word}" stands there twice', "delete one of the two")
        if not value:
            raise _refused(f'"{word}" says nothing', "delete it, or write what it is")
        said[word] = value
    return said


def _unknown(word: str) -> UserError:
    """The word itself is not shown: a key may have got there."""
    return _refused("the address has a word that means nothing here", nearest(word, WORDS))


def _endpoint(written: str | None) -> str:
    try:
        return served(written) if written else ""
    except ValueError as error:
        raise _refused(f"endpoint: {error}", "") from None


def _yes(written: str) -> bool:
    if written not in {"yes", "no"}:
        raise _refused("path_style is neither yes nor no", "write yes or no")
    return written == "yes"


def _place(word: str, written: str | None) -> Secret:
    if written is None:
        return _KEYS[word]
    kind, _, name = written.partition(":")
    if kind not in _KINDS or not name:
        raise _refused(f"{word} must say where the key lies, and is not shown", _WHERE_KEYS_ARE)
    return Secret(kind=kind, name=name)


def _refused(message: str, hint: str) -> UserError:
    return refused(f"{SHELF}: {message}", hint)
