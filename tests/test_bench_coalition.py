"""Both that are measured say the same number of posts, and neither has anything wrong in it."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from scheduler.calendar import read_calendar, reading
from scheduler.planning import plan_of

FILE = Path(__file__).parents[1] / "bench" / "large_coalition.py"
MEMBERS = 20


@pytest.fixture(scope="module")
def bench():
    spec = spec_from_file_location("large_coalition", FILE)
    module = module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, spec.name, module)  # where dataclasses look for it
        spec.loader.exec_module(module)
        yield module


@pytest.fixture(scope="module")
def writer(bench):
    return bench.Writer(7, MEMBERS)


@pytest.fixture
def coalition(writer, tmp_path):
    return read_calendar(writer.coalition(tmp_path))


def _texts(folder):
    return {file.name: file.read_text("utf-8") for file in folder.rglob("*.yaml")}


def _written(bench, seed, folder):
    writer = bench.Writer(seed, MEMBERS)
    for name, write in (("coalition", writer.coalition), ("one", writer.one_file)):
        (folder / name).mkdir(parents=True)
        write(folder / name)
    return _texts(folder / "coalition"), _texts(folder / "one")


def test_a_seed_gives_the_same_files_again_and_another_seed_others(bench, tmp_path):
    first = _written(bench, 7, tmp_path / "first")
    assert first == _written(bench, 7, tmp_path / "again")
    assert first != _written(bench, 8, tmp_path / "other")


def test_each_member_says_what_was_written_for_it(writer, coalition):
    assert coalition.problems == coalition.translating == ()
    campaigns = coalition.unwrap().campaigns
    for member in writer.members:
        planned = plan_of(campaigns[member.id])
        assert {delivery.post for delivery in planned} == {shape.id for shape in member.posts}
        assert {delivery.account for delivery in planned} == {f"{member.id}.{member.account}"}


def test_members_differ_in_all_that_may_differ(bench, writer, coalition):
    members = writer.members
    campaigns = coalition.unwrap().campaigns
    spoken = [campaigns[member.id].language for member in members]
    assert {spoken.count(language) for language in bench.WORDS} == {6, 7}
    assert len({campaigns[member.id].zone for member in members}) > 3
    assert len({member.time for member in members}) > 10
    assert 0 < sum(bool(member.overrides) for member in members) < MEMBERS
    assert 0 < sum(bool(member.own) for member in members) < MEMBERS
    assert {key for member in members for key in member.leaves_out} == {"days", "posts"}


def test_a_translation_that_was_reviewed_stands_below_what_is_said_in_it(writer, coalition):
    campaigns = coalition.unwrap().campaigns
    german = next(member for member in writer.members if member.language == "de")
    states = {post.translation for post in campaigns[german.id].posts.values()}
    assert {state.wording for state in states if state} == {"reviewed"}


def test_the_one_file_says_each_post_of_each_member_by_its_own_account(writer, tmp_path):
    read = read_calendar(writer.one_file(tmp_path))
    assert read.problems == ()
    said = {
        (post.accounts, post.at.isoformat("minutes")) for post in read.unwrap().own.posts.values()
    }
    assert said == {((member.id,), member.time) for member in writer.members}


def test_a_small_run_measures_both_and_finds_them_the_same(bench, writer, capsys):
    runs = bench.compared(writer, rounds=1)
    assert [len(each) for each in runs] == [1, 1]
    for (run,) in runs:
        assert (run.deliveries, run.accounts, run.problems) == (writer.deliveries, MEMBERS, 0)
        assert 0 < run.planning < run.whole
        assert run.memory > 0
    assert bench.not_the_same(writer, *runs) == []
    bench.told(*runs)
    ratios = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert ratios.keys() == {"whole_ratio", "planning_ratio", "memory_ratio"}


@pytest.fixture
def run(bench, writer):
    return bench.Run(
        whole=3.0,
        planning=0.1,
        memory=100.0,
        deliveries=writer.deliveries,
        accounts=MEMBERS,
        problems=0,
    )


@pytest.mark.parametrize("what", ["deliveries", "accounts", "problems"])
def test_what_is_not_the_same_is_not_compared(bench, writer, run, what):
    other = replace(run, **{what: getattr(run, what) + 1})
    assert bench.not_the_same(writer, [run], [run]) == []
    (said,) = bench.not_the_same(writer, [run, run], [run, other])
    assert said.startswith("the one file: ")
    assert f" {what}, and not " in said


def test_it_fails_when_the_coalition_takes_more_than_half_as_long_again(bench, run):
    assert bench.told([replace(run, whole=4.5)], [run]) == 0
    assert bench.told([replace(run, whole=4.6)], [run]) == 1


def test_one_slow_round_decides_nothing(bench, run):
    slow = replace(run, whole=90.0)
    assert bench.told([run, slow, run], [run, run, run]) == 0


def test_only_for_the_measurement_a_file_may_be_larger(bench, writer, tmp_path, monkeypatch):
    file = writer.one_file(tmp_path)
    monkeypatch.setattr(reading, "LARGEST", 1)
    assert read_calendar(file).coalition is None
    assert bench.measured(file).deliveries == writer.deliveries
