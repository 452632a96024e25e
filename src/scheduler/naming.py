"""The name that was probably meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint with the known name nearest to `word`, or with all of them when none is near."""
    names = sorted(known)
    match = difflib.get_close_matches(word.lower(), names, n=1, cutoff=0.6)
    if match:
        return f'did you mean "{match[0]}"?'
    return f"known here: {', '.join(names)}" if names else ""
