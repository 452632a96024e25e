"""The name that was probably meant."""

from __future__ import annotations

from collections.abc import Iterable

#: So many names are read; nobody reads ten thousand.
MOST = 40


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint with the known name nearest to `word`, or with all of them when none is near."""
    import difflib  # noqa: PLC0415 (who makes no mistake need not wait for it)

    names = sorted(known)
    match = difflib.get_close_matches(word.lower(), names, n=1, cutoff=0.6)
    if match:
        return f'did you mean "{match[0]}"?'
    more = f" and {len(names) - MOST} more" if len(names) > MOST else ""
    return f"known here: {', '.join(names[:MOST])}{more}" if names else ""
