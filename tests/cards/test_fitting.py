"""Lines: no wider than the box, every word kept, in order, and none left alone."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from scheduler.cards.fitting import balanced, largest, pieces, tidied, widest, wrap

words = st.text(st.sampled_from("abcäöß-\u00ad/."), min_size=1, max_size=12)
texts = st.lists(words, min_size=1, max_size=30).map(" ".join)


def measured(text):
    """Every character as wide as its code is odd: numbers are all that fitting knows."""
    return [0.0 if c == "\u00ad" else 0.4 + (ord(c) % 5) / 10 for c in text]


@given(texts, st.floats(0.5, 40))
def test_no_line_is_wider_than_its_box_and_all_words_are_kept_in_order(text, measure):
    parts = pieces(text, measured(text), hyphen=0.3)
    for lines in (wrap(parts, measure), balanced(parts, measure)):
        if lines is None:
            assert widest(parts) > measure
            continue
        assert all(line.width <= measure + 1e-9 for line in lines)
        kept = [text[line.start : line.end].strip() for line in lines]
        assert "".join(kept).replace(" ", "") == text.replace(" ", "")


@given(texts, st.floats(4, 40))
def test_balancing_never_needs_more_lines(text, measure):
    parts = pieces(text, measured(text))
    plain = wrap(parts, measure)
    if plain is not None:
        assert len(balanced(parts, measure)) == len(plain)


@given(st.lists(st.integers(200, 999), min_size=4, max_size=9), st.integers(2, 4))
def test_a_line_that_fills_its_box_exactly_fits_whichever_way_it_is_added_up(widths, count):
    text = " ".join("x" for _ in widths)
    advances = [width / 1000 for width in widths for width in (width, 250)][:-1]
    parts = pieces(text, advances)
    for measure in (sum(advances[: 2 * count - 1]), sum(reversed(advances[: 2 * count - 1]))):
        assume(widest(parts) <= measure)
        lines = wrap(parts, measure)
        assert lines is not None
        assert lines[0].end >= parts.ends[count - 1]
        assert len(balanced(parts, measure)) == len(lines)


def test_balancing_leaves_no_word_alone():
    text = "one two three four five six seven eight nine ten"
    parts = pieces(text, [1.0] * len(text))
    greedy = [text[line.start : line.end] for line in wrap(parts, 45)]
    even = [text[line.start : line.end] for line in balanced(parts, 45)]
    assert greedy[-1] == "ten"
    assert len(even) == 2
    assert abs(len(even[0]) - len(even[1])) < 8


def test_a_line_break_that_was_written_is_kept():
    text = "one\ntwo three"
    lines = wrap(pieces(text, [1.0] * len(text)), 100)
    assert [text[line.start : line.end] for line in lines] == ["one", "two three"]
    assert balanced(pieces(text, [1.0] * len(text)), 100) == lines


def test_an_address_is_never_broken():
    text = "see bag-taeterarbeit.de/a-b-c and well-known"
    ends = {text[:end].rsplit(" ", maxsplit=1)[-1] for end in pieces(text, [1.0] * len(text)).ends}
    assert ends == {"see", "bag-taeterarbeit.de/a-b-c", "and", "well-", "well-known"}


def test_a_soft_hyphen_costs_the_width_of_a_hyphen_only_where_the_line_ends():
    text = "ab\u00adcd"
    parts = pieces(text, [1, 1, 0, 1, 1], hyphen=0.5)
    assert [line.width for line in wrap(parts, 4)] == [4]
    broken = wrap(parts, 2.5)
    assert [(line.width, line.hyphen) for line in broken] == [(2.5, True), (2, False)]
    assert wrap(parts, 2.4) is None


@given(st.integers(1, 400), st.integers(0, 400), st.integers(-50, 900))
def test_the_largest_size_that_fits_is_found(low, more, limit):
    found = largest(lambda size: size <= limit, low, low + more)
    assert found == (None if limit < low else min(limit, low + more))


@pytest.mark.parametrize(
    ("written", "tidy"),
    [
        ("  two   words \n\n next ", "two words\n\nnext"),
        ("násilí a ticho", "násilí a\u00a0ticho"),
        ("one – two", "one\u00a0– two"),
        ("use #ResponsibleTogether", "use #ResponsibleTogether"),
        ("a b a b", "a b a b"),
    ],
)
def test_text_is_tidied_as_a_typesetter_would(written, tidy):
    assert tidied(written) == tidy


def test_a_short_figure_stays_on_one_line():
    assert tidied("1 in 3", keep=8) == "1\u00a0in\u00a03"
    assert " " in tidied("366 billion euros", keep=8)
