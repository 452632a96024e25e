"""What the pages show, gathered from the campaign before a template sees it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType
from urllib.parse import quote, urlsplit

from scheduler.drafting import caption, measuring
from scheduler.errors import Problem, Severity
from scheduler.interface import phrase
from scheduler.matrix import CellState
from scheduler.model import (
    Account,
    CallContent,
    Campaign,
    Content,
    Delivery,
    Draft,
    GraphicContent,
    Measure,
    OpenerContent,
    PhotoContent,
    Post,
    Public,
    QuoteContent,
    StatisticContent,
    Yes,
    distinct,
)
from scheduler.platforms import PLATFORMS, Alts, in_words
from scheduler.preview import concerning
from scheduler.preview.changing import Change
from scheduler.preview.concerning import Concern
from scheduler.preview.cropping import Arranged, arranged
from scheduler.preview.folding import Folded, folded
from scheduler.preview.images import Image, images
from scheduler.preview.linking import Kind, Piece, pieces
from scheduler.preview.looks import PLAIN, Look, look_of

#: What each kind of post is called, as a message.
KINDS: Mapping[type[Content], str] = MappingProxyType(
    {
        QuoteContent: phrase("Quote"),
        StatisticContent: phrase("Statistic"),
        GraphicContent: phrase("Graphic"),
        PhotoContent: phrase("Photo"),
        CallContent: phrase("Call to action"),
        OpenerContent: phrase("Opener"),
    }
)

#: What each state of a post in the coalition means, as a message, from the best to the worst.
MEANINGS: Mapping[CellState, str] = MappingProxyType(
    {
        CellState.TRANSLATED: phrase("in the words it was written in, or translated and reviewed"),
        CellState.DRAFT: phrase("translated, and nobody has reviewed it"),
        CellState.STALE: phrase("its source has changed since it was translated"),
        CellState.HELD: phrase("an error or a person keeps it back"),
        CellState.MISSING: phrase("words of it are not translated yet"),
        CellState.OPTED_OUT: phrase("the organisation does not take part in it"),
    }
)

#: Platforms without a public: they are shown after the others.
ARCHIVES = frozenset({"folder"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Appearance:
    """One post as one account shows it, whatever becomes of it."""

    account: str
    platform: str
    #: The account's handle, the server that it lives on, or the folder that the post is kept in.
    place: str
    text: str
    note: str
    language: str
    images: tuple[Image, ...]
    at: datetime
    visibility: str = "public"
    #: Its pictures are covered until a reader asks for them.
    covered: bool = False
    #: Where it stood, once it was published.
    address: str = ""
    #: The content note, where the platform has none: then it is the text's first paragraph.
    open_note: str = ""
    #: Whether readers are told the language.
    tells_language: bool = True
    #: What becomes of the descriptions of its pictures.
    alts: Alts = Alts.KEPT
    #: Its place in a thread.
    part: int = 1

    @property
    def look(self) -> Look:
        return look_of(self.platform)

    @property
    def pieces(self) -> tuple[Piece, ...]:
        return pieces(self.text, self.platform)

    @property
    def folded(self) -> Folded:
        # What stands below a content note is never folded a second time.
        return folded(self.text, self.pieces, PLAIN if self.note else self.look)

    @property
    def arranged(self) -> Arranged:
        sizes = [(image.width, image.height) for image in self.images]
        return arranged(sizes, self.look.pictures)

    @property
    def link(self) -> str:
        """The host that a link card is made of, or "": nobody has asked what the page is called."""
        if self.images or self.note or not self.look.link_card:
            return ""
        found = (host(piece.text) for piece in self.pieces if piece.kind is Kind.ADDRESS)
        return next(filter(None, found), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Meter:
    """A measure as it is shown; `number` is of how many pictures it is the largest."""

    measure: Measure
    problems: tuple[Problem, ...] = ()
    number: int = 1

    @property
    def kind(self) -> tuple[str, str, int]:
        """The same for what is counted alike: "alt text of picture 3", of every picture."""
        name = self.measure.name.rstrip("0123456789 ")
        return name, self.measure.unit, self.measure.limit

    @property
    def is_wrong(self) -> bool:
        return bool(self.problems or self.measure.excess or self.measure.lack)


#: So many equal meters of one account are read one by one.
_FEW = 2


def _shown(alike: Sequence[Meter]) -> Sequence[Meter]:
    """Of many the largest, which says that none is over."""
    if len(alike) <= _FEW:
        return alike
    largest = max(alike, key=lambda meter: meter.measure.used)
    return [replace(largest, number=len(alike))]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountView:
    """A delivery with what will be seen of it; without a draft nothing can be sent."""

    delivery: Delivery
    appearance: Appearance
    measures: tuple[Measure, ...]
    drafted: bool
    #: In thousandths of a US dollar; 0 where it is free.
    cost: int = 0
    #: Why it must not go out as it is, or "".
    held: str = ""
    #: What names the account: of this post on it, and of the account whatever it says.
    problems: tuple[Problem, ...] = ()
    #: What people said of it; None where no ledger was asked.
    yes: Yes | None = None
    #: What it said when it was published.
    public: Public | None = None
    #: What is other than that, or than people approved it.
    change: Change | None = None

    @property
    def meters(self) -> tuple[Meter, ...]:
        """Each measure with what is said about it; equal ones of many pictures are one."""
        found: dict[object, list[Meter]] = {}
        for measure in self.measures:
            problems = tuple(each for each in self.problems if concerning.is_of(measure, each))
            meter = Meter(measure=measure, problems=problems)
            found.setdefault(meter if meter.is_wrong else meter.kind, []).append(meter)
        return tuple(each for alike in found.values() for each in _shown(alike))

    @property
    def others(self) -> tuple[Problem, ...]:
        """Its problems that no measure has."""
        told = {problem for meter in self.meters for problem in meter.problems}
        return tuple(problem for problem in self.problems if problem not in told)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Why a post is held back; `reason` is "" where a problem beside it says so already."""

    reason: str
    #: Empty for all of the post's accounts.
    accounts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PostView:
    post: Post
    #: What its first card is, and what each of its cards is: messages.
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
        return anchor(self.post.id)

    def about(self, concern: str) -> tuple[Problem, ...]:
        """Its problems with one thing, but for those that stand with an account of it."""
        elsewhere = {problem for account in self.accounts for problem in account.problems}
        return tuple(
            problem
            for problem in self.problems
            if problem not in elsewhere and concerning.concern(problem) is Concern(concern)
        )

    @property
    def holds(self) -> tuple[Hold, ...]:
        everywhere = {account.delivery.account for account in self.accounts}
        told = {f"{problem.message} ({problem.code})" for problem in self.problems}
        held: dict[str, dict[str, None]] = {}
        for account in self.accounts:
            if account.held:
                reason = "" if account.held in told else account.held
                held.setdefault(reason, {})[account.delivery.account] = None
        return tuple(
            Hold(reason=reason, accounts=() if accounts.keys() == everywhere else tuple(accounts))
            for reason, accounts in held.items()
        )

    @property
    def alts(self) -> tuple[str, ...]:
        """Each different alt text as it is sent; without a draft, as it was written."""
        said = [image.alt for image in self.images] or [slide.alt for slide in self.post.slides]
        return distinct(said)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayView:
    number: int
    date: date
    theme: str
    observance: str
    posts: tuple[PostView, ...]
    #: Of the day itself, not of its posts.
    own_problems: tuple[Problem, ...]
    #: The posts that the organisation does not take part in.
    left_out: tuple[str, ...] = ()

    @property
    def file(self) -> str:
        return day_file(self.number)

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many posts of a coalition, or of one organisation in it, are in a state."""

    state: CellState
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberView:
    """An organisation of a coalition, as its own pages and the front page introduce it."""

    campaign: Campaign
    #: The logo's address from the front page; empty where there is none.
    logo: str
    deliveries: int
    counts: tuple[Count, ...]
    days: tuple[DayView, ...]
    problems: tuple[Problem, ...]

    @property
    def folder(self) -> str:
        """Where its pages lie, from the front page."""
        return member_folder(self.campaign.member.id)

    @property
    def left_out(self) -> tuple[tuple[DayView, str], ...]:
        return tuple((day, post) for day in self.days for post in day.left_out)


def member_folder(member: str) -> str:
    return f"members/{member}/"


def day_file(number: int) -> str:
    return f"day-{number:02}.html"


def anchor(post: str) -> str:
    """A post's place on the page of its day, as it stands in a link."""
    return quote(f"post-{post}")


