"""Those who gave us their words or their picture: what they said, and what they agreed to."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

from scheduler.errors import Severity
from scheduler.linting.findings import Found, Lint
from scheduler.linting.speaking import plain, quotations, shortened, slides, texts, verbatim
from scheduler.model import (
    Campaign,
    Checked,
    Consent,
    KeyPath,
    PhotoContent,
    Picture,
    Post,
    Quote,
    QuoteContent,
    Slide,
    distinct,
)

# ── words ─────────────────────────────────────────────────────────────────────────────────────────

_FEWEST_WORDS = 5
_ALIKE = 0.75
#: Where fewer words than this are shared, comparing letters cannot find them alike.
_SHARED = 0.5


@lru_cache(maxsize=4096)
def _likeness(said: str, stored: str) -> float:
    """How near the words are to the nearest part, of about their length, of a stored quote."""
    ours, theirs = said.split(), stored.split()
    wanted, length = Counter(ours), len(ours)
    windows = [theirs[at : at + length] for at in range(max(1, len(theirs) - length + 1))]
    best = max(windows, key=lambda window: (wanted & Counter(window)).total())
    if (wanted & Counter(best)).total() < _SHARED * length:
        return 0
    ratio = difflib.SequenceMatcher(None, said, " ".join(best), autojunk=False).ratio()
    whole = difflib.SequenceMatcher(None, said, stored, autojunk=False)
    return max(ratio, whole.ratio() if whole.real_quick_ratio() > _ALIKE else 0)


def _meant(campaign: Campaign, words: str) -> Quote | None:
    """The stored quote of which these words are a wrong copy."""
    said = plain(words).casefold()
    if len(said.split()) < _FEWEST_WORDS or verbatim(campaign, words):
        return None
    likely = [
        (_likeness(said, plain(quote.words).casefold()), id_)
        for id_, quote in campaign.quotes.items()
    ]
    ratio, id_ = max(likely, default=(0.0, ""))
    return campaign.quotes[id_] if ratio >= _ALIKE else None


def _misquoted(campaign: Campaign, _: date) -> Iterator[Found]:
    for post in campaign.posts.values():
        for text in texts(campaign, post):
            for words in quotations(text.words):
                if quote := _meant(campaign, words):
                    yield Found(
                        path=text.path,
                        message=f"“{shortened(words)}” is nearly, but not exactly, the quote "
                        f'"{quote.id}" of {quote.speaker}',
                        posts=(post.id,),
                    )


MISQUOTED = Lint(
    code="misquoted",
    severity=Severity.ERROR,
    title="Words in quotation marks that differ from the stored quote",
    reason="Quotations drift: one sentence of WHO's Director-General stands in the press in two "
    "forms. Whoever is quoted has a right to their own words, and a wrong quotation is the "
    "easiest way to discredit a campaign.",
    hint="copy the words from quotes, letter for letter, or leave out the quotation marks",
    fails="""\
posts:
  listen:
    text: "António Guterres: “Listen to the survivors and end the impunity of perpetrators.”"
""",
    passes="""\
posts:
  listen:
    text: "António Guterres: “Listen to survivors and end impunity for perpetrators everywhere.”"
""",
    check=_misquoted,
)


def _quote_third_party(campaign: Campaign, _: date) -> Iterator[Found]:
    for id_, users in _users(campaign, Quote).items():
        quote = campaign.quotes[id_]
        if quote.checked is Checked.THIRD_PARTY:
            yield Found(
                path=("quotes", id_, "checked"),
                message=f"the words of {quote.speaker} were read only where somebody else repeats "
                "them",
                posts=users,
            )


QUOTE_THIRD_PARTY = Lint(
    code="quote-third-party",
    severity=Severity.WARNING,
    title="A quotation that was read only in somebody else's text",
    reason="The press shortens and smooths what people say. Only the speaker's own page, or that "
    "of their office, shows the words as they were said.",
    hint="look for the speaker's own page; then write checked: publisher, its address and the day",
    fails="""\
quotes:
  guterres-2023: {checked: third-party}
""",
    passes="""\
