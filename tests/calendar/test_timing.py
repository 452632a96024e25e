"""Days that float, series, carousels and threads, as the calendar writes them."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest

from scheduler.calendar import read_calendar
from scheduler.model import Comments, Hours

SERIES = (
    "posts:\n",
    'series:\n  third-days: {first: 1, every: 3, time: "12:00"}\nposts:\n',
)


def post(calendar, *changes, name="launch"):
    return read_calendar(calendar(*changes)).unwrap().own.posts[name]


def problem(calendar, *changes):
    reading = read_calendar(calendar(*changes))
    assert reading.coalition is None
    return reading.problems[0]


def test_a_post_of_a_series_stands_at_its_distance_and_hour(calendar):
    for number, day in ((1, 1), (2, 4), (6, 16)):
        found = post(
            calendar, SERIES, ("    day: 1\n", f"    series: third-days\n    number: {number}\n")
        )
        assert (found.day, found.at) == (day, time(12))


def test_a_series_that_runs_out_of_days_is_a_problem_at_the_number(calendar):
    found = problem(calendar, SERIES, ("    day: 1\n", "    series: third-days\n    number: 7\n"))
    assert (found.code, "day 19" in found.message) == ("no-such-day", True)


def test_a_floating_post_keeps_its_day_whatever_happens_to_others(calendar):
    floating = ("    day: 1\n", "    day: 3-8\n")
    first = post(calendar, floating)
    later = post(calendar, floating, ("  listen:\n", "  another-name:\n"), ("day: 2\n", "day: 3\n"))
    assert first.day == later.day
    assert 3 <= first.day <= 8


def test_floating_posts_spread_over_their_days(calendar):
    days = {
        post(calendar, ("  launch:\n    day: 1\n", f"  p-{n}:\n    day: any\n"), name=f"p-{n}").day
        for n in range(40)
    }
    assert len(days) > 8
    assert days <= set(range(1, 17))


@pytest.mark.parametrize("written", ["0", "17", "8-3", "3-17", "soon", "1.5"])
def test_a_day_that_is_none_is_a_problem(calendar, written):
    assert problem(calendar, ("    day: 1\n", f"    day: {written}\n")).code == "no-such-day"


def test_a_post_needs_a_day_or_a_series_and_not_both(calendar):
    assert problem(calendar, ("    day: 1\n", "")).message.endswith('"day" is missing')
    both = ("    day: 1\n", "    day: 1\n    series: third-days\n    number: 1\n")
    assert problem(calendar, SERIES, both).code == "missing-key"


def test_an_embargo_is_a_local_hour(calendar):
    found = post(calendar, ("    text: Today", "    embargo: 2026-11-25 10:00\n    text: Today"))
    assert found.embargo == datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


CAROUSEL = """\
    carousel:
      - graphic: {headline: One}
        alt: The first slide says One.
      - quote: guterres
        alt: The second slide.
"""


def test_a_carousel_has_a_card_and_an_alt_text_for_each_slide(calendar):
    found = post(
        calendar,
        ("    graphic: {headline: We begin today, points: [One thing, Another thing]}\n", CAROUSEL),
        ('    alt: "On the card: We begin today. One thing. Another thing."\n', ""),
    )
    assert [slide.alt for slide in found.slides] == [
        "The first slide says One.",
        "The second slide.",
    ]


def test_a_slide_without_alt_text_is_a_problem_at_the_slide(calendar):
    changes = (
        ("    graphic: {headline: We begin today, points: [One thing, Another thing]}\n", CAROUSEL),
        ('    alt: "On the card: We begin today. One thing. Another thing."\n', ""),
        ("        alt: The first slide says One.\n", ""),
    )
    found = problem(calendar, *changes)
    lines = calendar(*changes).read_text("utf-8").splitlines()
    assert found.message.endswith('"alt" is missing')
    assert "headline: One" in lines[found.line - 1]


RULES = """\
  language: en
  country: DE
  quiet_hours: 21:00-07:00
  weekends: no
  comments: on
  moderation: {by: The team, hours: 09:00-17:00}
  lints: {over-claim: error}
  required_text: Funded by the EU.
"""


def test_the_rules_of_a_campaign_are_read(calendar):
    rules = read_calendar(calendar(("  language: en\n", RULES))).unwrap().own.rules
    assert rules.quiet_hours == Hours(begin=time(21), end=time(7))
    assert (rules.country, rules.weekends, rules.moderation.by) == ("DE", False, "The team")
    assert dict(rules.lints) == {"over-claim": "error"}
    assert rules.required_text == "Funded by the EU."


def test_comments_are_limited_unless_somebody_says_otherwise(calendar):
    assert post(calendar).comments is Comments.LIMITED
    assert post(calendar, ("    text: Today", "    comments: off\n    text: Today")).comments is (
        Comments.OFF
    )


def test_quiet_hours_may_go_over_midnight():
    night = Hours(begin=time(21), end=time(7))
    assert [night.contain(time(hour)) for hour in (20, 21, 0, 6, 7, 12)] == [
        False,
        True,
        True,
        True,
        False,
        False,
    ]
