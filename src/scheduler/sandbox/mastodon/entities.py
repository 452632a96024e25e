"""What the stand-in for Mastodon keeps, and how the API shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from scheduler.sandbox.mastodon.text import html
from scheduler.sandbox.standing import PublicPost


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    id: str
    account: str
    data: bytes
    media_type: str
    description: str
    ready_at: datetime
    status: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    id: str
    account: str
    url: str
    text: str
    spoiler_text: str
    visibility: str
    language: str | None
    sensitive: bool
    in_reply_to_id: str | None
    media_ids: tuple[str, ...]
    created_at: datetime
    key: str | None


def visible(status: Status, account: str) -> bool:
    return status.account == account or status.visibility in ("public", "unlisted")


def account_id(account: str) -> str:
    """A number as the real server's, the same for the same name."""
    return str(int.from_bytes(sha256(account.encode()).digest()[:6]))


def shown_account(account: str, host_url: str) -> dict[str, Any]:
    return {
        "id": account_id(account),
        "username": account,
        "acct": account,
        "display_name": account,
        "url": f"{host_url}@{account}",
        "bot": False,
        "locked": False,
    }


def shown_media(media: Media, host_url: str, *, ready: bool) -> dict[str, Any]:
    """https://docs.joinmastodon.org/entities/MediaAttachment/"""
    address = f"{host_url}media/{media.id}"
    return {
        "id": media.id,
        "type": "image",
        "url": address if ready else None,
        "preview_url": address if ready else None,
        "remote_url": None,
        "meta": {},
        "description": media.description or None,
        "blurhash": None,
    }


def _milliseconds(instant: datetime) -> str:
    return instant.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def seen(status: Status, media: Sequence[Media]) -> PublicPost:
    """The post for whoever counts what the public sees."""
    return PublicPost(
        account=status.account,
        id=status.id,
        url=status.url,
        text=status.text,
        note=status.spoiler_text,
        language=status.language or "",
        visibility=status.visibility,
        alts=tuple(each.description for each in media),
        digests=tuple(sha256(each.data).hexdigest() for each in media),
        pictures=tuple(each.data for each in media),
        published_at=status.created_at,
        reply_to=status.in_reply_to_id,
        key=status.key,
        covered=status.sensitive,
    )


def shown_status(status: Status, media: Sequence[Media]) -> dict[str, Any]:
    """https://docs.joinmastodon.org/entities/Status/"""
    host_url = status.url.split("@", 1)[0]
    return {
        "id": status.id,
        "created_at": _milliseconds(status.created_at),
        "in_reply_to_id": status.in_reply_to_id,
        "in_reply_to_account_id": None,
        "sensitive": status.sensitive,
        "spoiler_text": status.spoiler_text,
        "visibility": status.visibility,
        "language": status.language,
        "uri": f"{host_url}users/{status.account}/statuses/{status.id}",
        "url": status.url,
        "content": html(status.text),
        "account": shown_account(status.account, host_url),
        "media_attachments": [shown_media(each, host_url, ready=True) for each in media],
        "mentions": [],
        "tags": [],
        "emojis": [],
        "reblogs_count": 0,
        "favourites_count": 0,
        "replies_count": 0,
        "edited_at": None,
        "reblog": None,
        "card": None,
        "poll": None,
    }
