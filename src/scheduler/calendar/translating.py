"""What wants to be said in each language, and how far each translation can be trusted.

A translation keeps the text that it was made from. As soon as the calendar says something else, it
is stale, whoever reviewed it: a figure that was corrected must not live on in nine languages.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from scheduler.calendar.reading import Tree, Values
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

#: A post, a fact, a day …, or a section: what is translated, and reviewed, as a whole.
Unit = KeyPath

_ANY = "*"
#: Texts that the public reads or hears, and so wants in its own language.
_WANTED: tuple[KeyPath, ...] = (
    ("campaign", "required_text"),
    ("brand", "help"),
    ("brand", "funder"),
    ("days", _ANY, "theme"),
    ("posts", _ANY, "text"),
    ("posts", _ANY, "photo", "headline"),
    ("posts", _ANY, "graphic", "headline"),
    ("posts", _ANY, "graphic", "points"),
    ("posts", _ANY, "call", "headline"),
    ("posts", _ANY, "call", "body"),
    ("posts", _ANY, "carousel"),
    ("posts", _ANY, "alt"),
    ("posts", _ANY, "thread"),
    ("posts", _ANY, "note"),
    ("facts", _ANY, "figure"),
    ("facts", _ANY, "statement"),
    ("facts", _ANY, "population"),
    ("facts", _ANY, "year"),
    ("facts", _ANY, "caveat"),
    ("facts", _ANY, "chart", "values"),
    ("helplines", _ANY, "hours"),
)
#: These may stay as they are: a name, a role or a title is often known in one language only.
_WELCOME: tuple[KeyPath, ...] = (
    ("campaign", "title"),
    ("brand", "name"),
    ("days", _ANY, "observance"),
    ("quotes", _ANY, "speaker"),
    ("quotes", _ANY, "role"),
    ("quotes", _ANY, "words"),
)
#: Words that were said stay what they are; a translation of them stands beside them.
_BESIDE: Mapping[str, str] = MappingProxyType({"words": "in_translation"})
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


@cache
def _shipped() -> Mapping[str, Mapping[str, str]]:
    text = files("scheduler.calendar").joinpath("phrases.toml").read_text("utf-8")
    return MappingProxyType(tomllib.loads(text))


def phrases(language: str, written: Mapping[str, str]) -> Phrases:
    """The program's own words: as the files say, else as they are shipped, else in English."""
    return Phrases(**{**_shipped()["en"], **_shipped().get(language, {}), **written})


def wanted(values: Values, language: str) -> Iterator[KeyPath]:
    """Every text of the calendar that wants to be said in the language."""
    return iter(_sources(values, language, _WANTED))


def sources(values: Values, language: str) -> Mapping[KeyPath, Any]:
    """The source text (or texts) of all that wants, or welcomes, a translation."""
    return _sources(values, language, (*_WANTED, *_WELCOME))


def _sources(values: Values, language: str, patterns: tuple[KeyPath, ...]) -> Mapping[KeyPath, Any]:
    found = {
        path: text
        for pattern in patterns
        for path, text in _matching(values, pattern)
        if text and not _is_number(path, text)
    }
    own = values.get("phrases", {})
    if language not in _shipped():
        for name, words in _shipped()["en"].items():
            found["phrases", name] = own.get(name, words) if isinstance(own, dict) else words
    return found


