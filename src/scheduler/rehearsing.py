"""The sixteen days on a fast clock: the real publishing path against sandbox platforms.

With a `Faultload`, things go wrong meanwhile, by a seed: see `hazards`. Nothing is contacted but
loopback, no secret is resolved, and the ledger is thrown away. What the public would have seen is
read from the stand-ins, not from what we believe.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from datetime import time as midnight
from pathlib import Path
from types import MappingProxyType

from scheduler.cards import Shelf
from scheduler.hazards import PATIENCE, Injected, World
from scheduler.ledger import BUSY, Entry, Ledger, questions
from scheduler.model import Account, Campaign, Coalition, Grants, Key, State
from scheduler.planning import plan
from scheduler.platforms import NOWHERE, PLATFORMS, MediaHost, Platform, Remembered
from scheduler.preview.feeds import Feed, FeedPost
from scheduler.publishing import Means, Publisher
from scheduler.sandbox import Faultload, PublicPost, Sandbox, software_of


class FastClock:
    """Time that passes only when nothing is under way."""

    def __init__(self, start: datetime) -> None:
        self._start = start
        self._now = start

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return (self._now - self._start).total_seconds() + time.monotonic()

    def wait(self, seconds: float) -> None:
        """No time passes while something is under way: the next try follows at once."""

    def advance(self, to: datetime) -> None:
        self._now = max(self._now, to)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """How the sixteen days went: the ledger's word, and the public's."""

    entries: tuple[Entry, ...]
    feeds: tuple[Feed, ...]
    simulated_days: int
    seconds: float
    #: What the platforms show and the ledger cannot account for, or the other way round.
    differences: tuple[str, ...] = ()
    #: What went wrong; None where nothing was injected.
    injected: Injected | None = None

    @property
    def duplicates(self) -> int:
        """Posts that the public saw more than once, counted at the platforms."""
        return sum(_repeated(feed) for feed in self.feeds)

    def count(self, state: State) -> int:
        return sum(entry.state is state for entry in self.entries)

    @property
    def perfect(self) -> bool:
        """Everything went out once, or into a kit: the ledger and the platforms agree."""
        shown = sum(len(feed.posts) for feed in self.feeds)
        published, handed = self.count(State.PUBLISHED), self.count(State.HANDED)
        return (
            self.duplicates == 0 and published == shown and published + handed == len(self.entries)
        )

    @property
    def lost(self) -> tuple[Entry, ...]:
        """What did not go out, and no reason and no fault says why."""
        return tuple(entry for entry in self.entries if not self._accounted_for(entry))

    @property
    def passed(self) -> bool:
        """Perfect; among faults, nothing was doubled and nothing was silently lost."""
        if self.injected is None:
            return self.perfect
        return not (self.duplicates or self.differences or self.lost)

    def _accounted_for(self, entry: Entry) -> bool:
        if entry.state in (State.PUBLISHED, State.HANDED):
            return True
        told = entry.state in _TOLD and bool(entry.reason)
        return told and self.injected is not None and bool(self.injected.felt(entry))


#: How a delivery may end that did not go out, or of which nobody knows.
_TOLD = (State.MISSED, State.UNCONFIRMED, State.REJECTED)


def rehearse(
    coalition: Coalition,
    *,
    shelf: Shelf,
    held: Mapping[tuple[str, str], str] = MappingProxyType({}),
    start: date | None = None,
    progress: Callable[[int], Callable[[], None]] | None = None,
    faults: Faultload | None = None,
    platforms: Mapping[str, type[Platform]] = PLATFORMS,
    keep: Path | None = None,
) -> Rehearsal:
    """Publish the whole campaign to the sandbox, among `faults` where there are any.

    The clock starts on the eve of the first day, or on `start`: what was due before that is
    missed, as it would be. What is `held`, by post and account, stays held until it is missed.
    The ledger is thrown away, unless `keep` says where it stays.
    """
    begun = time.monotonic()
    clock = FastClock(_start(coalition.own, start))
    world = World(faults, coalition=coalition, held=held, clock=clock) if faults else None
    with (
        tempfile.TemporaryDirectory(prefix="rehearsal-", ignore_cleanup_errors=True) as folder,
        Ledger(
            keep or Path(folder) / "ledger.sqlite3", patience=PATIENCE if world else BUSY
        ) as ledger,
        Sandbox(now=clock.now, faults=world.injector if world else lambda _call: None) as sandbox,
    ):
        stage = _Stage(sandbox, Path(folder), platforms)
        means = Means(
            ledger=ledger,
            clock=clock,
            shelf=shelf,
            connect=stage.connect,
            gate=lambda *_: None,
            approvals=lambda _campaign: 0,
            worker="rehearsal",
        )
        advance = progress(len(plan(coalition))) if progress else lambda: None
        if world:
            world.play(means, sandbox, advance)
        else:
            _play(means, clock, coalition, held, advance)
        entries = _entries(ledger, coalition)
        accounts = tuple(_accounts(coalition))
        feeds = tuple(stage.feed(account, campaign, entries) for campaign, account in accounts)
        differences = tuple(
            difference
            for _, account in accounts
            for difference in _differences(account.name, stage.standing(account), entries)
        )
    return Rehearsal(
        entries=entries,
        feeds=feeds,
        simulated_days=_days(coalition),
        seconds=round(time.monotonic() - begun, 2),
        differences=differences,
        injected=world.result() if world else None,
    )


def _accounts(coalition: Coalition) -> Iterator[tuple[Campaign, Account]]:
    """Every account that is published to by the program, and whose it is."""
    for campaign in coalition.campaigns.values():
        if not campaign.member.kit:
            yield from ((campaign, account) for account in campaign.accounts.values())


def _differences(
    account: str, standing: Sequence[frozenset[str]], entries: Iterable[Entry]
) -> Iterator[str]:
    """Where the platform and the ledger do not say the same.

    `standing` names every post that stands there. Whoever is unconfirmed may stand there or not.
    """
    own = [entry for entry in entries if entry.account == account]
    receipts = {entry.key: {entry.receipt.id, entry.receipt.url} for entry in own if entry.receipt}
    for key, names in receipts.items():
        if not any(names & post for post in standing):
            yield f"{key} is published, says the ledger, and does not stand there"
    strays = [post for post in standing if not any(names & post for names in receipts.values())]
    unconfirmed = sum(entry.state is State.UNCONFIRMED for entry in own)
    if len(strays) > unconfirmed:
        more = len(strays) - unconfirmed
        yield f"{account} shows {more} that the ledger does not know of, of {len(standing)} in all"


def _start(campaign: Campaign, start: date | None) -> datetime:
    first = start or campaign.first_day - timedelta(days=1)
    return datetime.combine(first, midnight(), tzinfo=campaign.zone).astimezone(UTC)


def _play(
    means: Means,
    clock: FastClock,
    coalition: Coalition,
    held: Mapping[tuple[str, str], str],
    advance: Callable[[], None],
) -> None:
    publisher = Publisher(means)
    publisher.take(coalition, held)
    before = _entries(means.ledger, coalition)
    while waiting := [entry.look_at for entry in before if entry.look_at is not None]:
        clock.advance(min(waiting))
        publisher.tick()
        publisher.wait()
        after = _entries(means.ledger, coalition)
        if after == before:
            raise AssertionError(f"at {clock.now()} something was due and nothing happened")
        for _ in range(_ended(after) - _ended(before)):
            advance()
        before = after
    publisher.close()


def _entries(ledger: Ledger, coalition: Coalition) -> tuple[Entry, ...]:
    return ledger.read(lambda connection: questions.entries(connection, coalition.own.id))


def _ended(entries: tuple[Entry, ...]) -> int:
    return sum(entry.look_at is None for entry in entries)


def _days(coalition: Coalition) -> int:
    """The calendar days, in the campaign's zone, from the first delivery to the last."""
    dates = [delivery.due.astimezone(coalition.own.zone).date() for delivery in plan(coalition)]
    return (max(dates) - min(dates)).days + 1


