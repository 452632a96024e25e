"""What a stand-in of Meta's remembers: tokens, containers, posts, and how many there were."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256

from werkzeug.wrappers import Request

from scheduler.sandbox.answering import bearer
from scheduler.sandbox.graph.refusing import Refused, no_permission
from scheduler.sandbox.pictures import Pictures
from scheduler.sandbox.standing import PublicPost

CONTAINER_LIFE = timedelta(hours=24)
#: Of a long-lived token.
TOKEN_LIFE = timedelta(days=60)
DAY = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """Who it was made for, where, what it may do, and how long."""

    account: str
    kind: str
    scopes: frozenset[str]
    made_at: datetime
    expires_at: datetime
    #: For days and weeks, and not for an hour; only such a one is renewed.
    long: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A picture with its alt text."""

    data: bytes
    alt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    id: str
    account: str
    text: str
    pictures: tuple[Shown, ...]
    made_at: datetime
    ready_at: datetime
    #: Part of a carousel: never published by itself.
    item: bool = False
    reply_to: str | None = None
    covered: bool = False
    #: Why it could not be made, in the vendor's word, or "".
    error: str = ""
    #: Of the post that it has become.
    post: str = ""

    def state(self, now: datetime) -> str:
        """https://developers.facebook.com/docs/threads/troubleshooting"""
        if self.post:
            return "PUBLISHED"
        if now >= self.made_at + CONTAINER_LIFE:
            return "EXPIRED"
        if now < self.ready_at:
            return "IN_PROGRESS"
        return "ERROR" if self.error else "FINISHED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    id: str
    account: str
    url: str
    text: str
    pictures: tuple[Shown, ...]
    reply_to: str | None
    covered: bool
    published_at: datetime

    @property
    def timestamp(self) -> str:
        """As Graph writes instants: whole seconds, and a zone without a colon."""
        return self.published_at.strftime("%Y-%m-%dT%H:%M:%S+0000")


@dataclass(slots=True)
class Kept:
    """Guarded by its stand-in's lock."""

    tokens: dict[str, Token] = field(default_factory=dict)
    containers: dict[str, Container] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    pictures: Pictures = field(default_factory=Pictures)
    #: When each account did something that is counted, by what that is.
    done: defaultdict[tuple[str, str], list[datetime]] = field(
        default_factory=lambda: defaultdict(list)
    )
    last_id: int = 17_800_000_000_000_000
    given: int = 0

    def grant(self, account: str, *, kind: str, scopes: frozenset[str], now: datetime) -> str:
        """A token; the same for the same account, kind and scopes, with its first life."""
        words = f"token of {account}, {kind}, {sorted(scopes)}"
        token = kind + sha256(words.encode()).hexdigest()
        made = Token(
            account=account, kind=kind, scopes=scopes, made_at=now, expires_at=now + TOKEN_LIFE
        )
        self.tokens.setdefault(token, made)
        return token

    def give(self, token: Token) -> str:
        """The words of a token that is another than all before."""
        self.given += 1
        words = f"token {self.given} of {token.account}"
        said = token.kind + sha256(words.encode()).hexdigest()
        self.tokens[said] = token
        return said

    def knows(self, account: str) -> bool:
        return any(token.account == account for token in self.tokens.values())

    def holder(self, request: Request) -> Token | None:
        """Whose token comes as a parameter, or in the header."""
        named = request.args.get("access_token") or request.form.get("access_token")
        return self.tokens.get(named or bearer(request))

    def admitted(self, request: Request, now: datetime) -> Token:
        token = self.holder(request)
        if token is None:
            raise Refused(190, 0, "Invalid OAuth access token - Cannot parse access token")
        if now >= token.expires_at:
            raise Refused(190, 463, "Error validating access token: Session has expired")
        return token

    def own(self, token: Token, id_: str) -> Container:
        container = self.containers.get(id_)
        if container is None or container.account != token.account:
            raise Refused(24, 2207006, "The requested resource does not exist")
        return container

    def posts_of(self, account: str) -> list[Post]:
        """Oldest first."""
        return [post for post in self.posts.values() if post.account == account]

    def published(self, container: Container, *, url: str, now: datetime) -> Post:
        """The post that the container becomes."""
        post = Post(
            id=self.new_id(),
            account=container.account,
            url=url,
            text=container.text,
            pictures=container.pictures,
            reply_to=container.reply_to,
            covered=container.covered,
            published_at=now,
        )
        self.posts[post.id] = post
        self.containers[container.id] = replace(container, post=post.id)
        return post

    def new_id(self) -> str:
        self.last_id += 1
        return str(self.last_id)

    def count(self, what: str, account: str, now: datetime) -> None:
        self.done[what, account].append(now)

    def used(self, what: str, account: str, now: datetime) -> int:
        """How often in the 24 hours until now."""
        return sum(at > now - DAY for at in self.done[what, account])

    def exhaust(self, what: str, account: str, limit: int, now: datetime) -> None:
        left = limit - self.used(what, account, now)
        self.done[what, account].extend([now] * max(0, left))


def need(token: Token, scope: str) -> None:
    if scope not in token.scopes:
        raise no_permission(scope)


def publishable(container: Container, now: datetime) -> Container:
    """Refuses what may not be published, or not any more.

    What the vendor answers for a container that is public already is written nowhere: here it is
    "not available", as for one that is not finished.
    """
    match container.state(now):
        case "EXPIRED":
            raise Refused(-2, 2207020, "The media container has expired")
        case "FINISHED" if not container.item:
            return container
        case "ERROR":
            raise Refused(-1, 2207032, "The media could not be created")
    raise Refused(9007, 2207027, "The media is not ready for publishing, please wait for a moment")


def user_id(account: str) -> str:
    """A number as Meta's, the same for the same name."""
    return str(17_841_400_000_000_000 + int.from_bytes(sha256(account.encode()).digest()[:4]))


def username(account: str) -> str:
    """As they are taken: small letters, digits, periods and underscores, thirty at most."""
    return re.sub(r"[^a-z0-9._]", "_", account.lower())[:30]


def page(posts: Sequence[Post], said: dict[str, str], address: str) -> tuple[list[Post], object]:
    """So many of the newest as were asked for, and where the next ones are."""
    limit = said.get("limit", "25")
    if not limit.isdecimal() or not 1 <= int(limit) <= 100:  # noqa: PLR2004
        raise Refused(100, 0, "(#100) Param limit must be between 1 and 100")
    newest = list(reversed(posts))
    if after := said.get("after"):
        newest = [post for post in newest if int(post.id) < int(after)]
    shown = newest[: int(limit)]
    if not shown:
        return [], None
    paging: dict[str, object] = {"cursors": {"before": shown[0].id, "after": shown[-1].id}}
    if len(newest) > len(shown):
        paging["next"] = f"{address}?after={shown[-1].id}"
    return shown, paging


def seen(post: Post) -> PublicPost:
    """The post for whoever counts what the public sees."""
    return PublicPost(
        account=post.account,
        id=post.id,
        url=post.url,
        text=post.text,
        note="",
        language="",
        visibility="public",
        alts=tuple(each.alt for each in post.pictures),
        digests=tuple(sha256(each.data).hexdigest() for each in post.pictures),
        pictures=tuple(each.data for each in post.pictures),
        published_at=post.published_at,
        reply_to=post.reply_to,
        key=None,
        covered=post.covered,
    )
