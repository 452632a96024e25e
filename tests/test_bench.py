"""The calendar that is measured is one that people could have written."""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from scheduler.calendar import read_calendar
from scheduler.planning import plan

FILE = Path(__file__).parents[1] / "bench" / "long_calendar.py"


@pytest.fixture(scope="module")
def bench():
    spec = spec_from_file_location("long_calendar", FILE)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_seed_gives_the_same_calendar_again_and_another_seed_another(bench):
    assert bench.Writer(7).calendar(50) == bench.Writer(7).calendar(50)
    assert bench.Writer(7).calendar(50) != bench.Writer(8).calendar(50)


def test_it_is_read_without_a_problem_by_both_that_are_compared(bench, tmp_path):
    file = tmp_path / "campaign.yaml"
    file.write_text(bench.Writer(7).calendar(100), "utf-8")
    reading = read_calendar(file)
    assert reading.problems == ()
    assert len(plan(reading.unwrap())) == 200
    assert bench.ours(file) > 0
    assert bench.theirs(file) > 0


def test_every_round_runs_each_once_and_none_is_always_first(bench):
    order = []
    taken = bench.interleaved(lambda: order.append("a") or 1.0, lambda: order.append("b") or 2.0)
    assert taken == [[1.0] * bench.ROUNDS, [2.0] * bench.ROUNDS]
    assert order[:4] == ["a", "b", "b", "a"]
