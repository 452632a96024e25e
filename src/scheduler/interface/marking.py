"""Marks of what stands in a table and is said later, so that `tools/write_catalogs.py` finds it."""

from __future__ import annotations


def phrase(message: str) -> str:
    """The message itself, for `Interface.say`."""
    return message


def in_context(_context: str, message: str) -> str:
    """The message itself, for `Interface.say_in` with the same context."""
    return message


def plural(one: str, many: str) -> tuple[str, str]:
    """Both messages, for `Interface.say_many`."""
    return one, many
