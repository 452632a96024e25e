"""What the stand-in for Facebook takes and what it refuses, with the vendor's numbers."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import timedelta

#: https://developers.facebook.com/docs/graph-api/changelog/versions
VERSIONS = frozenset({"v21.0", "v22.0", "v23.0", "v24.0", "v25.0", "v26.0"})
#: As they are seen in the field: no page says them.
MAX_MESSAGE = 63_206
MAX_COMMENT = 8000
#: What the error 1366046 asks for, where the page says 10 MB.
MAX_BYTES = 4_000_000
BEGINNINGS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
DEFAULT_PAGE, MAX_PAGE = 25, 100
USER_TOKEN_LIFE = timedelta(days=60)
SHORT_LIFE = timedelta(hours=1)
DATA_ACCESS_LIFE = timedelta(days=90)

SCOPES = ("pages_show_list", "pages_read_engagement", "pages_manage_posts")
PROFILE_FIELDS = frozenset({"id", "name"})
POST_FIELDS = frozenset(
    {"id", "message", "created_time", "permalink_url", "from", "is_published", "attachments"}
)
COMMENT_FIELDS = frozenset({"id", "message", "created_time", "permalink_url", "from", "attachment"})
#: What each object beside a post or comment may be asked for.
INSIDE = {
    "attachments": frozenset({"target", "subattachments{target}"}),
    "attachment": frozenset({"target"}),
}
_FIELD = re.compile(r"([a-z_]+)(?:\{((?:[^{}]|\{[^{}]*\})*)\})?(?:,|$)")
_ATTACHED = re.compile(r"attached_media\[(\d+)\]")


class Refused(Exception):
    """An error of the Graph API; 400 unless said otherwise."""

    def __init__(
        self,
        code: int,
        message: str,
        *,
        subcode: int = 0,
        status: int = 400,
        kind: str = "OAuthException",
        minutes: int = 0,
    ) -> None:
        super().__init__(message)
        self.status = status
        #: Until what was used up may be used again.
        self.minutes = minutes
        self.error = {
            "message": f"(#{code}) {message}",
            "type": kind,
            "code": code,
            **({"error_subcode": subcode} if subcode else {}),
            "is_transient": bool(minutes),
            "fbtrace_id": "Astand-in",
        }


def invalid(message: str) -> Refused:
    return Refused(100, message)


def missing(id_: str) -> Refused:
    return Refused(
        100,
        f"Unsupported request. Object with ID '{id_}' does not exist, cannot be loaded due to "
        "missing permissions, or does not support this operation.",
        subcode=33,
        kind="GraphMethodException",
    )


def bad_token(message: str, *, subcode: int = 0) -> Refused:
    return Refused(190, message, subcode=subcode, status=401)


def closed(said: Mapping[str, str], *known: str) -> None:
    """Refuses what is not among `known`: parameters, or fields of a form."""
    for name in said:
        if name not in known:
            raise invalid(f"Param {name} is not one of those that are taken: {', '.join(known)}")


def fields(said: str, known: frozenset[str]) -> list[str]:
    """The names that were asked for: "id,attachments{target}"."""
    names, end = [], 0
    while end < len(said):
        found = _FIELD.match(said, end)
        if found is None:
            raise Refused(2500, f"Syntax error in fields at {end}: {said}")
        names.append(_known(found[1], found[2] or "", known))
        end = found.end()
    return names or ["id"]


def _known(name: str, inside: str, known: frozenset[str]) -> str:
    if name not in known:
        raise invalid(f"Tried accessing nonexisting field ({name})")
    for each in inside.split(",") if inside else ():
        if each not in INSIDE.get(name, frozenset()):
            raise invalid(f"Tried accessing nonexisting field ({each}) of {name}")
    return name


def check_photo(data: bytes) -> None:
    if not data.startswith(BEGINNINGS) or len(data) >= MAX_BYTES:
        raise Refused(
            100,
            "Your photos couldn't be uploaded. Photos should be less than 4 MB and saved as JPG "
            "or PNG files.",
            subcode=1366046,
        )


def attached(form: Mapping[str, str]) -> list[str]:
    """The numbers of the photos, in the order of their indexes, which leave none out."""
    given: dict[int, str] = {}
    for name, value in form.items():
        if found := _ATTACHED.fullmatch(name):
            given[int(found[1])] = _photo_id(value)
    if sorted(given) != list(range(len(given))):
        raise invalid("attached_media must be numbered from 0")
    return [given[index] for index in range(len(given))]


def _photo_id(value: str) -> str:
    try:
        said = json.loads(value)
    except ValueError:
        said = None
    if not isinstance(said, dict) or set(said) != {"media_fbid"}:
        raise invalid("attached_media must be an object with media_fbid")
    if not isinstance(said["media_fbid"], str):
        raise invalid("media_fbid must be a string")
    return said["media_fbid"]


def is_attached(name: str) -> bool:
    return bool(_ATTACHED.fullmatch(name))


def check_message(message: str, *, most: int, alone: bool) -> None:
    if alone and not message.strip():
        raise invalid("Please provide a message or a photo")
    if len(message) > most:
        raise invalid(f"Param message must be at most {most} characters long")
