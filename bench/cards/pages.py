"""The results for people: a plain table, and the table and the plot of docs/performance.md."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from html import escape
from importlib.metadata import version
from pathlib import Path
from statistics import median

from cards.engines import Cache
from cards.look import CHECKOUT
from cards.results import Row, Run, line, rows

PAGE = CHECKOUT / "docs" / "performance.md"
PLOT = CHECKOUT / "docs" / "images" / "card-speed.svg"
BEGIN = "<!-- bench-cards: everything down to the next mark is written by WRITE=1 -->"
END = "<!-- bench-cards: end -->"

#: What a reader calls them.
NAMES = {
    "ours": "this program, JPEG 4:2:0",
    "ours_444": "this program, JPEG 4:4:4",
    "ours_png": "this program, PNG",
    "encode_alone": "encoding alone, JPEG 4:2:0",
    "encode_alone_444": "encoding alone, JPEG 4:4:4",
    "pillow_plain": "Pillow, written plainly",
    "takumi": "takumi, JPEG 4:4:4",
    "takumi_with_sharp": "takumi's pixels, sharp's JPEG",
    "satori": "satori and resvg-js, PNG",
    "chromium": "Chromium, a warm page",
    "skia": "skia-python",
}
_OWN = ("ours", "ours_444", "ours_png")


def table(run: Run) -> str:
    """For a terminal."""
    head = f"{'':32}{'ms a card':>10}  {'middle half':>16}{'cards/s':>9}{'times':>8}\n"
    lines = [
        f"{NAMES[row.name]:32}{row.median:10.2f}  {f'{row.low:.2f} to {row.high:.2f}':>16}"
        f"{1000 / row.median:9.1f}{_times(row):>8}\n"
        for row in rows(run)
    ]
    absent = [f"No {name}: {reason}\n" for name, reason in run.absent.items()]
    return head + "".join(lines) + "".join(absent) + _notes(run)


def _notes(run: Run) -> str:
    said = line(run)
    plain = said["pillow_plain_over_encode"]
    notes = [
        f"first card of a cold process: {_seconds(run.cold)}, takumi's {_seconds(run.cold_takumi)}",
        f"two processes fill the shelf {run.pool:.2f} times as fast as one",
        f"peak of a process that draws: {run.peak_mb:.0f} MB",
    ]
    if isinstance(plain, float) and not 15 <= plain <= 30:  # noqa: PLR2004 (see performance.md)
        notes.append(f"plain Pillow takes {plain:.1f} times encoding alone; 15 to 30 are usual")
    return "".join(f"{note}\n" for note in notes)


def _seconds(taken: Sequence[float]) -> str:
    return f"{median(taken) * 1000:.0f} ms" if taken else "–"


def _times(row: Row) -> str:
    return f"{row.times:.1f}" if row.times else ""


# ── docs/performance.md ───────────────────────────────────────────────────────────────────────────


def write(run: Run, made_with: str) -> None:
    PLOT.parent.mkdir(parents=True, exist_ok=True)
    PLOT.write_text(plot(run), "utf-8")
    PAGE.write_text(between(PAGE.read_text("utf-8"), section(run, made_with)), "utf-8")


def between(page: str, said: str) -> str:
    """The page with `said` between its marks. Raises ValueError where there are none."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the page has no {BEGIN} and {END}")
    return f"{before}{BEGIN}\n\n{said}\n{END}{after}"


def section(run: Run, made_with: str) -> str:
    lines = [
        f"![Milliseconds a card, by engine]({PLOT.relative_to(PAGE.parent).as_posix()})",
        "",
        "| | ms a card | middle half | cards a second | times as long as we |",
        "|---|--:|--:|--:|--:|",
        *(
            f"| {NAMES[row.name]} | {row.median:.2f} | {row.low:.2f} to {row.high:.2f} "
            f"| {1000 / row.median:.1f} | {_times(row)} |"
            for row in rows(run)
        ),
        "",
        *(f"- {note}" for note in _notes(run).splitlines()),
        # Why is no reader's business, and may name the machine's folders.
        *(f"- {NAMES[name]}: could not be had" for name in run.absent),
        "",
        f"{run.rounds} rounds, `SEED={run.seed}`, on {made_with}.",
        "",
        "```json",
        json.dumps(line(run)),
        "```",
        "",
    ]
    return "\n".join(lines)


