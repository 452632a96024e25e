"""The rules of the five platforms, and everything that ever became public on them.

Nothing public is ever forgotten or changed: a second post for one delivery stays there to be found.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import Any

#: Posts in one page of what can be read back.
PAGE = 100

OK, CREATED, BAD, NOT_FOUND, CONFLICT = 200, 201, 400, 404, 409


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request as it arrived; `path` without the platform's own name at its head."""

    method: str
    path: tuple[str, ...]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Mapping[str, Any]
    #: Whose token it carries.
    account: str
    #: Seconds, for whatever ends.
    at: float

    @property
    def key(self) -> str:
        """The delivery that it is about: the first word of what it says, or ""."""
        return str(self.body.get("text", "")).split(" ", 1)[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    status: int
    body: object


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """What the public saw."""

    kind: str
    account: str
    id: str
    text: str
    reply_to: str | None
    pictures: tuple[str, ...]
    at: float


@dataclass(slots=True)
class Public:
    """Everything that became public, in its order: only ever added to."""

    posts: list[Post] = field(default_factory=list)
    _of: dict[tuple[str, str], list[Post]] = field(default_factory=dict)

    def add(self, kind: str, request: Request, said: Mapping[str, Any]) -> Post:
        post = Post(
            kind=kind,
            account=request.account,
            id=f"{kind}-{len(self.posts) + 1}",
            text=str(said["text"]),
            reply_to=said.get("reply_to"),
            pictures=tuple(said.get("pictures", ())),
            at=request.at,
        )
        self.posts.append(post)
        self._of.setdefault((kind, request.account), []).append(post)
        return post

    def page(self, kind: str, request: Request) -> Reply:
        """The account's posts, newest first; `after` counts those that were read already."""
        newest_first = self._of.get((kind, request.account), [])[::-1]
        begin = int(request.query.get("after", "0"))
        return Reply(status=OK, body=[asdict(post) for post in newest_first[begin : begin + PAGE]])


class Vendor:
    """What all five have: who you are, and a place for pictures."""

    kind = ""

    def __init__(self, public: Public) -> None:
        self.public = public

    def publishes(self, request: Request) -> bool:
        """Whether this is the one request that makes something public."""
        return request.method == "POST" and request.path == ("posts",)

    def answer(self, request: Request) -> Reply:
        match request.method, request.path:
            case "GET", ("me",):
                return Reply(status=OK, body={"id": request.account, "name": request.account})
            case "POST", ("pictures",):
                digest = sha256(str(request.body.get("picture")).encode()).hexdigest()
                return Reply(status=CREATED, body={"id": digest[:16]})
        return self.answer_more(request)

    def answer_more(self, request: Request) -> Reply:
        raise NotImplementedError

    def _posted(self, request: Request) -> Reply:
        return Reply(
            status=CREATED, body={"id": self.public.add(self.kind, request, request.body).id}
        )


class Record(Vendor):
    """PUT under a key makes the record once: the same again is answered with the first."""

    kind = "record"

    def __init__(self, public: Public) -> None:
        super().__init__(public)
        self._records: dict[tuple[str, str], tuple[Mapping[str, Any], Post]] = {}

    def publishes(self, request: Request) -> bool:
        return request.method == "PUT"

    def answer_more(self, request: Request) -> Reply:
        match request.method, request.path:
            case "PUT", ("records", key):
                return self._put((request.account, key), request)
            case "GET", ("records", key) if found := self._records.get((request.account, key)):
                return Reply(status=OK, body={"id": found[1].id, "record": found[0]})
        return Reply(status=NOT_FOUND, body={"error": "no such record"})

    def _put(self, place: tuple[str, str], request: Request) -> Reply:
        if place not in self._records:
            post = self.public.add(self.kind, request, request.body)
            self._records[place] = (request.body, post)
            return Reply(status=CREATED, body={"id": post.id})
        said, post = self._records[place]
        if said != request.body:
            return Reply(status=CONFLICT, body={"error": "another record stands there"})
        return Reply(status=OK, body={"id": post.id})


class Idempotency(Vendor):
    """A key that was seen within the hour is answered with the post that it made."""

    kind = "idempotency"
    hour = 3600.0

    def __init__(self, public: Public) -> None:
        super().__init__(public)
        self._seen: dict[tuple[str, str], tuple[float, Reply]] = {}

    def answer_more(self, request: Request) -> Reply:
        match request.method, request.path:
            case "GET", ("posts",):
                return self.public.page(self.kind, request)
            case "POST", ("posts",):
                return self._once(request)
        return Reply(status=NOT_FOUND, body={"error": "no such place"})

    def _once(self, request: Request) -> Reply:
        key = (request.account, request.headers.get("idempotency-key", ""))
        if not key[1]:
            return self._posted(request)
        if key in self._seen and request.at - self._seen[key][0] < self.hour:
            return self._seen[key][1]
        self._seen[key] = (request.at, self._posted(request))
        return self._seen[key][1]


@dataclass(slots=True)
class _Container:
    account: str
    said: Mapping[str, Any]
    ready_at: float
    post: Post | None = None

    def state(self, at: float) -> str:
        if self.post:
            return "PUBLISHED"
        return "FINISHED" if at >= self.ready_at else "IN_PROGRESS"


class Container(Vendor):
    """Make a container, wait until it is finished, publish it once."""

    kind = "container"
    #: Seconds that one in `every` containers is worked on.
    processing = 0.1
    every = 4

    def __init__(self, public: Public) -> None:
        super().__init__(public)
        self._containers: dict[str, _Container] = {}

    def publishes(self, request: Request) -> bool:
        return request.path[-1:] == ("publish",)

    def answer_more(self, request: Request) -> Reply:
        match request.method, request.path:
            case "POST", ("containers",):
                return self._make(request)
            case "GET", ("containers", name) if found := self._known(name, request):
                return Reply(
                    status=OK,
                    body={
                        "state": found.state(request.at),
                        "post": found.post.id if found.post else None,
                    },
                )
            case "POST", ("containers", name, "publish") if found := self._known(name, request):
                return self._publish(found, request)
        return Reply(status=NOT_FOUND, body={"error": "no such container"})

    def _known(self, name: str, request: Request) -> _Container | None:
        found = self._containers.get(name)
        return found if found and found.account == request.account else None

    def _make(self, request: Request) -> Reply:
        number = len(self._containers) + 1
        ready_at = request.at + (self.processing if number % self.every == 0 else 0)
        name = f"c{number}"
        self._containers[name] = _Container(request.account, request.body, ready_at)
        return Reply(status=CREATED, body={"id": name})

    def _publish(self, container: _Container, request: Request) -> Reply:
        if container.state(request.at) != "FINISHED":
            return Reply(status=CONFLICT, body={"error": container.state(request.at)})
        container.post = self.public.add(self.kind, request, container.said)
        return Reply(status=CREATED, body={"id": container.post.id})


class ReadBack(Vendor):
    """Every POST is a post; what stands there can be read."""

    kind = "readback"

    def answer_more(self, request: Request) -> Reply:
        match request.method, request.path:
            case "GET", ("posts",):
                return self.public.page(self.kind, request)
            case "POST", ("posts",):
                return self._posted(request)
        return Reply(status=NOT_FOUND, body={"error": "no such place"})


class Nothing(Vendor):
    """Every POST is a post, and nobody can ask."""

    kind = "nothing"

    def answer_more(self, request: Request) -> Reply:
        if self.publishes(request):
            return self._posted(request)
        return Reply(status=NOT_FOUND, body={"error": "no such place"})


def vendors(public: Public) -> dict[str, Vendor]:
    made: tuple[Callable[[Public], Vendor], ...] = (
        Record,
        Idempotency,
        Container,
        ReadBack,
        Nothing,
    )
    return {vendor.kind: vendor for vendor in (make(public) for make in made)}


def parsed(body: bytes) -> Mapping[str, Any]:
    said = json.loads(body) if body else {}
    return said if isinstance(said, dict) else {}
