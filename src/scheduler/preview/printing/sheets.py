"""A page for each day, with all that somebody who signs it must have seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from scheduler import saying
from scheduler.errors import Problem, Severity
from scheduler.interface import SOURCE, in_context
from scheduler.matrix import Cell, CellState
from scheduler.model import (
    Agreement,
    Checked,
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
from scheduler.preview.noticing import Notice, differing, notices
from scheduler.preview.printing import sentences
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
        flow.below(words(document, document.say(sentences.NO_POST), FULL))
    if day.left_out:
        flow.below(
            words(document, document.say(sentences.LEFT_OUT, posts=", ".join(day.left_out)), FULL)
        )
    members = _members(document, cells)
    signed = signature(document, document.say(sentences.SIGN, number=day.number))
    # Nobody likes to sign an empty page.
    flow.make_room(_height([*members, *signed]), least=0)
    flow.below(members)
    flow.last(signed)


def signature(document: Document, label: str) -> list[Strip]:
    """A line to sign on: who, when, and the name by hand."""

    def line(name: str, width: float) -> tuple[list[Strip], float]:
        return words(document, name, width, SMALL), width

    parts = [
        line(label, 84 * MM),
        line(document.word(sentences.ON), 34 * MM),
        line(document.say(sentences.SIGNATURE), 60 * MM),
    ]

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
    title = post_mark(document, chosen, view)
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


def post_mark(document: Document, chosen: Chosen, view: PostView) -> str:
    """09:00  Quote"""
    time = document.interface.clock(view.due, chosen.campaign.zone)
    return sentences.POST.format(time=time, kind=document.say(view.kind))


def _height(strips: Sequence[Strip]) -> float:
    return sum(strip.height for strip in strips)


def _rest(
    document: Document, chosen: Chosen, view: PostView, width: float, density: Density
) -> list[Strip]:
    """What the cards show, in words; where it goes; what is open."""
    alts = [(alt, view.post.language) for alt in view.alts]
    accounts = [(each, "") for each in _accounts(document, chosen, view)]
    open_ = [(f"□ {each}", "") for each in to_decide(document, chosen, view)]
    parts = (
        (in_context("paper", "Alt text"), alts),
        (in_context("paper", "Accounts"), accounts),
        (in_context("paper", "To decide"), open_),
    )
    return [
        strip for label, lines in parts for strip in _part(document, label, lines, width, density)
    ]


def _heading(document: Document, title: str, id_: str) -> list[Strip]:
    """When and what; its id; and two boxes for a pen."""
    first = words(document, title, FULL * 0.36, POST)
    second = words(document, id_, FULL * 0.4, BODY)
    third = words(document, document.say(sentences.BOXES), FULL * 0.24, STRONG)

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
        said = sentences.NO_CARD if view.accounts else sentences.NOT_OF_ITS_OWN
        found = words(document, document.say(said), width, QUIET)
    return found


def _told(document: Document, view: PostView, width: float, density: Density) -> list[Strip]:
    """What is said, and where it comes from, each part behind its label."""
    post = view.post
    made = list(_state(document, view, width, density))
    for label, lines in (
        (in_context("paper", "Caption"), _captions(document, view)),
        (in_context("paper", "Content note"), [(post.note, post.language)]),
        *_proofs(document, post),
        *_help(document, post.helpline),
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
    """Lines with their languages behind a label (a message); nothing where there are none."""

    def inside(width: float) -> list[Strip]:
        return [
            strip
            for text, language in lines
            for strip in words(document, text, width, density.body, language=language)
        ]

    return labelled(document, document.word(label), inside, whole, density.indent) if lines else []


def _state(document: Document, view: PostView, whole: float, density: Density) -> Iterator[Strip]:
    state = document.say(sentences.STATES[standing(view)])
    language = document.interface.language_name(view.post.language)
    lines = [f"{state}. ({language})", *holds(document, view), *noticed(document, view)]
    yield from labelled(
        document,
        document.word(in_context("paper", "State")),
        lambda width: [each for line in lines for each in words(document, line, width, STRONG)],
        whole,
        density.indent,
    )
    if view.problems:
        yield from labelled(
            document,
            document.word(in_context("paper", "Problems")),
            lambda width: _problems(document, view.problems, width, density.body),
            whole,
            density.indent,
        )


def noticed(document: Document, view: PostView) -> list[str]:
    """What people said of it, and what is public of it, as far as a ledger knows."""
    return [_noticed(document, notice) for notice in notices(view)]


def _noticed(document: Document, notice: Notice) -> str:
    who, day = document.interface.listed(notice.who), document.interface.day(notice.at)
    said = document.say(sentences.NOTICES[notice.word], who=who, day=day)
    if notice.what:
        what = differing(document.interface, notice.what)
        said = document.say(sentences.WHAT, said=said, what=what)
    if notice.accounts:
        accounts = ", ".join(notice.accounts)
        said = document.say(sentences.NOTICED_ON, accounts=accounts, said=said)
    return said


def holds(document: Document, view: PostView) -> list[str]:
    """Why it is held back, and where."""
    return [
        document.say(
            sentences.HELD if hold.accounts else sentences.HELD_EVERYWHERE,
            accounts=", ".join(hold.accounts),
            reason=hold.reason or document.say(sentences.HELD_BY_ERROR),
        )
        for hold in view.holds
    ]


def _problems(
    document: Document, problems: Sequence[Problem], width: float, style: Style = BODY
) -> list[Strip]:
    return [
        strip
        for each in problems
        for strip in words(document, told(document, each), width, style, language=SOURCE)
    ]


def told(document: Document, problem: Problem) -> str:
    """The problem with its place, as `check` says it; its severity is a word and no colour."""
    place = f"{problem.file}:{problem.line}:{problem.column}" if problem.file else "–"
    said = document.say(
        sentences.PROBLEM,
        severity=document.word(sentences.SEVERITIES[problem.severity]),
        place=place,
        message=problem.message,
    )
    return f"{said}\n→ {problem.hint}" if problem.hint else said


def _captions(document: Document, view: PostView) -> list[tuple[str, str]]:
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
            found.append((document.say(sentences.PART, part=part), ""))
        if sum(each == part for each, _ in said) > 1:
            found.append((document.say(sentences.CAPTION_ON, accounts=", ".join(accounts)), ""))
        found.append((text, view.post.language))
    return found


# ── where it comes from ───────────────────────────────────────────────────────────────────────────


_Lines = list[tuple[str, str]]


def _proofs(document: Document, post: Post) -> Iterator[tuple[str, _Lines]]:
    for slide in post.slides:
        yield from _proof(document, slide.content, post.language)


def _proof(document: Document, content: Content, language: str) -> Iterator[tuple[str, _Lines]]:
    match content:
        case StatisticContent():
            fact = content.fact
            figure = sentences.FIGURE.format(figure=fact.figure, statement=fact.statement)
            counted = sentences.COUNTED.format(population=fact.population, year=fact.year)
            no_caveat = (document.interface.say_in("caveat", sentences.NO_CAVEAT), "")
            yield in_context("paper", "Figure"), [(figure, language)]
            yield in_context("paper", "Counted"), [(counted, language)]
            yield in_context("paper", "Source"), _source(document, fact.source)
            yield (
                in_context("paper", "Caveat"),
                [(fact.caveat, language) if fact.caveat else no_caveat],
            )
            yield in_context("paper", "Checked"), _checked(document, fact.checked, fact.checked_on)
        case QuoteContent():
            yield from _quote(document, content, language)
        case PhotoContent():
            shown = content.picture
            credit = document.say(sentences.CREDIT, credit=shown.credit, licence=shown.licence)
            yield in_context("paper", "Picture"), [(credit, "")]
            yield in_context("paper", "Consent"), _consent(document, shown.consent)


def _checked(document: Document, how: Checked, on: date) -> _Lines:
    return [(document.say(sentences.VERIFIED[how], day=document.interface.day(on)), "")]


def _quote(
    document: Document, content: QuoteContent, language: str
) -> Iterator[tuple[str, _Lines]]:
    quote, translated = content.quote, content.quote.in_translation
    yield in_context("paper", "Quotation"), [(quote.words, quote.language)]
    if translated:
        by = document.say(sentences.TRANSLATED_BY, translator=translated.translator)
        yield "", [(by, ""), (translated.words, translated.language)]
    if content.excerpt is not None:
        shown = (translated or quote).language
        yield "", [(document.say(sentences.EXCERPT, words=content.excerpt), shown)]
    speaker = (
        sentences.SPEAKER.format(speaker=quote.speaker, role=quote.role)
        if quote.role
        else quote.speaker
    )
    yield in_context("paper", "Speaker"), [(speaker, language)]
    yield in_context("paper", "Source"), _source(document, quote.source)
    yield in_context("paper", "Checked"), _checked(document, quote.checked, quote.checked_on)
    yield in_context("paper", "Consent"), _consent(document, quote.consent)


def _source(document: Document, source: Source) -> _Lines:
    said = document.say(
        sentences.SOURCE,
        publisher=source.publisher,
        title=source.title,
        year=source.year,
        address=source.address,
    )
    return [(said, "")]


def _consent(document: Document, consent: Consent | None) -> _Lines:
    if consent is None:
        return []
    if consent.withdrawn:
        day = document.interface.day(consent.withdrawn)
        return [(document.say(sentences.WITHDRAWN, id=consent.id, day=day), "")]
    until = document.interface.day(consent.until)
    return [(document.say(sentences.CONSENT, id=consent.id, scope=consent.scope, day=until), "")]


def _help(document: Document, helpline: Helpline | None) -> Iterator[tuple[str, _Lines]]:
    if helpline is None:
        return
    number, country = helpline.number, helpline.country
    if not helpline.sure or helpline.verified_on is None:
        yield (
            in_context("paper", "Helpline"),
            [(document.say(sentences.UNSURE, number=number, country=country), "")],
        )
        return
    said = document.say(
        sentences.NUMBER,
        number=number,
        country=country,
        hours=helpline.hours,
        by=helpline.verified_by,
        day=document.interface.day(helpline.verified_on),
    )
    yield in_context("paper", "Helpline"), [(said, "")]


# ── accounts, and what is open ────────────────────────────────────────────────────────────────────


def _accounts(document: Document, chosen: Chosen, view: PostView) -> Iterator[str]:
    if chosen.campaign.member.kit:
        yield document.say(sentences.KIT)
    accounts = chosen.campaign.accounts
    for account in view.accounts:
        place = viewing.place(accounts[account.delivery.account], chosen.campaign.root)
        platform = saying.platform(document.interface, account.delivery.platform)
        if place and account.delivery.part == 1:
            platform = f"{platform} ({place})"
        yield document.say(
            sentences.ACCOUNT,
            time=document.interface.clock(account.delivery.due, chosen.campaign.zone),
            account=account.delivery.account,
            platform=platform,
            counts=_counts(document, account),
        )


def _counts(document: Document, account: AccountView) -> str:
    if not account.drafted:
        return document.say(sentences.UNDRAFTED)
    said = ", ".join(counted(document, each) for each in account.measures if _is_told(each))
    cost = document.interface.dollars(account.cost)
    return document.say(sentences.COSTS, counts=said, cost=cost) if account.cost else said


def _is_told(measure: Measure) -> bool:
    """Texts always; what else is counted only where it is too much or too little."""
    return bool(measure.name == "text" or measure.excess or measure.lack)


def counted(document: Document, measure: Measure) -> str:
    sentence = (
        sentences.TOO_MANY
        if measure.excess
        else sentences.TOO_FEW
        if measure.lack
        else sentences.COUNT
    )
    amount = partial(saying.amount, document.interface, unit=measure.unit)
    return document.say(
        sentence,
        name=saying.measure(document.interface, measure),
        used=amount(measure.used),
        limit=amount(measure.limit),
        least=amount(measure.least),
        excess=amount(measure.excess),
        unit=saying.unit(document.interface, measure.unit) if measure.unit != "bytes" else "",
    ).rstrip()


def to_decide(document: Document, chosen: Chosen, view: PostView) -> list[str]:
    """What a person must still do before it may go out."""
    state = standing(view)
    graves = {problem.severity for problem in view.problems}
    needed = 0 if _is_agreed(view) else chosen.campaign.rules.approvals
    open_ = (
        (document.say(sentences.MEND), Severity.ERROR in graves),
        (document.say(sentences.RELEASE), bool(view.holds) and Severity.ERROR not in graves),
        (document.say(sentences.TRANSLATE), state is CellState.MISSING),
        (document.say(sentences.RENEW), _wording(view) == CellState.STALE.value),
        (document.say(sentences.REVIEW), _wording(view) == CellState.DRAFT.value),
        (document.say(sentences.LOOK), Severity.WARNING in graves),
        (document.say(sentences.APPROVE, post=view.post.id), needed == 1),
        (document.say(sentences.APPROVE_BY, count=needed, post=view.post.id), needed > 1),
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
    found = [rule(FULL), *words(document, document.say(sentences.MEMBERS_TODAY), FULL, HEADING)]
    for post in dict.fromkeys(cell.post for cell in cells):
        for state in CellState:
            theirs = [cell.member for cell in cells if (cell.post, cell.state) == (post, state)]
            if theirs:
                # Whoever is ready needs nobody's eye: a number is enough.
                ready = state is CellState.TRANSLATED
                line = document.say(
                    sentences.MEMBERS_READY if ready else sentences.MEMBERS_WITH,
                    post=post,
                    state=document.word(sentences.SHORT[state]),
                    count=len(theirs),
                    members=", ".join(theirs),
                )
                found += words(document, line, FULL, SMALL)
    return found
