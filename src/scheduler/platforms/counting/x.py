"""X: weighted characters, an emoji at two, and every address at the same price.

Counted as X's own library does, twitter-text 3.1.0, down to what surprises: `file.py` is an
address, and an ellipsis weighs two. tests/platforms/test_counting_like_x.py asks that library.

https://docs.x.com/fundamentals/counting-characters
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from unicodedata import normalize

import regex

from scheduler.platforms.counting.x_tables import tables

X_URL = 23
_LIGHT, _HEAVY = 1, 2
_EMOJI = 2

_PAIR = regex.compile(r"[\ud800-\udbff][\udc00-\udfff]")
#: Code points that weigh one; all others weigh two.
_LIGHT_ONES = regex.compile(r"[\u0000-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]")

#: A link is no link when it is longer, in UTF-16 units, or when a part of its host is.
_LONGEST_LINK = 4096
_LONGEST_LABEL = 63
_LONGEST_SHORT_LINK = 40

_DIRECTIONS = r"\u202a-\u202e\u061c\u200e\u200f\u2066-\u2069"
_NOWHERE = r"\ufffe\ufeff\uffff"
_SPACES = r"\t-\r \x85\xa0\u1680\u180e\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
#: Letters of a path. The last ones are what the library takes without meaning to, because it
#: compares letters in upper case: iota for the iota that is a mark, say.
_LATIN = (
    r"\xc0-\xd6\xd8-\xf6\xf8-\xff\u0100-\u024f\u0253\u0254\u0256\u0257\u0259\u025b\u0263\u0268"
    r"\u026f\u0272\u0289\u028b\u02bb\u0300-\u036f\u1e00-\u1eff"
    r"\u0260\u0269\u0275\u0280\u0283\u0288\u028a\u028c\u0292\u0399\u03b9\u1fbe\u2c65\u2c66"
    r"\u2c7e\u2c7f\ua7dc"
)
_CYRILLIC = r"\u0400-\u04ff\u1c80-\u1c87"
#: Of a host: whatever is neither a sign of ASCII, nor a space, nor invisible.
_HOST = rf"[^\!'\#%&()*+,\\\-./:;<=>?@\[\]\^_{{|}}~${_SPACES}{_NOWHERE}{_DIRECTIONS}]"
_LABEL = rf"(?:(?:{_HOST}(?:-|{_HOST})*)?{_HOST}\.)"
_UPPER_LABEL = rf"(?:(?:{_HOST}(?:[_-]|{_HOST})*)?{_HOST}\.)"
_ENDING = r"(?:\L<endings>(?![0-9a-z@+-])|xn--[0-9a-z-]+)"
_PATH = rf"[a-z{_CYRILLIC}0-9!*';:=+,.$/%\#\[\]\-\u2013_~@|&{_LATIN}]"
_BRACKETS = rf"\((?:{_PATH}+|{_PATH}*\({_PATH}+\){_PATH}*)\)"
_PATH_END = rf"[+\-a-z{_CYRILLIC}0-9=_\#/{_LATIN}]"
_QUERY = r"\?[a-z0-9!?*'@();:&=+$/%\#\[\]\-_.,~|]*[a-z0-9\-_&=\#/]"

#: In small letters, as everything that it is held against.
_LINK = rf"""
    (?P<before> [^a-z0-9@＠$\#＃{_NOWHERE}] | ^ )
    (?P<link>
        (?P<scheme> https?:// )?
        (?P<host> {_UPPER_LABEL}*{_LABEL}{_ENDING} )
        (?: :[0-9]+ )?
        (?P<path> /(?: {_PATH}*(?:{_BRACKETS}{_PATH}*)*{_PATH_END} | {_BRACKETS} | @{_PATH}+/ )* )?
        (?: {_QUERY} )?
    )
"""
#: What of a host without a scheme is taken for an address: the Latin part.
_BARE_HOST = rf"(?:[a-z0-9{_LATIN}-]+\.)+{_ENDING}"
_GLUED = ("-", "_", ".", "/")
_FULL_STOPS = regex.compile("[\u3002\uff0e\uff61]")
_SHORT_LINK = regex.compile(rf"https?://t\.co/(?P<slug>[a-z0-9]+)(?:{_QUERY})?")


def x_length(text: str) -> int:
    """What X counts, of 280. Where nobody knows whether X would link, it is the larger count."""
    units = _units(normalize("NFC", text))
    known = _weight(units, _links(units, newer=False))
    if not any(f".{ending}" in _small(units) for ending in tables().newer_endings):
        return known
    return max(known, _weight(units, _links(units, newer=True)))


def x_links(text: str) -> tuple[str, ...]:
    """What X makes links of, as it is written, in the order of the text."""
    units = _units(normalize("NFC", text))
    return tuple(_text(units[start:end]) for start, end in _links(units, newer=True).items())


def _units(text: str) -> str:
    """In UTF-16, as the library reads: half an emoji before an address belongs to its host."""
    if all(each <= "\uffff" for each in text):
        return text
    encoded = text.encode("utf-16-le", "surrogatepass")
    return "".join(map(chr, memoryview(encoded).cast("H")))


def _text(units: str) -> str:
    return units.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def _weight(units: str, links: dict[int, int]) -> int:
    emoji = {found.start(): found.end() for found in _emoji().finditer(units)}
    weight = place = 0
    while place < len(units):
        if place in links:
            weight, place = weight + X_URL, links[place]
        elif place in emoji:
            weight, place = weight + _EMOJI, emoji[place]
        elif _PAIR.match(units, place):
            weight, place = weight + _HEAVY, place + 2
        else:
            weight += _LIGHT if _LIGHT_ONES.match(units, place) else _HEAVY
            place += 1
    return weight


def _links(units: str, *, newer: bool) -> dict[int, int]:
    """Where each link begins and ends, in the order of the text."""
    if "." not in units:
        return {}
    found = _link(newer).finditer(_small(units))
    return {start: end for each in found for start, end in _taken(each, newer=newer)}


def _taken(found: regex.Match[str], *, newer: bool) -> Iterator[tuple[int, int]]:
    if not _short_enough(found):
        return
    start, end = found.span("link")
    if found["scheme"]:
        short = _SHORT_LINK.match(found["link"])
        if short is None:
            yield start, end
        elif len(short["slug"]) <= _LONGEST_SHORT_LINK:
            yield start, start + short.end()
    elif not found["before"].endswith(_GLUED):
        yield from _bare(found, newer=newer)


def _bare(found: regex.Match[str], *, newer: bool) -> Iterator[tuple[int, int]]:
    """The Latin hosts in a host without a scheme; a path belongs to the last one."""
    begin = found.start("host")
    spans = [
        (begin + each.start(), begin + each.end())
        for each in _bare_host(newer).finditer(found["host"])
    ]
    if spans and found["path"]:
        start, end = spans.pop()
        spans.append((start, end + found.end("link") - found.end("host")))
    yield from spans


def _short_enough(found: regex.Match[str]) -> bool:
    host: str = found["host"]
    if host.startswith("xn--") and not _bare_host(True).search(host):
        return False
    whole = (found["scheme"] or "https://") + found["link"]  # a scheme of its own counts twice
    return len(whole) <= _LONGEST_LINK and all(
        len(_ascii(label)) <= _LONGEST_LABEL for label in host.split(".")
    )


def _ascii(label: str) -> str:
    """In Punycode, which takes three other full stops for what stands between labels as well."""
    parts = _FULL_STOPS.split(_text(label))
    return ".".join(
        part if part.isascii() else f"xn--{part.encode('punycode').decode()}" for part in parts
    )


def _small(text: str) -> str:
    """In small letters, each in the place of its large one."""
    return "".join(small if len(small := each.lower()) == 1 else each for each in text)


@cache
def _link(newer: bool) -> regex.Pattern[str]:
    return regex.compile(_LINK, regex.VERBOSE, endings=_endings(newer=newer))


@cache
def _bare_host(newer: bool) -> regex.Pattern[str]:
    return regex.compile(_BARE_HOST, endings=_endings(newer=newer))


def _endings(*, newer: bool) -> list[str]:
    return [*tables().endings, *(tables().newer_endings if newer else ())]


@cache
def _emoji() -> regex.Pattern[str]:
    """The longest first; a selector alone is one as well."""
    longest_first = sorted(map(_units, tables().emoji), key=lambda each: (-len(each), each))
    firsts = "".join(sorted({each[0] for each in longest_first}))
    return regex.compile(
        f"(?=[{regex.escape(firsts)}])(?:{'|'.join(map(regex.escape, longest_first))})|\ufe0f"
    )
