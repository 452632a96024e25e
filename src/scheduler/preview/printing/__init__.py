"""The days on paper, to be looked at, corrected by pen, and signed.

An organisation's sheets are for the person who reads its language and signs for it. The calendar's
own are for its coordinator: they say below each day how far its members have come. Nothing is
said by colour.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from scheduler.errors import Problem
from scheduler.interface import ENGLISH, SOURCE, Interface
from scheduler.matrix import Cell, matrix
from scheduler.model import DAYS, OWN, Coalition
from scheduler.planning import plan_of
from scheduler.preview.choosing import Choice, Chosen, chosen, readable, standing
from scheduler.preview.looking import Looked, Pair
from scheduler.preview.printing import sentences
from scheduler.preview.printing.document import HEIGHT, Document, Page
from scheduler.preview.printing.flowing import (
    BODY,
    FULL,
    HEADING,
    MARGIN,
    MM,
    QUIET,
    SMALL,
    STRONG,
    THEME,
    TITLE,
    Flow,
    Strip,
    Style,
    gap,
    labelled,
    paired,
    rule,
    words,
)
from scheduler.preview.printing.sheets import (
    DENSITIES,
    Density,
    post_mark,
    put_day,
    signature,
    told,
)
from scheduler.preview.viewing import DayView, PostView

#: How wide the column of the themes is on the cover.
_THEMES = 58 * MM
_NUMBER = Style(size=30, weight=700, leading=1.0)


def printed(looked: Looked, choice: Choice, *, on: date, interface: Interface = ENGLISH) -> bytes:
    """The PDF: for each organisation a cover and a page for each day. Equal input, equal bytes.

    `on` is the date of making. Raises `UserError` where nothing answers the choice.
    """
    coalition = readable(looked)
    own = coalition.own
    document = Document(
        title=f"{own.title}: {interface.say(sentences.KIND)}",
        author=own.brand.name,
        interface=interface,
        made_on=on,
    )
    cells = matrix(coalition, looked.held).cells
    for each in chosen(looked, choice):
        _put_cover(document, coalition, each, looked.held, on)
        for day in each.days:
            _put_day(document, each, day, cells)
    _number(document)
    return document.data()


def _called(shown: Chosen) -> str:
    """The campaign, and whose it is."""
    name = shown.campaign.member.name
    return " · ".join(filter(None, (shown.campaign.title, name)))


def _number(document: Document) -> None:
    for number, page in enumerate(document.pages, 1):
        text = document.say(sentences.PAGE, page=number, pages=len(document.pages))
        for strip in words(document, text, FULL, QUIET):
            strip.draw(page, MARGIN, HEIGHT - 11 * MM)


# ── a day ─────────────────────────────────────────────────────────────────────────────────────────


def _put_day(document: Document, shown: Chosen, day: DayView, cells: Sequence[Cell]) -> None:
    theirs = [
        cell
        for cell in cells
        if cell.day == day.number and cell.member != OWN and shown.campaign.member.id == OWN
    ]
    title = document.say(sentences.DAY_MARK, number=day.number, theme=day.theme).rstrip(": ")
    density = _density(document, shown, day, theirs, title)
    _flow_day(document, shown, day, theirs, title, density=density)


def _density(
    document: Document, shown: Chosen, day: DayView, cells: Sequence[Cell], title: str
) -> Density:
    """The most comfortable one in which the day fits a page, if there is one: each is tried."""
    if len(day.posts) > 1:
        for density in DENSITIES:
            trial = document.empty()
            _flow_day(trial, shown, day, cells, title, density=density)
            if len(trial.pages) == 1:
                return density
    return DENSITIES[0]


def _flow_day(
    document: Document,
    shown: Chosen,
    day: DayView,
    cells: Sequence[Cell],
    title: str,
    *,
    density: Density,
) -> None:
    def head(page: Page) -> float:
        document.bookmarks.append((1, title, page.number))
        return _opening(document, page, day, shown)

    def again(page: Page) -> float:
        return _running(document, page, document.say(sentences.CONTINUED, title=title), shown)

    flow = Flow(document, head, again)
    put_day(flow, document, shown, day, cells, density=density)


def _opening(document: Document, page: Page, day: DayView, shown: Chosen) -> float:
    """The number of the day, large, beside its date and its theme."""
    y = _running(document, page, "", shown)
    language = shown.campaign.language
    date_ = document.say(
        sentences.DAY,
        number=day.number,
        days=DAYS,
        date=document.interface.full_day(day.date),
    )
    for strip in words(document, str(day.number), 18 * MM, _NUMBER):
        strip.draw(page, MARGIN, y)
    beside = FULL - 18 * MM
    strips = [
        *words(document, date_, beside, SMALL),
        *words(document, day.theme, beside, THEME, language=language),
        *words(document, day.observance, beside, BODY, language=language),
    ]
    return max(_down(page, strips, MARGIN + 18 * MM, y), y + 34) + 6


def _running(document: Document, page: Page, title: str, shown: Chosen) -> float:
    """The campaign in small letters, above a continued day with its name."""
    strips = words(document, _called(shown), FULL, QUIET, language=shown.campaign.language)
    strips += words(document, title, FULL, STRONG, language=shown.campaign.language)
    return _down(page, strips, MARGIN, 8 * MM) + 3


def _down(page: Page, strips: Sequence[Strip], x: float, y: float) -> float:
    for strip in strips:
        strip.draw(page, x, y)
        y += strip.height
    return y


# ── the cover ─────────────────────────────────────────────────────────────────────────────────────


def _put_cover(
    document: Document, coalition: Coalition, shown: Chosen, held: Mapping[Pair, str], on: date
) -> None:
    title = _called(shown)

    def head(page: Page) -> float:
        document.bookmarks.append((0, title, page.number))
        return 12 * MM

    flow = Flow(document, head, lambda page: _running(document, page, "", shown))
    flow.below(_title(document, coalition, shown, on))
    flow.below(
        [gap(6), *words(document, document.say(sentences.AT_A_GLANCE), FULL, HEADING), gap(2)]
    )
    for day in shown.days:
        flow.below(_glance(document, shown, day))
    if shown.campaign.member.id == OWN and len(coalition.campaigns) > 1:
        flow.below([gap(4), *_coalition(document, coalition, held)])
    if shown.elsewhere:
        flow.below(
            [gap(4), rule(FULL), *words(document, document.say(sentences.PROBLEMS), FULL, HEADING)]
        )
        flow.below(_problems(document, shown.elsewhere))
    flow.below([gap(4), *words(document, document.say(sentences.READING), FULL, QUIET)])
    flow.last(signature(document, document.say(sentences.SIGN_ALL)))


def _title(document: Document, coalition: Coalition, shown: Chosen, on: date) -> list[Strip]:
    campaign = shown.campaign
    lines = [
        document.say(
            sentences.SPAN,
            span=document.interface.span(campaign.date_of(1), campaign.date_of(DAYS)),
            zone=campaign.zone.key,
        ),
        document.say(
            sentences.TEXTS_IN, language=document.interface.language_name(campaign.language)
        ),
        _counts(document, shown),
        document.say(sentences.MADE_ON, day=document.interface.day(on)),
        *([document.say(sentences.KIT)] if campaign.member.kit else []),
        *([] if coalition.complete else [document.say(sentences.INCOMPLETE)]),
    ]
    name = campaign.member.name or campaign.brand.name
    return [
        *words(document, document.say(sentences.KIND), FULL, SMALL),
        *words(document, campaign.title, FULL, TITLE, language=campaign.language),
        *words(document, name, FULL, HEADING, language=campaign.language),
        gap(5),
        *(strip for line in lines for strip in words(document, line, FULL, BODY)),
    ]


def _counts(document: Document, shown: Chosen) -> str:
    posts = shown.posts
    accounts = len(shown.campaign.accounts)
    return document.say(
        sentences.COUNTS,
        posts=document.count(sentences.POSTS, len(posts)),
        deliveries=document.count(sentences.DELIVERIES, sum(len(each.accounts) for each in posts)),
        accounts=document.count(sentences.ACCOUNTS, accounts),
        problems=document.count(sentences.PROBLEMS_FOUND, len(shown.problems))
        if shown.problems
        else document.say(sentences.NO_PROBLEMS),
    )


def _glance(document: Document, shown: Chosen, day: DayView) -> list[Strip]:
    """A day in a row: its number and date, its theme, its posts with hour and state."""
    language = shown.campaign.language
    posts = [_slip(document, shown, view) for view in day.posts] or [
        document.say(sentences.NO_POST)
    ]

    def inside(width: float) -> list[Strip]:
        theme = words(document, day.theme or "–", _THEMES - 8, STRONG, language=language)
        said = [each for post in posts for each in words(document, post, width - _THEMES, SMALL)]
        return paired(theme, said, _THEMES)

    label = f"{day.number}   {document.interface.short_day(day.date)}"
    return [rule(FULL, 0.4), *labelled(document, label, inside, FULL, 26 * MM)]


def _slip(document: Document, shown: Chosen, view: PostView) -> str:
    parts = (
        post_mark(document, shown, view),
        view.post.id,
        document.word(sentences.SHORT[standing(view)]),
        document.count(sentences.PROBLEMS_FOUND, len(view.problems)) if view.problems else "",
    )
    return " · ".join(filter(None, parts))


def _coalition(document: Document, coalition: Coalition, held: Mapping[Pair, str]) -> list[Strip]:
    found = [rule(FULL), *words(document, document.say(sentences.MEMBERS), FULL, HEADING)]
    for campaign in coalition.campaigns.values():
        if campaign.member.id != OWN:
            theirs = {post for post, account in held if account in campaign.accounts}
            line = document.say(
                sentences.MEMBER_HELD if theirs else sentences.MEMBER,
                name=campaign.member.name,
                id=campaign.member.id,
                language=document.interface.language_name(campaign.language),
                zone=campaign.zone.key,
                posts=document.count(sentences.POSTS, len(campaign.posts)),
                deliveries=document.count(sentences.DELIVERIES, len(plan_of(campaign))),
                held=len(theirs),
            )
            found += words(document, line, FULL, SMALL)
    return found


def _problems(document: Document, problems: Sequence[Problem]) -> list[Strip]:
    return [
        strip
        for each in problems
        for strip in words(document, told(document, each), FULL, SMALL, language=SOURCE)
    ]
