"""A post as one organisation says it: what it shows, when, on which accounts, with which number."""

from __future__ import annotations

from scheduler.calendar.contents import Contents
from scheduler.calendar.looking_up import Lookup
from scheduler.calendar.schema import PostForm
from scheduler.calendar.timing import check_hour, day_and_hour, embargo
from scheduler.model import Helpline, KeyPath, Post, distinct

#: No number at all, whatever is said further down.
NO_HELPLINE = "none"


def post(contents: Contents, id_: str, form: PostForm) -> Post:
    """The post; when something is wrong with it, it is broken and not to be kept."""
    lookup = contents.lookup
    campaign = lookup.form.campaign
    day, at = day_and_hour(lookup, id_, form)
    check_hour(lookup, id_, day, at)
    return Post(
        id=id_,
        day=day,
        at=at,
        accounts=_accounts(lookup, id_, form),
        slides=contents.slides(id_, form, day),
        text=form.text,
        tags=campaign.tags if form.tags is None else form.tags,
        language=campaign.language,
        thread=form.thread,
        note=form.note,
        grace=campaign.grace if form.grace is None else form.grace,
        helpline=_helpline(contents, id_, form),
        comments=form.comments or campaign.comments,
        embargo=embargo(lookup, id_, form),
    )


def _accounts(lookup: Lookup, id_: str, form: PostForm) -> tuple[str, ...]:
    """Those of the organisation that the post names; all of them where it names none."""
    for number, name in enumerate(form.accounts or ()):
        lookup.account(("posts", id_, "accounts", number), name)
    known = lookup.form.accounts
    names = form.accounts if form.accounts is not None else tuple(known)
    return distinct([lookup.speaker.member.account(name) for name in names if name in known])


def _helpline(contents: Contents, id_: str, form: PostForm) -> Helpline | None:
    """The post's helpline, or the campaign's for every post."""
    lookup = contents.lookup
    path: KeyPath = ("campaign", "helpline")
    named = lookup.form.campaign.helpline
    if form.helpline is not None:
        path, named = ("posts", id_, "helpline"), form.helpline
    if named is None or named == NO_HELPLINE:
        return None
    return lookup.named(path, "helpline", named, contents.materials.helplines)
