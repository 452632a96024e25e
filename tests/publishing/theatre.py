"""A campaign of two posts on one stand-in account, and everything around it."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

from scheduler.ledger import Ledger, questions
from scheduler.model import Account
from scheduler.platforms import PLATFORMS
from scheduler.publishing import Means, Publisher
from scheduler.rehearsing import FastClock
from scheduler.sandbox import Sandbox, Script

MASTODON = (
    "platform: folder, directory: published",
    "platform: mastodon, server: https://mastodon.example, token: {env: T}",
)
PUBLISH = "POST /api/v1/statuses"
UPLOAD = "POST /api/v2/media"


@dataclasses.dataclass
class Theatre:
    """A campaign of two posts on one stand-in account, and everything around it."""

    coalition: object
    ledger: Ledger
    clock: FastClock
    sandbox: Sandbox
    script: Script
    shelf: object
    held: str | None = None
    #: Accounts of the calendar that are another one at the platform.
    called: dict[str, str] = dataclasses.field(default_factory=dict)
    #: What runs on the server, where it is not Mastodon.
    software: str = ""

    def __post_init__(self):
        self.publisher = self.another()

    def another(self, worker="first"):
        publisher = Publisher(
            Means(
                ledger=self.ledger,
                clock=self.clock,
                shelf=self.shelf,
                connect=self.connect,
                gate=lambda *_: self.held,
                worker=worker,
            )
        )
        publisher.take(self.coalition)
        return publisher

    @property
    def campaign(self):
        return self.coalition.own

    def connect(self, account: Account):
        named = self.called.get(account.name, account.name)
        address = self.sandbox.start("mastodon", account=named, software=self.software)
        options = {"server": address.server, "sandbox": "true"}
        tokens = dataclasses.make_dataclass(
            "Given", [], namespace={"read": lambda *_: address.secrets["token"]}
        )
        return PLATFORMS["mastodon"](dataclasses.replace(account, options=options), tokens=tokens())

    def look(self, after: timedelta = timedelta(0)):
        self.clock.advance(self.clock.now() + after)
        following = self.publisher.tick()
        self.publisher.wait()
        return following

    def play(self):
        """To the end of everything that happens by itself."""
        for _ in range(500):
            waiting = [entry.look_at for entry in self.entries() if entry.look_at]
            if not waiting:
                return
            self.clock.advance(min(waiting))
            self.look()
        raise AssertionError("it never ends")

    def entries(self):
        return self.ledger.read(lambda c: questions.entries(c, "small-2026"))

    @property
    def launch(self):
        return self.entries()[0]

    def public(self):
        return self.sandbox.public("archive")

    def journal(self, key):
        return self.ledger.read(lambda c: [line.act for line in questions.steps(c, key)])
