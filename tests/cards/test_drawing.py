"""Cards as pixels: the same every time, legible, and telling the truth."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image
from samples import BRAND, CARDS, COLOURS, card

from scheduler.cards import contrast, draw
from scheduler.cards.composing import composed
from scheduler.cards.marks import Words
from scheduler.cards.painting import picture
from scheduler.model import Chart, ChartKind, Size, Value

ACCENT = (0xC2, 0x41, 0x0C)
PAPER = (0xFF, 0xF6, 0xEC)


def pixels(drawn) -> Image.Image:
    """As `draw` encodes them; a PNG of every card would take most of the tests' time."""
    return picture(composed(drawn))


def near(one, other, distance=24) -> bool:
    return all(abs(a - b) <= distance for a, b in zip(one, other, strict=True))


def test_the_same_card_gives_the_same_bytes_in_another_process_and_in_another_order():
    here = [draw(CARDS[name]) for name in ("quote", "statistic")]
    program = (
        "import hashlib, sys; from samples import CARDS; from scheduler.cards import draw\n"
        "drawn = {name: draw(CARDS[name]) for name in ('call', 'statistic', 'quote')}\n"
        "sys.stdout.buffer.write(drawn['quote'] + drawn['statistic'])"
    )
    there = subprocess.run(
        [sys.executable, "-c", program],
        check=True,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *sys.path])},
    ).stdout
    assert there == b"".join(here)


def test_a_png_holds_exactly_the_painted_pixels():
    with Image.open(io.BytesIO(draw(CARDS["call"], format="png"))) as image:
        assert image.format == "PNG"
        assert image.tobytes() == pixels(CARDS["call"]).tobytes()


def test_a_jpeg_is_what_every_platform_takes():
    for drawn in CARDS.values():
        data = draw(drawn)
        with Image.open(io.BytesIO(data)) as image:
            assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (1080, 1350))
            assert image.layer[0][1:3] == image.layer[1][1:3] == (1, 1), "4:4:4"
            assert not image.getexif()
            assert "icc_profile" not in image.info
        assert len(data) < 1_000_000


def test_a_picture_full_of_noise_still_stays_below_a_million_bytes(tmp_path):
    noise = Image.frombytes("RGB", (1080, 1350), os.urandom(1080 * 1350 * 3))
    noise.save(tmp_path / "noise.png", compress_level=0)
    assert len(draw(card("photo", picture=tmp_path / "noise.png"))) < 1_000_000


@pytest.mark.parametrize("size", [(1080, 1080), (1600, 900), (1080, 1920), (1200, 630)])
@pytest.mark.parametrize("name", CARDS)
def test_a_card_can_be_drawn_in_other_shapes(name, size):
    drawn = replace(CARDS[name], size=Size(width=size[0], height=size[1]))
    assert pixels(drawn).size == size


