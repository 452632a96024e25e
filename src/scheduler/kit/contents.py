"""What lies in a kit, before it is written anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path

from scheduler.interface import Interface
from scheduler.model import Campaign, Measure, Post, Size
from scheduler.platforms import Alts


class Shape(StrEnum):
    """The sizes in which each card is drawn, by what people call them."""

    PORTRAIT = "portrait"
    SQUARE = "square"
    WIDE = "wide"
    #: As small previews of a link are.
    LINK = "link"
    #: A whole screen of a phone: stories, and a status in a messenger.
    STORY = "story"

    @property
    def size(self) -> Size:
        width, height = _SIZES[self]
        return Size(width=width, height=height)


_SIZES = {
    Shape.PORTRAIT: (1080, 1350),
    Shape.SQUARE: (1080, 1080),
    Shape.WIDE: (1600, 900),
    Shape.LINK: (1200, 627),
    Shape.STORY: (1080, 1920),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class KitPicture:
    """A card as it lies on the shelf; `digest` is the SHA-256 of its bytes."""

    shape: Shape
    file: Path
    media_type: str
    bytes: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfit:
    """A card that cannot be drawn in one of the sizes, and why: nothing of it is cut to fit."""

    shape: Shape
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KitSlide:
    """One picture of a post in all sizes, with the description of it."""

    alt: str
    pictures: tuple[KitPicture, ...]
    unfit: tuple[Unfit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Where somebody posts by hand: an account of the calendar, or a platform without one."""

    platform: str
    #: By its name in the whole coalition; "" where the calendar has no account there.
    account: str = ""
    #: The program publishes there by itself: by hand it would stand there twice.
    published: bool = False

    @property
    def name(self) -> str:
        """Names it within the kit."""
        return self.account or self.platform


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Why a text must not be posted somewhere: a message, and what is filled in."""

    message: str
    platform: str = ""
    measure: Measure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KitText:
    """A part of a post as it will stand at one destination, counted as that platform counts."""

    destination: Destination
    part: int
    #: All that stands in the text itself; nothing is added or cut after this.
    text: str
    #: The content note, where the platform has a field of its own for it.
    note: str
    used: int
    limit: int
    unit: str
    #: What the platform does not take of it: then it is not offered to be copied.
    problems: tuple[Trouble, ...]
    #: What becomes of descriptions of pictures there.
    alts: Alts


class Why(StrEnum):
    """What keeps a post out of a kit, or is marked on it where it was asked for all the same."""

    #: Not a word of it is public before its instant.
    EMBARGO = "embargo"
    #: Its words in this language were read against their source by nobody.
    UNREVIEWED = "unreviewed"
    #: Fewer people than the calendar asks for have said yes to it.
    UNAPPROVED = "unapproved"
    #: It has an error, or a person holds it.
    HELD = "held"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Why a post is kept back; `detail` is for the coordinator, and never in a kit."""

    why: Why
    detail: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Absent:
    """A post that is not in the kit."""

    post: str
    kept: Kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What it is called, as a message, and what it says: "Who was counted", "women worldwide"."""

    name: str
    text: str
    #: Where it can be read, or "".
    address: str = ""
    #: Whether the text is a message of ours; the name always is.
    ours: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class KitPost:
    """Everything that somebody needs to post it."""

    post: Post
    due: datetime
    latest: datetime
    slides: tuple[KitSlide, ...]
    texts: tuple[KitText, ...]
    sources: tuple[Line, ...]
    helpline: tuple[Line, ...]
    #: What should have kept it out.
    marks: tuple[Kept, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KitDay:
    number: int
    date: date
    theme: str
    observance: str
    posts: tuple[KitPost, ...]
    absent: tuple[Absent, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kit:
    """What one organisation may post by hand."""

    campaign: Campaign
    #: How it speaks to whoever posts.
    interface: Interface
    days: tuple[KitDay, ...]
    destinations: tuple[Destination, ...]

    @property
    def posts(self) -> Iterator[KitPost]:
        return (post for day in self.days for post in day.posts)

    @property
    def absent(self) -> Iterator[Absent]:
        return (absent for day in self.days for absent in day.absent)
