"""Fonts that a campaign brings along: its brand's own type, and files for further scripts."""

from __future__ import annotations

import os
import pickle
import shutil
import subprocess
import sys
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable
from lines import glyphs
from samples import BRAND, card

from scheduler.cards import BadFont, MissingGlyph, Shelf, digest, draw
from scheduler.cards.shaping import Style, shape
from scheduler.cards.typefaces import typefaces
from scheduler.model import Fonts, Typeface

SHIPPED = files("scheduler.cards") / "fonts"
GEORGIAN = "პასუხისმგებლობა"


@pytest.fixture
def make(tmp_path):
    """A font whose letters are blocks, each one em of 1000 wide, or `width`."""

    def made(name, letters, *, family="", weight=400, fs_type=0, width=1000, colour=False):
        pen = TTGlyphPen(None)
        for point in ((100, 0), (100, 700), (900, 700), (900, 0)):
            (pen.lineTo if pen.points else pen.moveTo)(point)
        pen.closePath()
        block = pen.glyph()
        names = [f"u{ord(letter):04X}" for letter in letters]
        builder = FontBuilder(1000)
        builder.setupGlyphOrder([".notdef", "space", *names])
        builder.setupCharacterMap(
            dict(zip(map(ord, f" {letters}"), ["space", *names], strict=True))
        )
        builder.setupGlyf(
            {".notdef": block, "space": TTGlyphPen(None).glyph()} | dict.fromkeys(names, block)
        )
        builder.setupHorizontalMetrics(dict.fromkeys((".notdef", "space", *names), (width, 100)))
        builder.setupHorizontalHeader(ascent=800, descent=-200)
        builder.setupNameTable({"familyName": family or name, "styleName": "Regular"})
        builder.setupOS2(usWeightClass=weight, fsType=fs_type, sCapHeight=700, version=4)
        builder.setupPost()
        if colour:
            builder.font["SVG "] = newTable("SVG ")
            builder.font["SVG "].docList = []
        file = tmp_path / name
        builder.save(file)
        return file

    return made


def drawn_with(fonts: Fonts, words: str = "Go", **more: object):
    return card("call", headline=words, brand=replace(BRAND, fonts=fonts), **more)


def faces_of(fonts: Fonts, text: str, family: str = "display", weight: int = 700) -> list[str]:
    line = shape(text, Style(typefaces(fonts).faces(family, weight)))
    return [Path(glyph.face.file).name for glyph in glyphs(line)]


def test_a_font_that_is_laid_down_writes_what_the_shipped_ones_cannot(make):
    with pytest.raises(MissingGlyph):
        draw(drawn_with(Fonts(), GEORGIAN))
    georgian = make("Georgian.ttf", "".join(sorted(set(GEORGIAN))))
    assert draw(drawn_with(Fonts(others=(georgian,)), GEORGIAN))
    for family in ("text", "display", "serif"):
        assert set(faces_of(Fonts(others=(georgian,)), GEORGIAN, family)) == {"Georgian.ttf"}


def test_a_font_that_is_laid_down_changes_no_word_that_was_written_before(make):
    everything = make("Everything.ttf", "Gogდ")
    before = draw(drawn_with(Fonts()))
    assert draw(drawn_with(Fonts(others=(everything,)))) == before


def test_fonts_that_are_laid_down_are_asked_by_name_and_before_shipped_ones(make):
    arabic = make("Arabic.ttf", "سلام")
    assert set(faces_of(Fonts(others=(arabic,)), "سلام")) == {"Arabic.ttf"}
    first, second = make("A.ttf", "დ"), make("B.ttf", "დე")
    assert set(faces_of(Fonts(others=(first, second)), "დ")) == {"A.ttf"}
    assert set(faces_of(Fonts(others=(first, second)), "დე")) == {"B.ttf"}, "one word, one font"


