"""Who is served when: accounts side by side, each in the order of time."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType, TracebackType
from typing import Self

from scheduler.ledger import Connection, Synced, deciding, questions, syncing
from scheduler.model import Account, Campaign, Coalition, Hold, Key
from scheduler.planning import keys_of, plan
from scheduler.platforms import Platform
from scheduler.publishing.choosing import Choosing, Served, by_account
from scheduler.publishing.delivering import Step
from scheduler.publishing.in_hand import InHand
from scheduler.publishing.means import Clock, Edition, Means
from scheduler.publishing.preparing import prepare

log = logging.getLogger(__name__)

#: A wall clock that is further ahead than this of the time that passed is not believed at once.
JUMP = timedelta(minutes=2)
#: How often to ask again for what another process has in its hands.
AGAIN = timedelta(seconds=5)

#: So long before the hour everything is made ready for it, looked for so often.
PREPARED, PREPARE_EVERY = timedelta(minutes=10), timedelta(minutes=1)
#: As whom the file beside the calendar decides.
HOLDS = "holds.yaml"

_NONE: Mapping[tuple[str, str], str] = MappingProxyType({})


class Publisher:
    """Publishes what is due of one coalition, in one process among any number of them.

    Accounts are served side by side, each by one thread at a time and in the order of time. Each
    platform has threads of its own: a slow one does not hold back the others.
    """

    def __init__(
        self,
        means: Means,
        *,
        on_rest: Callable[[], None] = lambda: None,
        on_more: Callable[[], None] = lambda: None,
    ) -> None:
        """`on_rest` is called, from any thread, when there is room to serve more accounts.

        `on_more` is called when more is due than this process takes up: others may help.
        """
        self._means = means
        self._on_rest = on_rest
        self._on_more = on_more
        self._pools: dict[str, ThreadPoolExecutor] = {}
        self._choosing = Choosing(means)
        #: The accounts that are served, with their platforms.
        self._served: dict[str, str] = {}
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

    def take(
        self,
        coalition: Coalition,
        held: Mapping[tuple[str, str], str] = _NONE,
        files: str = "",
    ) -> Synced:
        """Publish this campaign from now on: what its calendar plans enters the ledger.

        `held` says why a post must not go out on an account as it is; `files` names what it was
        read from, as a digest. Raises `FirstDayMoved`.
        """
        means = self._means
        if not means.plans:
            self._adopt(coalition, held, files)
            return Synced()
        deliveries = plan(coalition)
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
                edition=files,
            )
            if coalition.silenced is None:  # else nobody knows what the file says
                _follow_holds(connection, coalition, now)
            return synced

        synced = means.ledger.write(change)
        self._adopt(coalition, held, files)
        return synced

    def _adopt(self, coalition: Coalition, held: Mapping[tuple[str, str], str], files: str) -> None:
        platforms = {
            name: self._connected(account)
            for name, account in coalition.accounts.items()
            if not account.kit
        }
        self._edition = Edition(coalition=coalition, held=held, platforms=platforms, files=files)
        self._prepared = None

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
        if silenced is None and self._means.plans:
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
        if not self._is_newest(edition):
            return now + PREPARE_EVERY
        with self._rest:
            served = dict(self._served)
        due = self._choosing.next(edition.coalition, now, served)
        for one in due:
            self._begin(one, self._publish)
        if not (due or served):  # what is due does not wait for what only comes
            for one in self._coming(campaign, now):
                self._begin(one, self._prepare)
        if self._choosing.more:
            self._on_more()
        following = self._means.ledger.read(
            lambda connection: questions.next_look(connection, campaign.id)
        )
        if following is None or following > now:
            return following
        # What is overdue is being served, and `on_rest` tells, or is in another process's hands.
        return now + AGAIN

    def wait(self) -> None:
        """Return when everything that was begun has ended."""
        with self._rest:
            self._rest.wait_for(lambda: not self._served)

    def close(self) -> None:
        """Finish the deliveries that are under way, begin nothing more."""
        self._closing = True
        for pool in self._pools.values():
            pool.shutdown(wait=True, cancel_futures=True)
        if self._edition is not None:
            for account in self._served:  # begun, and never served
                self._choosing.ended(account)
            self._choosing.close(self._edition.coalition.own.id)

    def _is_newest(self, edition: Edition) -> bool:
        """Whether these files are those that count, on a ledger that machines share.

        A copy that was not brought up to date would say what somebody has edited since.
        """
        if not (self._means.ledger.shared and edition.files):
            return True
        counts = self._means.ledger.read(
            lambda connection: questions.edition(connection, edition.coalition.own.id)
        )
        if counts == edition.files:
            return True
        log.warning(
            "publishing nothing: the calendar here (%.8s) is not the one that was last taken up "
            "(%.8s); bring this machine's copy up to date",
            edition.files,
            counts or "none yet",
            extra={"action": "outdated"},
        )
        return False

    def _coming(self, campaign: Campaign, now: datetime) -> tuple[Served, ...]:
        """What to prepare, by account: what is due soon, each delivery once."""
        if self._prepared is not None and now < self._prepared + PREPARE_EVERY:
            return ()
        after = max(now, self._prepared + PREPARED) if self._prepared else now
        coming = self._means.ledger.read(
            lambda connection: questions.coming(
                connection, campaign.id, after=after, until=now + PREPARED
            )
        )
        self._prepared = now
        with self._rest:
            served = frozenset(self._served)
        return tuple(each for each in by_account(coming) if each.account not in served)

    def _begin(self, one: Served, work: Callable[[Key], None]) -> None:
        with self._rest:
            self._served[one.account] = one.platform
        self._pool(one.platform).submit(self._serve, one, work)

    def _pool(self, platform: str) -> ThreadPoolExecutor:
        """Threads of its own; whoever wants one connection wants one account after the other."""
        most = self._means.connections
        name = platform if most > 1 else "all"
        if name not in self._pools:
            self._pools[name] = ThreadPoolExecutor(most, thread_name_prefix=f"publish-{name}")
        return self._pools[name]

    def _publish(self, key: Key) -> None:
        Step(InHand.of(self._means, lambda: self._edition, key)).take()

    def _prepare(self, key: Key) -> None:
        if self._edition is not None:
            prepare(self._means, self._edition, key)

    def _serve(self, one: Served, work: Callable[[Key], None]) -> None:
        try:
            for key in one.keys:
                if not self._closing:
                    work(key)
        except Exception:
            # Whatever it was, the ledger says how far each delivery came.
            log.exception("serving failed", extra={"action": "serve", "account": one.account})
        finally:
            self._choosing.ended(one.account)
            with self._rest:
                del self._served[one.account]
                left = list(self._served.values()).count(one.platform)
                self._rest.notify_all()
            if left <= self._means.connections:
                self._on_rest()


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
