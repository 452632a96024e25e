"""The installed program, run as a person runs it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]
PATIENCE = 60

DAILY = """\
campaign:
  id: today
  title: Everything is due today
  first_day: {today}
  zone: UTC
  language: en
  time: "00:00"
  grace: 48h
brand:
  name: Small
  hashtag: "#Small"
  colours:
    {{paper: "#FFF6EC", ink: "#24163A", accent: "#C2410C", ground: "#3B1A5A", on_dark: "#FFF6EC"}}
accounts:
  archive: {{platform: folder, directory: published}}
posts:
"""
POST = """\
  post-{number}:
    day: 1
    call: {{headline: Come today, body: The door is open.}}
    text: This is number {number}.
    alt: "On the card: Come today. The door is open."
"""


def run(*arguments: str, cwd: Path | None = None, **more) -> subprocess.CompletedProcess[str]:
    """`campaign …`, to its end."""
    return subprocess.run(
        [sys.executable, "-m", "scheduler", *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
        **more,
    )


def answer(*arguments: str, cwd: Path | None = None):
    """What `campaign … --json` says."""
    done = run(*arguments, "--json", cwd=cwd)
    assert done.stdout, done.stderr
    return json.loads(done.stdout)


def calendar_of_today(folder: Path, posts: int, **replaced: str) -> Path:
    """A calendar of which every post is due now, and for two days."""
    text = DAILY.format(today=datetime.now(UTC).date())
    text += "".join(POST.format(number=number) for number in range(posts))
    for old, new in replaced.items():
        text = text.replace(old, new)
    file = folder / "campaign.yaml"
    file.write_text(text, "utf-8")
    return file


class Daemon:
    """`campaign run`, or `campaign worker`, in a process of its own."""

    def __init__(self, folder: Path, *arguments: str, verb: str = "run") -> None:
        self.folder = folder
        self.log = folder / "daemon.log"
        self._started = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "scheduler", verb, "--every", "0.2", *arguments],
                cwd=folder,
                stdout=log,
                stderr=log,
                env=os.environ | {"COLUMNS": "200"},
            )

    def said(self) -> str:
        return self.log.read_bytes()[self._started :].decode()

    def until(self, happened, what: str) -> None:
        """Wait, on the machine's own time, until it happened."""
        ends = time.monotonic() + PATIENCE
        while not happened():
            assert self.process.poll() is None, f"it ended: {self.said()}"
            assert time.monotonic() < ends, f"still not {what}: {self.said()}"
            time.sleep(0.02)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(PATIENCE)

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)


def public(folder: Path) -> list[str]:
    """The text of everything that stands in the folder account, as campaign/post/part."""
    # Hidden folders are not looked into: what is being written there moves away meanwhile.
    shown = (folder / "published").glob("[!.]*/*/*/*/text.txt")
    return sorted(file.read_text("utf-8") for file in shown)


def states(folder: Path) -> dict[str, str]:
    deliveries = answer("status", cwd=folder)["deliveries"]
    return {delivery["post"]: delivery["state"] for delivery in deliveries}
