"""Recognisable tokens at every platform, while everything goes wrong: nobody reads one anywhere."""

from __future__ import annotations

import json
import logging
import threading
import traceback
from dataclasses import replace
from datetime import timedelta
from itertools import chain
from urllib.parse import unquote, unquote_plus

import pytest
import requests

from clocks import Clock
from person import SECRETS_OF_AN_APP, Desk, values_of
from scheduler.accounts import Seal, StoredTokens
from scheduler.errors import Ending
from scheduler.ledger import Ledger, signing
from scheduler.model import Account, Draft, Secret
from scheduler.platforms import PLATFORMS
from scheduler.platforms.signing_in import WAYS, renewal_of
from scheduler.publishing import Vault, renew_early, signed_in_as
from scheduler.sandbox import STAND_INS, Drop, Garble, Instead, LoseAnswer, Refuse, Sandbox

PLANTED = tuple(STAND_INS)
DRAFT = Draft(text="Words.", pictures=(), language="en")
#: What each call meets in turn; some answers repeat everything that was asked.
WAYS_TO_FAIL = (
    Refuse(),
    Drop(),
    LoseAnswer(),
    Garble(status=200),
    "echo 400",
    "echo 401",
    "echo 500",
)


class Echoing:
    """Lets every call fail in one way; an echo repeats everything that was sent, as some do."""

    def __init__(self):
        self.fault = None
        self.sent = threading.local()

    def arrived(self, _platform, request):
        body = unquote_plus(request.get_data(as_text=True))
        header = unquote(request.headers.get("Authorization", ""))
        self.sent.words = f"{unquote_plus(request.url)} {header} {body}"

    def __call__(self, call):
        if isinstance(self.fault, str):
            words = self.sent.words
            said = {"error": words, "error_description": words, "message": words, "detail": words}
            return Instead(status=int(self.fault.split()[1]), body=json.dumps(said))
        return self.fault


@pytest.fixture
def echoing():
    return Echoing()


@pytest.fixture
def world(echoing, tmp_path):
    clock = Clock()
    seal = Seal(key=bytes(range(32)), place="a test")
    file = tmp_path / "ledger.sqlite3"
    with (
        Sandbox(now=clock.now, faults=echoing, arrivals=echoing.arrived) as sandbox,
        Ledger(file) as ledger,
    ):
        vault = Vault(ledger=ledger, seal=lambda: seal, now=clock.now, worker="one")
        yield World(sandbox, ledger, vault, clock, tmp_path)


class World:
    def __init__(self, sandbox, ledger, vault, clock, folder):
        self.sandbox, self.ledger, self.vault = sandbox, ledger, vault
        self.clock, self.folder = clock, folder

    def account(self, platform):
        address = self.sandbox.start(platform, account="eu")
        secrets = {}
        for name, value in address.secrets.items():
            if name != "token" or platform not in {"threads", "instagram", "linkedin"}:
                (self.folder / f"{platform}-{name}").write_text(value, "utf-8")
                secrets[name] = Secret(kind="file", name=f"{platform}-{name}")
        account = Account(name=platform, platform=platform, options=address.options)
        return address, replace(account, secrets=secrets)

    def tokens(self, account):
        return StoredTokens(
            account, environment={}, root=self.folder, grants=self.vault.of(account.name)
        )


def everything(world, address, account):
    """All that the program ever asks of a platform, each as far as it comes."""
    tokens = world.tokens(account)
    adapter = PLATFORMS[account.platform](account, tokens=tokens, host=world.sandbox.host("eu"))
    wanted = {**values_of(address), **address.secrets}
    desk = Desk({**wanted, "": ""}, world.clock, shown=account.platform == "x")
    yield lambda: WAYS[account.platform].sign_in(replace(account, name="eu"), desk)
    yield adapter.whoami
    yield lambda: renew_early(account, tokens, world.vault, now=world.clock.now())
    yield lambda: adapter.publish(adapter.stage(DRAFT, due=world.clock.now()), key="a/b/c/1")
    yield lambda: adapter.standing(since=world.clock.now() - timedelta(days=1))


@pytest.mark.parametrize("platform", PLANTED)
def test_no_secret_is_read_in_logs_ledger_or_tracebacks_whatever_goes_wrong(
    platform, world, echoing, caplog, capsys
):
    address, account = world.account(platform)
    secrets = {*address.secrets.values()}
    desk = Desk(
        {**values_of(address), **address.secrets, "": ""}, world.clock, shown=platform == "x"
    )
    told = []
    with caplog.at_level(logging.DEBUG):
        entered = WAYS[platform].sign_in(replace(account, name="eu"), desk)
        if entered.grant is not None:
            world.vault.of(platform).keep(entered.grant)
            secrets |= {entered.grant.access, entered.grant.refresh}
        secrets |= {value for name, value in entered.secrets.items() if name != "app_id"}
        identity = PLATFORMS[platform](account, tokens=world.tokens(account), host=None).whoami()
        said = signed_in_as(account, identity, entered.grant, now=world.clock.now())
        world.ledger.write(lambda connection: signing.remember_signed_in(connection, said))
        secrets = {each for each in secrets if each}
        if renewal_of(account):
            world.clock.instant += timedelta(days=41)
        for fault in WAYS_TO_FAIL:
            echoing.fault = fault
            for ask in everything(world, address, account):
                try:
                    ask()
                except Ending as ending:
                    told += [str(ending), repr(ending), *traceback.format_exception(ending)]
                except (AssertionError, requests.RequestException) as error:
                    # The browser of the test meets the same faults.
                    told += traceback.format_exception(error)[-1:]
    assert told, "something went wrong"
    told += [repr(entered), repr(entered.grant), repr(world.tokens(account)), str(said)]
    told += [record.getMessage() for record in caplog.records]
    told += chain(capsys.readouterr())
    seen = "\n".join(told)
    assert not [each for each in secrets if each in seen]


def test_what_the_ledger_has_on_the_disk_holds_no_secret(world, tmp_path):
    planted = set()
    for platform in PLANTED:
        address, account = world.account(platform)
        desk = Desk(
            {**values_of(address), **address.secrets, "": ""}, world.clock, shown=platform == "x"
        )
        entered = WAYS[platform].sign_in(replace(account, name="eu"), desk)
        planted |= {value for value in address.secrets.values() if len(value) > len("short")}
        if entered.grant is not None:
            world.vault.of(platform).keep(entered.grant)
            planted |= {entered.grant.access, entered.grant.refresh} - {""}
    world.ledger.close()
    files = list(tmp_path.glob("ledger.sqlite3*"))
    data = b"".join(file.read_bytes() for file in files)
    assert b"grants" in data
    assert not [each for each in planted if each.encode() in data]
    assert SECRETS_OF_AN_APP
