"""Every lint, in the order of the manual."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from scheduler.linting import charts, figures, helplines, looks, people, tags, times, words
from scheduler.linting.findings import Lint

#: By code. A code is never used again for something else.
LINTS: Mapping[str, Lint] = MappingProxyType(
    {
        "alt-picture-of": looks.ALT_PICTURE_OF,
        "alt-lacks-words": looks.ALT_LACKS_WORDS,
        "low-contrast": looks.LOW_CONTRAST,
        "all-capitals": looks.ALL_CAPITALS,
        "fake-bold": looks.FAKE_BOLD,
        "emoji-many": looks.EMOJI_MANY,
        "helpline-unverified": helplines.HELPLINE_UNVERIFIED,
        "helpline-old": helplines.HELPLINE_OLD,
        "helpline-country": helplines.HELPLINE_COUNTRY,
        "helpline-audience": helplines.HELPLINE_AUDIENCE,
        "helpline-number-in-text": helplines.HELPLINE_NUMBER_IN_TEXT,
        "figure-superseded": figures.FIGURE_SUPERSEDED,
        "figure-review": figures.FIGURE_REVIEW,
        "figure-third-party": figures.FIGURE_THIRD_PARTY,
        "figure-in-text": figures.FIGURE_IN_TEXT,
        "chart-amount": charts.CHART_AMOUNT,
        "chart-times": charts.CHART_TIMES,
        "chart-populations": charts.CHART_POPULATIONS,
        "misquoted": people.MISQUOTED,
        "quote-third-party": people.QUOTE_THIRD_PARTY,
        "survivor-consent": people.SURVIVOR_CONSENT,
        "consent-withdrawn": people.CONSENT_WITHDRAWN,
        "consent-ended": people.CONSENT_ENDED,
        "consent-account": people.CONSENT_ACCOUNT,
        "consent-expiring": people.CONSENT_EXPIRING,
        "over-claim": words.OVER_CLAIM,
        "change-without-safety": words.CHANGE_WITHOUT_SAFETY,
        "victim-blaming": words.VICTIM_BLAMING,
        "content-note-missing": words.CONTENT_NOTE_MISSING,
        "long-sentence": words.LONG_SENTENCE,
        "hashtag-near-miss": tags.HASHTAG_NEAR_MISS,
        "hashtag-case": tags.HASHTAG_CASE,
        "hashtag-cut": tags.HASHTAG_CUT,
        "embargo": times.EMBARGO,
        "quiet-hours": times.QUIET_HOURS,
        "weekend": times.WEEKEND,
        "comments-unmoderated": times.COMMENTS_UNMODERATED,
        "duplicate-text": times.DUPLICATE_TEXT,
    }
)
