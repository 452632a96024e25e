"""Where X makes links, as its own library finds them.

What begins with http, and every bare domain of a top-level domain that it knows. Texts are read in
UTF-16, as the library reads them: half an emoji before an address belongs to its host.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import regex

from scheduler.platforms.counting.x_tables import tables

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
_LABEL = regex.compile(rf"(?:{_HOST}|[_-])+")
_ENDING = r"(?:\L<endings>(?![0-9a-z@+-])|xn--[0-9a-z-]+)"
_PATH = rf"[a-z{_CYRILLIC}0-9!*';:=+,.$/%\#\[\]\-\u2013_~@|&{_LATIN}]"
_BRACKETS = rf"\((?:{_PATH}+|{_PATH}*\({_PATH}+\){_PATH}*)\)"
_PATH_END = rf"[+\-a-z{_CYRILLIC}0-9=_\#/{_LATIN}]"
_QUERY = r"\?[a-z0-9!?*'@();:&=+$/%\#\[\]\-_.,~|]*[a-z0-9\-_&=\#/]"

#: Where a host may begin. In small letters, as everything that it is held against.
_BEGINNING = regex.compile(
    rf"(?P<before>[^a-z0-9@＠$#＃{_NOWHERE}]|^)(?:(?P<scheme>https?://)(?={_HOST})|(?={_HOST}))"
)
_PORT = regex.compile(":[0-9]+")
_QUERY_BEHIND = regex.compile(_QUERY)
#: A path in pieces: it ends behind a letter (or a sign that may end it), and brackets after that.
_PIECE = regex.compile(
    rf"(?P<ends>{_PATH_END}+)|(?P<brackets>{_BRACKETS})|(?:(?!{_PATH_END}){_PATH})+"
)
#: What of a host without a scheme is taken for an address: the Latin part.
_BARE_HOST = rf"(?:[a-z0-9{_LATIN}-]+\.)+{_ENDING}"
_BEGINNING_OF_TEXT = regex.compile(rf"(?P<before>)(?:(?P<scheme>https?://)(?={_HOST})|(?={_HOST}))")
_GLUED = ("-", "_", ".", "/")
_FULL_STOPS = regex.compile("[\u3002\uff0e\uff61]")
_SHORT_LINK = regex.compile(rf"https?://t\.co/(?P<slug>[a-z0-9]+)(?:{_QUERY})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What may be a link: where it begins, and each part of it ends."""

    units: str
    before: str
    scheme: str
    start: int
    host_end: int
    path: str
    end: int

    @property
    def host(self) -> str:
        return self.units[self.start + len(self.scheme) : self.host_end]


def spans(units: str, *, newer: bool) -> dict[int, int]:
    """Where each link begins and ends, in the order of the text."""
    if "." not in units:
        return {}
    found = _searched(small_letters(units), newer=newer)
    return {start: end for each in found for start, end in _taken(each, newer=newer)}


def _searched(small: str, *, newer: bool) -> Iterator[_Found]:
    """Whatever has the form of a link, from left to right."""
    hosts = _Hosts(small, newer=newer)
    place = 0
    while beginning := _BEGINNING.search(small, place):
        found = _from(beginning, hosts)
        if found is None and beginning.start() == 0 and beginning["before"]:
            # The very first character need not stand before a host: it may be one's own.
            found = _from(_BEGINNING_OF_TEXT.match(small), hosts)
        if found is not None:
            yield found
        place = found.end if found else max(beginning.start() + 1, 1)


def _from(beginning: regex.Match[str] | None, hosts: _Hosts) -> _Found | None:
    if beginning is None or (host_end := hosts.end(beginning.end())) is None:
        return None
    small = beginning.string
    path_start = _behind(_PORT, small, host_end)
    path_end = _path_end(small, path_start)
    return _Found(
        units=small,
        before=beginning["before"],
        scheme=beginning["scheme"] or "",
        start=beginning.end("before"),
        host_end=host_end,
        path=small[path_start:path_end],
        end=_behind(_QUERY_BEHIND, small, path_end),
    )


def _behind(pattern: regex.Pattern[str], small: str, place: int) -> int:
    """Where it ends that begins there; the same place where nothing does."""
    found = pattern.match(small, place)
    return found.end() if found else place


