"""How long a calendar of ten thousand posts takes to read, beside what its libraries alone take.

    make bench-calendar            another calendar each time
    make bench-calendar SEED=7     the same one again

Ours is reading with places, validation, building and planning. Theirs is `yaml.CSafeLoader` and
the same pydantic forms; making text of the loader's values again, which the forms want, is not
counted. The two take turns in one process, so that a busy machine slows both; medians of five.
"""

from __future__ import annotations

import gc
import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import yaml

from scheduler.calendar import read_calendar
from scheduler.calendar.schema import CalendarForm
from scheduler.model import Campaign
from scheduler.planning import plan

ROOT = Path(__file__).parents[1]
POSTS = 10_000
ROUNDS = 5
ON = "2026-11-22"

_TOP = """\
campaign:
  id: bench-2026
  title: A long campaign
  first_day: 2026-11-25
  zone: Europe/Berlin
  language: en
  time: "09:00"
  tags: ["#LongCampaign"]
brand:
  name: A long campaign
  hashtag: "#LongCampaign"
  colours:
    {paper: "#FFF6EC", ink: "#24163A", accent: "#C2410C", ground: "#3B1A5A", on_dark: "#FFF6EC"}
accounts:
  archive: {platform: folder, directory: published}
  second: {platform: folder, directory: second}
"""
_WORDS = """
safety survivor responsibility programme change listen believe women services support law prevention
men children community question answer friend town court accountable respect help door voice school
tomorrow street work home partner family neighbour standard quality risk
"""


# ── a calendar ────────────────────────────────────────────────────────────────────────────────────


class Writer:
    """Writes the same calendar for the same seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._words = _WORDS.split()

    def calendar(self, posts: int) -> str:
        facts = [f"fact-{number}" for number in range(posts // 50)]
        quotes = [f"quote-{number}" for number in range(posts // 50)]
        parts = [_TOP, "facts:\n", *map(self._fact, facts), "quotes:\n", *map(self._quote, quotes)]
        parts.append("posts:\n")
        parts += (self._post(number, facts, quotes) for number in range(posts))
        return "".join(parts)

    def _sentence(self, length: int) -> str:
        words = " ".join(self._random.choices(self._words, k=length))
        return f"{words.capitalize()}."

    def _post(self, number: int, facts: list[str], quotes: list[str]) -> str:
        at = f"{self._random.randint(8, 20):02}:{self._random.randint(0, 59):02}"
        return (
            f"  post-{number}:\n    day: {self._random.randint(1, 16)}\n"
            f'    time: "{at}"\n{self._content(facts, quotes)}'
            f"    text: >-\n      {self._sentence(20)}\n      {self._sentence(18)}\n"
            f"    alt: >-\n      {self._sentence(15)}\n      {self._sentence(15)}\n"
        )

    def _content(self, facts: list[str], quotes: list[str]) -> str:
        points = "".join(f"        - {self._sentence(5)}\n" for _ in range(2))
        kinds = (
            f"    quote: {self._random.choice(quotes)}\n",
            f"    statistic: {self._random.choice(facts)}\n",
            f"    call: {{headline: {self._sentence(4)}, body: {self._sentence(12)}}}\n",
            f"    graphic:\n      headline: {self._sentence(4)}\n      points:\n{points}",
        )
        return self._random.choice(kinds)

    def _fact(self, id_: str) -> str:
        return (
            f"  {id_}:\n    figure: {self._random.randint(1, 99)}%\n"
            f"    statement: {self._sentence(9)}\n    population: {self._sentence(5)}\n"
            f'    year: "2024"\n    caveat: {self._sentence(8)}\n{self._source()}'
        )

    def _quote(self, id_: str) -> str:
        return (
            f"  {id_}:\n    words: {self._sentence(14)}\n    language: en\n"
            f"    speaker: {self._sentence(2)}\n    role: {self._sentence(3)}\n{self._source()}"
        )

    def _source(self) -> str:
        return (
            f"    source:\n      publisher: {self._sentence(2)}\n      title: {self._sentence(5)}\n"
            '      year: "2025"\n'
            f"      address: https://example.org/{self._random.randint(1, 999)}\n"
            "    checked: publisher\n    checked_on: 2026-11-20\n"
        )


# ── the two that are compared ─────────────────────────────────────────────────────────────────────


def ours(file: Path) -> float:
    """Read, validated, built and planned."""
    return seconds(lambda: plan(read_calendar(file).unwrap()))


def theirs(file: Path) -> float:
    """Loaded, and validated by the same forms."""
    loaded: list[Any] = []
    loading = seconds(
        lambda: loaded.append(yaml.load(file.read_text("utf-8"), Loader=yaml.CSafeLoader))
    )
    typed = _typed(loaded.pop())
    return loading + seconds(lambda: CalendarForm.model_validate(typed))


def _typed(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _typed(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_typed(inner) for inner in value]
    return str(value)


# ── measuring ─────────────────────────────────────────────────────────────────────────────────────


def seconds(action: Callable[[], object]) -> float:
    gc.collect()  # what the one left behind must not slow the other
    begin = perf_counter()
    action()
    return perf_counter() - begin


def interleaved(*timed: Callable[[], float]) -> list[list[float]]:
    """Each round runs each of them once, and begins with another one."""
    taken: list[list[float]] = [[] for _ in timed]
    for turn in range(ROUNDS):
        for step in range(len(timed)):
            which = (turn + step) % len(timed)
            taken[which].append(timed[which]())
    return taken


def lints(campaign: Campaign) -> float | None:
    """All lints, once; None when this program has none."""
    try:
        from scheduler.linting import lint  # noqa: PLC0415 (measured where it exists)
    except ImportError:
        return None
    return seconds(lambda: lint(campaign, on=date.fromisoformat(ON)))


def sample_check() -> list[float]:
    """`campaign check` on the shipped campaign, whose cards lie on the shelf already."""
    command = [sys.executable, "-m", "scheduler", "check", "--on", ON]
    subprocess.run(command, cwd=ROOT, check=False, capture_output=True)
    return [
        seconds(lambda: subprocess.run(command, cwd=ROOT, check=True, capture_output=True))
        for _ in range(ROUNDS)
    ]


@contextmanager
def written(seed: int) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "campaign.yaml"
        file.write_text(Writer(seed).calendar(POSTS), "utf-8")
        yield file


def main() -> None:
    seed = int(os.environ.get("SEED") or random.SystemRandom().randrange(10**6))
    with written(seed) as file:
        size = file.stat().st_size / 1e6
        print(f"{POSTS} posts, {size:.1f} MB, SEED={seed}; medians of {ROUNDS}, in seconds\n")
        ours(file), theirs(file)  # what is done once only, such as imports, is not measured
        own, other = interleaved(lambda: ours(file), lambda: theirs(file))
        linting = lints(read_calendar(file).unwrap().own)
    checking = sample_check()
    row("read, validate, build, plan", own)
    row("yaml.CSafeLoader + the forms", other)
    row("all lints", [] if linting is None else [linting])
    row("campaign check, the sample", checking)
    print(
        json.dumps(
            {
                "over_yaml_and_pydantic": round(median(own) / median(other), 3),
                "lints_seconds": None if linting is None else round(linting, 3),
                "sample_check_seconds": round(median(checking), 3),
            }
        )
    )


def row(name: str, taken: list[float]) -> None:
    if not taken:
        print(f"{name:32} –")
        return
    print(f"{name:32} {median(taken):7.3f}   ({min(taken):.3f} to {max(taken):.3f})")


if __name__ == "__main__":
    main()
