"""Whether a delivery may go out now: everything that can keep it back, in one place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Self

from scheduler.drafting import frozen
from scheduler.ledger import Binding, Connection, Entry, deciding, digest, pacing, questions
from scheduler.ledger.circumstances import circumstances
from scheduler.model import Draft, Key, State
from scheduler.planning import key as key_of
from scheduler.planning import reach
from scheduler.platforms import Cap, Platform
from scheduler.publishing.means import Edition, Means

#: Until when, and why.
Wait = tuple[datetime, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the ledger knew about a delivery when it was asked."""

    entry: Entry
    #: The part of its thread that it answers; None for a first part.
    before: Entry | None
    #: Why nothing of a target that it belongs to may go out, or None.
    hold: str | None
    #: As whom its account is live on this ledger, or None where it is not.
    binding: Binding | None
    #: Until when its account must wait, because its platform said so, or soon would.
    waits: tuple[Wait, ...]

    @classmethod
    def of(cls, connection: Connection, edition: Edition, key: Key, now: datetime) -> Self:
        """A question for `Ledger.read`; whatever is decided by it is asked again at the move."""
        found = circumstances(connection, key)
        entry, platform = found.entry, edition.platforms.get(found.entry.account)
        said = edition.said(entry)
        targets = reach(said.campaign, said.post, entry.account) if said else frozenset()
        return cls(
            entry=entry,
            before=_before(connection, entry),
            hold=deciding.hold_reason(found.holds, targets),
            binding=found.binding,
            waits=tuple(_waits(connection, entry, found.wait, platform, now)),
        )

    def wait(self, now: datetime) -> Wait | None:
        """The longest of what is to be waited for still."""
        return max((wait for wait in self.waits if wait[0] > now), default=None)


def _before(connection: Connection, entry: Entry) -> Entry | None:
    if entry.part == 1:
        return None
    before = key_of(entry.campaign, entry.post, entry.account, entry.part - 1)
    return questions.known(connection, before)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """Says why not, in words for a person; None means that it may."""

    means: Means
    edition: Edition

    def taken_out(self, entry: Entry) -> bool:
        """Whether the calendar is known to say it no more."""
        campaign = self.edition.coalition.speaker(entry.account)
        if campaign is None:
            return self.edition.coalition.complete
        return entry.post not in campaign.posts

    def why_not(self, known: Known) -> str | None:
        """What keeps it back, whatever it says."""
        entry = known.entry
        said = self.edition.said(entry)
        if said is None:
            return self._not_said(entry)
        embargo = said.post.embargo
        if embargo is not None and self._now < embargo:
            return f"under embargo until {embargo:%Y-%m-%d %H:%M} UTC"
        return (
            self.edition.coalition.silenced
            or self.edition.held.get((said.post.id, entry.account))
            or self.means.gate(said.account, said.post, known.binding)
            or known.hold
        )

    def why_wait(self, known: Known) -> str | None:
        """A thread is published in its order, and never with a hole in it."""
        before = known.before
        if before is None or before.state is State.PUBLISHED:
            return None
        return f"part {before.part} of its thread is {before.state}"

    def unapproved(self, entry: Entry, draft: Draft) -> str | None:
        """Whether exactly these words and pictures still wait for somebody's yes."""
        needed = self.means.approvals(self.edition.coalition.own)
        if not needed:
            return None
        said_yes, earlier = self.means.ledger.read(
            lambda connection: (
                deciding.approvers(connection, entry.key, digest(frozen(draft))),
                deciding.approved_digests(connection, entry.key),
            )
        )
        if len(said_yes) >= needed:
            return None
        if said_yes:
            return f"approved by {len(said_yes)} of {needed}: {', '.join(said_yes)}"
        return "not approved since it was edited" if earlier else "not approved"

    def overtaken(
        self, connection: Connection, entry: Entry, platform: Platform, draft: Draft
    ) -> bool:
        """Whether another process has used up the account's room since this one looked.

        Asked in the transaction that claims: from then on nobody else sends on the account.
        """
        now = self._now
        told = pacing.waited_for(connection, entry.campaign, entry.account)
        waits = any(wait[0] > now for wait in _waits(connection, entry, told, platform, now))
        return waits or self._over_budget(connection, entry, platform.cost(draft)) is not None

    def too_dear(self, entry: Entry, platform: Platform, draft: Draft) -> str | None:
        """Whether the account's budget has no room for what it costs."""
        cost = platform.cost(draft)
        if self._budget(entry, cost) is None:
            return None
        return self.means.ledger.read(lambda connection: self._over_budget(connection, entry, cost))

    def _over_budget(self, connection: Connection, entry: Entry, cost: int) -> str | None:
        budget = self._budget(entry, cost)
        if budget is None:
            return None
        spent = pacing.spent(connection, entry.campaign, entry.account)
        if spent + cost <= budget:
            return None
        return (
            f"it costs {dollars(cost)}, and {dollars(spent)} of the account's budget of "
            f"{dollars(budget)} are spent"
        )

    def _budget(self, entry: Entry, cost: int) -> int | None:
        """What there is to keep to, in thousandths of a US dollar, as costs are."""
        account = self.edition.account(entry)
        written = account.options.get("budget") if account else None
        return None if written is None or not cost else int(Decimal(written) * 1000)

    def _not_said(self, entry: Entry) -> str:
        if self.edition.coalition.speaker(entry.account) is None:
            if not self.edition.coalition.complete:
                return "what its organisation says cannot be read: its file has an error"
        elif self.edition.account(entry) is not None:
            return "its post is no longer in the calendar"
        return "its account is no longer in the calendar"

    @property
    def _now(self) -> datetime:
        return self.means.clock.now()


def _waits(
    connection: Connection,
    entry: Entry,
    told: Wait | None,
    platform: Platform | None,
    now: datetime,
) -> Iterator[Wait]:
    """What its platform has said, and what its caps say."""
    if told is not None:
        yield told
    for cap in platform.caps if platform else ():
        if full := _cap_ends(connection, entry.account, cap, now):
            yield full


def _cap_ends(connection: Connection, account: str, cap: Cap, now: datetime) -> Wait | None:
    until = pacing.full_until(connection, account, posts=cap.posts, window=cap.window, now=now)
    return (
        None if until is None else (until, f"{cap} have gone out, and the platform takes no more")
    )


def dollars(thousandths: int) -> str:
    """0.015 US dollars."""
    return f"{thousandths / 1000:.3f}".rstrip("0").rstrip(".") + " US dollars"
