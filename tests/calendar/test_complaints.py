"""Every mistake of form is said in the words of the person who made it, and at its place."""

from __future__ import annotations

import re

import pytest
import yaml

from scheduler.calendar import read_calendar

#: What pydantic says to programmers, and Python's own spelling of values.
RAW = re.compile(
    r"pattern|tuple|datetime|timedelta|should|Input|instance|Extra|valid |parse|None|\['|\{'"
)


def problems(calendar, *changes, text=""):
    file = calendar(*changes)
    file.write_text(file.read_text("utf-8") + text, "utf-8")
    reading = read_calendar(file)
    assert reading.coalition is None
    return reading.problems


def only(calendar, *changes, text=""):
    (problem,) = problems(calendar, *changes, text=text)
    return problem


MORE = """\
facts:
  shelters:
    figure: 0.4%
    statement: of the cost.
    population: The EU
    year: "2021"
    source: {publisher: EIGE, title: Costs, year: "2021", address: "https://eige.europa.eu/"}
    checked: publisher
    checked_on: 2026-11-22
    review_by: 2027-01-01
    caveat: Extrapolated.
    chart: CHART
consents:
  one: {scope: a story, until: 2026-12-31, withdrawn: 2026-12-01}
helplines:
  one:
    number: "000"
    country: DE
    audience: survivors
    hours: day and night
    verified: publisher
    verified_on: 2026-11-20
    address: https://example.org/
"""


def more(chart="{kind: ring, share: 4}", **changes):
    text = MORE.replace("CHART", chart)
    for key, value in changes.items():
        text = re.sub(rf"\b{key}: [^,}}\n]+", f"{key}: {value}", text, count=1)
    return text


def test_the_longer_calendar_is_right(calendar):
    file = calendar()
    file.write_text(file.read_text("utf-8") + more(), "utf-8")
    assert read_calendar(file).problems == ()


@pytest.mark.parametrize(
    ("change", "pointed_at", "code"),
    [
        (("  listen:\n", '  "launch ":\n'), '"launch ":', "bad-id"),
        (("  listen:\n", '  " launch":\n'), '" launch":', "bad-id"),
        (("  archive: {", '  "archive ": {'), '"archive "', "bad-id"),
        (("  2: {theme", "  01: {theme"), "01: ", "no-such-day"),
        (("  2: {theme", '  "1 ": {theme'), '"1 "', "no-such-day"),
        (("  2: {theme", "  1.0: {theme"), "1.0: ", "no-such-day"),
        (("  2: {theme", "  +1: {theme"), "+1: ", "no-such-day"),
        (("quote: guterres", 'quote: "guterres "'), '"guterres "', "bad-id"),
    ],
)
def test_keys_that_differ_only_in_form_never_replace_each_other(calendar, change, pointed_at, code):
    problem = only(calendar, change)
    line = calendar(change).read_text("utf-8").splitlines()[problem.line - 1]
    assert line[problem.column - 1 :].startswith(pointed_at)
    assert problem.code == code


def test_a_lint_that_is_switched_twice_by_a_blank_is_never_merged(calendar):
    lints = '  language: en\n  lints: {weekend: off, " weekend": error}'
    reading = read_calendar(calendar(("  language: en", lints)))
    assert set(reading.unwrap().own.rules.lints) == {"weekend", " weekend"}


@pytest.mark.parametrize(
    ("grace", "said"),
    [("4m", "too short"), ("0h", "too short"), ("48h1m", "too long"), ("999h", "too long")],
)
@pytest.mark.parametrize("where", ["  language: en\n", "    text: Today we begin.\n"])
def test_a_grace_outside_five_minutes_and_two_days_is_refused(calendar, where, grace, said):
    indent = " " * (len(where) - len(where.lstrip()))
    problem = only(calendar, (where, f"{where}{indent}grace: {grace}\n"))
    assert said in problem.message
    assert problem.code == "bad-value"


