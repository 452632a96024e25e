"""What wants to be said in each language, and how far each translation can be trusted.

A translation keeps the text that it was made from. As soon as the calendar says something else, it
is stale, whoever reviewed it: a figure that was corrected must not live on in nine languages.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from scheduler.calendar.reading import FILES_KEPT, Tree, Values, at
from scheduler.calendar.validating import where
from scheduler.calendar.wordings import BESIDE, WANTED, WELCOME, is_number, matching
from scheduler.errors import Problem, Severity
from scheduler.model import (
    Campaign,
    KeyPath,
    Phrases,
    Post,
    QuoteContent,
    StatisticContent,
    Translation,
    Wording,
)
from scheduler.remembering import remembered

#: A post, a fact, a day …, or a section: what is translated, and reviewed, as a whole.
Unit = KeyPath

#: Sections that are translated as a whole; the others are, entry by entry.
_WHOLE = frozenset({"campaign", "brand", "phrases"})
#: From the best to the worst.
_ORDER = (Wording.REVIEWED, Wording.DRAFT, Wording.STALE, Wording.MISSING)

#: What an organisation's values are before anybody has laid anything over them.
_NOTHING: Values = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Translated:
    """What became of one unit in one language."""

    translation: Translation
    missing: tuple[KeyPath, ...] = ()
    stale: tuple[KeyPath, ...] = ()
    #: They say, or show, something else than their source.
    wrong: tuple[KeyPath, ...] = ()


@cache
def _shipped() -> Mapping[str, Mapping[str, str]]:
    text = files("scheduler.calendar").joinpath("phrases.toml").read_text("utf-8")
    return MappingProxyType(tomllib.loads(text))


def phrases(language: str, written: Mapping[str, str]) -> Phrases:
    """The program's own words: as the files say, else as they are shipped, else in English."""
    return Phrases(**{**_shipped()["en"], **_shipped().get(language, {}), **written})


def wanted(values: Values, language: str) -> Iterator[KeyPath]:
    """Every text of the calendar that wants to be said in the language."""
    return iter(_sources(values, language, WANTED))


def sources(values: Values, language: str) -> Mapping[KeyPath, Any]:
    """The source text (or texts) of all that wants, or welcomes, a translation."""
    return _sources(values, language, (*WANTED, *WELCOME))


def _sources(values: Values, language: str, patterns: tuple[KeyPath, ...]) -> Mapping[KeyPath, Any]:
    found = {
        path: text
        for pattern in patterns
        for path, text in matching(values, pattern)
        if text and not is_number(path, text)
    }
    own = values.get("phrases", {})
    if language not in _shipped():
        for name, words in _shipped()["en"].items():
            found["phrases", name] = own.get(name, words) if isinstance(own, dict) else words
    return found


