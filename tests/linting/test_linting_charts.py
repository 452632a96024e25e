"""Charts whose lengths, times or populations are not what is written beside them."""

from __future__ import annotations

import pytest

RING = 'facts: {{women-2023: {{figure: "{figure}", chart: {{kind: ring, share: "{share}"}}}}}}'
BARS = """\
facts:
  women-2023:
    chart:
      kind: bars
      values:
        - {{label: Women, amount: "{one}", shown: "{shown_one}"}}
        - {{label: Girls, amount: "{two}", shown: "{shown_two}"}}
"""


def bars(one, shown_one, two, shown_two):
    return BARS.format(one=one, shown_one=shown_one, two=two, shown_two=shown_two)


@pytest.mark.parametrize(
    "values",
    [
        ("32", "32%", "18", "18%"),
        ("366", "€366 billion", "289", "€289 billion"),
        ("265942", "265,942", "171069", "171,069"),
        ("265.942", "265.942", "171.069", "171.069"),
        ("32.5", "32,5 %", "18.1", "18,1 %"),
        ("1.2", "1.2 million", "0.9", "900,000"),
        ("61", "61%", "0", "0%"),
        ("61", "61%", "0", "nobody"),
        ("66.7", "2 in 3", "33.3", "1 in 3"),
        ("85000", "about 85 000", "51100", "about 51 100"),
    ],
)
def test_lengths_in_proportion_to_their_figures_are_left_alone(codes, values):
    assert "chart-amount" not in codes(bars(*values))


@pytest.mark.parametrize(
    "values",
    [
        ("32", "32%", "81", "18%"),
        ("366", "€366 billion", "2890", "€289 billion"),
        ("265942", "265,942", "17106", "171,069"),
        ("61", "61%", "0", "2%"),
        ("0", "61%", "2", "2%"),
    ],
)
def test_a_length_that_is_another_figure_is_found(codes, values):
    assert codes(bars(*values)).count("chart-amount") == 1


@pytest.mark.parametrize(("figure", "share"), [("30.7%", "30.7"), ("About 60%", "60.4")])
def test_a_ring_may_be_rounded(codes, figure, share):
    assert "chart-amount" not in codes(RING.format(figure=figure, share=share))


@pytest.mark.parametrize(("figure", "share"), [("30.7%", "70.3"), ("0,4 %", "4")])
def test_a_ring_of_another_share_is_found(linter, tmp_path, figure, share):
    (found,) = [
        one
        for one in linter(RING.format(figure=figure, share=share))
        if one.problem.code == "chart-amount"
    ]
    line = (tmp_path / "campaign.yaml").read_text("utf-8").splitlines()[found.problem.line - 1]
    assert line.strip() == f"share: '{share}'"


def test_a_chart_that_no_post_shows_is_not_looked_at(codes):
    unused = bars("1", "10%", "1", "90%").replace("women-2023", "women-2018")
    assert codes(unused) == []


@pytest.mark.parametrize(("shown", "found"), [("18%", []), ("19%", ["alt-lacks-words"])])
def test_the_figures_of_a_chart_stand_in_the_alt_text(codes, shown, found):
    alt = (
        "posts: {count: {alt: A statistic. 840 million women worldwide have experienced violence "
        f"by a partner. Women 32%. Girls {shown}. WHO 2023.}}}}"
    )
    assert codes(bars("32", "32%", "18", "18%"), alt) == found
