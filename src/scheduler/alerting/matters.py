"""From what is known to what needs a person: pure, the same facts give the same matters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from scheduler.alerting.facts import CalendarFacts, Concern, LedgerFacts, Mistake
from scheduler.ledger import Entry, Origin
from scheduler.model import OPEN, AlertKind, Scope, SignedIn, State

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
#: So long before its hour people are told what would keep a post back, and again.
AHEAD = ((24 * HOUR, "24h"), (48 * HOUR, "48h"))
#: So long before it dies people are told of a token.
DYING = ((1 * DAY, "1d"), (2 * DAY, "2d"), (7 * DAY, "7d"), (14 * DAY, "14d"))
DEAD = "dead"
#: Steps of a consent of what is public begin with this; the last of them, when it has ended.
PUBLIC, OVER = "public-", "public-over"
#: A consent that ends so soon after its post went out must be asked about before.
SOON = timedelta(days=14)
#: So long after the first hour of a day something of it should be public.
SILENCE = timedelta(minutes=30)
#: Bytes: a card has up to one million, and the ledger needs room for each step it takes.
FULL, LOW = 100 * 2**20, 500 * 2**20
#: What was told ends only when there is clearly more room again, so that nobody is told by turns.
_RELIEF = 1.5
LOW_STEP, FULL_STEP = "low", "full"

#: Its hour may come, and nothing has left the machine.
PENDING = (State.PLANNED, State.HELD)
#: Nobody expected this of the program.
_NOT_OURS = (State.CANCELLED, State.HANDED, State.WITHDRAWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """Something that needs a person. `id` names it for as long as it is so."""

    kind: AlertKind
    #: A delivery's key, an account, a file with a code, a date, a folder.
    subject: str
    #: How far it has come: at the next one people are told again.
    step: str = ""
    entry: Entry | None = None
    #: The last instant at which a person can still change how it ends; None where nothing hurries.
    acts_by: datetime | None = None
    #: Where to mend it: "campaign.yaml:41".
    places: tuple[str, ...] = ()
    #: A language with what is wrong, the id of a helpline or consent, an account, a code.
    about: str = ""
    #: When a token dies, or a consent ends.
    until: datetime | date | None = None
    #: Posts that wait, yeses that are there, bytes that are free: whatever is counted.
    count: int = 0
    #: Whether its post is under embargo: then nothing that is told may name it.
    hidden: bool = False

    @property
    def id(self) -> str:
        return f"{self.kind}:{self.subject}"


def matters(ledger: LedgerFacts, calendar: CalendarFacts, now: datetime) -> tuple[Matter, ...]:
    """Everything that needs a person now, the most pressing kind first, then by time."""
    found = (
        *_ended(ledger, calendar, now),
        *_refused_accounts(ledger, now),
        *_tokens(ledger, now),
        *_ahead(ledger, calendar, now),
        *_outlasting(ledger, calendar, now),
        *_mistaken(ledger, calendar, now),
        *_filling(ledger, now),
        *_silent(ledger, calendar, now),
    )
    return tuple(sorted(found, key=_in_order))


def _in_order(matter: Matter) -> tuple[int, float, str]:
    due = matter.entry.due.timestamp() if matter.entry else 0.0
    return _KINDS.index(matter.kind), due, matter.subject


_KINDS = tuple(AlertKind)


# ── what became of deliveries ─────────────────────────────────────────────────────────────────────

_ENDINGS = {
    State.UNCONFIRMED: AlertKind.UNCONFIRMED,
    State.MISSED: AlertKind.MISSED,
    State.REJECTED: AlertKind.REJECTED,
}


def _ended(ledger: LedgerFacts, calendar: CalendarFacts, now: datetime) -> Iterator[Matter]:
    for entry in ledger.entries:
        if kind := _ENDINGS.get(entry.state):
            yield Matter(
                kind=kind,
                subject=entry.key,
                entry=entry,
                acts_by=None if kind is AlertKind.MISSED else _in_time([entry], now),
                hidden=_hidden(calendar, entry, now),
            )


def _hidden(calendar: CalendarFacts, entry: Entry, now: datetime) -> bool:
    embargo = calendar.embargoes.get((entry.post, entry.account))
    return embargo is not None and now < embargo


def _in_time(entries: Iterable[Entry], now: datetime) -> datetime | None:
    """Until when the first of them can still go out."""
    return min((entry.latest for entry in entries if entry.latest > now), default=None)


# ── accounts ──────────────────────────────────────────────────────────────────────────────────────


def _waiting(ledger: LedgerFacts, account: str, now: datetime) -> list[Entry]:
    return [
        entry
        for entry in ledger.entries
        if entry.account == account and entry.state in PENDING and entry.latest > now
    ]


def _refused_accounts(ledger: LedgerFacts, now: datetime) -> Iterator[Matter]:
    """What a person holds is no news to people; what the program holds is."""
    for held in ledger.holds:
        if held.origin is Origin.PROGRAM and held.hold.scope is Scope.ACCOUNT:
            waiting = _waiting(ledger, held.hold.value, now)
            yield Matter(
                kind=AlertKind.ACCOUNT_HELD,
                subject=held.hold.value,
                about=held.hold.value,
                acts_by=_in_time(waiting, now),
                count=len(waiting),
            )


def _tokens(ledger: LedgerFacts, now: datetime) -> Iterator[Matter]:
    for account in sorted(ledger.signed_out):
        waiting = _waiting(ledger, account, now)
        if waiting:
            yield Matter(
                kind=AlertKind.TOKEN,
                subject=account,
                step=DEAD,
                about=account,
                acts_by=_in_time(waiting, now),
                count=len(waiting),
            )
    for signed_in in ledger.signed_in:
        if signed_in.account in ledger.signed_out:
            continue
        step = _dying(signed_in, now)
        waiting = _waiting(ledger, signed_in.account, now)
        if step and signed_in.expires and waiting:
            lost = [entry for entry in waiting if entry.latest >= signed_in.expires]
            yield Matter(
                kind=AlertKind.TOKEN,
                subject=signed_in.account,
                step=step,
                about=signed_in.account,
                acts_by=_in_time(lost, now),
                until=signed_in.expires,
                count=len(lost),
            )


def _dying(signed_in: SignedIn, now: datetime) -> str:
    if signed_in.expires is None:
        return ""
    if signed_in.expires <= now:
        return DEAD
    return _step(DYING, signed_in.expires - now)


def _step(steps: Iterable[tuple[timedelta, str]], left: timedelta) -> str:
    return next((step for within, step in steps if left <= within), "")


# ── what would keep a post back, 48 and 24 hours before ───────────────────────────────────────────


def _ahead(ledger: LedgerFacts, calendar: CalendarFacts, now: datetime) -> Iterator[Matter]:
    concerns: dict[tuple[str, str], list[Concern]] = {}
    for concern in calendar.concerns:
        concerns.setdefault((concern.post, concern.account), []).append(concern)
    for entry in ledger.entries:
        step = _step(AHEAD, entry.due - now)
        if entry.state not in PENDING or entry.latest <= now or not step:
            continue
        if unapproved := _unapproved(ledger, calendar, entry, step, now):
            yield unapproved
        # What is said of a post is said of it once, and not of each part of its thread.
        for concern in concerns.get((entry.post, entry.account), ()) if entry.part == 1 else ():
            if _matters(concern, calendar, entry):
                yield _concerning(concern, calendar, entry, step, now)


def _unapproved(
    ledger: LedgerFacts, calendar: CalendarFacts, entry: Entry, step: str, now: datetime
) -> Matter | None:
    digest = calendar.digests.get(entry.key)
    yeses = ledger.yeses.get((entry.key, digest), 0) if digest else 0
    if not digest or yeses >= calendar.needed:
        return None
    place = calendar.places.get((entry.post, entry.account), "")
    return Matter(
        kind=AlertKind.UNAPPROVED,
        subject=entry.key,
        step=step,
        entry=entry,
        acts_by=entry.latest,
        places=(place,) if place else (),
        count=calendar.needed - yeses,
        hidden=_hidden(calendar, entry, now),
    )


def _matters(concern: Concern, calendar: CalendarFacts, entry: Entry) -> bool:
    """A consent that lasts long after its post is no concern."""
    if concern.until is None:
        return True
    return concern.until <= entry.due.astimezone(calendar.zone).date() + SOON


def _concerning(
    concern: Concern, calendar: CalendarFacts, entry: Entry, step: str, now: datetime
) -> Matter:
    # One post may stand on two consents.
    which = f"{entry.key}:{concern.about}" if concern.kind is AlertKind.CONSENT else entry.key
    return Matter(
        kind=concern.kind,
        subject=which,
        step=step,
        entry=entry,
        acts_by=entry.latest if entry.state in PENDING else None,
        places=(concern.place,),
        about=concern.about,
        until=concern.until,
        hidden=_hidden(calendar, entry, now),
    )


def _outlasting(ledger: LedgerFacts, calendar: CalendarFacts, now: datetime) -> Iterator[Matter]:
    """What is public, and will be longer than was agreed to: a post does not go away by itself."""
    consents = [each for each in calendar.concerns if each.until is not None]
    public = {
        (entry.post, entry.account): entry
        for entry in ledger.entries
        if entry.state is State.PUBLISHED and entry.part == 1
    }
    for concern in consents:
        entry = public.get((concern.post, concern.account))
        step = _ending(concern, calendar, now)
        if entry and step:
            yield _concerning(concern, calendar, entry, step, now)


def _ending(concern: Concern, calendar: CalendarFacts, now: datetime) -> str:
    """It holds until the end of its last day, where the campaign is."""
    if concern.until is None:
        return ""
    after = datetime.combine(concern.until + DAY, time(), tzinfo=calendar.zone)
    if now >= after:
        return OVER
    step = _step(AHEAD, after - now)
    return f"{PUBLIC}{step}" if step else ""


# ── the calendar, the disk, the day ───────────────────────────────────────────────────────────────


def _mistaken(ledger: LedgerFacts, calendar: CalendarFacts, now: datetime) -> Iterator[Matter]:
    """An error is known by its file and code: its line moves with every edit above it."""
    alike: dict[tuple[str, str], list[Mistake]] = {}
    for mistake in calendar.mistakes:
        alike.setdefault((mistake.file, mistake.code), []).append(mistake)
    held = [
        entry
        for entry in ledger.entries
        if (entry.post, entry.account) in calendar.held and entry.state in PENDING
    ]
    for (file, code), found in alike.items():
        yield Matter(
            kind=AlertKind.CALENDAR,
            subject=f"{file}:{code}",
            acts_by=_in_time(held, now),
            places=tuple(each.place for each in found),
            about=code,
            count=len(found),
        )


def _filling(ledger: LedgerFacts, now: datetime) -> Iterator[Matter]:
    room = ledger.room
    if room is None:
        return
    known = f"{AlertKind.DISK}:{room.folder}" in ledger.told
    if room.free >= (LOW * _RELIEF if known else LOW):
        return
    pending = [entry for entry in ledger.entries if entry.state in PENDING]
    yield Matter(
        kind=AlertKind.DISK,
        subject=room.folder,
        step=FULL_STEP if room.free < FULL else LOW_STEP,
        acts_by=_in_time(pending, now),
        count=room.free,
    )


def _silent(ledger: LedgerFacts, calendar: CalendarFacts, now: datetime) -> Iterator[Matter]:
    """Something was due today, and nothing of the day is public."""
    today = now.astimezone(calendar.zone).date()

    def is_of_today(at: datetime | None) -> bool:
        return at is not None and at.astimezone(calendar.zone).date() == today

    if any(is_of_today(entry.published_at) for entry in ledger.entries) or _all_held(ledger):
        return
    due = [e for e in ledger.entries if is_of_today(e.due) and e.state not in _NOT_OURS]
    passed = [entry for entry in due if entry.due + SILENCE <= now]
    if passed and not any(entry.state in OPEN for entry in due):  # else it is on its way just now
        yield Matter(
            kind=AlertKind.NOTHING_PUBLISHED,
            subject=str(today),
            acts_by=_in_time([entry for entry in due if entry.state in PENDING], now),
            count=len(passed),
        )


def _all_held(ledger: LedgerFacts) -> bool:
    """Somebody wants it silent."""
    return any(held.hold.scope is Scope.EVERYTHING for held in ledger.holds)
