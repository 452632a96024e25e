"""What the stand-in for Discord takes and what it refuses, with the vendor's numbers.

https://discord.com/developers/docs/resources/webhook#execute-webhook
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from werkzeug.wrappers import Request

MAX_TEXT = 2000
MAX_FILES = 10
MAX_BYTES = 10 * 1024 * 1024
MAX_DESCRIPTION = 1024

Check = Callable[[object], bool]


class Refused(Exception):
    """An error that the caller sees, with Discord's own number for it."""

    def __init__(self, status: int, code: int, message: str, **more: Any) -> None:
        super().__init__(message)
        self.status = status
        self.said: dict[str, Any] = {"message": message, "code": code, **more}


def invalid(where: str, message: str) -> Refused:
    errors = {where: {"_errors": [{"code": "BASE_TYPE_BAD", "message": message}]}}
    return Refused(400, 50035, "Invalid Form Body", errors=errors)


def is_text(value: object) -> bool:
    return isinstance(value, str)


def silences(value: object) -> bool:
    """Nobody may be rung by a campaign."""
    return value == {"parse": []}


def is_list(value: object) -> bool:
    return isinstance(value, list)


_MESSAGE: Mapping[str, Check] = {
    "content": is_text,
    "allowed_mentions": silences,
    "attachments": is_list,
}
_ATTACHMENT: Mapping[str, Check] = {
    "id": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "filename": is_text,
    "description": lambda value: isinstance(value, str) and 1 <= len(value) <= MAX_DESCRIPTION,
    "is_spoiler": lambda value: isinstance(value, bool),
}


def message(request: Request) -> Mapping[str, Any]:
    """What is to be said. Names that Discord would pass over are mistakes here."""
    if set(request.args) - {"wait"}:
        raise invalid("query", "only wait is known here")
    said = _written(request)
    _closed(said, _MESSAGE, "")
    text = said.get("content", "").strip()
    if not text and not request.files:
        raise Refused(400, 50006, "Cannot send an empty message")
    if len(text.encode("utf-16-le")) // 2 > MAX_TEXT:
        raise invalid("content", f"Must be {MAX_TEXT} or fewer in length.")
    return said


def _written(request: Request) -> dict[str, Any]:
    if request.is_json:
        said = request.get_json(silent=True)
    elif set(request.form) == {"payload_json"}:
        try:
            said = json.loads(request.form["payload_json"])
        except ValueError:
            said = None
    else:
        said = None
    if not isinstance(said, dict):
        raise Refused(400, 50109, "The request body contains invalid JSON.")
    return said


def attachments(said: Mapping[str, Any], request: Request) -> list[tuple[Mapping[str, Any], bytes]]:
    """Each attachment with its file, which has its number: files[0]."""
    listed = said.get("attachments", [])
    if len(listed) > MAX_FILES:
        raise invalid("attachments", f"Must be {MAX_FILES} or fewer in length.")
    for each in listed:
        _closed(each, _ATTACHMENT, "attachments")
        if not {"id", "filename"} <= set(each):
            raise invalid("attachments", "This field is required")
    files = {name: file.read() for name, file in request.files.items()}
    if {f"files[{each['id']}]" for each in listed} != set(files) or len(files) != len(listed):
        raise invalid("attachments", "Each attachment has its file, and each file its attachment")
    if any(len(data) > MAX_BYTES for data in files.values()):
        raise Refused(413, 40005, "Request entity too large")
    return [(each, files[f"files[{each['id']}]"]) for each in listed]


def _closed(said: object, known: Mapping[str, Check], where: str) -> None:
    if not isinstance(said, dict):
        raise invalid(where, "Only dictionaries may be used")
    for name, value in said.items():
        if name not in known:
            raise invalid(f"{where}.{name}", "This is no field of it")
        if not known[name](value):
            raise invalid(f"{where}.{name}", "This value cannot be")
