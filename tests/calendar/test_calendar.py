"""A calendar is read whole, or every mistake in it is named at its line."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from scheduler.calendar import read_calendar
from scheduler.model import Fonts, GraphicContent, QuoteContent, Typeface


def problems(calendar, *changes):
    reading = read_calendar(calendar(*changes))
    assert reading.coalition is None
    return reading.problems


def test_the_small_calendar_is_read_whole(calendar):
    campaign = read_calendar(calendar()).unwrap().own
    launch, listen = campaign.posts.values()
    assert campaign.first_day == date(2026, 11, 25)
    assert launch.at == time(9)
    assert launch.grace == timedelta(hours=3)
    assert launch.tags == ("Small",)
    assert launch.accounts == ("archive",)
    assert launch.content == GraphicContent(
        headline="We begin today", points=("One thing", "Another thing")
    )
    assert isinstance(listen.content, QuoteContent)
    assert listen.content.words.startswith("Listen to survivors")


#: what is changed, the text that the problem points at, and its code
MISTAKES = [
    (("  id: small-2026", "  id: Small 2026"), "Small 2026", "bad-id"),
    (("2026-11-25", "25.11.2026"), "25.11.2026", "bad-value"),
    (("Europe/Berlin", "Europe/Berln"), "Europe/Berln", "bad-value"),
    (('time: "09:00"', "time: nine"), "nine", "bad-value"),
    (("  title: A small campaign\n", ""), "campaign:", "missing-key"),
    (("    day: 1\n", "    day: 17\n"), "17", "no-such-day"),
    (("  2: {theme", "  17: {theme"), "17: {theme", "no-such-day"),
    (("    text: Today we begin.", "    txet: Today we begin."), "txet", "unknown-key"),
    (("    alt: ", "    alt: ''\n    note: "), "''", "empty-value"),
    (("platform: folder, ", ""), "archive:", "missing-key"),
    (("quote: guterres", "quote: gutteres"), "gutteres", "unknown-quote"),
    (("  listen:\n", "  launch:\n"), "launch:\n    day: 2", "duplicate-key"),
    (("directory: published", "directory: x, token: hunter2"), "hunter2", "literal-token"),
    (('"#FFF6EC", ink', '"orange", ink'), '"orange"', "bad-value"),
    (("    quote: guterres\n", ""), "day: 2", "bad-value"),
    (("    text: List", "    excerpt: Hear all.\n    text: List"), "Hear all.", "not-verbatim"),
    (("    text: List", "    accounts: [archve]\n    text: List"), "archve", "unknown-account"),
    (("    text: List", "    grace: soon\n    text: List"), "soon", "bad-value"),
    (('  hashtag: "#Small"', "  hashtag: #Small"), " #Small", "unquoted-hash"),
    (("  name: Small\n", "  name: Small\n  logo: ../passwd\n"), "../passwd", "bad-value"),
]


@pytest.mark.parametrize(("change", "pointed_at", "code"), MISTAKES)
def test_each_mistake_is_named_at_its_line_and_column(calendar, change, pointed_at, code):
    found = problems(calendar, change)
    lines = calendar(change).read_text("utf-8").splitlines(keepends=True)
    places = [
        ("".join(lines[problem.line - 1 :])[problem.column - 1 :], problem.code)
        for problem in found
    ]
    assert any(text.startswith(pointed_at) and said == code for text, said in places), found


def test_a_key_that_is_nearly_right_is_recognised(calendar):
    (missing, unknown) = problems(calendar, ("    text: Today", "    txet: Today"))
    assert missing.message == 'day 1, post "launch": "text" is missing'
    assert unknown.hint == 'did you mean "text"?'


def test_a_literal_token_is_never_echoed(calendar):
    found = problems(calendar, ("directory: published", "directory: x, token: hunter2"))
    assert not any("hunter2" in str(problem) for problem in found)


def test_all_mistakes_are_named_at_once(calendar):
    changes = [MISTAKES[number][0] for number in (1, 2, 5, 7, 8, 17)]
    assert len(problems(calendar, *changes)) >= len(changes)


def test_an_hour_that_the_clocks_skip_or_repeat_is_a_problem(calendar):
    spring = problems(calendar, ("2026-11-25", "2027-03-28"), ('time: "09:00"', 'time: "02:30"'))
    autumn = problems(calendar, ("2026-11-25", "2026-10-25"), ('time: "09:00"', 'time: "02:30"'))
    assert "2027-03-28 02:30 does not exist in Europe/Berlin" in spring[0].message
    assert "2026-10-25 02:30 exists twice in Europe/Berlin" in autumn[0].message


def test_a_missing_picture_is_named_with_what_lies_beside_it(calendar, tmp_path):
    (tmp_path / "logo-2.png").touch()
    change = ("brand:\n  name: Small\n", "brand:\n  name: Small\n  logo: logo.png\n")
    (problem,) = problems(calendar, change)
    assert (problem.code, problem.hint) == ("no-picture", 'did you mean "logo-2.png"?')


def with_excerpt(calendar, excerpt, words="Listen to survivors: be non-violent, don’t look away."):
    return read_calendar(
        calendar(
            (
                "Listen to survivors and end impunity for perpetrators everywhere.\n    lang",
                f'"{words}"\n    lang',
            ),
            ("    text: List", f'    excerpt: "{excerpt}"\n    text: List'),
        )
    )


@pytest.mark.parametrize(
    "excerpt", ["sten", "Liste", "isten to", "violent", "non", "don", "t look"]
)
def test_an_excerpt_that_cuts_a_word_is_not_verbatim(calendar, excerpt):
    (problem,) = with_excerpt(calendar, excerpt).problems
    assert problem.code == "not-verbatim"


@pytest.mark.parametrize(
    "excerpt", ["Listen", "survivors", "to survivors: be", ": be non-violent,", "don’t look away."]
)
def test_an_excerpt_of_whole_words_is_taken(calendar, excerpt):
    assert with_excerpt(calendar, excerpt).problems == ()


def test_an_accent_behind_its_letter_belongs_to_the_word(calendar):
    assert with_excerpt(calendar, "cafe", "A cafe\u0301 for all.").problems


@pytest.mark.parametrize("name", ["logo.png", "assets/logo.png"])
def test_a_picture_that_a_link_leads_out_of_the_folder_is_a_problem(calendar, tmp_path, name):
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "logo.png").touch()
    (inside / "logo.png").symlink_to(tmp_path / "logo.png")
    (inside / "assets").symlink_to(tmp_path)
    file = calendar(("  name: Small\n", f"  name: Small\n  logo: {name}\n"))
    (problem,) = read_calendar(file.rename(inside / file.name)).problems
    assert (problem.code, "lies outside" in problem.message) == ("outside-folder", True)


def test_a_picture_that_a_link_names_inside_the_folder_is_taken(calendar, tmp_path):
    (tmp_path / "one.png").touch()
    (tmp_path / "logo.png").symlink_to("one.png")
    assert read_calendar(
        calendar(("  name: Small\n", "  name: Small\n  logo: logo.png\n"))
    ).coalition


@pytest.mark.parametrize("name", ["x" * 5000, "x/" * 2500 + "y", ".", "loop/x.png", "assets"])
def test_a_picture_whose_name_no_file_can_have_is_a_problem(calendar, tmp_path, name):
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "assets").mkdir()
    (problem,) = problems(calendar, ("  name: Small\n", f"  name: Small\n  logo: {name}\n"))
    assert problem.code == "no-picture"
    assert len(str(problem)) < 500


# ── fonts ─────────────────────────────────────────────────────────────────────────────────────────


def with_fonts(calendar, *lines):
    """The change that gives the brand fonts."""
    return calendar(("  name: Small\n", "\n    ".join(["  name: Small\n  fonts:", *lines]) + "\n"))


def test_a_brand_names_its_fonts_and_what_lies_beside_them_writes_the_rest(calendar, tmp_path):
    (tmp_path / "assets" / "fonts").mkdir(parents=True)
    for name in ("b.otf", "a.TTF", "LICENCE.txt", "._a.ttf"):
        (tmp_path / "assets" / "fonts" / name).touch()
    for name in ("bold.ttf", "black.ttf"):
        (tmp_path / name).touch()
    file = with_fonts(calendar, "text: Source Serif", "display: [bold.ttf, black.ttf]")
    fonts = read_calendar(file).unwrap().own.brand.fonts
    assert fonts == Fonts(
        text=Typeface.SOURCE_SERIF,
        display=(tmp_path / "bold.ttf", tmp_path / "black.ttf"),
        others=tuple(tmp_path / "assets" / "fonts" / name for name in ("a.TTF", "b.otf")),
    )


def test_a_campaign_without_fonts_has_those_of_the_templates(calendar):
    assert read_calendar(calendar()).unwrap().own.brand.fonts == Fonts()


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("serif: gone.ttf", "no-picture", "no file"),
        ("serif: Comic Sans", "bad-value", "Inter, Inter Display, Source Serif"),
        ("serif: assets/brand.woff2", "bad-value", ".ttf or .otf"),
        ("serif: ../brand.ttf", "bad-value", "inside the campaign's folder"),
        ("serif: [Inter, Inter Display]", "bad-value", "stands alone"),
        ("serif: []", "bad-value", "no font stands here"),
        ("headline: Inter", "unknown-key", "headline"),
    ],
)
def test_a_font_that_cannot_be_named_so_is_a_problem_at_its_line(calendar, line, code, said):
    file = with_fonts(calendar, line)
    found = read_calendar(file).problems
    number = next(
        n for n, text in enumerate(file.read_text("utf-8").splitlines(), 1) if line in text
    )
    assert [(problem.code, problem.line) for problem in found] == [(code, number)]
    assert said in f"{found[0].message} {found[0].hint}"


@pytest.mark.parametrize("name", ["a.woff2", "b.TTC", "c.pfb"])
def test_a_font_of_another_kind_in_the_folder_is_not_passed_over_in_silence(
    calendar, tmp_path, name
):
    (tmp_path / "assets" / "fonts").mkdir(parents=True)
    (tmp_path / "assets" / "fonts" / name).touch()
    (problem,) = read_calendar(calendar()).problems
    assert problem.code == "other-font"
    assert f"assets/fonts/{name}" in problem.message


def test_a_member_may_have_type_of_its_own(coalition, tmp_path):
    (tmp_path / "own.ttf").touch()
    change = ("Μέλος Κύπρος}", "Μέλος Κύπρος, fonts: {display: own.ttf}}")
    read = read_calendar(coalition(cyprus=(change,))).unwrap()
    chosen = {id_: each.brand.fonts.display for id_, each in read.campaigns.items()}
    assert chosen.pop("cyprus") == (tmp_path / "own.ttf",)
    assert set(chosen.values()) == {None}
