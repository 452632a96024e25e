"""Two ledgers never publish to one account: only the bound one may, where it lay then."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from scheduler.ledger import Binding, Ledger
from scheduler.model import Account, Post, Translation, Wording
from scheduler.publishing import home, reason_not_live

POST = Post(
    id="launch",
    day=1,
    at=time(9),
    slides=(),
    text="Wir beginnen.",
    tags=(),
    accounts=("network",),
    language="de",
)
BOUND = Binding(
    account="network",
    identity="@network",
    home="here",
    since=datetime(2026, 11, 20, tzinfo=UTC),
    who="Ana",
)


def account(platform="mastodon", **options):
    return Account(name="network", platform=platform, options=options)


def not_live(account, post, binding=None, home="here"):
    return reason_not_live(account, post, binding, home=home)


def test_a_new_ledger_publishes_to_folders_and_sandboxes_alone():
    assert not_live(account(platform="folder"), POST) is None
    assert not_live(account(sandbox="true"), POST) is None
    for live in (account(), account(sandbox="false"), account(sandbox="")):
        assert "not live on this ledger" in not_live(live, POST)


@pytest.mark.parametrize(
    ("wording", "said"),
    [(Wording.DRAFT, "draft"), (Wording.STALE, "stale"), (Wording.MISSING, "not")],
)
def test_words_that_nobody_has_reviewed_never_go_to_a_live_account(wording, said):
    translated = replace(POST, translation=Translation(wording=wording))
    assert said in not_live(account(), translated)
    assert not_live(account(sandbox="true"), translated) is None


def test_a_review_by_name_is_no_reason_to_hold_a_post_back():
    reviewed = Translation(wording=Wording.REVIEWED, by="Maria Rossi", on=date(2026, 11, 20))
    assert "not live on this ledger" in not_live(account(), replace(POST, translation=reviewed))


def test_an_account_that_was_bound_to_this_ledger_may_publish():
    assert not_live(account(), POST, BOUND) is None


def test_a_ledger_that_lies_elsewhere_by_now_may_not():
    assert "moved or copied" in not_live(account(), POST, BOUND, home="elsewhere")


def test_a_copy_of_a_ledger_has_another_home_even_at_the_same_place(tmp_path):
    file = tmp_path / "ledger.sqlite3"
    with Ledger(file) as ledger:
        first = home(ledger)
    with Ledger(file) as ledger:
        assert home(ledger) == first
    shutil.copyfile(file, tmp_path / "backup")
    file.rename(tmp_path / "before")
    (tmp_path / "backup").rename(file)
    with Ledger(file) as restored:
        assert home(restored) != first
