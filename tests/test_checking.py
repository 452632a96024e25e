"""One list of everything that is wrong, whatever somebody wrote."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler.cards import Shelf
from scheduler.checking import check, excesses, unfit
from scheduler.drafting import measuring
from scheduler.ledger import Ledger, questions
from scheduler.planning import plan
from scheduler.platforms.measuring import measures
from scheduler.publishing import Means, Publisher, signed_in
from scheduler.rehearsing import FastClock
from small_calendar import SMALL

ON = date(2026, 11, 22)

#: what is changed, the text that the problem points at, and its code
TWELVE = [
    (("Europe/Berlin", "Europe/Berln"), "Europe/Berln", "bad-value"),
    (("  hashtag: ", "  hash_tag: x\n  hashtag: "), "hash_tag", "unknown-key"),
    (("directory: published", "directory: x, token: hunter2"), "hunter2", "literal-token"),
    (("  2: {theme", "  17: {theme"), "17: {theme", "no-such-day"),
    (("quote: guterres", "quote: gutteres"), "gutteres", "unknown-quote"),
    (('alt: "On the card: We', 'alt: "Picture of the card: We'), '"Picture of', "alt-picture-of"),
    (
        ("    text: Today we begin.", "    text: Today we begin" + " again" * 99),
        "",
        "long-sentence",
    ),
    (("headline: We begin today", "headline: We 🌻 begin today"), "We 🌻", "missing-glyph"),
    (("Another thing]", "Another thing]\n      points: [x]"), "points: [x]", "duplicate-key"),
    (("    role: UN", "    # role: UN"), "guterres:", "missing-key"),
    (("checked: publisher", "checked: maybe"), "maybe", "bad-value"),
    (("  launch:\n    day: 1\n", "  launch:\n    day: 1\n    time: 25:00\n"), "25:00", "bad-value"),
]


def places(file, problems):
    lines = file.read_text("utf-8").splitlines(keepends=True)
    return [
        ("".join(lines[problem.line - 1 :])[problem.column - 1 :], problem.code)
        for problem in problems
    ]


def test_twelve_different_mistakes_are_named_in_one_go_each_at_its_place(calendar, shelf):
    graphic = "    graphic: {headline: We begin today, points: [One thing, Another thing]}\n"
    block = (
        "    graphic:\n      headline: We begin today\n      points: [One thing, Another thing]\n"
    )
    file = calendar((graphic, block), *(change for change, _, _ in TWELVE))
    found = places(file, check(file, shelf=shelf, on=ON).problems)
    missing = [
        (pointed_at, code)
        for _, pointed_at, code in TWELVE
        if not any(text.startswith(pointed_at) and said == code for text, said in found)
    ]
    assert not missing, found


def test_a_post_with_an_error_is_held_and_the_others_are_not(calendar, shelf):
    file = calendar(("headline: We begin today", "headline: We 🌻 begin"))
    checked = check(file, shelf=shelf, on=ON)
    assert not checked.sound
    assert not checked.refused
    assert list(checked.held) == [("launch", "archive")]
    assert "missing-glyph" in checked.held["launch", "archive"]


def test_a_platform_that_is_none_refuses_the_calendar(calendar, shelf):
    checked = check(calendar(("platform: folder", "platform: foldr")), shelf=shelf, on=ON)
    assert checked.refused
    assert [problem.code for problem in checked.problems if problem.severity == "error"] == [
        "unknown-platform"
    ]
    assert 'did you mean "folder"?' in {problem.hint for problem in checked.problems}


def test_a_caption_over_the_limit_says_by_how_much_and_where(calendar, shelf):
    mastodon = (
        "platform: folder, directory: published",
        "platform: mastodon, server: https://mastodon.example, token: {env: T}",
    )
    words = "We begin. " * 50
    file = calendar(mastodon, ("text: Today we begin.", f"text: {words}"))
    (problem,) = [
        problem
        for problem in check(file, shelf=shelf, on=ON).problems
        if problem.code == "too-long"
    ]
    # 499 characters without the last blank, two line ends, and #Small
    assert "text: 7 characters over the limit of 500" in problem.message
    assert places(file, [problem])[0][0].startswith("We begin.")


def test_a_caption_is_counted_offline_as_the_software_of_the_server_counts_it(calendar, shelf):
    gotosocial = (
        "platform: folder, directory: published",
        "platform: mastodon, software: gotosocial, server: https://social.example, token: {env: T}",
    )

    def excesses(words):
        file = calendar(gotosocial, ("text: Today we begin.", f"text: {words}"))
        problems = check(file, shelf=shelf, on=ON).problems
        return [each.message for each in problems if each.code == "too-long"]

    assert excesses("We begin. " * 50) == []
    (said,) = excesses(f"https://example.org/{'a' * 4973}")  # and two line ends, and #Small
    assert "text: 1 characters over the limit of 5000" in said


def test_one_token_of_linkedin_may_speak_for_a_person_and_a_page(calendar, shelf):
    def codes(author):
        accounts = f"""\
