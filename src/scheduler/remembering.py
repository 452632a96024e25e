"""What was made of the very same things is not made again: for who follows one edit after another.

Only for functions that depend on nothing but what they are given, and give what nobody changes.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import wraps
from typing import ParamSpec, TypeVar

_Given = ParamSpec("_Given")
_Made = TypeVar("_Made")

#: Words and numbers are the same when they are equal, all else only when it is the same object:
#: to compare whole calendars would take as long as to read them.
_BY_VALUE = (str, bytes, int, frozenset, type)


def remembered(most: int) -> Callable[[Callable[_Given, _Made]], Callable[_Given, _Made]]:
    """Remembers the last `most` results, with what they were made of."""

    def remembering(make: Callable[_Given, _Made]) -> Callable[_Given, _Made]:
        known: OrderedDict[Hashable, tuple[object, _Made]] = OrderedDict()
        lock = threading.Lock()

        @wraps(make)
        def recalled(*given: _Given.args, **named: _Given.kwargs) -> _Made:
            key = (*map(_named, given), *((name, _named(each)) for name, each in named.items()))
            with lock:
                found = known.get(key)
                if found is not None:
                    known.move_to_end(key)
                    return found[1]
            made = make(*given, **named)
            with lock:
                # What it was made of is kept, or another object could come by its identity.
                known[key] = ((given, named), made)
                while len(known) > most:
                    known.popitem(last=False)
            return made

        return recalled

    return remembering


def _named(each: object) -> Hashable:
    return each if isinstance(each, _BY_VALUE) else id(each)
