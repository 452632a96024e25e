"""When a post goes out, who is there for the answers, and whether it was said before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

from scheduler.errors import Severity
from scheduler.linting.findings import Found, Lint
from scheduler.linting.speaking import plain
from scheduler.model import Campaign, Comments, KeyPath, Moderation, Post


def _due(campaign: Campaign, post: Post) -> datetime:
    local = datetime.combine(campaign.date_of(post.day), post.at, tzinfo=campaign.zone)
    return local.astimezone(UTC)


def _embargo(campaign: Campaign, _: date) -> Iterator[Found]:
    for post in campaign.posts.values():
        if post.embargo is not None and (due := _due(campaign, post)) < post.embargo:
            lifted = post.embargo.astimezone(campaign.zone)
            yield Found(
                path=("posts", post.id, "embargo"),
                message=f"it would go out at {due.astimezone(campaign.zone):%Y-%m-%d %H:%M}, "
                f"before its embargo ends at {lifted:%Y-%m-%d %H:%M}",
                posts=(post.id,),
            )


EMBARGO = Lint(
    code="embargo",
    severity=Severity.ERROR,
    title="The post would go out before its embargo ends",
    reason="EU and UN bodies publish new figures between 19 and 25 November, while the calendar "
    "is loaded already. Whoever breaks an embargo is not told the next figure in advance.",
    hint="move the post to a later day or hour; change the embargo only if its owner did",
    fails="""\
posts:
  begin: {embargo: "2026-11-25 12:00"}
""",
    passes="""\
posts:
  begin: {embargo: "2026-11-25 06:00"}
""",
    check=_embargo,
)


def _quiet_hours(campaign: Campaign, _: date) -> Iterator[Found]:
    hours = campaign.rules.quiet_hours
    for post in campaign.posts.values() if hours else ():
        if hours and hours.contain(post.at):
            yield Found(
                path=("posts", post.id, "time"),
                message=f"{post.at:%H:%M} lies in the quiet hours, "
                f"{hours.begin:%H:%M} to {hours.end:%H:%M}",
                posts=(post.id,),
            )


QUIET_HOURS = Lint(
    code="quiet-hours",
    severity=Severity.WARNING,
    title="The post goes out in the campaign's quiet hours",
    reason="The campaign set hours in which nothing should go out: at night nobody of the team "
    "sees an answer from somebody who needs help.",
    hint="choose another hour, or change quiet_hours below campaign",
    fails="""\
campaign: {quiet_hours: "21:00-07:00"}
posts:
  begin: {time: "22:30"}
""",
    passes="""\
campaign: {quiet_hours: "21:00-07:00"}
posts:
  begin: {time: "09:30"}
""",
    check=_quiet_hours,
)

_SATURDAY = 5


def _weekend(campaign: Campaign, _: date) -> Iterator[Found]:
    if campaign.rules.weekends:
        return
    for post in campaign.posts.values():
        due = campaign.date_of(post.day)
        if due.weekday() >= _SATURDAY:
            yield Found(
                path=("posts", post.id, "day"),
                message=f"day {post.day} is a {due:%A}, and the campaign keeps weekends free",
                posts=(post.id,),
            )


WEEKEND = Lint(
    code="weekend",
    severity=Severity.WARNING,
    title="The post goes out at a weekend, and the campaign keeps weekends free",
    reason="The campaign says weekends: no. Each run of the 16 Days holds two weekends, and the "
    "dates fall on other weekdays every year.",
    hint="move it to another day, or write weekends: yes below campaign",
    fails="""\
campaign: {weekends: "no"}
posts:
  begin: {day: 4}
""",
    passes="""\
campaign: {weekends: "no"}
posts:
  begin: {day: 3}
""",
    check=_weekend,
)


def _unmoderated(campaign: Campaign, _: date) -> Iterator[Found]:
    moderation = campaign.rules.moderation
    inherited: list[str] = []
    for post in campaign.posts.values():
        if post.comments is not Comments.ON:
            continue
        path: KeyPath = ("posts", post.id, "comments")
        if moderation is None and not campaign.places.written(*path):
            inherited.append(post.id)
        elif moderation is None or not moderation.hours.contain(post.at):
            message = f"comments are on, and {_absent(moderation, post)}"
            yield Found(path=path, message=message, posts=(post.id,))
    if inherited:
        message = "comments are on, and nobody is named who moderates them"
        yield Found(path=("campaign", "comments"), message=message, posts=tuple(inherited))


def _absent(moderation: Moderation | None, post: Post) -> str:
    if moderation is None:
        return "nobody is named who moderates them"
    begin, end = moderation.hours.begin, moderation.hours.end
    return (
        f"at {post.at:%H:%M} nobody is there: {moderation.by} moderates from {begin:%H:%M} "
        f"to {end:%H:%M}"
    )


COMMENTS_UNMODERATED = Lint(
    code="comments-unmoderated",
    severity=Severity.ERROR,
    title="Comments are open, and nobody moderates them",
    reason="“Comments under articles about VAW should be turned off or stringently moderated” "
    "(Zero Tolerance). The first hour brings most of them.",
    hint="write comments: limited, or name who moderates and when below campaign, moderation; "
    "publish only in those hours",
    fails="""\
posts:
  begin: {comments: "on"}
""",
    passes="""\
campaign:
  moderation: {by: Network office, hours: "08:00-18:00"}
posts:
  begin: {comments: "on"}
""",
    check=_unmoderated,
)


def _duplicate(campaign: Campaign, _: date) -> Iterator[Found]:
    first: dict[tuple[str, str], str] = {}
    for post in campaign.posts.values():
        words = plain(post.text).casefold()
        before = [first.setdefault((name, words), post.id) for name in post.accounts]
        if others := [(id_, name) for id_, name in zip(before, post.accounts, strict=True)
                      if id_ != post.id]:  # fmt: skip
            other, account = others[0]
            yield Found(
                path=("posts", post.id, "text"),
                message=f'the caption is the same as that of "{other}", on account "{account}"',
                posts=(post.id,),
            )


DUPLICATE_TEXT = Lint(
    code="duplicate-text",
    severity=Severity.WARNING,
    title="Two posts with the same caption on the same account",
    reason="It is mostly a slip of copying, and some platforms refuse the second one as spam.",
    hint="write another caption, or send the posts to different accounts",
    fails="""\
posts:
  begin:
    text: Listening comes first. Her safety is the measure.
  listen:
    text: Listening comes first. Her safety is the measure.
""",
    passes="""\
posts:
  begin:
    text: No excuse. He answers for what he does, and her safety comes first.
  listen:
    text: Listening comes first. Her safety is the measure.
""",
    check=_duplicate,
)