accounts:
  page: {{platform: linkedin, author: "urn:li:organization:7", token: {{env: T}}}}
  ana: {{platform: linkedin, author: "{author}", token: {{env: T}}}}
"""
        checked = check(calendar(("accounts:\n", accounts)), shelf=shelf, on=ON)
        return {problem.code for problem in checked.problems}

    assert "shared-account" not in codes("urn:li:person:ana")
    assert "shared-account" in codes("urn:li:organization:7")


def test_a_part_that_no_comment_can_hold_is_said_before_its_head_is_public(calendar, shelf):
    linkedin = (
        "platform: folder, directory: published",
        'platform: linkedin, author: "urn:li:organization:7", token: {env: T}',
    )
    # Each part would do as a post.
    parts = ["We go on. " * 130, "We go on. " * 100]
    thread = ("text: Today we begin.", f"text: Today we begin.\n    thread: [{', '.join(parts)}]")
    file = calendar(linkedin, thread)
    checked = check(file, shelf=shelf, on=ON)
    (problem,) = [each for each in checked.problems if each.code == "too-long"]
    assert "text: 49 characters over the limit of 1250" in problem.message
    assert places(file, [problem])[0][0].startswith(parts[0])
    assert ("launch", "archive") in checked.held


def test_a_campaign_that_is_over_is_said(calendar, shelf):
    checked = check(calendar(), shelf=shelf, on=date(2027, 1, 1))
    assert "campaign-over" in {problem.code for problem in checked.problems}
    assert checked.sound


HOSTILE = st.sampled_from(
    [
        "\x00", "\u202e", "\ufeff", "🌻", "𝕏", "  ", "\t", "\n", "\n- ", ": ", "#", "#x", '"', "'",
        "{", "}", "[", "]", "&a ", "*a", "!!x ", "---\n", "null", "~", "yes", "0", "-1", "1e999",
        "9" * 400, "0001-01-01", "9999-12-31", "../../x", "C:\\x", "%s", "{{ 7 }}", "a" * 5000,
        "א", "ع", "漢", "\u2066", "é", "\ud7ff", "<script>", "999h", "24:00", "any", "1-16", "🏳️‍🌈",
    ]
)  # fmt: skip
EDITS = st.lists(
    st.tuples(st.integers(0, len(SMALL)), st.integers(0, 30), HOSTILE), min_size=1, max_size=4
)


@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(EDITS)
def test_no_edit_of_a_calendar_ends_in_anything_but_problems(tmp_path, shelf, edits):
    text = SMALL
    for at, length, hostile in edits:
        text = text[:at] + hostile + text[at + length :]
    file = tmp_path / "campaign.yaml"
    file.write_text(text, "utf-8", errors="surrogatepass")
    checked = check(file, shelf=shelf, on=ON)
    assert checked.refused or checked.deliveries >= 0
    assert checked.sound or checked.problems


@pytest.mark.parametrize("value", ["0001-01-01", "9999-12-31", "2026-02-30", "1e9", "today"])
def test_an_impossible_first_day_is_a_problem_at_its_line(calendar, shelf, value):
    file = calendar(("2026-11-25", value))
    checked = check(file, shelf=shelf, on=ON)
    assert any(problem.line == 4 for problem in checked.problems)


def test_a_first_day_that_moved_under_public_posts_refuses_the_calendar(calendar, shelf, tmp_path):
    with Ledger(tmp_path / "ledger.sqlite3") as ledger:
        campaign = check(calendar(), shelf=shelf, on=ON).coalition
        rehearse_into(ledger, campaign, shelf, tmp_path)
        public = ledger.read(questions.public_first_days)
        checked = check(calendar(("2026-11-25", "2026-11-26")), shelf=shelf, on=ON, public=public)
        (problem,) = [each for each in checked.problems if each.code == "first-day-moved"]
        assert checked.refused
        assert (problem.line, problem.column) == (4, 14)
        assert "move every other post by 1 days" in problem.message
        assert not check(calendar(), shelf=shelf, on=ON, public=public).refused


def rehearse_into(ledger, campaign, shelf, folder):
    """Publish what is due on the first day into a folder."""
    clock = FastClock(plan(campaign)[0].due)
    means = Means(
        ledger=ledger,
        clock=clock,
        shelf=shelf,
        connect=lambda account: signed_in(account, root=folder, environment={}),
        gate=lambda *_: None,
        worker="test",
    )
    with Publisher(means) as publisher:
        publisher.take(campaign)
        publisher.tick()
        publisher.wait()


@pytest.mark.parametrize(
    "change",
    [
        ("headline: We begin today", "headline: We 🌻 begin"),
        ("headline: We begin today", "headline: " + "We begin " * 200),
        ("text: Today we begin.", "text: " + "We begin. " * 50),
        ("  title: A small campaign", "  title: Another title"),
    ],
)
def test_without_drawing_the_same_problems_are_found(calendar, tmp_path, shelf, change):
    file = calendar(change)
    empty = Shelf(tmp_path / "shelf")
    proofed = check(file, shelf=empty, on=ON, draw=False)
    assert proofed.problems == check(file, shelf=shelf, on=ON).problems
    assert (proofed.cards_drawn, list(tmp_path.glob("shelf/*"))) == (0, [])


def test_silent_days_are_named_together(calendar, shelf):
    file = calendar()
    (problem,) = [
        each for each in check(file, shelf=shelf, on=ON).problems if each.code == "empty-day"
    ]
    assert problem.message == f"nothing is said on days {', '.join(map(str, range(3, 17)))}"
    assert places(file, [problem])[0][0].startswith("posts:")


def test_two_organisations_with_one_token_are_found(coalition, shelf):
    live = "{platform: mastodon, server: 'https://mastodon.example', token: {env: TOKEN}}"
    file = coalition(
        germany=(("{platform: folder, directory: germany}", live),),
        cyprus=(("{platform: folder, directory: cyprus}", live),),
    )
    checked = check(file, shelf=shelf, on=ON)
    (problem,) = [each for each in checked.problems if each.code == "shared-account"]
    assert problem.file == "members/germany.yaml"
    assert "cyprus.page" in problem.message
    assert checked.refused == {"germany"}
    assert checked.taken_up.campaigns.keys() == {"campaign", "cyprus"}
    assert not checked.taken_up.complete


def test_two_accounts_of_one_organisation_with_one_token_are_found(calendar, shelf):
    live = "{platform: mastodon, server: 'https://mastodon.example', token: {env: TOKEN}}"
    two = ("accounts:\n", f"accounts:\n  one: {live}\n  two: {live}\n")
    checked = check(calendar(two), shelf=shelf, on=ON)
    assert "shared-account" in {problem.code for problem in checked.problems}
    assert checked.taken_up is None


def test_a_member_holds_itself_to_no_less_than_the_campaign(coalition, shelf):
    lints = ("country: DE", "lints: {consent-withdrawn: 'off', weekend: error}, country: DE")
    checked = check(coalition(germany=(lints,)), shelf=shelf, on=ON)
    (problem,) = [each for each in checked.problems if each.code == "lint-laxer"]
    assert "consent-withdrawn" in problem.message
    assert checked.refused == {"germany"}


def test_a_wrong_figure_in_a_translation_keeps_the_post_back(coalition, shelf):
    fact = """\
