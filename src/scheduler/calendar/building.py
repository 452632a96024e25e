"""Well-formed values to a Campaign: names are looked up, pictures found, times made sure of."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

from scheduler.calendar import converting
from scheduler.calendar.contents import Contents
from scheduler.calendar.looking_up import Lookup, Speaker
from scheduler.calendar.looks import brand
from scheduler.calendar.materials import materials
from scheduler.calendar.posts import post
from scheduler.calendar.reading import Tree
from scheduler.calendar.schema import CalendarForm, DayForm, MemberForm
from scheduler.calendar.translating import phrases
from scheduler.errors import Problem
from scheduler.model import Account, Campaign, Day, Hosting, Post


def build(
    tree: Tree, form: CalendarForm, *, root: Path, speaker: Speaker
) -> tuple[Campaign, tuple[Problem, ...]]:
    """The campaign and what is wrong with it; posts that refer to nothing are left out.

    With an error among the problems it may be looked through, and must not be published.
    """
    lookup = Lookup(tree, form, root, speaker)
    campaign = _campaign(lookup)
    return campaign, tuple(lookup.problems)


def _campaign(lookup: Lookup) -> Campaign:
    """Complete only when `lookup.problems` stayed empty."""
    form, said = lookup.form, lookup.form.campaign
    known = materials(lookup)
    contents = Contents(lookup, known)
    posts = {id_: post(contents, id_, each) for id_, each in form.posts.items()}
    left_out = _left_out(lookup, posts)
    hosting = converting.hosting(form.hosting) if form.hosting else None
    return Campaign(
        id=said.id,
        title=said.title,
        first_day=said.first_day,
        zone=ZoneInfo(said.zone),
        language=said.language,
        brand=brand(lookup),
        days=MappingProxyType({number: _day(number, day) for number, day in form.days.items()}),
        accounts=MappingProxyType(_accounts(lookup, hosting)),
        posts=MappingProxyType(
            {
                id_: each
                for id_, each in posts.items()
                if id_ not in lookup.broken and id_ not in left_out
            }
        ),
        facts=MappingProxyType(known.facts),
        quotes=MappingProxyType(known.quotes),
        pictures=MappingProxyType(known.pictures),
        helplines=MappingProxyType(known.helplines),
        consents=MappingProxyType(known.consents),
        rules=converting.rules(said),
        hosting=hosting,
        alerts=converting.alerts(form.alerts, zone=said.zone) if form.alerts else None,
        tags=said.tags,
        phrases=phrases(
            said.language,
            form.phrases.model_dump(exclude_none=True, exclude={"translation"}),
        ),
        root=lookup.root,
        places=lookup.tree.places,
        member=lookup.speaker.member,
        left_out=MappingProxyType(left_out),
    )


def _day(number: int, form: DayForm) -> Day:
    return Day(number=number, theme=form.theme, observance=form.observance)


def _accounts(lookup: Lookup, hosting: Hosting | None) -> dict[str, Account]:
    """By their names in the whole coalition."""
    member = lookup.speaker.member
    forms = {member.account(name): form for name, form in lookup.form.accounts.items()}
    return {
        name: converting.account(name, form, kit=member.kit, hosting=hosting)
        for name, form in forms.items()
    }


def _left_out(lookup: Lookup, posts: Mapping[str, Post]) -> dict[str, int]:
    """The posts that a member does not take part in, with their days; never its own."""
    if not isinstance(lookup.form, MemberForm):
        return {}
    wanted = lookup.form.leaves_out
    for number, id_ in enumerate(wanted.posts):
        lookup.named(("leaves_out", "posts", number), "post", id_, posts)
    return {
        id_: post.day
        for id_, post in posts.items()
        if id_ in wanted.posts or (post.day in wanted.days and not _is_own(lookup, id_))
    }


def _is_own(lookup: Lookup, post: str) -> bool:
    """Whether the post was written in the member's own file, and in no other."""
    below = lookup.tree.places.below
    return below is None or not any(("posts", post) in each.keys for each in below.layers())
