"""A text weighs what X's own library says, twitter-text 3.1.0: by its word, or by asking it."""

from __future__ import annotations

import json
import os
import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from x_texts import LIBRARY, VECTORS, counted_by_x, texts

from scheduler.platforms.counting import x_length, x_links
from scheduler.platforms.counting import x_tables as tables_of_x
from scheduler.platforms.counting.x_tables import tables
from scheduler.sandbox.x.text import weight as weighed_by_the_stand_in

DIFFERENCES = tomllib.loads(
    Path(tables_of_x.__file__).with_name("x_differences.toml").read_text("utf-8")
)
ORACLE_ROUNDS = 10
ORACLE_TEXTS = 5000


def sequence(line: str) -> str:
    """The medium skin tone stands for all five."""
    return "".join("🏽" if each == "tone" else chr(int(each, 16)) for each in line.split())


def said(kind: str, name: str) -> list[str]:
    return [value for each in DIFFERENCES[kind] for value in each.get(name, ())]


def wrong(counted: list[str], counts: list[int]) -> list[tuple[str, int, int]]:
    """Text, what X counts, what we count, where these differ."""
    return [
        (text, count, x_length(text))
        for text, count in zip(counted, counts, strict=True)
        if x_length(text) != count
    ]


# ── by its word ───────────────────────────────────────────────────────────────────────────────────


def test_every_vector_weighs_what_the_library_said():
    vectors = json.loads(VECTORS.read_text("utf-8"))
    assert len(vectors) > 1000
    assert wrong(*map(list, zip(*vectors, strict=True))) == []


@pytest.mark.parametrize("ending", said("endings", "newer"))
def test_a_newer_ending_is_counted_as_whichever_is_more(ending):
    short, long = f"a.{ending}", f"https://example.{ending}/" + "a" * 40
    assert x_length(short) == 23
    assert x_length(long) >= len(long) > 50
    assert x_links(f"See {long}.") == (long,)


def test_every_difference_has_its_reason():
    assert all(each["reason"].strip() for kind in DIFFERENCES.values() for each in kind)


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("Read https://example.org/a_(b).", ("https://example.org/a_(b)",)),
        ("Acme.Inc, file.py; v2.0 a@example.org", ("Acme.Inc", "file.py")),
        ("👍🏽 HTTPS://Example.ORG, 👍example.org/👍", ("HTTPS://Example.ORG", "example.org/")),
        ("https://t.co/abc/def", ("https://t.co/abc",)),
        ("a.example.org.", ("a.example.org",)),
        ("no. link.nowhere…", ()),
    ],
)
def test_links_are_given_as_they_are_written(text, links):
    assert x_links(text) == links


@given(st.text())
def test_any_text_has_a_length_and_a_longer_one_is_no_shorter(text):
    assert x_length(text) >= 0
    assert x_length(f"{text}\n한") == x_length(text) + 3


@pytest.mark.parametrize("start", ["", "https://a.com/", "a.com/?"])
@pytest.mark.parametrize(
    "part", ["a", "a.", "日.", "a-", "日_", "(a)", "((a))", "@a/", "https://", "1"]
)
def test_even_ten_thousand_hostile_repetitions_take_no_time(start, part):
    begun = time.process_time()
    x_length(start + part * 10_000)
    assert time.process_time() - begun < 5


WORDS = st.sampled_from(
    [
        "a", "día", "👩‍👩‍👧", "👍🏽", "🇪🇸", "1️⃣", "e\u0301", "#16Days", "@eu",
        "a@example.org", "한국", "“q”", "€", "https://example.org",
        "https://example.org/a_(b)", "https://sub.example.org/x?y=1#z", "v2.0", "example.org",
        "Acme.Inc", "file.py", "http://", "xhttps://a.org", "1/2", "16.30", "z.B.",
    ]
)  # fmt: skip
BEFORE = st.sampled_from(["", "(", "«", "“", "—", "¡", "#", "/"])
AFTER = st.sampled_from(["", ")", ").", "»", "”", ".", ",", "!", "?", "…", ":", "\n", "\n\n"])


@given(st.lists(st.tuples(BEFORE, WORDS, AFTER).map("".join), max_size=12))
def test_the_adapter_and_the_stand_in_count_alike(words):
    text = " ".join(words).strip()
    assert x_length(text) == weighed_by_the_stand_in(text)


# ── by asking it ──────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def library(needs):
    needs("node")
    if not LIBRARY.joinpath("node_modules", "twitter-text").is_dir():
        missing = pytest.fail if os.environ.get("CI") else pytest.skip
        missing(f"no twitter-text in {LIBRARY}: make test-deps brings it")
    return LIBRARY


@pytest.mark.system
def test_the_vectors_are_the_librarys_own(library):
    vectors = json.loads(VECTORS.read_text("utf-8"))
    assert counted_by_x(text for text, _ in vectors) == [count for _, count in vectors]


@pytest.mark.system
@pytest.mark.parametrize("seed", range(1, ORACLE_ROUNDS + 1))
def test_made_up_texts_weigh_the_same(library, seed):
    made = texts(ORACLE_TEXTS, seed=seed)
    assert wrong(made, counted_by_x(made)) == []


@pytest.mark.system
@pytest.mark.parametrize(
    "place",
    ["{}", "{}https://a.com", "https://a{}b.com/x", "see a{}b.com now", "a.com{}", "https://a.com/x{}",
     "https://a.com/x{}y", "https://a.com/?a{}b"],
)  # fmt: skip
def test_every_character_in_every_place_weighs_the_same(library, place):
    characters = (chr(code) for code in range(0x10000) if not 0xD800 <= code < 0xE000)
    made = [place.format(character) for character in characters]
    assert wrong(made, counted_by_x(made)) == []


@pytest.mark.system
def test_every_emoji_and_every_ending_of_the_tables_is_known_to_the_library(library):
    emoji, endings = sorted(tables().emoji), sorted(tables().endings)
    assert set(counted_by_x(emoji)) == {2}
    assert set(counted_by_x(f"https://example.{ending}/" for ending in endings)) == {23}


@pytest.mark.system
def test_every_difference_is_one(library):
    assert set(counted_by_x(map(sequence, said("emoji", "one")))) == {2}
    assert min(counted_by_x(map(sequence, said("emoji", "several")))) > 2
    assert set(counted_by_x(f"a.{ending}" for ending in said("endings", "links"))) == {23}
    newer = counted_by_x(f"a.{ending}" for ending in said("endings", "newer"))
    assert 23 not in newer
