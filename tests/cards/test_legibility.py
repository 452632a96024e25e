"""Contrast is measured on what is drawn behind the letters, whatever the palette says."""

from __future__ import annotations

import pytest
from PIL import Image, ImageDraw
from samples import BRAND, CARDS

from scheduler.cards import Illegible
from scheduler.cards.composing import composed
from scheduler.cards.legibility import Light, SharedLight, check, gathered
from scheduler.cards.marks import Composition, Slab, Wash, Words
from scheduler.cards.painting import painted
from scheduler.cards.setting import Box, copy
from scheduler.cards.typefaces import typefaces
from scheduler.model import Fonts


def words(text="Hold him to account", size=40, left=100, top=200, colour="#ffffff"):
    written = copy(
        "headline", text, fonts=typefaces(Fonts()), family="text", weight=600, language="en"
    )
    return tuple(written.set(Box(size, left, top, 800, colour)))


def composition(*marks):
    return Composition(
        width=1080, height=1350, base=(Wash("#202020", "#303030"),), fresh=(*marks, *words())
    )


def test_letters_on_their_ground_can_be_read():
    with painted(composition()) as painting:
        assert painting.rows


@pytest.mark.parametrize("where", [(90, 180, 950, 260), (300, 205, 320, 225)])
def test_something_light_behind_white_letters_is_found(where):
    hidden = composition(Slab(*where, "#fff0d0"))
    with pytest.raises(Illegible, match="the headline stands out by"), painted(hidden):
        pass


def test_something_light_beside_the_letters_is_not():
    with painted(composition(Slab(90, 260, 950, 300, "#fff0d0"))) as painting:
        image = painting.canvas.image
        assert image.getpixel((900, 280))[:3] == (255, 240, 208), "it was drawn all the same"
        assert image.crop((100, 200, 500, 232)).getextrema()[0][1] == 255, "and so were the letters"


def test_a_card_that_failed_leaves_the_next_one_clean():
    with pytest.raises(Illegible), painted(composition(Slab(90, 180, 950, 260, "#fff0d0"))):
        pass
    with painted(composition()) as painting:
        assert painting.canvas.image.getpixel((940, 250))[:3] == pytest.approx((34, 34, 34), abs=3)


def test_grey_that_suffices_for_large_letters_does_not_for_small_ones():
    light = Light(Image.new("RGB", (1080, 400), "#ffffff"))
    (large,) = gathered(words(size=80, colour="#888888"))
    (small,) = gathered(words(size=40, colour="#888888"))
    check(light, large)
    with pytest.raises(Illegible, match=r"3\.5 : 1 .* 4\.5 : 1"):
        check(light, small)


def test_two_colours_that_never_meet_in_a_pixel_are_not_taken_for_one():
    """Red and blue behind black: their channels' extremes would be those of a darker colour."""
    ground = Image.new("RGB", (1080, 400), "#ff8080")
    ImageDraw.Draw(ground).rectangle((0, 0, 540, 400), fill="#8080ff")
    (lines,) = gathered(words(colour="#000000"))
    check(Light(ground), lines)


@pytest.mark.parametrize("name", CARDS)
def test_what_many_cards_share_is_measured_as_the_card_itself_would_be(name):
    made = composed(CARDS[name])
    image = Image.new("RGB", (1080, 1350), BRAND.colours.paper)
    ImageDraw.Draw(image).rectangle((0, 900, 1080, 1350), fill=BRAND.colours.ground)
    one, other = Light(image), SharedLight(image)
    other.look_through()
    for lines in gathered([mark for mark in made.fresh if isinstance(mark, Words)]):
        assert one.exact(lines.box) == pytest.approx(other.exact(lines.box))
        low, high = other.extremes(lines.box)
        assert low <= one.extremes(lines.box)[0] + 1e-9
        assert high >= one.extremes(lines.box)[1] - 1e-9
