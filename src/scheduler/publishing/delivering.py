"""One delivery, from due to public: claim → stage → arm → publish → settle."""

from __future__ import annotations

import logging
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import takewhile

from scheduler.cards import CardError
from scheduler.drafting import draft_for, frozen
from scheduler.errors import AccountRefused, ContentRejected, NotSent, RateLimited
from scheduler.explaining import stands_on
from scheduler.ledger import Connection, Entry, Outrun, SaidAlready, digest, moves, questions
from scheduler.model import Campaign, Draft, Key, Receipt, State
from scheduler.platforms import Platform, Staged
from scheduler.publishing.doubting import look_for
from scheduler.publishing.in_hand import InHand, pause_after, words_of
from scheduler.publishing.means import Edition, Said

log = logging.getLogger(__name__)

#: So many workers in a row may be lost over a delivery; then a person must look.
LOST = 5
_LOST = "its worker was lost before anything was sent"


@dataclass(slots=True)
class Step:
    """What one delivery's state asks for by now."""

    hand: InHand

    def take(self) -> None:
        hand = self.hand
        if hand.entry.look_at is None or hand.entry.look_at > hand.now:
            return  # since the look, somebody else has moved it
        try:
            match hand.entry.state:
                case State.PLANNED:
                    self._publish()
                case State.HELD:
                    self._look_at_hold()
                case State.CLAIMED | State.STAGED:
                    self._look_at_lost()
                case State.ARMED:
                    hand.unconfirmed("its worker was lost while sending")
                case State.UNCONFIRMED:
                    look_for(hand)
                case State.REJECTED:
                    self._look_at_rejected()
        except Outrun:
            log.info("outrun", extra={"action": "outrun", "key": hand.entry.key})

    def _look_at_lost(self) -> None:
        """Nothing was sent. What ends one worker after the other must not end all of them."""
        hand = self.hand
        before = hand.read(lambda connection: questions.endings(connection, hand.entry.key, LOST))
        in_a_row = 1 + len(list(takewhile(f"{State.PLANNED}: {_LOST}".__eq__, before)))
        if in_a_row < LOST:
            hand.again(_LOST)
        else:
            reason = f"{in_a_row} workers in a row were lost over it, before anything was sent"
            hand.move(State.HELD, reason, look_at=hand.end_of_grace)

    # ── before its time, and after it ─────────────────────────────────────────────────────────────

    def _look_at_hold(self) -> None:
        hand = self.hand
        if hand.judge.taken_out(hand.entry):
            hand.move(State.CANCELLED, "taken out of the calendar")
        elif hand.late:
            hand.move(State.MISSED, f"held until it was too late: {hand.entry.reason}")
        elif reason := self._why_held():
            hand.postpone(hand.next_look(), reason)
        else:
            hand.move(State.PLANNED, look_at=max(hand.now, hand.entry.due))

    def _why_held(self) -> str | None:
        """Why it is held still, as far as that can be told without moving it."""
        reason = self.hand.why_not()
        if reason or self.hand.kit or self.hand.platform is None:
            return reason
        try:
            return self._why_not_said(self.hand.platform, self._drafted())
        except CardError as error:
            return _undrawn(error)

    def _look_at_rejected(self) -> None:
        """What a platform would not take goes out once it is mended, while there is time."""
        hand, attempt = self.hand, self.hand.last_attempt()
        if hand.late:
            hand.postpone(None, hand.entry.reason)
        elif attempt and attempt.digest not in {None, self._digest_now()}:
            hand.move(State.PLANNED, "edited since it was rejected", look_at=hand.now, tries=0)
        else:
            hand.postpone(hand.next_look(), hand.entry.reason)

    def _digest_now(self) -> str | None:
        """Of what the calendar says by now, or None where it says nothing that can be drawn."""
        try:
            return digest(frozen(self._drafted())) if self._said else None
        except CardError:
            return None

    # ── the way to the public ─────────────────────────────────────────────────────────────────────

    def _publish(self) -> None:
        hand = self.hand
        if hand.late:
            why = f" ({hand.entry.reason})" if hand.entry.reason else ""
            hand.move(State.MISSED, f"its time and its grace had passed{why}")
        elif reason := hand.why_not():
            hand.hold(reason)
        elif hand.kit:
            hand.move(State.HANDED, "for a person to post, from the kit")
        elif wait := hand.known.wait(hand.now):
            until, reason = wait  # nothing is asked before the platform will answer
            hand.postpone(min(until, hand.end_of_grace), reason, tries=0)
        elif hand.platform is not None:
            self._publish_on(hand.platform)

    def _publish_on(self, platform: Platform) -> None:
        hand = self.hand
        try:
            draft = self._drafted()
        except CardError as error:
            hand.hold(_undrawn(error))
            return
        except Exception as error:  # noqa: BLE001 (nothing has left: it may be tried again)
            later = hand.now + pause_after(hand.entry.tries)
            hand.postpone(later, f"its card cannot be drawn: {words_of(error)}")
            return
        if reason := self._why_not_said(platform, draft):
            hand.hold(reason)
        else:
            self._claim(platform, draft)
            self._claimed(platform, draft)

    def _why_not_said(self, platform: Platform, draft: Draft) -> str | None:
        """What keeps back exactly this draft."""
        judge, entry = self.hand.judge, self.hand.entry
        return judge.unapproved(entry, draft) or judge.too_dear(entry, platform, draft)

    @property
    def _said(self) -> Said | None:
        return self.hand.edition.said(self.hand.entry)

    def _drafted(self) -> Draft:
        """Raises a `CardError` when a card cannot be drawn."""
        said, entry = self._said, self.hand.entry
        if said is None:
            raise AssertionError("it would have been held")
        shelf = self.hand.means.shelf
        return draft_for(said.campaign, said.post, entry.account, shelf, part=entry.part)

    def _claim(self, platform: Platform, draft: Draft) -> None:
        hand = self.hand

        def change(connection: Connection) -> Entry:
            claimed = moves.claim(
                connection,
                hand.entry,
                now=hand.now,
                until=hand.now + hand.means.lease,
                worker=hand.means.worker,
            )
            if hand.judge.overtaken(connection, claimed, platform, draft):
                raise Outrun(claimed.key)
            return claimed

        hand.entry = hand.write(change)

    def _claimed(self, platform: Platform, draft: Draft) -> None:
        hand = self.hand
        try:
            if account := hand.edition.account(hand.entry):
                hand.means.renew(account)
            identity = hand.edition.identity(hand.entry.account)
            if reason := self._not_as(identity, draft):
                hand.hold(reason)
                return
            staged = platform.stage(draft, due=hand.entry.due, reply_to=self._reply_to)
        except Exception as error:  # noqa: BLE001 (nothing is public yet: any of it may be repeated)
            if not self._settled(error):
                hand.again(words_of(error))
            return
        begun = hand.means.clock.monotonic()
        try:
            self._arm(staged, draft, identity, platform.cost(draft))
        except SaidAlready as twin:
            hand.hold(_twin(twin.key))
            return
        with hand.means.deadman.sending() if hand.means.deadman else nullcontext():
            if self._may_still_go(begun, draft):
                self._send(platform, staged)

    @property
    def _reply_to(self) -> Receipt | None:
        before = self.hand.known.before
        return before.receipt if before else None

    def _not_as(self, identity: str, draft: Draft) -> str | None:
        """Why not as whom the token says that it is, or None."""
        hand = self.hand
        bound = hand.known.binding
        if bound is not None and bound.identity != identity:
            return f"its account is live as {bound.identity}, and its token is of {identity}"
        twin = hand.read(
            lambda connection: questions.said_before(
                connection, hand.entry, frozen(draft), identity
            )
        )
        return None if twin is None else _twin(twin)

    def _arm(self, staged: Staged, draft: Draft, identity: str, cost: int) -> None:
        """Commit the request before it leaves: from here on, only the platform knows."""
        hand, said = self.hand, self._said
        hand.entry = hand.write(
            lambda connection: moves.arm(
                connection,
                hand.entry,
                draft=frozen(draft),
                request=staged.request,
                identity=identity,
                cost=cost,
                uses=stands_on(said.post) if said else (),
                now=hand.now,
                until=hand.now + hand.means.lease + hand.in_flight,
                who=hand.means.worker,
            )
        )

    def _may_still_go(self, begun: float, draft: Draft) -> bool:
        """The last look before the send; a no leaves it as it was, since nothing has left."""
        hand = self.hand
        before, hand.edition = hand.edition, hand.newest() or hand.edition
        seen = hand.seen()
        if (seen.entry.state, seen.entry.fence) != (State.ARMED, hand.entry.fence):
            raise Outrun(hand.entry.key)
        hand.known = seen  # its time may have been moved
        if hand.means.clock.monotonic() - begun > hand.means.lease.total_seconds():
            hand.again("too much time passed before it was sent")
        elif reason := hand.why_not() or hand.judge.unapproved(hand.entry, draft):
            hand.hold(reason)
        elif hand.late:
            hand.move(State.MISSED, "its grace had passed while it was prepared")
        elif hand.now < hand.entry.due or self._edited(before):
            reason = "it was edited while it was prepared"
            hand.move(State.PLANNED, reason, look_at=max(hand.now, hand.entry.due))
        else:
            return True
        return False

    def _edited(self, before: Edition) -> bool:
        if before is self.hand.edition:
            return False
        old, new = before.said(self.hand.entry), self._said
        if old is None or new is None:
            return True
        same_look = _look(old.campaign) == _look(new.campaign)
        return not ((old.post, old.account) == (new.post, new.account) and same_look)

    def _send(self, platform: Platform, staged: Staged) -> None:
        try:
            receipt = platform.publish(staged, key=self.hand.entry.key)
        except Exception as error:  # noqa: BLE001 (whatever is not proved, it may be public)
            if not self._settled(error):
                self.hand.unconfirmed(words_of(error))
            return
        self.hand.received(receipt)

    def _settled(self, error: Exception) -> bool:
        """Whether the ending is definite, and what follows from it has been written down."""
        hand = self.hand
        match error:
            case RateLimited():
                hand.slow_down(error)
            case NotSent():
                hand.again(words_of(error))
            case ContentRejected():
                kept = "; the parts before it stand" if hand.entry.part > 1 else ""
                hand.move(State.REJECTED, f"{error}{kept}", look_at=hand.next_look())
            case AccountRefused():
                hand.hold_account(words_of(error))
            case _:
                return False
        return True


def _look(campaign: Campaign) -> tuple[object, ...]:
    """What of a campaign is on every post of it."""
    return campaign.brand, campaign.days, campaign.rules, campaign.phrases


def _twin(key: Key) -> str:
    return f"it went out already, as {key}: take one of the two out"


def _undrawn(error: CardError) -> str:
    return f"its card cannot be drawn: {error}"
