"""No text in any field makes a lint raise, and none is needed for a finding to have a place."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from types import MappingProxyType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler.linting import LINTS, lint
from scheduler.model import CallContent, GraphicContent, Slide

#: Signs that the lints look at, mixed with anything.
PIECES = st.sampled_from(
    ["“", "”", "„", "«", "»", '"', "#", "’", "116 016", "1,170", "2023", "…", ". ", "\n\n", "NO",
     "she", "change", "programmes", "work", "proven", "𝗡", "🧡", "\u200d", "Listen to survivors",
     "end impunity", "0800", "+", "(", "/", "-", "%", "men", "can"]
)  # fmt: skip
TEXT = st.lists(PIECES | st.text(max_size=8), max_size=14).map(" ".join)


def said(value, draw):
    """The same value with every text in it replaced."""
    texts = {
        field.name: draw(TEXT)
        for field in fields(value)
        if type(getattr(value, field.name)) is str and field.name not in {"id", "superseded_by"}
    }
    return replace(value, **texts)


@pytest.fixture
def campaign(reader):
    return reader()


@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_no_text_makes_a_lint_raise(campaign, data):
    draw = data.draw
    quotes = {id_: said(quote, draw) for id_, quote in campaign.quotes.items()}
    facts = {id_: said(fact, draw) for id_, fact in campaign.facts.items()}
    helplines = {id_: said(line, draw) for id_, line in campaign.helplines.items()}
    posts = {}
    for id_, post in campaign.posts.items():
        content = draw(
            st.sampled_from([post.content])
            | st.builds(GraphicContent, headline=TEXT, points=st.tuples(TEXT, TEXT))
            | st.builds(CallContent, headline=TEXT, body=TEXT)
        )
        slides = tuple(
            Slide(content=content, alt=draw(TEXT)) for _ in range(draw(st.integers(1, 2)))
        )
        posts[id_] = replace(
            said(post, draw),
            slides=slides,
            tags=tuple(draw(st.lists(TEXT, max_size=3))),
            thread=tuple(draw(st.lists(TEXT, max_size=2))),
        )
    changed = replace(
        campaign,
        title=draw(TEXT),
        tags=tuple(draw(st.lists(TEXT, max_size=3))),
        brand=replace(campaign.brand, hashtag=draw(TEXT), help=draw(TEXT), name=draw(TEXT)),
        quotes=MappingProxyType(quotes),
        facts=MappingProxyType(facts),
        helplines=MappingProxyType(helplines),
        posts=MappingProxyType(posts),
    )
    for finding in lint(changed, on=date(2026, 11, 22)):
        assert finding.problem.code in LINTS
        assert set(finding.posts) <= set(posts)


#: What makes a careless expression try every way there is.
HOSTILE = [
    "1 ", "1-", "1.1", "0", "“a", '"a', "#a-", "men can ", "programmes ", " ", "call me ",
    "🧡\u200d", "x", "«", "why she ", "Listen to survivors and end ", "(1", "a@", "/1", "NO ",
]  # fmt: skip


@pytest.mark.timeout(20)
@pytest.mark.parametrize("piece", HOSTILE)
def test_no_text_takes_a_lint_long(campaign, piece):
    post = campaign.posts["begin"]
    text = piece * (60_000 // len(piece))
    long = replace(post, text=text, slides=(Slide(content=post.content, alt=text),))
    lint(replace(campaign, posts=MappingProxyType({"begin": long})), on=date(2026, 11, 22))
