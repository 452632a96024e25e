"""What the picture of a post is about: a quotation, a figure, a photograph …"""

from __future__ import annotations

from dataclasses import dataclass

from scheduler.model.materials import Fact, Picture, Quote


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteContent:
    quote: Quote
    #: A part of the quotation, word for word, or None for the whole.
    excerpt: str | None = None

    @property
    def words(self) -> str:
        return self.excerpt if self.excerpt is not None else self.quote.shown


@dataclass(frozen=True, slots=True, kw_only=True)
class StatisticContent:
    fact: Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphicContent:
    """A typographic card: a headline and, below it, up to five short points."""

    headline: str
    points: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoContent:
    picture: Picture
    headline: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallContent:
    """A call to action: what to do, and one sentence on how."""

    headline: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenerContent:
    """The opener of a day: its number is the picture; by itself with the day's own words."""

    headline: str
    body: str


Content = (
    QuoteContent | StatisticContent | GraphicContent | PhotoContent | CallContent | OpenerContent
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slide:
    """One picture of a post: what its card shows, and the alt text that says so."""

    content: Content
    #: What the picture shows, including every word in it.
    alt: str
