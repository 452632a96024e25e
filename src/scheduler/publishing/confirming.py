"""What people say to have posted by hand: looked up, then written down, all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum

from scheduler.errors import Problem
from scheduler.ledger import Connection, Entry, Ledger, deciding, moves, questions
from scheduler.ledger import confirming as asking
from scheduler.model import OPEN, Coalition, Confirmation, Key, State
from scheduler.naming import nearest
from scheduler.publishing.resolving import BY_HAND, receipt_at

#: What a person may say to have posted by hand. Of what was sent, and perhaps arrived, somebody
#: must look first: that is for `campaign resolve`.
CONFIRMED_FROM = frozenset(BY_HAND) - {State.UNCONFIRMED}

REASON = "posted by hand"


class Weight(StrEnum):
    """What a confirmation means to the ledger."""

    #: It becomes published.
    NEW = "new"
    #: The ledger knows it already.
    SAME = "same"
    #: It is confirmed with another link: a person must say which one it is.
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """A confirmation, and the delivery that it means."""

    confirmation: Confirmation
    entry: Entry
    weight: Weight
    #: The day that was said, as an instant: nobody said the hour.
    since: datetime


def weigh(
    ledger: Ledger, coalition: Coalition, said: Sequence[Confirmation], *, now: datetime
) -> tuple[tuple[Weighed, ...], tuple[Problem, ...]]:
    """Which delivery each confirmation means, and everything that is wrong with them."""
    entries, by_hand = ledger.read(
        lambda connection: (
            questions.entries(connection, coalition.own.id),
            asking.by_hand(connection, coalition.own.id),
        )
    )
    scales = _Scales(coalition=coalition, entries=entries, by_hand=by_hand, now=now)
    found = [(each, scales.entry(each)) for each in said]
    problems = [each for _, each in found if isinstance(each, Problem)]
    meant = [(each, entry) for each, entry in found if isinstance(entry, Entry)]
    problems += _contradictions(meant, entries)
    weighed = [scales.weighed(each, entry) for each, entry in _first_of_each(meant)]
    problems += (each for each in weighed if isinstance(each, Problem))
    return tuple(each for each in weighed if isinstance(each, Weighed)), tuple(sorted(problems))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scales:
    coalition: Coalition
    entries: Sequence[Entry]
    by_hand: frozenset[Key]
    now: datetime

    def entry(self, said: Confirmation) -> Entry | Problem:
        """The one delivery that is meant."""
        of_post = [each for each in self.entries if each.post == said.post]
        if not of_post:
            hint = nearest(said.post, {each.post for each in self.entries})
            return said.place.problem("unknown-post", f'no post "{said.post}" was planned', hint)
        found = _at(said, [each for each in of_post if each.part == said.part])
        if len(found) == 1:
            return found[0]
        accounts = sorted({each.account for each in (found or of_post)})
        where = f'"{said.account}"' + (f", part {said.part}" if said.part > 1 else "")
        message = (
            f'post "{said.post}": {where} is several accounts'
            if found
            else f'post "{said.post}": it is not planned for {where}'
        )
        return said.account_place.problem(
            "unknown-account", message, f"write one of {', '.join(accounts)}"
        )

    def weighed(self, said: Confirmation, entry: Entry) -> Weighed | Problem:
        if entry.state in CONFIRMED_FROM:
            return self._weighed(said, entry, Weight.NEW)
        if entry.state is State.PUBLISHED:
            return self._published(said, entry)
        message = f"{entry.key} is {entry.state}{f': {entry.reason}' if entry.reason else ''}"
        return said.place.problem("not-by-hand", message, _hint(entry))

    def _published(self, said: Confirmation, entry: Entry) -> Weighed | Problem:
        if entry.receipt and entry.receipt.url == said.link:
            return self._weighed(said, entry, Weight.SAME)
        if entry.key in self.by_hand:
            return self._weighed(said, entry, Weight.OTHER)
        stands = entry.receipt.url if entry.receipt else "an address that is not known"
        message = f"{entry.key} was published by the program, at {stands}"
        hint = "if it stands there by hand as well, it is there twice: take one of them down"
        return said.link_place.problem("published-already", message, hint)

    def _weighed(self, said: Confirmation, entry: Entry, weight: Weight) -> Weighed:
        campaign = self.coalition.speaker(entry.account) or self.coalition.own
        noon = datetime.combine(said.on, time(12), tzinfo=campaign.zone)
        since = min(noon.astimezone(self.now.tzinfo), self.now)
        return Weighed(confirmation=said, entry=entry, weight=weight, since=since)


def _at(said: Confirmation, entries: Iterable[Entry]) -> list[Entry]:
    """Those on the account that was written, in the shortest way in which it means only one."""
    prefix = f"{said.member}." if said.member else ""
    own = [each for each in entries if each.account.startswith(prefix)]
    written = said.account.casefold()
    for name in (_whole, _short, _platform):
        if found := [each for each in own if name(each).casefold() == written]:
            return found
    return []


def _whole(entry: Entry) -> str:
    return entry.account


def _short(entry: Entry) -> str:
    return entry.account.rpartition(".")[2]


def _platform(entry: Entry) -> str:
    return entry.platform


def _hint(entry: Entry) -> str:
    if entry.state in OPEN:
        return "the program is sending it: wait a minute, then look at campaign status"
    if entry.state is State.UNCONFIRMED:
        return f"the program may have published it: campaign resolve {entry.key}"
    return f"what became of it: campaign history {entry.key}"


def _first_of_each(
    meant: Iterable[tuple[Confirmation, Entry]],
) -> Iterator[tuple[Confirmation, Entry]]:
    seen: set[Key] = set()
    for said, entry in meant:
        if entry.key not in seen:
            seen.add(entry.key)
            yield said, entry


def _contradictions(
    meant: Sequence[tuple[Confirmation, Entry]], entries: Iterable[Entry]
) -> Iterator[Problem]:
    """One delivery with two links, and one link for two posts: somebody pasted the wrong one."""
    links: dict[Key, Confirmation] = {}
    standing = {each.receipt.url: each for each in entries if each.receipt}
    for said, entry in meant:
        before = links.setdefault(entry.key, said)
        if before.link != said.link:
            where = f"{before.link_place.file}:{before.link_place.line}"
            message = f"{entry.key} has another link already, in {where}: {before.link}"
            yield said.link_place.problem("two-links", message, "leave one of the two")
        other = standing.setdefault(said.link, entry)
        if (other.post, other.account) != (entry.post, entry.account):
            message = f"this is the link of {other.key} already"
            hint = f"paste the one of {entry.key}: open the post, and copy its address"
            yield said.link_place.problem("same-link", message, hint)


def confirm(
    ledger: Ledger, weighed: Iterable[Weighed], *, now: datetime, who: str
) -> tuple[Entry, ...]:
    """Write all of it down, or nothing; what the ledger knows already is left alone.

    `Weight.OTHER` puts the new link in the place of the old: leave out what a person did not agree
    to. Raises `Outrun` where one of them has moved meanwhile.
    """
    wanted = [each for each in weighed if each.weight is not Weight.SAME]
    return ledger.write(
        lambda connection: tuple(_write(connection, each, now=now, who=who) for each in wanted)
    )


def _write(connection: Connection, weighed: Weighed, *, now: datetime, who: str) -> Entry:
    entry, said = weighed.entry, weighed.confirmation
    old = f" instead of {entry.receipt.url}" if entry.receipt else ""
    deciding.record(
        connection, entry.campaign, "confirm", entry.key, f"{said.link}{old}", now=now, who=who
    )
    receipt = receipt_at(said.link, None)
    if weighed.weight is Weight.OTHER:
        return moves.correct(connection, entry, receipt, since=weighed.since)
    return moves.publish(
        connection, entry, receipt, now=now, who=who, reason=REASON, since=weighed.since
    )
