"""When memory is tidied up: while nobody waits for a page.

With a coalition's calendar in it, one full collection takes as long as all else that follows a
save, and Python begins it in the middle of that.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager

#: Seconds after a save in which a browser may ask for pages.
_QUIET = 2.0
#: After so many saves it is time, whether anybody waits or not.
_MOST = 20


class Tidying:
    """Used by one thread; it is the whole process that is tidied."""

    def __init__(self) -> None:
        self._made = 0
        self._at = 0.0

    @contextmanager
    def postponed(self) -> Iterator[None]:
        """Meanwhile only `when_quiet` tidies; what is there by now is not looked at again."""
        if not gc.isenabled():
            yield
            return
        gc.collect()
        gc.freeze()
        gc.disable()
        try:
            yield
        finally:
            gc.enable()
            gc.unfreeze()

    def made(self) -> None:
        """Something was made anew, and what it takes the place of is left."""
        self._made += 1
        self._at = time.monotonic()

    def when_quiet(self) -> None:
        if self._made > _MOST or (self._made and time.monotonic() - self._at > _QUIET):
            gc.collect()
            self._made = 0
