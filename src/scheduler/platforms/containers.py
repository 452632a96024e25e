"""Containers, in which Instagram and Threads make a post.

A container is made of a draft, worked on until it is FINISHED, and made public once. Meta fetches
its pictures from their public addresses. Nothing but the one publishing call is seen by anybody.

https://developers.facebook.com/docs/instagram-platform/content-publishing
https://developers.facebook.com/docs/threads/posts
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any
from urllib.parse import quote

from scheduler.errors import AccountRefused, Ambiguous, ContentRejected, Ending, NotSent
from scheduler.model import Draft, Receipt
from scheduler.platforms.answers import filled_text
from scheduler.platforms.calling import Answer
from scheduler.platforms.graph import Fields, Graph
from scheduler.platforms.graph_errors import (
    EXPIRED,
    SUBCODES,
    Failure,
    Meaning,
    failure,
    prepared,
)
from scheduler.platforms.protocol import Absent, Finding, Found, Unknown
from scheduler.platforms.wording import with_note

#: Meta looks at a container for five minutes at most; after that, what it shows is how it stays.
PAUSE = timedelta(minutes=5)
#: Looks at a container that is not finished; then another one is made.
LOOKS = 5
#: How far our clock and Meta's may differ before `find` overlooks a post.
CLOCK_MARGIN = timedelta(minutes=10)

#: A container that ended in ERROR says why in words, Instagram's with a subcode among them.
_SUBCODE = re.compile(r"(?<!\d)\d{7}(?!\d)")
_UNFETCHED = ("FAILED_DOWNLOADING", "FETCH")
_UNFIT = ("INVALID_", "LIMIT_EXCEEDED")


class State(StrEnum):
    """How far a container is."""

    #: Meta fetches its picture, or works on it.
    IN_PROGRESS = "IN_PROGRESS"
    #: It may be published.
    FINISHED = "FINISHED"
    #: It will never be.
    ERROR = "ERROR"
    #: It was not published within 24 hours.
    EXPIRED = "EXPIRED"
    #: It was made public.
    PUBLISHED = "PUBLISHED"


class Containers:
    """The containers of one account that are not public yet, by what each was made of.

    They are kept until they are published: a draft that is tried again goes on with its own. A
    second one, while the first may still become public, could be a second post.
    """

    def __init__(self, graph: Graph, *, path: Callable[[], str], fields: str) -> None:
        """`path` is where they are made, `fields` what is asked of one: its state, then why."""
        self._graph = graph
        self._path = path
        self._fields = fields
        self._kept: dict[str, str] = {}
        #: Of these somebody has asked for publication: another must not take their place.
        self._sent: set[str] = set()
        self._looks: Counter[str] = Counter()

    def finished(
        self, name: str, parts: Sequence[Callable[[], Fields]], whole: Callable[[str], Fields]
    ) -> tuple[str, State]:
        """A container that may be published, or one that is public already.

        `parts` are the pictures of a carousel, if it is one; `whole` is told their ids. Raises
        `NotSent` while Meta works on any of them.
        """
        if kept := self._looked_at(name):
            return self._ready((kept,))[0]
        children = self._ready(
            [self._made(f"{name}/{number}", part) for number, part in enumerate(parts, 1)]
        )
        ids = ",".join(id_ for id_, _ in children)
        (container,) = self._ready((self._made(name, lambda: whole(ids)),))
        for number in range(1, len(parts) + 1):
            self.forget(f"{name}/{number}")
        return container

    def state(self, id_: str) -> State:
        """How far it is. Raises an `Ending` where nobody says."""
        state, _ = self._stated(prepared(self._asked(id_)))
        return state

    def keep(self, name: str, id_: str) -> None:
        """Go on with this one, and no other, when the same draft is staged again: it was sent."""
        self._kept[name] = id_
        self._sent.add(name)

    def forget(self, name: str) -> None:
        self._kept.pop(name, None)
        self._sent.discard(name)
        self._looks.pop(name, None)

    def _made(self, name: str, fields: Callable[[], Fields]) -> tuple[str, State]:
        if kept := self._looked_at(name):
            return kept
        answer = self._graph.ask("POST", self._path(), fields())
        id_ = filled_text(prepared(answer), "id")
        self._kept[name] = id_
        return self._looked_at(name) or (id_, State.IN_PROGRESS)

    def _looked_at(self, name: str) -> tuple[str, State] | None:
        """The one that is kept, or None where there is none that can be gone on with."""
        id_ = self._kept.get(name)
        if id_ is None:
            return None
        answer = self._asked(id_)
        found = failure(answer)
        if found and found.meaning is Meaning.GONE:
            self._lost(name)
            return None
        state, why = self._stated(prepared(answer))
        if state in {State.ERROR, State.EXPIRED}:
            self.forget(name)
        if state is State.ERROR:
            raise _failed(self._graph.host, why)
        if state is State.IN_PROGRESS:
            self._waited(name)
        return None if state is State.EXPIRED else (id_, state)

    def _lost(self, name: str) -> None:
        """Nobody knows it any more, and so nobody can say what became of it, if it was sent."""
        if name in self._sent:
            raise NotSent(
                f"{self._graph.host} knows no more of the post that was sent before: "
                "look at the account"
            )
        self.forget(name)

    def _waited(self, name: str) -> None:
        """What is never finished is given up, unless it may become public all the same."""
        self._looks[name] += 1
        if self._looks[name] > LOOKS and name not in self._sent:
            self.forget(name)

    def _asked(self, id_: str) -> Answer:
        return self._graph.ask("GET", f"/{quote(id_, safe='')}", {"fields": self._fields})

    def _stated(self, said: Mapping[str, Any]) -> tuple[State, str]:
        """The state, and why it is so where it failed."""
        name, *more = self._fields.split(",")
        found = filled_text(said, name)
        if found not in State.__members__:
            raise Ambiguous(f"{self._graph.host} says that a container is {found}")
        return State[found], ": ".join(str(said[each]) for each in more if said.get(each))

    def _ready(self, made: Sequence[tuple[str, State]]) -> Sequence[tuple[str, State]]:
        if any(state is State.IN_PROGRESS for _, state in made):
            raise NotSent(f"{self._graph.host} is still working on the post")
        return made


def _failed(host: str, why: str) -> Ending:
    """What follows from a container that ended in ERROR; nothing of it is public."""
    said = f"{host} could not make the post: {why or 'it does not say why'}"
    subcodes = [SUBCODES.get(int(each)) for each in _SUBCODE.findall(why)]
    if Meaning.ACCOUNT in subcodes:
        return AccountRefused(said)
    unfit = any(each in why.upper() for each in _UNFIT)
    if Meaning.CONTENT in subcodes or unfit:
        return ContentRejected(said)
    if any(each in why.upper() for each in _UNFETCHED):
        return NotSent(f"{said}; look whether its address can be opened by anybody")
    return NotSent(said)


def refused(error: Failure) -> bool:
    """Whether a container was certainly not published by the call that this is the answer to.

    What "not ready" and "invalid" mean of one that is public already, nobody says.
    """
    unfit = error.meaning is Meaning.CONTENT and error.subcode in SUBCODES
    return unfit or error.meaning in {Meaning.LIMIT, Meaning.ACCOUNT} or error.subcode == EXPIRED


def name_of(draft: Draft, *, due: datetime, answered: str) -> str:
    """The same for the same draft of the same delivery, at every try."""
    pictures = [(picture.digest, picture.alt) for picture in draft.pictures]
    said = [draft.text, draft.note, draft.comments, pictures, due.isoformat(), answered]
    return sha256(json.dumps(said).encode()).hexdigest()[:32]


# ── what stands on the account ────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A post that stands on the account. `text` is None where the token may not read it."""

    receipt: Receipt
    text: str | None
    published_at: datetime
    reply_to: str | None = None


def concluded(state: State, posts: Sequence[Post], *, words: str, host: str) -> Finding:
    """What a container's state and all posts since then prove together, and no more.

    FINISHED alone makes it only probable that nothing is public: a request may be under way. That
    no post stands there that could be it must be seen as well.
    """
    like = [post for post in posts if post.text is None or plain(post.text) == plain(words)]
    if state is State.IN_PROGRESS:
        return Unknown(reason=f"{host} is still working on it")
    if state is State.PUBLISHED:
        if len(like) == 1:
            return Found(receipt=like[0].receipt)
        several = f"{len(like)} posts could be it" if like else "no post can be found that is it"
        return Unknown(reason=f"{host} says that it is public, and {several}")
    if like:
        return Unknown(reason=f"{like[0].receipt.url} may be it, and its container is {state}")
    return Absent(reason=f"its container is {state}, and no post on {host} can be it")


def plain(text: str) -> str:
    """As the servers keep it."""
    return text.replace("\r\n", "\n").strip()


def caption_of(draft: Draft) -> str:
    """Neither has a content note: it is the first paragraph."""
    return with_note(draft)
