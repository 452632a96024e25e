"""What the lints on wording find, and what they must leave alone."""

from __future__ import annotations

import pytest

from scheduler.linting.vocabulary import glossary, languages

FRAME = " He answers for what he does, and her safety comes first."


@pytest.mark.parametrize(
    "text",
    [
        "Programmes work.",
        "Our programme worked, and families are happy.",
        "Change is guaranteed.",
        "Men are cured.",
        "It is proven that men stop.",
        "Our groups are 100% effective.",
        "The course brings a complete cessation of violence.",
        "We rehabilitate men.",
        "After it he will never hit her again.",
    ],
)
def test_a_promise_is_found(caption, text):
    assert "over-claim" in caption(text + FRAME)


@pytest.mark.parametrize(
    "text",
    [
        "No programme is proven to end all violence.",
        "Nobody can guarantee that he changes.",
        "There is no cure.",
        "Programmes work with women’s services.",
        "The programme works closely with the police.",
        "Our network worked hard.",
        "A study found a complete end of violence for some, and none for others.",
        "Researchers in the UK saw success rates differ widely.",
        "WWP European Network (2023): the programmes worked. It is the network’s own data.",
        "It works.",
        "A certificate never means that she is safe.",
    ],
)
def test_what_promises_nothing_is_left_alone(caption, text):
    assert caption(text + FRAME) == []


@pytest.mark.parametrize(
    "text",
    [
        "Men can change.",
        "He has changed.",
        "They learned to live without violence.",
        "Perpetrators who want to can stop using violence.",
        "Behaviour change begins at home.",
    ],
)
def test_change_needs_safety_and_responsibility(caption, text):
    quiet = 'posts: {begin: {graphic: {headline: Day one, points: []}, alt: "A card: Day one."}}'
    assert caption(text, quiet) == ["change-without-safety"]
    assert caption(text + FRAME, quiet) == []


def test_what_is_missing_beside_change_is_said(linter):
    post = """\
posts:
  begin:
    graphic: {headline: Change is possible, points: []}
    text: Change is possible. Her safety comes first.
    alt: "A card: Change is possible."
"""
    (finding,) = linter(post)
    assert "responsible" in finding.problem.message
    assert "safety" not in finding.problem.message


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("THIS IS WRONG. " + FRAME, "all-capitals"),
        ("STOP. " + FRAME, None),
        ("UNICEF, EIGE and UN Women agree." + FRAME, None),
        ("WHO, UNODC and EIGE agree." + FRAME, None),
        ("#NOEXCUSE 2026." + FRAME, None),
        ("𝐒𝐭𝐨𝐩." + FRAME, "fake-bold"),
        ("№ 1 in 3 – “ok” ½ ² €" + FRAME, None),
        ("👩🏽‍⚖️🇩🇪❤️" + FRAME, None),
        ("👩🏽‍⚖️🇩🇪❤️🧡" + FRAME, "emoji-many"),
        ("Word " * 25 + "end." + FRAME, "long-sentence"),
        ("Word " * 24 + "end." + FRAME, None),
        ("One. Two! “Three.” " + "Word " * 20 + "end." + FRAME, None),
        ("He murdered her." + FRAME, "content-note-missing"),
        ("One in three femicides." + FRAME, "content-note-missing"),
        ("Skills and drapes." + FRAME, None),
    ],
)
def test_one_text_one_finding(caption, text, code):
    assert caption(text) == ([code] if code else [])


def test_a_content_note_is_asked_for_in_other_languages_too(caption):
    german = "campaign: {language: de}"
    assert caption("Ein Femizid an jedem dritten Tag.", german) == ["content-note-missing"]
    assert caption("Er hat sie getötet.", german) == ["content-note-missing"]
    assert caption("Jeden treći dan: femicid.", "campaign: {language: hr}") == [
        "content-note-missing"
    ]


# ── quotations ────────────────────────────────────────────────────────────────────────────────────

