"""A campaign whose calendar names whom to tell, its ledger, and whoever is told."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

from receiving import Hook, PostOffice

from clocks import Clock
from scheduler.alerting import Outside, Rounds, matters
from scheduler.calendar import read_calendar
from scheduler.checking import check
from scheduler.cli.alerts import facts_of
from scheduler.drafting import frozen
from scheduler.ledger import Ledger, Origin, deciding, granting, moves, questions, signing, syncing
from scheduler.ledger.alerting import everybody_reached, tellings_of
from scheduler.model import Hold, Receipt, Scope, State
from scheduler.planning import plan

ALERTS = """\
alerts:
  to:
    team: {env: MAIL}
    on-call: {env: HOOK}
"""
#: Two accounts, one of them public, below whoever is told.
ACCOUNTS = """\
accounts:
  network: {platform: mastodon, server: https://mastodon.example, token: {env: T}}
"""
#: The hour of the first post, nine in Berlin, and of the second a day later.
FIRST = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
SECOND = FIRST + timedelta(days=1)
HOUR = timedelta(hours=1)


def with_alerts(text=ALERTS):
    return ("accounts:\n", f"{text}{ACCOUNTS}")


@dataclasses.dataclass
class Scene:
    """`look` is one round at an instant; what was told stands at `office` and `hook`."""

    calendar: object
    ledger: Ledger
    shelf: object
    office: PostOffice
    hook: Hook
    clock: Clock = dataclasses.field(default_factory=lambda: Clock(FIRST - 5 * 24 * HOUR))
    room: object = None
    environment: dict = dataclasses.field(default_factory=dict)
    facts: object = None

    def __post_init__(self):
        self.environment |= {
            "MAIL": self.office.address,
            "HOOK": self.hook.address,
            "PING": f"http://{self.hook.host}/hunter2-ping",
        }
        self.rounds = self.another()

    def another(self):
        """The rounds of another process."""
        return Rounds(
            Outside(
                ledger=self.ledger,
                environment=self.environment,
                root=self.calendar().parent,
                now=self.clock.now,
                room=lambda: self.room,
            )
        )

    def sign_in(self, said):
        self.ledger.write(lambda connection: signing.remember_signed_in(connection, said))

    def sign_out(self, account):
        """Its platform renews what was kept for it no more."""

        def said(connection):
            revision = granting.keep(connection, account, "sealed", key="key")
            granting.say_trouble(connection, account, revision, "it was revoked")

        self.ledger.write(said)

    def write(self, *changes, text=ALERTS, coalition=None, **files):
        """The calendar, as the daemon takes it up."""
        write = coalition or self.calendar
        file = write(with_alerts(text), *changes, **files)
        checked = check(file, shelf=self.shelf, on=self.clock.instant.date())
        if checked.taken_up is None:
            self.facts = self.facts.with_mistakes(checked.problems)
            return checked
        self.facts = facts_of(checked, checked.taken_up, before=self.facts)
        self.campaign = read_calendar(file).coalition.own
        coalition = checked.taken_up
        self.change(
            lambda c: syncing.sync(
                c,
                coalition.own.id,
                coalition.own.first_day,
                plan(coalition),
                gone=lambda name: coalition.complete or coalition.speaker(name) is not None,
                now=self.clock.instant,
                who="test",
            )
        )
        self.drafts = checked.drafts
        return checked

    def change(self, change):
        return self.ledger.write(change)

    def entry(self, post="launch", account="network"):
        entries = self.ledger.read(lambda c: questions.entries(c, "small-2026"))
        return next(each for each in entries if (each.post, each.account) == (post, account))

    def move(self, *states, post="launch", account="network", **columns):
        """The delivery takes these steps."""
        for state in states:
            entry = self.entry(post, account)
            self.change(
                lambda c, entry=entry, state=state: moves.move(
                    c,
                    entry,
                    state,
                    now=self.clock.instant,
                    who="test",
                    reason="secret words of a post",
                    **columns,
                )
            )

    def publish(self, post="launch", account="network", url="https://mastodon.example/1"):
        self.move(State.CLAIMED, State.STAGED, State.ARMED, post=post, account=account)
        entry = self.entry(post, account)
        receipt = Receipt(id="1", url=url)
        self.change(lambda c: moves.publish(c, entry, receipt, now=self.clock.instant, who="test"))

    def unconfirmed(self, post="launch", account="network"):
        steps = (State.CLAIMED, State.STAGED, State.ARMED, State.UNCONFIRMED)
        self.move(*steps, post=post, account=account)

    def hold(self, account="network", origin=Origin.PROGRAM, scope=Scope.ACCOUNT):
        wanted = Hold(scope=scope, value=account, reason="secret words of a platform")
        self.change(
            lambda c: deciding.hold(
                c, "small-2026", wanted, now=self.clock.instant, who="test", origin=origin
            )
        )

    def approve(self, key, draft=None, who="Ana"):
        _, post, account, part = key.split("/")
        said = draft or frozen(self.drafts[post, account][int(part) - 1])
        self.change(
            lambda c: deciding.approve(c, "small-2026", key, said, now=self.clock.instant, who=who)
        )

    def look(self, at=None, *, good=True):
        """One round; gives the mails that it brought."""
        self.clock.instant = at or self.clock.instant
        before = len(self.office.mails)
        self.rounds.round(self.facts, good=good)
        return self.office.letters[before:]

    def matters(self):
        known = self.rounds.outside.facts("small-2026")
        return matters(known, self.facts, self.clock.instant)

    def told(self):
        return self.ledger.read(lambda c: tellings_of(c, "small-2026", ended=True))

    def reached(self):
        return {
            each.name: each
            for each in self.ledger.read(lambda c: everybody_reached(c, "small-2026"))
        }
