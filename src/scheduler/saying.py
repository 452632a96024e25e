"""How the pages, the paper and the list of days say what has a name of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

from scheduler.interface import Interface, in_context, phrase
from scheduler.model import Measure

_PLATFORMS: Mapping[str, str] = MappingProxyType(
    {
        "folder": phrase("Folder"),
        "mastodon": "Mastodon",
        "bluesky": "Bluesky",
        "x": "X",
        "facebook": "Facebook",
        "instagram": "Instagram",
        "threads": "Threads",
        "linkedin": "LinkedIn",
        "telegram": "Telegram",
        "discord": "Discord",
        "slack": "Slack",
    }
)
#: What is written from right to left, where no script is named, and the scripts that are.
_LEFTWARD = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})
_LEFTWARD_SCRIPTS = frozenset({"Arab", "Hebr", "Nkoo", "Rohg", "Syrc", "Thaa"})
_CODE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]+)*")

#: How far a post has come with an organisation.
_STATES = frozenset(
    {
        in_context("state", "translated"),
        in_context("state", "draft"),
        in_context("state", "stale"),
        in_context("state", "held"),
        in_context("state", "missing"),
        in_context("state", "opted out"),
    }
)
#: What became of a delivery in a rehearsal.
_OUTCOMES = frozenset(
    {
        in_context("outcome", "deliveries"),
        in_context("outcome", "duplicates"),
        in_context("outcome", "planned"),
        in_context("outcome", "held"),
        in_context("outcome", "claimed"),
        in_context("outcome", "staged"),
        in_context("outcome", "armed"),
        in_context("outcome", "published"),
        in_context("outcome", "rejected"),
        in_context("outcome", "unconfirmed"),
        in_context("outcome", "missed"),
        in_context("outcome", "cancelled"),
        in_context("outcome", "handed"),
        in_context("outcome", "withdrawn"),
    }
)
#: What can go wrong in a rehearsal, as `sandbox.Kind` calls it.
_FAULTS = frozenset(
    {
        in_context("fault", "connection dropped before the request was read"),
        in_context("fault", "connection dropped after the request was read"),
        in_context("fault", "answer lost after the request was accepted"),
        in_context("fault", "error 500 although the request was done"),
        in_context("fault", "rate limit that says how long to wait"),
        in_context("fault", "rate limit that does not say how long"),
        in_context("fault", "slow answer"),
        in_context("fault", "expired token"),
        in_context("fault", "quota used up by something else"),
        in_context("fault", "picture that the platform never finishes"),
        in_context("fault", "answer lost, and the account cannot be read any more"),
        in_context("fault", "server that refuses connections"),
        in_context("fault", "clock that jumps ahead"),
        in_context("fault", "clock that jumps back"),
        in_context("fault", "worker that dies between two steps"),
        in_context("fault", "full disk"),
        in_context("fault", "ledger locked by another process"),
        in_context("fault", "upload that outlives its lease"),
        in_context("fault", "post moved by an hour while it is prepared"),
        in_context("fault", "word changed while the post is prepared"),
        in_context("fault", "post taken out while it is prepared, and put back"),
    }
)
#: What a post is measured by, and the units of texts.
_MEASURES = frozenset(
    {
        in_context("measure", "text"),
        in_context("measure", "pictures"),
        in_context("measure", "links"),
        in_context("measure", "hashtags"),
        in_context("measure", "mentions"),
    }
)
_OF_PICTURE: Mapping[str, str] = MappingProxyType(
    {
        "alt text of picture": in_context("measure", "alt text of picture {number}"),
        "picture": in_context("measure", "picture {number}"),
    }
)
_UNITS = frozenset(
    {
        in_context("unit", "characters"),
        in_context("unit", "characters with escapes"),
        in_context("unit", "weighted characters"),
        in_context("unit", "UTF-16 units"),
    }
)


#: What of a post may differ from what it was, as `differing.Aspect` calls it.
_ASPECTS = frozenset(
    {
        in_context("aspect", "text"),
        in_context("aspect", "content note"),
        in_context("aspect", "language"),
        in_context("aspect", "comments"),
    }
)
_ASPECTS_OF_PICTURE: Mapping[str, str] = MappingProxyType(
    {
        "alt text": in_context("aspect", "alt text of picture {number}"),
        "picture": in_context("aspect", "picture {number}"),
    }
)


def state(interface: Interface, name: str) -> str:
    """What a state of a post is called."""
    return interface.say_in("state", name) if name in _STATES else name


def outcome(interface: Interface, name: str) -> str:
    """What a state of a delivery is called."""
    return interface.say_in("outcome", name) if name in _OUTCOMES else name


def fault(interface: Interface, name: str) -> str:
    """What went wrong on purpose."""
    return interface.say_in("fault", name) if name in _FAULTS else name


def measure(interface: Interface, counted: Measure) -> str:
    """What it counts: "text", "alt text of picture 2"."""
    words, _, number = counted.name.rpartition(" ")
    if words in _OF_PICTURE and number.isdecimal():
        return interface.say_in("measure", _OF_PICTURE[words], number=number)
    known = counted.name in _MEASURES
    return interface.say_in("measure", counted.name) if known else counted.name


def unit(interface: Interface, name: str) -> str:
    """In what it is counted: "characters"; pictures in pictures."""
    if name in _MEASURES:
        return interface.say_in("measure", name)
    return interface.say_in("unit", name) if name in _UNITS else name


def aspect(interface: Interface, name: str, number: int = 0) -> str:
    """What differs: "text", "alt text of picture 2"; `number` is that of the picture, from 1."""
    if name in _ASPECTS_OF_PICTURE:
        return interface.say_in("aspect", _ASPECTS_OF_PICTURE[name], number=number)
    return interface.say_in("aspect", name) if name in _ASPECTS else name


def amount(interface: Interface, number: int, unit: str) -> str:
    """1,234; bytes as 212 kB or 16.8 MB"""
    return interface.size(number) if unit == "bytes" else interface.number(number)


def universal(interface: Interface, instant: datetime, zone: ZoneInfo) -> str:
    """08:00 UTC; with its date where that is another one than in the zone."""
    utc = instant.astimezone(UTC)
    time = interface.clock(utc, ZoneInfo("UTC"))
    if utc.date() == instant.astimezone(zone).date():
        return interface.say("{time} UTC", time=time)
    return interface.say("{time} UTC on {day}", time=time, day=interface.day_of_year(utc))


def until(interface: Interface, instant: datetime, due: datetime, zone: ZoneInfo) -> str:
    """12:00; with its date where that is not the day on which it is due."""
    local, time = instant.astimezone(zone), interface.clock(instant, zone)
    if local.date() == due.astimezone(zone).date():
        return time
    return interface.say("{time} on {day}", time=time, day=interface.day_of_year(local))


def platform(interface: Interface, name: str) -> str:
    """Mastodon, of "mastodon"; what has no name here is called as the calendar calls it."""
    return interface.say(_PLATFORMS[name]) if name in _PLATFORMS else name


def capital(words: str) -> str:
    """The words with their first letter in upper case and every other as it was."""
    return words[:1].upper() + words[1:]


def direction(code: str) -> str:
    """The way in which a language is written: ltr or rtl; "auto" for what is no language."""
    if not _CODE.fullmatch(code):
        return "auto"
    name, _, script = code.partition("-")
    leftward = script in _LEFTWARD_SCRIPTS if script else name in _LEFTWARD
    return "rtl" if leftward else "ltr"
