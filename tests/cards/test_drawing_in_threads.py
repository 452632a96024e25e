"""Publishers draw from several threads at once: the pixels are those that one thread gives.

FreeType, used by two threads at once, writes wrong letters or ends the interpreter; hence the
cards are drawn in a process of their own, whose caches are empty.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PIL import Image
from samples import CARDS

from scheduler.cards.composing import composed
from scheduler.cards.painting import try_pictures

#: Sizes of its own for each card, so that hardly any glyph has been drawn before it is wanted; and
#: a switch of threads as often as Python can, because a crowd of cards would take too long.
PROGRAM = """
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

from samples import CARDS

from scheduler.cards import painting
from scheduler.cards.composing import composed
from scheduler.model import Size

THREADS = 8
together = Barrier(THREADS)


def drawn(card):
    return painting.picture(composed(card)).tobytes()


def started(cards):
    together.wait()
    return [drawn(card) for card in cards]


sizes = [Size(width=560 + 40 * n, height=700 + 50 * n) for n in range(THREADS)]
shares = [[replace(card, size=size) for card in CARDS.values()] for size in sizes]
sys.setswitchinterval(1e-5)
with ThreadPoolExecutor(THREADS) as pool:
    many = list(pool.map(started, shares))
for made in vars(painting).values():
    if hasattr(made, "cache_clear"):
        made.cache_clear()
wrong = sum(
    drawn(card) != got
    for share, row in zip(shares, many, strict=True)
    for card, got in zip(share, row, strict=True)
)
print(wrong, "of", sum(map(len, shares)), "cards differ")
"""


def said_by(program: str) -> str:
    here = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    done = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", program],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, "PYTHONPATH": here},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_many_threads_with_cold_caches_give_the_pixels_of_one():
    assert said_by(PROGRAM) == f"0 of {8 * len(CARDS)} cards differ"


def test_pictures_opened_by_many_threads_leave_the_warnings_of_the_process_alone(monkeypatch):
    opened = Image.open

    def slowly(*args, **options):
        time.sleep(0.02)  # long enough for another thread to come in, if it may
        return opened(*args, **options)

    monkeypatch.setattr(Image, "open", slowly)
    photo = composed(CARDS["photo"])
    before = list(warnings.filters)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(try_pictures, [photo] * 8))
    assert warnings.filters == before
