"""When nothing more will move by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from scheduler.ledger import Entry
from scheduler.model import State


def is_lost(entry: Entry) -> bool:
    """Looked for at least once on the platform that can tell nothing."""
    return entry.state is State.UNCONFIRMED and kind(entry) == "nothing" and entry.tries > 0


def moving(
    entries: Sequence[Entry], *, lost: Callable[[Entry], bool] = is_lost
) -> Iterator[datetime]:
    """When each delivery wants to be looked at of which something can still become.

    What nobody can ask about would be looked for a day long, and the tail of its thread wait.
    """
    heads = {_thread(entry) for entry in entries if lost(entry)}
    for entry in entries:
        waits_for_lost = entry.state is State.HELD and _thread(entry) in heads
        if entry.look_at and not lost(entry) and not waits_for_lost:
            yield entry.look_at


def kind(entry: Entry) -> str:
    """Which kind of platform its account is on: the account's name without its number."""
    return entry.account.rpartition("-")[0]


def _thread(entry: Entry) -> str:
    return entry.key.rpartition("/")[0]
