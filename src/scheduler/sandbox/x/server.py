"""A stand-in for X: its API v2 for one app an account, and its rules to the letter.

Stricter than X where that one says nothing: words that stand on an account are duplicates for as
long as they stand, and of all that may be said in a post it takes only what a campaign says.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import islice
from types import MappingProxyType
from typing import Any, ClassVar, NoReturn
from unicodedata import normalize
from urllib.parse import urlencode

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from scheduler.sandbox.answering import in_json, route
from scheduler.sandbox.faults import Purpose
from scheduler.sandbox.pictures import Pictures
from scheduler.sandbox.quota import Quota
from scheduler.sandbox.standing import Address, Now, PublicPost
from scheduler.sandbox.x.entities import (
    POST_FIELDS,
    Media,
    Post,
    seen,
    shown_post,
    shown_user,
    user_id,
    username,
)
from scheduler.sandbox.x.rules import (
    DEFAULT_PAGE,
    MAX_PAGE,
    MEDIA_LIFE,
    MIN_PAGE,
    TIMELINE_PARAMETERS,
    Refused,
    body,
    check_metadata,
    check_picture,
    check_post,
    duplicate,
    forbidden,
    invalid,
    missing,
)
from scheduler.sandbox.x.signing import (
    WITH_PIN,
    WITHOUT_TOKEN,
    Asking,
    Credentials,
    Signatures,
    signed_with,
)

_NEVER = datetime.max.replace(tzinfo=UTC)
#: Of a token that asks for another one; no page says how long.
REQUEST_LIFE = timedelta(minutes=15)
_ROUTES = Map(
    [
        Rule("/oauth/request_token", methods=["POST"], endpoint="request_token"),
        Rule("/oauth/authorize", methods=["GET", "POST"], endpoint="authorise"),
        Rule("/oauth/access_token", methods=["POST"], endpoint="access_token"),
        Rule("/2/users/me", methods=["GET"], endpoint="me"),
        Rule("/2/users/<id>/tweets", methods=["GET"], endpoint="timeline"),
        Rule("/2/media/upload", methods=["POST"], endpoint="upload"),
        Rule("/2/media/upload", methods=["GET"], endpoint="status"),
        Rule("/2/media/metadata", methods=["POST"], endpoint="describe"),
        Rule("/2/tweets", methods=["POST"], endpoint="create"),
        Rule("/2/tweets/<id>", methods=["DELETE"], endpoint="delete"),
    ]
)


def _as_form(**said: str) -> Response:
    return Response(urlencode(said), mimetype="application/x-www-form-urlencoded")


def _quotas() -> dict[str, tuple[Quota, ...]]:
    """How often a user may ask for each: the smaller number where two pages differ.

    https://docs.x.com/x-api/fundamentals/rate-limits
    https://docs.x.com/x-api/posts/manage-tweets/integrate
    """
    quarter, three_hours = timedelta(minutes=15), timedelta(hours=3)
    return {
        "me": (Quota(limit=75, window=quarter),),
        "timeline": (Quota(limit=900, window=quarter),),
        "upload": (Quota(limit=500, window=quarter),),
        "status": (Quota(limit=1000, window=quarter),),
        "describe": (Quota(limit=500, window=quarter),),
        "create": (Quota(limit=100, window=quarter), Quota(limit=300, window=three_hours)),
        "delete": (Quota(limit=50, window=quarter),),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A request whose sender is known."""

    request: Request
    account: str
    id: str
    now: datetime
    #: When a picture that it uploads may be posted.
    ready_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What is answered, unless it is a problem."""

    value: Mapping[str, Any]
    status: int = 200


@dataclass(slots=True)
class _Kept:
    """Everything that the stand-in remembers."""

    credentials: dict[str, tuple[str, Credentials]] = field(default_factory=dict)
    media: dict[str, Media] = field(default_factory=dict)
    pictures: Pictures = field(default_factory=Pictures)
    posts: dict[str, Post] = field(default_factory=dict)
    #: The same posts by their account, oldest first.
    timelines: defaultdict[str, dict[str, Post]] = field(default_factory=lambda: defaultdict(dict))
    last_id: int = 0
    #: By the token of a request: the app that asked, when, and who said yes with which PIN.
    asked: dict[str, Asking] = field(default_factory=dict)


class XStandIn:
    """One API with any number of accounts."""

    purposes: ClassVar[Mapping[str, Purpose]] = MappingProxyType(
        {
            "POST /2/tweets": Purpose.PUBLISH,
            "POST /2/media/upload": Purpose.UPLOAD,
            "GET /2/users/<id>/tweets": Purpose.READ,
        }
    )

    def __init__(self, *, now: Now, processing: timedelta) -> None:
        self._now = now
        self._processing = processing
        self._lock = threading.RLock()
        self._kept = _Kept()
        self._signatures = Signatures()
        self._quotas = _quotas()
        self._host_url = ""
        self._doors: dict[str, Callable[[Request, datetime], Response]] = {
            "request_token": self._request_token,
            "authorise": self._authorise,
            "access_token": self._access_token,
        }
        self._verbs: dict[str, Callable[[_Asked], _Said]] = {
            "me": self._me,
            "timeline": self._timeline,
            "upload": self._upload,
            "status": self._status,
            "describe": self._describe,
            "create": self._create,
            "delete": self._delete,
        }

    def admit(self, account: str) -> Address:
        """An app and a token for the account, and its name."""
        credentials = Credentials(
            consumer_key=_made("consumer key", account)[:25],
            consumer_secret=_made("consumer secret", account)[:50],
            access_token=f"{user_id(account)}-{_made('access token', account)[:40]}",
            access_token_secret=_made("access token secret", account)[:45],
        )
        with self._lock:
            self._kept.credentials[credentials.access_token] = (account, credentials)
        return Address(
            options={"handle": username(account)},
            secrets={
                "consumer_key": credentials.consumer_key,
                "consumer_secret": credentials.consumer_secret,
                "access_token": credentials.access_token,
                "access_token_secret": credentials.access_token_secret,
            },
        )

    def endpoint(self, request: Request) -> str:
        """Method and route: "DELETE /2/tweets/<id>"."""
        return route(_ROUTES, request)

    def account(self, request: Request) -> str:
        """Whose token the request names, rightly signed or not."""
        with self._lock:
            return self._signer(request)[0]

    def answer(self, request: Request) -> Response:
        """Do what the request asks for, one at a time."""
        return self._answer(request, self._now() + self._processing)

    def stall(self, request: Request) -> Response:
        """Take a picture that will never be ready."""
        return self._answer(request, _NEVER)

    def exhaust(self, account: str) -> None:
        """Leave the account no post of this window."""
        with self._lock:
            for quota in self._quotas["create"]:
                quota.exhaust(account, self._now())

    def _answer(self, request: Request, ready_at: datetime) -> Response:
        with self._lock:
            self._host_url = request.host_url
            try:
                return self._routed(request, self._now(), ready_at)
            except Refused as refused:
                return _problem(refused)
            except HTTPException as error:
                return _problem(Refused(error.code or 404, error.name))

    def public(self, account: str) -> list[PublicPost]:
        """The account's posts that stand, oldest first."""
        with self._lock:
            return [seen(post, self._host_url) for post in self._posts_of(account)]

    def _signer(self, request: Request) -> tuple[str, Credentials | None]:
        token = signed_with(request).get("oauth_token", "")
        return self._kept.credentials.get(token, ("", None))

    def _routed(self, request: Request, now: datetime, ready_at: datetime) -> Response:
        verb, values = _ROUTES.bind_to_environ(request.environ).match()
        if door := self._doors.get(verb):
            return door(request, now)
        account, credentials = self._signer(request)
        if credentials is None:
            raise Refused(401, "Unauthorized")
        if wrong := self._signatures.wrong(request, credentials):
            raise Refused(401, "Unauthorized", f"Unauthorized: {wrong}")
        quotas = self._quotas[verb]
        asked = _Asked(
            request=request, account=account, id=values.get("id", ""), now=now, ready_at=ready_at
        )
        allowed = min(tuple(quota.use(account, now) for quota in quotas))
        headers = _rate_headers(quotas, account, now)
        try:
            said = self._verbs[verb](asked) if allowed else _too_many()
        except Refused as refused:
            return _problem(refused, headers)
        return in_json(said.value, said.status, headers)

    # ── signing in ──────────────────────────────────────────────────────────────────────────────

    def _app(self, request: Request) -> Credentials:
        """The app whose key the request names, without any token."""
        wanted = signed_with(request).get("oauth_consumer_key", "")
        for _, known in self._kept.credentials.values():
            if known.consumer_key == wanted:
                return replace(known, access_token="", access_token_secret="")
        raise Refused(401, "Unauthorized", "Could not authenticate you.")

    def _request_token(self, request: Request, now: datetime) -> Response:
        """https://docs.x.com/fundamentals/authentication/oauth-1-0a/pin-based-oauth"""
        app = self._app(request)
        if wrong := self._signatures.wrong(request, app, needed=WITHOUT_TOKEN):
            raise Refused(401, "Unauthorized", f"Unauthorized: {wrong}")
        if signed_with(request)["oauth_callback"] != "oob":
            raise Refused(
                403, "Forbidden", "Callback URL not approved for this client application."
            )
        number = str(len(self._kept.asked))
        token, secret = _made("request", number)[:27], _made("request secret", number)[:32]
        self._kept.asked[token] = Asking(app=app, secret=secret, made_at=now)
        return _as_form(
            oauth_token=token, oauth_token_secret=secret, oauth_callback_confirmed="true"
        )

    def _authorise(self, request: Request, now: datetime) -> Response:
        """A person says yes, and is shown a PIN of seven digits."""
        token = request.args.get("oauth_token", "")
        asking = self._kept.asked.get(token)
        if asking is None or now - asking.made_at > REQUEST_LIFE:
            return Response("This page is no longer valid.", 403)
        if request.method == "GET":
            return Response("Authorize the app?", mimetype="text/html")
        name = request.form.get("account", "")
        known = {account for account, _ in self._kept.credentials.values()}
        if request.form.get("decision") != "allow" or name not in known:
            del self._kept.asked[token]
            return Response("You have not given it access.", 403)
        pin = str(int(_made("pin", token)[:8], 16) % 10_000_000).zfill(7)
        self._kept.asked[token] = replace(asking, account=name, pin=pin)
        return Response(f"<p>Your PIN: <code>{pin}</code></p>", mimetype="text/html")

    def _access_token(self, request: Request, now: datetime) -> Response:
        """https://docs.x.com/fundamentals/authentication/oauth-1-0a/obtaining-user-access-tokens"""
        said = signed_with(request)
        asking = self._kept.asked.get(said.get("oauth_token", ""))
        if asking is None or now - asking.made_at > REQUEST_LIFE:
            raise Refused(401, "Unauthorized", "Invalid request token")
        signer = replace(asking.app, access_token_secret=asking.secret)
        if wrong := self._signatures.wrong(request, signer, needed=WITH_PIN):
            raise Refused(401, "Unauthorized", f"Unauthorized: {wrong}")
        del self._kept.asked[said["oauth_token"]]
        if not asking.pin or said["oauth_verifier"] != asking.pin:
            raise Refused(401, "Unauthorized", "Error processing your OAuth request: invalid PIN")
        number = str(len(self._kept.credentials))
        made = replace(
            asking.app,
            access_token=f"{user_id(asking.account)}-{_made('token', number)[:40]}",
            access_token_secret=_made("token secret", number)[:45],
        )
        self._kept.credentials[made.access_token] = (asking.account, made)
        return _as_form(
            oauth_token=made.access_token,
            oauth_token_secret=made.access_token_secret,
            user_id=user_id(asking.account),
            screen_name=username(asking.account),
        )

    def _me(self, asked: _Asked) -> _Said:
        return _Said(value={"data": shown_user(asked.account)})

    def _upload(self, asked: _Asked) -> _Said:
        form, files = asked.request.form, asked.request.files
        if set(form) != {"media_category"} or set(files) != {"media"}:
            raise invalid("media and media_category are needed, and nothing else is taken.")
        data = files["media"].read()
        check_picture(data, form["media_category"])
        media = Media(
            id=self._new_id(asked.now),
            account=asked.account,
            data=self._kept.pictures.once(data),
            alt="",
            uploaded_at=asked.now,
            ready_at=asked.ready_at,
        )
        self._kept.media[media.id] = media
        return _Said(value={"data": self._shown_media(media, asked.now)})

    def _shown_media(self, media: Media, now: datetime) -> dict[str, Any]:
        left = media.uploaded_at + MEDIA_LIFE - now
        ready = media.ready_at <= now
        state = {"state": "succeeded"} if ready else {"state": "pending", "check_after_secs": 1}
        return {
            "id": media.id,
            "media_key": media.key,
            "size": len(media.data),
            "expires_after_secs": int(left.total_seconds()),
            **({"processing_info": state} if media.ready_at > media.uploaded_at else {}),
        }

    def _status(self, asked: _Asked) -> _Said:
        query = asked.request.args
        if set(query) != {"command", "media_id"} or query["command"] != "STATUS":
            raise invalid("command must be STATUS, and media_id is needed.")
        media = self._own_media(query["media_id"], asked)
        return _Said(value={"data": self._shown_media(media, asked.now)})

    def _describe(self, asked: _Asked) -> _Said:
        said = body(asked.request)
        check_metadata(said)
        media = self._own_media(said["id"], asked)
        self._kept.media[media.id] = replace(media, alt=said["metadata"]["alt_text"]["text"])
        return _Said(value={"data": {"id": media.id, "associated_metadata": said["metadata"]}})

    def _own_media(self, id_: str, asked: _Asked) -> Media:
        """Uploads are their uploader's alone, and forgotten after a day."""
        media = self._kept.media.get(id_)
        if media is None or media.account != asked.account:
            raise missing("media", id_)
        if asked.now - media.uploaded_at >= MEDIA_LIFE:
            raise missing("media", id_)
        return media

    def _create(self, asked: _Asked) -> _Said:
        said = body(asked.request)
        check_post(said)
        text = said.get("text", "").strip()
        media = tuple(
            self._attachable(each, asked) for each in said.get("media", {}).get("media_ids", ())
        )
        answered = self._answered(asked, said.get("reply", {}).get("in_reply_to_tweet_id"))
        if text and any(_same(text, post.text) for post in self._posts_of(asked.account)):
            raise duplicate()
        id_ = self._new_id(asked.now)
        post = Post(
            id=id_,
            account=asked.account,
            text=text,
            media=media,
            reply_to=answered.id if answered else None,
            conversation=answered.conversation if answered else id_,
            reply_settings=said.get("reply_settings", "everyone"),
            created_at=asked.now,
        )
        self._kept.posts[id_] = self._kept.timelines[asked.account][id_] = post
        return _Said(value={"data": shown_post(post, (), self._host_url)}, status=201)

    def _attachable(self, id_: str, asked: _Asked) -> Media:
        try:
            media = self._own_media(id_, asked)
        except Refused:
            raise invalid("Your media IDs are invalid.") from None
        if media.ready_at > asked.now:
            raise invalid("Your media IDs are invalid: one is still being processed.")
        return media

    def _answered(self, asked: _Asked, id_: str | None) -> Post | None:
        if id_ is None:
            return None
        post = self._kept.posts.get(id_)
        if post is None:
            raise forbidden(
                "You attempted to reply to a Tweet that is deleted or not visible to you."
            )
        if post.account != asked.account and f"@{username(asked.account)}" not in post.text:
            raise forbidden(
                "Reply to this conversation is not allowed unless you are mentioned or are the "
                "author."
            )
        return post

    def _timeline(self, asked: _Asked) -> _Said:
        query = asked.request.args
        for name in query:
            if name not in TIMELINE_PARAMETERS:
                raise invalid(f"The query parameter [{name}] is not one of those that are known.")
        account = next(
            (name for name, _ in self._kept.credentials.values() if user_id(name) == asked.id), None
        )
        if account is None:
            raise missing("user", asked.id)
        size = _between(query.get("max_results", DEFAULT_PAGE), MIN_PAGE, MAX_PAGE)
        fields = _fields(query.get("tweet.fields", ""))
        newest_first = filter(_window(query).shows, reversed(self._posts_of(account)))
        found = list(islice(newest_first, size + 1))
        page = [shown_post(post, fields, self._host_url) for post in found[:size]]
        meta: dict[str, Any] = {"result_count": len(page)}
        if page:
            meta |= {"newest_id": page[0]["id"], "oldest_id": page[-1]["id"]}
        if len(found) > size:
            meta["next_token"] = page[-1]["id"]
        return _Said(value={"data": page, "meta": meta} if page else {"meta": meta})

    def _delete(self, asked: _Asked) -> _Said:
        post = self._kept.posts.get(asked.id)
        if post is None:
            raise missing("tweet", asked.id)
        if post.account != asked.account:
            raise forbidden("You are not authorized to delete this Tweet.")
        del self._kept.posts[asked.id], self._kept.timelines[asked.account][asked.id]
        return _Said(value={"data": {"deleted": True}})

    def _posts_of(self, account: str) -> list[Post]:
        return list(self._kept.timelines[account].values())

    def _new_id(self, now: datetime) -> str:
        """Milliseconds since November 2010, then a count: ids grow with time."""
        since = int(now.timestamp() * 1000) - 1_288_834_974_657
        self._kept.last_id = max(self._kept.last_id + 1, since << 22)
        return str(self._kept.last_id)


