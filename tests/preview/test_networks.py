"""Posts as each network draws them: what is folded, what is cut off, what stands beside."""

from __future__ import annotations

import hashlib
from importlib.resources import files

import pytest
from preview_samples import (
    BRAND,
    CONTENTS,
    Element,
    campaign,
    helpline,
    jpeg,
    pages,
    parsed,
    post,
)
from test_feeds import SUMMARY, feed
from test_feeds import post as feed_post

from scheduler.errors import Problem
from scheduler.linting import LINTS
from scheduler.model import Account, Measure, Place, Places, Slide
from scheduler.platforms import PLATFORMS
from scheduler.platforms.counting import graphemes
from scheduler.preview import concerning, feeds
from scheduler.preview.concerning import Concern, concern
from scheduler.preview.cropping import arranged, rule
from scheduler.preview.folding import folded, place
from scheduler.preview.linking import pieces
from scheduler.preview.looks import LOOKS, PLAIN, Basis, Fold, look_of
from scheduler.preview.rendering import beside
from scheduler.preview.site import write
from scheduler.preview.sizes import size_of

CARD = (1080, 1350)
PART_THREE = Place(file="campaign.yaml", line=9)
FAMILY = "👨‍👩‍👧‍👦"


def looks_of(
    out, tmp_path, *problems, options=None, measures=None, **changes
) -> dict[str, Element]:
    """A post on an account of every platform, by platform, as its day's page shows it."""
    accounts = {
        name: Account(name=name, platform=name, options=(options or {}).get(name, {}))
        for name in PLATFORMS
    }
    made = campaign(
        post("call", accounts=tuple(accounts), **changes), accounts=accounts, brand=BRAND
    )
    given = pages(made, tmp_path / "shelf", *problems, **(measures or {}))
    write(given, out=out)
    day = parsed(out / "day-05.html")
    return {
        next(look.one("h4").all("bdi")).text: look for look in day.all("section", class_="look")
    }


@pytest.fixture
def looks(tmp_path):
    return lambda *problems, **changes: looks_of(tmp_path / "out", tmp_path, *problems, **changes)


def seen(text: str, platform: str) -> tuple[str, str]:
    """What of a text is seen before anybody asks for more: on a desktop, and on a phone."""
    found = folded(text, pieces(text, platform), look_of(platform)).stretches
    return tuple(
        "".join(piece.text for each in found if getattr(each, at) for piece in each.pieces)
        for at in ("on_desktop", "on_phone")
    )


def slides(number: int) -> tuple[Slide, ...]:
    return tuple(
        Slide(content=CONTENTS["call"], alt=f"What picture {each} shows.")
        for each in range(1, number + 1)
    )


# ── the table ─────────────────────────────────────────────────────────────────────────────────────


def test_every_platform_is_drawn_by_a_template_of_its_own():
    assert set(LOOKS) == set(PLATFORMS)
    folder = files("scheduler.preview").joinpath("templates", "networks")
    drawn = {file.name.removesuffix(".html.j2") for file in folder.iterdir()}
    assert {look.template for look in (*LOOKS.values(), PLAIN)} == drawn - {"parts"}


def test_the_style_sheet_knows_every_frame_and_every_mosaic():
    sheet = beside()["style.css"]
    for look in LOOKS.values():
        shown = look.pictures
        for mosaic in shown.mosaics.values():
            assert f".{mosaic.name}" in sheet
            assert f".{rule(mosaic.ratio)} {{ aspect-ratio" in sheet
        for bound in filter(None, (shown.narrowest, shown.widest)):
            assert f".{rule(bound)} {{ aspect-ratio" in sheet


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_the_tiles_of_a_mosaic_fill_its_frame(look):
    for mosaic in look.pictures.mosaics.values():
        assert sum(width * height for width, height in mosaic.tiles) == pytest.approx(1)


def test_a_number_that_somebody_documents_says_where_and_no_estimate_does():
    for look in LOOKS.values():
        folds = [fold.origin for fold in (look.desktop, look.phone) if fold]
        for origin in (look.pictures.origin, *folds):
            assert origin.address.startswith("https://") is (origin.basis is not Basis.ESTIMATE)


