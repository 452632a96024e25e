"""A calendar, its languages and its members: who says what, and what is wrong with whose file."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime

import pytest

from scheduler.calendar import files, read_calendar
from scheduler.drafting import alt, caption, cards_for
from scheduler.errors import Severity
from scheduler.model import OWN, Size, Wording
from scheduler.planning import plan
from small_calendar import SMALL
from small_coalition import GERMANY

SIZE = Size(width=1080, height=1350)


def said(file, member):
    return read_calendar(file).unwrap().campaigns[member]


def codes(file):
    return {problem.code for problem in read_calendar(file).problems}


def test_a_calendar_alone_is_a_coalition_of_one(calendar):
    reading = read_calendar(calendar())
    assert list(reading.unwrap().campaigns) == [OWN]
    assert reading.unwrap().own.accounts.keys() == {"archive"}


def test_each_member_speaks_its_language_at_its_hour_in_its_zone(coalition):
    spoken = read_calendar(coalition()).unwrap()
    due = {(each.account, each.post): each.due for each in plan(spoken)}
    assert due["archive", "launch"] == datetime(2026, 11, 25, 8, tzinfo=UTC)
    assert due["germany.page", "launch"] == datetime(2026, 11, 25, 8, tzinfo=UTC)
    assert due["cyprus.page", "launch"] == datetime(2026, 11, 25, 8, 30, tzinfo=UTC)
    texts = {id_: campaign.posts["launch"].text for id_, campaign in spoken.campaigns.items()}
    assert texts == {
        OWN: "Today we begin.",
        "germany": "Heute beginnen wir.",
        "cyprus": "Σήμερα αρχίζουμε.",
    }


def test_caption_card_and_alt_text_carry_the_member_s_helpline_name_and_language(coalition):
    campaign = said(coalition(), "cyprus")
    post = campaign.posts["launch"]
    assert caption(campaign, post) == (
        "Σήμερα αρχίζουμε.\n\nΓραμμή βοήθειας (CY): 022 0002, όλο το 24ωρο\n\n#Small"
    )
    drawn = cards_for(campaign, post, SIZE)[0]
    assert drawn.brand.name == "Μέλος Κύπρος"
    assert drawn.brand.help == "Γραμμή βοήθειας (CY): 022 0002"
    assert drawn.texts["kicker"] == "Ημέρα 1 από τις 16 · Γιατί μιλάμε"
    assert drawn.texts["headline"] == "Αρχίζουμε σήμερα"
    foot = "Στο κάτω μέρος: Μέλος Κύπρος. Γραμμή βοήθειας (CY): 022 0002."
    assert alt(campaign, post, post.slides[0]) == f"{post.slides[0].alt} {foot}"


def test_a_quotation_stays_as_it_was_said(coalition):
    campaign = said(coalition(), "cyprus")
    post = campaign.posts["listen"]
    drawn = cards_for(campaign, post, SIZE)[0]
    assert drawn.texts["words"].startswith("Listen to survivors")
    assert (drawn.language, post.language) == ("en", "el")


def test_a_quotation_is_translated_only_with_the_name_of_its_translator(coalition):
    words = "Hört den Überlebenden zu."
    translated = "  listen:\n    text: Zuerst zuhören."
    file = coalition(
        de=(
            ("posts:\n", f"quotes:\n  guterres:\n    in_translation: {{words: {words}}}\nposts:\n"),
            (translated, translated),
        )
    )
    (problem,) = read_calendar(file).problems
    assert (problem.file, problem.line) == ("languages/de.yaml", 7)
    assert "translator" in problem.message
    named = (file.parent / "languages/de.yaml").read_text("utf-8")
    named = named.replace(f"{{words: {words}}}", f"{{words: {words}, translator: UN Women DE}}")
    (file.parent / "languages/de.yaml").write_text(named, "utf-8")
    campaign = said(file, "germany")
    post = campaign.posts["listen"]
    drawn = cards_for(campaign, post, SIZE)[0]
    assert drawn.texts["words"] == words
    assert "Übersetzung: UN Women DE" in drawn.texts["source"]
    assert drawn.language == "de"


def test_a_part_of_a_quotation_stays_as_it_was_said_until_it_is_translated_too(coalition):
    whole = "{words: Hört zu und beendet Straflosigkeit., translator: UN Women DE}"
    quotes = f"quotes:\n  guterres: {{in_translation: {whole}}}\nposts:\n"
    part = ("    quote: guterres\n", "    quote: guterres\n    excerpt: Listen to survivors\n")
    file = coalition(part, de=(("posts:\n", quotes),))
    content = said(file, "germany").posts["listen"].content
    assert (content.words, content.quote.in_translation) == ("Listen to survivors", None)
    german = file.parent / "languages/de.yaml"
    text = german.read_text("utf-8").replace("  listen:\n", "  listen:\n    excerpt: Hört zu\n")
    german.write_text(text, "utf-8")
    content = said(file, "germany").posts["listen"].content
    assert (content.words, content.quote.in_translation.translator) == ("Hört zu", "UN Women DE")


def test_the_words_of_a_quotation_are_never_replaced(coalition):
    quotes = "quotes:\n  guterres: {words: Hört zu.}\nposts:\n"
    assert codes(coalition(de=(("posts:\n", quotes),))) == {"not-here"}


def test_accounts_are_never_taken_over(coalition):
    spoken = read_calendar(coalition()).unwrap()
    assert {id_: tuple(each.accounts) for id_, each in spoken.campaigns.items()} == {
        OWN: ("archive",),
        "germany": ("germany.page",),
        "cyprus": ("cyprus.page",),
    }
    assert spoken.speaker("cyprus.page").member.id == "cyprus"
    assert spoken.speaker("archive").member.id == OWN
    assert spoken.speaker("nobody.page") is None


def test_the_file_nearest_to_the_post_has_the_word(coalition):
    file = coalition(
        ("    text: Today we begin.", '    time: "17:30"\n    note: A\n    text: Today we begin.'),
        de=(("    text: Heute", "    note: Auf Deutsch\n    text: Heute"),),
        germany=GERMANY + "posts:\n  launch: {text: Wir in Bremen fangen an., grace: 1h}\n",
    )
    post = said(file, "germany").posts["launch"]
    assert post.text == "Wir in Bremen fangen an."
    assert post.note == "Auf Deutsch"
    assert f"{post.at:%H:%M}" == "17:30"
    assert post.grace.total_seconds() == 3600


@pytest.fixture
def member(coalition):
    """The campaign of Germany with these lines more in its file, and the calendar's path."""

    def write(lines, *changes):
        return coalition(*changes, germany=GERMANY + lines)

    return write


