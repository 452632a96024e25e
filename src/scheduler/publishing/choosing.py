"""Which accounts are served next: fairly between members, so many for each platform, in turns."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, zip_longest

from scheduler.errors import UserError
from scheduler.ledger import Connection, Due, questions, taking_turns
from scheduler.model import Coalition, Key
from scheduler.publishing.means import Means

#: Of what is due, so many are looked at; a member with more of them does not hide the others.
SEEN = 1000
#: At most so many deliveries are taken up for an account at once.
PER_ACCOUNT = 8
#: For each connection, so many accounts are taken up before there is another look.
AHEAD = 4
#: The same among workers who share a ledger: what one has taken up waits for it.
PER_ACCOUNT_SHARED, AHEAD_SHARED = 3, 2
#: How long nobody else looks at an account. Whoever is slower is not kept from ending it.
TURN = timedelta(seconds=20)
#: Another worker may have been first; then what it has left is looked at.
_TURNS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """An account that is served next, with what is due of it, in the order of time."""

    account: str
    platform: str
    keys: tuple[Key, ...]


class Choosing:
    """Chooses for one worker; remembers whose turns are to be given back."""

    def __init__(self, means: Means) -> None:
        self._means = means
        self._shared = means.ledger.shared
        self._most = (AHEAD_SHARED if self._shared else AHEAD) * means.connections
        self._per_account = PER_ACCOUNT_SHARED if self._shared else PER_ACCOUNT
        self._ended: set[str] = set()
        self._lock = threading.Lock()
        #: Whether more was due than was taken up when it was last looked.
        self.more = False

    def ended(self, account: str) -> None:
        """The account has been served."""
        with self._lock:
            self._ended.add(account)

    def close(self, campaign: str) -> None:
        """Leave what was not served to others."""
        if self._shared:
            with suppress(UserError):  # else the turns end by themselves
                self._in_turn(campaign, (), self._means.clock.now())

    def next(
        self, coalition: Coalition, now: datetime, served: Mapping[str, str]
    ) -> tuple[Served, ...]:
        """What to serve, beside the accounts that are served already, with their platforms."""
        for _ in range(_TURNS if self._shared else 1):
            due = self._due(coalition.own.id, now, served)
            wanted = tuple(self._within_room(_alternating(due, coalition), served))
            self.more = len(due) > len(wanted)
            ours = self._in_turn(coalition.own.id, wanted, now)
            if ours or not wanted:
                return ours
        return ()

    def _due(self, campaign: str, now: datetime, served: Mapping[str, str]) -> dict[str, Served]:
        """By account. Whoever has very much that is due hides nobody: it is asked again."""
        full = [name for name, count in Counter(served.values()).items() if count >= self._most]
        found: dict[str, Served] = {}
        while True:
            rows = self._waiting(campaign, now, without=(*served, *found), full=full)
            found |= {one.account: one for one in by_account(rows, self._per_account)}
            if len(rows) < SEEN or len(found) >= self._most:
                return found

    def _waiting(
        self, campaign: str, now: datetime, *, without: Collection[str], full: Collection[str]
    ) -> tuple[Due, ...]:
        return self._means.ledger.read(
            lambda connection: questions.waiting(
                connection,
                campaign,
                now=now,
                without=without,
                full=full,
                worker=self._means.worker if self._shared else "",
                most=SEEN,
            )
        )

    def _within_room(self, wanted: Iterable[Served], served: Mapping[str, str]) -> Iterator[Served]:
        """So many of each platform: one that is slow does not hold back the others."""
        counts = Counter(served.values())
        for one in wanted:
            if counts[one.platform] < self._most:
                counts[one.platform] += 1
                yield one

    def _in_turn(
        self, campaign: str, wanted: tuple[Served, ...], now: datetime
    ) -> tuple[Served, ...]:
        """Those that no other worker has just taken."""
        if not self._shared:
            return wanted
        with self._lock:
            ended, self._ended = self._ended, set()
        names = [one.account for one in wanted]
        if not (names or ended):
            return ()
        scope, worker = questions.accounts_of(campaign), self._means.worker

        def change(connection: Connection) -> frozenset[str]:
            taking_turns.give_back(connection, scope, ended - set(names), worker=worker)
            return taking_turns.take(
                connection, scope, names, now=now, until=now + TURN, worker=worker
            )

        taken = self._means.ledger.write(change)
        return tuple(one for one in wanted if one.account in taken)


def by_account(found: Iterable[Due], most: int | None = None) -> tuple[Served, ...]:
    """What is due, or comes, of each account; so many of it, where that is said."""
    groups: dict[str, list[Due]] = {}
    for each in found:
        groups.setdefault(each.account, []).append(each)
    return tuple(
        Served(
            account=account,
            platform=group[0].platform,
            keys=tuple(each.key for each in group[:most]),
        )
        for account, group in groups.items()
    )


def _alternating(due: Mapping[str, Served], coalition: Coalition) -> Iterator[Served]:
    """One account of each member after the other: the first of each has waited longest."""
    members: dict[str, list[Served]] = {}
    for one in due.values():
        speaker = coalition.speaker(one.account)
        members.setdefault(speaker.member.id if speaker else "", []).append(one)
    rounds = zip_longest(*members.values())
    return (one for one in chain.from_iterable(rounds) if one is not None)