def _path_end(small: str, start: int) -> int:
    """Where the path ends that begins there; the same place where none does."""
    if small[start : start + 1] != "/":
        return start
    end = place = start + 1
    while piece := _PIECE.match(small, place):
        if piece["ends"] or (piece["brackets"] and place == end):
            end = piece.end()
        place = piece.end()
    return end


class _Hosts:
    """Where hosts end: after the last label of a row that a top-level domain follows.

    Looked up from right to left once, so that a long row of labels takes no longer than its length.
    """

    def __init__(self, small: str, *, newer: bool) -> None:
        self._small = small
        self._labels = [label.span() for label in _LABEL.finditer(small)]
        self._starts = [start for start, _ in self._labels]
        self._ends: list[int | None] = [None] * len(self._labels)
        ending = _ending(newer)
        self._endings = [
            found.end()
            if small[end : end + 1] == "." and (found := ending.match(small, end + 1))
            else None
            for _, end in self._labels
        ]
        for number in reversed(range(len(self._labels))):
            self._ends[number] = self._end(number, self._starts[number])

    def end(self, start: int) -> int | None:
        """Where the host ends that begins there, or None when none does."""
        number = bisect_right(self._starts, start) - 1
        return self._end(number, start)

    def _end(self, number: int, start: int) -> int | None:
        """As above, in the label of that number; what lies to the right of it is known."""
        _, end = self._labels[number]
        if self._small[start] in "-_" or self._small[end - 1] in "-_":
            return None
        if number + 1 < len(self._labels) and self._starts[number + 1] == end + 1:
            further = self._ends[number + 1] if self._small[end] == "." else None
            if further is not None:
                return further
        # Only the labels before the last one may have a low line.
        return None if "_" in self._small[start:end] else self._endings[number]


def _taken(found: _Found, *, newer: bool) -> Iterator[tuple[int, int]]:
    if not _short_enough(found):
        return
    if found.scheme:
        short = _SHORT_LINK.match(found.units, found.start, found.end)
        if short is None:
            yield found.start, found.end
        elif len(short["slug"]) <= _LONGEST_SHORT_LINK:
            yield short.span()
    elif not found.before.endswith(_GLUED):
        yield from _bare(found, newer=newer)


def _bare(found: _Found, *, newer: bool) -> Iterator[tuple[int, int]]:
    """The Latin hosts in a host without a scheme; a path belongs to the last one."""
    spans = [
        each.span() for each in _bare_host(newer).finditer(found.units, found.start, found.host_end)
    ]
    if spans and found.path:
        start, end = spans.pop()
        spans.append((start, end + found.end - found.host_end))
    yield from spans


def _short_enough(found: _Found) -> bool:
    host = found.host
    if host.startswith("xn--") and not _bare_host(True).search(host):
        return False
    # A scheme of its own counts twice.
    length = len(found.scheme or "https://") + found.end - found.start
    return length <= _LONGEST_LINK and all(
        len(label) <= 2 * _LONGEST_LABEL and len(_ascii(label)) <= _LONGEST_LABEL
        for label in host.split(".")
    )


def _ascii(label: str) -> str:
    """In Punycode, which takes three other full stops for what stands between labels as well."""
    parts = _FULL_STOPS.split(from_units(label))
    return ".".join(
        part if part.isascii() else f"xn--{part.encode('punycode').decode()}" for part in parts
    )


def small_letters(text: str) -> str:
    """In small letters, each in the place of its large one."""
    return "".join(small if len(small := each.lower()) == 1 else each for each in text)


@cache
def _ending(newer: bool) -> regex.Pattern[str]:
    return regex.compile(_ENDING, endings=_endings(newer=newer))


@cache
def _bare_host(newer: bool) -> regex.Pattern[str]:
    return regex.compile(_BARE_HOST, endings=_endings(newer=newer))


def _endings(*, newer: bool) -> list[str]:
    return [*tables().endings, *(tables().newer_endings if newer else ())]


def in_units(text: str) -> str:
    """In UTF-16: what lies beyond the first plane becomes two characters."""
    if all(each <= "\uffff" for each in text):
        return text
    encoded = text.encode("utf-16-le", "surrogatepass")
    return "".join(map(chr, memoryview(encoded).cast("H")))


def from_units(units: str) -> str:
    return units.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
