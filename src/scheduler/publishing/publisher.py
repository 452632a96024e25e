"""Who is served when: accounts side by side, each in the order of time."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType, TracebackType
from typing import Self

from scheduler.ledger import Connection, Synced, deciding, questions, syncing
from scheduler.model import Account, Campaign, Coalition, Hold, Key
from scheduler.planning import keys_of, plan
from scheduler.platforms import Platform
from scheduler.publishing.delivering import Step
from scheduler.publishing.in_hand import InHand
from scheduler.publishing.means import Clock, Edition, Means
from scheduler.publishing.preparing import prepare

log = logging.getLogger(__name__)

#: A wall clock that is further ahead than this of the time that passed is not believed at once.
JUMP = timedelta(minutes=2)
#: At most so many deliveries are taken up for an account at once.
PER_ACCOUNT = 8
#: For each connection, so many accounts are taken up before there is another look.
AHEAD = 4
#: How often to ask again for what another process has in its hands.
AGAIN = timedelta(seconds=5)

#: So long before the hour everything is made ready for it, looked for so often.
PREPARED, PREPARE_EVERY = timedelta(minutes=10), timedelta(minutes=1)
#: As whom the file beside the calendar decides.
HOLDS = "holds.yaml"

_NONE: Mapping[tuple[str, str], str] = MappingProxyType({})


class Publisher:
    """Publishes what is due of one coalition, in one process among any number of them.

    Accounts are served side by side, each by one thread at a time and in the order of time.
    """

    def __init__(self, means: Means, *, on_rest: Callable[[], None] = lambda: None) -> None:
        """`on_rest` is called, from any thread, when there is room to serve more accounts."""
        self._means = means
        self._on_rest = on_rest
        self._pool = ThreadPoolExecutor(means.connections, thread_name_prefix="publish")
        self._served: set[str] = set()
        self._rest = threading.Condition()
        self._closing = False
        self._edition: Edition | None = None
        self._jumps = _Jumps(means.clock)
        #: When it was last looked for what comes soon; None before a calendar was taken up.
        self._prepared: datetime | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def take(self, coalition: Coalition, held: Mapping[tuple[str, str], str] = _NONE) -> Synced:
        """Publish this campaign from now on: what its calendar plans enters the ledger.

        `held` says why a post must not go out on an account as it is. Raises `FirstDayMoved`.
        """
        means = self._means
        deliveries = plan(coalition)
        platforms = {
            name: self._connected(account)
            for campaign in coalition.campaigns.values()
            for name, account in campaign.accounts.items()
            if not account.kit
        }
        now = means.clock.now()

        def change(connection: Connection) -> Synced:
            synced = syncing.sync(
                connection,
                coalition.own.id,
                coalition.own.first_day,
                deliveries,
                gone=lambda account: coalition.complete or coalition.speaker(account) is not None,
                now=now,
                who=means.worker,
            )
            if coalition.silenced is None:  # else nobody knows what the file says
                _follow_holds(connection, coalition, now)
            return synced

        synced = means.ledger.write(change)
        self._edition = Edition(coalition=coalition, held=held, platforms=platforms)
        self._prepared = None
        return synced

    def _connected(self, account: Account) -> Platform:
        """Its adapter; the one it had, which is signed in already, where nothing has changed."""
        before = self._edition
        old = before.coalition.speaker(account.name) if before else None
        if before and old and old.accounts.get(account.name) == account:
            return before.platforms[account.name]
        return self._means.connect(account)

    @property
    def coalition(self) -> Coalition | None:
        """Who speaks, as it was last taken up."""
        return self._edition.coalition if self._edition else None

    def take_holds(self, holds: tuple[Hold, ...], silenced: str | None) -> None:
        """Hold this from now on, with the calendar as it was last taken up."""
        edition = self._edition
        if edition is None:
            raise AssertionError("nothing was taken up that could be held")
        coalition = replace(edition.coalition, holds=holds, silenced=silenced)
        now = self._means.clock.now()
        if silenced is None:
            self._means.ledger.write(lambda connection: _follow_holds(connection, coalition, now))
        self._edition = replace(edition, coalition=coalition)

    def tick(self) -> datetime | None:
        """Begin everything that is due; returns when to look next, None when nothing will come.

        Returns before the work is done: `on_rest` says when there is room for more.
        """
        edition, now = self._edition, self._means.clock.now()
        if edition is None:
            return None
        if self._means.deadman:
            self._means.deadman.awake()
        if self._jumps.seen():
            # A wrong clock must not make everything missed: the next look decides.
            return now + AGAIN
        campaign = edition.coalition.own
        for account, keys in self._waiting(campaign, now).items():
            self._begin(account, keys, self._publish)
        for account, keys in self._coming(campaign, now).items():
            self._begin(account, keys, self._prepare)
        following = self._means.ledger.read(
            lambda connection: questions.next_look(connection, campaign.id)
        )
        # What is overdue is being served, and `on_rest` tells, or is in another process's hands.
        return None if following is None else max(following, now + AGAIN)

    def wait(self) -> None:
        """Return when everything that was begun has ended."""
        with self._rest:
            self._rest.wait_for(lambda: not self._served)

    def close(self) -> None:
        """Finish the deliveries that are under way, begin nothing more."""
        self._closing = True
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _waiting(self, campaign: Campaign, now: datetime) -> dict[str, list[Key]]:
        """What to serve next, by account; the account that has waited longest first.

        More accounts than can be served at once: who is done finds the next one without a look.
        """
        with self._rest:
            served = frozenset(self._served)
        room = AHEAD * self._means.connections - len(served)
        if room <= 0:
            return {}
        waiting = self._means.ledger.read(
            lambda connection: questions.waiting(
                connection, campaign.id, now=now, without=served, most=room * PER_ACCOUNT
            )
        )
        groups = _by_account(waiting)
        return {account: keys[:PER_ACCOUNT] for account, keys in list(groups.items())[:room]}

    def _coming(self, campaign: Campaign, now: datetime) -> dict[str, list[Key]]:
        """What to prepare, by account: what is due soon, each delivery once."""
        if self._prepared is not None and now < self._prepared + PREPARE_EVERY:
            return {}
        after = max(now, self._prepared + PREPARED) if self._prepared else now
        coming = self._means.ledger.read(
            lambda connection: questions.coming(
                connection, campaign.id, after=after, until=now + PREPARED
            )
        )
        self._prepared = now
        with self._rest:
            return {
                account: keys
                for account, keys in _by_account(coming).items()
                if account not in self._served
            }

    def _begin(self, account: str, keys: Iterable[Key], work: Callable[[Key], None]) -> None:
        with self._rest:
            self._served.add(account)
        self._pool.submit(self._serve, account, keys, work)

    def _publish(self, key: Key) -> None:
        Step(InHand.of(self._means, lambda: self._edition, key)).take()

    def _prepare(self, key: Key) -> None:
        if self._edition is not None:
            prepare(self._means, self._edition, key)

    def _serve(self, account: str, keys: Iterable[Key], work: Callable[[Key], None]) -> None:
        try:
            for key in keys:
                if not self._closing:
                    work(key)
        except Exception:
            # Whatever it was, the ledger says how far each delivery came.
            log.exception("serving failed", extra={"action": "serve", "account": account})
        finally:
            with self._rest:
                self._served.discard(account)
                left = len(self._served)
                self._rest.notify_all()
            if left <= self._means.connections:
                self._on_rest()


def _by_account(found: Iterable[tuple[Key, str]]) -> dict[str, list[Key]]:
    groups: dict[str, list[Key]] = {}
    for key, account in found:
        groups.setdefault(account, []).append(key)
    return groups


def _follow_holds(connection: Connection, coalition: Coalition, now: datetime) -> None:
    """What holds.yaml says no more is released, and wants everybody's yes once again."""
    own = coalition.own
    ended = deciding.follow_file(connection, own.id, coalition.holds, now=now, who=HOLDS)
    for hold in ended:
        reached = keys_of(coalition, hold.hold.target)
        because = f"the hold of {hold.hold} ended"
        deciding.revoke(connection, own.id, reached, because=because, now=now, who=HOLDS)


class _Jumps:
    """Notices when the wall clock has moved on without the time that has passed."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._before: tuple[datetime, float] | None = None

    def seen(self) -> bool:
        """Whether it jumped ahead since the last call.

        Where a machine does not count the time it sleeps, that looks the same.
        """
        now, monotonic = self._clock.now(), self._clock.monotonic()
        before, self._before = self._before, (now, monotonic)
        if before is None:
            return False
        ahead = (now - before[0]) - timedelta(seconds=monotonic - before[1])
        if ahead > JUMP:
            log.warning(
                "the clock jumped ahead by %s: looking again", ahead, extra={"action": "jump"}
            )
        return ahead > JUMP
