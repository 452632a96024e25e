"""A stand-in for LinkedIn: posts, pictures and comments, and their rules to the letter.

Stricter than LinkedIn where that one says nothing: of all that may be said in a post it takes only
what a campaign says, and what stands on an account is a duplicate for as long as it stands. How
fast somebody may post is on no page, and is the stand-in's own number.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any, ClassVar

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from scheduler.sandbox.answering import bearer, in_json, route
from scheduler.sandbox.consenting import App, Consents, NotGranted
from scheduler.sandbox.faults import Purpose
from scheduler.sandbox.linkedin.entities import (
    Image,
    Post,
    made,
    member_of,
    milliseconds,
    number_of,
    seen,
    shown_comment,
    shown_post,
)
from scheduler.sandbox.linkedin.rules import (
    BEGINNINGS,
    MAX_BYTES,
    MAX_PAGE,
    REFRESH_GRACE,
    REFRESH_LIFE,
    TOKEN_LIFE,
    UPLOAD_LIFE,
    Refused,
    body,
    check_comment,
    check_headers,
    check_method,
    check_post,
    check_protocol,
    check_query,
    closed,
    denied,
    duplicate,
    invalid,
    is_object,
    is_text,
    missing,
    number,
)
from scheduler.sandbox.pictures import Pictures
from scheduler.sandbox.quota import Quota
from scheduler.sandbox.standing import Address, Now, PublicPost

_NEVER = datetime.max.replace(tzinfo=UTC)
_COMMENTS = "socialActions/<urn>/comments"
_ROUTES = Map(
    [
        Rule("/v2/userinfo", methods=["GET"], endpoint="me"),
        Rule("/oauth/v2/authorization", methods=["GET", "POST"], endpoint="authorise"),
        Rule("/oauth/v2/accessToken", methods=["POST"], endpoint="token"),
        Rule("/oauth/v2/introspectToken", methods=["POST"], endpoint="introspect"),
        Rule("/rest/organizationAcls", methods=["GET"], endpoint="roles"),
        Rule("/rest/images", methods=["POST"], endpoint="initialise"),
        Rule("/rest/images/<urn>", methods=["GET"], endpoint="image"),
        Rule("/dms-uploads/<urn>/uploaded-image/0", methods=["PUT"], endpoint="upload"),
        Rule("/rest/posts", methods=["POST"], endpoint="create"),
        Rule("/rest/posts", methods=["GET"], endpoint="posts"),
        Rule("/rest/posts/<urn>", methods=["DELETE"], endpoint="delete"),
        *(
            Rule(f"/{api}/{_COMMENTS}{more}", methods=[method], endpoint=endpoint)
            for api in ("rest", "v2")
            for more, method, endpoint in (
                ("", "POST", "comment"),
                ("", "GET", "comments"),
                ("/<id>", "DELETE", "uncomment"),
            )
        ),
    ]
)
_COMMENT_CALLS = frozenset({"comment", "comments", "uncomment"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A request whose sender is known."""

    request: Request
    account: str
    urn: str
    id: str
    now: datetime
    #: When a picture that it uploads will be ready.
    ready_at: datetime

    @property
    def query(self) -> Mapping[str, str]:
        return self.request.args


@dataclass(slots=True)
class _Kept:
    """Everything that the stand-in remembers."""

    #: The account of each token, and when it was made.
    tokens: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    #: What a token may do that is not one of those that everybody was admitted with.
    scopes: dict[str, str] = field(default_factory=dict)
    #: The account of each refresh token, what it may do, and when it ends.
    refresh: dict[str, tuple[str, str, datetime]] = field(default_factory=dict)
    given: int = 0
    images: dict[str, Image] = field(default_factory=dict)
    pictures: Pictures = field(default_factory=Pictures)
    #: Posts and comments in the order in which they were made.
    posts: dict[str, Post] = field(default_factory=dict)
    last_id: int = 0


