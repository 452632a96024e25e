"""Every problem in one list: the calendar's own, and those that only a draft shows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from types import MappingProxyType

from scheduler.calendar import read_campaign
from scheduler.cards import CardError, Drawn, Filled, Shelf, digest
from scheduler.drafting import cards, drafts, measuring
from scheduler.errors import Problem, Severity
from scheduler.linting import lint
from scheduler.model import (
    DAYS,
    CallContent,
    Campaign,
    Card,
    Content,
    Draft,
    GraphicContent,
    KeyPath,
    Measure,
    PhotoContent,
    Post,
    QuoteContent,
    StatisticContent,
)
from scheduler.naming import nearest
from scheduler.planning import plan
from scheduler.platforms import PLATFORMS

#: post id and account name
Pair = tuple[str, str]
#: Told how many steps there are; gives back what to call after each.
Progress = Callable[[int], Callable[[], None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A calendar with everything that is wrong with it, and the drafts that can be made of it.

    `campaign` is None when the calendar itself has an error; a pair is absent from `drafts` when
    its card cannot be drawn.
    """

    campaign: Campaign | None
    problems: tuple[Problem, ...]
    #: Of each pair the parts in their order: one, or those of a thread.
    drafts: Mapping[Pair, tuple[Draft, ...]]
    measures: Mapping[Pair, tuple[tuple[Measure, ...], ...]]
    #: Why a post must not go out as it is, by its id; the others may.
    held: Mapping[str, str]
    #: Whether the calendar as a whole must not be taken up.
    refused: bool
    deliveries: int
    cards_drawn: int
    cards_reused: int

    @property
    def sound(self) -> bool:
        """Whether there is no error."""
        return self.campaign is not None and not any(
            problem.severity is Severity.ERROR for problem in self.problems
        )


@dataclass(slots=True)
class _Found:
    """Problems as they are found, and the posts that they hold back."""

    problems: set[Problem] = field(default_factory=set)
    held: dict[str, str] = field(default_factory=dict)
    refused: bool = False

    def refuse(self, problems: Iterable[Problem]) -> None:
        for problem in problems:
            self.problems.add(problem)
            self.refused = True

    def add(self, problem: Problem, *posts: str) -> None:
        self.problems.add(problem)
        if problem.severity is Severity.ERROR:
            for post in posts:
                self.held.setdefault(post, f"{problem.message} ({problem.code})")


def check(
    file: Path,
    *,
    shelf: Shelf,
    on: date,
    public: Mapping[str, date] = MappingProxyType({}),
    draw: bool = True,
    progress: Progress | None = None,
) -> Checked:
    """Read the calendar and make every draft of it; nothing is sent, nobody is contacted.

    `on` is taken for today; `public` has the date of day 1 of each campaign of which something is
    public already; `progress` follows the cards. Without `draw` they are only composed:
    every problem is found, save that a picture has too many bytes, and the drafts have none yet.
    """
    study = _Study(shelf=shelf, draw=draw, progress=progress)
    reading = read_campaign(file)
    found = _Found(problems=set(reading.problems))
    campaign = reading.rest
    if campaign is None:
        return _nothing(None, found)
    if reading.campaign is None:
        return _looked_through(campaign, found, on, study)
    found.problems.update(_calendar_problems(campaign, on))
    found.refuse(_account_problems(campaign))
    found.refuse(_moved(campaign, public.get(campaign.id)))
    for finding in lint(campaign, on=on):
        found.add(finding.problem, *finding.posts)
    if any(account.platform not in PLATFORMS for account in campaign.accounts.values()):
        return _nothing(campaign, found)
    return _drawn(campaign, found, study)


def _looked_through(rest: Campaign, found: _Found, on: date, study: _Study) -> Checked:
    """Every further problem of a calendar that cannot be used as it is."""
    found.refuse(_account_problems(rest))
    for finding in lint(rest, on=on):
        found.add(finding.problem, *finding.posts)
    if all(account.platform in PLATFORMS for account in rest.accounts.values()):
        _drawn(rest, found, study)
    return _nothing(None, found)


