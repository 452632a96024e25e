"""What went wrong in a rehearsal, and which deliveries can have felt it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from scheduler.ledger import Entry
from scheduler.model import State
from scheduler.sandbox import EVERYBODYS, Kind, Struck

#: A fault is still felt so long after it: tokens are renewed, limits waited for.
FELT = timedelta(hours=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How often one kind of fault struck, and what became of the deliveries that it struck."""

    kind: Kind
    injected: int
    became: Mapping[State, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Injected:
    """Everything that went wrong in a rehearsal."""

    seed: int
    struck: tuple[Struck, ...]
    #: How often the coordinator released an account that the program held.
    released: int
    #: How often a worker was told that its ledger cannot be written.
    refused: int

    def tallies(self, entries: Iterable[Entry]) -> tuple[Tally, ...]:
        """One for each kind that was injected, in the order of `Kind`."""
        known = tuple(entries)
        return tuple(
            Tally(
                kind=kind,
                injected=len(own),
                became=Counter(
                    entry.state for entry in known if any(_meets(each, entry) for each in own)
                ),
            )
            for kind in Kind
            if (own := [struck for struck in self.struck if struck.kind is kind])
        )

    def felt(self, entry: Entry) -> tuple[Kind, ...]:
        """What may have kept a delivery from going out in time; first what struck it itself."""
        around = [each for each in self.struck if _reaches(each, entry)]
        itself_first = sorted(around, key=lambda each: each.key != entry.key)
        return tuple(dict.fromkeys(each.kind for each in itself_first))


def _meets(struck: Struck, entry: Entry) -> bool:
    """Whether it struck the delivery while it was under way, or all that was due meanwhile."""
    if struck.account:
        return struck.key == entry.key
    return struck.at <= entry.due <= (struck.until or struck.at)


def _reaches(struck: Struck, entry: Entry) -> bool:
    """Whether it struck everybody or the delivery's account, and can have been felt by then."""
    if struck.kind not in EVERYBODYS and struck.account != entry.account:
        return False
    end = struck.until or struck.at
    return struck.at <= entry.latest and entry.due - FELT <= end
