"""A theatre for every test of publishing, on both databases."""

from __future__ import annotations

import pytest
from theatre import MASTODON, Theatre

from scheduler.calendar import read_calendar
from scheduler.ledger import Ledger
from scheduler.planning import plan
from scheduler.rehearsing import FastClock
from scheduler.sandbox import Sandbox, Script


@pytest.fixture
def theatre(calendar, where, shelf):
    coalition = read_calendar(calendar(MASTODON)).unwrap()
    script = Script()
    clock = FastClock(plan(coalition)[0].due)
    with (
        Ledger(where) as ledger,
        Sandbox(now=clock.now, faults=script) as sandbox,
    ):
        theatre = Theatre(coalition, ledger, clock, sandbox, script, shelf)
        yield theatre
        theatre.publisher.close()
