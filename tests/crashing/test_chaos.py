"""A small fire: nothing is public twice, nothing is lost, and when it is, that is seen."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from fire.setting import KINDS

from scheduler.platforms import PLATFORMS

BENCH = Path(__file__).parents[2] / "bench"


def fire(*options, patience=100):
    """A run with few accounts: its exit code, the numbers in its last line, and all it said."""
    done = subprocess.run(
        [sys.executable, str(BENCH / "chaos.py"), "--accounts", "10", "--each", "3", *options],
        capture_output=True,
        text=True,
        check=False,
        timeout=patience,
    )
    assert done.stdout, done.stderr
    said = done.stdout + done.stderr
    return done.returncode, json.loads(done.stdout.splitlines()[-1]), said


@pytest.mark.parametrize("seed", ["7"])
def test_workers_that_are_killed_publish_nothing_twice_and_lose_nothing(seed):
    code, numbers, said = fire("--seed", seed, "--kills", "12")
    assert code == 0, said
    assert (numbers["duplicates"], numbers["again"], numbers["silent_losses"]) == (0, 0, 0)
    assert (numbers["kills"], numbers["deliveries"]) == (12, 350 + 138)
    assert numbers["published"] + numbers["unconfirmed"] > 450


@pytest.mark.system
@pytest.mark.timeout(300)
def test_three_workers_on_a_server_that_is_restarted_publish_nothing_twice(postgresql):
    code, numbers, said = fire(
        "--accounts", "4", "--seed", "7", "--kills", "9", "--ledger", "postgresql", patience=280
    )
    assert code == 0, said
    assert (numbers["duplicates"], numbers["again"], numbers["silent_losses"]) == (0, 0, 0)
    assert (numbers["kills"], numbers["deliveries"]) == (9, 5 * 28 + 138)
    assert "the server was restarted" in said


def test_every_platform_but_the_folder_has_accounts_in_it():
    assert {kind.platform for kind in KINDS.values()} == set(PLATFORMS) - {"folder"}


def test_an_adapter_that_swears_to_absence_is_caught_with_duplicates():
    code, numbers, said = fire("--seed", "7", "--kills", "4", "--lying")
    assert code == 1, said
    assert numbers["duplicates"] > 0
    caught = re.findall(
        r"^(\S+): \d+ (?:too many are public|were sent once more)", said, re.MULTILINE
    )
    assert set(caught) & {"container", "readback", "nothing"}
    assert set(caught) & set(KINDS)
