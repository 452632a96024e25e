"""Which post and which day a problem is shown at."""

from __future__ import annotations

from dataclasses import replace

import pytest
from preview_samples import CONTENTS, campaign, file_places, post

from scheduler.calendar.reading import read
from scheduler.errors import Problem
from scheduler.model import Place, Places
from scheduler.preview.placing import by_day, by_post

CALENDAR = """\
campaign:
  id: edition
days:
  1:
    theme: One
  11:
    theme: Eleven
posts:
  the-call:
    text: >-
      Words over
      two lines
    alt: Alt
  # about the quote
  the-quote: {quote: said, text: Words}
  the-statistic:
    statistic: counted
quotes:
  said:
    words: Words
    role: Role
facts:
  counted:
    year: "2021"
pictures:
"""


@pytest.fixture
def made(tmp_path):
    file = tmp_path / "campaign.yaml"
    file.write_text(CALENDAR)
    posts = (post("call"), post("quote"), post("statistic"))
    return campaign(*posts, places=read(file, name="campaign.yaml").places)


def at(text: str, message: str = "something") -> Problem:
    """A problem at the first character of `text`."""
    before = CALENDAR[: CALENDAR.index(text)]
    column = len(before) - before.rfind("\n")
    return Problem(
        file="campaign.yaml",
        line=before.count("\n") + 1,
        column=column,
        code="x",
        message=message,
    )


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("the-call:", {"the-call"}),
        ("two lines", {"the-call"}),
        ("alt: Alt", {"the-call"}),
        ("the-quote:", {"the-quote"}),
        ("text: Words}", {"the-quote"}),
        ("statistic: counted", {"the-statistic"}),
        ("role: Role", {"the-quote"}),
        ('"2021"', {"the-statistic"}),
        ("id: edition", set()),
        ("theme: One", set()),
        ("posts:", set()),
        ("pictures:", set()),
    ],
)
def test_a_problem_belongs_to_the_post_within_whose_lines_or_source_it_stands(made, text, names):
    found = by_post(made, [at(text)])
    assert {name for name, problems in found.items() if problems} == names


def test_a_problem_belongs_to_the_post_that_it_names_wherever_it_stands(made):
    found = by_post(made, [at("id: edition", 'day 5, post "the-call": the headline does not fit')])
    assert {name for name, problems in found.items() if problems} == {"the-call"}


def test_a_name_within_a_longer_name_is_not_meant(made):
    found = by_post(made, [at("id: edition", 'post "the-call-again" and post "not-the-call"')])
    assert not any(found.values())


def test_the_same_line_of_another_file_is_not_meant(made):
    found = by_post(made, [replace(at("alt: Alt"), file="members/other.yaml")])
    assert not any(found.values())


def test_nothing_of_another_file_belongs_to_the_last_post_of_a_calendar():
    place = Place(file="campaign.yaml", line=5)
    places = Places(file="campaign.yaml", keys={("posts", "the-call"): place}, values={})
    made = campaign(post("call"), places=places)
    mine, other = (
        Problem(file=name, line=9, code="x", message="something")
        for name in ("campaign.yaml", "members.yaml")
    )
    assert by_post(made, [mine, other]) == {"the-call": (mine,)}


def test_a_problem_belongs_to_its_post_in_whichever_file_of_the_organisation_it_stands(made):
    places = file_places("members/italy.yaml", ("posts", "the-call"), ("accounts",)).over(
        file_places("languages/it.yaml", ("posts",), ("posts", "the-call")).over(made.places)
    )
    said = [
        Problem(file=file, line=line, code="x", message="something")
        for file, line in (("members/italy.yaml", 1), ("languages/it.yaml", 2))
    ]
    elsewhere = [replace(each, line=3 - each.line) for each in said]
    found = by_post(replace(made, places=places), [*said, *elsewhere, at("two lines")])
    assert found["the-call"] == (*said, at("two lines"))
    assert not found["the-quote"]


@pytest.mark.parametrize(
    ("problem", "days"),
    [
        (at("theme: One"), {1}),
        (at("theme: Eleven"), {11}),
        (at("posts:"), set()),
        (at("id: edition", "day 11 (05 December) has no post"), {11}),
        (at("id: edition", "day 1 (25 November) has no post"), {1}),
        (at("id: edition", 'day 1, post "the-call": too long'), set()),
        (at("id: edition", "the last day was day 11"), set()),
    ],
)
def test_a_problem_belongs_to_the_day_of_its_lines_or_of_which_it_speaks(made, problem, days):
    found = by_day(made, [problem])
    assert {day for day, problems in found.items() if problems} == days


def test_a_campaign_without_places_still_knows_the_posts_that_are_named():
    made = campaign(*map(post, CONTENTS))
    found = by_post(made, [at("posts:", 'post "the-photo": no'), at("posts:")])
    assert [len(found[name]) for name in ("the-photo", "the-call")] == [1, 0]
