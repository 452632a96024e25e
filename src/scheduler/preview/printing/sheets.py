"""A page for each day, with all that somebody who signs it must have seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from scheduler import saying
from scheduler.differing import named
from scheduler.errors import Problem, Severity
from scheduler.matrix import Cell, CellState
from scheduler.model import (
    Agreement,
    Consent,
    Content,
    Helpline,
    Measure,
    PhotoContent,
    Post,
    QuoteContent,
    Source,
    StatisticContent,
)
from scheduler.preview import viewing
from scheduler.preview.choosing import Chosen, picture_files, standing
from scheduler.preview.noticing import Notice, notices
from scheduler.preview.printing import sentences as say
from scheduler.preview.printing.document import Document, Page
from scheduler.preview.printing.flowing import (
    BODY,
    FULL,
    HEADING,
    MM,
    POST,
    QUIET,
    SMALL,
    STRONG,
    Flow,
    Strip,
    Style,
    gap,
    labelled,
    picture,
    rule,
    words,
)
from scheduler.preview.viewing import AccountView, DayView, PostView

#: How wide a card is where it has the page to itself.
_LARGE = 84 * MM
_GUTTER = 6 * MM
_ROOMY = 0.6
#: What a post needs, at least, to begin on a page.
_BEGINNING = 70 * MM


@dataclass(frozen=True, slots=True, kw_only=True)
class Density:
    """How close a day stands: the width of its cards and of its labels, and its letters."""

    card: float
    body: Style
    indent: float


#: From the most comfortable to the closest that is still easily read.
DENSITIES = (
    Density(card=48 * MM, body=BODY, indent=20 * MM),
    Density(card=42 * MM, body=Style(size=8.1, leading=1.24), indent=18 * MM),
    Density(card=36 * MM, body=Style(size=7.8, leading=1.2), indent=17 * MM),
)


def put_day(
    flow: Flow,
    document: Document,
    chosen: Chosen,
    day: DayView,
    cells: Sequence[Cell],
    *,
    density: Density = DENSITIES[0],
) -> None:
    """`cells` are those of a coalition's members, on the sheet of the calendar itself."""
    flow.below(_problems(document, day.own_problems, FULL))
    if len(day.posts) == 1:
        density = replace(density, card=_LARGE)
    for view in day.posts:
        _put_post(flow, document, chosen, view, density)
    if not day.posts:
        flow.below(words(document, say.NO_POST, FULL))
    if day.left_out:
        flow.below(words(document, say.LEFT_OUT.format(posts=", ".join(day.left_out)), FULL))
    members = _members(document, cells)
    signed = signature(document, say.SIGN.format(number=day.number))
    # Nobody likes to sign an empty page.
    flow.make_room(_height([*members, *signed]), least=0)
    flow.below(members)
    flow.last(signed)


def signature(document: Document, label: str) -> list[Strip]:
    """A line to sign on: who, when, and the name by hand."""

    def line(name: str, width: float) -> tuple[list[Strip], float]:
        return words(document, name, width, SMALL), width

    parts = [line(label, 84 * MM), line(say.ON, 34 * MM), line(say.SIGNATURE, 60 * MM)]

    def draw(page: Page, x: float, y: float) -> None:
        for strips, width in parts:
            for strip in strips:
                strip.draw(page, x, y + 14)
            with page.tagged(None):
                page.rule(x, x + width - 4 * MM, y + 13)
            x += width

    return [gap(9), Strip(26, draw)]


# ── one post ──────────────────────────────────────────────────────────────────────────────────────


def _put_post(
    flow: Flow, document: Document, chosen: Chosen, view: PostView, density: Density
) -> None:
    width = density.card
    title = say.POST.format(time=saying.clock(view.due, chosen.campaign.zone), kind=view.kind)
    head = [rule(FULL), *_heading(document, title, view.post.id)]
    left = _cards(document, view, width)
    right = _told(document, view, FULL - width - _GUTTER, density)
    flow.make_room(sum(strip.height for strip in (*head, *left[:1])), least=_BEGINNING)
    flow.below(head)
    # Where cards are high it has room beside them, else it is shortest over the whole width.
    if _height(right) < _height(left) * _ROOMY:
        right += _rest(document, chosen, view, FULL - width - _GUTTER, density)
        flow.beside(left, right, width + _GUTTER)
    else:
        flow.beside(left, right, width + _GUTTER)
        flow.below(_rest(document, chosen, view, FULL, density))
    flow.below([gap(4)])


