"""Words are broken where a text would else be small for the sake of one, and where they may."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest
from samples import card

from scheduler.cards import DoesNotFit, draw, hyphenating
from scheduler.cards.composing import composed
from scheduler.cards.hyphenating import breaks_readily, hyphenated, words
from scheduler.cards.marks import Words
from scheduler.cards.setting import Copy, copy, loosened
from scheduler.cards.typefaces import typefaces
from scheduler.model import Fonts

PATTERNS = sorted(
    file.name for file in (files("scheduler.cards") / "patterns").iterdir() if file.suffix == ".tex"
)


def shown(text: str, language: str, *, once: bool = False) -> str:
    """The text with a stroke wherever it may be broken."""
    chosen = words(text, language, ends=True)
    return hyphenated(text, language, chosen, once=once).replace("\u00ad", "|")


@pytest.mark.parametrize(
    ("language", "word", "expected"),
    [
        ("de", "Täterarbeit", "Täter|ar|beit"),
        ("de", "Gewaltprävention", "Gewalt|prä|ven|tion"),
        ("nl", "verantwoordelijkheid", "ver|ant|woor|de|lijk|heid"),
        ("fi", "lähisuhdeväkivalta", "lähi|suh|de|vä|ki|valta"),
        ("hu", "erőszakmentesség", "erő|szak|men|tes|ség"),
        ("et", "vastutustundlik", "vas|tu|tus|tund|lik"),
        ("hr", "odgovornost", "odgo|vor|nost"),
        ("bs", "odgovornost", "odgo|vor|nost"),
        ("sr", "одговорност", "одго|вор|ност"),
        ("sr", "odgovornost", "odgo|vor|nost"),
        ("sr-Latn", "odgovornost", "odgo|vor|nost"),
        ("pl", "odpowiedzialność", "odpo|wie|dzial|ność"),
        ("sv", "våldsförebyggande", "vålds|före|byg|gande"),
        ("da", "voldsforebyggelse", "volds|fore|byg|gelse"),
        ("nb", "voldsforebygging", "volds|fore|byg|ging"),
        ("sl", "odgovornost", "odgo|vor|nost"),
        ("sk", "zodpovednosť", "zod|po|ved|nosť"),
        ("lt", "smurtautojams", "smur|tau|to|jams"),
        ("bg", "отговорност", "отго|вор|ност"),
        ("en", "responsibility", "respons|ib|il|ity"),
        ("en-US", "responsibility", "respon|si|bil|ity"),
        ("fr", "responsabilité", "res|pon|sa|bi|lité"),
        ("el", "υπευθυνότητα", "υπευ|θυ|νό|τητα"),
        ("mt", "responsabbiltà", "responsabbiltà"),
        ("xx", "responsibility", "responsibility"),
    ],
)
def test_each_language_breaks_words_as_its_printers_do(language, word, expected):
    assert shown(word, language) == expected


def test_a_word_is_broken_once_and_near_its_middle():
    assert shown("Verantwortungsübernahme", "de", once=True) == "Verantwortungs|übernahme"
    assert shown("Täterarbeitseinrichtungen", "de", once=True) == "Täterarbeits|einrichtungen"


def test_a_word_that_can_be_read_in_two_ways_is_left_whole():
    assert shown("Staubecken", "de") == "Staubecken"


@pytest.mark.parametrize(
    "text",
    [
        "#Verantwortungsübernahme jetzt",
        "@verantwortungsübernahme jetzt",
        "gewaltpraevention.example jetzt",
        "example.org/verantwortung jetzt",
        "VERANTWORTUNG jetzt",
        "Täter-Opfer-Ausgleichsverfahren jetzt",
        "Ver\u00adantwortungsübernahme jetzt",
        "Gewalt jetzt",
        "verantwortung2026 jetzt",
    ],
)
def test_what_is_no_plain_long_word_is_never_broken(text):
    assert words(text, "de") == ()


def test_outside_german_a_capital_is_a_name_unless_it_opens_a_sentence():
    text = "Verantwoordelijkheid begint hier. De heer Verantwoordelijkheid spreekt vandaag."
    (first,) = words(text, "nl")
    assert text[slice(*first)] == "Verantwoordelijkheid"
    assert first[0] == 0
    assert words("Seurakuntayhtymä Helsinki", "fi") == (), "no sentence: it may be a name"
    assert len(words("Die Verantwortungsübernahme beginnt", "de")) == 1


def test_the_last_word_of_a_paragraph_is_broken_only_where_nothing_else_fits():
    text = "odgovornost je važna odgovornost\nodgovornost svih"
    assert [place[0] for place in words(text, "hr")] == [0, 33]
    assert [place[0] for place in words(text, "hr", ends=True)] == [0, 21, 33]


@pytest.mark.parametrize("name", PATTERNS)
def test_all_patterns_that_are_shipped_are_used_and_say_under_which_licence(name):
    text = (files("scheduler.cards") / "patterns" / name).read_text("utf-8")
    assert re.search(r"licen[cs]e:", text)
    free = r"MIT|BSD|MPL|LPPL|without royalty|freely distributed|Permission is hereby granted"
    assert re.search(free, text)
    used = {*hyphenating._READILY.values(), *hyphenating._UNWILLINGLY.values()}
    assert name.removeprefix("hyph-").removesuffix(".tex") in used


# ── on cards ──────────────────────────────────────────────────────────────────────────────────────

HEADLINE = "Verantwortungsübernahme braucht Gewaltschutzeinrichtungen überall"


def set_as(text: str, language: str, least: int = 30, most: int = 120, width: float = 900) -> Copy:
    written = copy(
        "x",
        text,
        fonts=typefaces(Fonts()),
        family="display",
        weight=700,
        language=language,
        lines=6,
    )
    return loosened(written, least, most, width)[0]


def test_a_long_compound_no_longer_makes_the_whole_text_small():
    german, unknown = set_as(HEADLINE, "de"), set_as(HEADLINE, "xx")
    assert german.largest(30, 120, 900) > unknown.largest(30, 120, 900) * 1.15
    assert german.text.count("\u00ad") == 2


def test_words_stay_whole_where_the_text_is_hardly_larger_without():
    for text in ("Verantwortung beginnt bei uns allen", "Gewalt ist kein Schicksal"):
        assert "\u00ad" not in set_as(text, "de").text


def test_words_stay_whole_in_english_as_long_as_they_fit_at_all():
    text = "Responsibilities and accountabilities everywhere"
    assert "\u00ad" not in set_as(text, "en", width=500).text
    narrow = set_as(text, "en", least=60, width=400)
    assert "\u00ad" in narrow.text
    assert narrow.largest(60, 120, 400) >= 60


def test_what_fits_neither_way_is_refused_with_the_whole_word():
    with pytest.raises(DoesNotFit, match="Verantwortungsübernahme"):
        set_as("Eine Verantwortungsübernahme ist gut", "xx", least=100, width=300).largest(
            100, 120, 300
        )


def test_a_broken_word_is_drawn_with_its_hyphen_and_nothing_is_lost():
    drawn = composed(card("call", headline=HEADLINE, language="de"))
    marks = [*drawn.base, *drawn.fresh]
    largest = max(mark.size for mark in marks if isinstance(mark, Words))
    glyphs = sum(len(m.ids) for m in marks if isinstance(m, Words) and m.size == largest)
    blanks = HEADLINE.count(" ")
    # Blanks at the ends of lines are not drawn; both words are broken once.
    assert len(HEADLINE) - blanks + 2 <= glyphs <= len(HEADLINE) + 2


def test_the_quotation_itself_is_not_changed():
    drawn = card("quote", words=HEADLINE, speaker="A", language="de")
    draw(drawn)
    assert drawn.texts["words"] == HEADLINE


def test_a_card_whose_words_fit_reads_no_patterns():
    program = (
        "import sys; from samples import CARDS\n"
        "from scheduler.cards import draw\n"
        "from scheduler.cards.hyphenating import _patterns\n"
        "draw(CARDS['quote']); draw(CARDS['statistic'])\n"
        "sys.exit(_patterns.cache_info().currsize)"
    )
    here = Path(__file__).parent
    done = subprocess.run([sys.executable, "-c", program], check=False, cwd=here, timeout=60)
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("language", "readily"),
    [("de", True), ("fi", True), ("sr-Latn", True), ("en", False), ("fr", False), ("ar", False)],
)
def test_only_languages_of_long_words_break_them_readily(language, readily):
    assert breaks_readily(language) == readily
