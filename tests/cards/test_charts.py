"""Charts that do not lie: every length from zero, all on one scale, in the direction of reading."""

from __future__ import annotations

import pytest
from samples import card
from test_errors_of_cards import fails

from scheduler.cards import BadChart, DoesNotFit, charting
from scheduler.cards.charting import Look
from scheduler.cards.marks import Arc, Disc, Slab, Words
from scheduler.cards.typefaces import typefaces
from scheduler.model import Chart, ChartKind, Fonts, Value

LIT, REST, INK = "#c2410c", "#bcb2b6", "#24163a"
LOOK = Look(
    left=100,
    top=50,
    width=900,
    height=300,
    text=30,
    lit=LIT,
    rest=REST,
    ink=INK,
    language="en",
    fonts=typefaces(Fonts()),
    figure="",
)


def chart(kind, *amounts, labels="abcdef", shown=None, of=0):
    values = tuple(
        Value(label=label * 3, amount=amount, shown=shown or f"{amount:g}")
        for label, amount in zip(labels, amounts, strict=False)
    )
    return Chart(kind=kind, values=values, of=of)


def drawn(kind, *amounts, look=LOOK, **more):
    made = chart(kind, *amounts, **more)
    charting.check(made)
    high = charting.height(made, look)
    return charting.marks(made, look._replace(height=high))


def slabs(marks, *colours):
    return [mark for mark in marks if isinstance(mark, Slab) and mark.colour in colours]


def lengths(kind, marks):
    upright = kind is ChartKind.COMPARISON
    return [
        one.bottom - one.top if upright else one.right - one.left for one in slabs(marks, LIT, REST)
    ]


LENGTHS = [ChartKind.BARS, ChartKind.BEFORE_AFTER, ChartKind.COMPARISON]


@pytest.mark.parametrize("kind", LENGTHS)
@pytest.mark.parametrize("amounts", [(61, 2), (8, 51), (366, 289), (1, 1), (1e-6, 5e-7)])
def test_lengths_are_in_proportion_to_their_amounts(kind, amounts):
    one, other = lengths(kind, drawn(kind, *amounts))
    assert one / other == pytest.approx(amounts[0] / amounts[1], rel=0.02)


@pytest.mark.parametrize("kind", LENGTHS)
def test_lengths_begin_at_the_same_zero(kind):
    bars = slabs(drawn(kind, 50, 20), LIT, REST)
    zeros = {one.bottom if kind is ChartKind.COMPARISON else one.left for one in bars}
    assert len(zeros) == 1


@pytest.mark.parametrize("kind", LENGTHS)
def test_nothing_at_all_has_no_length(kind):
    assert len(lengths(kind, drawn(kind, 61, 0))) == 1


def test_columns_are_equally_wide_so_that_their_areas_are_true():
    columns = slabs(drawn(ChartKind.COMPARISON, 3.0, 1.5, 0.5), LIT, REST)
    assert len({round(one.right - one.left, 3) for one in columns}) == 1
    assert len(columns) == 3


def test_the_column_that_the_figure_speaks_of_is_lit():
    marks = drawn(ChartKind.COMPARISON, 3.0, 1.5, 0.5, look=LOOK._replace(figure="0.5"))
    colours = [one.colour for one in slabs(marks, LIT, REST)]
    assert colours == [REST, REST, LIT]


def test_what_it_is_afterwards_is_lit():
    colours = [one.colour for one in slabs(drawn(ChartKind.BEFORE_AFTER, 61, 2), LIT, REST)]
    assert colours == [REST, LIT]


def heads(marks):
    """Words of one glyph that are no letters: the arrow's head."""
    return [
        mark for mark in marks if isinstance(mark, Words) and mark.size < 30 and len(mark.ids) == 1
    ]


@pytest.mark.parametrize(("amounts", "onwards"), [((61, 2), False), ((8, 51), True)])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_an_arrow_leads_from_what_it_was_to_what_it_is(amounts, onwards, language):
    marks = drawn(ChartKind.BEFORE_AFTER, *amounts, look=LOOK._replace(language=language))
    before, after = slabs(marks, LIT, REST)
    ends = [one.left if language == "ar" else one.right for one in (before, after)]
    (dot,) = [mark for mark in marks if isinstance(mark, Disc)]
    (head,) = heads(marks)
    assert dot.x == pytest.approx(ends[0])
    assert head.xs[0] / 4 == pytest.approx(ends[1], abs=30)
    assert (head.xs[0] / 4 > dot.x) is (onwards is (language == "en"))


def test_where_nothing_has_changed_there_is_no_arrow():
    marks = drawn(ChartKind.BEFORE_AFTER, 50, 50)
    assert heads(marks) == []
    assert not [mark for mark in marks if isinstance(mark, Disc)]


# ── from the right ────────────────────────────────────────────────────────────────────────────────

KINDS = {
    ChartKind.PICTOGRAM: {"amounts": (1,), "of": 3},
    ChartKind.RING: {"amounts": (30.7,)},
    ChartKind.BARS: {"amounts": (3, 1)},
    ChartKind.BEFORE_AFTER: {"amounts": (61, 2)},
    ChartKind.COMPARISON: {"amounts": (3, 1.5, 0.5)},
}


