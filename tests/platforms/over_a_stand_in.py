"""The contract over a stand-in: what the test files of the adapters have in common."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import pytest
from arrivals import watched
from contract import KEY, PlatformContract, Seen

from clocks import Clock
from scheduler.errors import Ending
from scheduler.sandbox import Sandbox, Script


@dataclass(slots=True)
class Tokens:
    """The secrets that a stand-in gave, and no other."""

    secrets: Mapping[str, str]

    def read(self, name: str) -> str:
        return self.secrets[name]


class OverAStandIn(PlatformContract):
    #: As the registry calls it.
    name: str

    @pytest.fixture
    def clock(self):
        return Clock()

    @pytest.fixture
    def script(self):
        return Script()

    @pytest.fixture
    def processing(self):
        return timedelta(0)

    @pytest.fixture
    def sandbox(self, clock, script, processing):
        with watched(now=clock.now, faults=script, processing=processing) as sandbox:
            yield sandbox

    @pytest.fixture
    def address(self, sandbox):
        return sandbox.start(self.name, account="eu")

    def ending(self, venue, staged) -> Ending:
        with pytest.raises(Ending) as caught:
            venue.platform.publish(staged, key=KEY)
        return caught.value


def seen(sandbox: Sandbox) -> list[Seen]:
    return [
        Seen(
            text=post.text,
            note=post.note,
            language=post.language,
            alts=post.alts,
            digests=post.digests,
            reply_to=post.reply_to,
        )
        for post in sandbox.public("eu")
    ]
