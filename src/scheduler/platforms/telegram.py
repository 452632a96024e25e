"""Telegram channels, over its Bot API.

https://core.telegram.org/bots/api

A channel has no content note, no field for a language, and none for what a picture shows. The note
is the first paragraph of the text, and covers the pictures. The descriptions stand below the text
where the account says so (`alts: caption`). Pictures go with the request that makes the post
public: there is nothing to upload before. A bot cannot read what stands in a channel, so whatever
became of a request whose answer was lost, only a person can see.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, ClassVar
from urllib.parse import quote

from scheduler.errors import AccountRefused, Ambiguous, ContentRejected, Ending, RateLimited
from scheduler.model import Account, Draft, Measure, Receipt, Size
from scheduler.platforms.addresses import refuse_bad_server, sandboxed, server_problems
from scheduler.platforms.answers import object_if_any, objects, text
from scheduler.platforms.calling import OK, Answer, Server, refusal
from scheduler.platforms.counting import utf16_units
from scheduler.platforms.measuring import measures
from scheduler.platforms.options import option_problems, secret_problems
from scheduler.platforms.pictures import File, content, file_name, frozen, thawed
from scheduler.platforms.protocol import (
    NOWHERE,
    OVER_THE_NETWORK,
    Alts,
    Cap,
    Finding,
    Identity,
    Limits,
    MediaHost,
    Option,
    Staged,
    Tokens,
    Unknown,
)
from scheduler.platforms.wording import in_words

#: Below a picture; a message of words alone takes `TEXT`.
CAPTION = 1024
TEXT = 4096
#: https://core.telegram.org/bots/api#sendphoto
LIMITS = Limits(
    page="https://core.telegram.org/bots/api#sendphoto",
    text=CAPTION,
    text_unit="UTF-16 units",
    pictures=10,
    alt=100_000,  # it has no field for them, and so no limit; in the caption they count there
    picture_bytes=10_000_000,  # "10 MB"; it may mean more
    card=Size(width=1080, height=1350),
    ratios=(1 / 20, 20.0),
    notes=False,
    languages=False,
    alts=Alts.LOST,
)

SERVER = "https://api.telegram.org"
#: Where people read a channel.
SITE = "https://t.me"

_CHANNEL = re.compile(r"@[A-Za-z][A-Za-z0-9_]{3,31}|-100[0-9]{5,15}")
_TOKEN = re.compile(r"[0-9]{3,20}:[A-Za-z0-9_-]{20,100}")
_BAD_REQUEST = 400
_TOO_MANY = 429
_MOVED = range(300, 400)
#: Seconds. Whoever says more is not to be taken at their word.
_LONGEST_WAIT = 86_400.0
#: What Telegram says with 400 when it is the account that may not, in small letters.
_OF_THE_ACCOUNT = (
    "chat not found",
    "administrator rights",
    "not enough rights",
    "have no rights",
    "admin_required",
    "write_forbidden",
    "peer_id_invalid",
    "upgraded to a supergroup",
)
#: Who may post in a channel.
_POSTING = ("creator", "administrator")
_RIGHTS = ("can_post_messages", "can_delete_messages")


class Telegram:
    """One channel, and the bot that posts in it."""

    options: ClassVar[Mapping[str, Option]] = MappingProxyType(
        {
            "channel": Option(
                meaning="@name of the channel, or -100 and its number where it is private",
                required=True,
            ),
            "alts": Option(
                meaning="caption: what pictures show stands below the text; none: it is left out",
                choices=("caption", "none"),
            ),
            "server": Option(meaning="another address than the Bot API's own"),
            "sandbox": Option(
                meaning="true for a stand-in server on this machine", choices=("true", "false")
            ),
        }
    )
    secrets: ClassVar[Mapping[str, str]] = MappingProxyType(
        {"token": "the token of a bot that may post and delete in the channel, from BotFather"}
    )
    in_flight: ClassVar[timedelta] = OVER_THE_NETWORK
    caps: ClassVar[tuple[Cap, ...]] = (
        Cap(
            posts=20,
            window=timedelta(minutes=1),
            page="https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this",
        ),
    )
    fetches_pictures: ClassVar[bool] = False

    def __init__(self, account: Account, *, tokens: Tokens, host: MediaHost = NOWHERE) -> None:
        del host  # it takes the bytes themselves
        self._account = account
        self._tokens = tokens
        self._channel = account.options.get("channel", "")
        in_caption = account.options.get("alts") == "caption"
        self.limits = replace(LIMITS, alts=Alts.TEXT) if in_caption else LIMITS
        self._server = Server(account.options.get("server") or SERVER)

    @classmethod
    def problems(cls, account: Account) -> tuple[tuple[str, str], ...]:
        """What is wrong with the account's options and secrets: (name, message)."""
        return (
            *option_problems(account, cls.options),
            *_channel_problems(account),
            *server_problems(account, SERVER),
            *(() if sandboxed(account) else secret_problems(account, cls.secrets)),
        )

    def measure(self, draft: Draft) -> tuple[Measure, ...]:
        """Text with its note, number of pictures, and each picture's alt text and size."""
        limits = self.limits if draft.pictures else replace(self.limits, text=TEXT)
        words = utf16_units(in_words(draft, self.limits))
        return measures(draft, limits, text=words, alt=len)

    def cost(self, draft: Draft) -> int:
        """Nothing."""
        del draft
        return 0

    def whoami(self) -> Identity:
        """The channel, once it is certain that the bot may post in it and delete.

        https://core.telegram.org/bots/api#getchatmember
        """
        bot = _object(self._ask("getMe"))
        chat = _object(self._ask("getChat", chat_id=self._channel))
        if chat.get("type") != "channel":
            raise AccountRefused(f"{self._channel} is no channel, but a {chat.get('type')}")
        member = _object(
            self._ask("getChatMember", chat_id=self._channel, user_id=_number(bot, "id"))
        )
        scopes = self._rights(bot, member)
        name = str(chat.get("username") or "")
        return Identity(
            id=str(_number(chat, "id")),
            name=f"@{name}" if name else text(chat, "title"),
            url=self._address(chat).rstrip("/"),
            scopes=scopes,
        )

    def _rights(self, bot: Mapping[str, Any], member: Mapping[str, Any]) -> tuple[str, ...]:
        """What the bot may do. `AccountRefused` where it may not post, or not delete."""
        owner = member.get("status") == "creator"
        lacking = [right for right in _RIGHTS if not (owner or member.get(right))]
        if member.get("status") not in _POSTING or lacking:
            wanted = " and ".join(lacking) or "can_post_messages"
            raise AccountRefused(
                f"the bot @{bot.get('username')} lacks {wanted} in {self._channel}: make it an "
                "administrator there, with the rights to post and to delete messages"
            )
        return _RIGHTS

    def stage(self, draft: Draft, *, due: datetime, reply_to: Receipt | None = None) -> Staged:
        """Make sure of the pictures: they leave with the post, since nothing can be sent before."""
        del due  # Telegram dates a post by its own clock
        for number, picture in enumerate(draft.pictures, 1):
            file_name(number, picture)
            content(number, picture)
        words = in_words(draft, self.limits)
        answered = {"message_id": _ids(reply_to)[0]} if reply_to else None
        return Staged(
            request={
                "text": words,
                "pictures": [frozen(picture) for picture in draft.pictures],
                "covered": bool(draft.note and draft.pictures),
                **({"reply_parameters": answered} if answered else {}),
            }
        )

    def publish(self, staged: Staged, *, key: str) -> Receipt:
        """sendMessage, sendPhoto or sendMediaGroup: which of them follows from the pictures.

        Telegram knows no keys, and shows nobody what was sent.
        """
        del key
        request = staged.request
        files = _files(request["pictures"])
        if not files:
            return self._receipt(
                [_object(self._send("sendMessage", request, text=request["text"]))]
            )
        if len(files) == 1:
            fields = {**_with_caption(request), **_covered(request)}
            answer = self._send("sendPhoto", request, files={"photo": files["picture1"]}, **fields)
            return self._receipt([_object(answer)])
        media = [
            {"type": "photo", "media": f"attach://{name}", **_covered(request)} for name in files
        ]
        media[0] |= _with_caption(request)
        answer = self._send("sendMediaGroup", request, files=files, media=media)
        return self._receipt(_objects(answer))

    def find(self, staged: Staged, *, key: str, since: datetime) -> Finding:
        """Nobody can tell: a bot cannot read a channel."""
        del staged, key, since
        return Unknown(reason=f"Telegram shows no bot what stands in {self._channel}: look there")

    def withdraw(self, receipt: Receipt) -> None:
        """All messages of the post. https://core.telegram.org/bots/api#deletemessages

        What is gone already is passed over.
        """
        ids = _ids(receipt)
        answer = self._ask("deleteMessages", chat_id=self._channel, message_ids=ids)
        if _result(answer) is not True:
            raise Ambiguous(f"{answer.host} did not say that the messages are deleted")

    def standing(self, *, since: datetime) -> None:
        """Nobody can look: a bot cannot read a channel."""
        del since

    def _send(
        self,
        method: str,
        request: Mapping[str, Any],
        *,
        files: Mapping[str, File] | None = None,
        **fields: Any,
    ) -> Answer:
        answered = {name: request[name] for name in ("reply_parameters",) if name in request}
        said = {"chat_id": self._channel, **fields, **answered}
        return self._ask(method, fresh=True, files=files, **said)

    def _ask(
        self,
        method: str,
        *,
        fresh: bool = False,
        files: Mapping[str, File] | None = None,
        **fields: Any,
    ) -> Answer:
        """One call; beside files, fields that are no text are written in JSON."""
        refuse_bad_server(self._account, SERVER)
        token = self._token()
        body = {"data": _as_form(fields), "files": files} if files else {"json": fields}
        answer = self._server.ask(
            "POST", f"/bot{token}/{method}", fresh=fresh, signed=False, hidden=(token,), **body
        )
        if ending := _refused(answer, token):
            raise ending
        return answer

    def _token(self) -> str:
        token = self._tokens.read("token")
        if not _TOKEN.fullmatch(token):
            raise AccountRefused("the token is none of a bot: BotFather shows it, 123456:ABC…")
        return token

    def _receipt(self, messages: Sequence[Mapping[str, Any]]) -> Receipt:
        """The ids of all messages; the address is that of the first."""
        ids = [str(_number(message, "message_id")) for message in messages]
        if not ids:
            raise Ambiguous(f"{self._server.host} named no message")
        chat = messages[0].get("chat")
        return Receipt(
            id=",".join(ids), url=self._address(chat if isinstance(chat, dict) else {}) + ids[0]
        )

    def _address(self, chat: Mapping[str, Any]) -> str:
        """Where its messages stand; a private channel's only its members can read."""
        site = self._server.address if sandboxed(self._account) else SITE
        if name := chat.get("username"):
            return f"{site}/{quote(str(name))}/"
        if self._channel.startswith("@"):
            return f"{site}/{quote(self._channel[1:])}/"
        return f"{site}/c/{self._channel.removeprefix('-100')}/"


