"""What is public already, against what the calendar says now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from scheduler.checking.outcome import Checked
from scheduler.checking.places import measured_place
from scheduler.differing import aspects, named
from scheduler.errors import Problem, Severity
from scheduler.model import Campaign
from scheduler.planning import plan_of


def against_public(checked: Checked) -> Checked:
    """The same, with a warning for each post that is public in other words, or with other pictures.

    Nobody sees the edit of a post that is public, and whoever made it should know.
    """
    campaigns = checked.coalition.campaigns.values() if checked.coalition else ()
    found = [problem for campaign in campaigns for problem in _edited(campaign, checked)]
    return replace(checked, problems=tuple(sorted({*checked.problems, *found})))


def _edited(campaign: Campaign, checked: Checked) -> Iterator[Problem]:
    edited: dict[tuple[str, int, str], list[str]] = {}
    for delivery in plan_of(campaign):
        public = checked.public.get(delivery.key)
        parts = checked.drafts.get((delivery.post, delivery.account), ())
        if public and len(parts) >= delivery.part:
            what = named(aspects(public.draft, parts[delivery.part - 1]))
            if what:
                told = (delivery.post, delivery.part, what)
                edited.setdefault(told, []).append(f'account "{delivery.account}"')
    for (id_, part, what), accounts in edited.items():
        post = campaign.posts[id_]
        yield measured_place(campaign, post, part - 1, "text").problem(
            "public-differs",
            f'day {post.day}, post "{post.id}": it is public, and the calendar says something else '
            f"now: {what} ({', '.join(accounts)})",
            "no edit changes what is public: write it as it was, or take it down with "
            "campaign withdraw; campaign status shows each word that differs",
            Severity.WARNING,
        )
