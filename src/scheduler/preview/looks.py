"""What each network does with a post that nobody asked it to do: folding, cropping, tiling.

Hardly any of it is documented, and all of it changes. So each number names its origin, and what is
only ours to guess is called an estimate on the pages as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from scheduler.interface import in_context


class Basis(StrEnum):
    """How a number came here."""

    #: The network's own help pages say so.
    VENDOR = "vendor"
    #: Its program is public, and does so.
    PROGRAM = "program"
    #: Nobody says so: it is what is seen there.
    ESTIMATE = "estimate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    basis: Basis
    #: Where it can be read; "" for an estimate.
    address: str = ""


ESTIMATE = Origin(basis=Basis.ESTIMATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fold:
    """After how much of a text the rest is shown only on demand, at one width.

    A text is folded at whichever comes first; 0 where only the other one counts. Letters differ in
    width: how many stand in a line of `line` is always an estimate.
    """

    #: Characters as a reader sees them.
    characters: int = 0
    lines: int = 0
    line: int = 0
    #: What stands where it is folded: a message in the context of the look's template.
    more: str
    origin: Origin = ESTIMATE


class Arrangement(StrEnum):
    """How several pictures of one post are laid out."""

    #: Side by side in one frame, each cut to its tile.
    MOSAIC = "mosaic"
    #: One at a time in the shape of the first, swiped sideways.
    CAROUSEL = "carousel"
    #: A row of one height, each whole, pushed sideways.
    ROW = "row"
    #: One below the other, each whole.
    STACK = "stack"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mosaic:
    """Tiles in one frame. `name` is its rule in the style sheet, as "ratio-3-2" is the frame's."""

    name: str
    #: Of the frame: width to height.
    ratio: tuple[int, int]
    #: Of each tile in its order: its share of the frame's width and of its height.
    tiles: tuple[tuple[float, float], ...]

    def ratio_of(self, tile: int) -> float:
        """Width divided by height of the tile, counted from 0."""
        width, height = self.tiles[tile]
        return self.ratio[0] * width / (self.ratio[1] * height)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pictures:
    """How pictures are shown in a feed."""

    #: A single picture is cut to lie within these: width to height.
    narrowest: tuple[int, int] | None = None
    widest: tuple[int, int] | None = None
    arrangement: Arrangement = Arrangement.MOSAIC
    #: By the number of pictures; for more than the most of them, the most.
    mosaics: Mapping[int, Mosaic] = field(default_factory=lambda: MappingProxyType({}))
    #: The shape of its tile in the account's profile.
    profile: tuple[int, int] | None = None
    #: A post with a content note has them covered.
    covers: bool = False
    origin: Origin = ESTIMATE


