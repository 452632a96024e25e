"""Values to YAML text: a new file, or the least change of one that people have written.

What is not changed stays byte for byte: comments, order, blank lines, the way a text is wrapped.
Nothing is trusted: every text is read back before it is given away, and where an edit in place
does not read as wanted, the smallest thing around it is written anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scheduler.calendar.editing import changed
from scheduler.calendar.emitting import Pen, sections
from scheduler.calendar.reading import Values, read_text
from scheduler.errors import UserError
from scheduler.model import KeyPath, Place


def emitted(values: Values) -> str:
    """The text of a new file that reads as `values`.

    Raises `UserError` for what no text file can hold: half of a surrogate pair.
    """
    text = "\n".join(sections(Pen(), values)) + "\n"
    if not _reads_as(text, values):
        raise UserError(
            [Place(file="calendar").problem("not-writable", "this is no text", _NO_TEXT)]
        )
    return text


_NO_TEXT = "a character in it belongs to no script; delete what looks like an empty box"


def edited(text: str, values: Values, *, name: str = "calendar") -> str:
    """The text with the least changes after which it reads as `values`.

    New keys stand at the end of their mapping; removed ones go with their own lines. Raises
    `UserError` when the text cannot be read at all; `name` is what its problems call it.
    """
    mark, body = ("\ufeff", text[1:]) if text.startswith("\ufeff") else ("", text)
    tree = read_text(body, name=name)
    if tree.values == values:
        return text
    new = changed(body, values)
    if new is None or not _reads_as(new, values, len(tree.problems)):
        new = _step_by_step(body, values)
    return mark + new


def _reads_as(text: str, values: Values, problems: int = 0) -> bool:
    """Whether the calendar's reader understands it so, with no more problems than before."""
    try:
        tree = read_text(text, name="")
    except UserError:
        return False
    return tree.values == values and len(tree.problems) <= problems


# ── where not all can be changed at once ──────────────────────────────────────────────────────────


def _step_by_step(text: str, values: Values) -> str:
    """One change after another, each read back; what resists is written anew, or what is around it.

    One value that resists must not make a whole file lose its comments.
    """
    tree = read_text(text, name="")
    for path in list(_differences(tree.values, values)):
        for new, wanted in _tries(text, tree.values, values, path):
            if _reads_as(new, wanted, len(tree.problems)):
                text = new
                tree = read_text(text, name="")
                break
    return text if tree.values == values else emitted(values)


def _tries(
    text: str, current: Values, values: Values, path: KeyPath
) -> Iterator[tuple[str, Values]]:
    """The change at `path`: in place, then with all of it anew, then with what is around it."""
    wanted = _with(current, values, path)
    if (new := changed(text, wanted)) is not None:
        yield new, wanted
    for end in range(len(path), -1, -1):
        wanted = _with(current, values, path[:end])
        if (new := changed(text, wanted, forced=path[:end])) is not None:
            yield new, wanted


def _differences(old: Any, new: Any, path: KeyPath = ()) -> Iterator[KeyPath]:
    if not (isinstance(old, dict) and isinstance(new, dict) and old and new):
        if old != new:
            yield path
        return
    for key in {**old, **new}:
        if key in old and key in new:
            yield from _differences(old[key], new[key], (*path, key))
        else:
            yield (*path, key)


def _with(current: Values, values: Values, path: KeyPath) -> Values:
    """The values as they are, with those at `path` as they should be."""
    if not path:
        return values
    key, *rest = path
    if key not in values:
        return {name: value for name, value in current.items() if name != key}
    if not rest or not isinstance(current.get(key), dict):
        return {**current, key: values[key]}
    return {**current, key: _with(current[key], values[key], tuple(rest))}
