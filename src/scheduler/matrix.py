"""Who says what on which day, in which language, and how far it has come. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from scheduler.model import Campaign, Coalition, Member, Post, Wording, distinct


class CellState(StrEnum):
    """From what keeps a post silent to what lets it speak: the first that holds is shown."""

    #: The member does not take part in it.
    OPTED_OUT = "opted out"
    #: Words of it are not there yet in the member's language.
    MISSING = "missing"
    #: An error, or a person, keeps it back.
    HELD = "held"
    #: Its source says something else than when it was translated.
    STALE = "stale"
    #: Translated, and not reviewed by anybody.
    DRAFT = "draft"
    #: In the member's own words, or translated and reviewed.
    TRANSLATED = "translated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One post of one member, in the one language that it speaks."""

    day: int
    post: str
    member: str
    language: str
    state: CellState


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """`cells` are in the order of days, then of members."""

    members: tuple[Member, ...]
    languages: tuple[str, ...]
    cells: tuple[Cell, ...]

    @property
    def cells_by_post(self) -> tuple[Cell, ...]:
        """The cells of one post behind each other."""
        return tuple(sorted(self.cells, key=lambda cell: (cell.day, cell.post)))


_WORDINGS: Mapping[Wording, CellState] = MappingProxyType(
    {
        Wording.MISSING: CellState.MISSING,
        Wording.STALE: CellState.STALE,
        Wording.DRAFT: CellState.DRAFT,
        Wording.REVIEWED: CellState.TRANSLATED,
    }
)
_ORDER = tuple(CellState)


def matrix(coalition: Coalition, held: Mapping[tuple[str, str], str]) -> Matrix:
    """The whole coalition; `held` says why a post is kept back, by post and account."""
    speaking = [campaign for campaign in coalition.campaigns.values() if campaign.accounts]
    order = {campaign.member.id: number for number, campaign in enumerate(speaking)}
    cells = [cell for campaign in speaking for cell in _cells(campaign, held)]
    return Matrix(
        members=tuple(campaign.member for campaign in speaking),
        languages=distinct([campaign.language for campaign in speaking]),
        cells=tuple(sorted(cells, key=lambda cell: (cell.day, order[cell.member]))),
    )


def _cells(campaign: Campaign, held: Mapping[tuple[str, str], str]) -> Iterator[Cell]:
    def cell(post: str, day: int, state: CellState) -> Cell:
        return Cell(
            day=day,
            post=post,
            member=campaign.member.id,
            language=campaign.language,
            state=state,
        )

    for post in campaign.posts.values():
        if post.accounts:
            yield cell(post.id, post.day, _state(post, held))
    for id_, day in campaign.left_out.items():
        yield cell(id_, day, CellState.OPTED_OUT)


def _state(post: Post, held: Mapping[tuple[str, str], str]) -> CellState:
    states = [_WORDINGS[post.translation.wording] if post.translation else CellState.TRANSLATED]
    if any((post.id, account) in held for account in post.accounts):
        states.append(CellState.HELD)
    return min(states, key=_ORDER.index)
