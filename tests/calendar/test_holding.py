"""holds.yaml: what somebody with only a phone writes, and what a slip of it does."""

from __future__ import annotations

import pytest

from scheduler.calendar import read_calendar
from scheduler.model import Scope


def read(calendar, text):
    file = calendar()
    (file.parent / "holds.yaml").write_text(text, "utf-8")
    return read_calendar(file)


def held(reading):
    return [(each.scope, each.value, each.reason) for each in reading.coalition.holds]


@pytest.mark.parametrize("text", ["", "# nothing today\n", "holds:\n", "holds: []\n", "---\n"])
def test_a_file_that_says_nothing_holds_nothing(calendar, text):
    reading = read(calendar, text)
    assert (held(reading), reading.coalition.silenced, reading.problems) == ([], None, ())


def test_without_the_file_nothing_is_held(calendar):
    assert read_calendar(calendar()).coalition.holds == ()


def test_each_entry_names_what_is_held_and_why(calendar):
    reading = read(
        calendar,
        "holds:\n"
        "  - {post: launch, reason: the court asked us to, by: Ana}\n"
        '  - {tag: "#Small", reason: not today}\n'
        "  - {everything: yes, reason: we must think}\n",
    )
    assert held(reading) == [
        (Scope.POST, "launch", "the court asked us to"),
        (Scope.TAG, "#Small", "not today"),
        (Scope.EVERYTHING, "", "we must think"),
    ]
    assert reading.coalition.silenced is None
    assert reading.coalition.holds[0].by == "Ana"


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("holds:\n  - {tag: Smal, reason: x}\n", 2, 'there is no tag "Smal"'),
        ("holds:\n  - {country: AT, reason: x}\n", 2, 'there is no country "AT"'),
        ("holds:\n  - {account: page, reason: x}\n", 2, 'there is no account "page"'),
        ("holds:\n  - {tag: Small}\n", 2, '"reason" is missing'),
        ("holds:\n  - {reason: x}\n", 2, "an entry names one thing"),
        ("holds:\n  - {tag: Small, post: launch, reason: x}\n", 2, "an entry names one thing"),
        ("holds:\n  - {tg: Small, reason: x}\n", 2, 'no key "tg" is known here'),
        ("holds:\n  - {everything: no, reason: x}\n", 2, '"everything"'),
        ("hold:\n  - {tag: Small, reason: x}\n", 1, '"holds" is missing'),
        ("holds: {\n", 2, "not YAML"),
        ("holds:\n  - tag: Small\n   reason: x\n", 3, "not YAML"),
    ],
)
def test_what_cannot_be_understood_silences_everything_and_says_where(
    calendar, text, line, message
):
    reading = read(calendar, text)
    assert f"line {line}" in reading.coalition.silenced
    problems = [each for each in reading.problems if each.file == "holds.yaml"]
    assert any(message in each.message and each.line == line for each in problems)
    assert reading.coalition.complete, "no member's file has an error"


def test_a_file_that_may_not_be_read_silences_everything(calendar):
    file = calendar()
    (file.parent / "holds.yaml").mkdir()
    assert "everything is held" in read_calendar(file).coalition.silenced


def test_a_slip_of_the_finger_is_answered_with_what_was_meant(calendar):
    reading = read(calendar, "holds:\n  - {post: lanch, reason: x}\n")
    (problem,) = reading.problems
    assert problem.hint == 'did you mean "launch"?'


def test_members_and_countries_are_held_by_the_names_of_the_coalition(coalition):
    file = coalition()
    (file.parent / "holds.yaml").write_text(
        "holds:\n  - {member: cyprus, reason: x}\n  - {country: cy, reason: y}\n"
        "  - {account: cyprus.page, reason: z}\n  - {language: el, reason: q}\n",
        "utf-8",
    )
    reading = read_calendar(file)
    assert (reading.coalition.silenced, len(reading.coalition.holds)) == (None, 4)


def test_while_a_members_file_has_an_error_nobody_is_called_unknown(coalition):
    """The member that is to be held may be the very one that cannot be read."""
    file = coalition(cyprus="member: {id: cyprus\n")
    (file.parent / "holds.yaml").write_text("holds:\n  - {member: cyprus, reason: x}\n", "utf-8")
    reading = read_calendar(file)
    assert (reading.coalition.silenced, len(reading.coalition.holds)) == (None, 1)


def test_a_member_cannot_ask_for_fewer_approvals(coalition):
    file = coalition(cyprus=(("campaign: {", "campaign: {approvals: 0, "),))
    problems = [each.message for each in read_calendar(file).problems]
    assert any('"approvals" does not stand here' in each for each in problems)
