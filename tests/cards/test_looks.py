"""Five sizes from one template: what every composition keeps, whatever its shape and its words."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from samples import BRAND, CARDS, ONE_IN_THREE, PICTURES, card

from scheduler.cards import CardError, DoesNotFit, agreed
from scheduler.cards.blocks import text_item
from scheduler.cards.composing import composed
from scheduler.cards.flow import flowed
from scheduler.cards.frame import STORY_FOOT, STORY_HEAD, frame_of
from scheduler.cards.items import Column
from scheduler.cards.legibility import inked
from scheduler.cards.marks import PHASES, Arrow, Composition, Emblem, Mark, Slab, Words
from scheduler.cards.painting import picture
from scheduler.cards.sampling import LANGUAGES, Subject, other_brand, sample, subjects
from scheduler.cards.setting import Box
from scheduler.cards.template_files import template
from scheduler.cards.templates import Shape, Text
from scheduler.model import Card, Colours, Size

SIZES = {
    "tall": Size(width=1080, height=1350),
    "square": Size(width=1080, height=1080),
    "wide": Size(width=1600, height=900),
    "link": Size(width=1200, height=627),
    "story": Size(width=1080, height=1920),
}
#: Light where the other brand is dark, with everything at its foot that there can be.
LIGHT = replace(
    BRAND,
    colours=Colours(
        paper="#F4FAF7", ink="#10312B", accent="#1F7A8C", ground="#CFE8DF", on_dark="#FFFFFF"
    ),
    help="Helpline (DE): 116 016",
    funder="Co-funded by the European Union.",
)
SHORT = {
    "quote": card("quote", day="3", kicker="Day 3", words="Not in silence.", speaker="A. Name"),
    "statistic": card("statistic", day="5", kicker="Day 5", figure="0.2%", statement="fewer."),
    "graphic": card("graphic", day="7", kicker="Day 7", headline="Safety.", points=("First.",)),
    "photo": card(
        "photo", day="9", kicker="Day 9", headline="Tonight.", picture=CARDS["photo"].picture
    ),
    "call": card("call", day="12", kicker="Day 12", headline="Ask him.", body="Now."),
    "opener": card("opener", day="1", kicker="Day 1 of 16", headline="Why we speak"),
}
KICKER = template("quote").kicker
LOOK = template("statistic", Shape.WIDE)
LONG = "Verantwortungsübernahme beginnt dort, wo niemand sich mehr rechtfertigt. "


def words_of(made: Composition) -> list[Words]:
    return [mark for mark in (*made.base, *made.fresh) if isinstance(mark, Words)]


def sized(drawn: Card, size: str) -> Card:
    return replace(drawn, size=SIZES[size])


def too_small(made: Composition) -> list[int]:
    return [words.size for words in words_of(made) if words.size * 360 < 8.5 * made.width]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("brand", [BRAND, LIGHT], ids=["dark", "light"])
@pytest.mark.parametrize("name", SHORT)
def test_a_short_text_is_shown_in_every_size(name, brand, size):
    made = composed(replace(sized(SHORT[name], size), brand=brand))
    assert too_small(made) == []


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", SHORT)
def test_a_usual_text_is_shown_in_every_size_large_enough_for_a_phone(name, size):
    made = composed(sized(CARDS[name], size))
    assert too_small(made) == []


def lengthened(drawn: Card, times: int) -> Card:
    fixed = {"day", "kicker", "figure"}
    texts = {slot: text if slot in fixed else LONG * times for slot, text in drawn.texts.items()}
    return replace(drawn, texts=texts)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", SHORT)
def test_a_text_without_end_is_refused_with_the_excess_and_never_set_too_small(name, size):
    told: list[DoesNotFit] = []
    for times in (1, 2, 4, 16, 64):
        try:
            made = composed(lengthened(sized(CARDS[name], size), times))
        except DoesNotFit as error:
            told.append(error)
        else:
            assert not told, "a longer text fits where a shorter one did not"
            assert too_small(made) == []
    assert told
    assert {error.slot for error in told} <= {*CARDS[name].texts, "points"}
    assert all(re.search("shorten it by about|use a shorter word", str(one)) for one in told)


@settings(max_examples=60, deadline=None)
@given(
    name=st.sampled_from(sorted(SHORT)),
    width=st.integers(500, 2400),
    ratio=st.floats(0.5, 2.2),
    words=st.integers(1, 60),
)
def test_no_size_of_card_has_letters_that_a_phone_shows_too_small(name, width, ratio, words):
    drawn = replace(CARDS[name], size=Size(width=width, height=round(width / ratio)))
    slot = "words" if name == "quote" else "statement" if name == "statistic" else "headline"
    drawn = replace(drawn, texts={**drawn.texts, slot: "violence " * words})
    try:
        made = composed(drawn)
    except CardError:
        return
    assert too_small(made) == []


def tops_and_bottoms(made: Composition) -> tuple[float, float]:
    """Where the highest capital and the lowest baseline of the words are."""
    glyphs = [(y, words.size) for words in words_of(made) for y in words.ys]
    return min(y - 0.73 * size for y, size in glyphs), max(y for y, _ in glyphs)


@pytest.mark.parametrize("name", [*SHORT, "bars", "ring"])
@pytest.mark.parametrize("brand", [BRAND, LIGHT], ids=["dark", "light"])
def test_a_story_has_no_word_where_apps_lay_their_controls(name, brand):
    made = composed(replace(sized(CARDS[name], "story"), brand=brand))
    top, bottom = tops_and_bottoms(made)
    assert top >= made.height * STORY_HEAD - 2
    assert bottom <= made.height * (1 - STORY_FOOT) + 2


def test_the_free_zones_of_a_story_are_as_large_as_promised():
    assert (STORY_HEAD, STORY_FOOT) == (0.14, 0.20)


def letters(made: Composition) -> int:
    return sum(len(words.ids) for words in words_of(made))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("name", "slot"),
    [
        ("statistic", "source"),
        ("statistic", "caveat"),
        ("statistic", "population"),
        ("quote", "speaker"),
        ("quote", "source"),
        ("photo", "credit"),
    ],
)
def test_what_keeps_a_card_honest_stands_on_it_letter_for_letter(name, slot, size):
    said = "Quickly"  # without letters that fonts join
    with_it = sized(CARDS[name], size)
    with_it = replace(with_it, texts={**with_it.texts, slot: said})
    more = replace(with_it, texts={**with_it.texts, slot: f"{said} {said}"})
    assert letters(composed(more)) - letters(composed(with_it)) == len(f" {said}")


@pytest.mark.parametrize("size", SIZES)
def test_everything_that_the_brand_says_stands_at_the_foot(size):
    said = {"help": "Help", "funder": "Fund", "name": "Name"}
    whole = letters(composed(replace(sized(CARDS["call"], size), brand=replace(BRAND, **said))))
    for key in ("help", "funder"):
        brand = replace(BRAND, **{**said, key: ""})
        assert whole - letters(composed(replace(sized(CARDS["call"], size), brand=brand))) == 4


def test_a_wide_card_is_composed_anew_and_not_only_scaled():
    def left_edges(size: str) -> int:
        made = composed(sized(CARDS["statistic"], size))
        starts = {round(words.xs[0] / 4 / made.width, 1) for words in words_of(made)}
        return len(starts)

    assert left_edges("wide") > left_edges("tall")


def test_a_light_ground_grows_no_darker_behind_dark_letters():
    ends = composed(replace(CARDS["quote"], brand=LIGHT)).base[0]
    assert sum(bytes.fromhex(ends.bottom[1:])) >= sum(bytes.fromhex(ends.top[1:]))


# Slides of a carousel.

KINDS = ("opener", "graphic", "quote", "statistic", "photo", "call")


def slides(*drawn: Card, size: str = "tall") -> list[Composition]:
    return [composed(one) for one in agreed([sized(one, size) for one in drawn])]


def kicker(made: Composition) -> tuple[float, float, int]:
    """Where the first line of the card starts, and how large it is."""
    high = min(words.ys[0] for words in words_of(made))
    line = [words for words in words_of(made) if words.ys[0] == high]
    first = min(line, key=lambda words: words.xs[0])
    return round(first.xs[0] / 4), first.ys[0], first.size


@pytest.mark.parametrize("size", SIZES)
def test_the_kickers_of_all_slides_stand_at_one_place_in_one_size(size):
    plain = [
        replace(CARDS[kind], texts={**CARDS[kind].texts, "kicker": "Day 5 of 16"}) for kind in KINDS
    ]
    decks = slides(*plain, size=size)
    assert len(set(map(kicker, decks))) == 1


@pytest.mark.parametrize("size", SIZES)
def test_like_texts_have_one_size_on_all_slides(size):
    short = replace(CARDS["graphic"], texts={"headline": "Safety first."})
    long = replace(CARDS["graphic"], texts={"headline": "Safety first, today and every day."})
    first, second = agreed([sized(short, size), sized(long, size)])
    free = max(words.size for words in words_of(composed(sized(short, size))))
    both = [max(words.size for words in words_of(composed(one))) for one in (first, second)]
    assert both[0] == both[1] <= free


def baselines(made: Composition) -> float:
    largest = max(words_of(made), key=lambda words: words.size)
    return min(largest.ys)


def test_headlines_of_like_slides_stand_on_one_line():
    texts = ("Safety first.", "Listen to her. Believe her.", "He answers for what he does.")
    decks = slides(*(replace(CARDS["graphic"], texts={"headline": text}) for text in texts))
    assert len({baselines(made) for made in decks}) == 1


def arrows(made: Composition) -> list[Mark]:
    return [mark for mark in made.fresh if isinstance(mark, Arrow)]


@pytest.mark.parametrize("size", SIZES)
def test_every_slide_but_the_last_points_on(size):
    decks = slides(*(CARDS[kind] for kind in KINDS), size=size)
    assert [len(arrows(made)) for made in decks] == [1, 1, 1, 1, 1, 0]


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_slides_from_the_right_have_their_number_at_the_left_and_point_there(size):
    kinds = ("opener", "quote", "graphic", "call")
    deck = agreed([sample(Subject(template=kind), "ar", size, BRAND, Path()) for kind in kinds])
    for made in map(composed, deck):
        assert picture(made).size == (size.width, size.height), "and every letter can be read"
        number, *kicker = sorted(inked(words) for words in words_of(made) if words.slot == "kicker")
        assert kicker
        assert number[2] < kicker[0][0]
        for arrow in arrows(made):
            assert arrow.leftward
            assert arrow.left + arrow.width < number[0]


def test_a_card_that_stands_alone_has_neither_number_nor_arrow():
    (alone,) = agreed([CARDS["call"]])
    assert alone == CARDS["call"]
    assert arrows(composed(alone)) == []


def test_a_slide_that_cannot_be_drawn_has_no_say_in_the_others():
    broken = replace(CARDS["graphic"], texts={"headline": "word " * 400})
    first, _, last = agreed([SHORT["graphic"], broken, SHORT["graphic"]])
    assert composed(first)
    assert first.largest == last.largest


# Logos.


def logo(folder: Path, width: int, height: int) -> Path:
    file = folder / f"{width}x{height}.png"
    Image.new("RGBA", (width, height), "#0055aa").save(file)
    return file


def emblems(made: Composition) -> list[Emblem]:
    return [mark for mark in (*made.base, *made.fresh) if isinstance(mark, Emblem)]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", ["quote", "statistic"])
def test_two_logos_keep_their_white_from_each_other_and_from_the_words(name, size, tmp_path):
    brand = replace(
        BRAND, logo=logo(tmp_path, 300, 300), second_logo=logo(tmp_path, 600, 200), logo_clear=0.4
    )
    made = composed(replace(sized(SHORT[name], size), brand=brand))
    first, second = emblems(made)
    white = 0.4 * max(first.height, second.height)
    assert second.left - (first.left + first.width) >= white - 1
    beside = [
        x / 4 + words.size
        for words in words_of(made)
        for x, y in zip(words.xs, words.ys, strict=True)
        if first.top - white < y < first.top + first.height + white
    ]
    assert max(beside) <= first.left - white + 1


def test_a_wide_logo_weighs_no_more_than_a_square_one_and_keeps_its_shape(tmp_path):
    brand = replace(BRAND, logo=logo(tmp_path, 300, 300), second_logo=logo(tmp_path, 600, 200))
    square, wide = emblems(composed(replace(CARDS["quote"], brand=brand)))
    assert wide.width / wide.height == pytest.approx(3, rel=0.02)
    assert wide.width * wide.height == pytest.approx(square.width * square.height, rel=0.1)


def test_logos_on_a_dark_ground_stand_on_a_plate_of_paper(tmp_path):
    brand = replace(BRAND, logo=logo(tmp_path, 300, 300))

    def plates(name: str) -> list[Slab]:
        made = composed(replace(CARDS[name], brand=brand))
        (emblem,) = emblems(made)
        return [
            mark
            for mark in (*made.base, *made.fresh)
            if isinstance(mark, Slab)
            and mark.colour == BRAND.colours.paper
            and mark.left < emblem.left
            and mark.top < emblem.top
            and mark.bottom > emblem.top + emblem.height
            and mark.upper
        ]

    assert len(plates("quote")) == 1
    assert plates("statistic") == []


def test_a_chart_keeps_clear_of_letters_that_hang_below_the_figures_line():
    def chart_top(figure: str) -> float:
        made = composed(card("statistic", figure=figure, statement="x", chart=CARDS["bars"].chart))
        base = max(words_of(made), key=lambda words: words.size)
        lit = [mark for mark in made.fresh if isinstance(mark, Slab) and mark.top > base.ys[0]]
        return min(mark.top for mark in lit) - base.ys[0]

    assert chart_top("9 gyp") > chart_top("9 nnn")


def test_a_pictogram_stands_beside_its_figure_on_a_wide_card_too():
    made = composed(sized(replace(CARDS["statistic"], chart=ONE_IN_THREE), "wide"))
    figure = max(words_of(made), key=lambda words: words.size)
    signs = [mark for mark in made.fresh if isinstance(mark, Slab) and mark.upper]
    assert len(signs) == 3
    assert all(mark.bottom <= figure.ys[0] + 1 for mark in signs)


def test_a_chart_with_words_has_a_column_of_its_own_on_a_wide_card_and_only_there():
    def beside(size: str) -> bool:
        made = composed(sized(CARDS["bars"], size))
        figure = max(words_of(made), key=lambda words: words.size)
        bars = [mark for mark in made.fresh if isinstance(mark, Slab) and not mark.upper]
        return min(mark.left for mark in bars) > max(figure.xs) / 4

    assert [beside(size) for size in SIZES] == [False, False, True, True, False]


def touching(made: Composition) -> list[tuple[str, str]]:
    """The pairs of texts whose ink meets."""
    inks = [(words.slot, inked(words)) for words in words_of(made) if words.slot]
    return [
        (one, other)
        for number, (one, a) in enumerate(inks)
        for other, b in inks[number + 1 :]
        if one != other and max(a[0], b[0]) < min(a[2], b[2]) and max(a[1], b[1]) < min(a[3], b[3])
    ]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("subject", subjects(), ids=lambda subject: subject.name)
def test_no_text_touches_another_in_any_script(subject, language):
    """Arabic letters have high marks and deep bowls."""
    for size in SIZES.values():
        drawn = sample(subject, language, size, other_brand(), PICTURES / "lights-at-dusk.jpg")
        assert touching(composed(drawn)) == []


@pytest.mark.parametrize(("language", "figure"), [("en", "0,4 %"), ("ar", "1 من 3")])
def test_a_column_counts_letters_that_reach_far_as_the_flow_below_it_does(language, figure):
    drawn = replace(sized(CARDS["statistic"], "wide"), language=language)
    texts = [block for area in LOOK.areas for block in area.blocks if isinstance(block, Text)]
    block = next(text for text in texts if text.slot == "figure")
    frame = frame_of(drawn, 52)
    item = text_item(block, figure, frame, 700)
    column = Column(0, [item], 0.0, 700, 0.0, "#ffffff")
    bottom = column.tall(1.0)
    assert flowed(column.items, 0.0, bottom)[0] == 1.0
    assert bottom > item.height(1.0)


def test_latin_letters_start_from_the_right_where_the_card_does():
    """Of a name in two lines both end at the margin, as the hashtag above them does."""
    made = composed(sample(Subject(template="call"), "ar", SIZES["tall"], other_brand(), Path()))
    foot = [words for words in words_of(made) if words.slot in {"hashtag", "name", "funder"}]
    ends = [inked(words)[2] for words in foot]
    assert [words.slot for words in foot].count("name") == 2
    assert max(ends) - min(ends) < 6


def test_the_sixteen_steps_climb_as_the_card_is_read():
    def steps(language: str) -> list[Slab]:
        made = composed(replace(CARDS["call"], language=language))
        slabs = [mark for mark in made.fresh if isinstance(mark, Slab)]
        return [mark for mark in slabs if mark.bottom == 1350]

    english, arabic = steps("en"), steps("ar")
    assert english[0].top > english[-1].top
    assert [(1080 - step.right, 1080 - step.left) for step in arabic] == [
        (step.left, step.right) for step in english
    ]


@pytest.mark.parametrize(("size", "apart"), [(27, 1), (31, 1), (32, 2), (63, 2), (64, 4), (160, 4)])
def test_large_letters_have_fewer_places_and_stand_no_further_from_their_own(size, apart):
    made = text_item(KICKER, "Verantwortungsübernahme", frame_of(CARDS["quote"], 84), 9000)
    (line,) = made.copy.set(Box(size, 40.3, 100, 9000, "#24163a"))
    (run,) = made.copy.shaped.line(0, len(made.copy.text)).runs
    astray = [x / PHASES - exact * size for x, exact in zip(line.xs, run.xs, strict=True)]
    assert {x % apart for x in line.xs} == {0}
    assert max(astray) - min(astray) <= 2 * size / 128