def _made(what: str, account: str) -> str:
    return sha256(f"sandbox {what} of {account}".encode()).hexdigest()


def _same(one: str, other: str) -> bool:
    return normalize("NFC", one) == normalize("NFC", other)


def _fields(said: str) -> list[str]:
    fields = said.split(",") if said else []
    for name in fields:
        if name not in POST_FIELDS:
            raise invalid(f"The tweet.fields query parameter value [{name}] is not known.")
    return fields


@dataclass(frozen=True, slots=True, kw_only=True)
class _Window:
    """Which posts of a timeline were asked for."""

    begins: datetime
    ends: datetime
    above: int
    below: int
    replies: bool

    def shows(self, post: Post) -> bool:
        return (
            self.begins <= post.created_at < self.ends
            and self.above < int(post.id) < self.below
            and (self.replies or post.reply_to is None)
        )


def _window(query: Mapping[str, str]) -> _Window:
    tokens = [int(query[name]) for name in ("until_id", "pagination_token") if name in query]
    return _Window(
        begins=_instant(query.get("start_time", "2010-11-06T00:00:00Z")),
        ends=_instant(query.get("end_time", "9999-01-01T00:00:00Z")),
        above=int(query.get("since_id", 0)),
        below=min(tokens, default=1 << 64),
        replies="replies" not in query.get("exclude", ""),
    )


def _instant(said: str) -> datetime:
    """Whole seconds, in UTC, with a Z."""
    try:
        return datetime.strptime(said, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise invalid(f"[{said}] is not a valid time.") from None


def _between(said: object, least: int, most: int) -> int:
    text = str(said)
    if not text.isdecimal() or not least <= int(text) <= most:
        raise invalid(f"The max_results query parameter value [{said}] is not between 5 and 100.")
    return int(text)


def _rate_headers(quotas: tuple[Quota, ...], account: str, now: datetime) -> dict[str, str]:
    """Of the tightest window: https://docs.x.com/x-api/fundamentals/rate-limits"""
    quota = min(quotas, key=lambda each: each.left(account, now))
    return {
        "x-rate-limit-limit": str(quota.limit),
        "x-rate-limit-remaining": str(quota.left(account, now)),
        "x-rate-limit-reset": str(int(quota.renewal(now).timestamp())),
    }


def _too_many() -> NoReturn:
    raise Refused(429, "Too Many Requests")


def _problem(refused: Refused, headers: Mapping[str, str] | None = None) -> Response:
    return in_json(refused.problem, refused.status, headers, media_type="application/problem+json")
