"""What a problem is about, so that it is shown beside that, and not in a list somewhere else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType

from scheduler.errors import Problem
from scheduler.model import Measure

_ACCOUNT = re.compile(r'account "([^"]*)"')
_POST = re.compile(r'post "[^"]*"')


class Concern(StrEnum):
    """A part of a post that can be wrong."""

    #: The post as a whole: what is not one of the others.
    POST = "post"
    #: Its caption, with its hashtags and its content note.
    WORDS = "words"
    ALT = "alt"
    #: The picture itself.
    CARD = "card"
    #: A figure, a quotation or a picture, with its source and its consent.
    SOURCE = "source"
    HELPLINE = "helpline"
    #: When it goes out.
    HOUR = "hour"


_CODES: Mapping[Concern, tuple[str, ...]] = MappingProxyType(
    {
        Concern.WORDS: (
            "all-capitals",
            "change-without-safety",
            "content-note-missing",
            "duplicate-text",
            "emoji-many",
            "fake-bold",
            "figure-in-text",
            "hashtag-case",
            "hashtag-cut",
            "hashtag-near-miss",
            "long-sentence",
            "misquoted",
            "over-claim",
            "victim-blaming",
        ),
        Concern.ALT: ("alt-lacks-words", "alt-picture-of"),
        Concern.CARD: (
            "bad-chart",
            "bad-font",
            "bad-picture",
            "bad-template",
            "bad-text",
            "does-not-fit",
            "illegible",
            "low-contrast",
            "missing-glyph",
        ),
        Concern.SOURCE: (
            "chart-amount",
            "chart-populations",
            "chart-times",
            "consent-account",
            "consent-ended",
            "consent-expiring",
            "consent-withdrawn",
            "figure-review",
            "figure-superseded",
            "figure-third-party",
            "quote-third-party",
            "survivor-consent",
        ),
        Concern.HELPLINE: (
            "helpline-audience",
            "helpline-country",
            "helpline-number-in-text",
            "helpline-old",
            "helpline-unverified",
        ),
        Concern.HOUR: ("embargo", "quiet-hours", "weekend"),
    }
)
_CONCERNS: Mapping[str, Concern] = MappingProxyType(
    {code: concern for concern, codes in _CODES.items() for code in codes}
)


def concern(problem: Problem) -> Concern:
    """What the problem is about, by its code."""
    return _CONCERNS.get(problem.code, Concern.POST)


def accounts(problem: Problem) -> frozenset[str]:
    """The accounts that it names."""
    return frozenset(_ACCOUNT.findall(problem.message))


def of_account(name: str, problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """What is wrong with the account itself, whatever it says: they name it, and no post."""
    return tuple(
        problem
        for problem in problems
        if name in accounts(problem) and not _POST.search(problem.message)
    )


def is_of(measure: Measure, problem: Problem) -> bool:
    """Whether the problem is that this measure is over its limit, or below its least."""
    over = f": {measure.name}: {measure.excess} {measure.unit} over the limit of {measure.limit} "
    under = f": {measure.name}: {measure.used} of at least {measure.least} "
    return (problem.code == "too-long" and over in problem.message) or (
        problem.code == "too-few" and under in problem.message
    )
