"""What the stand-in for Instagram takes and what it refuses, with the vendor's numbers.

https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-user/media
"""

from __future__ import annotations

from collections.abc import Mapping

import regex

from scheduler.sandbox.graph.fetching import Fetched, Unfetched, fetched
from scheduler.sandbox.graph.refusing import Refused, closed, invalid, true

MAX_CAPTION = 2200
MAX_HASHTAGS = 30
MAX_MENTIONS = 20
MAX_ALT = 1000
MAX_BYTES = 8 * 1024 * 1024
NARROWEST, WIDEST = 4 / 5, 1.91
FEWEST_ITEMS, MOST_ITEMS = 2, 10
#: The vendor's pages say 100 here and 50 there.
MAX_POSTS = 50
MAX_CONTAINERS = 400

#: A pixel less on one side is no other shape.
_TOLERANCE = 0.005

READ = "instagram_business_basic"
PUBLISH = "instagram_business_content_publish"
READ_WITH_FACEBOOK = "instagram_basic"
PUBLISH_WITH_FACEBOOK = "instagram_content_publish"

_IMAGE = "caption alt_text media_type is_carousel_item"
_CAROUSEL = "caption"


def check_caption(caption: str) -> None:
    if len(caption) > MAX_CAPTION or len(regex.findall(r"#\w+", caption)) > MAX_HASHTAGS:
        raise Refused(36004, 2207010, "The caption is too long, or has too many hashtags")
    if len(regex.findall(r"(?<!\w)@[\w.]+", caption)) > MAX_MENTIONS:
        raise invalid("The caption has too many mentions", 2207040)


def check_image(said: Mapping[str, str]) -> None:
    """The parameters of one picture, by itself or in a carousel."""
    closed(said, needed="image_url", known=_IMAGE)
    if said.get("media_type", "IMAGE") != "IMAGE":
        raise invalid("Param media_type must be IMAGE")
    if true(said, "is_carousel_item") and "caption" in said:
        raise invalid("Captions are not supported on carousel children")
    if len(said.get("alt_text", "")) > MAX_ALT:
        raise invalid(f"Param alt_text must be at most {MAX_ALT} characters")
    check_caption(said.get("caption", ""))


def check_carousel(said: Mapping[str, str]) -> list[str]:
    """The ids of its pictures."""
    closed(said, needed="media_type children", known=_CAROUSEL)
    check_caption(said.get("caption", ""))
    children = said["children"].split(",")
    if not FEWEST_ITEMS <= len(children) <= MOST_ITEMS:
        raise invalid("A carousel has 2 to 10 pictures", 2207028)
    return children


def picture_at(address: str) -> Fetched:
    try:
        picture = fetched(address)
    except Unfetched as error:
        raise Refused(9004, 2207052, f"Media could not be fetched from this URI: {error}") from None
    if picture.kind != "JPEG" or not picture.width:
        raise Refused(36001, 2207005, "The image format is not supported: it must be JPEG")
    if len(picture.data) > MAX_BYTES:
        raise Refused(36000, 2207004, "The image is too large to download: at most 8 MiB")
    if not NARROWEST - _TOLERANCE <= picture.ratio <= WIDEST + _TOLERANCE:
        raise Refused(36003, 2207009, "The aspect ratio is not supported: 4:5 to 1.91:1")
    return picture
