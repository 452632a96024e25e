"""The calendar as a site: the sixteen days at a glance, and a page for each of them.

In a coalition each organisation has these pages to itself, and a front page leads to them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from types import MappingProxyType

from scheduler.errors import Problem
from scheduler.interface import ENGLISH, Interface
from scheduler.matrix import Matrix, matrix
from scheduler.model import DAYS, OWN, Campaign, Coalition, DraftPicture
from scheduler.planning import plan_of
from scheduler.preview import placing, viewing
from scheduler.preview.days import Material, days
from scheduler.preview.glance import Speaker, posts_page
from scheduler.preview.looking import Looked, Pair
from scheduler.preview.members import counts, front_page
from scheduler.preview.rendering import beside, is_ours, page
from scheduler.preview.viewing import DayView, MemberView, ProblemView
from scheduler.preview.writing import (
    address,
    addresses,
    copy_file,
    copy_pictures,
    put_all,
    remove_others,
    remove_pages,
)

#: A page that is made when somebody asks for it, once.
Leaf = Callable[[], str]

#: From an organisation's pages to the front page of its coalition.
_UP = "../../"


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where to begin looking, how many pages there are, and how many files had to be written."""

    index: Path
    pages: int
    changed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaves:
    """The very pages of a site, by their names, of which nothing was written."""

    pages: Mapping[str, Leaf]
    #: The files that are shown beside them, by the names that the pages give them.
    pictures: Mapping[str, Path]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Copies:
    """The names under which the pictures lie beside the pages."""

    #: By their digests.
    cards: Mapping[str, str]
    #: By the ids of their organisations.
    logos: Mapping[str, str]


def write(looked: Looked, *, out: Path, interface: Interface = ENGLISH) -> Site:
    """Write the pages, and copies of the cards, into `out`; other files there are left alone.

    All of them speak to their reader in one way, since one person reads them: the coordinator.

    Without a coalition only the index is written, with the problems; older pages stay.
    """
    coalition = looked.coalition
    if coalition is None:
        files = {"index.html": broken(looked.problems, interface)}
        return _put(files, out)
    copies = _copied(looked, coalition, out)
    files = {name: made() for name, made in _leaves(looked, coalition, copies, interface).items()}
    site = _put(files, out)
    if coalition.complete:
        _tidy(out, files, copies)
    return site


def leaves(looked: Looked, interface: Interface = ENGLISH) -> Leaves:
    """What `write` would write, each page made when it is asked for; without a coalition, none."""
    coalition = looked.coalition
    if coalition is None:
        return Leaves(pages={}, pictures={})
    cards = {picture.digest: picture.file for picture in _pictures(looked)}
    logos = {each.member.id: each.brand.logo for each in _introduced(coalition)}
    copies = _Copies(
        cards=addresses(_pictures(looked)),
        logos={id_: address(file) for id_, file in logos.items()},
    )
    return Leaves(
        pages=_leaves(looked, coalition, copies, interface),
        pictures={
            **{f"cards/{name}": cards[digest] for digest, name in copies.cards.items()},
            **{f"logos/{copies.logos[id_]}": file for id_, file in logos.items() if file},
        },
    )


def broken(problems: Sequence[Problem], interface: Interface) -> str:
    """The page that says why a calendar cannot be read."""
    views = [ProblemView(problem=problem) for problem in viewing.gravest(problems)]
    return page("broken", interface, problems=views, tally=viewing.tally(tuple(problems)))


def _put(files: Mapping[str, str], out: Path) -> Site:
    changed = put_all(out, {**beside(), **files})
    return Site(index=out / "index.html", pages=len(files), changed=changed)


def _tidy(out: Path, files: Mapping[str, str], copies: _Copies) -> None:
    """Remove what an earlier preview wrote and this one did not; other people's files stay."""
    for folder in (out, *(out / "members").glob("*"), out / "members"):
        here = folder.relative_to(out).as_posix()
        kept = {Path(name).name for name in files if Path(name).parent.as_posix() == here}
        remove_pages(folder, ours=is_ours, keep=kept)
    remove_others(out / "cards", set(copies.cards.values()))
    remove_others(out / "logos", set(copies.logos.values()))


def _copied(looked: Looked, coalition: Coalition, out: Path) -> _Copies:
    return _Copies(
        cards=copy_pictures(_pictures(looked), out / "cards"),
        logos={
            each.member.id: copy_file(each.brand.logo, out / "logos")
            for each in _introduced(coalition)
        },
    )


def _pictures(looked: Looked) -> list[DraftPicture]:
    """Those that are sent, and what stood in their place before where it still lies there."""
    drafts = [draft for parts in looked.drafts.values() for draft in parts]
    earlier = [yes.earlier.draft for yes in (looked.approvals or {}).values() if yes.earlier]
    past = [*filter(None, earlier), *(each.draft for each in looked.public.values())]
    lying = [picture for draft in past for picture in draft.pictures if picture.bytes]
    return [*lying, *(picture for draft in drafts for picture in draft.pictures)]


def _introduced(coalition: Coalition) -> tuple[Campaign, ...]:
    """The organisations that a front page introduces, with their logos."""
    speaking = _speaking(coalition)
    return () if _is_alone(speaking) else speaking


