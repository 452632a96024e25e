"""Somebody's own spreadsheet: its columns are guessed, and no row is lost without a word."""

from __future__ import annotations

from datetime import date

import pytest

from scheduler.sheets.dates import dates_of, time_of
from scheduler.sheets.foreign import Wishes, first_day_of, planned
from scheduler.sheets.foreign_posts import first_sentence
from scheduler.sheets.guessing import mapped
from scheduler.sheets.tables import Grid
from scheduler.sheets.words import slug

TEMPLATE = {
    "campaign": {
        "id": "x",
        "title": "X",
        "first_day": "2026-11-25",
        "zone": "Europe/Berlin",
        "time": "09:00",
    },
    "brand": {"name": "Ours"},
    "accounts": {"archive": {"platform": "folder", "directory": "published"}},
}
LONG = "A caption that is long enough to be nothing but the text of a post, twice over."


def sheet(*rows, title="Plan", **more) -> Grid:
    return Grid(
        name=f"plan.xlsx, sheet {title}",
        title=title,
        rows=tuple((n, row) for n, row in enumerate(rows, 1) if any(row)),
        **more,
    )


def roles(*rows, **corrections) -> dict[str, str]:
    found = mapped([sheet(*rows)], corrections)
    return {each.name: each.role for each in found.columns}


def plan(*rows, wishes=None, has_file=lambda _: False, **corrections):
    found = mapped([sheet(*rows)], corrections)
    return planned(found, TEMPLATE, wishes or Wishes(), stem="Plan 2026", has_file=has_file)


def said(made) -> list[str]:
    return [f"{problem.line}: {problem.message}" for problem in made.problems]


# ── columns ───────────────────────────────────────────────────────────────────────────────────────


EXPECTED = [
    "date",
    "time",
    "text",
    "picture",
    "alt",
    "platform",
    "tags",
    "link",
    "notes",
    "language",
]
HEADERS = """
Date|Time|Caption|Image|Alt text|Channel|Hashtags|Link|Notes|Language
DATE |posting TIME|Post copy|Visual (file)|ALT-TEXT|Social media|#hashtags|URL|Owner|lang.
Datum|Uhrzeit|Beitrag|Bild|Alternativtext|Kanal|Hashtags|Link|Notizen|Sprache
Data|Ora|Testo|Immagine|Testo alternativo|Canale|Hashtag|Link|Note|Lingua
Date|Heure|Texte|Visuel|Texte alternatif|Plateforme|Hashtags|Lien|Remarques|Langue
Fecha|Hora|Texto|Imagen|Texto alternativo|Canal|Hashtags|Enlace|Notas|Idioma
Ημερομηνία|Ώρα|Κείμενο|Εικόνα|Περιγραφή εικόνας|Κανάλι|Ετικέτες|Σύνδεσμος|Σημειώσεις|Γλώσσα
Datum|Vrijeme|Sadržaj|Slika|Opis slike|Mreža|Hashtag|Poveznica|Napomena|Jezik
Датум|Време|Текст|Слика|Опис слике|Платформа|Хештегови|Линк|Напомена|Језик
"""


@pytest.mark.parametrize("header", HEADERS.strip().splitlines())
def test_columns_are_known_by_their_names(header):
    found = roles(
        header.split("|"), ("25.11.2026", "9:00", LONG, "a.jpg", "A door", "x", "#a", "", "", "en")
    )
    assert list(found.values()) == EXPECTED


def test_columns_are_known_by_what_stands_in_them():
    found = roles(("A1", "B1", "C1", "D1"), ("25 Nov 2026", "17:30", LONG, "https://a.b/c"))
    assert list(found.values()) == ["date", "time", "text", "link"]


def test_a_person_corrects_a_guess_by_name_or_letter():
    rows = (("Date", "Text", "Post"), ("25.11.2026", "internal", LONG))
    assert roles(*rows) == {"Date": "date", "Text": "", "Post": "text"}
    assert roles(*rows, text="Text") == {"Date": "date", "Text": "text", "Post": ""}
    assert roles(*rows, text="B", date="-") == {"Date": "", "Text": "text", "Post": ""}


