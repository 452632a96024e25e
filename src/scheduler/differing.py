"""What differs between two drafts of one delivery, word by word. Pure.

One of them is what people said yes to, or what is public; the other what the calendar says now.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from scheduler.model import Draft, DraftPicture


class Aspect(StrEnum):
    """A part of a draft that may have become another one."""

    TEXT = "text"
    NOTE = "content note"
    LANGUAGE = "language"
    #: Who may answer.
    COMMENTS = "comments"
    #: Of one of its pictures.
    ALT = "alt text"
    PICTURE = "picture"


class Fate(StrEnum):
    """What became of a stretch of words."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Words beside each other with one fate. In their order the stretches are both texts."""

    text: str
    fate: Fate

    @property
    def seen(self) -> str:
        """The text, with a sign for each character that came or went and that nobody would see."""
        if self.fate is Fate.SAME:
            return self.text
        if any(map(_is_seen, self.text)):
            return _UNSEEN.sub(lambda found: _sign(found[0]), self.text)
        return "".join(map(_sign, self.text))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reworded:
    """Words that changed; `number` is that of the picture, from 1, where they describe one."""

    aspect: Aspect
    stretches: tuple[Stretch, ...]
    #: Of the words before and now.
    languages: tuple[str, str]
    number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Swapped:
    """A picture in place of another; None where there was none, or is none any more."""

    number: int
    before: DraftPicture | None
    now: DraftPicture | None


def aspects(before: Draft, now: Draft) -> tuple[tuple[Aspect, int], ...]:
    """What differs, each with the number of its picture, or 0.

    Of a picture that is not drawn yet nobody knows whether it is another one: it is not named.
    """
    return (
        *((aspect, 0) for aspect, _, _ in _words(before, now)),
        *(
            (Aspect.ALT, number)
            for number, was, is_ in _pairs(before, now)
            if _is_described(was, is_)
        ),
        *(
            (Aspect.PICTURE, number)
            for number, was, is_ in _pairs(before, now)
            if _is_swapped(was, is_)
        ),
    )


def named(differing: Iterable[tuple[Aspect, int]]) -> str:
    """text, alt text of picture 2, picture 2"""
    return ", ".join(_named(aspect, number) for aspect, number in differing)


def _named(aspect: Aspect, number: int) -> str:
    if aspect is Aspect.ALT:
        return f"{aspect} of picture {number}"
    return f"{aspect} {number}" if number else str(aspect)


def reworded(before: Draft, now: Draft) -> tuple[Reworded, ...]:
    """Words that changed, first those of the post, then those of its pictures."""
    languages = (before.language, now.language)
    said = [(aspect, 0, was, is_) for aspect, was, is_ in _words(before, now)]
    described = [
        (Aspect.ALT, number, was.alt, is_.alt)
        for number, was, is_ in _pairs(before, now)
        if was and is_ and was.alt != is_.alt
    ]
    return tuple(
        Reworded(aspect=aspect, number=number, stretches=stretches(was, is_), languages=languages)
        for aspect, number, was, is_ in (*said, *described)
    )


def swapped(before: Draft, now: Draft) -> tuple[Swapped, ...]:
    """Pictures that came, went, or took the place of another."""
    return tuple(
        Swapped(number=number, before=was, now=is_)
        for number, was, is_ in _pairs(before, now)
        if _is_swapped(was, is_)
    )


def _words(before: Draft, now: Draft) -> Iterator[tuple[Aspect, str, str]]:
    for aspect, was, is_ in (
        (Aspect.TEXT, before.text, now.text),
        (Aspect.NOTE, before.note, now.note),
        (Aspect.LANGUAGE, before.language, now.language),
        (Aspect.COMMENTS, str(before.comments), str(now.comments)),
    ):
        if was != is_:
            yield aspect, was, is_


# ── pictures ──────────────────────────────────────────────────────────────────────────────────────

#: Its number now, or before where it is gone; then what it was and what it is.
_Pair = tuple[int, DraftPicture | None, DraftPicture | None]


def _pairs(before: Draft, now: Draft) -> Iterator[_Pair]:
    """Pictures that are the same one, or stand in one place; an added one moves the others."""
    was, is_ = before.pictures, now.pictures
    if not all(picture.digest for picture in is_):
        yield from _in_place(was, is_)
        return
    names, others = ([picture.digest for picture in pictures] for pictures in (was, is_))
    matcher = SequenceMatcher(None, names, others, autojunk=False)
    for _, first, last, begin, end in matcher.get_opcodes():
        yield from _in_place(was[first:last], is_[begin:end], first=first, begin=begin)


def _in_place(
    was: Sequence[DraftPicture], is_: Sequence[DraftPicture], *, first: int = 0, begin: int = 0
) -> Iterator[_Pair]:
    for number in range(max(len(was), len(is_))):
        yield (
            (begin if number < len(is_) else first) + number + 1,
            was[number] if number < len(was) else None,
            is_[number] if number < len(is_) else None,
        )


