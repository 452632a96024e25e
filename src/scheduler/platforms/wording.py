"""The words of a draft where a platform has no place of its own for some of them."""

from __future__ import annotations

from scheduler.model import Draft
from scheduler.platforms.protocol import Alts, Limits

#: Stands before what a picture shows, in every language, where that stands in the text.
PICTURE = "🖼"


def with_note(draft: Draft) -> str:
    """The text below its content note: whoever reads on has been warned."""
    return "\n\n".join(filter(None, (draft.note, draft.text)))


def in_words(draft: Draft, limits: Limits) -> str:
    """What stands in the text itself: with all that the platform has no other place for."""
    words = draft.text if limits.notes else with_note(draft)
    shown = (
        f"{PICTURE} {picture.alt}"
        for picture in draft.pictures
        if picture.alt and limits.alts is Alts.TEXT
    )
    return "\n\n".join(filter(None, (words, *shown)))
