"""From the calendar to what is due when. Pure: the same campaign gives the same plan."""

from __future__ import annotations

from datetime import UTC, datetime

from scheduler.model import Account, Campaign, Delivery, Key, Post


def plan(campaign: Campaign) -> tuple[Delivery, ...]:
    """Every delivery of the campaign, in the order of their time."""
    deliveries = (
        _delivery(campaign, post, campaign.accounts[name], part)
        for post in campaign.posts.values()
        for name in post.accounts
        for part in range(1, 2 + len(post.thread))
    )
    return tuple(sorted(deliveries, key=lambda delivery: (delivery.due, delivery.key)))


def due(campaign: Campaign, post: Post) -> datetime:
    """The instant at which the post's hour strikes in the campaign's zone, in UTC."""
    local = datetime.combine(campaign.date_of(post.day), post.at, tzinfo=campaign.zone)
    return local.astimezone(UTC)


def key(campaign: str, post: str, account: str, part: int) -> Key:
    """Names a delivery for ever: nothing in it follows from path, order, time or text."""
    return Key(f"{campaign}/{post}/{account}/{part}")


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
