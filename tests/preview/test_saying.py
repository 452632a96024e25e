"""What has a name of its own, as a reader wants it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from scheduler import saying
from scheduler.interface import ENGLISH, interface_for
from scheduler.model import Measure, State
from scheduler.sandbox import Kind

GERMAN = interface_for("de")

BERLIN = ZoneInfo("Europe/Berlin")


def test_universal_time_names_its_date_only_where_it_is_another_one():
    assert saying.universal(ENGLISH, datetime(2026, 11, 25, 8, tzinfo=UTC), BERLIN) == "08:00 UTC"
    midnight = datetime(2026, 11, 25, 23, 30, tzinfo=UTC)
    assert saying.universal(ENGLISH, midnight, BERLIN) == "23:30 UTC on 25 November"


def test_the_end_of_a_grace_names_its_date_only_where_it_is_another_one():
    due = datetime(2026, 11, 25, 21, tzinfo=UTC)
    assert saying.until(ENGLISH, due + timedelta(hours=1), due, BERLIN) == "23:00"
    assert saying.until(ENGLISH, due + timedelta(hours=3), due, BERLIN) == "01:00 on 26 November"


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


@pytest.mark.parametrize(
    ("name", "unit", "said"),
    [
        ("text", "weighted characters", "Text in Zeichen (gewichtet)"),
        ("alt text of picture 2", "characters", "Alternativtext von Bild 2 in Zeichen"),
        ("picture 3", "bytes", "Bild 3 in bytes"),
        ("pictures", "pictures", "Bilder in Bilder"),
        ("something new", "things", "something new in things"),
    ],
)
def test_what_is_counted_is_said_in_the_language_of_the_reader(name, unit, said):
    measure = Measure(name=name, used=1, limit=2, unit=unit)
    assert f"{saying.measure(GERMAN, measure)} in {saying.unit(GERMAN, unit)}" == said


@pytest.mark.parametrize("state", State)
def test_every_state_of_a_delivery_has_a_name(state):
    assert saying.outcome(GERMAN, state) != state


@pytest.mark.parametrize("kind", Kind)
def test_every_fault_of_a_rehearsal_has_a_name(kind):
    assert saying.fault(GERMAN, kind) != kind


def test_a_platform_keeps_its_name_in_every_language():
    assert saying.platform(GERMAN, "mastodon") == "Mastodon"
    assert saying.platform(GERMAN, "folder") == "Ordner"
    assert saying.platform(GERMAN, "somewhere") == "somewhere"
