"""The days in a few lines each, for a terminal: words only, in the order in which they are read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from scheduler import saying
from scheduler.errors import Problem, Severity
from scheduler.interface import ENGLISH, Interface, in_context, phrase
from scheduler.matrix import CellState
from scheduler.model import OWN, Campaign, Measure
from scheduler.preview.choosing import Chosen, standing
from scheduler.preview.noticing import Notice, Word, differing, notices
from scheduler.preview.viewing import AccountView, DayView, Hold, PostView, gravest


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


#: What each state is called here, as a message.
_STATES = {
    CellState.TRANSLATED: (in_context("list of days", "ready"), Role.GOOD),
    CellState.DRAFT: (in_context("list of days", "translation is a draft"), Role.FAIR),
    CellState.STALE: (in_context("list of days", "translation is stale"), Role.FAIR),
    CellState.HELD: (in_context("list of days", "HELD"), Role.BAD),
    CellState.MISSING: (in_context("list of days", "words are MISSING"), Role.BAD),
}
_SEVERITIES = {
    Severity.ERROR: in_context("list of days", "error"),
    Severity.WARNING: in_context("list of days", "warning"),
}
_POST, _BELOW, _FURTHER = 2, 8, 10


def listed(chosen: Chosen, *, alone: bool, interface: Interface = ENGLISH) -> Iterator[Line]:
    """One organisation's days; `alone` where no other one is listed beside it."""
    campaign = chosen.campaign
    own = campaign.member.id == OWN
    title = campaign.title if own and alone else f"{campaign.title}, {_called(campaign)}"
    language = interface.language_name(campaign.language)
    yield _line(0, (title, Role.HEAD), (f" ({language}, {campaign.zone.key})", Role.QUIET))
    for day in chosen.days:
        yield _line(0)
        yield from _day(chosen, day, interface)
    if chosen.elsewhere:
        yield _line(0)
        yield _line(0, (interface.say("Problems that no day shows"), Role.HEAD))
        for problem in gravest(chosen.elsewhere):
            yield from _problem(problem, _POST, interface)


def _called(campaign: Campaign) -> str:
    return campaign.member.name or campaign.brand.name


def _day(chosen: Chosen, day: DayView, interface: Interface) -> Iterator[Line]:
    mark = interface.say("Day {number}", number=day.number)
    head = f"{mark}  {interface.short_day(day.date)}  {day.theme}".rstrip()
    yield _line(0, (head, Role.HEAD))
    if day.observance:
        yield _line(_POST, (day.observance, Role.QUIET))
    for problem in day.own_problems:
        yield from _problem(problem, _POST, interface)
    for view in day.posts:
        yield from _post(chosen, view, interface)
    if not day.posts:
        yield _line(_POST, (interface.say_in("list of days", "no post"), Role.QUIET))
    for post in day.left_out:
        yield _line(_POST, (interface.say("{post}: left out here", post=post), Role.QUIET))


def _post(chosen: Chosen, view: PostView, interface: Interface) -> Iterator[Line]:
    time = interface.clock(view.due, chosen.campaign.zone)
    state, role = _STATES[standing(view)]
    yield _line(
        _POST,
        (f"{time} {interface.say(view.kind)}  ", Role.PLAIN),
        (f"{view.post.id}  ", Role.QUIET),
        (interface.say_in("list of days", state), role),
    )
    yield Line(indent=_BELOW, parts=((" ".join(view.post.text.split()), Role.PLAIN),), short=True)
    if view.accounts:
        yield _line(_BELOW, *_accounts(chosen, view, interface))
    for hold in view.holds:
        yield _line(_BELOW, (_hold(hold, interface), Role.BAD))
    for notice in notices(view):
        yield _line(_BELOW, _noticed(notice, interface))
    for problem in view.problems:
        yield from _problem(problem, _BELOW, interface)


def _hold(hold: Hold, interface: Interface) -> str:
    reason = hold.reason or interface.say("until the error is mended")
    if not hold.accounts:
        return interface.say("held back: {reason}", reason=reason)
    accounts = ", ".join(hold.accounts)
    return interface.say("held back on {accounts}: {reason}", accounts=accounts, reason=reason)


#: What people said of it, or what is public of it.
_NOTICES = {
    Word.APPROVED: (phrase("approved by {who} on {day}"), Role.GOOD),
    Word.PARTLY: (phrase("approved by {who} on {day}, not by enough people yet"), Role.FAIR),
    Word.CHANGED: (phrase("CHANGED since {who} approved it on {day}"), Role.FAIR),
    Word.PUBLISHED: (phrase("published on {day}"), Role.GOOD),
    Word.EDITED: (
        phrase("published on {day}, EDITED since: nothing that is public changes"),
        Role.FAIR,
    ),
}


def _noticed(notice: Notice, interface: Interface) -> tuple[str, Role]:
    sentence, role = _NOTICES[notice.word]
    who, day = interface.listed(notice.who), interface.brief_day(notice.at)
    said = interface.say(sentence, who=who, day=day)
    if notice.accounts:
        said = interface.say("{said} on {accounts}", said=said, accounts=", ".join(notice.accounts))
    what = f" ({differing(interface, notice.what)})" if notice.what else ""
    return f"{said}{what}", role


def _accounts(chosen: Chosen, view: PostView, interface: Interface) -> Iterator[tuple[str, Role]]:
    for number, account in enumerate(view.accounts):
        yield (", " if number else "", Role.PLAIN)
        yield _account(chosen, view, account, interface)


def _account(
    chosen: Chosen, view: PostView, account: AccountView, interface: Interface
) -> tuple[str, Role]:
    """Its short name, and how much of the limit its text takes: page 430/500."""
    delivery = account.delivery
    name = delivery.account.removeprefix(f"{chosen.campaign.member.id}.")
    if view.post.thread:
        name = interface.say("{account} part {part}", account=name, part=delivery.part)
    if not account.drafted:
        return interface.say("{account} no draft", account=name), Role.BAD
    counts = [f"{each.used}/{each.limit}" for each in account.measures if each.name == "text"]
    cost = [interface.dollars(account.cost)] if account.cost else []
    wrong = [said for each in account.measures for said in _wrong(each, interface)]
    return " ".join((name, *counts, *cost, *wrong)), Role.BAD if wrong else Role.PLAIN


def _wrong(measure: Measure, interface: Interface) -> Iterator[str]:
    name = saying.measure(interface, measure)
    if measure.excess:
        yield interface.say("{measure} {number} too many", measure=name, number=measure.excess)
    if measure.lack:
        yield interface.say("{measure} {number} too few", measure=name, number=measure.lack)


def _problem(problem: Problem, indent: int, interface: Interface) -> Iterator[Line]:
    role = Role.BAD if problem.severity is Severity.ERROR else Role.FAIR
    severity = interface.say_in("list of days", _SEVERITIES[problem.severity])
    place = f"{problem.file}:{problem.line}:{problem.column}  " if problem.file else ""
    yield _line(indent, (f"{severity}  ", role), (place, Role.PLAIN), (problem.message, Role.PLAIN))
    if problem.hint:
        yield _line(indent + _FURTHER - _BELOW, (problem.hint, Role.QUIET))


def _line(indent: int, *parts: tuple[str, Role]) -> Line:
    return Line(indent=indent, parts=parts)
