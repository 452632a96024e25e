"""Every problem in one list: the calendar's own, and those that only a draft shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from scheduler.calendar import read_campaign
from scheduler.cards import CardError, Shelf, digest
from scheduler.drafting import cards, draft, measuring
from scheduler.errors import Problem, Severity
from scheduler.ledger import Ledger, moves
from scheduler.model import (
    DAYS,
    CallContent,
    Campaign,
    Content,
    Draft,
    GraphicContent,
    KeyPath,
    Measure,
    PhotoContent,
    Place,
    Post,
    QuoteContent,
    StatisticContent,
)
from scheduler.naming import nearest
from scheduler.planning import plan
from scheduler.platforms import PLATFORMS

#: post id and account name
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A calendar with everything that is wrong with it, and the drafts that can be made of it.

    `campaign` is None when the calendar itself has an error; a pair is absent from `drafts` when
    its card cannot be drawn.
    """

    campaign: Campaign | None
    problems: tuple[Problem, ...]
    drafts: Mapping[Pair, Draft]
    measures: Mapping[Pair, tuple[Measure, ...]]
    deliveries: int
    cards_drawn: int
    cards_reused: int

    @property
    def sound(self) -> bool:
        """Whether it may be published."""
        return self.campaign is not None and not any(
            problem.severity is Severity.ERROR for problem in self.problems
        )


def check(
    file: Path,
    *,
    shelf: Shelf,
    on: date,
    ledger: Ledger | None = None,
    progress: Callable[[int], Callable[[], None]] | None = None,
) -> Checked:
    """Read the calendar and make every draft of it; nothing is sent, nobody is contacted.

    `on` is taken for today. `progress` is told how many cards there are, and gives back what to
    call after each.
    """
    reading = read_campaign(file)
    campaign = reading.campaign
    if campaign is None:
        return _nothing(None, reading.problems)
    problems = [*reading.problems, *_account_problems(campaign), *_calendar_problems(campaign, on)]
    if ledger is not None:
        problems += _ledger_problems(campaign, ledger)
    if any(account.platform not in PLATFORMS for account in campaign.accounts.values()):
        return _nothing(campaign, problems)
    return _drawn(campaign, problems, shelf, progress)


def _nothing(campaign: Campaign | None, problems: list[Problem] | tuple[Problem, ...]) -> Checked:
    return Checked(
        campaign=campaign,
        problems=tuple(sorted(set(problems))),
        drafts={},
        measures={},
        deliveries=0 if campaign is None else len(plan(campaign)),
        cards_drawn=0,
        cards_reused=0,
    )


def _drawn(
    campaign: Campaign,
    problems: list[Problem],
    shelf: Shelf,
    progress: Callable[[int], Callable[[], None]] | None,
) -> Checked:
    wanted = cards(campaign)
    names = {pair: digest(card) for pair, card in wanted.items()}
    unique = {names[pair]: card for pair, card in wanted.items()}
    on_drawn = progress(len(unique)) if progress else None
    filled = shelf.fill(unique.values(), on_drawn=on_drawn)
    drafts = {
        pair: draft(campaign.posts[pair[0]], shelf.card(card))
        for pair, card in wanted.items()
        if names[pair] not in filled.problems
    }
    measures = {
        pair: measuring(campaign.accounts[pair[1]]).measure(made) for pair, made in drafts.items()
    }
    for (post, _), name in names.items():
        if error := filled.problems.get(name):
            problems.append(_card_problem(campaign, campaign.posts[post], error))
    for pair, counted in measures.items():
        problems += _excesses(campaign, pair, counted)
    return Checked(
        campaign=campaign,
        problems=tuple(sorted(set(problems))),
        drafts=drafts,
        measures=measures,
        deliveries=len(wanted),
        cards_drawn=filled.drawn,
        cards_reused=filled.reused,
    )


# ── accounts ──────────────────────────────────────────────────────────────────────────────────────


