"""How long a quote card takes, beside other engines that draw the very same card.

    make bench-cards                 all of it, some minutes
    make bench-cards SEED=7          the same texts again
    make bench-cards ROUNDS=20       shorter; 30 are usual
    make bench-cards WRITE=1         renews the table and the plot in docs/performance.md
    make bench-cards SIDE=DIR        each engine's picture of one text, and a sheet of them

The engines take turns on one text after the other, all of them on the same, none of which anybody
has seen; so a busy machine slows all of them. The table goes to stderr; the last line of stdout is
one line of JSON.
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Mapping
from pathlib import Path

from cards import fresh, pages, rounds, side
from cards.engines import Cache, cache, opened
from cards.results import Run
from cards.texts import Writer

ROUNDS = 30


def main() -> None:
    seed = int(os.environ.get("SEED") or random.SystemRandom().randrange(10**6))
    found = cache()
    print(f"SEED={seed}", file=sys.stderr, flush=True)
    if folder := os.environ.get("SIDE"):
        beside(found, seed, Path(folder))
        return
    run = measured(found, seed, int(os.environ.get("ROUNDS") or ROUNDS))
    if os.environ.get("WRITE"):
        pages.write(run, pages.made_with(found))
    pages.tell(run)


def measured(cache: Cache, seed: int, count: int) -> Run:
    writer = Writer(seed)
    with opened(cache) as (engines, absent):
        say_absent(absent)
        taken = rounds.taken(engines, writer, count, seed)
    cold, cold_takumi = fresh.cold(cache, writer)
    return Run(
        seed=seed,
        rounds=count,
        taken=taken,
        absent=absent,
        cold=cold,
        cold_takumi=cold_takumi,
        pool=fresh.pool(seed),
        peak_mb=fresh.peak(writer),
    )


def beside(cache: Cache, seed: int, folder: Path) -> None:
    with opened(cache) as (engines, absent):
        say_absent(absent)
        files = side.pictures(engines, Writer(seed).said(), folder)
    side.sheets(files, folder, cache.faces()["text450"])
    print(f"{folder}: {len(files)} pictures of one text, sheet.png and sheet-{side.PHONE}.png")


def say_absent(absent: Mapping[str, str]) -> None:
    for name, reason in absent.items():
        print(f"No {name}: {reason}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
