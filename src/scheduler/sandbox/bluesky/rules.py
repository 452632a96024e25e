"""What the stand-in for Bluesky takes and what it refuses, with the vendor's numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import regex

#: https://docs.bsky.app/docs/advanced-guides/posts, and the lexicons that it names.
MAX_GRAPHEMES = 300
MAX_BYTES = 3000
MAX_IMAGES = 4
#: Of older servers, which are still around; newer ones take twice as much.
MAX_IMAGE_BYTES = 1_000_000
MAX_LANGUAGES = 3
MAX_TAGS = 8
MAX_TAG_GRAPHEMES = 64
MAX_TAG_BYTES = 640
MAX_LABELS = 10
MAX_RULES = 5
MAX_HIDDEN = 300
#: The configuration's default for uploads.
MAX_UPLOAD = 5 * 1024 * 1024
#: "The blob will be deleted if it is not referenced within a time window (eg, minutes)."
BLOB_LIFE = timedelta(minutes=10)
#: https://docs.bsky.app/docs/advanced-guides/rate-limits
CREATE_POINTS, UPDATE_POINTS, DELETE_POINTS = 3, 2, 1
MAX_PAGE = 100

POST = "app.bsky.feed.post"
GATE = "app.bsky.feed.threadgate"

_TID = re.compile(r"[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}")
_DATETIME = re.compile(
    r"[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-6][0-9]:[0-6][0-9](\.[0-9]{1,20})?"
    r"(Z|[+-][0-2][0-9]:[0-5][0-9])"
)
_LANGUAGE = re.compile(r"(i|[a-z]{2,3})(-[A-Za-z0-9]{1,8})*")
_DID = re.compile(r"did:[a-z]+:[a-zA-Z0-9._:%-]*[a-zA-Z0-9._-]")
_AT_URI = re.compile(rf"at://{_DID.pattern}/[a-zA-Z][a-zA-Z0-9.-]+/[A-Za-z0-9._~:-]{{1,512}}")
_CID = re.compile(r"b[a-z2-7]{58}")
_URI = re.compile(r"[a-z][a-z0-9.+-]*:(//)?[^\s/]\S*", re.IGNORECASE)


class Refused(Exception):
    """An error that the caller sees: its name, and words for people."""

    def __init__(
        self,
        name: str,
        message: str,
        *,
        status: int = 400,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.name = name
        self.status = status
        self.headers = headers or {}


def invalid(message: str) -> Refused:
    return Refused("InvalidRequest", message)


def check_name(name: object) -> None:
    if not isinstance(name, str) or not _TID.fullmatch(name):
        raise invalid(f"Invalid record key: {name}")


def check_record(collection: str, record: object) -> None:
    """Its shape alone: whether its pictures and the posts that it names exist, others know."""
    match collection:
        case "app.bsky.feed.post":
            _check_post(record)
        case "app.bsky.feed.threadgate":
            _check_gate(record)
        case _:
            raise invalid(f"Unknown lexicon type: {collection}")


def closed(
    value: object, at: str, *, required: Iterable[str] = (), optional: Iterable[str] = ()
) -> dict[str, Any]:
    """The object, if it has these keys and no others."""
    if not isinstance(value, dict):
        raise invalid(f"{at} must be an object")
    for name in required:
        if name not in value:
            raise invalid(f'{at} must have the property "{name}"')
    if unknown := value.keys() - {*required, *optional}:
        raise invalid(f"{at} must not have the properties {', '.join(sorted(unknown))}")
    return value


def _check_post(record: object) -> None:
    post = closed(
        record,
        "Record",
        required=("$type", "text", "createdAt"),
        optional=("facets", "reply", "embed", "langs", "labels", "tags"),
    )
    _is_type(post, POST, "Record")
    text = _text(post["text"], "Record/text", graphemes=MAX_GRAPHEMES, length=MAX_BYTES)
    _check_datetime(post["createdAt"])
    _each(post, "langs", MAX_LANGUAGES, _check_language)
    _each(post, "tags", MAX_TAGS, _check_tag)
    _check_facets(post.get("facets", []), text.encode())
    for name, check in (
        ("reply", _check_reply),
        ("embed", _check_embed),
        ("labels", _check_labels),
    ):
        if name in post:
            check(post[name])
    if not text and "embed" not in post:
        raise invalid("Record/text must not be empty without an embed")


def _check_gate(record: object) -> None:
    gate = closed(
        record,
        "Record",
        required=("$type", "post", "createdAt"),
        optional=("allow", "hiddenReplies"),
    )
    _is_type(gate, GATE, "Record")
    _matches(gate["post"], _AT_URI, "Record/post")
    _check_datetime(gate["createdAt"])
    _each(gate, "allow", MAX_RULES, _check_rule)
    _each(gate, "hiddenReplies", MAX_HIDDEN, lambda uri, at: _matches(uri, _AT_URI, at))


def _check_rule(rule: object, at: str) -> None:
    kind = rule.get("$type") if isinstance(rule, dict) else None
    if kind == f"{GATE}#listRule":
        _matches(closed(rule, at, required=("$type", "list"))["list"], _AT_URI, f"{at}/list")
    elif kind in {f"{GATE}#{who}Rule" for who in ("mention", "follower", "following")}:
        closed(rule, at, required=("$type",))
    else:
        raise invalid(f"{at} $type must be a rule of {GATE}")


def _check_reply(value: object) -> None:
    reply = closed(value, "Record/reply", required=("root", "parent"))
    for name, reference in reply.items():
        at = f"Record/reply/{name}"
        strong = closed(reference, at, required=("uri", "cid"))
        _matches(strong["uri"], _AT_URI, f"{at}/uri")
        _matches(strong["cid"], _CID, f"{at}/cid")


def _check_embed(value: object) -> None:
    at = "Record/embed"
    embed = closed(value, at, required=("$type", "images"))
    _is_type(embed, "app.bsky.embed.images", at)
    if not embed["images"]:
        raise invalid(f"{at}/images must not be empty")
    _each(embed, "images", MAX_IMAGES, _check_image)


def _check_image(value: object, at: str) -> None:
    image = closed(value, at, required=("image", "alt"), optional=("aspectRatio",))
    _text(image["alt"], f"{at}/alt")
    if "aspectRatio" in image:
        ratio = closed(image["aspectRatio"], f"{at}/aspectRatio", required=("width", "height"))
        if any(type(side) is not int or side < 1 for side in ratio.values()):
            raise invalid(f"{at}/aspectRatio must be two numbers from 1")
    blob = closed(image["image"], f"{at}/image", required=("$type", "ref", "mimeType", "size"))
    _is_type(blob, "blob", f"{at}/image")
    reference = closed(blob["ref"], f"{at}/image/ref", required=("$link",))
    _matches(reference["$link"], _CID, f"{at}/image/ref")
    if not str(blob["mimeType"]).startswith("image/"):
        raise invalid(f"{at}/image must be a picture, not {blob['mimeType']}")
    if type(blob["size"]) is not int or blob["size"] > MAX_IMAGE_BYTES:
        raise invalid(f"{at}/image is too large: at most {MAX_IMAGE_BYTES} bytes are taken")


def _check_labels(value: object) -> None:
    labels = closed(value, "Record/labels", required=("$type", "values"))
    _is_type(labels, "com.atproto.label.defs#selfLabels", "Record/labels")
    _each(labels, "values", MAX_LABELS, _check_label)


def _check_label(value: object, at: str) -> None:
    said = _text(closed(value, at, required=("val",))["val"], f"{at}/val", length=128)
    if not re.fullmatch(r"[a-z-]+", said):
        raise invalid(f"{at}/val must be lower-case letters and hyphens")


def _check_facets(value: object, text: bytes) -> None:
    if not isinstance(value, list):
        raise invalid("Record/facets must be an array")
    done = 0
    for number, facet in enumerate(value):
        at = f"Record/facets/{number}"
        said = closed(facet, at, required=("index", "features"))
        done = _check_range(said["index"], text, done, f"{at}/index")
        if not said["features"]:
            raise invalid(f"{at}/features must not be empty")
        _each(said, "features", 1, _check_feature)


def _check_range(value: object, text: bytes, done: int, at: str) -> int:
    index = closed(value, at, required=("byteStart", "byteEnd"))
    begin, end = index["byteStart"], index["byteEnd"]
    if type(begin) is not int or type(end) is not int:
        raise invalid(f"{at} must be two integers")
    if not 0 <= begin < end <= len(text):
        raise invalid(f"{at} must lie within the text")
    if begin < done:
        raise invalid(f"{at} must not overlap another")
    try:
        text[begin:end].decode()
        text[:begin].decode()
    except UnicodeDecodeError:
        raise invalid(f"{at} must not cut a character in two") from None
    return end


def _check_feature(value: object, at: str) -> None:
    kind = str(value.get("$type") if isinstance(value, dict) else "").rpartition("#")[2]
    names = {"link": "uri", "mention": "did", "tag": "tag"}
    if kind not in names:
        raise invalid(f"{at} $type must be a feature of app.bsky.richtext.facet")
    feature = closed(value, at, required=("$type", names[kind]))
    _is_type(feature, f"app.bsky.richtext.facet#{kind}", at)
    match kind:
        case "link":
            _matches(feature["uri"], _URI, f"{at}/uri")
        case "mention":
            _matches(feature["did"], _DID, f"{at}/did")
        case "tag":
            _check_tag(feature["tag"], f"{at}/tag")


def _check_tag(value: object, at: str) -> None:
    said = _text(value, at, graphemes=MAX_TAG_GRAPHEMES, length=MAX_TAG_BYTES)
    if not said or said.startswith(("#", "＃")) or regex.search(r"\s", said):
        raise invalid(f"{at} must be a tag without # and without spaces")


def _check_language(value: object, at: str) -> None:
    _matches(value, _LANGUAGE, at)


def _check_datetime(value: object) -> None:
    said = _matches(value, _DATETIME, "Record/createdAt")
    try:
        datetime.fromisoformat(said)
    except ValueError:
        raise invalid("Record/createdAt must be an instant that there is") from None


def _is_type(value: Mapping[str, Any], name: str, at: str) -> None:
    if value["$type"] != name:
        raise invalid(f"{at} $type must be {name}")


def _matches(value: object, pattern: re.Pattern[str], at: str) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise invalid(f"{at} is malformed: {value}")
    return value


def _text(
    value: object, at: str, *, graphemes: int | None = None, length: int | None = None
) -> str:
    if not isinstance(value, str):
        raise invalid(f"{at} must be a string")
    if length is not None and len(value.encode()) > length:
        raise invalid(f"{at} must not be longer than {length} bytes")
    if graphemes is not None and len(regex.findall(r"\X", value)) > graphemes:
        raise invalid(f"{at} must not be longer than {graphemes} graphemes")
    return value


def _each(
    value: Mapping[str, Any], name: str, most: int, check: Callable[[object, str], object]
) -> None:
    items = value.get(name, [])
    if not isinstance(items, list):
        raise invalid(f"{name} must be an array")
    if len(items) > most:
        raise invalid(f"{name} must not have more than {most} elements")
    for number, item in enumerate(items):
        check(item, f"{name}/{number}")
