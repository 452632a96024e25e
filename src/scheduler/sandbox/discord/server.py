"""A stand-in for Discord: one webhook, and so one channel, an account.

Nothing that was sent can be read back, as there without a bot.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from types import MappingProxyType
from typing import Any, ClassVar

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from scheduler.sandbox.answering import in_json, route
from scheduler.sandbox.discord import rules
from scheduler.sandbox.discord.rules import Refused
from scheduler.sandbox.discord.text import shown
from scheduler.sandbox.faults import Purpose
from scheduler.sandbox.pictures import Pictures
from scheduler.sandbox.quota import Quota
from scheduler.sandbox.standing import Address, Now, PublicPost

_WEBHOOK = "/api/v10/webhooks/<hook>/<token>"
_ROUTES = Map(
    [
        Rule(_WEBHOOK, methods=["GET"], endpoint="show"),
        Rule(_WEBHOOK, methods=["POST"], endpoint="execute"),
        Rule(f"{_WEBHOOK}/messages/<message>", methods=["DELETE"], endpoint="delete"),
    ]
)
#: 1 January 2015, from which Discord's numbers count.
_EPOCH = 1_420_070_400_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Webhook:
    account: str
    id: str
    token: str
    channel: str
    guild: str

    @property
    def shown(self) -> dict[str, Any]:
        """https://discord.com/developers/docs/resources/webhook#webhook-object"""
        return {
            "id": self.id,
            "type": 1,
            "name": self.account,
            "channel_id": self.channel,
            "guild_id": self.guild,
            "application_id": None,
            "avatar": None,
            "token": self.token,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Message:
    id: str
    text: str
    pictures: tuple[bytes, ...]
    alts: tuple[str, ...]
    covered: bool
    sent_at: datetime


@dataclass(slots=True)
class _Kept:
    """Everything that the stand-in remembers."""

    webhooks: dict[str, _Webhook] = field(default_factory=dict)
    #: What stands in each account's channel, by id, oldest first.
    messages: dict[str, dict[str, _Message]] = field(default_factory=dict)
    pictures: Pictures = field(default_factory=Pictures)
    last_id: int = 0


class DiscordStandIn:
    """One server with any number of webhooks."""

    purposes: ClassVar[Mapping[str, Purpose]] = MappingProxyType(
        {f"POST {_WEBHOOK}": Purpose.PUBLISH}
    )

    def __init__(self, *, now: Now, processing: timedelta) -> None:
        del processing  # a file is there with its message
        self._now = now
        self._lock = threading.RLock()
        self._kept = _Kept()
        # https://discord.com/developers/docs/topics/rate-limits: so much is known of webhooks.
        self._quota = Quota(limit=30, window=timedelta(minutes=1))
        self._host_url = ""

    def admit(self, account: str) -> Address:
        """A channel, and a webhook that posts there."""
        made = sha256(f"sandbox discord of {account}".encode()).hexdigest()
        webhook = _Webhook(
            account=account,
            id=_number(made[:14]),
            token=made[14:64],
            channel=_number(made[1:15]),
            guild=_number(made[2:16]),
        )
        with self._lock:
            self._kept.webhooks[webhook.id] = webhook
            self._kept.messages.setdefault(account, {})
        address = f"https://discord.com/api/webhooks/{webhook.id}/{webhook.token}"
        return Address(secrets={"webhook": address})

    def endpoint(self, request: Request) -> str:
        """Method and route: "POST /api/v10/webhooks/<hook>/<token>"."""
        return route(_ROUTES, request)

    def account(self, request: Request) -> str:
        """Whose webhook is asked, or "" where the address is nobody's."""
        with self._lock:
            try:
                return self._asked(request)[1].account
            except (Refused, HTTPException):
                return ""

    def answer(self, request: Request) -> Response:
        """Do what the request asks for, one at a time."""
        with self._lock:
            self._host_url = request.host_url
            try:
                return self._routed(request)
            except Refused as refused:
                return in_json(refused.said, refused.status)
            except HTTPException as error:
                return in_json({"message": error.name, "code": 0}, error.code or 404)

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
            return [
                self._seen(account, message)
                for message in self._kept.messages.get(account, {}).values()
            ]

    def _seen(self, account: str, message: _Message) -> PublicPost:
        webhook = next(each for each in self._kept.webhooks.values() if each.account == account)
        place = f"{self._host_url}channels/{webhook.guild}/{webhook.channel}"
        return PublicPost(
            account=account,
            id=message.id,
            url=f"{place}/{message.id}",
            text=shown(message.text),
            note="",
            language="",
            visibility="public",
            alts=message.alts,
            digests=tuple(sha256(each).hexdigest() for each in message.pictures),
            pictures=message.pictures,
            published_at=message.sent_at,
            reply_to=None,
            key=None,
            covered=message.covered,
        )

    def _asked(self, request: Request) -> tuple[str, _Webhook, str]:
        """What is asked, of which webhook, about which message."""
        verb, values = _ROUTES.bind_to_environ(request.environ).match()
        webhook = self._kept.webhooks.get(values["hook"])
        if webhook is None:
            raise Refused(404, 10015, "Unknown Webhook")
        if webhook.token != values["token"]:
            raise Refused(401, 50027, "Invalid Webhook Token")
        return verb, webhook, values.get("message", "")

    def _routed(self, request: Request) -> Response:
        verb, webhook, message = self._asked(request)
        if verb == "show":
            return in_json(webhook.shown)
        if verb == "delete":
            return self._delete(webhook, message)
        return self._execute(request, webhook)

    def _delete(self, webhook: _Webhook, message: str) -> Response:
        if self._kept.messages[webhook.account].pop(message, None) is None:
            raise Refused(404, 10008, "Unknown Message")
        return Response(status=204)

    def _execute(self, request: Request, webhook: _Webhook) -> Response:
        said = rules.message(request)
        attached = rules.attachments(said, request)
        now = self._now()
        if not self._quota.use(webhook.account, now):
            wait = (self._quota.renewal(now) - now).total_seconds()
            message = "You are being rate limited."
            raise Refused(429, 0, message, retry_after=wait, **{"global": False})
        sent = _Message(
            id=self._new_id(now),
            text=said.get("content", "").strip(),
            pictures=tuple(self._kept.pictures.once(data) for _, data in attached),
            alts=tuple(each.get("description", "") for each, _ in attached),
            covered=any(each.get("is_spoiler") for each, _ in attached),
            sent_at=now,
        )
        self._kept.messages[webhook.account][sent.id] = sent
        if request.args.get("wait") != "true":
            return Response(status=204)  # and nobody learns which message it has become
        return in_json(_shown(sent, webhook))

    def _new_id(self, now: datetime) -> str:
        since = int(now.timestamp() * 1000) - _EPOCH
        self._kept.last_id = max(self._kept.last_id + 1, since << 22)
        return str(self._kept.last_id)


def _number(digits: str) -> str:
    return str(10**17 + int(digits, 16))


def _shown(message: _Message, webhook: _Webhook) -> dict[str, Any]:
    """https://discord.com/developers/docs/resources/message#message-object"""
    return {
        "id": message.id,
        "type": 0,
        "channel_id": webhook.channel,
        "webhook_id": webhook.id,
        "content": message.text,
        "timestamp": message.sent_at.isoformat(),
        "attachments": [
            {"id": f"{message.id}{number}", "size": len(data), "description": alt}
            for number, (data, alt) in enumerate(zip(message.pictures, message.alts, strict=True))
        ],
        "mentions": [],
        "mention_everyone": False,
    }
