"""Text is counted as the platforms count it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.platforms.counting import graphemes, mastodon_length
from scheduler.sandbox.mastodon.text import length as counted_by_the_stand_in


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("👨‍👩‍👧‍👦", 1),
        ("👍🏽", 1),
        ("🇪🇸", 1),
        ("e\u0301", 1),
        ("🐦‍🔥", 1),
        ("각", 1),
        ("abc", 3),
        ("", 0),
    ],
)
def test_what_a_reader_sees_as_one_character_counts_as_one(text, count):
    assert graphemes(text) == count


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("https://x.co/a https://y.co/b", 47),
        ("https://a-very-long-name.example.org/with/a/very/long/path?and=query#end", 23),
        ("https://a.io", 23),
        ("HTTP://EXAMPLE.ORG", 23),
        ("See https://example.org/a.", 28),
        ("(https://example.org/a_(b))", 25),
        ("https://例え.jp/あ", 23),
        ("example.org/path", 16),
        ("http://localhost/a", 18),
        ("xhttps://example.org", 20),
        ("@user@example.org thanks", 12),
        ("@user thanks", 12),
        ("mail a@example.org", 18),
        ("  padded \n", 6),
    ],
)
def test_mastodon_counts_addresses_as_23_and_mentions_without_their_server(text, count):
    assert mastodon_length(note="", text=text) == count


def test_mastodon_counts_the_note_too_and_its_addresses_in_full():
    assert mastodon_length(note="https://example.org/long", text="abc") == 24 + 3


WORDS = st.sampled_from(
    [
        "a", "día", "👩‍👩‍👧", "e\u0301", "#16Days", "@eu", "@eu@social.example", "a@example.org",
        "https://example.org", "https://example.org/a_(b)", "https://sub.example.org:8080/x?y=1#z",
        "https://例え.jp/あ", "xhttps://example.org", "http://localhost", "http://", "example.org",
    ]
)  # fmt: skip
BEFORE = st.sampled_from(["", "(", "«", "“", "—", "¡", "#", "/"])
AFTER = st.sampled_from(["", ")", ").", "»", "”", ".", ",", "!", "?", "…", ":", "\n", "\n\n", "/"])


@given(st.lists(st.tuples(BEFORE, WORDS, AFTER).map("".join), max_size=12))
def test_the_adapter_and_the_stand_in_count_alike(words):
    text = " ".join(words).strip()
    assert mastodon_length(note="", text=text) == counted_by_the_stand_in("", text)