quotes:
  guterres-2023: {checked: publisher}
""",
    check=_quote_third_party,
)

# ── consents ──────────────────────────────────────────────────────────────────────────────────────

_Material = Quote | Picture


def _material(slide: Slide) -> tuple[str, _Material] | None:
    """What somebody gave for this slide, with the key of its group in the calendar."""
    match slide.content:
        case QuoteContent():
            return "quotes", slide.content.quote
        case PhotoContent():
            return "pictures", slide.content.picture
    return None


def _given(campaign: Campaign) -> Iterator[tuple[Post, KeyPath, _Material]]:
    """Every use of somebody's words or picture: in which post, and where the post names it."""
    for post in campaign.posts.values():
        for path, slide in slides(campaign, post):
            if given := _material(slide):
                group, material = given
                key = ("quote",) if group == "quotes" else ("photo", "picture")
                yield post, (*path, *key), material


def _users(campaign: Campaign, kind: type[_Material]) -> dict[str, tuple[str, ...]]:
    """The posts that use each quote or picture, by its id."""
    found: dict[str, list[str]] = {}
    for post, _, material in _given(campaign):
        if isinstance(material, kind):
            found.setdefault(material.id, []).append(post.id)
    return {id_: distinct(posts) for id_, posts in found.items()}


def _called(material: _Material) -> str:
    return f'{"the quote" if isinstance(material, Quote) else "the picture"} "{material.id}"'


def _consented(campaign: Campaign) -> Iterator[tuple[Post, KeyPath, _Material, Consent]]:
    for post, path, material in _given(campaign):
        if material.consent is not None:
            yield post, path, material, material.consent


def _survivor(campaign: Campaign, _: date) -> Iterator[Found]:
    for post, path, material in _given(campaign):
        if material.survivor and material.consent is None:
            yield Found(
                path=path,
                message=f"{_called(material)} is a survivor's, and no consent is named for it",
                posts=(post.id,),
            )


SURVIVOR_CONSENT = Lint(
    code="survivor-consent",
    severity=Severity.ERROR,
    title="A survivor's words or picture without a consent",
    reason="“Each survivor has the right to decide who should know their story and how will it be "
    "used” (Quick Guide, Media Coverage of GBV). Under the GDPR, too, nothing may be published "
    "without it.",
    hint="ask first; then write the consent below consents (an id, never a name) and name it here",
    fails="""\
quotes:
  a-survivor:
    words: Nobody asked me what I needed. One day somebody did.
    language: en
    speaker: A survivor
    role: Italy
    source: {publisher: Us, title: Conversation, year: "2026", address: "https://example.org/"}
    checked: publisher
    checked_on: "2026-11-20"
    survivor: "yes"
posts:
  listen:
    quote: a-survivor
    alt: >-
      A quotation. “Nobody asked me what I needed. One day somebody did.” A survivor, Italy.
""",
    passes="""\
consents:
  story-of-march: {scope: "This quotation, in the 16 Days 2026", until: "2027-03-31"}
quotes:
  a-survivor:
    words: Nobody asked me what I needed. One day somebody did.
    language: en
    speaker: A survivor
    role: Italy
    source: {publisher: Us, title: Conversation, year: "2026", address: "https://example.org/"}
    checked: publisher
    checked_on: "2026-11-20"
    survivor: "yes"
    consent: story-of-march
posts:
  listen:
    quote: a-survivor
    alt: >-
      A quotation. “Nobody asked me what I needed. One day somebody did.” A survivor, Italy.
""",
    check=_survivor,
)


def _withdrawn(campaign: Campaign, on: date) -> Iterator[Found]:
    for post, path, material, consent in _consented(campaign):
        if consent.withdrawn and consent.withdrawn <= max(on, campaign.date_of(post.day)):
            yield Found(
                path=path,
                message=f"the consent to {_called(material)} is withdrawn since "
                f"{consent.withdrawn}",
                posts=(post.id,),
            )


