"""What is a telephone number, and what only has digits."""

from __future__ import annotations

import pytest

FRAME = " He answers for what he does, and her safety comes first."


@pytest.mark.parametrize(
    "text",
    [
        "Call 116 006.",
        "Call 116006.",
        "Call 1522 at any hour.",
        "Helpline: 3919.",
        "Ring 016, free of charge.",
        "0800 222 003 is free.",
        "Tel. +49 30 1234567.",
        "In Czechia 800 60 50 80 is open.",
        "In Poland 800 120 002 is open.",
        "WhatsApp 600 000 016.",
        "The line (0808 8024040) is open.",
        "Chiama il 1522.",
        "Hilfetelefon 08000 116 016.",
        "555-123-4567 is open.",
        "Since 2023. 0800 222 003.",
        "Helpline (1264) or helpline (1265).",
    ],
)
def test_a_number_to_dial_is_found(caption, text):
    assert "helpline-number-in-text" in caption(text + FRAME)


@pytest.mark.parametrize(
    "text",
    [
        "1,170 interactions in Poland, 84,524 in Europe.",
        "About 840 million women.",
        "16 Days, 16 ways, day 3 of 16.",
        "In 2023 and 2024, from 2019–2023, in 2021/22 and in 2014 (27).",
        "Resolution 2027 (2014), paragraph 3.",
        "0.2% a year, 31.9%, 0.4 of it, 2.5 million.",
        "€366 billion, of this €289 billion; $1000.",
        "137 women a day. The helpline took 1500 calls.",
        "Helplines answered 500 calls in 2024.",
        "Women aged 18–74, open 24/7.",
        "265 942 victims, 1 170 000 posts.",
        "265.942 victims, 50.000 women.",
        "From 09:00-17:00 on 25.11.2026, 2026-11-25 and 25/11/2026.",
        "In immediate danger call 112.",
        "Read https://example.org/116-006/0800222003 today.",
        "Write to 0800222003@example.org.",
        "Article 16, page 41, number 3.",
        "#Day1522 and #116016.",
        "DOI 10.3390/socsci12110613.",
    ],
)
def test_other_digits_are_left_alone(caption, text):
    assert "helpline-number-in-text" not in caption(text + FRAME)


def test_the_posts_own_verified_number_may_be_said(caption):
    own = "posts: {begin: {helpline: germany}}"
    assert caption("Call 116 016." + FRAME, own) == []
    assert caption("Call 116016." + FRAME, own) == []
    assert caption("Call 116 006." + FRAME, own) == ["helpline-number-in-text"]


def test_a_number_that_another_helpline_has_is_told_with_its_name(linter):
    (finding,) = linter("posts: {remember: {text: Today we remember. Call 116 016.}}")
    assert finding.problem.code == "helpline-number-in-text"
    assert "helpline: germany" in finding.problem.hint
    assert finding.posts == ("remember",)


@pytest.mark.parametrize("key", ["alt", "text"])
def test_a_number_is_found_on_the_card_and_in_the_alt_text(codes, key):
    values = {"alt": '"Lights at dusk. Headline: We remember. Call 1522."', "text": "Call 1522."}
    assert codes(f"posts: {{remember: {{{key}: {values[key]}}}}}") == ["helpline-number-in-text"]


def test_a_number_at_the_foot_of_every_card_holds_every_post(linter):
    (finding,) = linter("brand: {help: Call 1522}")
    assert finding.problem.code == "helpline-number-in-text"
    assert finding.posts == ("begin", "listen", "count", "remember")
    assert linter("brand: {help: Call 116 016}") == ()


def test_both_audiences_in_one_text_are_found_without_a_helpline_of_the_post(caption):
    found = caption("Call 116 016, or as a man 0808 157 0123." + FRAME)
    assert "helpline-audience" in found


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ("verified: third-party", "somebody else"),
        ('verified_by: ""', "who verified"),
    ],
)
def test_the_reason_for_the_doubt_is_said(linter, change, word):
    (finding,) = linter(f"helplines: {{germany: {{{change}}}}}")
    assert finding.problem.code == "helpline-unverified"
    assert word in finding.problem.message
    assert finding.posts == ("listen",)


def test_sixty_days_are_still_fresh(codes):
    assert codes('helplines: {germany: {verified_on: "2026-09-23"}}') == []
    assert codes('helplines: {germany: {verified_on: "2026-09-22"}}') == ["helpline-old"]


def test_an_old_figure_is_found_in_the_words_of_any_post(caption):
    assert caption("736 million women." + FRAME) == ["figure-superseded"]
    assert caption("1,736 million women." + FRAME) == []


def test_who_was_counted_may_stand_for_the_publisher(codes):
    text = "In 2023, women worldwide aged 15 and older were asked. Those men must answer for it."
    assert codes(f"posts: {{count: {{text: '840 million. {text}'}}}}") == []
