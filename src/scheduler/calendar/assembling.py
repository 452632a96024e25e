"""A calendar's files to a Coalition: each organisation's own is laid over what it shares.

What is wrong with one member's file, or with the language that it speaks, keeps that member out,
and nobody else; what is wrong with the calendar itself keeps out everybody.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Self

from scheduler.calendar.building import build
from scheduler.calendar.holding import with_holds
from scheduler.calendar.looking_up import Speaker
from scheduler.calendar.looks import template_files
from scheduler.calendar.overlaying import overlaid
from scheduler.calendar.reading import Tree, Values, mapping_in, read_again, text_in
from scheduler.calendar.schema import CalendarForm, CoalitionForm, LanguageForm, MemberForm
from scheduler.calendar.together import (
    LANGUAGES,
    MEMBERS,
    no_language,
    not_here,
    same_language,
    same_member,
    strangers,
)
from scheduler.calendar.translating import (
    Translations,
    phrase_problems,
    told,
    translation_problems,
)
from scheduler.calendar.validating import validate
from scheduler.calendar.wordings import not_theirs, words_of
from scheduler.errors import Problem, Severity, UserError
from scheduler.model import OWN, Campaign, Coalition, Member


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A calendar that was read.

    `coalition` is None when the calendar itself has an error, and is without the members whose own
    files, or languages, have one. `rest` is what is left without the mistakes, to be looked through
    for more of them and never to be published. `translating` is what is missing or stale in the
    languages: it keeps back posts, and nothing else.
    """

    coalition: Coalition | None
    rest: Coalition | None
    problems: tuple[Problem, ...]
    translating: tuple[Problem, ...] = ()
    #: The values of each organisation as they were typed, all its files over each other.
    written: Mapping[str, Values] = field(default_factory=dict)

    def unwrap(self) -> Coalition:
        """The coalition. Raises `UserError` with all problems when anything of it has an error."""
        if self.coalition is None or not self.coalition.complete:
            raise UserError(self.problems)
        return self.coalition


def files(file: Path) -> Mapping[str, Path]:
    """Every file of a calendar by the name that problems call it: its own comes first."""
    beside = (named for kind in (LANGUAGES, MEMBERS) for named in _beside(file.parent / kind))
    return {file.name: file, **dict(beside)}


def edition(file: Path) -> str:
    """Names a calendar's files by what they say: SHA-256 over all of them and the templates.

    holds.yaml is none of them: what is held counts at once, and stands in the ledger.
    """
    named = {**files(file), **{each.name: each for each in template_files(file.parent)}}
    said = hashlib.sha256()
    for name, path in named.items():
        try:
            content = path.read_bytes()
        except OSError:  # told when it is read
            content = b""
        said.update(f"{name}\0{len(content)}\0".encode() + content)
    return said.hexdigest()


def _beside(folder: Path) -> Iterator[tuple[str, Path]]:
    try:
        found = sorted(folder.iterdir())
    except FileNotFoundError:
        return
    except OSError:
        # What cannot be looked into is not empty: as a file it cannot be read either.
        yield f"{folder.name}/", folder
        return
    for each in found:
        if each.suffix.lower() in (".yaml", ".yml") and not each.name.startswith("."):
            yield f"{folder.name}/{_printable(each.name)}", each


def _printable(name: str) -> str:
    """A name that a terminal and a JSON file can hold, whatever the disk holds."""
    return name.encode("utf-8", "replace").decode("utf-8")


def read_calendar(file: Path) -> Reading:
    """Read, overlay, validate and build; never raises for what stands in the files."""
    trees: dict[str, Tree] = {}
    unread: list[Problem] = []
    for name, path in files(file).items():
        try:
            trees[name] = read_again(path, name=name)
        except UserError as error:
            unread += error.problems
    own = trees.pop(file.name, None)
    if own is None:
        return Reading(coalition=None, rest=None, problems=tuple(sorted(unread)))
    return _held(file, _Assembly.of(file.resolve().parent, own, trees, unread).reading())


