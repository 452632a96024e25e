"""The catalogues: complete, up to date, and every value and tag of a message still in it."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message

from scheduler.interface import LANGUAGES, SOURCE, interface_for
from scheduler.preview.printing.document import Document
from scheduler.preview.printing.flowing import LABEL, MM, words

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tools"))

from write_catalogues import languages, read, renewed, said, written  # noqa: E402

TRANSLATED = sorted(set(LANGUAGES) - {SOURCE})
TAG = re.compile(r"<[^>]*>")


@pytest.fixture(scope="module", params=TRANSLATED)
def language(request) -> str:
    return request.param


@pytest.fixture(scope="module")
def catalogue(language) -> Catalog:
    return read(language)


def entries(catalogue: Catalog) -> list[Message]:
    return [each for each in catalogue if each.id]


def pairs(message: Message) -> list[tuple[str, str]]:
    """Each form of the message beside a translation of it; of other forms, the one for many."""
    if isinstance(message.id, str):
        return [(message.id, str(message.string))]
    one, many = message.id
    first, *others = message.string
    return [(one, first), *((many, other) for other in others)]


def values(text: str) -> Counter[str]:
    return Counter(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def test_every_language_has_a_catalogue_and_every_catalogue_its_language():
    assert sorted(languages()) == TRANSLATED


def test_a_catalogue_says_what_the_program_says_now_and_no_more(language):
    assert written(language).read_text("utf-8") == renewed(language), (
        "out of date: python tools/write_catalogues.py"
    )


def test_no_entry_is_empty_and_none_is_guessed(catalogue):
    assert entries(catalogue)
    assert not [each.id for each in entries(catalogue) if each.fuzzy]
    assert not [each.id for each in entries(catalogue) for _, said in pairs(each) if not said]


def test_there_is_a_form_for_every_number(catalogue):
    plural = [each for each in entries(catalogue) if not isinstance(each.id, str)]
    assert plural
    assert {len(each.string) for each in plural} == {catalogue.num_plurals}


#: "Once" may be "1 time", and "a problem" one without its number: where there are forms for it.
NUMBER = Counter({"number": 1})


def test_what_is_filled_in_is_filled_in_in_every_language(catalogue):
    for entry in entries(catalogue):
        for message, translated in pairs(entry):
            if isinstance(entry.id, str):
                assert values(message) == values(translated), message
            assert values(message) - NUMBER == values(translated) - NUMBER, message


def test_a_translation_has_the_tags_of_its_message_and_no_others(catalogue):
    for entry in entries(catalogue):
        for message, translated in pairs(entry):
            assert Counter(TAG.findall(message)) == Counter(TAG.findall(translated)), message


def test_values_stand_where_no_tag_could_break_them(catalogue):
    """A value is escaped for a text and for an attribute in double quotes; nowhere else."""
    for entry in entries(catalogue):
        for _, translated in pairs(entry):
            for tag in TAG.findall(translated):
                assert not values(re.sub(r'"[^"]*"', "", tag)), translated


def test_a_translation_ends_as_its_message_ends(catalogue):
    """A sentence stays a sentence, and a label that leads to something still leads to it."""
    for entry in entries(catalogue):
        for message, translated in pairs(entry):
            ends = [text[-1] if text[-1] in ".:" else "" for text in (message, translated)]
            assert ends[0] == ends[1], message


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_of_a_label_is_longer_than_its_column(language):
    document = Document(
        title="", author="", interface=interface_for(language), made_on=date(2026, 11, 20)
    )
    labels = {
        document.word(message.id)
        for message in said()
        if message.context == "paper" and ("preview/printing/sheets.py", 0) in message.locations
    }
    assert len(labels) > 15
    for word in " ".join(labels).split():
        assert len(words(document, word, 20 * MM - 4, LABEL)) == 1, word


def test_every_message_of_a_table_has_one_entry_in_its_context():
    found = Counter((each.context, each.id) for each in said() if each.id)
    assert {each for each, times in found.items() if times > 1} == set()


def test_who_reads_english_waits_for_no_catalogue():
    script = "import sys, scheduler.interface; sys.exit('babel.messages.pofile' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