@pytest.mark.parametrize("grace", ["5m", "48h", "47h60m"])
def test_a_grace_of_five_minutes_to_two_days_is_taken(calendar, grace):
    assert read_calendar(
        calendar(("  language: en", f"  language: en\n  grace: {grace}"))
    ).coalition


NO_DATES = ["0", "1764028800", "26-11-25", "2026-11-25T00:00", "2026-02-30", "9999-12-31"]
NO_DATES += ["0001-01-01", "1999-12-31", "２０２６-11-25", "soon"]


@pytest.mark.parametrize("written", NO_DATES)
@pytest.mark.parametrize(
    "key", ["first_day", "checked_on", "until", "review_by", "verified_on", "withdrawn", "embargo"]
)
def test_a_date_in_another_form_or_far_away_is_a_problem_at_its_place(calendar, key, written):
    changes = []
    if key == "first_day":
        changes = [("2026-11-25", written)]
    if key == "embargo":
        changes = [("    day: 1\n", f"    day: 1\n    embargo: {written} 10:00\n")]
    problem = only(calendar, *changes, text=more(**{key: written}))
    assert written in problem.message
    assert problem.code == "bad-value"
    assert not RAW.search(str(problem).replace("T00:00", ""))


def test_an_embargo_at_no_hour_is_a_problem(calendar):
    problem = only(calendar, ("    day: 1\n", "    day: 1\n    embargo: 2026-11-25 25:00\n"))
    assert "25:00" in problem.message


@pytest.mark.parametrize(
    ("change", "message", "hint"),
    [
        (("  language: en", "  language: en-GB"), '"en-GB" is no language code', "sr-Cyrl"),
        (('"#FFF6EC", ink', '"orange", ink'), '"orange" is no colour', '"#C2410C"'),
        (("  language: en", "  language: en\n  country: Germany"), '"Germany" is no', "DE"),
        (('tags: ["#Small"]', "tags: Small"), "this is no list", "[one, two]"),
        (('tags: ["#Small"]', 'tags: [Two, ""]'), 'entry 2 of "tags" is empty', "value"),
        (("  language: en", "  language: en\n  weekends: maybe"), "neither yes", "yes or no"),
        (("checked: publisher", "checked: publishr"), "is not one of publisher", '"publisher"'),
        (("https://unis", "unis"), "is no address of a page", "https://"),
        (("  1: {theme: Why we speak}", "  1: Why we speak"), "group of keys", "line of its own"),
        (("[One thing, Another thing]", "[a, b, c, d, e, f]"), "6 are too many", "5 is the most"),
        (("  title: A small campaign", "  title: [A small campaign]"), "a list stands", "one"),
        (("directory: published", "token: {enf: A}"), 'no key "enf"', '"env"'),
        (("directory: published", "token: {where: A}"), 'no key "where"', "env, file, keyring"),
        (("directory: published", "token: {}"), "{env: NAME}", ""),
    ],
)
def test_a_mistake_is_said_with_what_to_write_instead(calendar, change, message, hint):
    problem = only(calendar, change)
    assert message in problem.message
    assert hint in problem.hint


def test_a_token_in_a_list_is_refused_once_and_not_echoed(calendar):
    assert "hunter2" not in str(only(calendar, ("directory: published", "token: [hunter2]")))


@pytest.mark.parametrize(
    ("change", "deleted"),
    [
        (
            ('    alt: "On the card: We begin', '    alt: ""\n    note: "On the card: We begin'),
            False,
        ),
        (("    text: Today we begin.", "    text:"), False),
        (("  name: Small", '  name: " "'), False),
        (("    day: 1\n", "    day:\n"), False),
        (("    day: 1\n", "    day: 1\n    helpline:\n"), True),
    ],
)
def test_only_a_key_that_may_be_absent_is_to_be_deleted(calendar, change, deleted):
    problem = only(calendar, change)
    assert problem.code == "empty-value"
    assert ("delete the line" in problem.hint) is deleted