def _height(strips: Sequence[Strip]) -> float:
    return sum(strip.height for strip in strips)


def _rest(
    document: Document, chosen: Chosen, view: PostView, width: float, density: Density
) -> list[Strip]:
    """What the cards show, in words; where it goes; what is open."""
    parts = (
        (say.ALT_TEXT, [(alt, view.post.language) for alt in view.alts]),
        ("Accounts", [(each, "") for each in _accounts(chosen, view)]),
        ("To decide", [(f"□ {each}", "") for each in to_decide(chosen, view)]),
    )
    return [
        strip for label, lines in parts for strip in _part(document, label, lines, width, density)
    ]


def _heading(document: Document, title: str, id_: str) -> list[Strip]:
    """When and what; its id; and two boxes for a pen."""
    first = words(document, title, FULL * 0.36, POST)
    second = words(document, id_, FULL * 0.4, BODY)
    third = words(document, say.BOXES, FULL * 0.24, STRONG)

    def draw(page: Page, x: float, y: float) -> None:
        for strips, at, down in ((first, 0.0, 0.0), (second, 0.36, 3.0), (third, 0.8, 3.0)):
            below = y + down
            for strip in strips:
                strip.draw(page, x + FULL * at, below)
                below += strip.height

    height = max(sum(strip.height for strip in strips) for strips in (first, second, third))
    return [Strip(height + 5, draw, leads=True)]


def _cards(document: Document, view: PostView, width: float) -> list[Strip]:
    """Each card once."""
    files = picture_files(view)
    alts = {image.source: image.alt for image in view.images}
    if files:
        found = [picture(document, file, alts.get(str(file), ""), width) for file in files]
    else:
        said = say.NO_CARD if view.accounts else say.NOT_OF_ITS_OWN
        found = words(document, said, width, QUIET)
    return found


def _told(document: Document, view: PostView, width: float, density: Density) -> list[Strip]:
    """What is said, and where it comes from, each part behind its label."""
    post = view.post
    made = list(_state(document, view, width, density))
    for label, lines in (
        ("Caption", _captions(view)),
        ("Content note", [(post.note, post.language)]),
        *_proofs(post),
        *_help(post.helpline),
    ):
        made += _part(document, label, [line for line in lines if line[0]], width, density)
    return made


def _part(
    document: Document,
    label: str,
    lines: Sequence[tuple[str, str]],
    whole: float,
    density: Density,
) -> list[Strip]:
    """Lines with their languages behind a label; nothing where there are none."""

    def inside(width: float) -> list[Strip]:
        return [
            strip
            for text, language in lines
            for strip in words(document, text, width, density.body, language=language)
        ]

    return labelled(document, label, inside, whole, density.indent) if lines else []


def _state(document: Document, view: PostView, whole: float, density: Density) -> Iterator[Strip]:
    state = say.STATES[standing(view)]
    lines = [f"{state}. ({saying.language(view.post.language)})", *holds(view), *noticed(view)]
    yield from labelled(
        document,
        "State",
        lambda width: [each for line in lines for each in words(document, line, width, STRONG)],
        whole,
        density.indent,
    )
    if view.problems:
        yield from labelled(
            document,
            "Problems",
            lambda width: _problems(document, view.problems, width, density.body),
            whole,
            density.indent,
        )


def noticed(view: PostView) -> list[str]:
    """What people said of it, and what is public of it, as far as a ledger knows."""
    return [_noticed(notice) for notice in notices(view)]


def _noticed(notice: Notice) -> str:
    said = say.NOTICES[notice.word].format(who=", ".join(notice.who), day=saying.day(notice.at))
    if notice.what:
        said = say.WHAT.format(said=said, what=named(notice.what))
    if notice.accounts:
        said = say.NOTICED_ON.format(accounts=", ".join(notice.accounts), said=said)
    return said


