"""A stand-in for Facebook: the part of the Graph API that pages need, and its rules to the letter.

Stricter than Facebook where that one says nothing: it takes only the parameters that a campaign
needs. A page here reaches one person a day, so its calls are as few as they can be; how fast it may
post is on no page, and is the stand-in's own number.
"""

from __future__ import annotations

import hmac
import json
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from math import ceil
from types import MappingProxyType
from typing import Any, ClassVar
from urllib.parse import urlencode

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from scheduler.sandbox.answering import bearer, in_json, route
from scheduler.sandbox.consenting import App, Consents, NotGranted
from scheduler.sandbox.facebook.entities import (
    Photo,
    Post,
    app_secret,
    app_token,
    number_of,
    page_token,
    seen,
    shown_post,
    user_token,
)
from scheduler.sandbox.facebook.rules import (
    COMMENT_FIELDS,
    DATA_ACCESS_LIFE,
    DEFAULT_PAGE,
    MAX_COMMENT,
    MAX_MESSAGE,
    MAX_PAGE,
    POST_FIELDS,
    PROFILE_FIELDS,
    SCOPES,
    SHORT_LIFE,
    USER_TOKEN_LIFE,
    VERSIONS,
    Refused,
    attached,
    bad_token,
    check_message,
    check_photo,
    closed,
    fields,
    invalid,
    is_attached,
    missing,
)
from scheduler.sandbox.faults import Purpose
from scheduler.sandbox.pictures import Pictures
from scheduler.sandbox.quota import Quota
from scheduler.sandbox.standing import Address, Now, PublicPost