class LinkedInStandIn:
    """LinkedIn, for the tokens of people who administer a page each."""

    #: Whether the tokens speak for the people themselves.
    personal: ClassVar[bool] = False
    scopes: ClassVar[str] = "w_organization_social,r_organization_social,rw_organization_admin"
    purposes: ClassVar[Mapping[str, Purpose]] = MappingProxyType(
        {
            "POST /rest/posts": Purpose.PUBLISH,
            f"POST /rest/{_COMMENTS}": Purpose.PUBLISH,
            f"POST /v2/{_COMMENTS}": Purpose.PUBLISH,
            "PUT /dms-uploads/<urn>/uploaded-image/0": Purpose.UPLOAD,
            "GET /rest/posts": Purpose.READ,
            f"GET /rest/{_COMMENTS}": Purpose.READ,
        }
    )

    def __init__(self, *, now: Now, processing: timedelta) -> None:
        self._now = now
        self._processing = processing
        self._lock = threading.RLock()
        self._kept = _Kept()
        self._consents = Consents(
            known=lambda name: name in {account for account, _ in self._kept.tokens.values()},
            scopes=frozenset(self.scopes.split(",")),
        )
        self._host_url = ""
        # Nobody publishes these: some 150 posts a day are seen in the field.
        self._day = Quota(limit=150, window=timedelta(days=1))
        self._hour = Quota(limit=50, window=timedelta(hours=1))
        self._verbs: dict[str, Callable[[_Asked], Response]] = {
            "me": self._me,
            "roles": self._roles,
            "initialise": self._initialise,
            "image": self._image,
            "upload": self._upload,
            "create": self._create,
            "posts": self._posts,
            "delete": self._delete,
            "comment": self._comment,
            "comments": self._comments,
            "uncomment": self._uncomment,
        }

    def admit(self, account: str) -> Address:
        """A token for the account, the app that it was made with, and whose it is."""
        token = f"AQ{made('token', account)}"
        with self._lock:
            self._kept.tokens.setdefault(token, (account, self._now()))
            app = App(id=made("app", account)[:14], secret=made("app secret", account)[:16])
            self._consents.apps[app.id] = app
        return Address(
            options={"author": self._author(account), "client_id": app.id},
            secrets={"token": token, "client_secret": app.secret},
        )

    def _author(self, account: str) -> str:
        if self.personal:
            return f"urn:li:person:{member_of(account)}"
        return f"urn:li:organization:{number_of(account, 'organisation')}"

    def endpoint(self, request: Request) -> str:
        """Method and route: "POST /rest/posts"."""
        return route(_ROUTES, request)

    def account(self, request: Request) -> str:
        """Whose token the request carries, or asks about."""
        with self._lock:
            token = bearer(request) or request.form.get("token", "")
            return self._kept.tokens.get(token, ("", None))[0]

    def answer(self, request: Request) -> Response:
        """Do what the request asks for, one at a time."""
        return self._answer(request, self._now() + self._processing)

    def stall(self, request: Request) -> Response:
        """Take a picture that will never be ready."""
        return self._answer(request, _NEVER)

    def exhaust(self, account: str) -> None:
        """Leave the account no post of this hour."""
        with self._lock:
            self._hour.exhaust(account, self._now())

    def public(self, account: str) -> list[PublicPost]:
        """The account's posts and its own comments that stand, oldest first."""
        with self._lock:
            own = [post for post in self._kept.posts.values() if post.account == account]
            return [seen(post, self._host_url) for post in own]

    def _answer(self, request: Request, ready_at: datetime) -> Response:
        with self._lock:
            self._host_url = request.host_url
            try:
                return self._routed(request, self._now(), ready_at)
            except Refused as refused:
                return in_json(refused.error, refused.status)
            except NotGranted as refused:
                return in_json(refused.said, refused.status)
            except HTTPException as error:
                return in_json({"message": error.name, "status": error.code}, error.code or 404)

    def _routed(self, request: Request, now: datetime, ready_at: datetime) -> Response:
        verb, values = _ROUTES.bind_to_environ(request.environ).match()
        match verb:
            case "introspect":
                return self._introspect(request, now)
            case "authorise":
                return self._consents.authorise(request, now)
            case "token":
                return self._token(request, now)
        account = self._signed_in(request, now)
        self._check_api(request, verb, now)
        return self._verbs[verb](
            _Asked(
                request=request,
                account=account,
                urn=values.get("urn", ""),
                id=values.get("id", ""),
                now=now,
                ready_at=ready_at,
            )
        )

    def _signed_in(self, request: Request, now: datetime) -> str:
        account, since = self._kept.tokens.get(bearer(request), ("", now))
        if not account:
            raise Refused(401, "Invalid access token", code="INVALID_ACCESS_TOKEN")
        if now - since >= TOKEN_LIFE:
            message = "The token used in the request has expired"
            raise Refused(401, message, code="EXPIRED_ACCESS_TOKEN")
        return account

    def _check_api(self, request: Request, verb: str, now: datetime) -> None:
        """Whether the path is versioned, and whether this token may use it."""
        if request.path.startswith("/rest/"):
            check_headers(request, now)
            if self.personal and verb in _COMMENT_CALLS:
                raise denied("Not enough permissions to access: partnerApiSocialActions")
        elif request.path.startswith("/v2/"):
            check_protocol(request)
            if not self.personal:
                raise denied(f"Not enough permissions to access: {verb}")

    # ── who asks ──────────────────────────────────────────────────────────────────────────────────

    def _me(self, asked: _Asked) -> Response:
        """https://learn.microsoft.com/linkedin/consumer/integrations/self-serve/sign-in-with-linkedin-v2"""
        return in_json({"sub": member_of(asked.account), "name": asked.account})

    def _roles(self, asked: _Asked) -> Response:
        check_method(asked.request, "FINDER")
        check_query(asked.query, "q", "state", "start", "count")
        if self.personal:
            raise denied("Not enough permissions to access: organizationAcls.FINDER-roleAssignee")
        if (asked.query.get("q"), asked.query.get("state")) != ("roleAssignee", "APPROVED"):
            raise invalid("q must be roleAssignee, and state APPROVED")
        role = {
            "organization": self._author(asked.account),
            "role": "ADMINISTRATOR",
            "roleAssignee": f"urn:li:person:{member_of(asked.account)}",
            "state": "APPROVED",
        }
        return _paged([role], asked)

    def _introspect(self, request: Request, now: datetime) -> Response:
        """https://learn.microsoft.com/linkedin/shared/authentication/token-introspection"""
        form = request.form
        if set(form) != {"client_id", "client_secret", "token"}:
            raise Refused(
                400, "client_id, client_secret and token are needed", code="invalid_request"
            )
        account, since = self._kept.tokens.get(form["token"], ("", now))
        app = self._consents.apps.get(form["client_id"])
        if not account or app is None or form["client_secret"] != app.secret:
            return in_json({"active": False})
        ends = since + TOKEN_LIFE
        active = now < ends
        return in_json(
            {
                "active": active,
                "status": "active" if active else "expired",
                "client_id": form["client_id"],
                "authorized_at": int(since.timestamp()),
                "created_at": int(since.timestamp()),
                "expires_at": int(ends.timestamp()),
                "scope": self._kept.scopes.get(form["token"], self.scopes),
                "auth_type": "3L",
            }
        )

    # ── signing in ────────────────────────────────────────────────────────────────────────────────

    def _token(self, request: Request, now: datetime) -> Response:
        """https://learn.microsoft.com/linkedin/shared/authentication/authorization-code-flow"""
        said = request.form
        if said.get("grant_type") == "refresh_token":
            return self._renewed(said, now)
        consent = self._consents.redeem(said, now)
        scopes = ",".join(consent.scopes)
        # Only approved apps get one to renew with; here, those that speak for pages.
        ends = None if self.personal else now + REFRESH_LIFE
        return self._give(consent.account, scopes, ends, now)

    def _renewed(self, said: Mapping[str, str], now: datetime) -> Response:
        """https://learn.microsoft.com/linkedin/shared/authentication/programmatic-refresh-tokens

        The year does not begin again. What becomes of the old refresh token is on no page: here it
        is good for an hour more, in case this answer is lost.
        """
        self._consents.app(said)
        token = said.get("refresh_token", "")
        account, scopes, ends = self._kept.refresh.get(token, ("", "", now))
        if not account or now >= ends:
            raise NotGranted("invalid_grant", "The provided refresh token is invalid or expired")
        answer = self._give(account, scopes, ends, now)
        self._kept.refresh[token] = (account, scopes, min(ends, now + REFRESH_GRACE))
        return answer

    def _give(self, account: str, scopes: str, ends: datetime | None, now: datetime) -> Response:
        self._kept.given += 1
        number = self._kept.given
        token, refresh = (f"AQ{made(f'{kind} {number}', account)}" for kind in ("access", "again"))
        self._kept.tokens[token] = (account, now)
        self._kept.scopes[token] = scopes
        said: dict[str, Any] = {
            "access_token": token,
            "expires_in": int(TOKEN_LIFE.total_seconds()),
            "scope": scopes,
        }
        if ends is not None:
            self._kept.refresh[refresh] = (account, scopes, ends)
            said["refresh_token"] = refresh
            said["refresh_token_expires_in"] = int((ends - now).total_seconds())
        return in_json(said)

    def _need_right(self, asked: _Asked) -> None:
        needed = "w_member_social" if self.personal else "w_organization_social"
        if needed not in self._kept.scopes.get(bearer(asked.request), self.scopes).split(","):
            raise denied(f"Not enough permissions to access: {needed}")

    def _need_author(self, author: object, asked: _Asked) -> None:
        if author != self._author(asked.account):
            raise denied(f"The token does not speak for {author}")

    # ── pictures ──────────────────────────────────────────────────────────────────────────────────

    def _initialise(self, asked: _Asked) -> Response:
        check_query(asked.query, "action")
        if asked.query.get("action") != "initializeUpload":
            raise Refused(400, "action must be initializeUpload", code="ILLEGAL_ARGUMENT")
        said = body(asked.request)
        closed("", said, {"initializeUploadRequest": is_object})
        closed("/initializeUploadRequest", said["initializeUploadRequest"], {"owner": is_text})
        owner = said["initializeUploadRequest"]["owner"]
        self._need_author(owner, asked)
        ends = asked.now + UPLOAD_LIFE
        urn = f"urn:li:image:C4E{self._new_id(asked.now)}"
        self._kept.images[urn] = Image(urn=urn, owner=owner, ends_at=ends)
        name = urn.rpartition(":")[2]
        value = {
            "uploadUrlExpiresAt": milliseconds(ends),
            "uploadUrl": f"{self._host_url}dms-uploads/{name}/uploaded-image/0?ca=vector&sync=0",
            "image": urn,
        }
        return in_json({"value": value})

    def _upload(self, asked: _Asked) -> Response:
        image = self._own_image(f"urn:li:image:{asked.urn}", asked)
        if image.ends_at <= asked.now or image.data is not None:
            raise Refused(400, "The address of the upload is of no use any more")
        data = asked.request.get_data()
        self._kept.images[image.urn] = replace(
            image,
            data=self._kept.pictures.once(data),
            ready_at=asked.ready_at,
            readable=data.startswith(BEGINNINGS) and len(data) <= MAX_BYTES,
        )
        return Response(status=201)

    def _image(self, asked: _Asked) -> Response:
        if self.personal:
            raise denied("Not enough permissions to access: images.GET")
        image = self._own_image(asked.urn, asked)
        said = {"id": image.urn, "owner": image.owner, "status": image.status(asked.now)}
        return in_json(said)

    def _own_image(self, urn: str, asked: _Asked) -> Image:
        image = self._kept.images.get(urn)
        if image is None or image.owner != self._author(asked.account):
            raise missing(urn)
        return image

    # ── posts ─────────────────────────────────────────────────────────────────────────────────────

    def _create(self, asked: _Asked) -> Response:
        said = body(asked.request)
        check_post(said)
        self._need_right(asked)
        self._need_author(said["author"], asked)
        images = tuple(self._held(each, asked) for each in _described(said))
        text = said["commentary"].strip()
        for post in self._posts_of(asked.account):
            if _same(post, text, images):
                raise duplicate(post.urn)
        self._use_a_post(asked)
        kind = "ugcPost" if len(images) > 1 else "share"
        urn = f"urn:li:{kind}:{self._new_id(asked.now)}"
        self._kept.posts[urn] = Post(
            urn=urn,
            account=asked.account,
            author=said["author"],
            text=text,
            images=images,
            activity=f"urn:li:activity:{self._new_id(asked.now)}",
            answers=None,
            created_at=asked.now,
        )
        return Response(status=201, headers={"x-restli-id": urn})

    def _held(self, said: Mapping[str, str], asked: _Asked) -> tuple[Image, str]:
        """A picture of one's own that has arrived, whether LinkedIn has finished with it or not."""
        image = self._kept.images.get(said["id"])
        if image is None or image.owner != self._author(asked.account):
            raise invalid(f"{said['id']} is not a picture of the author's", "INVALID_URN")
        status = image.status(asked.now)
        if status in {"WAITING_UPLOAD", "PROCESSING_FAILED"}:
            raise Refused(400, f"{image.urn} is {status}", code=f"MEDIA_ASSET_{status}")
        return image, said.get("altText", "")

    def _use_a_post(self, asked: _Asked) -> None:
        allowed = [quota.use(asked.account, asked.now) for quota in (self._day, self._hour)]
        if not all(allowed):
            raise Refused(
                429, "Resource level throttle limit for calls to this resource is reached"
            )

    def _posts(self, asked: _Asked) -> Response:
        check_method(asked.request, "FINDER")
        check_query(asked.query, "q", "author", "sortBy", "start", "count")
        if self.personal:
            raise denied("Not enough permissions to access: posts.FINDER-author")
        if asked.query.get("q") != "author" or asked.query.get("sortBy") != "LAST_MODIFIED":
            raise invalid("q must be author, and sortBy LAST_MODIFIED")
        self._need_author(asked.query.get("author"), asked)
        newest_first = [shown_post(post) for post in reversed(self._posts_of(asked.account))]
        return _paged(newest_first, asked)

    def _posts_of(self, account: str) -> list[Post]:
        return [
            post
            for post in self._kept.posts.values()
            if post.account == account and post.answers is None
        ]

    def _delete(self, asked: _Asked) -> Response:
        """A post takes the comments below it along."""
        check_method(asked.request, "DELETE")
        post = self._kept.posts.get(asked.urn)
        if post is None or post.answers is not None:
            raise missing(asked.urn)
        self._need_author(post.author, asked)
        for urn in [each.urn for each in self._kept.posts.values() if each.answers == post.urn]:
            del self._kept.posts[urn]
        del self._kept.posts[post.urn]
        return Response(status=204)

    # ── comments ──────────────────────────────────────────────────────────────────────────────────

    def _comment(self, asked: _Asked) -> Response:
        said = body(asked.request)
        check_comment(said)
        self._need_author(said["actor"], asked)
        post = self._answered(asked.urn)
        if said["object"] != asked.urn:
            raise invalid("/object :: is not what the address names", "INVALID_URN")
        self._use_a_post(asked)
        id_ = self._new_id(asked.now)
        comment = Post(
            urn=f"urn:li:comment:({post.activity},{id_})",
            account=asked.account,
            author=said["actor"],
            text=said["message"]["text"].strip(),
            images=(),
            activity=post.activity,
            answers=post.urn,
            created_at=asked.now,
        )
        self._kept.posts[comment.urn] = comment
        return in_json(shown_comment(comment), 201, {"x-restli-id": id_})

    def _answered(self, urn: str) -> Post:
        """By its own name, or by that of its activity."""
        for post in self._kept.posts.values():
            if post.answers is None and urn in (post.urn, post.activity):
                return post
        raise missing(urn)

    def _comments(self, asked: _Asked) -> Response:
        check_query(asked.query, "start", "count")
        if self.personal:
            raise denied("Not enough permissions to access: socialActions.comments.GET_ALL")
        post = self._answered(asked.urn)
        below = [each for each in self._kept.posts.values() if each.answers == post.urn]
        return _paged([shown_comment(each) for each in below], asked)

    def _uncomment(self, asked: _Asked) -> Response:
        check_query(asked.query, "actor")
        self._need_author(asked.query.get("actor"), asked)
        post = self._answered(asked.urn)
        urn = f"urn:li:comment:({post.activity},{asked.id})"
        comment = self._kept.posts.get(urn)
        if comment is None:
            raise missing(urn)
        self._need_author(comment.author, asked)
        del self._kept.posts[urn]
        return Response(status=204)

    def _new_id(self, now: datetime) -> str:
        """Milliseconds of Unix time, then a count: names grow with time."""
        self._kept.last_id = max(self._kept.last_id + 1, milliseconds(now) << 22)
        return str(self._kept.last_id)


class LinkedInOfAPersonStandIn(LinkedInStandIn):
    """LinkedIn, for the tokens of people who post as themselves: those may read nothing back."""

    personal: ClassVar[bool] = True
    scopes: ClassVar[str] = "openid,profile,w_member_social"


def _described(said: Mapping[str, Any]) -> list[Mapping[str, str]]:
    content = said.get("content", {})
    several = content.get("multiImage", {}).get("images", [])
    return [content["media"]] if "media" in content else list(several)


def _same(post: Post, text: str, images: tuple[tuple[Image, str], ...]) -> bool:
    """The same words with the very same pictures; others that look alike make another post."""
    held = [image.urn for image, _ in images]
    return post.text == text and [image.urn for image, _ in post.images] == held


def _paged(elements: list[dict[str, Any]], asked: _Asked) -> Response:
    start = number(asked.query.get("start", "0"), 1_000_000)
    count = number(asked.query.get("count", "10"), MAX_PAGE)
    paging = {"start": start, "count": count, "total": len(elements), "links": []}
    return in_json({"paging": paging, "elements": elements[start : start + count]})