def holds(view: PostView) -> list[str]:
    """Why it is held back, and where."""
    return [
        say.HELD.format(accounts=", ".join(hold.accounts), reason=hold.reason or say.HELD_BY_ERROR)
        if hold.accounts
        else say.HELD_EVERYWHERE.format(reason=hold.reason or say.HELD_BY_ERROR)
        for hold in view.holds
    ]


def _problems(
    document: Document, problems: Sequence[Problem], width: float, style: Style = BODY
) -> list[Strip]:
    return [strip for each in problems for strip in words(document, told(each), width, style)]


def told(problem: Problem) -> str:
    """The problem with its place; its severity is a word and no colour."""
    place = f"{problem.file}:{problem.line}:{problem.column}" if problem.file else "–"
    said = say.PROBLEM.format(
        severity=say.SEVERITIES[problem.severity], place=place, message=problem.message
    )
    return f"{said}\n→ {problem.hint}" if problem.hint else said


def _captions(view: PostView) -> list[tuple[str, str]]:
    """Each different text, with the accounts that say it where there are several."""
    said: dict[tuple[int, str], list[str]] = {}
    for account in view.accounts:
        part = account.delivery.part
        said.setdefault((part, account.appearance.text), []).append(account.delivery.account)
    if not said:
        return [(view.post.text, view.post.language)]
    found = []
    for (part, text), accounts in said.items():
        if part > 1:
            found.append((say.PART.format(part=part), ""))
        if sum(each == part for each, _ in said) > 1:
            found.append((say.CAPTION_ON.format(accounts=", ".join(accounts)), ""))
        found.append((text, view.post.language))
    return found


# ── where it comes from ───────────────────────────────────────────────────────────────────────────


_Lines = list[tuple[str, str]]


def _proofs(post: Post) -> Iterator[tuple[str, _Lines]]:
    for slide in post.slides:
        yield from _proof(slide.content, post.language)


def _proof(content: Content, language: str) -> Iterator[tuple[str, _Lines]]:
    match content:
        case StatisticContent():
            fact = content.fact
            figure = say.FIGURE.format(figure=fact.figure, statement=fact.statement)
            counted = say.COUNTED.format(population=fact.population, year=fact.year)
            yield "Figure", [(figure, language)]
            yield "Counted", [(counted, language)]
            yield "Source", _source(fact.source)
            yield "Caveat", [(fact.caveat, language) if fact.caveat else (say.NO_CAVEAT, "")]
            yield (
                "Checked",
                [(say.VERIFIED[fact.checked].format(day=saying.day(fact.checked_on)), "")],
            )
        case QuoteContent():
            yield from _quote(content, language)
        case PhotoContent():
            shown = content.picture
            yield "Picture", [(say.CREDIT.format(credit=shown.credit, licence=shown.licence), "")]
            yield "Consent", _consent(shown.consent)


def _quote(content: QuoteContent, language: str) -> Iterator[tuple[str, _Lines]]:
    quote, translated = content.quote, content.quote.in_translation
    yield "Quotation", [(quote.words, quote.language)]
    if translated:
        by = say.TRANSLATED_BY.format(translator=translated.translator)
        yield "", [(by, ""), (translated.words, translated.language)]
    if content.excerpt is not None:
        shown = (translated or quote).language
        yield "", [(say.EXCERPT.format(words=content.excerpt), shown)]
    speaker = (
        say.SPEAKER.format(speaker=quote.speaker, role=quote.role) if quote.role else quote.speaker
    )
    yield "Speaker", [(speaker, language)]
    yield "Source", _source(quote.source)
    yield "Checked", [(say.VERIFIED[quote.checked].format(day=saying.day(quote.checked_on)), "")]
    yield "Consent", _consent(quote.consent)


def _source(source: Source) -> _Lines:
    said = say.SOURCE.format(
        publisher=source.publisher, title=source.title, year=source.year, address=source.address
    )
    return [(said, "")]


def _consent(consent: Consent | None) -> _Lines:
    if consent is None:
        return []
    if consent.withdrawn:
        return [(say.WITHDRAWN.format(id=consent.id, day=saying.day(consent.withdrawn)), "")]
    until = saying.day(consent.until)
    return [(say.CONSENT.format(id=consent.id, scope=consent.scope, day=until), "")]