_ROUTES = Map(
    [
        Rule("/<version>/dialog/oauth", methods=["GET", "POST"], endpoint="authorise"),
        Rule("/<version>/oauth/access_token", methods=["POST"], endpoint="redeem"),
        Rule("/<version>/oauth/access_token", methods=["GET"], endpoint="exchange"),
        Rule("/<version>/me/accounts", methods=["GET"], endpoint="pages"),
        Rule("/<version>/me", methods=["GET"], endpoint="me"),
        Rule("/<version>/debug_token", methods=["GET"], endpoint="debug"),
        Rule("/<version>/<id>/photos", methods=["POST"], endpoint="upload"),
        Rule("/<version>/<id>/feed", methods=["POST"], endpoint="create"),
        Rule("/<version>/<id>/published_posts", methods=["GET"], endpoint="posts"),
        Rule("/<version>/<id>/comments", methods=["POST"], endpoint="comment"),
        Rule("/<version>/<id>/comments", methods=["GET"], endpoint="comments"),
        Rule("/<version>/<id>", methods=["DELETE"], endpoint="delete"),
    ]
)
#: What may stand in the address of any call.
_EVERYWHERE = frozenset({"access_token", "appsecret_proof"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Token:
    """Whose token it is, and of which kind: PAGE, USER or APP."""

    account: str
    kind: str
    made_at: datetime
    #: A user's, as it is first given: for an hour.
    short: bool = False

    @property
    def ends(self) -> datetime | None:
        """A page's token does not end; data may be read with it for 90 days."""
        if self.kind != "USER":
            return None
        return self.made_at + (SHORT_LIFE if self.short else USER_TOKEN_LIFE)

    @property
    def profile(self) -> str:
        return number_of(self.account, self.kind.lower())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A request whose sender is known."""

    query: Mapping[str, str]
    form: Mapping[str, str]
    files: Mapping[str, bytes]
    token: _Token
    id: str
    now: datetime
    path: str
    host_url: str

    @property
    def account(self) -> str:
        return self.token.account


@dataclass(slots=True)
class _Kept:
    """Everything that the stand-in remembers."""

    tokens: dict[str, _Token] = field(default_factory=dict)
    photos: dict[str, Photo] = field(default_factory=dict)
    pictures: Pictures = field(default_factory=Pictures)
    #: Posts and comments in the order in which they were made.
    posts: dict[str, Post] = field(default_factory=dict)
    #: Posts alone, by their page.
    feeds: defaultdict[str, dict[str, Post]] = field(default_factory=lambda: defaultdict(dict))
    last_id: int = 0
    given: int = 0


class FacebookStandIn:
    """One Graph API with any number of pages."""

    purposes: ClassVar[Mapping[str, Purpose]] = MappingProxyType(
        {
            "POST /<version>/<id>/feed": Purpose.PUBLISH,
            "POST /<version>/<id>/comments": Purpose.PUBLISH,
            "POST /<version>/<id>/photos": Purpose.UPLOAD,
            "GET /<version>/<id>/published_posts": Purpose.READ,
            "GET /<version>/<id>/comments": Purpose.READ,
        }
    )

    def __init__(self, *, now: Now, processing: timedelta) -> None:
        del processing  # a photo may be posted as soon as it is uploaded
        self._now = now
        self._lock = threading.RLock()
        self._kept = _Kept()
        self._consents = Consents(
            known=lambda name: page_token(name) in self._kept.tokens,
            scopes=frozenset({*SCOPES, "pages_manage_engagement"}),
            between=",",
        )
        self._host_url = ""
        # https://developers.facebook.com/docs/graph-api/overview/rate-limiting: 4800 for each
        # person that the page reaches.
        self._calls = Quota(limit=4800, window=timedelta(days=1))
        self._posts = Quota(limit=50, window=timedelta(hours=1))
        self._verbs: dict[str, Callable[[_Asked], Mapping[str, Any]]] = {
            "me": self._me,
            "pages": self._pages,
            "debug": self._debug,
            "upload": self._upload,
            "create": self._create,
            "posts": self._published,
            "comment": self._comment,
            "comments": self._comments,
            "delete": self._delete,
        }

    def admit(self, account: str) -> Address:
        """A page, a token for it, and the app that the token was made with."""
        made = {"PAGE": page_token(account), "USER": user_token(account), "APP": app_token(account)}
        with self._lock:
            for kind, token in made.items():
                known = _Token(account=account, kind=kind, made_at=self._now())
                self._kept.tokens.setdefault(token, known)
            app = App(id=number_of(account, "app"), secret=app_secret(account))
            self._consents.apps[app.id] = app
        return Address(
            options={"page": number_of(account), "app_id": number_of(account, "app")},
            secrets={"token": made["PAGE"], "app_secret": app_secret(account)},
        )

    def endpoint(self, request: Request) -> str:
        """Method and route: "POST /<version>/<id>/feed"."""
        return route(_ROUTES, request)

    def account(self, request: Request) -> str:
        """Whose token the request carries, of whatever kind."""
        with self._lock:
            token = self._kept.tokens.get(_token(request))
            return token.account if token else ""

    def answer(self, request: Request) -> Response:
        """Do what the request asks for, one at a time."""
        with self._lock:
            self._host_url = request.host_url
            try:
                return self._routed(request, self._now())
            except Refused as refused:
                return self._refused(refused, self.account(request))
            except HTTPException:
                return self._refused(Refused(2500, "Unknown path components"), "")

    def stall(self, request: Request) -> Response:
        """Facebook works on no photo: it is there at once."""
        return self.answer(request)

    def exhaust(self, account: str) -> None:
        """Leave the page no post of this hour."""
        with self._lock:
            self._posts.exhaust(account, self._now())

    def public(self, account: str) -> list[PublicPost]:
        """The page's posts and its own comments that stand, oldest first."""
        with self._lock:
            own = [post for post in self._kept.posts.values() if post.account == account]
            return [seen(post, self._host_url) for post in own]

    def _routed(self, request: Request, now: datetime) -> Response:
        verb, values = _ROUTES.bind_to_environ(request.environ).match()
        if values["version"] not in VERSIONS:
            raise Refused(2500, f"Unknown path components: /{values['version']}")
        match verb:
            case "authorise":
                return self._consents.authorise(request, now)
            case "redeem":
                return self._redeemed(request, now)
            case "exchange":
                return self._exchanged(request, now)
        token = self._signed_in(request, now)
        if not self._calls.use(token.account, now):
            raise Refused(80001, "There have been too many calls to this Page account.", minutes=1)
        asked = _Asked(
            query={name: request.args[name] for name in request.args if name not in _EVERYWHERE},
            form={name: request.form[name] for name in request.form if name not in _EVERYWHERE},
            files={name: file.read() for name, file in request.files.items()},
            token=token,
            id=values.get("id", ""),
            now=now,
            path=request.path,
            host_url=request.host_url,
        )
        return in_json(self._verbs[verb](asked), headers=self._usage(token.account, 0))

    def _signed_in(self, request: Request, now: datetime) -> _Token:
        said = _token(request)
        if not said:
            raise Refused(104, "An access token is required to request this resource.", status=401)
        token = self._kept.tokens.get(said)
        if token is None:
            raise bad_token("Invalid OAuth access token - Cannot parse access token")
        if token.ends and token.ends <= now:
            raise bad_token("Error validating access token: Session has expired", subcode=463)
        proof = hmac.digest(app_secret(token.account).encode(), said.encode(), "sha256").hex()
        if request.args.get("appsecret_proof", proof) != proof:
            raise invalid("Invalid appsecret_proof provided in the API argument")
        return token

    # ── signing in ────────────────────────────────────────────────────────────────────────────────

    def _redeemed(self, request: Request, now: datetime) -> Response:
        """https://developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow"""
        try:
            consent = self._consents.redeem(request.form, now)
        except NotGranted as refused:
            raise invalid(str(refused)) from None
        return self._give(consent.account, now, short=True)

    def _exchanged(self, request: Request, now: datetime) -> Response:
        """https://developers.facebook.com/docs/facebook-login/guides/access-tokens/get-long-lived"""
        said = request.args
        if said.get("grant_type") != "fb_exchange_token":
            raise invalid("grant_type must be fb_exchange_token")
        try:
            self._consents.app(said)
        except NotGranted:
            raise invalid("Error validating client secret.") from None
        token = self._kept.tokens.get(said.get("fb_exchange_token", ""))
        if token is None or token.kind != "USER" or (token.ends and token.ends <= now):
            raise bad_token("Error validating access token: Session has expired", subcode=463)
        return self._give(token.account, now, short=False)

    def _give(self, account: str, now: datetime, *, short: bool) -> Response:
        self._kept.given += 1
        word = user_token(f"{account} {self._kept.given}")
        token = _Token(account=account, kind="USER", made_at=now, short=short)
        self._kept.tokens[word] = token
        life = SHORT_LIFE if short else USER_TOKEN_LIFE
        return in_json(
            {
                "access_token": word,
                "token_type": "bearer",
                "expires_in": int(life.total_seconds()),
            }
        )

    def _pages(self, asked: _Asked) -> Mapping[str, Any]:
        """https://developers.facebook.com/docs/graph-api/reference/user/accounts/"""
        closed(asked.query, "fields", "limit", "after")
        if asked.token.kind != "USER":
            raise invalid("Only a person has pages")
        if asked.token.short:
            raise invalid("The stand-in gives tokens of pages for a long-lived token only")
        page = {
            "id": number_of(asked.account),
            "name": asked.account,
            "access_token": page_token(asked.account),
            "tasks": ["CREATE_CONTENT", "MODERATE"],
        }
        return {"data": [page]}

    def _refused(self, refused: Refused, account: str) -> Response:
        headers = self._usage(account, refused.minutes and self._minutes(refused))
        return in_json({"error": refused.error}, refused.status, headers)

    def _minutes(self, refused: Refused) -> int:
        quota = self._posts if refused.error["code"] == _PAGE_LIMIT else self._calls
        left = quota.renewal(self._now()) - self._now()
        return ceil(left / timedelta(minutes=1))

    def _usage(self, account: str, minutes: int) -> dict[str, str]:
        """https://developers.facebook.com/docs/graph-api/overview/rate-limiting#headers-2"""
        used = self._calls.limit - self._calls.left(account, self._now())
        usage = {
            "type": "pages",
            "call_count": 100 * used // self._calls.limit,
            "total_cputime": 0,
            "total_time": 0,
            "estimated_time_to_regain_access": minutes,
        }
        return {"X-Business-Use-Case-Usage": json.dumps({number_of(account): [usage]})}

    def _me(self, asked: _Asked) -> Mapping[str, Any]:
        closed(asked.query, "fields")
        if asked.token.kind == "APP":
            raise Refused(2500, "An active access token must be used to query information")
        wanted = fields(asked.query.get("fields", "id,name"), PROFILE_FIELDS)
        shown = {"id": asked.token.profile, "name": asked.account}
        return {name: shown[name] for name in wanted}

    def _debug(self, asked: _Asked) -> Mapping[str, Any]:
        closed(asked.query, "input_token")
        if asked.token.kind != "APP":
            raise invalid("You must provide an app access token, or a user access token of one")
        token = self._kept.tokens.get(asked.query.get("input_token", ""))
        if token is None or token.account != asked.account:
            error = {"code": 190, "message": "The access token could not be decrypted"}
            return {"data": {"is_valid": False, "scopes": [], "error": error}}
        return {"data": _shown_token(token, asked.now)}

    def _upload(self, asked: _Asked) -> Mapping[str, Any]:
        closed(asked.query)
        closed(asked.form, "published", "alt_text_custom")
        closed(dict.fromkeys(asked.files, ""), "source")
        self._own_page(asked)
        if "source" not in asked.files:
            raise Refused(324, "Requires upload file")
        if asked.form.get("published") != "false":
            raise invalid("The stand-in takes photos that are not published only")
        check_photo(asked.files["source"])
        photo = Photo(
            id=self._new_id(),
            account=asked.account,
            data=self._kept.pictures.once(asked.files["source"]),
            alt=asked.form.get("alt_text_custom", ""),
        )
        self._kept.photos[photo.id] = photo
        return {"id": photo.id}

    def _create(self, asked: _Asked) -> Mapping[str, Any]:
        closed(asked.query, "fields")
        closed(asked.form, "message", *filter(is_attached, asked.form))
        wanted = _wanted(asked, POST_FIELDS)
        self._own_page(asked)
        photos = self._unseen(attached(asked.form), asked)
        message = asked.form.get("message", "").strip()
        check_message(message, most=MAX_MESSAGE, alone=not photos)
        feed = self._kept.feeds[asked.account]
        if message and feed and message == next(reversed(feed.values())).message:
            raise Refused(506, "Duplicate status message")
        self._use_a_post(asked)
        id_ = f"{number_of(asked.account)}_{self._new_id()}"
        post = self._made(id_, message, photos, None, asked)
        feed[id_] = post
        return shown_post(post, wanted, asked.host_url)

    def _comment(self, asked: _Asked) -> Mapping[str, Any]:
        closed(asked.query, "fields")
        closed(asked.form, "message", "attachment_id")
        wanted = _wanted(asked, COMMENT_FIELDS)
        self._need_page(asked)
        answered = self._kept.posts.get(asked.id)
        if answered is None:
            raise missing(asked.id)
        if answered.answers is not None:
            raise invalid("The stand-in takes no comments on comments")
        photos = self._unseen(filter(None, [asked.form.get("attachment_id")]), asked)
        message = asked.form.get("message", "").strip()
        check_message(message, most=MAX_COMMENT, alone=not photos)
        self._use_a_post(asked)
        id_ = f"{answered.id.partition('_')[2]}_{self._new_id()}"
        comment = self._made(id_, message, photos, answered.id, asked)
        return shown_post(comment, wanted, asked.host_url)

    def _made(
        self, id_: str, message: str, photos: list[Photo], answers: str | None, asked: _Asked
    ) -> Post:
        post = Post(
            id=id_,
            account=asked.account,
            message=message,
            photos=tuple(photos),
            answers=answers,
            created_at=asked.now,
        )
        self._kept.posts[id_] = post
        for photo in photos:
            self._kept.photos[photo.id] = replace(photo, held_by=id_)
        return post

    def _unseen(self, ids: Iterable[str], asked: _Asked) -> list[Photo]:
        """The page's own photos, which no post holds yet, each named once."""
        photos = []
        for id_ in ids:
            photo = self._kept.photos.get(id_)
            if photo is None or photo.account != asked.account:
                raise missing(id_)
            if photo.held_by or photo in photos:
                raise Refused(100, "Photos were already posted.", subcode=1366051)
            photos.append(photo)
        return photos

    def _use_a_post(self, asked: _Asked) -> None:
        if not self._posts.use(asked.account, asked.now):
            raise Refused(_PAGE_LIMIT, "Page request limit reached", minutes=1)

    def _published(self, asked: _Asked) -> Mapping[str, Any]:
        closed(asked.query, "fields", "since", "until", "limit", "after")
        self._own_page(asked)
        since = _number(asked.query.get("since", "0"))
        until = _number(asked.query.get("until", "99999999999"))
        feed = reversed(self._kept.feeds[asked.account].values())
        posts = [post for post in feed if since <= post.created_at.timestamp() <= until]
        return self._paged(posts, asked, POST_FIELDS)

    def _comments(self, asked: _Asked) -> Mapping[str, Any]:
        closed(asked.query, "fields", "order", "limit", "after")
        if asked.id not in self._kept.posts:
            raise missing(asked.id)
        below = [post for post in self._kept.posts.values() if post.answers == asked.id]
        newest_first = asked.query.get("order") == "reverse_chronological"
        return self._paged(below[::-1] if newest_first else below, asked, COMMENT_FIELDS)

    def _paged(self, posts: list[Post], asked: _Asked, known: frozenset[str]) -> Mapping[str, Any]:
        """https://developers.facebook.com/docs/graph-api/results"""
        wanted = _wanted(asked, known)
        size = min(_number(asked.query.get("limit", str(DEFAULT_PAGE))), MAX_PAGE)
        begin = _number(asked.query.get("after", "0"))
        page = posts[begin : begin + size]
        if not page:
            return {"data": []}
        end = str(begin + len(page))
        paging: dict[str, Any] = {"cursors": {"before": str(begin), "after": end}}
        if begin + len(page) < len(posts):
            following = urlencode({**asked.query, "after": end})
            paging["next"] = f"{asked.host_url.rstrip('/')}{asked.path}?{following}"
        shown = [shown_post(post, wanted, asked.host_url) for post in page]
        return {"data": shown, "paging": paging}

    def _delete(self, asked: _Asked) -> Mapping[str, Any]:
        """A post takes the comments below it along."""
        closed(asked.query)
        self._need_page(asked)
        post = self._kept.posts.get(asked.id)
        if post is None:
            raise missing(asked.id)
        if post.account != asked.account:
            raise Refused(200, "Permissions error", status=403)
        for id_ in [each.id for each in self._kept.posts.values() if each.answers == post.id]:
            del self._kept.posts[id_]
        del self._kept.posts[post.id]
        self._kept.feeds[asked.account].pop(post.id, None)
        return {"success": True}

    def _need_page(self, asked: _Asked) -> None:
        if asked.token.kind != "PAGE":
            raise Refused(200, "A page access token is required for this call.", status=403)

    def _own_page(self, asked: _Asked) -> None:
        self._need_page(asked)
        if asked.id != asked.token.profile:
            pages = [number_of(token.account) for token in self._kept.tokens.values()]
            if asked.id not in pages:
                raise missing(asked.id)
            raise Refused(200, "The user does not work for this page.", status=403)

    def _new_id(self) -> str:
        self._kept.last_id += 1
        return str(122_000_000_000_000 + self._kept.last_id)


_PAGE_LIMIT = 32


def _token(request: Request) -> str:
    """From the header, or from the parameter that the vendor's pages show."""
    said = request.args.get("access_token") or request.form.get("access_token")
    return said or bearer(request)


def _shown_token(token: _Token, now: datetime) -> dict[str, Any]:
    """https://developers.facebook.com/docs/graph-api/reference/debug_token"""
    ends = token.ends
    return {
        "app_id": number_of(token.account, "app"),
        "type": token.kind,
        "is_valid": ends is None or now < ends,
        "expires_at": int(ends.timestamp()) if ends else 0,
        "data_access_expires_at": int((token.made_at + DATA_ACCESS_LIFE).timestamp()),
        "profile_id": token.profile,
        "scopes": list(SCOPES),
    }


def _wanted(asked: _Asked, known: frozenset[str]) -> list[str]:
    return fields(asked.query.get("fields", "id"), known)


def _number(said: str) -> int:
    if not said.isdecimal():
        raise invalid(f"{said} is not a number")
    return int(said)
