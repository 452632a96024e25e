"""Contact sheets: every template is on one, and what cannot be drawn says why."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from samples import BRAND, PICTURES

from scheduler.cards import contrast
from scheduler.cards.composing import composed, laid
from scheduler.cards.contact_sheets import reasons, sheet, shown
from scheduler.cards.errors import DoesNotFit
from scheduler.cards.marks import Disc
from scheduler.cards.outlining import show_outlined
from scheduler.cards.painting import picture
from scheduler.cards.sampling import (
    LANGUAGES,
    SIZES,
    Subject,
    other_brand,
    sample,
    subjects,
)
from scheduler.cards.template_files import names, template
from scheduler.cards.templates import ChartArea, Points
from scheduler.model import ChartKind, Size

PICTURE = PICTURES / "lights-at-dusk.jpg"
TALL, WIDE = SIZES[0], SIZES[2]
CALL = Subject(template="call")


def drawn(**more):
    return sheet(CALL, ("own", BRAND), PICTURE, **more)


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


def test_every_template_and_every_kind_of_chart_has_a_sheet():
    found = subjects()
    assert {one.template for one in found} == set(names()) - {"footer"}
    charted = {one.template for one in found if one.chart}
    assert charted == {
        name
        for name in set(names()) - {"footer"}
        if any(isinstance(block, ChartArea) for a in template(name).areas for block in a.blocks)
    }
    for name in charted:
        kinds = {one.chart for one in found if one.template == name}
        assert kinds == {None, *ChartKind}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("subject", subjects(), ids=lambda one: one.name)
def test_a_sample_fills_every_place_of_its_template(subject, language):
    look = template(subject.template)
    card = sample(subject, language, TALL, BRAND, PICTURE)
    assert set(card.texts) == look.slots
    assert all(text.strip() for text in card.texts.values())
    assert (card.chart is not None) is (subject.chart is not None)
    wants_points = any(isinstance(block, Points) for a in look.areas for block in a.blocks)
    assert bool(card.points) is wants_points
    assert bool(card.picture) is bool(look.photo)


@pytest.mark.parametrize("brand", [BRAND, other_brand()], ids=["own", "other"])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("subject", subjects(), ids=lambda one: one.name)
def test_no_frame_of_a_sheet_stays_empty(subject, language, brand):
    """Low cards have least room: what fits them fits the others."""
    for size in (size for size in SIZES if size.width > size.height):
        picture(composed(sample(subject, language, size, brand, PICTURE)))


@pytest.mark.parametrize("name", ["graphic", "opener", "statistic"])
def test_a_wide_card_that_is_read_from_the_right_has_its_columns_from_there(name):
    from_left, from_right = (
        [
            one.left
            for one in laid(
                sample(Subject(template=name), language, WIDE, BRAND, PICTURE)
            ).body.placed
        ]
        for language in ("de", "ar")
    )
    assert from_left[0] == min(from_left) < max(from_left)
    assert from_right[0] == max(from_right) > min(from_right)


def test_the_lights_of_days_gone_by_are_on_the_side_that_reading_starts_from():
    def discs(language: str) -> list[Disc]:
        card = sample(Subject(template="opener"), language, TALL, BRAND, PICTURE)
        return [mark for mark in composed(card).fresh if isinstance(mark, Disc)]

    from_left, from_right = discs("de"), discs("ar")
    assert [round(TALL.width - mark.x) for mark in from_right] == [
        round(mark.x) for mark in from_left
    ]
    assert [mark.colour for mark in from_right] == [mark.colour for mark in from_left]


def test_the_other_brand_can_be_read_and_is_another():
    other = other_brand()
    colours = other.colours
    for text, ground in ((colours.ink, colours.paper), (colours.on_dark, colours.ground)):
        assert contrast(text, ground) >= 4.5
    assert contrast(colours.on_dark, colours.accent) >= 4.5
    assert other.colours != BRAND.colours
    assert other.funder


def test_a_sheet_shows_each_card_as_it_is_drawn():
    found = opened(drawn(kind="png").large)
    card = picture(composed(sample(CALL, LANGUAGES[0], TALL, BRAND, PICTURE)))
    small = card.resize((540, 675), Image.Resampling.LANCZOS)
    left, top = 72, 72 + 130 + 48
    assert found.crop((left, top, left + 540, top + 675)).tobytes() == small.tobytes()


def test_a_card_is_as_wide_as_a_telephone_on_the_other_sheet():
    found = opened(drawn(kind="png").phone)
    card = picture(composed(sample(CALL, LANGUAGES[0], TALL, BRAND, PICTURE)))
    small = card.resize((360, 450), Image.Resampling.LANCZOS)
    left, top = 72, 72 + 130 + 48
    assert found.crop((left, top, left + 360, top + 450)).tobytes() == small.tobytes()


def too_long(card):
    if card.language == "el":
        raise DoesNotFit("the text is too long by 3 characters “ش”", "headline")
    return shown(card)


def test_what_cannot_be_drawn_is_an_empty_frame_with_its_reason():
    found = drawn(kind="png", show=too_long)
    greek = [one for one in found.undrawn if one.language == "Greek"]
    assert [one.size for one in greek] == list(SIZES)
    whole, lacking = opened(drawn(kind="png").large), opened(found.large)
    row = 960 + 48 + 64
    left, top = 72, 72 + 130 + 48 + row
    frame = lacking.crop((left, top, left + 540, top + 675))
    assert frame.getpixel((0, 300)) == frame.getpixel((539, 300)) == (0xA3, 0x21, 0x1A)
    letters = frame.crop((20, 20, 520, 100)).convert("L")
    assert letters.getextrema()[0] < 120, "the reason stands in the frame"
    assert whole.crop((left, top, left + 540, top + 675)).tobytes() != frame.tobytes()
    assert (
        whole.crop((0, 0, 3340, top - 60)).tobytes()
        == lacking.crop((0, 0, 3340, top - 60)).tobytes()
    ), "the rows above are as they were"


def test_a_reason_is_said_once_with_its_sizes():
    def often(card):
        if card.size == Size(width=1080, height=1080) or card.language == "de":
            raise DoesNotFit("too long", "words")
        return shown(card)

    said = list(reasons(drawn(show=often).undrawn))
    assert "German, every size: words: too long" in said
    assert "Greek, 1080 × 1080: words: too long" in said


def test_sheets_can_show_the_construction():
    plain, debugged = drawn(kind="png"), drawn(kind="png", show=show_outlined)
    assert plain.large != debugged.large
    assert opened(plain.large).size == opened(debugged.large).size