facts:
  one:
    figure: 1 in 3
    statement: women.
    population: Women
    year: "2021"
    source: {publisher: P, title: T, year: "2024", address: "https://example.org/"}
    checked: publisher
    checked_on: 2026-11-20
    caveat: Answers.
"""
    german = """\
facts:
  one: {figure: 1 von 2, statement: Frauen., population: Frauen, caveat: Antworten.}
posts:
"""
    file = coalition(
        ("    quote: guterres\n    text: Listening", "    statistic: one\n    text: Listening"),
        ("quotes:\n", fact + "quotes:\n"),
        de=(("posts:\n", german),),
    )
    checked = check(file, shelf=shelf, on=ON)
    (problem,) = [each for each in checked.problems if each.code == "translation-figure"]
    assert "12, and not 13" in problem.message or "1, 2, and not 1, 3" in problem.message
    assert "not all there" in checked.held["listen", "germany.page"]


@pytest.mark.parametrize(
    ("line", "named"), [("fonts: {display: theirs.ttf}", "theirs.ttf}"), ("", "\n  name: Small")]
)
def test_a_damaged_font_holds_the_posts_it_would_write_and_is_named(
    calendar, shelf, tmp_path, line, named
):
    """In the brand's fonts, or laid down beside them, where no line of the calendar names it."""
    (tmp_path / "assets" / "fonts").mkdir(parents=True)
    place = tmp_path / "theirs.ttf" if line else tmp_path / "assets" / "fonts" / "theirs.ttf"
    place.write_bytes(b"no font")
    file = calendar(
        ("  name: Small\n", f"  name: Small\n  {line}\n" if line else "  name: Small\n")
    )
    found = [each for each in check(file, shelf=shelf, on=ON).problems if each.code == "bad-font"]
    assert len(found) == 2, "a card of each post"
    assert all("theirs.ttf" in each.message for each in found)
    for text, _ in places(file, found):
        assert text.strip().startswith(named.strip())