def _matching(values: Any, pattern: KeyPath, before: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    if not pattern:
        yield before, values
    elif isinstance(values, dict):
        for key in values if pattern[0] == _ANY else (pattern[0],):
            if key in values:
                yield from _matching(values[key], pattern[1:], (*before, key))


def _is_number(path: KeyPath, text: Any) -> bool:
    """A year that is only a number reads the same everywhere."""
    return path[-1] == "year" and not re.search(r"[^\W\d_]", str(text))


def unit(path: KeyPath) -> Unit:
    return path[:1] if path[0] in _WHOLE else path[:2]


def translated(
    source: Values, language: str, above: Values, own: Values = _NOTHING
) -> Mapping[Unit, Translated]:
    """How each unit of the calendar stands in the language's file.

    What a member says itself, in its `own` file, is no translation and is left out.
    """
    required = set(wanted(source, language))
    missing: dict[Unit, list[KeyPath]] = {}
    stale: dict[Unit, list[KeyPath]] = {}
    units: dict[Unit, None] = {}
    for path, text in sources(source, language).items():
        if _at(own, path) is not None:
            continue
        beside = _BESIDE.get(str(path[-1]), path[-1])
        found = _at(above, (*path[:-1], beside)) is not None
        if found or path in required:
            units.setdefault(unit(path))
        if not found and path in required:
            missing.setdefault(unit(path), []).append(path)
        elif found and _made_from(above, path) != text:
            stale.setdefault(unit(path), []).append(path)
    return {
        each: _standing(above, each, tuple(missing.get(each, ())), tuple(stale.get(each, ())))
        for each in units
    }


def _standing(
    above: Values, each: Unit, missing: tuple[KeyPath, ...], stale: tuple[KeyPath, ...]
) -> Translated:
    if missing:
        translation = Translation(wording=Wording.MISSING)
    elif stale:
        translation = Translation(wording=Wording.STALE)
    else:
        translation = _reviewed(_at(above, (*each, "translation")))
    return Translated(translation=translation, missing=missing, stale=stale)


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
    return _at(above, (*path[:length], "translation", "of", *path[length:]))


def _at(values: Any, path: KeyPath) -> Any:
    for step in path:
        values = values.get(step) if isinstance(values, dict) else None
    return values


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
    units = translated(source.values, language, file.values)
    name = file.places.file
    for each, found in units.items():
        if found.missing:
            keys = ", ".join(_key(each, path) for path in found.missing)
            yield source.places.value(*found.missing[0]).problem(
                "translation-missing",
                f"{_called(source.values, each)}not said in {language} yet: {keys}",
                f"add it to {name}; until then, who speaks {language} does not say it",
                Severity.ERROR if spoken else Severity.WARNING,
            )
        for path in found.stale:
            there = file.places.value(*path)
            yield source.places.value(*path).problem(
                "translation-stale",
                f"{_called(source.values, each)}{_key(each, path)} is no longer what was "
                f"translated into {language} ({there.file}:{there.line})",
                "translate it anew, and copy the new source to translation, of",
                Severity.WARNING,
            )
    yield from _changed_figures(source.values, file)
    drafts = [each for each, found in units.items() if found.translation.wording is Wording.DRAFT]
    if drafts:
        yield file.places.key("language").problem(
            "translation-draft",
            f"{len(drafts)} of {len(units)} entries are drafts, which nobody has reviewed: "
            "what stands on them never goes out to a live account",
            "who has read one against its source writes state: reviewed, by and on below it",
            Severity.WARNING,
        )


def _changed_figures(source: Values, file: Tree) -> Iterator[Problem]:
    """Translated figures that are other figures."""
    for pattern in (("facts", _ANY, "figure"), ("facts", _ANY, "chart", "values")):
        for path, written in _matching(file.values, pattern):
            before = _at(source, path)
            if before is not None and _figures(before) != _figures(written) != []:
                yield file.places.value(*path).problem(
                    "translation-figure",
                    f"{_called(source, unit(path))}{path[-1]}: the figures are not those of the "
                    f"calendar: {', '.join(_figures(written))}, and not "
                    f"{', '.join(_figures(before))}",
                    "write the very figures of the source; only the words around them change",
                )


def _figures(value: Any) -> list[str]:
    """Digits alone: 0.2% and 0,2 % are the same figure, and so are "1 in 3" and "1 su 3"."""
    if isinstance(value, list):
        return [figure for each in value for figure in _figures(each)]
    if isinstance(value, dict):
        return [figure for key in ("amount", "shown") for figure in _figures(value.get(key, ""))]
    return re.findall(r"\d+", str(value))


def _called(values: Values, each: Unit) -> str:
    """The person's own name for the thing, as other problems say it."""
    match each:
        case ("posts", str(id_)):
            day = _at(values, (*each, "day"))
            return f'day {day}, post "{id_}": ' if isinstance(day, str) else f'post "{id_}": '
        case ("days", str(number)):
            return f"day {number}: "
        case (str(section), str(id_)):
            return f'{section.removesuffix("s")} "{id_}": '
    return f"{each[0]}: "


def _key(each: Unit, path: KeyPath) -> str:
    return ".".join(map(str, path[len(each) :]))
