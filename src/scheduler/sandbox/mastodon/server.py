"""A stand-in for a Mastodon server: its wire protocol, and its rules to the letter.

Stricter than the real one where that one quietly forgives: an unknown parameter or an unknown
language is refused.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import islice
from types import MappingProxyType
from typing import Any, ClassVar

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from scheduler.sandbox.answering import bearer, in_json, route
from scheduler.sandbox.consenting import App, Consents, NotGranted
from scheduler.sandbox.faults import Purpose
from scheduler.sandbox.mastodon.entities import (
    Media,
    Status,
    account_id,
    seen,
    shown_account,
    shown_media,
    shown_status,
    visible,
)
from scheduler.sandbox.mastodon.kin import GOTOSOCIAL, HOLLO, MASTODON, TAKAHE, Kin
from scheduler.sandbox.mastodon.rules import (
    KEY_LIFE,
    LIST_PARAMETERS,
    MAX_PAGE,
    MEDIA_TYPES,
    Refused,
    check_media,
    check_status,
    parameters,
    true,
)
from scheduler.sandbox.pictures import Pictures
from scheduler.sandbox.quota import Quota
from scheduler.sandbox.standing import Address, Now, PublicPost

#: When a picture is ready that the server never finishes.
_NEVER = datetime.max.replace(tzinfo=UTC)

#: What Mastodon answers to what it will not take; see `Kin.invalid`.
_INVALID = 422

_ROUTES = Map(
    [
        Rule("/api/v2/instance", methods=["GET"], endpoint="instance"),
        Rule("/.well-known/oauth-authorization-server", methods=["GET"], endpoint="metadata"),
        Rule("/api/v1/apps", methods=["POST"], endpoint="register"),
        Rule("/api/v1/apps/verify_credentials", methods=["GET"], endpoint="rights"),
        Rule("/oauth/authorize", methods=["GET", "POST"], endpoint="authorise"),
        Rule("/oauth/token", methods=["POST"], endpoint="token"),
        Rule("/api/v1/accounts/verify_credentials", methods=["GET"], endpoint="whoami"),
        Rule("/api/v1/accounts/<id>/statuses", methods=["GET"], endpoint="list"),
        Rule("/api/v2/media", methods=["POST"], endpoint="upload"),
        Rule("/api/v1/media/<id>", methods=["GET"], endpoint="media"),
        Rule("/api/v1/media/<id>", methods=["PUT"], endpoint="describe"),
        Rule("/api/v1/statuses", methods=["POST"], endpoint="create"),
        Rule("/api/v1/statuses/<id>", methods=["GET"], endpoint="show"),
        Rule("/api/v1/statuses/<id>", methods=["DELETE"], endpoint="delete"),
        Rule("/api/v1/statuses/<id>/source", methods=["GET"], endpoint="source"),
    ]
)


#: What anybody may ask, without a token.
_OPEN = frozenset({"instance", "metadata", "register", "authorise", "token"})
SCOPES = ("read:accounts", "read:statuses", "write:media", "write:statuses")
#: Without which a token may not ask: https://docs.joinmastodon.org/api/oauth-scopes/
_NEEDED: Mapping[str, str] = MappingProxyType(
    {
        "whoami": "read:accounts",
        "list": "read:statuses",
        "show": "read:statuses",
        "source": "read:statuses",
        "upload": "write:media",
        "media": "write:media",
        "describe": "write:media",
        "create": "write:statuses",
        "delete": "write:statuses",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A request whose sender is known ("" for nobody)."""

    request: Request
    account: str
    id: str
    now: datetime
    #: When an upload will be ready to be posted.
    ready_at: datetime


