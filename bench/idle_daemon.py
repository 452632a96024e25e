"""What a daemon costs that has nothing to do: ten thousand deliveries, all of them weeks ahead.

    make bench-idle                                three minutes
    python bench/idle_daemon.py --minutes 10

A real `campaign run` on a calendar of folder accounts. Measured from outside, once it has come to
rest: at how many separate moments it woke up (one of its threads gave up the processor by itself),
the processor time that it took, and its share of the memory (PSS). Linux only: all of it stands in
/proc.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

DELIVERIES = 10_000
ACCOUNTS = ("archive", "second")
DAYS = 16
#: Weeks until the first of them is due.
AHEAD = timedelta(weeks=4)

#: What it should not cost more than.
WAKES_A_MINUTE = 1.0
CPU_PERCENT = 0.1
PSS_MB = 120.0

_PATIENCE = 600.0
#: Seconds after the calendar was taken up, in which what that left to do is done.
_REST = 20.0
#: Seconds between two questions from outside, and how far apart two wake-ups are two.
_OFTEN = 0.2
_TOGETHER = 1.0

_TOP = """\
campaign:
  id: idle
  title: Nothing is due for weeks
  first_day: {first_day}
  zone: Europe/Berlin
  language: en
  time: "09:00"
brand:
  name: Idle
  hashtag: "#Idle"
  colours:
    {{paper: "#FFF6EC", ink: "#24163A", accent: "#C2410C", ground: "#3B1A5A", on_dark: "#FFF6EC"}}
accounts:
{accounts}
posts:
"""
_POST = """\
  post-{number}:
    day: {day}
    time: "{hour:02}:{minute:02}"
    call: {{headline: Come and talk, body: The door is open.}}
    text: This is number {number} of many, and it says where to go and when the door is open.
    alt: "On the card: Come and talk. The door is open."
"""


def calendar(deliveries: int) -> str:
    accounts = "\n".join(f"  {name}: {{platform: folder, directory: {name}}}" for name in ACCOUNTS)
    first_day = (datetime.now(UTC) + AHEAD).date()
    posts = (
        _POST.format(
            number=number,
            day=number % DAYS + 1,
            hour=8 + number // 60 % 12,
            minute=number % 60,
        )
        for number in range(deliveries // len(ACCOUNTS))
    )
    return _TOP.format(first_day=first_day, accounts=accounts) + "".join(posts)


@contextmanager
def running(folder: Path) -> Iterator[int]:
    """`campaign run`, from when it has taken up the calendar; gives its process."""
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "scheduler", "run"],
            cwd=folder,
            stdout=log,
            stderr=log,
            env=os.environ | {"COLUMNS": "200"},
        )
    try:
        _wait_until_taken_up(process, folder / "log")
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(_PATIENCE)


def _wait_until_taken_up(process: subprocess.Popen[bytes], log: Path) -> None:
    ends = time.monotonic() + _PATIENCE
    while "taken up:" not in log.read_text("utf-8"):
        if process.poll() is not None or time.monotonic() > ends:
            raise AssertionError(f"it was never taken up: {log.read_text('utf-8')[-2000:]}")
        time.sleep(0.2)


# ── from outside ──────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What the system says of the process now."""

    at: float
    #: By thread.
    wakes: Mapping[str, int]
    cpu: float
    pss_mb: float


def look(pid: int) -> Look:
    process = Path("/proc", str(pid))
    wakes = {
        task.name: _number(task / "status", "voluntary_ctxt_switches")
        for task in (process / "task").iterdir()
    }
    fields = (process / "stat").read_text().rpartition(")")[2].split()
    return Look(
        at=time.monotonic(),
        wakes=wakes,
        cpu=(int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"),
        pss_mb=_number(process / "smaps_rollup", "Pss") / 1024,
    )


def _number(file: Path, name: str) -> int:
    for line in file.read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1])
    raise AssertionError(f"no {name} in {file}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--minutes", type=float, default=3)
    parser.add_argument("--deliveries", type=int, default=DELIVERIES)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "campaign.yaml").write_text(calendar(options.deliveries), "utf-8")
        begun = time.monotonic()
        with running(Path(folder)) as pid:
            taken_up = time.monotonic() - begun
            time.sleep(_REST)
            before = look(pid)
            moments = watched(pid, options.minutes * 60)
            after = look(pid)
    return tell(before, after, moments, taken_up)


def watched(pid: int, seconds: float) -> int:
    """Separate moments at which anything of it woke up: what wakes together is one of them."""
    moments, last, ends = 0, 0.0, time.monotonic() + seconds
    seen = _wakes(pid)
    while (now := time.monotonic()) < ends:
        time.sleep(_OFTEN)
        if seen != (seen := _wakes(pid)):
            moments += now - last > _TOGETHER
            last = now
    return moments


def _wakes(pid: int) -> int:
    tasks = Path("/proc", str(pid), "task").iterdir()
    return sum(_number(task / "status", "voluntary_ctxt_switches") for task in tasks)


def tell(before: Look, after: Look, moments: int, taken_up: float) -> int:
    minutes = (after.at - before.at) / 60
    by_thread = {
        thread: (count - before.wakes.get(thread, 0)) / minutes
        for thread, count in after.wakes.items()
    }
    measured = {
        "wakes_a_minute": round(moments / minutes, 2),
        "switches_a_minute": round(sum(by_thread.values()), 2),
        "cpu_percent": round((after.cpu - before.cpu) / (after.at - before.at) * 100, 4),
        "pss_mb": round(after.pss_mb, 1),
    }
    print(f"taken up in {taken_up:.1f} s; then {minutes:.1f} minutes")
    for thread, wakes in sorted(by_thread.items(), key=lambda each: -each[1]):
        print(f"thread {thread:>8}: {wakes:.2f} switches a minute")
    print(json.dumps(measured))
    good = (
        measured["wakes_a_minute"] <= WAKES_A_MINUTE
        and measured["cpu_percent"] < CPU_PERCENT
        and measured["pss_mb"] < PSS_MB
    )
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
