"""What the benchmark of cards says of itself, without the engines that it measures."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from PIL import ImageColor

BENCH = Path(__file__).parents[1] / "bench"
MODULES = ("drawing", "engines", "fresh", "look", "ours", "pages", "results", "rounds", "texts")


@pytest.fixture(scope="module")
def bench():
    """The modules of the benchmark by name; none of them stays imported."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(BENCH))
        yield {name: import_module(f"cards.{name}") for name in MODULES}
    for name in [name for name in sys.modules if name.partition(".")[0] == "cards"]:
        del sys.modules[name]


@pytest.fixture
def run(bench):
    names = ["ours", "ours_444", "ours_png", "encode_alone", "encode_alone_444", "pillow_plain"]
    names += ["takumi", "takumi_with_sharp", "satori", "chromium", "skia"]
    return bench["results"].Run(
        seed=7,
        rounds=3,
        taken={name: [number, number + 1, number + 9] for number, name in enumerate(names, 1)},
        absent={},
        cold=[0.3, 0.1, 0.2],
        cold_takumi=[0.1, 0.1, 0.1],
        pool=1.75,
        peak_mb=92.04,
    )


# ── texts ─────────────────────────────────────────────────────────────────────────────────────────


def test_no_text_comes_twice_and_a_seed_gives_the_same_ones_again(bench):
    writer = bench["texts"].Writer
    words = [said.words for said in writer(7).many(400)]
    assert len(set(words)) == len(words)
    assert words == [said.words for said in writer(7).many(400)]
    assert set(words).isdisjoint(said.words for said in writer(8).many(400))


def test_its_words_are_thousands_and_many_have_diacritics(bench):
    words = {word for words in bench["texts"].vocabulary().values() for word in words}
    assert len(words) > 8000
    assert sum(not word.isascii() for word in words) > 3000
    assert max(map(len, words)) <= 16


def test_a_quotation_has_about_220_characters_and_fits_our_card(bench):
    for said in bench["texts"].Writer(7).many(40):
        assert 200 <= len(said.words) <= 240
        assert bench["ours"].pixels(said).size == (1080, 1350)


def test_the_others_are_told_the_words_in_their_quotation_marks(bench):
    said = replace(bench["texts"].Writer(7).said(), language="fr", words="Oui.")
    assert said.told()["words"] == "«\u202fOui.\u202f»"


def test_a_cold_process_is_told_the_very_card(bench):
    card = bench["ours"].card(bench["texts"].Writer(7).said())
    told = json.loads(json.dumps(bench["fresh"].as_told(card)))
    assert bench["drawing"].card(told) == card


# ── what all engines draw ─────────────────────────────────────────────────────────────────────────


def test_others_draw_sixteen_marks_of_which_the_days_own_is_the_tallest(bench):
    marks = bench["look"].LOOK.marks(3)
    assert len(marks) == 16
    assert max(range(16), key=lambda number: marks[number][1]) == 2


def test_the_others_marks_stand_where_ours_do_in_the_same_colours(bench):
    said = replace(bench["texts"].Writer(7).said(), day=3)
    drawn = bench["ours"].pixels(said)
    _, _, _, top, _, _ = bench["look"].LOOK.row
    for left, height, colour in bench["look"].LOOK.marks(3):
        assert drawn.getpixel((left + 9, top + height - 1)) == ImageColor.getrgb(colour)


# ── rounds ────────────────────────────────────────────────────────────────────────────────────────


def test_every_round_gives_all_engines_the_same_new_texts_in_changing_order(bench):
    seen = []

    def engine(name):
        return lambda said: seen.append((name, said.words)) or 1.0

    rounds, engines = bench["rounds"], {name: engine(name) for name in "abc"}
    taken = rounds.taken(engines, bench["texts"].Writer(7), 10, 7)
    row = rounds.IN_A_ROW
    rows = [seen[start : start + row] for start in range(0, len(seen), row)]
    turns = [rows[start : start + 3] for start in range(0, len(rows), 3)]
    assert taken == {name: [1.0] * 10 * row for name in "abc"}
    assert all(len({name for name, _ in one}) == 1 for one in rows)
    assert all(sorted(one[0][0] for one in turn) == ["a", "b", "c"] for turn in turns)
    assert all(len({tuple(words for _, words in one) for one in turn}) == 1 for turn in turns)
    assert len({words for _, words in seen}) == len(turns) * row == (rounds.WARMING + 10) * row
    assert {turn[0][0][0] for turn in turns} == {"a", "b", "c"}


