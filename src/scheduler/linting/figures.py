"""Figures: current, checked at their source, and never without year and source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from scheduler.errors import Severity
from scheduler.linting.findings import Found, Lint
from scheduler.linting.speaking import captions, plain, shortened, slides, texts
from scheduler.model import Campaign, Checked, Fact, KeyPath, Post, StatisticContent, distinct


def _shown(campaign: Campaign) -> Iterator[tuple[Post, KeyPath, Fact]]:
    """Every card with a figure: its post, and where the post names the fact."""
    for post in campaign.posts.values():
        for path, slide in slides(campaign, post):
            if isinstance(slide.content, StatisticContent):
                yield post, (*path, "statistic"), slide.content.fact


def showing(campaign: Campaign) -> dict[str, tuple[str, ...]]:
    """The posts that show each fact, by its id."""
    found: dict[str, list[str]] = {}
    for post, _, fact in _shown(campaign):
        found.setdefault(fact.id, []).append(post.id)
    return {id_: distinct(posts) for id_, posts in found.items()}


# ── superseded ────────────────────────────────────────────────────────────────────────────────────

#: "9 %" and "1 in 3" stand in too many sentences to be known by themselves.
_TELLING = 4


def _superseded(campaign: Campaign, _: date) -> Iterator[Found]:
    for post, path, fact in _shown(campaign):
        if fact.superseded_by:
            yield Found(
                path=path,
                message=f'the figure "{fact.id}" ({fact.figure}) is out of date',
                posts=(post.id,),
                hint=_instead(fact, "then write caption and alt text anew"),
            )
    yield from _still_told(campaign)


def _still_told(campaign: Campaign) -> Iterator[Found]:
    """Captions and alt texts that still carry an old figure, though its card is gone."""
    patterns = list(_old_figures(campaign))
    for post in campaign.posts.values() if patterns else ():
        for text in texts(campaign, post):
            for pattern, fact in patterns:
                if pattern.search(text.own) and not _on(post, fact):
                    yield Found(
                        path=text.path,
                        message=f"“{fact.figure}” is out of date",
                        posts=(post.id,),
                        hint=_instead(fact, "and its figure in the words"),
                    )


def _on(post: Post, fact: Fact) -> bool:
    return any(
        isinstance(slide.content, StatisticContent) and slide.content.fact.id == fact.id
        for slide in post.slides
    )


def _old_figures(campaign: Campaign) -> Iterator[tuple[re.Pattern[str], Fact]]:
    for fact in campaign.facts.values():
        newer = campaign.facts.get(fact.superseded_by)
        digits = sum(letter.isdigit() for letter in fact.figure)
        if newer and digits > 1 and len(fact.figure) >= _TELLING and newer.figure != fact.figure:
            figure = r"\s+".join(map(re.escape, fact.figure.split()))
            yield re.compile(rf"(?<![\w.,]){figure}(?!\w|[.,]\d)", re.IGNORECASE), fact


def _instead(fact: Fact, more: str) -> str:
    return f'use "{fact.superseded_by}", {more}'


FIGURE_SUPERSEDED = Lint(
    code="figure-superseded",
    severity=Severity.ERROR,
    title="A figure that a newer one has replaced",
    reason="In November 2025 three of the most used figures changed: 736 to 840 million women, "
    "140 to 137 killed a day, 31.5% to 31.9% in Italy. A card made in October was wrong on "
    "25 November.",
    hint="use the newer figure",
    fails="""\
posts:
  count:
    statistic: women-2018
    text: WHO estimated 736 million women in 2018. Those who are violent must answer for it.
""",
    passes="""\
posts:
  count:
    statistic: women-2023
    text: WHO estimated 840 million women in 2023. Those who are violent must answer for it.
