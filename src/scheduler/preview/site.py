"""The calendar as a site: the sixteen days at a glance, and a page for each of them.

In a coalition each organisation has these pages to itself, and a front page leads to them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from scheduler.errors import Problem
from scheduler.matrix import Matrix, matrix
from scheduler.model import DAYS, OWN, Campaign, Coalition, Draft, Measure
from scheduler.planning import plan_of
from scheduler.preview import placing, viewing
from scheduler.preview.days import Material, Pair, days
from scheduler.preview.members import counts, front_page
from scheduler.preview.rendering import is_ours, page, style
from scheduler.preview.viewing import DayView, MemberView, ProblemView
from scheduler.preview.writing import (
    copy_file,
    copy_pictures,
    put_all,
    remove_others,
    remove_pages,
)

#: From an organisation's pages to the front page of its coalition.
_UP = "../../"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """What is shown: a checked calendar. `coalition` is None when it cannot be read.

    Each pair has its parts in their order; it is absent from `drafts` when a card of it cannot be
    drawn. `held` says why a post must not go out on an account.
    """

    coalition: Coalition | None
    problems: Sequence[Problem]
    drafts: Mapping[Pair, Sequence[Draft]]
    measures: Mapping[Pair, Sequence[Sequence[Measure]]]
    held: Mapping[Pair, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where to begin looking, how many pages there are, and how many files had to be written."""

    index: Path
    pages: int
    changed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Copies:
    """The names under which the pictures lie beside the pages."""

    #: By their digests.
    cards: Mapping[str, str]
    #: By the ids of their organisations.
    logos: Mapping[str, str]


def write(pages: Pages, *, out: Path) -> Site:
    """Write the pages, and copies of the cards, into `out`; other files there are left alone.

    Without a coalition only the index is written, with the problems; older pages stay.
    """
    coalition = pages.coalition
    if coalition is None:
        files = {"index.html": _broken(pages.problems)}
        return _put(files, out)
    copies = _copied(pages, coalition, out)
    files = _files(pages, coalition, copies)
    site = _put(files, out)
    if coalition.complete:
        _tidy(out, files, copies)
    return site


def _put(files: Mapping[str, str], out: Path) -> Site:
    changed = put_all(out, {"style.css": style(), **files})
    return Site(index=out / "index.html", pages=len(files), changed=changed)


def _tidy(out: Path, files: Mapping[str, str], copies: _Copies) -> None:
    """Remove what an earlier preview wrote and this one did not; other people's files stay."""
    for folder in (out, *(out / "members").glob("*"), out / "members"):
        here = folder.relative_to(out).as_posix()
        kept = {Path(name).name for name in files if Path(name).parent.as_posix() == here}
        remove_pages(folder, ours=is_ours, keep=kept)
    remove_others(out / "cards", set(copies.cards.values()))
    remove_others(out / "logos", set(copies.logos.values()))


def _copied(pages: Pages, coalition: Coalition, out: Path) -> _Copies:
    drafts = [draft for parts in pages.drafts.values() for draft in parts]
    pictures = [picture for draft in drafts for picture in draft.pictures]
    speaking = _speaking(coalition)
    shown = () if _is_alone(speaking) else speaking
    return _Copies(
        cards=copy_pictures(pictures, out / "cards"),
        logos={each.member.id: copy_file(each.brand.logo, out / "logos") for each in shown},
    )


def _broken(problems: Sequence[Problem]) -> str:
    views = [ProblemView(problem=problem) for problem in viewing.gravest(problems)]
    return page("broken", problems=views, tally=viewing.tally(tuple(problems)))


def _files(pages: Pages, coalition: Coalition, copies: _Copies) -> dict[str, str]:
    speaking = _speaking(coalition)
    if _is_alone(speaking):
        material = _material(pages, copies, pages.problems)
        return _organisation(speaking[0], days(speaking[0], material), pages.problems)
    shown = matrix(coalition, pages.held)
    members = [_member(campaign, pages, coalition, copies, shown) for campaign in speaking]
    return {
        "index.html": front_page(coalition, shown, members, pages.problems),
        **{
            f"{view.folder}{name}": text
            for view in members
            for name, text in _organisation(view.campaign, view.days, view.problems, view).items()
        },
    }


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
    campaign: Campaign, pages: Pages, coalition: Coalition, copies: _Copies, shown: Matrix
) -> MemberView:
    id_ = campaign.member.id
    problems = placing.concerning(coalition, campaign, pages.problems)
    material = _material(pages, copies, problems, up=_UP, held=pages.held)
    return MemberView(
        campaign=campaign,
        logo=f"logos/{copies.logos[id_]}" if copies.logos[id_] else "",
        deliveries=len(plan_of(campaign)),
        counts=counts(cell for cell in shown.cells if cell.member == id_),
        days=days(campaign, material),
        problems=problems,
    )


def _material(
    pages: Pages,
    copies: _Copies,
    problems: Sequence[Problem],
    *,
    up: str = "",
    held: Mapping[Pair, str] = MappingProxyType({}),
) -> Material:
    return Material(
        drafts=pages.drafts,
        measures=pages.measures,
        held=held,
        addresses={digest: f"{up}cards/{name}" for digest, name in copies.cards.items()},
        problems=problems,
    )


def _organisation(
    campaign: Campaign,
    sixteen: Sequence[DayView],
    problems: Sequence[Problem],
    member: MemberView | None = None,
) -> dict[str, str]:
    """The pages of one organisation; `member` is what it is called in a coalition."""
    up = _UP if member else ""
    return {
        "index.html": _overview(campaign, sixteen, problems, member),
        **{
            day.file: page(
                "day",
                up=up,
                campaign=campaign,
                member=member,
                day=day,
                days=sixteen,
                before=sixteen[day.number - 2] if day.number > 1 else None,
                after=sixteen[day.number] if day.number < DAYS else None,
            )
            for day in sixteen
        },
    }


def _overview(
    campaign: Campaign,
    sixteen: Sequence[DayView],
    problems: Sequence[Problem],
    member: MemberView | None,
) -> str:
    return page(
        "index",
        up=_UP if member else "",
        campaign=campaign,
        member=member,
        days=sixteen,
        deliveries=plan_of(campaign),
        problems=[_seen(problem, sixteen) for problem in viewing.gravest(problems)],
        tally=viewing.tally(tuple(problems)),
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


def _seen(problem: Problem, sixteen: Sequence[DayView]) -> ProblemView:
    posts = [
        (f"{day.file}#{view.anchor}", view.post.id)
        for day in sixteen
        for view in day.posts
        if problem in view.problems
    ]
    of_days = [(day.file, f"day {day.number}") for day in sixteen if problem in day.own_problems]
    return ProblemView(problem=problem, seen_at=tuple(posts or of_days))