def test_of_several_weights_of_one_typeface_the_nearest_one_writes(make):
    light = make("Light.ttf", "დ", family="Typeface", weight=300)
    heavy = make("Heavy.ttf", "დ", family="Typeface", weight=800)
    for order in ((light, heavy), (heavy, light)):
        assert faces_of(Fonts(others=order), "დ", weight=400) == ["Light.ttf"]
        assert faces_of(Fonts(others=order), "დ", weight=700) == ["Heavy.ttf"]
        assert faces_of(Fonts(text=order), "დ", "text", 400) == ["Light.ttf"]


def test_the_brands_own_type_writes_its_family_and_no_other(make):
    brand = make("Brand.ttf", "Go")
    fonts = Fonts(display=(brand,))
    assert faces_of(fonts, "Go", "display") == ["Brand.ttf"] * 2
    assert faces_of(fonts, "Go", "text") == ["Inter-roman.var.ttf"] * 2
    assert faces_of(fonts, "Gott", "display") == ["InterDisplay-roman.var.ttf"] * 4


def test_a_brand_may_take_another_shipped_typeface():
    fonts = Fonts(display=Typeface.SOURCE_SERIF)
    assert set(faces_of(fonts, "Go", "display")) == {"SourceSerif4Display-Semibold.ttf"}
    assert digest(drawn_with(fonts)) != digest(drawn_with(Fonts()))
    assert draw(drawn_with(fonts)) != draw(drawn_with(Fonts()))


@pytest.mark.parametrize("field", ["text", "display", "serif", "others"])
def test_the_digest_counts_the_bytes_of_the_fonts_and_not_where_they_lie(field, make, tmp_path):
    file = make("Brand.ttf", "Go")
    used = drawn_with(Fonts(**{field: (file,)}))
    elsewhere = tmp_path / "elsewhere.ttf"
    shutil.copyfile(file, elsewhere)
    assert digest(drawn_with(Fonts(**{field: (elsewhere,)}))) == digest(used)
    make("elsewhere.ttf", "Go", width=700)
    assert digest(drawn_with(Fonts(**{field: (elsewhere,)}))) != digest(used)


def test_a_new_font_under_an_old_name_is_seen_in_the_same_process(make):
    file = make("Brand.ttf", "Go")
    drawn = drawn_with(Fonts(display=(file,)))
    before, name = draw(drawn), digest(drawn)
    make("Brand.ttf", "Go", width=1500)
    assert digest(drawn) != name
    assert draw(drawn) != before


def test_what_was_approved_stays_when_a_font_for_another_script_is_laid_down(make, tmp_path):
    shelf = Shelf(tmp_path / "shelf")
    shelf.keep(drawn_with(Fonts()))
    kept = shelf.card(drawn_with(Fonts()))
    assert shelf.card(drawn_with(Fonts(others=(make("Georgian.ttf", "დ"),)))) == kept
    assert shelf.card(drawn_with(Fonts(display=(make("Brand.ttf", "Go"),)))) != kept


def test_the_fonts_go_with_the_card_into_another_process(make, tmp_path):
    fonts = Fonts(display=(make("Brand.ttf", "Go"),), others=(make("Georgian.ttf", "დ"),))
    drawn = replace(drawn_with(fonts, "Go დ"), texts={"headline": "Go დ"})
    program = (
        "import pickle, sys; from scheduler.cards import draw\n"
        "sys.stdout.buffer.write(draw(pickle.load(sys.stdin.buffer)))"
    )
    there = subprocess.run(
        [sys.executable, "-c", program],
        input=pickle.dumps(drawn),
        capture_output=True,
        check=True,
        timeout=60,
    )
    assert there.stdout == draw(drawn)


def whole(make):
    return make("Font.ttf", "Go").read_bytes()


