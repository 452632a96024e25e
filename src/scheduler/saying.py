"""How numbers, dates and times are said to a reader."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

_THOUSAND = 1000

_PLATFORMS: Mapping[str, str] = MappingProxyType(
    {
        "folder": "Folder",
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

#: The languages of Europe and of its neighbours, as an English page calls them.
_LANGUAGES: Mapping[str, str] = MappingProxyType(
    {
        "ar": "Arabic",
        "az": "Azerbaijani",
        "be": "Belarusian",
        "bg": "Bulgarian",
        "bs": "Bosnian",
        "ca": "Catalan",
        "cnr": "Montenegrin",
        "cs": "Czech",
        "da": "Danish",
        "de": "German",
        "el": "Greek",
        "en": "English",
        "es": "Spanish",
        "et": "Estonian",
        "fa": "Persian",
        "fi": "Finnish",
        "fr": "French",
        "ga": "Irish",
        "he": "Hebrew",
        "hr": "Croatian",
        "hu": "Hungarian",
        "hy": "Armenian",
        "is": "Icelandic",
        "it": "Italian",
        "ka": "Georgian",
        "ku": "Kurdish",
        "lb": "Luxembourgish",
        "lt": "Lithuanian",
        "lv": "Latvian",
        "mk": "Macedonian",
        "mt": "Maltese",
        "nb": "Norwegian",
        "nl": "Dutch",
        "nn": "Norwegian Nynorsk",
        "no": "Norwegian",
        "pl": "Polish",
        "pt": "Portuguese",
        "ro": "Romanian",
        "ru": "Russian",
        "sk": "Slovak",
        "sl": "Slovenian",
        "sq": "Albanian",
        "sr": "Serbian",
        "sv": "Swedish",
        "tr": "Turkish",
        "uk": "Ukrainian",
        "ur": "Urdu",
    }
)
_SCRIPTS: Mapping[str, str] = MappingProxyType(
    {"Arab": "Arabic", "Cyrl": "Cyrillic", "Grek": "Greek", "Hebr": "Hebrew", "Latn": "Latin"}
)
#: What is written from right to left, where no script is named, and the scripts that are.
_LEFTWARD = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})
_LEFTWARD_SCRIPTS = frozenset({"Arab", "Hebr", "Nkoo", "Rohg", "Syrc", "Thaa"})
_CODE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]+)*")


def day(when: date) -> str:
    """25 November 2026"""
    # "%-d" is unknown on Windows.
    return f"{when.day} {when:%B %Y}"


def short_day(when: date) -> str:
    """Wed 25 Nov"""
    return f"{when:%a} {when.day} {when:%b}"


def brief_day(when: date) -> str:
    """25 Nov"""
    return f"{when.day} {when:%b}"


def span(first: date, last: date) -> str:
    """25 November – 10 December 2026"""
    year = "" if first.year == last.year else f" {first.year}"
    return f"{first.day} {first:%B}{year} – {day(last)}"


def clock(instant: datetime, zone: ZoneInfo) -> str:
    """09:00, by the clocks of the zone"""
    return f"{instant.astimezone(zone):%H:%M}"


def universal(instant: datetime, zone: ZoneInfo) -> str:
    """08:00 UTC; with its date where that is another one than in the zone."""
    utc = instant.astimezone(UTC)
    other = utc.date() != instant.astimezone(zone).date()
    return f"{utc:%H:%M} UTC" + (f" on {utc.day} {utc:%B}" if other else "")


def until(instant: datetime, due: datetime, zone: ZoneInfo) -> str:
    """12:00; with its date where that is not the day on which it is due."""
    local = instant.astimezone(zone)
    other = local.date() != due.astimezone(zone).date()
    return f"{local:%H:%M}" + (f" on {local.day} {local:%B}" if other else "")


def duration(length: timedelta) -> str:
    """1 day 3 hours"""
    minutes = int(length.total_seconds()) // 60
    days, hours = divmod(minutes // 60, 24)
    parts = (counted(days, "day"), counted(hours, "hour"), counted(minutes % 60, "minute"))
    return " ".join(part for part in parts if not part.startswith("0 ")) or "no time"


def counted(number: int, noun: str) -> str:
    """1 post, 2 posts, 2 deliveries"""
    if number == 1:
        return f"1 {noun}"
    plural = f"{noun[:-1]}ies" if noun.endswith("ry") else f"{noun}s"
    return f"{number:,} {plural}"


def amount(number: int, unit: str) -> str:
    """1,234; bytes as 212 kB or 16.8 MB"""
    if unit != "bytes" or number < _THOUSAND:
        return f"{number:,}"
    if number < _THOUSAND**2:
        return f"{number / _THOUSAND:.0f} kB"
    return f"{number / _THOUSAND**2:.3g} MB"


def platform(name: str) -> str:
    """Mastodon, of "mastodon"; what has no name here is called as the calendar calls it."""
    return _PLATFORMS.get(name, name)


def dollars(thousandths: int) -> str:
    """$0.20, of 200; $0.015, of 15"""
    whole, rest = divmod(thousandths, 1000)
    cents = f"{rest:03}"
    return f"${whole:,}.{cents.removesuffix('0')}"


def capital(words: str) -> str:
    """The words with their first letter in upper case and every other as it was."""
    return words[:1].upper() + words[1:]


def language(code: str) -> str:
    """Greek, or Serbian in Latin script; the code itself where no name is known."""
    name, _, script = code.partition("-")
    said = _LANGUAGES.get(name, name)
    return f"{said} in {_SCRIPTS.get(script, script)} script" if script else said


def direction(code: str) -> str:
    """The way in which a language is written: ltr or rtl; "auto" for what is no language."""
    if not _CODE.fullmatch(code):
        return "auto"
    name, _, script = code.partition("-")
    leftward = script in _LEFTWARD_SCRIPTS if script else name in _LEFTWARD
    return "rtl" if leftward else "ltr"


def town(zone: ZoneInfo) -> str:
    """Nicosia, of Asia/Nicosia: short enough for the head of a column"""
    return zone.key.rpartition("/")[-1].replace("_", " ")
