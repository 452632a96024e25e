"""`Shelf.fill` in one process and in two, as `campaign cards` calls it: digests, files and all.

A process of its own, `python -m cards.pool SEED`, since spawned processes import the program's main
module, which must not bring other engines along. What the two take to start is counted.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

from cards.ours import card
from cards.texts import Writer
from scheduler.cards import Shelf
from scheduler.model import Card

#: A coalition's: nineteen members, twenty-two posts, three sizes.
CARDS = 19 * 22 * 3
TURNS = 5


def filled(cards: Sequence[Card], processes: int) -> float:
    with tempfile.TemporaryDirectory() as folder:
        begin = perf_counter()
        outcome = Shelf(Path(folder)).fill(cards, processes=processes)
        ended = perf_counter()
    if outcome.drawn != len(cards):
        raise AssertionError(f"only {outcome.drawn} of {len(cards)} cards were drawn")
    return ended - begin


def turns(writer: Writer, count: int) -> list[list[float]]:
    """Seconds in one process, and in two; each turn has new cards, and begins with the other."""
    taken: list[list[float]] = [[], []]
    for turn in range(TURNS):
        cards = [card(said) for said in writer.many(count)]
        for processes in (1, 2) if turn % 2 else (2, 1):
            taken[processes - 1].append(filled(cards, processes))
    return taken


if __name__ == "__main__":
    print(json.dumps(turns(Writer(int(sys.argv[1])), CARDS)))
