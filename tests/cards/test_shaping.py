"""Glyphs: kerned, in the order of reading, in the first font that has them."""

from __future__ import annotations

import pytest
import uharfbuzz as hb
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from scheduler.cards import MissingGlyph, quoted
from scheduler.cards.shaping import Style, levels, paragraph, shape
from scheduler.cards.typefaces import Face, faces, families, font_bytes

TEXT = Style(faces("text", 400))
SERIF = Style(faces("serif", 600))


def test_pairs_of_letters_are_kerned():
    alone = sum(shape(letter, TEXT).width for letter in "AVAVAV")
    assert shape("AVAVAV", TEXT).width < alone * 0.97


def test_the_widths_of_characters_add_up_to_the_width_of_the_line():
    for text in ("Täterarbeit wirkt.", "Ευθύνη για όλους", "Одговорност", "fi ffi Čž", "e\u0301"):
        assert sum(paragraph(text, SERIF).advances) == pytest.approx(shape(text, SERIF).width)


def test_tracking_stands_between_letters_and_not_behind_the_last():
    tracked = TEXT._replace(tracking=0.1)
    assert shape("HHH", tracked).width == pytest.approx(shape("HHH", TEXT).width + 0.2)


def test_a_heavier_weight_is_wider():
    assert shape("Weight", Style(faces("text", 800))).width > shape("Weight", TEXT).width


def test_a_character_comes_from_the_first_font_that_has_it():
    runs = shape("a ⇒", SERIF).runs
    assert runs[0].face.file.startswith("SourceSerif4")
    assert runs[-1].face.file.startswith("Inter")


def test_a_mark_stays_in_the_font_of_its_letter():
    assert len({run.face for run in shape("⇒\u0301", SERIF).runs}) == 1


@pytest.fixture
def two_directions(tmp_path):
    """A font of a, b, the space and three Hebrew letters, each as wide as its place in the list."""
    names = [".notdef", "space", "a", "b", "alef", "bet", "gimel"]
    builder = FontBuilder(1000)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap(dict(zip(map(ord, " abאבג"), names[1:], strict=True)))
    builder.setupGlyf({name: TTGlyphPen(None).glyph() for name in names})
    builder.setupHorizontalMetrics({name: (100 * n, 0) for n, name in enumerate(names)})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupPost()
    builder.save(tmp_path / "tiny.ttf")
    return Style((Face(str(tmp_path / "tiny.ttf"), 400),))


@pytest.mark.parametrize(
    ("text", "seen"),
    [("ab", "ab"), ("אבג", "גבא"), ("ab אב", "ab בא"), ("אב ab ג", "ג ab בא")],
)
def test_words_stand_in_the_order_in_which_they_are_seen(text, seen, two_directions):
    runs = shape(text, two_directions).runs
    assert "".join(text[place] for run in runs for place in run.places) == seen
    lefts = [x for run in runs for x in run.xs]
    assert lefts == sorted(lefts)


def test_a_character_of_no_font_is_an_error_with_its_name():
    with pytest.raises(MissingGlyph, match="grinning face"):
        shape("Oh 😀", SERIF)


def test_invisible_characters_need_no_font():
    assert shape("a\u2066b\u2069\u200b\u00adc", TEXT).width == pytest.approx(
        shape("abc", TEXT).width, abs=0.02
    )


def test_every_font_writes_the_languages_of_the_network():
    letters = (
        "ÀÉÎÕÜßçñ ŠšŽžĆćĐđ ĂăÂâÎîȘșȚț ŁłŻżŹźŃń ŐőŰű ěřů ĢķļņŠ ΆλφάΐΰΏ ЂђЉљЊњЋћЏџЖжЩщЪъЬь „“”«»–—…€"
    )
    for family in families():
        assert shape(letters, Style(faces(family, 600))).width > 0


def test_every_shipped_font_may_be_shipped():
    for files in families().values():
        for file in files:
            face = hb.Face(font_bytes(file))
            assert "Open Font License" in face.get_name(hb.OTNameIdPredefined.LICENSE)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("abc", [0, 0, 0]),
        ("אבג", [1, 1, 1]),
        ("אב 12", [1, 1, 1, 2, 2]),
        ("ab אב", [0, 0, 0, 1, 1]),
        # In a Hebrew line a hashtag keeps its sign in front only if it is isolated.
        ("א #a", [1, 1, 1, 2]),
        ("א \u2066#a\u2069", [1, 1, 1, 2, 2, 1]),
        ("a \u2067אב\u2069 b", [0, 0, 0, 1, 1, 0, 0, 0]),
    ],
)
def test_text_of_two_directions_is_levelled_as_unicode_says(text, expected):
    assert levels(text) == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "“x”"),
        ("de", "„x“"),
        ("de-CH", "«x»"),
        ("it", "«x»"),
        ("fr", "«\u202fx\u202f»"),
        ("el", "«x»"),
        ("sr-Cyrl", "„x”"),
        ("pl", "„x”"),
        ("pt", "«x»"),
        ("pt-PT", "«x»"),
        ("pt-BR", "“x”"),
        ("hu", "„x”"),
        ("ro", "„x”"),
        ("lt", "„x“"),
        ("lv", "“x”"),
        ("bg", "„x“"),
        ("sl", "„x“"),
        ("fi", "”x”"),
        ("se", "”x”"),
        ("hsb", "„x“"),
        ("rm", "«x»"),
        ("hy", "«x»"),
        ("ar", "«x»"),
        ("ur", "”x“"),
        ("tr", "“x”"),
        ("xx", "“x”"),
    ],
)
def test_each_language_has_its_own_quotation_marks(language, expected):
    assert quoted("x", language) == expected