CONSENT_WITHDRAWN = Lint(
    code="consent-withdrawn",
    severity=Severity.ERROR,
    title="The consent was withdrawn",
    reason="Whoever agreed may change their mind at any time, without giving a reason (GDPR, "
    "article 7). What is not public yet must not become so.",
    hint="take it out of the post; posts that are public already must be taken down as well",
    fails="""\
consents:
  lights: {scope: "This picture, in the 16 Days 2026", until: "2027-03-31", withdrawn: "2026-11-21"}
pictures:
  lights: {consent: lights}
""",
    passes="""\
consents:
  lights: {scope: "This picture, in the 16 Days 2026", until: "2027-03-31"}
pictures:
  lights: {consent: lights}
""",
    check=_withdrawn,
)


def _ended(campaign: Campaign, _: date) -> Iterator[Found]:
    for post, path, material, consent in _consented(campaign):
        if consent.until < (due := campaign.date_of(post.day)):
            yield Found(
                path=path,
                message=f"the consent to {_called(material)} ends on {consent.until}, and the post "
                f"goes out on {due}",
                posts=(post.id,),
            )


CONSENT_ENDED = Lint(
    code="consent-ended",
    severity=Severity.ERROR,
    title="The consent ends before the post goes out",
    reason="A consent holds for what was agreed, and for as long as was agreed.",
    hint="ask again, and write the new day below consents, until; or take it out of the post",
    fails="""\
consents:
  lights: {scope: "This picture, in the 16 Days 2026", until: "2026-11-27"}
pictures:
  lights: {consent: lights}
""",
    passes="""\
consents:
  lights: {scope: "This picture, in the 16 Days 2026", until: "2027-03-31"}
pictures:
  lights: {consent: lights}
""",
    check=_ended,
)


def _elsewhere(campaign: Campaign, _: date) -> Iterator[Found]:
    for post, path, material, consent in _consented(campaign):
        others = [name for name in post.accounts if name not in consent.accounts]
        if consent.accounts and others:
            listed = ", ".join(f'"{name}"' for name in others)
            yield Found(
                path=path,
                message=f"the consent to {_called(material)} does not cover the "
                f"account{'s' if len(others) > 1 else ''} {listed}",
                posts=(post.id,),
            )


CONSENT_ACCOUNT = Lint(
    code="consent-account",
    severity=Severity.ERROR,
    title="The consent does not cover an account of the post",
    reason="Where and when it will appear is part of what somebody agrees to. A page that family "
    "or colleagues read can make a place unsafe.",
    hint="write accounts: […] in the post, with those of the consent only; or ask again",
    fails="""\
consents:
  lights: {scope: "Only on our own page", until: "2027-03-31", accounts: [archive]}
pictures:
  lights: {consent: lights}
""",
    passes="""\
consents:
  lights: {scope: "Only on our own page", until: "2027-03-31", accounts: [archive]}
pictures:
  lights: {consent: lights}
posts:
  remember: {accounts: [archive]}
""",
    check=_elsewhere,
)

_SOON = timedelta(days=14)


def _expiring(campaign: Campaign, on: date) -> Iterator[Found]:
    users: dict[str, list[str]] = {}
    for post, _, _, consent in _consented(campaign):
        if on <= consent.until <= on + _SOON and campaign.date_of(post.day) <= consent.until:
            users.setdefault(consent.id, []).append(post.id)
    for id_, posts in users.items():
        yield Found(
            path=("consents", id_, "until"),
            message=f"it ends on {campaign.consents[id_].until}; its posts stay public longer",
            posts=distinct(posts),
        )


CONSENT_EXPIRING = Lint(
    code="consent-expiring",
    severity=Severity.WARNING,
    title="A consent ends within two weeks",
    reason="A post does not go away by itself when the consent to it ends. Records scattered over "
    "folders are how this is forgotten.",
    hint="ask whether it may stay, or note the day on which its posts are taken down",
    fails="""\
consents:
  lights: {scope: "This picture, in the 16 Days 2026", until: "2026-12-03"}
pictures:
  lights: {consent: lights}
""",
    passes="""\
consents:
  lights: {scope: "This picture, in the 16 Days 2026", until: "2027-03-31"}
pictures:
  lights: {consent: lights}
""",
    check=_expiring,
)