def made_with(cache: Cache) -> str:
    """The machine, and the versions of what was measured."""
    parts = [
        f"{os.cpu_count()} cores ({_processor()})",
        f"Python {platform.python_version()}",
        f"Pillow {version('pillow')}",
        *_packages(cache),
        _browser(),
    ]
    return ", ".join(filter(None, parts))


def _processor() -> str:
    try:
        told = Path("/proc/cpuinfo").read_text("utf-8")
    except OSError:
        return platform.machine()
    return told.partition("model name")[2].partition("\n")[0].strip(" \t:") or platform.machine()


def _packages(cache: Cache) -> list[str]:
    named = {"takumi": "@takumi-rs/core", "sharp": "sharp", "satori": "satori"}
    found = [_package(cache, folder, name) for folder, name in named.items()]
    found.append(_package(cache, "satori", "@resvg/resvg-js"))
    skia = [file.name for file in (cache.folder / "skia").glob("skia_python-*.dist-info")]
    return [*filter(None, found), *(f"skia-python {name.split('-')[1][:-5]}" for name in skia)]


def _package(cache: Cache, folder: str, name: str) -> str:
    file = cache.folder / folder / "node_modules" / name / "package.json"
    return f"{name} {json.loads(file.read_text('utf-8'))['version']}" if file.exists() else ""


def _browser() -> str:
    command = [os.environ.get("CHROMIUM") or "/usr/bin/chromium", "--version"]
    try:
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return " ".join(ended.stdout.split()[:2])


# ── the plot: plain SVG, whose text follows the reader's dark or light ────────────────────────────

_WIDTH, _BAR, _STEP, _LEFT, _RIGHT = 760, 18, 30, 230, 90
_STYLE = """\
text{font:14px system-ui,sans-serif;fill:#24292f}
.bar{fill:#8c959f}.own{fill:#c2410c}.floor{fill:#d0d7de}
@media (prefers-color-scheme:dark){
text{fill:#e6edf3}.bar{fill:#6e7681}.own{fill:#f0793f}.floor{fill:#444c56}
}"""


def plot(run: Run) -> str:
    shown = rows(run)
    scale = (_WIDTH - _LEFT - _RIGHT) / max(row.median for row in shown)
    bars = [bar for number, row in enumerate(shown) for bar in _bar(row, number * _STEP, scale)]
    box = f'viewBox="0 0 {_WIDTH} {len(shown) * _STEP}" width="{_WIDTH}"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {box} role="img">',
        "<title>Milliseconds a card, by engine; shorter is faster</title>",
        f"<style>{_STYLE}</style>",
        *bars,
        "</svg>\n",
    ]
    return "\n".join(lines)


def _bar(row: Row, top: float, scale: float) -> list[str]:
    kind = "own" if row.name in _OWN else "floor" if row.name.startswith("encode") else "bar"
    width = max(1.0, row.median * scale)
    base = top + _BAR - 4
    return [
        f'<text x="{_LEFT - 10}" y="{base}" text-anchor="end">{escape(NAMES[row.name])}</text>',
        f'<rect class="{kind}" x="{_LEFT}" y="{top}" width="{width:.1f}" height="{_BAR}" rx="2"/>',
        f'<text x="{_LEFT + width + 8:.1f}" y="{base}">{row.median:.1f} ms</text>',
    ]


def tell(run: Run) -> None:
    """The table for people on stderr, the one line for programs on stdout."""
    sys.stderr.write(f"\n{table(run)}\n")
    sys.stderr.flush()
    print(json.dumps(line(run)), flush=True)
