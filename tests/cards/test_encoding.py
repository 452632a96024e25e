"""Files: what is encoded in bands is, to the byte, what Pillow gives for the whole picture."""

from __future__ import annotations

import io
import zlib
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from samples import CARDS, card

from scheduler.cards import draw
from scheduler.cards.bands import Bands
from scheduler.cards.canvas import Canvas
from scheduler.cards.composing import composed
from scheduler.cards.deflating import png
from scheduler.cards.encoding import jpeg
from scheduler.cards.painting import painted, picture
from scheduler.model import Size

BANDS = st.tuples(st.integers(-20, 400), st.integers(1, 60)).map(lambda t: range(t[0], t[0] + t[1]))


def whole(image: Image.Image, chroma: str) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=90, subsampling=chroma, restart_marker_rows=1)
    return stream.getvalue()


def opened(data: bytes) -> bytes:
    """The pixels of a PNG whose checksums hold: Pillow sees to the chunks, zlib to the stream."""
    assert zlib.decompress(data[data.index(b"IDAT") + 4 : -16])
    with Image.open(io.BytesIO(data)) as image:
        return image.convert("RGB").tobytes()


@settings(max_examples=40, deadline=None)
@given(
    st.integers(17, 90), st.integers(17, 333), st.lists(BANDS, max_size=4), st.integers(0, 2**32)
)
@pytest.mark.parametrize("chroma", ["4:4:4", "4:2:0"])
def test_bands_that_changed_give_the_bytes_of_the_whole(chroma, width, height, rows, seed):
    shared, card_ = Canvas(width, height), Canvas(width, height)
    noise = Image.effect_noise((width, height), 60 + seed % 40).convert("RGBX")
    shared.image.paste(noise)
    card_.show(shared, range(height))
    rows = sorted(rows, key=lambda each: each.start)
    for number, each in enumerate(rows):
        colour = (seed >> number) % 256
        card_.image.paste((colour, 255 - colour, 90), (0, each.start, width // 2, each.stop))
    bands = Bands(shared)
    for _ in ("encoded as a whole", "of bands that are encoded now", "of bands that were"):
        assert jpeg(card_, bands, rows, chroma=chroma) == whole(card_.image, chroma)
    alone = png(card_, Bands(card_), rows)
    assert opened(alone) == card_.image.convert("RGB").tobytes()
    for _ in range(3):
        assert png(card_, bands, rows) == alone


@pytest.mark.parametrize("chroma", ["4:4:4", "4:2:0"])
@pytest.mark.parametrize("name", CARDS)
def test_every_kind_of_card_is_encoded_as_a_whole_would_be(name, chroma):
    expected = whole(picture(composed(CARDS[name])), chroma)
    for _ in range(3):
        assert draw(CARDS[name], chroma=chroma) == expected


def test_a_card_leaves_nothing_behind_for_the_next_one():
    """Cards on one ground are painted in the same memory, one after the other."""
    first = CARDS["quote"]
    second = replace(first, texts={**first.texts, "words": "One line.", "source": ""})
    alone = draw(second)
    for _ in range(3):
        draw(first)
        assert draw(second) == alone
    with painted(composed(first)) as held:
        assert draw(second) == alone
        kept = held.canvas.image.tobytes()
    assert kept == picture(composed(first)).convert("RGBX").tobytes()


def test_a_smaller_limit_gives_a_smaller_file_and_never_another_picture():
    quote = composed(CARDS["quote"])
    with painted(quote) as painting:
        large, small = jpeg(*painting), jpeg(*painting, limit=150_000)
    assert len(small) < 150_000 < len(large)
    with Image.open(io.BytesIO(small)) as image:
        assert image.size == (1080, 1350)


def test_a_png_is_no_larger_than_pillows():
    for name in ("quote", "statistic", "graphic"):
        stream = io.BytesIO()
        picture(composed(CARDS[name])).save(stream, "PNG")
        assert len(draw(CARDS[name], format="png")) <= len(stream.getvalue()) * 1.05


@pytest.mark.parametrize("name", CARDS)
def test_a_png_is_the_same_whether_a_card_is_the_first_on_its_ground_or_not(name):
    expected = picture(composed(CARDS[name])).convert("RGB").tobytes()
    files = {draw(CARDS[name], format="png") for _ in range(3)}
    assert [opened(file) for file in files] == [expected]


@pytest.mark.parametrize("width", [1079, 1080, 1081])
def test_rows_of_any_length_are_written_whole(width):
    odd = card("call", headline="Ask.", size=Size(width=width, height=1350))
    with Image.open(io.BytesIO(draw(odd, format="png"))) as image:
        assert image.convert("RGB").tobytes() == picture(composed(odd)).tobytes()
