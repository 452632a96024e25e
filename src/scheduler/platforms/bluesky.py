"""Bluesky, and every server that keeps repositories of the AT Protocol.

https://docs.bsky.app/docs/advanced-guides/posts

A post is a record whose name we choose, and the name follows from the delivery (`tid.record_key`).
It is put there only where nothing stands under that name yet (`swapRecord: null`); the very same
record once more changes nothing. So a request may arrive twice and makes one post, and whether it
is public can be read back to the byte. `createRecord` would answer a repetition with a 500.

- The record is frozen with `createdAt`, which is when the post is due and not when it is sent: at
  every try it is the same record, to the byte. A post that goes out late stands at its own hour.
  What answers another post is dated a second after it at the earliest: a thread is due as a whole,
  and readers sort by time.
- There is no field for the words of a content note: they are the first paragraph, and count as
  text. Where there are pictures, these are covered as well (the label `graphic-media`); a text
  alone has nothing to cover, and would only be kept from whoever hides such pictures.
- Who may answer is a second record of the same name. It is put there first: without its post
  nobody sees it, and a post is never public without it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any, ClassVar

from scheduler.errors import AccountRefused, Ambiguous, ContentRejected, Ending, NotSent
from scheduler.model import Account, Comments, Draft, DraftPicture, Measure, Receipt, Size, Standing
from scheduler.platforms import xrpc
from scheduler.platforms.addresses import sandboxed, server_problems
from scheduler.platforms.answers import filled_text, inside, object_of, objects, text
from scheduler.platforms.calling import Answer, Server, allowance, instant
from scheduler.platforms.counting import graphemes
from scheduler.platforms.facets import facets
from scheduler.platforms.measuring import measures
from scheduler.platforms.options import option_problems, secret_problems
from scheduler.platforms.pictures import content, media_type
from scheduler.platforms.protocol import (
    NOWHERE,
    OVER_THE_NETWORK,
    Absent,
    Cap,
    Finding,
    Found,
    Identity,
    Limits,
    MediaHost,
    Option,
    Staged,
    Tokens,
    Unknown,
)
from scheduler.platforms.sessions import Session, Sessions, scopes_of
from scheduler.platforms.tid import instant_of, record_key
from scheduler.platforms.wording import with_note

#: https://github.com/bluesky-social/atproto/blob/main/lexicons/app/bsky/feed/post.json; pictures
#: may have 2,000,000 bytes by now, but older servers take 1,000,000. The app takes alt texts of
#: 2,000 characters; the record has no limit for them.
LIMITS = Limits(
    page="https://docs.bsky.app/docs/advanced-guides/posts",
    text=300,
    text_unit="characters",
    pictures=4,
    alt=2000,
    picture_bytes=1_000_000,
    card=Size(width=1080, height=1350),
    notes=False,
)
#: A text must keep to both: emoji and accents are few characters and many bytes.
TEXT_BYTES = 3000

POST = "app.bsky.feed.post"
GATE = "app.bsky.feed.threadgate"

_RATE_LIMITS = "https://docs.bsky.app/docs/advanced-guides/rate-limits"
#: The page charges 3 points for a record that is made, and a post with its gate is two of them.
_POINTS = 2 * 3
#: https://docs.bsky.app/docs/api/com-atproto-repo-list-records: at most 100 in one answer.
PAGE = 100
#: More than 1,000 posts since then is no account of ours.
PAGES = 10

#: Who may answer; the account itself always may. Nobody else where the list is empty.
_ALLOWED: Mapping[Comments, tuple[str, ...]] = MappingProxyType(
    {Comments.OFF: (), Comments.LIMITED: (f"{GATE}#mentionRule", f"{GATE}#followingRule")}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Record:
    """A record as it stands in the account's repository."""

    uri: str
    cid: str
    value: Mapping[str, Any]

    @property
    def reference(self) -> dict[str, str]:
        return {"uri": self.uri, "cid": self.cid}


