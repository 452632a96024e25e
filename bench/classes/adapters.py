"""What the publishing speaks to the five platforms with: the whole `Platform` protocol.

They call through `platforms.calling`, as every adapter does, so that its sorting of what can go
wrong on a line is under test as well.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from types import MappingProxyType
from typing import Any, ClassVar

from scheduler.errors import Ambiguous, ContentRejected, Ending, NotSent
from scheduler.model import Account, Draft, Grants, Measure, Receipt, Size, Standing
from scheduler.platforms import (
    ANSWER_TIMEOUT,
    CONNECT_TIMEOUT,
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
    Platform,
    Remembered,
    Staged,
    Tokens,
    Unknown,
)
from scheduler.platforms.calling import OK, Answer, Server, accepted

LIMITS = Limits(
    page="",  # ours alone
    text=10_000,
    text_unit="characters",
    pictures=1,
    alt=10_000,
    picture_bytes=10**7,
    card=Size(width=1080, height=1350),
)

_NOT_FOUND = 404
_CONFLICT = 409
#: More pages than any account of ours has.
_PAGES = 100


class Class:
    """What all five do alike."""

    kind: ClassVar[str]
    options: ClassVar[Mapping[str, Option]] = MappingProxyType(
        {
            "server": Option(meaning="where the five platforms are", required=True),
            "kind": Option(meaning="which of the five it is", required=True),
            "haste": Option(meaning="how much faster the clock runs than time passes"),
        }
    )
    secrets: ClassVar[Mapping[str, str]] = MappingProxyType({})
    in_flight: ClassVar[timedelta] = OVER_THE_NETWORK
    caps: ClassVar[tuple[Cap, ...]] = ()
    fetches_pictures: ClassVar[bool] = False

    def __init__(self, account: Account, *, tokens: Tokens, host: MediaHost = NOWHERE) -> None:
        del tokens, host  # the account's name is its token
        self.limits = LIMITS
        self._account = account
        haste = float(account.options.get("haste", 1))
        self._server = Server(
            f"{account.options['server']}/{self.kind}",
            token=lambda: account.name,
            # On a fast clock, what waits a minute waits a second.
            timeouts=(CONNECT_TIMEOUT / haste, ANSWER_TIMEOUT / haste),
        )

    @classmethod
    def problems(cls, account: Account) -> tuple[tuple[str, str], ...]:
        """None: no calendar has such accounts."""
        del account
        return ()

    def measure(self, draft: Draft) -> tuple[Measure, ...]:
        """The length of the text."""
        limit, unit = self.limits.text, self.limits.text_unit
        return (Measure(name="text", used=len(draft.text), limit=limit, unit=unit),)

    def cost(self, draft: Draft) -> int:
        """Nothing."""
        del draft
        return 0

    def whoami(self) -> Identity:
        said = _object(self._server.ask("GET", "/me"))
        return Identity(id=said["id"], name=said["name"], url=self._server.address)

    def stage(self, draft: Draft, *, due: datetime, reply_to: Receipt | None = None) -> Staged:
        """Upload the pictures; what is said holds their ids."""
        del due
        ids = [self._uploaded(picture.file.read_bytes()) for picture in draft.pictures]
        return Staged(request=_said(draft, reply_to, ids))

    def publish(self, staged: Staged, *, key: str) -> Receipt:
        del key
        return _receipt(self._publish(staged.request))

    def find(self, staged: Staged, *, key: str, since: datetime) -> Finding:
        raise NotImplementedError

    def withdraw(self, receipt: Receipt) -> None:
        raise NotSent(f"nothing is taken down here, not even {receipt.id}")

    def standing(self, *, since: datetime) -> tuple[Standing, ...] | None:
        """Nobody asks it here: a fresh ledger, and accounts of its own."""
        del since
        return None

    def _publish(self, said: Mapping[str, Any], **more: Any) -> Answer:
        return self._server.ask("POST", "/posts", fresh=True, json=dict(said), **more)

    def _uploaded(self, picture: bytes) -> str:
        body = {"picture": b64encode(picture).decode()}
        return str(_object(self._server.ask("POST", "/pictures", json=body))["id"])


class Record(Class):
    """A record under a key that follows from the delivery's."""

    kind: ClassVar[str] = "record"

    def publish(self, staged: Staged, *, key: str) -> Receipt:
        """Make the record; the same again is answered with the first."""
        path = f"/records/{_record(key)}"
        answer = self._server.ask("PUT", path, fresh=True, json=dict(staged.request))
        if answer.status == _CONFLICT:
            raise ContentRejected(f"{answer.host}: another record stands there")
        return _receipt(answer)

    def find(self, staged: Staged, *, key: str, since: datetime) -> Finding:
        """Whether this very record stands under the key."""
        del since
        try:
            answer = self._server.ask("GET", f"/records/{_record(key)}")
            if answer.status == _NOT_FOUND:
                return Absent(reason="no record stands under its key")
            if _object(answer)["record"] == json.loads(json.dumps(dict(staged.request))):
                return Found(receipt=_receipt(answer))
        except Ending as ending:
            return Unknown(reason=str(ending))
        return Unknown(reason="another record stands under its key")


