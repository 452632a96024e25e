"""Next year's calendar is this year's text, but for two values."""

from __future__ import annotations

from datetime import date

import pytest

from scheduler.calendar import read_calendar
from scheduler.calendar.rolling import rolled, stale_comments, stale_values, to_verify
from scheduler.errors import UserError

NEXT = {"first_day": date(2027, 11, 25), "id_": "small-2027"}

MORE = """\
facts:
  shelters:
    figure: 0.4%
    statement: of the cost is made up by shelters.
    population: The EU
    year: "2021"
    source: {publisher: EIGE, title: Costs, year: "2021", address: "https://eige.europa.eu/"}
    checked: publisher
    checked_on: 2026-11-22   # read again on 22 November
    caveat: Extrapolated.
consents:
  a-story: {scope: a story without a name, until: 2026-12-31}
  taken-back: {scope: another, until: 2026-12-31, withdrawn: 2026-11-20}
helplines:
  one:
    number: "000"
    country: DE
    audience: survivors
    hours: day and night
    verified: publisher
    address: https://example.org/
"""


def roll(file, **more):
    text = file.read_bytes().decode()
    return text, rolled(text, read_calendar(file).unwrap().own, **(NEXT | more))


def changed(old: str, new: str) -> list[str]:
    pairs = zip(old.splitlines(), new.splitlines(), strict=True)
    return [after for before, after in pairs if before != after]


def test_two_lines_change_and_comments_stay(calendar):
    file = calendar(("  id: small-2026", "  id: small-2026   # for ever"))
    assert changed(*roll(file)) == ["  id: small-2027   # for ever", "  first_day: 2027-11-25"]


@pytest.mark.parametrize(
    "change",
    [
        ("id: small-2026", 'id: "small-2026"'),
        ("id: small-2026", "id: 'small-2026'"),
        ("first_day: 2026-11-25", 'first_day:   "2026-11-25"  # a Wednesday'),
        ("id: small-2026\n", "id:\n    small-2026\n"),
    ],
)
def test_however_the_two_are_written_the_new_calendar_is_read(calendar, change):
    file = calendar(change)
    _, new = roll(file)
    file.write_text(new, "utf-8")
    campaign = read_calendar(file).unwrap().own
    assert (campaign.id, campaign.first_day) == ("small-2027", date(2027, 11, 25))


def test_a_campaign_in_one_line_is_rolled_too(calendar):
    file = calendar(
        ("campaign:\n  id: small-2026\n", "campaign: {id: small-2026, "),
        ("  title: A small campaign\n", "title: Small, "),
        ("  first_day: 2026-11-25\n", "first_day: 2026-11-25, "),
        ("  zone: Europe/Berlin\n  language: en\n", "zone: Europe/Berlin, language: en, "),
        ('  time: "09:00"\n  tags: ["#Small"]\n', 'time: "09:00"}\n'),
    )
    old, new = roll(file)
    assert new == old.replace("small-2026", "small-2027", 1).replace("2026-11-25", "2027-11-25", 1)


def test_the_line_ends_of_windows_stay(calendar):
    file = calendar()
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    old, new = roll(file)
    assert new.count("\r\n") == old.count("\r\n") == new.count("\n")
    assert "  id: small-2027\r\n" in new


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"id_": "small-2026"}, "is the id of this edition already"),
        ({"id_": "Small 2027"}, "cannot be an id"),
        ({"first_day": date(2026, 11, 25)}, "is not after the first day"),
    ],
)
def test_an_edition_that_is_not_a_new_one_is_refused(calendar, more, said):
    with pytest.raises(UserError, match=said):
        roll(calendar(), **more)


def test_an_id_in_pieces_is_refused_at_its_place(calendar):
    with pytest.raises(UserError, match="not written in one piece") as refused:
        roll(calendar(("id: small-2026", "id: >-\n    small-2026")))
    assert refused.value.problems[0].line == 2


def test_everything_that_may_have_changed_is_to_be_verified_again(calendar):
    file = calendar(("    language: en\n", "    consent: a-story\n    language: en\n"))
    file.write_text(file.read_text("utf-8") + MORE, "utf-8")
    found = to_verify(read_calendar(file).unwrap().own)
    assert [(one.kind, one.id) for one in found] == [
        ("helpline", "one"),
        ("fact", "shelters"),
        ("consent", "a-story"),
        ("consent", "taken-back"),
        ("quote", "guterres"),
    ]
    helpline, fact, _, withdrawn, quote = found
    assert "never verified" in helpline.what
    assert "read at the publisher's on 2026-11-22" in fact.what
    assert "withdrawn on 2026-11-20" in withdrawn.what
    assert 'hangs on the consent "a-story"' in quote.what
    lines = file.read_text("utf-8").splitlines()
    assert [lines[one.place.line - 1].strip().partition(":")[0] for one in found] == [
        one.id for one in found
    ]


def test_a_quote_without_a_consent_needs_no_new_look(calendar):
    assert to_verify(read_calendar(calendar()).unwrap().own) == ()


def stale(calendar, find, *changes, text=""):
    file = calendar(*changes)
    file.write_text(file.read_text("utf-8") + text, "utf-8")
    found = find(file.read_text("utf-8"), read_calendar(file).unwrap().own)
    lines = file.read_text("utf-8").splitlines()
    return [(one.text, lines[one.place.line - 1][one.place.column - 1 :]) for one in found]


def test_comments_that_name_days_are_found_where_they_stand(calendar):
    found = stale(
        calendar,
        stale_comments,
        ("  launch:", "  # Day 1 · Wednesday, 25 November\n  launch:"),
        ("    day: 1\n", "    day: 1   # 25.11.\n"),
        ("    day: 2\n", "    day: 2   # the second\n"),
        ("  zone:", "  # in 2026 only\n  zone:"),
        ("posts:", "# Posts\nposts:"),
    )
    assert [text for text, _ in found] == [
        "# in 2026 only",
        "# Day 1 · Wednesday, 25 November",
        "# 25.11.",
    ]
    assert all(there.startswith(text) for text, there in found)


def test_a_hash_inside_a_text_is_no_comment(calendar):
    changes = [
        ("text: Today we begin.", "text: >-\n      Today #Wednesday begins.\n      # on Monday"),
        ("headline: We begin today", 'headline: "We begin # on Tuesday"'),
        ("text: Listening comes first.", "text: Listening#Friday comes first."),
    ]
    assert stale(calendar, stale_comments, *changes) == []


def test_values_that_name_the_old_year_are_found_and_the_dates_of_facts_are_not(calendar):
    found = stale(
        calendar,
        stale_values,
        ("title: A small campaign", "title: Small 2026   # until 2026"),
        ("    day: 1\n", "    day: 1\n    embargo: 2026-11-25 08:00\n"),
        ("text: Today we begin.", "text: Today, in 2026, we begin."),
        ("text: Listening comes first.", "text: 20261 of them."),
        text=MORE,
    )
    assert [text for text, _ in found] == [
        "title: Small 2026   # until 2026",
        "embargo: 2026-11-25 08:00",
        "text: Today, in 2026, we begin.",
    ]
    assert all(there.startswith("2026") for _, there in found)
