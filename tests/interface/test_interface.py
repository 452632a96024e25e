"""How the program speaks: dates, numbers and names as CLDR has them, sentences from a catalogue."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from scheduler.cli.options import INTERFACES
from scheduler.interface import ENGLISH, LANGUAGES, interface_for

GERMAN, ITALIAN = interface_for("de"), interface_for("it")
FIRST = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("asked", "spoken"),
    [
        (("de",), "de"),
        (("de-AT",), "de"),
        (("", "it"), "it"),
        (("el", "it"), "it"),
        (("el", "sr-Cyrl"), "en"),
        ((), "en"),
    ],
)
def test_the_first_language_with_a_catalogue_is_spoken_else_english(asked, spoken):
    assert interface_for(*asked).language == spoken


def test_the_command_line_offers_every_language_and_no_other():
    assert set(INTERFACES) == set(LANGUAGES)


@pytest.mark.parametrize(
    ("interface", "day", "full", "short", "brief"),
    [
        (
            ENGLISH,
            "25 November 2026",
            "Wednesday, 25 November 2026",
            "Wed 25 Nov",
            "25 Nov",
        ),
        (GERMAN, "25. November 2026", "Mittwoch, 25. November 2026", "Mi., 25. Nov.", "25. Nov."),
        (ITALIAN, "25 novembre 2026", "mercoledì 25 novembre 2026", "mer 25 nov", "25 nov"),
    ],
)
def test_a_day_is_said_as_its_language_says_it(interface, day, full, short, brief):
    assert interface.day(FIRST) == day
    assert interface.full_day(FIRST) == full
    assert interface.short_day(FIRST) == short
    assert interface.brief_day(FIRST) == brief


def test_a_span_names_the_year_once_where_once_is_enough():
    assert ENGLISH.span(FIRST, date(2026, 12, 10)) == "25 November – 10 December 2026"
    assert ENGLISH.span(date(2026, 12, 25), date(2027, 1, 9)) == "25 December 2026 – 9 January 2027"
    assert GERMAN.span(FIRST, date(2026, 12, 10)) == "25. November – 10. Dezember 2026"


@pytest.mark.parametrize("interface", [ENGLISH, GERMAN, ITALIAN])
def test_an_hour_is_that_of_the_clocks_of_its_zone(interface):
    midnight = datetime(2026, 11, 25, 23, 5, tzinfo=UTC)
    assert interface.clock(midnight, ZoneInfo("Europe/Berlin")) == "00:05"


@pytest.mark.parametrize(
    ("interface", "length", "said"),
    [
        (ENGLISH, timedelta(hours=3), "3 hours"),
        (ENGLISH, timedelta(hours=1, minutes=30), "1 hour 30 minutes"),
        (ENGLISH, timedelta(days=2), "2 days"),
        (ENGLISH, timedelta(), "0 minutes"),
        (GERMAN, timedelta(days=1, minutes=1), "1 Tag 1 Minute"),
        (ITALIAN, timedelta(hours=1), "1 ora"),
    ],
)
def test_a_length_of_time_is_said_in_words(interface, length, said):
    assert interface.duration(length) == said


@pytest.mark.parametrize(
    ("thousandths", "said"),
    [
        (15, "US$0.015"),
        (200, "US$0.20"),
        (205, "US$0.205"),
        (1_000, "US$1.00"),
        (12_340, "US$12.34"),
    ],
)
def test_a_cost_is_said_in_dollars_to_the_last_tenth_of_a_cent(thousandths, said):
    assert ENGLISH.dollars(thousandths) == said


@pytest.mark.parametrize(
    ("octets", "said"),
    [
        (1, "1 byte"),
        (999, "999 bytes"),
        (212_345, "212 kB"),
        (999_700, "1 MB"),
        (16_777_216, "16.8 MB"),
        (2_000_000, "2 MB"),
    ],
)
def test_a_size_is_said_so_that_it_can_be_compared(octets, said):
    assert ENGLISH.size(octets) == said


def test_numbers_have_the_signs_of_their_language():
    assert [each.number(1234) for each in (ENGLISH, GERMAN)] == ["1,234", "1.234"]
    assert [each.seconds(1234.5) for each in (ENGLISH, GERMAN)] == ["1,234.50", "1.234,50"]
    assert GERMAN.size(16_777_216) == "16,8 MB"


@pytest.mark.parametrize(
    ("number", "english", "german"),
    [
        (0, "0 posts", "0 Beiträge"),
        (1, "1 post", "1 Beitrag"),
        (2000, "2,000 posts", "2.000 Beiträge"),
    ],
)
def test_nouns_agree_with_their_number(number, english, german):
    nouns = ("{number} post", "{number} posts")
    assert ENGLISH.say_many(*nouns, number) == english
    assert GERMAN.say_many(*nouns, number) == german


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("el", "Greek"),
        ("sr-Latn", "Serbian (Latin)"),
        ("de-AT", "German (Austria)"),
        ("cnr", "Montenegrin"),
        ("xx", "xx"),
        ("xx-Zzzz", "xx-Zzzz"),
        ("no language", "no language"),
        ("", ""),
    ],
)
def test_a_language_is_called_by_its_name_where_it_is_known(code, name):
    assert ENGLISH.language_name(code) == name


def test_names_are_listed_as_the_language_lists_them():
    assert ENGLISH.listed(["Ana", "Ben", "Cem"]) == "Ana, Ben and Cem"
    assert GERMAN.listed(["Ana", "Ben"]) == "Ana und Ben"
    assert ITALIAN.listed(["Ana"]) == "Ana"
    assert ENGLISH.listed([]) == ""


def test_a_zone_is_called_by_its_town_where_there_is_little_room():
    assert ENGLISH.town(ZoneInfo("Asia/Nicosia")) == "Nicosia"
    assert GERMAN.town(ZoneInfo("Asia/Nicosia")) == "Nikosia"
    assert ENGLISH.town(ZoneInfo("America/Argentina/Buenos_Aires")) == "Buenos Aires"
    assert ENGLISH.town(ZoneInfo("UTC")) == "UTC"


def test_one_word_may_be_two_elsewhere():
    assert ENGLISH.say_in("facebook", "See more") == ENGLISH.say_in("slack", "See more")
    assert GERMAN.say_in("facebook", "See more") != GERMAN.say_in("slack", "See more")


def test_nothing_is_said_of_nothing():
    assert GERMAN.say("") == ""
