"""A delivery in a worker's hands: what is known of it, and every move that can be made with it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Self, TypeVar

from scheduler.errors import Ending, RateLimited, UserError
from scheduler.ledger import (
    Attempt,
    Connection,
    Entry,
    Origin,
    Outrun,
    deciding,
    moves,
    pacing,
    questions,
)
from scheduler.model import Hold, Key, Receipt, Scope, State
from scheduler.platforms import OVER_THE_NETWORK, Platform
from scheduler.publishing.judging import Judge, Known
from scheduler.publishing.means import Edition, Means

log = logging.getLogger(__name__)

#: Waits before the next try, and between looks for what is unconfirmed; the last one repeats.
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (15, 60, 300, 900))
#: How often to ask whether a hold has ended.
HELD_AGAIN = timedelta(minutes=1)
#: A receipt that cannot be written (a full disk) is tried so often again, after so many seconds.
_RECEIPT_TRIES, _RECEIPT_PAUSE = 12, 5.0
_SOON = timedelta(microseconds=1)

Answer = TypeVar("Answer")


@dataclass(slots=True)
class InHand:
    """Every move is durable when it returns; raises `Outrun` where somebody else was first."""

    means: Means
    #: The newest calendar, which may change while a picture is uploaded.
    newest: Callable[[], Edition | None]
    edition: Edition
    known: Known

    @classmethod
    def of(cls, means: Means, newest: Callable[[], Edition | None], key: Key) -> Self:
        edition = newest()
        if edition is None:
            raise AssertionError("nothing is served before a calendar was taken up")
        now = means.clock.now()
        known = means.ledger.read(lambda connection: Known.of(connection, edition, key, now))
        return cls(means, newest, edition, known)

    def published(self, receipt: Receipt) -> None:
        now, who, allowance = self.now, self.means.worker, receipt.allowance

        def change(connection: Connection) -> Entry:
            if allowance is not None and allowance.left == 0:
                pacing.wait(
                    connection,
                    self.entry.campaign,
                    self.entry.account,
                    now + allowance.renews_in,
                    reason="the platform says that its rate limit is used up",
                )
            return moves.publish(connection, self.entry, receipt, now=now, who=who)

        self.entry = self.write(change)
        self._log(State.PUBLISHED)

    def unconfirmed(self, reason: str) -> None:
        self.move(State.UNCONFIRMED, reason, look_at=self.now + self.in_flight, tries=0)

    def again(self, reason: str, *, pause: timedelta = timedelta(0)) -> None:
        """Nothing is public: try again later, or be missed when the grace ends first."""
        look_at = max(self.now + max(pause, pause_after(self.entry.tries)), self.entry.due)
        self.move(
            State.PLANNED,
            reason,
            look_at=min(look_at, self.end_of_grace),
            tries=self.entry.tries + 1,
        )

    def hold_account(self, reason: str) -> None:
        hold_refused(self.means, self.entry, reason)
        self.hold(reason)

    def hold(self, reason: str) -> None:
        self.move(State.HELD, reason, look_at=self.next_look())

    def next_look(self) -> datetime:
        return min(self.now + HELD_AGAIN, self.end_of_grace)

    @property
    def end_of_grace(self) -> datetime:
        """When it is first seen to be too late."""
        return max(self.entry.latest, self.now) + _SOON

    def move(
        self, to: State, reason: str = "", *, look_at: datetime | None = None, **columns: Any
    ) -> None:
        self.entry = self.write(
            lambda connection: moves.move(
                connection,
                self.entry,
                to,
                now=self.now,
                who=self.means.worker,
                reason=reason,
                look_at=look_at,
                **columns,
            )
        )
        self._log(to, reason)

    def _log(self, to: State, reason: str = "") -> None:
        level = logging.INFO if to in _GOOD else logging.WARNING
        told = {"action": str(to), "key": self.entry.key}
        log.log(level, "%s %s%s", self.entry.key, to, f": {reason}" if reason else "", extra=told)

    def postpone(self, look_at: datetime | None, reason: str, *, tries: int = 1) -> None:
        self.write(
            lambda connection: moves.postpone(
                connection, self.entry, look_at, reason=reason, tries=tries
            )
        )

    @property
    def entry(self) -> Entry:
        return self.known.entry

    @entry.setter
    def entry(self, entry: Entry) -> None:
        self.known = replace(self.known, entry=entry)

    @property
    def judge(self) -> Judge:
        return Judge(means=self.means, edition=self.edition)

    @property
    def kit(self) -> bool:
        account = self.edition.account(self.entry)
        return account is not None and account.kit

    @property
    def now(self) -> datetime:
        return self.means.clock.now()

    @property
    def platform(self) -> Platform | None:
        """None when the account has left the calendar: then only time can move the delivery."""
        return self.edition.platforms.get(self.entry.account)

    @property
    def in_flight(self) -> timedelta:
        return OVER_THE_NETWORK if self.platform is None else self.platform.in_flight

    @property
    def late(self) -> bool:
        return self.now > self.entry.latest

    def why_not(self) -> str | None:
        """What keeps it back, whatever it says."""
        return self.judge.why_not(self.known) or self.judge.why_wait(self.known)

    def last_attempt(self) -> Attempt | None:
        key = self.entry.key
        return self.read(lambda connection: questions.last_attempt(connection, key))

    def seen(self) -> Known:
        """What the ledger knows by now."""
        key, now = self.entry.key, self.now
        return self.read(lambda connection: Known.of(connection, self.edition, key, now))

    def read(self, query: Callable[[Any], Answer]) -> Answer:
        return self.means.ledger.read(query)

    def write(self, change: Callable[[Any], Answer]) -> Answer:
        return self.means.ledger.write(change)

    def received(self, receipt: Receipt) -> None:
        """Write the receipt down, whatever the disk is like meanwhile: it is the only proof."""
        for _ in range(_RECEIPT_TRIES):
            try:
                self.published(receipt)
            except UserError as error:
                log.warning("not written yet: %s", error, extra={"action": "receipt"})
                self.means.clock.wait(_RECEIPT_PAUSE)
            except Outrun:
                # It took so long that others look for it already: we know where it is.
                self.known = self.seen()
                if self.entry.state is not State.UNCONFIRMED:
                    raise
                self.published(receipt)
                return
            else:
                return
        self.published(receipt)

    def slow_down(self, limited: RateLimited) -> None:
        """The whole account waits, not only what happened to ask."""
        pause = timedelta(seconds=limited.retry_after or 0)
        until = self.now + max(pause, pause_after(self.entry.tries))
        self.write(
            lambda connection: pacing.wait(
                connection, self.entry.campaign, self.entry.account, until, reason=str(limited)
            )
        )
        self.again(words_of(limited), pause=pause)


#: Steps that nobody needs to be told of.
_GOOD = (State.PLANNED, State.PUBLISHED, State.HANDED)


def hold_refused(means: Means, entry: Entry, reason: str) -> None:
    """Its platform refused the account: nothing of it goes out until a person releases it."""
    refused = Hold(scope=Scope.ACCOUNT, value=entry.account, reason=reason)
    now, who = means.clock.now(), means.worker
    means.ledger.write(
        lambda connection: deciding.hold(
            connection, entry.campaign, refused, now=now, who=who, origin=Origin.PROGRAM
        )
    )


def pause_after(tries: int) -> timedelta:
    return PAUSES[min(tries, len(PAUSES) - 1)]


def words_of(error: Exception) -> str:
    """What the ending says; anything that is no ending is named, since it is a bug of ours."""
    if isinstance(error, Ending):
        return str(error)
    log.error("unexpected", exc_info=error, extra={"action": "unexpected"})
    return f"unexpected {type(error).__name__}: {error}"
