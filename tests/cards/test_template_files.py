"""Templates as files: the shipped ones, a campaign's own over them, and every mistake's place."""

from __future__ import annotations

import pickle
from dataclasses import fields, replace

import pytest
from samples import BRAND, CARDS

from scheduler.cards import BadTemplate, Shelf, check_template, digest
from scheduler.cards.composing import composed
from scheduler.cards.marks import Wash
from scheduler.cards.template_files import footer, names, read, template
from scheduler.cards.template_reference import reference
from scheduler.cards.templates import BLOCKS, SMALLEST, Points, Shape, Text
from scheduler.model import TemplateFile


def own(name: str, text: str) -> TemplateFile:
    return TemplateFile(name=name, file=f"assets/templates/{name}.toml", text=text)


def drawn_with(name: str, *files: TemplateFile):
    return replace(CARDS[name], brand=replace(BRAND, templates=files))


@pytest.mark.parametrize("shape", Shape)
@pytest.mark.parametrize("name", [name for name in names() if name != "footer"])
def test_a_shipped_template_has_no_letters_below_the_least_in_any_shape(name, shape):
    look = template(name, shape)
    blocks = [block for area in look.areas for block in area.blocks]
    texts = [block for block in (look.kicker, *blocks) if isinstance(block, Text | Points)]
    assert len(texts) > 1
    assert all(SMALLEST <= block.least <= (block.usual or block.most) for block in texts)
    assert all(block.usual <= block.most for block in texts)


@pytest.mark.parametrize("name", [name for name in names() if name != "footer"])
def test_a_template_says_something_different_for_each_shape(name):
    assert len({template(name, shape) for shape in Shape}) >= 3


def test_a_file_of_two_lines_changes_two_things_and_nothing_else():
    file = own("quote", 'margin = 96\n[fill]\ncolour = "paper"\n')
    before, after = template("quote"), template("quote", Shape.TALL, (file,))
    assert (after.margin, after.fill.colour) == (96, "paper")
    assert replace(after, margin=before.margin, fill=before.fill) == before
    assert after.fill.bottom == before.fill.bottom, "tables merge"


def test_what_a_file_says_for_one_shape_leaves_the_others_alone():
    file = own("call", "wide = {margin = 90}")
    margins = {shape: template("call", shape, (file,)).margin for shape in Shape}
    assert margins[Shape.WIDE] == 90
    assert margins[Shape.TALL] == template("call").margin


def test_a_campaigns_own_template_is_drawn():
    plain = composed(CARDS["quote"]).base[0]
    paper = composed(drawn_with("quote", own("quote", '[fill]\ncolour = "paper"'))).base[0]
    assert isinstance(plain, Wash)
    assert plain.top == BRAND.colours.ground.lower()
    assert paper.top == BRAND.colours.paper.lower()


def test_a_campaigns_own_foot_is_drawn_on_every_card():
    file = own("footer", "above = 80")
    assert footer(Shape.TALL, (file,)).above == 80
    for name in ("call", "statistic"):
        assert composed(drawn_with(name, file)) != composed(CARDS[name])


def test_an_own_template_counts_for_the_cards_that_use_it_and_for_no_others():
    file = own("quote", "margin = 96")
    assert digest(drawn_with("quote", file)) != digest(CARDS["quote"])
    assert digest(drawn_with("call", file)) == digest(CARDS["call"])
    elsewhere = replace(file, file="elsewhere.toml")
    assert digest(drawn_with("quote", elsewhere)) == digest(drawn_with("quote", file))


def test_a_card_that_was_approved_stays_whatever_becomes_of_its_template(tmp_path):
    shelf = Shelf(tmp_path)
    shelf.keep(CARDS["call"])
    kept = shelf.card(CARDS["call"])
    assert shelf.card(drawn_with("call", own("call", "margin = 120"))) == kept


def test_an_own_template_comes_along_into_the_processes_that_draw(tmp_path):
    cards = [
        drawn_with("call", own("call", f"margin = {margin}")) for margin in range(60, 60 + 8 * 4, 4)
    ]
    filled = Shelf(tmp_path).fill(cards, processes=2)
    assert (filled.drawn, filled.problems) == (8, {})
    bad = [drawn_with("call", own("call", f"margni = {n}")) for n in range(8)]
    filled = Shelf(tmp_path).fill(bad, processes=2)
    assert {(error.line, error.column) for error in filled.problems.values()} == {(1, 1)}


