"""Contrast as WCAG counts it, and colours that are made readable without losing themselves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import COLOURS

from scheduler.cards import contrast
from scheduler.cards.colours import legible, mixed, rgb

colours = st.tuples(*[st.integers(0, 255)] * 3).map(lambda c: "#{:02x}{:02x}{:02x}".format(*c))


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21), ("#777777", "#ffffff", 4.48), ("#C2410C", "#ffffff", 5.18)],
)
def test_contrast_is_the_ratio_that_wcag_gives(one, other, ratio):
    assert contrast(one, other) == pytest.approx(ratio, abs=0.01)
    assert contrast(other, one) == contrast(one, other)


@given(colours, colours)
def test_every_colour_is_made_legible_on_every_ground(colour, ground):
    assert contrast(legible(colour, ground), ground) >= 4.5


def test_a_colour_that_can_be_read_stays_as_it_is():
    assert legible("#24163a", "#fff6ec") == "#24163a"


def test_orange_made_lighter_stays_orange():
    red, green, blue = rgb(legible(COLOURS.accent, COLOURS.ground))
    assert red > 220
    assert red - green > 80
    assert green - blue > 20


def test_the_sample_brand_needs_no_help_on_its_own_grounds():
    assert contrast(COLOURS.ink, COLOURS.paper) >= 7
    assert contrast(COLOURS.on_dark, COLOURS.ground) >= 7
    assert contrast(COLOURS.accent, COLOURS.paper) >= 4.5
    assert contrast(COLOURS.on_dark, COLOURS.accent) >= 4.5


def test_mixing_runs_from_the_ground_to_the_colour():
    assert mixed("#ffffff", "#000000", 0) == "#000000"
    assert mixed("#ffffff", "#000000", 0.5) == "#808080"
    assert mixed("#ffffff", "#000000", 1) == "#ffffff"
