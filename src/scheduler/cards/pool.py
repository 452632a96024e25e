"""Cards drawn by several processes at once."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing.process import BaseProcess

from scheduler.cards.errors import CardError
from scheduler.model import Card

Draw = Callable[[str, Card], CardError | None]
Named = Iterable[tuple[str, Card]]


def drawn(
    draw: Draw, batches: Sequence[Named], workers: int
) -> Iterator[tuple[str, CardError | None]]:
    """Each card's name and what is wrong with it, as they come to an end."""
    # Spawned, never forked: a fork beside threads copies their locks in whatever state.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(
        min(workers, len(batches)), mp_context=context, initializer=_live_no_longer_than_parent
    ) as pool:
        for future in as_completed([pool.submit(_all, draw, batch) for batch in batches]):
            yield from future.result()


def _all(draw: Draw, batch: Named) -> list[tuple[str, CardError | None]]:
    return [(name, draw(name, card)) for name, card in batch]


def _live_no_longer_than_parent() -> None:
    """A killed parent cannot dismiss its pool, whose processes would wait for work for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_leave_with, args=(parent,), daemon=True).start()


def _leave_with(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)
