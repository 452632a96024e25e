"""What keeps a post out of a kit: what would keep it back from being published, and drafts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType

from scheduler.errors import Severity
from scheduler.kit.contents import Kept, Why
from scheduler.linting import lint
from scheduler.model import Campaign, Hold, Post, Wording
from scheduler.planning import reach


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What is known of the posts by now, besides what they say."""

    now: datetime
    #: Why a post must not go out at all, by its id.
    held: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    #: Why it must not go out on one account, by post and account.
    held_on: Mapping[tuple[str, str], str] = field(default_factory=lambda: MappingProxyType({}))
    #: Posts that fewer people have approved than the calendar asks for.
    unapproved: frozenset[str] = frozenset()
    #: Have in it what is under embargo, marked.
    embargoed: bool = False
    #: Have in it what nobody has reviewed or approved yet, marked.
    drafts: bool = False


def kept_back(post: Post, situation: Situation) -> Iterator[Kept]:
    """Everything that keeps the post back, the gravest first."""
    if post.id in situation.held:
        yield Kept(why=Why.HELD, detail=situation.held[post.id])
    if post.embargo is not None and situation.now < post.embargo:
        yield Kept(why=Why.EMBARGO, until=post.embargo)
    if post.translation is not None and post.translation.wording is not Wording.REVIEWED:
        yield Kept(why=Why.UNREVIEWED)
    if post.id in situation.unapproved:
        yield Kept(why=Why.UNAPPROVED)


def is_in(kept: Iterable[Kept], situation: Situation) -> bool:
    """Whether the post is in the kit all the same."""
    asked_for = {
        Why.HELD: False,
        Why.EMBARGO: situation.embargoed,
        Why.UNREVIEWED: situation.drafts,
        Why.UNAPPROVED: situation.drafts,
    }
    return all(asked_for[each.why] for each in kept)


def held(
    campaign: Campaign, holds: Iterable[Hold], silenced: str | None, *, on: date
) -> Mapping[str, str]:
    """Why a post goes out nowhere, by its id: an error, words that lack, or a person's hold.

    A kit may be of posts that go to no account of the calendar, so accounts are not asked.
    """
    found: dict[str, str] = {}
    if silenced:
        found |= dict.fromkeys(campaign.posts, silenced)
    for hold in holds:
        for post in campaign.posts.values():
            if any(hold.target in reach(campaign, post, name) for name in ("", *post.accounts)):
                found.setdefault(post.id, f"{hold} is held: {hold.reason}")
    for finding in lint(campaign, on=on):
        if finding.problem.severity is Severity.ERROR:
            for id_ in finding.posts:
                found.setdefault(id_, f"{finding.problem.message} ({finding.problem.code})")
    for post in campaign.posts.values():
        if post.translation is not None and post.translation.wording is Wording.MISSING:
            found.setdefault(post.id, f"its words in {post.language} are not all there")
    return MappingProxyType(found)
