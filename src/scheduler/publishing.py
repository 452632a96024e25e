"""From due to public, once: claim → stage → arm → publish → settle.

Every step is durable in the ledger before the next begins. A process may die between any two of
them: what it left behind says how far it came, and the next look does the right thing.

    claimed, staged   nothing is public: after the lease it is planned again
    armed             it may be public: after the lease and the request's timeouts it is looked for
    unconfirmed       looked for until it is found, proved absent, or left to a person
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Any, Protocol, Self, TypeVar

from scheduler.accounts import StoredTokens
from scheduler.cards import CardError, Shelf
from scheduler.drafting import draft_for, frozen
from scheduler.errors import AccountRefused, ContentRejected, Ending, NotSent, RateLimited
from scheduler.ledger import Entry, Ledger, Outrun, Synced, moves
from scheduler.model import Account, Campaign, Draft, Key, Receipt, State
from scheduler.planning import key, plan
from scheduler.platforms import (
    OVER_THE_NETWORK,
    PLATFORMS,
    Absent,
    Finding,
    Found,
    Platform,
    Staged,
    Unknown,
)

log = logging.getLogger(__name__)

#: How long a worker may hold a delivery before others take it for lost.
LEASE = timedelta(minutes=2)
#: Waits before the next try, and between looks for what is unconfirmed; the last one repeats.
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (15, 60, 300, 900))
#: So long after its grace an unconfirmed delivery is looked for; then it is left to a person.
LOOKED_FOR = timedelta(days=1)
#: A wall clock that is further ahead than this of the time that passed is not believed at once.
JUMP = timedelta(minutes=2)
#: At most so many deliveries are taken up for an account at once.
PER_ACCOUNT = 8
#: How often to ask again for what another process has in its hands, and whether a hold has ended.
AGAIN = timedelta(seconds=5)
HELD_AGAIN = timedelta(minutes=1)
_SOON = timedelta(microseconds=1)

_NONE: Mapping[str, str] = MappingProxyType({})

Answer = TypeVar("Answer")


class Clock(Protocol):
    """What time it is. Only `now` may jump; lengths of time are taken from `monotonic`."""

    def now(self) -> datetime: ...

    def monotonic(self) -> float: ...


def signed_in(account: Account, *, root: Path, environment: Mapping[str, str]) -> Platform:
    """The account's adapter with its own tokens; paths are taken from `root`."""
    platform = PLATFORMS[account.platform]
    options = {
        name: str(root / value) if platform.options[name].path else value
        for name, value in account.options.items()
    }
    tokens = StoredTokens(account, environment=environment, root=root)
    return platform(replace(account, options=options), tokens=tokens)


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What publishing needs. `worker` is this process's name in the ledger."""

    ledger: Ledger
    clock: Clock
    shelf: Shelf
    #: Gives an account's adapter, signed in.
    connect: Callable[[Account], Platform]
    #: Says why an account must not publish here, or None.
    gate: Callable[[Account], str | None]
    worker: str
    lease: timedelta = LEASE
    #: Accounts that are served at the same time.
    connections: int = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class _Edition:
    """A calendar as it was taken up, with everything that belongs to it."""

    campaign: Campaign
    held: Mapping[str, str]
    platforms: Mapping[str, Platform]
    #: As whom each account publishes, once a platform has said so.
    identities: dict[str, str] = field(default_factory=dict)

    def identity(self, account: str) -> str:
        """The account's own name at its platform, asked once; raises an `Ending`."""
        if account not in self.identities:
            said = self.platforms[account].whoami()
            self.identities[account] = f"{said.name} ({said.id}) at {said.url}"
        return self.identities[account]


