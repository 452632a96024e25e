"""Daemons that end with their test, and a copy of the shipped campaign."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from program import CHECKOUT, Daemon


@pytest.fixture
def daemon(tmp_path):
    started = []

    def start(*arguments: str) -> Daemon:
        started.append(Daemon(tmp_path, *arguments))
        return started[-1]

    yield start
    for one in started:
        if one.process.poll() is None:
            one.kill()


@pytest.fixture
def sample(tmp_path) -> Path:
    """A folder with a copy of the shipped campaign."""
    shutil.copytree(CHECKOUT / "assets", tmp_path / "assets")
    shutil.copyfile(CHECKOUT / "campaign.yaml", tmp_path / "campaign.yaml")
    return tmp_path


@pytest.fixture
def shipped(sample) -> Path:
    """The same with its languages and members: the whole coalition."""
    for folder in ("languages", "members"):
        shutil.copytree(CHECKOUT / folder, sample / folder)
    return sample
