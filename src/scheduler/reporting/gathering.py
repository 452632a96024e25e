"""From the ledger to a report: what went out, where, when, and why the rest did not. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from scheduler.ledger import Entry
from scheduler.model import OWN, Campaign, Coalition, Key, State
from scheduler.reporting import sentences as say


class Fate(StrEnum):
    """What became of a delivery, for who was not there."""

    #: Public, and the program has the platform's receipt.
    PROGRAM = "published"
    #: Public: a person posted it, and gave its link.
    BY_HAND = "posted by hand"
    #: In a folder of the campaign's own, where the public sees nothing.
    KEPT = "kept in a folder"
    #: Given to a person, who has not said yet that it stands there.
    HANDED = "handed over, not confirmed"
    #: It may be public: nobody could tell.
    UNCONFIRMED = "unconfirmed"
    MISSED = "missed"
    REJECTED = "rejected"
    #: Somebody, or an error, keeps it back.
    HELD = "held"
    WITHDRAWN = "taken down"
    CANCELLED = "taken out before"
    #: Its hour has not come, or it is being sent.
    TO_COME = "to come"


#: The platform whose accounts are folders.
FOLDER = "folder"
#: Those that reached the public.
OUT = (Fate.PROGRAM, Fate.BY_HAND)
#: Those that somebody has to explain.
TROUBLED = (Fate.UNCONFIRMED, Fate.MISSED, Fate.REJECTED, Fate.HELD, Fate.WITHDRAWN)

_FATES: Mapping[State, Fate] = {
    State.HANDED: Fate.HANDED,
    State.UNCONFIRMED: Fate.UNCONFIRMED,
    State.MISSED: Fate.MISSED,
    State.REJECTED: Fate.REJECTED,
    State.HELD: Fate.HELD,
    State.WITHDRAWN: Fate.WITHDRAWN,
    State.CANCELLED: Fate.CANCELLED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """A member as a report names it; the calendar's own accounts have no member."""

    id: str
    name: str
    country: str
    zone: ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One delivery: a post, or a part of it, on one account."""

    #: "" where the post is under embargo: its very name is nobody's business yet.
    key: str
    post: str
    day: int
    due: datetime
    organisation: Organisation
    account: str
    platform: str
    part: int
    state: State
    fate: Fate
    link: str
    #: When it became public; of what was posted by hand only the day is known.
    since: datetime | None
    reason: str
    #: It is due by now.
    passed: bool

    @property
    def for_the_public(self) -> bool:
        return self.platform != FOLDER

    @property
    def on(self) -> date | None:
        """The day on which it became public, where its organisation is."""
        return self.since.astimezone(self.organisation.zone).date() if self.since else None

    @property
    def hour(self) -> str:
        if self.since is None or self.fate is Fate.BY_HAND:
            return ""
        return f"{self.since.astimezone(self.organisation.zone):%H:%M}"

    @property
    def local(self) -> datetime:
        """When it was due, where its organisation is."""
        return self.due.astimezone(self.organisation.zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a ledger says at one instant."""

    title: str
    first_day: date
    last_day: date
    zone: ZoneInfo
    as_of: datetime
    #: The ledger, as it may be named to strangers.
    ledger: str
    items: tuple[Item, ...]
    #: Not a word of these is in the report; they are counted.
    embargoed: int
    #: Files of members that could not be read: of these only the ledger's word is known.
    unread: tuple[str, ...] = ()

    def count(self, *fates: Fate) -> int:
        return sum(item.fate in fates for item in self.items)

    @property
    def organisations(self) -> tuple[Organisation, ...]:
        """In the order of their names, the calendar's own first."""
        found = dict.fromkeys(item.organisation for item in self.items)
        return tuple(sorted(found, key=lambda each: (each.id != OWN, each.name.casefold())))

    @property
    def platforms(self) -> tuple[str, ...]:
        counted = Counter(item.platform for item in self.items)
        return tuple(name for name, _ in sorted(counted.items(), key=lambda one: (-one[1], one[0])))

    @property
    def countries(self) -> tuple[str, ...]:
        return tuple(sorted({each.country for each in self.organisations if each.country}))

    def of(self, organisation: Organisation) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.organisation == organisation)


