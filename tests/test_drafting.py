"""A draft is exactly what will be said."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from scheduler.calendar import read_calendar
from scheduler.drafting import cards, cards_for, draft_for, frozen
from scheduler.model import Size

HELPLINES = """\
helplines:
  national:
    number: 116 016
    country: DE
    audience: survivors
    hours: day and night, free of charge
    verified: publisher
    verified_by: the coordination team
    verified_on: 2026-11-20
    address: https://www.hilfetelefon.de/
posts:
"""
WITH_HELPLINE = (
    ("posts:\n", HELPLINES),
    ("    text: Today", "    helpline: national\n    text: Today"),
)


def campaign(calendar, *changes):
    return read_calendar(calendar(*changes)).unwrap().own


def launch(calendar, shelf, *changes, part=1):
    read = campaign(calendar, *changes)
    return draft_for(read, read.posts["launch"], "archive", shelf, part=part)


def test_the_caption_ends_with_the_hashtags(calendar, shelf):
    assert launch(calendar, shelf).text == "Today we begin.\n\n#Small"


def test_without_hashtags_nothing_is_added(calendar, shelf):
    assert launch(calendar, shelf, ('tags: ["#Small"]', "tags: []")).text == "Today we begin."


def test_a_picture_is_the_very_file_on_the_shelf_with_its_alt_text(calendar, shelf):
    (picture,) = launch(calendar, shelf).pictures
    assert picture.digest == hashlib.sha256(picture.file.read_bytes()).hexdigest()
    assert picture.alt.startswith("On the card: We begin today.")


def test_required_texts_stand_between_the_words_and_the_hashtags(calendar, shelf):
    funded = (
        "  language: en\n",
        "  language: en\n  required_text: Funded by the European Union.\n",
    )
    assert launch(calendar, shelf, funded).text == (
        "Today we begin.\n\nFunded by the European Union.\n\n#Small"
    )


def test_the_text_that_a_source_requires_stands_below_its_words(calendar, shelf):
    source = (
        '      year: "2023"\n',
        '      year: "2023"\n      required_text: As the UN wants it.\n',
    )
    read = campaign(calendar, source)
    said = draft_for(read, read.posts["listen"], "archive", shelf).text
    assert said == "Listening comes first.\n\nAs the UN wants it.\n\n#Small"


def test_a_verified_helpline_is_written_and_drawn(calendar, shelf):
    read = campaign(calendar, *WITH_HELPLINE)
    post = read.posts["launch"]
    drawn = cards_for(read, post, Size(width=1080, height=1350))[0]
    assert drawn.brand.help == "Helpline (DE): 116 016"
    assert "Helpline (DE): 116 016, day and night" in launch(calendar, shelf, *WITH_HELPLINE).text


@pytest.mark.parametrize(
    "change",
    [
        ("    verified: publisher\n", "    verified: third-party\n"),
        ("    verified_by: the coordination team\n", ""),
        ("    verified_on: 2026-11-20\n", ""),
    ],
)
def test_a_helpline_that_nobody_verified_is_never_written_or_drawn(calendar, shelf, change):
    read = campaign(calendar, *WITH_HELPLINE, change)
    texts = str(cards(read)) + launch(calendar, shelf, *WITH_HELPLINE, change).text
    assert "116 016" not in texts


def test_each_part_of_a_thread_knows_its_place(calendar, shelf):
    thread = ("    text: Today", "    thread: [Second., Third.]\n    text: Today")
    parts = [launch(calendar, shelf, thread, part=part) for part in (1, 2, 3)]
    assert [(draft.part, draft.text) for draft in parts[1:]] == [(2, "Second."), (3, "Third.")]
    assert parts[0].part == 1
    assert frozen(parts[1]) == frozen(replace(parts[1], part=7)), "an approval says nothing of it"


def test_the_further_parts_of_a_thread_are_words_alone(calendar, shelf):
    thread = ("    text: Today", "    thread: [A second word.]\n    text: Today")
    second = launch(calendar, shelf, thread, part=2)
    assert (second.text, second.pictures) == ("A second word.", ())


def test_one_changed_word_on_a_card_changes_one_card(calendar):
    before = cards(campaign(calendar))
    after = cards(campaign(calendar, ("We begin today", "We start today")))
    assert [pair for pair in before if before[pair] != after[pair]] == [("launch", "archive")]
