"""The end of a rehearsal as a page: what the public would have seen, account by account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from zoneinfo import ZoneInfo

from scheduler.preview.rendering import page, style
from scheduler.preview.viewing import ARCHIVES, Appearance, Image
from scheduler.preview.writing import put, put_all, remove_others

_PNG = b"\x89PNG"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """Everything that one account has posted, in any order."""

    account: str
    platform: str
    posts: tuple[FeedPost, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What became of the deliveries, and how often the public saw the same post again."""

    title: str
    #: Times on the page are told by the clocks of this zone.
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

    @property
    def perfect(self) -> bool:
        """Everything went out, once."""
        return self.published == self.deliveries and not self.duplicates


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedDay:
    date: date
    posts: tuple[Appearance, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedView:
    account: str
    platform: str
    posts: int
    days: tuple[FeedDay, ...]


def write(feeds: Sequence[Feed], summary: Summary, *, out: Path) -> Path:
    """Write the page and its pictures into `out`; gives the page. Other files there stay."""
    # A stable sort: what the public sees comes first, otherwise the order stays.
    ordered = sorted(feeds, key=lambda feed: feed.platform in ARCHIVES)
    views = [_view(feed, summary.zone) for feed in ordered]
    pictures = {
        _name(picture): picture
        for feed in feeds
        for post in feed.posts
        for picture in post.pictures
    }
    for name, data in pictures.items():
        put(out / "pictures" / name, data)
    text = page("feeds", feeds=views, summary=summary)
    put_all(out, {"style.css": style(), "index.html": text})
    remove_others(out / "pictures", pictures.keys())
    return out / "index.html"


def _view(feed: Feed, zone: ZoneInfo) -> FeedView:
    def local_date(post: Appearance) -> date:
        return post.at.astimezone(zone).date()

    posts = [_appearance(feed, post) for post in feed.posts]
    newest_first = sorted(posts, key=lambda post: post.at, reverse=True)
    days = tuple(
        FeedDay(date=day, posts=tuple(group)) for day, group in groupby(newest_first, local_date)
    )
    return FeedView(account=feed.account, platform=feed.platform, posts=len(posts), days=days)


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
    )


def _image(number: int, picture: bytes, alt: str) -> Image:
    name = _name(picture)
    return Image(
        source=f"pictures/{name}",
        name=f"picture-{number}{Path(name).suffix}",
        alt=alt,
        bytes=len(picture),
    )


def _name(picture: bytes) -> str:
    return sha256(picture).hexdigest() + (".png" if picture.startswith(_PNG) else ".jpg")
