"""From the calendar to what is due when. Pure: the same campaign gives the same plan."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from scheduler.model import (
    Account,
    Campaign,
    Coalition,
    Delivery,
    Key,
    Post,
    Scope,
    Target,
    target,
)


def plan(coalition: Coalition) -> tuple[Delivery, ...]:
    """Every delivery of every organisation, in the order of their time."""
    deliveries = (
        delivery for campaign in coalition.campaigns.values() for delivery in _deliveries(campaign)
    )
    return tuple(sorted(deliveries, key=_in_order))


def plan_of(campaign: Campaign) -> tuple[Delivery, ...]:
    """Every delivery of one organisation, in the order of their time."""
    return tuple(sorted(_deliveries(campaign), key=_in_order))


def _in_order(delivery: Delivery) -> tuple[datetime, str]:
    return delivery.due, delivery.key


def _deliveries(campaign: Campaign) -> Iterator[Delivery]:
    return (
        _delivery(campaign, post, campaign.accounts[name], part)
        for post in campaign.posts.values()
        for name in post.accounts
        for part in range(1, 2 + len(post.thread))
    )


def due(campaign: Campaign, post: Post) -> datetime:
    """The instant at which the post's hour strikes in the campaign's zone, in UTC."""
    local = datetime.combine(campaign.date_of(post.day), post.at, tzinfo=campaign.zone)
    return local.astimezone(UTC)


def key(campaign: str, post: str, account: str, part: int) -> Key:
    """Names a delivery for ever: nothing in it follows from path, order, time or text."""
    return Key(f"{campaign}/{post}/{account}/{part}")


def keys_of(coalition: Coalition, held: Target) -> tuple[Key, ...]:
    """Every delivery that a hold of this target keeps back."""
    return tuple(
        key(campaign.id, post.id, name, part)
        for campaign in coalition.campaigns.values()
        for post in campaign.posts.values()
        for name in post.accounts
        if held in reach(campaign, post, name)
        for part in range(1, 2 + len(post.thread))
    )


def reach(campaign: Campaign, post: Post, account: str) -> frozenset[Target]:
    """Every target that the post on the account belongs to: a hold of any of them keeps it back."""
    languages = {post.language, post.language.split("-")[0]}
    named = (
        (Scope.EVERYTHING, ""),
        (Scope.MEMBER, campaign.member.id),
        (Scope.ACCOUNT, account),
        (Scope.POST, post.id),
        *((Scope.COUNTRY, country) for country in (campaign.rules.country,) if country),
        *((Scope.LANGUAGE, language) for language in languages),
        *((Scope.TAG, tag) for tag in post.tags),
    )
    return frozenset(target(scope, value) for scope, value in named)


def _delivery(campaign: Campaign, post: Post, account: Account, part: int) -> Delivery:
    return Delivery(
        key=key(campaign.id, post.id, account.name, part),
        campaign=campaign.id,
        post=post.id,
        account=account.name,
        platform=account.platform,
        part=part,
        day=post.day,
        due=due(campaign, post),
        grace=post.grace,
    )
