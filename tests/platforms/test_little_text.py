"""Little text: whatever is written, LinkedIn shows all of it.

The judge is the stand-in's own parser, which stops where LinkedIn silently does.
"""

from __future__ import annotations

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from scheduler.platforms.counting import linkedin_length
from scheduler.platforms.little_text import escaped, shown
from scheduler.sandbox.linkedin import text as linkedin

RESERVED = "\\|{}@[]()<>#*_~"
#: Any words, with so many reserved characters among them that they meet.
WORDS = st.text(st.one_of(st.sampled_from(RESERVED + "a1 \n"), st.characters(codec="utf-8")))
MENTION = regex.compile(r"@\[[^\[\]\\\n]+\]\(urn:li:(?:organization:\d+|person:[\w-]+)\)")
PLAIN = WORDS.filter(lambda text: not MENTION.search(text))


@given(text=PLAIN)
def test_no_reserved_character_anywhere_ends_or_changes_a_post(text):
    assert linkedin.shown(escaped(text)) == text
    assert shown(escaped(text)) == text


@given(before=PLAIN, name=st.text("AÉ (b)_*ß-", min_size=1), after=PLAIN)
def test_a_mention_takes_nothing_of_what_stands_around_it(before, name, after):
    text = f"{before}@[{name}](urn:li:organization:77){after}"
    assert linkedin.shown(escaped(text)) == before + name + after


@given(text=WORDS)
def test_what_is_read_back_shows_what_was_sent(text):
    assert shown(linkedin.kept(escaped(text))) == linkedin.shown(escaped(text))


@given(text=WORDS)
def test_it_is_counted_as_linkedin_counts_what_is_sent(text):
    assert linkedin_length(text) == linkedin.units(escaped(text))


@pytest.mark.parametrize("character", RESERVED)
def test_each_reserved_character_would_end_the_post_and_is_escaped(character):
    assert linkedin.shown(f"one {character} two") == "one "
    assert escaped(f"one {character} two") == f"one \\{character} two"


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("#Orange", "#Orange"),
        ("(#16Days)", "\\(#16Days\\)"),
        ("#Orange.", "#Orange."),
        ("#café #тест #خشونت", "#café #тест #خشونت"),
        ("#16", "\\#16"),
        ("#", "\\#"),
        ("C#", "C\\#"),
        ("a#b", "a\\#b"),
        ("##x", "\\#\\#x"),
        ("#a_b", "\\#a\\_b"),
        ("https://x.org/#top", "https://x.org/\\#top"),
        ("https://x.org/a_b", "https://x.org/a\\_b"),
        ("&#39;", "&\\#39;"),
        ("@somebody", "\\@somebody"),
        ("a@b.org", "a\\@b.org"),
    ],
)
def test_a_hashtag_of_one_word_is_one_and_everything_else_is_plain(text, sent):
    assert escaped(text) == sent


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("@[UN Women](urn:li:organization:77)", "@[UN Women](urn:li:organization:77)"),
        ("@[A (b)](urn:li:person:x-Y_1)", "@[A \\(b\\)](urn:li:person:x-Y_1)"),
        ("@[x](urn:li:share:7)", "\\@\\[x\\]\\(urn:li:share:7\\)"),
        ("@[](urn:li:person:1)", "\\@\\[\\]\\(urn:li:person:1\\)"),
    ],
)
def test_a_mention_is_one_only_in_its_very_form(text, sent):
    assert escaped(text) == sent


@pytest.mark.parametrize(
    ("commentary", "read"),
    [
        (r"{hashtag|\#|Orange} {hashtag|#|Days} {hashtag|＃|x}", "#Orange #Days #x"),
        (r"{hashtag|\#|a\_b}", "#a_b"),
        ("@[Devtestco] (urn:li:organization:2414183)!", "Devtestco!"),
        (r"a \(b\) \\ c", r"a (b) \ c"),
        ("nothing of {that} kind", "nothing of {that} kind"),
    ],
)
def test_templates_and_mentions_are_read_as_a_reader_sees_them(commentary, read):
    assert shown(commentary) == read


@pytest.mark.parametrize(
    "commentary",
    ["one {hashtag|x} two", "one @[x](y) two", "one #16 two", "one \\a two", "one \\"],
)
def test_the_stand_in_stops_at_what_is_not_quite_markup(commentary):
    assert linkedin.shown(commentary) == "one "
