"""Next year's calendar: this year's text with a new first day and a new id, comments and all.

The text is edited at the two places where these values stand, and nowhere else. What else belongs
to the year that was is not guessed at; it is listed, for a person.
"""

from __future__ import annotations

import calendar
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import get_args

import yaml

from scheduler.calendar.reading import LOADER
from scheduler.calendar.scalars import Identifier
from scheduler.errors import Problem, UserError
from scheduler.model import Campaign, Checked, Consent, Fact, Helpline, Place, Quote, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class ToVerify:
    """Something that held last year, and must be looked at again before it is said."""

    #: "helpline", "fact", "quote", "picture" or "consent".
    kind: str
    id: str
    place: Place
    #: What is known of it: "read at the publisher's on 2026-11-22".
    what: str
    #: Where to look, or "".
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stale:
    """A line that seems to speak of the year that was."""

    place: Place
    text: str


def rolled(text: str, campaign: Campaign, *, first_day: date, id_: str) -> str:
    """The calendar's text with the new first day and id.

    Raises `UserError` when the new edition cannot be told from this one, or when one of the two is
    not written in one piece behind its key.
    """
    if problems := tuple(_refusals(campaign, first_day, id_)):
        raise UserError(problems)
    new = {"first_day": first_day.isoformat(), "id": id_}
    lines = text.splitlines(keepends=True)
    for key, value in new.items():
        place = campaign.places.value("campaign", key)
        number, start = place.line - 1, place.column - 1
        line = lines[number]
        scalar = _SCALAR.match(line, start)
        if scalar is None:
            raise UserError([_in_pieces(place, key, value)])
        lines[number] = f"{line[:start]}{value}{line[scalar.end() :]}"
    return "".join(lines)


def _refusals(campaign: Campaign, first_day: date, id_: str) -> Iterator[Problem]:
    if not re.fullmatch(get_args(Identifier)[-1].pattern, id_):
        yield _refused(
            campaign,
            "id",
            f'"{id_}" cannot be an id',
            "use small letters a–z, digits and hyphens, at most 64",
        )
    if id_ == campaign.id:
        yield _refused(
            campaign,
            "id",
            f'"{id_}" is the id of this edition already, and everything published hangs on it',
            "give the new edition another one, such as the name with the year",
        )
    if first_day <= campaign.first_day:
        yield _refused(
            campaign,
            "first_day",
            f"{first_day} is not after the first day of this edition",
            "name the first day of the next edition",
        )


def _refused(campaign: Campaign, key: str, message: str, hint: str) -> Problem:
    return _problem(campaign.places.value("campaign", key), message, hint)


#: An id or a date, with or without quotation marks.
_SCALAR = re.compile(r"""(["']?)[\w:.+-]+\1(?=[\s,}]|$)""")


def _in_pieces(place: Place, key: str, value: str) -> Problem:
    return _problem(
        place,
        f'"{key}" cannot be replaced here, since it is not written in one piece',
        f"write it behind its key, in one line, such as {key}: {value}",
    )


def _problem(place: Place, message: str, hint: str) -> Problem:
    return Problem(
        file=place.file,
        line=place.line,
        column=place.column,
        code="not-rolled",
        message=message,
        hint=hint,
    )


# ── to verify again ───────────────────────────────────────────────────────────────────────────────


def to_verify(campaign: Campaign) -> tuple[ToVerify, ...]:
    """Every helpline, fact and consent, and the quotes and pictures that hang on a consent."""
    return (
        *(_helpline(campaign, helpline) for helpline in campaign.helplines.values()),
        *(_fact(campaign, fact) for fact in campaign.facts.values()),
        *(_consent(campaign, consent) for consent in campaign.consents.values()),
        *(_quote(campaign, quote) for quote in campaign.quotes.values() if quote.consent),
        *(
            ToVerify(
                kind="picture",
                id=picture.id,
                place=campaign.places.key("pictures", picture.id),
                what=f'hangs on the consent "{picture.consent.id}"',
            )
            for picture in campaign.pictures.values()
            if picture.consent
        ),
    )


def _helpline(campaign: Campaign, helpline: Helpline) -> ToVerify:
    when = f"verified on {helpline.verified_on}" if helpline.verified_on else "never verified"
    return ToVerify(
        kind="helpline",
        id=helpline.id,
        place=campaign.places.key("helplines", helpline.id),
        what=f"{helpline.number} ({helpline.country}), {when}",
        address=helpline.address,
    )