@pytest.mark.parametrize(
    ("change", "pointed_at"),
    [
        (("  first_day: 2026-11-25\n", ""), "campaign:"),
        (("posts:\n", "pots:\n"), "campaign:"),
        (
            (
                "    day: 2\n    quote: guterres\n    text: L",
                "    day: 2\n    quote: guterres\n    txt: L",
            ),
            "listen:",
        ),
    ],
)
def test_a_missing_key_is_named_at_the_mapping_that_lacks_it(calendar, change, pointed_at):
    comment = ("campaign:\n", "# A calendar\n\ncampaign:\n")
    found = problems(calendar, comment, change)
    lines = calendar(comment, change).read_text("utf-8").splitlines()
    places = [
        lines[problem.line - 1][problem.column - 1 :]
        for problem in found
        if problem.code == "missing-key"
    ]
    assert any(place.startswith(pointed_at) for place in places), found


@pytest.mark.parametrize(
    ("chart", "key"),
    [
        ("{kind: ring, share: 4, marked: 1}", "marked"),
        ("{kind: ring, share: 4, of: 3}", "of"),
        ("{kind: pictogram, marked: 1, of: 3, share: 33}", "share"),
        ("{kind: pictogram, marked: 1, of: 3, values: []}", "values"),
        ("{kind: bars, values: [V, V], share: 4}", "share"),
        ("{kind: bars, values: [V, V], after: V}", "after"),
        ("{kind: before-after, before: V, after: V, values: [V]}", "values"),
        ("{kind: comparison, values: [V, V], before: V}", "before"),
    ],
)
def test_a_key_of_another_kind_of_chart_is_an_error_at_its_place(calendar, chart, key):
    chart = chart.replace("V", "{label: a, amount: 1, shown: a}")
    problem = only(calendar, text=more(chart))
    assert f'has no "{key}"' in problem.message
    file = calendar()
    line = (file.read_text("utf-8") + more(chart)).splitlines()[problem.line - 1]
    assert line[problem.column - 1 :].startswith(f"{key}:")


@pytest.mark.parametrize(
    ("chart", "needed"),
    [
        ("{kind: before-after, before: V}", "before and after"),
        ("{kind: before-after}", "before and after"),
        ("{kind: comparison, values: [V]}", "two or three values"),
        ("{kind: comparison, values: [V, V, V, V]}", "two or three values"),
    ],
)
def test_a_chart_that_lacks_something_says_what(calendar, chart, needed):
    chart = chart.replace("V", "{label: a, amount: 1, shown: a}")
    assert f"needs {needed}" in only(calendar, text=more(chart)).message


JUNK = ["", "x y", "[a, b]", "{a: b}", "[[]]", "-1", "1e400", "9" * 400, "[{}]"]


@pytest.mark.parametrize("junk", JUNK, ids=lambda junk: junk[:8])
def test_no_complaint_is_in_a_programmers_words(calendar, junk):
    file = calendar()
    whole = yaml.load(file.read_text("utf-8") + more(), yaml.BaseLoader)
    for path in list(leaves(whole)):
        file.write_text(yaml.safe_dump(replaced(whole, path, junk)), "utf-8")
        for problem in read_calendar(file).problems:
            assert not RAW.search(f"{problem.message} {problem.hint}"), problem


def leaves(value, path=()):
    """The place of everything in the calendar."""
    if path:
        yield path
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in items if isinstance(value, dict | list) else ():
        yield from leaves(inner, (*path, key))


def replaced(value, path, junk):
    if not path:
        return yaml.load(junk, yaml.BaseLoader) if junk else ""
    if isinstance(value, dict):
        return {k: replaced(v, path[1:], junk) if k == path[0] else v for k, v in value.items()}
    return [replaced(v, path[1:], junk) if n == path[0] else v for n, v in enumerate(value)]