def test_a_member_leaves_out_a_post_or_a_day_and_keeps_its_own(member):
    own = (
        "posts:\n"
        "  ours:\n"
        "    day: 2\n"
        "    text: Von uns.\n"
        "    graphic: {headline: Von uns}\n"
        '    alt: "Auf der Karte: Von uns."\n'
    )
    campaign = said(member("leaves_out: {days: [2], posts: [launch]}\n" + own), "germany")
    assert list(campaign.posts) == ["ours"]
    assert campaign.left_out == {"launch": 1, "listen": 2}
    assert said(member(own), "cyprus").posts.keys() == {"launch", "listen"}


def test_a_left_out_day_takes_the_first_post_of_the_calendar_too(member):
    assert said(member("leaves_out: {days: [1]}\n"), "germany").posts.keys() == {"listen"}


def test_who_shows_something_else_says_anew_what_it_shows(member):
    file = member("posts:\n  launch: {quote: guterres}\n")
    (problem,) = read_calendar(file).problems
    assert (problem.code, problem.file) == ("missing-key", "members/germany.yaml")
    assert "alt" in problem.message
    described = member("posts:\n  launch: {quote: guterres, alt: Ein Zitat.}\n")
    assert said(described, "germany").posts["launch"].slides[0].alt == "Ein Zitat."


