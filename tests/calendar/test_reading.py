"""YAML stays what was typed, and no text can do harm."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler.calendar.reading import read, read_text
from scheduler.errors import UserError


def reading(tmp_path: Path, text: str | bytes):
    file = tmp_path / "c.yaml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read(file, name="c.yaml")


def refusal(tmp_path: Path, text: str | bytes):
    with pytest.raises(UserError) as caught:
        reading(tmp_path, text)
    (problem,) = caught.value.problems
    return problem


def test_times_words_and_numbers_stay_the_text_that_was_typed(tmp_path):
    tree = reading(tmp_path, "at: 12:30\nanswer: no\nhelpline: 016\nlist: [1e3, ~]\n")
    assert tree.values == {
        "at": "12:30",
        "answer": "no",
        "helpline": "016",
        "list": ["1e3", "~"],
    }
    assert not tree.problems


def test_every_key_and_value_knows_its_line_and_column(tmp_path):
    places = reading(tmp_path, "a:\n  b: [x, y]\n").places
    assert (places.key("a", "b").line, places.key("a", "b").column) == (2, 3)
    assert (places.value("a", "b", 1).line, places.value("a", "b", 1).column) == (2, 10)


def test_the_place_of_something_absent_is_the_nearest_thing_around_it(tmp_path):
    places = reading(tmp_path, "a:\n  b: x\n").places
    assert places.value("a", "b", "c", 4).line == 2
    assert places.key("z").line == 1


@pytest.mark.parametrize(
    ("text", "line", "column", "code"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, 1, "duplicate-key"),
        ("tags:\n  - #Responsible\n", 2, 4, "unquoted-hash"),
        ("hashtag: #Responsible\n", 1, 9, "unquoted-hash"),
        ("a: &anchor 1\n", 1, 4, "yaml-alias"),
        ("a: !!python/object:os.system {}\n", 1, 4, "yaml-tag"),
        ("a: 1\n---\nb: 2\n", 2, 1, "yaml-documents"),
        ("? [a, b]\n: c\n", 1, 3, "yaml-key"),
        ('? [a]\n: b\n"": c\n', 1, 3, "yaml-key"),
    ],
)
def test_what_yaml_allows_and_nobody_means_is_a_problem_at_its_place(
    tmp_path, text, line, column, code
):
    problem = reading(tmp_path, text).problems[0]
    assert (problem.line, problem.column, problem.code) == (line, column, code)


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("text: Today we begin #Together with you\n", 1, 22),
        ("text: été\n  comme #Ensemble ici\n", 2, 9),
        ("text: Today we begin\n  #Together with you\nb: 1\n", 2, 3),
        ("text: Today we begin\n\n  #Together: with you\n", 3, 3),
        ("a:\n  - Today\n    #Together\n", 3, 5),
        ("a:\n- Today #Together\n", 2, 9),
        ("tags: [#One, Two]\nb: 1\n", 1, 8),
        ("tags: [One, #Two]\nb: 1\n", 1, 13),
        ('tags: ["#One", #Two]\nb: 1\n', 1, 16),
        ("tags: [\n  One,\n  #Two,\n  Three]\n", 3, 3),
        ("tags: [[One], #Two\n]\n", 1, 15),
        ("post: {text: Today #Together\n  }\n", 1, 20),
    ],
)
def test_a_hashtag_that_would_cut_a_text_is_a_problem_at_its_hash(tmp_path, text, line, column):
    try:
        found = reading(tmp_path, text).problems
    except UserError as error:
        found = error.problems
    assert (found[0].line, found[0].column, found[0].code) == (line, column, "unquoted-hash")
    assert "quotation marks" in found[0].hint


def test_a_hashtag_that_hides_the_rest_of_a_text_is_named_before_what_follows_from_it(tmp_path):
    with pytest.raises(UserError) as caught:
        reading(tmp_path, "text: Today\n  #Together with\n  you\nb: 1\n")
    assert [problem.code for problem in caught.value.problems] == ["unquoted-hash", "yaml-syntax"]


@pytest.mark.parametrize(
    "text",
    [
        "grace: 3h   # three hours\n",
        "grace: 3h   #\n",
        "text: we#begin\n",
        'text: "Today #Together"   #two\n',
        "text: >-\n  Today #Together\n  #Always\nb: 1\n",
        "a:\n  day: 1\n  #note: switched off\n  text: x\n",
        "a:\n  - one\n  #- two\n  - three\n",
        "a: [one, # the first\n  two]\n",
        "a: {b: c,\n  #d: e,\n  f: g}\n",
        "#one\na: b\n#two\n",
    ],
)
def test_a_comment_that_cuts_nothing_stays_a_comment(tmp_path, text):
    assert reading(tmp_path, text).problems == ()


def test_many_values_in_one_line_are_read_in_little_time(tmp_path):
    tree = reading(tmp_path, f"a: [{'b, ' * 300_000}c]\n")
    assert len(tree.values["a"]) == 300_001


@pytest.mark.parametrize("text", ["text: 'It's today'\nb: 1\n", 'text: "He said "yes" now"\n'])
def test_a_quotation_mark_that_ends_a_text_early_is_said(tmp_path, text):
    assert "ends the text" in refusal(tmp_path, text).hint


def test_a_bomb_of_aliases_does_not_grow(tmp_path):
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    tree = reading(tmp_path, "\n".join(lines))
    assert len(str(tree.values)) < 10_000
    assert {problem.code for problem in tree.problems} == {"yaml-alias"}


def test_a_hundred_thousand_brackets_are_refused(tmp_path):
    assert refusal(tmp_path, "[" * 100_000).code == "yaml-depth"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("# only a comment\n", "empty"),
        ("just words", "not-a-mapping"),
        ("- a\n- b\n", "not-a-mapping"),
        (b"\xff\xfe\x00a", "not-utf-8"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not-utf-8"),
        ("a: \x00", "yaml-syntax"),
        ("a: b: c", "yaml-syntax"),
        ("a:\n\tb: 1\n", "yaml-syntax"),
        ('a: "never closed\n', "yaml-syntax"),
    ],
)
def test_what_is_no_calendar_is_said_in_one_problem(tmp_path, text, code):
    assert refusal(tmp_path, text).code == code


def test_a_key_that_is_no_text_counts_as_an_empty_one(tmp_path):
    tree = reading(tmp_path, '? [a]\n: b\n"": c\n')
    assert tree.values == {"": "b"}
    assert "first written in line 1" in tree.problems[1].message


def test_a_text_reads_as_a_file_with_it_does(tmp_path):
    text = "a: 1\nb: [x, *y]\na: 2\n"
    assert read_text(text, name="c.yaml") == reading(tmp_path, text)


def test_half_a_sign_is_no_text(tmp_path):
    with pytest.raises(UserError, match="not YAML"):
        read_text("a: \ud800\n", name="c.yaml")


def test_a_missing_file_and_a_folder_are_told_apart(tmp_path):
    for name, word in (("absent.yaml", "no such file"), (".", "folder")):
        with pytest.raises(UserError) as caught:
            read(tmp_path / name, name=name)
        assert word in caught.value.problems[0].message


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(
    st.one_of(st.binary(max_size=200), st.text(alphabet=" \n\t:-[]{}&*!?|>'\"%@#,a0", max_size=80))
)
def test_no_text_ends_in_anything_but_values_or_problems(tmp_path, text):
    try:
        values = reading(tmp_path, text).values
    except UserError as error:
        values = dict.fromkeys(error.problems)
    assert isinstance(values, dict)
