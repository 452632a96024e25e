"""What a person must mend is said with its slot and in plain words; nothing is cut to fit."""

from __future__ import annotations

import pickle
import struct
import zlib
from dataclasses import replace

import pytest
from PIL import Image
from samples import BRAND, CARDS, COLOURS, card

from scheduler.cards import (
    BadChart,
    BadPicture,
    BadTemplate,
    BadText,
    CardError,
    DoesNotFit,
    MissingGlyph,
    digest,
    draw,
)
from scheduler.cards.template_files import read
from scheduler.model import Chart, ChartKind, Size, Value


def fails(wanted: type[CardError], drawn) -> CardError:
    with pytest.raises(wanted) as caught:
        draw(drawn)
    again = pickle.loads(pickle.dumps(caught.value))
    assert (type(again), str(again), again.slot) == (
        wanted,
        str(caught.value),
        caught.value.slot,
    ), "it crosses process boundaries"
    return caught.value


def test_a_text_that_is_too_long_is_refused_with_the_excess():
    error = fails(DoesNotFit, card("quote", words="word " * 400, speaker="A"))
    assert error.slot == "words"
    assert error.lines > error.room > 5
    assert error.size >= 26
    assert "shorten it by about" in str(error)


def test_shortening_by_what_the_message_says_is_enough():
    words = "and some more words " * 90
    error = fails(DoesNotFit, card("quote", words=words, speaker="A"))
    excess = int(str(error).split("by about ")[1].split(" of")[0])
    assert draw(card("quote", words=words[: len(words) - excess - 20], speaker="A"))


def test_a_single_word_that_is_too_wide_is_named():
    error = fails(DoesNotFit, card("call", headline="Ja " + "Verantwortung" * 6))
    assert error.slot == "headline"
    assert "“Verantwortung" in str(error)
    assert "soft hyphen" in str(error)


def test_a_soft_hyphen_lets_a_long_word_break():
    assert draw(card("call", headline="Verantwortung\u00ad" * 5 + "Ende"))


def test_a_long_funder_line_is_refused_by_name():
    brand = replace(BRAND, funder="Funded by somebody who likes to be named " * 12)
    assert fails(DoesNotFit, replace(CARDS["quote"], brand=brand)).slot == "funder"


def test_too_many_bars_are_refused_by_name():
    chart = Chart(
        kind=ChartKind.BARS,
        values=tuple(Value(label=str(n), amount=n, shown=str(n)) for n in range(20)),
    )
    drawn = card("statistic", figure="20", statement="bars", chart=chart)
    assert fails(DoesNotFit, drawn).slot == "chart"


@pytest.mark.parametrize("character", ["😀", "日", "გ", "\x07"])
def test_a_character_that_no_font_has_is_named(character):
    error = fails(MissingGlyph, card("quote", words="Yes", speaker=f"Ana {character}"))
    assert error.character == character
    assert error.slot == "speaker"
    assert character in error.text


def test_a_template_that_there_is_not_is_refused_with_those_that_there_are():
    assert "call, graphic, opener, photo, quote, statistic" in str(
        fails(BadTemplate, card("poster"))
    )


def test_a_text_that_the_template_cannot_show_is_refused():
    error = fails(BadText, card("call", headline="Go", speaker="Nobody sees this"))
    assert error.slot == "speaker"


@pytest.mark.parametrize(
    ("template", "extra", "slot"),
    [
        ("quote", {"chart": CARDS["ring"].chart}, "chart"),
        ("quote", {"points": ("One",)}, "points"),
        ("call", {"picture": CARDS["photo"].picture}, "picture"),
    ],
)
def test_a_part_that_the_template_cannot_show_is_refused(template, extra, slot):
    drawn = replace(CARDS[template], **extra)
    assert fails(BadText, drawn).slot == slot


def test_a_quote_without_its_speaker_is_refused():
    assert fails(BadText, card("quote", words="Somebody said this")).slot == "speaker"


@pytest.mark.parametrize("day", ["0", "17", "three"])
def test_a_day_outside_the_sixteen_is_refused(day):
    assert fails(BadText, card("call", headline="Go", day=day)).slot == "day"


def test_a_colour_that_is_none_is_refused_by_role():
    brand = replace(BRAND, colours=replace(COLOURS, accent="orange"))
    assert fails(BadText, replace(CARDS["quote"], brand=brand)).slot == "accent"