@dataclass(frozen=True, slots=True)
class _Stage:
    """Where each account goes instead: a stand-in on loopback, or a folder that is thrown away."""

    sandbox: Sandbox
    folder: Path
    platforms: Mapping[str, type[Platform]]

    def connect(self, account: Account) -> Platform:
        platform = self.platforms[account.platform]
        if account.platform == "folder":
            options = {"directory": str(self._directory(account))}
            return platform(replace(account, options=options), tokens=_Given({}), host=NOWHERE)
        software = software_of(account.platform, account.options)
        address = self.sandbox.start(account.platform, account=account.name, software=software)
        options = {**account.options, **address.options}
        return platform(
            replace(account, options=options),
            tokens=_Given(address.secrets),
            host=self._host(account),
        )

    def _host(self, account: Account) -> MediaHost:
        fetches = self.platforms[account.platform].fetches_pictures
        return self.sandbox.host(account.name) if fetches else NOWHERE

    def feed(self, account: Account, campaign: Campaign, entries: tuple[Entry, ...]) -> Feed:
        """What the public would see of the account, oldest first."""
        if account.platform == "folder":
            written = {entry.key: entry.published_at for entry in entries}
            posts = _posts_in(self._directory(account), written)
        else:
            posts = tuple(_post(public) for public in self.sandbox.public(account.name))
        return Feed(
            account=account.name,
            member=campaign.member.name,
            platform=account.platform,
            zone=campaign.zone,
            posts=posts,
        )

    def standing(self, account: Account) -> tuple[frozenset[str], ...]:
        """Every post that stands there, by the names that a receipt may have for it."""
        if account.platform == "folder":
            files = self._directory(account).rglob("post.json")
            return tuple(frozenset({json.loads(file.read_bytes())["key"]}) for file in files)
        public = self.sandbox.public(account.name)
        return tuple(frozenset({post.id, post.url}) for post in public)

    def _directory(self, account: Account) -> Path:
        return self.folder / "folders" / account.name


