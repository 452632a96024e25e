"""Who is told of which matters now, and what tomorrow brings: pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from scheduler.alerting.facts import CalendarFacts
from scheduler.alerting.matters import PENDING, Matter
from scheduler.ledger import Entry
from scheduler.model import DAYS, Alerts

#: A matter's id, and a step of it.
Told = tuple[str, str]
#: What the digest of a day is called in the ledger.
DIGEST = "digest"


def quiet_until(alerts: Alerts, now: datetime) -> datetime | None:
    """When the quiet hours end that it is in, or None outside of them."""
    quiet, local = alerts.quiet_hours, now.astimezone(alerts.zone)
    if quiet is None or not quiet.contain(local.time()):
        return None
    end = _at(alerts, local.date(), quiet.end)
    return end if end > now else _at(alerts, local.date() + timedelta(days=1), quiet.end)


def _at(alerts: Alerts, day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, tzinfo=alerts.zone)


def telling(
    found: Iterable[Matter], told: Collection[Told], alerts: Alerts, now: datetime
) -> tuple[Matter, ...]:
    """What to tell a recipient now who was `told` these already, all of it in one message.

    In quiet hours only what cannot wait: what a person could still change now, and no more when
    the hours end.
    """
    fresh = tuple(
        matter
        for matter in found
        if matter.kind in alerts.kinds and (matter.id, matter.step) not in told
    )
    until = quiet_until(alerts, now)
    if until is None:
        return fresh
    return tuple(matter for matter in fresh if cannot_wait(matter, until))


def cannot_wait(matter: Matter, until: datetime) -> bool:
    """Whether nobody could change how it ends any more after that instant."""
    return matter.acts_by is not None and matter.acts_by <= until


# ── tomorrow ──────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What goes out tomorrow, by the key, and what is open still."""

    day: date
    entries: tuple[Entry, ...]
    #: Posts under embargo, which nothing may name, by how many deliveries they have.
    hidden: int
    open: tuple[Matter, ...]

    @property
    def told(self) -> Told:
        return f"{DIGEST}:{self.day}", ""


def digest(
    entries: Iterable[Entry],
    calendar: CalendarFacts,
    found: Iterable[Matter],
    told: Collection[Told],
    now: datetime,
) -> Digest | None:
    """The digest of tomorrow, once its hour has struck; None before, and when it was told.

    On the days of the campaign it is told though nothing is planned: silence would look the same
    as a program that is gone. Otherwise it is told where anything is planned.
    """
    alerts = calendar.alerts
    local = now.astimezone(alerts.zone) if alerts else now
    if alerts is None or alerts.digest is None or local.time() < alerts.digest:
        return None
    day = local.date() + timedelta(days=1)
    planned = [
        entry
        for entry in entries
        if entry.state in PENDING and entry.due.astimezone(alerts.zone).date() == day
    ]
    if not planned and not 0 <= (day - calendar.first_day).days < DAYS:
        return None
    shown = tuple(entry for entry in planned if not _hidden(calendar, entry, now))
    made = Digest(
        day=day,
        entries=shown,
        hidden=len({entry.post for entry in planned} - {entry.post for entry in shown}),
        open=tuple(matter for matter in found if matter.kind in alerts.kinds),
    )
    return None if made.told in told else made


def _hidden(calendar: CalendarFacts, entry: Entry, now: datetime) -> bool:
    """Until its embargo has ended, whenever its hour is."""
    embargo = calendar.embargoes.get((entry.post, entry.account))
    return embargo is not None and now < embargo