class Publisher:
    """Publishes what is due of one campaign, in one process among any number of them.

    Accounts are served side by side, each by one thread at a time and in the order of time.
    """

    def __init__(self, means: Means, *, on_rest: Callable[[], None] = lambda: None) -> None:
        """`on_rest` is called, from any thread, whenever an account has been served."""
        self._means = means
        self._on_rest = on_rest
        self._pool = ThreadPoolExecutor(means.connections, thread_name_prefix="publish")
        self._served: set[str] = set()
        self._rest = threading.Condition()
        self._closing = False
        self._edition: _Edition | None = None
        self._jumps = _Jumps(means.clock)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def take(self, campaign: Campaign, held: Mapping[str, str] = _NONE) -> Synced:
        """Publish this campaign from now on: what its calendar plans enters the ledger.

        `held` says why a post, by its id, must not go out as it is. Raises `FirstDayMoved`.
        """
        means = self._means
        deliveries = plan(campaign)
        platforms = {name: means.connect(account) for name, account in campaign.accounts.items()}
        synced = means.ledger.write(
            lambda connection: moves.sync(
                connection,
                campaign.id,
                campaign.first_day,
                deliveries,
                now=means.clock.now(),
                who=means.worker,
            )
        )
        self._edition = _Edition(campaign=campaign, held=held, platforms=platforms)
        return synced

    def tick(self) -> datetime | None:
        """Begin everything that is due; returns when to look next, None when nothing will come.

        Returns before the work is done: `on_rest` says when there is room for more.
        """
        edition, now = self._edition, self._means.clock.now()
        if edition is None:
            return None
        if self._jumps.seen():
            # A wrong clock must not make everything missed: the next look decides.
            return now + AGAIN
        for account, keys in self._waiting(edition.campaign, now).items():
            with self._rest:
                self._served.add(account)
            self._pool.submit(self._serve, account, keys)
        following = self._means.ledger.read(
            lambda connection: moves.next_look(connection, edition.campaign.id)
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
        """What to serve next, by account; the account that has waited longest first."""
        with self._rest:
            served = frozenset(self._served)
        room = self._means.connections - len(served)
        if room <= 0:
            return {}
        entries = self._means.ledger.read(
            lambda connection: moves.waiting(
                connection, campaign.id, now=now, without=served, most=room * PER_ACCOUNT
            )
        )
        groups: dict[str, list[Key]] = {}
        for entry in entries:
            groups.setdefault(entry.account, []).append(entry.key)
        return {account: keys[:PER_ACCOUNT] for account, keys in list(groups.items())[:room]}

    def _serve(self, account: str, keys: Iterable[Key]) -> None:
        try:
            for key in keys:
                if not self._closing:
                    _Step.of(self._means, lambda: self._edition, key).take()
        except Exception:
            # Whatever it was, the ledger says how far each delivery came.
            log.exception("serving failed", extra={"action": "serve", "account": account})
        finally:
            with self._rest:
                self._served.discard(account)
                self._rest.notify_all()
            self._on_rest()


class _Jumps:
    """Notices when the wall clock has moved on without the time that has passed."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._before: tuple[datetime, float] | None = None

    def seen(self) -> bool:
        """Whether it jumped ahead since the last call; a machine that slept looks the same."""
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


@dataclass(slots=True)
class _Step:
    """What one delivery's state asks for by now. Every move is durable when it returns."""

    means: Means
    #: The newest calendar, which may change while a picture is uploaded.
    newest: Callable[[], _Edition | None]
    edition: _Edition
    entry: Entry

    @classmethod
    def of(cls, means: Means, newest: Callable[[], _Edition | None], key: Key) -> Self:
        edition = newest()
        if edition is None:
            raise AssertionError("nothing is served before a calendar was taken up")
        entry = means.ledger.read(lambda connection: moves.entry(connection, key))
        return cls(means, newest, edition, entry)

    def take(self) -> None:
        if self.entry.look_at is None or self.entry.look_at > self._now:
            return  # since the look, somebody else has moved it
        try:
            match self.entry.state:
                case State.PLANNED:
                    self._publish()
                case State.HELD:
                    self._look_at_hold()
                case State.CLAIMED | State.STAGED:
                    self._again("its worker was lost before anything was sent")
                case State.ARMED:
                    self._unconfirmed("its worker was lost while sending")
                case State.UNCONFIRMED:
                    self._look_for()
        except Outrun:
            log.info("outrun", extra={"action": "outrun", "key": self.entry.key})

    # ── before its time, and after it ─────────────────────────────────────────────────────────────

    def _look_at_hold(self) -> None:
        reason = self._reason_to_hold() or self._reason_to_wait()
        if self.entry.post not in self.edition.campaign.posts:
            self._move(State.CANCELLED, "taken out of the calendar")
        elif self._late:
            self._move(State.MISSED, f"held until it was too late: {self.entry.reason}")
        elif reason is None:
            self._move(State.PLANNED, look_at=max(self._now, self.entry.due))
        else:
            self._postpone(self._held_look(), reason)

    def _reason_to_hold(self) -> str | None:
        campaign = self.edition.campaign
        account = campaign.accounts.get(self.entry.account)
        if account is None:
            return "its account is no longer in the calendar"
        post = campaign.posts.get(self.entry.post)
        if post is None:
            return "its post is no longer in the calendar"
        if post.embargo is not None and self._now < post.embargo:
            return f"under embargo until {post.embargo:%Y-%m-%d %H:%M} UTC"
        return (
            self.edition.held.get(post.id)
            or self.means.gate(account)
            or self._read(
                lambda connection: moves.hold_reason(connection, campaign.id, account.name)
            )
        )

    def _before(self) -> Entry | None:
        """The part of the thread that this one answers, as it stands now; None for a first part."""
        if self.entry.part == 1:
            return None
        before = key(self.entry.campaign, self.entry.post, self.entry.account, self.entry.part - 1)
        return self._read(lambda connection: moves.entry(connection, before))

    # ── the way to the public ─────────────────────────────────────────────────────────────────────

    def _publish(self) -> None:
        if self._late:
            why = f" ({self.entry.reason})" if self.entry.reason else ""
            self._move(State.MISSED, f"its time and its grace had passed{why}")
        elif reason := self._reason_to_hold() or self._reason_to_wait():
            self._hold(reason)
        elif self._platform is not None and self._claim():
            self._claimed(self._platform)

    def _reason_to_wait(self) -> str | None:
        """A thread is published in its order, and never with a hole in it."""
        before = self._before()
        if before is None or before.state is State.PUBLISHED:
            return None
        return f"part {before.part} of its thread is {before.state}"

    def _claim(self) -> bool:
        claimed = self._write(
            lambda connection: moves.claim(
                connection,
                self.entry.key,
                now=self._now,
                until=self._now + self.means.lease,
                worker=self.means.worker,
            )
        )
        self.entry = claimed or self.entry
        return claimed is not None

    def _claimed(self, platform: Platform) -> None:
        draft = self._draft()
        staged = self._stage(platform, draft) if draft else None
        if staged is None:
            return
        begun = self.means.clock.monotonic()
        self._arm(staged)
        if self._may_still_go(begun):
            self._send(platform, staged)

    def _draft(self) -> Draft | None:
        campaign = self.edition.campaign
        try:
            return draft_for(
                campaign,
                campaign.posts[self.entry.post],
                self.entry.account,
                self.means.shelf,
                part=self.entry.part,
            )
        except CardError as error:
            self._hold(f"its card cannot be drawn: {error}")
        except Exception as error:  # noqa: BLE001 (nothing has left: it may be tried again)
            self._again(f"its card cannot be drawn: {_said(error)}")
        return None

    def _stage(self, platform: Platform, draft: Draft) -> Staged | None:
        before = self._before()
        try:
            identity = self.edition.identity(self.entry.account)
            twin = self._read(
                lambda connection: moves.said_before(
                    connection, self.entry, frozen(draft), identity
                )
            )
            if twin is not None:
                self._hold(f"the very same went out as {twin}: change a word, or take one out")
                return None
            staged = platform.stage(draft, reply_to=before.receipt if before else None)
        except Exception as error:  # noqa: BLE001 (nothing is public yet: any of it may be repeated)
            if not self._settled(error):
                self._again(_said(error))
            return None
        self.entry = self._write(
            lambda connection: moves.stage(
                connection,
                self.entry,
                frozen(draft),
                identity=identity,
                now=self._now,
                until=self._now + self.means.lease,
                who=self.means.worker,
            )
        )
        return staged

    def _arm(self, staged: Staged) -> None:
        """Commit the request before it leaves: from here on, only the platform knows."""
        self.entry = self._write(
            lambda connection: moves.arm(
                connection,
                self.entry,
                staged.request,
                now=self._now,
                until=self._now + self.means.lease + self._in_flight,
                who=self.means.worker,
            )
        )

    def _may_still_go(self, begun: float) -> bool:
        """The last look before the send; a no leaves it as it was, since nothing has left."""
        seen = self._read(lambda connection: moves.entry(connection, self.entry.key))
        if (seen.state, seen.fence) != (State.ARMED, self.entry.fence):
            raise Outrun(self.entry.key)
        self.entry = seen  # its time may have been moved
        before, self.edition = self.edition, self.newest() or self.edition
        if self.means.clock.monotonic() - begun > self.means.lease.total_seconds():
            self._again("too much time passed before it was sent")
        elif reason := self._reason_to_hold():
            self._hold(reason)
        elif self._late:
            self._move(State.MISSED, "its grace had passed while it was prepared")
        elif self._now < self.entry.due or self._edited(before):
            reason = "it was edited while it was prepared"
            self._move(State.PLANNED, reason, look_at=max(self._now, self.entry.due))
        else:
            return True
        return False

    def _edited(self, before: _Edition) -> bool:
        old, new = before.campaign, self.edition.campaign
        same_post = old.posts[self.entry.post] == new.posts[self.entry.post]
        same_account = old.accounts[self.entry.account] == new.accounts[self.entry.account]
        same_look = (old.brand, old.days, old.rules) == (new.brand, new.days, new.rules)
        return not (same_post and same_account and same_look)

    def _send(self, platform: Platform, staged: Staged) -> None:
        try:
            receipt = platform.publish(staged, key=self.entry.key)
        except Exception as error:  # noqa: BLE001 (whatever is not proved, it may be public)
            if not self._settled(error):
                self._unconfirmed(_said(error))
            return
        self._published(receipt)

    def _settled(self, error: Exception) -> bool:
        """Whether the ending is definite, and what follows from it has been written down."""
        match error:
            case RateLimited():
                self._again(_said(error), pause=timedelta(seconds=error.retry_after or 0))
            case NotSent():
                self._again(_said(error))
            case ContentRejected():
                self._move(State.REJECTED, _said(error))
            case AccountRefused():
                self._hold_account(_said(error))
            case _:
                return False
        return True

    # ── what is unconfirmed ───────────────────────────────────────────────────────────────────────

    def _look_for(self) -> None:
        finding = self._finding()
        match finding:
            case Found():
                self._published(finding.receipt)
            case Absent() if self._late:
                self._move(State.MISSED, f"not public, and too late by now: {finding.reason}")
            case Absent():
                self._move(
                    State.PLANNED, finding.reason, look_at=max(self._now, self.entry.due), tries=0
                )
            case Unknown() if self._now > self.entry.latest + LOOKED_FOR:
                log.warning(
                    "%s is left to a person: %s",
                    self.entry.key,
                    finding.reason,
                    extra={"action": "unconfirmed", "key": self.entry.key},
                )
                self._postpone(None, finding.reason)
            case Unknown():
                self._postpone(self._now + _pause(self.entry.tries), finding.reason)

    def _finding(self) -> Finding:
        attempt = self._read(lambda connection: moves.last_attempt(connection, self.entry.key))
        platform = self._platform
        if platform is None or attempt is None or attempt.request is None:
            return Unknown(reason="its account is no longer in the calendar")
        staged = Staged(request=attempt.request)
        try:
            identity = self.edition.identity(self.entry.account)
            if identity != attempt.identity:
                return Unknown(reason=f"it was sent as {attempt.identity}, and this is {identity}")
            since = attempt.armed_at or self.entry.due
            return platform.find(staged, key=self.entry.key, since=since)
        except Exception as error:  # noqa: BLE001 (a question that fails answers nothing)
            return Unknown(reason=_said(error))

    # ── steps ─────────────────────────────────────────────────────────────────────────────────────

    def _published(self, receipt: Receipt) -> None:
        self._move(
            State.PUBLISHED,
            receipt_id=receipt.id,
            receipt_url=receipt.url,
            published_at=moves.stamp(self._now),
        )

    def _unconfirmed(self, reason: str) -> None:
        self._move(State.UNCONFIRMED, reason, look_at=self._now + self._in_flight, tries=0)

    def _again(self, reason: str, *, pause: timedelta = timedelta(0)) -> None:
        """Nothing is public: try again later, or be missed when the grace ends first."""
        look_at = max(self._now + max(pause, _pause(self.entry.tries)), self.entry.due)
        self._move(
            State.PLANNED,
            reason,
            look_at=min(look_at, max(self.entry.latest, self._now) + _SOON),
            tries=self.entry.tries + 1,
        )

    def _hold_account(self, reason: str) -> None:
        self._write(
            lambda connection: moves.hold(
                connection,
                self.entry.campaign,
                self.entry.account,
                reason=reason,
                now=self._now,
                who=self.means.worker,
            )
        )
        self._hold(reason)

    def _hold(self, reason: str) -> None:
        self._move(State.HELD, reason, look_at=self._held_look())

    def _held_look(self) -> datetime:
        return min(self._now + HELD_AGAIN, max(self.entry.latest, self._now) + _SOON)

    def _move(
        self, to: State, reason: str = "", *, look_at: datetime | None = None, **columns: Any
    ) -> None:
        self.entry = self._write(
            lambda connection: moves.move(
                connection,
                self.entry,
                to,
                now=self._now,
                who=self.means.worker,
                reason=reason,
                look_at=look_at,
                **columns,
            )
        )
        level = logging.INFO if to in _GOOD else logging.WARNING
        told = {"action": str(to), "key": self.entry.key}
        log.log(level, "%s %s%s", self.entry.key, to, f": {reason}" if reason else "", extra=told)

    def _postpone(self, look_at: datetime | None, reason: str) -> None:
        self._write(
            lambda connection: moves.postpone(connection, self.entry, look_at, reason=reason)
        )

    @property
    def _now(self) -> datetime:
        return self.means.clock.now()

    @property
    def _platform(self) -> Platform | None:
        """None when the account has left the calendar: then only time can move the delivery."""
        return self.edition.platforms.get(self.entry.account)

    @property
    def _in_flight(self) -> timedelta:
        return OVER_THE_NETWORK if self._platform is None else self._platform.in_flight

    @property
    def _late(self) -> bool:
        return self._now > self.entry.latest

    def _read(self, query: Callable[[Any], Answer]) -> Answer:
        return self.means.ledger.read(query)

    def _write(self, change: Callable[[Any], Answer]) -> Answer:
        return self.means.ledger.write(change)


#: Steps that nobody needs to be told of.
_GOOD = (State.PLANNED, State.PUBLISHED)


def _pause(tries: int) -> timedelta:
    return PAUSES[min(tries, len(PAUSES) - 1)]


def _said(error: Exception) -> str:
    """What the ending says; anything that is no ending is named, since it is a bug of ours."""
    if isinstance(error, Ending):
        return str(error)
    log.error("unexpected", exc_info=error, extra={"action": "unexpected"})
    return f"unexpected {type(error).__name__}: {error}"
