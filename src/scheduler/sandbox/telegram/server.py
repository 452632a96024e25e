"""A stand-in for Telegram: the Bot API for one bot and one channel an account.

Stricter than Telegram where that one says nothing: of all that a method may be told it takes only
what a campaign says. Nothing that was sent can be read back, as there.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from math import ceil
from types import MappingProxyType
from typing import Any, ClassVar

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from scheduler.sandbox.answering import in_json, route
from scheduler.sandbox.faults import Purpose
from scheduler.sandbox.pictures import Pictures
from scheduler.sandbox.quota import Quota
from scheduler.sandbox.standing import Address, Now, PublicPost
from scheduler.sandbox.telegram import rules
from scheduler.sandbox.telegram.rules import METHODS, Refused, bad

_ROUTES = Map(
    [Rule(f"/bot<token>/{name}", methods=["GET", "POST"], endpoint=name) for name in METHODS]
)
_IN_PATH = re.compile(r"/bot([^/]+)/")
_SENDING = ("sendMessage", "sendPhoto", "sendMediaGroup")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Channel:
    account: str
    id: int
    name: str
    token: str
    bot: int

    @property
    def shown(self) -> dict[str, Any]:
        return {"id": self.id, "title": self.account, "username": self.name, "type": "channel"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Message:
    id: int
    account: str
    text: str
    picture: bytes
    covered: bool
    reply_to: int | None
    #: The same for all of an album, which is one post.
    group: str
    sent_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    request: Request
    by: _Channel
    said: Mapping[str, Any]
    now: datetime


@dataclass(slots=True)
class _Kept:
    """Everything that the stand-in remembers."""

    #: By the bot's token.
    channels: dict[str, _Channel] = field(default_factory=dict)
    #: What stands in each channel, by id.
    messages: dict[str, dict[int, _Message]] = field(default_factory=dict)
    last_id: dict[str, int] = field(default_factory=dict)
    pictures: Pictures = field(default_factory=Pictures)
    #: Bots that somebody has taken their rights from.
    powerless: set[str] = field(default_factory=set)


class TelegramStandIn:
    """One API with any number of bots, each with its channel."""

    purposes: ClassVar[Mapping[str, Purpose]] = MappingProxyType(
        {f"POST /bot<token>/{name}": Purpose.PUBLISH for name in _SENDING}
    )

    def __init__(self, *, now: Now, processing: timedelta) -> None:
        del processing  # a photo is there with its message
        self._now = now
        self._lock = threading.RLock()
        self._kept = _Kept()
        # https://core.telegram.org/bots/faq: about 20 messages a minute in one chat.
        self._quota = Quota(limit=20, window=timedelta(minutes=1))
        self._host_url = ""
        self._verbs: dict[str, Callable[[_Asked], Any]] = {
            "getMe": self._me,
            "getChat": self._chat,
            "getChatMember": self._member,
            "sendMessage": self._message,
            "sendPhoto": self._photo,
            "sendMediaGroup": self._album,
            "deleteMessages": self._delete,
        }

    def admit(self, account: str) -> Address:
        """A bot for the account, and a channel in which it may post and delete."""
        made = sha256(f"sandbox telegram of {account}".encode()).hexdigest()
        bot = int(made[:8], 16)
        channel = _Channel(
            account=account,
            id=-1_000_000_000_000 - int(made[8:16], 16),
            name=f"{re.sub(r'[^A-Za-z0-9]', '_', f'c_{account}')[:20]}_{made[:8]}",
            token=f"{bot}:{made[16:51]}",
            bot=bot,
        )
        with self._lock:
            self._kept.channels[channel.token] = channel
            self._kept.messages.setdefault(account, {})
        return Address(options={"channel": f"@{channel.name}"}, secrets={"token": channel.token})

    def disempower(self, account: str) -> None:
        """Take the rights from the account's bot."""
        with self._lock:
            self._kept.powerless.add(account)

    def endpoint(self, request: Request) -> str:
        """Method and route: "POST /bot<token>/sendPhoto"."""
        return route(_ROUTES, request)

    def account(self, request: Request) -> str:
        """Whose token stands in the address, or "" for nobody's."""
        with self._lock:
            found = self._channel_of(request)
        return found.account if found else ""

    def answer(self, request: Request) -> Response:
        """Do what the request asks for, one at a time."""
        with self._lock:
            self._host_url = request.host_url
            try:
                return in_json({"ok": True, "result": self._routed(request)})
            except Refused as refused:
                return in_json(refused.said, refused.status)
            except HTTPException:
                said = Refused(404, "Not Found").said
                return in_json(said, 404)

    def stall(self, request: Request) -> Response:
        """Nothing is worked on for long here."""
        return self.answer(request)

    def exhaust(self, account: str) -> None:
        """Leave the channel no message of this minute."""
        with self._lock:
            self._quota.exhaust(account, self._now())

    def public(self, account: str) -> list[PublicPost]:
        """The channel's posts that stand, oldest first; an album is one."""
        with self._lock:
            posts: dict[str, list[_Message]] = {}
            for message in self._kept.messages.get(account, {}).values():
                posts.setdefault(message.group, []).append(message)
            return [self._seen(messages) for messages in posts.values()]

    def _seen(self, messages: list[_Message]) -> PublicPost:
        first = messages[0]
        pictures = tuple(each.picture for each in messages if each.picture)
        return PublicPost(
            account=first.account,
            id=_ids(messages),
            url=f"{self._host_url}{self._named(first.account)}/{first.id}",
            text=first.text,
            note="",
            language="",
            visibility="public",
            alts=("",) * len(pictures),
            digests=tuple(sha256(each).hexdigest() for each in pictures),
            pictures=pictures,
            published_at=first.sent_at,
            reply_to=self._answered(first),
            key=None,
            covered=first.covered,
        )

    def _answered(self, message: _Message) -> str | None:
        """The post that it answers, by the ids of all its messages."""
        standing = self._kept.messages[message.account]
        if message.reply_to is None or message.reply_to not in standing:
            return None
        group = standing[message.reply_to].group
        return _ids([each for each in standing.values() if each.group == group])

    def _named(self, account: str) -> str:
        return next(each.name for each in self._kept.channels.values() if each.account == account)

    def _channel_of(self, request: Request) -> _Channel | None:
        found = _IN_PATH.match(request.path)
        return self._kept.channels.get(found[1]) if found else None

    def _routed(self, request: Request) -> Any:
        by = self._channel_of(request)
        if by is None:
            raise Refused(401, "Unauthorized")
        method, _ = _ROUTES.bind_to_environ(request.environ).match()
        now = self._now()
        asked = _Asked(request=request, by=by, said=rules.fields(request, method), now=now)
        if method != "getMe":
            self._refuse_elsewhere(asked)
        if method in _SENDING:
            self._refuse_powerless(by)
        return self._verbs[method](asked)

    def _refuse_elsewhere(self, asked: _Asked) -> None:
        chat = asked.said["chat_id"]
        known = {name: each for each in self._kept.channels.values() for name in _names(each)}
        if chat not in known:
            raise bad("chat not found")
        if known[chat] != asked.by:
            raise Refused(403, "Forbidden: bot is not a member of the channel chat")

    def _refuse_powerless(self, by: _Channel) -> None:
        if by.account in self._kept.powerless:
            raise bad("need administrator rights in the channel chat")

    def _count(self, asked: _Asked, messages: int = 1) -> None:
        if not self._quota.use(asked.by.account, asked.now, messages):
            wait = self._quota.renewal(asked.now) - asked.now
            seconds = ceil(wait.total_seconds())
            raise Refused(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)

    def _me(self, asked: _Asked) -> dict[str, Any]:
        return _shown_bot(asked.by)

    def _chat(self, asked: _Asked) -> dict[str, Any]:
        return asked.by.shown

    def _member(self, asked: _Asked) -> dict[str, Any]:
        if asked.said["user_id"] != asked.by.bot:
            raise bad("user not found")
        rights = asked.by.account not in self._kept.powerless
        return {
            "user": _shown_bot(asked.by),
            "status": "administrator" if rights else "left",
            **({"can_post_messages": True, "can_delete_messages": True} if rights else {}),
        }

    def _message(self, asked: _Asked) -> dict[str, Any]:
        text = rules.message_text(asked.said["text"])
        (shown,) = self._sent(asked, [(text, b"", False)])
        return shown

    def _photo(self, asked: _Asked) -> dict[str, Any]:
        if set(asked.request.files) != {"photo"}:
            raise bad("there is no photo in the request")
        data = rules.photo(asked.request.files["photo"].read())
        text = rules.caption(asked.said.get("caption", ""))
        (shown,) = self._sent(asked, [(text, data, asked.said.get("has_spoiler", False))])
        return shown

    def _album(self, asked: _Asked) -> list[dict[str, Any]]:
        media = rules.album(asked.said["media"])
        files = {name: file.read() for name, file in asked.request.files.items()}
        attached = [each["media"].removeprefix("attach://") for each in media]
        if sorted(attached) != sorted(files):
            raise bad("there are files that no media names, or media without a file")
        return self._sent(
            asked,
            [
                (
                    rules.caption(each.get("caption", "")),
                    rules.photo(files[name]),
                    each.get("has_spoiler", False),
                )
                for each, name in zip(media, attached, strict=True)
            ],
        )

    def _sent(self, asked: _Asked, parts: list[tuple[str, bytes, bool]]) -> list[dict[str, Any]]:
        account = asked.by.account
        standing = self._kept.messages[account]
        reply_to = asked.said.get("reply_parameters", {}).get("message_id")
        if reply_to is not None and reply_to not in standing:
            raise bad("message to be replied not found")
        self._count(asked, len(parts))
        shown = []
        group = ""
        for text, data, covered in parts:
            id_ = self._kept.last_id[account] = self._kept.last_id.get(account, 0) + 1
            group = group or str(id_)
            message = _Message(
                id=id_,
                account=account,
                text=text,
                picture=self._kept.pictures.once(data) if data else b"",
                covered=covered,
                reply_to=reply_to,
                group=group,
                sent_at=asked.now,
            )
            standing[id_] = message
            shown.append(_shown(message, asked.by, several=len(parts) > 1))
        return shown

    def _delete(self, asked: _Asked) -> bool:
        """What cannot be found is skipped."""
        self._refuse_powerless(asked.by)
        for id_ in asked.said["message_ids"]:
            self._kept.messages[asked.by.account].pop(id_, None)
        return True


def _names(channel: _Channel) -> tuple[str | int, ...]:
    return (f"@{channel.name}", channel.id, str(channel.id))


def _ids(messages: list[_Message]) -> str:
    return ",".join(str(each.id) for each in messages)


def _shown_bot(channel: _Channel) -> dict[str, Any]:
    return {
        "id": channel.bot,
        "is_bot": True,
        "first_name": channel.account,
        "username": f"{channel.name}_bot",
    }


def _shown(message: _Message, channel: _Channel, *, several: bool) -> dict[str, Any]:
    """https://core.telegram.org/bots/api#message"""
    size = {"file_id": f"f{message.id}", "file_unique_id": f"u{message.id}"}
    shown: dict[str, Any] = {
        "message_id": message.id,
        "date": int(message.sent_at.timestamp()),
        "chat": channel.shown,
        "sender_chat": channel.shown,
    }
    if not message.picture:
        return shown | {"text": message.text}
    shown["photo"] = [{**size, "width": 1, "height": 1, "file_size": len(message.picture)}]
    if message.text:
        shown["caption"] = message.text
    if message.covered:
        shown["has_media_spoiler"] = True
    if several:
        shown["media_group_id"] = message.group
    return shown