UNUSABLE = {
    "no font": lambda make: b"not a font at all" * 9,
    "empty": lambda make: b"",
    "half": lambda make: whole(make)[: len(whole(make)) // 2],
    "a directory only": lambda make: whole(make)[:40],
    "restricted": lambda make: make("R.ttf", "Go", fs_type=0x0002).read_bytes(),
    "coloured": lambda make: make("C.ttf", "Go", colour=True).read_bytes(),
    "web": lambda make: b"wOF2" + whole(make)[4:],
}


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("no font", "damaged"),
        ("empty", "damaged"),
        ("half", "damaged"),
        ("a directory only", "damaged"),
        ("restricted", "may not be embedded"),
        ("coloured", "made of outlines"),
        ("web", "damaged"),
    ],
)
def test_a_font_that_cannot_be_used_is_refused_by_name(kind, said, make, tmp_path):
    file = tmp_path / "theirs.ttf"
    file.write_bytes(UNUSABLE[kind](make))
    for field, slot in (("serif", "fonts.serif"), ("text", "fonts.text"), ("others", "fonts")):
        drawn = drawn_with(Fonts(**{field: (file,)}))
        with pytest.raises(BadFont, match=said) as caught:
            draw(drawn)
        assert "theirs.ttf" in str(caught.value)
        assert pickle.loads(pickle.dumps(caught.value)).slot == slot
        assert digest(drawn) == digest(drawn)


def test_a_font_with_damaged_letters_is_refused_when_it_is_drawn(make):
    file = make("Brand.ttf", "Go")
    font = TTFont(file)
    start = font.reader.tables["glyf"].offset
    data = bytearray(file.read_bytes())
    data[start : start + 60] = b"\x7f" * 60
    file.write_bytes(data)
    with pytest.raises(BadFont, match=r"Brand\.ttf is damaged"):
        draw(drawn_with(Fonts(display=(file,))))


@pytest.mark.parametrize("bits", [0x0000, 0x0004, 0x0008, 0x0100])
def test_every_other_permission_to_embed_is_good_enough(bits, make):
    assert draw(drawn_with(Fonts(display=(make("Brand.ttf", "Go", fs_type=bits),))))


def test_a_font_that_is_not_there_or_far_too_large_is_refused(tmp_path):
    huge = tmp_path / "huge.ttf"
    with huge.open("wb") as stream:
        stream.truncate(60_000_000)  # sparse: it takes no room
    for file, said in ((huge, "50 megabytes"), (tmp_path / "gone.ttf", "there is no file")):
        with pytest.raises(BadFont, match=said):
            draw(drawn_with(Fonts(others=(file,))))


def test_a_latin_card_opens_no_font_for_another_script():
    opened = run(
        "import scheduler.cards.typefaces as t\n"
        "from samples import CARDS; from scheduler.cards import draw\n"
        "assert not t.font_bytes.cache_info().currsize, 'work at import'\n"
        "draw(CARDS['statistic']); draw(CARDS['quote'])\n"
        "print(t.font_bytes.cache_info().currsize)"
    )
    assert opened == "3"


def run(program: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program],
        check=True,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parent,
        env={**os.environ, **environment},
        timeout=60,
    )
    return done.stdout.strip()


def test_freetype_is_the_one_of_its_wheel():
    loaded = run(
        "import freetype, freetype.raw, pathlib; from samples import CARDS\n"
        "from scheduler.cards import draw\n"
        "draw(CARDS['quote'])\n"
        "home = pathlib.Path(freetype.__file__).parent\n"
        "print(pathlib.Path(freetype.raw.filename).is_relative_to(home))\n"
        "maps = pathlib.Path('/proc/self/maps')\n"
        "lines = maps.read_text().splitlines() if maps.exists() else []\n"
        "found = {line.split(maxsplit=5)[-1] for line in lines if 'libfreetype' in line}\n"
        "print(all('site-packages' in name for name in found))"
    )
    assert loaded.split() == ["True", "True"]


def test_pillows_own_text_and_the_systems_fribidi_and_raqm_are_never_asked():
    program = (
        "import sys, hashlib{without}\n"
        "from samples import card; from scheduler.cards import draw\n"
        "drawn = draw(card('call', headline='سلام #Go 12', language='ar'))\n"
        "print(hashlib.sha256(drawn).hexdigest())"
    )
    without = "; sys.modules['PIL._imagingft'] = None"
    assert run(program.format(without=without)) == run(program.format(without=""))
