"""What a person has seen with their own eyes, where the program cannot."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from scheduler.ledger import Attempt, Connection, Entry, Ledger, deciding, moves, questions
from scheduler.model import Receipt, State
from scheduler.platforms import PLATFORMS
from scheduler.publishing.means import LEASE

#: What a person may have seen to be public, or may have posted by hand.
BY_HAND = (
    State.UNCONFIRMED,
    State.HANDED,
    State.MISSED,
    State.HELD,
    State.PLANNED,
    State.REJECTED,
)


def known_about(entry: Entry, attempt: Attempt | None) -> str:
    """What is known of an unconfirmed delivery, and where to look."""
    if attempt is None or attempt.armed_at is None:
        return entry.reason
    text = str((attempt.draft or {}).get("text", ""))
    said = f" Look there for “{_first_words(text)}”" if text else " Look there"
    return (
        f"Sent at {attempt.armed_at:%Y-%m-%d %H:%M:%S} UTC as {attempt.identity}; whether it is "
        f"public is not known: {entry.reason}.{said}, then: campaign resolve {entry.key} "
        "--published URL, or --not-published"
    )


def is_published(
    ledger: Ledger, entry: Entry, receipt: Receipt, *, now: datetime, who: str
) -> Entry:
    """It stands there: a person has seen it. Raises `Outrun` where it has moved meanwhile."""

    def change(connection: Connection) -> Entry:
        deciding.record(
            connection, entry.campaign, "resolve", entry.key, receipt.url, now=now, who=who
        )
        return moves.publish(connection, entry, receipt, now=now, who=who, reason=f"seen by {who}")

    return ledger.write(change)


class TooEarly(Exception):
    """What was sent may still be on its way: whoever looked may have looked too soon."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"what was sent may still be on its way until {until:%H:%M:%S} UTC")


def is_not_published(ledger: Ledger, entry: Entry, *, now: datetime, who: str) -> Entry:
    """It does not stand there: it goes out if there is still time, or is missed.

    Raises `TooEarly` while its request may still arrive.
    """
    arrived = _arrived_by(ledger, entry)
    if now < arrived:
        raise TooEarly(arrived)
    late = now > entry.latest
    to = State.MISSED if late else State.PLANNED
    reason = f"not public, as {who} saw" + ("; too late by now" if late else "")

    def change(connection: Connection) -> Entry:
        deciding.record(
            connection, entry.campaign, "resolve", entry.key, "not published", now=now, who=who
        )
        return moves.move(
            connection,
            entry,
            to,
            now=now,
            who=who,
            reason=reason,
            look_at=None if late else max(now, entry.due),
            tries=0,
        )

    return ledger.write(change)


def _arrived_by(ledger: Ledger, entry: Entry) -> datetime:
    """When everything that was ever sent for it must have arrived."""
    attempt = ledger.read(lambda connection: questions.last_attempt(connection, entry.key))
    sent = attempt.armed_at if attempt else None
    return entry.due if sent is None else sent + LEASE + PLATFORMS[entry.platform].in_flight


def receipt_at(url: str, id_: str | None) -> Receipt:
    """A receipt for what stands at an address; most platforms end it with their own id."""
    last = urlsplit(url).path.rstrip("/").rpartition("/")[2]
    return Receipt(id=id_ or last or url, url=url)


def _first_words(text: str) -> str:
    line = text.strip().splitlines()[0] if text.strip() else ""
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN].rsplit(' ', 1)[0]} …"


_SHOWN = 60
