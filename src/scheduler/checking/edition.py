"""What is wrong with an edition as a whole: its sixteen days, and whom it tells."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, timedelta

from scheduler.errors import Problem, Severity
from scheduler.model import DAYS, Campaign


def edition_problems(campaign: Campaign, on: date) -> Iterator[Problem]:
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


def nobody_told(campaign: Campaign, live: Collection[str]) -> Iterator[Problem]:
    if live and campaign.alerts is None:
        accounts = f"{len(live)} accounts are" if len(live) > 1 else f"{min(live)} is"
        yield campaign.places.key("campaign").problem(
            "no-alerts",
            f"{accounts} live, and nobody is told when something needs a person",
            "add alerts, and try them with campaign alerts --test; docs/alerts.md",
            Severity.WARNING,
        )


def first_day_moved(campaign: Campaign, before: date | None) -> Iterator[Problem]:
    if before is None or before == campaign.first_day:
        return
    moved = campaign.first_day - before
    yield campaign.places.value("campaign", "first_day").problem(
        "first-day-moved",
        f'the first day of "{campaign.id}" was {before}, and posts of it are public already; '
        f"this would move every other post by {moved // timedelta(days=1)} days",
        f"write {before} again; a new edition needs a new campaign.id",
    )
