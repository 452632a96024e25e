"""The days in a few lines each, for a terminal: words only, in the order in which they are read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from scheduler import saying
from scheduler.differing import named
from scheduler.errors import Problem
from scheduler.matrix import CellState
from scheduler.model import OWN, Campaign
from scheduler.preview.choosing import Chosen, standing
from scheduler.preview.noticing import Notice, Word, notices
from scheduler.preview.viewing import AccountView, DayView, PostView, gravest


class Role(StrEnum):
    """What a stretch of words is, so that it may have a colour; the words do without it."""

    PLAIN = "plain"
    #: A day, or an organisation.
    HEAD = "head"
    #: Ids, and what is said beside the matter.
    QUIET = "quiet"
    #: It may go out.
    GOOD = "good"
    #: Somebody should look.
    FAIR = "fair"
    #: It does not go out so.
    BAD = "bad"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """`indent` is in columns; `short` may end with an ellipsis, everything else goes on below."""

    indent: int
    parts: tuple[tuple[str, Role], ...]
    short: bool = False

    @property
    def text(self) -> str:
        return "".join(text for text, _ in self.parts)


_STATES = {
    CellState.TRANSLATED: ("ready", Role.GOOD),
    CellState.DRAFT: ("translation is a draft", Role.FAIR),
    CellState.STALE: ("translation is stale", Role.FAIR),
    CellState.HELD: ("HELD", Role.BAD),
    CellState.MISSING: ("words are MISSING", Role.BAD),
}
_POST, _BELOW, _FURTHER = 2, 8, 10


def listed(chosen: Chosen, *, alone: bool) -> Iterator[Line]:
    """One organisation's days; `alone` where no other one is listed beside it."""
    campaign = chosen.campaign
    own = campaign.member.id == OWN
    title = campaign.title if own and alone else f"{campaign.title}, {_called(campaign)}"
    language = saying.language(campaign.language)
    yield _line(0, (title, Role.HEAD), (f" ({language}, {campaign.zone.key})", Role.QUIET))
    for day in chosen.days:
        yield _line(0)
        yield from _day(chosen, day)
    if chosen.elsewhere:
        yield _line(0)
        yield _line(0, ("Problems that no day shows", Role.HEAD))
        for problem in gravest(chosen.elsewhere):
            yield from _problem(problem, _POST)


def _called(campaign: Campaign) -> str:
    return campaign.member.name or campaign.brand.name


def _day(chosen: Chosen, day: DayView) -> Iterator[Line]:
    head = f"Day {day.number}  {saying.short_day(day.date)}  {day.theme}".rstrip()
    yield _line(0, (head, Role.HEAD))
    if day.observance:
        yield _line(_POST, (day.observance, Role.QUIET))
    for problem in day.own_problems:
        yield from _problem(problem, _POST)
    for view in day.posts:
        yield from _post(chosen, view)
    if not day.posts:
        yield _line(_POST, ("no post", Role.QUIET))
    for post in day.left_out:
        yield _line(_POST, (f"{post}: left out here", Role.QUIET))


def _post(chosen: Chosen, view: PostView) -> Iterator[Line]:
    time = saying.clock(view.due, chosen.campaign.zone)
    yield _line(
        _POST,
        (f"{time} {view.kind}  ", Role.PLAIN),
        (f"{view.post.id}  ", Role.QUIET),
        _STATES[standing(view)],
    )
    yield Line(indent=_BELOW, parts=((" ".join(view.post.text.split()), Role.PLAIN),), short=True)
    if view.accounts:
        yield _line(_BELOW, *_accounts(chosen, view))
    for hold in view.holds:
        where = f" on {', '.join(hold.accounts)}" if hold.accounts else ""
        reason = hold.reason or "until the error is mended"
        yield _line(_BELOW, (f"held back{where}: {reason}", Role.BAD))
    for notice in notices(view):
        yield _line(_BELOW, _noticed(notice))
    for problem in view.problems:
        yield from _problem(problem, _BELOW)


#: What people said of it, or what is public of it.
_NOTICES = {
    Word.APPROVED: ("approved by {who} on {day}", Role.GOOD),
    Word.PARTLY: ("approved by {who} on {day}, not by enough people yet", Role.FAIR),
    Word.CHANGED: ("CHANGED since {who} approved it on {day}", Role.FAIR),
    Word.PUBLISHED: ("published on {day}", Role.GOOD),
    Word.EDITED: ("published on {day}, EDITED since: nothing that is public changes", Role.FAIR),
}


def _noticed(notice: Notice) -> tuple[str, Role]:
    sentence, role = _NOTICES[notice.word]
    said = sentence.format(who=", ".join(notice.who), day=saying.brief_day(notice.at))
    what = f" ({named(notice.what)})" if notice.what else ""
    where = f" on {', '.join(notice.accounts)}" if notice.accounts else ""
    return f"{said}{where}{what}", role


def _accounts(chosen: Chosen, view: PostView) -> Iterator[tuple[str, Role]]:
    for number, account in enumerate(view.accounts):
        yield (", " if number else "", Role.PLAIN)
        yield _account(chosen, view, account)


def _account(chosen: Chosen, view: PostView, account: AccountView) -> tuple[str, Role]:
    """Its short name, and how much of the limit its text takes: page 430/500."""
    delivery = account.delivery
    name = delivery.account.removeprefix(f"{chosen.campaign.member.id}.")
    part = f" part {delivery.part}" if view.post.thread else ""
    if not account.drafted:
        return f"{name}{part} no draft", Role.BAD
    counts = [f"{each.used}/{each.limit}" for each in account.measures if each.name == "text"]
    over = [f"{each.name} {each.excess} too many" for each in account.measures if each.excess]
    lacking = [f"{each.name} {each.lack} too few" for each in account.measures if each.lack]
    cost = [saying.dollars(account.cost)] if account.cost else []
    said = " ".join((f"{name}{part}", *counts, *cost, *over, *lacking))
    return said, Role.BAD if over or lacking else Role.PLAIN


def _problem(problem: Problem, indent: int) -> Iterator[Line]:
    role = Role.BAD if problem.severity == "error" else Role.FAIR
    place = f"{problem.file}:{problem.line}:{problem.column}  " if problem.file else ""
    yield _line(
        indent, (f"{problem.severity}  ", role), (place, Role.PLAIN), (problem.message, Role.PLAIN)
    )
    if problem.hint:
        yield _line(indent + _FURTHER - _BELOW, (problem.hint, Role.QUIET))


def _line(indent: int, *parts: tuple[str, Role]) -> Line:
    return Line(indent=indent, parts=parts)