def gather(
    coalition: Coalition,
    entries: Sequence[Entry],
    *,
    by_hand: Collection[Key],
    people: Iterable[str],
    as_of: datetime,
    ledger: str,
    last_day: date,
    unread: Sequence[str] = (),
) -> Report:
    """What the entries say at `as_of`; the names of `people` are left out of every reason."""
    nameless = _Nameless.of(people)
    items = [_item(coalition, entry, by_hand, nameless, as_of) for entry in entries]
    own = coalition.own
    return Report(
        title=own.title,
        first_day=own.first_day,
        last_day=last_day,
        zone=own.zone,
        as_of=as_of,
        ledger=public_name(ledger),
        items=tuple(items),
        embargoed=sum(not item.key for item in items),
        unread=tuple(unread),
    )


def _item(
    coalition: Coalition,
    entry: Entry,
    by_hand: Collection[Key],
    nameless: _Nameless,
    as_of: datetime,
) -> Item:
    embargo = _embargo(coalition, entry)
    silent = embargo is not None and as_of < embargo and entry.published_at is None
    reason = say.EMBARGO if silent else nameless.text(entry.reason)
    return Item(
        key="" if silent else entry.key,
        post=say.UNDER_EMBARGO if silent else entry.post,
        day=entry.day,
        due=entry.due,
        organisation=_organisation(coalition, entry.account),
        account=entry.account,
        platform=entry.platform,
        part=entry.part,
        state=entry.state,
        fate=_fate(entry, by_hand),
        link=_link(entry),
        since=entry.published_at,
        reason=reason,
        passed=entry.due <= as_of,
    )


def _fate(entry: Entry, by_hand: Collection[Key]) -> Fate:
    if entry.state is State.PUBLISHED and entry.platform == FOLDER:
        return Fate.KEPT
    if entry.state is State.PUBLISHED:
        return Fate.BY_HAND if entry.key in by_hand else Fate.PROGRAM
    return _FATES.get(entry.state, Fate.TO_COME)


def _link(entry: Entry) -> str:
    """Where it stands; a folder's path may be named after whoever has the computer."""
    if entry.receipt is None:
        return ""
    return say.IN_A_FOLDER if entry.receipt.url.startswith("file:") else entry.receipt.url


def _embargo(coalition: Coalition, entry: Entry) -> datetime | None:
    """The latest of all that anybody says of the post: a file that cannot be read may be one."""
    posts = (campaign.posts.get(entry.post) for campaign in _speakers(coalition, entry))
    return max((post.embargo for post in posts if post and post.embargo), default=None)


def _speakers(coalition: Coalition, entry: Entry) -> Iterable[Campaign]:
    campaign = coalition.speaker(entry.account)
    if campaign is not None and entry.post in campaign.posts:
        return (campaign,)
    return coalition.campaigns.values()


def _organisation(coalition: Coalition, account: str) -> Organisation:
    campaign = coalition.speaker(account)
    if campaign is None:
        id_ = account.rpartition(".")[0] or OWN
        return Organisation(id=id_, name=id_, country="", zone=coalition.own.zone)
    name = campaign.member.name or (say.OWN if campaign.member.id == OWN else campaign.member.id)
    return Organisation(
        id=campaign.member.id, name=name, country=campaign.rules.country, zone=campaign.zone
    )


def public_name(ledger: str) -> str:
    """A ledger without its folder, or its user: both may say somebody's name."""
    if "://" in ledger:
        return ledger.partition("://")[2].rpartition("@")[2].partition("?")[0]
    return re.split(r"[\\/]", ledger)[-1]


@dataclass(frozen=True, slots=True)
class _Nameless:
    """Takes the names of people out of what was written down."""

    names: re.Pattern[str] | None

    @classmethod
    def of(cls, people: Iterable[str]) -> _Nameless:
        names = sorted(
            {name.strip() for name in people} - {""}, key=lambda name: (-len(name), name)
        )
        if not names:
            return cls(None)
        said = "|".join(r"\s+".join(map(re.escape, name.split())) for name in names)
        return cls(re.compile(rf"(?<!\w)(?:{said})(?!\w)", re.IGNORECASE))

    def text(self, text: str) -> str:
        return self.names.sub(say.SOMEBODY, text) if self.names else text


# ── counted ───────────────────────────────────────────────────────────────────────────────────────


def by_fate(items: Iterable[Item]) -> Mapping[Fate, int]:
    """How many came to which end, each fate once."""
    counted = Counter(item.fate for item in items)
    return {fate: counted[fate] for fate in Fate}


def troubled(report: Report) -> Iterator[tuple[Organisation, tuple[Item, ...]]]:
    """What did not go out as planned, by organisation, with its reasons."""
    for organisation in report.organisations:
        if items := tuple(item for item in report.of(organisation) if item.fate in TROUBLED):
            yield organisation, items
