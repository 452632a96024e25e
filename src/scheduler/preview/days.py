"""One organisation's sixteen days, from its campaign and the drafts that were made of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from scheduler.drafting import measuring
from scheduler.errors import Problem
from scheduler.model import (
    DAYS,
    Account,
    Campaign,
    Day,
    Delivery,
    Draft,
    Key,
    Measure,
    Post,
    Public,
    Yes,
)
from scheduler.planning import due, plan_of
from scheduler.platforms import PLATFORMS
from scheduler.preview import concerning, placing, viewing
from scheduler.preview.changing import change
from scheduler.preview.images import Image
from scheduler.preview.looking import Pair
from scheduler.preview.viewing import AccountView, DayView, PostView


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What was made of the posts, by post and account, and what is wrong with them."""

    drafts: Mapping[Pair, Sequence[Draft]]
    measures: Mapping[Pair, Sequence[Sequence[Measure]]]
    held: Mapping[Pair, str]
    #: Where a page finds the copy of each picture, by digest.
    addresses: Mapping[str, str]
    problems: Sequence[Problem]
    #: What people said of each delivery; None where no ledger was asked.
    approvals: Mapping[Key, Yes] | None = None
    #: What is public already.
    public: Mapping[Key, Public] = field(default_factory=dict)


def days(campaign: Campaign, material: Material) -> tuple[DayView, ...]:
    """All sixteen, those without a post as well."""
    posts = _posts(campaign, material)
    problems = placing.by_day(campaign, material.problems)
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
        left_out=tuple(post for post, day in campaign.left_out.items() if day == number),
    )


def _posts(campaign: Campaign, material: Material) -> tuple[PostView, ...]:
    problems = placing.by_post(campaign, material.problems)
    own = {name: concerning.of_account(name, material.problems) for name in campaign.accounts}
    deliveries: dict[str, list[Delivery]] = {}
    for delivery in plan_of(campaign):
        deliveries.setdefault(delivery.post, []).append(delivery)
    views = [
        _post(
            campaign,
            post,
            tuple(
                _account(campaign, delivery, material, problems[post.id], own[delivery.account])
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
    campaign: Campaign,
    delivery: Delivery,
    material: Material,
    of_post: Sequence[Problem],
    of_account: Sequence[Problem],
) -> AccountView:
    pair = (delivery.post, delivery.account)
    part = delivery.part - 1
    draft = material.drafts[pair][part] if pair in material.drafts else None
    yes = material.approvals.get(delivery.key) if material.approvals else None
    public = material.public.get(delivery.key)
    return AccountView(
        delivery=delivery,
        appearance=viewing.appearance(campaign, delivery, draft, material.addresses),
        measures=tuple(material.measures[pair][part]) if pair in material.measures else (),
        drafted=draft is not None,
        cost=_cost(campaign.accounts[delivery.account], draft),
        held=material.held.get(pair, ""),
        yes=yes,
        public=public,
        change=change(_before(public, yes), draft, material.addresses),
        problems=(
            *(
                each
                for each in of_post
                if delivery.account in concerning.accounts(each)
                and delivery.part in _parts(campaign, delivery.post, each)
            ),
            *of_account,
        ),
    )


def _before(public: Public | None, yes: Yes | None) -> Draft | None:
    """What it is compared with: what is public, or else what people said yes to."""
    if public:
        return public.draft
    return yes.earlier.draft if yes and yes.earlier else None


def _parts(campaign: Campaign, post: str, problem: Problem) -> list[int]:
    """The parts of a thread in whose words the problem stands; the post itself where in none."""
    at = (problem.file, problem.line, problem.column)
    places = {
        part: campaign.places.value("posts", post, "thread", part - 2)
        for part in range(2, len(campaign.posts[post].thread) + 2)
    }
    return [
        part for part, place in places.items() if (place.file, place.line, place.column) == at
    ] or [1]


def _cost(account: Account, draft: Draft | None) -> int:
    known = draft is not None and account.platform in PLATFORMS
    return measuring(account).cost(draft) if draft and known else 0


def _different(accounts: Sequence[AccountView]) -> tuple[Image, ...]:
    shown = (image for account in accounts for image in account.appearance.images)
    return tuple({(image.source, image.alt): image for image in shown}.values())
