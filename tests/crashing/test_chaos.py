"""A small fire: nothing is public twice, nothing is lost, and when it is, that is seen."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

CHAOS = Path(__file__).parents[2] / "bench" / "chaos.py"


def fire(*options):
    """A run with few accounts: its exit code, and the numbers in its last line."""
    done = subprocess.run(
        [sys.executable, str(CHAOS), "--accounts", "10", *options],
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout.splitlines()[-1]), done.stdout


@pytest.mark.parametrize("seed", ["7"])
def test_workers_that_are_killed_publish_nothing_twice_and_lose_nothing(seed):
    code, numbers, said = fire("--seed", seed, "--kills", "12")
    assert code == 0, said
    assert (numbers["duplicates"], numbers["silent_losses"]) == (0, 0)
    assert (numbers["kills"], numbers["deliveries"]) == (12, 350)
    assert numbers["published"] + numbers["unconfirmed"] > 320


def test_an_adapter_that_swears_to_absence_is_caught_with_duplicates():
    code, numbers, said = fire("--seed", "7", "--kills", "4", "--lying")
    assert code == 1, said
    assert numbers["duplicates"] > 0
    assert "too many are public" in said
