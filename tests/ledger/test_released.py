"""A ledger of every released schema becomes one of today, and forgets nothing.

`released/NNNN.sql` is what that version had written. SQLite does not look at the lengths of texts,
so these are not compared.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from scheduler.ledger import Ledger, Origin, deciding, moves, questions
from scheduler.ledger.store import SCHEMA
from scheduler.ledger.tables import metadata
from scheduler.model import Key, Scope, State

RELEASED = sorted(Path(__file__).with_name("released").glob("*.sql"))
VERSIONS = Path(moves.__file__).parent / "migrations" / "versions"


@pytest.fixture(params=RELEASED, ids=lambda file: file.stem)
def ledger(request, tmp_path):
    file = tmp_path / "ledger.sqlite3"
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(request.param.read_text("utf-8"))
    with Ledger(file) as ledger:
        yield ledger


def test_every_schema_before_the_newest_is_among_them():
    known = sorted(file.stem.removeprefix("v") for file in VERSIONS.glob("v*.py"))
    assert known[-1] == SCHEMA
    assert [file.stem for file in RELEASED] == known[:-1]


def test_it_has_the_very_tables_of_today(ledger):
    with ledger._reading.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, metadata) == []


def test_every_delivery_stands_where_it_stood(ledger):
    entries = ledger.read(lambda c: questions.entries(c, "small-2026"))
    assert {(entry.post, entry.account, entry.part): entry.state for entry in entries} == {
        ("launch", "archive", 1): State.PUBLISHED,
        ("launch", "italy.page", 1): State.PLANNED,
        ("listen", "archive", 1): State.PLANNED,
        ("gone", "archive", 1): State.CANCELLED,
        ("lost", "network", 1): State.UNCONFIRMED,
        ("lost", "network", 2): State.PLANNED,
    }
    assert entries[0].receipt.url == "https://a.example/17"


def test_an_account_that_was_held_is_still_held_by_the_program(ledger):
    (held,) = ledger.read(lambda c: deciding.holding(c, "small-2026"))
    assert held.hold.target == (Scope.ACCOUNT, "italy.page")
    assert (held.hold.reason, held.origin) == ("the token was revoked", Origin.PROGRAM)


def test_of_an_older_yes_it_is_known_that_nothing_but_its_digest_is(ledger, request):
    had_approvals = request.node.callspec.params["ledger"].stem >= "0002"
    said = ledger.read(lambda c: deciding.approved(c, "small-2026"))
    assert [(each.who, each.draft) for each in said] == [("Ana", None)] * had_approvals


def test_what_is_public_is_known_word_for_word(ledger):
    (public,) = ledger.read(lambda c: questions.public(c, "small-2026"))
    assert (public.entry.post, public.draft["text"]) == ("launch", "Today we begin.")


def test_what_was_sent_is_still_known_word_for_word(ledger):
    key = Key("small-2026/launch/archive/1")
    attempt = ledger.read(lambda c: questions.last_attempt(c, key))
    assert attempt.request == {"status": "Today we begin."}
    assert attempt.uses == frozenset()
    steps = ledger.read(lambda c: questions.steps(c, key))
    assert [step.act for step in steps] == ["claimed", "staged", "armed", "published"]