@pytest.mark.parametrize(
    ("lines", "code", "hint"),
    [
        ("posts:\n  lanch: {time: '10:00'}\n", "unknown-post", "launch"),
        ("leaves_out: {posts: [lanch]}\n", "unknown-post", "launch"),
        ("phrases: {day: Heute}\n", "bad-value", ""),
    ],
)
def test_a_slip_in_a_member_s_file_is_found_there(member, lines, code, hint):
    (problem,) = read_calendar(member(lines)).problems
    assert (problem.file, problem.code) == ("members/germany.yaml", code)
    assert hint in problem.hint


@pytest.mark.parametrize(
    ("name", "old", "new", "code"),
    [
        ("germany", "language: de", "language: fr", "unknown-language"),
        ("germany", "id: germany", "id: cyprus", "same-member"),
        ("germany", "id: germany", "id: campaign", "same-member"),
        ("germany", "country: DE", "id: other-2026", "not-here"),
        ("germany", "country: DE", "first_day: 2026-11-26", "not-here"),
        ("de", "language: de", "language: en", "same-language"),
        ("de", "language: de", "language: el", "same-language"),
        ("de", "days:", "accounts: {page: {platform: folder}}\ndays:", "not-here"),
        ("de", "state: reviewed", "state: draft", "bad-value"),
        ("de", "      by: Maria Weber\n", "", "bad-value"),
    ],
)
def test_what_does_not_fit_together_is_an_error(coalition, name, old, new, code):
    file = coalition(**{name: ((old, new),)})
    assert code in codes(file)
    kind = "languages" if name == "de" else "members"
    assert any(
        problem.file.startswith(kind) and problem.code == code
        for problem in read_calendar(file).problems
    )


def test_a_translation_does_not_stand_in_the_calendar_itself(coalition):
    one = (
        "    text: Today we begin.",
        "    translation: {state: draft}\n    text: Today we begin.",
    )
    assert codes(coalition(one)) == {"not-here"}


def test_one_member_s_broken_file_keeps_nobody_else_out(coalition):
    reading = read_calendar(coalition(germany=(("member:", "member"),)))
    assert reading.coalition.campaigns.keys() == {OWN, "cyprus"}
    assert not reading.coalition.complete
    assert {problem.file for problem in reading.problems} == {"members/germany.yaml"}


def test_a_broken_language_silences_who_speaks_it(coalition):
    reading = read_calendar(coalition(de=(("text: Heute", "txt: Heute"),)))
    assert reading.coalition.campaigns.keys() == {OWN, "cyprus"}
    assert not reading.coalition.complete


def test_an_error_of_the_calendar_itself_keeps_everybody_out(coalition):
    reading = read_calendar(coalition(("  id: small-2026", "  id: Small 2026")))
    assert reading.coalition is None
    assert len(reading.problems) == 1, "once, not once for each member"


def test_a_post_for_accounts_of_a_name_goes_to_everybody_s_account_of_that_name(coalition):
    named = ("    text: Today we begin.", "    accounts: [page]\n    text: Today we begin.")
    spoken = read_calendar(coalition(named)).unwrap()
    keys = {delivery.key for delivery in plan(spoken) if delivery.post == "launch"}
    assert keys == {"small-2026/launch/germany.page/1", "small-2026/launch/cyprus.page/1"}


def test_an_account_that_nobody_has_is_an_error(coalition):
    named = ("    text: Today we begin.", "    accounts: [pge]\n    text: Today we begin.")
    assert codes(coalition(named)) == {"unknown-account"}


def test_a_member_without_an_account_hears_of_it(coalition):
    lines = (("accounts:\n  page: {platform: folder, directory: cyprus}\n", ""),)
    (problem,) = read_calendar(coalition(cyprus=lines)).problems
    assert (problem.file, problem.code) == ("members/cyprus.yaml", "missing-key")


