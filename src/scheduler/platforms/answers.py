"""What a server's JSON says; `Ambiguous` where it does not say what it must."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from scheduler.errors import Ambiguous
from scheduler.platforms.calling import Answer, instant


def object_of(answer: Answer) -> Mapping[str, Any]:
    value = answer.json()
    if not isinstance(value, dict):
        raise Ambiguous(
            f"{answer.host} answered {answer.status} with something else than an object"
        )
    return value


def object_if_any(answer: Answer) -> Mapping[str, Any]:
    """The body's value, or an empty one where it is no object."""
    try:
        return object_of(answer)
    except Ambiguous:
        return {}


def objects(value: object, what: str) -> Sequence[Mapping[str, Any]]:
    """The value, which must be a list of objects; `what` names it in the error."""
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise Ambiguous(f"{what} with something else than a list")
    return value


def text(value: Mapping[str, Any], name: str) -> str:
    found = value.get(name)
    if not isinstance(found, str):
        raise Ambiguous(f'the answer has no usable "{name}"')
    return found


def filled_text(value: Mapping[str, Any], name: str) -> str:
    if not (found := text(value, name)):
        raise Ambiguous(f'the answer has an empty "{name}"')
    return found


def moment(value: Mapping[str, Any], name: str) -> datetime:
    if (said := instant(text(value, name))) is None:
        raise Ambiguous(f'"{value[name]}" is not a time')
    return said


def inside(value: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """What the server leaves out is not known, and no error."""
    found = value.get(name)
    return found if isinstance(found, dict) else {}
