"""What the stand-in for X keeps, and how the API shows it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from scheduler.sandbox.standing import PublicPost
from scheduler.sandbox.x.text import wrapped


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    id: str
    account: str
    data: bytes
    alt: str
    uploaded_at: datetime
    ready_at: datetime

    @property
    def key(self) -> str:
        """3 for a photograph."""
        return f"3_{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    id: str
    account: str
    text: str
    media: tuple[Media, ...]
    reply_to: str | None
    conversation: str
    reply_settings: str
    created_at: datetime


def username(account: str) -> str:
    """As X takes them: letters, digits and _, fifteen at most."""
    return re.sub(r"\W", "_", account, flags=re.ASCII)[:15]


def user_id(account: str) -> str:
    """A number as X's, the same for the same name."""
    return str(int.from_bytes(sha256(account.encode()).digest()[:7]))


def shown_user(account: str) -> dict[str, Any]:
    """https://docs.x.com/x-api/fundamentals/data-dictionary"""
    return {"id": user_id(account), "name": account, "username": username(account)}


def shown_post(post: Post, fields: Sequence[str], host_url: str) -> dict[str, Any]:
    """Only what was asked for, beside id and text."""
    address = _address(post, host_url)
    pictures = [(each.key, f"{address}/photo/1") for each in post.media]
    text, urls = wrapped(post.text, pictures)
    replied = [{"type": "replied_to", "id": post.reply_to}] if post.reply_to else []
    everything = {
        "attachments": {"media_keys": [each.key for each in post.media]} if post.media else None,
        "author_id": user_id(post.account),
        "conversation_id": post.conversation,
        "created_at": post.created_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "entities": {"urls": urls} if urls else None,
        "referenced_tweets": replied or None,
        "reply_settings": post.reply_settings,
    }
    asked = {name: everything[name] for name in fields if everything.get(name) is not None}
    return {"id": post.id, "text": text, "edit_history_tweet_ids": [post.id], **asked}


#: What may be asked for of a post, as far as the stand-in knows it.
POST_FIELDS = frozenset(
    {
        "attachments",
        "author_id",
        "conversation_id",
        "created_at",
        "entities",
        "id",
        "referenced_tweets",
        "reply_settings",
        "text",
    }
)


def seen(post: Post, host_url: str) -> PublicPost:
    """The post for whoever counts what the public sees."""
    return PublicPost(
        account=post.account,
        id=post.id,
        url=_address(post, host_url),
        text=post.text,
        note="",
        language="",
        visibility="public",
        alts=tuple(each.alt for each in post.media),
        digests=tuple(sha256(each.data).hexdigest() for each in post.media),
        pictures=tuple(each.data for each in post.media),
        published_at=post.created_at,
        reply_to=post.reply_to,
        key=None,
    )


def _address(post: Post, host_url: str) -> str:
    return f"{host_url}{username(post.account)}/status/{post.id}"
