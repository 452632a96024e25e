"""Which days, organisations, languages and platforms somebody wants to look at.

The same choice serves what is printed and what is listed in a terminal.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from scheduler.errors import Problem, UserError
from scheduler.matrix import CellState
from scheduler.model import OWN, Campaign, Coalition, Draft, Wording
from scheduler.naming import nearest
from scheduler.planning import reach
from scheduler.preview import placing
from scheduler.preview.days import Material, days
from scheduler.preview.looking import Looked, Pair
from scheduler.preview.viewing import DayView, PostView


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What to look at; empty means all of it."""

    days: frozenset[int] = frozenset()
    member: str = ""
    platform: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """One organisation with what was chosen of its days."""

    campaign: Campaign
    days: tuple[DayView, ...]
    #: All that concern it, whether a chosen day shows them or not.
    problems: tuple[Problem, ...]
    #: Those of them that no day shows, chosen or not.
    elsewhere: tuple[Problem, ...]

    @property
    def posts(self) -> tuple[PostView, ...]:
        return tuple(post for day in self.days for post in day.posts)


def chosen(looked: Looked, choice: Choice) -> tuple[Chosen, ...]:
    """Each organisation that was asked for, or that has what was asked for.

    Without a member, language or platform it is the calendar itself; its members, where it has no
    accounts of its own. Raises `UserError` for a name that nobody bears, and without a calendar.
    """
    coalition = readable(looked)
    _known(coalition, choice)
    found = [
        _of(looked, coalition, campaign, choice) for campaign in _organisations(coalition, choice)
    ]
    filtered = bool(choice.language or choice.platform)
    return tuple(each for each in found if each.posts or not filtered)


def readable(looked: Looked) -> Coalition:
    """The calendar. Raises `UserError` with what is wrong where there is none to look at."""
    if looked.coalition is None:
        raise UserError(looked.problems)
    return looked.coalition


def _organisations(coalition: Coalition, choice: Choice) -> list[Campaign]:
    campaigns = coalition.campaigns
    if choice.member:
        return [campaigns[choice.member]]
    if choice.language or choice.platform or not coalition.own.accounts:
        return [each for each in campaigns.values() if each.accounts] or [coalition.own]
    return [coalition.own]


def _of(looked: Looked, coalition: Coalition, campaign: Campaign, choice: Choice) -> Chosen:
    problems = placing.concerning(coalition, campaign, looked.problems)
    if list(coalition.campaigns) == [OWN]:
        problems = tuple(looked.problems)
    material = Material(
        drafts=looked.drafts,
        measures=looked.measures,
        held={**_held_by_hand(coalition, campaign), **looked.held},
        addresses=_files(looked.drafts.values()),
        problems=problems,
        approvals=looked.approvals,
        public=looked.public,
    )
    sixteen = days(campaign, material)
    told = {problem for day in sixteen for problem in day.problems}
    return Chosen(
        campaign=campaign,
        days=tuple(
            _day(day, choice) for day in sixteen if not choice.days or day.number in choice.days
        ),
        problems=problems,
        elsewhere=tuple(problem for problem in problems if problem not in told),
    )


def _files(drafts: Iterable[Sequence[Draft]]) -> dict[str, str]:
    """Each card where it lies on the shelf, by its digest."""
    pictures = (picture for parts in drafts for draft in parts for picture in draft.pictures)
    return {picture.digest: str(picture.file) for picture in pictures}


def _held_by_hand(coalition: Coalition, campaign: Campaign) -> dict[Pair, str]:
    """What holds.yaml keeps back."""
    return {
        (post.id, account): f"held in holds.yaml ({hold}): {hold.reason}"
        for hold in reversed(coalition.holds)
        for post in campaign.posts.values()
        for account in post.accounts
        if hold.target in reach(campaign, post, account)
    } | (
        {
            (post.id, account): coalition.silenced
            for post in campaign.posts.values()
            for account in post.accounts
        }
        if coalition.silenced
        else {}
    )


def _day(day: DayView, choice: Choice) -> DayView:
    posts = tuple(filter(None, (_post(post, choice) for post in day.posts)))
    return replace(day, posts=posts)


def _post(view: PostView, choice: Choice) -> PostView | None:
    if choice.language and choice.language not in _tongues(view.post.language):
        return None
    if not choice.platform:
        return view
    accounts = tuple(each for each in view.accounts if each.delivery.platform == choice.platform)
    if not accounts:
        return None
    shown = {image.source for each in accounts for image in each.appearance.images}
    images = tuple(image for image in view.images if image.source in shown)
    return replace(view, accounts=accounts, images=images)


def _tongues(language: str) -> set[str]:
    """ "de-AT" is also "de"."""
    return {language, language.split("-", maxsplit=1)[0]}


def _known(coalition: Coalition, choice: Choice) -> None:
    campaigns = coalition.campaigns.values()
    accounts = [account for campaign in campaigns for account in campaign.accounts.values()]
    posts = [post for campaign in campaigns for post in campaign.posts.values()]
    tongues = {tongue for post in posts for tongue in _tongues(post.language)}
    for what, asked, known in (
        ("member", choice.member, set(coalition.campaigns)),
        ("platform", choice.platform, {account.platform for account in accounts}),
        ("language", choice.language, tongues),
    ):
        if asked and asked not in known:
            raise UserError([_unknown(what, asked, known)])


def _unknown(what: str, asked: str, known: set[str]) -> Problem:
    hint = nearest(asked, known) or f"there are: {', '.join(sorted(known))}"
    return Problem(
        file="", code="unknown-choice", message=f'nothing here has the {what} "{asked}"', hint=hint
    )


# ── how far a post has come ───────────────────────────────────────────────────────────────────────


def standing(view: PostView) -> CellState:
    """The first that holds, from what keeps a post silent to what lets it speak."""
    wording = view.post.translation.wording if view.post.translation else Wording.REVIEWED
    if wording is Wording.MISSING:
        return CellState.MISSING
    if view.holds or not all(account.drafted for account in view.accounts):
        return CellState.HELD
    return {
        Wording.STALE: CellState.STALE,
        Wording.DRAFT: CellState.DRAFT,
        Wording.REVIEWED: CellState.TRANSLATED,
    }[wording]


def picture_files(view: PostView) -> tuple[Path, ...]:
    """Each different card of the post, once."""
    return tuple(dict.fromkeys(Path(image.source) for image in view.images if image.source))