def test_the_names_may_stand_below_a_title_and_on_the_second_sheet():
    other = sheet(("Contacts", "Phone"), ("Maria", "123"), title="People")
    plan_ = sheet(("Our plan",), (), ("Date", "Text"), ("25.11.2026", LONG))
    found = mapped([other, plan_], {})
    assert (found.grid.title, found.header) == ("Plan", 3)


def test_every_role_has_one_column_at_most():
    found = roles(("Text", "Text", "Caption"), ("a", "b", "c"))
    assert list(found.values()).count("text") <= 1


# ── dates and times ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("2026-11-25", ["2026-11-25"]),
        ("25.11.2026", ["2026-11-25"]),
        ("Mi, 25.11.", ["2026-11-25"]),
        ("25/11/26", ["2026-11-25"]),
        ("3/12/2026", ["2026-03-12", "2026-12-03"]),
        ("3.12.2026", ["2026-12-03"]),
        ("25 November", ["2026-11-25"]),
        ("Wednesday, November 25th, 2026", ["2026-11-25"]),
        ("1er décembre 2026", ["2026-12-01"]),
        ("25 de noviembre de 2026", ["2026-11-25"]),
        ("3. Dezember", ["2026-12-03"]),
        ("25 Νοεμβρίου 2026", ["2026-11-25"]),
        ("5. децембра 2026.", ["2026-12-05"]),
        ("5. prosinca 2026.", ["2026-12-05"]),
        ("31.02.2026", []),
        ("soon", []),
        ("", []),
    ],
)
def test_dates_are_read_as_people_write_them(text, dates):
    assert sorted(map(str, dates_of(text, 2026))) == dates


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("9:30", "09:30"),
        ("09.30", "09:30"),
        ("9h30", "09:30"),
        ("17 Uhr", "17:00"),
        ("17h", "17:00"),
        ("5 pm", "17:00"),
        ("5:30 PM", "17:30"),
        ("12 a.m.", "00:00"),
        ("9:30:00", "09:30"),
        ("25:00", ""),
        ("morning", ""),
        ("", ""),
    ],
)
def test_times_are_read_as_people_write_them(text, time):
    assert time_of(text) == time


@pytest.mark.parametrize(
    ("cells", "first"),
    [
        (["25.11.2026", "10.12.2026"], "2026-11-25"),
        (["20.11.2026", "25.11.2026", "3.12."], "2026-11-25"),
        (["26/11/2026", "3/12/2026"], "2026-11-25"),
        (["8.3.2026", "9.3.2026"], "2026-03-08"),
        (["soon"], None),
    ],
)
def test_day_one_follows_from_the_dates(cells, first):
    assert first_day_of(cells) == (date.fromisoformat(first) if first else None)


# ── rows ──────────────────────────────────────────────────────────────────────────────────────────

HEADER = ("Date", "Time", "Text", "Image", "Alt", "Channel", "Hashtags", "Link")


def test_a_row_becomes_a_post_with_what_is_known_and_nothing_else():
    made = plan(
        HEADER,
        (
            "25.11.2026",
            "9:30",
            "We begin. And more.",
            "",
            "",
            "Instagram, FB",
            "#a b",
            "https://x.y",
        ),
        ("26.11.2026", "", "Second", "", "A card.", "all", "", ""),
    )
    assert made.problems == ()
    assert made.values["posts"] == {
        "we-begin-and-more": {
            "day": "1",
            "time": "09:30",
            "graphic": {"headline": "We begin."},
            "text": "We begin. And more.\n\nhttps://x.y",
            "tags": ["#a", "#b"],
            "accounts": ["instagram", "facebook"],
        },
        "second": {
            "day": "2",
            "graphic": {"headline": "Second"},
            "text": "Second",
            "alt": "A card.",
        },
    }
    assert made.values["campaign"]["first_day"] == "2026-11-25"
    assert made.values["campaign"]["id"] == "plan-2026"
    assert made.values["accounts"]["facebook"] == {
        "platform": "folder",
        "directory": "published/facebook",
    }


def test_a_picture_is_taken_where_its_file_is():
    rows = (HEADER, ("25.11.2026", "", "Text", "door.jpg", "", "", "", ""))
    made = plan(*rows, has_file=lambda name: name == "assets/door.jpg")
    assert made.values["posts"]["text"]["photo"] == {"picture": "door"}
    assert made.values["pictures"] == {"door": {"file": "assets/door.jpg"}}
    (without,) = said(plan(*rows))
    assert without.startswith('2: there is no picture "door.jpg" in the calendar')


