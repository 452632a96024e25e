"""From one save to the next: what is shown now, and who is told that it is something else."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from scheduler.checking import Checked
from scheduler.errors import Problem
from scheduler.interface import ENGLISH, Interface, interface_for
from scheduler.preview.site import Leaves, broken, leaves
from scheduler.serving import watching
from scheduler.serving.tidying import Tidying

#: Seconds between two looks at what people write, while somebody has a page open, or nobody has.
LOOKS_AWAKE, LOOKS_ALONE = 0.05, 0.25
#: Pictures and fonts are looked at less often: nobody saves them word by word.
_LOOKS_A_THING = 5
#: An editor may save by taking the file away and putting another in its place, or half of it first.
#: So what is bad is believed after so many seconds of rest; what is good at once.
PATIENCE = 0.3


#: Draws all cards, or those of the organisations that are named.
Check = Callable[[bool | Collection[str]], Checked]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What whoever looks is shown. A later one has a higher `number`."""

    number: int
    leaves: Leaves
    #: The pages that are older than the calendar, since it has an error that keeps them out.
    stale: frozenset[str] = frozenset()
    problems: tuple[Problem, ...] = ()
    #: Whether anything is kept out.
    broken: bool = False
    #: How the pages speak to their reader.
    interface: Interface = ENGLISH
    #: Whether it has nothing but cards that were still to be drawn after the same save.
    completed: bool = False


NOTHING = Shown(number=0, leaves=Leaves(pages={}, pictures={}))


def after(before: Shown, checked: Checked, asked: str = "") -> Shown:
    """What is shown of a checked calendar: where it is broken, the last good pages stay.

    The pages speak the language that was asked for, else the calendar's.
    """
    interface = before.interface
    if asked or checked.coalition:
        interface = interface_for(
            asked, checked.coalition.own.language if checked.coalition else ""
        )
    fresh = leaves(checked, interface)
    kept = before.leaves if _is_broken(checked) else NOTHING.leaves
    stale = frozenset(kept.pages) - frozenset(fresh.pages)
    pages = {**kept.pages, **fresh.pages}
    if "index.html" not in pages:
        pages["index.html"] = lambda: broken(checked.problems, interface)
    return Shown(
        number=before.number + 1,
        leaves=Leaves(pages=pages, pictures={**kept.pictures, **fresh.pictures}),
        stale=stale,
        problems=checked.problems,
        broken=_is_broken(checked),
        interface=interface,
    )


def _is_broken(checked: Checked) -> bool:
    return checked.coalition is None or not checked.coalition.complete


def _member_of(name: str) -> str:
    """Whose page it is, or "" for one of the whole coalition."""
    match name.split("/"):
        case ["members", member, _]:
            return member
    return ""


def _is_worse(now: Shown, before: Shown) -> bool:
    """Whether it may be the moment in the middle of a save: pages are gone, or kept out."""
    lost = before.leaves.pages.keys() - now.leaves.pages.keys()
    return bool(lost) or (
        now.broken and (now.problems, now.stale) != (before.problems, before.stale)
    )


@dataclass(frozen=True, slots=True)
class _Seen:
    """Everything that decides what is shown, as it lay there at one moment."""

    words: watching.Sight
    things: watching.Sight
    beyond: object


class Following:
    """Makes anew what is shown after each save, and lets others wait for it.

    `check` makes everything of the calendar, or only the cards of some organisations; `beyond`
    says what else it depends on, as the day. `interface` is the language that was asked for, or "".
    """

    def __init__(
        self,
        calendar: Path,
        check: Check,
        *,
        beyond: Callable[[], object] = lambda: None,
        interface: str = "",
    ) -> None:
        self._calendar = calendar
        self._check = check
        self._beyond = beyond
        self._interface = interface
        self._told = threading.Condition()
        self._stopped = threading.Event()
        #: What is open, page by page, as often as it is.
        self._open: Counter[str] = Counter()
        self._seen: _Seen | None = None
        self._checked: Checked | None = None
        self.shown = NOTHING

    def begin(self) -> Checked:
        """Make everything for the first time."""
        self._seen = self._look()
        self._checked = self._check(True)
        self._show(after(self.shown, self._checked, self._interface))
        return self._checked

    def follow(self) -> None:
        """Look and make anew until `stop` is called."""
        looks, tidying = 0, Tidying()
        with tidying.postponed():
            while not self._stopped.wait(LOOKS_AWAKE if self._open else LOOKS_ALONE):
                looks += 1
                if self._has_changed(things=looks % _LOOKS_A_THING == 0):
                    self._make_anew()
                    tidying.made()
                tidying.when_quiet()

    def stop(self) -> None:
        self._stopped.set()
        with self._told:
            self._told.notify_all()

    @property
    def stopped(self) -> bool:
        return self._stopped.is_set()

    @contextmanager
    def listening(self, name: str) -> Iterator[None]:
        """While somebody has the page open it is looked more often, and its cards come first."""
        with self._told:
            self._open[name] += 1
        try:
            yield
        finally:
            with self._told:
                self._open -= Counter([name])

    def later(self, number: int, *, seconds: float) -> Shown | None:
        """What is shown once it is later than `number`; None when the time is over, or all is."""
        with self._told:
            self._told.wait_for(lambda: self.stopped or self.shown.number > number, seconds)
            return self.shown if self.shown.number > number and not self.stopped else None

    def _look(self) -> _Seen:
        coalition = self._checked.coalition if self._checked else None
        return _Seen(
            words=watching.words(self._calendar),
            things=watching.things(self._calendar, coalition),
            beyond=self._beyond(),
        )

    def _has_changed(self, *, things: bool) -> bool:
        seen = self._seen
        if seen is None or watching.words(self._calendar) != seen.words:
            return True
        return things and self._look() != seen

    def _make_anew(self) -> None:
        self._seen = self._look()
        checked = self._check(self._awaited())
        shown = after(self.shown, checked, self._interface)
        if _is_worse(shown, self.shown) and not self._at_rest():
            return  # it is looked at once more, at once
        self._checked = checked
        # What the calendar names may lie elsewhere than before.
        self._seen = _Seen(self._seen.words, self._look().things, self._seen.beyond)
        self._show(shown)
        if not checked.drawn and not self._has_changed(things=False):
            self._checked = self._check(True)
            self._show(replace(after(self.shown, self._checked, self._interface), completed=True))

    def _awaited(self) -> bool | frozenset[str]:
        """Whose cards somebody waits for: everybody's, if a page of all of them is open."""
        with self._told:
            members = [_member_of(name) for name in self._open]
        return frozenset(members) if members and all(members) else True

    def _at_rest(self) -> bool:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if self._stopped.wait(LOOKS_AWAKE) or self._has_changed(things=False):
                return False
        return True

    def _show(self, shown: Shown) -> None:
        with self._told:
            self.shown = shown
            self._told.notify_all()