def unit(path: KeyPath) -> Unit:
    return path[:1] if path[0] in _WHOLE else path[:2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Translations:
    """A language's file, held against the calendar: once for all members that speak it."""

    #: The source texts of each unit.
    sources: Mapping[Unit, Mapping[KeyPath, Any]]
    #: Those without which the unit cannot be said.
    required: frozenset[KeyPath]
    above: Values
    #: How each unit stands in the file.
    units: Mapping[Unit, Translated]

    @staticmethod
    @remembered(FILES_KEPT)
    def of(source: Values, language: str, above: Values) -> Translations:
        by_unit: dict[Unit, dict[KeyPath, Any]] = {}
        for path, text in sources(source, language).items():
            by_unit.setdefault(unit(path), {})[path] = text
        bare = Translations(
            sources=by_unit, required=frozenset(wanted(source, language)), above=above, units={}
        )
        return replace(bare, units=bare._standing(by_unit, _NOTHING))

    def spoken_with(self, own: Values) -> Mapping[Unit, Translated]:
        """The same for a member: what it says itself, in its own file, is no translation."""
        touched = [each for each in self.sources if at(own, each) is not None]
        if not touched:
            return self.units
        untouched = {each: found for each, found in self.units.items() if each not in set(touched)}
        return untouched | self._standing(touched, own)

    def _standing(self, units: Iterable[Unit], own: Values) -> dict[Unit, Translated]:
        found = ((each, self._of_unit(each, own)) for each in units)
        return {each: translated for each, translated in found if translated is not None}

    def _of_unit(self, each: Unit, own: Values) -> Translated | None:
        """None for a unit of which nothing is translated, and nothing has to be."""
        missing: list[KeyPath] = []
        stale: list[KeyPath] = []
        wrong: list[KeyPath] = []
        translated = False
        for path, text in self.sources[each].items():
            if at(own, path) is not None:
                continue
            beside = BESIDE.get(str(path[-1]), path[-1])
            if at(self.above, (*path[:-1], beside)) is None:
                missing += [path] if path in self.required else []
                continue
            translated = True
            stale += [path] if _bare(_made_from(self.above, path)) != _bare(text) else []
            wrong += [path] if _says_another(path, text, at(self.above, path)) else []
        if not (translated or missing):
            return None
        translation = self._translation(each, silent=bool(missing or wrong), stale=bool(stale))
        return Translated(
            translation=translation,
            missing=tuple(missing),
            stale=tuple(stale),
            wrong=tuple(wrong),
        )

    def _translation(self, each: Unit, *, silent: bool, stale: bool) -> Translation:
        if silent:
            return Translation(wording=Wording.MISSING)
        if stale:
            return Translation(wording=Wording.STALE)
        return _reviewed(at(self.above, (*each, "translation")))


def _reviewed(written: Any) -> Translation:
    """As it was written; whether it is well formed is looked at elsewhere."""
    if isinstance(written, dict) and written.get("state") == "reviewed":
        try:
            on = date.fromisoformat(written.get("on", ""))
        except ValueError:
            return Translation(wording=Wording.DRAFT)
        if by := written.get("by"):
            return Translation(wording=Wording.REVIEWED, by=by, on=on)
    return Translation(wording=Wording.DRAFT)


def _made_from(above: Values, path: KeyPath) -> Any:
    length = len(unit(path))
    return at(above, (*path[:length], "translation", "of", *path[length:]))


def told(campaign: Campaign, units: Mapping[Unit, Translated]) -> Campaign:
    """The campaign, with the state of its translation in each post."""
    if not units:
        return campaign
    everywhere = [units[(section,)] for section in sorted(_WHOLE) if (section,) in units]
    posts = {
        id_: replace(post, translation=_worst(post, units, everywhere))
        for id_, post in campaign.posts.items()
    }
    return replace(campaign, posts=MappingProxyType(posts))


def _worst(
    post: Post, units: Mapping[Unit, Translated], everywhere: list[Translated]
) -> Translation | None:
    """A post can be trusted as far as the least of the words that stand on it."""
    used = [units[each] for each in _units_of(post) if each in units]
    states = [each.translation for each in (*used, *everywhere)]
    return max(states, key=lambda state: _ORDER.index(state.wording), default=None)


def _units_of(post: Post) -> Iterator[Unit]:
    yield ("posts", post.id)
    yield ("days", str(post.day))
    if post.helpline:
        yield ("helplines", post.helpline.id)
    for slide in post.slides:
        match slide.content:
            case StatisticContent():
                yield ("facts", slide.content.fact.id)
            case QuoteContent():
                yield ("quotes", slide.content.quote.id)


# ── problems ──────────────────────────────────────────────────────────────────────────────────────


def translation_problems(
    source: Tree, language: str, file: Tree, *, spoken: bool
) -> Iterator[Problem]:
    """What is missing, stale or not reviewed in a language's file, at the line of the source.

    `spoken`: whether any organisation would have to stay silent for what is missing.
    """
    units = Translations.of(source.values, language, file.values).units
    name = file.places.file
    for each, found in units.items():
        if found.missing:
            keys = ", ".join(_key(each, path) for path in found.missing)
            yield source.places.value(*found.missing[0]).problem(
                "translation-missing",
                f"{where(source.values, found.missing[0])}not said in {language} yet: {keys}",
                f"add it to {name}; until then, who speaks {language} does not say it",
                Severity.ERROR if spoken else Severity.WARNING,
            )
        for path in found.wrong:
            yield file.places.value(*path).problem(
                "translation-figure",
                f"{where(source.values, path)}{_key(each, path)} is not what the calendar says: "
                f"{_shown_as(at(file.values, path))}, and not {_shown_as(at(source.values, path))}",
                "keep every figure and every picture; only the words around them change",
            )
        for path in found.stale:
            there = file.places.value(*path)
            known = _made_from(file.values, path) is not None
            what = "is no longer what was translated" if known else "may not be what was translated"
            yield source.places.value(*path).problem(
                "translation-stale",
                f"{where(source.values, path)}{_key(each, path)} {what} into {language} "
                f"({there.file}:{there.line}{'' if known else ', which does not say of what'})",
                "translate it anew, and copy the new source to translation, of",
                Severity.WARNING,
            )
    drafts = [each for each, found in units.items() if found.translation.wording is Wording.DRAFT]
    if drafts:
        yield file.places.key("language").problem(
            "translation-draft",
            f"{len(drafts)} of {len(units)} entries are drafts, which nobody has reviewed: "
            "what stands on them never goes out to a live account",
            "who has read one against its source writes state: reviewed, by and on below it",
            Severity.WARNING,
        )


def _bare(text: Any) -> Any:
    """Without the blanks around it, which nobody sees."""
    if isinstance(text, list):
        return [_bare(each) for each in text]
    return text.strip() if isinstance(text, str) else text


def phrase_problems(own: Tree) -> Iterator[Problem]:
    """The program's own words, which would stand in English on cards of another language."""
    language = at(own.values, ("campaign", "language"))
    written = at(own.values, ("phrases",))
    known = set(written) if isinstance(written, dict) else set()
    missing = [name for name in _shipped()["en"] if name not in known]
    if isinstance(language, str) and language not in _shipped() and missing:
        yield own.places.value("campaign", "language").problem(
            "phrases-missing",
            f'what the program itself writes is not known in "{language}": it stays English',
            f"say it below phrases: {', '.join(missing)}",
            Severity.WARNING,
        )


def _says_another(path: KeyPath, source: Any, written: Any) -> bool:
    """Whether a translation has other figures, or shows other pictures, than its source."""
    if path[0] == "facts" and path[-1] in ("figure", "values", "year", "label", "shown"):
        return bool(_figures(written)) and _figures(written) != _figures(source)
    if path[-1] == "carousel" and isinstance(written, list):
        return [_shown(slide) for slide in written] != [_shown(slide) for slide in source]
    return False


def _figures(value: Any) -> list[str]:
    """Digits alone: 0.2% and 0,2 % are the same figure, and so are "1 in 3" and "3 … 1"."""
    if isinstance(value, list):
        return [figure for each in value for figure in _figures(each)]
    if isinstance(value, dict):
        return [figure for key in ("amount", "shown") for figure in _figures(value.get(key, ""))]
    found = re.findall(r"\d(?:[\d.,   ]*\d)?", str(value))
    return sorted("".join(str(int(digit)) for digit in each if digit.isdecimal()) for each in found)


def _shown(slide: Any) -> Any:
    """What a slide shows, without the words on it."""
    if not isinstance(slide, dict):
        return slide
    shown = {kind: slide[kind] for kind in ("quote", "statistic") if kind in slide}
    kinds = ("photo", "graphic", "call", "opener")
    return shown | {kind: at(slide, (kind, "picture")) for kind in kinds if kind in slide}


def _shown_as(value: Any) -> str:
    figures = _figures(value)
    return ", ".join(figures) if figures else "other pictures"


def _key(each: Unit, path: KeyPath) -> str:
    return ".".join(map(str, path[len(each) :]))
