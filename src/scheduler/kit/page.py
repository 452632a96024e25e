"""The index page of a kit: one file, which nothing is loaded into but the pictures beside it.

On many phones a page is opened from an archive without its neighbours. So style and script stand in
the page itself, and its policy names them by their digests: nothing else runs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from importlib.resources import files
from urllib.parse import quote
from zoneinfo import ZoneInfo

from scheduler import saying
from scheduler.interface import ENGLISH
from scheduler.kit import sentences as say
from scheduler.kit.contents import (
    Absent,
    Destination,
    Kept,
    Kit,
    KitDay,
    KitPicture,
    KitPost,
    KitText,
    Why,
)
from scheduler.templating import Environment, environment_of, is_web, named_by_digest

#: By this a folder is known to be a kit.
MARK = '<meta name="generator" content="campaign kit">'


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Where the files of a post lie in the kit: of each slide its pictures by their paths."""

    folder: str
    pictures: tuple[tuple[tuple[str, KitPicture], ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Image:
    address: str
    said: str
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Slide:
    alt: str
    images: tuple[_Image, ...]
    unfit: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _There:
    """One destination of a text, and how much of its room is used."""

    number: int
    destination: Destination
    text: KitText


@dataclass(frozen=True, slots=True, kw_only=True)
class _Block:
    """One text with every destination that takes it as it is."""

    part: int
    words: str
    note: str
    there: tuple[_There, ...]

    @property
    def numbers(self) -> str:
        return " ".join(str(each.number) for each in self.there)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Post:
    said: KitPost
    number: int
    hour: str
    latest: str
    slides: tuple[_Slide, ...]
    blocks: tuple[_Block, ...]
    #: What a destination does not take.
    not_there: tuple[_There, ...]
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Day:
    said: KitDay
    posts: tuple[_Post, ...]
    absent: tuple[str, ...]


def index(kit: Kit, placed: Mapping[str, Placed], version: str) -> str:
    """The page; `placed` says where the pictures of each post lie."""
    style, script = _shipped("kit.css"), _shipped("kit.js")
    numbers = {each: number for number, each in enumerate(kit.destinations)}
    return (
        _environment()
        .get_template("index.html.j2")
        .render(
            campaign=kit.campaign,
            destinations=kit.destinations,
            days=tuple(_day(kit, day, placed, numbers) for day in kit.days),
            first=kit.campaign.date_of(1),
            last=kit.campaign.date_of(len(kit.days)),
            several=_several(kit.destinations),
            version=version,
            mark=MARK,
            style=style,
            script=script,
            policy=_policy(style, script),
        )
    )


def _policy(style: str, script: str) -> str:
    return (
        "default-src 'none'; img-src 'self' file: data:; "
        f"style-src {named_by_digest(style)}; script-src {named_by_digest(script)}; "
        "base-uri 'none'; form-action 'none'"
    )


def _several(destinations: Sequence[Destination]) -> frozenset[str]:
    """Platforms on which the organisation has more than one account."""
    platforms = [each.platform for each in destinations]
    return frozenset(name for name in platforms if platforms.count(name) > 1)


def _day(
    kit: Kit, day: KitDay, placed: Mapping[str, Placed], numbers: Mapping[Destination, int]
) -> _Day:
    zone = kit.campaign.zone
    before = sum(len(each.posts) for each in kit.days if each.number < day.number)
    return _Day(
        said=day,
        posts=tuple(
            _post(post, before + place, placed.get(post.post.id), numbers, zone)
            for place, post in enumerate(day.posts, 1)
        ),
        absent=tuple(_absent(each, zone) for each in day.absent),
    )


def _post(
    post: KitPost,
    number: int,
    placed: Placed | None,
    numbers: Mapping[Destination, int],
    zone: ZoneInfo,
) -> _Post:
    there = [
        _There(number=numbers[text.destination], destination=text.destination, text=text)
        for text in post.texts
    ]
    return _Post(
        said=post,
        number=number,
        hour=ENGLISH.clock(post.due, zone),
        latest=saying.until(ENGLISH, post.latest, post.due, zone),
        slides=tuple(_slides(post, placed)),
        blocks=tuple(_blocks([each for each in there if not each.text.problems])),
        not_there=tuple(each for each in there if each.text.problems),
        marks=tuple(mark_said(kept, zone) for kept in post.marks),
    )


def _slides(post: KitPost, placed: Placed | None) -> Iterator[_Slide]:
    for number, slide in enumerate(post.slides):
        images = placed.pictures[number] if placed else ()
        yield _Slide(
            alt=slide.alt,
            images=tuple(
                _Image(
                    address=quote(path),
                    said=say.SHAPES[picture.shape],
                    width=picture.shape.size.width,
                    height=picture.shape.size.height,
                )
                for path, picture in images
            ),
            unfit=tuple(
                say.UNFIT.format(
                    shape=each.shape, width=each.shape.size.width, height=each.shape.size.height
                )
                for each in slide.unfit
            ),
        )


def _blocks(there: Sequence[_There]) -> Iterator[_Block]:
    """Equal texts once: on most platforms a post says the same."""
    found: dict[tuple[int, str, str], list[_There]] = {}
    for each in there:
        note = each.text.note if each.text.part == 1 else ""
        found.setdefault((each.text.part, each.text.text, note), []).append(each)
    for (part, words, note), theirs in sorted(found.items(), key=lambda item: item[0][0]):
        yield _Block(part=part, words=words, note=note, there=tuple(theirs))


def mark_said(kept: Kept, zone: ZoneInfo) -> str:
    """What stands on a post that should not have been in the kit."""
    if kept.until is not None:
        local = kept.until.astimezone(zone)
        return say.NOT_BEFORE.format(until=f"{ENGLISH.day(local)}, {local:%H:%M}", zone=zone.key)
    return {Why.UNREVIEWED: say.UNREVIEWED, Why.UNAPPROVED: say.UNAPPROVED}[kept.why]


def _absent(absent: Absent, zone: ZoneInfo) -> str:
    """Says of a post that is not there neither what it is called nor what it is about."""
    until = absent.kept.until
    if until is None:
        return say.ABSENT
    local = until.astimezone(zone)
    return say.ABSENT_UNTIL.format(until=f"{ENGLISH.day(local)}, {local:%H:%M}")


def _shipped(name: str) -> str:
    return files("scheduler.kit").joinpath("templates", name).read_text("utf-8")


@cache
def _environment() -> Environment:
    environment = environment_of("scheduler.kit")
    environment.filters |= {
        "amount": partial(saying.amount, ENGLISH),
        "capital": saying.capital,
        "direction": saying.direction,
        "platform": partial(saying.platform, ENGLISH),
    }
    environment.tests["web"] = is_web
    return environment