ONE_BLOCK = """[[block]]
slot = "name"
face = "text"
weight = 400
least = 26
most = 26
lines = 1
"""
MISTAKES = [
    ("quote", "margin = 90\nmragin = 80", (2, 1), "no key 'mragin'", 'did you mean "margin"?'),
    ("quote", "[fill]\ncolour = 'purple'", (2, 1), "'purple' means nothing", "known here"),
    ("quote", "[fill]\ncolour = 'papre'", (2, 1), "means nothing", 'did you mean "paper"?'),
    ("quote", "[kicker]\nwide = {least = 12}", (2, 9), "cannot be read on a phone", "write 26"),
    ("quote", "[kicker]\nleast = 'big'", (2, 1), "a whole number, not 'big'", ""),
    ("quote", "[kicker]\nslot = 'words'", (2, 1), "no key 'slot'", ""),
    ("quote", "wide = 3", (1, 1), "wide is a table", ""),
    ("quote", "fill = 'paper'", (1, 1), "fill is a table", "write [fill]"),
    ("quote", "[area]\nfill = 'paper'", (1, 2), "area is a list of tables", "write [[area]]"),
    ("quote", "margin = 900", (1, 1), "is too much", "write 240 or less"),
    ("quote", "margin = nan", (1, 1), "a whole number, not nan", ""),
    ("quote", "margin =", (1, 9), "it cannot be read", ""),
    ("quote", "[[area]]\n[[area.block]]\nkind = 'txet'", (3, 1), "no kind 'txet'", '"text"'),
    (
        "call",
        "[[area]]\n[[area.block]]\nkind = 'spring'\n[[area.block]]\nslot = 'body'\nleast = 30",
        (4, 3),
        "area 1, block 2 says nothing of face, weight, most, lines",
        "",
    ),
    ("opener", "[[area]]\n[[area.block]]\nkind = 'lights'\nrows = 3", (4, 1), "means nothing", "4"),
    ("footer", ONE_BLOCK, (1, 3), "no place for 'hashtag'", "add a [[block]]"),
    ("qoute", "margin = 90", (1, 1), "no template 'qoute'", 'did you mean "quote"?'),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "place", "said", "hint"), MISTAKES)
def test_a_mistake_is_named_with_file_line_and_column(name, text, place, said, hint):
    with pytest.raises(BadTemplate) as caught:
        check_template(own(name, text))
    error = caught.value
    assert (error.file, error.line, error.column) == (f"assets/templates/{name}.toml", *place)
    assert said in error.message
    assert hint in error.hint
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.line, again.hint) == (str(error), error.line, error.hint)


def test_a_mistake_of_one_shape_is_found_though_no_card_has_it():
    with pytest.raises(BadTemplate, match="cannot be read on a phone"):
        check_template(own("call", "[kicker]\nstory = {least = 3}"))


def test_shapes_in_the_text_of_a_template_are_read_for_each_shape():
    text = """
wide = {margin = 40}
[fill]
colour = "ink"
story = {colour = "paper"}
"""
    looks = {shape: read("poster", text, shape) for shape in Shape}
    assert [looks[shape].margin for shape in Shape] == [84, 84, 40, 84]
    assert looks[Shape.STORY].fill.colour == "paper"
    assert looks[Shape.WIDE].fill.colour == "ink"


def test_a_text_that_may_not_shrink_keeps_its_size_or_is_refused():
    block = """
[[area]]
[[area.block]]
slot = "headline"
face = "display"
weight = 700
least = 30
usual = 90
most = 140
lines = 2
overflow = "refuse"
[[area.block]]
slot = "body"
face = "text"
weight = 500
least = 30
most = 30
lines = 9
"""
    refusing = drawn_with("call", own("call", block))
    said = {**refusing.texts, "headline": "Ask him."}
    made = composed(replace(refusing, texts=said))
    assert 90 in {getattr(mark, "size", 0) for mark in made.fresh}
    assert "140" not in str({getattr(mark, "size", 0) for mark in made.fresh})
    with pytest.raises(Exception, match="room for 2"):
        composed(replace(refusing, texts={**said, "headline": "Ask what your town does. " * 4}))


def test_every_key_that_a_template_may_have_stands_on_the_page_with_its_meaning():
    page = reference()
    for block in BLOCKS.values():
        for key in fields(block):
            assert f"| `{key.name}` | " in page
            assert key.metadata["says"]
    for shape in Shape:
        assert f"`{shape}`" in page
    for name in names():
        assert f"`{name}`" in page
