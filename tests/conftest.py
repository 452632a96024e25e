"""A small calendar, and the parts around it, for every room's tests."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from scheduler.cards import Shelf

SMALL = """\
campaign:
  id: small-2026
  title: A small campaign
  first_day: 2026-11-25
  zone: Europe/Berlin
  language: en
  time: "09:00"
  tags: ["#Small"]
brand:
  name: Small
  hashtag: "#Small"
  colours:
    {paper: "#FFF6EC", ink: "#24163A", accent: "#C2410C", ground: "#3B1A5A", on_dark: "#FFF6EC"}
accounts:
  archive: {platform: folder, directory: published}
days:
  1: {theme: Why we speak}
  2: {theme: Listening}
posts:
  launch:
    day: 1
    graphic: {headline: We begin today, points: [One thing, Another thing]}
    text: Today we begin.
    alt: "On the card: We begin today. One thing. Another thing."
  listen:
    day: 2
    quote: guterres
    text: Listening comes first.
    alt: >-
      On the card: Listen to survivors and end impunity for perpetrators everywhere. António
      Guterres, UN Secretary-General.
quotes:
  guterres:
    words: Listen to survivors and end impunity for perpetrators everywhere.
    language: en
    speaker: António Guterres
    role: UN Secretary-General
    source:
      publisher: United Nations
      title: Message of 25 November 2023
      year: "2023"
      address: https://unis.unvienna.org/
    checked: publisher
    checked_on: 2026-11-22
"""

Writer = Callable[..., Path]


@pytest.fixture
def calendar(tmp_path: Path) -> Writer:
    """Writes the small calendar, with (old, new) replacements, and gives its path."""

    def write(*changes: tuple[str, str], text: str = SMALL) -> Path:
        for old, new in changes:
            assert old in text, f"{old!r} does not stand in the calendar"
            text = text.replace(old, new, 1)
        file = tmp_path / "campaign.yaml"
        file.write_text(text, "utf-8")
        return file

    return write


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """One shelf for all tests: equal cards are drawn once."""
    return Shelf(tmp_path_factory.mktemp("shelf"))


@pytest.fixture
def needs() -> Callable[..., None]:
    """Skips where a system command is missing, and says how to get it; in CI that is a failure."""

    def check(*commands: str) -> None:
        missing = [command for command in commands if shutil.which(command) is None]
        if missing and os.environ.get("CI"):
            pytest.fail(f"{', '.join(missing)} should be there: make test-deps")
        if missing:
            pytest.skip(f"no {', '.join(missing)} here: make test-deps brings it")

    return check
