"""A scene for every test of alerts, on both databases."""

from __future__ import annotations

import pytest
from receiving import Hook, PostOffice
from scene import Scene

from scheduler.ledger import Ledger


@pytest.fixture
def office():
    with PostOffice() as office:
        yield office


@pytest.fixture
def hook():
    with Hook() as hook:
        yield hook


@pytest.fixture
def scene(calendar, where, shelf, office, hook):
    with Ledger(where) as ledger:
        yield Scene(calendar, ledger, shelf, office, hook)
