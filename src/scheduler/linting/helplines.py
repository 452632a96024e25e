"""Helplines: a wrong number is the worst mistake that this program can help to make."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

from scheduler.errors import Severity
from scheduler.linting.findings import Found, Lint
from scheduler.linting.speaking import REMEMBERED, Text, texts
from scheduler.model import Audience, Campaign, Checked, Helpline, KeyPath, Post


def _users(campaign: Campaign) -> dict[str, tuple[str, ...]]:
    """The posts that name each helpline, by its id."""
    found: dict[str, list[str]] = {}
    for post in campaign.posts.values():
        if post.helpline is not None:
            found.setdefault(post.helpline.id, []).append(post.id)
    return {id_: tuple(posts) for id_, posts in found.items()}


# ── verified ──────────────────────────────────────────────────────────────────────────────────────


def _doubt(helpline: Helpline) -> tuple[str, str] | None:
    """What is missing before the number may be shown, and the key where it belongs."""
    if helpline.verified is Checked.THIRD_PARTY:
        return "verified", "was read only where somebody else repeats it"
    if not helpline.verified_by:
        return "verified_by", "does not say who verified it"
    if helpline.verified_on is None:
        return "verified_on", "does not say when it was verified"
    return None


def _unverified(campaign: Campaign, _: date) -> Iterator[Found]:
    for id_, users in _users(campaign).items():
        helpline = campaign.helplines[id_]
        if doubt := _doubt(helpline):
            key, what = doubt
            yield Found(
                path=("helplines", id_, key),
                message=f"the number {helpline.number} {what}",
                posts=users,
            )


HELPLINE_UNVERIFIED = Lint(
    code="helpline-unverified",
    severity=Severity.ERROR,
    title="A helpline that nobody verified",
    reason="Numbers change and resemble one another: 116 016 is the women's line in one country, "
    "116 006 in the next, and 116 117 a medical service. Government pages still showed a Polish "
    "line's old number years later. Somebody in danger has one call.",
    hint="open the helpline's own page, call the number, then write verified: publisher, "
    "verified_by (a role) and verified_on (the day)",
    fails="""\
helplines:
  germany: {verified: third-party}
""",
    passes="""\
helplines:
  germany: {verified: publisher, verified_by: Network office, verified_on: "2026-11-20"}
""",
    check=_unverified,
)

_FRESH = timedelta(days=60)


def _old(campaign: Campaign, on: date) -> Iterator[Found]:
    for id_, users in _users(campaign).items():
        verified = campaign.helplines[id_].verified_on
        if verified is not None and on - verified > _FRESH:
            yield Found(
                path=("helplines", id_, "verified_on"),
                message=f"the number {campaign.helplines[id_].number} was verified "
                f"{(on - verified).days} days ago, on {verified}",
                posts=users,
            )


HELPLINE_OLD = Lint(
    code="helpline-old",
    severity=Severity.WARNING,
    title="A helpline was verified more than two months ago",
    reason="All numbers must be verified by a person before every campaign. Germany's changed in "
    "June 2023, and a brochure of 2016 still shows the old one.",
    hint="call the number again, then write today's date as verified_on",
    fails="""\
helplines:
  germany: {verified_on: "2026-08-01"}
""",
    passes="""\
helplines:
  germany: {verified_on: "2026-11-20"}
""",
    check=_old,
)

# ── for whom ──────────────────────────────────────────────────────────────────────────────────────


def _country(campaign: Campaign, _: date) -> Iterator[Found]:
    country = campaign.rules.country
    for post in campaign.posts.values() if country else ():
        if post.helpline is not None and post.helpline.country != country:
            yield Found(
                path=("posts", post.id, "helpline"),
                message=f'the helpline "{post.helpline.id}" belongs to {post.helpline.country}, '
                f"and the campaign is for {country}",
                posts=(post.id,),
            )


HELPLINE_COUNTRY = Lint(
    code="helpline-country",
    severity=Severity.ERROR,
    title="A helpline of another country",
    reason="The same number reaches somebody else across the border: 116 117 is the doctors' line "
    "in Germany and the women's line in Albania.",
    hint="name a helpline of the campaign's country; for several countries leave out "
    "campaign.country",
    fails="""\
campaign: {country: IT}
""",
    passes="""\
