"""What the stand-in for Threads takes and what it refuses, with the vendor's numbers.

Written from the vendor's pages without a look at the adapter, which it is there to catch.

https://developers.facebook.com/docs/threads/posts
"""

from __future__ import annotations

from collections.abc import Mapping

import regex

from scheduler.sandbox.graph.fetching import Unfetched, fetched
from scheduler.sandbox.graph.refusing import closed, invalid, true

MAX_TEXT = 500
MAX_ALT = 1000
MAX_BYTES = 8 * 1024 * 1024
MAX_RATIO = 10.0
FEWEST_ITEMS, MOST_ITEMS = 2, 20
MAX_LINKS = 5
MAX_POSTS = 250
MAX_REPLIES = 1000
MAX_DELETIONS = 100
REPLY_CONTROLS = (
    "everyone",
    "accounts_you_follow",
    "mentioned_only",
    "parent_post_author_only",
    "followers_only",
)

READ = "threads_basic"
PUBLISH = "threads_content_publish"
REPLY = "threads_manage_replies"
DELETE = "threads_delete"

_EMOJI = regex.compile(r"\p{Emoji_Presentation}|\p{RI}|\ufe0f|\u20e3")
_LINK = regex.compile(r"https?://\S+")
#: Of every post.
_WORDS = "text reply_to_id reply_control topic_tag"
_KNOWN: Mapping[str, tuple[str, str]] = {
    "TEXT": ("text", f"{_WORDS} link_attachment"),
    "IMAGE": ("image_url", f"{_WORDS} alt_text is_carousel_item is_spoiler_media"),
    "CAROUSEL": ("children", f"{_WORDS} is_spoiler_media"),
}


def check(said: Mapping[str, str]) -> str:
    """What kind of container it is; refuses what does not belong to one of that kind."""
    kind = said.get("media_type", "")
    if kind not in _KNOWN:
        raise invalid("Param media_type must be one of TEXT, IMAGE, CAROUSEL")
    needed, known = _KNOWN[kind]
    closed(said, needed=f"media_type {needed}", known=known)
    if true(said, "is_carousel_item") and set(said) & {*_WORDS.split(), "is_spoiler_media"}:
        raise invalid("A picture of a carousel has an address and an alt text, and nothing else")
    true(said, "is_spoiler_media")
    if said.get("reply_control", "everyone") not in REPLY_CONTROLS:
        raise invalid(f"Param reply_control must be one of {', '.join(REPLY_CONTROLS)}")
    if len(said.get("alt_text", "")) > MAX_ALT:
        raise invalid(f"Param alt_text must be at most {MAX_ALT} characters")
    check_text(said.get("text", ""))
    return kind


def check_text(text: str) -> None:
    if sum(map(_counted, regex.findall(r"\X", text))) > MAX_TEXT:
        raise invalid(f"Param text must be at most {MAX_TEXT} characters long.")
    if len(set(_LINK.findall(text))) > MAX_LINKS:
        raise invalid("THREADS_API__LINK_LIMIT_EXCEEDED")


def children(said: Mapping[str, str]) -> list[str]:
    ids = said["children"].split(",")
    if not FEWEST_ITEMS <= len(ids) <= MOST_ITEMS:
        raise invalid(f"A carousel has {FEWEST_ITEMS} to {MOST_ITEMS} items")
    return ids


def picture_at(address: str) -> tuple[bytes, str]:
    """The picture, or why the container ends in ERROR: it is fetched after the answer."""
    try:
        picture = fetched(address)
    except Unfetched:
        return b"", "FAILED_DOWNLOADING_IMAGE"
    if picture.kind not in {"JPEG", "PNG"} or not picture.width:
        return b"", "INVALID_IMAGE_FORMAT"
    if len(picture.data) > MAX_BYTES:
        return b"", "INVALID_IMAGE_SIZE"
    if not 1 / MAX_RATIO <= picture.ratio <= MAX_RATIO:
        return b"", "INVALID_ASPEC_RATIO"
    return picture.data, ""


def _counted(cluster: str) -> int:
    return len(cluster.encode()) if _EMOJI.search(cluster) else len(cluster)
