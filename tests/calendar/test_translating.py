"""What a changed source, a missing text or a wrong figure does to a translation, and where."""

from __future__ import annotations

import pytest

from scheduler.calendar import read_calendar
from scheduler.calendar.reading import read
from scheduler.calendar.translating import wanted
from scheduler.errors import Severity
from scheduler.model import Wording
from small_coalition import GERMANY

FACT = """\
facts:
  one-in-three:
    figure: 1 in 3
    statement: women in the EU.
    population: Women aged 18 to 74
    year: "2021"
    source:
      {publisher: Eurostat, title: Survey, year: "2024", address: "https://ec.europa.eu/eurostat"}
    checked: publisher
    checked_on: 2026-11-22
    caveat: Survey answers.
    chart:
      kind: bars
      values:
        - {label: All, amount: 32, shown: 32%}
        - {label: Some, amount: 18, shown: 18%}
"""
GERMAN_FACT = """\
facts:
  one-in-three:
    figure: 1 von 3
    statement: Frau in der EU.
    population: Frauen von 18 bis 74
    caveat: Antworten einer Umfrage.
    chart:
      values:
        - {label: Alle, amount: 32, shown: 32 %}
        - {label: Davon, amount: 18, shown: 18 %}
"""


def told(file, code):
    return [problem for problem in read_calendar(file).translating if problem.code == code]


def test_drafts_are_counted_once_for_each_language(coalition):
    drafts = told(coalition(), "translation-draft")
    assert [problem.file for problem in drafts] == ["languages/de.yaml", "languages/el.yaml"]
    assert {problem.severity for problem in drafts} == {Severity.WARNING}


def test_a_changed_source_is_found_at_its_own_line(coalition):
    file = coalition(("    text: Today we begin.", "    text: Today we start."))
    lines = file.read_text("utf-8").splitlines()
    stale = told(file, "translation-stale")
    assert [lines[problem.line - 1].strip() for problem in stale] == ["text: Today we start."] * 2
    assert {problem.file for problem in stale} == {"campaign.yaml"}
    assert "languages/de.yaml:7" in stale[0].message
    post = read_calendar(file).unwrap().campaigns["germany"].posts["launch"]
    assert post.translation.wording is Wording.STALE, "whoever reviewed it read another source"


def test_a_text_that_does_not_say_what_it_was_made_from_is_stale(coalition):
    file = coalition(de=(("        text: Listening comes first.\n", ""),))
    (problem,) = told(file, "translation-stale")
    assert 'post "listen": text' in problem.message


def test_a_missing_translation_is_found_at_the_line_of_its_source(coalition):
    file = coalition(("    text: Listening", "    note: Mentions killing\n    text: Listening"))
    found = told(file, "translation-missing")
    lines = file.read_text("utf-8").splitlines()
    assert [lines[each.line - 1].strip() for each in found] == ["note: Mentions killing"] * 2
    assert {each.severity for each in found} == {Severity.ERROR}
    german, own = (read_calendar(file).unwrap().campaigns[id_] for id_ in ("germany", "campaign"))
    assert german.posts["listen"].translation.wording is Wording.MISSING
    assert own.posts["listen"].translation is None


def test_what_is_missing_in_a_language_that_nobody_speaks_is_a_warning(coalition):
    file = coalition(
        ("    text: Listening", "    note: Mentions killing\n    text: Listening"),
        germany=(("language: de, ", ""),),
    )
    severities = {each.message: each.severity for each in told(file, "translation-missing")}
    assert sorted(severities.values()) == [Severity.ERROR, Severity.WARNING]


def test_what_the_member_says_in_its_own_words_is_not_missing(coalition):
    file = coalition(
        ("    text: Listening", "    note: Mentions killing\n    text: Listening"),
        germany=GERMANY + "posts: {listen: {note: Nennt Tötungen}}\n",
    )
    german = read_calendar(file).unwrap().campaigns["germany"].posts["listen"]
    assert german.translation.wording is Wording.DRAFT


def test_a_year_is_the_same_in_every_language_and_a_survey_wave_is_not(coalition):
    def keys(year):
        file = coalition(("quotes:\n", FACT.replace('year: "2021"', year) + "quotes:\n"))
        return {path[-1] for path in wanted(read(file, name="c").values, "de") if "facts" in path}

    assert keys('year: "2021"') == {"figure", "statement", "population", "caveat", "values"}
    assert "year" in keys("year: survey wave 2021")