def _channel_problems(account: Account) -> Iterator[tuple[str, str]]:
    channel = account.options.get("channel", "")
    if channel and not _CHANNEL.fullmatch(channel):
        yield "channel", f'"{channel}" is not the @name of a channel, nor -100 and its number'


def _ids(receipt: Receipt) -> list[int]:
    """The numbers of its messages; a person who resolved it may have said something else."""
    ids = receipt.id.split(",")
    if not all(each.isdecimal() for each in ids):
        raise ContentRejected(f"nobody knows which message it is: look at {receipt.url}")
    return [int(each) for each in ids]


def _files(pictures: Sequence[Mapping[str, Any]]) -> dict[str, File]:
    """The pictures, by the names that an album calls them."""
    return {f"picture{number}": thawed(number, kept) for number, kept in enumerate(pictures, 1)}


def _with_caption(request: Mapping[str, Any]) -> dict[str, Any]:
    return {"caption": request["text"]} if request["text"] else {}


def _covered(request: Mapping[str, Any]) -> dict[str, Any]:
    return {"has_spoiler": True} if request["covered"] else {}


def _as_form(fields: Mapping[str, Any]) -> dict[str, str]:
    return {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in fields.items()
    }


def _refused(answer: Answer, token: str) -> Ending | None:
    """How a call ended; Telegram says why in `description`, and how long in `parameters`."""
    said = object_if_any(answer)
    if answer.status in OK and said.get("ok") is True:
        return None
    why = str(said.get("description") or answer.reason or "").replace(token, "***")
    told = f"{answer.host} answered {answer.status}" + (f": {why}" if why else "")
    if answer.status in OK:
        return Ambiguous(told)
    if answer.status in _MOVED:
        return AccountRefused(f"{told}: it leads elsewhere")  # whereto may repeat the token
    ending = refusal(answer)
    if isinstance(ending, RateLimited):
        wait = _wait(said)
        return RateLimited(told, retry_after=ending.retry_after if wait is None else wait)
    if answer.status == _BAD_REQUEST and any(map(why.casefold().count, _OF_THE_ACCOUNT)):
        return AccountRefused(told)
    return type(ending)(told) if ending else Ambiguous(told)


def _wait(said: Mapping[str, Any]) -> float | None:
    parameters = said.get("parameters")
    seconds = parameters.get("retry_after") if isinstance(parameters, dict) else None
    if not isinstance(seconds, int) or isinstance(seconds, bool):
        return None
    return min(max(0.0, float(seconds)), _LONGEST_WAIT)


def _result(answer: Answer) -> Any:
    return object_if_any(answer).get("result")


def _object(answer: Answer) -> Mapping[str, Any]:
    result = _result(answer)
    if not isinstance(result, dict):
        raise Ambiguous(f"{answer.host} answered {answer.status} without what it is about")
    return result


def _objects(answer: Answer) -> Sequence[Mapping[str, Any]]:
    return objects(_result(answer), f"{answer.host} answered {answer.status}")


def _number(said: Mapping[str, Any], name: str) -> int:
    value = said.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise Ambiguous(f'the answer has no usable "{name}"')
    return value
