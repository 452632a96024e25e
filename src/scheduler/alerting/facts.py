"""What is known at one look: of the calendar, small enough to be kept for weeks, and of the ledger.

No text of a post is among it, so that none can get into a message: of a problem only its code and
its place are kept, of a delivery's reason nothing.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

from scheduler.drafting import frozen
from scheduler.errors import Problem, Severity
from scheduler.ledger import (
    Connection,
    Entry,
    HoldEntry,
    Ledger,
    alerting,
    deciding,
    granting,
    questions,
    signing,
)
from scheduler.ledger import digest as digest_of
from scheduler.model import (
    Account,
    AlertKind,
    Alerts,
    Campaign,
    Coalition,
    Consent,
    Draft,
    Key,
    PhotoContent,
    Post,
    QuoteContent,
    SignedIn,
    Wording,
)
from scheduler.planning import key as key_of

#: post id and account name
Pair = tuple[str, str]

#: Of a post's words: nobody has written them yet, or nobody has read them.
MISSING, UNREAD = "missing", "unread"


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """Why a post may not go out on an account as it should, long before its hour."""

    kind: AlertKind
    post: str
    account: str
    #: Where to mend it: "campaign.yaml:41".
    place: str
    #: A language with what is wrong with its words, the id of a helpline or of a consent.
    about: str
    #: The last day of a consent; None for everything else.
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """An error of the calendar: its place and its code, since its words may quote a post."""

    file: str
    place: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarFacts:
    """What of a calendar decides whom to tell of what."""

    campaign: str
    title: str
    zone: ZoneInfo
    first_day: date
    alerts: Alerts | None
    #: So many different people must say yes to each of these drafts.
    needed: int
    digests: Mapping[Key, str]
    #: Until when not a word of a post is public, on which account.
    embargoes: Mapping[Pair, datetime]
    #: Where each post is written.
    places: Mapping[Pair, str]
    concerns: tuple[Concern, ...]
    #: What an error holds back.
    held: frozenset[Pair]
    mistakes: tuple[Mistake, ...]
    #: Whether the edition that goes on is an older one, since the newest was not taken up.
    refused: bool = False

    def with_mistakes(self, problems: Iterable[Problem]) -> CalendarFacts:
        """The last good calendar, which goes on, with what is wrong with the newest one."""
        return replace(self, mistakes=_mistakes(problems), refused=True)


def calendar_facts(
    coalition: Coalition,
    problems: Iterable[Problem],
    *,
    held: Iterable[Pair],
    drafts: Mapping[Pair, Sequence[Draft]],
    harmless: Callable[[Account], bool],
    before: CalendarFacts | None = None,
) -> CalendarFacts:
    """What to keep of a calendar. `harmless` says where the public never looks.

    Of organisations whose files cannot be read for now, what was known `before` is kept: what
    nobody can see has not ended.
    """
    own = coalition.own
    campaigns = coalition.campaigns.values()
    pairs = tuple(each for campaign in campaigns for each in _pairs(campaign))
    needed = own.rules.approvals
    facts = CalendarFacts(
        campaign=own.id,
        title=own.title,
        zone=own.zone,
        first_day=own.first_day,
        alerts=own.alerts,
        needed=needed,
        digests=MappingProxyType(_digests(own.id, drafts) if needed else {}),
        embargoes=MappingProxyType(
            {(post.id, name): post.embargo for _, post, name in pairs if post.embargo}
        ),
        places=MappingProxyType(
            {(post.id, name): _place(campaign, "posts", post.id) for campaign, post, name in pairs}
        ),
        concerns=tuple(
            concern
            for campaign, post, name in pairs
            for concern in _concerns(campaign, post, campaign.accounts[name], harmless)
        ),
        held=frozenset(held),
        mistakes=_mistakes(problems),
    )
    return facts if coalition.complete or before is None else _over(before, facts, coalition)


def _over(before: CalendarFacts, now: CalendarFacts, coalition: Coalition) -> CalendarFacts:
    def unseen(account: str) -> bool:
        return coalition.speaker(account) is None

    def kept(of_pairs: Mapping[Pair, str]) -> dict[Pair, str]:
        return {pair: value for pair, value in of_pairs.items() if unseen(pair[1])}

    embargoes = {pair: until for pair, until in before.embargoes.items() if unseen(pair[1])}
    return replace(
        now,
        digests=MappingProxyType({**before.digests, **now.digests} if now.needed else {}),
        embargoes=MappingProxyType({**embargoes, **now.embargoes}),
        places=MappingProxyType({**kept(before.places), **now.places}),
        concerns=(*(each for each in before.concerns if unseen(each.account)), *now.concerns),
        held=now.held | {pair for pair in before.held if unseen(pair[1])},
    )


def _pairs(campaign: Campaign) -> Iterator[tuple[Campaign, Post, str]]:
    return ((campaign, post, name) for post in campaign.posts.values() for name in post.accounts)


def _digests(campaign: str, drafts: Mapping[Pair, Sequence[Draft]]) -> dict[Key, str]:
    return {
        key_of(campaign, post, account, part): digest_of(frozen(draft))
        for (post, account), parts in drafts.items()
        for part, draft in enumerate(parts, 1)
    }


def _place(campaign: Campaign, *path: str) -> str:
    place = campaign.places.key(*path)
    return f"{place.file}:{place.line}"


def _mistakes(problems: Iterable[Problem]) -> tuple[Mistake, ...]:
    return tuple(
        Mistake(file=each.file, place=f"{each.file}:{each.line}", code=each.code)
        for each in problems
        if each.severity is Severity.ERROR
    )


def _concerns(
    campaign: Campaign, post: Post, account: Account, harmless: Callable[[Account], bool]
) -> Iterator[Concern]:
    yield from _of_words(campaign, post, account, gated=not harmless(account))
    line = post.helpline
    if line is not None and not line.sure:
        place = _place(campaign, "helplines", line.id)
        yield _concern(AlertKind.HELPLINE, post, account, place, line.id)
    for consent in _consents(post):
        place = _place(campaign, "consents", consent.id)
        until = consent.withdrawn or consent.until
        yield _concern(AlertKind.CONSENT, post, account, place, consent.id, until=until)


def _of_words(
    campaign: Campaign, post: Post, account: Account, *, gated: bool
) -> Iterator[Concern]:
    """Where the public never looks, what nobody has reviewed goes out all the same."""
    wording = post.translation.wording if post.translation else Wording.REVIEWED
    place = _place(campaign, "posts", post.id)
    if wording is Wording.MISSING:
        about = f"{post.language} {MISSING}"
        yield _concern(AlertKind.UNTRANSLATED, post, account, place, about)
    elif wording is Wording.DRAFT and gated:
        about = f"{post.language} {UNREAD}"
        yield _concern(AlertKind.UNTRANSLATED, post, account, place, about)
    elif wording is Wording.STALE and gated:
        yield _concern(AlertKind.STALE, post, account, place, post.language)


def _concern(
    kind: AlertKind,
    post: Post,
    account: Account,
    place: str,
    about: str,
    *,
    until: date | None = None,
) -> Concern:
    return Concern(
        kind=kind, post=post.id, account=account.name, place=place, about=about, until=until
    )


def _consents(post: Post) -> Iterator[Consent]:
    """Each consent that the post stands on, once."""
    given = (
        slide.content.quote.consent
        if isinstance(slide.content, QuoteContent)
        else slide.content.picture.consent
        for slide in post.slides
        if isinstance(slide.content, QuoteContent | PhotoContent)
    )
    yield from {consent.id: consent for consent in given if consent is not None}.values()


# ── the ledger, and the machine ───────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """How much room a disk has, in bytes, and a folder on it."""

    folder: str
    free: int


def room_at(folder: Path) -> Room | None:
    """How much is free there; None where nobody can tell."""
    try:
        return Room(folder=str(folder), free=shutil.disk_usage(folder).free)
    except OSError:
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerFacts:
    """What was decided and done, at one instant."""

    entries: tuple[Entry, ...] = ()
    holds: tuple[HoldEntry, ...] = ()
    #: How many different people said yes to a draft of a delivery.
    yeses: Mapping[tuple[Key, str], int] = field(default_factory=lambda: MappingProxyType({}))
    signed_in: tuple[SignedIn, ...] = ()
    #: Accounts whose token the platform renews no more, so that a person must sign in again.
    signed_out: frozenset[str] = frozenset()
    room: Room | None = None
    #: The ids of matters that somebody was told of, and that had not ended.
    told: frozenset[str] = frozenset()


def ledger_facts(ledger: Ledger, campaign: str, *, room: Room | None = None) -> LedgerFacts:
    """All of one instant."""

    def asked(connection: Connection) -> LedgerFacts:
        return LedgerFacts(
            entries=questions.entries(connection, campaign),
            holds=deciding.holding(connection, campaign),
            yeses=_yeses(deciding.approved(connection, campaign)),
            signed_in=signing.signed_in(connection),
            signed_out=frozenset(granting.troubles(connection)),
            room=room,
            told=frozenset(each.matter for each in alerting.tellings_of(connection, campaign)),
        )

    return ledger.read(asked)


def _yeses(said: Iterable[deciding.Approval]) -> Mapping[tuple[Key, str], int]:
    names: dict[tuple[Key, str], set[str]] = {}
    for each in said:
        names.setdefault((each.key, each.digest), set()).add(deciding.one_name(each.who))
    return {draft: len(who) for draft, who in names.items()}
