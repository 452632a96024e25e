"""Strips of paper, one below the other, from page to page: nothing is cut, and nothing shrunk.

A strip is what cannot be divided: a line, a picture. Lengths are points of 1/72 inch.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from scheduler.cards.paper import lines, small, writable
from scheduler.preview.printing.document import FIGURE, HEIGHT, WIDTH, Document, Element, Page

MM = 72 / 25.4
MARGIN = 14 * MM
#: Below this nothing stands but the number of the page.
BOTTOM = HEIGHT - 13 * MM
FULL = WIDTH - 2 * MARGIN
#: Of paper: cards are drawn for screens.
_PIXELS_PER_POINT = 150 / 72


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    size: float
    weight: int = 400
    #: Of the size.
    leading: float = 1.28
    grey: float = 0.0
    kind: str = "P"


TITLE = Style(size=24, weight=700, leading=1.15, kind="H1")
THEME = Style(size=16, weight=700, leading=1.2, kind="H1")
POST = Style(size=11.5, weight=700, kind="H2")
HEADING = Style(size=10.5, weight=700, kind="H2")
BODY = Style(size=8.5)
STRONG = Style(size=8.5, weight=700)
LABEL = Style(size=8, weight=700)
SMALL = Style(size=7.8)
#: Grey, and dark enough for any printer.
QUIET = Style(size=8, grey=0.3)


@dataclass(frozen=True, slots=True)
class Strip:
    """Drawn with its upper left corner at a place of a page."""

    height: float
    draw: Callable[[Page, float, float], None]
    #: Never the last one on a page.
    leads: bool = False


def gap(height: float) -> Strip:
    return Strip(height, lambda _page, _x, _y: None)


def rule(width: float, thick: float = 0.8) -> Strip:
    def draw(page: Page, x: float, y: float) -> None:
        with page.tagged(None):
            page.rule(x, x + width, y + 2, thick)

    return Strip(6, draw, leads=True)


def words(
    document: Document, text: str, width: float, style: Style = BODY, *, language: str = ""
) -> list[Strip]:
    """A text, each of its paragraphs from the side that its language starts from."""
    found: list[Strip] = []
    for part in text.splitlines():
        if part.strip():
            found += _paragraph(document, part, width, style, language)
        elif found:
            found.append(gap(style.size * 0.45))
    return found


def _paragraph(
    document: Document, text: str, width: float, style: Style, language: str
) -> list[Strip]:
    element = document.element(style.kind, text=text, language=language)
    said = writable(text)
    measure = width / style.size
    made = lines(said, language=language or document.language, weight=style.weight, measure=measure)
    height = style.size * style.leading

    def strip(number: int) -> Strip:
        line = made[number]

        def draw(page: Page, x: float, y: float) -> None:
            start = x + width - line.width * style.size if line.from_right else x
            with page.tagged(element):
                page.words(line, start, y + height * 0.76, style.size, style.grey)

        return Strip(height, draw, leads=style.kind != "P")

    return [strip(number) for number in range(len(made))]


def labelled(
    document: Document,
    label: str,
    inside: Callable[[float], list[Strip]],
    width: float,
    indent: float = 20 * MM,
) -> list[Strip]:
    """A label on the left, and what it names beside it; nothing where it names nothing."""
    named = words(document, label, indent - 4, LABEL)
    beside = inside(width - indent)
    return [*paired(named, beside, indent), gap(3)] if beside else []


def paired(left: Sequence[Strip], right: Sequence[Strip], indent: float) -> list[Strip]:
    """Two columns line by line, which may turn the page between any two of them."""
    return [_beside(*pair, indent) for pair in zip_longest(left, right)]


def _beside(left: Strip | None, right: Strip | None, indent: float) -> Strip:
    def draw(page: Page, x: float, y: float) -> None:
        if left:
            left.draw(page, x, y)
        if right:
            right.draw(page, x + indent, y)

    return Strip(max(each.height for each in (left, right) if each), draw)


def picture(document: Document, file: Path, alt: str, width: float) -> Strip:
    """A card with a thin frame, since a white one would end nowhere on paper."""
    print_ = small(file, round(width * _PIXELS_PER_POINT))
    height = width * print_.size.height / print_.size.width
    most = 150 * MM
    if height > most:
        width, height = width * most / height, most
    element: Element = document.element(FIGURE, text=alt)

    def draw(page: Page, x: float, y: float) -> None:
        with page.tagged(element):
            page.picture(print_, (x, y, width, height))
        with page.tagged(None):
            page.frame((x, y, width, height))

    return Strip(height + 5, draw)


#: Draws the top of a page, and gives where it ends.
Head = Callable[[Page], float]


class Flow:
    """Where the next strip goes; `head` draws the top of the first page, `again` of the others.

    They give where what they drew ends.
    """

    def __init__(
        self, document: Document, head: Callable[[Page], float], again: Callable[[Page], float]
    ) -> None:
        self._document, self._again = document, again
        self._page, self._y = document.page(), 0.0
        self._y = head(self._page)

    @property
    def room(self) -> float:
        return BOTTOM - self._y

    def turn(self) -> None:
        self._page = self._document.page()
        self._y = self._again(self._page)

    def make_room(self, wanted: float, *, least: float) -> None:
        """A new page, unless this one has the wanted room, or is a fresh one."""
        if self._y > self._top and self.room < max(min(wanted, BOTTOM - self._top), least):
            self.turn()

    def below(self, strips: Sequence[Strip]) -> None:
        """Over the whole width."""
        self.beside(strips, (), 0)

    def beside(self, left: Sequence[Strip], right: Sequence[Strip], indent: float) -> None:
        """Two columns, each going on upon the next page where it has more."""
        while left or right:
            first, second = self._fitting(left), self._fitting(right)
            if not first and not second and self._y > self._top:
                self.turn()
                continue
            # What is higher than a whole page goes beyond its end, and is never left out.
            first = first or (0 if second else min(1, len(left)))
            second = second or (0 if first else min(1, len(right)))
            ends = [self._down(left[:first], MARGIN), self._down(right[:second], MARGIN + indent)]
            left, right = left[first:], right[second:]
            self._y = max(ends)
            if left or right:
                self.turn()

    def last(self, strips: Sequence[Strip]) -> None:
        """At the foot of the page, or of the next one where there is no room."""
        height = sum(strip.height for strip in strips)
        if height > self.room:
            self.turn()
        self._y = max(self._y, BOTTOM - height)
        self.below(strips)

    @property
    def _top(self) -> float:
        return BOTTOM * 0.3

    def _fitting(self, strips: Sequence[Strip]) -> int:
        """How many of them still stand on this page, none of them a heading without its text."""
        room, count = self.room, 0
        for strip in strips:
            if strip.height > room + 0.01:
                break
            room -= strip.height
            count += 1
        while count < len(strips) and count and strips[count - 1].leads:
            count -= 1
        return count

    def _down(self, strips: Sequence[Strip], x: float) -> float:
        y = self._y
        for strip in strips:
            strip.draw(self._page, x, y)
            y += strip.height
        return y
