"""What a platform makes of a caption."""

from __future__ import annotations

import time

import pytest

from scheduler.preview.linking import Kind, pieces


def linked(text: str) -> list[str]:
    return [piece.text for piece in pieces(text) if piece.kind is not Kind.WORDS]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("See https://example.org/a.", ["https://example.org/a"]),
        ("(https://example.org/a)", ["https://example.org/a"]),
        ("https://example.org/a_(b) c", ["https://example.org/a_(b)"]),
        ("“https://example.org/?a=1&b=2”", ["https://example.org/?a=1&b=2"]),
        ("javascript:alert(1) ftp://example.org", []),
        ("#16Days #2026 #é #ResponsibleTogether!", ["#16Days", "#é", "#ResponsibleTogether"]),
        ("a#b https://example.org/#c", ["https://example.org/#c"]),
        ("ask @someone@mastodon.example.", ["@someone@mastodon.example"]),
        ("write to me@example.org", []),
    ],
)
def test_addresses_hashtags_and_mentions_are_linked(text, found):
    assert linked(text) == found


@pytest.mark.parametrize("text", ["", "words", "#a https://b.example/#c\n\n (@d) #1", "https://."])
def test_the_pieces_joined_are_the_very_text(text):
    assert "".join(piece.text for piece in pieces(text)) == text


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("With @eu.example, @eu and @a@mastodon.example", ["@eu.example"]),
        ("See https://example.org/a. #16Days #हिंसा", ["https://example.org/a", "#16Days", "#हिंसा"]),
    ],
)
def test_on_bluesky_is_linked_what_is_sent_as_linked(text, found):
    assert linked_on("bluesky", text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Read file.py, Acme.Inc or https://a.example.org/b. #16Days @eu",
         ["file.py", "Acme.Inc", "https://a.example.org/b", "#16Days", "@eu"]),
        ("http://localhost/a is none, and v2.0 neither", []),
        ("example.org and example.org", ["example.org", "example.org"]),
    ],
)  # fmt: skip
def test_on_x_everything_is_linked_that_it_makes_a_link_of(text, found):
    assert linked_on("x", text) == found


def test_on_instagram_an_address_is_only_words():
    text = "See https://example.org/#a. #16Days @eu"
    assert linked_on("instagram", text) == ["#16Days", "@eu"]


def linked_on(platform, text):
    shown = pieces(text, platform)
    assert "".join(piece.text for piece in shown) == text
    return [piece.text for piece in shown if piece.kind is not Kind.WORDS]


def test_a_long_address_is_shown_without_its_scheme_and_its_end():
    (piece,) = pieces("https://www.example.org/a/long/path/to/something/else")
    assert piece.parts == ("https://www.", "example.org/a/long/path/to/som", "ething/else")


@pytest.mark.parametrize("part", ["#", "#0", "@", "@a@", "https://", "https://)", "(", "a"])
def test_even_ten_thousand_hostile_repetitions_take_no_time(part):
    begun = time.process_time()
    pieces(part * 10_000)
    assert time.process_time() - begun < 1