# ── folding ───────────────────────────────────────────────────────────────────────────────────────

WORDS = "word " * 100
LINES = "line\n" * 40


@pytest.mark.parametrize(
    ("platform", "text", "desktop", "phone"),
    [
        ("x", WORDS, 279, 279),
        ("facebook", WORDS, 409, 124),
        ("facebook", LINES, 24, 14),
        ("instagram", WORDS, 124, 124),
        ("instagram", LINES, 14, 14),
        ("threads", WORDS, 500, 249),
        ("linkedin", WORDS, 209, 139),
        ("linkedin", LINES, 14, 14),
        ("mastodon", WORDS, 500, 500),
        ("mastodon", LINES, 159, 159),
        ("bluesky", LINES, 124, 124),
        ("telegram", WORDS, 500, 500),
        ("discord", LINES, 200, 200),
        ("slack", WORDS * 2, 699, 699),
        ("somewhere", WORDS, 500, 500),
    ],
)
def test_each_network_folds_where_its_table_says(platform, text, desktop, phone):
    assert tuple(map(len, seen(text, platform))) == (desktop, phone)


@pytest.mark.parametrize("number", range(120, 132))
def test_a_fold_never_cuts_a_character_in_two(number):
    text = FAMILY * number + "é" * 20
    (shown, _) = seen(text, "instagram")
    assert text.startswith(shown)
    assert graphemes(shown) == 125
    assert graphemes(shown) + graphemes(text[len(shown) :]) == graphemes(text)


def test_a_fold_stands_between_words_and_never_within_a_link():
    before = "x" * 100 + " "
    assert (
        seen(f"{before}and some thirtyish letters", "instagram")[0] == f"{before}and some thirtyish"
    )
    tag = f"{before}#{'AHashtag' * 9} and more"
    assert seen(tag, "instagram")[0] == before.rstrip()
    assert (
        seen(f"{before}https://example.org/{'a' * 60} and more", "x")
        == (f"{before}https://example.org/{'a' * 60} and more",) * 2
    )


def test_a_link_alone_is_never_divided_however_long():
    text = f"#{'A' * 10_000}"
    assert seen(text, "instagram") == (text, text)


@pytest.mark.parametrize("text", ["", "short", "a" * 125, "a" * 125 + "\n\n  ", "one\ntwo\nthree"])
def test_what_fits_is_not_folded(text):
    assert place(text, Fold(characters=125, lines=3, line=46, more="more")) is None


@pytest.mark.parametrize("platform", LOOKS)
def test_stretches_joined_are_the_very_text(platform):
    text = (
        f"{FAMILY} #Tag https://example.org/a\u202e @a@b.example \u0645\u0631\u062d\u0628\u0627\n"
        * 40
    )
    found = folded(text, pieces(text, platform), look_of(platform))
    assert "".join(piece.text for each in found.stretches for piece in each.pieces) == text


def test_the_whole_text_stands_on_the_page_wherever_it_is_folded(looks):
    shown = looks(text=WORDS.strip())
    whole = f"{WORDS.strip()}\n\n#16Days"
    assert {name: look.one("p", class_="caption").text for name, look in shown.items()} == (
        dict.fromkeys(PLATFORMS, whole)
    )
    unfolding = {
        name
        for name, look in shown.items()
        if list(look.all("summary"))
        and [
            each
            for each in look.all("details")
            if each.attributes.get("class", "").startswith("unfold")
        ]
    }
    assert unfolding == {"x", "facebook", "instagram", "threads", "linkedin"}


def test_beside_a_folded_post_stands_where_it_is_folded_and_how_anybody_knows(looks):
    told = {name: look.one("dl", class_="sending").text for name, look in looks(text=WORDS).items()}
    assert "on a phone after 140 characters or 3 lines" in told["linkedin"]
    assert "our estimate: nobody documents it" in told["linkedin"]
    assert "as its own help says" in told["instagram"]
    assert "Folded" not in told["telegram"]


def test_below_a_content_note_nothing_is_folded_a_second_time(looks):
    text = looks(text=LINES, note="Mentions killing")["mastodon"].one("div", class_="words")
    assert not list(text.all("details"))