def _help(helpline: Helpline | None) -> Iterator[tuple[str, _Lines]]:
    if helpline is None:
        return
    number, country = helpline.number, helpline.country
    if not helpline.sure or helpline.verified_on is None:
        yield "Helpline", [(say.UNSURE.format(number=number, country=country), "")]
        return
    said = say.NUMBER.format(
        number=number,
        country=country,
        hours=helpline.hours,
        by=helpline.verified_by,
        day=saying.day(helpline.verified_on),
    )
    yield "Helpline", [(said, "")]


# ── accounts, and what is open ────────────────────────────────────────────────────────────────────


def _accounts(chosen: Chosen, view: PostView) -> Iterator[str]:
    if chosen.campaign.member.kit:
        yield say.KIT
    accounts = chosen.campaign.accounts
    for account in view.accounts:
        place = viewing.place(accounts[account.delivery.account], chosen.campaign.root)
        platform = saying.platform(account.delivery.platform)
        yield say.ACCOUNT.format(
            time=saying.clock(account.delivery.due, chosen.campaign.zone),
            account=account.delivery.account,
            platform=f"{platform} ({place})" if place and account.delivery.part == 1 else platform,
            counts=_counts(account),
        )


def _counts(account: AccountView) -> str:
    if not account.drafted:
        return say.UNDRAFTED
    said = ", ".join(map(counted, filter(_is_told, account.measures)))
    cost = saying.dollars(account.cost)
    return say.COSTS.format(counts=said, cost=cost) if account.cost else said


def _is_told(measure: Measure) -> bool:
    """Texts always; what else is counted only where it is too much or too little."""
    return bool(measure.name == "text" or measure.excess or measure.lack)


def counted(measure: Measure) -> str:
    sentence = say.TOO_MANY if measure.excess else say.TOO_FEW if measure.lack else say.COUNT
    return sentence.format(
        name=measure.name,
        used=saying.amount(measure.used, measure.unit),
        limit=saying.amount(measure.limit, measure.unit),
        least=saying.amount(measure.least, measure.unit),
        excess=saying.amount(measure.excess, measure.unit),
        unit="" if measure.unit == "bytes" else measure.unit,
    ).rstrip()


def to_decide(chosen: Chosen, view: PostView) -> list[str]:
    """What a person must still do before it may go out."""
    state = standing(view)
    graves = {problem.severity for problem in view.problems}
    needed = 0 if _is_agreed(view) else chosen.campaign.rules.approvals
    open_ = (
        (say.MEND, Severity.ERROR in graves),
        (say.RELEASE, bool(view.holds) and Severity.ERROR not in graves),
        (say.TRANSLATE, state is CellState.MISSING),
        (say.RENEW, _wording(view) == CellState.STALE.value),
        (say.REVIEW, _wording(view) == CellState.DRAFT.value),
        (say.LOOK, Severity.WARNING in graves),
        (say.APPROVE.format(post=view.post.id), needed == 1),
        (say.APPROVE_BY.format(count=needed, post=view.post.id), needed > 1),
    )
    return [sentence for sentence, is_open in open_ if is_open]


def _is_agreed(view: PostView) -> bool:
    """Whether nobody's yes is wanted any more."""
    return bool(view.accounts) and all(
        account.public or (account.yes and account.yes.agreement is Agreement.APPROVED)
        for account in view.accounts
    )


def _wording(view: PostView) -> str:
    return str(view.post.translation.wording) if view.post.translation else ""


# ── the members of a coalition ────────────────────────────────────────────────────────────────────


def _members(document: Document, cells: Sequence[Cell]) -> list[Strip]:
    """For each post who has come how far, what is in the way first."""
    if not cells:
        return []
    found = [rule(FULL), *words(document, say.MEMBERS_TODAY, FULL, HEADING)]
    for post in dict.fromkeys(cell.post for cell in cells):
        for state in CellState:
            theirs = [cell.member for cell in cells if (cell.post, cell.state) == (post, state)]
            if theirs:
                # Whoever is ready needs nobody's eye: a number is enough.
                ready = state is CellState.TRANSLATED
                line = (say.MEMBERS_READY if ready else say.MEMBERS_WITH).format(
                    post=post,
                    state=say.SHORT[state],
                    count=len(theirs),
                    members=", ".join(theirs),
                )
                found += words(document, line, FULL, SMALL)
    return found