def test_two_pictures_of_one_name_are_two():
    rows = (
        ("Date", "Text", "Picture"),
        ("25.11.2026", "One", "door.jpg"),
        ("26.11.2026", "Two", "old/door.png"),
        ("27.11.2026", "Three", "door.jpg"),
    )
    made = plan(*rows, has_file=lambda name: not name.startswith("assets/"))
    shown = [post["photo"]["picture"] for post in made.values["posts"].values()]
    assert shown == ["door", "door-2", "door"]
    assert made.values["pictures"]["door-2"] == {"file": "old/door.png"}


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (("", "9:00", "Text"), "no date"),
        (("25.11.2026", "9:00", ""), "no text"),
        (("24.12.2026", "", "Text"), "2026-12-24 is not within the sixteen days"),
        (("soon", "", "Text"), '"soon" is no date that can be understood'),
        (
            ("25.11.2026", "", "Text", "", "", "Insta gram, Myspace"),
            'no platform "myspace" is known',
        ),
        (("25.11.2026", "noon", "Text"), '"noon" is no time of day'),
        (("Week 2",), "no text"),
    ],
)
def test_a_row_that_cannot_be_read_is_named_and_the_others_are_read(row, message):
    made = plan(HEADER, row, ("25.11.2026", "", "A good one"))
    assert "a-good-one" in made.values["posts"]
    assert len(made.problems) == 1
    assert message in said(made)[0]
    assert said(made)[0].startswith("2: ")


@pytest.mark.parametrize(
    ("written", "first", "day"),
    [
        ("03/12/2026", date(2026, 11, 25), "9"),
        ("12/03/2026", date(2026, 11, 25), "9"),
        ("01/02/2027", date(2027, 1, 25), "8"),
        ("05/04/2026", date(2026, 5, 4), "1"),
    ],
)
def test_a_date_is_read_in_the_order_that_lies_within_the_sixteen_days(written, first, day):
    made = plan(("Date", "Text"), (written, "One"), wishes=Wishes(first_day=first))
    assert made.values["posts"]["one"]["day"] == day


def test_another_language_is_no_second_post():
    made = plan(
        ("Date", "Text", "Language"),
        ("25.11.2026", "We begin", "English"),
        ("26.11.2026", "We go on", "EN"),
        ("25.11.2026", "Wir beginnen", "Deutsch"),
    )
    assert list(made.values["posts"]) == ["we-begin", "we-go-on"]
    assert said(made) == ["4: this text is in de, and the calendar is in en"]


def test_days_may_be_counted():
    made = plan(("Day", "Text"), ("1", "One"), ("Day 16", "Last"), ("17", "Never"))
    assert [post["day"] for post in made.values["posts"].values()] == ["1", "16"]
    assert said(made) == ['4: there is no day "17"']


def test_equal_beginnings_make_different_ids():
    made = plan(("Day", "Text"), ("1", "We begin"), ("2", "We begin"), ("3", "¡¡!!"))
    assert list(made.values["posts"]) == ["we-begin", "we-begin-2", "post-4"]


def test_a_header_that_is_repeated_is_no_row():
    made = plan(("Day", "Text"), ("1", "One"), ("Day", "Text"), ("2", "Two"))
    assert len(made.values["posts"]) == 2
    assert made.problems == ()


def test_cells_that_hold_no_text_are_named():
    grid = sheet(("Day", "Text"), ("1", "One"), unreadable={(2, 1): "a formula stands here"})
    made = planned(mapped([grid], {}), TEMPLATE, Wishes(), stem="a", has_file=lambda _: False)
    assert said(made) == ["2: a formula stands here"]


@pytest.mark.parametrize(
    ("text", "id_"),
    [
        ("Ποτέ ξανά!", "pote-xana"),
        ("Жена и ђак", "zena-i-dak"),
        ("Süß & más", "suss-mas"),
        ("…", ""),
    ],
)
def test_ids_are_written_in_small_latin_letters(text, id_):
    assert slug(text) == id_


def test_a_card_shows_a_whole_sentence_or_says_that_it_goes_on():
    assert first_sentence("One. Two.") == "One."
    assert first_sentence("word " * 40).endswith(" …")
    assert len(first_sentence("word " * 40)) <= 92
