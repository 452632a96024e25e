"""What the stand-in for X takes and what it refuses, with the vendor's numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from werkzeug.wrappers import Request

from scheduler.sandbox.x.text import CASHTAG, MAX_CASHTAGS, MAX_WEIGHT, weight

#: https://docs.x.com/x-api/media/quickstart/best-practices
MAX_BYTES = 5 * 1024 * 1024
#: How files of each kind begin.
BEGINNINGS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"RIFF")
MAX_PICTURES = 4
MAX_ALT = 1000
MEDIA_LIFE = timedelta(seconds=86_400)
REPLY_SETTINGS = frozenset({"following", "mentionedUsers", "subscribers", "verified"})

MIN_PAGE, DEFAULT_PAGE, MAX_PAGE = 5, 10, 100
TIMELINE_PARAMETERS = frozenset(
    {
        "max_results",
        "pagination_token",
        "start_time",
        "end_time",
        "since_id",
        "until_id",
        "exclude",
        "tweet.fields",
    }
)

_PROBLEMS = "https://api.x.com/2/problems/"
INVALID = _PROBLEMS + "invalid-request"
NOT_FOUND = _PROBLEMS + "resource-not-found"
_ID = re.compile(r"[0-9]{1,19}")


class Refused(Exception):
    """A problem that the caller sees."""

    def __init__(
        self, status: int, title: str, detail: str = "", *, type_: str = "about:blank"
    ) -> None:
        super().__init__(detail or title)
        self.status = status
        self.problem = {"title": title, "detail": detail or title, "type": type_, "status": status}


def invalid(detail: str) -> Refused:
    return Refused(400, "Invalid Request", detail, type_=INVALID)


def forbidden(detail: str) -> Refused:
    return Refused(403, "Forbidden", detail)


def duplicate() -> Refused:
    return forbidden("You are not allowed to create a Tweet with duplicate content.")


def missing(what: str, id_: str) -> Refused:
    return Refused(404, "Not Found Error", f"Could not find {what} {id_}.", type_=NOT_FOUND)


def body(request: Request) -> Mapping[str, Any]:
    said = request.get_json(silent=True) if request.is_json else None
    if not isinstance(said, dict):
        raise invalid("The body is not a JSON object.")
    return said


Check = Callable[[object], bool]


def closed(said: object, needed: Mapping[str, Check], /, **more: Check) -> None:
    """Refuses what is no object, what has other keys, and values that do not fit.

    `more` are the keys that may be missing, each with what its value must be.
    """
    known = {**needed, **more}
    if not isinstance(said, dict):
        raise invalid("An object was expected.")
    for name in said:
        if name not in known:
            raise invalid(
                f"$.{name}: is not defined in the schema and the schema does not allow it"
            )
    for name in needed:
        if name not in said:
            raise invalid(f"$.{name}: is missing but it is required")
    for name, value in said.items():
        if not known[name](value):
            raise invalid(f"$.{name}: {value!r} is not what the schema asks for")


def is_text(value: object) -> bool:
    return isinstance(value, str)


def is_id(value: object) -> bool:
    return isinstance(value, str) and bool(_ID.fullmatch(value))


def is_object(value: object) -> bool:
    return isinstance(value, dict)


def are_media_ids(value: object) -> bool:
    return isinstance(value, list) and 1 <= len(value) <= MAX_PICTURES and all(map(is_id, value))


def check_post(said: Mapping[str, Any]) -> None:
    closed(
        said,
        {},
        text=is_text,
        media=is_object,
        reply=is_object,
        reply_settings=REPLY_SETTINGS.__contains__,
    )
    if "media" in said:
        closed(said["media"], {"media_ids": are_media_ids})
    if "reply" in said:
        closed(said["reply"], {"in_reply_to_tweet_id": is_id})
    text = said.get("text", "")
    if not text.strip() and "media" not in said:
        raise invalid("One or more parameters to your request was invalid: text is empty.")
    if weight(text) > MAX_WEIGHT:
        raise forbidden("You are not permitted to perform this action.")
    if len(CASHTAG.findall(text)) > MAX_CASHTAGS:
        raise forbidden("Posts are limited to a maximum of 1 cashtag.")


def check_metadata(said: Mapping[str, Any]) -> None:
    closed(said, {"id": is_id, "metadata": is_object})
    closed(said["metadata"], {"alt_text": is_object})
    closed(said["metadata"]["alt_text"], {"text": is_text})
    if not 1 <= len(said["metadata"]["alt_text"]["text"]) <= MAX_ALT:
        raise invalid(f"$.metadata.alt_text.text: must have 1 to {MAX_ALT} characters")


def check_picture(data: bytes, category: str) -> None:
    if category != "tweet_image":
        raise invalid("media_category must be tweet_image for a picture of a post.")
    if not data.startswith(BEGINNINGS):
        raise invalid("The media is of a type that is not supported.")
    if len(data) > MAX_BYTES:
        raise invalid("File size exceeds 5 MB.")
