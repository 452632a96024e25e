"""Rounds: a few texts that nobody has seen, drawn by every engine, in an order that changes."""

from __future__ import annotations

import gc
import random
from collections.abc import Mapping

from cards.engines import Engine
from cards.texts import Writer

#: Before anything is counted: letters are cached, engines warmed, by all in the same way.
WARMING = 15

#: Cards in a row, as a campaign is drawn: one alone would find the processor's caches full of what
#: the engine before it left there.
IN_A_ROW = 16

Taken = dict[str, list[float]]


def taken(engines: Mapping[str, Engine], writer: Writer, rounds: int, seed: int) -> Taken:
    """Seconds a card: `IN_A_ROW` numbers for each round."""
    order = list(engines)
    chance = random.Random(seed)
    counted: Taken = {name: [] for name in engines}
    for number in range(WARMING + rounds):
        texts = [writer.said() for _ in range(IN_A_ROW)]
        chance.shuffle(order)
        for name in order:
            gc.collect()  # what the one left behind must not slow the other
            seconds = [engines[name](said) for said in texts]
            if number >= WARMING:
                counted[name] += seconds
    return counted
