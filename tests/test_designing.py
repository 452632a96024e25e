"""What a designer changes in a campaign's folder, from the file to the card and to the problem."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from PIL import Image

from scheduler.calendar import read_calendar
from scheduler.cards import Shelf, digest
from scheduler.checking import check
from scheduler.drafting import cards, cards_for
from scheduler.errors import Problem, Severity
from scheduler.model import Size

ON = date(2026, 11, 22)
SIZE = Size(width=1080, height=1350)
GRAPHIC = "    graphic: {headline: We begin today, points: [One thing, Another thing]}\n"


def template(calendar_file: Path, name: str, text: str) -> Path:
    folder = calendar_file.parent / "assets" / "templates"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}.toml"
    file.write_text(text, "utf-8")
    return file


def campaign(file: Path):
    return read_calendar(file).unwrap().own


def told(checked) -> list[str]:
    return [
        f"{one.file}:{one.line}:{one.column}: {one.message}"
        for one in checked.problems
        if one.code == "bad-template"
    ]


def errors(checked) -> list[Problem]:
    return [one for one in checked.problems if one.severity is Severity.ERROR]


# Templates.


def test_a_template_in_the_campaigns_folder_changes_the_cards_of_its_kind_alone(calendar):
    file = calendar()
    before = cards(campaign(file))
    template(file, "graphic", "margin = 110\n")
    after = cards(campaign(file))
    assert digest(after["launch", "archive"][0]) != digest(before["launch", "archive"][0])
    assert digest(after["listen", "archive"][0]) == digest(before["listen", "archive"][0])


def test_a_mistake_in_a_template_is_one_problem_at_its_line_and_holds_its_posts(calendar, shelf):
    file = calendar()
    template(file, "graphic", "margin = 110\n\n[sixteen]\nshaep = 'row'\n")
    checked = check(file, shelf=shelf, on=ON)
    assert told(checked) == ["assets/templates/graphic.toml:4:1: no key 'shaep'"]
    assert {post for post, _ in checked.held} == {"launch"}
    assert not checked.sound


def test_a_mistake_in_a_template_that_no_card_uses_is_found_too(calendar, shelf):
    file = calendar()
    template(file, "call", "margin = -3\n")
    checked = check(file, shelf=shelf, on=ON)
    assert told(checked) == ["assets/templates/call.toml:1:1: margin = -3 is too little"]
    assert checked.held == {}


def test_a_template_of_a_name_that_there_is_not_is_named_with_the_near_one(calendar, shelf):
    file = calendar()
    template(file, "grafic", "margin = 110\n")
    checked = check(file, shelf=shelf, on=ON)
    (problem,) = (one for one in checked.problems if one.code == "bad-template")
    assert problem.file == "assets/templates/grafic.toml"
    assert problem.hint == 'did you mean "graphic"?'


def test_a_template_that_is_no_text_is_a_problem_and_not_taken_for_none(calendar, shelf):
    file = calendar()
    template(file, "graphic", "").write_bytes(b"\xff\xfe")
    checked = check(file, shelf=shelf, on=ON)
    assert "assets/templates/graphic.toml:1:1: the template cannot be read" in told(checked)[0]


def test_every_organisation_of_a_coalition_has_the_campaigns_templates(coalition):
    file = coalition()
    template(file, "graphic", "margin = 110\n")
    speakers = read_calendar(file).unwrap().campaigns.values()
    assert len(speakers) > 1
    assert {each.brand.templates[0].name for each in speakers} == {"graphic"}


# Openers.


def opened(calendar, opener: str, *more: tuple[str, str]):
    return calendar((GRAPHIC, f"    opener: {opener}\n"), *more)


def test_an_opener_has_the_words_of_its_day(calendar):
    file = opened(
        calendar, "{}", ("{theme: Why we speak}", "{theme: Why we speak, observance: Our day}")
    )
    read = campaign(file)
    (card,) = cards_for(read, read.posts["launch"], SIZE)
    assert card.template == "opener"
    assert dict(card.texts) == {
        "kicker": "Day 1 of 16",
        "day": "1",
        "headline": "Why we speak",
        "body": "Our day",
    }


def test_an_opener_may_have_words_of_its_own(calendar):
    read = campaign(opened(calendar, "{headline: We begin today, body: All of us.}"))
    (card,) = cards_for(read, read.posts["launch"], SIZE)
    assert (card.texts["headline"], card.texts["body"]) == ("We begin today", "All of us.")


def test_a_theme_too_long_for_its_opener_is_a_problem_where_the_theme_is_written(calendar, shelf):
    theme = "Why we speak about it " * 30
    file = opened(calendar, "{}", ("theme: Why we speak", f"theme: {theme}"))
    checked = check(file, shelf=shelf, on=ON)
    lines = file.read_text("utf-8").splitlines()
    (problem,) = {one for one in checked.problems if one.code == "does-not-fit"}
    assert lines[problem.line - 1].lstrip().startswith("1: {theme:")


def test_an_openers_own_headline_too_long_is_a_problem_at_the_headline(calendar, shelf):
    file = opened(calendar, "{headline: " + "Why we speak about it " * 30 + "}")
    checked = check(file, shelf=shelf, on=ON)
    (problem,) = (one for one in checked.problems if one.code == "does-not-fit")
    assert "opener" in file.read_text("utf-8").splitlines()[problem.line - 1]


def test_the_words_of_an_opener_must_stand_in_the_alt_text(calendar, shelf):
    file = opened(calendar, "{headline: Nobody looks away any longer}")
    codes = {one.code for one in check(file, shelf=shelf, on=ON).problems}
    assert "alt-lacks-words" in codes


def test_a_post_is_an_opener_or_something_else_and_not_both(calendar, shelf):
    file = calendar((GRAPHIC, GRAPHIC + "    opener: {}\n"))
    messages = [one.message for one in check(file, shelf=shelf, on=ON).problems]
    assert any("it has graphic and opener" in message for message in messages)


# Carousels.

SLIDES = """\
    carousel:
      - {opener: {}, alt: Day 1. Why we speak.}
      - {graphic: {headline: We begin today}, alt: We begin today.}
      - {call: {headline: Listen, body: Believe her.}, alt: Listen. Believe her.}