campaign: {country: DE}
""",
    check=_country,
)

_AUDIENCE = {
    Audience.SURVIVORS: "for survivors",
    Audience.PEOPLE_USING_VIOLENCE: "for people who use violence",
}


def _lines(campaign: Campaign) -> dict[str, Helpline]:
    """The calendar's helplines by the digits of their numbers."""
    lines = {_digits(line.number): line for line in campaign.helplines.values()}
    return {digits: line for digits, line in lines.items() if digits}


def _audience(campaign: Campaign, _: date) -> Iterator[Found]:
    known = _lines(campaign)
    for post in campaign.posts.values() if len(known) > 1 else ():
        seen = post.helpline
        for text in texts(campaign, post):
            for number in _numbers(text.words, frozenset(known)):
                line = known.get(_digits(number))
                if line is None:
                    continue
                if seen is not None and line.audience is not seen.audience:
                    yield _mixed(post, text, line, seen)
                seen = seen or line


def _mixed(post: Post, text: Text, line: Helpline, other: Helpline) -> Found:
    return Found(
        path=text.path,
        message=f"{line.number} is a line {_AUDIENCE[line.audience]}, and the post also gives "
        f"{other.number}, {_AUDIENCE[other.audience]}",
        posts=(post.id,),
    )


HELPLINE_AUDIENCE = Lint(
    code="helpline-audience",
    severity=Severity.ERROR,
    title="Helplines for survivors and for people who use violence in one post",
    reason="Whoever looks for help in haste dials the first number. A survivor must not reach the "
    "line for perpetrators, and nobody may think that both are spoken to alike.",
    hint="make two posts of it, each with one helpline",
    fails="""\
posts:
  begin:
    helpline: germany
    text: >-
      He answers for what he does, and her safety comes first. Men who use violence can call
      0808 157 0123.
""",
    passes="""\
posts:
  begin:
    helpline: for-men
    text: >-
      He answers for what he does, and her safety comes first. Men who use violence can call
      the line below.
""",
    check=_audience,
)

# ── numbers in the text ───────────────────────────────────────────────────────────────────────────