class MastodonStandIn:
    """One server with any number of accounts."""

    kin: ClassVar[Kin] = MASTODON
    purposes: ClassVar[Mapping[str, Purpose]] = MappingProxyType(
        {
            "POST /api/v1/statuses": Purpose.PUBLISH,
            "POST /api/v2/media": Purpose.UPLOAD,
            "GET /api/v1/accounts/<id>/statuses": Purpose.READ,
            "GET /api/v1/statuses/<id>": Purpose.READ,
            "GET /api/v1/statuses/<id>/source": Purpose.READ,
        }
    )

    def __init__(self, *, now: Now, processing: timedelta) -> None:
        self._now = now
        self._processing = processing
        self._lock = threading.RLock()
        self._tokens: dict[str, str] = {}
        #: Of the tokens that may do less than everything.
        self._scopes: dict[str, tuple[str, ...]] = {}
        self._consents = Consents(
            known=lambda name: name in self._tokens.values(),
            scopes=frozenset(SCOPES),
            challenges=self.kin is MASTODON,
            out_of_band=True,
        )
        self._media: dict[str, Media] = {}
        self._pictures = Pictures()
        self._statuses: dict[str, Status] = {}
        self._keys: dict[tuple[str, str], tuple[str, datetime]] = {}
        self._last_id = 0
        # https://docs.joinmastodon.org/api/rate-limits/; statuses: the server's RateLimiter.
        self._calls = Quota(limit=300, window=timedelta(minutes=5))
        self._uploads = Quota(limit=30, window=timedelta(minutes=30))
        self._deletes = Quota(limit=30, window=timedelta(minutes=30))
        self._posts = Quota(limit=300, window=timedelta(hours=3))
        self._verbs: dict[str, Callable[[_Asked], Response]] = {
            "instance": self._instance,
            "metadata": self._metadata,
            "register": self._register,
            "rights": self._rights,
            "authorise": self._authorise,
            "token": self._token,
            "whoami": self._whoami,
            "list": self._list,
            "upload": self._upload,
            "media": self._show_media,
            "describe": self._describe,
            "create": self._create,
            "show": self._show,
            "delete": self._delete,
            "source": self._source,
        }

    def admit(self, account: str) -> Address:
        """A token for the account."""
        token = sha256(f"sandbox token of {account}".encode()).hexdigest()[:43]
        with self._lock:
            self._tokens[token] = account
        return Address(secrets={"token": token})

    def endpoint(self, request: Request) -> str:
        """Method and route: "GET /api/v1/statuses/<id>"."""
        return route(_ROUTES, request)

    def account(self, request: Request) -> str:
        """Whose token the request carries."""
        with self._lock:
            return self._tokens.get(bearer(request), "")

    def answer(self, request: Request) -> Response:
        """Do what the request asks for, one at a time."""
        now = self._now()
        return self._answered(request, now, now + self._processing)

    def stall(self, request: Request) -> Response:
        """Take a picture that will never be ready."""
        return self._answered(request, self._now(), _NEVER)

    def exhaust(self, account: str) -> None:
        """Leave the account no post of this window, where the server limits any."""
        limited = {"iso": self._posts, "unix": self._calls}
        with self._lock:
            if quota := limited.get(self.kin.rates):
                quota.exhaust(account, self._now())

    def _answered(self, request: Request, now: datetime, ready_at: datetime) -> Response:
        with self._lock:
            try:
                return self._routed(request, now, ready_at)
            except Refused as refused:
                return self._refused(refused)
            except NotGranted as refused:
                return in_json(refused.said, refused.status)
            except HTTPException as error:
                return in_json({"error": error.description}, error.code or 404)

    def _refused(self, refused: Refused) -> Response:
        status = self.kin.invalid if refused.status == _INVALID else refused.status
        return in_json({"error": str(refused)}, status, refused.headers)

    def public(self, account: str) -> list[PublicPost]:
        """The account's posts that stand, oldest first."""
        with self._lock:
            return [
                seen(status, self._media_of(status))
                for status in self._statuses.values()
                if status.account == account
            ]

    def _routed(self, request: Request, now: datetime, ready_at: datetime) -> Response:
        verb, values = _ROUTES.bind_to_environ(request.environ).match()
        account = self.account(request)
        if verb not in _OPEN and not account:
            return self._unknown_token()
        self._need(verb, bearer(request))
        if self.kin.rates:
            self._use(self._calls, account, now)
        return self._verbs[verb](
            _Asked(
                request=request,
                account=account,
                id=values.get("id", ""),
                now=now,
                ready_at=ready_at,
            )
        )

    def _unknown_token(self) -> Response:
        status, words = self.kin.unknown_token
        if words:
            return Response(words, status)
        return in_json({"error": "The access token is invalid"}, status)

    def _use(self, quota: Quota, account: str, now: datetime) -> None:
        counts = quota is self._calls or self.kin.rates == "iso"
        if counts and not quota.use(account, now):
            raise Refused(429, "Too many requests", self._rate_headers(quota, account, now))

    def _rate_headers(self, quota: Quota, account: str, now: datetime) -> dict[str, str]:
        if self.kin.rates == "iso":
            return _rate_headers(quota, account, now)
        if self.kin.rates == "unix":
            unix = str(int(self._calls.renewal(now).timestamp()))
            return {**_rate_headers(self._calls, account, now), "X-RateLimit-Reset": unix}
        return {}

    def _instance(self, asked: _Asked) -> Response:
        kin = self.kin
        media: dict[str, Any] = {
            "image_size_limit": kin.max_bytes,
            "image_matrix_limit": kin.max_matrix,
            "supported_mime_types": list(MEDIA_TYPES),
        }
        if kin.max_description is not None:
            media["description_limit"] = kin.max_description
        return in_json(
            {
                "domain": asked.request.host,
                "title": "Stand-in",
                "description": "Rehearsals only.",
                "languages": ["en"],
                "version": kin.version,
                "source_url": kin.source_url,
                **({"api_versions": dict(kin.api_versions)} if kin.api_versions else {}),
                "configuration": {
                    "statuses": {
                        "max_characters": kin.max_characters,
                        "max_media_attachments": kin.max_pictures,
                        "characters_reserved_per_url": kin.characters_per_url,
                    },
                    "media_attachments": media,
                },
            }
        )

    # ── signing in ──────────────────────────────────────────────────────────────────────────────

    def _need(self, verb: str, token: str) -> None:
        needed = _NEEDED.get(verb)
        if needed and needed not in self._scopes.get(token, SCOPES):
            raise Refused(403, "This action is outside the authorized scopes")

    def _metadata(self, asked: _Asked) -> Response:
        """https://docs.joinmastodon.org/methods/oauth/#authorization-server-metadata"""
        if self.kin is not MASTODON:
            raise Refused(404, "Record not found")
        here = asked.request.host_url.rstrip("/")
        return in_json(
            {
                "issuer": f"{here}/",
                "authorization_endpoint": f"{here}/oauth/authorize",
                "token_endpoint": f"{here}/oauth/token",
                "code_challenge_methods_supported": ["S256"],
            }
        )

    def _register(self, asked: _Asked) -> Response:
        """https://docs.joinmastodon.org/methods/apps/#create"""
        form = asked.request.form
        if set(form) - {"website"} != {"client_name", "redirect_uris", "scopes"}:
            raise Refused(422, "Validation failed: Application name can't be blank")
        if not set(form["scopes"].split()) <= self._consents.scopes:
            raise Refused(422, "Validation failed: Scopes doesn't match configured on the server.")
        number = len(self._consents.apps) + 1
        app = App(
            id=sha256(f"app {number}".encode()).hexdigest()[:43],
            secret=sha256(f"secret of app {number}".encode()).hexdigest()[:43],
            redirects=frozenset(form["redirect_uris"].split()),
        )
        self._consents.apps[app.id] = app
        return in_json(
            {
                "id": str(number),
                "name": form["client_name"],
                "client_id": app.id,
                "client_secret": app.secret,
                "redirect_uris": sorted(app.redirects),
            }
        )

    def _rights(self, asked: _Asked) -> Response:
        """https://docs.joinmastodon.org/methods/apps/#verify_credentials"""
        scopes = self._scopes.get(bearer(asked.request), SCOPES)
        said = {"scopes": list(scopes)} if self.kin is MASTODON else {}
        return in_json({"name": "campaign-scheduler", **said})

    def _authorise(self, asked: _Asked) -> Response:
        return self._consents.authorise(asked.request, asked.now)

    def _token(self, asked: _Asked) -> Response:
        """https://docs.joinmastodon.org/methods/oauth/#token"""
        consent = self._consents.redeem(asked.request.form, asked.now)
        token = sha256(f"token {len(self._tokens)} of {consent.account}".encode()).hexdigest()[:43]
        self._tokens[token] = consent.account
        self._scopes[token] = consent.scopes
        return in_json(
            {
                "access_token": token,
                "token_type": "Bearer",
                "scope": " ".join(consent.scopes),
                "created_at": int(asked.now.timestamp()),
            }
        )

    def _whoami(self, asked: _Asked) -> Response:
        return in_json(
            {
                **shown_account(asked.account, asked.request.host_url),
                "source": {"privacy": "public", "sensitive": False, "language": None, "note": ""},
            }
        )

    def _upload(self, asked: _Asked) -> Response:
        self._use(self._uploads, asked.account, asked.now)
        file = asked.request.files.get("file")
        if file is None:
            raise Refused(422, "Validation failed: File can't be blank")
        if unknown := set(asked.request.form) - {"description", "focus"}:
            raise Refused(422, f"Unknown parameters: {', '.join(sorted(unknown))}")
        media = Media(
            id=self._new_id(asked.now),
            account=asked.account,
            data=self._pictures.once(file.read()),
            media_type=file.mimetype,
            description=asked.request.form.get("description", "").strip(),
            ready_at=asked.ready_at,
        )
        check_media(media, self.kin)
        self._media[media.id] = media
        ready = media.ready_at <= asked.now
        return in_json(
            _shown_upload(media, asked),
            200 if ready else 202,
            self._rate_headers(self._uploads, asked.account, asked.now),
        )

    def _show_media(self, asked: _Asked) -> Response:
        media = self._own_media(asked)
        return in_json(_shown_upload(media, asked), 200 if media.ready_at <= asked.now else 206)

    def _describe(self, asked: _Asked) -> Response:
        media = replace(
            self._own_media(asked),
            description=str(parameters(asked.request).get("description", "")),
        )
        check_media(media, self.kin)
        self._media[media.id] = media
        return in_json(_shown_upload(media, asked))

    def _own_media(self, asked: _Asked) -> Media:
        """Attached media are no longer found: they belong to their post."""
        media = self._media.get(asked.id)
        if media is None or media.account != asked.account or media.status:
            raise Refused(404, "Record not found")
        return media

    def _create(self, asked: _Asked) -> Response:
        key = asked.request.headers.get("Idempotency-Key")
        if key and self.kin.keys and (first := self._replayed(asked, key)):
            return in_json(self._shown(first))
        status = self._drafted(asked, parameters(asked.request), key)
        self._use(self._posts, asked.account, asked.now)
        self._statuses[status.id] = status
        for id_ in status.media_ids:
            self._media[id_] = replace(self._media[id_], status=status.id)
        if key:
            self._keys[asked.account, key] = (status.id, asked.now)
        return in_json(
            self._shown(status), 200, self._rate_headers(self._posts, asked.account, asked.now)
        )

    def _replayed(self, asked: _Asked, key: str) -> Status | None:
        id_, at = self._keys.get((asked.account, key), ("", asked.now))
        if not id_ or asked.now - at >= KEY_LIFE:
            return None
        if id_ not in self._statuses:
            raise Refused(404, "Record not found")
        return self._statuses[id_]

    def _drafted(self, asked: _Asked, said: Mapping[str, Any], key: str | None) -> Status:
        check_status(said, self.kin)
        reply = said.get("in_reply_to_id") or None
        if reply is not None and reply not in self._statuses:
            raise Refused(404, "The post you are trying to reply to does not appear to exist.")
        media_ids = self._attachable(asked, said.get("media_ids") or [])
        text = said.get("status", "").strip()
        note = said.get("spoiler_text", "").strip()
        if not text and not media_ids:
            raise Refused(422, "Validation failed: Text can't be blank")
        id_ = self._new_id(asked.now)
        return Status(
            id=id_,
            account=asked.account,
            url=f"{asked.request.host_url}@{asked.account}/{id_}",
            text=text,
            spoiler_text=note,
            visibility=said.get("visibility") or "public",
            language=(said.get("language") or None) if self.kin.languages else None,
            sensitive=bool(note) or true(said.get("sensitive", False)),
            in_reply_to_id=reply,
            media_ids=media_ids,
            created_at=asked.now,
            key=key,
        )

    def _attachable(self, asked: _Asked, ids: list[str]) -> tuple[str, ...]:
        if len(ids) > self.kin.max_pictures:
            raise Refused(422, f"Cannot attach more than {self.kin.max_pictures} files")
        for id_ in ids:
            media = self._media.get(id_)
            if media is None or media.account != asked.account or media.status:
                raise Refused(422, f"Media {id_} not found or already attached to another post")
            if media.ready_at > asked.now:
                raise Refused(
                    422,
                    "Cannot attach files that have not finished processing. Try again in a moment!",
                )
        return tuple(dict.fromkeys(ids))

    def _list(self, asked: _Asked) -> Response:
        query = asked.request.args
        if unknown := set(query) - LIST_PARAMETERS:
            raise Refused(422, f"Unknown parameters: {', '.join(sorted(unknown))}")
        listed = [name for name in self._tokens.values() if account_id(name) == asked.id]
        if not listed:
            raise Refused(404, "Record not found")
        below = int(query.get("max_id", self._last_id + 1))
        above = int(query.get("since_id", 0))
        limit = min(int(query.get("limit", 20)), MAX_PAGE)
        newest_first = (
            self._shown(status)
            for status in reversed(self._statuses.values())
            if status.account in listed
            and above < int(status.id) < below
            and visible(status, asked.account)
        )
        return in_json(list(islice(newest_first, limit)))

    def _show(self, asked: _Asked) -> Response:
        return in_json(self._shown(self._standing(asked)))

    def _source(self, asked: _Asked) -> Response:
        status = self._own(asked)
        return in_json({"id": status.id, "text": status.text, "spoiler_text": status.spoiler_text})

    def _delete(self, asked: _Asked) -> Response:
        self._use(self._deletes, asked.account, asked.now)
        status = self._own(asked)
        shown = self._shown(status)
        for id_ in status.media_ids:  # kept for a day, to be used again
            self._media[id_] = replace(self._media[id_], status=None)
        del self._statuses[status.id]
        return in_json({**shown, "text": status.text})

    def _standing(self, asked: _Asked) -> Status:
        status = self._statuses.get(asked.id)
        if status is None or not visible(status, asked.account):
            raise Refused(404, "Record not found")
        return status

    def _own(self, asked: _Asked) -> Status:
        status = self._standing(asked)
        if status.account != asked.account:
            raise Refused(404, "Record not found")
        return status

    def _new_id(self, now: datetime) -> str:
        """Milliseconds since the epoch, then a count: ids grow with time."""
        self._last_id = max(self._last_id + 1, int(now.timestamp() * 1000) << 16)
        return str(self._last_id)

    def _media_of(self, status: Status) -> list[Media]:
        return [self._media[id_] for id_ in status.media_ids]

    def _shown(self, status: Status) -> dict[str, Any]:
        return shown_status(status, self._media_of(status))


class GoToSocialStandIn(MastodonStandIn):
    """One server of GoToSocial."""

    kin: ClassVar[Kin] = GOTOSOCIAL


class HolloStandIn(MastodonStandIn):
    """One server of Hollo."""

    kin: ClassVar[Kin] = HOLLO


class TakaheStandIn(MastodonStandIn):
    """One server of Takahē."""

    kin: ClassVar[Kin] = TAKAHE


def _shown_upload(media: Media, asked: _Asked) -> dict[str, Any]:
    return shown_media(media, asked.request.host_url, ready=media.ready_at <= asked.now)


def _rate_headers(quota: Quota, account: str, now: datetime) -> dict[str, str]:
    """https://docs.joinmastodon.org/api/rate-limits/"""
    reset = quota.renewal(now).isoformat(timespec="microseconds").replace("+00:00", "Z")
    return {
        "X-RateLimit-Limit": str(quota.limit),
        "X-RateLimit-Remaining": str(quota.left(account, now)),
        "X-RateLimit-Reset": reset,
    }
