"""A stand-in for Slack: one incoming webhook, and so one channel, an account.

It answers "ok" and nothing else, as there: which message something has become, nobody learns.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from math import ceil
from types import MappingProxyType
from typing import ClassVar

from werkzeug.wrappers import Request, Response

from scheduler.sandbox.faults import Purpose
from scheduler.sandbox.pictures import Pictures
from scheduler.sandbox.quota import Quota
from scheduler.sandbox.slack import rules
from scheduler.sandbox.slack.rules import Refused
from scheduler.sandbox.standing import Address, Now, PublicPost

_PATH = re.compile(r"/services/(T\w+)/(B\w+)/(\w+)")
_PUBLISH = "POST /services/<team>/<hook>/<token>"
#: A message of no words posts nothing: it only asks whose webhook it is.
_ASK = f"{_PUBLISH} without words"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Webhook:
    account: str
    team: str
    hook: str
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Message:
    #: The name of its first block.
    id: str
    stamp: str
    text: str
    pictures: tuple[bytes, ...]
    alts: tuple[str, ...]
    sent_at: datetime


@dataclass(slots=True)
class _Kept:
    """Everything that the stand-in remembers."""

    webhooks: dict[str, _Webhook] = field(default_factory=dict)
    messages: dict[str, list[_Message]] = field(default_factory=dict)
    #: Channels that were archived.
    archived: set[str] = field(default_factory=set)
    pictures: Pictures = field(default_factory=Pictures)
    count: int = 0


class SlackStandIn:
    """One server with any number of webhooks."""

    purposes: ClassVar[Mapping[str, Purpose]] = MappingProxyType({_PUBLISH: Purpose.PUBLISH})

    def __init__(self, *, now: Now, processing: timedelta) -> None:
        del processing  # a picture is fetched before the message is taken
        self._now = now
        self._lock = threading.RLock()
        self._kept = _Kept()
        # https://docs.slack.dev/apis/web-api/rate-limits: one a second, with short bursts above it.
        self._quota = Quota(limit=60, window=timedelta(minutes=1))
        self._host_url = ""

    def admit(self, account: str) -> Address:
        """A channel, and a webhook that posts there."""
        made = sha256(f"sandbox slack of {account}".encode()).hexdigest().upper()
        webhook = _Webhook(
            account=account, team=f"T{made[:9]}", hook=f"B{made[9:18]}", token=made[18:42]
        )
        with self._lock:
            self._kept.webhooks[webhook.hook] = webhook
            self._kept.messages.setdefault(account, [])
        path = f"{webhook.team}/{webhook.hook}/{webhook.token}"
        return Address(secrets={"webhook": f"https://hooks.slack.com/services/{path}"})

    def archive(self, account: str) -> None:
        """Close the account's channel."""
        with self._lock:
            self._kept.archived.add(account)

    def endpoint(self, request: Request) -> str:
        """Method and route; a message of no words is another matter than one of some."""
        if request.method != "POST" or not _PATH.fullmatch(request.path):
            return f"{request.method} {request.path}"
        said = request.get_json(silent=True) if request.is_json else None
        return _ASK if isinstance(said, dict) and said.get("text") == "" else _PUBLISH

    def account(self, request: Request) -> str:
        """Whose webhook is asked, or "" where the address is nobody's."""
        with self._lock:
            try:
                return self._webhook(request).account
            except Refused:
                return ""

    def answer(self, request: Request) -> Response:
        """Do what the request asks for, one at a time."""
        with self._lock:
            self._host_url = request.host_url
            try:
                self._take(request, self._webhook(request))
            except Refused as refused:
                headers = dict(refused.headers)
                return Response(refused.code, refused.status, headers, mimetype="text/plain")
            return Response("ok", mimetype="text/html")

    def stall(self, request: Request) -> Response:
        """Nothing is worked on for long here."""
        return self.answer(request)

    def exhaust(self, account: str) -> None:
        """Leave the webhook no message of this minute."""
        with self._lock:
            self._quota.exhaust(account, self._now())

    def public(self, account: str) -> list[PublicPost]:
        """The channel's messages that stand, oldest first."""
        with self._lock:
            return [self._seen(account, each) for each in self._kept.messages.get(account, [])]

    def _seen(self, account: str, message: _Message) -> PublicPost:
        return PublicPost(
            account=account,
            id=message.id,
            url=f"{self._host_url}archives/C0/p{message.stamp}",
            text=message.text,
            note="",
            language="",
            visibility="public",
            alts=message.alts,
            digests=tuple(sha256(each).hexdigest() for each in message.pictures),
            pictures=message.pictures,
            published_at=message.sent_at,
            reply_to=None,
            key=None,
        )

    def _webhook(self, request: Request) -> _Webhook:
        found = _PATH.fullmatch(request.path)
        webhook = self._kept.webhooks.get(found[2]) if found else None
        if found is None or webhook is None or webhook.team != found[1]:
            raise Refused(404, "no_service")
        if webhook.token != found[3]:
            raise Refused(403, "invalid_token")
        if webhook.account in self._kept.archived:
            raise Refused(410, "channel_is_archived")
        return webhook

    def _take(self, request: Request, webhook: _Webhook) -> None:
        said = rules.message(request)
        blocks = said.get("blocks", [])
        texts = [rules.words(block) for block in blocks if block["type"] == "rich_text"]
        images = [block for block in blocks if block["type"] == "image"]
        pictures = tuple(self._kept.pictures.once(rules.picture(block)) for block in images)
        now = self._now()
        if not self._quota.use(webhook.account, now):
            wait = ceil((self._quota.renewal(now) - now).total_seconds())
            raise Refused(429, "rate_limited", {"Retry-After": str(wait)})
        self._kept.count += 1
        stamp = f"{int(now.timestamp())}{self._kept.count:06}"
        self._kept.messages[webhook.account].append(
            _Message(
                id=blocks[0]["block_id"] if blocks else stamp,
                stamp=stamp,
                text="".join(texts) if blocks else said["text"],
                pictures=pictures,
                alts=tuple(block["alt_text"] for block in images),
                sent_at=now,
            )
        )
