"""The end of a rehearsal as a page: what the public would have seen, account by account.

Every organisation has its own chapter, and every account tells the time by its own clocks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from zoneinfo import ZoneInfo

from scheduler.interface import ENGLISH, Interface
from scheduler.model import distinct
from scheduler.preview.images import Image
from scheduler.preview.rendering import beside, page
from scheduler.preview.sizes import size_of
from scheduler.preview.viewing import ARCHIVES, Appearance
from scheduler.preview.writing import named, put, put_all, remove_others


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedPost:
    """A post as it stood in public. `alts` and `pictures` go together, one by one."""

    text: str
    note: str
    language: str
    alts: tuple[str, ...]
    pictures: tuple[bytes, ...]
    published_at: datetime
    #: Where it stood: an address at the stand-in, or the folder's own path.
    url: str
    #: Its pictures lay under a cover.
    covered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """Everything that one account has posted, in any order."""

    account: str
    #: The name of the organisation that it speaks for.
    member: str
    platform: str
    #: Times are told by the clocks of this zone.
    zone: ZoneInfo
    posts: tuple[FeedPost, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultKind:
    """One kind of fault: how often it was injected, and what became of what met it."""

    fault: str
    injected: int
    #: How many deliveries that it met are in which state.
    met: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpublished:
    """A delivery that did not go out, why, and which faults it met."""

    key: str
    state: str
    reason: str
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """What went wrong on purpose, and what came of it."""

    seed: int
    #: Nothing was doubled, and nothing is missing without a reason.
    passed: bool
    injected: int
    #: How often a coordinator released an account that was held for it.
    released: int
    kinds: tuple[FaultKind, ...]
    unpublished: tuple[Unpublished, ...]
    #: Where the platforms and the ledger do not say the same.
    differences: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What became of the deliveries, and how often the public saw the same post again."""

    title: str
    #: The zone of the calendar itself; each feed has its own.
    zone: ZoneInfo
    deliveries: int
    published: int
    unconfirmed: int
    missed: int
    rejected: int
    handed: int
    duplicates: int
    simulated_days: int
    seconds: float
    #: None where nothing went wrong on purpose.
    faults: Faults | None = None

    @property
    def good(self) -> bool:
        """Perfect, or as good as it can be among faults."""
        return self.faults.passed if self.faults else self.perfect

    @property
    def perfect(self) -> bool:
        """Everything went out once, or was handed to a person."""
        return self.published + self.handed == self.deliveries and not self.duplicates


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedDay:
    date: date
    posts: tuple[Appearance, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedView:
    account: str
    platform: str
    zone: ZoneInfo
    #: Its place on the page, as a number that no other feed has.
    number: int
    posts: int
    days: tuple[FeedDay, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """What one organisation has posted."""

    member: str
    feeds: tuple[FeedView, ...]

    @property
    def posts(self) -> int:
        return sum(feed.posts for feed in self.feeds)


def write(
    feeds: Sequence[Feed], summary: Summary, *, out: Path, interface: Interface = ENGLISH
) -> Path:
    """Write the page and its pictures into `out`; gives the page. Other files there stay."""
    chapters = _chapters(feeds)
    pictures = {
        named(picture): picture
        for feed in feeds
        for post in feed.posts
        for picture in post.pictures
    }
    for name, data in pictures.items():
        put(out / "pictures" / name, data)
    zones = distinct([feed.zone.key for feed in feeds] or [summary.zone.key])
    text = page("feeds", interface, chapters=chapters, zones=zones, summary=summary)
    put_all(out, {**beside(), "index.html": text})
    remove_others(out / "pictures", pictures.keys())
    return out / "index.html"


def _chapters(feeds: Sequence[Feed]) -> tuple[Chapter, ...]:
    """One for each organisation; what the public sees comes before the archive."""
    members = distinct([feed.member for feed in feeds])
    ordered = sorted(
        feeds, key=lambda feed: (members.index(feed.member), feed.platform in ARCHIVES)
    )
    views = [(feed.member, _view(feed, number)) for number, feed in enumerate(ordered, 1)]
    return tuple(
        Chapter(member=member, feeds=tuple(view for of, view in views if of == member))
        for member in members
    )


def _view(feed: Feed, number: int) -> FeedView:
    def local_date(post: Appearance) -> date:
        return post.at.astimezone(feed.zone).date()

    posts = [_appearance(feed, post) for post in feed.posts]
    newest_first = sorted(posts, key=lambda post: post.at, reverse=True)
    days = tuple(
        FeedDay(date=day, posts=tuple(group)) for day, group in groupby(newest_first, local_date)
    )
    return FeedView(
        account=feed.account,
        platform=feed.platform,
        zone=feed.zone,
        number=number,
        posts=len(posts),
        days=days,
    )


def _appearance(feed: Feed, post: FeedPost) -> Appearance:
    return Appearance(
        account=feed.account,
        platform=feed.platform,
        place="" if "://" in post.url else post.url,
        address=post.url,
        text=post.text,
        note=post.note,
        language=post.language,
        images=tuple(
            _image(number, picture, alt)
            for number, (picture, alt) in enumerate(zip(post.pictures, post.alts, strict=True), 1)
        ),
        at=post.published_at,
        covered=post.covered,
    )


def _image(number: int, picture: bytes, alt: str) -> Image:
    name = named(picture)
    width, height = size_of(picture)
    return Image(
        source=f"pictures/{name}",
        name=f"picture-{number}{Path(name).suffix}",
        alt=alt,
        width=width,
        height=height,
        bytes=len(picture),
    )