def _held(file: Path, reading: Reading) -> Reading:
    """With what holds.yaml says. It is held against what is sound, or would wait for a typo."""
    if reading.coalition is None:
        return reading
    coalition, problems = with_holds(file, reading.coalition)
    return replace(
        reading, coalition=coalition, problems=tuple(sorted((*reading.problems, *problems)))
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spoken:
    """What one organisation says, as far as it can be made out."""

    written: Values
    campaign: Campaign | None
    problems: tuple[Problem, ...]

    @property
    def sound(self) -> bool:
        return self.campaign is not None and not _broken(self.problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tongue:
    """A language: its file, and what is said when only that lies over the calendar."""

    file: Tree
    whole: Tree
    spoken: _Spoken
    translations: Translations

    @property
    def mute(self) -> tuple[Problem, ...]:
        """Why nobody can speak it as it is."""
        return () if self.spoken.sound else _errors(self.spoken.problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Assembly:
    """The calendar's own tree, and those of the files beside it, by the names of the files."""

    root: Path
    own: Tree
    languages: Mapping[str, Tree]
    members: Mapping[str, Tree]
    #: What is wrong with the files that could not be understood at all.
    unread: tuple[Problem, ...]
    #: The accounts of all organisations, as each file names them and in the whole coalition.
    names: frozenset[str]
    accounts: frozenset[str]

    @classmethod
    def of(
        cls, root: Path, own: Tree, beside: Mapping[str, Tree], unread: Iterable[Problem]
    ) -> Self:
        members = _below(MEMBERS, beside)
        owners = {OWN: own, **{text_in(tree, "member", "id"): tree for tree in members.values()}}
        named = [
            (id_, name) for id_, tree in owners.items() for name in mapping_in(tree, "accounts")
        ]
        return cls(
            root=root,
            own=own,
            languages=_below(LANGUAGES, beside),
            members=members,
            unread=tuple(unread),
            names=frozenset(name for _, name in named),
            accounts=frozenset(Member(id=id_, name="").account(name) for id_, name in named),
        )

    def reading(self) -> Reading:
        form = CoalitionForm if self.members or self._unread(MEMBERS) else CalendarForm
        own = self._spoken(self.own, form, not_here(self.own, OWN))
        tongues = self._tongues()
        voices = [own, *self._voices(tongues)]
        everybody = (*voices, *(tongue.spoken for tongue in tongues.values()))
        problems = frozenset(self.unread).union(*(each.problems for each in everybody))
        complete = not _broken(problems)
        sound = [each for each in voices if each.sound]
        return Reading(
            coalition=_coalition(sound, complete=complete) if own.sound else None,
            rest=_coalition(voices, complete=complete) if own.campaign else None,
            problems=tuple(sorted(problems)),
            translating=tuple(self._translating(tongues)),
            written={
                each.campaign.member.id: each.written
                for each in voices
                if each.campaign is not None
            },
        )

    def _translating(self, tongues: Mapping[str, _Tongue]) -> Iterator[Problem]:
        yield from phrase_problems(self.own)
        spoken = {self._code(tree) for tree in self.members.values()}
        for code, tongue in tongues.items():
            if code and code != text_in(self.own, "campaign", "language"):
                yield from translation_problems(self.own, code, tongue.file, spoken=code in spoken)

    # ── one organisation, or one language ─────────────────────────────────────────────────────────

    def _spoken(
        self, tree: Tree, form: type[CalendarForm], before: Iterable[Problem] = ()
    ) -> _Spoken:
        said, malformed = validate(tree, form)
        problems = _first_said((*tree.problems, *before), malformed)
        if said is None:
            return _Spoken(written=tree.values, campaign=None, problems=problems)
        speaker = Speaker(
            member=_speaking(said),
            zone=text_in(self.own, "campaign", "zone"),
            names=self.names,
            accounts=self.accounts,
            all_known=not self._unread(MEMBERS),
        )
        campaign, more = build(tree, said, root=self.root, speaker=speaker)
        problems = _first_said(problems, more)
        return _Spoken(written=tree.values, campaign=campaign, problems=problems)

    def _tongues(self) -> dict[str, _Tongue]:
        """By language; a second file of the same language counts for nothing but its problems."""
        tongues: dict[str, _Tongue] = {}
        names = _by(self.languages, "language")
        for written in self.languages.values():
            code = text_in(written, "language")
            tree, no_words = words_of(written, self.own)
            before = (*no_words, *same_language(self.own, tree, names[code]))
            # The program's own words, in the calendar's language, are nobody else's.
            whole = overlaid(self.own, tree, without=frozenset({"phrases"}))
            campaign = {**mapping_in(whole, "campaign"), **({"language": code} if code else {})}
            alone = replace(whole, values={**whole.values, "campaign": campaign})
            tongue = _Tongue(
                file=tree,
                whole=whole,
                spoken=self._spoken(alone, LanguageForm, before),
                translations=Translations.of(self.own.values, code, tree.values),
            )
            if code in tongues:  # its other file's problems are this one's too
                problems = (*tongues[code].spoken.problems, *tongue.spoken.problems)
                tongue = replace(tongue, spoken=replace(tongue.spoken, problems=problems))
            tongues[code] = tongue
        return tongues

    def _voices(self, tongues: Mapping[str, _Tongue]) -> Iterator[_Spoken]:
        names = _by(self.members, "member", "id")
        for tree in self.members.values():
            before = (
                *not_here(tree, MEMBERS),
                *not_theirs(tree, self.own),
                *strangers(self.own, tree),
                *same_member(tree, names[text_in(tree, "member", "id")]),
            )
            code = self._code(tree)
            if code == text_in(self.own, "campaign", "language"):
                yield self._over(self.own, tree, before)
            elif code in tongues:
                yield self._translated(tongues[code], tree, before)
            else:
                known = filter(None, (text_in(self.own, "campaign", "language"), *tongues))
                absent = no_language(tree, code, known, unread=self._unread(LANGUAGES))
                yield self._over(self.own, tree, (*before, absent))

    def _over(self, below: Tree, tree: Tree, before: Iterable[Problem]) -> _Spoken:
        return self._spoken(overlaid(below, tree, without=_NEVER_TAKEN_OVER), MemberForm, before)

    def _translated(self, tongue: _Tongue, tree: Tree, before: Iterable[Problem]) -> _Spoken:
        spoken = self._over(tongue.whole, tree, (*before, *tongue.mute))
        if spoken.campaign is None:
            return spoken
        units = tongue.translations.spoken_with(tree.values)
        return replace(spoken, campaign=told(spoken.campaign, units))

    def _unread(self, kind: str) -> bool:
        """Whether a file of this kind could not be understood at all."""
        return any(problem.file.startswith(f"{kind}/") for problem in self.unread)

    def _code(self, tree: Tree) -> str:
        """The language that a member speaks."""
        return text_in(tree, "campaign", "language") or text_in(self.own, "campaign", "language")


#: An account speaks for one organisation; which language a file is in, only that file says; and who
#: is told is told of everybody, once.
_NEVER_TAKEN_OVER = frozenset({"accounts", "alerts", "language"})


def _coalition(voices: Iterable[_Spoken], *, complete: bool) -> Coalition:
    """By id; of two with the same id, the first."""
    campaigns: dict[str, Campaign] = {}
    for voice in voices:
        if voice.campaign is not None:
            campaigns.setdefault(voice.campaign.member.id, voice.campaign)
    return Coalition(campaigns=MappingProxyType(campaigns), complete=complete)


def _below(kind: str, trees: Mapping[str, Tree]) -> Mapping[str, Tree]:
    return {name: tree for name, tree in trees.items() if name.startswith(f"{kind}/")}


def _by(trees: Mapping[str, Tree], *path: str) -> dict[str, list[str]]:
    """The files that have this text there, by the text."""
    found: dict[str, list[str]] = {}
    for name, tree in trees.items():
        found.setdefault(text_in(tree, *path), []).append(name)
    return found


def _speaking(said: CalendarForm) -> Member:
    if isinstance(said, MemberForm):
        return Member(id=said.member.id, name=said.member.name, kit=said.member.kit)
    return Member(id=OWN, name=said.brand.name)


def _errors(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(each for each in problems if each.severity is Severity.ERROR)


def _broken(problems: Iterable[Problem]) -> bool:
    return bool(_errors(problems))


def _first_said(raw: Iterable[Problem], following: Iterable[Problem]) -> tuple[Problem, ...]:
    """Both, without what only follows from an earlier problem at the same place."""
    earlier = tuple(raw)
    places = {(problem.file, problem.line, problem.column) for problem in earlier}
    own = {each for each in following if (each.file, each.line, each.column) not in places}
    return tuple(sorted({*earlier, *own}))