def _is_swapped(was: DraftPicture | None, is_: DraftPicture | None) -> bool:
    if was is None or is_ is None:
        return True
    return bool(is_.digest) and was.digest != is_.digest


def _is_described(was: DraftPicture | None, is_: DraftPicture | None) -> bool:
    """Whether it is described in other words than it was."""
    return was is not None and is_ is not None and was.alt != is_.alt


# ── words ─────────────────────────────────────────────────────────────────────────────────────────

#: Of scripts without spaces between words (Thai, Lao, Myanmar, Khmer, Chinese, Japanese): there
#: each character, with what stands on it, is a word of its own.
_SPACELESS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\U00020000-\U0003ffff"
)
_MARKS = (
    "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece"
    "\u102b-\u103e\u17b4-\u17d3\u3099\u309a"
)
_WORDS = re.compile(rf"\s+|[{_SPACELESS}][{_MARKS}]*|[^\s{_SPACELESS}]+")
_ONE = re.compile(rf"[{_SPACELESS}][{_MARKS}]*")
#: A hashtag's or a mention's sign belongs to its word.
_OF_WORDS = frozenset("#@")
#: So many comparisons take a tenth of a second at worst. Above it words that are everywhere, as in
#: "a a a a", are not looked for: what is left of such a text is shown as replaced.
_PATIENCE = 160_000


def stretches(before: str, now: str) -> tuple[Stretch, ...]:
    """Both texts in one, in the order in which they are read."""
    was, is_ = _tokens(before), _tokens(now)
    head = _alike(was, is_)
    tail = _alike(was[head:][::-1], is_[head:][::-1])
    middle = _compared(was[head : len(was) - tail], is_[head : len(is_) - tail])
    same = [(Fate.SAME, each) for each in was[:head]]
    rest = [(Fate.SAME, each) for each in was[len(was) - tail :]]
    return tuple(_joined([*same, *_settled(middle), *rest]))


def _tokens(text: str) -> list[str]:
    return [part for word in _WORDS.findall(text) for part in _peeled(word)]


def _peeled(word: str) -> Iterator[str]:
    """The word without the punctuation around it, which may change for itself."""
    begin, end = 0, len(word)
    while begin < end and _is_around(word[begin]):
        begin += 1
    while end > begin and _is_around(word[end - 1]):
        end -= 1
    yield from filter(None, (word[:begin], word[begin:end], word[end:]))


def _is_around(letter: str) -> bool:
    return letter not in _OF_WORDS and unicodedata.category(letter)[0] == "P"


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """How many are the same from the beginning."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((n for n, (left, right) in pairs if left != right), min(len(one), len(other)))


_Token = tuple[Fate, str]


def _compared(was: list[str], is_: list[str]) -> list[tuple[list[str], list[str], bool]]:
    """Runs of tokens before and now, and whether they are the same."""
    hasty = len(was) * len(is_) > _PATIENCE
    matcher = SequenceMatcher(None, was, is_, autojunk=hasty)
    return [
        (was[first:last], is_[begin:end], tag == "equal")
        for tag, first, last, begin, end in matcher.get_opcodes()
    ]


def _settled(runs: list[tuple[list[str], list[str], bool]]) -> Iterator[_Token]:
    """What is the same by chance between two changes is part of them: it is read at one go."""
    removed: list[str] = []
    added: list[str] = []
    for number, (was, is_, same) in enumerate(runs):
        if same and not (0 < number < len(runs) - 1 and _is_by_chance(was)):
            yield from _changed(removed, added)
            removed, added = [], []
            yield from ((Fate.SAME, each) for each in was)
        else:
            removed += was
            added += is_
    yield from _changed(removed, added)


def _changed(removed: list[str], added: list[str]) -> Iterator[_Token]:
    yield from ((Fate.REMOVED, each) for each in removed)
    yield from ((Fate.ADDED, each) for each in added)


def _is_by_chance(tokens: list[str]) -> bool:
    """No word of it, or a single one of a script in which each character is a word."""
    words = [each for each in tokens if any(map(str.isalnum, each))]
    return not words or (len(words) == 1 and bool(_ONE.fullmatch(words[0])))


def _joined(tokens: Sequence[_Token]) -> Iterator[Stretch]:
    fate, texts = Fate.SAME, list[str]()
    for its, text in tokens:
        if its is not fate and texts:
            yield Stretch(text="".join(texts), fate=fate)
            texts = []
        fate = its
        texts.append(text)
    if texts:
        yield Stretch(text="".join(texts), fate=fate)


# ── what nobody sees ──────────────────────────────────────────────────────────────────────────────


#: What turns the direction of words, and what has no width. Joiners stay: they shape letters.
_UNSEEN = re.compile("[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")


def _is_seen(letter: str) -> bool:
    return unicodedata.category(letter)[0] not in "ZC"


def _sign(letter: str) -> str:
    if letter == "\n":
        return "¶\n"
    return "␣" if letter == " " else f"U+{ord(letter):04X}"
