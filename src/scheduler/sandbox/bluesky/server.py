"""A stand-in for a server of the AT Protocol: its wire protocol, and its rules to the letter.

Stricter than the real one where that one quietly forgives: a key that no schema knows is refused,
and so is an answer to a post that is not there.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from types import MappingProxyType
from typing import Any, ClassVar

from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from scheduler.sandbox.answering import bearer, in_json, route
from scheduler.sandbox.bluesky.contents import blob_cid
from scheduler.sandbox.bluesky.repository import Blob, Record, Repository
from scheduler.sandbox.bluesky.rules import (
    CREATE_POINTS,
    DELETE_POINTS,
    MAX_PAGE,
    MAX_UPLOAD,
    UPDATE_POINTS,
    Refused,
    check_name,
    check_record,
    closed,
    invalid,
)
from scheduler.sandbox.bluesky.sessions import APP_PASSWORD, OWN_PASSWORD, Signed, Tokens
from scheduler.sandbox.faults import Purpose
from scheduler.sandbox.pictures import Pictures
from scheduler.sandbox.quota import Quota
from scheduler.sandbox.standing import Address, Now, PublicPost

_ROUTES = Map(
    [
        Rule(f"/xrpc/{name}", methods=[method], endpoint=verb)
        for method, name, verb in (
            ("POST", "com.atproto.server.createSession", "sign in"),
            ("POST", "com.atproto.server.refreshSession", "renew"),
            ("GET", "com.atproto.server.getSession", "whoami"),
            ("GET", "com.atproto.identity.resolveHandle", "resolve"),
            ("POST", "com.atproto.repo.uploadBlob", "upload"),
            ("POST", "com.atproto.repo.putRecord", "put"),
            ("POST", "com.atproto.repo.createRecord", "create"),
            ("POST", "com.atproto.repo.deleteRecord", "delete"),
            ("GET", "com.atproto.repo.getRecord", "show"),
            ("GET", "com.atproto.repo.listRecords", "list"),
        )
    ]
)
#: What may be asked without being signed in.
_OPEN = frozenset({"sign in", "renew", "resolve", "show", "list"})

#: How the types begin that the server recognises, whatever it was told.
_BEGINNINGS = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"GIF8": "image/gif",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A request whose sender is known ("" for nobody)."""

    request: Request
    account: str
    token: str
    now: datetime