class ReadBack(Class):
    """Nothing to tell a repeat by; the account's posts can be read."""

    kind: ClassVar[str] = "readback"

    def find(self, staged: Staged, *, key: str, since: datetime) -> Finding:
        """Read every post of the account."""
        del key, since  # all of them are few
        wanted = (staged.request["text"], staged.request["reply_to"])
        try:
            for post in self._posts():
                if (post["text"], post["reply_to"]) == wanted:
                    return Found(receipt=Receipt(id=post["id"], url=""))
        except Ending as ending:
            return Unknown(reason=str(ending))
        return Absent(reason="not among the account's posts")

    def _posts(self) -> Iterator[Mapping[str, Any]]:
        read = 0
        for _ in range(_PAGES):
            page = accepted(self._server.ask("GET", f"/posts?after={read}")).json()
            if not page:
                return
            yield from page
            read += len(page)
        raise Ambiguous("more posts than any account has")


class Idempotency(ReadBack):
    """A repeated key gives the first post back; what stands there can be read as well."""

    kind: ClassVar[str] = "idempotency"

    def publish(self, staged: Staged, *, key: str) -> Receipt:
        said = staged.request
        words = json.dumps([key, said["text"], said["reply_to"]])
        header = {"Idempotency-Key": sha256(words.encode()).hexdigest()}
        return _receipt(self._publish(said, headers=header))


class Container(Class):
    """Made first and published once: its own state says whether it is public."""

    kind: ClassVar[str] = "container"

    def __init__(self, account: Account, *, tokens: Tokens, host: MediaHost = NOWHERE) -> None:
        super().__init__(account, tokens=tokens, host=host)
        self._unfinished: dict[str, str] = {}

    def stage(self, draft: Draft, *, due: datetime, reply_to: Receipt | None = None) -> Staged:
        """Make a container, or go on with one that was still worked on; `NotSent` until it is."""
        del due
        said = _said(draft, reply_to, [picture.digest[:16] for picture in draft.pictures])
        container = self._unfinished.pop(draft.text, None) or self._made(said)
        if self._state(container)["state"] == "IN_PROGRESS":
            self._unfinished[draft.text] = container
            raise NotSent(f"{container} is still being worked on")
        return Staged(request={"container": container})

    def publish(self, staged: Staged, *, key: str) -> Receipt:
        del key
        path = f"/containers/{staged.request['container']}/publish"
        return _receipt(self._server.ask("POST", path, fresh=True, json={}))

    def find(self, staged: Staged, *, key: str, since: datetime) -> Finding:
        """The container's state is the answer."""
        del key, since
        try:
            found = self._state(staged.request["container"])
        except Ending as ending:
            return Unknown(reason=str(ending))
        if found["state"] == "PUBLISHED":
            return Found(receipt=Receipt(id=found["post"], url=""))
        return Absent(reason=f"its container is {found['state']}")

    def _made(self, said: Mapping[str, Any]) -> str:
        return str(_object(self._server.ask("POST", "/containers", json=dict(said)))["id"])

    def _state(self, container: str) -> Mapping[str, Any]:
        return _object(self._server.ask("GET", f"/containers/{container}"))


class Nothing(Class):
    """A request, and no way to ask what became of it."""

    kind: ClassVar[str] = "nothing"

    def find(self, staged: Staged, *, key: str, since: datetime) -> Finding:
        del staged, key, since
        return Unknown(reason="nobody can ask this platform")


ADAPTERS: Mapping[str, type[Platform]] = MappingProxyType(
    {adapter.kind: adapter for adapter in (Record, Idempotency, Container, ReadBack, Nothing)}
)


class NoSecrets:
    """The account's name is the token."""

    grants: Grants = Remembered()

    def read(self, name: str) -> str:
        raise AssertionError(f"nobody asks for {name} here")


def connect(account: Account) -> Platform:
    """The adapter that the account's options name."""
    return ADAPTERS[account.options["kind"]](account, tokens=NoSecrets())


def _said(draft: Draft, reply_to: Receipt | None, pictures: list[str]) -> dict[str, Any]:
    return {
        "text": draft.text,
        "reply_to": reply_to.id if reply_to else None,
        "pictures": pictures,
    }


def _record(key: str) -> str:
    return sha256(key.encode()).hexdigest()[:24]


def _object(answer: Answer) -> Mapping[str, Any]:
    said = accepted(answer).json()
    if not isinstance(said, dict):
        raise Ambiguous(f"{answer.host} answered {answer.status} with something else")
    return said


def _receipt(answer: Answer) -> Receipt:
    if answer.status not in OK:
        accepted(answer)
    return Receipt(id=str(_object(answer)["id"]), url="")
