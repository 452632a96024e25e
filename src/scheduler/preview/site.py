"""The calendar as a site: the sixteen days at a glance, and a page for each of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from scheduler.errors import Problem
from scheduler.model import DAYS, Campaign, Day, Delivery, Draft, Measure, Post
from scheduler.planning import due, plan
from scheduler.preview import placing, viewing
from scheduler.preview.rendering import page, style
from scheduler.preview.viewing import AccountView, DayView, Image, PostView, ProblemView
from scheduler.preview.writing import copy_pictures, put_all, remove_others

#: post id and account name
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """What is shown: a checked calendar. `campaign` is None when it cannot be read.

    Each pair has its parts in their order; it is absent from `drafts` when a card of it cannot be
    drawn.
    """

    campaign: Campaign | None
    problems: Sequence[Problem]
    drafts: Mapping[Pair, Sequence[Draft]]
    measures: Mapping[Pair, Sequence[Sequence[Measure]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where to begin looking, how many pages there are, and how many files had to be written."""

    index: Path
    pages: int
    changed: int


def write(pages: Pages, *, out: Path) -> Site:
    """Write the pages, and copies of the cards, into `out`; other files there are left alone.

    Without a campaign only the index is written, with the problems; older day pages stay.
    """
    if pages.campaign is None:
        problems = [ProblemView(problem=problem) for problem in viewing.gravest(pages.problems)]
        tally = viewing.tally(tuple(pages.problems))
        files = {"index.html": page("broken", problems=problems, tally=tally)}
    else:
        drafts = [draft for parts in pages.drafts.values() for draft in parts]
        pictures = [picture for draft in drafts for picture in draft.pictures]
        names = copy_pictures(pictures, out / "cards")
        files = _files(pages.campaign, _days(pages, pages.campaign, names), pages.problems)
    changed = put_all(out, {"style.css": style(), **files})
    if pages.campaign is not None:
        remove_others(out / "cards", set(names.values()))
    return Site(index=out / "index.html", pages=len(files), changed=changed)


def _files(
    campaign: Campaign, days: Sequence[DayView], problems: Sequence[Problem]
) -> dict[str, str]:
    return {
        "index.html": _overview(campaign, days, problems),
        **{
            day.file: page(
                "day",
                campaign=campaign,
                day=day,
                days=days,
                before=days[day.number - 2] if day.number > 1 else None,
                after=days[day.number] if day.number < DAYS else None,
            )
            for day in days
        },
    }


def _overview(campaign: Campaign, days: Sequence[DayView], problems: Sequence[Problem]) -> str:
    return page(
        "index",
        campaign=campaign,
        days=days,
        deliveries=plan(campaign),
        problems=[_seen(problem, days) for problem in viewing.gravest(problems)],
        tally=viewing.tally(tuple(problems)),
        undrafted=sum(
            not account.drafted for day in days for view in day.posts for account in view.accounts
        ),
        places={
            account.name: viewing.place(account, campaign.root)
            for account in campaign.accounts.values()
        },
    )


def _seen(problem: Problem, days: Sequence[DayView]) -> ProblemView:
    posts = [
        (f"{day.file}#{view.anchor}", view.post.id)
        for day in days
        for view in day.posts
        if problem in view.problems
    ]
    of_days = [(day.file, f"day {day.number}") for day in days if problem in day.own_problems]
    return ProblemView(problem=problem, seen_at=tuple(posts or of_days))


def _days(pages: Pages, campaign: Campaign, names: Mapping[str, str]) -> tuple[DayView, ...]:
    posts = _posts(pages, campaign, names)
    problems = placing.by_day(campaign, pages.problems)
    return tuple(
        _day(campaign, number, posts, problems.get(number, ())) for number in range(1, DAYS + 1)
    )


def _day(
    campaign: Campaign, number: int, posts: Sequence[PostView], problems: tuple[Problem, ...]
) -> DayView:
    day = campaign.days.get(number) or Day(number=number, theme="")
    return DayView(
        number=number,
        date=campaign.date_of(number),
        theme=day.theme,
        observance=day.observance,
        posts=tuple(view for view in posts if view.post.day == number),
        own_problems=problems,
    )


def _posts(pages: Pages, campaign: Campaign, names: Mapping[str, str]) -> tuple[PostView, ...]:
    problems = placing.by_post(campaign, pages.problems)
    deliveries: dict[str, list[Delivery]] = {}
    for delivery in plan(campaign):
        deliveries.setdefault(delivery.post, []).append(delivery)
    views = [
        _post(
            campaign,
            post,
            tuple(
                _account(pages, campaign, delivery, names)
                for delivery in _in_order(post, deliveries.get(post.id, ()))
            ),
            problems[post.id],
        )
        for post in campaign.posts.values()
    ]
    return tuple(sorted(views, key=lambda view: (view.due, view.post.id)))


def _in_order(post: Post, deliveries: Sequence[Delivery]) -> list[Delivery]:
    """As the calendar names the accounts, but what the public sees comes before the archive."""
    return sorted(
        deliveries,
        key=lambda each: (each.platform in viewing.ARCHIVES, post.accounts.index(each.account)),
    )


def _post(
    campaign: Campaign,
    post: Post,
    accounts: tuple[AccountView, ...],
    problems: tuple[Problem, ...],
) -> PostView:
    instant = due(campaign, post)
    return PostView(
        post=post,
        kind=viewing.KINDS[type(post.content)],
        kinds=tuple(viewing.KINDS[type(slide.content)] for slide in post.slides),
        due=instant,
        latest=instant + post.grace,
        images=_different(accounts),
        accounts=accounts,
        problems=problems,
    )


def _account(
    pages: Pages, campaign: Campaign, delivery: Delivery, names: Mapping[str, str]
) -> AccountView:
    pair = (delivery.post, delivery.account)
    part = delivery.part - 1
    draft = pages.drafts[pair][part] if pair in pages.drafts else None
    return AccountView(
        delivery=delivery,
        appearance=viewing.appearance(campaign, delivery, draft, names),
        measures=tuple(pages.measures[pair][part]) if pair in pages.measures else (),
        drafted=draft is not None,
    )


def _different(accounts: Sequence[AccountView]) -> tuple[Image, ...]:
    shown = (image for account in accounts for image in account.appearance.images)
    return tuple({(image.source, image.alt): image for image in shown}.values())
