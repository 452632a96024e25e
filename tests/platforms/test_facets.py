"""Links, mentions and hashtags by the bytes of the text."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scheduler.platforms.facets import facets, marks

FAMILY = "👨‍👩‍👧‍👦"
DID = "did:plc:z72i7hdynmk6r22z27h6tvur"


def did(handle: str) -> str | None:
    return None if handle.startswith("nobody") else DID


def said(text: str) -> list[tuple[str, str]]:
    """Each facet as what it says of the bytes that it covers."""
    return [
        (_covered(text, facet), next(value for name, value in feature.items() if name != "$type"))
        for facet in facets(text, did)
        for feature in facet["features"]
    ]


def _covered(text: str, facet: dict) -> str:
    index = facet["index"]
    return text.encode()[index["byteStart"] : index["byteEnd"]].decode()


def marked(text: str) -> list[str]:
    return [mark.text for mark in marks(text)]


def test_the_vendors_sample():
    text = (
        "✨ example mentioning @atproto.com to share the URL "
        "👨‍❤️‍👨 https://en.wikipedia.org/wiki/CBOR."
    )
    assert facets(text, did) == [
        {
            "index": {"byteStart": 23, "byteEnd": 35},
            "features": [{"$type": "app.bsky.richtext.facet#mention", "did": DID}],
        },
        {
            "index": {"byteStart": 74, "byteEnd": 108},
            "features": [
                {
                    "$type": "app.bsky.richtext.facet#link",
                    "uri": "https://en.wikipedia.org/wiki/CBOR",
                }
            ],
        },
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("See https://example.org/a.", ["https://example.org/a"]),
        ("(https://example.org/a)", ["https://example.org/a"]),
        ("https://example.org/a_(b) c", ["https://example.org/a_(b)"]),
        ("«https://example.org/?a=1&b=2»", ["https://example.org/?a=1&b=2"]),
        (
            "https://example.org/#tag https://例え.jp/あ",
            ["https://example.org/#tag", "https://例え.jp/あ"],
        ),
        ("https://example.org/@eu.example", ["https://example.org/@eu.example"]),
        ("javascript:alert(1) ftp://example.org example.org https:// https://.", []),
        ("xhttps://example.org", []),
        ("With @eu.example and (@UN.Women.example).", ["@eu.example", "@UN.Women.example"]),
        ("@eu @eu. me@example.org @someone@mastodon.example @-a.example @a.1", []),
        ("@eu.example's @eu.example", ["@eu.example", "@eu.example"]),
        (
            "#16Days #é ＃日本 #ResponsibleTogether!",
            ["#16Days", "#é", "＃日本", "#ResponsibleTogether"],
        ),
        ("#हिंसा #e\u0301te\u0301 #a_b", ["#हिंसा", "#e\u0301te\u0301", "#a_b"]),
        ("#2026 # a#b &#39; ##both", ["#both"]),
        ("#" + "a" * 64 + " #" + "b" * 65, ["#" + "a" * 64]),
    ],
)
def test_what_is_marked(text, found):
    assert marked(text) == found


def test_a_tag_is_said_without_its_sign_and_a_link_as_it_was_typed():
    assert said("#16Days https://example.org/A?b=É") == [
        ("#16Days", "16Days"),
        ("https://example.org/A?b=É", "https://example.org/A?b=É"),
    ]


def test_a_handle_that_nobody_has_stays_text():
    assert said("@nobody.example @eu.example") == [("@eu.example", DID)]


def test_a_handle_is_asked_for_in_small_letters():
    asked = []
    facets("@EU.Example", asked.append)
    assert asked == ["eu.example"]


pieces = st.sampled_from(
    [
        "https://example.org/a",
        "https://例え.jp/(あ)",
        "@eu.example",
        "@nobody.example",
        "#16Days",
        "#été",
        "＃日本",
        FAMILY,
        "🇪🇸",
        "e\u0301",
        "«",
        "»",
        "(",
        ")",
        ".",
        "#",
        "@",
        "https://",
        " ",
        "\n",
        "x",
    ]
)
texts = st.lists(pieces | st.text(max_size=3), max_size=20).map("".join)


@given(text=texts)
@example(text=f"{FAMILY}https://example.org/a#16Days@eu.example")
def test_facets_lie_on_whole_characters_within_the_text_and_never_overlap(text):
    try:
        data = text.encode()
    except UnicodeEncodeError:
        return  # half a character is no text
    found = facets(text, did)
    ends = [(each["index"]["byteStart"], each["index"]["byteEnd"]) for each in found]
    for begin, end in ends:
        assert 0 <= begin < end <= len(data)
        data[:begin].decode()
        data[begin:end].decode()
    assert all(before[1] <= after[0] for before, after in pairwise(ends))


@given(text=texts)
def test_what_a_facet_covers_is_what_it_says(text):
    try:
        text.encode()
    except UnicodeEncodeError:
        return
    for covered, value in said(text):
        assert value in {covered, covered[1:], DID}


@given(before=texts, after=st.sampled_from(["", " ", "\n", " and more"]))
def test_a_link_after_a_space_is_found_whatever_stands_before(before, after):
    try:
        begin = len(f"{before} ".encode())
    except UnicodeEncodeError:
        return
    text = f"{before} https://example.org/ayuda{after}"
    assert begin in [facet["index"]["byteStart"] for facet in facets(text, did)]


@pytest.mark.parametrize("part", ["#", "@", "@a.", "@a", "https://", "https://)", "(", "a", FAMILY])
def test_even_ten_thousand_hostile_repetitions_take_no_time(part):
    begun = time.process_time()
    facets(part * 10_000, did)
    assert time.process_time() - begun < 1