def both_ways(kind):
    given = dict(KINDS[kind])
    amounts = given.pop("amounts")
    return [
        drawn(kind, *amounts, look=LOOK._replace(language=language), **given)
        for language in ("en", "ar")
    ]


def mirrored(shape):
    edges = 2 * LOOK.left + LOOK.width
    match shape:
        case Slab():
            return shape._replace(left=edges - shape.right, right=edges - shape.left)
        case Disc():
            return shape._replace(x=edges - shape.x)
        case Arc():
            return shape._replace(x=edges - shape.x, start=1 - shape.end, end=1 - shape.start)


def numbers(shape):
    return [part for part in shape if not isinstance(part, str)]


@pytest.mark.parametrize("kind", KINDS)
def test_in_arabic_every_shape_of_a_chart_is_mirrored(kind):
    left, right = (
        [mark for mark in marks if not isinstance(mark, Words)] for marks in both_ways(kind)
    )
    assert len(left) == len(right)
    for one, other in zip(left, right, strict=True):
        assert numbers(mirrored(one)) == pytest.approx(numbers(other))
    assert left != right


@pytest.mark.parametrize("kind", [ChartKind.BARS, ChartKind.COMPARISON, ChartKind.BEFORE_AFTER])
def test_letters_are_moved_and_not_mirrored(kind):
    left, right = ([mark for mark in marks if isinstance(mark, Words)] for marks in both_ways(kind))
    for one, other in zip(left, right, strict=True):
        if one in heads(left):
            continue
        steps = {a - b for a, b in zip(one.xs, other.xs, strict=True)}
        assert max(steps) - min(steps) <= 1, "all letters of a word by the same way"
        assert one.ids == other.ids


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_nothing_leaves_the_place_of_the_chart(kind, language):
    for mark in both_ways(kind)[language == "ar"]:
        if isinstance(mark, Slab):
            assert LOOK.left - 0.01 <= mark.left <= mark.right <= LOOK.left + LOOK.width + 0.01
        elif isinstance(mark, Words):
            for x in mark.xs:
                assert LOOK.left - 3 <= x / 4 <= LOOK.left + LOOK.width


@pytest.mark.parametrize(
    ("language", "flipped"),
    [
        ("ar", True),
        ("ar-EG", True),
        ("he", True),
        ("ku-Arab", True),
        ("az-Latn", False),
        ("ur-Latn", False),
        ("de", False),
        ("sr-Cyrl", False),
        ("el", False),
    ],
)
def test_the_side_of_a_chart_follows_its_script(language, flipped):
    assert LOOK._replace(language=language).from_right is flipped


# ── refused ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (chart(ChartKind.BEFORE_AFTER, 1), "shows two amounts, not 1"),
        (chart(ChartKind.BEFORE_AFTER, 1, 2, 3), "shows two amounts, not 3"),
        (chart(ChartKind.BEFORE_AFTER, 0, 0), "nothing to draw"),
        (chart(ChartKind.BEFORE_AFTER, -1, 2), "below zero"),
        (chart(ChartKind.BEFORE_AFTER, 1, 2, labels="aa"), "a label of its own"),
        (chart(ChartKind.BEFORE_AFTER, 1, 2, labels=" b"), "a label of its own"),
        (chart(ChartKind.BEFORE_AFTER, 1, 2, shown=" "), "its figure in shown"),
        (chart(ChartKind.COMPARISON, 1), "two or 3 populations, not 1"),
        (chart(ChartKind.COMPARISON, 1, 2, 3, 4), "use bars for more"),
        (chart(ChartKind.COMPARISON, 0, 0), "is zero"),
        (chart(ChartKind.COMPARISON, float("nan"), 1), "lie between"),
        (chart(ChartKind.COMPARISON, 1, 2, labels="aA"), "a label of its own"),
        (chart(ChartKind.COMPARISON, 1, 2, shown=" "), "its figure in shown"),
    ],
)
def test_a_chart_that_would_lie_or_say_nothing_is_refused(made, says):
    error = fails(BadChart, card("statistic", figure="1", statement="x", chart=made))
    assert error.slot == "chart"
    assert says in str(error)


@pytest.mark.parametrize("kind", [ChartKind.BEFORE_AFTER, ChartKind.COMPARISON])
@pytest.mark.parametrize("where", ["labels", "shown"])
def test_labels_that_leave_no_room_are_refused_and_not_cut(kind, where):
    long = "Verwaltungsgerichtsbarkeitsangelegenheiten" * 3
    values = tuple(
        Value(
            label=f"{n} {long}" if where == "labels" else f"in {n}",
            amount=n,
            shown=long if where == "shown" else str(n),
        )
        for n in (1, 2)
    )
    made = Chart(kind=kind, values=values)
    error = fails(DoesNotFit, card("statistic", figure="1", statement="x", chart=made))
    assert error.slot == "chart"
    assert "shorten" in str(error)
