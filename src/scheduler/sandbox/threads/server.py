"""A stand-in for Threads: containers, publishing and reading back, and its rules to the letter.

Stricter than Threads where that one says nothing: unknown parameters are refused, and a container
is published once.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from types import MappingProxyType
from typing import Any, ClassVar

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from scheduler.sandbox.answering import route
from scheduler.sandbox.consenting import Consents
from scheduler.sandbox.faults import Purpose
from scheduler.sandbox.graph.asking import Asked, answered
from scheduler.sandbox.graph.keeping import (
    Container,
    Kept,
    Post,
    Shown,
    need,
    page,
    publishable,
    seen,
    user_id,
    username,
)
from scheduler.sandbox.graph.refusing import (
    Refused,
    closed,
    fields_of,
    invalid,
    no_object,
    true,
)
from scheduler.sandbox.graph.signing import SigningIn, app_of
from scheduler.sandbox.standing import Address, Now, PublicPost
from scheduler.sandbox.threads.rules import (
    DELETE,
    MAX_DELETIONS,
    MAX_POSTS,
    MAX_REPLIES,
    PUBLISH,
    READ,
    REPLY,
    check,
    children,
    picture_at,
)

_NEVER = datetime.max.replace(tzinfo=UTC)
_ROUTES = Map(
    [
        Rule("/v1.0/me", methods=["GET"], endpoint="me"),
        Rule("/v1.0/debug_token", methods=["GET"], endpoint="debug"),
        Rule("/oauth/authorize", methods=["GET", "POST"], endpoint="authorise"),
        Rule("/oauth/access_token", methods=["POST"], endpoint="redeem"),
        Rule("/access_token", methods=["GET"], endpoint="exchange"),
        Rule("/refresh_access_token", methods=["GET"], endpoint="renew"),
        Rule("/v1.0/me/threads", methods=["POST"], endpoint="make"),
        Rule("/v1.0/me/threads", methods=["GET"], endpoint="list"),
        Rule("/v1.0/me/replies", methods=["GET"], endpoint="replies"),
        Rule("/v1.0/me/threads_publish", methods=["POST"], endpoint="publish"),
        Rule("/v1.0/me/threads_publishing_limit", methods=["GET"], endpoint="limit"),
        Rule("/v1.0/<id>/threads", methods=["POST"], endpoint="by_number"),
        Rule("/v1.0/<id>/threads_publish", methods=["POST"], endpoint="by_number"),
        Rule("/v1.0/<id>", methods=["GET"], endpoint="show"),
        Rule("/v1.0/<id>", methods=["DELETE"], endpoint="delete"),
    ]
)
#: How tokens begin.
KIND = "THAA"
SCOPES = frozenset({READ, PUBLISH, REPLY, DELETE})
_CONTAINER_FIELDS = ("id", "status", "error_message")
_POST_FIELDS = ("id", "text", "permalink", "timestamp", "media_type", "username", "alt_text")
_REPLY_FIELDS = (*_POST_FIELDS, "replied_to", "is_reply")
_QUOTAS = ("quota_usage", "config", "reply_quota_usage", "reply_config")


class ThreadsStandIn:
    """One API with any number of accounts."""

    purposes: ClassVar[Mapping[str, Purpose]] = MappingProxyType(
        {
            "POST /v1.0/me/threads_publish": Purpose.PUBLISH,
            "POST /v1.0/me/threads": Purpose.UPLOAD,
            "GET /v1.0/me/threads": Purpose.READ,
            "GET /v1.0/me/replies": Purpose.READ,
        }
    )

    def __init__(self, *, now: Now, processing: timedelta) -> None:
        self._now = now
        self._processing = processing
        self._lock = threading.RLock()
        self._kept = Kept()
        self._signing = SigningIn(
            kept=self._kept,
            consents=Consents(known=self._kept.knows, scopes=SCOPES, between=","),
            kind=KIND,
            exchange="th_exchange_token",
            refresh="th_refresh_token",
        )
        self._doors: dict[str, Callable[[Request, datetime], Response]] = {
            "authorise": self._signing.authorise,
            "redeem": self._signing.redeemed,
            "exchange": self._signing.exchanged,
            "renew": self._signing.renewed,
        }
        self._verbs: dict[str, Callable[[Asked], Any]] = {
            "me": self._me,
            "debug": self._debug,
            "make": self._make,
            "list": self._list,
            "replies": self._replies,
            "publish": self._publish,
            "limit": self._limit,
            "by_number": self._by_number,
            "show": self._show,
            "delete": self._delete,
        }

    def admit(self, account: str) -> Address:
        """A token for the account, its number and its name, and the app of its organisation."""
        app = app_of(account)
        self._signing.consents.apps[app.id] = app
        return Address(
            options={
                "user_id": user_id(account),
                "handle": username(account),
                "app_id": app.id,
            },
            secrets={"token": self.grant(account, scopes=SCOPES), "app_secret": app.secret},
        )

    def grant(self, account: str, *, scopes: frozenset[str]) -> str:
        """A token that may do just this."""
        with self._lock:
            return self._kept.grant(account, kind=KIND, scopes=scopes, now=self._now())

    def endpoint(self, request: Request) -> str:
        """Method and route: "POST /v1.0/me/threads_publish"."""
        return route(_ROUTES, request)

    def account(self, request: Request) -> str:
        with self._lock:
            token = self._kept.holder(request)
            return token.account if token else ""

    def answer(self, request: Request) -> Response:
        """Do what the request asks for, one at a time."""
        return self._answer(request, self._now() + self._processing)

    def stall(self, request: Request) -> Response:
        """Make a container that will never be finished."""
        return self._answer(request, _NEVER)

    def exhaust(self, account: str) -> None:
        """Leave the account no post and no answer of these 24 hours."""
        with self._lock:
            self._kept.exhaust("post", account, MAX_POSTS, self._now())
            self._kept.exhaust("reply", account, MAX_REPLIES, self._now())

    def public(self, account: str) -> list[PublicPost]:
        """The account's posts and answers that stand, oldest first."""
        with self._lock:
            return [seen(post) for post in self._kept.posts_of(account)]

    def _answer(self, request: Request, ready_at: datetime) -> Response:
        with self._lock:
            try:
                verb, values = _ROUTES.bind_to_environ(request.environ).match()
                if door := self._doors.get(verb):
                    return door(request, self._now())
                asked = Asked(
                    request=request,
                    token=self._kept.admitted(request, self._now()),
                    id=values.get("id", ""),
                    now=self._now(),
                    ready_at=ready_at,
                )
                need(asked.token, READ)
                return answered(self._verbs[verb](asked))
            except Refused as refused:
                return refused.response
            except HTTPException as error:
                return Refused(2500, 0, f"Unknown path: {error.name}").response

    def _me(self, asked: Asked) -> Any:
        whole = {"id": user_id(asked.account), "username": username(asked.account)}
        return {name: whole[name] for name in fields_of(asked.said, whole.__contains__)}

    def _debug(self, asked: Asked) -> Any:
        closed(asked.said, needed="input_token")
        token = self._kept.tokens.get(asked.said["input_token"])
        if token is None:
            return {"data": {"is_valid": False, "scopes": []}}
        return {
            "data": {
                "type": "USER",
                "is_valid": asked.now < token.expires_at,
                "issued_at": int(token.made_at.timestamp()),
                "expires_at": int(token.expires_at.timestamp()),
                "scopes": sorted(token.scopes),
                "user_id": user_id(token.account),
            }
        }

    def _by_number(self, asked: Asked) -> Any:
        """Seen of the real one: it is written to as /me."""
        raise Refused(24, 4279009, f"The requested resource {asked.id} does not exist")

    def _make(self, asked: Asked) -> Any:
        need(asked.token, PUBLISH)
        said = asked.said
        kind = check(said)
        reply_to = said.get("reply_to_id")
        if reply_to is not None:
            need(asked.token, REPLY)
            if reply_to not in self._kept.posts:
                raise invalid("Param reply_to_id is not a post that can be answered")
        pictures, error = self._pictures(kind, asked)
        container = Container(
            id=self._kept.new_id(),
            account=asked.account,
            text=said.get("text", ""),
            pictures=pictures,
            made_at=asked.now,
            ready_at=asked.ready_at,
            item=true(said, "is_carousel_item"),
            reply_to=reply_to,
            covered=true(said, "is_spoiler_media"),
            error=error,
        )
        self._kept.containers[container.id] = container
        return {"id": container.id}

    def _pictures(self, kind: str, asked: Asked) -> tuple[tuple[Shown, ...], str]:
        match kind:
            case "TEXT":
                return (), ""
            case "CAROUSEL":
                return self._items(asked, children(asked.said)), ""
        data, error = picture_at(asked.said["image_url"])
        shown = Shown(data=self._kept.pictures.once(data), alt=asked.said.get("alt_text", ""))
        return (shown,), error

    def _items(self, asked: Asked, ids: Sequence[str]) -> tuple[Shown, ...]:
        items = [self._kept.own(asked.token, id_) for id_ in ids]
        for item in items:
            if not item.item or item.state(asked.now) != "FINISHED":
                raise invalid("An item of the carousel is not ready")
        return tuple(picture for item in items for picture in item.pictures)

    def _publish(self, asked: Asked) -> Any:
        need(asked.token, PUBLISH)
        closed(asked.said, needed="creation_id")
        container = publishable(self._kept.own(asked.token, asked.said["creation_id"]), asked.now)
        what, most = ("reply", MAX_REPLIES) if container.reply_to else ("post", MAX_POSTS)
        if self._kept.used(what, asked.account, asked.now) >= most:
            raise Refused(4, 0, "(#4) The account has reached its limit of posts in 24 hours")
        code = sha256(container.id.encode()).hexdigest()[:11]
        url = f"{asked.host_url}@{username(asked.account)}/post/{code}"
        post = self._kept.published(container, url=url, now=asked.now)
        self._kept.count(what, asked.account, asked.now)
        return {"id": post.id}

    def _limit(self, asked: Asked) -> Any:
        fields = fields_of(asked.said, _QUOTAS.__contains__)
        whole = {
            "quota_usage": self._kept.used("post", asked.account, asked.now),
            "config": {"quota_total": MAX_POSTS, "quota_duration": 86_400},
            "reply_quota_usage": self._kept.used("reply", asked.account, asked.now),
            "reply_config": {"quota_total": MAX_REPLIES, "quota_duration": 86_400},
        }
        return {"data": [{name: whole[name] for name in fields}]}

    def _list(self, asked: Asked) -> Any:
        posts = [post for post in self._kept.posts_of(asked.account) if post.reply_to is None]
        return _page(posts, asked, _POST_FIELDS)

    def _replies(self, asked: Asked) -> Any:
        posts = [post for post in self._kept.posts_of(asked.account) if post.reply_to]
        return _page(posts, asked, _REPLY_FIELDS)

    def _show(self, asked: Asked) -> Any:
        closed(asked.said, known="fields")
        if post := self._kept.posts.get(asked.id):
            return _shown(post, fields_of(asked.said, _POST_FIELDS.__contains__))
        container = self._kept.containers.get(asked.id)
        if container is None or container.account != asked.account:
            raise no_object(asked.id)
        fields = fields_of(asked.said, _CONTAINER_FIELDS.__contains__)
        state = container.state(asked.now)
        error = container.error if state == "ERROR" else ""
        whole = {"id": container.id, "status": state, "error_message": error}
        return {name: whole[name] for name in (*fields, "id") if whole[name]}

    def _delete(self, asked: Asked) -> Any:
        need(asked.token, DELETE)
        post = self._kept.posts.get(asked.id)
        if post is None or post.account != asked.account:
            raise no_object(asked.id)
        if self._kept.used("deletion", asked.account, asked.now) >= MAX_DELETIONS:
            raise Refused(4, 0, "(#4) The account has reached its limit of deletions in 24 hours")
        self._kept.count("deletion", asked.account, asked.now)
        del self._kept.posts[asked.id]
        return {"success": True, "deleted_id": asked.id}


def _page(posts: Sequence[Post], asked: Asked, known: Sequence[str]) -> dict[str, Any]:
    said = asked.said
    closed(said, known="fields limit after since until")
    fields = fields_of(said, known.__contains__)
    shown, paging = page(posts, said, asked.request.base_url)
    found = [_shown(post, fields) for post in shown]
    return {"data": found, **({"paging": paging} if paging else {})}


def _shown(post: Post, fields: Sequence[str]) -> dict[str, Any]:
    """What was asked for of a post; what it does not have is left out."""
    kind = ("TEXT_POST", "IMAGE", "CAROUSEL_ALBUM")[min(len(post.pictures), 2)]
    whole = {
        "id": post.id,
        "text": post.text,
        "permalink": post.url,
        "timestamp": post.timestamp,
        "media_type": kind,
        "username": username(post.account),
        "alt_text": post.pictures[0].alt if len(post.pictures) == 1 else "",
        "replied_to": {"id": post.reply_to} if post.reply_to else None,
        "is_reply": post.reply_to is not None,
    }
    return {name: whole[name] for name in (*fields, "id") if whole[name]}