""",
    check=_superseded,
)

# ── to look at again ──────────────────────────────────────────────────────────────────────────────


def _review(campaign: Campaign, on: date) -> Iterator[Found]:
    for id_, users in showing(campaign).items():
        due = campaign.facts[id_].review_by
        if due is not None and due <= on:
            yield Found(
                path=("facts", id_, "review_by"),
                message=f"it was to be looked at again by {due}",
                posts=users,
            )


FIGURE_REVIEW = Lint(
    code="figure-review",
    severity=Severity.WARNING,
    title="A figure that somebody should look at again",
    reason="Many figures are published anew just before 25 November. The calendar says from when "
    "on this one is to be checked again.",
    hint="open the source; if the figure still holds, move checked_on and review_by",
    fails="""\
facts:
  women-2023: {review_by: "2026-11-20"}
""",
    passes="""\
facts:
  women-2023: {review_by: "2027-11-20", checked_on: "2026-11-20"}
""",
    check=_review,
)


def _third_party(campaign: Campaign, _: date) -> Iterator[Found]:
    for id_, users in showing(campaign).items():
        fact = campaign.facts[id_]
        if fact.checked is Checked.THIRD_PARTY:
            yield Found(
                path=("facts", id_, "checked"),
                message=f"the figure of {fact.source.publisher} was read only where somebody else "
                "repeats it",
                posts=users,
            )


FIGURE_THIRD_PARTY = Lint(
    code="figure-third-party",
    severity=Severity.WARNING,
    title="A figure that was read only in somebody else's text",
    reason="Newspapers round, shorten and mix up: in 2024 the same EU survey gave “50 million” and "
    "“62 million” women on two pages.",
    hint="look for it at the publisher's own address; then write checked: publisher, the address "
    "and the day",
    fails="""\
facts:
  women-2023: {checked: third-party}
""",
    passes="""\
facts:
  women-2023: {checked: publisher}
""",
    check=_third_party,
)

# ── in words ──────────────────────────────────────────────────────────────────────────────────────

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_NAME = re.compile(r"[^\W\d_]{3,}")
#: Words of a publisher's name that do not tell one from another.
_COMMON = frozenset(
    {"and", "the", "for", "from", "quoted", "partners", "university", "institute", "office",
     "national", "agency", "council", "ministry", "european", "international",
     "und", "der", "die", "das", "für", "per", "des", "les", "pour"}
)  # fmt: skip
#: The share of the words on who was counted that is enough to say it.
_MOST = 0.5


@lru_cache(maxsize=1024)
def _names(publisher: str) -> frozenset[str]:
    words = {word.casefold() for word in _NAME.findall(publisher)}
    return frozenset(words - _COMMON) or frozenset(words)


def _named(fact: Fact, caption: str) -> bool:
    """Whether the caption names who published the figure, or who was counted."""
    said = {word.casefold() for word in _NAME.findall(caption)}
    counted = {word.casefold() for word in _NAME.findall(fact.population)}
    return bool(said & _names(fact.source.publisher)) or (
        bool(counted) and len(said & counted) >= _MOST * len(counted)
    )


def _in_text(campaign: Campaign, _: date) -> Iterator[Found]:
    for post, _path, fact in _shown(campaign):
        caption = " ".join(text.words for text in captions(campaign, post))
        years = {*_YEAR.findall(fact.year), *_YEAR.findall(fact.source.year)}
        missing = []
        if years and years.isdisjoint(_YEAR.findall(caption)):
            missing.append(f"its year ({shortened(plain(fact.year))})")
        if not _named(fact, caption):
            missing.append(f"who says so ({shortened(fact.source.publisher)})")
        if missing:
            yield Found(
                path=("posts", post.id, "text"),
                message=f"the caption goes with the figure {fact.figure} and lacks "
                f"{' and '.join(missing)}",
                posts=(post.id,),
            )


FIGURE_IN_TEXT = Lint(
    code="figure-in-text",
    severity=Severity.WARNING,
    title="The caption of a figure lacks its year, or who says so",
    reason="Captions are copied without their cards, and not everybody sees the card. A figure "
    "without year and source cannot be checked, and is the first thing that opponents attack.",
    hint="say the year and the publisher in the caption",
    fails="""\
posts:
  count:
    text: About 840 million, nearly one in three. Those who are violent must answer for it.
""",
    passes="""\
posts:
  count:
    text: WHO estimated 840 million women in 2023. Those who are violent must answer for it.
""",
    check=_in_text,
)