# ── cropping ──────────────────────────────────────────────────────────────────────────────────────


def cuts(platform: str, *sizes: tuple[int, int]) -> list[tuple[int, int]]:
    """Of each picture that is seen: per cent cut off each side, and at top and bottom."""
    found = arranged(sizes, look_of(platform).pictures).tiles
    return [
        (round(100 * tile.crop.sides), round(100 * tile.crop.ends)) if tile.crop else (0, 0)
        for tile in found
    ]


@pytest.mark.parametrize("platform", LOOKS)
def test_a_card_that_stands_alone_is_seen_whole_everywhere(platform):
    assert cuts(platform, CARD) == [(0, 0)]


@pytest.mark.parametrize(
    ("platform", "number", "expected"),
    [
        ("x", 2, [(0, 5), (0, 5)]),
        ("x", 3, [(0, 5), (0, 27), (0, 27)]),
        ("x", 4, [(0, 27)] * 4),
        ("mastodon", 2, [(3, 0)] * 2),
        ("mastodon", 4, [(0, 23)] * 4),
        ("bluesky", 2, [(0, 10)] * 2),
        ("bluesky", 3, [(0, 10), (0, 30), (0, 30)]),
        ("facebook", 2, [(19, 0)] * 2),
        ("instagram", 5, [(0, 0)] * 5),
        ("threads", 5, [(0, 0)] * 5),
        ("slack", 3, [(0, 0)] * 3),
    ],
)
def test_several_cards_are_cut_as_the_network_tiles_them(platform, number, expected):
    assert cuts(platform, *[CARD] * number) == expected


def test_a_carousel_gives_every_slide_the_shape_of_the_first():
    assert cuts("instagram", (1000, 1000), CARD) == [(0, 0), (0, 10)]


def test_a_picture_that_is_too_tall_is_cut_to_the_tallest_shape():
    found = arranged([(900, 2000)], look_of("x").pictures)
    assert found.rules == "alone ratio-3-4"
    assert round(100 * found.tiles[0].crop.ends) == 20


def test_of_a_picture_whose_size_nobody_knows_nothing_is_said_to_be_cut():
    assert cuts("x", (0, 0)) == [(0, 0)]
    assert cuts("x", (0, 0), (0, 0)) == [(0, 0)] * 2


def test_pictures_behind_the_last_tile_are_counted_there():
    found = arranged([CARD] * 7, look_of("facebook").pictures)
    assert [tile.more for tile in found.tiles] == [0, 0, 0, 0, 2]


def test_the_grid_of_an_instagram_profile_cuts_the_sides_of_a_card():
    assert arranged([CARD], look_of("instagram").pictures).profile.percent == 3


@pytest.mark.parametrize("number", [1, 2, 4, 7])
def test_every_picture_is_on_the_page_with_its_alt_text_and_its_very_bytes(looks, tmp_path, number):
    shown = looks(slides=slides(number))
    for name, look in shown.items():
        sources = {image.attributes["src"] for image in look.one("div", class_="drawn").all("img")}
        (source,) = sources  # the samples' slides share their file
        data = (tmp_path / "out" / source).read_bytes()
        assert hashlib.sha256(data).hexdigest() in source
        drawn = look.one("div", class_="drawn")
        for each in range(1, number + 1):
            alt = f"What picture {each} shows."
            said = [p.text for p in drawn.all("p")] + [
                i.attributes["alt"] for i in drawn.all("img")
            ]
            assert any(alt in words for words in said), (name, each)


def test_what_is_cut_off_is_told_in_words_beside_the_drawing(looks):
    told = {
        name: each.one("dl", class_="sending").text
        for name, each in looks(slides=slides(2)).items()
    }
    assert "Picture 2: 5 % at the top and at the bottom" in told["x"]
    assert "In the grid of the profile: 3 % on the left and on the right" in told["instagram"]
    assert "Cut off" not in told["threads"]
    assert "as its program does" in told["mastodon"]


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xd8", b"\xff\xd8\xff\xe0\x00\x04ab", b"\x89PNG", b"GIF89a"]
)
def test_a_file_that_is_no_picture_has_no_size(data):
    assert size_of(data) == (0, 0)


