"""As whom an account is signed in: two workers that are told at once wait for nobody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from test_ledger import NOW

from scheduler.ledger import Ledger, granting, signing
from scheduler.model import SignedIn


def said(name="@network", account="network"):
    return SignedIn(account=account, platform="mastodon", name=name, url="", looked_at=NOW)


def remember(ledger, *each):
    for one in each:
        ledger.write(lambda connection, one=one: signing.remember_signed_in(connection, one))


def test_what_was_said_last_is_known(where):
    with Ledger(where) as ledger:
        remember(ledger, said(), said("@a", "archive"), said("@renamed"))
        known = ledger.read(signing.signed_in)
    assert [(each.account, each.name) for each in known] == [
        ("archive", "@a"),
        ("network", "@renamed"),
    ]


@pytest.mark.system
def test_two_workers_that_are_told_the_same_wait_for_nobody(postgresql):
    address = postgresql.database()
    with Ledger(address) as one, Ledger(address) as two:

        def change(connection):
            signing.remember_signed_in(connection, said("@one"))
            remember(two, said("@two"), said("@other", "archive"))

        one.write(change)
        known = one.read(signing.signed_in)
    assert {each.account: each.name for each in known} == {"network": "@one", "archive": "@other"}


@pytest.mark.system
def test_of_two_that_would_renew_a_token_one_is_told_at_once_that_it_is_not_its_turn(postgresql):
    address = postgresql.database()

    def begin(connection, worker):
        lease = timedelta(minutes=2)
        return granting.begin(connection, "network", 0, now=NOW, lease=lease, worker=worker)

    with Ledger(address) as one, Ledger(address) as two:

        def change(connection):
            return begin(connection, "one"), two.write(lambda other: begin(other, "two"))

        assert one.write(change) == (True, False)