class BlueskyStandIn:
    """One server with any number of accounts."""

    purposes: ClassVar[Mapping[str, Purpose]] = MappingProxyType(
        {
            "POST /xrpc/com.atproto.repo.putRecord": Purpose.PUBLISH,
            "POST /xrpc/com.atproto.repo.uploadBlob": Purpose.UPLOAD,
            "GET /xrpc/com.atproto.repo.getRecord": Purpose.READ,
            "GET /xrpc/com.atproto.repo.listRecords": Purpose.READ,
        }
    )

    def __init__(self, *, now: Now, processing: timedelta) -> None:
        del processing  # a picture may be posted as soon as it is uploaded
        self._now = now
        self._lock = threading.RLock()
        self._repositories: dict[str, Repository] = {}
        self._pictures = Pictures()
        self._tokens = Tokens()
        # https://docs.bsky.app/docs/advanced-guides/rate-limits: by address, by name, by account.
        self._calls = Quota(limit=3000, window=timedelta(minutes=5))
        self._sign_ins = (
            Quota(limit=30, window=timedelta(minutes=5)),
            Quota(limit=300, window=timedelta(days=1)),
        )
        self._writes = (
            Quota(limit=5000, window=timedelta(hours=1)),
            Quota(limit=35_000, window=timedelta(days=1)),
        )
        self._verbs: dict[str, Callable[[_Asked], Response]] = {
            "sign in": self._sign_in,
            "renew": self._renew,
            "whoami": self._whoami,
            "resolve": self._resolve,
            "upload": self._upload,
            "put": self._put,
            "create": self._create,
            "delete": self._delete,
            "show": self._show,
            "list": self._list,
        }

    def admit(self, account: str) -> Address:
        """A repository for the account, with its handle and an app password."""
        with self._lock:
            repository = self._repositories.setdefault(account, Repository(account=account))
        return Address(
            options={"handle": repository.handle}, secrets={"password": _password(account)}
        )

    def endpoint(self, request: Request) -> str:
        """Method and route: "POST /xrpc/com.atproto.repo.putRecord"."""
        return route(_ROUTES, request)

    def account(self, request: Request) -> str:
        """Whose token the request carries."""
        with self._lock:
            return self._tokens.whose(bearer(request))

    def answer(self, request: Request) -> Response:
        """Do what the request asks for, one at a time."""
        with self._lock:
            try:
                return self._routed(request, self._now())
            except Refused as refused:
                return in_json(
                    {"error": refused.name, "message": str(refused)},
                    refused.status,
                    refused.headers,
                )
            except MethodNotAllowed as error:
                return in_json({"error": "InvalidRequest", "message": error.description}, 405)
            except HTTPException:
                return in_json({"error": "MethodNotImplemented"}, 501)

    def stall(self, request: Request) -> Response:
        """A picture is ready as soon as it is there: nothing can be left unfinished."""
        return self.answer(request)

    def exhaust(self, account: str) -> None:
        """Leave the account no record of this window."""
        with self._lock:
            for quota in self._writes:
                quota.exhaust(account, self._now())

    def public(self, account: str) -> list[PublicPost]:
        """The account's posts that stand, in the order in which they were put there."""
        with self._lock:
            return self._repositories[account].public()

    def _routed(self, request: Request, now: datetime) -> Response:
        verb, _ = _ROUTES.bind_to_environ(request.environ).match()
        self._use((self._calls,), "", now, 1)
        token = bearer(request)
        account = "" if verb in _OPEN else self._tokens.signed_in(token, now)
        return self._verbs[verb](_Asked(request=request, account=account, token=token, now=now))

    def _use(
        self, quotas: tuple[Quota, ...], who: str, now: datetime, points: int
    ) -> dict[str, str]:
        """The headers of whichever limit has the least left, as the real server shows it."""
        used = [quota.use(who, now, points) for quota in quotas]
        shown = [(self._calls, ""), *((quota, who) for quota in quotas)]
        tightest, of = min(shown, key=lambda each: each[0].left(each[1], now))
        headers = _rate_headers(tightest, of, now)
        if not all(used):
            wait = {"Retry-After": str(int((tightest.renewal(now) - now).total_seconds()))}
            raise Refused(
                "RateLimitExceeded", "Rate Limit Exceeded", status=429, headers={**headers, **wait}
            )
        return headers

    # ── sessions ────────────────────────────────────────────────────────────────────────────────

    def _sign_in(self, asked: _Asked) -> Response:
        said = closed(_body(asked), "Input", required=("identifier", "password"))
        name = str(said["identifier"])
        headers = self._use(self._sign_ins, name, asked.now, 1)
        repository = self._known(name)
        scope = _scope_of(repository.account, said["password"]) if repository else ""
        if repository is None or not scope:
            raise Refused("AuthenticationRequired", "Invalid identifier or password", status=401)
        signed = self._tokens.give(repository.account, asked.now, scope=scope)
        return in_json(self._session(repository, signed, asked), 200, headers)

    def _renew(self, asked: _Asked) -> Response:
        signed = self._tokens.renew(asked.token, asked.now)
        repository = self._repositories[self._tokens.whose(signed.access)]
        return in_json(self._session(repository, signed, asked))

    def _session(self, repository: Repository, signed: Signed, asked: _Asked) -> dict[str, Any]:
        return {
            "accessJwt": signed.access,
            "refreshJwt": signed.refresh,
            **_shown_account(repository, asked.request),
        }

    def _whoami(self, asked: _Asked) -> Response:
        return in_json(_shown_account(self._repositories[asked.account], asked.request))

    def _resolve(self, asked: _Asked) -> Response:
        said = closed(dict(asked.request.args), "Params", required=("handle",))
        repository = self._known(said["handle"])
        if repository is None or said["handle"] != repository.handle:
            raise invalid("Unable to resolve handle")
        return in_json({"did": repository.did})

    def _known(self, name: object) -> Repository | None:
        """By handle or by DID."""
        return next(
            (each for each in self._repositories.values() if name in {each.did, each.handle}), None
        )

    # ── records ─────────────────────────────────────────────────────────────────────────────────

    def _upload(self, asked: _Asked) -> Response:
        data = asked.request.get_data()
        if len(data) > MAX_UPLOAD:
            raise Refused("PayloadTooLarge", "request entity too large", status=413)
        if not asked.request.mimetype:
            raise invalid("Request encoding (Content-Type) required but not provided")
        blob = Blob(
            data=self._pictures.once(data),
            media_type=_recognised(data) or asked.request.mimetype,
            uploaded_at=asked.now,
        )
        cid = blob_cid(data)
        self._repositories[asked.account].blobs[cid] = blob
        return in_json(
            {
                "blob": {
                    "$type": "blob",
                    "ref": {"$link": cid},
                    "mimeType": blob.media_type,
                    "size": len(data),
                }
            }
        )

    def _put(self, asked: _Asked) -> Response:
        said = closed(
            _body(asked),
            "Input",
            required=("repo", "collection", "rkey", "record"),
            optional=("validate", "swapRecord", "swapCommit"),
        )
        repository = self._own(asked, said["repo"])
        collection, name = said["collection"], said["rkey"]
        record = _checked(repository, collection, name, said["record"], asked.now)
        standing = repository.records.get((collection, name))
        points = UPDATE_POINTS if standing else CREATE_POINTS
        headers = self._use(self._writes, asked.account, asked.now, points)
        if standing and standing.cid == record.cid:
            return in_json(_shown_put(standing), 200, headers)  # nothing changes, no commit
        expected = standing.cid if standing else None
        if "swapRecord" in said and said["swapRecord"] != expected:
            raise Refused("InvalidSwap", f"Record was at {expected}")
        repository.keep(collection, record, asked.now)
        return in_json({**_shown_put(record), "commit": _commit(record)}, 200, headers)

    def _create(self, asked: _Asked) -> Response:
        said = closed(
            _body(asked),
            "Input",
            required=("repo", "collection", "rkey", "record"),  # here, a name is never made up
            optional=("validate", "swapCommit"),
        )
        repository = self._own(asked, said["repo"])
        collection, name = said["collection"], said["rkey"]
        record = _checked(repository, collection, name, said["record"], asked.now)
        headers = self._use(self._writes, asked.account, asked.now, CREATE_POINTS)
        if (collection, name) in repository.records:
            # The real server does not expect it: its tree throws.
            raise Refused("InternalServerError", "Internal Server Error", status=500)
        repository.keep(collection, record, asked.now)
        return in_json({**_shown_put(record), "commit": _commit(record)}, 200, headers)

    def _delete(self, asked: _Asked) -> Response:
        said = closed(
            _body(asked),
            "Input",
            required=("repo", "collection", "rkey"),
            optional=("swapRecord", "swapCommit"),
        )
        repository = self._own(asked, said["repo"])
        headers = self._use(self._writes, asked.account, asked.now, DELETE_POINTS)
        gone = repository.records.pop((said["collection"], said["rkey"]), None)
        return in_json({"commit": _commit(gone)} if gone else {}, 200, headers)

    def _own(self, asked: _Asked, repo: object) -> Repository:
        repository = self._repositories[asked.account]
        if repo not in {repository.did, repository.handle}:
            raise Refused("AuthenticationRequired", "Authentication Required", status=401)
        return repository

    def _show(self, asked: _Asked) -> Response:
        said = closed(dict(asked.request.args), "Params", required=("repo", "collection", "rkey"))
        repository = self._known(said["repo"])
        if repository is None:
            raise invalid(f"Could not find repo: {said['repo']}")
        record = repository.records.get((said["collection"], said["rkey"]))
        if record is None:
            uri = f"at://{repository.did}/{said['collection']}/{said['rkey']}"
            raise Refused("RecordNotFound", f"Could not locate record: {uri}")
        return in_json(record.shown)

    def _list(self, asked: _Asked) -> Response:
        said = closed(
            dict(asked.request.args),
            "Params",
            required=("repo", "collection"),
            optional=("limit", "cursor"),
        )
        repository = self._known(said["repo"])
        if repository is None:
            raise invalid(f"Could not find repo: {said['repo']}")
        limit = said.get("limit", "50")
        if not limit.isdecimal() or not 1 <= int(limit) <= MAX_PAGE:
            raise invalid(f"Params/limit must be from 1 to {MAX_PAGE}")
        below = said.get("cursor")
        page = [
            record
            for record in repository.newest_first(said["collection"])
            if below is None or record.name < below
        ][: int(limit)]
        cursor = {"cursor": page[-1].name} if page else {}
        return in_json({"records": [record.shown for record in page], **cursor})