def test_a_picture_says_how_large_it_is():
    assert size_of(jpeg("red")) == CARD


# ── what else stands there ────────────────────────────────────────────────────────────────────────


def test_a_link_card_shows_the_host_alone_and_only_where_there_is_no_picture(looks):
    thread = ("Read https://www.example.org/a/b?c=1.",)
    shown = list(looks(thread=thread).values())  # the last part of each
    hosts = {
        next(look.one("h4").all("bdi")).text: [each.text for each in look.all("bdi", class_="host")]
        for look in shown
    }
    with_card = {name for name, found in hosts.items() if found == ["example.org"]}
    assert with_card == {name for name, look in LOOKS.items() if look.link_card}
    assert not any(found for name, found in hosts.items() if name not in with_card)


def test_a_further_part_says_what_it_becomes_on_its_network(looks):
    shown = looks(thread=("The second part.",))
    answers = {
        name: [p.text.strip() for p in look.all("p", class_="answers")]
        for name, look in shown.items()
    }
    assert answers["x"] == ["An answer of its own to the part before it"]
    assert answers["linkedin"] == ["A comment below the post"]
    assert answers["slack"] == ["A message of its own, below the one before"]


def test_a_post_in_arabic_is_drawn_from_the_right_everywhere(looks):
    for look in looks(text="مرحبا " * 60, language="ar").values():
        directions = {each.attributes["dir"] for each in look.all("div", class_="words")}
        directions |= {each.attributes["dir"] for each in look.all("div", class_="words foldable")}
        assert directions <= {"rtl"}


def test_notes_cover_pictures_where_the_network_covers_them(looks):
    shown = looks(note="Mentions killing")
    covering = {name for name, look in shown.items() if list(look.all("details", class_="cover"))}
    assert covering == {"bluesky", "threads", "telegram", "discord"}


def test_the_facts_of_a_helpline_stand_beside_its_post(tmp_path, looks):
    looks(helpline=helpline("DE", "116 016", "always"))
    day = parsed(tmp_path / "out" / "day-05.html")
    shown = [each.text for each in day.all("section", class_="proof")]
    (told,) = [text for text in shown if "The helpline" in text]
    for words in ("116 016", "Survivors of violence", "always", "Role", "20 November 2026"):
        assert words in told


def test_widths_are_chosen_without_a_script_and_the_page_begins_with_the_desktop(tmp_path, looks):
    looks()
    page = parsed(tmp_path / "out" / "day-05.html")
    wide, narrow = page.one("fieldset", class_="widths").all("input", type_="radio")
    assert "checked" in wide.attributes
    assert "checked" not in narrow.attributes
    assert not list(page.all("script"))
    assert f":has(#{narrow.attributes['id']}:checked)" in beside()["style.css"]


def test_no_page_has_a_style_or_a_handler_in_an_attribute(tmp_path, looks):
    looks(slides=slides(5), note="Mentions killing", text=WORDS)
    for each in parsed(tmp_path / "out" / "day-05.html").all():
        assert not [name for name in each.attributes if name == "style" or name.startswith("on")]


@pytest.mark.parametrize("platform", LOOKS)
def test_a_feed_is_drawn_as_the_day_is(tmp_path, platform):
    text = f"{WORDS.strip()}\n\n#16Days"
    shown = looks_of(tmp_path / "site", tmp_path, text=WORDS.strip(), slides=slides(1))[platform]
    posted = feed_post(text, pictures=(jpeg("red"),), alts=(shown_alt(shown),), url="")
    made = feed(platform, posted, platform=platform)
    page = parsed(feeds.write([made], SUMMARY, out=tmp_path / "feeds"))
    drawn = page.one("div", class_="drawn")
    assert _shape(drawn) == _shape(shown.one("div", class_="drawn"))


def shown_alt(look: Element) -> str:
    """What a stand-in would have been told: nothing, where there is no field for it."""
    lost = list(look.all("p", class_="badge lost"))
    return "" if lost else "What the card shows."