_BLANK = "[ \u00a0\u2009\u202f]"
#: Digits with what stands between the groups of a telephone number; not in a word or an amount.
_RUN = re.compile(
    rf"(?<![\w€$£#:.,+])\+?\(?\d+(?:(?:{_BLANK}?[()/\u2010-\u2015-]{{1,2}}{_BLANK}?|{_BLANK}|\.)\d+)*"
    r"(?![\w%])"
)
_SEPARATORS = re.compile(r"[\s()/.\u2010-\u2015+-]+")
#: Taken out first: addresses, hashtags, dates, hours, amounts with a comma, decimals, years.
_OTHER = re.compile(
    r"""https?://\S+ | \bwww\.\S+ | (?<!\S)\S+@\S+ | \#\w+
    | \b\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d\d)\b | \b\d{4}-\d\d-\d\d\b
    | \b\d{1,2}:\d\d\b
    | \b\d{1,3}(?:,\d{3})+\b | \b[1-9]\d{0,2}(?:\.\d{3})+\b(?!\.)
    | \b\d+[.,]\d{1,2}\b(?![.\d]) | \b0[.,]\d+\b(?![.\d])
    | \b(?:19|20)\d\d\s?[\u2010-\u2015/-]\s?(?:(?:19|20)\d\d|\d\d)\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
#: Words after which even a short number is one to dial.
_DIAL = re.compile(
    r"""\b(?:call|calls|dial|phone|ring|text|tel|telephone|helpline|hotline|line|number|whatsapp|sms
    |ruf\w*|anruf\w*|wähl\w*|telefon\w*|hilfetelefon|nummer|chiam\w*|numero
    |appel\w*|composez|numéro|llam\w*|teléfono|marca|nazov\w*|pozov\w*|broj)
    \W{1,3}(?:[^\W\d_]+[ ,]){0,3}$""",
    re.VERBOSE | re.IGNORECASE,
)
#: Words behind a number that is counted, not dialled.
_COUNTED = re.compile(
    r"""\s+(?:calls?|women|men|girls|boys|people|persons|victims?|survivors|children|cases|times
    |million|billion|thousand|per|percent|euros?|years?|days?|hours?|weeks?|months?|countries|states
    |cities|towns|mayors|organi[sz]ations|groups|shelters|beds|places|languages|programmes?|members
    |participants|interviews|posts|a\s(?:day|year|week|month)
    |frauen|männer|kinder|opfer|anrufe|donne|uomini|chiamate|femmes|hommes|appels)\b""",
    re.VERBOSE | re.IGNORECASE,
)
_DECIMAL = re.compile(r"\d")
_YEARLIKE = re.compile(r"(?:19|20)\d\d")
#: The emergency number of the whole EU may be named anywhere.
_EMERGENCY = "112"
_SHORTEST, _LONG, _VERY_LONG = 3, 7, 9


def _digits(number: str) -> str:
    return "".join(letter for letter in number if letter.isdecimal())


@lru_cache(maxsize=REMEMBERED)
def _numbers(text: str, known: frozenset[str]) -> tuple[str, ...]:
    """What looks like a number to dial."""
    return tuple(_dialling(text, known)) if _DECIMAL.search(text) else ()


def _dialling(text: str, known: frozenset[str]) -> Iterator[str]:
    bare = _OTHER.sub(lambda match: match[0] if _digits(match[0]) in known else " ; ", text)
    for match in _RUN.finditer(bare):
        digits = _digits(match[0])
        if digits in known or _dialled(match[0], bare[: match.start()], bare[match.end() :]):
            yield match[0].strip()


def _dialled(number: str, before: str, after: str) -> bool:
    """Whether a number that no helpline has is still one to dial, as its form and its words go."""
    digits, groups = _digits(number), [group for group in _SEPARATORS.split(number) if group]
    if len(digits) < _SHORTEST or digits == _EMERGENCY or _range(groups):
        return False
    if number.startswith(("0", "+", "(0")):
        return True
    if digits.startswith("116") and len(digits) == len("116016"):
        return True
    if _COUNTED.match(after):
        return False
    return bool(_DIAL.search(before[-60:])) or _grouped(digits, groups)


def _range(groups: list[str]) -> bool:
    """18-74, 24/7, 2021-2022: years, or from here to there."""
    if all(_YEARLIKE.fullmatch(group) for group in groups):
        return True
    return len(groups) == len("ab") and all(len(group) < _SHORTEST for group in groups)


def _grouped(digits: str, groups: list[str]) -> bool:
    """801 120 002 and 800 60 50 80, but neither 840 000 000 nor 265 942."""
    if all(len(group) == len("000") for group in groups[1:]):
        return len(digits) >= _VERY_LONG and not digits.endswith("000")
    return len(groups) > len("ab") and len(digits) >= _LONG


def _in_text(campaign: Campaign, _: date) -> Iterator[Found]:
    known = _lines(campaign)
    listed = frozenset(known)
    for post in campaign.posts.values():
        own = _digits(post.helpline.number) if post.helpline else ""
        for text in texts(campaign, post):
            for number in _numbers(text.words, listed):
                line = known.get(_digits(number))
                # The number of a line for others is said by helpline-audience.
                mixed = line and post.helpline and line.audience is not post.helpline.audience
                if _digits(number) != own and not mixed:
                    yield _stray(post, text.path, number, line)
    for number in _numbers(campaign.brand.help, listed):
        line = known.get(_digits(number))
        if line is None or not line.sure:
            yield Found(
                path=("brand", "help"),
                message=f"“{number}” looks like a telephone number, and no verified helpline of "
                "this calendar has it",
                posts=tuple(campaign.posts),
            )


def _stray(post: Post, path: KeyPath, number: str, line: Helpline | None) -> Found:
    if line is None:
        message = (
            f"“{number}” looks like a telephone number, and no helpline of this calendar has it"
        )
        return Found(path=path, message=message, posts=(post.id,))
    return Found(
        path=path,
        message=f'“{number}” is the helpline "{line.id}", which this post does not name',
        posts=(post.id,),
        hint=f"write helpline: {line.id} in the post, and leave the number out of the words",
    )


HELPLINE_NUMBER_IN_TEXT = Lint(
    code="helpline-number-in-text",
    severity=Severity.ERROR,
    title="A telephone number that no helpline of the post vouches for",
    reason="A number that is typed into a text is verified by nobody, and stays there when the "
    "line changes. In 2021 a police force had to reissue an image for its helpline numbers.",
    hint="write the line below helplines, verify it, name it in the post with helpline, and leave "
    "the number out of the words; if it is no telephone number, write it with commas (116,016)",
    fails="""\
posts:
  listen:
    text: Listening comes first. Her safety is the measure. Call 116 006 at any hour.
""",
    passes="""\
posts:
  listen:
    helpline: germany
    text: Listening comes first. Her safety is the measure. Call the line below at any hour.
""",
    check=_in_text,
)
