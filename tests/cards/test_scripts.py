"""The letters of Europe, and Arabic: every one is there, whole words are of one face, in order."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
import uharfbuzz as hb
from lines import glyphs
from PIL import Image, ImageChops

from scheduler.cards import MissingGlyph
from scheduler.cards.marks import Composition, Wash
from scheduler.cards.painting import picture
from scheduler.cards.setting import Box, copy
from scheduler.cards.shaping import Style, isolated, led, shape, side
from scheduler.cards.typefaces import characters, faces, families, font_bytes, typefaces
from scheduler.model import Fonts

ARABIC = "NotoSansArabic.var.ttf"
SERIF = "SourceSerif4Display-Semibold.ttf"
DISPLAY = "InterDisplay-roman.var.ttf"

#: What each language writes beyond a to z, in both cases (after the exemplars of CLDR).
LETTERS = {
    "Albanian": "çë",
    "Azerbaijani": "çəğıİöşü",
    "Basque": "ñç",
    "Belarusian": "абвгдеёжзійклмнопрстуўфхцчшыьэюя’",
    "Bosnian": "čćđšž",
    "Breton": "ñù",
    "Bulgarian": "абвгдежзийклмнопрстуфхцчшщъьюяѝ",
    "Catalan": "àçéèíïóòúü·",
    "Croatian": "čćđšž",
    "Czech": "áčďéěíňóřšťúůýž",
    "Danish": "åæøé",
    "Dutch": "áéèëïíóöüĳ",
    "Estonian": "äõöüšž",
    "Faroese": "áæðíóøúý",
    "Finnish": "åäöšž",
    "French": "àâæçéèêëîïôœùûüÿ",
    "Frisian": "âêîôûúéèëïöü",
    "Gaelic": "àèìòù",
    "Galician": "áéíñóúü",
    "German": "äöüßẞ",
    "Greek": "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ",
    "Greek, polytonic": "ἀἁἂἃἄἅἆἇὰάᾀᾁᾂᾃᾄᾅᾆᾇᾰᾱᾲᾳᾴᾶᾷἐἑἠἡἦῂῃῆἰἱἶῒΐῖὀὁὐὑὖῢῦὠὡὦῲῳῶᾠᾧῤῥ",
    "Hungarian": "áéíóöőúüű",
    "Icelandic": "áðéíóúýþæö",
    "Irish": "áéíóúḃċḋḟġṁṗṡṫ",
    "Italian": "àèéìòóù",
    "Kazakh": "әғқңөұүһі",
    "Latvian": "āčēģīķļņšūž",
    "Lithuanian": "ąčęėįšųūž",
    "Luxembourgish": "äéë",
    "Macedonian": "ѓѕјљњќџѐѝ",
    "Maltese": "ċġħżàèìòù",
    "Montenegrin": "śźčćđšž",
    "Norwegian": "åæøàéòô",
    "Polish": "ąćęłńóśźż",
    "Portuguese": "áâãàçéêíóôõú",
    "Romani": "čšžćđŕńśźäëǎěǒ",
    "Romanian": "ăâîșțşţ",
    "Romansh": "àèéìòùöü",
    "Russian": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
    "Sámi, Inari": "áâäčđŋšž",
    "Sámi, Northern": "áčđŋšŧž",
    "Sámi, Skolt": "âčʒǯđǧǥǩŋõšžåä",
    "Sámi, Southern": "ïæöå",
    "Serbian": "абвгдђежзијклљмнњопрстћуфхцчџшčćđšž",
    "Slovak": "áäčďéíĺľňóôŕšťúýž",
    "Slovenian": "čšž",
    "Sorbian": "ćčěłńóřŕšśžź",
    "Spanish": "áéíñóúü¿¡ªº",
    "Swedish": "åäöé",
    "Turkish": "çğıİöşüâîû",
    "Ukrainian": "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя’ʼ",
    "Vietnamese": "ăâđêôơưắằẳẵặấầẩẫậếềểễệốồổỗộớờởỡợứừửữựáàảãạéèẻẽẹíìỉĩịóòỏõọúùủũụýỳỷỹỵ",
    "Welsh": "âêîôûŵŷäëïöüÿáéíóúẃý",
    "Arabic": "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهويىًٌٍَُِّْٰ،؛؟٪٫٬٠١٢٣٤٥٦٧٨٩",
    "Persian": "پچژگکی‌ٔ۰۱۲۳۴۵۶۷۸۹",
    "Kurdish": "ێۆڕڵڤکیەپچژگ",
    "Urdu": "ٹڈڑںھہیےۓگچپژ۔",
    "Pashto": "ټځڅډړږښګڼېۍئ",
    "signs": "„“”‚‘’«»‹›–—…·•°§€£%‰×−½№†‑\u00a0\u202f\u2009\u2007",
}


@pytest.mark.parametrize("family", families())
@pytest.mark.parametrize("language", LETTERS)
def test_every_family_writes_every_language_of_europe(language, family):
    letters = LETTERS[language]
    both = letters + "".join(letter.upper() for letter in letters)
    decomposed = unicodedata.normalize("NFC", unicodedata.normalize("NFD", both))
    for text in (both, decomposed):
        for letter in text:
            written = f"{base_of(letter)}{letter}"
            assert all(glyph.id for glyph in glyphs(shape(written, style(family))))


def base_of(letter: str) -> str:
    """What a mark stands on."""
    if not unicodedata.combining(letter):
        return ""
    return "ب" if "ARABIC" in unicodedata.name(letter) else "α"


def style(family: str, language: str = "en", weight: int = 600) -> Style:
    return Style(faces(family, weight), language)


def files_of(text: str, family: str, language: str = "en") -> dict[str, str]:
    """The file that writes each character."""
    line = shape(text, style(family, language))
    return {text[glyph.place]: glyph.face.file for glyph in glyphs(line)}


# ── one word, one face ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("word", ["beaivváŧ", "Ŧuođđut", "ᾄνθρωπος", "ĳsvrĳ"])
def test_a_word_of_which_the_first_face_lacks_a_letter_is_written_whole_in_the_next(word):
    assert any(ord(letter) not in characters(faces("serif", 600)[0]) for letter in word)
    assert set(files_of(word, "serif").values()) == {DISPLAY}


def test_the_words_beside_it_keep_the_first_face():
    found = files_of("wir beaivváŧ", "serif")
    assert (found["w"], found["b"], found["a"]) == (SERIF, DISPLAY, DISPLAY)


def test_a_text_with_letters_that_its_face_lacks_is_written_whole_in_a_face_that_has_all():
    written = faces("serif", 600)
    assert led("Gut, daß du beaivváŧ sagst.", written)[0].file == DISPLAY
    assert led("Gut, daß du das sagst ⇒", written) == written, "a sign is no letter"
    assert led("Das Wort سلام heißt Frieden", written) == written, "another script is no lack"
    assert led("Das Wort beaivváŧ, سلام", written)[0].file == DISPLAY


def test_the_apostrophe_of_ukrainian_breaks_no_word():
    for apostrophe in "ʼ’":
        assert set(files_of(f"пам{apostrophe}ять", "serif", "uk").values()) == {SERIF}


def test_latin_letters_digits_hashtags_and_dashes_among_arabic_come_from_inter():
    found = files_of("كلمة # Go 16 – 2026 @ un %", "text", "ar")
    for character in "#Go16–20@un%":
        assert found[character] == "Inter-roman.var.ttf"
    assert found["ك"] == ARABIC


def test_stops_and_brackets_are_written_as_their_word_is():
    found = files_of("(سلام). [Ja]", "text", "ar")
    assert (found["("], found[")"], found["."]) == (ARABIC,) * 3
    assert (found["["], found["]"]) == ("Inter-roman.var.ttf",) * 2
    assert "«" in files_of("«سلام»", "serif", "ar")
    assert files_of("«سلام»", "serif", "ar")["«"] == ARABIC


def test_arabic_is_of_the_weight_that_the_template_asks_for():
    light, heavy = (shape("سلام", style("text", "ar", weight)).width for weight in (400, 800))
    assert heavy > light


# ── missing glyphs ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("family", families())
@pytest.mark.parametrize(
    "sign",
    [
        "😀",
        "👩‍👧",
        "👍🏽",
        "🇪🇺",
        "🏴󠁧󠁢󠁳󠁣󠁴󠁿",
        "❤️‍🔥",
        "☎️",
        "♀️",
        "a\ufe01",
        "漢\U000e0100",
        "क",
        "გ",
        "ა\u0301",
        "\ue000",
        "\u0007",
    ],
)
def test_what_no_font_has_is_named_with_all_that_belongs_to_it(sign, family):
    with pytest.raises(MissingGlyph) as caught:
        shape(f"Oh {sign} ja", style(family))
    assert caught.value.character == sign[: len(caught.value.character)]
    first = unicodedata.name(sign[0], f"U+{ord(sign[0]):04X}").lower()
    assert first in str(caught.value)


def test_a_family_of_emoji_is_named_as_a_whole():
    with pytest.raises(MissingGlyph) as caught:
        shape("Oh 👩‍👧!", style("text"))
    assert caught.value.character == "👩‍👧"
    assert "woman, zero width joiner, girl" in str(caught.value)


@pytest.mark.parametrize("blank", "\u00a0\u2007\u2009\u202f\u2011")
def test_every_kind_of_unbroken_blank_and_hyphen_is_drawn_and_never_broken(blank):
    for family in families():
        written = copy(
            "x",
            f"100{blank}000",
            fonts=typefaces(Fonts()),
            family=family,
            weight=600,
            language="fr",
        )
        assert len(written.parts) == 1
        assert written.count(100, 50) == 0


def test_arabic_digits_stand_in_their_own_order():
    text = "١٢٣"
    line = shape(text, style("text", "ar"))
    assert [text[glyph.place] for glyph in glyphs(line)] == list(text)


# ── shaping ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("word", ["المسؤولية", "لا", "مُحَمَّد", "می‌یابد", "بِسْمِ"])
def test_arabic_letters_join_as_harfbuzz_joins_them(word):
    buffer = hb.Buffer()
    buffer.add_str(word)
    buffer.guess_segment_properties()
    font = hb.Font(hb.Face(font_bytes(ARABIC)))
    font.set_variations({"wght": 600})
    hb.shape(font, buffer)
    line = shape(word, style("text", "ar"))
    assert [glyph.id for glyph in glyphs(line)] == [info.codepoint for info in buffer.glyph_infos]
    units = sum(place.x_advance for place in buffer.glyph_positions)
    assert line.width * 1000 == pytest.approx(units)


def test_an_arabic_letter_has_another_form_within_a_word():
    alone = glyphs(shape("ع", style("text", "ar")))[0].id
    inside = [glyph for glyph in glyphs(shape("بعد", style("text", "ar"))) if glyph.place == 1]
    assert inside[0].id != alone


@pytest.mark.parametrize(
    ("letter", "language", "other", "family"),
    [
        ("б", "sr", "ru", "serif"),
        ("б", "sr-Cyrl", "ru", "serif"),
        ("б", "mk", "ru", "serif"),
        ("г", "bg", "ru", "serif"),
        ("д", "bg", "sr", "serif"),
        ("ş", "ro", "tr", "text"),
        ("۶", "ur", "fa", "text"),
    ],
)
def test_letters_take_the_form_of_their_language(letter, language, other, family):
    forms = {
        tag: [glyph.id for glyph in glyphs(shape(letter, style(family, tag)))]
        for tag in (language, other)
    }
    assert forms[language] != forms[other]


# ── from the right ────────────────────────────────────────────────────────────────────────────────


def seen(text: str, language: str = "ar") -> str:
    line = shape(text, style("text", language), side(text, language))
    return "".join(text[glyph.place] for glyph in glyphs(line) if text[glyph.place].isascii())


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("شاركوا #Together", "#Together "),
        ("#Together شاركوا", " #Together"),
        ("اتصل 116 016", "116016 "),
        ("اتصل +49 30 12", "+493012 "),
        ("@un_women هنا", " @un_women"),
        ("16 يوم", " 16"),
    ],
)
def test_hashtags_names_and_numbers_to_dial_read_from_the_left_within_arabic(text, order):
    assert seen(isolated(text)) == order


def test_without_help_a_number_to_dial_would_be_turned():
    assert seen("اتصل 116 016") == "016 116 "


def test_arabic_words_of_hashtags_and_plain_numbers_stay_as_they_are():
    for text in ("#كلمة هنا", "3 من 10", "2025–2026"):
        assert isolated(text) == text


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("UNFPA قال", "ar", 1),
        ("UNFPA", "ar", 0),
        ("30%", "ar", 1),
        ("سلام heißt Frieden", "de", 0),
        ("سلام", "de", 1),
        ("30%", "de", 0),
        ("سلام", "ku-Arab", 1),
        ("", "en", 0),
    ],
)
def test_a_paragraph_starts_on_the_side_of_its_language(text, language, expected):
    assert side(text, language) == expected


# ── pixels ────────────────────────────────────────────────────────────────────────────────────────

GOLDEN = Path(__file__).parent / "scripts.png"
#: As for whole cards: the distance, of 255, of the worst patch; other wheels may round otherwise.
TOLERANCE = 6
LINES = (
    ("Täterarbeit wirkt – țărm, ħażin, ğış", "de", "display", 700),
    ("Đường dây nóng: trách nhiệm", "vi", "serif", 600),
    ("Η ευθύνη αρχίζει από εμάς. ᾄνθρωπος", "el", "text", 500),
    ("Одговорност бг дпт", "sr", "serif", 600),
    ("Отговорност вгджзийклптц", "bg", "serif", 600),
    ("شاركوا #Together: اتصل 116 016", "ar", "display", 700),
    ("«لن ينتهي العنف» مُحَمَّد ١٢٣٪", "ar", "serif", 600),
    ("خشونت پایان می‌یابد؛ مسئولیت با ماست.", "fa", "text", 400),
)


def sheet(lines=LINES) -> Image.Image:
    marks = []
    for number, (text, language, family, weight) in enumerate(lines):
        written = copy(
            "x",
            text,
            fonts=typefaces(Fonts()),
            family=family,
            weight=weight,
            language=language,
            lines=1,
        )
        size = written.largest(20, 56, 1000)
        marks += written.set(Box(size, 40, 50 + 100 * number, 1000, "#24163a"))
    ground = Wash("#fff6ec", "#fff6ec")
    return picture(
        Composition(width=1080, height=100 * len(LINES) + 40, base=(ground,), fresh=tuple(marks))
    )


def distance(got: Image.Image, golden: Image.Image) -> int:
    difference = ImageChops.difference(got, golden.convert("RGB"))
    patches = difference.resize((54, got.height // 10), Image.Resampling.BOX)
    return max(high for _, high in patches.getextrema())


def small(image: Image.Image) -> Image.Image:
    return image.resize((540, image.height // 2), Image.Resampling.BOX)


def test_four_scripts_look_as_they_were_approved():
    got = small(sheet())
    golden = GOLDEN
    if not golden.exists():
        got.save(golden.with_suffix(".got.png"))
        pytest.fail("no golden sheet; look at scripts.got.png and rename it if it is good")
    worst = distance(got, Image.open(golden))
    if worst > TOLERANCE:
        got.save(golden.with_suffix(".got.png"))
    assert worst <= TOLERANCE, "differs from scripts.png: compare it with scripts.got.png"


def test_the_tolerance_notices_letters_that_do_not_join_and_a_form_of_another_language():
    golden = Image.open(GOLDEN)
    *before, last = LINES
    apart = [*before, ("خشونت پایان می یابد؛ مسئولیت با ماست.", *last[1:])]
    assert distance(small(sheet(apart)), golden) > 3 * TOLERANCE
    russian = [(text, "ru" if tag == "bg" else tag, *rest) for text, tag, *rest in LINES]
    assert distance(small(sheet(russian)), golden) > 3 * TOLERANCE