def tally(problems: tuple[Problem, ...]) -> Tally:
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    return Tally(errors=errors, warnings=len(problems) - errors)


def gravest(problems: Iterable[Problem]) -> list[Problem]:
    """Errors first, then in the order of the calendar."""
    return sorted(problems, key=lambda problem: (problem.severity is not Severity.ERROR, problem))


def appearance(
    campaign: Campaign, delivery: Delivery, draft: Draft | None, addresses: Mapping[str, str]
) -> Appearance:
    """What the account will show; where its card cannot be drawn, the words alone."""
    account, post = campaign.accounts[delivery.account], campaign.posts[delivery.post]
    parts = (caption(campaign, post), *post.thread)
    said = draft or Draft(
        text=parts[delivery.part - 1], pictures=(), language=post.language, note=post.note
    )
    limits = measuring(account).limits if account.platform in PLATFORMS else None
    notes = limits is None or limits.notes
    return Appearance(
        account=account.name,
        platform=account.platform,
        place=place(account, campaign.root, delivery),
        text=in_words(said, limits) if limits else said.text,
        note=said.note if notes else "",
        open_note="" if notes else said.note,
        language=said.language,
        tells_language=limits is None or limits.languages,
        alts=Alts.KEPT if limits is None else limits.alts,
        images=images(said, addresses),
        at=delivery.due,
        visibility=account.options.get("visibility", "public"),
        covered=bool(said.note),
        part=delivery.part,
    )


def host(address: str) -> str:
    """example.org, of an address with or without its scheme; "" where there is none in it."""
    try:
        named = urlsplit(address if "://" in address else f"//{address}").hostname or ""
    except ValueError:
        return ""
    return named.removeprefix("www.")


def place(account: Account, root: Path, delivery: Delivery | None = None) -> str:
    """mastodon.example, @handle, or published/edition/post/account/1; empty: nothing is known"""
    if directory := account.options.get("directory"):
        short = _shortened(directory, root)
        return f"{short}/{delivery.key}" if delivery else short
    if handle := account.options.get("handle"):
        return f"@{handle.removeprefix('@')}"
    if channel := account.options.get("channel"):
        return channel
    try:
        return urlsplit(account.options.get("server", "")).hostname or ""
    except ValueError:
        return ""


def _shortened(directory: str, root: Path) -> str:
    """Seen from the calendar's folder: nobody's home folder belongs on a page that is passed on."""
    path = Path(directory)
    return (path.relative_to(root) if path.is_relative_to(root) else path).as_posix()
