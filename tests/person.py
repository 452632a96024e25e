"""Somebody who signs an account in: every value at hand, and a browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from browser import decided
from clocks import Clock
from scheduler.platforms.signing_in import pasted

SECRETS_OF_AN_APP = ("app_secret", "client_secret", "consumer_key", "consumer_secret")


@dataclass(slots=True)
class _Coming:
    """Pastes what the browser ends at; a test may turn it into something else."""

    desk: Desk
    address: str
    state: str
    alone: bool

    def code(self, page: str) -> str:
        self.desk.pages.append(page)
        ended = decided(self.desk.changed_page(page), **self.desk.answers)
        return pasted(self.desk.changed(ended), state=self.state, alone=self.alone)


@dataclass(slots=True)
class Desk:
    """Somebody who has every value at hand, and a browser."""

    values: dict[str, str]
    clock: Clock
    shown: bool = True
    answers: dict[str, str] = field(default_factory=dict)
    pages: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def now(self):
        return self.clock.now()

    def say(self, sentence):
        self.said.append(sentence)

    def secret(self, name, question, *, optional=False):
        return self.values.get(name, "")

    def word(self, name, question):
        return self.values[name]

    @contextmanager
    def back(self, address, *, shown="") -> Iterator[_Coming]:
        here = address.replace(":0/", ":51234/")
        alone = bool(self.shown and shown)
        yield _Coming(self, shown if alone else here, "the state", alone)

    def changed(self, ended: str) -> str:
        return ended

    def changed_page(self, page: str) -> str:
        return page


def values_of(address) -> dict[str, str]:
    return {
        **{
            name: address.options[name]
            for name in ("app_id", "client_id")
            if name in address.options
        },
        **{name: address.secrets[name] for name in SECRETS_OF_AN_APP if name in address.secrets},
    }