def _nothing(campaign: Campaign | None, found: _Found) -> Checked:
    return Checked(
        campaign=campaign,
        problems=tuple(sorted(found.problems)),
        drafts={},
        measures={},
        held=found.held,
        refused=campaign is None or found.refused,
        deliveries=0 if campaign is None else len(plan(campaign)),
        cards_drawn=0,
        cards_reused=0,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Study:
    """Where the cards are made, or only tried."""

    shelf: Shelf
    draw: bool
    progress: Progress | None

    def fill(self, unique: Mapping[str, Card]) -> Filled:
        if not self.draw:
            return self.shelf.proof(unique.values())
        on_drawn = self.progress(len(unique)) if self.progress else None
        return self.shelf.fill(unique.values(), on_drawn=on_drawn)

    def card(self, card: Card) -> Drawn:
        return self.shelf.card(card) if self.draw else self.shelf.proofed(card)


def _drawn(campaign: Campaign, found: _Found, study: _Study) -> Checked:
    wanted = cards(campaign)
    names = {pair: tuple(map(digest, shown)) for pair, shown in wanted.items()}
    unique = {
        name: card
        for pair, shown in wanted.items()
        for name, card in zip(names[pair], shown, strict=True)
    }
    filled = study.fill(unique)
    made = {
        pair: drafts(campaign, campaign.posts[pair[0]], list(map(study.card, shown)))
        for pair, shown in wanted.items()
        if not any(name in filled.problems for name in names[pair])
    }
    measures = {
        pair: tuple(map(measuring(campaign.accounts[pair[1]]).measure, parts))
        for pair, parts in made.items()
    }
    _find_in_cards(campaign, found, names, filled)
    _find_in_measures(campaign, found, measures)
    return Checked(
        campaign=campaign,
        problems=tuple(sorted(found.problems)),
        drafts=made,
        measures=measures,
        held=found.held,
        refused=found.refused,
        deliveries=len(plan(campaign)),
        cards_drawn=filled.drawn,
        cards_reused=filled.reused,
    )


def _find_in_cards(
    campaign: Campaign, found: _Found, names: Mapping[Pair, tuple[str, ...]], filled: Filled
) -> None:
    for (id_, _), digests in names.items():
        for number, name in enumerate(digests):
            if error := filled.problems.get(name):
                found.add(_card_problem(campaign, campaign.posts[id_], number, error), id_)


def _find_in_measures(
    campaign: Campaign,
    found: _Found,
    measures: Mapping[Pair, tuple[tuple[Measure, ...], ...]],
) -> None:
    for pair, counted in measures.items():
        for part, measured in enumerate(counted):
            for problem in _excesses(campaign, pair, part, measured):
                found.add(problem, pair[0])


# ── accounts ──────────────────────────────────────────────────────────────────────────────────────


def _account_problems(campaign: Campaign) -> Iterator[Problem]:
    for account in campaign.accounts.values():
        path = ("accounts", account.name)
        platform = PLATFORMS.get(account.platform)
        if platform is None:
            message = f'account "{account.name}": there is no platform "{account.platform}"'
            place = campaign.places.value(*path, "platform")
            yield place.problem("unknown-platform", message, nearest(account.platform, PLATFORMS))
            continue
        for name, message in platform.problems(account):
            place = campaign.places.key(*path, name)
            yield place.problem("bad-account", f'account "{account.name}": "{name}" {message}')


# ── the sixteen days ──────────────────────────────────────────────────────────────────────────────


def _calendar_problems(campaign: Campaign, on: date) -> Iterator[Problem]:
    last = campaign.date_of(DAYS)
    if last < on:
        yield campaign.places.value("campaign", "first_day").problem(
            "campaign-over",
            f"the last day was {last}, and today is {on}: nothing of it will go out any more",
            "set first_day and a new id for the next edition",
            Severity.WARNING,
        )
    spoken = {post.day for post in campaign.posts.values()}
    silent = [str(day) for day in range(1, DAYS + 1) if day not in spoken]
    if silent:
        days = "day" if len(silent) == 1 else "days"
        yield campaign.places.key("posts").problem(
            "empty-day",
            f"nothing is said on {days} {', '.join(silent)}",
            "add a post, or leave the silence on purpose",
            Severity.WARNING,
        )


def _moved(campaign: Campaign, before: date | None) -> Iterator[Problem]:
    if before is None or before == campaign.first_day:
        return
    moved = campaign.first_day - before
    yield campaign.places.value("campaign", "first_day").problem(
        "first-day-moved",
        f'the first day of "{campaign.id}" was {before}, and posts of it are public already; '
        f"this would move every other post by {moved // timedelta(days=1)} days",
        f"write {before} again; a new edition needs a new campaign.id",
    )


# ── drafts ────────────────────────────────────────────────────────────────────────────────────────


def _excesses(
    campaign: Campaign, pair: Pair, part: int, measures: tuple[Measure, ...]
) -> Iterator[Problem]:
    post, account = campaign.posts[pair[0]], campaign.accounts[pair[1]]
    for measure in measures:
        if measure.excess:
            yield campaign.places.value(*_measured(post, part, measure.name)).problem(
                "too-long",
                f'day {post.day}, post "{post.id}": {measure.name}: {measure.excess} '
                f"{measure.unit} over the limit of {measure.limit} "
                f'({account.platform}, account "{account.name}")',
                "shorten it; nothing is ever cut off by the program",
            )


def _measured(post: Post, part: int, name: str) -> KeyPath:
    """Where the thing that was measured is written: "text", or "alt text of picture 2"."""
    if part:
        return ("posts", post.id, "thread", part - 1)
    if not name.startswith("alt"):
        return ("posts", post.id, "text")
    return (*_slide(post, int(name.rsplit(maxsplit=1)[-1]) - 1), "alt")


def _slide(post: Post, number: int) -> KeyPath:
    return ("posts", post.id, "carousel", number) if len(post.slides) > 1 else ("posts", post.id)


def _card_problem(campaign: Campaign, post: Post, number: int, error: CardError) -> Problem:
    place = campaign.places.value(*slot_path(post, number, error.slot))
    code = "".join(
        f"-{letter.lower()}" if letter.isupper() else letter for letter in type(error).__name__
    )
    message = f'day {post.day}, post "{post.id}": {error}'
    return place.problem(code.removeprefix("-"), message)


def slot_path(post: Post, number: int, slot: str) -> KeyPath:
    """Where the words of a slot are written in the calendar, for the post's card of that number."""
    if slot in {"kicker", "day"}:
        return ("days", str(post.day), "theme")
    if slot in {"name", "hashtag", "help", "funder", "logo"}:
        return ("brand", slot)
    return (*_content_path(_slide(post, number), post.slides[number].content, slot), slot)


def _content_path(slide: KeyPath, content: Content, slot: str) -> KeyPath:
    match content:
        case QuoteContent() if slot == "words" and content.excerpt is not None:
            return (*slide, "excerpt")
        case QuoteContent():
            return ("quotes", content.quote.id)
        case StatisticContent():
            return ("facts", content.fact.id)
        case PhotoContent() if slot in {"picture", "credit"}:
            return ("pictures", content.picture.id)
        case PhotoContent():
            return (*slide, "photo")
        case GraphicContent():
            return (*slide, "graphic")
        case CallContent():
            return (*slide, "call")
