"""What differs between two drafts: both texts stay whole, and words are told apart as people do."""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.differing import Aspect, Fate, aspects, named, reworded, stretches, swapped
from scheduler.model import Comments, Draft, DraftPicture, Size


def marked(before: str, now: str) -> str:
    marks = {Fate.SAME: "{}", Fate.REMOVED: "[-{}-]", Fate.ADDED: "{{+{}+}}"}
    return "".join(marks[each.fate].format(each.seen) for each in stretches(before, now))


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        ("One word here.", "One word there.", "One word [-here-]{+there+}."),
        ("It is so.", "It is so!", "It is so[-.-]{+!+}"),
        ("She was killed.", "He killed her.", "[-She was-]{+He+} killed{+ her+}."),
        ("See #16Days", "See #16days", "See [-#16Days-]{+#16days+}"),
        (
            "Go to example.org/a.",
            "Go to example.org/b.",
            "Go to [-example.org/a-]{+example.org/b+}.",
        ),
        ("old old words", "new new words", "[-old old-]{+new new+} words"),
        ("", "All of it.", "{+All of it.+}"),
        ("All of it.", "", "[-All of it.-]"),
        ("The same.", "The same.", "The same."),
    ],
)
def test_words_are_told_apart_with_the_punctuation_around_them(before, now, said):
    assert marked(before, now) == said


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        ("暴力は終わる。", "暴力が終わる。", "暴力[-は-]{+が+}終わる。"),
        ("聴いてください。", "聴いて下さい。", "聴いて[-くだ-]{+下+}さい。"),
        ("ความรุนแรงต่อผู้หญิง", "ความรุนแรงต่อเด็กหญิง", "ความรุนแรงต่อ[-ผู้-]{+เด็ก+}หญิง"),
        ("العنف ضد المرأة.", "العنف ضد النساء.", "العنف ضد [-المرأة-]{+النساء+}."),
        ("קול אחד", "קול אחר", "קול [-אחד-]{+אחר+}"),
        ("हिंसा बंद करो", "हिंसा ख़त्म करो", "हिंसा [-बंद-]{+ख़त्म+} करो"),
    ],
)
def test_scripts_without_spaces_and_from_the_right_are_told_apart_as_well(before, now, said):
    assert marked(before, now) == said


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        ("a b", "a  b", "a[-␣-]{+␣␣+}b"),
        ("a b", "a\nb", "a[-␣-]{+¶\n+}b"),
        ("a b", "a \u202eb", "a [-b-]{+U+202Eb+}"),
        ("a b", "a \u200bb", "a [-b-]{+U+200Bb+}"),
        ("a b", "a\u00a0b", "a[-␣-]{+U+00A0+}b"),
    ],
)
def test_what_nobody_would_see_is_shown_by_a_sign(before, now, said):
    assert marked(before, now) == said


texts = st.text(st.sampled_from("ab .,\n#字ผู้ع\u202e"), max_size=60)


@given(texts, texts)
def test_both_texts_can_be_read_from_their_stretches(before, now):
    found = stretches(before, now)
    assert "".join(each.text for each in found if each.fate is not Fate.ADDED) == before
    assert "".join(each.text for each in found if each.fate is not Fate.REMOVED) == now
    assert all(each.text for each in found)
    fates = [each.fate for each in found]
    assert all(one is not other for one, other in pairwise(fates))


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ("a b " * 2500, "b a " * 2500),
        ("a " * 5000, "a " * 4999 + "b"),
        ("字" * 10_000, "字典" * 5000),
        (" ".join(map(str, range(2000))), " ".join(map(str, range(2000, 0, -1)))),
    ],
)
def test_ten_thousand_hostile_characters_are_compared_at_once(before, now):
    begun = time.process_time()
    stretches(before, now)
    assert time.process_time() - begun < 1


# ── drafts ────────────────────────────────────────────────────────────────────────────────────────


def picture(digest: str, alt: str = "A card.") -> DraftPicture:
    size = Size(width=0, height=0)
    return DraftPicture(
        file=Path(), media_type="image/jpeg", size=size, bytes=1, digest=digest, alt=alt
    )


DRAFT = Draft(text="Words.", pictures=(picture("one"), picture("two")), language="en")


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, ""),
        ({"text": "Others."}, "text"),
        ({"note": "Violence"}, "content note"),
        ({"language": "el"}, "language"),
        ({"comments": Comments.OFF}, "comments"),
        ({"pictures": (picture("one"), picture("two", "Another."))}, "alt text of picture 2"),
        ({"pictures": (picture("one"), picture("other"))}, "picture 2"),
        ({"pictures": (picture("one"),)}, "picture 2"),
        ({"pictures": (picture("new"), picture("one"), picture("two"))}, "picture 1"),
        ({"pictures": (picture("two"), picture("one"))}, "picture 1, picture 2"),
        ({"text": "Others.", "pictures": ()}, "text, picture 1, picture 2"),
        # It is not drawn yet.
        ({"pictures": (picture("one"), picture(""))}, ""),
        ({"pictures": (picture("one"), picture("", "Another."))}, "alt text of picture 2"),
    ],
)
def test_every_part_of_a_draft_is_compared(changes, found):
    now = replace(DRAFT, **changes)
    assert named(aspects(DRAFT, now)) == found
    told = [(each.aspect, each.number) for each in reworded(DRAFT, now)]
    told += [(Aspect.PICTURE, each.number) for each in swapped(DRAFT, now)]
    assert sorted(told) == sorted(aspects(DRAFT, now))


def test_every_field_of_a_draft_has_its_part():
    """One that is new must be compared, too; `part` is where a draft stands, not what it says."""
    assert set(Draft.__slots__) == {"text", "pictures", "language", "note", "comments", "part"}


def test_words_say_in_which_language_they_were_and_are():
    (each, _) = reworded(DRAFT, replace(DRAFT, text="Λόγια.", language="el"))
    assert each.languages == ("en", "el")
