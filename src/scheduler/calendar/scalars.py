"""The kinds of single values that a calendar takes, each from the text that was typed."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from ipaddress import ip_address
from pathlib import PurePosixPath
from typing import Annotated, Any
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from scheduler.model import DAYS, Typeface

#: A shorter one is missed by a restart, a longer one lets a post speak into another day.
LEAST_GRACE = timedelta(minutes=5)
MOST_GRACE = timedelta(hours=48)
#: Beyond these a date is a slip of the finger, and the last ones cannot even be told in UTC.
FIRST_DATE = date(2000, 1, 1)
LAST_DATE = date(2100, 1, 1)

#: By the ends of their names.
FONT_FILES = (".ttf", ".otf")

_DURATION = re.compile(r"(?:(\d{1,3})\s*h)?\s*(?:(\d{1,4})\s*m(?:in)?)?", re.IGNORECASE)


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(
            f'there is no time zone "{name}"; write a city of it, such as Europe/Rome'
        ) from None
    return name


def _single(value: Any, wanted: str) -> str:
    """What was typed, where one value is wanted."""
    if isinstance(value, dict | list):
        what = "a group of keys" if isinstance(value, dict) else "a list"
        raise ValueError(f"{what} stands here; write {wanted}")  # noqa: TRY004 (pydantic's way)
    return str(value).strip()


def _duration(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    match = _DURATION.fullmatch(value.strip())
    if not match or not any(match.groups()):
        raise ValueError(f'"{value}" is no length of time; write 3h, 45m or 1h30m')
    hours, minutes = (int(part or 0) for part in match.groups())
    length = timedelta(hours=hours, minutes=minutes)
    if length < LEAST_GRACE:
        raise ValueError(f'"{value}" is too short; write 5m or more, or a restart would miss it')
    if length > MOST_GRACE:
        raise ValueError(f'"{value}" is too long; write 48h or less, or it comes on another day')
    return length


def _date(value: Any) -> Any:
    """A date in the one form that cannot be misread; pydantic would take seconds since 1970 too."""
    if isinstance(value, date):
        return value
    text = _single(value, "a date, such as 2026-11-25")
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError(f'"{value}" is no date; write year-month-day, such as 2026-11-25')
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise ValueError(f'the calendar has no day "{text}"') from None
    if not FIRST_DATE <= found <= LAST_DATE:
        raise ValueError(f'"{text}" is not between {FIRST_DATE} and {LAST_DATE}')
    return found


def _number_of_a_day(value: Any) -> Any:
    """Written in one way only: 1 and 01 would be two keys in the file and one in the campaign."""
    if isinstance(value, str) and not re.fullmatch(r"[1-9][0-9]?", value):
        raise PydanticCustomError("no_such_day", "no such day")
    return value


def _time(value: Any) -> Any:
    if isinstance(value, str) and not re.fullmatch(r"([01]?[0-9]|2[0-3]):[0-5][0-9]", value):
        raise ValueError(f'"{value}" is no time of day; write hours and minutes, such as 09:30')
    return value.zfill(5) if isinstance(value, str) else value


def days(value: Any) -> Any:
    text = _single(value, "3, 3-8 or any")
    if text == "any":
        return (1, DAYS)
    match = re.fullmatch(r"(\d{1,2})(?:\s*[-–]\s*(\d{1,2}))?", text)
    if not match:
        raise ValueError(f'"{text}" is no day; write 3, 3-8 or any')
    first, last = int(match[1]), int(match[2] or match[1])
    if not 1 <= first <= last <= DAYS:
        raise ValueError(f'there is no day "{text}"')
    return (first, last)


def hours(value: Any) -> Any:
    text = _single(value, "hours, such as 21:00-07:00")
    match = re.fullmatch(r"(\S+?)\s*[-–]\s*(\S+?)", text)
    if not match:
        raise ValueError(f'"{value}" is no stretch of hours; write 21:00-07:00')
    return {"begin": _time(match[1]), "end": _time(match[2])}


def _instant(value: Any) -> Any:
    text = _single(value, "a point in time, such as 2026-11-25 10:00")
    day, _, hour = text.replace("T", " ").partition(" ")
    if not re.fullmatch(r"[0-9]{2}:[0-9]{2}", hour):
        raise ValueError(f'"{value}" is no point in time; write 2026-11-25 10:00')
    return datetime.combine(_date(day), time.fromisoformat(_time(hour)))


def _inside(value: str) -> str:
    path = PurePosixPath(value.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or re.match(r"[A-Za-z]:", value):
        raise ValueError("name a file inside the campaign's folder, such as assets/logo.png")
    return value


def one_or_more(value: Any) -> Any:
    """A list may be left out where one thing stands in it."""
    return [value] if isinstance(value, str) else value


def _font(value: str) -> str:
    if PurePosixPath(value).suffix.lower() in FONT_FILES:
        return _inside(value)
    if value not in set(Typeface):
        shipped = ", ".join(Typeface)
        raise ValueError(
            f'"{value}" is no font; name a .ttf or .otf file inside the campaign\'s folder, '
            f"or one of {shipped}"
        )
    return value


def _one_typeface(values: tuple[str, ...]) -> tuple[str, ...]:
    if not values:
        raise ValueError("no font stands here; name one, or delete the line")
    if len(values) > 1 and not set(values).isdisjoint(Typeface):
        raise ValueError("what is shipped stands alone; several files are one typeface's weights")
    return values


def _tag(value: str) -> str:
    word = value.removeprefix("#")
    if not re.fullmatch(r"\w+", word) or word.isdigit():
        raise ValueError(f'"{value}" is no hashtag: only letters, digits and _ belong to one')
    return word


def served(value: str) -> str:
    """An address that others are sent to: over a closed line, and to nobody's private door."""
    try:
        parts = urlsplit(value)
        _ = parts.port  # raises when it is no number
    except ValueError:
        raise ValueError("this is no address; write https:// and a host") from None
    here = _is_loopback(parts.hostname or "")
    if not parts.hostname or parts.scheme not in ("https", "http"):
        raise ValueError("the address must begin with https:// and a host")
    if parts.scheme == "http" and not here:
        raise ValueError("the address must begin with https://: others could read along, or write")
    if parts.username is not None or parts.query or parts.fragment:
        raise ValueError("the address must have no user, query or fragment")
    return value.rstrip("/")


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def holds_no_secret(address: str) -> bool:
    """Whether an address of Apprise's may be read by anybody: a mail without a password, a desktop.

    Everything else is taken for a secret: most services put a token into the address, and whoever
    knows a topic of ntfy reads what is said there.
    """
    try:
        parts = urlsplit(address)
        password = parts.password
    except ValueError:
        return False
    if parts.scheme in _LOCAL_SERVICES:
        return not (parts.netloc or parts.path or parts.query or parts.fragment)
    asked = {key for key, _ in parse_qsl(parts.query, keep_blank_values=True)}
    return (
        parts.scheme in ("mailto", "mailtos")
        and password is None
        and bool(parts.hostname)
        and not parts.fragment
        and asked <= _MAIL_KEYS
        and all("@" in each for each in parts.path.split("/") if each)
    )


