"""One delivery, from due to public: claim → stage → arm → publish → settle."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self, TypeVar

from scheduler.cards import CardError
from scheduler.drafting import draft_for, frozen
from scheduler.errors import AccountRefused, ContentRejected, Ending, NotSent, RateLimited
from scheduler.ledger import Entry, Outrun, moves
from scheduler.model import Campaign, Draft, Key, Receipt, State
from scheduler.planning import key
from scheduler.platforms import (
    OVER_THE_NETWORK,
    Absent,
    Finding,
    Found,
    Platform,
    Staged,
    Unknown,
)
from scheduler.publishing.means import Edition, Means

log = logging.getLogger(__name__)

#: Waits before the next try, and between looks for what is unconfirmed; the last one repeats.
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (15, 60, 300, 900))
#: So long after its grace an unconfirmed delivery is looked for; then it is left to a person.
LOOKED_FOR = timedelta(days=1)
#: How often to ask whether a hold has ended.
HELD_AGAIN = timedelta(minutes=1)
_SOON = timedelta(microseconds=1)

Answer = TypeVar("Answer")


@dataclass(slots=True)
class Step:
    """What one delivery's state asks for by now. Every move is durable when it returns."""

    means: Means
    #: The newest calendar, which may change while a picture is uploaded.
    newest: Callable[[], Edition | None]
    edition: Edition
    entry: Entry

    @classmethod
    def of(cls, means: Means, newest: Callable[[], Edition | None], key: Key) -> Self:
        edition = newest()
        if edition is None:
            raise AssertionError("nothing is served before a calendar was taken up")
        entry = means.ledger.read(lambda connection: moves.entry(connection, key))
        return cls(means, newest, edition, entry)

    def take(self) -> None:
        if self.entry.look_at is None or self.entry.look_at > self._now:
            return  # since the look, somebody else has moved it
        try:
            match self.entry.state:
                case State.PLANNED:
                    self._publish()
                case State.HELD:
                    self._look_at_hold()
                case State.CLAIMED | State.STAGED:
                    self._again("its worker was lost before anything was sent")
                case State.ARMED:
                    self._unconfirmed("its worker was lost while sending")
                case State.UNCONFIRMED:
                    self._look_for()
        except Outrun:
            log.info("outrun", extra={"action": "outrun", "key": self.entry.key})

    # ── before its time, and after it ─────────────────────────────────────────────────────────────

    def _look_at_hold(self) -> None:
        reason = self._reason_to_hold() or self._reason_to_wait()
        if self._taken_out:
            self._move(State.CANCELLED, "taken out of the calendar")
        elif self._late:
            self._move(State.MISSED, f"held until it was too late: {self.entry.reason}")
        elif reason is None:
            self._move(State.PLANNED, look_at=max(self._now, self.entry.due))
        else:
            self._postpone(self._held_look(), reason)

    def _reason_to_hold(self) -> str | None:
        campaign = self._campaign
        account = campaign.accounts.get(self.entry.account) if campaign else None
        if campaign is None or account is None:
            return self._absent
        post = campaign.posts.get(self.entry.post)
        if post is None:
            return "its post is no longer in the calendar"
        if post.embargo is not None and self._now < post.embargo:
            return f"under embargo until {post.embargo:%Y-%m-%d %H:%M} UTC"
        return (
            self.edition.held.get((post.id, account.name))
            or self.means.gate(account, post)
            or self._read(
                lambda connection: moves.hold_reason(connection, campaign.id, account.name)
            )
        )

    @property
    def _campaign(self) -> Campaign | None:
        """What the account's own organisation says by now."""
        return self.edition.coalition.speaker(self.entry.account)

    @property
    def _taken_out(self) -> bool:
        """Whether the calendar is known to say it no more."""
        campaign = self._campaign
        if campaign is None:
            return self.edition.coalition.complete
        return self.entry.post not in campaign.posts

    @property
    def _absent(self) -> str:
        if self.edition.coalition.complete or self._campaign is not None:
            return "its account is no longer in the calendar"
        return "what its organisation says cannot be read: its file has an error"

    def _before(self) -> Entry | None:
        """The part of the thread that this one answers, as it stands now; None for a first part."""
        if self.entry.part == 1:
            return None
        before = key(self.entry.campaign, self.entry.post, self.entry.account, self.entry.part - 1)
        return self._read(lambda connection: moves.entry(connection, before))

    # ── the way to the public ─────────────────────────────────────────────────────────────────────

    def _publish(self) -> None:
        if self._late:
            why = f" ({self.entry.reason})" if self.entry.reason else ""
            self._move(State.MISSED, f"its time and its grace had passed{why}")
        elif reason := self._reason_to_hold() or self._reason_to_wait():
            self._hold(reason)
        elif self._campaign and self._campaign.accounts[self.entry.account].kit:
            self._move(State.HANDED, "for a person to post, from the kit")
        elif self._platform is not None and self._claim():
            self._claimed(self._platform)

    def _reason_to_wait(self) -> str | None:
        """A thread is published in its order, and never with a hole in it."""
        before = self._before()
        if before is None or before.state is State.PUBLISHED:
            return None
        return f"part {before.part} of its thread is {before.state}"

    def _claim(self) -> bool:
        claimed = self._write(
            lambda connection: moves.claim(
                connection,
                self.entry.key,
                now=self._now,
                until=self._now + self.means.lease,
                worker=self.means.worker,
            )
        )
        self.entry = claimed or self.entry
        return claimed is not None

    def _claimed(self, platform: Platform) -> None:
        draft = self._draft()
        staged = self._stage(platform, draft) if draft else None
        if staged is None:
            return
        begun = self.means.clock.monotonic()
        self._arm(staged)
        if self._may_still_go(begun):
            self._send(platform, staged)

    def _draft(self) -> Draft | None:
        campaign = self._campaign
        if campaign is None:
            raise AssertionError("it would have been held")
        try:
            return draft_for(
                campaign,
                campaign.posts[self.entry.post],
                self.entry.account,
                self.means.shelf,
                part=self.entry.part,
            )
        except CardError as error:
            self._hold(f"its card cannot be drawn: {error}")
        except Exception as error:  # noqa: BLE001 (nothing has left: it may be tried again)
            self._again(f"its card cannot be drawn: {_said(error)}")
        return None

    def _stage(self, platform: Platform, draft: Draft) -> Staged | None:
        before = self._before()
        try:
            identity = self.edition.identity(self.entry.account)
            twin = self._read(
                lambda connection: moves.said_before(
                    connection, self.entry, frozen(draft), identity
                )
            )
            if twin is not None:
                self._hold(f"it went out already, as {twin}: take one of the two out")
                return None
            staged = platform.stage(
                draft, due=self.entry.due, reply_to=before.receipt if before else None
            )
        except Exception as error:  # noqa: BLE001 (nothing is public yet: any of it may be repeated)
            if not self._settled(error):
                self._again(_said(error))
            return None
        self.entry = self._write(
            lambda connection: moves.stage(
                connection,
                self.entry,
                frozen(draft),
                identity=identity,
                now=self._now,
                until=self._now + self.means.lease,
                who=self.means.worker,
            )
        )
        return staged

    def _arm(self, staged: Staged) -> None:
        """Commit the request before it leaves: from here on, only the platform knows."""
        self.entry = self._write(
            lambda connection: moves.arm(
                connection,
                self.entry,
                staged.request,
                now=self._now,
                until=self._now + self.means.lease + self._in_flight,
                who=self.means.worker,
            )
        )

    def _may_still_go(self, begun: float) -> bool:
        """The last look before the send; a no leaves it as it was, since nothing has left."""
        seen = self._read(lambda connection: moves.entry(connection, self.entry.key))
        if (seen.state, seen.fence) != (State.ARMED, self.entry.fence):
            raise Outrun(self.entry.key)
        self.entry = seen  # its time may have been moved
        before, self.edition = self.edition, self.newest() or self.edition
        if self.means.clock.monotonic() - begun > self.means.lease.total_seconds():
            self._again("too much time passed before it was sent")
        elif reason := self._reason_to_hold():
            self._hold(reason)
        elif self._late:
            self._move(State.MISSED, "its grace had passed while it was prepared")
        elif self._now < self.entry.due or self._edited(before):
            reason = "it was edited while it was prepared"
            self._move(State.PLANNED, reason, look_at=max(self._now, self.entry.due))
        else:
            return True
        return False

    def _edited(self, before: Edition) -> bool:
        old, new = before.coalition.speaker(self.entry.account), self._campaign
        if old is None or new is None:
            return True
        same_post = old.posts[self.entry.post] == new.posts[self.entry.post]
        same_account = old.accounts[self.entry.account] == new.accounts[self.entry.account]
        same_look = _look(old) == _look(new)
        return not (same_post and same_account and same_look)

    def _send(self, platform: Platform, staged: Staged) -> None:
        try:
            receipt = platform.publish(staged, key=self.entry.key)
        except Exception as error:  # noqa: BLE001 (whatever is not proved, it may be public)
            if not self._settled(error):
                self._unconfirmed(_said(error))
            return
        self._published(receipt)

    def _settled(self, error: Exception) -> bool:
        """Whether the ending is definite, and what follows from it has been written down."""
        match error:
            case RateLimited():
                self._again(_said(error), pause=timedelta(seconds=error.retry_after or 0))
            case NotSent():
                self._again(_said(error))
            case ContentRejected():
                self._move(State.REJECTED, _said(error))
            case AccountRefused():
                self._hold_account(_said(error))
            case _:
                return False
        return True

    # ── what is unconfirmed ───────────────────────────────────────────────────────────────────────

    def _look_for(self) -> None:
        finding = self._finding()
        match finding:
            case Found():
                self._published(finding.receipt)
            case Absent() if self._late:
                self._move(State.MISSED, f"not public, and too late by now: {finding.reason}")
            case Absent():
                self._move(
                    State.PLANNED, finding.reason, look_at=max(self._now, self.entry.due), tries=0
                )
            case Unknown() if self._now > self.entry.latest + LOOKED_FOR:
                log.warning(
                    "%s is left to a person: %s",
                    self.entry.key,
                    finding.reason,
                    extra={"action": "unconfirmed", "key": self.entry.key},
                )
                self._postpone(None, finding.reason)
            case Unknown():
                self._postpone(self._now + _pause(self.entry.tries), finding.reason)

    def _finding(self) -> Finding:
        attempt = self._read(lambda connection: moves.last_attempt(connection, self.entry.key))
        platform = self._platform
        if platform is None or attempt is None or attempt.request is None:
            return Unknown(reason="its account is no longer in the calendar")
        staged = Staged(request=attempt.request)
        try:
            identity = self.edition.identity(self.entry.account)
            if identity != attempt.identity:
                return Unknown(reason=f"it was sent as {attempt.identity}, and this is {identity}")
            since = attempt.armed_at or self.entry.due
            return platform.find(staged, key=self.entry.key, since=since)
        except Exception as error:  # noqa: BLE001 (a question that fails answers nothing)
            return Unknown(reason=_said(error))

    # ── steps ─────────────────────────────────────────────────────────────────────────────────────

    def _published(self, receipt: Receipt) -> None:
        self._move(
            State.PUBLISHED,
            receipt_id=receipt.id,
            receipt_url=receipt.url,
            published_at=moves.stamp(self._now),
        )

    def _unconfirmed(self, reason: str) -> None:
        self._move(State.UNCONFIRMED, reason, look_at=self._now + self._in_flight, tries=0)

    def _again(self, reason: str, *, pause: timedelta = timedelta(0)) -> None:
        """Nothing is public: try again later, or be missed when the grace ends first."""
        look_at = max(self._now + max(pause, _pause(self.entry.tries)), self.entry.due)
        self._move(
            State.PLANNED,
            reason,
            look_at=min(look_at, max(self.entry.latest, self._now) + _SOON),
            tries=self.entry.tries + 1,
        )

    def _hold_account(self, reason: str) -> None:
        self._write(
            lambda connection: moves.hold(
                connection,
                self.entry.campaign,
                self.entry.account,
                reason=reason,
                now=self._now,
                who=self.means.worker,
            )
        )
        self._hold(reason)

    def _hold(self, reason: str) -> None:
        self._move(State.HELD, reason, look_at=self._held_look())

    def _held_look(self) -> datetime:
        return min(self._now + HELD_AGAIN, max(self.entry.latest, self._now) + _SOON)

    def _move(
        self, to: State, reason: str = "", *, look_at: datetime | None = None, **columns: Any
    ) -> None:
        self.entry = self._write(
            lambda connection: moves.move(
                connection,
                self.entry,
                to,
                now=self._now,
                who=self.means.worker,
                reason=reason,
                look_at=look_at,
                **columns,
            )
        )
        level = logging.INFO if to in _GOOD else logging.WARNING
        told = {"action": str(to), "key": self.entry.key}
        log.log(level, "%s %s%s", self.entry.key, to, f": {reason}" if reason else "", extra=told)

    def _postpone(self, look_at: datetime | None, reason: str) -> None:
        self._write(
            lambda connection: moves.postpone(connection, self.entry, look_at, reason=reason)
        )

    @property
    def _now(self) -> datetime:
        return self.means.clock.now()

    @property
    def _platform(self) -> Platform | None:
        """None when the account has left the calendar: then only time can move the delivery."""
        return self.edition.platforms.get(self.entry.account)

    @property
    def _in_flight(self) -> timedelta:
        return OVER_THE_NETWORK if self._platform is None else self._platform.in_flight

    @property
    def _late(self) -> bool:
        return self._now > self.entry.latest

    def _read(self, query: Callable[[Any], Answer]) -> Answer:
        return self.means.ledger.read(query)

    def _write(self, change: Callable[[Any], Answer]) -> Answer:
        return self.means.ledger.write(change)


#: Steps that nobody needs to be told of.
_GOOD = (State.PLANNED, State.PUBLISHED, State.HANDED)


def _look(campaign: Campaign) -> tuple[object, ...]:
    """What of a campaign is on every post of it."""
    return campaign.brand, campaign.days, campaign.rules, campaign.phrases


def _pause(tries: int) -> timedelta:
    return PAUSES[min(tries, len(PAUSES) - 1)]


def _said(error: Exception) -> str:
    """What the ending says; anything that is no ending is named, since it is a bug of ours."""
    if isinstance(error, Ending):
        return str(error)
    log.error("unexpected", exc_info=error, extra={"action": "unexpected"})
    return f"unexpected {type(error).__name__}: {error}"
