"""The calendar is edited while its posts are under way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from scheduler.hazards.scene import Scene
from scheduler.hazards.workers import Workers
from scheduler.model import Coalition, Post
from scheduler.sandbox import Kind

#: When a post that was taken out is put back.
PUT_BACK_AFTER = timedelta(minutes=30)


def edit(scene: Scene, workers: Workers, kind: Kind, account: str) -> None:
    """Edit the post of the account that is under way; what is taken out is put back."""
    entry = scene.in_hand(account)
    campaign = scene.coalition.speaker(account)
    post = campaign.posts.get(entry.post) if entry and campaign else None
    if post is None:
        return
    match kind:
        case Kind.MOVED:
            workers.take(with_post(scene.coalition, account, an_hour_later(post)))
        case Kind.REWORDED:
            workers.take(with_post(scene.coalition, account, in_other_words(post)))
        case _:
            workers.take(without_post(scene.coalition, account, post.id))
            scene.course.at(
                scene.course.now() + PUT_BACK_AFTER,
                lambda: workers.take(with_post(scene.coalition, account, post)),
            )


def with_post(coalition: Coalition, account: str, post: Post) -> Coalition:
    """The organisation that speaks on the account says the post in this way now."""
    return _with_posts(coalition, account, lambda posts: {**posts, post.id: post})


def without_post(coalition: Coalition, account: str, id_: str) -> Coalition:
    """The organisation that speaks on the account says the post no more."""
    return _with_posts(
        coalition,
        account,
        lambda posts: {name: post for name, post in posts.items() if name != id_},
    )


def an_hour_later(post: Post) -> Post:
    """Later on the same day; the last hour of a day has none."""
    return replace(post, at=post.at.replace(hour=min(post.at.hour + 1, 23)))


def in_other_words(post: Post) -> Post:
    """Its first word in capitals: no longer than before."""
    first, space, rest = post.text.partition(" ")
    return replace(post, text=f"{first.upper()}{space}{rest}")


def _with_posts(
    coalition: Coalition,
    account: str,
    edit: Callable[[Mapping[str, Post]], Mapping[str, Post]],
) -> Coalition:
    speaker = coalition.speaker(account)
    return replace(
        coalition,
        campaigns={
            id_: replace(campaign, posts=edit(campaign.posts)) if campaign is speaker else campaign
            for id_, campaign in coalition.campaigns.items()
        },
    )
