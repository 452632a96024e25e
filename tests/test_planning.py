"""What is due when, in every zone and on every kind of day."""

from __future__ import annotations

from datetime import UTC, datetime

from scheduler.calendar import read_calendar
from scheduler.planning import plan


def test_each_post_is_planned_once_for_each_of_its_accounts(calendar):
    two = ("accounts:\n", "accounts:\n  second: {platform: folder, directory: other}\n")
    planned = plan(read_calendar(calendar(two)).unwrap())
    assert [delivery.key for delivery in planned] == [
        "small-2026/launch/archive/1",
        "small-2026/launch/second/1",
        "small-2026/listen/archive/1",
        "small-2026/listen/second/1",
    ]


def test_the_hour_is_local_on_both_sides_of_a_change_of_the_clocks(calendar):
    across = ("2026-11-25", "2026-10-24")
    launch, listen = plan(read_calendar(calendar(across)).unwrap())
    assert launch.due == datetime(2026, 10, 24, 7, 0, tzinfo=UTC)
    assert listen.due == datetime(2026, 10, 25, 8, 0, tzinfo=UTC)


def test_a_zone_across_the_date_line_keeps_its_own_date(calendar):
    (launch, _) = plan(read_calendar(calendar(("Europe/Berlin", "Pacific/Auckland"))).unwrap())
    assert launch.due == datetime(2026, 11, 24, 20, 0, tzinfo=UTC)


def test_the_key_holds_when_path_day_time_and_text_change(calendar):
    before = plan(read_calendar(calendar()).unwrap())
    after = plan(
        read_calendar(
            calendar(("day: 1\n", "day: 5\n"), ("Today we begin.", "We begin."), ("09:00", "18:00"))
        ).unwrap()
    )
    assert {delivery.key for delivery in before} == {delivery.key for delivery in after}