@dataclass(frozen=True, slots=True, repr=False)
class _Given:
    """Secrets that a stand-in gave; the calendar's own secrets are never resolved here."""

    tokens: Mapping[str, str]
    grants: Grants = field(default_factory=Remembered)

    def read(self, name: str) -> str:
        return self.tokens[name]


def _post(public: PublicPost) -> FeedPost:
    return FeedPost(
        text=public.text,
        note=public.note,
        language=public.language,
        alts=public.alts,
        pictures=public.pictures,
        published_at=public.published_at,
        url=public.url,
        covered=public.covered,
    )


def _posts_in(directory: Path, written: Mapping[Key, datetime | None]) -> tuple[FeedPost, ...]:
    """The posts that stand in a folder; when each was written, only the ledger knows."""
    posts = []
    for file in directory.rglob("post.json"):
        said = json.loads(file.read_bytes())
        if published_at := written.get(said["key"]):
            posts.append(
                FeedPost(
                    text=(file.parent / "text.txt").read_text("utf-8"),
                    note=said["note"],
                    language=said["language"],
                    alts=tuple(picture["alt"] for picture in said["pictures"]),
                    pictures=tuple(
                        (file.parent / picture["file"]).read_bytes() for picture in said["pictures"]
                    ),
                    published_at=published_at,
                    url=file.parent.relative_to(directory).as_posix(),
                )
            )
    return tuple(sorted(posts, key=lambda post: (post.published_at, post.url)))


def _repeated(feed: Feed) -> int:
    """How many posts say again, to the byte, what the account has said before."""
    return len(feed.posts) - len({(post.text, post.note, post.pictures) for post in feed.posts})
