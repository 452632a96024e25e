"""The numbers that a run ends with: medians, and ratios of medians."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median, quantiles

#: Whom we are compared with, and by which of our own drawings: each ends as its picture does.
RIVALS = {
    "pillow_plain": "ours",
    "takumi": "ours",
    "satori": "ours_png",
    "chromium": "ours",
    "skia": "ours",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What was measured, in seconds a card; `taken` lacks the engines that could not be had."""

    seed: int
    rounds: int
    taken: Mapping[str, Sequence[float]]
    absent: Mapping[str, str]
    #: Seconds from nothing to the first card.
    cold: Sequence[float]
    cold_takumi: Sequence[float]
    pool: float
    peak_mb: float


def ratio(over: Sequence[float], under: Sequence[float]) -> float | None:
    """The one median over the other; None where nothing was measured."""
    return round(median(over) / median(under), 3) if over and under else None


def line(run: Run) -> dict[str, object]:
    """The line of JSON."""

    def over(one: str, other: str) -> float | None:
        return ratio(run.taken.get(one, ()), run.taken.get(other, ()))

    return {
        "over_encode_alone": over("ours", "encode_alone"),
        "times_faster": {name: over(name, own) for name, own in RIVALS.items()},
        "pool_on_two_cores": round(run.pool, 3),
        "peak_mb": round(run.peak_mb, 1),
        "over_encode_alone_444": over("ours_444", "encode_alone_444"),
        "cold_over_takumi": ratio(run.cold, run.cold_takumi),
        "pillow_plain_over_encode": over("pillow_plain", "encode_alone"),
        # takumi's own JPEG is 4:4:4 and nothing else, and takes most of its time.
        "takumi_444_times_faster": over("takumi", "ours_444"),
        "takumi_with_sharp_times_faster": over("takumi_with_sharp", "ours"),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One engine: milliseconds a card, and how many times as long as ours it takes."""

    name: str
    median: float
    low: float
    high: float
    times: float | None


def rows(run: Run) -> list[Row]:
    """All that were measured, the fastest first."""
    return sorted((_row(name, run) for name in run.taken), key=lambda row: row.median)


def _row(name: str, run: Run) -> Row:
    taken = run.taken[name]
    low, _, high = quantiles(taken, n=4) if len(taken) > 1 else [taken[0]] * 3
    own = RIVALS.get(name) or ("ours" if name == "takumi_with_sharp" else "")
    return Row(
        name=name,
        median=median(taken) * 1000,
        low=low * 1000,
        high=high * 1000,
        times=ratio(taken, run.taken[own]) if own else None,
    )
