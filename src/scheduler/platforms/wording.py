"""The words of a draft where a platform has no place of its own for some of them."""

from __future__ import annotations

from scheduler.model import Draft


def with_note(draft: Draft) -> str:
    """The text below its content note: whoever reads on has been warned."""
    return "\n\n".join(filter(None, (draft.note, draft.text)))
