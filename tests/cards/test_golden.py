"""Cards look as somebody has seen and approved them: each template, chart, size and script."""

from __future__ import annotations

from dataclasses import replace

import pytest
from golden_cards import (
    GOLDEN,
    TOLERANCE,
    cards,
    complaint,
    distance,
    golden,
    keep,
    kept,
    reduced,
    shown,
)
from PIL import Image, ImageChops
from samples import BRAND, CARDS

from scheduler.cards.sampling import LANGUAGES, SIZES
from scheduler.cards.template_files import names
from scheduler.model import ChartKind

CASES = list(cards())


@pytest.mark.parametrize("name", CASES)
def test_a_card_looks_as_it_was_approved(name):
    wrong = complaint(name, reduced(cards()[name]))
    assert not wrong, wrong


def test_every_template_chart_size_and_script_has_a_golden_card():
    found = cards().values()
    assert {card.template for card in found} == set(names()) - {"footer"}
    assert {card.chart.kind for card in found if card.chart} == set(ChartKind)
    assert {card.size for card in found} == set(SIZES)
    assert {*LANGUAGES} <= {card.language for card in found}


def test_no_golden_card_is_left_over():
    files = {file.stem for file in GOLDEN.glob("*.png") if "." not in file.stem}
    assert files <= set(cards())


def test_golden_cards_are_small():
    assert all(golden(name).stat().st_size < 100_000 for name in cards() if golden(name).exists())


def changed(name, **texts):
    card = CARDS[name]
    return reduced(replace(card, texts={**card.texts, **texts}))


def test_the_tolerance_notices_one_changed_word():
    words = CARDS["quote"].texts["words"]
    other = changed("quote", words=words.replace("source", "causes"))
    assert distance(other, kept("quote")) > 2 * TOLERANCE


def test_the_tolerance_notices_one_changed_word_in_the_smallest_letters():
    caveat = CARDS["statistic"].texts["caveat"]
    other = changed("statistic", caveat=caveat.replace("partly", "hardly"))
    assert distance(other, kept("statistic")) > TOLERANCE


def test_the_tolerance_notices_a_figure_of_a_chart():
    card = CARDS["bars"]
    first, *rest = card.chart.values
    chart = replace(card.chart, values=(replace(first, shown="3.1"), *rest))
    assert distance(reduced(replace(card, chart=chart)), kept("bars")) > TOLERANCE


def logo(tmp_path, left):
    """A card with a mark that stands `left` pixels from the edge of its logo."""
    file = tmp_path / f"{left}.png"
    image = Image.new("RGBA", (88, 88))
    image.paste((10, 60, 200, 255), (left, 20, left + 40, 60))
    image.save(file)
    return reduced(replace(CARDS["quote"], brand=replace(BRAND, logo=file)))


@pytest.mark.parametrize("moved", [8, 16])
def test_the_tolerance_notices_a_moved_logo(tmp_path, moved):
    assert distance(logo(tmp_path, 10), logo(tmp_path, 10)) == 0
    assert distance(logo(tmp_path, 10), logo(tmp_path, 10 + moved)) > TOLERANCE


def test_a_card_that_differs_is_shown_beside_the_golden_one(tmp_path):
    before = reduced(CARDS["call"])
    keep("call", before, tmp_path)
    assert complaint("call", before, tmp_path) == ""
    assert sorted(file.name for file in tmp_path.iterdir()) == ["call.png"]
    got = changed("call", headline="Ask what your town does.")
    said = complaint("call", got, tmp_path)
    for ending in (".got.png", ".difference.png"):
        assert f"call{ending}" in said
    with Image.open(tmp_path / "call.got.png") as image:
        assert image.convert("RGB").tobytes() == got.tobytes()
    with Image.open(tmp_path / "call.difference.png") as image:
        assert image.width > 3 * before.width


def test_a_card_without_a_golden_one_says_how_to_get_it(tmp_path):
    said = complaint("call", reduced(CARDS["call"]), tmp_path)
    assert "call.got.png" in said
    assert "tools/renew_golden.py" in said
    assert (tmp_path / "call.got.png").exists()


def test_the_difference_is_dark_where_nothing_has_changed():
    before, got = kept("call"), kept("call")
    got.paste("#00ff00", (0, 0, 30, 30))
    sheet = shown(before, got)
    third = sheet.crop((2 * (before.width + 8), 0, sheet.width, sheet.height))
    assert ImageChops.invert(third).getbbox()
    assert third.getbbox() == (0, 0, 30, 30)
