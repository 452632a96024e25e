"""Mastodon, and servers that speak its API.

https://docs.joinmastodon.org/methods/statuses/
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from types import MappingProxyType
from typing import Any, ClassVar
from urllib.parse import quote, urlsplit

from scheduler.errors import AccountRefused, Ambiguous, ContentRejected, Ending, NotSent
from scheduler.model import Account, Draft, DraftPicture, Measure, Receipt, Standing
from scheduler.platforms.addresses import refuse_bad_server, sandboxed, server_problems
from scheduler.platforms.answers import filled_text, inside, moment, object_of, objects, text
from scheduler.platforms.calling import Answer, Server, accepted, allowance
from scheduler.platforms.html import words
from scheduler.platforms.kin import DEAD_TOKENS, KIN, MASTODON, Kin, recognised
from scheduler.platforms.measuring import measures
from scheduler.platforms.options import option_problems, secret_problems
from scheduler.platforms.pictures import content, file_name
from scheduler.platforms.protocol import (
    NOWHERE,
    OVER_THE_NETWORK,
    Absent,
    Cap,
    Finding,
    Found,
    Identity,
    MediaHost,
    Option,
    Staged,
    Tokens,
    Unknown,
)

#: How far our clock and the server's may differ before `find` overlooks a post without pictures.
CLOCK_MARGIN = timedelta(minutes=10)
#: https://docs.joinmastodon.org/methods/accounts/#statuses: at most 40 posts in one answer.
PAGE = 40
#: More than 400 posts since one was sent is no account of ours.
PAGES = 10

_ACCEPTED = 202
_PARTIAL = 206
_BAD_REQUEST = 400
_NOT_FOUND = 404


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """What a server says about itself."""

    version: str
    #: Its rules, with the limits that it states.
    kin: Kin


@dataclass(frozen=True, slots=True, kw_only=True)
class _Upload:
    """A picture on the server; a post may hold it only when it is `ready`."""

    id: str
    ready: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Post:
    """What `find` needs to know of a post that stands on the server."""

    receipt: Receipt
    created_at: datetime
    media_ids: frozenset[str]
    reply_to: str | None
    text: str


class Mastodon:
    """One account on one server."""

    options: ClassVar[Mapping[str, Option]] = MappingProxyType(
        {
            "server": Option(
                meaning="the server's address, for example https://mastodon.social", required=True
            ),
            "software": Option(
                meaning="what runs on the server, for its limits (mastodon unless said otherwise)",
                choices=tuple(KIN),
            ),
            "visibility": Option(
                meaning="who sees the posts (public unless said otherwise)",
                choices=("public", "unlisted", "private"),
            ),
            "sandbox": Option(
                meaning="true for a stand-in server on this machine", choices=("true", "false")
            ),
        }
    )
    secrets: ClassVar[Mapping[str, str]] = MappingProxyType(
        {"token": "an access token with read:accounts, read:statuses, write:media, write:statuses"}
    )
    in_flight: ClassVar[timedelta] = OVER_THE_NETWORK
    #: In windows that begin with the epoch; counted here in any stretch of that length.
    caps: ClassVar[tuple[Cap, ...]] = (
        Cap(
            posts=300,
            window=timedelta(hours=3),
            page="https://github.com/mastodon/mastodon/blob/main/app/lib/rate_limiter.rb",
        ),
    )
    fetches_pictures: ClassVar[bool] = False

    def __init__(self, account: Account, *, tokens: Tokens, host: MediaHost = NOWHERE) -> None:
        del host  # it takes the bytes themselves
        self._account = account
        self._asked = False
        self._kin = KIN.get(account.options.get("software", ""), MASTODON)
        self.limits = self._kin.limits
        self._unfinished: dict[tuple[str, str], str] = {}
        self._server = Server(account.options.get("server", ""), token=lambda: tokens.read("token"))

    @classmethod
    def problems(cls, account: Account) -> tuple[tuple[str, str], ...]:
        """What is wrong with the account's options and secrets: (name, message)."""
        return (
            *option_problems(account, cls.options),
            *server_problems(account),
            *(() if sandboxed(account) else secret_problems(account, cls.secrets)),
        )

    def measure(self, draft: Draft) -> tuple[Measure, ...]:
        """Text, number of pictures, and each picture's alt text and size.

        By what the server has stated, or else by what the account says of it.
        """
        return measures(
            draft,
            self.limits,
            text=self._kin.length(note=draft.note, text=draft.text),
            # The server counts an alt text in code points, not as a reader sees them.
            alt=lambda alt: len(alt.strip()),
        )

    def cost(self, draft: Draft) -> int:
        """Nothing."""
        del draft
        return 0

    def instance(self) -> Instance:
        """The server's version and rules. Sends no token."""
        said = _json(self._ask("GET", "/api/v2/instance", signed=False))
        version = text(said, "version")
        kin = recognised(f"{version} {said.get('source_url', '')}", self._kin)
        return Instance(version=version, kin=_stated(kin, inside(said, "configuration")))

    def whoami(self) -> Identity:
        """https://docs.joinmastodon.org/methods/accounts/#verify_credentials"""
        said = self._me()
        host = urlsplit(self._server.address).netloc
        return Identity(
            id=filled_text(said, "id"),
            name=f"@{text(said, 'username')}@{host}",
            url=str(said.get("url") or ""),
            scopes=self._scopes(),
        )

    def _me(self) -> Mapping[str, Any]:
        return _json(self._ask("GET", "/api/v1/accounts/verify_credentials"))

    def _scopes(self) -> tuple[str, ...]:
        """What the app may do that the token was made for, where the server says so.

        https://docs.joinmastodon.org/methods/apps/#verify_credentials, since Mastodon 4.3
        """
        try:
            said = _json(self._ask("GET", "/api/v1/apps/verify_credentials")).get("scopes")
        except Ending:  # whose token it is, it has just said
            return ()
        return tuple(map(str, said)) if isinstance(said, list) else ()

    def stage(self, draft: Draft, *, due: datetime, reply_to: Receipt | None = None) -> Staged:
        """Upload the pictures; `NotSent` while the server still works on them.

        `ContentRejected` for what exceeds the server's own limits. A repeat uploads again; what is
        never used, the server deletes.
        """
        del due  # the server dates a post by its own clock
        self._learn_limits()
        self._refuse_excess(draft)
        media_ids = self._uploaded(draft)
        # What is left out falls back to the account's own defaults, which anyone may change.
        return Staged(
            request={
                "status": draft.text,
                "visibility": self._account.options.get("visibility", "public"),
                "language": draft.language.split("-")[0].lower(),  # ISO 639 has no regions
                "sensitive": bool(draft.note),
                "spoiler_text": draft.note,
                **({"media_ids": media_ids} if media_ids else {}),
                **({"in_reply_to_id": reply_to.id} if reply_to else {}),
            }
        )

    def publish(self, staged: Staged, *, key: str) -> Receipt:
        """https://docs.joinmastodon.org/methods/statuses/#create"""
        request = dict(staged.request)
        answer = self._ask(
            "POST",
            "/api/v1/statuses",
            fresh=True,
            json=request,
            headers={"Idempotency-Key": idempotency_key(key, request)},
        )
        if answer.status == _NOT_FOUND and "in_reply_to_id" in request:
            raise ContentRejected(f"{answer.host}: the post that this one answers is gone")
        return replace(_receipt(_json(answer)), allowance=allowance(answer.headers))

    def find(self, staged: Staged, *, key: str, since: datetime) -> Finding:
        """Read back what the account has posted. Absent only when all of it was read."""
        del key  # the server does not show it
        try:
            return self._search(staged.request, since - CLOCK_MARGIN)
        except Ending as ending:
            return Unknown(reason=str(ending))

    def withdraw(self, receipt: Receipt) -> None:
        """https://docs.joinmastodon.org/methods/statuses/#delete"""
        answer = self._ask("DELETE", f"/api/v1/statuses/{quote(receipt.id, safe='')}")
        if answer.status != _NOT_FOUND:
            accepted(answer)

    def standing(self, *, since: datetime) -> tuple[Standing, ...]:
        """What the account has posted, as the public reads it."""
        return tuple(
            Standing(receipt=post.receipt, text=post.text, published_at=post.created_at)
            for post in self._newest_first(since)
            if post.created_at >= since
        )

    def _ask(self, method: str, path: str, **request: Any) -> Answer:
        """A request, once it is certain that it goes where the account says."""
        refuse_bad_server(self._account)
        answer = self._server.ask(method, path, **request)
        if answer.status == _BAD_REQUEST and answer.body.strip() in DEAD_TOKENS:
            raise AccountRefused(f"{answer.host} answered 400: {answer.body.strip().decode()}")
        return answer

    def _learn_limits(self) -> None:
        """Ask the server until it has answered once; not to know is no reason not to post."""
        if self._asked:
            return
        with suppress(Ending):
            self._kin = self.instance().kin
            self.limits = self._kin.limits
            self._asked = True

    def _refuse_excess(self, draft: Draft) -> None:
        excesses = [
            f"{each.name}: {each.excess} {each.unit} over the limit of {each.limit}"
            for each in self.measure(draft)
            if each.excess
        ]
        if excesses:
            raise ContentRejected(f"{self._server.host}: {'; '.join(excesses)}")

    def _uploaded(self, draft: Draft) -> list[str]:
        """Upload the pictures, or go on with those that the server had not finished."""
        names = [(picture.digest, picture.alt) for picture in draft.pictures]
        uploads = [
            self._earlier(name) or self._upload(number, picture)
            for number, (name, picture) in enumerate(zip(names, draft.pictures, strict=True), 1)
        ]
        media_ids = [upload.id for upload in uploads]
        if not all(upload.ready for upload in uploads):
            self._unfinished.update(zip(names, media_ids, strict=True))
            raise NotSent(f"{self._server.host} is still working on the pictures")
        return media_ids

    def _earlier(self, name: tuple[str, str]) -> _Upload | None:
        id_ = self._unfinished.pop(name, None)
        return self._looked_at(id_) if id_ else None

    def _upload(self, number: int, picture: DraftPicture) -> _Upload:
        """https://docs.joinmastodon.org/methods/media/#v2"""
        file = (file_name(number, picture), content(number, picture), picture.media_type)
        answer = self._ask(
            "POST",
            "/api/v2/media",
            files={"file": file},
            data={"description": picture.alt} if picture.alt else {},
        )
        upload = _Upload(id=filled_text(_json(answer), "id"), ready=answer.status != _ACCEPTED)
        return upload if upload.ready else self._looked_at(upload.id) or upload

    def _looked_at(self, id_: str) -> _Upload | None:
        """How far the server is with a picture, or None when it has thrown it away."""
        answer = self._ask("GET", f"/api/v1/media/{quote(id_, safe='')}")
        if answer.status == _NOT_FOUND:
            return None
        return _Upload(id=id_, ready=accepted(answer).status != _PARTIAL)

    def _search(self, request: Mapping[str, Any], horizon: datetime) -> Finding:
        """Pictures decide: their ids are ours alone. Only then are the words looked at."""
        media_ids = frozenset(request.get("media_ids", ()))
        recent = []
        for post in self._newest_first(horizon):
            if post.media_ids & media_ids:
                return Found(receipt=post.receipt)
            if post.created_at >= horizon:
                recent.append(post)
        for post in recent:
            if self._says_the_same(post, request):
                if media_ids or post.media_ids:
                    return Unknown(reason=f"{post.receipt.url} says the same with other pictures")
                return Found(receipt=post.receipt)
        return Absent(
            reason=f"not among the account's posts on {self._server.host} "
            f"since {horizon:%d %B %H:%M %Z}"
        )

    def _newest_first(self, horizon: datetime) -> Iterator[_Post]:
        """The account's posts until one is older than the horizon; always at least a page."""
        path = f"/api/v1/accounts/{quote(filled_text(self._me(), 'id'), safe='')}/statuses"
        query = {"limit": str(PAGE), "exclude_reblogs": "true"}
        for _ in range(PAGES):
            page = [_post(each) for each in _list(self._ask("GET", path, params=query))]
            yield from page
            if not page or page[-1].created_at < horizon:
                return
            query["max_id"] = page[-1].receipt.id
        raise Ambiguous(f"more than {PAGE * PAGES} posts on {self._server.host} since then")

    def _says_the_same(self, post: _Post, request: Mapping[str, Any]) -> bool:
        if post.reply_to != request.get("in_reply_to_id"):
            return False
        path = f"/api/v1/statuses/{quote(post.receipt.id, safe='')}/source"
        source = _json(self._ask("GET", path))
        return all(
            _plain(text(source, name)) == _plain(request[sent])
            for name, sent in (("text", "status"), ("spoiler_text", "spoiler_text"))
        )


