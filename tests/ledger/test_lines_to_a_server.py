"""A server may hang up at any time: whoever comes next has a line that is made anew."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from test_ledger import claim, delivery, entries, sync

from scheduler.ledger import Ledger
from scheduler.model import State

pytestmark = pytest.mark.system

_OTHERS = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
# Not the server's own, which comes to tidy up whenever it wants.
_OTHERS += " AND backend_type = 'client backend'"


def hang_up(ledger):
    """As a server does that is restarted: every line but the one that asks for it is ended."""

    def ask(connection):
        connection.execute(text(f"SELECT pg_terminate_backend(pid, 10000) {_OTHERS}"))
        return connection.execute(text(f"SELECT count(*) {_OTHERS}")).scalar()

    assert ledger.read(ask) == 0


def test_a_change_is_made_after_the_server_has_hung_up(postgresql):
    address = postgresql.database()
    with Ledger(address) as ledger, Ledger(address) as other:
        sync(ledger, delivery(), delivery(post="thanks", account="page"))
        for post, account in (("launch", "archive"), ("thanks", "page")):
            hang_up(other)
            assert claim(ledger, post=post, account=account)
        assert {entry.state for entry in entries(ledger)} == {State.CLAIMED}
