"""One round of telling: what needs a person now, and who is told of it. Slow, and never in a hurry.

What is told is decided from the ledger alone, and written down after it was told: whoever dies in
between tells once more, and nobody is told never.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from scheduler.alerting.facts import CalendarFacts, LedgerFacts, Room, ledger_facts
from scheduler.alerting.matters import Matter, matters
from scheduler.alerting.sending import Unreached, address_of, ping, send
from scheduler.alerting.telling import DIGEST, Digest, Told, digest, telling
from scheduler.alerting.wording import Message, Voice
from scheduler.errors import UserError
from scheduler.ledger import Ledger, Reached, Telling, alerting
from scheduler.ledger.alerting import PING
from scheduler.model import Alerts, Recipient

log = logging.getLogger(__name__)

#: The ping is asked at most so often.
PING_EVERY = timedelta(minutes=5)
#: So long another process lets whoever tries alone.
ALONE = timedelta(minutes=3)
#: How long to wait after each try that failed; the last one again and again.
PATIENCE = tuple(timedelta(minutes=each) for each in (1, 2, 5, 15, 30, 60))
#: Recipients who are told at the same time.
_AT_ONCE = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """What a round needs from outside: where secrets are, and how the disk is."""

    ledger: Ledger
    environment: Mapping[str, str]
    #: The calendar's folder.
    root: Path
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    #: How much room there is where the ledger and the cards lie; None where nobody can tell.
    room: Callable[[], Room | None] = lambda: None

    def facts(self, campaign: str) -> LedgerFacts:
        return ledger_facts(self.ledger, campaign, room=self.room())


@dataclass(slots=True)
class Rounds:
    """The rounds of one process. Not for several threads at once."""

    outside: Outside
    #: Told, and not written down since the disk is full: it is not told again by this process.
    _unwritten: set[tuple[str, Told]] = field(default_factory=set)
    _pinged: datetime | None = None

    def round(self, calendar: CalendarFacts, *, good: bool = True) -> None:
        """Tell everybody what they have to know now. `good` says that the last look went well."""
        alerts = calendar.alerts
        if alerts is None:
            return
        now = self.outside.now()
        facts = self.outside.facts(calendar.campaign)
        found = matters(facts, calendar, now)
        self._end(calendar.campaign, found, now)
        tellings = self._tellings(calendar.campaign)
        known = {each.name: each for each in self._everybody(calendar.campaign)}
        due = [each for each in alerts.recipients if _may_be_tried(known.get(each.name), now)]

        def tell(recipient: Recipient) -> None:
            told = self._told(recipient, tellings)
            tomorrow = digest(facts.entries, calendar, found, told, now)
            self._tell(calendar, recipient, telling(found, told, alerts, now), tomorrow, now)

        with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="tell") as pool:
            list(pool.map(tell, due))
        if good:
            self._ping(calendar.campaign, alerts, now)

    def test(self, calendar: CalendarFacts) -> Iterator[tuple[str, str]]:
        """Send everybody a test; gives whoever was not reached, and why."""
        alerts = calendar.alerts
        voice = alerts and Voice(calendar=calendar, alerts=alerts, now=self.outside.now())
        for recipient in alerts.recipients if alerts else ():
            try:
                if voice:
                    self._send(recipient, voice.test(recipient))
            except Unreached as unreached:
                yield recipient.name, str(unreached)

    # ── one recipient ─────────────────────────────────────────────────────────────────────────────

    def _told(self, recipient: Recipient, tellings: Iterable[Telling]) -> frozenset[Told]:
        written = {
            (each.matter, each.step) for each in tellings if each.recipient == recipient.name
        }
        return frozenset(
            written | {told for name, told in self._unwritten if name == recipient.name}
        )

    def _tell(
        self,
        calendar: CalendarFacts,
        recipient: Recipient,
        fresh: tuple[Matter, ...],
        tomorrow: Digest | None,
        now: datetime,
    ) -> None:
        if calendar.alerts is None or not (fresh or tomorrow):
            return
        if not self._claimed(calendar.campaign, recipient.name, now):
            return
        voice = Voice(calendar=calendar, alerts=calendar.alerts, now=now)
        try:
            if fresh:
                self._send(recipient, voice.message(fresh))
                told = [(matter.id, matter.step) for matter in fresh]
                self._tell_ledger(calendar.campaign, recipient, told)
            if tomorrow:
                self._send(recipient, voice.digest(tomorrow))
                self._tell_ledger(calendar.campaign, recipient, [tomorrow.told])
        except Unreached as unreached:
            self._failed(calendar.campaign, recipient.name, str(unreached))

    def _send(self, recipient: Recipient, message: Message) -> None:
        outside = self.outside
        send(address_of(recipient, environment=outside.environment, root=outside.root), message)

    # ── the ledger ────────────────────────────────────────────────────────────────────────────────

    def _end(self, campaign: str, found: Iterable[Matter], now: datetime) -> None:
        still = {matter.id for matter in found}
        opened = {each.matter for each in self._tellings(campaign)}
        # A digest was told for its day, and is never over.
        gone = {each for each in opened - still if not each.startswith(f"{DIGEST}:")}
        if gone:
            kept = opened - gone
            self._written(
                lambda: self.outside.ledger.write(
                    lambda connection: alerting.end(connection, campaign, kept, now=now)
                )
            )

    def _tellings(self, campaign: str) -> tuple[Telling, ...]:
        return self.outside.ledger.read(lambda c: alerting.tellings_of(c, campaign))

    def _everybody(self, campaign: str) -> tuple[Reached, ...]:
        return self.outside.ledger.read(lambda c: alerting.everybody_reached(c, campaign))

    def _claimed(self, campaign: str, name: str, now: datetime) -> bool:
        """Whether this process is to try. On a full disk nobody can say, so everybody may."""
        claimed = self._written(
            lambda: self.outside.ledger.write(
                lambda c: alerting.claim(c, campaign, name, now=now, until=now + ALONE)
            )
        )
        return claimed is not False

    def _tell_ledger(self, campaign: str, recipient: Recipient, told: Collection[Told]) -> None:
        now = self.outside.now()
        log.info("%s was told", recipient.name, extra={"action": "told"})
        # A message that was told and not written down must not come again with every look.
        self._unwritten |= {(recipient.name, each) for each in told}

        def change() -> bool:
            self.outside.ledger.write(
                lambda c: alerting.tell(c, campaign, recipient.name, told, now=now)
            )
            return True

        if self._written(change):
            self._unwritten -= {(recipient.name, each) for each in told}

    def _failed(self, campaign: str, name: str, reason: str) -> None:
        now = self.outside.now()
        log.warning("%s was not reached: %s", name, reason, extra={"action": "unreached"})

        def change() -> bool:
            before = self.outside.ledger.read(lambda c: alerting.reached_of(c, campaign, name))
            again = now + PATIENCE[min(before.tries if before else 0, len(PATIENCE) - 1)]
            self.outside.ledger.write(
                lambda c: alerting.failed(c, campaign, name, reason, now=now, again=again)
            )
            return True

        self._written(change)

    def _written(self, change: Callable[[], object]) -> object:
        """What the change gives, or None where the ledger cannot be written to now."""
        try:
            return change()
        except UserError as error:
            log.warning("not written down: %s", error, extra={"action": "alerts"})
            return None

    # ── all is well ───────────────────────────────────────────────────────────────────────────────

    def _ping(self, campaign: str, alerts: Alerts, now: datetime) -> None:
        """Not while nobody can be told: then whoever misses the ping tells people that."""
        if alerts.ping is None or (self._pinged and now < self._pinged + PING_EVERY):
            return
        known = {each.name: each for each in self._everybody(campaign)}
        failing = [known.get(each.name) for each in alerts.recipients]
        if all(each is not None and each.failing_since for each in failing):
            return
        if not self._claimed(campaign, PING, now):
            return
        try:
            ping(
                address_of(
                    alerts.ping, environment=self.outside.environment, root=self.outside.root
                )
            )
        except Unreached as unreached:
            self._failed(campaign, PING, str(unreached))
            return
        self._pinged = now

        def change() -> object:
            self.outside.ledger.write(lambda c: alerting.reached(c, campaign, PING, now=now))
            return True

        self._written(change)


def _may_be_tried(known: Reached | None, now: datetime) -> bool:
    return known is None or known.not_before <= now