#: What stays on this machine.
_LOCAL_SERVICES = frozenset({"syslog", "dbus", "gnome", "macosx", "windows"})
#: Of what an address of a mail may say, what is no secret.
_MAIL_KEYS = frozenset({"to", "from", "name", "cc", "bcc", "reply", "smtp", "mode"})


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Identifier = Annotated[
    str,
    # Exactly as it stands: ids that only a blank tells apart would take each other's place.
    StringConstraints(
        pattern=r"^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$", max_length=64, strip_whitespace=False
    ),
]
Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9A-Fa-f]{6}$")]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(?:-[A-Z][a-z]{3})?$")]
Zone = Annotated[str, AfterValidator(_zone)]
Duration = Annotated[timedelta, BeforeValidator(_duration)]
ClockTime = Annotated[time, BeforeValidator(_time)]
ServedAddress = Annotated[Text, AfterValidator(served)]
FileName = Annotated[Text, AfterValidator(_inside)]
FontName = Annotated[Text, AfterValidator(_font)]
#: Files of one typeface in several weights, or one of those that are shipped.
FontNames = Annotated[
    tuple[FontName, ...],
    AfterValidator(_one_typeface),
    BeforeValidator(one_or_more, json_schema_input_type=str | list[str]),
]
Tag = Annotated[Text, AfterValidator(_tag)]
Date = Annotated[date, BeforeValidator(_date)]
DayNumber = Annotated[int, BeforeValidator(_number_of_a_day), Field(ge=1, le=DAYS)]

LocalInstant = Annotated[datetime, BeforeValidator(_instant)]
LintCode = Annotated[str, StringConstraints(strip_whitespace=False)]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