def _shape(drawn: Element) -> list[tuple[str, str | None]]:
    """Everything but the place of an account, which a feed says otherwise."""
    return [
        (each.tag, each.attributes.get("class"))
        for each in drawn.all()
        if each.attributes.get("class") != "place" and each.tag != "bdi"
    ]


# ── problems ──────────────────────────────────────────────────────────────────────────────────────


def problem(code: str, message: str, **changes) -> Problem:
    return Problem(file="campaign.yaml", line=9, column=3, code=code, message=message, **changes)


def test_every_lint_of_a_post_has_its_place_beside_a_part_of_it():
    assert {code for code in LINTS if concern(problem(code, "")) is Concern.POST} <= {
        "comments-unmoderated"
    }


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("long-sentence", "Problems of the words"),
        ("alt-picture-of", "Problems of the alt text"),
        ("does-not-fit", "Problems of the card"),
        ("figure-review", "Problems of the source"),
        ("helpline-old", "Problems of the helpline"),
        ("weekend", "Problems of the hour"),
        ("anything", "Problems of this post"),
    ],
)
def test_a_problem_stands_beside_what_it_is_about_and_once(tmp_path, looks, code, name):
    looks(problem(code, 'post "the-call": something is wrong'))
    day = parsed(tmp_path / "out" / "day-05.html")
    (shown,) = day.all("li", class_="problem error")
    assert "campaign.yaml:9:3" in shown.text
    listed = [
        each.attributes["aria-label"]
        for each in day.all("ul", class_="problems")
        if list(each.all("li", class_="problem error"))
    ]
    assert listed == [name]


def test_what_is_too_long_stands_at_the_measure_of_its_account(looks):
    over = Measure(name="text", used=297, limit=280, unit="weighted characters")
    said = problem(
        "too-long",
        'day 5, post "the-call": text: 17 weighted characters over the limit of 280 '
        '(x, account "x")',
    )
    shown = looks(said, measures={"measures": {("the-call", "x"): ((over,),)}})
    (item,) = shown["x"].one("ul", class_="meters").all("li", class_="over")
    assert "17 weighted characters over the limit" in item.text
    assert "campaign.yaml:9:3" in item.text
    assert not any("over the limit" in look.text for name, look in shown.items() if name != "x")


def test_what_is_too_long_in_a_thread_stands_at_its_part(tmp_path):
    over = Measure(name="text", used=297, limit=280, unit="weighted characters")
    path = ("posts", "the-call", "thread")
    places = Places(
        file="campaign.yaml",
        keys={},
        values={(*path, 0): Place(file="campaign.yaml", line=8), (*path, 1): PART_THREE},
    )
    accounts = {"x": Account(name="x", platform="x")}
    said = post("call", accounts=("x",), thread=("Second.", "Third."))
    told = PART_THREE.problem(
        "too-long",
        'day 5, post "the-call": text: 17 weighted characters over the limit of 280 '
        '(x, account "x")',
    )
    made = campaign(said, accounts=accounts, places=places)
    measures = {("the-call", "x"): ((over,), (over,), (over,))}
    write(pages(made, tmp_path / "shelf", told, measures=measures), out=tmp_path / "out")
    parts = parsed(tmp_path / "out" / "day-05.html").all("section", class_="look")
    assert [told.message in part.text for part in parts] == [False, False, True]


def test_what_is_wrong_with_an_account_stands_beside_all_that_it_shows(looks):
    said = problem("alts-lost", 'account "telegram": telegram has no field for it')
    shown = looks(said)
    assert said.message in shown["telegram"].one("ul", class_="problems").text
    assert not any(said.message in look.text for name, look in shown.items() if name != "telegram")


def test_a_picture_without_an_alt_text_says_so_where_it_is_shown(looks):
    (lost,) = looks()["telegram"].one("div", class_="drawn").all("p", class_="badge lost")
    assert lost.text == "No alt text here"


def test_an_account_is_named_by_its_whole_name():
    named = concerning.accounts(problem("x", 'post "a": of account "italy.page" and account "b"'))
    assert named == {"italy.page", "b"}