def idempotency_key(key: str, request: Mapping[str, Any]) -> str:
    """The same for the same words under the same delivery, whatever their pictures' ids.

    So a second upload does not become a second post, while words that were mended after a refusal
    are not answered with the refusal (Pleroma keeps that under the key, too).
    """
    words = {name: value for name, value in request.items() if name != "media_ids"}
    return sha256(json.dumps([key, words], sort_keys=True).encode()).hexdigest()


def _stated(kin: Kin, configuration: Mapping[str, Any]) -> Kin:
    """The rules with the limits that the server states; those that it does not are kept.

    https://docs.joinmastodon.org/entities/Instance/
    """
    statuses = inside(configuration, "statuses")
    media = inside(configuration, "media_attachments")
    ours = kin.limits
    limits = replace(
        ours,
        text=_number(statuses, "max_characters", ours.text),
        pictures=_number(statuses, "max_media_attachments", ours.pictures),
        alt=_number(media, "description_limit", ours.alt),
        picture_bytes=_number(media, "image_size_limit", ours.picture_bytes),
        media_types=_media_types(media, ours.media_types),
    )
    # Who counts addresses in full states a number for them all the same.
    address = kin.address and _number(statuses, "characters_reserved_per_url", kin.address)
    return replace(kin, limits=limits, address=address)


