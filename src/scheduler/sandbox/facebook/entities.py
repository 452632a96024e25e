"""What the stand-in for Facebook keeps, and how the Graph API shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from scheduler.sandbox.standing import PublicPost


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    id: str
    account: str
    data: bytes
    alt: str
    #: The post or comment that holds it, or "" while nobody sees it.
    held_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A post of a page, or a comment of it."""

    id: str
    account: str
    message: str
    photos: tuple[Photo, ...]
    #: The post that a comment answers.
    answers: str | None
    created_at: datetime


def number_of(account: str, what: str = "page") -> str:
    """A number as Facebook's, the same for the same name."""
    return str(int.from_bytes(sha256(f"{what} {account}".encode()).digest()[:6]))


def made(what: str, account: str) -> str:
    return sha256(f"sandbox {what} of {account}".encode()).hexdigest()


def page_token(account: str) -> str:
    return f"EAAP{made('page token', account)}"


def user_token(account: str) -> str:
    """Of a person who works for the page: it is not the page's."""
    return f"EAAU{made('user token', account)}"


def app_secret(account: str) -> str:
    return made("app secret", account)[:32]


def app_token(account: str) -> str:
    return f"{number_of(account, 'app')}|{app_secret(account)}"


def link(post: Post, host_url: str) -> str:
    """https://www.facebook.com/<page>/posts/<post>, as the API shows it."""
    page = number_of(post.account)
    if post.answers is None:
        return f"{host_url}{page}/posts/{post.id.partition('_')[2]}"
    comment = post.id.partition("_")[2]
    return f"{host_url}{page}/posts/{post.answers.partition('_')[2]}?comment_id={comment}"


def shown_post(post: Post, fields: Sequence[str], host_url: str) -> dict[str, Any]:
    """https://developers.facebook.com/docs/graph-api/reference/page-post

    Only what was asked for, and only what is there.
    """
    everything: Mapping[str, Any] = {
        "id": post.id,
        "message": post.message or None,
        "created_time": post.created_at.strftime("%Y-%m-%dT%H:%M:%S+0000"),
        "permalink_url": link(post, host_url),
        "from": {"id": number_of(post.account), "name": post.account},
        "is_published": True if post.answers is None else None,
        "attachments": _attachments(post, host_url) if post.answers is None else None,
        "attachment": _attachment(post.photos[0], host_url) if post.photos else None,
    }
    return {name: everything[name] for name in fields if everything.get(name) is not None}


def _attachment(photo: Photo, host_url: str) -> dict[str, Any]:
    return {"target": {"id": photo.id, "url": f"{host_url}photo.php?fbid={photo.id}"}}


def _attachments(post: Post, host_url: str) -> dict[str, Any] | None:
    """One photo stands there itself; several stand in an album."""
    shown = [_attachment(each, host_url) for each in post.photos]
    if not shown:
        return None
    if len(shown) == 1:
        return {"data": shown}
    album = {"id": number_of(post.id, "album"), "url": f"{host_url}media/set"}
    return {"data": [{"target": album, "subattachments": {"data": shown}}]}


def seen(post: Post, host_url: str) -> PublicPost:
    """The post for whoever counts what the public sees."""
    return PublicPost(
        account=post.account,
        id=post.id,
        url=link(post, host_url),
        text=post.message,
        note="",
        language="",
        visibility="public",
        alts=tuple(each.alt for each in post.photos),
        digests=tuple(sha256(each.data).hexdigest() for each in post.photos),
        pictures=tuple(each.data for each in post.photos),
        published_at=post.created_at,
        reply_to=post.answers,
        key=None,
    )