SPOKEN = """\
quotes:
  loud:
    words: >-
      PLEASE LISTEN: programmes work, men are cured, why didn’t she leave, and #endviolence and
      #ResponisbleTogether’26 are guaranteed to end each and every tragedy that we have ever seen.
    language: en
    speaker: Somebody
    role: Speaker
    source: {publisher: Press, title: Interview, year: "2026", address: "https://example.org/"}
    checked: publisher
    checked_on: "2026-11-20"
"""
LOUD = (
    "PLEASE LISTEN: programmes work, men are cured, why didn’t she leave, and #endviolence and "
    "#ResponisbleTogether’26 are guaranteed to end each and every tragedy that we have ever seen."
)


@pytest.mark.parametrize("marks", ["“”", '""', "„“", "«»", "»«", "„”"])
def test_words_that_are_quoted_exactly_are_left_alone(caption, marks):
    said = f"Somebody said: {marks[0]}{LOUD}{marks[1]}"
    assert caption(said + FRAME, SPOKEN) == []


def test_the_same_words_in_our_own_name_are_not(caption):
    found = set(caption(LOUD + FRAME, SPOKEN))
    assert found >= {
        "all-capitals",
        "hashtag-case",
        "hashtag-cut",
        "hashtag-near-miss",
        "long-sentence",
        "over-claim",
        "victim-blaming",
    }


def test_a_quote_card_is_somebody_elses_words(codes):
    card = f"""\
posts:
  listen:
    quote: loud
    alt: "A quotation. {LOUD} Somebody, Speaker."
"""
    assert codes(SPOKEN, card) == []


@pytest.mark.parametrize(
    "said",
    [
        "“Listen to survivors and end impunity for perpetrators everywhere.”",
        '"Listen to survivors and end impunity for perpetrators everywhere"',
        "“listen to survivors and end impunity for perpetrators”",
        "“Listen to survivors … for perpetrators everywhere.”",
        "“Listen to survivors [...] for perpetrators everywhere.”",
        "“Listen, survivors!”",
        "“Nobody in the whole town had ever asked her what she needed.”",
        "The novel “Survivors everywhere and the end of the world as we know it” is new.",
    ],
)
def test_an_exact_or_another_quotation_is_left_alone(caption, said):
    assert caption(said + FRAME) == []


@pytest.mark.parametrize(
    "said",
    [
        "“Listen to the survivors and end impunity for perpetrators everywhere.”",
        "“Listen to survivors and end the impunity of perpetrators.”",
        "«Listen to survivors, and stop impunity for perpetrators everywhere!»",
        "„Listen to survivors and end impunity for offenders everywhere.“",
        "“survivors and end impunity for all perpetrators everywhere”",
    ],
)
def test_a_changed_quotation_is_found(caption, said):
    assert caption(said + FRAME) == ["misquoted"]


# ── the glossary ──────────────────────────────────────────────────────────────────────────────────

ENGLISH = glossary("en")
ENTRIES = {entry.phrase: entry for entry in ENGLISH.entries}


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES)
def test_an_entry_finds_its_examples_and_leaves_the_others(entry):
    for sentence in entry.finds:
        assert entry in [one for one, _ in ENGLISH.found(sentence)], sentence
        assert entry in [one for one, _ in ENGLISH.found(sentence.upper())], sentence
    for sentence in entry.leaves:
        assert not entry.found(sentence), sentence
    assert entry.source.startswith("https://")
    assert entry.why
    assert entry.say


def test_what_one_entry_leaves_no_other_finds():
    for entry in ENTRIES.values():
        for sentence in entry.leaves:
            assert list(ENGLISH.found(sentence)) == []


def test_other_languages_have_a_file_with_a_how_to_and_no_entries():
    assert {"de", "el", "en", "it", "sr"} <= set(languages())
    empty = [language for language in languages() if not glossary(language).entries]
    assert empty == [language for language in languages() if language != "en"]


def test_a_denial_counts_in_its_own_sentence_only(caption):
    assert caption("He is no monster.") == []
    assert caption("This is no accident. Only a monster does this.") == ["victim-blaming"]


def test_a_glossary_speaks_for_its_own_language_only(caption):
    assert caption("Only a monster does this.", "campaign: {language: de}") == []
    assert glossary("sr-Latn").entries == ()
    assert glossary("xx").entries == ()