#: In place of the bars: the same fact at two times.
TIMES = (
    FACT.partition("      kind: bars")[0]
    + """\
      kind: before-after
      before: {label: "2009", amount: 61, shown: 61%}
      after: {label: 12 months later, amount: 2, shown: 2%}
"""
)
GERMAN_TIMES = (
    GERMAN_FACT.partition("      values")[0]
    + """\
      before: {shown: 61 %}
      after: {label: 12 Monate danach, shown: 2 %}
"""
)


def test_the_two_times_of_a_chart_are_words_and_a_bare_year_is_none(coalition):
    file = coalition(("quotes:\n", TIMES + "quotes:\n"))
    asked = {path[3:] for path in wanted(read(file, name="c").values, "de") if "chart" in path}
    assert asked == {("before", "shown"), ("after", "label"), ("after", "shown")}


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("", "", ""),
        ("12 Monate danach", "6 Monate danach", "translation-figure"),
        ("shown: 2 %", "shown: 20 %", "translation-figure"),
        ("label: 12 Monate danach, ", "", "translation-missing"),
    ],
)
def test_a_translated_before_and_after_keeps_its_times_and_figures(coalition, old, new, code):
    file = coalition(("quotes:\n", TIMES + "quotes:\n"))
    german = file.parent / "languages/de.yaml"
    german.write_text(german.read_text("utf-8") + GERMAN_TIMES.replace(old, new), "utf-8")
    reading = read_calendar(file)
    found = [
        problem.code
        for problem in reading.translating
        if "chart." in problem.message
        and "in el" not in problem.message
        and problem.code != "translation-stale"
    ]
    assert found == [code] * bool(code)
    assert reading.problems == ()
    before, after = reading.unwrap().campaigns["germany"].facts["one-in-three"].chart.values
    assert (before.label, before.amount, after.amount) == ("2009", 61, 2)


def test_a_language_cannot_change_the_length_of_a_bar(coalition):
    file = coalition(("quotes:\n", TIMES + "quotes:\n"))
    german = file.parent / "languages/de.yaml"
    other = GERMAN_TIMES.replace("{shown: 61 %}", "{amount: 16, shown: 61 %}")
    german.write_text(german.read_text("utf-8") + other, "utf-8")
    assert "not-here" in [problem.code for problem in read_calendar(file).problems]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("figure: 1 von 3", "figure: 1 von 4", "figure"),
        ("amount: 32, shown: 32 %", "amount: 23, shown: 32 %", "values"),
        ("figure: 1 von 3", "figure: Jede dritte", ""),
        ("shown: 18 %", "shown: 18 Prozent", ""),
    ],
)
def test_a_translated_figure_is_the_same_figure(coalition, old, new, said):
    file = coalition(("quotes:\n", FACT + "quotes:\n"))
    german = file.parent / "languages/de.yaml"
    assert old in GERMAN_FACT
    german.write_text(german.read_text("utf-8") + GERMAN_FACT.replace(old, new), "utf-8")
    found = told(file, "translation-figure")
    assert [said in problem.message for problem in found] == [True] * bool(said)


def test_the_program_s_own_words_want_a_translation_where_it_has_none(coalition):
    file = coalition(
        germany=(("language: de", "language: xx"),), de=(("language: de", "language: xx"),)
    )
    (problem,) = [each for each in told(file, "translation-missing") if "phrases" in each.message]
    assert "day, helpline, violence_helpline, foot, translated_by" in problem.message
    phrases = (
        "phrases: {day: 'D {day}/{days}', helpline: H, violence_helpline: V, foot: 'F {foot}', "
        "translated_by: 'T {translator}'}\ndays:"
    )
    german = file.parent / "languages/de.yaml"
    german.write_text(german.read_text("utf-8").replace("days:", phrases, 1), "utf-8")
    assert not [each for each in told(file, "translation-missing") if "phrases" in each.message]


def test_a_calendar_in_a_language_that_the_program_does_not_know_hears_of_it(calendar):
    (problem,) = told(calendar(("  language: en", "  language: fr")), "phrases-missing")
    assert (problem.file, problem.line) == ("campaign.yaml", 6)
    assert "day, helpline" in problem.hint
    assert not told(calendar(("  language: en", "  language: it")), "phrases-missing")


def test_a_language_s_file_without_its_language_is_one_problem_there(coalition):
    reading = read_calendar(coalition(de=(("language: de\n", ""),)))
    assert {problem.file for problem in reading.problems} <= {
        "languages/de.yaml",
        "members/germany.yaml",
    }
