"""Which organisation, which post and which day a problem belongs to."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from scheduler.errors import Problem
from scheduler.model import (
    Campaign,
    Coalition,
    Content,
    KeyPath,
    PhotoContent,
    Place,
    Places,
    Post,
    QuoteContent,
    StatisticContent,
)

Position = tuple[str, int, int]

_ACCOUNT = re.compile(r'account "([^"]*)"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """From the first character of a key to the beginning of what follows its value."""

    start: Position
    #: None when nothing follows in the calendar.
    end: Position | None

    def holds(self, problem: Problem) -> bool:
        at = (problem.file, problem.line, problem.column)
        same_file = at[0] == self.start[0]
        return same_file and self.start <= at and (self.end is None or at < self.end)


@dataclass(frozen=True, slots=True)
class Outline:
    """Every key and value of one file, in the order in which they were written."""

    starts: tuple[tuple[Position, KeyPath], ...]
    keys: Mapping[KeyPath, Place]

    @classmethod
    def of(cls, places: Places) -> Outline:
        written = [*places.keys.items(), *places.values.items()]
        starts = sorted(((_position(at), path) for path, at in written), key=lambda each: each[0])
        return cls(tuple(starts), places.keys)

    def extent(self, *path: str | int) -> Extent | None:
        """What is written under `path`; None when it is not written at all."""
        if path not in self.keys:
            return None
        start = _position(self.keys[path])
        first = bisect_right(self.starts, start, key=lambda each: each[0])
        for position, other in self.starts[first:]:
            if other[: len(path)] != path:
                return Extent(start=start, end=position)
        return Extent(start=start, end=None)


def files(campaign: Campaign) -> frozenset[str]:
    """The files that the campaign is written in: its organisation's, and those below it."""
    return frozenset(layer.file for layer in campaign.places.layers())


def concerning(
    coalition: Coalition, campaign: Campaign, problems: Iterable[Problem]
) -> tuple[Problem, ...]:
    """The problems in an organisation's files, but not those of another one's posts or accounts."""
    read = files(campaign)
    others = {name for each in coalition.campaigns.values() for name in each.accounts}
    return tuple(
        problem
        for problem in problems
        if problem.file in read
        and not any(f'post "{post}"' in problem.message for post in campaign.left_out)
        and _is_addressed(campaign, others, problem)
    )


def by_post(campaign: Campaign, problems: Iterable[Problem]) -> dict[str, tuple[Problem, ...]]:
    """The problems of each post: those within its lines or its source's, or that name it."""
    outlines, found = _outlines(campaign), tuple(problems)
    return {post.id: tuple(_of_post(outlines, post, found)) for post in campaign.posts.values()}


def by_day(campaign: Campaign, problems: Iterable[Problem]) -> dict[int, tuple[Problem, ...]]:
    """The problems of each day itself: those within its lines, or that speak of it first."""
    outlines, found = _outlines(campaign), tuple(problems)
    return {day: tuple(_of_day(outlines, day, found)) for day in campaign.days}


def _is_addressed(campaign: Campaign, accounts: Collection[str], problem: Problem) -> bool:
    """Whether it names no account, or one of the campaign's own."""
    named = [name for name in _ACCOUNT.findall(problem.message) if name in accounts]
    return not named or any(name in campaign.accounts for name in named)


def _outlines(campaign: Campaign) -> tuple[Outline, ...]:
    """Of each file that the campaign is written in."""
    return tuple(map(Outline.of, campaign.places.layers()))


def _extents(outlines: Iterable[Outline], *paths: KeyPath) -> list[Extent]:
    found = (outline.extent(*path) for outline in outlines for path in paths if path)
    return [extent for extent in found if extent is not None]


def _of_post(
    outlines: Iterable[Outline], post: Post, problems: Iterable[Problem]
) -> Iterator[Problem]:
    sources = (_source(slide.content) for slide in post.slides)
    extents = _extents(outlines, ("posts", post.id), *sources)
    named = f'post "{post.id}"'
    for problem in problems:
        if named in problem.message or any(extent.holds(problem) for extent in extents):
            yield problem


def _of_day(
    outlines: Iterable[Outline], day: int, problems: Iterable[Problem]
) -> Iterator[Problem]:
    extents = _extents(outlines, ("days", str(day)))
    spoken_of = re.compile(rf"day {day}\b(?!, post )")
    for problem in problems:
        if spoken_of.match(problem.message) or any(extent.holds(problem) for extent in extents):
            yield problem


def _source(content: Content) -> KeyPath:
    match content:
        case QuoteContent():
            return ("quotes", content.quote.id)
        case StatisticContent():
            return ("facts", content.fact.id)
        case PhotoContent():
            return ("pictures", content.picture.id)
    return ()


def _position(place: Place) -> Position:
    return place.file, place.line, place.column
