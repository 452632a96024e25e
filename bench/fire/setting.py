"""Everything that a worker must know: who says what, where the platforms are, what time it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from datetime import time as hour
from pathlib import Path

from classes import CLASSES
from classes.adapters import ADAPTERS, NoSecrets
from classes.campaigns import FastClock, Stage, coalition, midnight, post
from stand_ins.kinds import Tells, account, kind_of, kinds, post_on

from scheduler.cards import Shelf
from scheduler.hosting import host
from scheduler.ledger import Ledger
from scheduler.model import Account, Bucket, Coalition, Grants, Post, ServedDirectory
from scheduler.platforms import (
    NOWHERE,
    PLATFORMS,
    Absent,
    Finding,
    MediaHost,
    Platform,
    Remembered,
    Staged,
)
from scheduler.publishing import Means
from scheduler.publishing.means import Clock

ID = "chaos"
#: Ahead of the machine's own clock, by which the daemon's scheduler goes: what the fast clock calls
#: soon must not look long past to it.
ON = date(2036, 11, 25)
#: How much faster the clock runs than time passes.
HASTE = 60.0
#: Of each class, with so many posts each, of which every fourth is a thread of two parts.
ACCOUNTS = 60
POSTS = 6
THREADS = 4
#: On each real platform: within every quota of an hour and of a day, with room for what must be
#: sent again.
OF_EACH = 3
EACH = 10
CONNECTIONS = 16

#: The real platforms, by name.
KINDS = kinds(ON)
#: What each kind of platform can tell after an answer was lost.
TELLS: Mapping[str, Tells] = {
    **{name: Tells.NOTHING if name == "nothing" else Tells.ALL for name in CLASSES},
    **{name: kind.tells for name, kind in KINDS.items()},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """As JSON for workers that are new interpreters."""

    folder: str
    #: Where the five classes are.
    server: str
    #: Where pictures lie that are fetched; options and secrets of each account on a real platform.
    pictures: str
    addresses: Mapping[str, Mapping[str, Mapping[str, str]]] = field(repr=False)
    begun: float
    #: Seconds of the clock over which the deliveries fall due.
    span: float
    accounts: int = ACCOUNTS
    posts: int = POSTS
    each: int = EACH
    #: Whether every adapter swears that nothing is public: the harness must notice.
    lying: bool = False
    #: Where the ledger is on a server; "" for a file.
    database: str = ""
    #: How many at a time.
    workers: int = 2

    @property
    def where(self) -> Path | str:
        return self.database or self.ledger

    @property
    def clock(self) -> FastClock:
        return FastClock(midnight(ON), self.begun, HASTE)

    @property
    def ledger(self) -> Path:
        return Path(self.folder) / "ledger.sqlite3"

    @property
    def shelf(self) -> Shelf:
        return Shelf(Path(self.folder) / "cards")

    @property
    def calendar(self) -> Path:
        return Path(self.folder) / "campaign.yaml"

    def coalition(self, haste: float = HASTE) -> Coalition:
        of_classes = [
            Stage(server=self.server, haste=haste).account(kind, number)
            for kind in CLASSES
            for number in range(self.accounts)
        ]
        posts = [
            self._post(number, place, account)
            for place, account in enumerate(of_classes)
            for number in range(self.posts)
        ]
        accounts = [*of_classes, *self._real()]
        posts += self._posts_on(accounts[len(of_classes) :])
        return coalition(ID, accounts, posts, first_day=ON, root=Path(self.folder))

    def _real(self) -> list[Account]:
        return [
            account(name, KINDS[kind_of(name)], address["options"])
            for name, address in self.addresses.items()
        ]

    def _post(self, number: int, place: int, account: Account) -> Post:
        share = (number + place / (len(CLASSES) * self.accounts)) / self.posts
        thread = 1 if number % THREADS == THREADS - 1 else 0
        return post(ID, number, account.name, at=self._at(share), thread=thread)

    def _posts_on(self, accounts: Sequence[Account]) -> list[Post]:
        return [
            post_on(
                ID,
                one.name,
                KINDS[kind_of(one.name)],
                number,
                at=self._at((number + place / len(accounts)) / self.each),
            )
            for place, one in enumerate(accounts)
            for number in range(self.each)
        ]

    def _at(self, share: float) -> hour:
        return (midnight(ON) + timedelta(seconds=self.span * share)).time()

    def means(self, ledger: Ledger, clock: Clock, worker: str) -> Means:
        return Means(
            ledger=ledger,
            clock=clock,
            shelf=self.shelf,
            connect=self.connect,
            gate=lambda *_: None,
            worker=worker,
            connections=CONNECTIONS,
        )

    def connect(self, account: Account) -> Platform:
        """The account's adapter, signed in; a liar where it shall be one."""
        if "kind" in account.options:
            adapter: type[Platform] = ADAPTERS[account.options["kind"]]
            return self._honest(adapter)(account, tokens=NoSecrets(), host=NOWHERE)
        adapter = self._honest(PLATFORMS[account.platform])
        tokens = Given(self.addresses[account.name]["secrets"])
        return adapter(account, tokens=tokens, host=self._host())

    def _honest(self, adapter: type[Platform]) -> type[Platform]:
        return lying(adapter) if self.lying else adapter

    def _host(self) -> MediaHost:
        """A folder that is served, as a calendar may name one."""
        served = ServedDirectory(directory=PICTURES, address=self.pictures)
        return host(served, root=Path(self.folder), secrets=_no_bucket)


#: The folder that is served.
PICTURES = "pictures"


def lying(adapter: type[Platform]) -> type[Platform]:
    """The adapter, but it swears that nothing is public, whatever stands there."""

    class Liar(adapter):  # type: ignore[misc, valid-type]
        def find(self, staged: Staged, *, key: str, since: datetime) -> Finding:
            del staged, key, since
            return Absent(reason="sworn")

    return Liar


@dataclass(frozen=True, slots=True, repr=False)
class Given:
    """Secrets that a stand-in gave."""

    tokens: Mapping[str, str]
    grants: Grants = field(default_factory=Remembered)

    def read(self, name: str) -> str:
        return self.tokens[name]


def _no_bucket(bucket: Bucket) -> Given:
    raise AssertionError(f"pictures lie in a folder, and not in {bucket.name}")
