"""Numbers, dates and times as a reader wants them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from scheduler import saying

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(hours=3), "3 hours"),
        (timedelta(hours=1, minutes=30), "1 hour 30 minutes"),
        (timedelta(days=2), "2 days"),
        (timedelta(), "no time"),
    ],
)
def test_a_grace_is_said_in_words(length, said):
    assert saying.duration(length) == said


@pytest.mark.parametrize(
    ("thousandths", "said"),
    [(15, "$0.015"), (200, "$0.20"), (205, "$0.205"), (1_000, "$1.00"), (12_340, "$12.34")],
)
def test_a_cost_is_said_in_dollars_to_the_last_tenth_of_a_cent(thousandths, said):
    assert saying.dollars(thousandths) == said


@pytest.mark.parametrize(
    ("number", "unit", "said"),
    [
        (1234, "characters", "1,234"),
        (999, "bytes", "999"),
        (212_345, "bytes", "212 kB"),
        (16_777_216, "bytes", "16.8 MB"),
    ],
)
def test_an_amount_is_said_so_that_it_can_be_compared(number, unit, said):
    assert saying.amount(number, unit) == said


@pytest.mark.parametrize(
    ("number", "noun", "said"),
    [(1, "post", "1 post"), (0, "post", "0 posts"), (2000, "delivery", "2,000 deliveries")],
)
def test_nouns_agree_with_their_number(number, noun, said):
    assert saying.counted(number, noun) == said


def test_universal_time_names_its_date_only_where_it_is_another_one():
    assert saying.universal(datetime(2026, 11, 25, 8, tzinfo=UTC), BERLIN) == "08:00 UTC"
    midnight = datetime(2026, 11, 25, 23, 30, tzinfo=UTC)
    assert saying.universal(midnight, BERLIN) == "23:30 UTC on 25 November"


def test_the_end_of_a_grace_names_its_date_only_where_it_is_another_one():
    due = datetime(2026, 11, 25, 21, tzinfo=UTC)
    assert saying.until(due + timedelta(hours=1), due, BERLIN) == "23:00"
    assert saying.until(due + timedelta(hours=3), due, BERLIN) == "01:00 on 26 November"


def test_a_span_names_the_year_once_where_once_is_enough():
    assert saying.span(date(2026, 11, 25), date(2026, 12, 10)) == "25 November – 10 December 2026"
    assert saying.span(date(2026, 12, 25), date(2027, 1, 9)) == "25 December 2026 – 9 January 2027"


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("el", "Greek"),
        ("sr-Latn", "Serbian in Latin script"),
        ("xx", "xx"),
        ("xx-Zzzz", "xx in Zzzz script"),
        ("", ""),
    ],
)
def test_a_language_is_called_by_its_name_where_it_is_known(code, name):
    assert saying.language(code) == name


@pytest.mark.parametrize(
    ("code", "direction"),
    [
        ("el", "ltr"),
        ("ar", "rtl"),
        ("ur", "rtl"),
        ("az-Arab", "rtl"),
        ("ku-Latn", "ltr"),
        ("", "auto"),
        ("no language", "auto"),
    ],
)
def test_a_language_is_written_from_its_own_side(code, direction):
    assert saying.direction(code) == direction


def test_a_zone_is_called_by_its_town_where_there_is_little_room():
    assert saying.town(ZoneInfo("Asia/Nicosia")) == "Nicosia"
    assert saying.town(ZoneInfo("America/Argentina/Buenos_Aires")) == "Buenos Aires"
    assert saying.town(ZoneInfo("UTC")) == "UTC"
