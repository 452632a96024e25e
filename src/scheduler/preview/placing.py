"""Which post and which day a problem belongs to."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from scheduler.errors import Problem
from scheduler.model import (
    Campaign,
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
    """Every key and value of the calendar, in the order in which they were written."""

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


def by_post(campaign: Campaign, problems: Iterable[Problem]) -> dict[str, tuple[Problem, ...]]:
    """The problems of each post: those within its lines or its source's, or that name it."""
    outline, found = Outline.of(campaign.places), tuple(problems)
    return {post.id: tuple(_of_post(outline, post, found)) for post in campaign.posts.values()}


def by_day(campaign: Campaign, problems: Iterable[Problem]) -> dict[int, tuple[Problem, ...]]:
    """The problems of each day itself: those within its lines, or that speak of it first."""
    outline, found = Outline.of(campaign.places), tuple(problems)
    return {day: tuple(_of_day(outline, day, found)) for day in campaign.days}


def _of_post(outline: Outline, post: Post, problems: Iterable[Problem]) -> Iterator[Problem]:
    sources = (_source(slide.content) for slide in post.slides)
    paths: tuple[KeyPath, ...] = (("posts", post.id), *sources)
    extents = [extent for path in paths if path and (extent := outline.extent(*path))]
    named = f'post "{post.id}"'
    for problem in problems:
        if named in problem.message or any(extent.holds(problem) for extent in extents):
            yield problem


def _of_day(outline: Outline, day: int, problems: Iterable[Problem]) -> Iterator[Problem]:
    extent = outline.extent("days", str(day))
    spoken_of = re.compile(rf"day {day}\b(?!, post )")
    for problem in problems:
        if spoken_of.match(problem.message) or (extent and extent.holds(problem)):
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
