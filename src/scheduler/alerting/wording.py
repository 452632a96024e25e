"""Matters as a message that a tired person understands: what happened, what it means, what to do.

Deliveries are named by their keys, calendar matters by file and line. A post under embargo is
named by nothing: neither its key, which says what it is about, nor its account, nor its hour.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from scheduler.alerting import sentences
from scheduler.alerting.facts import MISSING, CalendarFacts
from scheduler.alerting.matters import DEAD, OVER, PUBLIC, Matter
from scheduler.alerting.sentences import SAID
from scheduler.alerting.telling import Digest
from scheduler.ledger import Entry
from scheduler.model import AlertKind, Alerts, Recipient, distinct


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """`subject` is one line, `body` plain text."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """Whose campaign it is, and in which zone its hours are said."""

    calendar: CalendarFacts
    alerts: Alerts
    now: datetime

    # ── what happened ─────────────────────────────────────────────────────────────────────────────

    def message(self, told: Sequence[Matter]) -> Message:
        """All of these in one message; at least one."""
        groups = [(kind, list(found)) for kind, found in groupby(told, key=_kind)]
        if len(groups) == 1:
            subject = self._subject(*groups[0])
        else:
            count = sum(_count(found) for _, found in groups)
            subject = sentences.NEED_YOU.format(count=count, told=counted(told))
        sections = [self._section(*group, alone=len(groups) == 1) for group in groups]
        return self._said(subject, *sections, sentences.OPEN)

    def _said(self, subject: str, *parts: str) -> Message:
        now = f"{self.now.astimezone(self.alerts.zone):%a %d %b %Y, %H:%M}"
        footer = sentences.FOOTER.format(
            title=self.calendar.title, now=now, zone=self.alerts.zone.key
        )
        return Message(subject=subject, body="\n\n".join([*parts, footer]) + "\n")

    def _subject(self, kind: AlertKind, found: Sequence[Matter]) -> str:
        """Of one kind. What the sentence has no gap for is not said."""
        first = found[0]
        several = sentences.ACCOUNTS.format(count=len(found))
        return self._said_of(kind, found).format(
            what=_posts(found),
            where=_accounts(found),
            due=self.at(first.entry.due) if first.entry and not _any_hidden(found) else "soon",
            account=first.about if len(found) == 1 else several,
            left=sentences.LEFT.get(first.step, ""),
            place=first.places[0] if first.places else "",
            free=room(first.count),
        )

    def _said_of(self, kind: AlertKind, found: Sequence[Matter]) -> str:
        """The sentence for the subject, where it depends on more than the kind."""
        if kind is AlertKind.CALENDAR and self.calendar.refused:
            return sentences.NOT_TAKEN_UP_SUBJECT
        if kind is AlertKind.CONSENT and any(each.step.startswith(PUBLIC) for each in found):
            return sentences.CONSENT_PUBLIC_SUBJECT
        return SAID[kind].subject

    def _section(self, kind: AlertKind, found: Sequence[Matter], *, alone: bool) -> str:
        """Alone, its subject has said already what it is about."""
        said = SAID[kind]
        what = said.what
        if kind is AlertKind.CALENDAR and self.calendar.refused:
            what = sentences.NOT_TAKEN_UP
        lines = self._lines(kind, found)
        heading = () if alone else (said.heading.upper(),)
        return "\n".join([*heading, what, said.to_do, "", *lines])

    def _lines(self, kind: AlertKind, found: Sequence[Matter]) -> Iterator[str]:
        for matter in found if found[0].entry is None else ():
            yield from (f"  {line}" for line in self._of_one(kind, matter))
        delivered = [matter for matter in found if matter.entry]
        shown = [matter for matter in delivered if not matter.hidden]
        for _, alike in groupby(shown, key=_post_and_hour):
            yield from self._of_post(kind, list(alike))
        hidden = [matter for matter in delivered if matter.hidden]
        for place in distinct([place for matter in hidden for place in matter.places or ("",)]):
            yield f"  {sentences.POST_HIDDEN}{f' ({place})' if place else ''}"

    def _of_one(self, kind: AlertKind, matter: Matter) -> Iterator[str]:
        """A matter of no delivery: what it is, and below it the command that helps."""
        match kind:
            case AlertKind.ACCOUNT_HELD:
                yield self._waiting(matter)
                yield f"  {sentences.LOGIN.format(account=matter.about)}"
                yield f"  {sentences.RELEASE.format(account=matter.about)}"
            case AlertKind.TOKEN:
                yield self._token(matter)
                yield f"  {sentences.LOGIN.format(account=matter.about)}"
            case AlertKind.CALENDAR:
                for place in matter.places:
                    yield sentences.ERROR.format(place=place, code=matter.about)
            case AlertKind.NOTHING_PUBLISHED:
                said = sentences.ONE_DUE if matter.count == 1 else sentences.DUE
                day = f"{date.fromisoformat(matter.subject):%a %d %b}"
                yield said.format(count=matter.count, day=day)
            case AlertKind.DISK:
                yield sentences.ROOM.format(free=room(matter.count), folder=matter.subject)

    def _token(self, matter: Matter) -> str:
        posts = _counted_posts(matter.count)
        if not isinstance(matter.until, datetime):
            return sentences.SIGNED_OUT.format(account=matter.about, posts=posts)
        said = sentences.DIED if matter.step == DEAD else sentences.DIES
        return said.format(account=matter.about, until=self.at(matter.until), posts=posts)

    def _waiting(self, matter: Matter) -> str:
        if matter.acts_by is None:
            return sentences.ACCOUNT.format(account=matter.about)
        posts, latest = _counted_posts(matter.count), self._hour(matter.acts_by)
        return sentences.ACCOUNT_IN_TIME.format(account=matter.about, posts=posts, latest=latest)

    def _of_post(self, kind: AlertKind, alike: Sequence[Matter]) -> Iterator[str]:
        """One post at one hour, then its deliveries, or the one command for all of them."""
        entry = alike[0].entry
        if entry is None:
            return
        latest = min((each.acts_by for each in alike if each.acts_by), default=None)
        in_time = latest if self.now >= entry.due else None
        said = sentences.POST_IN_TIME if in_time else sentences.POST
        yield "  " + said.format(
            day=entry.day,
            post=entry.post,
            due=self.at(entry.due),
            latest=self._hour(in_time) if in_time else "",
        )
        if kind is AlertKind.UNAPPROVED:
            yield f"    {sentences.APPROVE.format(post=entry.post)}"
        if kind is AlertKind.CONSENT:
            for about in distinct([each.about for each in alike]):
                yield f"    {sentences.WITHDRAW.format(about=about)}"
        for detail in distinct([d for each in alike for d in self._details(kind, each)]):
            yield f"    {detail}"
        for each in alike:
            if each.entry:
                yield f"    {self._delivery(kind, each.entry)}"

    def _details(self, kind: AlertKind, matter: Matter) -> Iterator[str]:
        detail = self._detail(kind, matter)
        place = f"{matter.places[0]}  " if matter.places else ""
        if detail or place:
            yield f"{place}{detail}".rstrip()

    def _detail(self, kind: AlertKind, matter: Matter) -> str:
        match kind:
            case AlertKind.UNAPPROVED:
                said = sentences.ONE_YES if matter.count == 1 else sentences.YESES
                return said.format(count=matter.count)
            case AlertKind.UNTRANSLATED:
                language, _, how = matter.about.partition(" ")
                said = sentences.WORDS_MISSING if how == MISSING else sentences.WORDS_UNREAD
                return said.format(language=language)
            case AlertKind.STALE:
                return matter.about
            case AlertKind.HELPLINE:
                return sentences.HELPLINE.format(about=matter.about)
            case AlertKind.CONSENT if isinstance(matter.until, date) and matter.entry:
                due = matter.entry.due.astimezone(self.calendar.zone).date()
                ended = matter.step == OVER or matter.until < due
                said = sentences.CONSENT_ENDED if ended else sentences.CONSENT_ENDS
                return said.format(about=matter.about, until=matter.until)
        return ""

    def _delivery(self, kind: AlertKind, entry: Entry) -> str:
        """Its public address where it has one, or the command that helps; with its key."""
        if entry.receipt:
            return f"{entry.key}  {entry.receipt.url}"
        if kind is AlertKind.UNCONFIRMED:
            return sentences.RESOLVE.format(key=entry.key)
        if kind in (AlertKind.REJECTED, AlertKind.MISSED):
            return sentences.HISTORY.format(key=entry.key)
        return entry.key

    def at(self, instant: datetime) -> str:
        return f"{instant.astimezone(self.alerts.zone):%a %d %b, %H:%M}"

    def _hour(self, instant: datetime) -> str:
        """With its day where that is not today."""
        today = self.now.astimezone(self.alerts.zone).date()
        local = instant.astimezone(self.alerts.zone)
        return f"{local:%H:%M}" if local.date() == today else self.at(instant)

    # ── tomorrow, and a test ──────────────────────────────────────────────────────────────────────

    def digest(self, tomorrow: Digest) -> Message:
        day = f"{tomorrow.day:%a %d %b}"
        posts = len({entry.post for entry in tomorrow.entries}) + tomorrow.hidden
        subject = {0: sentences.DIGEST_NONE, 1: sentences.DIGEST_ONE}.get(
            posts, sentences.DIGEST_SUBJECT
        )
        return self._said(subject.format(day=day, count=posts), *self._of_tomorrow(tomorrow))

    def _of_tomorrow(self, tomorrow: Digest) -> Iterator[str]:
        if lines := [f"  {line}" for line in self._tomorrow(tomorrow)]:
            yield "\n".join(lines)
        if tomorrow.entries:
            yield sentences.DIGEST_KEYS.format(campaign=self.calendar.campaign)
        if tomorrow.open:
            yield sentences.DIGEST_OPEN.format(told=counted(tomorrow.open))
            yield sentences.OPEN
        else:
            yield sentences.DIGEST_ALL_WELL

    def _tomorrow(self, tomorrow: Digest) -> Iterator[str]:
        for (due, post), alike in groupby(tomorrow.entries, key=lambda each: (each.due, each.post)):
            hour = f"{due.astimezone(self.alerts.zone):%H:%M}"
            accounts = ", ".join(distinct([entry.account for entry in alike]))
            yield sentences.DIGEST_LINE.format(hour=hour, post=post, accounts=accounts)
        if tomorrow.hidden:
            several = sentences.SEVERAL_HIDDEN.format(count=tomorrow.hidden)
            yield sentences.ONE_HIDDEN if tomorrow.hidden == 1 else several

    def test(self, recipient: Recipient) -> Message:
        lines = [sentences.TEST.format(name=recipient.name)]
        if quiet := self.alerts.quiet_hours:
            begin, end = (f"{at:%H:%M}" for at in (quiet.begin, quiet.end))
            lines.append(sentences.QUIET.format(begin=begin, end=end))
        return self._said(sentences.TEST_SUBJECT.format(title=self.calendar.title), *lines)


def counted(told: Iterable[Matter]) -> str:
    """ "2 missed, 1 public or not"."""
    groups = [(kind, _count(list(found))) for kind, found in groupby(told, key=_kind)]
    return ", ".join(SAID[kind].counted.format(count=count) for kind, count in groups)


def _count(found: Sequence[Matter]) -> int:
    """One post on many accounts, or in many parts, is one thing to a person."""
    return len({matter.entry.post if matter.entry else matter.subject for matter in found})


def room(size: int) -> str:
    """In megabytes, or in gigabytes with one decimal."""
    return f"{size / 2**30:.1f} GB" if size >= 2**30 else f"{size // 2**20} MB"


def _kind(matter: Matter) -> AlertKind:
    return matter.kind


def _post_and_hour(matter: Matter) -> tuple[datetime | None, str]:
    entry = matter.entry
    return (entry.due, entry.post) if entry else (None, "")


def _posts(found: Sequence[Matter]) -> str:
    """A post's name, or how many there are."""
    names = {matter.entry.post for matter in found if matter.entry}
    if _any_hidden(found):
        several = sentences.SEVERAL_HIDDEN if _all_hidden(found) else sentences.POSTS
        return sentences.ONE_HIDDEN if len(names) == 1 else several.format(count=len(names))
    return sentences.POSTS.format(count=len(names)) if len(names) > 1 else "".join(names)


def _accounts(found: Sequence[Matter]) -> str:
    names = {matter.entry.account for matter in found if matter.entry}
    if len(names) == 1:
        return sentences.ONE_ACCOUNT if _any_hidden(found) else "".join(names)
    return sentences.ACCOUNTS.format(count=len(names))


def _any_hidden(found: Sequence[Matter]) -> bool:
    return any(matter.hidden for matter in found)


def _all_hidden(found: Sequence[Matter]) -> bool:
    return all(matter.hidden for matter in found)


def _counted_posts(count: int) -> str:
    return sentences.ONE_POST if count == 1 else sentences.POSTS.format(count=count)
