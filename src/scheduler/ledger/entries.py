"""A delivery and its tries, as rows of the ledger."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from scheduler.ledger.instants import instant, later, stamp
from scheduler.model import Delivery, Key, Receipt, State


class Outrun(Exception):
    """Somebody else moved the delivery first: nothing was changed, and nothing may be sent."""


class SaidAlready(Exception):
    """The same identity says the same, or has said it, as another delivery: nothing was changed."""

    def __init__(self, key: Key) -> None:
        super().__init__(key)
        self.key = key


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A delivery as the ledger knows it."""

    key: Key
    campaign: str
    post: str
    account: str
    platform: str
    part: int
    day: int
    due: datetime
    latest: datetime
    state: State
    fence: int
    tries: int
    look_at: datetime | None
    reason: str
    receipt: Receipt | None
    published_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try: `request` is what was frozen when it was armed, `armed_at` is None before that."""

    fence: int
    worker: str
    claimed_at: datetime
    armed_at: datetime | None
    #: As whom it was sent.
    identity: str | None
    draft: Mapping[str, Any] | None
    digest: str | None
    request: Mapping[str, Any] | None
    #: On which facts, quotes, helplines and consents it stood.
    uses: frozenset[str]
    ending: str | None


def entry_of(row: Row[Any]) -> Entry:
    return Entry(
        key=Key(row.key),
        campaign=row.campaign,
        post=row.post,
        account=row.account,
        platform=row.platform,
        part=row.part,
        day=row.day,
        due=instant(row.due),
        latest=instant(row.latest),
        state=State(row.state),
        fence=row.fence,
        tries=row.tries,
        look_at=later(row.look_at),
        reason=row.reason,
        receipt=Receipt(id=row.receipt_id, url=row.receipt_url) if row.receipt_id else None,
        published_at=later(row.published_at),
    )


def attempt_of(row: Row[Any]) -> Attempt:
    return Attempt(
        fence=row.fence,
        worker=row.worker,
        claimed_at=instant(row.claimed_at),
        armed_at=later(row.armed_at),
        identity=row.identity,
        draft=None if row.draft is None else json.loads(row.draft),
        digest=row.digest,
        request=None if row.request is None else json.loads(row.request),
        uses=frozenset(json.loads(row.uses)) if row.uses else frozenset(),
        ending=row.ending,
    )


def row_of(delivery: Delivery) -> dict[str, Any]:
    """A delivery that was just planned."""
    return {
        "key": delivery.key,
        "campaign": delivery.campaign,
        "post": delivery.post,
        "account": delivery.account,
        "platform": delivery.platform,
        "part": delivery.part,
        "day": delivery.day,
        "due": stamp(delivery.due),
        "latest": stamp(delivery.latest),
        "state": State.PLANNED,
        "look_at": stamp(delivery.due),
    }


def in_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def digest(draft: Mapping[str, Any]) -> str:
    """Names the words, alt texts, note, language and pictures of a frozen draft."""
    return hashlib.sha256(in_json(draft).encode()).hexdigest()
