"""What the stand-in for LinkedIn takes and what it refuses, with the vendor's numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from werkzeug.wrappers import Request

from scheduler.sandbox.linkedin.text import MAX_ALT, MAX_COMMENT, MAX_COMMENTARY, units

#: https://learn.microsoft.com/linkedin/shared/authentication/authorization-code-flow
TOKEN_LIFE = timedelta(days=60)
REFRESH_LIFE = timedelta(days=365)
#: Of a refresh token that was used; nobody says how long, and so it is short.
REFRESH_GRACE = timedelta(hours=1)
#: https://learn.microsoft.com/linkedin/marketing/versioning: a month lives about a year.
MONTHS = 12
RESTLI = "2.0.0"
MIN_IMAGES, MAX_IMAGES = 2, 20
#: How files of each kind begin.
BEGINNINGS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8")
#: No page says a most; more than this is refused in the field.
MAX_BYTES = 8 * 1024 * 1024
UPLOAD_LIFE = timedelta(days=1)
DISTRIBUTION = {
    "feedDistribution": "MAIN_FEED",
    "targetEntities": [],
    "thirdPartyDistributionChannels": [],
}
MAX_PAGE = 100


class Refused(Exception):
    """An error that the caller sees."""

    def __init__(
        self, status: int, message: str, *, code: str = "", inputs: tuple[str, ...] = ()
    ) -> None:
        super().__init__(message)
        self.status = status
        wrong = [{"description": message, "input": {}, "code": each} for each in inputs]
        self.error: dict[str, Any] = {
            "message": message,
            "status": status,
            **({"code": code} if code else {}),
            **({"errorDetails": {"inputErrors": wrong}} if wrong else {}),
        }


def denied(message: str) -> Refused:
    return Refused(403, message, code="ACCESS_DENIED")


def invalid(message: str, *inputs: str) -> Refused:
    return Refused(422, f"ERROR :: {message}\n", inputs=inputs)


def missing(what: str) -> Refused:
    return Refused(404, f"Could not find entity {what}", code="NOT_FOUND")


def duplicate(urn: str) -> Refused:
    return Refused(
        422,
        "com.linkedin.content.common.exception.BadRequestResponseException: Content is a "
        f"duplicate of {urn}",
        inputs=("DUPLICATE_POST",),
    )


def check_headers(request: Request, now: datetime) -> None:
    """What every versioned call brings."""
    version = request.headers.get("LinkedIn-Version")
    if version is None:
        raise Refused(400, "A version must be present", code="VERSION_MISSING")
    if not _alive(version, now):
        raise Refused(426, f"Requested version {version} is not active", code="NONEXISTENT_VERSION")
    check_protocol(request)


def check_protocol(request: Request) -> None:
    if request.headers.get("X-Restli-Protocol-Version") != RESTLI:
        raise Refused(400, "X-Restli-Protocol-Version must be 2.0.0", code="ILLEGAL_ARGUMENT")


def _alive(version: str, now: datetime) -> bool:
    if len(version) != 6 or not version.isdecimal():  # noqa: PLR2004 (YYYYMM)
        return False
    age = (now.year - int(version[:4])) * 12 + now.month - int(version[4:])
    return 0 <= age <= MONTHS


def check_method(request: Request, method: str) -> None:
    if request.headers.get("X-RestLi-Method") != method:
        raise Refused(400, f"X-RestLi-Method must be {method}", code="ILLEGAL_ARGUMENT")


def body(request: Request) -> Mapping[str, Any]:
    said = request.get_json(silent=True) if request.is_json else None
    if not isinstance(said, dict):
        raise Refused(
            400, "Request body could not be converted to data map", code="ILLEGAL_ARGUMENT"
        )
    return said


Check = Callable[[object], bool]


def closed(where: str, said: object, needed: Mapping[str, Check], /, **more: Check) -> None:
    """Refuses what is no object, what has other fields, and values that do not fit."""
    known = {**needed, **more}
    if not isinstance(said, dict):
        raise invalid(f"{where} :: is not an object")
    for name, value in said.items():
        if name not in known:
            raise invalid(f"{where}/{name} :: unrecognized field found but not allowed")
        if not known[name](value):
            raise invalid(f"{where}/{name} :: {value!r} is not what the field takes")
    for name in needed:
        if name not in said:
            problem = "field is required but not found and has no default value"
            raise invalid(f"{where}/{name} :: {problem}", "MISSING_FIELD")


def is_text(value: object) -> bool:
    return isinstance(value, str)


def is_object(value: object) -> bool:
    return isinstance(value, dict)


def is_image(value: object) -> bool:
    return isinstance(value, str) and value.startswith("urn:li:image:")


def check_post(said: Mapping[str, Any]) -> None:
    closed(
        "",
        said,
        {
            "author": is_text,
            "commentary": is_text,
            "visibility": "PUBLIC".__eq__,
            "distribution": DISTRIBUTION.__eq__,
            "lifecycleState": "PUBLISHED".__eq__,
        },
        isReshareDisabledByAuthor=lambda value: isinstance(value, bool),
        content=is_object,
    )
    check_length("/commentary", said["commentary"], MAX_COMMENTARY)
    for where, each in _described(said.get("content")):
        closed(where, each, {"id": is_image}, altText=is_text)
        check_length(f"{where}/altText", each.get("altText", ""), MAX_ALT)
    if not said["commentary"].strip() and "content" not in said:
        raise invalid("/commentary :: a post of nothing", "MISSING_FIELD")


def _described(content: Any) -> list[tuple[str, Any]]:
    """The pictures of a post, each with where it stands in the request."""
    if content is None:
        return []
    if "media" in content:
        closed("/content", content, {"media": is_object})
        return [("/content/media", content["media"])]
    closed("/content", content, {"multiImage": is_object})
    closed("/content/multiImage", content["multiImage"], {"images": _are_several})
    where = "/content/multiImage/images"
    return [(f"{where}/{n}", each) for n, each in enumerate(content["multiImage"]["images"])]


def _are_several(value: object) -> bool:
    return isinstance(value, list) and MIN_IMAGES <= len(value) <= MAX_IMAGES


def check_comment(said: Mapping[str, Any]) -> None:
    closed("", said, {"actor": is_text, "object": is_text, "message": is_object})
    closed("/message", said["message"], {"text": is_text})
    check_length("/message/text", said["message"]["text"], MAX_COMMENT)
    if not said["message"]["text"].strip():
        raise invalid("/message/text :: an empty comment", "MISSING_FIELD")


def check_length(where: str, text: str, most: int) -> None:
    if units(text) > most:
        message = f"{where} :: {units(text)} characters, and {most} are allowed"
        raise invalid(message, "FIELD_LENGTH_TOO_LONG")


def check_query(query: Mapping[str, str], *known: str) -> None:
    for name in query:
        if name not in known:
            raise Refused(
                400, f"Query parameter {name} is not defined", code="QUERY_PARAM_NOT_ALLOWED"
            )


def number(said: str, most: int) -> int:
    if not said.isdecimal() or int(said) > most:
        raise Refused(400, f"{said} is not a number up to {most}", code="ILLEGAL_ARGUMENT")
    return int(said)
