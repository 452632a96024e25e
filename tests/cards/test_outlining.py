"""The construction drawn over a card: where things are, and nothing else changed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PIL import ImageChops
from samples import CARDS

from scheduler.cards import draw
from scheduler.cards.composing import composed
from scheduler.cards.outlining import draw_outlined, outlined, outlines, show_outlined
from scheduler.cards.painting import picture
from scheduler.model import Size


def boxes(card):
    return outlines(card)


def names(card):
    return [box.name.partition(" ")[0] for box in boxes(card)]


@pytest.mark.parametrize("name", CARDS)
def test_every_text_of_the_body_has_a_box_with_its_slot(name):
    card = CARDS[name]
    wanted = {slot for slot, text in card.texts.items() if text} - {"day"}
    assert wanted <= set(names(card))


@pytest.mark.parametrize("name", CARDS)
@pytest.mark.parametrize("size", [(1080, 1350), (1600, 900)])
def test_boxes_of_an_area_stand_inside_it_and_inside_the_card(name, size):
    card = replace(CARDS[name], size=Size(width=size[0], height=size[1]))
    areas = [box for box in boxes(card) if box.name.startswith("area")]
    inner = [
        box for box in boxes(card) if not box.name.startswith(("area", "margin", "safe", "kicker"))
    ]
    assert areas
    for box in inner:
        assert any(
            area.left <= box.left
            and box.right <= area.right
            and area.top <= box.top
            and box.bottom <= area.bottom
            for area in areas
        )
        assert 0 <= box.top <= box.bottom <= card.size.height


def test_a_box_says_the_size_of_its_letters_and_its_lines():
    said = [box.name for box in boxes(CARDS["quote"])]
    assert any(name.startswith("words ") and name.endswith(" lines") for name in said)
    assert any(name.startswith("speaker ") and name.endswith(" px") for name in said)


@pytest.mark.parametrize(
    ("size", "safe"),
    [
        ((1080, 1350), "square"),
        ((1600, 900), "square"),
        ((1080, 1080), ""),
        ((1080, 1920), "story"),
    ],
)
def test_what_is_surely_seen_depends_on_the_shape(size, safe):
    card = replace(CARDS["call"], size=Size(width=size[0], height=size[1]))
    found = [box.name for box in boxes(card) if box.name.startswith("safe")]
    assert found == ([f"safe: {safe}"] if safe else [])


def test_the_outlines_lie_over_the_cards_own_marks_and_change_none_of_them():
    plain, over = composed(CARDS["statistic"]), outlined(CARDS["statistic"])
    assert over
    assert not set(over) & {*plain.base, *plain.fresh}


def test_a_card_drawn_after_an_outlined_one_is_as_it_was():
    before = draw(CARDS["graphic"])
    assert draw_outlined(CARDS["graphic"]) != before
    assert draw(CARDS["graphic"]) == before


def test_every_line_of_letters_stands_on_a_baseline():
    card = CARDS["quote"]
    difference = ImageChops.difference(picture(composed(card)), show_outlined(card))
    lines = {mark.top for mark in outlined(card) if getattr(mark, "colour", "") == "#00acc1"}
    assert len(lines) >= 8
    for y in lines:
        assert difference.crop((84, y, 400, y + 2)).getbbox(), f"nothing is drawn at {y}"
