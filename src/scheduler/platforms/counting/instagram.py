"""Instagram: characters, and how many hashtags and mentions a caption has.

https://developers.facebook.com/docs/instagram-platform/content-publishing
"""

from __future__ import annotations

import regex

_HASHTAG = regex.compile(r"(?<![\w&])[#＃][\w]+")
_MENTION = regex.compile(r"(?<![\w@])[@＠][a-z0-9_.]+", regex.IGNORECASE)


def hashtags(caption: str) -> int:
    return len(_HASHTAG.findall(caption))


def mentions(caption: str) -> int:
    return len(_MENTION.findall(caption))