def test_a_coalition_s_calendar_needs_no_account_of_its_own(coalition):
    spoken = read_calendar(
        coalition(("accounts:\n  archive: {platform: folder, directory: published}\n", ""))
    )
    assert {delivery.account for delivery in plan(spoken.unwrap())} == {
        "germany.page",
        "cyprus.page",
    }


def test_the_files_of_a_calendar_are_told_in_their_order(coalition):
    file = coalition()
    (file.parent / "members/notes.txt").touch()
    (file.parent / "members/.hidden.yaml").touch()
    assert list(files(file)) == [
        "campaign.yaml",
        "languages/de.yaml",
        "languages/el.yaml",
        "members/cyprus.yaml",
        "members/germany.yaml",
    ]


def test_a_post_is_trusted_as_far_as_the_least_of_its_words(coalition):
    german = said(coalition(), "germany").posts
    assert german["launch"].translation.wording is Wording.DRAFT, "the day's theme is a draft"
    theme = (
        "translation: {of: {theme: Why we speak}}",
        "translation: {state: reviewed, by: Maria, on: 2026-11-20, of: {theme: Why we speak}}",
    )
    reviewed = said(coalition(de=(theme,)), "germany").posts["launch"].translation
    assert (reviewed.wording, reviewed.by) == (Wording.REVIEWED, "Maria Weber")


def test_who_says_it_in_its_own_words_needs_no_review(member):
    lines = (
        "days: {1: {theme: Bei uns}}\n"
        "posts:\n"
        "  launch:\n"
        "    text: Wir in Bremen.\n"
        "    graphic: {headline: Wir in Bremen, points: [Eins, Zwei]}\n"
        '    alt: "Auf der Karte: Wir in Bremen. Eins. Zwei."\n'
    )
    assert said(member(lines), "germany").posts["launch"].translation is None


@pytest.mark.parametrize(
    "lines",
    [
        "accounts: {page: {platform: folder, directory: x}}\n",
        "helplines: {eu: {number: '999'}}\n",
        "campaign: {time: '10:00'}\n",
        "campaign: {lints: {consent-withdrawn: 'off'}}\n",
        "quotes: {guterres: {words: Hört zu.}}\n",
        "quotes: {guterres: {survivor: no}}\n",
    ],
)
def test_a_language_says_words_and_nothing_else(coalition, lines):
    found = read_calendar(
        coalition(
            ("quotes:\n", HELPLINE + "quotes:\n"),
            de=(("language: de\n", f"language: de\n{lines}"),),
        )
    )
    (problem,) = found.problems
    assert (problem.code, problem.file) == ("not-here", "languages/de.yaml")
    assert found.coalition.campaigns.keys() == {OWN, "cyprus"}, "who speaks it stays silent"


HELPLINE = """\
helplines:
  eu:
    number: "116 006"
    country: DE
    audience: survivors
    hours: day and night
    verified: publisher
    verified_by: The team
    verified_on: 2026-11-20
    address: https://example.org/
consents:
  given: {scope: "this quotation", until: 2026-12-31, withdrawn: 2026-11-20}
"""


def test_what_the_calendar_no_longer_says_is_said_in_no_language(coalition):
    gone = (
        "    graphic: {headline: We begin today, points: [One thing, Another thing]}\n",
        "    quote: guterres\n",
    )
    file = coalition(gone, de=(("    text: Heute", "    thread: [Noch eins]\n    text: Heute"),))
    reading = read_calendar(file)
    assert {problem.code for problem in reading.problems} == {"translation-gone"}
    post = reading.unwrap().campaigns["germany"].posts["launch"]
    assert post.thread == ()
    assert type(post.content).__name__ == "QuoteContent"


