"""Whatever happens, in whatever order: each post is public once, or accounted for.

`MODEL=long` looks for several minutes, each time elsewhere; by default the same few hundred steps
are taken every time.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from machine import Model

LONG = os.environ.get("MODEL") == "long"
_ALWAYS = settings(
    deadline=None,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)
SETTINGS = (
    settings(_ALWAYS, max_examples=int(os.environ.get("MODEL_EXAMPLES", "2000")), stateful_step_count=40)
    if LONG
    else settings(_ALWAYS, max_examples=40, stateful_step_count=25, derandomize=True)
)


@pytest.mark.timeout(0 if LONG else 120)
def test_whatever_happens_each_post_is_public_once_or_accounted_for():
    run_state_machine_as_test(Model, settings=SETTINGS)
