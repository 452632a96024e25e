"""What a server's JSON says; `Ambiguous` where it does not say what it must."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from scheduler.errors import Ambiguous
from scheduler.platforms.calling import Answer


def object_of(answer: Answer) -> Mapping[str, Any]:
    value = answer.json()
    if not isinstance(value, dict):
        raise Ambiguous(
            f"{answer.host} answered {answer.status} with something else than an object"
        )
    return value


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


def inside(value: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """What the server leaves out is not known, and no error."""
    found = value.get(name)
    return found if isinstance(found, dict) else {}
