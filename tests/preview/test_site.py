"""The site: what it shows is the very draft, and nothing that a calendar says becomes markup."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import time
from itertools import cycle, pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from preview_samples import (
    ACCOUNTS,
    CONTENTS,
    FACT,
    PICTURE,
    QUOTE,
    campaign,
    jpeg,
    pages,
    parsed,
    post,
)

from scheduler.drafting import measuring
from scheduler.errors import Problem, Severity
from scheduler.model import (
    Account,
    Agreement,
    CallContent,
    Day,
    GraphicContent,
    Measure,
    PhotoContent,
    QuoteContent,
    Slide,
    Source,
    StatisticContent,
    TranslatedWords,
    Yes,
)
from scheduler.planning import plan_of
from scheduler.platforms import PLATFORMS
from scheduler.preview.looks import LOOKS
from scheduler.preview.site import write

HOSTILE = (
    "</p></style></title><script>alert(1)</script><img src=x onerror='alert(2)'>"
    "\" ' ` {{ 7 * 7 }} {% raw %} &amp; &#60; \u202eesrever\u202c \u2066 \u05d0\u05d1 <!-- ]]>"
)
SCRIPT = "javascript://example.org/%0aalert(3)"


def problem(message: str, **changes) -> Problem:
    return replace(
        Problem(file="campaign.yaml", line=9, column=3, code="x", message=message), **changes
    )


def said_everywhere(words: str, folder: Path):
    """A campaign with one post of every kind, and `words` in every field that takes a text."""
    source = Source(publisher=words, title=words, year=words, address=f"{SCRIPT}{words}")
    fact = replace(
        FACT,
        source=source,
        **dict.fromkeys(("figure", "statement", "population", "year", "caveat"), words),
    )
    quote = replace(
        QUOTE, source=source, **dict.fromkeys(("words", "language", "speaker", "role"), words)
    )
    contents = {
        "photo": PhotoContent(
            picture=replace(PICTURE, credit=words, licence=words), headline=words
        ),
        "quote": QuoteContent(quote=quote, excerpt=words),
        "statistic": StatisticContent(fact=fact),
        "graphic": GraphicContent(headline=words, points=(words,)),
        "call": CallContent(headline=words, body=words),
    }
    options = {"directory": words, "server": f"https://{words}", "visibility": words}
    accounts = {
        f"{platform} {words}": Account(
            name=f"{platform} {words}", platform=platform, options=options
        )
        for platform in (*LOOKS, words)
    }
    posts = [
        post(
            name,
            id=f"{name} {words}",
            content=content,
            text=words + "x" * 10_000,
            alt=words,
            note=words,
            language=words,
            accounts=tuple(accounts),
        )
        for name, content in contents.items()
    ]
    days = {number: Day(number=number, theme=words, observance=words) for number in range(1, 17)}
    made = campaign(*posts, id=words, title=words, language=words, days=days, accounts=accounts)
    shown = pages(made, folder, problem(words, hint=words, file=words))
    measure = Measure(name=words, used=2, limit=1, unit=words)
    return replace(shown, measures=dict.fromkeys(shown.drafts, ((measure,),)))


#: Where the pages say that a number about a network comes from.
ORIGINS = {
    origin.address
    for look in LOOKS.values()
    for origin in (
        look.pictures.origin,
        *(fold.origin for fold in (look.desktop, look.phone) if fold),
    )
}


def keeps_notes(account: Account) -> bool:
    return account.platform not in PLATFORMS or measuring(account).limits.notes


def shape(file: Path) -> list[tuple[str, tuple[str, ...]]]:
    """Every element, but for the parts of a folded text: they hang on its letters."""
    return [
        (each.tag, tuple(each.attributes))
        for each in parsed(file).all()
        if "past-" not in (each.attributes.get("class") or "")
    ]


def day_pages(out: Path) -> list[Path]:
    return sorted(out.glob("day-*.html"))


def section(out: Path, of):
    return parsed(out / f"day-{of.day:02}.html").one("section", id=f"post-{of.id}")


def test_there_is_an_overview_a_list_and_a_page_for_each_of_the_sixteen_days(tmp_path):
    site = write(pages(campaign(), tmp_path / "shelf"), out=tmp_path / "out")
    assert site.index == tmp_path / "out" / "index.html"
    assert site.pages == 18
    names = {file.name for file in (tmp_path / "out").glob("*.html")}
    assert names == {
        "index.html",
        "posts.html",
        *(f"day-{number:02}.html" for number in range(1, 17)),
    }


def test_every_post_stands_on_its_day_once_for_each_account(tmp_path):
    made = campaign()
    write(pages(made, tmp_path / "shelf"), out=tmp_path / "out")
    shown = {
        (int(file.stem.removeprefix("day-")), code.text)
        for file in day_pages(tmp_path / "out")
        for key in parsed(file).all("div", class_="key")
        for code in key.all("code")
    }
    assert shown == {(delivery.day, delivery.key) for delivery in plan_of(made)}


@pytest.mark.parametrize("account", ACCOUNTS)
def test_what_is_shown_is_the_very_text_of_the_draft(tmp_path, account):
    text = (
        "https://www.example.org/a/very/long/path/that/is/cut?x=1 (#16Days, @a@b.example).\n\n  End"
    )
    made = campaign(post("call", text=text, accounts=(account,)))
    given = pages(made, tmp_path / "shelf")
    write(given, out=tmp_path / "out")
    caption = section(tmp_path / "out", made.posts["the-call"]).one("p", class_="caption")
    assert caption.text == given.drafts["the-call", account][0].text


@pytest.mark.parametrize("account", ACCOUNTS)
def test_what_is_shown_is_the_very_picture_and_alt_text_of_the_draft(tmp_path, account):
    made = campaign(post("call", accounts=(account,), alt='The "card"\nin two lines & more'))
    given = pages(made, tmp_path / "shelf")
    write(given, out=tmp_path / "out")
    (picture,) = given.drafts["the-call", account][0].pictures
    shown = section(tmp_path / "out", made.posts["the-call"])
    sources = {image.attributes["src"] for image in shown.all("img")}
    assert sources == {f"cards/{picture.digest}.jpg"}
    copied = (tmp_path / "out" / sources.pop()).read_bytes()
    assert hashlib.sha256(copied).hexdigest() == picture.digest
    look = shown.one("section", class_="look")
    kept = {each.text for each in look.all("p")} | {
        image.attributes["alt"] for image in look.all("img")
    }
    assert picture.alt in kept
    assert shown.one("section", class_="alt").one("p").text == picture.alt


def test_a_translated_quote_shows_both_wordings_each_in_its_language(tmp_path):
    translated = TranslatedWords(
        words="Safety first. Then all else.", language="en", translator="Translator"
    )
    content = QuoteContent(quote=replace(QUOTE, in_translation=translated), excerpt="Safety first.")
    made = campaign(post("quote", content=content))
    write(pages(made, tmp_path / "shelf"), out=tmp_path / "out")
    proof = section(tmp_path / "out", made.posts["the-quote"]).one("section", class_="proof")
    original, translation = proof.all("blockquote")
    assert (original.text, original.attributes["lang"]) == (QUOTE.words, "de")
    assert (translation.text, translation.attributes["lang"]) == (translated.words, "en")
    assert proof.one("mark").text == "Safety first."
    assert "Translated by Translator." in proof.text


def test_a_content_note_folds_the_post_away_as_mastodon_does(tmp_path):
    made = campaign(post("call", note="Mentions killing", accounts=("network",)))
    write(pages(made, tmp_path / "shelf"), out=tmp_path / "out")
    fold = section(tmp_path / "out", made.posts["the-call"]).one("details", class_="fold")
    assert "open" not in fold.attributes
    assert fold.one("span", class_="note").text == "Mentions killing"
    assert "The caption of the call." in fold.one("p", class_="caption").text


def on(platform: str, tmp_path: Path, **changes):
    """A post as it is shown for an account on the platform."""
    account = Account(name="loud", platform=platform, options={"handle": "loud.example"})
    made = campaign(post("call", accounts=("loud",), **changes), accounts={"loud": account})
    write(pages(made, tmp_path / "shelf"), out=tmp_path / "out")
    return section(tmp_path / "out", made.posts["the-call"]).one("section", class_="look")


@pytest.mark.parametrize(("platform", "name"), [("bluesky", "Bluesky"), ("x", "X")])
def test_where_there_is_no_content_note_it_stands_first_in_the_text_and_the_page_says_so(
    tmp_path, platform, name
):
    look = on(platform, tmp_path, note="Mentions killing")
    caption = look.one("p", class_="caption").text
    assert caption.startswith("Mentions killing\n\nThe caption of the call.")
    said = look.one("dl", class_="sending").text
    assert f"None on {name}: it stands first in the text" in said
    assert look.one("p", class_="names").text == "loud @loud.example"


@pytest.mark.parametrize("platform", ["bluesky", "x"])
def test_a_post_without_a_note_says_nothing_of_notes(tmp_path, platform):
    look = on(platform, tmp_path)
    assert "Content note" not in look.one("dl", class_="sending").text
    assert not list(look.all("details", class_="cover"))


def test_a_content_note_covers_the_pictures_on_bluesky(tmp_path):
    fold = on("bluesky", tmp_path, note="Mentions killing").one("details", class_="cover")
    assert "open" not in fold.attributes
    assert [image.tag for image in fold.all("img")] == ["img"]


@pytest.mark.parametrize("platform", ["bluesky", "x"])
def test_only_where_no_language_is_told_the_page_says_so(tmp_path, platform):
    said = on(platform, tmp_path).one("dl", class_="sending").text
    assert ("has no field for the language" in said) is (platform == "x")


def test_on_x_a_content_note_covers_nothing(tmp_path):
    look = on("x", tmp_path, note="Mentions killing")
    assert not list(look.all("details", class_="fold"))
    assert not list(look.all("details", class_="cover"))


@pytest.mark.parametrize(
    ("text", "cost"),
    [
        ("Words alone.", "$0.02"),
        ("See https://example.org/a.", "$0.205"),
        ("See file.py", "$0.205"),
    ],
)
def test_on_x_the_page_says_what_a_post_costs(tmp_path, text, cost):
    said = on("x", tmp_path, text=text).one("dl", class_="sending").text
    assert f"{cost} charged by X" in said


def test_on_x_a_bare_domain_is_shown_as_the_link_that_it_becomes(tmp_path):
    look = on("x", tmp_path, text="See Acme.Inc")
    assert "Acme.Inc" in [each.text for each in look.all("span", class_="linked")]


@pytest.mark.parametrize("platform", ["mastodon", "bluesky"])
def test_where_publishing_is_free_no_cost_is_shown(tmp_path, platform):
    said = on(platform, tmp_path).one("dl", class_="sending").text
    assert "$" not in said
    assert "Costs" not in said


def test_the_hour_is_told_by_the_clocks_of_the_campaign_and_in_universal_time(tmp_path):
    made = campaign(post("call", at=time(0, 30), accounts=("network",)))
    write(pages(made, tmp_path / "shelf"), out=tmp_path / "out")
    shown = section(tmp_path / "out", made.posts["the-call"]).one("dl", class_="sending").text
    assert "00:30 in Europe/Berlin" in shown
    assert "23:30 UTC on 28 November" in shown
    assert "03:30" in shown
    assert "3 hours of grace" in shown


def test_a_statistic_shows_everything_that_keeps_it_honest(tmp_path):
    made = campaign()
    write(pages(made, tmp_path / "shelf"), out=tmp_path / "out")
    proof = section(tmp_path / "out", made.posts["the-statistic"]).one("section", class_="proof")
    for said in (FACT.figure, FACT.statement, FACT.population, FACT.year, FACT.caveat):
        assert said in proof.text
    assert "published 2024" in proof.text
    assert "Read only where a third party repeats it on 20 November 2026" in proof.text
    assert proof.one("a").attributes["href"] == FACT.source.address


def test_a_quote_shows_its_words_in_their_language_and_marks_what_is_on_the_card(tmp_path):
    made = campaign()
    write(pages(made, tmp_path / "shelf"), out=tmp_path / "out")
    proof = section(tmp_path / "out", made.posts["the-quote"]).one("section", class_="proof")
    words = proof.one("blockquote")
    assert words.text == QUOTE.words
    assert words.attributes["lang"] == "de"
    assert words.one("mark").text == "Dann alles andere."
    assert "Read at the publisher’s own address on 22 November 2026" in proof.text


def test_a_measure_over_its_limit_says_by_how_much(tmp_path):
    made = campaign(post("call", accounts=("network",)))
    measures = {
        ("the-call", "network"): (
            (
                Measure(name="text", used=1517, limit=500, unit="characters"),
                Measure(name="pictures", used=1, limit=4, unit="pictures"),
            ),
        )
    }
    write(pages(made, tmp_path / "shelf", measures=measures), out=tmp_path / "out")
    text, pictures = (
        section(tmp_path / "out", made.posts["the-call"]).one(class_="meters").all("li")
    )
    assert " ".join(text.text.split()) == "Text 1,017 too many: 1,517 of 500 characters"
    assert text.attributes["class"] == "over"
    assert " ".join(pictures.text.split()) == "Pictures 1 of 4"
    assert "class" not in pictures.attributes


def test_a_measure_below_its_least_says_how_many_are_missing(tmp_path):
    made = campaign(post("call", accounts=("network",)))
    lacking = Measure(name="pictures", used=0, limit=10, unit="pictures", least=1)
    measures = {("the-call", "network"): ((lacking,),)}
    write(pages(made, tmp_path / "shelf", measures=measures), out=tmp_path / "out")
    (item,) = section(tmp_path / "out", made.posts["the-call"]).one(class_="meters").all("li")
    assert " ".join(item.text.split()) == "Pictures 1 too few: 0 of 10"
    assert item.attributes["class"] == "over"


def test_of_many_pictures_that_fit_the_largest_is_shown_and_each_that_does_not(tmp_path):
    shown = pages(campaign(post("call")), tmp_path)
    alts = [
        Measure(name=f"alt text of picture {n}", used=n, limit=9, unit="characters")
        for n in range(1, 11)
    ]
    sizes = [Measure(name=f"picture {n}", used=n, limit=9, unit="bytes") for n in (1, 2)]
    measures = dict.fromkeys(shown.measures, ((*alts, *sizes),))
    write(replace(shown, measures=measures), out=tmp_path / "out")
    page = parsed(tmp_path / "out" / "day-05.html")
    meters = next(page.all("ul", class_="meters"))
    names = [next(each.all("span")).text for each in meters.all("li")]
    assert names == ["Longest of 9 alt texts", "Alt text of picture 10", "Picture 1", "Picture 2"]
    assert "9 of 9" in next(meters.all("li")).text


def test_a_problem_stands_beside_its_post_and_nowhere_else_but_in_the_list(tmp_path):
    made = campaign()
    said = problem('day 5, post "the-call": too long', hint="shorten it")
    write(pages(made, tmp_path / "shelf", said), out=tmp_path / "out")
    shown = section(tmp_path / "out", made.posts["the-call"]).one("li", class_="problem error")
    for part in (said.message, said.hint, "campaign.yaml:9:3"):
        assert part in shown.text
    (listed,) = parsed(tmp_path / "out" / "index.html").all("li", class_="problem error")
    assert said.message in listed.text
    assert listed.one("a").attributes["href"] == "day-05.html#post-the-call"
    elsewhere = [file for file in day_pages(tmp_path / "out") if file.name != "day-05.html"]
    assert not any(said.message in parsed(file).text for file in elsewhere)


def test_the_overview_counts_posts_accounts_deliveries_and_problems(tmp_path):
    said = (problem("one"), problem("two", severity=Severity.WARNING))
    write(pages(campaign(), tmp_path / "shelf", *said), out=tmp_path / "out")
    index = parsed(tmp_path / "out" / "index.html")
    numbers = {
        each.one("dt").text: int(each.one("dd").text)
        for each in index.one("dl", class_="numbers").all("div")
    }
    assert numbers == {"days": 16, "posts": 5, "accounts": 3, "deliveries": 15, "problems": 2}
    assert "1 error and 1 warning." in index.one("p", class_="verdict bad").text


def test_errors_stand_before_warnings(tmp_path):
    said = (problem("first in the file", line=1, severity=Severity.WARNING), problem("grave"))
    write(pages(campaign(), tmp_path / "shelf", *said), out=tmp_path / "out")
    listed = parsed(tmp_path / "out" / "index.html").one("ul", class_="problems").all("li")
    assert [each.attributes["class"] for each in listed] == ["problem error", "problem warning"]


def test_a_post_whose_card_cannot_be_drawn_shows_its_words_and_says_that_nothing_is_sent(tmp_path):
    made = campaign(post("call", accounts=("network",)))
    write(pages(made, tmp_path / "shelf", drafts={}, measures={}), out=tmp_path / "out")
    shown = section(tmp_path / "out", made.posts["the-call"])
    assert "There is no draft for this account" in shown.text
    assert shown.one("p", class_="caption").text == f"{made.posts['the-call'].text}\n\n#16Days"
    assert not list(shown.all("img"))
    index = parsed(tmp_path / "out" / "index.html")
    assert "1 delivery without a draft." in index.one("p", class_="verdict bad").text


def test_only_a_campaign_without_problems_is_called_so(tmp_path):
    write(pages(campaign(), tmp_path / "shelf"), out=tmp_path / "out")
    verdict = parsed(tmp_path / "out" / "index.html").one("p", class_="verdict good")
    assert "No problems were found." in verdict.text


def test_a_card_that_changed_since_it_was_drafted_is_not_shown(tmp_path):
    made = campaign(post("call", accounts=("network",)))
    given = pages(made, tmp_path / "shelf")
    given.drafts["the-call", "network"][0].pictures[0].file.write_bytes(jpeg("black"))
    write(given, out=tmp_path / "out")
    shown = section(tmp_path / "out", made.posts["the-call"])
    assert not list(shown.all("img"))
    assert "its file is gone or has changed" in shown.text


def test_a_day_without_a_post_says_so(tmp_path):
    write(pages(campaign(), tmp_path / "shelf"), out=tmp_path / "out")
    assert "No post on this day." in parsed(tmp_path / "out" / "day-16.html").one("main").text
    assert "No post on this day." not in parsed(tmp_path / "out" / "day-01.html").text


def test_hostile_text_in_every_field_stays_text(tmp_path):
    # Whatever more the hostile pages hold than the harmless ones, the hostile words made it.
    write(said_everywhere("harmless", tmp_path / "shelf"), out=tmp_path / "harmless")
    write(said_everywhere(HOSTILE, tmp_path / "shelf"), out=tmp_path / "hostile")
    for file in (tmp_path / "harmless").glob("*.html"):
        assert shape(tmp_path / "hostile" / file.name) == shape(file), file.name


def test_hostile_text_is_shown_to_the_letter(tmp_path):
    given = said_everywhere(HOSTILE, tmp_path / "shelf")
    write(given, out=tmp_path / "out")
    for each in given.coalition.own.posts.values():
        shown = section(tmp_path / "out", each)
        text = f"{each.text}\n\n#16Days"
        below_its_note = f"{each.note}\n\n{text}"
        captions = {
            next(look.one("h4").all("bdi")).text: look.one("p", class_="caption").text
            for look in shown.all("section", class_="look")
        }
        assert captions == {
            name: text if keeps_notes(account) else below_its_note
            for name, account in given.coalition.own.accounts.items()
        }
        alt = given.drafts[each.id, each.accounts[0]][0].pictures[0].alt
        assert shown.one("section", class_="alt").one("p").text == alt
    index = parsed(tmp_path / "out" / "index.html")
    assert index.one("h1").text == HOSTILE
    listed = index.one("ul", class_="problems").one("li")
    assert listed.text.count(HOSTILE) == 3


def test_an_address_that_is_not_of_the_web_never_becomes_a_link(tmp_path):
    write(said_everywhere(HOSTILE, tmp_path / "shelf"), out=tmp_path / "out")
    for file in (tmp_path / "out").glob("*.html"):
        leading = [link.attributes["href"] for link in parsed(file).all("a")]
        ours = [address for address in leading if address not in ORIGINS]
        assert {urlsplit(address).scheme for address in ours} == {""}


def test_a_hostile_address_in_a_caption_cannot_leave_its_attribute(tmp_path):
    text = "https://example.org/'onmouseover='alert(1)'/><script>alert(2)</script>"
    made = campaign(post("call", text=text, accounts=("network",)))
    write(pages(made, tmp_path / "shelf"), out=tmp_path / "out")
    caption = section(tmp_path / "out", made.posts["the-call"]).one("p", class_="caption")
    (link,) = caption.all("a")
    assert set(link.attributes) == {"class", "href", "rel"}
    assert link.attributes["href"] == link.text
    assert {each.tag for each in caption.all()} == {"a", "span"}


def test_words_that_turn_the_direction_are_fenced_in_wherever_they_stand(tmp_path):
    write(said_everywhere("\u202eesrever", tmp_path / "shelf"), out=tmp_path / "out")
    for file in (tmp_path / "out").glob("*.html"):
        holders = [
            each
            for each in parsed(file).one("body").all()
            if any(isinstance(part, str) and "\u202e" in part for part in each.inside)
        ]
        loose = [
            each for each in holders if each.tag != "bdi" and each.attributes.get("dir") != "auto"
        ]
        assert holders
        assert not loose, file.name


def test_nothing_is_loaded_from_elsewhere(tmp_path):
    text = "https://tracker.example/pixel.png"
    write(pages(campaign(post("call", text=text)), tmp_path / "shelf"), out=tmp_path / "out")
    for file in (tmp_path / "out").glob("*.html"):
        for each in parsed(file).all():
            if each.tag == "a":
                continue
            for name in ("src", "href", "srcset", "data", "action", "poster"):
                address = each.attributes.get(name) or ""
                assert address == "data:," or not urlsplit(address).scheme
                assert not address.startswith("//")
    style = (tmp_path / "out" / "style.css").read_text("utf-8")
    assert "url(" not in style
    assert "@import" not in style


def test_every_page_but_the_list_forbids_scripts_before_it_loads_anything(tmp_path):
    write(pages(campaign(), tmp_path / "shelf"), out=tmp_path / "out")
    for file in (tmp_path / "out").glob("*.html"):
        head = [each.attributes for each in parsed(file).one("head").all()]
        policy = next(each for each in head if "http-equiv" in each)
        assert policy["content"].startswith("default-src 'none';")
        runs = policy["content"].partition("script-src ")[2]
        assert runs == ("'self' file:" if file.name == "posts.html" else "")
        loading = next(each for each in head if "href" in each or "src" in each)
        assert head.index(policy) < head.index(loading)


def test_every_relative_link_leads_somewhere(tmp_path):
    strange = post("call", id='100% "sure" <b>')
    said = problem('post "100% "sure" <b>"')
    write(pages(campaign(strange, post("quote")), tmp_path / "shelf", said), out=tmp_path / "out")
    trees = {file.name: parsed(file) for file in (tmp_path / "out").glob("*.html")}
    anchors = {
        name: {each.attributes.get("id") for each in tree.all()} for name, tree in trees.items()
    }
    followed = 0
    for name, tree in trees.items():
        for each in tree.all():
            address = urlsplit(each.attributes.get("href") or each.attributes.get("src") or "")
            if address.scheme:
                continue
            target = unquote(address.path) or name
            assert (tmp_path / "out" / target).is_file()
            if address.fragment:
                assert unquote(address.fragment) in anchors[target]
                followed += 1
    assert followed > 17


def test_pictures_have_an_alternative_and_headings_leave_no_level_out(tmp_path):
    write(pages(campaign(), tmp_path / "shelf"), out=tmp_path / "out")
    for file in (tmp_path / "out").glob("*.html"):
        tree = parsed(file)
        assert all("alt" in image.attributes for image in tree.all("img"))
        levels = [int(each.tag[1]) for each in tree.all() if each.tag in {"h1", "h2", "h3", "h4"}]
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))
        names = [each.attributes["id"] for each in tree.all() if "id" in each.attributes]
        assert len(names) == len(set(names))


def test_pages_that_did_not_change_are_not_written_again(tmp_path):
    given = pages(campaign(), tmp_path / "shelf")
    first = write(given, out=tmp_path / "out")
    before = {file: file.stat() for file in (tmp_path / "out").rglob("*.*")}
    second = write(given, out=tmp_path / "out")
    assert (first.changed, second.changed) == (20, 0)
    after = {file: file.stat() for file in (tmp_path / "out").rglob("*.*")}
    assert {file: (each.st_ino, each.st_mtime_ns) for file, each in after.items()} == {
        file: (each.st_ino, each.st_mtime_ns) for file, each in before.items()
    }


def test_an_edited_post_changes_its_day_the_overview_and_the_list_alone(tmp_path):
    write(pages(campaign(post("call"), post("quote")), tmp_path / "shelf"), out=tmp_path / "out")
    before = {file.name: file.read_bytes() for file in (tmp_path / "out").glob("*.html")}
    edited = campaign(post("call", text="Edited."), post("quote"))
    site = write(pages(edited, tmp_path / "shelf"), out=tmp_path / "out")
    after = {file.name: file.read_bytes() for file in (tmp_path / "out").glob("*.html")}
    assert {name for name in after if after[name] != before[name]} == {
        "index.html",
        "day-05.html",
        "posts.html",
    }
    assert site.changed == 3


def test_cards_that_are_no_longer_shown_go_and_everything_else_stays(tmp_path):
    out = tmp_path / "out"
    given = pages(campaign(post("call"), post("quote")), tmp_path / "shelf")
    write(given, out=out)
    mine = [out / "notes.txt", out / "cards" / "mine.jpg", out / "cards" / "abc123.jpg"]
    for file in mine:
        file.write_text("mine")
    write(pages(campaign(post("call")), tmp_path / "shelf"), out=out)
    kept = given.drafts["the-call", "network"][0].pictures[0].digest
    gone = given.drafts["the-quote", "network"][0].pictures[0].digest
    assert (out / "cards" / f"{kept}.jpg").is_file()
    assert not (out / "cards" / f"{gone}.jpg").exists()
    assert [file.read_text() for file in mine] == ["mine"] * 3


def test_a_calendar_that_cannot_be_read_shows_its_problems_and_keeps_the_older_pages(tmp_path):
    write(pages(campaign(), tmp_path / "shelf"), out=tmp_path / "out")
    before = {file: file.read_bytes() for file in (tmp_path / "out").rglob("*.*")}
    said = problem("a second document begins here", hint="delete it")
    broken = pages(campaign(), tmp_path, said, coalition=None, drafts={}, measures={})
    site = write(broken, out=tmp_path / "out")
    assert site.pages == 1
    main = parsed(site.index).one("main").text
    for part in (said.message, said.hint, "campaign.yaml:9:3"):
        assert part in main
    assert "Nothing can be shown until these are mended. Nothing was sent." in main
    after = {file: file.read_bytes() for file in (tmp_path / "out").rglob("*.*")}
    assert after.keys() == before.keys()
    assert {file for file in after if after[file] != before[file]} == {site.index}


def test_a_calendar_of_one_organisation_says_nothing_about_members(tmp_path):
    made = campaign(post("call"), post("quote"))
    held = {("the-call", account): "a reason" for account in ACCOUNTS}
    write(pages(made, tmp_path / "shelf", held=held), out=tmp_path / "out")
    assert {file.name for file in (tmp_path / "out").iterdir()} == {
        "cards",
        "filters.js",
        "style.css",
        *(file.name for file in (tmp_path / "out").glob("*.html")),
    }
    for file in (tmp_path / "out").glob("*.html"):
        text = file.read_text("utf-8").lower()
        for word in ("member", "organisation", "coalition", "translat", "left out", "a reason"):
            assert word not in text, file.name


def test_each_part_of_a_thread_is_shown_with_its_own_words_and_measures(tmp_path):
    made = campaign(post("call", accounts=("network",), thread=("Second part.", "Third part.")))
    write(pages(made, tmp_path / "shelf"), out=tmp_path / "out")
    looks = list(section(tmp_path / "out", made.posts["the-call"]).all("section", class_="look"))
    assert [look.one("p", class_="caption").text for look in looks][1:] == [
        "Second part.",
        "Third part.",
    ]
    assert "part 2 of 3" in looks[1].one("h4").text
    assert [len(list(look.all("img"))) for look in looks] == [1, 0, 0]


def test_each_slide_of_a_carousel_has_its_alt_text_and_its_source(tmp_path):
    slides = (
        Slide(content=CONTENTS["quote"], alt="The first slide."),
        Slide(content=CONTENTS["statistic"], alt="The second slide."),
    )
    made = campaign(post("quote", slides=slides))
    write(pages(made, tmp_path / "shelf"), out=tmp_path / "out")
    shown = section(tmp_path / "out", made.posts["the-quote"])
    alts = [each.text for each in shown.one("section", class_="alt").all("p")]
    assert alts == [
        "The first slide. At the foot: Brand.",
        "The second slide. At the foot: Brand.",
    ]
    assert len(list(shown.all("section", class_="proof"))) == 2


def on_telegram(tmp_path, **options):
    account = Account(name="loud", platform="telegram", options={"channel": "@loud", **options})
    made = campaign(post("call", accounts=("loud",)), accounts={"loud": account})
    write(pages(made, tmp_path / "shelf"), out=tmp_path / "out")
    return section(tmp_path / "out", made.posts["the-call"]).one("section", class_="look")


def test_descriptions_that_telegram_drops_are_said_to_be_lost(tmp_path):
    look = on_telegram(tmp_path)
    assert "nobody is told what the pictures show" in look.one("dl", class_="sending").text
    assert not list(look.all("details", class_="badge"))
    assert "🖼" not in look.text


def test_descriptions_in_a_caption_are_shown_where_they_will_stand(tmp_path):
    look = on_telegram(tmp_path, alts="caption")
    assert "they stand below the text" in look.one("dl", class_="sending").text
    assert "🖼 " in look.text


def test_every_sign_that_a_page_uses_is_drawn_on_it(tmp_path):
    """A sign that is only named stays an empty square, of which no browser complains."""
    made = pages(campaign(), tmp_path / "shelf", problem("one"))
    yes = {
        each.key: Yes(agreement=agreement)
        for each, agreement in zip(plan_of(campaign()), cycle(Agreement), strict=False)
    }
    held = dict.fromkeys(made.drafts, "a reason")
    write(replace(made, approvals=yes, held=held), out=tmp_path / "out")
    for file in (tmp_path / "out").glob("*.html"):
        page = parsed(file)
        drawn = {each.attributes["id"] for each in page.all("symbol")}
        used = {each.attributes["href"].removeprefix("#") for each in page.all("use")}
        assert used <= drawn, file.name