def _leaves(
    looked: Looked, coalition: Coalition, copies: _Copies, interface: Interface
) -> dict[str, Leaf]:
    speaking = _speaking(coalition)
    shown = matrix(coalition, looked.held)
    if _is_alone(speaking):
        own = cache(partial(_alone, speaking[0], looked, copies))
        return {
            **_organisation(own, interface),
            "posts.html": cache(partial(_list, [own], looked, shown, interface)),
        }
    views = {
        viewing.member_folder(campaign.member.id): cache(
            partial(_member, campaign, looked, coalition, copies, shown)
        )
        for campaign in speaking
    }

    def front() -> str:
        members = [view() for view in views.values()]
        return front_page(coalition, shown, members, looked.problems, interface)

    told = {folder: cache(partial(_among, view)) for folder, view in views.items()}
    return {
        "index.html": cache(front),
        "posts.html": cache(partial(_list, [*told.values()], looked, shown, interface)),
        **{
            f"{folder}{name}": leaf
            for folder, each in told.items()
            for name, leaf in _organisation(each, interface).items()
        },
    }


def _list(
    told: Sequence[Callable[[], _Told]], looked: Looked, shown: Matrix, interface: Interface
) -> str:
    """All posts of everybody."""
    speakers = [
        Speaker(
            campaign=each.campaign,
            folder=each.member.folder if each.member else "",
            days=each.days,
        )
        for each in (one() for one in told)
    ]
    own = looked.coalition.own if looked.coalition else speakers[0].campaign
    return posts_page(own, speakers, shown, interface)


def _speaking(coalition: Coalition) -> tuple[Campaign, ...]:
    """Whoever has pages: a calendar that has no accounts of its own is said by its members."""
    return tuple(
        campaign
        for campaign in coalition.campaigns.values()
        if campaign.accounts or campaign.member.id != OWN
    )


def _is_alone(speaking: Sequence[Campaign]) -> bool:
    """Whether there is one organisation, and so nothing to say about members."""
    return [campaign.member.id for campaign in speaking] == [OWN]


def _member(
    campaign: Campaign, looked: Looked, coalition: Coalition, copies: _Copies, shown: Matrix
) -> MemberView:
    id_ = campaign.member.id
    problems = placing.concerning(coalition, campaign, looked.problems)
    material = _material(looked, copies, problems, up=_UP, held=looked.held)
    return MemberView(
        campaign=campaign,
        logo=f"logos/{copies.logos[id_]}" if copies.logos[id_] else "",
        deliveries=len(plan_of(campaign)),
        counts=counts(cell for cell in shown.cells if cell.member == id_),
        days=days(campaign, material),
        problems=problems,
    )


def _material(
    looked: Looked,
    copies: _Copies,
    problems: Sequence[Problem],
    *,
    up: str = "",
    held: Mapping[Pair, str] = MappingProxyType({}),
) -> Material:
    return Material(
        drafts=looked.drafts,
        measures=looked.measures,
        held=held,
        addresses={digest: f"{up}cards/{name}" for digest, name in copies.cards.items()},
        problems=problems,
        approvals=looked.approvals,
        public=looked.public,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What one organisation's pages tell of; `member` is what it is called in a coalition."""

    campaign: Campaign
    days: tuple[DayView, ...]
    problems: Sequence[Problem]
    member: MemberView | None = None

    @property
    def up(self) -> str:
        return _UP if self.member else ""


def _alone(campaign: Campaign, looked: Looked, copies: _Copies) -> _Told:
    material = _material(looked, copies, looked.problems)
    return _Told(campaign=campaign, days=days(campaign, material), problems=looked.problems)


def _among(view: Callable[[], MemberView]) -> _Told:
    member = view()
    return _Told(
        campaign=member.campaign, days=member.days, problems=member.problems, member=member
    )


def _organisation(told: Callable[[], _Told], interface: Interface) -> dict[str, Leaf]:
    """The pages of one organisation; what they tell is gathered for the first that is asked for."""
    numbers = range(1, DAYS + 1)
    return {
        "index.html": cache(lambda: _overview(told(), interface)),
        **{
            viewing.day_file(number): cache(partial(_day, told, number, interface))
            for number in numbers
        },
    }


def _day(told: Callable[[], _Told], number: int, interface: Interface) -> str:
    shown = told()
    return page(
        "day",
        interface,
        up=shown.up,
        campaign=shown.campaign,
        member=shown.member,
        day=shown.days[number - 1],
        days=shown.days,
        before=shown.days[number - 2] if number > 1 else None,
        after=shown.days[number] if number < DAYS else None,
    )


def _overview(shown: _Told, interface: Interface) -> str:
    campaign, sixteen = shown.campaign, shown.days
    return page(
        "index",
        interface,
        up=shown.up,
        campaign=campaign,
        member=shown.member,
        days=sixteen,
        deliveries=plan_of(campaign),
        problems=[
            _seen(problem, sixteen, interface) for problem in viewing.gravest(shown.problems)
        ],
        tally=viewing.tally(tuple(shown.problems)),
        undrafted=sum(
            not account.drafted
            for day in sixteen
            for view in day.posts
            for account in view.accounts
        ),
        places={
            account.name: viewing.place(account, campaign.root)
            for account in campaign.accounts.values()
        },
    )


def _seen(problem: Problem, sixteen: Sequence[DayView], interface: Interface) -> ProblemView:
    posts = [
        (f"{day.file}#{view.anchor}", view.post.id)
        for day in sixteen
        for view in day.posts
        if problem in view.problems
    ]
    of_days = [
        (day.file, interface.say("day {number}", number=day.number))
        for day in sixteen
        if problem in day.own_problems
    ]
    return ProblemView(problem=problem, seen_at=tuple(posts or of_days))
