"""Rounds: one text that nobody has seen, drawn by every engine, in an order that changes."""

from __future__ import annotations

import random
from collections.abc import Mapping

from cards.engines import Engine
from cards.texts import Writer

#: Before anything is counted: letters are cached, engines warmed, by all in the same way.
WARMING = 25

Taken = dict[str, list[float]]


def taken(engines: Mapping[str, Engine], writer: Writer, rounds: int, seed: int) -> Taken:
    """Seconds a card, a number for each round."""
    order = list(engines)
    chance = random.Random(seed)
    counted: Taken = {name: [] for name in engines}
    for number in range(WARMING + rounds):
        said = writer.said()
        chance.shuffle(order)
        for name in order:
            seconds = engines[name](said)
            if number >= WARMING:
                counted[name].append(seconds)
    return counted
