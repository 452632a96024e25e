"""Names of files that a person understands, that every system takes, and that lead nowhere else."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from datetime import datetime

from scheduler.kit.contents import Destination, KitDay, KitPost, Shape
from scheduler.sheets.words import slug, unused

#: What Windows keeps for devices, whatever its ending.
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)")
#: With the folders around it a path must stay below the 260 characters that Windows takes.
_LONGEST = 48

INDEX, READ_ME = "index.html", "READ-ME-FIRST.txt"
SOURCES, HELPLINE = "sources.txt", "helpline.txt"


def plain(text: str, *, otherwise: str) -> str:
    """Small letters, digits and hyphens of what may be anything at all."""
    word = slug(unicodedata.normalize("NFC", text))[:_LONGEST].strip("-") or otherwise
    return f"{word}-{otherwise}" if _DEVICES.fullmatch(word) else word


def kit_name(member: str) -> str:
    """What the folder and the ZIP of an organisation are called."""
    return f"kit-{plain(member, otherwise='member')}"


def day_folder(day: KitDay) -> str:
    """day-03-friday-27-november"""
    return f"day-{day.number:02}-{day.date:%A}-{day.date.day}-{day.date:%B}".lower()


def post_folder(post: KitPost, local: datetime, day: KitDay, taken: Collection[str]) -> str:
    """Below the day's, where the day has several posts: 17-30-far-too-slow/"""
    if len(day.posts) == 1:
        return ""
    name = f"{local:%H-%M}-{plain(post.post.id, otherwise='post')}"
    return f"{unused(name, taken)}/"


def caption_file(destination: Destination, part: int, destinations: Collection[Destination]) -> str:
    """caption-instagram.txt; with the account's name where it has several on the platform."""
    platform = plain(destination.platform, otherwise="platform")
    same = [each for each in destinations if each.platform == destination.platform]
    names = [plain(each.account.rpartition(".")[2], otherwise="account") for each in same]
    mine = ""
    if len(same) > 1:
        place = same.index(destination)
        mine = f"-{unused(names[place], names[:place])}"
    answer = f"-answer-{part - 1}" if part > 1 else ""
    return f"caption-{platform}{mine}{answer}.txt"


def note_file(caption: str) -> str:
    """The content note that goes with a caption."""
    return caption.replace("caption-", "content-warning-", 1)


def picture_file(shape: Shape, number: int, count: int, media_type: str) -> str:
    """picture-portrait-1080x1350.jpg; picture-2-of-5-… of a carousel"""
    ending = "png" if media_type == "image/png" else "jpg"
    return f"picture{_of(number, count)}-{shape}-{shape.size.width}x{shape.size.height}.{ending}"


def alt_file(number: int, count: int) -> str:
    return f"alt-text{_of(number, count)}.txt"


def _of(number: int, count: int) -> str:
    return f"-{number}-of-{count}" if count > 1 else ""
