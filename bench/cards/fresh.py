"""What only a fresh process shows: its first card, and its memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from cards import ours
from cards.engines import AbsentError, Cache, environment, node_command, told
from cards.texts import Said, Writer
from scheduler.model import Card

#: Of each of the two.
STARTS = 11
#: So many cards are drawn before the peak is read.
DRAWN = 200
_OURS = [sys.executable, "-P", str(Path(__file__).with_name("drawing.py"))]


def cold(cache: Cache, writer: Writer) -> tuple[list[float], list[float]]:
    """Seconds from nothing to the first card, ours and takumi's in turns; takumi may have none."""
    own: list[float] = []
    other: list[float] = []
    shared = json.dumps(told(cache))
    for turn in range(STARTS + 1):
        said = writer.said()
        seconds = started(_OURS, [json.dumps(as_told(ours.card(said)))], cache)
        first = _takumi(cache, shared, said)
        if turn:  # the first one reads the files into the system's memory
            own.append(seconds)
            other += first
    return own, other


def _takumi(cache: Cache, shared: str, said: Said) -> list[float]:
    try:
        command = node_command("takumi", cache)
        return [started(command, [shared, json.dumps({"said": said.told()})], cache)]
    except (AbsentError, ChildProcessError):
        return []


def started(command: list[str], lines: list[str], cache: Cache) -> float:
    """Seconds until the process has answered every line."""
    begin = perf_counter()
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=_installed(cache),
    ) as process:
        if process.stdin is None or process.stdout is None:
            raise AssertionError("the process has no pipes")
        process.stdin.write("".join(f"{line}\n" for line in lines))
        process.stdin.flush()
        answers = [process.stdout.readline() for _ in lines]
        ended = perf_counter()
        process.communicate()
    if not all(answers):
        raise ChildProcessError(f"{command} did not draw")
    return ended - begin


def _installed(cache: Cache) -> dict[str, str]:
    """An installed program is compiled, whatever this shell says: pip sees to it."""
    kept = environment(cache) | {"PYTHONPYCACHEPREFIX": str(cache.folder / "bytecode")}
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    return kept


def peak(writer: Writer) -> float:
    """Megabytes of a process that has drawn many cards, of all sixteen days."""
    lines = "\n".join(json.dumps(as_told(ours.card(said))) for said in writer.many(DRAWN))
    ended = subprocess.run(_OURS, input=lines, stdout=subprocess.PIPE, text=True, check=True)
    answers = ended.stdout.splitlines()
    if len(answers) != DRAWN:
        raise AssertionError(f"only {len(answers)} of {DRAWN} cards were drawn")
    return float(json.loads(answers[-1])["peak"]) / 1e6


def pool(seed: int) -> float:
    """How much faster two processes fill the shelf than one does: the median turn.

    A turn of seconds sees one mood of a busy machine, so each is compared with its neighbour.
    """
    command = [sys.executable, "-m", "cards.pool", str(seed)]
    ended = subprocess.run(
        command, stdout=subprocess.PIPE, text=True, check=True, env=_with_bench()
    )
    one, two = json.loads(ended.stdout)
    return median(alone / shared for alone, shared in zip(one, two, strict=True))


def _with_bench() -> dict[str, str]:
    paths = [str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")]
    return os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, paths))}


def as_told(card: Card) -> dict[str, Any]:
    """The card as `drawing.py` is told it."""
    told = asdict(card)
    brand = card.brand
    told["brand"] = {
        "name": brand.name,
        "hashtag": brand.hashtag,
        "help": brand.help,
        "colours": told["brand"]["colours"],
        "logo": str(brand.logo),
    }
    return {name: told[name] for name in ("texts", "brand", "size", "language")}
