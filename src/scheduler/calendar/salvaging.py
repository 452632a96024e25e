"""What is left of a calendar without its mistakes, so that all of them can be named at once.

A wrong zone must not hide a quotation that drifted. What is salvaged is looked through for further
problems, and is never published.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from scheduler.calendar.reading import Values
from scheduler.model import KeyPath

#: What stands in for a part that a calendar cannot be without.
_STAND_INS: Mapping[str, Values] = MappingProxyType(
    {
        "campaign": {
            "id": "stand-in",
            "title": "Stand-in",
            "first_day": "2026-11-25",
            "zone": "UTC",
            "language": "en",
            "time": "09:00",
        },
        "brand": {
            "name": "Stand-in",
            "hashtag": "#StandIn",
            "colours": {
                "paper": "#ffffff",
                "ink": "#000000",
                "accent": "#000000",
                "ground": "#000000",
                "on_dark": "#ffffff",
            },
        },
    }
)
#: In a member's file.
_MEMBER: Mapping[str, Values] = MappingProxyType({"member": {"id": "stand-in", "name": "Stand-in"}})


def without(values: Values, mistakes: Iterable[KeyPath]) -> Values:
    """The calendar without what stands at these places, and with stand-ins where it must be."""
    rest = copy.deepcopy(values)
    for path in mistakes:
        _remove(rest, path)
    return _completed(rest, {**_STAND_INS, **_MEMBER} if "member" in values else _STAND_INS)


def _remove(rest: Values, path: KeyPath) -> None:
    place: Any = rest
    for step in path[:-1]:
        place = place.get(step) if isinstance(place, dict) else None
    if path and isinstance(place, dict):
        place.pop(path[-1], None)


def _completed(rest: Values, stand_ins: Mapping[str, Values]) -> Values:
    """With a stand-in for what was taken out and may not be absent."""
    for name, stand_in in stand_ins.items():
        rest[name] = _over(stand_in, rest.get(name))
    if not isinstance(rest.get("accounts"), dict) or not rest["accounts"]:
        rest["accounts"] = {"stand-in": {"platform": "folder", "directory": "published"}}
    return rest


def _over(stand_in: Values, found: Any) -> Values:
    """What was written, over what stands in for it."""
    if not isinstance(found, dict):
        return stand_in
    inner = {key: value for key, value in stand_in.items() if isinstance(value, dict)}
    return stand_in | found | {key: _over(value, found.get(key)) for key, value in inner.items()}