def test_an_engine_of_node_is_absent_where_there_is_no_node(bench, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "")
    engines = bench["engines"]
    with pytest.raises(engines.AbsentError, match="there is no Node"):
        engines.node_command("takumi", engines.Cache(folder=tmp_path))


def test_an_engine_of_node_is_absent_while_one_of_its_packages_is(bench, tmp_path, monkeypatch):
    node = tmp_path / "node"
    node.touch(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "takumi" / "node_modules").mkdir(parents=True)
    engines = bench["engines"]
    cache = engines.Cache(folder=tmp_path)
    assert engines.node_command("takumi", cache)[0] == str(node)
    with pytest.raises(engines.AbsentError, match="the packages of sharp are not installed"):
        engines.node_command("takumi_with_sharp", cache)


# ── results ───────────────────────────────────────────────────────────────────────────────────────


def test_the_line_has_all_its_keys_and_ratios_of_medians(bench, run):
    said = json.loads(json.dumps(bench["results"].line(run)))
    assert list(said)[:4] == ["over_encode_alone", "times_faster", "pool_on_two_cores", "peak_mb"]
    assert set(said) >= {"over_encode_alone_444", "cold_over_takumi", "pillow_plain_over_encode"}
    assert said["over_encode_alone"] == 0.4
    assert said["cold_over_takumi"] == 2.0
    assert (said["pool_on_two_cores"], said["peak_mb"]) == (1.75, 92.0)
    assert said["times_faster"] == {
        "pillow_plain": 3.5,
        "takumi": 4.0,
        "satori": 2.5,
        "chromium": 5.5,
        "skia": 6.0,
    }


def test_an_engine_that_cannot_be_had_has_no_ratio(bench, run):
    taken = {name: times for name, times in run.taken.items() if name != "takumi"}
    lacking = replace(run, taken=taken, cold_takumi=[], absent={"takumi": "there is no Node"})
    said = bench["results"].line(lacking)
    assert said["times_faster"]["takumi"] is None
    assert said["cold_over_takumi"] is None
    assert "No takumi: there is no Node" in bench["pages"].table(lacking)
    assert "- takumi, JPEG 4:4:4: could not be had" in bench["pages"].section(lacking, "a machine")


def test_the_page_is_written_between_its_marks_and_twice_is_as_good_as_once(bench, run):
    pages = bench["pages"]
    page = pages.PAGE.read_text("utf-8")
    once = pages.between(page, pages.section(run, "a machine"))
    assert pages.between(once, pages.section(run, "a machine")) == once
    assert once.partition(pages.BEGIN)[0] == page.partition(pages.BEGIN)[0]
    assert "| encoding alone, JPEG 4:2:0 | 5000.00 |" in once


def test_a_page_without_marks_is_not_written(bench):
    with pytest.raises(ValueError, match="the page has no"):
        bench["pages"].between("# Performance\n", "said")


def test_the_plot_shows_each_engine_with_a_bar_and_its_number(bench, run):
    svg = ET.fromstring(bench["pages"].plot(run))
    space = "{http://www.w3.org/2000/svg}"
    told = [text.text for text in svg.iter(f"{space}text")]
    assert len(svg.findall(f"{space}rect")) == len(run.taken)
    assert {bench["pages"].NAMES[name] for name in run.taken} < set(told)


def test_plain_pillow_that_is_not_15_to_30_times_as_slow_as_encoding_is_said(bench, run):
    taken = {**run.taken, "encode_alone": [1.0], "pillow_plain": [20.0]}
    assert "15 to 30 are usual" not in bench["pages"].table(replace(run, taken=taken))
    taken["pillow_plain"] = [31.0]
    assert "31.0 times encoding alone; 15 to 30 are usual" in bench["pages"].table(
        replace(run, taken=taken)
    )
