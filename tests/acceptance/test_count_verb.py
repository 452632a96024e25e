"""campaign count: a text in, a number out."""

from __future__ import annotations

import json

import pytest
from program import CHECKOUT, run

from scheduler.platforms import PLATFORMS

VECTORS = json.loads((CHECKOUT / "tests/platforms/x_vectors.json").read_text("utf-8"))


def counted(platform: str, text: str):
    return run("count", platform, input=text, encoding="utf-8")


@pytest.mark.parametrize(
    ("platform", "text", "count"),
    [
        ("x", "“q” — Acme.Inc 👨‍👩‍👧‍👦", "32"),
        ("mastodon", "“q” — Acme.Inc 👨‍👩‍👧‍👦", "16"),
        ("folder", "“q” — Acme.Inc 👨‍👩‍👧‍👦", "16"),
        ("x", "", "0"),
        ("x", "a\r\nb\n", "5"),
    ],
)
def test_a_text_is_counted_as_the_platform_counts(platform, text, count):
    done = counted(platform, text)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{count}\n", "")


def test_many_texts_are_counted_at_once():
    texts = [text for text, _ in VECTORS]
    done = run("count", "x", "--json", input=json.dumps(texts))
    assert json.loads(done.stdout) == [count for _, count in VECTORS]


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_platform_can_count(platform):
    done = run("count", platform, "--json", input='["", "abc"]')
    assert json.loads(done.stdout) == [0, 3]


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("", "standard input:1:1  this is no JSON"),
        ('["one",\n  two]', "standard input:2:3  this is no JSON"),
        ('"one"', "this is no array"),
        ('{"one": 1}', "this is no array"),
        ('["one", 2]', "value 2 of the array is no text"),
        ("[" * 100_000, "this is no JSON that can be read"),
    ],
    ids=lambda each: each[:20],
)
def test_what_is_no_array_of_texts_is_said(said, message):
    done = run("count", "x", "--json", input=said)
    assert (done.returncode, done.stdout) == (1, "")
    assert message in done.stderr
    assert "1 error. Nothing was sent." in done.stderr


def test_what_is_not_utf_8_is_said():
    done = run("count", "x", input="abc\udcff", encoding="utf-8", errors="surrogateescape")
    assert done.returncode == 1
    assert "byte 4 is not UTF-8" in done.stderr


@pytest.mark.parametrize("arguments", [(), ("mastodn",), ("x", "--jsn"), ("x", "y")])
def test_a_platform_must_be_named_and_known(arguments):
    done = run("count", *arguments, input="abc")
    assert (done.returncode, done.stdout) == (2, "")


def test_a_misspelled_platform_is_answered_with_the_right_one():
    assert '"mastodon"?' in counted("mastodn", "abc").stderr
