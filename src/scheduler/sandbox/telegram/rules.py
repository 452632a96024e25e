"""What the stand-in for Telegram takes and what it refuses, with the vendor's numbers.

https://core.telegram.org/bots/api
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from werkzeug.wrappers import Request

from scheduler.sandbox.graph.fetching import measured

#: https://core.telegram.org/bots/api#sendmessage, in UTF-16 units
MAX_TEXT = 4096
MAX_CAPTION = 1024
#: https://core.telegram.org/bots/api#sendphoto
MAX_BYTES = 10 * 1024 * 1024
#: Width and height together, in pixels, and the one divided by the other.
MAX_SIDES = 10_000
MAX_RATIO = 20
#: https://core.telegram.org/bots/api#sendmediagroup
ALBUM = range(2, 11)
#: https://core.telegram.org/bots/api#deletemessages
MAX_DELETED = 100
#: How files of each kind begin.
BEGINNINGS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF")

Check = Callable[[object], bool]


class Refused(Exception):
    """An error that the caller sees, with what Telegram says of it."""

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.status = status
        self.said: dict[str, Any] = {
            "ok": False,
            "error_code": status,
            "description": description,
            **({"parameters": parameters} if parameters else {}),
        }


def bad(description: str) -> Refused:
    return Refused(400, f"Bad Request: {description}")


def is_text(value: object) -> bool:
    return isinstance(value, str)


def is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def is_flag(value: object) -> bool:
    return isinstance(value, bool)


def is_chat(value: object) -> bool:
    return is_text(value) or is_number(value)


def is_reply(value: object) -> bool:
    return isinstance(value, dict) and set(value) == {"message_id"} and is_number(*value.values())


def are_numbers(value: object) -> bool:
    return isinstance(value, list) and 1 <= len(value) <= MAX_DELETED and all(map(is_number, value))


def is_list(value: object) -> bool:
    return isinstance(value, list)


_ANY: Mapping[str, Check] = {"chat_id": is_chat}
_SENT: Mapping[str, Check] = {"reply_parameters": is_reply}
#: What each method needs, and what else it may be told. Telegram itself says nothing about names
#: that it does not know; here they are mistakes.
METHODS: Mapping[str, tuple[Mapping[str, Check], Mapping[str, Check]]] = {
    "getMe": ({}, {}),
    "getChat": (_ANY, {}),
    "getChatMember": ({**_ANY, "user_id": is_number}, {}),
    "sendMessage": ({**_ANY, "text": is_text}, _SENT),
    "sendPhoto": (_ANY, {**_SENT, "caption": is_text, "has_spoiler": is_flag}),
    "sendMediaGroup": ({**_ANY, "media": is_list}, _SENT),
    "deleteMessages": ({**_ANY, "message_ids": are_numbers}, {}),
}
#: The fields that a form holds as they are; all others are written in JSON.
_PLAIN = frozenset({"text", "caption"})


def fields(request: Request, method: str) -> dict[str, Any]:
    """What the method is told, in JSON or in a form."""
    said = _written(request)
    needed, more = METHODS[method]
    for name, value in said.items():
        known = {**needed, **more}
        if name not in known:
            raise bad(f'parameter "{name}" is not known')
        if not known[name](value):
            raise bad(f'parameter "{name}" is invalid')
    for name in needed:
        if name not in said:
            raise bad(f'parameter "{name}" is required')
    return said


def _written(request: Request) -> dict[str, Any]:
    if request.is_json:
        said = request.get_json(silent=True)
        if not isinstance(said, dict):
            raise bad("can't parse JSON object")
        return said
    return {name: _read(name, value) for name, value in request.form.items()}


def _read(name: str, value: str) -> Any:
    if name in _PLAIN or (name == "chat_id" and value.startswith("@")):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise bad(f"can't parse {name} JSON object") from None


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def message_text(text: str) -> str:
    text = text.strip()
    if not text:
        raise bad("message text is empty")
    if units(text) > MAX_TEXT:
        raise bad("message is too long")
    return text


def caption(text: str) -> str:
    text = text.strip()
    if units(text) > MAX_CAPTION:
        raise bad("message caption is too long")
    return text


def photo(data: bytes) -> bytes:
    if not data:
        raise bad("file must be non-empty")
    if not data.startswith(BEGINNINGS):
        raise bad("IMAGE_PROCESS_FAILED")
    if len(data) > MAX_BYTES:
        raise bad("file is too big")
    size = measured(data)
    shape = max(size.ratio, 1 / size.ratio) if size.ratio else 1.0
    if size.width + size.height > MAX_SIDES or shape > MAX_RATIO:
        raise bad("PHOTO_INVALID_DIMENSIONS")
    return data


def album(media: list[Any]) -> list[Mapping[str, Any]]:
    """The entries of a group of photos, each with the name of its file."""
    if len(media) not in ALBUM:
        raise bad("media group must have 2-10 items")
    known: Mapping[str, Check] = {
        "type": "photo".__eq__,
        "media": lambda value: isinstance(value, str) and value.startswith("attach://"),
        "caption": is_text,
        "has_spoiler": is_flag,
    }
    for each in media:
        if not isinstance(each, dict) or not {"type", "media"} <= set(each):
            raise bad("can't parse InputMedia")
        for name, value in each.items():
            if name not in known or not known[name](value):
                raise bad(f'can\'t parse InputMedia: field "{name}"')
    return media
