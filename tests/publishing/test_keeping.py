"""Tokens that are renewed: sealed, one process at a time, and never lost without a word."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from clocks import Clock
from person import Desk, values_of
from scheduler.accounts import KeyFile, Seal, StoredTokens, WrongKey
from scheduler.errors import AccountRefused, Ambiguous, NotSent
from scheduler.ledger import Ledger, granting
from scheduler.model import Account, Grant, Secret
from scheduler.platforms import PLATFORMS
from scheduler.platforms.signing_in import WAYS, is_due
from scheduler.publishing import Vault, renew_early
from scheduler.publishing.keeping import LEASE
from scheduler.sandbox import LoseAnswer, Sandbox, Script

DRIVER = Path(__file__).with_name("renewing_driver.py")
SEAL = Seal(key=bytes(32), place="a test")


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def ledger(where):
    with Ledger(where) as ledger:
        yield ledger


@pytest.fixture
def vault(ledger, clock):
    return vault_of(ledger, clock)


def vault_of(ledger, clock, worker="one") -> Vault:
    return Vault(ledger=ledger, seal=lambda: SEAL, now=clock.now, worker=worker)


def grant(clock, access="first", **more) -> Grant:
    return Grant(access=access, made_at=clock.now(), **more)


def lost():
    raise Ambiguous("no answer")


# ── one process at a time ─────────────────────────────────────────────────────────────────────────


def test_what_is_kept_is_read_back_as_it_was(vault, clock):
    kept = grant(
        clock, refresh="again", expires=clock.now() + timedelta(days=60), scopes=("a", "b")
    )
    vault.of("eu").keep(kept)
    assert vault_of(vault.ledger, clock, "two").of("eu").kept() == kept


def test_nothing_of_a_token_stands_in_the_ledger(vault, clock):
    vault.of("eu").keep(grant(clock, "planted-access-token", refresh="planted-refresh-token"))
    row = vault.ledger.read(lambda connection: granting.kept(connection, "eu"))
    assert "planted" not in str(row)


def test_whoever_comes_second_gets_what_the_first_has_renewed(vault, clock):
    vault.of("eu").keep(first := grant(clock))
    other = vault_of(vault.ledger, clock, "two").of("eu")
    assert vault.of("eu").renewed(first, lambda: grant(clock, "second")).access == "second"
    assert other.renewed(first, lost).access == "second"


def test_while_one_asks_another_does_not(vault, clock):
    vault.of("eu").keep(first := grant(clock))
    other = vault_of(vault.ledger, clock, "two").of("eu")

    def meanwhile():
        with pytest.raises(NotSent, match="another process"):
            other.renewed(first, lost)
        return grant(clock, "second")

    assert vault.of("eu").renewed(first, meanwhile).access == "second"


def test_threads_of_one_process_ask_once(vault, clock):
    vault.of("eu").keep(first := grant(clock))
    asked = []

    def renew():
        asked.append(threading.get_ident())
        return grant(clock, f"number {len(asked)}")

    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: vault.of("eu").renewed(first, renew).access, range(8)))
    assert (len(asked), found) == (1, {"number 1"})


def test_who_was_lost_while_asking_is_waited_for_no_longer_than_a_call_can_take(vault, clock):
    vault.of("eu").keep(first := grant(clock))
    with pytest.raises(Ambiguous):
        vault.of("eu").renewed(first, lost)
    other = vault_of(vault.ledger, clock, "two").of("eu")
    with pytest.raises(NotSent):
        other.renewed(first, lambda: grant(clock, "second"))
    clock.instant += LEASE
    assert other.renewed(first, lambda: grant(clock, "second")).access == "second"


def test_a_person_who_signs_in_meanwhile_has_the_last_word(vault, clock):
    vault.of("eu").keep(first := grant(clock))

    def meanwhile():
        vault_of(vault.ledger, clock, "two").of("eu").keep(grant(clock, "of a person"))
        return grant(clock, "second")

    assert vault.of("eu").renewed(first, meanwhile).access == "of a person"
    assert vault.of("eu").kept().access == "of a person"


def test_what_was_certainly_not_asked_leaves_no_doubt(vault, clock):
    vault.of("eu").keep(first := grant(clock))

    def unreachable():
        raise NotSent("no connection")

    with pytest.raises(NotSent, match="no connection"):
        vault.of("eu").renewed(first, unreachable)
    row = vault.ledger.read(lambda connection: granting.kept(connection, "eu"))
    assert row.renewing_since is None


def test_a_lost_token_is_said_to_be_lost_and_signing_in_ends_it(vault, clock):
    vault.of("eu").keep(first := grant(clock))
    with pytest.raises(Ambiguous):
        vault.of("eu").renewed(first, lost)

    def dead():
        raise AccountRefused("the token is dead")

    with pytest.raises(AccountRefused, match="the new one is lost"):
        vault.of("eu").renewed(first, dead)
    assert "cut off on 25 November at 09:00 UTC" in vault.of("eu").trouble
    assert vault.of("eu").kept() == first, "its access token may be good for weeks"
    assert vault.ledger.read(granting.troubles) == {"eu": vault.of("eu").trouble}
    vault.of("eu").keep(grant(clock, "new"))
    assert vault.of("eu").trouble is None


def test_a_full_disk_does_not_lose_what_the_platform_gave(tmp_path, clock):
    with Ledger(tmp_path / "ledger.sqlite3") as ledger:
        vault = vault_of(ledger, clock)
        vault.of("eu").keep(first := grant(clock))
        with closing(ledger._writing.raw_connection()) as connection:
            full = int(connection.cursor().execute("PRAGMA page_count").fetchone()[0])
        most = f"PRAGMA max_page_count={full}"

        def on_a_full_disk():
            ledger.write(lambda c: c.exec_driver_sql(most).close())
            return grant(clock, "second", more={"long": "x" * 200_000})

        assert vault.of("eu").renewed(first, on_a_full_disk).access == "second"
        assert vault_of(ledger, clock, "two").of("eu").kept() == first
        assert vault.of("eu").kept().access == "second"
        ledger.write(lambda c: c.exec_driver_sql("PRAGMA max_page_count=1000000").close())
        assert vault.of("eu").kept().access == "second"
        assert vault_of(ledger, clock, "two").of("eu").kept().access == "second"


# ── the key ───────────────────────────────────────────────────────────────────────────────────────


def test_a_key_is_made_once_for_its_owner_alone(tmp_path):
    file = KeyFile(tmp_path / "deep" / "ledger.key")
    with ThreadPoolExecutor(8) as pool:
        keys = {seal.key for seal in pool.map(lambda _: file.seal(), range(8))}
    assert len(keys) == 1
    assert file.file.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in file.file.parent.iterdir()] == ["ledger.key"]


def test_another_key_is_told_from_a_broken_row_by_nobody_and_says_what_to_do(ledger, clock):
    vault_of(ledger, clock).of("eu").keep(grant(clock))
    other = Seal(key=bytes(range(32)), place="elsewhere")
    vault = Vault(ledger=ledger, seal=lambda: other, now=clock.now, worker="two")
    with pytest.raises(WrongKey, match="campaign login eu"):
        vault.of("eu").kept()


def test_what_was_sealed_for_one_account_is_no_other_ones(ledger, clock):
    sealed = SEAL.seal("eu", grant(clock))
    with pytest.raises(WrongKey):
        SEAL.opened("other", sealed)


# ── when, and with which platform ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("life", "after", "due"),
    [(60, 39, False), (60, 40, True), (15, 7, False), (15, 8, True), (3, 0, False), (3, 1, True)],
)
def test_a_token_is_renewed_a_third_or_a_week_before_its_end(life, after, due, clock):
    kept = grant(clock, expires=clock.now() + timedelta(days=life))
    assert is_due(kept, clock.now() + timedelta(days=after)) is due


def test_of_a_token_whose_end_nobody_knows_it_is_known_after_a_day(clock):
    assert not is_due(grant(clock), clock.now() + timedelta(hours=23))
    assert is_due(grant(clock), clock.now() + timedelta(hours=24))


@pytest.fixture
def script():
    return Script()


@pytest.fixture
def sandbox(clock, script):
    with Sandbox(now=clock.now, faults=script) as sandbox:
        yield sandbox


class Signed:
    """An account that somebody has signed in, and its tokens as the program has them."""

    def __init__(self, platform, sandbox, vault, clock, tmp_path):
        self.address = sandbox.start(platform, account="eu")
        self.account = Account(name="eu", platform=platform, options=self.address.options)
        self.vault, self.clock, self.root = vault, clock, tmp_path
        vault.of("eu").keep(self.granted())

    def granted(self):
        desk = Desk(values_of(self.address), self.clock)
        return WAYS[self.account.platform].sign_in(self.account, desk).grant

    @property
    def tokens(self):
        return StoredTokens(
            self.account, environment={}, root=self.root, grants=self.vault.of("eu")
        )

    def renew(self):
        return renew_early(self.account, self.tokens, self.vault, now=self.clock.now())

    def whoami(self):
        adapter = PLATFORMS[self.account.platform]
        return adapter(self.account, tokens=self.tokens, host=None).whoami()


@pytest.fixture(params=["threads", "instagram", "linkedin"])
def signed(request, sandbox, vault, clock, tmp_path):
    return Signed(request.param, sandbox, vault, clock, tmp_path)


def test_a_token_is_renewed_before_it_dies_and_not_before_it_is_time(signed, clock):
    first = signed.tokens.read("token")
    clock.instant += timedelta(days=39)
    signed.renew()
    assert signed.tokens.read("token") == first
    clock.instant += timedelta(days=2)
    signed.renew()
    assert signed.tokens.read("token") != first
    clock.instant += timedelta(days=50)  # the first one is dead for long by now
    assert signed.whoami().name


def test_an_answer_that_is_lost_is_asked_for_again_while_the_old_one_is_taken(
    signed, clock, script
):
    clock.instant += timedelta(days=41)
    script.add(RENEWS[signed.account.platform], LoseAnswer())
    with pytest.raises(Ambiguous):
        signed.renew()
    signed.renew()
    clock.instant += timedelta(days=50)
    assert signed.whoami().name


def test_an_answer_that_is_lost_for_too_long_ends_in_words_for_a_person(signed, clock, script):
    clock.instant += timedelta(days=41)
    script.add(RENEWS[signed.account.platform], LoseAnswer())
    with pytest.raises(Ambiguous):
        signed.renew()
    clock.instant += timedelta(days=2)
    with pytest.raises(AccountRefused, match="the new one is lost"):
        signed.renew()
    assert signed.vault.of("eu").trouble
    signed.vault.of("eu").keep(signed.granted())
    assert signed.whoami().name


def test_a_page_at_linkedin_goes_on_with_its_access_token_when_the_other_is_lost(
    sandbox, vault, clock, script, tmp_path
):
    signed = Signed("linkedin", sandbox, vault, clock, tmp_path)
    clock.instant += timedelta(days=41)
    script.add(RENEWS["linkedin"], LoseAnswer())
    for wait in (timedelta(0), timedelta(days=2)):
        clock.instant += wait
        with pytest.raises((Ambiguous, AccountRefused)):
            signed.renew()
    assert signed.whoami().name
    assert signed.renew().access == signed.tokens.read("token"), "nobody asks in vain any more"


def test_a_token_that_a_person_puts_in_its_place_is_the_one_from_then_on(
    sandbox, vault, clock, tmp_path
):
    signed = Signed("threads", sandbox, vault, clock, tmp_path)
    (tmp_path / "token").write_text(signed.address.secrets["token"], "utf-8")
    secrets = {"token": Secret(kind="file", name="token")}
    signed.account = replace(signed.account, secrets=secrets)
    assert signed.tokens.read("token") == signed.address.secrets["token"]
    signed.renew()  # it is looked at for the first time
    clock.instant += timedelta(days=1)
    signed.renew()
    renewed = signed.tokens.read("token")
    assert renewed != signed.address.secrets["token"]
    (tmp_path / "token").write_text("THAA-another", "utf-8")
    assert signed.tokens.read("token") == "THAA-another"


RENEWS = {
    "threads": "GET /refresh_access_token",
    "instagram": "GET /refresh_access_token",
    "linkedin": "POST /oauth/v2/accessToken",
}


# ── killed at the worst point ─────────────────────────────────────────────────────────────────────

#: Just before the ledger hears of the new token, and after it, before that is durable.
POINTS = ("writing", "committing")


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("platform", ["threads", "instagram", "linkedin", "bluesky"])
def test_killed_between_the_answer_and_the_disk_it_signs_in_again_by_itself(
    platform, point, sandbox, clock, tmp_path
):
    """The platform has changed the token, and the process that knew the new one is dead."""
    file = tmp_path / "ledger.sqlite3"
    with Ledger(file) as ledger:
        vault = vault_of(ledger, clock)
        account = begun(platform, sandbox, vault, clock, tmp_path)
        before = vault.of("eu").kept()
        clock.instant += timedelta(days=41)
        died = renewing(account, sandbox, clock, file, at=point, folder=tmp_path)
        assert died.returncode == -signal.SIGKILL, died.stderr
        assert vault.of("eu").kept() == before, "nothing of the new one is on the disk"
        announced = ledger.read(lambda connection: granting.kept(connection, "eu"))
        assert announced.renewing_since == clock.now()
        clock.instant += LEASE
        done = renewing(account, sandbox, clock, file, at="", folder=tmp_path)
        assert done.returncode == 0, done.stderr
        assert done.stdout.strip(), "who it is"
        assert vault.of("eu").kept() != before
        assert vault.of("eu").trouble is None


@pytest.mark.parametrize("platform", ["threads", "linkedin"])
def test_killed_and_started_again_too_late_it_says_so(platform, sandbox, clock, tmp_path):
    file = tmp_path / "ledger.sqlite3"
    with Ledger(file) as ledger:
        vault = vault_of(ledger, clock)
        account = begun(platform, sandbox, vault, clock, tmp_path)
        clock.instant += timedelta(days=41)
        renewing(account, sandbox, clock, file, at="writing", folder=tmp_path)
        clock.instant += timedelta(days=3)
        done = renewing(account, sandbox, clock, file, at="", folder=tmp_path)
        assert "the new one is lost" in done.stderr
        assert "the new one is lost" in vault.of("eu").trouble


@pytest.mark.parametrize("platform", ["threads", "linkedin", "bluesky"])
def test_two_processes_that_renew_at_once_ask_once_and_go_on_with_one_token(
    platform, clock, tmp_path
):
    asked = []

    def count(call):
        if "refresh" in call.endpoint.lower() or call.endpoint == RENEWS["linkedin"]:
            asked.append(call.endpoint)

    with Sandbox(now=clock.now, faults=count) as sandbox, Ledger(tmp_path / "l.sqlite3") as ledger:
        vault = vault_of(ledger, clock)
        account = begun(platform, sandbox, vault, clock, tmp_path)
        before, asked[:] = vault.of("eu").kept(), []
        clock.instant += timedelta(days=41)
        orders = [order_of(account, sandbox, clock, tmp_path / "l.sqlite3", "") for _ in range(2)]
        running = [started(order, tmp_path) for order in orders]
        for one in running:
            one.communicate(timeout=60)
        assert len(asked) == 1
        assert vault.of("eu").kept() != before


def begun(platform, sandbox, vault, clock, tmp_path) -> Account:
    address = sandbox.start(platform, account="eu")
    secrets = {}
    if platform == "bluesky":
        (tmp_path / "password").write_text(address.secrets["password"], "utf-8")
        secrets = {"password": Secret(kind="file", name="password")}
    account = Account(name="eu", platform=platform, options=address.options, secrets=secrets)
    desk = Desk({**values_of(address), **address.secrets, "": ""}, clock)
    vault.of("eu").keep(WAYS[platform].sign_in(account, desk).grant)
    return account


def order_of(account, sandbox, clock, file, at) -> dict:
    return {
        "platform": account.platform,
        "options": dict(account.options),
        "secrets": {name: each.name for name, each in account.secrets.items()},
        "now": clock.now().isoformat(),
        "ledger": str(file),
        "at": at,
    }


def started(order, folder) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, str(DRIVER), json.dumps(order)],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def renewing(account, sandbox, clock, file, *, at, folder) -> subprocess.CompletedProcess[str]:
    """Another process renews the account's token, and is killed at this point, if at any."""
    process = started(order_of(account, sandbox, clock, file, at), folder)
    out, err = process.communicate(timeout=60)
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)
