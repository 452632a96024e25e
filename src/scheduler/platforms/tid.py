"""Timestamp identifiers: the names of records on Bluesky, which sort by time.

https://atproto.com/specs/tid
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from hashlib import sha256

_DIGITS = "234567abcdefghijklmnopqrstuvwxyz"
_TID = re.compile(r"[234567abcdefghij][234567a-z]{12}")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_CLOCKS = 1024
_SECOND = 1_000_000


def record_key(at: datetime, key: str) -> str:
    """The one name that a delivery's record can have: from when it is due, and from its key.

    The key decides on a fraction of the second and on the clock's number, so that what is due at
    the same instant has different names.
    """
    digest = int.from_bytes(sha256(key.encode()).digest())
    return tid((at - _EPOCH) // _MICROSECOND + digest // _CLOCKS % _SECOND, digest % _CLOCKS)


def tid(microseconds: int, clock: int) -> str:
    """Microseconds since the epoch and the number of a clock below 1024, in thirteen digits."""
    number = microseconds * _CLOCKS + clock
    return "".join(_DIGITS[number >> shift & 31] for shift in range(60, -1, -5))


def instant_of(name: str) -> datetime | None:
    """When a record of that name was made, or None where the name is no TID."""
    if not _TID.fullmatch(name):
        return None
    number = 0
    for digit in name:
        number = number << 5 | _DIGITS.index(digit)
    return _EPOCH + number // _CLOCKS * _MICROSECOND