class Answer(StrEnum):
    """What the further parts of a thread are called there."""

    REPLY = "reply"
    COMMENT = "comment"
    MESSAGE = "message"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How one network shows a post."""

    #: The file in `templates/networks/` that draws it.
    template: str
    pictures: Pictures = Pictures()
    #: None where a text is never folded at that width.
    desktop: Fold | None = None
    phone: Fold | None = None
    answer: Answer = Answer.REPLY
    #: Whether it makes a card of the first address in a text without pictures.
    link_card: bool = False


def halves(*ratio: int) -> Mosaic:
    return Mosaic(name="halves", ratio=_pair(ratio), tiles=((1 / 2, 1),) * 2)


def tall_left(*ratio: int) -> Mosaic:
    """One on the left, two stacked at its right."""
    return Mosaic(name="tall-left", ratio=_pair(ratio), tiles=((1 / 2, 1), *((1 / 2, 1 / 2),) * 2))


def large_left(*ratio: int, others: int = 2) -> Mosaic:
    """One on the left in two thirds of the width, the others stacked at its right."""
    tiles = ((2 / 3, 1.0), *((1 / 3, 1 / others),) * others)
    return Mosaic(name=f"large-left-{others}", ratio=_pair(ratio), tiles=tiles)


def quarters(*ratio: int) -> Mosaic:
    return Mosaic(name="quarters", ratio=_pair(ratio), tiles=((1 / 2, 1 / 2),) * 4)


def two_and_three(*ratio: int) -> Mosaic:
    """Two above, three below."""
    tiles = (*((1 / 2, 3 / 5),) * 2, *((1 / 3, 2 / 5),) * 3)
    return Mosaic(name="two-and-three", ratio=_pair(ratio), tiles=tiles)


def _pair(ratio: tuple[int, ...]) -> tuple[int, int]:
    width, height = ratio
    return width, height


_MASTODON = "https://github.com/mastodon/mastodon/blob/main/app/javascript/mastodon/components/"
_BLUESKY = "https://github.com/bluesky-social/social-app/blob/main/src/"

_X = Look(
    template="x",
    desktop=Fold(characters=280, more=in_context("x", "Show more")),
    phone=Fold(characters=280, more=in_context("x", "Show more")),
    pictures=Pictures(
        narrowest=(3, 4),
        widest=(2, 1),
        mosaics={2: halves(16, 9), 3: tall_left(16, 9), 4: quarters(16, 9)},
    ),
    link_card=True,
)

#: 32 lines of 22 pixels; a text below a content note is never folded a second time.
_MASTODON_FOLD = Origin(basis=Basis.PROGRAM, address=f"{_MASTODON}status_content.jsx")
_MASTODON_LOOK = Look(
    template="mastodon",
    desktop=Fold(
        lines=32, line=72, more=in_context("mastodon", "Read more"), origin=_MASTODON_FOLD
    ),
    phone=Fold(lines=32, line=42, more=in_context("mastodon", "Read more"), origin=_MASTODON_FOLD),
    pictures=Pictures(
        mosaics={2: halves(3, 2), 3: tall_left(3, 2), 4: quarters(3, 2)},
        origin=Origin(basis=Basis.PROGRAM, address=f"{_MASTODON}media_gallery.jsx"),
    ),
    link_card=True,
)

_BLUESKY_FOLD = Origin(basis=Basis.PROGRAM, address=f"{_BLUESKY}lib/constants.ts")
_BLUESKY_LOOK = Look(
    template="bluesky",
    desktop=Fold(lines=25, line=72, more=in_context("bluesky", "Show more"), origin=_BLUESKY_FOLD),
    phone=Fold(lines=25, line=42, more=in_context("bluesky", "Show more"), origin=_BLUESKY_FOLD),
    pictures=Pictures(
        narrowest=(1, 2),
        mosaics={2: halves(2, 1), 3: tall_left(2, 1), 4: quarters(3, 2)},
        covers=True,
        origin=Origin(
            basis=Basis.PROGRAM,
            address=f"{_BLUESKY}view/com/util/images/ImageLayoutGrid.tsx",
        ),
    ),
)

_FACEBOOK = Look(
    template="facebook",
    desktop=Fold(characters=480, lines=5, line=82, more=in_context("facebook", "See more")),
    phone=Fold(characters=125, lines=3, line=46, more=in_context("facebook", "See more")),
    pictures=Pictures(
        narrowest=(4, 5),
        mosaics={
            2: halves(1, 1),
            3: large_left(1, 1),
            4: large_left(1, 1, others=3),
            5: two_and_three(1, 1),
        },
    ),
    answer=Answer.COMMENT,
    link_card=True,
)

#: "Only the first three lines", and 125 characters or fewer to be seen whole.
_INSTAGRAM_FOLD = Origin(basis=Basis.VENDOR, address="https://help.instagram.com/1643471055915254")
_INSTAGRAM = Look(
    template="instagram",
    desktop=Fold(
        characters=125,
        lines=3,
        line=58,
        more=in_context("instagram", "more"),
        origin=_INSTAGRAM_FOLD,
    ),
    phone=Fold(
        characters=125,
        lines=3,
        line=46,
        more=in_context("instagram", "more"),
        origin=_INSTAGRAM_FOLD,
    ),
    pictures=Pictures(
        narrowest=(4, 5), widest=(2, 1), arrangement=Arrangement.CAROUSEL, profile=(3, 4)
    ),
    answer=Answer.COMMENT,
)

_THREADS = Look(
    template="threads",
    phone=Fold(characters=250, more=in_context("threads", "Read more")),
    pictures=Pictures(narrowest=(3, 4), arrangement=Arrangement.ROW, covers=True),
    link_card=True,
)

_LINKEDIN = Look(
    template="linkedin",
    desktop=Fold(characters=210, lines=3, line=78, more=in_context("linkedin", "…more")),
    phone=Fold(characters=140, lines=3, line=48, more=in_context("linkedin", "…more")),
    pictures=Pictures(
        narrowest=(4, 5),
        mosaics={
            2: halves(4, 3),
            3: large_left(4, 3),
            4: large_left(4, 3, others=3),
            5: two_and_three(1, 1),
        },
    ),
    answer=Answer.COMMENT,
)

_TELEGRAM = Look(
    template="telegram",
    pictures=Pictures(
        narrowest=(3, 4),
        mosaics={
            2: halves(3, 2),
            3: large_left(1, 1),
            4: large_left(1, 1, others=3),
            5: two_and_three(1, 1),
        },
        covers=True,
    ),
    link_card=True,
)

_DISCORD = Look(
    template="discord",
    pictures=Pictures(
        mosaics={
            2: halves(2, 1),
            3: large_left(3, 2),
            4: quarters(1, 1),
            5: two_and_three(1, 1),
        },
        covers=True,
    ),
    answer=Answer.MESSAGE,
    link_card=True,
)

_SLACK = Look(
    template="slack",
    desktop=Fold(characters=700, more=in_context("slack", "See more")),
    phone=Fold(characters=700, more=in_context("slack", "See more")),
    pictures=Pictures(arrangement=Arrangement.STACK),
    answer=Answer.MESSAGE,
    link_card=True,
)

#: By the name that accounts say in the calendar.
LOOKS: Mapping[str, Look] = MappingProxyType(
    {
        "x": _X,
        "mastodon": _MASTODON_LOOK,
        "bluesky": _BLUESKY_LOOK,
        "facebook": _FACEBOOK,
        "instagram": _INSTAGRAM,
        "threads": _THREADS,
        "linkedin": _LINKEDIN,
        "telegram": _TELEGRAM,
        "discord": _DISCORD,
        "slack": _SLACK,
        "folder": Look(template="folder", pictures=Pictures(arrangement=Arrangement.STACK)),
    }
)

#: Of a network that nobody has drawn yet: everything is whole.
PLAIN = Look(template="plain", pictures=Pictures(arrangement=Arrangement.STACK))


def look_of(platform: str) -> Look:
    return LOOKS.get(platform, PLAIN)