def _media_types(media: Mapping[str, Any], ours: tuple[str, ...]) -> tuple[str, ...]:
    stated = media.get("supported_mime_types")
    if not isinstance(stated, list) or not stated:
        return ours
    return tuple(each for each in ours if each in stated)


def _number(values: Mapping[str, Any], name: str, otherwise: int) -> int:
    value = values.get(name)
    return value if isinstance(value, int) and value > 0 else otherwise


def _json(answer: Answer) -> Mapping[str, Any]:
    return object_of(accepted(answer))


def _list(answer: Answer) -> Sequence[Mapping[str, Any]]:
    value = accepted(answer).json()
    return objects(value, f"{answer.host} answered {answer.status}")


def _receipt(said: Mapping[str, Any]) -> Receipt:
    return Receipt(id=filled_text(said, "id"), url=str(said.get("url") or said.get("uri") or ""))


def _post(said: Mapping[str, Any]) -> _Post:
    return _Post(
        receipt=_receipt(said),
        created_at=moment(said, "created_at"),
        media_ids=frozenset(
            filled_text(each, "id") for each in said.get("media_attachments") or ()
        ),
        reply_to=said.get("in_reply_to_id"),
        text=words(str(said.get("content") or "")),
    )


def _plain(text: str) -> str:
    """As the server keeps it."""
    return text.replace("\r\n", "\n").strip()
