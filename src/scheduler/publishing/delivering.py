"""One delivery, from due to public: claim → stage → arm → publish → settle."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Self, TypeVar

from scheduler.cards import CardError
from scheduler.drafting import draft_for, frozen
from scheduler.errors import (
    AccountRefused,
    ContentRejected,
    Ending,
    NotSent,
    RateLimited,
    UserError,
)
from scheduler.explaining import stands_on
from scheduler.ledger import (
    Connection,
    Entry,
    Origin,
    Outrun,
    deciding,
    digest,
    moves,
    pacing,
    questions,
)
from scheduler.model import Campaign, Draft, Hold, Key, Receipt, Scope, State
from scheduler.platforms import (
    OVER_THE_NETWORK,
    Absent,
    Finding,
    Found,
    Platform,
    Staged,
    Unknown,
)
from scheduler.publishing.judging import Judge, Known
from scheduler.publishing.means import Edition, Means

log = logging.getLogger(__name__)

#: Waits before the next try, and between looks for what is unconfirmed; the last one repeats.
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (15, 60, 300, 900))
#: So long after its grace an unconfirmed delivery is looked for; then it is left to a person.
LOOKED_FOR = timedelta(days=1)
#: How often to ask whether a hold has ended.
HELD_AGAIN = timedelta(minutes=1)
_SOON = timedelta(microseconds=1)
#: A receipt that cannot be written (a full disk) is tried so often again, after so many seconds.
_RECEIPT_TRIES, _RECEIPT_PAUSE = 12, 5.0

Answer = TypeVar("Answer")


@dataclass(slots=True)
class Step:
    """What one delivery's state asks for by now. Every move is durable when it returns."""

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
                case State.REJECTED:
                    self._look_at_rejected()
        except Outrun:
            log.info("outrun", extra={"action": "outrun", "key": self.entry.key})

    # ── before its time, and after it ─────────────────────────────────────────────────────────────

    def _look_at_hold(self) -> None:
        if self._judge.taken_out(self.entry):
            self._move(State.CANCELLED, "taken out of the calendar")
        elif self._late:
            self._move(State.MISSED, f"held until it was too late: {self.entry.reason}")
        elif reason := self._why_held():
            self._postpone(self._next_look(), reason)
        else:
            self._move(State.PLANNED, look_at=max(self._now, self.entry.due))

    def _why_held(self) -> str | None:
        """Why it is held still, as far as that can be told without moving it."""
        reason = self._judge.why_not(self.known) or self._judge.why_wait(self.known)
        if reason or self._kit or self._platform is None:
            return reason
        try:
            return self._why_not_said(self._platform, self._drafted())
        except CardError as error:
            return _undrawn(error)

    def _look_at_rejected(self) -> None:
        """What a platform would not take goes out once it is mended, while there is time."""
        try:
            said = self._judge.edition.said(self.entry) and digest(frozen(self._drafted()))
        except CardError:
            said = None
        attempt = self._read(lambda connection: questions.last_attempt(connection, self.entry.key))
        if self._late:
            self._postpone(None, self.entry.reason)
        elif said and attempt and attempt.digest not in (said, None):
            self._move(State.PLANNED, "edited since it was rejected", look_at=self._now, tries=0)
        else:
            self._postpone(self._next_look(), self.entry.reason)

    # ── the way to the public ─────────────────────────────────────────────────────────────────────

    def _publish(self) -> None:
        if self._late:
            why = f" ({self.entry.reason})" if self.entry.reason else ""
            self._move(State.MISSED, f"its time and its grace had passed{why}")
        elif reason := self._judge.why_not(self.known) or self._judge.why_wait(self.known):
            self._hold(reason)
        elif self._kit:
            self._move(State.HANDED, "for a person to post, from the kit")
        elif wait := self.known.wait(self._now):
            self._wait(*wait)
        elif self._platform is not None:
            self._publish_on(self._platform)

    def _publish_on(self, platform: Platform) -> None:
        try:
            draft = self._drafted()
        except CardError as error:
            self._hold(_undrawn(error))
        except Exception as error:  # noqa: BLE001 (nothing has left: it may be tried again)
            self._postpone(self._now + _pause(self.entry.tries), f"not drawn: {_said(error)}")
        else:
            if reason := self._why_not_said(platform, draft):
                self._hold(reason)
            else:
                self._claim()
                self._claimed(platform, draft)

    def _wait(self, until: datetime, reason: str) -> None:
        """Its account must wait: nothing is asked before the platform will answer."""
        self._postpone(min(until, self._end_of_grace), reason, tries=0)

    def _why_not_said(self, platform: Platform, draft: Draft) -> str | None:
        """What keeps back exactly this draft."""
        return self._judge.unapproved(self.entry, draft) or self._judge.too_dear(
            self.entry, platform, draft
        )

    def _claim(self) -> None:
        self.entry = self._write(
            lambda connection: moves.claim(
                connection,
                self.entry,
                now=self._now,
                until=self._now + self.means.lease,
                worker=self.means.worker,
            )
        )

    def _drafted(self) -> Draft:
        """Raises a `CardError` when a card cannot be drawn."""
        said = self.edition.said(self.entry)
        if said is None:
            raise AssertionError("it would have been held")
        return draft_for(
            said.campaign, said.post, self.entry.account, self.means.shelf, part=self.entry.part
        )

    def _claimed(self, platform: Platform, draft: Draft) -> None:
        try:
            identity = self.edition.identity(self.entry.account)
            if reason := self._not_as(identity, draft):
                self._hold(reason)
                return
            staged = platform.stage(draft, due=self.entry.due, reply_to=self._reply_to)
        except Exception as error:  # noqa: BLE001 (nothing is public yet: any of it may be repeated)
            if not self._settled(error):
                self._again(_said(error))
            return
        begun = self.means.clock.monotonic()
        self._arm(staged, draft, identity, platform.cost(draft))
        with self.means.deadman.sending() if self.means.deadman else nullcontext():
            if self._may_still_go(begun, draft):
                self._send(platform, staged)

    @property
    def _reply_to(self) -> Receipt | None:
        return self.known.before.receipt if self.known.before else None

    def _not_as(self, identity: str, draft: Draft) -> str | None:
        """Why not as whom the token says that it is, or None."""
        bound = self.known.binding
        if bound is not None and bound.identity != identity:
            return f"its account is live as {bound.identity}, and its token is of {identity}"
        twin = self._read(
            lambda connection: questions.said_before(
                connection, self.entry, frozen(draft), identity
            )
        )
        return None if twin is None else f"it went out already, as {twin}: take one of the two out"

    def _arm(self, staged: Staged, draft: Draft, identity: str, cost: int) -> None:
        """Commit the request before it leaves: from here on, only the platform knows."""
        said = self.edition.said(self.entry)
        self.entry = self._write(
            lambda connection: moves.arm(
                connection,
                self.entry,
                draft=frozen(draft),
                request=staged.request,
                identity=identity,
                cost=cost,
                uses=stands_on(said.post) if said else (),
                now=self._now,
                until=self._now + self.means.lease + self._in_flight,
                who=self.means.worker,
            )
        )

    def _may_still_go(self, begun: float, draft: Draft) -> bool:
        """The last look before the send; a no leaves it as it was, since nothing has left."""
        before, self.edition = self.edition, self.newest() or self.edition
        seen = self._seen()
        if (seen.entry.state, seen.entry.fence) != (State.ARMED, self.entry.fence):
            raise Outrun(self.entry.key)
        self.known = seen  # its time may have been moved
        reason = (
            self._judge.why_not(seen)
            or self._judge.why_wait(seen)
            or self._judge.unapproved(self.entry, draft)
        )
        if self.means.clock.monotonic() - begun > self.means.lease.total_seconds():
            self._again("too much time passed before it was sent")
        elif reason:
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
        if before is self.edition:
            return False
        old, new = before.said(self.entry), self.edition.said(self.entry)
        if old is None or new is None:
            return True
        same_look = _look(old.campaign) == _look(new.campaign)
        return not ((old.post, old.account) == (new.post, new.account) and same_look)

    def _send(self, platform: Platform, staged: Staged) -> None:
        try:
            receipt = platform.publish(staged, key=self.entry.key)
        except Exception as error:  # noqa: BLE001 (whatever is not proved, it may be public)
            if not self._settled(error):
                self._unconfirmed(_said(error))
            return
        self._received(receipt)

    def _received(self, receipt: Receipt) -> None:
        """Write the receipt down, whatever the disk is like meanwhile: it is the only proof."""
        for _ in range(_RECEIPT_TRIES):
            try:
                self._published(receipt)
            except UserError as error:
                log.warning("not written yet: %s", error, extra={"action": "receipt"})
                self.means.clock.wait(_RECEIPT_PAUSE)
            except Outrun:
                # It took so long that others look for it already: we know where it is.
                self.known = self._seen()
                if self.entry.state is not State.UNCONFIRMED:
                    raise
                self._published(receipt)
                return
            else:
                return
        self._published(receipt)

    def _settled(self, error: Exception) -> bool:
        """Whether the ending is definite, and what follows from it has been written down."""
        match error:
            case RateLimited():
                self._slow_down(error)
            case NotSent():
                self._again(_said(error))
            case ContentRejected():
                kept = "; the parts before it stand" if self.entry.part > 1 else ""
                self._move(State.REJECTED, f"{_said(error)}{kept}", look_at=self._next_look())
            case AccountRefused():
                self._hold_account(_said(error))
            case _:
                return False
        return True

    def _slow_down(self, limited: RateLimited) -> None:
        """The whole account waits, not only what happened to ask."""
        pause = timedelta(seconds=limited.retry_after or 0)
        until = self._now + max(pause, _pause(self.entry.tries))
        self._write(
            lambda connection: pacing.wait(
                connection, self.entry.campaign, self.entry.account, until, reason=str(limited)
            )
        )
        self._again(_said(limited), pause=pause)

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
        attempt = self._read(lambda connection: questions.last_attempt(connection, self.entry.key))
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
        now, who, allowance = self._now, self.means.worker, receipt.allowance

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

        self.entry = self._write(change)
        self._log(State.PUBLISHED)

    def _unconfirmed(self, reason: str) -> None:
        self._move(State.UNCONFIRMED, reason, look_at=self._now + self._in_flight, tries=0)

    def _again(self, reason: str, *, pause: timedelta = timedelta(0)) -> None:
        """Nothing is public: try again later, or be missed when the grace ends first."""
        look_at = max(self._now + max(pause, _pause(self.entry.tries)), self.entry.due)
        self._move(
            State.PLANNED,
            reason,
            look_at=min(look_at, self._end_of_grace),
            tries=self.entry.tries + 1,
        )

    def _hold_account(self, reason: str) -> None:
        refused = Hold(scope=Scope.ACCOUNT, value=self.entry.account, reason=reason)
        self._write(
            lambda connection: deciding.hold(
                connection,
                self.entry.campaign,
                refused,
                now=self._now,
                who=self.means.worker,
                origin=Origin.PROGRAM,
            )
        )
        self._hold(reason)

    def _hold(self, reason: str) -> None:
        self._move(State.HELD, reason, look_at=self._next_look())

    def _next_look(self) -> datetime:
        return min(self._now + HELD_AGAIN, self._end_of_grace)

    @property
    def _end_of_grace(self) -> datetime:
        """When it is first seen to be too late."""
        return max(self.entry.latest, self._now) + _SOON

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
        self._log(to, reason)

    def _log(self, to: State, reason: str = "") -> None:
        level = logging.INFO if to in _GOOD else logging.WARNING
        told = {"action": str(to), "key": self.entry.key}
        log.log(level, "%s %s%s", self.entry.key, to, f": {reason}" if reason else "", extra=told)

    def _postpone(self, look_at: datetime | None, reason: str, *, tries: int = 1) -> None:
        self._write(
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
    def _judge(self) -> Judge:
        return Judge(means=self.means, edition=self.edition)

    @property
    def _kit(self) -> bool:
        account = self.edition.account(self.entry)
        return account is not None and account.kit

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

    def _seen(self) -> Known:
        """What the ledger knows by now."""
        key, now = self.entry.key, self._now
        return self._read(lambda connection: Known.of(connection, self.edition, key, now))

    def _read(self, query: Callable[[Any], Answer]) -> Answer:
        return self.means.ledger.read(query)

    def _write(self, change: Callable[[Any], Answer]) -> Answer:
        return self.means.ledger.write(change)


#: Steps that nobody needs to be told of.
_GOOD = (State.PLANNED, State.PUBLISHED, State.HANDED)


def _look(campaign: Campaign) -> tuple[object, ...]:
    """What of a campaign is on every post of it."""
    return campaign.brand, campaign.days, campaign.rules, campaign.phrases


def _undrawn(error: CardError) -> str:
    return f"its card cannot be drawn: {error}"


def _pause(tries: int) -> timedelta:
    return PAUSES[min(tries, len(PAUSES) - 1)]


def _said(error: Exception) -> str:
    """What the ending says; anything that is no ending is named, since it is a bug of ours."""
    if isinstance(error, Ending):
        return str(error)
    log.error("unexpected", exc_info=error, extra={"action": "unexpected"})
    return f"unexpected {type(error).__name__}: {error}"