def _account_problems(campaign: Campaign) -> Iterator[Problem]:
    for account in campaign.accounts.values():
        path = ("accounts", account.name)
        platform = PLATFORMS.get(account.platform)
        if platform is None:
            message = f'account "{account.name}": there is no platform "{account.platform}"'
            place = campaign.places.value(*path, "platform")
            yield _problem(place, "unknown-platform", message, nearest(account.platform, PLATFORMS))
            continue
        for name, message in platform.problems(account):
            place = campaign.places.key(*path, name)
            yield _problem(place, "bad-account", f'account "{account.name}": "{name}" {message}')


# ── the sixteen days ──────────────────────────────────────────────────────────────────────────────


def _calendar_problems(campaign: Campaign, on: date) -> Iterator[Problem]:
    last = campaign.date_of(DAYS)
    if last < on:
        yield _problem(
            campaign.places.value("campaign", "first_day"),
            "campaign-over",
            f"the last day was {last}, and today is {on}: nothing of it will go out any more",
            "set first_day and a new id for the next edition",
            Severity.WARNING,
        )
    spoken = {post.day for post in campaign.posts.values()}
    for day in sorted(set(range(1, DAYS + 1)) - spoken):
        yield _problem(
            campaign.places.key("days", str(day)),
            "empty-day",
            f"day {day} ({campaign.date_of(day):%d %B}) has no post",
            "add one, or leave the day silent on purpose",
            Severity.WARNING,
        )


def _ledger_problems(campaign: Campaign, ledger: Ledger) -> Iterator[Problem]:
    before = ledger.read(lambda connection: moves.first_day(connection, campaign.id))
    if before is None or before == campaign.first_day:
        return
    if ledger.read(lambda connection: moves.any_public(connection, campaign.id)):
        moved = campaign.first_day - before
        yield _problem(
            campaign.places.value("campaign", "first_day"),
            "first-day-moved",
            f'the first day of "{campaign.id}" was {before}, and posts of it are public already; '
            f"this would move every other post by {moved // timedelta(days=1)} days",
            f"write {before} again; a new edition needs a new campaign.id",
        )


# ── drafts ────────────────────────────────────────────────────────────────────────────────────────


def _excesses(campaign: Campaign, pair: Pair, measures: tuple[Measure, ...]) -> Iterator[Problem]:
    post, account = campaign.posts[pair[0]], campaign.accounts[pair[1]]
    for measure in measures:
        if measure.excess:
            key = "alt" if measure.name.startswith("alt") else "text"
            yield _problem(
                campaign.places.value("posts", post.id, key),
                "too-long",
                f'day {post.day}, post "{post.id}": {measure.name}: {measure.excess} '
                f"{measure.unit} over the limit of {measure.limit} "
                f'({account.platform}, account "{account.name}")',
                "shorten it; nothing is ever cut off by the program",
            )


def _card_problem(campaign: Campaign, post: Post, error: CardError) -> Problem:
    place = campaign.places.value(*slot_path(post, error.slot))
    code = "".join(
        f"-{letter.lower()}" if letter.isupper() else letter for letter in type(error).__name__
    )
    message = f'day {post.day}, post "{post.id}": {error}'
    return _problem(place, code.removeprefix("-"), message)


def slot_path(post: Post, slot: str) -> KeyPath:
    """Where the words of a card's slot are written in the calendar."""
    if slot in {"kicker", "day"}:
        return ("days", str(post.day), "theme")
    if slot in {"name", "hashtag", "help", "funder", "logo"}:
        return ("brand", slot)
    return (*_content_path(post.id, post.content, slot), slot)


def _content_path(post: str, content: Content, slot: str) -> KeyPath:
    match content:
        case QuoteContent() if slot == "words" and content.excerpt is not None:
            return ("posts", post, "excerpt")
        case QuoteContent():
            return ("quotes", content.quote.id)
        case StatisticContent():
            return ("facts", content.fact.id)
        case PhotoContent() if slot in {"picture", "credit"}:
            return ("pictures", content.picture.id)
        case PhotoContent():
            return ("posts", post, "photo")
        case GraphicContent():
            return ("posts", post, "graphic")
        case CallContent():
            return ("posts", post, "call")


def _problem(
    place: Place, code: str, message: str, hint: str = "", severity: Severity = Severity.ERROR
) -> Problem:
    return Problem(
        file=place.file,
        line=place.line,
        column=place.column,
        severity=severity,
        code=code,
        message=message,
        hint=hint,
    )