def lit_signs(image: Image.Image, box: tuple[int, int, int, int]) -> list[bool]:
    """The signs in `box` from left to right, True where they have the accent's colour."""
    row = image.crop(box).convert("RGB")
    middle = [row.getpixel((x, row.height // 2)) for x in range(row.width)]
    inside = [not near(pixel, PAPER) for pixel in middle]
    starts = [x for x, (a, b) in enumerate(pairwise([False, *inside])) if b and not a]
    return [near(middle[x + 12], ACCENT) for x in starts]


@pytest.mark.parametrize(("lit", "of"), [(1, 3), (2, 3), (2, 5), (7, 10)])
def test_a_pictogram_marks_exactly_as_many_signs_as_the_figure_says(lit, of):
    chart = Chart(kind=ChartKind.PICTOGRAM, values=(Value(label="", amount=lit, shown=""),), of=of)
    drawn = card("statistic", figure="—", statement="of them.", chart=chart)
    image = pixels(drawn)
    # The shoulders' row: below the dash of the figure, above the statement.
    rows = [
        found
        for y in range(200, 900, 4)
        if len(found := lit_signs(image, (84, y, 1000, y + 2))) == of
    ]
    assert [True] * lit + [False] * (of - lit) in rows


def lit_pixels(image: Image.Image, box: tuple[int, int, int, int]) -> int:
    data = image.crop(box).tobytes()
    return sum(near(data[n : n + 3], ACCENT) for n in range(0, len(data), 3))


def test_a_ring_lights_its_share():
    def chart(share):
        return Chart(kind=ChartKind.RING, values=(Value(label="x", amount=share, shown="x"),))

    def lit(share):
        drawn = card("statistic", figure="0", statement="of them.", chart=chart(share))
        image = pixels(drawn)
        return lit_pixels(image, (84, 600, 420, 1000))

    half, full = lit(50), lit(100)
    assert full > 10_000
    assert half / full == pytest.approx(0.5, abs=0.02)


def test_bars_start_at_zero_and_keep_their_proportion():
    image = pixels(CARDS["bars"])
    lengths = []
    for y in range(500, 800):
        row = [image.getpixel((x, y)) for x in range(250, 1000)]
        lengths.append(sum(not near(pixel, PAPER) for pixel in row[: row.index(PAPER)]))
    lengths = sorted({length for length in lengths if length > 40}, reverse=True)
    longest, middle = lengths[0], next(n for n in lengths if n < lengths[0] * 0.7)
    assert middle / longest == pytest.approx(0.5, abs=0.06)


def test_the_bar_that_the_figure_speaks_of_is_lit():
    def lit(figure):
        values = (Value(label="a", amount=1, shown="10%"), Value(label="b", amount=2, shown="20%"))
        chart = Chart(kind=ChartKind.BARS, values=values)
        image = pixels(card("statistic", figure=figure, statement="x", chart=chart))
        return lit_pixels(image, (130, 640, 1000, 1000))

    assert lit("20%") > 1.8 * lit("10%") > 0


def darkest_and_lightest(image: Image.Image) -> tuple[str, str]:
    grey = image.convert("L").tobytes()
    data = image.tobytes()
    order = sorted(range(len(grey)), key=grey.__getitem__)
    # One per cent from either end: letters at full strength, without stray pixels.
    ends = (order[len(order) // 100], order[-len(order) // 100])
    dark, light = ("#{:02x}{:02x}{:02x}".format(*data[n * 3 : n * 3 + 3]) for n in ends)
    return dark, light


@pytest.mark.parametrize(
    ("name", "box"),
    [
        ("quote", (84, 150, 700, 190)),  # kicker
        ("quote", (84, 300, 900, 800)),  # words
        ("quote", (84, 1180, 1000, 1300)),  # foot
        ("statistic", (84, 150, 700, 190)),
        ("statistic", (84, 1020, 900, 1150)),  # caveat
        ("graphic", (84, 150, 700, 190)),
        ("call", (84, 150, 900, 500)),
        ("photo", (84, 740, 900, 1080)),
        ("photo", (84, 1180, 1000, 1300)),
    ],
)
def test_letters_stand_out_from_their_ground_as_they_are_drawn(name, box):
    dark, light = darkest_and_lightest(pixels(CARDS[name]).crop(box))
    assert contrast(dark, light) >= 4.5


@pytest.mark.parametrize(
    "picture", ["#ffffff", "#ffe9a8", "#808080", "#00e5ff", "#ff5ad1", "#7dff00"]
)
def test_words_on_a_photo_are_legible_whatever_the_picture(picture, tmp_path):
    file = tmp_path / "plain.png"
    Image.new("RGB", (1080, 1350), picture).save(file)
    drawn = card("photo", picture=file, kicker="x", headline="Words " * 12, credit="x")
    bare = pixels(drawn)
    # Left of the margin the veil alone is seen, at the height of every line of words.
    lines = {words.ys[0] for words in composed(drawn).fresh if isinstance(words, Words)}
    assert len(lines) >= 6
    for y in lines:
        ground = "#{:02x}{:02x}{:02x}".format(*bare.getpixel((20, round(y))))
        assert contrast(ground, COLOURS.on_dark) >= 4.5


def test_the_text_box_that_is_absent_takes_no_room():
    with_role = pixels(card("quote", words="Yes.", speaker="A", role="B", source="C"))
    without = pixels(card("quote", words="Yes.", speaker="A", role="  "))
    absent = pixels(card("quote", words="Yes.", speaker="A"))
    assert without.tobytes() == absent.tobytes()
    assert without.tobytes() != with_role.tobytes()


def test_a_logo_is_drawn_and_a_changed_logo_under_the_same_name_is_seen(tmp_path):
    logo = tmp_path / "logo.png"
    drawn = replace(CARDS["quote"], brand=replace(BRAND, logo=logo))
    seen = []
    for colour in ("#00aa00", "#0000ff"):
        Image.new("RGBA", (300, 300), colour).save(logo)
        seen.append(pixels(drawn).getpixel((927, 1214)))
    assert seen == [(0, 0xAA, 0), (0, 0, 0xFF)]


def test_quotation_marks_follow_the_language():
    english, german = (
        pixels(card("quote", words="Ja", speaker="A", language=language)).tobytes()
        for language in ("en", "de")
    )
    assert english != german


def test_the_day_moves_the_lit_mark():
    def lit(day):
        image = pixels(card("quote", words="Yes.", speaker="A", day=day)).crop((84, 90, 1000, 96))
        row = [image.getpixel((x, 3)) for x in range(image.width)]
        return next(x for x, (r, _, b) in enumerate(row) if r > 200 and b < 120)

    assert lit("1") < 5
    assert lit("16") == pytest.approx(15 * 57.6, abs=3)


@pytest.mark.parametrize("width", [560, 820, 1080, 1280])
def test_a_picture_of_the_cards_own_shape_is_taken_whole_whatever_rounding_says(width):
    size = Size(width=width, height=width * 5 // 4)
    assert pixels(replace(CARDS["photo"], size=size)).size == (size.width, size.height)


@pytest.mark.parametrize("named", ["logo.png", "logo.jpg", "logo"])
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF", "GIF"])
def test_a_picture_is_known_by_its_contents_in_a_fresh_process(kind, named, tmp_path):
    """Pillow has read nothing there, and knows formats by the names of files."""
    Image.new("RGB", (40, 30), "#ff0000").save(tmp_path / named, kind)
    program = (
        "import sys; from scheduler.cards.pictures import opened\n"
        "print(opened(sys.argv[1], 'logo', None).convert('RGB').getpixel((20, 15)))"
    )
    there = subprocess.run(
        [sys.executable, "-c", program, tmp_path / named],
        capture_output=True,
        text=True,
        check=True,
    )
    red, green, blue = map(int, there.stdout.strip("()\n").split(","))
    assert red > 250
    assert max(green, blue) < 5