class Bluesky:
    """One account, on the server that keeps its records."""

    options: ClassVar[Mapping[str, Option]] = MappingProxyType(
        {
            "server": Option(
                meaning="where the account signs in: https://bsky.social, or its own server",
                required=True,
            ),
            "handle": Option(
                meaning="the account's handle without @, for example network.bsky.social",
                required=True,
            ),
            "sandbox": Option(
                meaning="true for a stand-in server on this machine", choices=("true", "false")
            ),
        }
    )
    secrets: ClassVar[Mapping[str, str]] = MappingProxyType(
        {"password": "an app password (Settings, Privacy and security, App passwords)"}
    )
    #: Publishing is five requests at most, one after another: who may answer, the post, and where
    #: the token expired between them a refused one, its renewal, and a new session.
    in_flight: ClassVar[timedelta] = 5 * OVER_THE_NETWORK
    caps: ClassVar[tuple[Cap, ...]] = (
        Cap(posts=5000 // _POINTS, window=timedelta(hours=1), page=_RATE_LIMITS),
        Cap(posts=35_000 // _POINTS, window=timedelta(days=1), page=_RATE_LIMITS),
    )
    fetches_pictures: ClassVar[bool] = False

    def __init__(self, account: Account, *, tokens: Tokens, host: MediaHost = NOWHERE) -> None:
        del host  # it takes the bytes themselves
        self.limits = LIMITS
        self._account = account
        self._sessions = Sessions(
            account, password=lambda: tokens.read("password"), grants=lambda: tokens.grants
        )
        self._servers: dict[str, Server] = {}

    @classmethod
    def problems(cls, account: Account) -> tuple[tuple[str, str], ...]:
        """What is wrong with the account's options and secrets: (name, message)."""
        return (
            *option_problems(account, cls.options),
            *server_problems(account),
            *_handle_problems(account),
            *(() if sandboxed(account) else secret_problems(account, cls.secrets)),
        )

    def measure(self, draft: Draft) -> tuple[Measure, ...]:
        """The text in characters and in bytes, the pictures, each one's alt text and size."""
        words = with_note(draft)
        text_, *pictures = measures(draft, self.limits, text=graphemes(words), alt=graphemes)
        in_bytes = Measure(name="text", used=len(words.encode()), limit=TEXT_BYTES, unit="bytes")
        return (text_, in_bytes, *pictures)

    def cost(self, draft: Draft) -> int:
        """Nothing."""
        del draft
        return 0

    def whoami(self) -> Identity:
        """https://docs.bsky.app/docs/api/com-atproto-server-get-session

        An app password does not expire, and the session is renewed from it.
        """
        said = _object(self._ask("GET", "com.atproto.server.getSession"))
        if said.get("active") is False:
            raise AccountRefused(f"the account is {said.get('status') or 'not active'}")
        did = filled_text(said, "did")
        return Identity(
            id=did,
            name=f"@{filled_text(said, 'handle')}",
            url=_profile(did),
            scopes=scopes_of(self._sessions.current().access),
        )

    def stage(self, draft: Draft, *, due: datetime, reply_to: Receipt | None = None) -> Staged:
        """Upload the pictures, and ask who is mentioned and what is answered.

        What no record refers to, the server deletes after some minutes.
        """
        parent = self._answered(reply_to) if reply_to else None
        created_at = _created_at(due, parent)
        words = with_note(draft)
        found = facets(words, self._did)
        images = [self._image(number, each) for number, each in enumerate(draft.pictures, 1)]
        record = {
            "$type": POST,
            "text": words,
            "createdAt": created_at,
            "langs": [draft.language],
            **({"facets": found} if found else {}),
            **({"embed": _embed(images)} if images else {}),
            **({"labels": _COVER} if images and draft.note else {}),
            **({"reply": _reply(parent)} if parent else {}),
        }
        gate = None if parent else _gate(draft.comments, created_at)
        return Staged(
            request={"repo": self._sessions.current().did, "record": record, "gate": gate}
        )

    def publish(self, staged: Staged, *, key: str) -> Receipt:
        """https://docs.bsky.app/docs/api/com-atproto-repo-put-record"""
        request, name = staged.request, _name(staged, key)
        uri = _uri(request["repo"], POST, name)
        if gate := request.get("gate"):
            with _still_invisible():
                xrpc.accepted(self._put(request["repo"], name, {**gate, "post": uri}))
        answer = self._put(request["repo"], name, request["record"], swapRecord=None)
        if (made := text(_object(answer), "uri")) != uri:
            raise Ambiguous(f"{answer.host} says that it made {made}")
        return replace(_receipt(uri), allowance=allowance(answer.headers))

    def find(self, staged: Staged, *, key: str, since: datetime) -> Finding:
        """Read the one record that it can be."""
        del since  # its name is enough
        uri = _uri(staged.request["repo"], POST, _name(staged, key))
        try:
            record = self._record(uri)
        except Ending as ending:
            return Unknown(reason=str(ending))
        receipt = _receipt(uri)
        if record is None:
            return Absent(reason=f"there is no {uri}")
        if record.value != staged.request["record"]:
            return Unknown(reason=f"{receipt.url} is this delivery's, and says something else")
        return Found(receipt=receipt)

    def withdraw(self, receipt: Receipt) -> None:
        """https://docs.bsky.app/docs/api/com-atproto-repo-delete-record"""
        repo, _, name = _parts(receipt)
        for collection in (POST, GATE):
            body = {"repo": repo, "collection": collection, "rkey": name}
            xrpc.accepted(self._ask("POST", "com.atproto.repo.deleteRecord", json=body))

    def standing(self, *, since: datetime) -> tuple[Standing, ...]:
        """What the account has posted, answers included; by the time that each post says."""
        return tuple(
            each for each in map(_standing, self._newest_first(since)) if each.published_at >= since
        )

    def _newest_first(self, since: datetime) -> Iterator[_Record]:
        """The account's posts by their names, until a page ends before then."""
        query = {
            "repo": self._sessions.current().did,
            "collection": POST,
            "limit": str(PAGE),
        }
        for _ in range(PAGES):
            answer = self._ask("GET", "com.atproto.repo.listRecords", signed=False, params=query)
            said = _object(answer)
            records = [
                _read(each) for each in objects(said.get("records"), f"{answer.host} answered")
            ]
            yield from records
            cursor = said.get("cursor")
            if not records or not cursor or _standing(records[-1]).published_at < since:
                return
            query["cursor"] = str(cursor)
        raise Ambiguous(f"more than {PAGE * PAGES} posts of {query['repo']} since then")

    def _ask(self, method: str, name: str, *, signed: bool = True, **request: Any) -> Answer:
        """A request; one whose token has expired was not looked at, and is sent with a new one."""
        session = self._sessions.current()
        answer = self._asked(session, method, name, signed=signed, **request)
        if signed and xrpc.error_name(answer) == xrpc.EXPIRED:
            renewed = self._sessions.renewed(session)
            answer = self._asked(renewed, method, name, signed=signed, **request)
        if signed and isinstance(xrpc.refusal(answer), AccountRefused):
            self._sessions.forget()
        return answer

    def _asked(self, session: Session, method: str, name: str, **request: Any) -> Answer:
        address = session.pds
        if address not in self._servers:
            self._servers[address] = Server(address, token=lambda: self._sessions.current().access)
        return self._servers[address].ask(method, f"/xrpc/{name}", **request)

    def _put(self, repo: str, name: str, record: Mapping[str, Any], **swap: None) -> Answer:
        """Put a record there. `validate`: rather refused than kept and understood by nobody."""
        body = {
            "repo": repo,
            "collection": record["$type"],
            "rkey": name,
            "record": record,
            "validate": True,
            **swap,
        }
        return self._ask("POST", "com.atproto.repo.putRecord", fresh=True, json=body)

    def _record(self, uri: str) -> _Record | None:
        """https://docs.bsky.app/docs/api/com-atproto-repo-get-record"""
        repo, collection, name = uri.removeprefix(_SCHEME).split("/")
        query = {"repo": repo, "collection": collection, "rkey": name}
        answer = self._ask("GET", "com.atproto.repo.getRecord", signed=False, params=query)
        if xrpc.error_name(answer) == xrpc.NOT_FOUND:
            return None
        return _read({"uri": uri, **_object(answer)})

    def _answered(self, receipt: Receipt) -> _Record:
        """The post as it stands there now: the server itself would keep an answer to nothing."""
        parent = self._record(_uri(*_parts(receipt)))
        if parent is None:
            raise ContentRejected(f"the post that this one answers is gone: {receipt.id}")
        return parent

    def _did(self, handle: str) -> str | None:
        """https://docs.bsky.app/docs/api/com-atproto-identity-resolve-handle"""
        answer = self._ask(
            "GET",
            "com.atproto.identity.resolveHandle",
            signed=False,
            params={"handle": handle},
        )
        if isinstance(xrpc.refusal(answer), ContentRejected):
            return None  # nobody has it
        return filled_text(_object(answer), "did")

    def _image(self, number: int, picture: DraftPicture) -> dict[str, Any]:
        """https://docs.bsky.app/docs/api/com-atproto-repo-upload-blob"""
        headers = {"Content-Type": media_type(number, picture)}
        answer = self._ask(
            "POST",
            "com.atproto.repo.uploadBlob",
            data=content(number, picture),
            headers=headers,
        )
        blob = inside(_object(answer), "blob")
        filled_text(inside(blob, "ref"), "$link")
        return {
            "image": dict(blob),
            "alt": picture.alt,
            "aspectRatio": {"width": picture.size.width, "height": picture.size.height},
        }


_SCHEME = "at://"
#: A name may lie a second after its record's time.
_AFTER_THE_PARENT = timedelta(seconds=1)
_COVER: Mapping[str, Any] = {
    "$type": "com.atproto.label.defs#selfLabels",
    "values": [{"val": "graphic-media"}],
}


def _embed(images: list[dict[str, Any]]) -> dict[str, Any]:
    return {"$type": "app.bsky.embed.images", "images": images}


def _created_at(due: datetime, parent: _Record | None) -> str:
    answered = instant(str(parent.value.get("createdAt", ""))) if parent else None
    at = max(due, answered + _AFTER_THE_PARENT) if answered else due
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _reply(parent: _Record) -> dict[str, Any]:
    """What is answered, and where its thread begins."""
    root = inside(inside(parent.value, "reply"), "root")
    return {"root": dict(root) or parent.reference, "parent": parent.reference}


def _gate(comments: Comments, created_at: str) -> dict[str, Any] | None:
    """Who may answer, but for the post that is meant; None where everybody may."""
    if comments not in _ALLOWED:
        return None
    allow = [{"$type": rule} for rule in _ALLOWED[comments]]
    return {"$type": GATE, "allow": allow, "createdAt": created_at}


def _name(staged: Staged, key: str) -> str:
    """The record's name, under which nothing but this delivery can stand."""
    return record_key(datetime.fromisoformat(staged.request["record"]["createdAt"]), key)


def _uri(repo: str, collection: str, name: str) -> str:
    return f"{_SCHEME}{repo}/{collection}/{name}"


def _parts(receipt: Receipt) -> tuple[str, str, str]:
    """Repository, collection and name of the post that a receipt is for."""
    match receipt.id.removeprefix(_SCHEME).split("/"):
        case [repo, collection, name] if receipt.id.startswith(_SCHEME):
            return repo, collection, name
    raise ContentRejected(f'"{receipt.id}" is no post on Bluesky')


def _receipt(uri: str) -> Receipt:
    repo, _, name = uri.removeprefix(_SCHEME).split("/")
    return Receipt(id=uri, url=f"{_profile(repo)}/post/{name}")


def _profile(did: str) -> str:
    """By the account's lasting name: a handle may change."""
    return f"https://bsky.app/profile/{did}"


@contextmanager
def _still_invisible() -> Iterator[None]:
    """Whatever became of the gate, the post is not public: a doubt about one is none about both."""
    try:
        yield
    except Ambiguous as ending:
        raise NotSent(f"the post has not been sent: {ending}") from None


def _object(answer: Answer) -> Mapping[str, Any]:
    return object_of(xrpc.accepted(answer))


def _read(said: Mapping[str, Any]) -> _Record:
    return _Record(
        uri=filled_text(said, "uri"), cid=filled_text(said, "cid"), value=inside(said, "value")
    )


def _standing(record: _Record) -> Standing:
    """A post that says no time, or none that there is, stands at the time of its name."""
    created_at = instant(str(record.value.get("createdAt", "")))
    named = instant_of(record.uri.rsplit("/", 1)[-1])
    return Standing(
        receipt=_receipt(record.uri),
        text=str(record.value.get("text", "")),
        published_at=created_at or named or datetime.min.replace(tzinfo=UTC),
    )


def _handle_problems(account: Account) -> Iterator[tuple[str, str]]:
    handle = account.options.get("handle", "")
    if handle.startswith("@"):
        yield "handle", f'"{handle}" is written without @'
