"""What the stand-in for LinkedIn keeps, and how its APIs show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from scheduler.sandbox.linkedin.text import kept, shown
from scheduler.sandbox.standing import PublicPost


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    urn: str
    owner: str
    ends_at: datetime
    #: None until the bytes have arrived.
    data: bytes | None = None
    ready_at: datetime | None = None
    readable: bool = True

    def status(self, now: datetime) -> str:
        if self.data is None or self.ready_at is None:
            return "WAITING_UPLOAD"
        if not self.readable:
            return "PROCESSING_FAILED"
        return "AVAILABLE" if self.ready_at <= now else "PROCESSING"


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A post, or a comment: `answers` is the post's name then."""

    urn: str
    account: str
    author: str
    #: Little text of a post; of a comment the words themselves.
    text: str
    images: tuple[tuple[Image, str], ...]
    #: By which comments call the post that they answer.
    activity: str
    answers: str | None
    created_at: datetime


def number_of(account: str, what: str) -> str:
    """A number as LinkedIn's, the same for the same name."""
    return str(int.from_bytes(sha256(f"{what} {account}".encode()).digest()[:4]))


def member_of(account: str) -> str:
    """Who made the token: ten letters and digits."""
    return sha256(f"member {account}".encode()).hexdigest()[:10]


def made(what: str, account: str) -> str:
    return sha256(f"sandbox {what} of {account}".encode()).hexdigest()


def milliseconds(instant: datetime) -> int:
    return int(instant.timestamp() * 1000)


def shown_post(post: Post) -> dict[str, Any]:
    """https://learn.microsoft.com/linkedin/marketing/community-management/shares/posts-api"""
    at = milliseconds(post.created_at)
    held = [{"id": image.urn, **({"altText": alt} if alt else {})} for image, alt in post.images]
    content: dict[str, Any] = {}
    if len(held) == 1:
        content = {"content": {"media": held[0]}}
    elif held:
        content = {"content": {"multiImage": {"images": held}}}
    return {
        "id": post.urn,
        "author": post.author,
        "commentary": kept(post.text),
        "createdAt": at,
        "publishedAt": at,
        "lastModifiedAt": at,
        "lifecycleState": "PUBLISHED",
        "visibility": "PUBLIC",
        "isReshareDisabledByAuthor": False,
        **content,
    }


def shown_comment(comment: Post) -> dict[str, Any]:
    """https://learn.microsoft.com/linkedin/marketing/community-management/shares/comments-api"""
    at = {"actor": comment.author, "time": milliseconds(comment.created_at)}
    return {
        "actor": comment.author,
        "commentUrn": comment.urn,
        "created": at,
        "id": comment.urn.rpartition(",")[2].removesuffix(")"),
        "lastModified": at,
        "message": {"attributes": [], "text": comment.text},
        "object": comment.activity,
    }


def seen(post: Post, host_url: str) -> PublicPost:
    """The post for whoever counts what the public sees."""
    return PublicPost(
        account=post.account,
        id=post.urn,
        url=f"{host_url}feed/update/{post.urn}/",
        text=shown(post.text) if post.answers is None else post.text,
        note="",
        language="",
        visibility="public",
        alts=tuple(alt for _, alt in post.images),
        digests=tuple(sha256(image.data or b"").hexdigest() for image, _ in post.images),
        pictures=tuple(image.data or b"" for image, _ in post.images),
        published_at=post.created_at,
        reply_to=post.answers,
        key=None,
    )