def _checked(
    repository: Repository, collection: str, name: str, value: object, now: datetime
) -> Record:
    check_name(name)
    check_record(collection, value)
    return repository.drafted(collection, name, value if isinstance(value, dict) else {}, now)


def _shown_put(record: Record) -> dict[str, Any]:
    return {"uri": record.uri, "cid": record.cid, "validationStatus": "valid"}


def _commit(record: Record) -> dict[str, str]:
    return {"cid": record.cid, "rev": record.name}


def _shown_account(repository: Repository, request: Request) -> dict[str, Any]:
    return {
        "did": repository.did,
        "handle": repository.handle,
        "active": True,
        "didDoc": {
            "id": repository.did,
            "alsoKnownAs": [f"at://{repository.handle}"],
            "service": [
                {
                    "id": "#atproto_pds",
                    "type": "AtprotoPersonalDataServer",
                    "serviceEndpoint": request.host_url.rstrip("/"),
                }
            ],
        },
    }


def _recognised(data: bytes) -> str:
    return next((name for begin, name in _BEGINNINGS.items() if data.startswith(begin)), "")


def _scope_of(account: str, password: object) -> str:
    """What somebody may do who knows this password, or "" for a wrong one."""
    if password == _password(account):
        return APP_PASSWORD
    return OWN_PASSWORD if password == own_password(account) else ""


def own_password(account: str) -> str:
    """With which a person signs in, and which nobody should give to a program."""
    return f"correct horse of {account}"


def _password(account: str) -> str:
    """Four groups of four letters, as the app makes them."""
    digest = sha256(f"sandbox password of {account}".encode()).hexdigest()
    return "-".join(digest[begin : begin + 4] for begin in range(0, 16, 4))


def _body(asked: _Asked) -> object:
    said = asked.request.get_json(silent=True)
    if said is None:
        raise invalid("A request body is expected but none was provided")
    return said


def _rate_headers(quota: Quota, who: str, now: datetime) -> dict[str, str]:
    window = int(quota.window.total_seconds())
    return {
        "RateLimit-Limit": str(quota.limit),
        "RateLimit-Remaining": str(quota.left(who, now)),
        "RateLimit-Reset": str(int(quota.renewal(now).timestamp())),
        "RateLimit-Policy": f"{quota.limit};w={window}",
    }
