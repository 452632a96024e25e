"""The index page of a kit: one file, which nothing is loaded into but the pictures beside it.

On many phones a page is opened from an archive without its neighbours. So style and script stand in
the page itself, and its policy names them by their digests: nothing else runs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from importlib.resources import files
from urllib.parse import quote

from scheduler import saying
from scheduler.interface import Interface
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
        _environment(kit.interface)
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
    before = sum(len(each.posts) for each in kit.days if each.number < day.number)
    return _Day(
        said=day,
        posts=tuple(
            _post(kit, post, before + place, placed.get(post.post.id), numbers)
            for place, post in enumerate(day.posts, 1)
        ),
        absent=tuple(_absent(kit, each) for each in day.absent),
    )


def _post(
    kit: Kit,
    post: KitPost,
    number: int,
    placed: Placed | None,
    numbers: Mapping[Destination, int],
) -> _Post:
    zone = kit.campaign.zone
    there = [
        _There(number=numbers[text.destination], destination=text.destination, text=text)
        for text in post.texts
    ]
    return _Post(
        said=post,
        number=number,
        hour=kit.interface.clock(post.due, zone),
        latest=saying.until(kit.interface, post.latest, post.due, zone),
        slides=tuple(_slides(kit, post, placed)),
        blocks=tuple(_blocks([each for each in there if not each.text.problems])),
        not_there=tuple(each for each in there if each.text.problems),
        marks=tuple(mark_said(kit, kept) for kept in post.marks),
    )


def _slides(kit: Kit, post: KitPost, placed: Placed | None) -> Iterator[_Slide]:
    for number, slide in enumerate(post.slides):
        images = placed.pictures[number] if placed else ()
        yield _Slide(
            alt=slide.alt,
            images=tuple(
                _Image(
                    address=quote(path),
                    said=kit.interface.say(say.SHAPES[picture.shape]),
                    width=picture.shape.size.width,
                    height=picture.shape.size.height,
                )
                for path, picture in images
            ),
            unfit=tuple(
                kit.interface.say(
                    say.UNFIT,
                    shape=kit.interface.say(say.SHAPES[each.shape]),
                    width=each.shape.size.width,
                    height=each.shape.size.height,
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


def mark_said(kit: Kit, kept: Kept) -> str:
    """What stands on a post that should not have been in the kit."""
    if kept.until is not None:
        until, zone = _instant(kit, kept.until), kit.campaign.zone.key
        return kit.interface.say(say.NOT_BEFORE, until=until, zone=zone)
    mark = {Why.UNREVIEWED: say.UNREVIEWED, Why.UNAPPROVED: say.UNAPPROVED}[kept.why]
    return kit.interface.say(mark)


def _absent(kit: Kit, absent: Absent) -> str:
    """Says of a post that is not there neither what it is called nor what it is about."""
    until = absent.kept.until
    if until is None:
        return kit.interface.say(say.ABSENT)
    return kit.interface.say(say.ABSENT_UNTIL, until=_instant(kit, until))


def _instant(kit: Kit, instant: datetime) -> str:
    """26 November 2026, 08:00"""
    zone = kit.campaign.zone
    day = kit.interface.day(instant.astimezone(zone))
    return f"{day}, {kit.interface.clock(instant, zone)}"


def _shipped(name: str) -> str:
    return files("scheduler.kit").joinpath("templates", name).read_text("utf-8")


@cache
def _environment(interface: Interface) -> Environment:
    environment = environment_of("scheduler.kit", interface)
    environment.filters |= {
        "amount": partial(saying.amount, interface),
        "capital": saying.capital,
        "direction": saying.direction,
        "name_said": partial(say.name_said, interface),
        "platform": partial(saying.platform, interface),
        "text_said": partial(say.text_said, interface),
        "trouble_said": partial(say.trouble_said, interface),
        "unit": partial(saying.unit, interface),
    }
    environment.tests["web"] = is_web
    return environment
