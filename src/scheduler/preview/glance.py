"""Every post of everybody in one list, for a person who looks for something in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from enum import StrEnum
from types import MappingProxyType
from zoneinfo import ZoneInfo

from scheduler.errors import Severity
from scheduler.interface import Interface
from scheduler.matrix import CellState, Matrix
from scheduler.model import DAYS, Agreement, Campaign, Yes, distinct
from scheduler.platforms import Alts
from scheduler.preview import viewing
from scheduler.preview.rendering import page
from scheduler.preview.viewing import AccountView, DayView, PostView


class Described(StrEnum):
    """What those who do not see the pictures of a post are told of them on an account."""

    #: Nothing: the platform has no field for alt texts, or one was not written.
    NOT = "not"
    #: The alt texts stand below the text, for everybody.
    TEXT = "text"
    #: The alt text of every picture.
    ALL = "all"
    #: There is no picture to describe.
    NO_PICTURE = "no-picture"
    #: Nobody knows: there is no draft.
    NO_DRAFT = "no-draft"


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """An organisation whose posts are listed; `folder` is where its pages lie from the list."""

    campaign: Campaign
    folder: str
    days: tuple[DayView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountOfRow:
    name: str
    platform: str
    described: Described


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One post of one organisation; without a state it names no account, and goes nowhere."""

    day: int
    post: str
    address: str
    member: str
    member_name: str
    zone: ZoneInfo
    language: str
    state: CellState | None
    #: Empty where the organisation does not take part, as is `due`.
    kind: str = ""
    due: datetime | None = None
    #: The first paragraph of its caption.
    opening: str = ""
    #: Everything that a reader may look for.
    words: str = ""
    accounts: tuple[AccountOfRow, ...] = ()
    errors: int = 0
    warnings: int = 0
    yes: Yes | None = None

    @property
    def hour(self) -> time:
        """By the clocks of its organisation; what has no hour stands last on its day."""
        return self.due.astimezone(self.zone).time() if self.due else time.max


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsOfDay:
    number: int
    date: date
    theme: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What the list can be filtered by: only what at least one row has."""

    #: Their ids, with their names.
    members: Mapping[str, str]
    languages: tuple[str, ...]
    platforms: tuple[str, ...]
    states: tuple[CellState | None, ...]
    described: tuple[Described, ...]
    agreements: tuple[Agreement, ...]


def posts_page(
    own: Campaign, speakers: Sequence[Speaker], shown: Matrix, interface: Interface
) -> str:
    """The list of all posts; `shown` is the state of each post of each organisation."""
    days = tuple(_days(own, rows(speakers, shown)))
    every = [row for day in days for row in day.rows]
    return page(
        "posts",
        interface,
        runs=True,
        campaign=own,
        days=days,
        number=len(every),
        choices=choices(every),
        many=len(speakers) > 1 or any(each.folder for each in speakers),
        approvals=any(row.yes for row in every),
    )


def rows(speakers: Iterable[Speaker], shown: Matrix) -> tuple[Row, ...]:
    """By day and local hour; the organisations of one post in the order of the calendar."""
    states = {(cell.member, cell.post): cell.state for cell in shown.cells}
    found = [row for speaker in speakers for row in _of(speaker, states)]
    return tuple(sorted(found, key=lambda row: (row.day, row.hour, row.post)))


def choices(every: Sequence[Row]) -> Choices:
    accounts = [account for row in every for account in row.accounts]
    states = {row.state for row in every}
    agreements = {row.yes.agreement for row in every if row.yes}
    described = {account.described for account in accounts}
    return Choices(
        members={row.member: row.member_name for row in every},
        languages=tuple(sorted({row.language for row in every})),
        platforms=tuple(sorted({account.platform for account in accounts})),
        states=tuple(state for state in (*viewing.MEANINGS, None) if state in states),
        described=tuple(each for each in Described if each in described),
        agreements=tuple(each for each in Agreement if each in agreements),
    )


def _days(own: Campaign, every: Sequence[Row]) -> Iterator[RowsOfDay]:
    for number in range(1, DAYS + 1):
        yield RowsOfDay(
            number=number,
            date=own.date_of(number),
            theme=own.days[number].theme if number in own.days else "",
            rows=tuple(row for row in every if row.day == number),
        )


def _of(speaker: Speaker, states: Mapping[tuple[str, str], CellState]) -> Iterator[Row]:
    campaign = speaker.campaign
    for day in speaker.days:
        names = [*(view.post.id for view in day.posts), *day.left_out]
        bare = {
            post: Row(
                day=day.number,
                post=post,
                address=f"{speaker.folder}{day.file}#{viewing.anchor(post)}",
                member=campaign.member.id,
                member_name=campaign.member.name,
                zone=campaign.zone,
                language=campaign.language,
                state=states.get((campaign.member.id, post)),
                words=post,
            )
            for post in names
        }
        for view in day.posts:
            yield _said(bare[view.post.id], view)
        for post in day.left_out:
            yield bare[post]


def _said(row: Row, view: PostView) -> Row:
    problems = {*view.problems, *(each for one in view.accounts for each in one.problems)}
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    return replace(
        row,
        language=view.post.language,
        kind=view.kind,
        due=view.due,
        opening=view.post.text.partition("\n\n")[0],
        words="\n".join((row.words, *_texts(view), *view.alts)),
        accounts=tuple(_accounts(view)),
        errors=errors,
        warnings=len(problems) - errors,
        yes=_yes(view),
    )


def _texts(view: PostView) -> tuple[str, ...]:
    """As its first account says it; as it was written where there is none."""
    first = [each for each in view.accounts if _is_same(each, view.accounts[0])]
    return tuple(each.appearance.text for each in first) or (view.post.text,)


def _is_same(one: AccountView, other: AccountView) -> bool:
    return one.delivery.account == other.delivery.account


def _accounts(view: PostView) -> Iterator[AccountOfRow]:
    """Each account once, whatever number of parts it says."""
    for name in distinct([each.delivery.account for each in view.accounts]):
        parts = [each for each in view.accounts if each.delivery.account == name]
        yield AccountOfRow(
            name=name,
            platform=parts[0].delivery.platform,
            described=min(map(described, parts), key=list(Described).index),
        )


#: Where every picture has an alt text.
_KEPT: Mapping[Alts, Described] = MappingProxyType(
    {Alts.KEPT: Described.ALL, Alts.TEXT: Described.TEXT, Alts.LOST: Described.NOT}
)


def described(account: AccountView) -> Described:
    """What is told there of the pictures."""
    images = account.appearance.images
    if not account.drafted:
        return Described.NO_DRAFT
    if not images:
        return Described.NO_PICTURE
    return _KEPT[account.appearance.alts] if all(each.alt for each in images) else Described.NOT


def _yes(view: PostView) -> Yes | None:
    """The least that was said of its deliveries: one that waits makes the post wait."""
    said = [account.yes for account in view.accounts if account.yes]
    return max(said, key=lambda yes: list(Agreement).index(yes.agreement), default=None)