def test_taking_a_post_out_of_the_calendar_silences_nobody(coalition):
    text = SMALL[SMALL.index("  launch:") : SMALL.index("  listen:")]
    reading = read_calendar(coalition((text, "")))
    assert {problem.code for problem in reading.problems} == {"unknown-post"}
    assert {problem.severity for problem in reading.problems} == {Severity.WARNING}
    assert reading.unwrap().campaigns["germany"].posts.keys() == {"listen"}


@pytest.mark.parametrize(
    "lines",
    [
        "consents: {given: {withdrawn: 2027-01-01}}\n",
        "helplines: {eu: {number: '999'}}\n",
        "quotes: {guterres: {words: Hört zu.}}\n",
    ],
)
def test_what_belongs_to_all_no_member_changes(coalition, lines):
    file = coalition(
        ("quotes:\n", HELPLINE + "quotes:\n"),
        germany=GERMANY.partition("helplines:")[0].replace(", helpline: de-1", "") + lines,
    )
    assert codes(file) == {"not-here"}


@pytest.mark.parametrize("kind", ["languages/de", "members/germany"])
def test_of_two_files_for_one_neither_is_taken(coalition, kind):
    file = coalition()
    original = file.parent / f"{kind}.yaml"
    original.with_name(f"{original.stem}-copy.yaml").write_bytes(original.read_bytes())
    reading = read_calendar(file)
    assert reading.coalition.campaigns.keys() == {OWN, "cyprus"}
    same = [problem for problem in reading.problems if problem.code.startswith("same-")]
    assert {problem.file for problem in same} == {f"{kind}.yaml", f"{kind}-copy.yaml"}


def test_an_embargo_ends_for_everybody_at_one_instant(coalition):
    embargo = ("    text: Today we", "    embargo: 2026-11-25 10:00\n    text: Today we")
    spoken = read_calendar(coalition(embargo)).unwrap()
    ends = {each.posts["launch"].embargo for each in spoken.campaigns.values()}
    assert ends == {datetime(2026, 11, 25, 9, tzinfo=UTC)}


def test_the_program_s_words_of_the_calendar_are_nobody_else_s(coalition):
    phrases = ("days:\n", "phrases: {helpline: Call}\ndays:\n")
    spoken = read_calendar(coalition(phrases)).unwrap()
    assert spoken.own.phrases.helpline == "Call"
    assert spoken.campaigns["cyprus"].phrases.helpline == "Γραμμή βοήθειας"


def test_another_member_s_broken_file_makes_no_account_unknown(coalition):
    named = ("    text: Today we begin.", "    accounts: [archive, cyp]\n    text: Today we begin.")
    file = coalition(named, cyprus="member\n")
    assert read_calendar(file).coalition.campaigns.keys() == {OWN, "germany"}


def test_a_member_names_its_own_accounts(member):
    (problem,) = read_calendar(member("posts: {launch: {accounts: [archive]}}\n")).problems
    assert (problem.code, problem.file) == ("unknown-account", "members/germany.yaml")


def test_a_member_can_do_without_the_campaign_s_helpline(coalition):
    file = coalition(
        ("  language: en\n", "  language: en\n  helpline: eu\n"),
        ("quotes:\n", HELPLINE + "quotes:\n"),
        germany=(("helpline: de-1", "helpline: none"),),
    )
    campaigns = read_calendar(file).unwrap().campaigns
    assert campaigns["germany"].posts["launch"].helpline is None
    assert campaigns[OWN].posts["launch"].helpline.id == "eu"


def test_a_folder_that_cannot_be_looked_into_is_not_taken_for_an_empty_one(coalition):
    file = coalition()
    shutil.rmtree(file.parent / "members")
    (file.parent / "members").write_text("a file, and no folder", "utf-8")
    reading = read_calendar(file)
    assert reading.coalition.campaigns.keys() == {OWN}
    assert not reading.coalition.complete
    assert [problem.file for problem in reading.problems] == ["members/"]
