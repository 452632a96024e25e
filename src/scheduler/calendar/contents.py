"""What a post shows: quotes, facts and pictures are looked up, excerpts compared with the quote."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from scheduler.calendar.looking_up import Lookup
from scheduler.calendar.materials import Materials
from scheduler.calendar.schema import ContentForm, OpenerForm, PostForm
from scheduler.model import (
    CallContent,
    Content,
    GraphicContent,
    KeyPath,
    OpenerContent,
    PhotoContent,
    Quote,
    QuoteContent,
    Slide,
    StatisticContent,
)

#: Letters, digits, and accents that stand behind their letter.
_IN_WORDS = r"[\w\u0300-\u036f]"
#: Hyphens and apostrophes, which hold two halves of one word together.
_JOINS = r"[-\u2010\u2011'’\u00ad]"


@dataclass(frozen=True, slots=True)
class Contents:
    """What a post shows, looked up."""

    lookup: Lookup
    materials: Materials

    def slides(self, id_: str, form: PostForm, day: int) -> tuple[Slide, ...]:
        if not form.carousel:
            return (self._slide(("posts", id_), form, day),)
        return tuple(
            self._slide(("posts", id_, "carousel", number), slide, day)
            for number, slide in enumerate(form.carousel)
        )

    def _slide(self, path: KeyPath, form: ContentForm, day: int) -> Slide:
        # What is not found is a problem already, and the campaign is then thrown away.
        content = self._content(path, form, day) or GraphicContent(headline="")
        return Slide(content=content, alt=form.alt or "")

    def _content(self, path: KeyPath, form: ContentForm, day: int) -> Content | None:
        named = self.lookup.named
        if form.quote is not None:
            quote = named((*path, "quote"), "quote", form.quote, self.materials.quotes)
            return self._quoted(path, form, quote) if quote else None
        if form.statistic is not None:
            fact = named((*path, "statistic"), "fact", form.statistic, self.materials.facts)
            return StatisticContent(fact=fact) if fact else None
        if form.photo is not None:
            where = (*path, "photo", "picture")
            picture = named(where, "picture", form.photo.picture, self.materials.pictures)
            headline = form.photo.headline
            return PhotoContent(picture=picture, headline=headline) if picture else None
        if form.call is not None:
            return CallContent(headline=form.call.headline, body=form.call.body)
        if form.opener is not None:
            return self._opened(form.opener, day)
        if form.graphic is not None:
            return GraphicContent(headline=form.graphic.headline, points=form.graphic.points)
        return None

    def _opened(self, form: OpenerForm, day: int) -> Content:
        """The opener's own words, or the day's."""
        about = self.lookup.form.days.get(day)
        theme, observance = (about.theme, about.observance) if about else ("", "")
        return OpenerContent(headline=form.headline or theme, body=form.body or observance)

    def _quoted(self, path: KeyPath, form: ContentForm, quote: Quote) -> Content:
        if form.excerpt is None or _stands_in(form.excerpt, quote.shown):
            return QuoteContent(quote=quote, excerpt=form.excerpt)
        # A part that nobody has translated stays as it was said, whatever became of the whole.
        quote = replace(quote, in_translation=None)
        if not _stands_in(form.excerpt, quote.words):
            self.lookup.problem(
                (*path, "excerpt"),
                "not-verbatim",
                f'these words do not stand so in the quote "{quote.id}"',
                "copy whole words from the quote, letter for letter, or leave the excerpt out",
            )
        return QuoteContent(quote=quote, excerpt=form.excerpt)


def _stands_in(excerpt: str, words: str) -> bool:
    """Whether it is a part of the words and cuts none: "violent" stands not in "non-violent"."""
    before = rf"(?<!{_IN_WORDS})" if re.match(_IN_WORDS, excerpt) else ""
    before += rf"(?<!{_IN_WORDS}{_JOINS})" if before else ""
    after = rf"(?!{_JOINS}?{_IN_WORDS})" if re.match(_IN_WORDS, excerpt[-1]) else ""
    return re.search(f"{before}{re.escape(excerpt)}{after}", words) is not None