def _fact(campaign: Campaign, fact: Fact) -> ToVerify:
    replaced = f', superseded by "{fact.superseded_by}"' if fact.superseded_by else ""
    return ToVerify(
        kind="fact",
        id=fact.id,
        place=campaign.places.key("facts", fact.id),
        what=f"{fact.figure}, of {fact.year}, {_read(fact.checked, fact.checked_on)}{replaced}",
        address=fact.source.address,
    )


def _consent(campaign: Campaign, consent: Consent) -> ToVerify:
    end = f"withdrawn on {consent.withdrawn}" if consent.withdrawn else f"until {consent.until}"
    return ToVerify(
        kind="consent",
        id=consent.id,
        place=campaign.places.key("consents", consent.id),
        what=f"{end}: {consent.scope}",
    )


def _quote(campaign: Campaign, quote: Quote) -> ToVerify:
    source: Source = quote.source
    consent = f', hangs on the consent "{quote.consent.id}"' if quote.consent else ""
    return ToVerify(
        kind="quote",
        id=quote.id,
        place=campaign.places.key("quotes", quote.id),
        what=f"{quote.speaker}, {_read(quote.checked, quote.checked_on)}{consent}",
        address=source.address,
    )


def _read(checked: Checked, on: date) -> str:
    whose = "at the publisher's" if checked is Checked.PUBLISHER else "only elsewhere"
    return f"read {whose} on {on}"


# ── stale lines ───────────────────────────────────────────────────────────────────────────────────

_NAMES = "|".join((*calendar.day_name, *calendar.month_name[1:]))
#: A weekday, a month, or a date in figures.
_DATED = re.compile(
    rf"\b(?:{_NAMES})\b|\b\d{{4}}-\d\d-\d\d\b|\b\d{{1,2}}[./]\d{{1,2}}[./](?:\d{{4}}\b)?"
)
#: Whose dates say when something was read or agreed: they are verified, and not stale.
_KEEPS_DATES = ("facts", "quotes", "pictures", "consents", "helplines")


def stale_comments(text: str, campaign: Campaign) -> tuple[Stale, ...]:
    """Comments that name a weekday, a date or the year of the campaign's first day."""
    year = str(campaign.first_day.year)
    return tuple(
        comment
        for comment in _comments(text, campaign.places.file)
        if _DATED.search(comment.text) or year in comment.text
    )


def stale_values(text: str, campaign: Campaign) -> tuple[Stale, ...]:
    """Lines of values that name the year of the campaign's first day, embargoes among them."""
    year = re.compile(rf"{campaign.first_day.year}(?!\d)")
    own = {campaign.places.value("campaign", key).line for key in ("id", "first_day")}
    comments = {comment.place.line: comment.place.column for comment in _comments(text, "")}
    return tuple(
        Stale(place=place, text=line.strip())
        for number, line in _said(text, campaign)
        if number not in own
        and (found := year.search(line[: comments.get(number, len(line) + 1) - 1]))
        and (place := _at(campaign, number, found.start()))
    )


def _said(text: str, campaign: Campaign) -> Iterator[tuple[int, str]]:
    """The lines of everything but what keeps dates of its own."""
    lines = text.splitlines()
    sections = sorted(
        (place.line, str(path[0])) for path, place in campaign.places.keys.items() if len(path) == 1
    )
    for (begin, name), (end, _) in pairwise([*sections, (len(lines) + 1, "")]):
        if name not in _KEEPS_DATES:
            yield from enumerate(lines[begin - 1 : end - 1], begin)


def _at(campaign: Campaign, line: int, start: int) -> Place:
    return Place(file=campaign.places.file, line=line, column=start + 1)


def _comments(text: str, file: str) -> Iterator[Stale]:
    """Every comment. A # inside a text is none, so the parser is asked where texts stand."""
    scalars = [
        (token.start_mark.index, token.end_mark.index)
        for token in yaml.scan(text, Loader=LOADER)
        if isinstance(token, yaml.ScalarToken)
    ]
    start = 0
    for number, line in enumerate(text.splitlines(keepends=True), 1):
        for mark in re.finditer(r"(?:^|(?<=\s))#", line):
            if not _inside(scalars, start + mark.start()):
                place = Place(file=file, line=number, column=mark.start() + 1)
                yield Stale(place=place, text=line[mark.start() :].strip())
                break
        start += len(line)


def _inside(spans: list[tuple[int, int]], at: int) -> bool:
    """Whether one of the sorted spans holds the character."""
    before = bisect_right(spans, at, key=lambda span: span[0])
    return bool(before) and at < spans[before - 1][1]
