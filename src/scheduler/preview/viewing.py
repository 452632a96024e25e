"""What the pages show, gathered from the campaign before a template sees it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType
from urllib.parse import quote, urlsplit

from scheduler.drafting import caption
from scheduler.errors import Problem, Severity
from scheduler.model import (
    Account,
    CallContent,
    Campaign,
    Content,
    Delivery,
    Draft,
    GraphicContent,
    Measure,
    PhotoContent,
    Post,
    QuoteContent,
    StatisticContent,
)
from scheduler.preview.linking import Piece, pieces

#: What each kind of post is called on the pages.
KINDS: Mapping[type[Content], str] = MappingProxyType(
    {
        QuoteContent: "Quote",
        StatisticContent: "Statistic",
        GraphicContent: "Graphic",
        PhotoContent: "Photo",
        CallContent: "Call to action",
    }
)

#: Platforms without a public: they are shown after the others.
ARCHIVES = frozenset({"folder"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A picture on a page; `source` is empty when its file cannot be shown."""

    source: str
    name: str
    alt: str
    #: Pixels, or 0 where nobody has looked.
    width: int = 0
    height: int = 0
    bytes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Appearance:
    """One post as one account shows it, whatever becomes of it."""

    account: str
    platform: str
    #: The server that the account lives on, or the folder that the post is kept in.
    place: str
    text: str
    note: str
    language: str
    images: tuple[Image, ...]
    at: datetime
    visibility: str = "public"
    #: Where it stood, once it was published.
    address: str = ""

    @property
    def pieces(self) -> tuple[Piece, ...]:
        return pieces(self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountView:
    """A delivery with what will be seen of it; without a draft nothing can be sent."""

    delivery: Delivery
    appearance: Appearance
    measures: tuple[Measure, ...]
    drafted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PostView:
    post: Post
    #: What its first card is, and what each of its cards is.
    kind: str
    kinds: tuple[str, ...]
    due: datetime
    latest: datetime
    #: Each different picture of its drafts, once.
    images: tuple[Image, ...]
    accounts: tuple[AccountView, ...]
    problems: tuple[Problem, ...]

    @property
    def anchor(self) -> str:
        """As it stands in a link to its place on the day's page."""
        return quote(f"post-{self.post.id}")


@dataclass(frozen=True, slots=True, kw_only=True)
class DayView:
    number: int
    date: date
    theme: str
    observance: str
    posts: tuple[PostView, ...]
    #: Of the day itself, not of its posts.
    own_problems: tuple[Problem, ...]

    @property
    def file(self) -> str:
        return f"day-{self.number:02}.html"

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Its own and its posts', each once."""
        of_posts = [problem for post in self.posts for problem in post.problems]
        return tuple(gravest({*self.own_problems, *of_posts}))


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemView:
    """A problem, and the places on the pages where it is shown as well: (address, name)."""

    problem: Problem
    seen_at: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many problems of each severity."""

    errors: int
    warnings: int


def tally(problems: tuple[Problem, ...]) -> Tally:
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    return Tally(errors=errors, warnings=len(problems) - errors)


def gravest(problems: Iterable[Problem]) -> list[Problem]:
    """Errors first, then in the order of the calendar."""
    return sorted(problems, key=lambda problem: (problem.severity is not Severity.ERROR, problem))


def image(draft: Draft, number: int, names: Mapping[str, str]) -> Image:
    """The draft's picture, counted from 1; `names` are the copied files by digest."""
    picture = draft.pictures[number - 1]
    name = names.get(picture.digest, "")
    return Image(
        source=f"cards/{name}" if name else "",
        name=f"picture-{number}{Path(name).suffix or '.jpg'}",
        alt=picture.alt,
        width=picture.size.width,
        height=picture.size.height,
        bytes=picture.bytes,
    )


def images(draft: Draft, names: Mapping[str, str]) -> tuple[Image, ...]:
    return tuple(image(draft, number, names) for number in range(1, len(draft.pictures) + 1))


def appearance(
    campaign: Campaign, delivery: Delivery, draft: Draft | None, names: Mapping[str, str]
) -> Appearance:
    """What the account will show; where its card cannot be drawn, the words alone."""
    account, post = campaign.accounts[delivery.account], campaign.posts[delivery.post]
    parts = (caption(campaign, post), *post.thread)
    said = draft or Draft(
        text=parts[delivery.part - 1], pictures=(), language=post.language, note=post.note
    )
    return Appearance(
        account=account.name,
        platform=account.platform,
        place=place(account, campaign.root, delivery),
        text=said.text,
        note=said.note,
        language=said.language,
        images=images(said, names),
        at=delivery.due,
        visibility=account.options.get("visibility", "public"),
    )


def place(account: Account, root: Path, delivery: Delivery | None = None) -> str:
    """mastodon.example, or published/edition/post/account/1; empty where there is nothing to say"""
    if directory := account.options.get("directory"):
        short = _shortened(directory, root)
        return f"{short}/{delivery.key}" if delivery else short
    try:
        return urlsplit(account.options.get("server", "")).hostname or ""
    except ValueError:
        return ""


def _shortened(directory: str, root: Path) -> str:
    """Seen from the calendar's folder: nobody's home folder belongs on a page that is passed on."""
    path = Path(directory)
    return (path.relative_to(root) if path.is_relative_to(root) else path).as_posix()
