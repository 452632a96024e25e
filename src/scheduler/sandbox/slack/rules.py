"""What the stand-in for Slack takes and what it refuses, with the vendor's numbers.

https://docs.slack.dev/reference/block-kit/blocks
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from werkzeug.wrappers import Request

from scheduler.sandbox.graph.fetching import Unfetched, fetched

MAX_BLOCKS = 50
MAX_BLOCK_ID = 255
MAX_ALT = 2000
MAX_ADDRESS = 3000
#: Of a section; for rich text Slack names no number.
MAX_TEXT = 3000

Check = Callable[[object], bool]


class Refused(Exception):
    """An error that the caller sees: a word, and no more."""

    def __init__(self, status: int, code: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.headers = headers or {}


def is_text(value: object) -> bool:
    return isinstance(value, str)


def is_name(value: object) -> bool:
    return isinstance(value, str) and 1 <= len(value) <= MAX_BLOCK_ID


def is_list(value: object) -> bool:
    return isinstance(value, list)


def is_address(value: object) -> bool:
    return isinstance(value, str) and len(value) <= MAX_ADDRESS and value.startswith("http")


def is_alt(value: object) -> bool:
    return isinstance(value, str) and 1 <= len(value) <= MAX_ALT


_BLOCKS: Mapping[str, Mapping[str, Check]] = {
    "rich_text": {"block_id": is_name, "elements": is_list},
    "image": {"block_id": is_name, "image_url": is_address, "alt_text": is_alt},
}
_ELEMENTS: Mapping[str, Mapping[str, Check]] = {
    "rich_text_section": {"elements": is_list},
    "text": {"text": is_text},
    "link": {"url": is_address},
}


def message(request: Request) -> Mapping[str, Any]:
    said = request.get_json(silent=True) if request.is_json else None
    if not isinstance(said, dict) or set(said) - {"text", "blocks"}:
        raise Refused(400, "invalid_payload")
    if not is_text(said.get("text")) or not said["text"].strip():
        raise Refused(400, "no_text")
    blocks = said.get("blocks", [])
    if not is_list(blocks) or len(blocks) > MAX_BLOCKS:
        raise Refused(400, "invalid_blocks")
    for block in blocks:
        _closed(block, _BLOCKS)
    names = [block["block_id"] for block in blocks]
    if len(set(names)) != len(names):
        raise Refused(400, "invalid_blocks")
    return said


def words(block: Mapping[str, Any]) -> str:
    """What a rich text says, addresses as they are."""
    found = []
    for section in block["elements"]:
        _closed(section, {"rich_text_section": _ELEMENTS["rich_text_section"]})
        for element in section["elements"]:
            _closed(element, {name: _ELEMENTS[name] for name in ("text", "link")})
            found.append(str(element.get("text") or element.get("url")))
    text = "".join(found)
    if len(text.encode("utf-16-le")) // 2 > MAX_TEXT:
        raise Refused(400, "invalid_blocks")
    return text


def picture(block: Mapping[str, Any]) -> bytes:
    """Fetched as Slack does, before it takes the message."""
    try:
        found = fetched(block["image_url"])
    except Unfetched:
        raise Refused(400, "invalid_blocks") from None
    if not found.kind:
        raise Refused(400, "invalid_blocks")
    return found.data


def _closed(said: object, kinds: Mapping[str, Mapping[str, Check]]) -> None:
    """Refuses what is of no known type, lacks a field of it, or has another one."""
    kind = said.get("type") if isinstance(said, dict) else None
    if not isinstance(said, dict) or kind not in kinds:
        raise Refused(400, "invalid_blocks")
    known = kinds[str(kind)]
    if set(said) != {"type", *known} or not all(known[name](said[name]) for name in known):
        raise Refused(400, "invalid_blocks")