@pytest.mark.parametrize(
    ("kind", "amount", "of"),
    [
        (ChartKind.PICTOGRAM, 4, 3),
        (ChartKind.PICTOGRAM, 1, 0),
        (ChartKind.PICTOGRAM, 1.5, 3),
        (ChartKind.RING, 101, 0),
        (ChartKind.BARS, -1, 0),
        (ChartKind.BARS, 0, 0),
        (ChartKind.BARS, 1e308, 0),
        (ChartKind.BARS, 5e-324, 0),
        (ChartKind.BARS, float("inf"), 0),
        (ChartKind.BARS, float("nan"), 0),
        (ChartKind.PICTOGRAM, float("nan"), 3),
    ],
)
def test_a_chart_that_would_lie_is_refused(kind, amount, of):
    chart = Chart(kind=kind, values=(Value(label="x", amount=amount, shown="x"),), of=of)
    assert (
        fails(BadChart, card("statistic", figure="1", statement="x", chart=chart)).slot == "chart"
    )


def test_a_picture_that_is_not_there_is_refused(tmp_path):
    assert "no file" in str(fails(BadPicture, card("photo", picture=tmp_path / "gone.jpg")))


@pytest.mark.parametrize("name", ["x" * 300 + ".png", "nul\0.png", "lone\ud800.png"])
def test_a_name_that_no_file_can_have_is_a_file_that_is_not_there(name, tmp_path):
    picture = card("photo", picture=tmp_path / name)
    logo = replace(CARDS["call"], brand=replace(BRAND, logo=tmp_path / name))
    for drawn, slot in ((picture, "picture"), (logo, "logo")):
        error = fails(BadPicture, drawn)
        assert error.slot == slot
        assert "no file" in str(error)
        assert digest(drawn) == digest(drawn)


def test_a_photo_card_without_a_picture_is_refused():
    assert fails(BadPicture, card("photo", headline="x")).slot == "picture"


def test_a_file_that_is_no_picture_is_refused(tmp_path):
    file = tmp_path / "picture.jpg"
    file.write_text("not a picture")
    assert "cannot be read as a picture" in str(fails(BadPicture, card("photo", picture=file)))
    brand = replace(BRAND, logo=file)
    assert fails(BadPicture, replace(CARDS["call"], brand=brand)).slot == "logo"


def test_half_a_picture_is_refused(tmp_path):
    file = tmp_path / "half.jpg"
    whole = CARDS["photo"].picture.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    assert fails(BadPicture, card("photo", picture=file)).slot == "picture"


@pytest.mark.parametrize("side", [12_000, 60_000])
def test_a_picture_that_claims_far_too_many_pixels_is_not_opened(side, tmp_path):
    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    file = tmp_path / "bomb.png"
    file.write_bytes(b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", b"") + chunk(b"IEND", b""))
    message = str(fails(BadPicture, card("photo", picture=file)))
    assert "save it smaller" in message


def test_a_file_too_large_for_a_picture_is_refused_before_it_is_read(tmp_path):
    file = tmp_path / "huge.jpg"
    with file.open("wb") as stream:
        stream.truncate(60_000_000_000)  # sparse: it takes no room
    drawn = card("photo", picture=file)
    assert "60,000 megabytes" in str(fails(BadPicture, drawn))
    assert digest(drawn) == digest(drawn)
    brand = replace(BRAND, logo=file)
    assert fails(BadPicture, replace(CARDS["call"], brand=brand)).slot == "logo"


def test_a_picture_that_is_too_small_is_refused_with_its_size(tmp_path):
    file = tmp_path / "small.png"
    Image.new("RGB", (300, 200)).save(file)
    assert "300 × 200" in str(fails(BadPicture, card("photo", picture=file)))


def test_a_card_too_small_for_words_is_refused_and_does_not_crash():
    for size in (Size(width=120, height=40), Size(width=400, height=60)):
        with pytest.raises(CardError):
            draw(replace(CARDS["quote"], size=size))


TEXT = """
fill = {{colour = "ink"}}
[[area]]
[[area.block]]
slot = "x"
face = "{face}"
weight = 400
least = {least}
most = 40
lines = 2
"""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("colour = 3", "no key 'colour'"),
        ("[fill]\ncolour = 'purple'", "'purple' means nothing"),
        ("[fill]\ncolour = 'paper'\nshade = 1", "no key 'shade'"),
        ("[fill", "cannot be read"),
        ("margin = 80", "the file says nothing of fill"),
        ("[fill]\ncolour='ink'\n[[area]]\n[[area.block]]\nkind='video'", "no kind 'video'"),
        (TEXT.format(face="text", least=12), "cannot be read on a phone"),
        (TEXT.format(face="comic", least=30), "'comic' means nothing"),
    ],
)
def test_a_mistake_in_a_template_is_named_with_its_place(text, said):
    with pytest.raises(BadTemplate) as caught:
        read("poster", text)
    assert said in str(caught.value)
    assert "poster" in str(caught.value)
