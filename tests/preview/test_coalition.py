"""A coalition as a site: a front page for everybody, and pages for each organisation."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit
from zoneinfo import ZoneInfo

import pytest
from preview_samples import (
    DRAFT,
    Element,
    campaign,
    coalition,
    cyprus,
    file_places,
    germany,
    logo,
    member,
    pages,
    parsed,
    post,
    voiceless,
)

from scheduler.errors import Problem, Severity
from scheduler.model import OWN, Coalition, Day, Member, Rules, Translation, Wording
from scheduler.preview.site import write

HOSTILE = (
    "</p></td></style></title><script>alert(1)</script><img src=x onerror='alert(2)'>"
    "\" ' ` {{ 7 * 7 }} {% raw %} &amp; &#60; \u202eesrever\u202c \u2066 \u05d0\u05d1 <!-- ]]>"
)
STATES = ("translated", "draft", "stale", "held", "missing", "opted out")


def problem(file: str, message: str = "something", **changes) -> Problem:
    made = Problem(file=file, line=9, column=3, code="x", message=message)
    return replace(made, **changes)


@pytest.fixture
def out(tmp_path) -> Path:
    return tmp_path / "out"


@pytest.fixture
def two(tmp_path) -> Coalition:
    """Cyprus in Greek, and Germany in German."""
    own = voiceless(campaign(places=file_places("campaign.yaml", ("posts", "the-call"))))
    folder = tmp_path / "assets"
    return coalition(cyprus(own, folder), germany(own, folder), own=own)


@pytest.fixture
def site(two, tmp_path, out):
    def made(*problems: Problem, of: Coalition = two, **changes) -> Element:
        write(pages(of, tmp_path / "shelf", *problems, **changes), out=out)
        return parsed(out / "index.html")

    return made


def page_of(out: Path, member: str, day: int = 0) -> Element:
    return parsed(out / "members" / member / (f"day-{day:02}.html" if day else "index.html"))


def squares(front: Element) -> dict[tuple[str, str], str]:
    """What the table says: by post and organisation, as a reader puts a cell together."""
    table = front.one("table")
    names, _ = table.one("thead").all("tr")
    members = [each.text for each in names.all("th")]
    rows = [row for row in table.all("tr") if list(row.all("th", scope="row"))]
    return {
        (row.one("th").one("bdi").text, name): cell.text
        for row in rows
        for name, cell in zip(members, row.all("td"), strict=True)
    }


# ── the front page ────────────────────────────────────────────────────────────────────────────────


def test_there_is_a_front_page_and_seventeen_pages_for_each_organisation(two, tmp_path, out):
    made = write(pages(two, tmp_path / "shelf"), out=out)
    assert (made.index, made.pages) == (out / "index.html", 36)
    written = {file.relative_to(out).as_posix() for file in out.rglob("*.html")}
    assert written == {
        "index.html",
        "posts.html",
        *(
            f"members/{id_}/{name}"
            for id_ in ("cyprus", "germany")
            for name in ("index.html", *(f"day-{day:02}.html" for day in range(1, 17)))
        ),
    }


def test_the_table_says_of_each_post_how_far_each_organisation_has_come(site):
    held = {("the-statistic", "germany.page"): "a figure was superseded"}
    assert squares(site(held=held)) == {
        ("the-photo", "Μέλος της Κύπρου"): "opted out",
        ("the-photo", "Mitglied in Deutschland"): "draft",
        ("the-quote", "Μέλος της Κύπρου"): "stale",
        ("the-quote", "Mitglied in Deutschland"): "draft",
        ("the-statistic", "Μέλος της Κύπρου"): "draft",
        ("the-statistic", "Mitglied in Deutschland"): "held",
        ("the-graphic", "Μέλος της Κύπρου"): "opted out",
        ("the-graphic", "Mitglied in Deutschland"): "draft",
        ("the-call", "Μέλος της Κύπρου"): "translated",
        ("the-call", "Mitglied in Deutschland"): "draft",
    }


def test_every_state_has_a_sign_and_a_word_and_is_explained(site):
    front = site()
    shown = {
        each.text.split(maxsplit=1)[1]: each for each in front.one("ul", class_="legend").all("b")
    }
    assert tuple(shown) == STATES
    signs = [each.one("use").attributes["href"] for each in shown.values()]
    assert len(set(signs)) == len(STATES)
    drawn = {f"#{each.attributes['id']}" for each in front.all("symbol")}
    assert set(signs) <= drawn
    for cell in front.one("table").all("td"):
        for link in cell.all("a"):
            (sign,) = link.all("use")
            assert sign.attributes["href"] == shown[link.text].one("use").attributes["href"]


def test_the_legend_counts_the_posts_in_each_state(site):
    counted = [each.text for each in site().one("ul", class_="legend").all("b")]
    assert counted == ["1 translated", "6 draft", "1 stale", "0 held", "0 missing", "2 opted out"]


def test_a_cell_leads_to_the_post_on_the_page_of_that_organisation_and_day(site, out):
    front = site()
    links = [
        link.attributes["href"] for cell in front.one("table").all("td") for link in cell.all("a")
    ]
    assert "members/cyprus/day-05.html#post-the-call" in links
    assert "members/cyprus/day-01.html#post-the-photo" in links
    for link in links:
        file, _, fragment = link.partition("#")
        assert fragment in {each.attributes.get("id") for each in parsed(out / file).all()}


def test_the_table_has_a_head_for_every_column_row_and_day(site):
    front = site()
    table = front.one("table")
    names, codes = (
        [each.text for each in row.all("th", scope="col")] for row in table.one("thead").all("tr")
    )
    assert names == ["Μέλος της Κύπρου", "Mitglied in Deutschland"]
    assert codes == ["Post", "CY · elNicosia", "DE · deBerlinkit"]
    days = [each.text for each in table.all("th", scope="rowgroup")]
    assert len(days) == 16
    assert days[0] == "Day 1 Wed 25 Nov Theme 1"
    assert days[15] == "Day 16 Thu 10 Dec Theme 16 No post on this day."
    assert table.one("caption").text.startswith("Every post of every day")
    around = front.one("div", role="group")
    assert around.attributes["tabindex"] == "0"


def test_a_post_of_one_organisation_alone_leaves_the_others_empty(two, site):
    german = two.campaigns["germany"]
    own = replace(german.posts["the-call"], id="unser-beitrag", translation=None)
    more = replace(german, posts={**german.posts, own.id: own})
    made = squares(site(of=replace(two, campaigns={**two.campaigns, "germany": more})))
    assert made["unser-beitrag", "Mitglied in Deutschland"] == "translated"
    assert made["unser-beitrag", "Μέλος της Κύπρου"] == "not one of its posts"


def test_a_post_that_an_organisation_says_on_another_day_stands_on_both(two, site):
    german = two.campaigns["germany"]
    moved = {**german.posts, "the-call": replace(german.posts["the-call"], day=9)}
    front = site(
        of=replace(two, campaigns={**two.campaigns, "germany": replace(german, posts=moved)})
    )
    rows = [
        row.one("th").attributes["id"]
        for row in front.one("table").all("tr")
        if row.text[:8] == "the-call"
    ]
    assert rows == ["day-5-the-call", "day-9-the-call"]


def test_every_organisation_is_introduced(site, out):
    cypriot, german = site().one("ul", class_="members").all("li", class_="member")
    assert cypriot.one("h3").text == "Μέλος της Κύπρου"
    assert cypriot.one("h3").one("a").attributes["href"] == "members/cyprus/index.html"
    assert "Greek, Asia/Nicosia, CY" in cypriot.text
    assert "6 deliveries to cyprus.page (Mastodon), cyprus.archive (Folder)" in cypriot.text
    assert "German, Europe/Berlin, DE" in german.text
    assert "Takes part with a kit: 10 deliveries to hand over" in german.text
    for each in (cypriot, german):
        assert (out / each.one("img").attributes["src"]).is_file()


def test_the_front_page_counts_what_is_published_apart_from_what_is_handed_over(site):
    numbers = {
        each.one("dt").text: int(each.one("dd").text)
        for each in site(problem("campaign.yaml")).one("dl", class_="numbers").all("div")
    }
    assert numbers == {
        "organisations": 2,
        "languages": 2,
        "posts": 5,
        "to publish": 6,
        "to hand over": 10,
        "problems": 1,
    }


def test_all_problems_stand_on_the_front_page_with_file_and_line(site):
    said = [
        problem("campaign.yaml", "of all", line=1),
        problem("languages/el.yaml", "of Greek", line=1, severity=Severity.WARNING),
        problem("members/germany.yaml", "of Germany", hint="mend it"),
        problem("assets/unknown.yaml", "of nobody"),
    ]
    front = site(*said)
    lists = {each.one("h3").one("bdi").text: each for each in front.all("details", class_="file")}
    assert list(lists) == [
        "campaign.yaml",
        "assets/unknown.yaml",
        "members/germany.yaml",
        "languages/el.yaml",
    ]
    for each in said:
        for part in (each.message, each.hint, f"{each.file}:{each.line}:{each.column}"):
            assert part in lists[each.file].text
    assert "3 errors and 1 warning." in front.one("p", class_="verdict bad").text


def test_a_problem_leads_to_where_it_is_shown(site, out):
    front = site(
        problem("campaign.yaml", "in the lines of a post", line=1),
        problem("languages/el.yaml", "in the lines of a post", line=1),
        problem("members/germany.yaml", "day 7 is strange"),
    )
    assert {
        link.text: link.attributes["href"]
        for each in front.all("p", class_="where")
        for link in each.all("a")
    } == {
        "the-call": "#day-5-the-call",
        "Μέλος της Κύπρου, the-quote": "members/cyprus/day-02.html#post-the-quote",
        "Mitglied in Deutschland, day 7": "members/germany/day-07.html",
    }


def test_whoever_is_kept_out_by_an_error_is_named_by_the_file(two, site):
    said = [problem(f"members/{id_}.yaml", "no such zone") for id_ in ("italy", "cyprus")]
    front = site(*said, of=replace(two, complete=False))
    (_, told) = front.all("p", class_="verdict bad")
    assert "Not everybody is shown." in told.text
    # Cyprus is shown: what is wrong with one of its posts holds back that post.
    assert [each.text for each in told.all("code")] == ["members/italy.yaml"]


def test_a_calendar_whose_members_all_have_errors_still_has_a_front_page(site):
    front = site(problem("members/italy.yaml"), of=coalition(complete=False))
    assert "Nobody says anything yet." in front.text
    assert "members/italy.yaml" in front.text


def test_the_calendars_own_accounts_speak_beside_those_of_the_members(two, site, out):
    own = replace(campaign(), member=Member(id=OWN, name="The coalition"))
    front = site(of=coalition(two.campaigns["cyprus"], own=own))
    assert squares(front)["the-call", "The coalition"] == "translated"
    assert page_of(out, OWN).one("p", class_="bearer").text == "The coalition"


@pytest.mark.parametrize(
    ("number", "width"), [(2, "few"), (12, "some"), (19, "many"), (27, "crowd")]
)
def test_the_table_is_set_for_the_number_of_its_columns(site, number, width):
    members = [member(f"m{each}", campaign(post("call"))) for each in range(number)]
    front = site(of=coalition(*members))
    assert front.one("div", role="group").attributes["class"] == f"matrix {width}"


def test_the_front_page_of_nineteen_members_with_thirty_posts_stays_light(site, out):
    said = campaign(
        *(
            post("call", id=f"a-post-of-the-campaign-{each}", day=each % 16 + 1)
            for each in range(30)
        )
    )
    members = [member(f"an-organisation-{each}", said) for each in range(19)]
    site(of=coalition(*members, own=voiceless(said)))
    assert (out / "index.html").stat().st_size < 300_000


# ── the pages of an organisation ──────────────────────────────────────────────────────────────────


def test_each_organisation_speaks_its_own_language_by_its_own_clocks(site, out):
    site()
    greek, german = (
        page_of(out, id_, 5).one("section", class_="post") for id_ in ("cyprus", "germany")
    )
    assert greek.one("h2").one("time").text == "08:30"
    assert "06:30 UTC" in greek.text
    assert german.one("h2").one("time").text == "18:00"
    assert "17:00 UTC" in german.text
    caption = next(greek.all("p", class_="caption"))
    assert caption.attributes["lang"] == "el"
    assert caption.text == (
        "Ακούστε. Πιστέψτε. Ρωτήστε τι χρειάζεται.\n\n"
        "Γραμμή βοήθειας (CY): 1440, όλο το εικοσιτετράωρο\n\n#16Days"
    )
    caption = next(german.all("p", class_="caption"))
    assert caption.attributes["lang"] == "de"
    assert "Hilfetelefon (DE): 116 016, immer" in caption.text
    assert greek.one("section", class_="alt").one("p").text == (
        "Τι δείχνει η κάρτα. Στο κάτω μέρος: Μέλος. Γραμμή βοήθειας (CY): 1440."
    )


def test_the_head_of_a_page_says_whose_it_is_and_leads_back(site, out):
    site()
    for id_, name, title, zone in (
        ("cyprus", "Μέλος της Κύπρου", "16 ημέρες", "Asia/Nicosia"),
        ("germany", "Mitglied in Deutschland", "16 Tage", "Europe/Berlin"),
    ):
        for day in (0, 5):
            page = page_of(out, id_, day)
            bearer = page.one("p", class_="bearer")
            assert bearer.text == name
            assert (out / "members" / id_ / bearer.one("img").attributes["src"]).is_file()
            back = page.one("nav", class_="crumbs").one("a").attributes["href"]
            assert (out / "members" / id_ / back).resolve() == (out / "index.html").resolve()
            assert name in page.one("title").text
            assert zone in page.text
        assert page_of(out, id_).one("h1").text == title
    logos = {
        page_of(out, id_).one("img", class_="logo").attributes["src"]
        for id_ in ("cyprus", "germany")
    }
    assert len(logos) == 2


def test_a_logo_that_is_gone_leaves_the_name_alone(two, site, out, tmp_path):
    (tmp_path / "assets" / "logo-teal.png").unlink()
    front = site()
    assert not list(page_of(out, "cyprus").all("img", class_="logo"))
    assert page_of(out, "cyprus").one("p", class_="bearer").text == "Μέλος της Κύπρου"
    assert len(list(front.all("img", class_="logo"))) == 1


@pytest.mark.parametrize(
    ("translation", "said"),
    [
        (None, ""),
        (DRAFT, "Draft translation into Greek: nobody has reviewed it"),
        (
            Translation(wording=Wording.REVIEWED, by="Somebody", on=date(2026, 11, 20)),
            "Translation into Greek, reviewed by Somebody on 20 November 2026",
        ),
        (
            Translation(wording=Wording.STALE),
            "Stale translation into Greek: its source has changed since it was made",
        ),
        (
            Translation(wording=Wording.STALE, by="Somebody", on=date(2026, 11, 20)),
            (
                "Stale translation into Greek: its source has changed since Somebody reviewed it "
                "on 20 November 2026"
            ),
        ),
        (
            Translation(wording=Wording.MISSING),
            "Missing translation: words of it are not there in Greek yet",
        ),
    ],
)
def test_beside_each_post_stands_the_state_of_its_translation(two, site, out, translation, said):
    made = two.campaigns["cyprus"]
    posts = {"the-call": replace(made.posts["the-call"], translation=translation)}
    site(of=replace(two, campaigns={**two.campaigns, "cyprus": replace(made, posts=posts)}))
    told = [
        each.text
        for each in page_of(out, "cyprus", 5).all("p")
        if "wording" in (each.attributes.get("class") or "")
    ]
    assert told == ([said] if said else [])
    slip = page_of(out, "cyprus").one("li", class_="slip")
    unsure = translation is not None and translation.wording is not Wording.REVIEWED
    assert (
        bool(
            [
                each
                for each in slip.all("span")
                if (each.attributes.get("class") or "").startswith("state")
            ]
        )
        is unsure
    )


def test_a_post_that_is_held_says_why_unless_a_problem_beside_it_does(site, out):
    said = problem("members/cyprus.yaml", 'day 5, post "the-call": too long')
    held = {
        ("the-call", "cyprus.page"): f"{said.message} ({said.code})",
        ("the-quote", "cyprus.page"): "it is not said in el yet",
        ("the-quote", "cyprus.archive"): "it is not said in el yet",
        ("the-call", "germany.page"): "another reason",
    }
    site(said, held=held)
    call = page_of(out, "cyprus", 5).one("p", class_="wording held")
    assert call.text == "Held back on cyprus.page until the error below is mended"
    quote = page_of(out, "cyprus", 2).one("p", class_="wording held")
    assert quote.text == "Held back: it is not said in el yet"
    slips = page_of(out, "cyprus").all("li", class_="slip")
    assert [bool(list(slip.all("span", class_="state held"))) for slip in slips] == [
        True,
        False,
        True,
    ]


def test_what_an_organisation_left_out_stands_on_its_day_and_in_a_list(site, out):
    site()
    left = page_of(out, "cyprus", 4).one("section", class_="left-out")
    assert left.one("li", id="post-the-graphic").text == "the-graphic"
    index = page_of(out, "cyprus")
    listed = [each for each in index.one("main").all("li") if "day 4" in each.text]
    assert [each.one("b").text for each in listed] == ["the-graphic"]
    assert not list(page_of(out, "germany", 4).all("section", class_="left-out"))
    assert not list(page_of(out, "germany").all("h2", id="left-out"))


def test_the_posts_of_a_kit_are_handed_to_a_person_and_not_published(site, out):
    site()
    index, day = page_of(out, "germany"), page_of(out, "germany", 5)
    assert "Takes part with a kit." in index.text
    assert "to hand over" in index.one("dl", class_="numbers").text
    assert "Handed to a person, who posts it." in day.text
    assert "As each account will show it" not in day.text
    other = page_of(out, "cyprus", 5).text
    assert "Handed" not in other
    assert "As each account will show it" in other


def test_an_organisation_sees_the_problems_of_its_own_files_and_nobody_elses(site, out):
    said = {
        "cyprus": problem("members/cyprus.yaml", "of Cyprus"),
        "germany": problem("members/germany.yaml", "of Germany"),
        "greek": problem("languages/el.yaml", "of Greek"),
        "german": problem("languages/de.yaml", "of German"),
        "all": problem("campaign.yaml", "of all"),
        "account": problem("campaign.yaml", 'post "the-call": too long (account "cyprus.page")'),
        "left out": problem("campaign.yaml", 'day 4, post "the-graphic": too long'),
    }
    site(*said.values())
    seen = {
        id_: {
            name
            for name, each in said.items()
            if each.message in page_of(out, id_).one("section", aria_labelledby="problems").text
        }
        for id_ in ("cyprus", "germany")
    }
    assert seen == {
        "cyprus": {"cyprus", "greek", "all", "account"},
        "germany": {"germany", "german", "all", "left out"},
    }


def test_a_problem_stands_beside_the_post_of_whoever_it_concerns(site, out):
    said = problem("languages/el.yaml", "in the lines of the quote", line=1)
    site(said)
    assert said.message in page_of(out, "cyprus", 2).one("section", id="post-the-quote").text
    assert said.message not in page_of(out, "germany", 2).text


def test_a_text_from_right_to_left_is_set_so_and_a_quotation_keeps_its_own_side(two, site, out):
    arabic = {
        each.id: replace(each, language="ar", text="العنف")
        for each in two.campaigns["cyprus"].posts.values()
    }
    made = replace(
        two.campaigns["cyprus"],
        language="ar",
        title="العنوان",
        posts=arabic,
        days={2: Day(number=2, theme="الموضوع")},
    )
    site(of=replace(two, campaigns={**two.campaigns, "cyprus": made}))
    day = page_of(out, "cyprus", 2)
    assert (day.one("h1").attributes["lang"], day.one("h1").attributes["dir"]) == ("ar", "rtl")
    alt = day.one("section", class_="alt").one("p")
    assert (alt.attributes["lang"], alt.attributes["dir"]) == ("ar", "rtl")
    words = day.one("blockquote")
    assert (words.attributes["lang"], words.attributes["dir"]) == ("de", "ltr")
    assert day.one("html").attributes == {"lang": "en", "dir": "ltr"}


# ── all pages ─────────────────────────────────────────────────────────────────────────────────────


def everything(out: Path) -> dict[Path, Element]:
    return {file: parsed(file) for file in out.rglob("*.html")}


def test_cards_are_copied_once_for_all_organisations(site, out):
    site()
    copies = list((out / "cards").iterdir())
    assert len(copies) == 5
    shown = {
        (file.parent / image.attributes["src"]).resolve()
        for file, page in everything(out).items()
        for image in page.all("img", loading="lazy")
    }
    assert shown == {file.resolve() for file in copies}


def test_every_relative_link_of_a_coalition_leads_somewhere(site, out):
    site(
        problem("campaign.yaml", 'post "the-call"'),
        problem("languages/el.yaml", line=1),
        problem("members/germany.yaml", "day 3"),
    )
    trees = {file.resolve(): page for file, page in everything(out).items()}
    anchors = {
        file: {each.attributes.get("id") for each in page.all()} for file, page in trees.items()
    }
    for file, page in trees.items():
        for each in page.all():
            address = urlsplit(each.attributes.get("href") or each.attributes.get("src") or "")
            if address.scheme:
                continue
            target = (file.parent / unquote(address.path)).resolve() if address.path else file
            assert target.is_file(), (file, address)
            if "=" in address.fragment:
                assert is_offered(trees[target], address.fragment), (file, address)
            elif address.fragment:
                assert unquote(address.fragment) in anchors[target], (file, address)


def is_offered(listed: Element, fragment: str) -> bool:
    """Whether the list of posts can be filtered so."""
    ((name, value),) = parse_qsl(fragment)
    options = listed.one("select", name=name).all("option", value=value)
    return len(list(options)) == 1


def test_pages_of_a_coalition_leave_no_heading_out_and_use_no_name_twice(site, out):
    site(problem("campaign.yaml", 'post "the-call"'))
    for file, page in everything(out).items():
        levels = [int(each.tag[1]) for each in page.all() if each.tag in {"h1", "h2", "h3", "h4"}]
        assert levels.count(1) == 1, file
        assert all(after <= before + 1 for before, after in pairwise(levels)), file
        names = [each.attributes["id"] for each in page.all() if "id" in each.attributes]
        assert len(names) == len(set(names)), file
        assert all("alt" in image.attributes for image in page.all("img"))


def said_everywhere(words: str, folder: Path):
    """Two organisations, and `words` in every field that is new with them."""
    own = voiceless(campaign(title=words))
    italy, kit = member("italy", own), member("kit", own)
    posts = {
        id_: replace(
            each,
            language=words,
            translation=Translation(wording=wording, by=words, on=date(2026, 11, 20)),
        )
        for (id_, each), wording in zip(italy.posts.items(), [*Wording, Wording.STALE], strict=True)
    }
    shared = {"title": words, "language": words, "rules": Rules(country=words)}
    days = {number: Day(number=number, theme=words, observance=words) for number in range(1, 17)}
    places = file_places(f"members/{words}").over(own.places)
    members = (
        replace(
            italy,
            **shared,
            member=Member(id="italy", name=words),
            posts=posts,
            days=days,
            places=places,
            left_out={words: 3},
            brand=replace(own.brand, name=words, logo=logo(folder, "red")),
        ),
        replace(
            kit,
            **shared,
            member=Member(id="kit", name=words, kit=True),
            zone=ZoneInfo("Asia/Nicosia"),
        ),
    )
    held = {("the-photo", "italy.page"): words}
    said = [problem(file, words, hint=words) for file in (f"members/{words}", "campaign.yaml")]
    made = coalition(*members, own=replace(own, days=days), complete=False)
    return pages(made, folder, *said, held=held)


def test_hostile_words_in_every_field_of_a_coalition_stay_text(tmp_path):
    # Whatever more the hostile pages hold than the harmless ones, the hostile words made it.
    shapes = []
    for name, words in (("harmless", "harmless"), ("hostile", HOSTILE)):
        write(said_everywhere(words, tmp_path / "shelf"), out=tmp_path / name)
        shapes.append(
            {
                file.relative_to(tmp_path / name): [
                    (each.tag, tuple(each.attributes)) for each in page.all()
                ]
                for file, page in everything(tmp_path / name).items()
            }
        )
    harmless, hostile = shapes
    assert harmless.keys() == hostile.keys()
    for file in harmless:
        assert hostile[file] == harmless[file], file


def test_words_that_turn_the_direction_are_fenced_in_on_every_page_of_a_coalition(tmp_path, out):
    write(said_everywhere("\u202eesrever", tmp_path / "shelf"), out=out)
    for file, page in everything(out).items():
        loose = [
            each
            for each in page.one("body").all()
            if any(isinstance(part, str) and "\u202e" in part for part in each.inside)
            and each.tag != "bdi"
            and "dir" not in each.attributes
        ]
        assert not loose, file


def test_no_page_of_a_coalition_runs_or_loads_anything_from_elsewhere(site, out):
    site()
    for file, page in everything(out).items():
        policy = page.one("meta", http_equiv="Content-Security-Policy").attributes["content"]
        assert policy.startswith("default-src 'none';")
        runs = policy.partition("script-src ")[2]
        assert runs == ("'self' file:" if file.name == "posts.html" else "")
        for each in page.all():
            assert "style" not in each.attributes
            if each.tag != "a":
                address = each.attributes.get("src") or each.attributes.get("href") or ""
                assert address == "data:," or not urlsplit(address).scheme


# ── what an earlier preview left behind ───────────────────────────────────────────────────────────


def test_the_pages_of_a_member_that_is_gone_go_and_other_peoples_files_stay(two, site, out):
    site()
    mine = [
        out / "members" / "notes.txt",
        out / "members" / "germany" / "notes.txt",
        out / "members" / "germany" / "day-99.html",
        out / "members" / "somebody" / "index.html",
        out / "day-07.html",
    ]
    for file in mine:
        file.parent.mkdir(exist_ok=True)
        file.write_text("mine")
    alone = coalition(two.campaigns["cyprus"], own=two.own)
    site(of=alone)
    assert [file.read_text() for file in mine] == ["mine"] * 5
    assert {file.name for file in (out / "members" / "germany").iterdir()} == {
        "notes.txt",
        "day-99.html",
    }
    assert (out / "members" / "cyprus" / "day-16.html").is_file()
    assert len(list((out / "logos").iterdir())) == 1


def test_an_empty_folder_of_a_member_that_is_gone_goes_as_well(two, site, out):
    site()
    site(of=coalition(two.campaigns["cyprus"], own=two.own))
    assert {folder.name for folder in (out / "members").iterdir()} == {"cyprus"}


def test_nothing_goes_while_somebody_is_only_kept_out_by_an_error(two, site, out):
    site()
    before = {file for file in out.rglob("*") if file.is_file()}
    site(of=replace(coalition(two.campaigns["cyprus"], own=two.own), complete=False))
    assert {file for file in out.rglob("*") if file.is_file()} == before


def test_a_calendar_that_becomes_a_coalition_or_ceases_to_be_one_leaves_no_pages_behind(site, out):
    site(of=Coalition(campaigns={OWN: campaign()}))
    assert (out / "day-01.html").is_file()
    site()
    assert {file.name for file in out.iterdir()} == {
        "cards",
        "filters.js",
        "index.html",
        "logos",
        "members",
        "posts.html",
        "style.css",
    }
    site(of=Coalition(campaigns={OWN: campaign()}))
    assert not (out / "members").exists()
    assert not list((out / "logos").iterdir())


def test_pages_of_a_coalition_that_did_not_change_are_not_written_again(two, tmp_path, out):
    given = pages(two, tmp_path / "shelf")
    assert [write(given, out=out).changed for _ in range(2)] == [38, 0]


def test_an_edit_of_one_organisation_changes_its_own_pages_and_the_list_alone(two, tmp_path, out):
    write(pages(two, tmp_path / "shelf"), out=out)
    before = {file: file.read_bytes() for file in out.rglob("*.html")}
    made = two.campaigns["cyprus"]
    posts = {**made.posts, "the-call": replace(made.posts["the-call"], text="Αλλαγή.")}
    edited = replace(two, campaigns={**two.campaigns, "cyprus": replace(made, posts=posts)})
    write(pages(edited, tmp_path / "shelf"), out=out)
    changed = {
        file.relative_to(out).as_posix()
        for file, page in before.items()
        if file.read_bytes() != page
    }
    assert changed == {
        "members/cyprus/index.html",
        "members/cyprus/day-05.html",
        "posts.html",
    }
