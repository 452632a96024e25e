"""What was made of the very same things is not made again, and never taken for something else."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from scheduler.calendar import read_calendar
from scheduler.linting import lint
from scheduler.remembering import remembered

ON = date(2026, 11, 20)


class Counted:
    """A function that knows how often it was called."""

    def __init__(self, most: int) -> None:
        self.calls = 0
        self.ask = remembered(most)(self._make)

    def _make(self, *given, **named):
        self.calls += 1
        return (given, named)


def test_the_very_same_thing_is_made_once_and_an_equal_one_is_another():
    made, one, equal = Counted(8), [1], [1]
    assert made.ask(one) is made.ask(one)
    assert made.calls == 1
    made.ask(equal)
    assert made.calls == 2


def test_words_and_numbers_are_the_same_when_they_are_equal():
    made = Counted(8)
    made.ask("a" * 100, 1, which="one")
    made.ask("".join(["a"] * 100), 1, which="one")
    assert made.calls == 1
    made.ask("a" * 100, 1, which="other")
    assert made.calls == 2


def test_what_was_not_asked_for_longest_is_forgotten_first():
    made = Counted(2)
    for word in ("first", "second", "first", "third", "first"):
        made.ask(word)
    assert made.calls == 3
    made.ask("second")
    assert made.calls == 4


def test_a_thing_that_is_gone_lends_its_identity_to_no_other():
    made = Counted(4)
    for number in range(100):
        assert made.ask([number])[0] == ([number],)


def test_what_is_read_after_an_edit_and_its_undoing_is_what_was_read_before(coalition):
    file = coalition()
    beside = file.parent / "languages" / "de.yaml"
    text = beside.read_text("utf-8")
    first = read_calendar(file)
    beside.write_text(text.replace("Heute beginnen wir.", "Morgen beginnen wir."), "utf-8")
    between = read_calendar(file)
    assert between != first
    beside.write_text(text, "utf-8")
    assert read_calendar(file) == first


def test_a_lint_finds_what_came_with_an_edit_and_no_more_what_went_with_one(calendar):
    def codes(*changes):
        campaign = read_calendar(calendar(*changes)).unwrap().own
        return [finding.problem.code for finding in lint(campaign, on=ON)]

    shouted = ("Today we begin.", "TODAY WE BEGIN AT LAST.")
    before = codes()
    assert "all-capitals" not in before
    assert "all-capitals" in codes(shouted)
    assert codes() == before


def test_another_day_is_looked_at_anew():
    """In ten years, the helplines of the shipped calendar have long not been verified."""
    shipped = Path(__file__).parents[1] / "campaign.yaml"
    campaign = read_calendar(shipped).unwrap().campaigns["italy"]
    early = lint(campaign, on=ON)
    assert lint(campaign, on=date(2036, 1, 1)) != early
    assert lint(campaign, on=ON) == early
