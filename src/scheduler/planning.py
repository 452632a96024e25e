"""From the calendar to what is due when. Pure: the same campaign gives the same plan."""

from __future__ import annotations

from datetime import UTC, datetime

from scheduler.model import Account, Campaign, Delivery, Key, Post


def plan(campaign: Campaign) -> tuple[Delivery, ...]:
    """Every delivery of the campaign, in the order of their time."""
    deliveries = (
        _delivery(campaign, post, campaign.accounts[name])
        for post in campaign.posts.values()
        for name in post.accounts
    )
    return tuple(sorted(deliveries, key=lambda delivery: (delivery.due, delivery.key)))


def due(campaign: Campaign, post: Post) -> datetime:
    """The instant at which the post's hour strikes in the campaign's zone, in UTC."""
    local = datetime.combine(campaign.date_of(post.day), post.at, tzinfo=campaign.zone)
    return local.astimezone(UTC)


def _delivery(campaign: Campaign, post: Post, account: Account) -> Delivery:
    part = 1
    return Delivery(
        key=Key(f"{campaign.id}/{post.id}/{account.name}/{part}"),
        campaign=campaign.id,
        post=post.id,
        account=account.name,
        platform=account.platform,
        part=part,
        day=post.day,
        due=due(campaign, post),
        grace=post.grace,
    )
