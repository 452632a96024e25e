"""In the quiet: accounts are asked who they are, and their tokens are renewed in time."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

import pytest

from clocks import Clock
from person import Desk, values_of
from scheduler.accounts import Seal, StoredTokens
from scheduler.calendar import read_calendar
from scheduler.ledger import Ledger, deciding, signing
from scheduler.model import Account
from scheduler.platforms import PLATFORMS
from scheduler.platforms.signing_in import WAYS
from scheduler.publishing import Tending, Vault, home
from scheduler.sandbox import Instead, Sandbox, Script

ME = "GET /v1.0/me"
RENEW = "GET /refresh_access_token"


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def script():
    return Script()


@pytest.fixture
def calls():
    return []


@pytest.fixture
def sandbox(clock, script, calls):
    def faults(call):
        calls.append(call.endpoint)
        return script(call)

    with Sandbox(now=clock.now, faults=faults) as sandbox:
        yield sandbox


@pytest.fixture
def ledger(tmp_path):
    with Ledger(tmp_path / "ledger.sqlite3") as ledger:
        yield ledger


@pytest.fixture
def world(sandbox, ledger, clock, calendar, tmp_path):
    return World(sandbox, ledger, clock, read_calendar(calendar()).coalition, tmp_path)


class World:
    """A campaign with one account at Threads, which somebody has signed in."""

    def __init__(self, sandbox, ledger, clock, coalition, root):
        address = sandbox.start("threads", account="eu")
        self.account = Account(name="eu", platform="threads", options=address.options)
        self.ledger, self.clock, self.root = ledger, clock, root
        seal = Seal(key=bytes(32), place="a test")
        self.vault = Vault(ledger=ledger, seal=lambda: seal, now=clock.now, worker="one")
        grant = WAYS["threads"].sign_in(self.account, Desk(values_of(address), clock)).grant
        self.vault.of("eu").keep(grant)
        self.coalition = coalition
        self.tending = Tending(
            ledger=ledger, vault=self.vault, now=clock.now, connect=self.connected
        )

    def connected(self, account):
        tokens = StoredTokens(
            account, environment={}, root=self.root, grants=self.vault.of(account.name)
        )
        return PLATFORMS[account.platform](account, tokens=tokens, host=None), tokens

    def tend(self, account=None):
        said = account or self.account
        own = replace(self.coalition.own, accounts=MappingProxyType({"eu": said}))
        campaigns = MappingProxyType({own.member.id: own})
        self.tending.tend(replace(self.coalition, campaigns=campaigns))

    @property
    def known(self):
        return self.ledger.read(signing.signed_in)


def test_who_an_account_is_and_until_when_is_asked_once_a_day(world, clock, calls):
    calls.clear()
    for _ in range(3):
        world.tend()
        clock.instant += timedelta(minutes=1)
    assert calls.count(ME) == 1
    (said,) = world.known
    assert (said.name, said.platform, said.quota_left) == ("@eu", "threads", 250)
    assert said.expires - clock.now() > timedelta(days=59)
    clock.instant += timedelta(days=1)
    world.tend()
    assert calls.count(ME) == 2
    assert world.known[0].looked_at == clock.now()


def test_a_token_is_renewed_once_and_in_time(world, clock, calls):
    for _ in range(60):
        world.tend()
        clock.instant += timedelta(days=1)
    assert calls.count(RENEW) == 1
    assert world.known[0].expires - clock.now() > timedelta(days=38)


def test_a_renewal_that_fails_is_tried_again_and_the_old_token_is_used(
    world, clock, script, calls, caplog
):
    clock.instant += timedelta(days=41)
    script.add(RENEW, Instead(status=500, body="no"))
    with caplog.at_level(logging.WARNING):
        world.tend()
        world.tend()  # not at once
    assert calls.count(RENEW) == 1
    assert "eu" in caplog.text
    clock.instant += timedelta(hours=1)
    world.tend()
    assert calls.count(RENEW) == 2
    assert world.known


def test_a_dead_token_is_said_with_the_command_that_mends_it(world, clock, caplog):
    clock.instant += timedelta(days=61)
    world.tend()
    assert "campaign login eu" in caplog.text


def test_an_account_that_is_not_live_on_this_ledger_is_never_contacted(world, calls):
    public = {**world.account.options, "sandbox": "false"}
    account = replace(world.account, options=public)
    calls.clear()
    world.tend(account)
    assert calls == []
    own = world.coalition.own.id
    world.ledger.write(
        lambda connection: deciding.bind(
            connection,
            own,
            "eu",
            "@eu",
            home=home(world.ledger),
            now=world.clock.now(),
            who="somebody",
        )
    )
    world.tend(replace(account, options=world.account.options))
    assert ME in calls


def test_it_ends_where_it_is_told_to(world, calls):
    calls.clear()
    own = replace(world.coalition.own, accounts=MappingProxyType({"eu": world.account}))
    campaigns = MappingProxyType({own.member.id: own})
    world.tending.tend(replace(world.coalition, campaigns=campaigns), lambda: False)
    assert calls == []
