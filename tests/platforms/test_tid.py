"""The names of records on Bluesky."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.platforms.tid import instant_of, record_key, tid

#: https://atproto.com/specs/tid: thirteen digits, the first of them below sixteen.
DIGITS = "234567abcdefghijklmnopqrstuvwxyz"
DUE = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)

instants = st.datetimes(
    min_value=datetime(2026, 1, 1),  # noqa: DTZ001 (the strategy adds the zone)
    max_value=datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
keys = st.text(min_size=1)


def test_the_vendors_sample():
    assert tid(1_755_600_000_000_000, 7) == "3lwqpx7wc222b"


def test_a_delivery_has_one_name_for_ever():
    assert record_key(DUE, "edition/post/eu/1") == "3n34saoxuxnkk"


@given(due=instants, key=keys)
def test_a_name_is_well_formed_and_says_its_second(due, key):
    name = record_key(due, key)
    assert len(name) == 13
    assert set(name) <= set(DIGITS)
    assert DIGITS.index(name[0]) < 16
    assert timedelta(0) <= instant_of(name) - due < timedelta(seconds=1)


@given(due=instants, key=keys, seconds=st.integers(min_value=1, max_value=10**6), other=keys)
def test_names_sort_by_time(due, key, seconds, other):
    assert record_key(due, key) < record_key(due + timedelta(seconds=seconds), other)


def test_what_is_due_together_has_different_names():
    names = {record_key(DUE, f"edition/post-{number}/eu/1") for number in range(10_000)}
    assert len(names) == 10_000


@pytest.mark.parametrize("name", ["", "self", "3lwqpx7wc222", "klwqpx7wc222b", "3LWQPX7WC222B"])
def test_other_names_say_no_time(name):
    assert instant_of(name) is None


@pytest.mark.parametrize(("name", "year"), [("2222222222222", 1970), ("jzzzzzzzzzzzz", 2540)])
def test_even_names_from_the_ends_of_time_say_one(name, year):
    assert instant_of(name).year == year