def test_a_font_laid_down_mends_the_glyph_that_was_missing(calendar, shelf, tmp_path):
    file = calendar(("headline: We begin today", "headline: We 🌻 begin today"))
    assert "missing-glyph" in {each.code for each in check(file, shelf=shelf, on=ON).problems}
    (tmp_path / "assets" / "fonts").mkdir(parents=True)
    sunflower(tmp_path / "assets" / "fonts" / "flower.ttf")
    assert "missing-glyph" not in {each.code for each in check(file, shelf=shelf, on=ON).problems}


def sunflower(file):
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    pen.lineTo((500, 700))
    pen.lineTo((900, 0))
    pen.closePath()
    flower = pen.glyph()
    builder = FontBuilder(1000)
    builder.setupGlyphOrder([".notdef", "flower"])
    builder.setupCharacterMap({ord("🌻"): "flower"})
    builder.setupGlyf({".notdef": flower, "flower": flower})
    builder.setupHorizontalMetrics(dict.fromkeys((".notdef", "flower"), (1000, 0)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupOS2()
    builder.setupPost()
    builder.save(file)


# ── pictures that a platform does not take ────────────────────────────────────────────────────────


def unfitting(calendar, shelf, **limits):
    file = calendar()
    checked = check(file, shelf=shelf, on=ON, draw=False)
    campaign = checked.coalition.own
    pair = ("launch", "archive")
    taken = replace(measuring(campaign.accounts["archive"]).limits, **limits)
    found = list(unfit(campaign, pair, checked.drafts[pair][0], taken))
    assert all(text.startswith("launch:") for text, _ in places(file, found))
    return [(problem.code, problem.message) for problem in found]


def test_a_card_of_another_shape_is_found_before_anything_is_sent(calendar, shelf):
    ((code, message),) = unfitting(calendar, shelf, ratios=(1.0, 1.91))
    assert code == "picture-ratio"
    assert "picture 1 is 1080 × 1350, 0.80 times as wide as high: 1 to 1.91 is taken" in message
    assert unfitting(calendar, shelf, ratios=(0.8, 1.91)) == []


def test_a_card_of_another_kind_is_found_before_anything_is_sent(calendar, shelf):
    ((code, message),) = unfitting(calendar, shelf, media_types=("image/png",))
    assert code == "picture-format"
    assert "picture 1 is image/jpeg, and only image/png is taken" in message


def test_a_card_of_too_many_bytes_is_said_where_the_card_is_written(calendar, shelf):
    file = calendar()
    checked = check(file, shelf=shelf, on=ON)
    pair = ("launch", "archive")
    campaign, (draft,) = checked.coalition.own, checked.drafts[pair]
    small = replace(measuring(campaign.accounts["archive"]).limits, picture_bytes=1000)
    counted = measures(draft, small, text=0, alt=len)
    (problem,) = excesses(campaign, pair, 0, counted)
    assert f"picture 1: {draft.pictures[0].bytes - 1000} bytes over the limit" in problem.message
    assert "fewer details" in problem.hint
    assert places(file, [problem])[0][0].startswith("launch:")


def test_every_card_of_an_ordinary_calendar_fits(calendar, shelf):
    assert unfitting(calendar, shelf) == []


def telegram(**options):
    said = "".join(f", {name}: {value}" for name, value in options.items())
    return (
        "platform: folder, directory: published",
        f'platform: telegram, channel: "@network", token: {{env: T}}{said}',
    )


@pytest.mark.parametrize(
    ("options", "warned"), [({}, 1), ({"alts": "caption"}, 0), ({"alts": "none"}, 0)]
)
def test_descriptions_that_nobody_would_be_told_are_said_unless_it_is_on_purpose(
    calendar, shelf, options, warned
):
    file = calendar(telegram(**options))
    checked = check(file, shelf=shelf, on=ON, draw=False)
    found = [problem for problem in checked.problems if problem.code == "alts-lost"]
    assert checked.taken_up is not None, "a warning keeps nothing back"
    assert len(found) == warned
    assert all(text.startswith("archive:") for text, _ in places(file, found))
    assert checked.sound


def test_descriptions_in_the_caption_count_towards_its_limit(calendar, shelf):
    long = ("text: Today we begin.", f"text: {'We begin. ' * 95}")

    def excesses(**options):
        file = calendar(telegram(**options), long)
        problems = check(file, shelf=shelf, on=ON, draw=False).problems
        return [problem for problem in problems if problem.code == "too-long"]

    assert excesses(alts="none") == []
    assert "over the limit of 1024" in excesses(alts="caption")[0].message


THREADS = (
    "platform: folder, directory: published",
    "platform: threads, user_id: 17, token: {env: T}",
)
HOSTED = (
    "accounts:\n",
    'hosting: {directory: cards, address: "https://example.org/cards"}\naccounts:\n',
)


def about_hosting(file, shelf):
    problems = check(file, shelf=shelf, on=ON, draw=False).problems
    return [problem for problem in problems if "hosting" in problem.code]


def test_who_fetches_pictures_needs_a_place_for_them(calendar, shelf):
    file = calendar(THREADS)
    (problem,) = about_hosting(file, shelf)
    assert problem.code == "no-hosting"
    assert places(file, [problem])[0][0].startswith("archive:")
    assert "docs/hosting.md" in problem.hint
    assert about_hosting(calendar(THREADS, HOSTED), shelf) == []


def test_a_place_on_this_machine_is_none_for_a_platform_elsewhere(calendar, shelf):
    here = (HOSTED[0], HOSTED[1].replace("https://example.org", "http://localhost:8000"))
    file = calendar(THREADS, here)
    (problem,) = about_hosting(file, shelf)
    assert problem.code == "hosting-here"
    assert places(file, [problem])[0][0].startswith("hosting:")


def test_who_takes_bytes_needs_no_place_for_pictures(calendar, shelf):
    assert about_hosting(calendar(), shelf) == []
