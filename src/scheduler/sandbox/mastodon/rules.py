"""What the stand-in for Mastodon takes and what it refuses, with the vendor's numbers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from werkzeug.wrappers import Request

from scheduler.sandbox.mastodon.entities import Media
from scheduler.sandbox.mastodon.kin import Kin
from scheduler.sandbox.mastodon.text import LANGUAGES

#: Each type with how its files begin.
MEDIA_TYPES = {
    "image/jpeg": b"\xff\xd8\xff",
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/gif": b"GIF8",
    "image/webp": b"RIFF",
}
MAX_PAGE = 40
#: https://docs.joinmastodon.org/methods/statuses/#headers
KEY_LIFE = timedelta(hours=1)
VISIBILITIES = ("public", "unlisted", "private", "direct")

_STATUS_PARAMETERS = frozenset(
    {
        "status",
        "visibility",
        "language",
        "sensitive",
        "spoiler_text",
        "in_reply_to_id",
        "media_ids",
    }
)
LIST_PARAMETERS = frozenset({"limit", "max_id", "since_id", "exclude_reblogs"})


class Refused(Exception):
    """An error that the caller sees."""

    def __init__(self, status: int, error: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(error)
        self.status = status
        self.headers = headers or {}


def check_media(media: Media, kin: Kin) -> None:
    begins = MEDIA_TYPES.get(media.media_type)
    if begins is None or not media.data.startswith(begins):
        raise Refused(422, "Validation failed: File content type is invalid")
    if len(media.data) > kin.max_bytes:
        megabytes = kin.max_bytes // 1_048_576
        raise Refused(422, f"Validation failed: File file size must be less than {megabytes} MB")
    most = kin.max_description
    if most is not None and len(media.description) > most:
        raise Refused(
            422, f"Validation failed: Description is too long (maximum is {most} characters)"
        )


def check_status(said: Mapping[str, Any], kin: Kin) -> None:
    if unknown := set(said) - _STATUS_PARAMETERS:
        raise Refused(422, f"Unknown parameters: {', '.join(sorted(unknown))}")
    for name in ("status", "spoiler_text", "in_reply_to_id", "visibility", "language"):
        if not isinstance(said.get(name, ""), str):
            raise Refused(422, f"Validation failed: {name} must be a string")
    ids = said.get("media_ids", [])
    if not isinstance(ids, list) or not all(isinstance(each, str) for each in ids):
        raise Refused(422, "Validation failed: media_ids must be a list of strings")
    if said.get("visibility", "public") not in VISIBILITIES:
        raise Refused(422, "Validation failed: Visibility is not included in the list")
    if said.get("language", "en") not in LANGUAGES:
        raise Refused(422, "Validation failed: Language is not an ISO 639 code")
    true(said.get("sensitive", False))
    note, text = said.get("spoiler_text", "").strip(), said.get("status", "").strip()
    if kin.length and kin.length(note, text) > kin.max_characters:
        raise Refused(
            422, f"Validation failed: Text character limit of {kin.max_characters} exceeded"
        )


def parameters(request: Request) -> dict[str, Any]:
    """From a form or from JSON, which spell their lists differently."""
    if request.is_json:
        said = request.get_json(silent=True)
        if not isinstance(said, dict):
            raise Refused(400, "There was a problem parsing the JSON")
        return said
    form: dict[str, Any] = {
        name: request.form[name] for name in request.form if not name.endswith("[]")
    }
    if "media_ids[]" in request.form:
        form["media_ids"] = request.form.getlist("media_ids[]")
    return form


def true(value: object) -> bool:
    if value in (True, "true"):
        return True
    if value in (False, "false"):
        return False
    raise Refused(422, "Validation failed: Sensitive must be true or false")
