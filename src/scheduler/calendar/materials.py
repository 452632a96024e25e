"""What posts are made of: consents, facts, quotes, pictures and helplines, looked up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scheduler.calendar import converting
from scheduler.calendar.looking_up import Lookup
from scheduler.calendar.schema import ConsentForm, FactForm, PictureForm, QuoteForm
from scheduler.model import Consent, Fact, Helpline, KeyPath, Picture, Quote, TranslatedWords


@dataclass(frozen=True, slots=True, kw_only=True)
class Materials:
    """Each by its id."""

    consents: Mapping[str, Consent]
    facts: Mapping[str, Fact]
    quotes: Mapping[str, Quote]
    pictures: Mapping[str, Picture]
    helplines: Mapping[str, Helpline]


def materials(lookup: Lookup) -> Materials:
    """All that the calendar says of them, whether a post shows it or not."""
    form = lookup.form
    consents = {id_: _consent(lookup, id_, consent) for id_, consent in form.consents.items()}
    return Materials(
        consents=consents,
        facts={id_: _fact(lookup, id_, fact) for id_, fact in form.facts.items()},
        quotes={id_: _quote(lookup, id_, quote, consents) for id_, quote in form.quotes.items()},
        pictures={
            id_: _picture(lookup, id_, picture, consents) for id_, picture in form.pictures.items()
        },
        helplines={
            id_: converting.helpline(id_, helpline) for id_, helpline in form.helplines.items()
        },
    )


def _consent(lookup: Lookup, id_: str, form: ConsentForm) -> Consent:
    for number, name in enumerate(form.accounts):
        path: KeyPath = ("consents", id_, "accounts", number)
        lookup.account(path, name)
    return Consent(
        id=id_,
        scope=form.scope,
        until=form.until,
        accounts=tuple(
            lookup.speaker.member.account(name) if name in lookup.form.accounts else name
            for name in form.accounts
        ),
        withdrawn=form.withdrawn,
    )


def _fact(lookup: Lookup, id_: str, form: FactForm) -> Fact:
    if form.superseded_by is not None:
        path: KeyPath = ("facts", id_, "superseded_by")
        others = {other: True for other in lookup.form.facts if other != id_}
        lookup.named(path, "fact", form.superseded_by, others)
    return Fact(
        id=id_,
        figure=form.figure,
        statement=form.statement,
        population=form.population,
        year=form.year,
        source=converting.source(form.source),
        checked=form.checked,
        checked_on=form.checked_on,
        caveat=form.caveat,
        chart=converting.chart(form.chart) if form.chart else None,
        superseded_by=form.superseded_by or "",
        review_by=form.review_by,
    )


def _quote(lookup: Lookup, id_: str, form: QuoteForm, consents: Mapping[str, Consent]) -> Quote:
    return Quote(
        id=id_,
        words=form.words,
        language=form.language,
        speaker=form.speaker,
        role=form.role,
        source=converting.source(form.source),
        checked=form.checked,
        checked_on=form.checked_on,
        survivor=form.survivor,
        consent=_given(lookup, ("quotes", id_), form.consent, consents),
        in_translation=_in_translation(lookup, form),
    )


def _in_translation(lookup: Lookup, form: QuoteForm) -> TranslatedWords | None:
    words = form.in_translation
    if words is None:
        return None
    language = lookup.form.campaign.language
    return TranslatedWords(words=words.words, language=language, translator=words.translator)


def _picture(
    lookup: Lookup, id_: str, form: PictureForm, consents: Mapping[str, Consent]
) -> Picture:
    return Picture(
        id=id_,
        file=lookup.file(("pictures", id_, "file"), form.file),
        credit=form.credit,
        licence=form.licence,
        survivor=form.survivor,
        consent=_given(lookup, ("pictures", id_), form.consent, consents),
    )


def _given(
    lookup: Lookup, path: KeyPath, id_: str | None, known: Mapping[str, Consent]
) -> Consent | None:
    return None if id_ is None else lookup.named((*path, "consent"), "consent", id_, known)