"""
ALT = '    alt: "On the card: We begin today. One thing. Another thing."\n'


def test_the_slides_of_a_post_know_their_place_and_share_their_sizes(calendar):
    read = campaign(calendar((GRAPHIC, SLIDES), (ALT, "")))
    slides = cards_for(read, read.posts["launch"], SIZE)
    assert [(card.slide, card.slides) for card in slides] == [(1, 3), (2, 3), (3, 3)]
    assert len({card.largest for card in slides}) == 1
    assert {"headline", "kicker"} <= dict(slides[0].largest).keys()


def test_a_carousel_is_drawn_without_a_problem(calendar, tmp_path):
    file = calendar((GRAPHIC, SLIDES), (ALT, ""))
    checked = check(file, shelf=Shelf(tmp_path / "shelf"), on=ON)
    assert checked.sound
    assert len(checked.drafts["launch", "archive"][0].pictures) == 3


# Logos.


def test_a_second_logo_is_looked_for_and_named_where_it_is_written(calendar, shelf, tmp_path):
    Image.new("RGB", (90, 90)).save(tmp_path / "one.png")
    said = 'hashtag: "#Small"\n'
    file = calendar((said, f"{said}  logo: one.png\n  second_logo: two.png\n"))
    problems = errors(check(file, shelf=shelf, on=ON))
    assert 'did you mean "one.png"?' in {problem.hint for problem in problems}
    lines = file.read_text("utf-8").splitlines()
    assert all("second_logo" in lines[problem.line - 1] for problem in problems)


def test_a_second_logo_without_a_first_is_refused(calendar, shelf):
    said = 'hashtag: "#Small"\n'
    file = calendar((said, f"{said}  second_logo: two.png\n"))
    messages = [one.message for one in check(file, shelf=shelf, on=ON).problems]
    assert any("no first one" in message for message in messages)


@pytest.mark.parametrize("clear", ["-1", "2", "nan", "much"])
def test_the_white_around_a_logo_is_a_share_of_its_height(clear, calendar, shelf):
    said = 'hashtag: "#Small"\n'
    file = calendar((said, f"{said}  logo_clear: {clear}\n"))
    problems = errors(check(file, shelf=shelf, on=ON))
    assert any("logo_clear" in one.message for one in problems)


def test_a_second_logo_that_is_no_picture_is_a_problem_at_a_logo(calendar, shelf, tmp_path):
    Image.new("RGB", (90, 90)).save(tmp_path / "one.png")
    (tmp_path / "two.png").write_text("no picture")
    said = 'hashtag: "#Small"\n'
    file = calendar((said, f"{said}  logo: one.png\n  second_logo: two.png\n"))
    problems = errors(check(file, shelf=shelf, on=ON))
    assert {one.code for one in problems} == {"bad-picture"}
    assert all("two.png" in one.message for one in problems)
