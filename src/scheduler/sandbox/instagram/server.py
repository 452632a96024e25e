"""A stand-in for Instagram: containers, publishing and reading back, and its rules to the letter.

Stricter than Instagram where that one says nothing: unknown parameters are refused, a container is
published once, and of two numbers it takes the smaller one. A token that was made at Instagram may
not read captions or delete, as the pages say.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
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
    no_permission,
    true,
)
from scheduler.sandbox.graph.signing import SigningIn, app_of
from scheduler.sandbox.instagram.rules import (
    MAX_CONTAINERS,
    MAX_POSTS,
    PUBLISH,
    PUBLISH_WITH_FACEBOOK,
    READ,
    READ_WITH_FACEBOOK,
    check_carousel,
    check_image,
    picture_at,
)
from scheduler.sandbox.standing import Address, Now, PublicPost

_NEVER = datetime.max.replace(tzinfo=UTC)
_VERSION = "v26.0"
_ROUTES = Map(
    [
        Rule("/oauth/authorize", methods=["GET", "POST"], endpoint="authorise"),
        Rule("/oauth/access_token", methods=["POST"], endpoint="redeem"),
        Rule("/access_token", methods=["GET"], endpoint="exchange"),
        Rule("/refresh_access_token", methods=["GET"], endpoint="renew"),
        Rule(f"/{_VERSION}/dialog/oauth", methods=["GET", "POST"], endpoint="authorise"),
        Rule(f"/{_VERSION}/oauth/access_token", methods=["POST"], endpoint="redeem"),
        Rule(f"/{_VERSION}/oauth/access_token", methods=["GET"], endpoint="exchange"),
        Rule(f"/{_VERSION}/me/accounts", methods=["GET"], endpoint="pages"),
        Rule(f"/{_VERSION}/me", methods=["GET"], endpoint="me"),
        Rule(f"/{_VERSION}/<id>/media", methods=["POST"], endpoint="make"),
        Rule(f"/{_VERSION}/<id>/media", methods=["GET"], endpoint="list"),
        Rule(f"/{_VERSION}/<id>/media_publish", methods=["POST"], endpoint="publish"),
        Rule(f"/{_VERSION}/<id>/content_publishing_limit", methods=["GET"], endpoint="limit"),
        Rule(f"/{_VERSION}/<id>", methods=["GET"], endpoint="show"),
        Rule(f"/{_VERSION}/<id>", methods=["DELETE"], endpoint="delete"),
    ]
)
#: How tokens begin, by where they were made.
AT_INSTAGRAM, AT_FACEBOOK = "IGAA", "EAAB"
SCOPES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        AT_INSTAGRAM: frozenset({READ, PUBLISH}),
        AT_FACEBOOK: frozenset(
            {READ_WITH_FACEBOOK, PUBLISH_WITH_FACEBOOK, "pages_read_engagement"}
        ),
    }
)
_CONTAINER_FIELDS = ("id", "status_code", "status")
_POST_FIELDS = ("id", "caption", "permalink", "timestamp", "media_type", "username", "alt_text")


class InstagramStandIn:
    """One API with any number of accounts."""

    #: Where its accounts' tokens were made.
    kind: ClassVar[str] = AT_INSTAGRAM
    purposes: ClassVar[Mapping[str, Purpose]] = MappingProxyType(
        {
            f"POST /{_VERSION}/<id>/media_publish": Purpose.PUBLISH,
            f"POST /{_VERSION}/<id>/media": Purpose.UPLOAD,
            f"GET /{_VERSION}/<id>/media": Purpose.READ,
        }
    )

    def __init__(self, *, now: Now, processing: timedelta) -> None:
        self._now = now
        self._processing = processing
        self._lock = threading.RLock()
        self._kept = Kept()
        at_instagram = self.kind == AT_INSTAGRAM
        self._signing = SigningIn(
            kept=self._kept,
            consents=Consents(
                known=self._kept.knows, scopes=SCOPES[self.kind] | {"pages_show_list"}, between=","
            ),
            kind=self.kind,
            exchange="ig_exchange_token" if at_instagram else "fb_exchange_token",
            refresh="ig_refresh_token" if at_instagram else "",
        )
        self._doors: dict[str, Callable[[Request, datetime], Response]] = {
            "authorise": self._signing.authorise,
            "redeem": self._signing.redeemed,
            "exchange": self._signing.exchanged,
            **(
                {"renew": self._signing.renewed} if at_instagram else {"pages": self._signing.pages}
            ),
        }
        self._verbs: dict[str, Callable[[Asked], Any]] = {
            "me": self._me,
            "make": self._make,
            "list": self._list,
            "publish": self._publish,
            "limit": self._limit,
            "show": self._show,
            "delete": self._delete,
        }

    def admit(self, account: str) -> Address:
        """A token for the account, its number and its name, and the app of its organisation."""
        app = app_of(account)
        self._signing.consents.apps[app.id] = app
        token = self.grant(account, scopes=SCOPES[self.kind])
        return Address(
            options={
                "user_id": user_id(account),
                "handle": username(account),
                "app_id": app.id,
            },
            secrets={"token": token, "app_secret": app.secret},
        )

    def grant(self, account: str, *, scopes: frozenset[str]) -> str:
        """A token that may do just this."""
        with self._lock:
            return self._kept.grant(account, kind=self.kind, scopes=scopes, now=self._now())

    def endpoint(self, request: Request) -> str:
        """Method and route, such as "POST /v26.0/<id>/media_publish"."""
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
        """Leave the account no post of these 24 hours."""
        with self._lock:
            self._kept.exhaust("post", account, MAX_POSTS, self._now())

    def public(self, account: str) -> list[PublicPost]:
        """The account's posts that stand, oldest first."""
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
                return answered(self._verbs[verb](asked))
            except Refused as refused:
                return refused.response
            except HTTPException as error:
                return Refused(2500, 0, f"Unknown path: {error.name}").response

    def _me(self, asked: Asked) -> Any:
        if asked.token.kind != AT_INSTAGRAM:
            raise invalid("/me is the person here, and not the account")
        need(asked.token, READ)
        known = ("id", "user_id", "username", "account_type")
        whole = {
            # Its own for each app: not the number of the account.
            "id": sha256(f"app-scoped {asked.account}".encode()).hexdigest()[:16],
            "user_id": user_id(asked.account),
            "username": username(asked.account),
            "account_type": "BUSINESS",
        }
        fields = fields_of(asked.said, known.__contains__)
        return {name: whole[name] for name in (*fields, "id")}

    def _make(self, asked: Asked) -> Any:
        self._check_user(asked)
        need(asked.token, _publishing(asked))
        if self._kept.used("container", asked.account, asked.now) >= MAX_CONTAINERS:
            raise Refused(4, 0, "(#4) Application request limit reached")
        said = asked.said
        whole = said.get("media_type") == "CAROUSEL"
        pictures = self._items(asked, check_carousel(said)) if whole else self._one(said)
        self._kept.count("container", asked.account, asked.now)
        container = Container(
            id=self._kept.new_id(),
            account=asked.account,
            text=said.get("caption", ""),
            pictures=pictures,
            made_at=asked.now,
            ready_at=asked.ready_at,
            item=true(said, "is_carousel_item"),
        )
        self._kept.containers[container.id] = container
        return {"id": container.id}

    def _one(self, said: Mapping[str, str]) -> tuple[Shown, ...]:
        check_image(said)
        data = self._kept.pictures.once(picture_at(said["image_url"]).data)
        return (Shown(data=data, alt=said.get("alt_text", "")),)

    def _items(self, asked: Asked, ids: list[str]) -> tuple[Shown, ...]:
        children = [self._kept.own(asked.token, id_) for id_ in ids]
        for child in children:
            if not child.item or child.state(asked.now) != "FINISHED":
                raise Refused(9007, 2207008, "A child of the carousel is not ready")
        return tuple(picture for child in children for picture in child.pictures)

    def _publish(self, asked: Asked) -> Any:
        self._check_user(asked)
        need(asked.token, _publishing(asked))
        closed(asked.said, needed="creation_id")
        container = publishable(self._kept.own(asked.token, asked.said["creation_id"]), asked.now)
        if self._kept.used("post", asked.account, asked.now) >= MAX_POSTS:
            raise Refused(9, 2207042, "(#9) The account has reached its limit of posts in 24 hours")
        code = sha256(container.id.encode()).hexdigest()[:11]
        url = f"{asked.host_url}p/{code}/"
        post = self._kept.published(container, url=url, now=asked.now)
        self._kept.count("post", asked.account, asked.now)
        return {"id": post.id}

    def _limit(self, asked: Asked) -> Any:
        self._check_user(asked)
        fields_of(asked.said, ("quota_usage", "config").__contains__)
        used = self._kept.used("post", asked.account, asked.now)
        config = {"quota_total": MAX_POSTS, "quota_duration": 86_400}
        return {"data": [{"quota_usage": used, "config": config}]}

    def _list(self, asked: Asked) -> Any:
        self._check_user(asked)
        said = asked.said
        closed(said, known="fields limit after")
        fields = fields_of(said, _POST_FIELDS.__contains__)
        posts, paging = page(self._kept.posts_of(asked.account), said, asked.request.base_url)
        shown = [_shown(post, fields, asked) for post in posts]
        return {"data": shown, **({"paging": paging} if paging else {})}

    def _show(self, asked: Asked) -> Any:
        closed(asked.said, known="fields")
        if asked.id == user_id(asked.account):
            whole = {"id": asked.id, "username": username(asked.account)}
            return {name: whole[name] for name in fields_of(asked.said, whole.__contains__)}
        if post := self._kept.posts.get(asked.id):
            return _shown(post, fields_of(asked.said, _POST_FIELDS.__contains__), asked)
        container = self._kept.containers.get(asked.id)
        if container is None or container.account != asked.account:
            raise no_object(asked.id)
        fields = fields_of(asked.said, _CONTAINER_FIELDS.__contains__)
        state = container.state(asked.now)
        whole = {"id": container.id, "status_code": state, "status": f"{state.title()}: "}
        return {name: whole[name] for name in (*fields, "id")}

    def _delete(self, asked: Asked) -> Any:
        if asked.token.kind != AT_FACEBOOK:
            raise no_permission("deleting is for tokens that were made with Facebook")
        post = self._kept.posts.get(asked.id)
        if post is None or post.account != asked.account:
            raise no_object(asked.id)
        del self._kept.posts[asked.id]
        return {"success": True}

    def _check_user(self, asked: Asked) -> None:
        if asked.id != user_id(asked.account):
            raise no_object(asked.id)


class InstagramWithFacebook(InstagramStandIn):
    """The same for accounts whose token was made with Facebook."""

    kind: ClassVar[str] = AT_FACEBOOK


def _publishing(asked: Asked) -> str:
    return PUBLISH if asked.token.kind == AT_INSTAGRAM else PUBLISH_WITH_FACEBOOK


def _shown(post: Post, fields: list[str], asked: Asked) -> dict[str, str]:
    """What was asked for of a post; what it does not have is left out."""
    kind = "CAROUSEL_ALBUM" if post.pictures[1:] else "IMAGE"
    whole = {
        "id": post.id,
        "caption": post.text if asked.token.kind == AT_FACEBOOK else "",
        "permalink": post.url,
        "timestamp": post.timestamp,
        "media_type": kind,
        "username": username(post.account),
        "alt_text": "" if post.pictures[1:] else post.pictures[0].alt,
    }
    return {name: whole[name] for name in (*fields, "id") if whole[name]}
