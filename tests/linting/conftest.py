"""A calendar without findings, and a way to lay changes over it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from scheduler.calendar import read_calendar
from scheduler.linting import Finding, lint
from scheduler.model import Campaign

BASE = Path(__file__).with_name("base.yaml")
TODAY = date(2026, 11, 22)


def merged(under: Any, over: Any) -> Any:
    """Mappings merge, everything else is replaced."""
    if not isinstance(under, dict) or not isinstance(over, dict):
        return over
    return {
        key: merged(under.get(key), over.get(key)) if key in over else under[key]
        for key in {**under, **over}
    }


Reader = Callable[..., Campaign]
Linter = Callable[..., tuple[Finding, ...]]


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    """Reads the base calendar with YAML fragments laid over it."""

    def read(*fragments: str) -> Campaign:
        values = yaml.load(BASE.read_text("utf-8"), yaml.BaseLoader)
        for fragment in fragments:
            values = merged(values, yaml.load(fragment, yaml.BaseLoader))
        file = tmp_path / "campaign.yaml"
        text = yaml.safe_dump(values, allow_unicode=True, sort_keys=False, width=10_000)
        file.write_text(text, "utf-8")
        (tmp_path / "lights.jpg").touch()
        return read_calendar(file).unwrap().own

    return read


@pytest.fixture
def linter(reader: Reader) -> Linter:
    """The findings in the base calendar with YAML fragments laid over it."""
    return lambda *fragments, on=TODAY: lint(reader(*fragments), on=on)


@pytest.fixture
def codes(linter: Linter) -> Callable[..., list[str]]:
    return lambda *fragments, on=TODAY: [one.problem.code for one in linter(*fragments, on=on)]


@pytest.fixture
def caption(codes: Callable[..., list[str]]) -> Callable[[str], list[str]]:
    """The codes of what is found in a caption."""

    def found(text: str, *fragments: str) -> list[str]:
        post = yaml.safe_dump({"posts": {"begin": {"text": text}}}, allow_unicode=True)
        return codes(post, *fragments)

    return found
