"""Every lint finds its own failing example, at the right place, and nothing in the passing one."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from scheduler.calendar import read_calendar
from scheduler.errors import Severity
from scheduler.linting import LINTS, lint
from scheduler.linting.reference import reference

TODAY = date(2026, 11, 22)

#: The words at the place that a problem names in the failing example.
PLACES = {
    "alt-picture-of": "'Picture of",
    "alt-lacks-words": "'A text card",
    "low-contrast": "'#F58220'",
    "all-capitals": "There is NO",
    "fake-bold": "𝗡𝗼",
    "emoji-many": "No excuse. 🧡",
    "helpline-unverified": "third-party",
    "helpline-old": "'2026-08-01'",
    "helpline-country": "germany",
    "helpline-audience": "He answers",
    "helpline-number-in-text": "Listening comes",
    "figure-superseded": "women-2018",
    "figure-review": "'2026-11-20'",
    "figure-third-party": "third-party",
    "figure-in-text": "About 840 million, nearly",
    "chart-amount": "'5'",
    "chart-times": "Afterwards",
    "chart-populations": "Group 2",
    "misquoted": "'António Guterres",
    "quote-third-party": "third-party",
    "survivor-consent": "a-survivor",
    "consent-withdrawn": "lights",
    "consent-ended": "lights",
    "consent-account": "lights",
    "consent-expiring": "'2026-12-03'",
    "over-claim": "Perpetrator programmes",
    "change-without-safety": "Men who",
    "victim-blaming": "Why didn’t she",
    "content-note-missing": "She was killed",
    "long-sentence": "There is no excuse",
    "hashtag-near-miss": "'#ResponisbleTogether'",
    "hashtag-case": "'#endviolenceagainstwomen'",
    "hashtag-cut": "'No excuse. He",
    "embargo": "2026-11-25 12:00",
    "quiet-hours": "'22:30'",
    "weekend": "'4'",
    "comments-unmoderated": "'on'",
    "duplicate-text": "Listening comes",
}


def test_the_base_calendar_has_no_finding(linter):
    assert linter() == ()


@pytest.mark.parametrize("one", LINTS.values(), ids=LINTS)
def test_the_failing_example_is_found_at_its_place(one, linter, tmp_path):
    found = [finding for finding in linter(one.fails) if finding.problem.code == one.code]
    assert len(found) == 1
    problem = found[0].problem
    line = (tmp_path / "campaign.yaml").read_text("utf-8").splitlines()[problem.line - 1]
    assert line[problem.column - 1 :].startswith(PLACES[one.code])
    assert problem.severity is one.severity
    assert problem.hint
    assert found[0].posts


@pytest.mark.parametrize("one", LINTS.values(), ids=LINTS)
def test_the_failing_example_shows_one_mistake_only(one, codes):
    assert codes(one.fails) == [one.code]


@pytest.mark.parametrize("one", LINTS.values(), ids=LINTS)
def test_nothing_is_found_in_the_passing_example(one, linter):
    assert linter(one.passes) == ()


@pytest.mark.parametrize("one", LINTS.values(), ids=LINTS)
def test_a_lint_is_switched_off_and_to_the_other_severity(one, linter):
    switched = "campaign: {{lints: {{{}: {}}}}}".format
    assert linter(one.fails, switched(one.code, '"off"')) == ()
    other = Severity.WARNING if one.severity is Severity.ERROR else Severity.ERROR
    severities = {
        finding.problem.severity for finding in linter(one.fails, switched(one.code, other))
    }
    assert severities == {other}


def test_every_lint_stands_under_its_own_code():
    assert all(code == one.code for code, one in LINTS.items())


def test_an_unknown_code_is_named_with_the_nearest_known_one(linter, tmp_path):
    (finding,) = linter("campaign: {lints: {long-sentense: error}}")
    problem = finding.problem
    line = (tmp_path / "campaign.yaml").read_text("utf-8").splitlines()[problem.line - 1]
    assert line[problem.column - 1 :].startswith("long-sentense")
    assert (problem.code, problem.severity) == ("unknown-lint", Severity.ERROR)
    assert problem.hint == 'did you mean "long-sentence"?'


def test_the_manual_has_a_chapter_on_every_lint():
    page = reference()
    for one in LINTS.values():
        assert f"\n## {one.code}\n" in page
        assert one.reason in page
        assert one.fails in page
        assert one.passes in page


def test_the_shipped_campaign_is_held_back_by_nothing():
    file = Path(__file__).parents[2] / "campaign.yaml"
    found = lint(read_calendar(file).unwrap().own, on=TODAY)
    # Eurostat's own page was not among those that could be read.
    assert [(one.problem.code, one.posts) for one in found] == [
        ("figure-third-party", ("more-than-a-blow",))
    ]
