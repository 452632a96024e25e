"""Dates and times as people type them: 25.11., Nov 25, 3/12/2026, 9h30, 5 pm.

A date that can be read in two ways is given in both: which one is meant, only the others can say.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date

_NAMES = """
jan january januar janner janvier gennaio enero ιανουαριου ιανουαριος januara sijecnja januara јануар stycznia leden ledna jaanuar
feb february februar fevrier febbraio febrero φεβρουαριου φεβρουαριος februara veljace фебруар lutego unor unora veebruar
mar march marz mars marzo μαρτιου μαρτιος mart marta ozujka март marca brezen brezna marts
apr april avril aprile abril απριλιου απριλιος aprila travnja април kwietnia duben dubna aprill
may mai maggio mayo μαιου μαιος maj maja svibnja мај maja kveten kvetna
jun june juni juin giugno junio ιουνιου ιουνιος jun juna lipnja јун czerwca cerven cervna juuni
jul july juli juillet luglio julio ιουλιου ιουλιος jula srpnja јул lipca cervenec cervence juuli
aug august aout agosto αυγουστου αυγουστος avgust avgusta kolovoza август sierpnia srpen srpna
sep sept september septembre settembre septiembre σεπτεμβριου σεπτεμβριος septembar septembra rujna септембар wrzesnia zari
oct october oktober okt octobre ottobre octubre οκτωβριου οκτωβριος oktobar oktobra октобар pazdziernika rijen rijna oktoober
nov november novembre noviembre νοεμβριου νοεμβριος novembar novembra studenog studenoga studeni новембар новембра listopada listopad listopadu
dec december dezember dez decembre dicembre diciembre dic δεκεμβριου δεκεμβριος decembar decembra prosinca децембар децембра grudnia prosinec prosince detsember
"""  # noqa: E501
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_FIGURES = re.compile(r"(\d{1,2})\s*[./-]\s*(\d{1,2})\s*[./-]?(?:\s*(\d{4}|\d{2})\b)?\.?")
_DAY_FIRST = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|er|o|e|\.|º|ª)?(?:\s+(?:of|de|di))?\s+([^\W\d]{3,})"
)
_MONTH_FIRST = re.compile(r"([^\W\d]{3,})\.?\s+(\d{1,2})(?:st|nd|rd|th)?\b")
_YEAR = re.compile(r"\b(20\d\d)\b")
_TIME = re.compile(
    r"(?<![\d./-])([01]?\d|2[0-4])(?:\s*[:.h]\s*([0-5]\d)(?::[0-5]\d)?|\s*(?:h|uhr|hrs?|ore|ωρα)\b"
    r"|(?=\s*[ap]\.?\s?m\b))\s*(?:h|uhr|hrs?)?\s*([ap])?\.?\s?(?:m\b)?",
    re.IGNORECASE,
)


def plain(text: str) -> str:
    """In small letters and without accents."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


_MONTHS = {
    plain(name): number
    for number, line in enumerate(_NAMES.strip().splitlines(), 1)
    for name in line.split()
}


def dates_of(text: str, year: int | None) -> frozenset[date]:
    """Every date that the text may mean. `year` is what is meant where none is written."""
    words = plain(text)
    if found := _ISO.search(words):
        return frozenset(_real(int(found[1]), int(found[2]), int(found[3])))
    if found := _FIGURES.search(words):
        written = int(found[3]) if found[3] else year
        if written is None:
            return frozenset()
        full = written if written > 99 else 2000 + written  # noqa: PLR2004 (two figures of a year)
        one, two = int(found[1]), int(found[2])
        # With points it is never the American order.
        orders = ((two, one),) if "." in found[0] else ((two, one), (one, two))
        return frozenset(each for order in orders for each in _real(full, *order))
    return frozenset(_named(words, year))


def _named(words: str, year: int | None) -> Iterator[date]:
    said = _YEAR.search(words)
    full = int(said[1]) if said else year
    for found in _DAY_FIRST.finditer(words):
        if full and found[2] in _MONTHS:
            yield from _real(full, _MONTHS[found[2]], int(found[1]))
            return
    for found in _MONTH_FIRST.finditer(words):
        if full and found[1] in _MONTHS:
            yield from _real(full, _MONTHS[found[1]], int(found[2]))
            return


def _real(year: int, month: int, day: int) -> Iterator[date]:
    try:
        yield date(year, month, day)
    except ValueError:
        return


def years_in(text: str) -> frozenset[int]:
    """The years that are written out."""
    return frozenset(each.year for each in dates_of(text, None))


def time_of(text: str) -> str:
    """A time of day as a calendar writes it, or ""."""
    found = _TIME.search(plain(text).strip())
    if not found:
        return ""
    hour, minute = int(found[1]), int(found[2] or 0)
    half = (found[3] or "").lower()
    if half == "p" and hour < 12:  # noqa: PLR2004 (noon)
        hour += 12
    elif half == "a" and hour == 12:  # noqa: PLR2004
        hour = 0
    return f"{hour:02}:{minute:02}" if hour < 24 else ""  # noqa: PLR2004
